"""Where a table begins: what separates its cells, which row is its header, and what its columns are.

The separator is the one under which most cells of the header are known columns; where nothing is known of the columns,
the only one under which the first rows have the same width. Where two fit equally, the table is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from metaharmon.diagnostics import (
    AMBIGUOUS_TABLE,
    COLUMN_RENAMED,
    DUPLICATE_KEY,
    LIMIT,
    NO_KNOWN_COLUMN,
    ROWS_ABOVE,
    SEPARATOR,
    UNNAMED_COLUMNS,
    Diagnostic,
    Place,
    shown,
)
from metaharmon.files.columnnames import Known
from metaharmon.files.csvtext import Line, Lines, split
from metaharmon.files.jsonlimits import LIMITS

FULLWIDTH = "，"
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", FULLWIDTH: "fullwidth-comma", "|": "bar"}
"""What may separate the cells of a table, and the word for it."""
LOOK_LINES, LOOK_CHARACTERS = 40, 1 << 20
"""How much of a table is looked at before its first row is given."""
HEADER_ROWS = 10
"""Among how many rows the header is looked for."""
SHOWN = 120
"""Characters of a table that a message shows."""
_DECLARED = re.compile(r'\A"?sep=(.)"?\s*\Z', re.IGNORECASE)
"""The first line by which a table says what separates its cells (Excel)."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was found: the separator, the line of the header, the columns, and how many without a name follow them."""

    separator: str
    line: int
    columns: list[str]
    unnamed: int = 0
    notes: tuple[Diagnostic, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    """Why the table cannot be read."""


@dataclass(slots=True)
class _Reading:
    """The first rows of a table under one separator."""

    separator: str
    rows: list[tuple[int, list[str]]]
    """(line, cells) of those that are not blank; a broken row is one cell."""
    broken: tuple[Diagnostic, ...]
    """What is wrong with the first row."""
    even: bool
    """All rows have the width of the first, and that is more than one."""
    at: int = 0
    """Which row is the header."""
    score: int = 0
    """How many known columns it names."""
    rival: int = 0
    """Which other row may be the header; 0: none."""

    @property
    def header(self) -> tuple[int, list[str]]:
        """The line of the header, and its cells."""
        return self.rows[self.at]


def find_head(source: Lines, name: str, separator: str | None, columns: frozenset[str] | None) -> Head | None:
    """The head of a table, whose lines down to the header are taken from the source; None where there is no row.

    `separator` is the one that was asked for, `columns` are the names that the columns may have.
    """
    lines = _first_lines(source)
    above, declared = _declared(lines)
    known = Known(columns) if columns else None
    asked = separator or declared
    readings = [_read(lines[above:], name, one, known) for one in ([asked] if asked else SEPARATORS)]
    if not readings[0].rows:
        return None
    chosen = _by_columns(readings, name, known) if known else _by_width(readings, name)
    if isinstance(chosen, Head):
        return chosen
    if chosen.broken and not chosen.at:
        return _refused(chosen, *chosen.broken)
    head = _head(chosen, name, known)
    source.give_back([line for line in lines if line[0] >= head.line])
    next(split(source, name, head.separator), None)
    if separator is None and head.separator != ",":
        head = replace(head, notes=(_separated(head, name), *head.notes))
    return head


def _first_lines(source: Lines) -> list[Line]:
    lines: list[Line] = []
    size = 0
    while len(lines) < LOOK_LINES and size <= LOOK_CHARACTERS and (line := source.take()) is not None:
        number, text = line
        lines.append((number, text.lstrip("\ufeff")) if number == 1 and isinstance(text, str) else line)
        size += len(text)
    return lines


def _declared(lines: list[Line]) -> tuple[int, str | None]:
    """How many lines declare the separator, and which it is."""
    text = lines[0][1] if lines else ""
    found = _DECLARED.match(text) if isinstance(text, str) else None
    return (1, found[1]) if found and found[1] in SEPARATORS else (0, None)


def _read(lines: list[Line], name: str, separator: str, known: Known | None) -> _Reading:
    texts = {number: text if isinstance(text, str) else "?" for number, text in lines}
    rows: list[tuple[int, list[str]]] = []
    broken: list[tuple[int, tuple[Diagnostic, ...]]] = []
    widths: set[int] = set()
    for line, cells, problems in split(Lines(iter(lines)), name, separator):
        if problems:
            broken.append((len(rows), problems))
            rows.append((line, [texts[line].strip()]))
        elif any(map(says, cells)):
            rows.append((line, cells))
            if not broken:  # what is looked at may end inside a row
                widths.add(len(cells))
    first = broken[0][1] if broken and broken[0][0] == 0 else ()
    found = _Reading(separator, rows, first, len(widths) == 1 and widths != {1})
    if rows and known:
        found.at, found.score, found.rival = _header_row([cells for _, cells in rows[:HEADER_ROWS]], known)
    return found


def says(cell: str) -> bool:
    """Whether a cell holds more than blanks."""
    return bool(cell.strip("\ufeff")) and not cell.isspace()


def _header_row(rows: list[list[str]], known: Known) -> tuple[int, int, int]:
    """Which row is the header, how many known columns it names, and which other row may be it (0: none).

    It is the first, unless that names none and a later one names two or, below a title, half of what it says. A first
    row of one cell is taken for a title also where the title is the name of a column.
    """
    scores = [known.count(cells) for cells in rows]
    filled = [sum(map(says, cells)) for cells in rows]
    several = next((i for i, score in enumerate(scores) if score > max(1, scores[0])), 0)
    if several and (scores[0] == 0 or filled[0] == 1):
        return several, scores[several], 0
    if scores[0] == 0:
        for i, score in enumerate(scores):
            if score and score * 2 >= filled[i] and all(n == 1 for n in filled[:i]):
                return i, score, 0
    return 0, scores[0], several


def _by_columns(readings: list[_Reading], name: str, known: Known) -> _Reading | Head:
    """The reading whose header names most known columns, or why there is none."""
    readings = _usual(readings, [reading.score > 0 for reading in readings])
    most = max(reading.score for reading in readings)
    if most == 0:
        whole = [reading for reading in readings if not reading.broken]
        return _unknown(whole, name, known) if whole else readings[0]
    best = [reading for reading in readings if reading.score == most]
    if any(reading.header != best[0].header for reading in best):
        return _ambiguous(best, name)
    return _rivals(best[0], name) if best[0].rival else best[0]


def _by_width(readings: list[_Reading], name: str) -> _Reading | Head:
    """The only reading under which all rows have one width above one, else the first."""
    readings = _usual(readings, [len(reading.header[1]) > 1 for reading in readings])
    even = [reading for reading in readings if reading.even]
    if len(even) > 1:
        return _ambiguous(even, name)
    return even[0] if even else readings[0]


def _usual(readings: list[_Reading], fits: list[bool]) -> list[_Reading]:
    """The readings without the fullwidth comma where another fits at all: it is a mark of Chinese texts."""
    usual = [(one, fit) for one, fit in zip(readings, fits, strict=True) if one.separator != FULLWIDTH]
    return [one for one, _ in usual] if any(fit for _, fit in usual) else readings


def _unknown(readings: list[_Reading], name: str, known: Known) -> Head:
    """No known column: the first row as it stands, under the separator that makes most cells of it."""
    widest = max(readings, key=lambda reading: len(reading.header[1]))
    line, cells = widest.header
    message = f"No column of the table is a field of the dialect. Its first row is {listed(filter(says, cells))}."
    hint = f"Fields of the dialect are {listed(sorted(known.names))}."
    if len(cells) == 1:
        *most, last = (_kind(reading.separator) for reading in readings)
        hint += f" Its cells were taken to be separated by {', '.join(most)}{' or ' if most else ''}{last}."
    return _refused(widest, Diagnostic(NO_KNOWN_COLUMN, message, place=Place(name, line, 1), hint=hint))


def _ambiguous(fitting: list[_Reading], name: str) -> Head:
    words = [SEPARATORS[reading.separator] for reading in fitting]
    kinds = " or by ".join(_kind(reading.separator) for reading in fitting)
    message = f"The cells of the table can be separated by {kinds}; both readings fit equally well."
    hint = f"Say which it is: {' or '.join(f'--separator {word}' for word in words)}."
    line = min(reading.header[0] for reading in fitting)
    return _refused(fitting[0], Diagnostic(AMBIGUOUS_TABLE, message, place=Place(name, line, 1), hint=hint))


def _rivals(reading: _Reading, name: str) -> Head:
    line, other = reading.header[0], reading.rows[reading.rival][0]
    message = f"Line {line} names a column of the dialect and line {other} more of them: either may be the header."
    hint = "Remove what stands above the header."
    return _refused(reading, Diagnostic(AMBIGUOUS_TABLE, message, place=Place(name, line, 1), hint=hint))


def _refused(reading: _Reading, *problems: Diagnostic) -> Head:
    return Head(reading.separator, problems[0].place.line if problems[0].place else 1, [], problems=problems)


def _head(reading: _Reading, name: str, known: Known | None) -> Head:
    """The columns of a header, and what was done to them."""
    line, cells = reading.header
    place = Place(name, line, 1)
    notes = [_rows_above(reading, name)] if reading.at else []
    named = len(cells)
    while named and not says(cells[named - 1]):
        named -= 1
    columns = [(known.of(cell) if known else None) or cell for cell in cells[:named]]
    for cell, column in zip(cells, columns, strict=False):
        if cell != column:
            message = f"The column {shown(cell)} is read as {shown(column)}."
            notes.append(Diagnostic(COLUMN_RENAMED, message, place=place, path=column))
    if unnamed := len(cells) - named:
        message = f"Columns without a name at the end of the header are left out: {unnamed:,}."
        notes.append(Diagnostic(UNNAMED_COLUMNS, message, place=place))
    wrong = _wrong_columns(cells, columns, place)
    return Head(reading.separator, line, columns, unnamed, tuple(notes), (wrong,) if wrong else ())


def _wrong_columns(cells: list[str], columns: list[str], place: Place) -> Diagnostic | None:
    if len(cells) > LIMITS.keys:
        return Diagnostic(LIMIT, f"The header has more than {LIMITS.keys:,} columns.", place=place)
    seen: dict[str, int] = {}
    for index, column in enumerate(columns):
        first = seen.setdefault(column, index)
        if first < index:
            where = f"(columns {first + 1} and {index + 1})"
            message = f"The header names {shown(column)} twice {where}."
            hint = None
            if cells[first] != cells[index]:
                message = f"{shown(cells[first])} and {shown(cells[index])} both name {shown(column)} {where}."
                hint = "Remove one of the two columns, or give it another name."
            return Diagnostic(DUPLICATE_KEY, message, place=place, hint=hint)
    return None


def _rows_above(reading: _Reading, name: str) -> Diagnostic:
    said = listed(cell for _, cells in reading.rows[: reading.at] for cell in cells if says(cell))
    message = f"The header is on line {reading.header[0]}; what stands above it is not read: {said}."
    return Diagnostic(ROWS_ABOVE, message, place=Place(name, reading.rows[0][0], 1))


def _separated(head: Head, name: str) -> Diagnostic:
    message = f"The cells are separated by {_kind(head.separator)}."
    return Diagnostic(SEPARATOR, message, place=Place(name, head.line, 1))


def _kind(separator: str) -> str:
    return SEPARATORS[separator].replace("-", " ") + "s"


def listed(cells: Iterable[str]) -> str:
    """Cells in quotes, as many as a message shows."""
    out: list[str] = []
    for cell in cells:
        if sum(map(len, out)) > SHOWN:
            return ", ".join([*out, "…"])
        out.append(shown(cell))
    return ", ".join(out)
