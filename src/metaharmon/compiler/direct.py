"""The common good values of unique fields, read and written with less ado than a whole cell needs.

A direct way never decides anything of its own: where it is not certain it says nothing, and the whole way is gone.
What it says is asked of the lens; the cell's other circumstances (one field, one path, one rule) are known beforehand.
"""

from __future__ import annotations

import re
from typing import Any

from metaharmon.diagnostics import Loss
from metaharmon.lenses.base import Malformed, Said, Unmapped, Unsayable
from metaharmon.lenses.clauses import Listed, Single
from metaharmon.lenses.dates import Date
from metaharmon.lenses.numbers import WHOLE, Number
from metaharmon.lenses.text import Text
from metaharmon.lenses.wrap import ListOf
from metaharmon.mapping.plan import Cell
from metaharmon.model import shape
from metaharmon.paths import record_path

NOTHING = (None, False)
"""A direct way is not certain."""
LARGE = 10**15
"""Whole numbers below this are read and written by every plain number lens."""


def _alone(cell: Cell) -> bool:
    return len(cell.lines) == len(cell.theirs) == len(cell.ours) == 1


class SingleReading:
    """A scalar field of one rule."""

    def __init__(self, clause: Single):
        self.lens, self.silence, self.exact = clause.lens, clause.silence, clause.lens.exact

    def read(self, raw: Any) -> tuple[Any, bool]:
        """The value, and whether writing it gives another raw value; NOTHING where there is more to it."""
        kind, lens = raw.__class__, self.lens
        if (kind is not str and kind is not int) or self.silence.absent(raw) or lens.stretched(raw):
            return NOTHING
        try:
            value = lens.read(raw)
            if self.exact and kind is str:
                return value, False
            again = lens.write(value)
        except (Malformed, Unmapped, Unsayable):
            return NOTHING
        if again.__class__ is Said or self.silence.absent(again):
            return NOTHING
        return value, again.__class__ is not kind or again != raw


class GroupedReading(SingleReading):
    """A text of a whole number with a sign between thousands."""

    def __init__(self, clause: Single, group: str):
        super().__init__(clause)
        self.group = group
        self.plain = re.compile(rf"0|[1-9][0-9]{{0,2}}(?:{re.escape(group)}[0-9]{{3}}){{0,8}}").fullmatch

    def read(self, raw: Any) -> tuple[Any, bool]:
        if raw.__class__ is str and self.plain(raw) and not self.silence.absent(raw):
            return {"value": raw.replace(self.group, "")}, False
        return super().read(raw)


class WordsReading:
    """A text of words with a separator between them."""

    def __init__(self, clause: Listed):
        self.separator: str = clause.lens.separator
        self.silence = clause.silence
        self.empty = frozenset((*clause.lens.nulls, ""))

    def read(self, raw: Any) -> tuple[Any, bool]:
        """The words in normal order, and whether they stood in another; NOTHING where there is more to it."""
        if raw.__class__ is not str or self.silence.absent(raw) or '"' in raw or "\\" in raw:
            return NOTHING
        words = raw.split(self.separator)
        if not self.empty.isdisjoint(words) or not "".join(words).isprintable():
            return NOTHING
        if " " not in raw and "!" not in raw:  # what sorts before a quotation mark
            ordered = sorted(words)
        elif any(word[0] == " " or word[-1] == " " for word in words):
            return NOTHING
        else:
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
        group = _group_of(clause.lens)
        return SingleReading(clause) if group is None else GroupedReading(clause, group)
    if type(clause) is Listed and type(clause.lens) is ListOf and _are_words(clause):
        return WordsReading(clause)
    return None


def _group_of(lens: Any) -> str | None:
    """The sign between thousands of a lens that does no more than read such numbers."""
    if type(lens) is not Number or lens.group is None or lens.spec.max_length is not None:
        return None
    plain = Number("quantity", text=True, group=lens.group, spec=lens.spec, dimension=lens.dimension)
    return lens.group if lens == plain and lens.dimension != "ratio" else None


