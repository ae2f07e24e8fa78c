"""Write docs/reference/crosswalks.md from tests/data/crosswalks.yaml and tests/data/peers; run with `make generated`."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

from metaharmon.yamltext import read_file, to_json

ROOT = Path(__file__).resolve().parent.parent

HEAD = """# Published crosswalks

Written by `make generated` from `tests/data/crosswalks.yaml` and `tests/data/peers`. Others published how fields of one form become fields of another.
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
    return "\n".join([*lines, suites()])


SUITES = """## What peers' own tests assert

Assertions of the test suites of peers, rebuilt with records of our own (`tests/data/peers`; `tests/test_peers.py` tries them
all, `benchmarks/peers.py` counts them). In another standard form: what they assert stands there in another word of the
standard, or in the place that the standard has for it.
"""

DIFFERENT = """## Where we differ on purpose

What a peer asserts, what stands here, and why.

| peer, test | place | there | here | why |
|---|---|---|---|---|
"""


def suites() -> str:
    """What peers' tests assert, by class; where we differ on purpose, and what is lacking."""
    sys.path.insert(0, str(ROOT / "tests"))
    import peers

    table = runpy.run_path(str(ROOT / "benchmarks" / "peers.py"))["table"]()
    rows = {
        kind: [_row(one) for one in peers.assertions() if one.kind == kind] for kind in ("different", "gap", "form")
    }
    head = DIFFERENT.split("\n\n")[-1]
    return "\n".join([
        SUITES, table, "", DIFFERENT + "\n".join(rows["different"]), "",
        "What is lacking yet:\n", head + "\n".join(rows["gap"]), "",
        "In another standard form:\n", head + "\n".join(rows["form"]), "",
    ])  # fmt: skip


def _row(one: Any) -> str:
    here = "another value, or nothing" if one.kind == "gap" else _shown(one.wanted)
    cells = (f"{one.peer}, {one.test}", f"`{one.path}`", _shown(one.theirs), here, one.why)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else json.dumps(value, ensure_ascii=False)


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
