"""Write docs/reference/spellings.md from the tables of spellings (tests/data/spellings); run with `make generated`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "spellings.md"
WORDS = {"unread": "*unread*, told", "nothing": "*nothing*", "refused": "*the record is refused*"}


def page() -> str:
    """Every spelling of every table."""
    sys.path.insert(0, str(ROOT / "tests"))
    from spelling import documents

    files = list(documents())
    total = sum(len(table["spellings"]) for _, document in files for table in document["tables"])
    lines = [
        "# Spellings",
        "",
        "Written by `make generated` from `tests/data/spellings/`. They were written by hand, and are tests: in both",
        "directions, of the interpreter and of generated code. *Unread* is told; *nothing* is a placeholder, which",
        "says nothing. *Written* is what stands in a new record, where it is another spelling. A case that is missing",
        "is one line in one of these files: what stands there, and what it means.",
        "",
        f"{total} spellings in {sum(len(document['tables']) for _, document in files)} tables.",
    ]
    for name, document in files:
        title = document["title"]
        lines += ["", f"## {title['en']}", "", f"{title.get('zh', '')} · `{name}.yaml` · lens `{document['lens']}`"]
        for table in document["tables"]:
            lines += ["", f"### {table['what']}", "", _where(table), "", "| there | here | written |", "|---|---|---|"]
            lines += [_row(spelling) for spelling in table["spellings"]]
    return "\n".join([*lines, ""])


def _where(table: dict[str, Any]) -> str:
    if "dialect" in table:
        return f"The field `{table['field']}` of `{table['dialect']}`, into `{table['path']}`."
    return f"`{table['path']}: {_text(table['rule'])}`"


def _row(spelling: list[Any]) -> str:
    there, here, *written = spelling
    said = WORDS.get(here) if isinstance(here, str) else None
    again = _cell(written[0]) if written else ""
    return f"| {_cell(there)} | {said or _cell(here)} | {again} |"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _cell(value: Any) -> str:
    text = _text(value).replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
