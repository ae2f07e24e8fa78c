"""Write docs/reference/crosswalks.md from tests/data/crosswalks.yaml; run with `make generated`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from metaharmon.yamltext import read_file, to_json

ROOT = Path(__file__).resolve().parent.parent

HEAD = """# Published crosswalks

Written by `make generated` from `tests/data/crosswalks.yaml`. Others published how fields of one form become fields of another.
Every pair is reproduced (the tests translate a record with that field and look at the place), or listed with the reason why
not. Facts only were taken from the sources.
"""


def page() -> str:
    """The page."""
    crosswalks = to_json(read_file(ROOT / "tests" / "data" / "crosswalks.yaml"))
    lines = [HEAD]
    for one in crosswalks:
        pairs = one["pairs"]
        done = sum("not" not in pair for pair in pairs)
        lines += [
            f"## {one['name']}",
            "",
            f"Source: {one['source']}. Dialects: `{one['read']}` to `{one['write']}`. {done} of {len(pairs)} pairs reproduced.",
            "",
            "| field | becomes there | here |",
            "|---|---|---|",
            *(f"| {_cell(pair['theirs'])} | {_cell(pair['to'])} | {_here(pair)} |" for pair in pairs),
            "",
        ]
    return "\n".join(lines)


def _here(pair: dict[str, Any]) -> str:
    if "not" in pair:
        return f"no: {_cell(pair['not'])}"
    value = json.dumps(pair["value"], ensure_ascii=False, default=str)
    note = f" ({_cell(pair['note'])})" if "note" in pair else ""
    return f"yes: `{_cell(str(pair['at']).replace('/', '.'))}` = {_cell(value)}{note}"


def _cell(text: Any) -> str:
    return str(text).strip().replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def write() -> None:
    """Write the page."""
    (ROOT / "docs" / "reference" / "crosswalks.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    write()
