"""The common good values of unique fields, read and written with less ado than a whole cell needs.

A direct way never decides anything of its own: where it is not certain it says nothing, and the whole way is gone.
What it says is asked of the lens; the cell's other circumstances (one field, one path, one rule) are known beforehand.
"""

from __future__ import annotations

from typing import Any

from metaharmon.cells import CellWriting
from metaharmon.lenses.base import Malformed, Said, Unmapped, Unsayable
from metaharmon.lenses.clauses import Listed, LostPart, Single
from metaharmon.lenses.date_direct import shifted
from metaharmon.lenses.dates import Date
from metaharmon.lenses.text import Text
from metaharmon.lenses.wrap import ListOf
from metaharmon.mapping.plan import Cell
from metaharmon.model import shape

NOTHING = (None, False)
"""A direct way is not certain."""


def _alone(cell: Cell) -> bool:
    return len(cell.lines) == len(cell.theirs) == len(cell.ours) == 1


class SingleReading:
    """A scalar field of one rule: `read(raw)` gives (value, whether the raw value must be kept)."""

    def __init__(self, clause: Single):
        self.lens, self.silence = clause.lens, clause.silence

    def read(self, raw: Any) -> tuple[Any, bool]:
        """The value, and whether writing it gives another raw value; NOTHING where there is more to it."""
        kind, lens = raw.__class__, self.lens
        if (kind is not str and kind is not int) or self.silence.absent(raw):
            return NOTHING
        try:
            value = lens.read(raw)
            again = lens.write(value)
        except (Malformed, Unmapped, Unsayable):
            return NOTHING
        if again.__class__ is Said or self.silence.absent(again) or lens.stretched(raw):
            return NOTHING
        return value, again.__class__ is not kind or again != raw


class WordsReading:
    """A text of words with a separator between them."""

    def __init__(self, clause: Listed):
        self.separator: str = clause.lens.separator
        self.silence, self.nulls = clause.silence, frozenset(clause.lens.nulls)

    def read(self, raw: Any) -> tuple[Any, bool]:
        """The words in normal order, and whether they stood in another; NOTHING where there is more to it."""
        if raw.__class__ is not str or self.silence.absent(raw) or '"' in raw or "\\" in raw:
            return NOTHING
        words = raw.split(self.separator)
        for word in words:
            if not word.isprintable() or not word or word[0] == " " or word[-1] == " " or word in self.nulls:
                return NOTHING
        ordered = sorted(words, key=_quoted)
        return ordered, ordered != words


def _quoted(word: str) -> str:
    return word + '"'  # as in the JSON text by which bags are sorted


def reading_of(cell: Cell) -> SingleReading | WordsReading | None:
    """The direct reading of a cell, if there is one."""
    if not _alone(cell):
        return None
    clause = cell.lines[0].clause
    if type(clause) is Single:
        return SingleReading(clause)
    if type(clause) is Listed and type(clause.lens) is ListOf and _are_words(clause):
        return WordsReading(clause)
    return None


def _are_words(clause: Listed) -> bool:
    """Whether a list is a bag of plain texts with a separator that cannot overlap itself."""
    lens, node = clause.lens, clause.node
    separator = lens.separator or ""
    plain = type(lens.inner) is Text and lens.inner.through == "" and lens.up is None
    sure = lens.mode == "split" and separator and len(set(separator)) == len(separator)
    return bool(plain and sure) and isinstance(node, shape.ListOf) and node.kind == "bag"


class CutWriting:
    """An instant in a field for days: cut in the zone of the dialect, and lost so far.

    What is said of the cut is learned from the lens, by two instants.
    """

    PROBES = ("2026-04-01T08:30:00Z", "2031-11-20T23:59:59Z")

    def __init__(self, cell: Cell, lens: Date):
        self.place, self.zone = cell.lines[0].place, lens.zone or "UTC"
        said, day = lens.write(self.PROBES[0]), self._day(self.PROBES[0])
        self.before, _, self.after = said.reason.partition(day)

    def _day(self, value: str) -> str:
        return (shifted(value[:19], self.zone, 1) or "")[:10]

    def agrees(self, lens: Date) -> bool:
        """Whether the lens says just this of the instants."""
        for value in self.PROBES:
            day = self._day(value)
            if lens.write(value) != Said(day, "changed", f"{self.before}{day}{self.after}", day):
                return False
        return True

    def write(self, value: Any) -> CellWriting | None:
        """The day, with its loss; None where there is more to it."""
        if value.__class__ is not str or len(value) != 20 or value[19] != "Z" or value[10] != "T":
            return None
        day = self._day(value)
        if not day:
            return None
        part = LostPart(0, (), "changed", f"{self.before}{day}{self.after}", day)
        return CellWriting((day,), ((part, self.place),))


def writing_of(cell: Cell) -> CutWriting | None:
    """The direct writing of a cell, if there is one."""
    lens = getattr(cell.lines[0].clause, "lens", None)
    if not _alone(cell) or type(cell.lines[0].clause) is not Single or type(lens) is not Date:
        return None
    if any(not isinstance(lens.write(value), Said) for value in CutWriting.PROBES):
        return None
    made = CutWriting(cell, lens)
    return made if made.agrees(lens) else None