def least_plain_number(cell: Cell) -> int | None:
    """From where on a cell reads any JSON integer, and writes it back; None: it does not."""
    clause = cell.lines[0].clause
    lens = getattr(clause, "lens", None)
    if not _alone(cell) or type(clause) is not Single or type(lens) is not Number:
        return None
    plain = Number("quantity", spec=lens.spec, dimension=lens.dimension)
    if lens != plain or lens.spec.max_length is not None or lens.dimension == "ratio":
        return None
    return 0 if lens.dimension in WHOLE else -LARGE


def _are_words(clause: Listed) -> bool:
    """Whether a list is a bag of plain texts with a separator that cannot overlap itself."""
    lens, node = clause.lens, clause.node
    separator = lens.separator or ""
    plain = type(lens.inner) is Text and lens.inner.through == "" and lens.up is None and not lens.between
    sure = lens.mode == "split" and separator and len(set(separator)) == len(separator)
    return bool(plain and sure) and isinstance(node, shape.ListOf) and node.kind == "bag"


class CutWriting:
    """A moment in a field for days: cut as it stands, and lost so far.

    What is said of the cut is learned from the lens, by two moments.
    """

    PROBES = ("2026-04-01T08:30:01Z", "2031-11-20T23:59:59+08:00")

    def __init__(self, cell: Cell, lens: Date):
        self.place = cell.lines[0].place
        self.path = record_path(*cell.ours[0].steps)
        said, day = lens.write(self.PROBES[0]), self.PROBES[0][:10]
        self.before, _, self.after = said.reason.partition(day)

    def agrees(self, lens: Date) -> bool:
        """Whether the lens says just this of the moments."""
        for value in self.PROBES:
            day = value[:10]
            if lens.write(value) != Said(day, "changed", f"{self.before}{day}{self.after}", day):
                return False
        return True

    def write(self, value: Any) -> tuple[str, tuple[Loss, ...]] | None:
        """The day and its loss; None where there is more to it."""
        if value.__class__ is not str or len(value) not in (20, 25) or value[19] not in "Z+-":
            return None  # no second with an offset
        day = value[:10]
        return day, (Loss(self.path, "changed", f"{self.before}{day}{self.after}", day, self.place),)


later_that_day = re.compile(r"[ T](?!00:00:00)(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]").fullmatch
"""What stands behind the day of a time, but midnight."""


def same_all_day(cell: Cell, cut: Any) -> bool:
    """Whether a direct writing gives the same for all times of a day that a cell reads, but perhaps midnight."""
    clause = cell.lines[0].clause
    lens = getattr(clause, "lens", None)
    if not isinstance(cut, CutWriting) or not _alone(cell) or type(clause) is not Single:
        return False
    if type(lens) is not Date:
        return False
    return lens.forms in (("YYYY-MM-DD HH:mm:ss",), ("YYYY-MM-DDTHH:mm:ss",)) and lens.exact


class SingleWriting:
    """A text field of one rule and one path."""

    def __init__(self, clause: Single):
        self.lens, self.silence = clause.lens, clause.silence

    def write(self, value: Any) -> tuple[str, tuple[Loss, ...]] | None:
        """The text, without loss; None where there is more to it."""
        if value is None:
            return None
        try:
            raw = self.lens.write(value)
        except Unsayable:
            return None
        return (raw, ()) if raw.__class__ is str and not self.silence.absent(raw) else None


def writing_of(cell: Cell) -> CutWriting | SingleWriting | None:
    """The direct writing of a cell, if there is one."""
    clause = cell.lines[0].clause
    if not _alone(cell) or type(clause) is not Single:
        return None
    lens, names = clause.lens, all(isinstance(step, str) for step in cell.ours[0].steps)
    if names and type(lens) is Date and all(isinstance(lens.write(value), Said) for value in CutWriting.PROBES):
        cut = CutWriting(cell, lens)
        if cut.agrees(lens):
            return cut
    return SingleWriting(clause)
