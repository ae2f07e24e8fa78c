"""The reference page of the canonical schema, read off the models: `python -m metaharmon.model.reference`.

It is written to `docs/reference/canonical-schema.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon import codelists
from metaharmon.model import shape
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar
from metaharmon.model.reading import model_of
from metaharmon.model.terms import iri

PATH = "docs/reference/canonical-schema.md"
_HEAD = """# The canonical schema, version 1

This page is generated from the models in `src/metaharmon/model/`; do not edit it.

A path ends in `[]` where it is a list; `<list>` stands for a key, a code of that list. Texts by language are maps from
language tag to text. Nothing is mandatory: a missing identifier or title is a warning.
"""
_COLUMNS = "| path | type | 中文 | meaning | list | nearest term | standards |\n|---|---|---|---|---|---|---|"


def text() -> str:
    """The page as Markdown."""
    parts = [_HEAD]
    for name, members in shape.groups().items():
        parts.append(f"## {name}\n\n{_COLUMNS}")
        root = shape.root()
        parts.append("\n".join(line for member in members for line in _rows(root, member, "")) + "\n")
    parts.append("## Objects that many groups share\n")
    for group in _shared():
        model = model_of(group)
        parts.append(f"### {group.name}: {_kind(group)}\n\n{' '.join((model.__doc__ or '').split())}\n\n{_COLUMNS}")
        parts.append("\n".join(line for member in group.members for line in _rows(group, member, "")) + "\n")
    parts.append(_lists())
    return "\n".join(parts)


def _is_shared(node: Node) -> bool:
    return isinstance(node, Group) and model_of(node).__module__.endswith((".values", ".parties"))


def _shared() -> list[Group]:
    """Every shared object once, by the name of its model."""
    found = {model_of(node).__name__: node for _, node in shape.walk() if isinstance(node, Group) and _is_shared(node)}
    return [found[name] for name in sorted(found)]


def _rows(group: Group, member: str, prefix: str) -> Iterator[str]:
    fields = {info.alias or name: info for name, info in model_of(group).model_fields.items()}
    info: Any = fields[member]
    node = group.members[member]
    path, inner, order = prefix + member, node, ""
    if isinstance(inner, Keyed):
        path, inner = f"{path}.<{inner.codelist}>", inner.value
    if isinstance(inner, ListOf):
        path, order, inner = f"{path}[]", _order(inner), inner.item
    said = info.json_schema_extra
    term = said.get("term", "")
    address = iri(term) if term else None
    cells = (
        f"`{path}`",
        _kind(inner) + (f", {said['unit']}" if "unit" in said else ""),
        said["zh"],
        info.description,
        order,
        f"[{term}]({address})" if address else term,
        "; ".join(said.get("standards", ())),
    )
    yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    if isinstance(inner, Group) and inner is not group and not _is_shared(inner):
        for below in inner.members:
            yield from _rows(inner, below, f"{path}.")


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"code of `{node.codelist}`" if node.kind == "code" else node.kind
    if isinstance(node, (LangText, LangList)):
        return "text by language" if isinstance(node, LangText) else "texts by language"
    if isinstance(node, Group):
        return f"quantity ({node.dimension})" if node.dimension else f"`{model_of(node).__name__}`"
    raise TypeError(f"{node!r} stands in a list or map")


def _order(node: ListOf) -> str:
    by = f" by {', '.join(node.by)}" if node.by else ""
    keys = " else ".join(" + ".join(names) for names in node.key)
    return f"{node.kind}{by}; key: {keys.replace('.', 'item')}"


def _lists() -> str:
    lines = ["## Code lists\n", "| list | 中文 | title | codes | standard | source |", "|---|---|---|---|---|---|"]
    for name in codelists.names():
        known = codelists.load(name)
        count = f"{len(known.codes)}{', open' if known.open else ''}"
        standard = " ".join(filter(None, (known.standard, known.edition)))
        lines.append(
            f"| `{name}` | {known.title['zh']} | {known.title['en']} | {count} | {standard} | {known.source} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from metaharmon.resources import root

    page = root() / PATH
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text(), encoding="utf-8")
