"""What generated code looks up when it writes: per value of ours the raw values and losses of a cell."""

from __future__ import annotations

from typing import Any

from metaharmon.compiler.base import EMPTY
from metaharmon.compiler.direct import later_that_day, same_all_day, writing_of
from metaharmon.compiler.memos import Hearing, Odd, Other, is_flat, keep
from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.engine.cells import CellWriting, cell_losses, lose_unclaimed, said_steps, write_cell
from metaharmon.engine.outcome import Written, loss_order
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.ours import unclaimed
from metaharmon.mapping.plan import Cell, Hold
from metaharmon.model.normal import copied


def written(cell: Cell, values: tuple[Any, ...], hold: Hold | None) -> CellWriting:
    """Write a cell as the interpreter does; a held text is closed."""
    writing = write_cell(cell, values)
    if hold is None or writing.raws[0] is MISSING or writing.raws[0] is None:
        return writing
    return writing._replace(raws=(hold.container.close(writing.raws[0], None),))


def sharing(raws: tuple[Any, ...]) -> int:
    """How raw values must be copied for each record: 0 not at all, 1 one flat list, 2 deeply."""
    if not any(raw.__class__ in (list, dict) for raw in raws):
        return 0
    return 1 if len(raws) == 1 and is_flat(raws[0]) else 2


class Said:
    """A cell, written: its raw values, losses, and the paths of ours that were said."""

    __slots__ = ("losses", "raw", "said", "shared", "writing")

    def __init__(self, cell: Cell, values: tuple[Any, ...], writing: CellWriting):
        self.writing = writing
        self.raw = writing.raws[0] if len(writing.raws) == 1 else writing.raws
        self.losses = bool(writing.losses)
        self.said = said_steps(cell, values, writing)
        self.shared = sharing(writing.raws)


class Saying(dict[str, Said]):
    """The memo of writing a cell with one path: `look(value)`; with several: `looks(values)`."""

    def __init__(self, cell: Cell, hold: Hold | None = None):
        super().__init__()
        self.cell = cell
        self.hold = hold
        self.objects: dict[Any, Said] = {}
        self.nothing = self._said((None,) * len(cell.ours))

    def __missing__(self, value: Any) -> Said:
        found = self._said((value,))
        return keep(self, value, found) if value.__class__ is str else found  # type: ignore[no-any-return]

    def look(self, value: Any) -> Said:
        """The writing of any value of ours."""
        if value is None:
            return self.nothing
        if value.__class__ is str:
            return self[value]
        key = key_of(value)
        if key is None:
            return self._said((value,))
        found = self.objects.get(key)
        return keep(self.objects, key, self._said((value,))) if found is None else found  # type: ignore[no-any-return]

    def looks(self, values: tuple[Any, ...]) -> Said:
        """The writing of several values."""
        key: list[Any] = []
        silent = True
        for value in values:
            if value is None or value.__class__ is str:
                key.append(value)
            else:
                one = key_of(value)
                if one is None:
                    return self._said(values)
                key.append(one)
            silent = silent and value is None
        if silent:
            return self.nothing
        found = self.objects.get(tuple(key))
        return keep(self.objects, tuple(key), self._said(values)) if found is None else found  # type: ignore[no-any-return]

    def _said(self, values: tuple[Any, ...]) -> Said:
        return Said(self.cell, values, written(self.cell, values, self.hold))


def key_of(value: Any) -> Any:
    """A key for a short value of ours that may repeat (concepts, frequencies, formats); None for others.

    Its scalars are texts and whole numbers, so that no two values of different types have one key.
    """
    if value.__class__ is dict and len(value) <= 4:
        return _pairs(value)
    if value.__class__ is not list or len(value) > 8:
        return None
    key: list[Any] = [None]
    for item in value:
        one = item if item.__class__ is str else _pairs(item) if item.__class__ is dict and len(item) <= 4 else None
        if one is None:
            return None
        key.append(one)
    return tuple(key)


def _pairs(value: dict[str, Any]) -> Any:
    for member in value.values():
        if member.__class__ is not str and member.__class__ is not int:
            return None
    return tuple(value.items())


# --- a field of the first dialect with all that the second says of it ------------------------------------------------


class Told:
    """What is not quiet about a field, or must be copied for each record: residue, findings, losses, raw values."""

    __slots__ = ("losses", "odd", "raw", "shared")

    def __init__(self, odd: Odd | None, losses: tuple[Loss, ...], raw: Any, shared: int):
        self.odd = odd
        self.losses = losses
        self.raw = raw
        self.shared = shared

    def tell(self, raw: Any, problems: list[Diagnostic], residue: Residue) -> Any:
        """The raw values of the second dialect, after residue and findings are noted."""
        odd = self.odd
        if odd is not None:
            if odd.simple and raw is not MISSING:
                residue.leaves[odd.text] = raw
            else:
                odd.note(problems, residue, "", (raw,))
        if not self.shared:
            return self.raw
        if self.shared == 1:
            return self.raw.copy()
        return tuple(map(copied, self.raw)) if self.raw.__class__ is tuple else copied(self.raw)


