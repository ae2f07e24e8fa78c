"""What is left of a record, from its residue and the plan alone: for records without lists of objects.

It says what the interpreter says of a record that it explains (`engine.left`), without reading it again. What a field
is called follows from its path, and of a mapped field from its raw value; both are remembered.
"""

from __future__ import annotations

from typing import Any

from metaharmon.compiler.base import held_alone
from metaharmon.compiler.memos import SHORT, keep
from metaharmon.diagnostics import Left
from metaharmon.engine.cells import read_cell, returns
from metaharmon.engine.finish import HIDDEN
from metaharmon.engine.left import (
    DIFFERS,
    KEPT,
    NO_SOURCE,
    SURPLUS,
    UNREAD,
    left_of_cell,
    left_stray,
    left_whole,
    settle_left,
)
from metaharmon.engine.residue import Residue, digest
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.plan import Cell, Derived, Line, Plan
from metaharmon.model.normal import same
from metaharmon.paths import Key, leaf_keys, leaf_text, leaves_inside

_NOTHING = digest(None)


def leaving_of(plan: Plan) -> Leaving | None:
    """What works it out for a dialect; None where only the interpreter can."""
    scope = plan.record
    inside = (
        plan.linked,
        plan.together,
        scope.blocks,
        scope.tongues,
        scope.whole_item,
        len(held_alone(scope)) < len(scope.holds),
    )
    if any(inside) or not all(_alone(line, plan) for line in scope.one_way):
        return None
    return Leaving(plan)


def _alone(line: Line, plan: Plan) -> bool:
    """Whether a read-only rule reads one plain member, and fills a path that no other rule fills."""
    others = [other for cell in plan.record.cells for other in cell.lines]
    others += [other for other in plan.record.one_way if other is not line]
    taken = {slot.steps for other in others for slot in other.ours}
    one = len(line.theirs) == 1 and all(isinstance(step, Key) for step in line.theirs[0].steps)
    return one and taken.isdisjoint(slot.steps for slot in line.ours)


class _Field(dict[Any, tuple[Left, ...]]):
    """The memo of a cell: what is left of its raw values."""

    def __init__(self, cell: Cell, plan: Plan):
        super().__init__()
        self.cell, self.plan = cell, plan
        self.texts = tuple(slot.text for slot in cell.theirs)
        self.single = len(self.texts) == 1

    def known(self, raw: Any) -> tuple[Left, ...] | None:
        """What is remembered of a raw value: a text, or a short list of texts."""
        if raw.__class__ is str:
            return self.get(raw)
        if raw.__class__ is not list:
            return None
        try:
            return self.get((tuple(raw),))  # only lists of texts are remembered
        except TypeError:  # a list of lists or objects
            return None

    def of(self, residue: Residue, raw: Any) -> tuple[Left, ...]:
        """What is left; of a cell with several fields, told with the first of them that stands in the residue."""
        raws = (raw,) if self.single else tuple(residue.leaves.get(text, MISSING) for text in self.texts)
        key = raw if self.single and raw.__class__ is str else _key(raws)
        found = None if key is None else self.get(key)
        if found is None:
            found = self._found(raws)
            if key is not None:
                keep(self, key, found)
        return found

    def _found(self, raws: tuple[Any, ...]) -> tuple[Left, ...]:
        reading = read_cell(self.cell, raws)
        if returns(self.cell, raws, reading):
            return ()
        return tuple(settle_left([one for _, one in left_of_cell(self.cell, raws, reading, "")], self.plan.record))


def _key(raws: tuple[Any, ...]) -> Any:
    """A key for plain texts, short lists of texts, null and absence; None for others."""
    key: list[Any] = []
    for raw in raws:
        if raw.__class__ is list and len(raw) <= SHORT and all(item.__class__ is str for item in raw):
            key.append(tuple(raw))
        elif raw.__class__ is str or raw is MISSING or raw is None:
            key.append(raw)
        else:
            return None
    return tuple(key)


