"""How the command line prints: findings, tables, counts."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from metaharmon.diagnostics import ERROR, Diagnostic
from metaharmon.files.jsontext import dumps


def print_findings(
    findings: Iterable[Diagnostic], stream: IO[str], most: int | None = None, rest: str | None = None
) -> None:
    """One finding after another, in text; `most` cuts the list and says so, `rest` how to see the others."""
    listed = list(findings)
    for finding in listed[:most]:
        print(near(str(finding)), file=stream)
    if most is not None and len(listed) > most:
        print(f"and {len(listed) - most:,} more{f'; {rest}' if rest else ''}", file=stream)


def print_notes(notes: Iterable[Diagnostic], stream: IO[str]) -> None:
    """What was noticed in files, each sentence once, with the number of files and the first place."""
    said: dict[tuple[str, str], list[Diagnostic]] = {}
    for note in notes:
        said.setdefault((note.code, note.message), []).append(note)
    if said:
        print("noted of the files (files, finding, meaning, place in the first):", file=stream)
        rows = [
            (f"{len(same):,}", f"{code} {same[0].name}", f"{message} ({near(str(same[0].place))})")
            for (code, message), same in said.items()
        ]
        print(table(rows, "  "), file=stream)


def print_json(value: Any) -> None:
    """A JSON value on standard output."""
    print(dumps(value, indent=2))


def findings_json(findings: Sequence[Diagnostic]) -> dict[str, Any]:
    """Findings as JSON."""
    errors = sum(finding.severity == ERROR for finding in findings)
    return {"errors": errors, "findings": [finding.as_dict() for finding in findings]}


def near(text: str) -> str:
    """The text with paths below the working directory made relative."""
    here = os.getcwd().rstrip(os.sep) + os.sep
    return text.replace(here, "") if len(here) > 1 else text


def near_path(path: Path) -> str:
    """A path, relative to the working directory if it is below."""
    return near(str(path))


def width(text: str) -> int:
    """Columns of a text on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """The text with blanks up to a number of columns."""
    return text + " " * max(0, columns - width(text))


def cut(text: str, columns: int) -> str:
    """The text on one line, cut to a number of columns."""
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    out = ""
    for character in text:
        if width(out) + width(character) > columns - 1:
            break
        out += character
    return out + "…"


def table(rows: Sequence[Sequence[str]], indent: str = "", most: int = 60) -> str:
    """Columns under each other; all but the last are padded, none but the last is wider than `most`."""
    rows = [
        [cut(cell, most) if i < len(row) - 1 else " ".join(cell.split()) for i, cell in enumerate(row)] for row in rows
    ]
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    lines = ("  ".join(pad(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(indent + line for line in lines)


def counted(n: int, word: str) -> str:
    """`1 record`, `2 records`."""
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word[:-1]}ies" if word.endswith("y") else f"{n:,} {word}s"


MOST_LINES = 20
"""Lines of one block of a summary."""
MOST_OF_A_VALUE = 200
"""Characters of a value that a ledger shows."""
_COLUMNS = 40
"""Columns of an example in a summary."""


def short(value: Any, most: int = MOST_OF_A_VALUE) -> Any:
    """A JSON value, or, where it is long, the beginning of its text."""
    text = value if isinstance(value, str) else dumps(value)
    return value if len(text) <= most else f"{text[: most - 1]}…"


def example(value: Any) -> str:
    """A value as a summary shows it."""
    if value is None:
        return "-"
    return cut(value if isinstance(value, str) else dumps(value), _COLUMNS)


def block(title: str, rows: list[tuple[str, ...]], stream: IO[str], rest: str = "--format json shows all") -> None:
    """A title and its lines; of too many, how to see the others."""
    if not rows:
        return
    print(f"{title}:", file=stream)
    print(table(rows[:MOST_LINES], "  "), file=stream)
    if len(rows) > MOST_LINES:
        print(f"  and {counted(len(rows) - MOST_LINES, 'line')} more; {rest}", file=stream)


class Progress:
    """A count on standard error, on a terminal only."""

    STEP = 200

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.count = 0

    def step(self) -> None:
        """One more record."""
        self.count += 1
        if self.shown and self.count % self.STEP == 0:
            print(f"\r{self.count:,} records", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Wipe the line."""
        if self.shown and self.count >= self.STEP:
            print("\r" + " " * 30 + "\r", end="", file=sys.stderr, flush=True)
