"""What generated code looks up: per raw value the reading of a cell, per value of ours its writing.

Values repeat (codes, dates, units), so both are kept in bounded memos. A memo holds plain texts, null and absence
only: 1, 1.0 and true are one key of a dict, and lists are none.
"""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.cells import CellReading, CellWriting, cell_losses, lose_unclaimed, read_cell, returns, said_steps, write_cell
from metaharmon.containers import Container
from metaharmon.diagnostics import Diagnostic, Loss, Place
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Problem
from metaharmon.mapping.ours import unclaimed
from metaharmon.mapping.plan import Cell, Hold
from metaharmon.model.normal import copied
from metaharmon.outcome import Read, Written, under
from metaharmon.residue import Residue

LIMIT = 65536
_PLAIN = (str, type(None), type(MISSING))


class Heard:
    """A cell, read: its values (one value if it has one path), and what is odd about it (None: nothing)."""

    __slots__ = ("odd", "value")

    def __init__(self, value: Any, odd: Odd | None):
        self.value = value
        self.odd = odd


class Odd:
    """What goes to the residue and to the findings when a cell does not simply return."""

    __slots__ = ("cell", "flat", "frame", "keep", "opened", "problems", "simple")

    def __init__(self, cell: Cell, problems: tuple[tuple[Any, Place | None], ...], keep: bool, opened: Any = MISSING, frame: Any = None):
        self.cell = cell
        self.problems = problems
        self.keep = keep
        self.opened = opened
        self.frame = frame
        self.flat = opened.__class__ is list and not any(item.__class__ in (list, dict) for item in opened)
        self.simple = keep and not problems and frame is None and opened is MISSING
        """Only the raw value is kept: generated code does that itself."""

    def note(self, out: Read, residue: Residue, where: str, raws: tuple[Any, ...]) -> None:
        """Put it where the interpreter would put it."""
        cell = self.cell
        if self.frame is not None:
            residue.frames[cell.theirs[0].text] = self.frame
        for problem, place in self.problems:
            path = under(where, cell.theirs[problem.slot].text) if cell.theirs else where
            out.problems.append(Diagnostic(problem.code, problem.message, path=path, rule=place))
        if self.keep:
            opened = self.opened
            shown = raws if opened is MISSING else (opened.copy() if self.flat else copied(opened),)
            for slot, raw in zip(cell.theirs, shown, strict=True):
                if raw is MISSING:
                    residue.gone.append(slot.text)
                else:
                    residue.leaves[slot.text] = raw


class Said:
    """A cell, written: its raw values, losses, and the paths of ours that were said."""

    __slots__ = ("losses", "raw", "said", "shared", "writing")

    def __init__(self, cell: Cell, values: tuple[Any, ...], writing: CellWriting):
        self.writing = writing
        self.raw = writing.raws[0] if len(writing.raws) == 1 else writing.raws
        self.losses = bool(writing.losses)
        self.said = said_steps(cell, values, writing)
        self.shared = sharing(writing.raws)


def sharing(raws: tuple[Any, ...]) -> int:
    """How raw values must be copied for each record: 0 not at all, 1 one flat list, 2 deeply."""
    if not any(raw.__class__ in (list, dict) for raw in raws):
        return 0
    flat = len(raws) == 1 and raws[0].__class__ is list and not any(item.__class__ in (list, dict) for item in raws[0])
    return 1 if flat else 2


class Hearing(dict[Any, Heard]):
    """The memo of a cell with one field: `memo[raw]` for texts, `memo.look(raw)` for anything."""

    def __init__(self, cell: Cell, hold: Hold | None = None):
        super().__init__()
        self.cell = cell
        self.hold = hold
        self.none = self._heard(None)
        self.missing = self._heard(MISSING)

    def __missing__(self, raw: Any) -> Heard:
        found = self._heard(raw)
        if raw.__class__ is str:
            if len(self) >= LIMIT:
                self.clear()
            self[raw] = found
        return found

    def look(self, raw: Any) -> Heard:
        """The reading of any raw value."""
        if raw is MISSING:
            return self.missing
        if raw is None:
            return self.none
        if raw.__class__ is str:
            return self[raw]
        return self._heard(raw)

    def _heard(self, raw: Any) -> Heard:
        if self.hold is not None and raw is not None and raw is not MISSING:
            return self._opened(raw)
        return heard(self.cell, (raw,))

    def _opened(self, raw: Any) -> Heard:
        container: Container = self.hold.container  # type: ignore[union-attr]
        result = container.open(raw)
        if result is None:
            made = heard(self.cell, (raw,))
            odd = made.odd or Odd(self.cell, (), False)
            note = dx.MALFORMED, f"the value is no {container.what}; its raw form is kept", 0
            problem = (Problem(*note), self.hold.place)  # type: ignore[union-attr]
            return Heard(made.value, Odd(self.cell, (problem, *odd.problems), odd.keep, frame=False))
        value, frame = result
        made = heard(self.cell, (value,))
        if made.odd is None and frame is None:
            return made
        problems, keep = (made.odd.problems, made.odd.keep) if made.odd else ((), False)
        return Heard(made.value, Odd(self.cell, problems, keep, value, frame))


