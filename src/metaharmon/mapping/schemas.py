"""The fields of a dialect, read from its JSON Schema: types, lengths, obligation.

A schema may build on another of the same folder (`allOf: [{$ref: file}]`, at its top).
Only the structure is used (`properties`, `items`, `type`, `required`, `maxLength`, `maxProperties`, `enum`, `pattern`,
`$ref` within the file, `patternProperties` and `additionalProperties` as an open level; what is required: needs.py);
full validation is the validators' work.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import FieldSpec
from metaharmon.mapping.grammar import Report, place_of
from metaharmon.mapping.needs import Need, needs, open_levels, resolved

MAX_DEPTH = 12
_BEGINS = re.compile(r"\^([a-z][a-z0-9+-]*:)")
"""A pattern that asks for a scheme."""
PLAIN = re.compile(r"\^(?:\[(?:[^\[\]\\]|\\.)+\]|\\S)\+\$")
"""A pattern of one class of characters; others are the validators' work: a text is never read with going back."""


def read_schema(path: Path, said: Any, report: Report) -> tuple[dict[str, FieldSpec], Need]:
    """Every leaf field of a schema by its path text, list levels as `[]` and open levels as `{}`; what it requires.

    Where a schema refers to a place that is open above, the field is a leaf: it repeats itself from there.
    """
    try:
        schema = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:
        reason = "is not JSON" if isinstance(exc, ValueError) else "cannot be read"
        report.add(dx.BAD_SCHEMA, f"the schema '{said}' {reason}", place_of(said))
        return {}, Need()
    if not isinstance(schema, dict):
        report.add(dx.BAD_SCHEMA, f"the schema '{said}' is not an object", place_of(said))
        return {}, Need()
    out: dict[str, FieldSpec] = {}
    need = needs(schema)
    for part in schema.get("allOf", ()):  # what another schema of the same folder says stands first
        named = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(named, str) and "/" not in named and "#" not in named and named != path.name:
            below, inner = read_schema(path.parent / named, said, report)
            out.update(below)
            need = need.with_base(inner)
    _walk(schema, schema, "", False, out, ())
    return out, need


def _walk(
    node: Any, root: dict[str, Any], path: str, required: bool, out: dict[str, FieldSpec], above: tuple[Any, ...]
) -> None:
    node = resolved(node, root)
    if not isinstance(node, dict) or len(above) > MAX_DEPTH:
        return
    below = False
    again = any(node is one for one in above)
    inner = (*above, node)
    needed = set(node.get("required", ()))
    for name, member in {}.items() if again else node.get("properties", {}).items():
        below = True
        step = name if _plain(name) else json.dumps([name], ensure_ascii=False)
        _walk(member, root, f"{path}.{step}" if path else step, name in needed, out, inner)
    levels = [(f"{path}.{{}}" if path else "{}", one) for one in open_levels(node)]
    if isinstance(node.get("items"), dict):
        levels.append((f"{path}[]", node["items"]))
    for text, member in [] if again else levels:
        found = resolved(member, root)
        if _structured(found) and not any(found is one for one in inner):
            below = True
            _walk(member, root, text, False, out, inner)
    if path and not below:
        out[path] = replace(_spec(node, required), names=path.endswith("@type"))


def _plain(name: str) -> bool:
    return bool(name) and not set('.[]={}^"') & set(name) and name == name.strip()


def _structured(node: Any) -> bool:
    return isinstance(node, dict) and ("properties" in node or "items" in node or bool(open_levels(node)))


def _spec(node: dict[str, Any], required: bool) -> FieldSpec:
    types = node.get("type", ())
    listed = (types,) if isinstance(types, str) else tuple(types)
    items = node.get("items")
    length = node.get("maxLength", items.get("maxLength") if isinstance(items, dict) else None)  # of each entry
    enum = node.get("enum")
    most = node.get("maxProperties")
    pattern = node.get("pattern", items.get("pattern") if isinstance(items, dict) else None)
    return FieldSpec(
        listed,
        length if isinstance(length, int) else None,
        required,
        tuple(enum) if isinstance(enum, list) else None,
        pattern if isinstance(pattern, str) and PLAIN.fullmatch(pattern) else None,
        prefixes=frozenset() if node.get("format") == "iri" else None,
        begins=found[1] if isinstance(pattern, str) and (found := _BEGINS.match(pattern)) else "",
        most=most if isinstance(most, int) else None,
    )
