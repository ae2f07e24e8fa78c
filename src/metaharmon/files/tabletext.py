"""Tables of separated cells: rows as objects of texts by column, whatever separates the cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from metaharmon.diagnostics import EMPTY_FILE, SYNTAX, Diagnostic, Place, shown
from metaharmon.files.csvtext import Line, Lines, split
from metaharmon.files.tablehead import SEPARATORS, Head, find_head, says


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the number of its first line, its cells by column name, or why it cannot be read."""

    line: int
    cells: dict[str, str] | None
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    """What was noticed in the head of the table; on its first row."""


def rows(
    lines: Iterator[Line], name: str, separator: str | None = None, columns: frozenset[str] | None = None
) -> Iterator[Row]:
    """The rows below the header, each an object of texts by column. Never raises for what is in the lines.

    `separator` is what separates the cells, else it is found. `columns` are the names that a column may have: a header
    cell that names one with something around it is read so, and a table that has none of them is refused.
    """
    source = Lines(lines)
    head = find_head(source, name, separator, columns)
    if head is None:
        yield Row(1, None, (Diagnostic(EMPTY_FILE, "The file has no header row.", place=Place(name, 1, 1)),))
    elif head.problems:
        yield Row(head.line, None, head.problems)
    else:
        yield from _below(source, name, head)


def _below(source: Lines, name: str, head: Head) -> Iterator[Row]:
    """The rows of a table; a row without any content is none, unless there is one column."""
    notes, alone = head.notes, len(head.columns) + head.unnamed == 1
    for line, cells, problems in split(source, name, head.separator):
        if problems:
            yield Row(line, None, problems, notes)
        elif alone or any(map(says, cells)):
            yield _row(line, head, cells, name, notes)
        else:
            continue
        notes = ()


def _row(line: int, head: Head, cells: list[str], name: str, notes: tuple[Diagnostic, ...]) -> Row:
    width = len(head.columns)
    if len(cells) == width:
        return Row(line, dict(zip(head.columns, cells, strict=True)), (), notes)
    place = Place(name, line, 1)
    if len(cells) == width + head.unnamed:
        over = next(filter(says, cells[width:]), None)
        if over is None:
            return Row(line, dict(zip(head.columns, cells, strict=False)), (), notes)
        problem = Diagnostic(SYNTAX, f"The cell {shown(over)} stands in a column without a name.", place=place)
        return Row(line, None, (problem,), notes)
    message = f"The number of cells is {len(cells):,} in the row and {width + head.unnamed:,} in the header."
    hint = (
        f"Put a cell that holds a {SEPARATORS[head.separator].replace('-', ' ')} in double quotes."
        if len(cells) > width
        else None
    )
    return Row(line, None, (Diagnostic(SYNTAX, message, place=place, hint=hint),), notes)