class _Stray:
    """A field that no cell owns: its outcome, reason and rule; and what reads it all the same."""

    def __init__(self, told: Left, keys: tuple[str, ...], lines: list[Line], plan: Plan):
        self.path, self.outcome, self.reason, self.rule = told.path, told.outcome, told.reason, told.rule
        self.keys, self.lines, self.plan = keys, lines, plan

    def of(self, raw: Any) -> list[Left]:
        """What is left of a raw value that is no plain text."""
        if any(value is not None for line in self.lines for value in line.clause.read((raw,)).values):
            return []
        silence, scope = self.plan.silence, self.plan.record
        found = [
            left_stray(scope, self.keys, inside, leaf, "")
            for inside, leaf in leaves_inside(raw)
            if not silence.absent(leaf)
        ]
        return settle_left(found, scope)


class Leaving:
    """What is left of the records of one dialect."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.silence = plan.silence
        self.cells = {slot.text: cell for cell in plan.record.cells for slot in cell.theirs}
        self.derived = {one.slot.text: one for one in plan.record.derived}
        self.fields: dict[int, _Field] = {}
        self.memo: dict[str, Any] = {}

    def __call__(self, residue: Residue) -> list[Left]:
        """What is left of a record, given its residue."""
        out: list[Left] = []
        memo, absent, new = self.memo, self.silence.absent, tuple.__new__
        told: set[int] = set()
        for text, raw in residue.leaves.items():
            one = memo.get(text)
            if one is None:
                one = keep(memo, text, self._learnt(text))
            if one.__class__ is _Field:
                found = one.known(raw) if one.single else None
                out += self._of_field(one, residue, raw, told) if found is None else found
            elif one.__class__ is Derived:
                out += self._computed(one, residue, raw)
            elif raw.__class__ is str and not one.lines:
                if not absent(raw):
                    out.append(new(Left, (one.path, one.outcome, one.reason, raw, one.rule)))
            else:
                out += one.of(raw)
        return out + self._unopened(residue) if residue.frames else out

    def _unopened(self, residue: Residue) -> list[Left]:
        """Held values that could not be opened, and that no rule saw."""
        out: list[Left] = []
        for hold in self.plan.record.holds:
            text = leaf_text(hold.keys)
            frame = residue.frames.get(text)
            if frame.__class__ is dict and HIDDEN in frame:  # type: ignore[operator]
                reason = f"the value is no {hold.container.what}"
                out += left_whole(text, frame[HIDDEN], UNREAD, reason, hold.place, self.silence)  # type: ignore[index]
        return settle_left(out, self.plan.record)

    @staticmethod
    def _of_field(one: _Field, residue: Residue, raw: Any, told: set[int]) -> tuple[Left, ...]:
        """What is left of a cell; of one with several fields once."""
        if not one.single:
            if id(one) in told:
                return ()
            told.add(id(one))
        return one.of(residue, raw)

    def _learnt(self, text: str) -> Any:
        """What is known of a field by its path."""
        if text in self.derived:
            return self.derived[text]
        if text in self.cells:
            cell = self.cells[text]
            return self.fields.setdefault(id(cell), _Field(cell, self.plan))
        keys = leaf_keys(text)
        told = settle_left([left_stray(self.plan.record, keys, (), None, "")], self.plan.record)[0]
        lines = [line for line in self.plan.record.one_way if line.theirs[0].text == text]
        return _Stray(told, keys, lines, self.plan)

    def _computed(self, one: Derived, residue: Residue, raw: Any) -> list[Left]:
        """A computed field that differs from what is computed."""
        expected = residue.digests.get(one.slot.text)
        if expected == digest(raw) or any(same(raw, constant) for constant in one.constant):
            return []
        told = (KEPT, NO_SOURCE) if expected == _NOTHING else (SURPLUS, DIFFERS)
        return settle_left(left_whole(one.slot.text, raw, *told, one.place, self.silence), self.plan.record)
