"""One listing, everywhere: an illustrative Harbin product translated into every shipped dialect.

Writes docs/reference/one-listing.md and examples/one-listing/; run with `make generated`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "examples" / "one-listing"
SOURCE = "cn-harbin-exchange"

HEAD = f"""# One listing, everywhere

Written by `make generated`. One product of the illustrative form `{SOURCE}` (the first record of
`examples/records/{SOURCE}.jsonl`: invented, and no form of any exchange) translated into every dialect. The records stand
in `examples/one-listing/`. *said*: values of the product that the record says unchanged. *omitted*, *changed*, *added*: what
the report of the translation told, and why, below. *must be supplied*: what the dialect requires and the product does not
say; nothing is invented to fill it.

"""


def product_record() -> dict[str, Any]:
    """The listing."""
    text = (ROOT / "examples" / "records" / f"{SOURCE}.jsonl").read_text("utf-8")
    return json.loads(text.splitlines()[0])


def translations() -> Iterator[tuple[Any, Any]]:
    """Every dialect, and what the listing becomes there."""
    import metaharmon as mh

    record, source = product_record(), mh.load(SOURCE)
    for listed in mh.dialects():
        if listed.name != SOURCE:
            target = mh.load(listed.name)
            yield target, mh.Translator(source, target)(record)


def page_and_records() -> tuple[str, dict[str, str]]:
    """The page, and the records by dialect, as JSON text."""
    import metaharmon as mh

    tree = mh.load(SOURCE).read(product_record()).canonical()
    whole = sum(1 for _ in _leaves(tree, ""))
    rows, parts, records = [], [], {}
    for target, result in translations():
        records[target.name] = f"{json.dumps(result.record, ensure_ascii=False, indent=2, default=str)}\n"
        missing = sorted({p.path for p in result.problems if p.code == "MH506"})
        by_kind = {kind: [one for one in result.losses if one.kind == kind] for kind in ("omitted", "changed", "added")}
        lost = [one.path for one in by_kind["omitted"] + by_kind["changed"]]
        said = sum(1 for path in _leaves(tree, "") if not any(path == p or path.startswith(f"{p}.") for p in lost))
        counts = " | ".join(str(len(by_kind[kind])) for kind in by_kind)
        rows.append(
            f"| [{target.name}](#{target.name.replace('.', '')}) | {said} of {whole} | {counts} | {len(missing)} |"
        )
        parts.append(_part(target, by_kind, missing))
    table = [
        "| dialect | said | omitted | changed | added | must be supplied |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    return HEAD + "\n".join([*table, *parts]), records


def _part(target: Any, by_kind: dict[str, list[Any]], missing: list[str]) -> str:
    lines = [f"## {target.name}", "", f"{target.title.get('en', '')} · {target.title.get('zh', '')}", ""]
    for kind, losses in by_kind.items():
        reasons: dict[str, list[str]] = {}
        for one in losses:
            reasons.setdefault(one.reason, []).append(f"`{one.path}`")
        for reason, paths in reasons.items():
            lines.append(f"- {kind}, {_plain(reason)}: {', '.join(dict.fromkeys(paths))}")
    if missing:
        lines.append(f"- must be supplied: {', '.join(f'`{path}`' for path in missing)}")
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, (dict, list)) and value:
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(below, f"{path}.{key}" if path else str(key))
    else:
        yield path


def write() -> None:
    """Write the page and the records."""
    page, records = page_and_records()
    (ROOT / "docs" / "reference" / "one-listing.md").write_text(page, "utf-8")
    RECORDS.mkdir(exist_ok=True)
    for old in RECORDS.glob("*.json"):
        if old.stem not in records:
            old.unlink()
    for name, text in records.items():
        (RECORDS / f"{name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    write()