class Telling(Hearing):
    """The memo of a field whose fate in the second dialect hangs on nothing else.

    It holds the raw value (of several, a tuple) that the second dialect writes, where there is nothing else to do. Of
    a field that the second dialect has not, it holds True where it is lost, and None where it says nothing. All else
    is Told.
    """

    def __init__(self, cell: Cell, hold: Hold | None, ends: list[tuple[Cell, Hold | None]], claims: Any):
        self.ends, self.claims = ends, claims
        self.straight = _straight(cell, ends)
        self.writing = writing_of(ends[0][0]) if self.straight and ends[0][1] is None else None
        self.days: dict[str, Any] | None = {} if same_all_day(cell, self.writing) else None
        self.lost: Told | None = None
        """Of a field that the second dialect has not: lost, and its raw value kept."""
        super().__init__(cell, hold)
        self.lost = None if ends else Told(self.kept, (), True, 0)

    def of_day(self, raw: str) -> Any:
        """What is told of a text that is not in the memo: times are not kept one by one where those of a day are told
        alike."""
        if self.days is None or not later_that_day(raw, 10):
            return self[raw]
        found = self.days.get(raw[:10])
        if found is None:
            found = self._heard(raw)
            if found.__class__ is Told and found.odd is None and found.losses and found.raw == raw[:10]:
                keep(self.days, raw[:10], found)
        return found

    def _heard(self, raw: Any) -> Any:
        if self.lost is not None and self.direct is not None:
            value, kept = self.direct.read(raw)
            if value is not None:
                return self.lost if kept else True
        heard = super()._heard(raw)
        values = (heard.value,) if len(self.cell.ours) == 1 else heard.value
        if not self.ends:
            said = True if any(value is not None for value in values) else None
            return said if heard.odd is None else Told(heard.odd, (), said, 0)
        direct = self.writing.write(values[0]) if self.writing is not None else None
        if direct is not None:
            return direct[0] if heard.odd is None and not direct[1] else Told(heard.odd, direct[1], direct[0], 0)
        raws, losses = self._one(values) if self.straight else self._several(values)
        raw, shared = raws[0] if len(raws) == 1 else raws, sharing(raws)
        if heard.odd is None and not losses and shared <= (1 if len(raws) == 1 else 0):
            return raw
        if len(losses) > 1:
            losses.sort(key=loss_order)
        return Told(heard.odd, tuple(losses), raw, shared)

    def _one(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[Loss]]:
        """Raw values and losses where one cell takes the value as a whole."""
        cell, hold = self.ends[0]
        writing = written(cell, values, hold)
        return writing.raws, cell_losses(cell, self._tree(values), writing, ()) if writing.losses else []

    def _several(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[Loss]]:
        """Raw values and losses by way of a tree."""
        tree = self._tree(values)
        out = Written({}, [])
        raws: list[Any] = []
        for cell, hold in self.ends:
            writing = written(cell, tuple(slot.get(tree) for slot in cell.ours), hold)
            out.losses.extend(cell_losses(cell, tree, writing, ()))
            raws.extend(writing.raws)
        lose_unclaimed(unclaimed(tree, self.claims), out, ())
        return tuple(raws), out.losses

    def _tree(self, values: tuple[Any, ...]) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for slot, value in zip(self.cell.ours, values, strict=True):
            if value is not None:
                slot.put(tree, value)
        return tree


def _straight(cell: Cell, ends: list[tuple[Cell, Hold | None]]) -> bool:
    """Whether one path of ours, of names only, is read by one cell and written by another."""
    if len(ends) != 1 or len(cell.ours) != 1 or len(ends[0][0].ours) != 1:
        return False
    steps = cell.ours[0].steps
    return ends[0][0].ours[0].steps == steps and all(isinstance(step, str) for step in steps)


class Passed:
    """A text that passes through both dialects, where it does not simply pass."""

    def __init__(self, first: Cell, second: Cell, tag: str):
        self.other = Other(first, tag)
        self.cell = second
        self.saying = Saying(second)

    def tell(
        self, raw: Any, problems: list[Diagnostic], residue: Residue, losses: list[Loss]
    ) -> tuple[str | None, Any]:
        """What it says, and the raw value of the second dialect; the rest is noted."""
        text = self.other.text(problems, residue, "", raw)
        tag = self.other.tag
        said = self.saying.look({tag: text} if tag and text is not None else text)
        if said.losses:
            losses.extend(cell_losses(self.cell, EMPTY, said.writing, ()))
        return text, said.raw
