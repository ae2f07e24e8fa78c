"""CSV by RFC 4180, strictly: rows as objects of texts, and a finding with a place for every row that is not one.

The standard library's reader gives no columns, accepts stray quotes and has one process-wide field limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from metaharmon.diagnostics import BAD_CHARACTER, DUPLICATE_KEY, EMPTY_FILE, LIMIT, SYNTAX, Diagnostic, Place, shown
from metaharmon.files.jsonlimits import LIMITS

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_BARE = re.compile(r'[^",\r\n]*+')

Line = tuple[int, str | list[Diagnostic]]
"""A line number and the line with its end, or why its bytes are not text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the number of its first line, its cells by column name, or why it cannot be read."""

    line: int
    cells: dict[str, str] | None
    problems: tuple[Diagnostic, ...] = ()


class _Broken(Exception):
    def __init__(self, problem: Diagnostic, spent: int):
        super().__init__(problem.message)
        self.problem, self.spent = problem, spent


class _Lines:
    """Lines with a way back: a row that has no end gives back all lines but its first."""

    def __init__(self, lines: Iterator[Line]):
        self.lines, self.back = lines, list[Line]()

    def take(self) -> Line | None:
        return self.back.pop() if self.back else next(self.lines, None)

    def give_back(self, lines: list[Line]) -> None:
        self.back.extend(reversed(lines))


def rows(lines: Iterator[Line], name: str) -> Iterator[Row]:
    """The rows below the header, each an object of texts by column. Never raises for what is in the lines."""
    source, header = _Lines(lines), None
    for line, cells, problems in _split(source, name):
        if problems:
            yield Row(line, None, problems)
            if header is None:
                return
        elif header is None:
            header = cells
            if wrong := _header_problem(cells, Place(name, line, 1)):
                yield Row(line, None, (wrong,))
                return
        elif cells != [""] or len(header) == 1:  # a blank line is no row, unless there is one column
            yield _row(line, header, cells, name)
    if header is None:
        yield Row(1, None, (Diagnostic(EMPTY_FILE, "The file has no header row.", place=Place(name, 1, 1)),))


def _header_problem(header: list[str], place: Place) -> Diagnostic | None:
    if len(header) > LIMITS.keys:
        return Diagnostic(LIMIT, f"The header has more than {LIMITS.keys:,} columns.", place=place)
    for index, column in enumerate(header):
        if (first := header.index(column)) < index:
            message = f"The header names {shown(column)} twice (columns {first + 1} and {index + 1})."
            return Diagnostic(DUPLICATE_KEY, message, place=place)
    return None


def _row(line: int, header: list[str], cells: list[str], name: str) -> Row:
    if len(cells) == len(header):
        return Row(line, dict(zip(header, cells, strict=True)))
    message = f"The number of cells is {len(cells):,} in the row and {len(header):,} in the header."
    hint = "Put a cell that holds a comma in double quotes." if len(cells) > len(header) else None
    return Row(line, None, (Diagnostic(SYNTAX, message, place=Place(name, line, 1), hint=hint),))


def _split(source: _Lines, name: str) -> Iterator[tuple[int, list[str], tuple[Diagnostic, ...]]]:
    """Rows of cells: a line, or several where a quoted cell holds line breaks."""
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
            yield line, _cells("".join(parts), name, line), ()
        except _Broken as broken:
            source.give_back(more[broken.spent :])
            yield line, [], (broken.problem,)


def _cells(text: str, name: str, line: int) -> list[str]:
    """The cells of one row. Raises _Broken, with the number of lines after the first that are spent."""
    text = text.removesuffix("\n").removesuffix("\r")
    if '"' not in text and "\r" not in text and "\0" not in text and len(text) <= LIMITS.string:
        return text.split(",")
    cells: list[str] = []
    at = 0
    while True:
        found = _QUOTED.match(text, at)
        if found is None and text[at : at + 1] == '"':
            _break(SYNTAX, "The quoted cell that begins here has no end.", text, at, name, line)
        bare = _BARE.match(text, at)
        cell = found[1].replace('""', '"') if found else bare[0] if bare else ""
        if "\0" in cell:
            _break(BAD_CHARACTER, "The cell holds the control character U+0000.", text, at, name, line)
        if len(cell) > LIMITS.string:
            _break(LIMIT, f"A cell is longer than {LIMITS.string:,} characters.", text, at, name, line)
        cells.append(cell)
        at = found.end() if found else at + len(cell)
        if at == len(text):
            return cells
        if text[at] != ",":
            what = "A quote" if text[at] == '"' else "A bare carriage return" if text[at] == "\r" else "Text"
            where = "after the end of a quoted cell" if found else "inside a cell without quotes"
            _break(SYNTAX, f"{what} stands {where}.", text, at, name, line)
        at += 1


def _break(code: str, message: str, text: str, at: int, name: str, line: int) -> NoReturn:
    down = text.count("\n", 0, at)
    place = Place(name, line + down, at - text.rfind("\n", 0, at))
    hint = 'In a quoted cell, a quote is written twice: "".' if code == SYNTAX else None
    raise _Broken(Diagnostic(code, message, place=place, hint=hint), down)