class Told:
    """A field of the first dialect with all that the second says of it: raw values, losses, residue, findings."""

    __slots__ = ("losses", "odd", "quiet", "raw", "shared", "value")

    def __init__(self, heard: Heard, writings: list[CellWriting], losses: tuple[Loss, ...]):
        self.value = heard.value
        self.odd = heard.odd
        self.losses = losses
        raws = tuple(raw for writing in writings for raw in writing.raws)
        self.raw = raws[0] if len(raws) == 1 else raws
        self.shared = sharing(raws)
        self.quiet = heard.odd is None and not losses

    def tell(self, out: Read, written: Written, residue: Residue, raw: Any) -> None:
        """What is not quiet: residue and findings of the one side, losses of the other."""
        odd = self.odd
        if odd is not None:
            if odd.simple and raw is not MISSING:
                residue.leaves[odd.cell.theirs[0].text] = raw
            else:
                odd.note(out, residue, "", (raw,))
        if self.losses:
            written.losses.extend(self.losses)


class Telling(Hearing):
    """The memo of a field whose fate in the second dialect hangs on nothing else."""

    def __init__(self, cell: Cell, hold: Hold | None, cells: list[Cell], claims: Any, lost: Loss | None):
        self.cells, self.claims, self.lost = cells, claims, lost
        super().__init__(cell, hold)

    def _heard(self, raw: Any) -> Any:
        return self._told(super()._heard(raw))

    def _told(self, heard: Heard) -> Told:
        tree: dict[str, Any] = {}
        values = (heard.value,) if len(self.cell.ours) == 1 else heard.value
        for slot, value in zip(self.cell.ours, values, strict=True):
            if value is not None:
                slot.put(tree, value)
        out = Written({}, [])
        writings = []
        for cell in self.cells:
            writing = write_cell(cell, tuple(slot.get(tree) for slot in cell.ours))
            out.losses.extend(cell_losses(cell, tree, writing, ()))
            writings.append(writing)
        if tree and self.lost is not None:
            out.losses.append(self.lost)
        elif tree and self.cells:
            lose_unclaimed(unclaimed(tree, self.claims), out, ())
        return Told(heard, writings, tuple(out.losses))


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
        if found is None:
            if len(self) >= LIMIT:
                self.clear()
            found = self[raws] = heard(self.cell, raws)
        return found


def heard(cell: Cell, raws: tuple[Any, ...]) -> Heard:
    """Read a cell as the interpreter does."""
    reading: CellReading = read_cell(cell, raws)
    keep = not returns(cell, raws, reading)
    odd = Odd(cell, reading.problems, keep) if keep or reading.problems else None
    return Heard(reading.values[0] if len(cell.ours) == 1 else reading.values, odd)


class Saying(dict[str, Said]):
    """The memo of writing a cell with one path: `look(value)`; with several: `looks(values)`."""

    def __init__(self, cell: Cell):
        super().__init__()
        self.cell = cell
        self.objects: dict[Any, Said] = {}
        self.nothing = self._said((None,) * len(cell.ours))

    def __missing__(self, value: Any) -> Said:
        found = self._said((value,))
        if value.__class__ is str:
            if len(self) >= LIMIT:
                self.clear()
            self[value] = found
        return found

    def look(self, value: Any) -> Said:
        """The writing of any value of ours."""
        if value is None:
            return self.nothing
        if value.__class__ is str:
            return self[value]
        if value.__class__ is dict and len(value) <= 4:  # concepts and frequencies repeat
            key = tuple(value.items())
            try:
                found = self.objects.get(key)
            except TypeError:  # it holds objects
                return self._said((value,))
            if found is None:
                if len(self.objects) >= LIMIT:
                    self.objects.clear()
                found = self.objects[key] = self._said((value,))
            return found
        return self._said((value,))

    def looks(self, values: tuple[Any, ...]) -> Said:
        """The writing of several values."""
        for value in values:
            if value is not None:
                return self._said(values)
        return self.nothing

    def _said(self, values: tuple[Any, ...]) -> Said:
        return Said(self.cell, values, write_cell(self.cell, values))

