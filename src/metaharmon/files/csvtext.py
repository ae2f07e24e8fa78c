"""CSV by RFC 4180, strictly: rows of cells, and a finding with a place for every row that is none.

The standard library's reader gives no columns, accepts stray quotes and has one process-wide field limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NoReturn

from metaharmon.diagnostics import BAD_CHARACTER, LIMIT, SYNTAX, Diagnostic, Place
from metaharmon.files.jsonlimits import LIMITS

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')

Line = tuple[int, str | list[Diagnostic]]
"""A line number and the line with its end, or why its bytes are not text."""

Cells = tuple[int, list[str], tuple[Diagnostic, ...]]
"""A row: the number of its first line, and its cells or what is wrong with it."""


class _Broken(Exception):
    def __init__(self, problem: Diagnostic, spent: int):
        super().__init__(problem.message)
        self.problem, self.spent = problem, spent


class Lines:
    """Lines with a way back: a row that has no end gives back all lines but its first."""

    def __init__(self, lines: Iterator[Line]):
        self.lines, self.back = lines, list[Line]()

    def take(self) -> Line | None:
        """The next line, or None at the end."""
        return self.back.pop() if self.back else next(self.lines, None)

    def give_back(self, lines: list[Line]) -> None:
        """Let these be the next lines."""
        self.back.extend(reversed(lines))


def split(source: Lines, name: str, separator: str = ",") -> Iterator[Cells]:
    """Rows of cells: a line, or several where a quoted cell holds line breaks. Never raises for what is in them."""
    while (first := source.take()) is not None:
        line, text = first
        if not isinstance(text, str):
            yield line, [], tuple(text)
            continue
        more: list[Line] = []
        parts, size, is_open = [text], len(text), text.count('"') % 2
        while is_open:  # an odd number of quotes: a quoted cell goes on in the next line
            following = source.take() if size <= LIMITS.string else None
            if following is None:
                break
            more.append(following)
            if not isinstance(following[1], str):
                break
            parts.append(following[1])
            size += len(following[1])
            is_open ^= following[1].count('"') % 2
        try:
            yield line, _cells("".join(parts), separator, name, line), ()
        except _Broken as broken:
            source.give_back(more[broken.spent :])
            yield line, [], (broken.problem,)


def _cells(text: str, separator: str, name: str, line: int) -> list[str]:
    """The cells of one row. Raises _Broken, with the number of lines after the first that are spent."""
    text = text.removesuffix("\n").removesuffix("\r")
    if '"' not in text and "\r" not in text and "\0" not in text and len(text) <= LIMITS.string:
        return text.split(separator)
    plain = _bare(separator)
    cells: list[str] = []
    at = 0
    while True:
        found = _QUOTED.match(text, at)
        if found is None and text[at : at + 1] == '"':
            _break(SYNTAX, "The quoted cell that begins here has no end.", text, at, name, line)
        bare = plain.match(text, at)
        cell = found[1].replace('""', '"') if found else bare[0] if bare else ""
        if "\0" in cell:
            _break(BAD_CHARACTER, "The cell holds the control character U+0000.", text, at, name, line)
        if len(cell) > LIMITS.string:
            _break(LIMIT, f"A cell is longer than {LIMITS.string:,} characters.", text, at, name, line)
        cells.append(cell)
        at = found.end() if found else at + len(cell)
        if at == len(text):
            return cells
        if text[at] != separator:
            what = "A quote" if text[at] == '"' else "A bare carriage return" if text[at] == "\r" else "Text"
            where = "after the end of a quoted cell" if found else "inside a cell without quotes"
            _break(SYNTAX, f"{what} stands {where}.", text, at, name, line)
        at += 1


@cache
def _bare(separator: str) -> re.Pattern[str]:
    """A cell without quotes, between two separators."""
    return re.compile(rf'[^"{re.escape(separator)}\r\n]*+')


def _break(code: str, message: str, text: str, at: int, name: str, line: int) -> NoReturn:
    down = text.count("\n", 0, at)
    place = Place(name, line + down, at - text.rfind("\n", 0, at))
    hint = 'In a quoted cell, a quote is written twice: "".' if code == SYNTAX else None
    if text[at : at + 1] == "\r":
        hint = "Lines end with a line feed, or with a carriage return and a line feed."
    raise _Broken(Diagnostic(code, message, place=place, hint=hint), down)
