"""What generated code looks up when it reads: per raw value the reading of a cell.

Values repeat (codes, dates, units), so readings are kept in bounded memos. A memo holds plain texts, whole numbers,
short lists of texts, null and absence only, each kind apart: 1, 1.0 and true are one key of a dict.
"""

from __future__ import annotations

from typing import Any

from metaharmon.compiler.base import Slow
from metaharmon.compiler.direct import reading_of
from metaharmon.diagnostics import Diagnostic, Place
from metaharmon.engine.cells import CellReading, read_cell, returns
from metaharmon.engine.outcome import under
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.plan import Cell, Hold
from metaharmon.model.normal import copied
from metaharmon.paths import leaf_text

LIMIT = 65536
"""Entries that one memo holds; a full one is emptied."""
SHORT = 8
"""Items of a list that a memo keeps."""
_PLAIN = (str, type(None), type(MISSING))


def keep(memo: dict[Any, Any], key: Any, value: Any) -> Any:
    """Put a value into a bounded memo."""
    if len(memo) >= LIMIT:
        memo.clear()
    memo[key] = value
    return value


def is_flat(value: Any) -> bool:
    """Whether a value is a list of scalars."""
    return value.__class__ is list and not any(item.__class__ in (list, dict) for item in value)


class Heard:
    """A cell, read: its values (one value if it has one path), and what is odd about it (None: nothing)."""

    __slots__ = ("odd", "value")

    def __init__(self, value: Any, odd: Odd | None):
        self.value = value
        self.odd = odd


class Odd:
    """What goes to the residue and to the findings when a cell does not simply return."""

    __slots__ = ("cell", "flat", "frame", "keep", "opened", "problems", "simple", "text")

    def __init__(
        self,
        cell: Cell,
        problems: tuple[tuple[Any, Place | None], ...],
        keep: bool,
        opened: Any = MISSING,
        frame: Any = None,
    ):
        self.cell = cell
        self.problems = problems
        self.keep = keep
        self.opened = opened
        self.frame = frame
        self.flat = is_flat(opened)
        self.text = cell.theirs[0].text if cell.theirs else ""
        self.simple = keep and not problems and frame is None and opened is MISSING
        """Only the raw value is kept."""

    def note_one(self, problems: list[Diagnostic], residue: Residue, where: str, raw: Any) -> None:
        """Of a cell with one field: put it where the interpreter would put it."""
        if self.simple and raw is not MISSING:
            residue.leaves[self.text] = raw
        else:
            self.note(problems, residue, where, (raw,))

    def note(self, problems: list[Diagnostic], residue: Residue, where: str, raws: tuple[Any, ...]) -> None:
        """Put it where the interpreter would put it."""
        cell = self.cell
        if self.frame is not None:
            residue.frames[self.text] = self.frame
        for problem, place in self.problems:
            path = under(where, cell.theirs[problem.slot].text) if cell.theirs else where
            problems.append(Diagnostic(problem.code, problem.message, path=path, rule=place))
        if not self.keep:
            return
        if self.opened is not MISSING:
            residue.leaves[self.text] = self.opened.copy() if self.flat else copied(self.opened)
            return
        for slot, raw in zip(cell.theirs, raws, strict=True):
            if raw is MISSING:
                residue.gone.append(slot.text)
            else:
                residue.leaves[slot.text] = raw


class Hearing(dict[Any, Any]):
    """The memo of a cell with one field: `memo[raw]` for texts, `memo.look(raw)` for anything."""

    def __init__(self, cell: Cell, hold: Hold | None = None):
        super().__init__()
        self.cell = cell
        self.hold = hold
        self.numbers: dict[int, Any] = {}
        self.lists: dict[tuple[str, ...], Any] = {}
        self.direct = reading_of(cell) if hold is None else None
        self.kept = Odd(cell, (), True)
        self.none = self._heard(None)
        self.missing = self._heard(MISSING)

    def __missing__(self, raw: Any) -> Any:
        found = self._heard(raw)
        return keep(self, raw, found) if raw.__class__ is str else found

    def look(self, raw: Any) -> Any:
        """The reading of any raw value."""
        if raw is MISSING:
            return self.missing
        if raw is None:
            return self.none
        if raw.__class__ is str:
            return self[raw]
        if raw.__class__ is int:
            found = self.numbers.get(raw)
            return keep(self.numbers, raw, self._heard(raw)) if found is None else found
        if raw.__class__ is list and len(raw) <= SHORT and all(item.__class__ is str for item in raw):
            found = self.lists.get(tuple(raw))
            return keep(self.lists, tuple(raw), self._heard(raw)) if found is None else found
        return self._heard(raw)

    def _heard(self, raw: Any) -> Any:
        if self.hold is not None and raw is not None and raw is not MISSING:
            return self._opened(raw, self.hold)
        if self.direct is not None:
            value, kept = self.direct.read(raw)
            if value is not None:
                return Heard(value, self.kept if kept else None)
        return heard(self.cell, (raw,))

    def _opened(self, raw: Any, hold: Hold) -> Heard:
        result = hold.container.open(raw)
        if result is None:
            raise Slow
        value, frame = result
        made = heard(self.cell, (value,))
        if made.odd is None and frame is None:
            return made
        problems, kept = (made.odd.problems, made.odd.keep) if made.odd else ((), False)
        return Heard(made.value, Odd(self.cell, problems, kept, value, frame))


class Hearings(dict[tuple[Any, ...], Heard]):
    """The memo of a cell with several fields: `look(raws)`."""

    def __init__(self, cell: Cell):
        super().__init__()
        self.cell = cell

    def look(self, raws: tuple[Any, ...]) -> Heard:
        """The reading of a tuple of raw values."""
        for raw in raws:
            if raw.__class__ not in _PLAIN:
                return heard(self.cell, raws)
        found = self.get(raws)
        return keep(self, raws, heard(self.cell, raws)) if found is None else found


def heard(cell: Cell, raws: tuple[Any, ...]) -> Heard:
    """Read a cell as the interpreter does."""
    reading: CellReading = read_cell(cell, raws)
    kept = not returns(cell, raws, reading)
    odd = Odd(cell, reading.problems, kept) if kept or reading.problems else None
    return Heard(reading.values[0] if len(cell.ours) == 1 else reading.values, odd)


class Other:
    """A text that does not simply pass: read by its memo."""

    def __init__(self, cell: Cell, tag: str):
        self.memo = Hearing(cell)
        self.tag = tag

    def text(self, problems: list[Diagnostic], residue: Residue, where: str, raw: Any) -> str | None:
        """What it says, as a plain text; oddities are noted."""
        found = self.memo.look(raw)
        if found.odd is not None:
            found.odd.note_one(problems, residue, where, raw)
        if found.value is None:
            return None
        text: str = found.value[self.tag] if self.tag else found.value
        return text


class LeafTexts(dict[str, str]):
    """The texts by which a residue names members of a record."""

    def __missing__(self, key: str) -> str:
        found: str = keep(self, key, leaf_text((key,)))
        return found


LEAF_TEXTS = LeafTexts()


def note_others(known: frozenset[str], record: dict[str, Any], residue: Residue) -> None:
    """What no rule reads, where rules read whole members only."""
    leaves = residue.leaves
    for key, raw in record.items():
        if key not in known:
            leaves[LEAF_TEXTS[key]] = raw
