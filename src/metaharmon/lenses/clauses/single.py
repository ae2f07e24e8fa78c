"""Clauses of one field: most rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import Malformed, Said, Unmapped, Unsayable, ValueLens
from metaharmon.lenses.clauses.base import Clause, LostPart, Policy, Problem, Reading, Silence, Writing, lost, omitted
from metaharmon.lenses.reasons import means_nothing
from metaharmon.model.normal import same, sort_list


@dataclass(frozen=True)
class Single(Clause):
    """One field, one path, one value lens: most rules."""

    lens: ValueLens
    silence: Silence = Silence()
    policy: Policy = Policy()

    def silence_of(self, i: int) -> Silence | None:
        return self.silence

    def read(self, raws: tuple[Any, ...]) -> Reading:
        raw = raws[0]
        if self.silence.absent(raw):
            return Reading((None,))
        try:
            value = self.lens.read(raw)
        except (Malformed, Unmapped) as exc:
            return Reading((None,), (self.policy.problem(exc, 0),), True)
        why = self.lens.stretched(raw)
        return Reading((value,), (Problem(dx.IMPRECISE_READ, why, 0),) if why else ())

    def write(self, values: tuple[Any, ...]) -> Writing:
        value = values[0]
        if value is None:
            return Writing((self.silence.empty,))
        try:
            raw = self.lens.write(value)
        except Unsayable as exc:
            return Writing((self.silence.empty,), (omitted(0, str(exc)),))
        losses: tuple[LostPart, ...] = ()
        if raw.__class__ is Said:
            raw, losses = raw.raw, lost(0, raw)
        if self.silence.absent(raw):
            return Writing((self.silence.empty,), (omitted(0, means_nothing(raw)),))
        return Writing((raw,), losses)


@dataclass(frozen=True)
class Fixed(Clause):
    """A constant of ours: no field says it, every record of the dialect means it."""

    value: Any
    fields = 0

    def silence_of(self, i: int) -> Silence | None:
        return None

    def read(self, raws: tuple[Any, ...]) -> Reading:
        return Reading((self.value,))

    def write(self, values: tuple[Any, ...]) -> Writing:
        if values[0] is None:
            return Writing((), (LostPart(0, (), "added", "every record of this dialect means it", self.value),))
        if same(values[0], self.value):
            return Writing(())
        return Writing((), (LostPart(0, (), "changed", "every record of this dialect means this value", self.value),))


@dataclass(frozen=True)
class Marker(Clause):
    """A field of theirs by which entries of a list are told apart (`where`): it says nothing else of ours."""

    constants: tuple[Any, ...]
    paths = 0

    def silence_of(self, i: int) -> Silence | None:
        return None

    def restates(self, i: int) -> bool:
        return True

    def read(self, raws: tuple[Any, ...]) -> Reading:
        return Reading(())

    def write(self, values: tuple[Any, ...]) -> Writing:
        return Writing((self.constants[0],))


@dataclass(frozen=True)
class Listed(Clause):
    """A list of ours in one field: a real list, one-or-list, or a text with separators."""

    lens: Any  # lenses.wrap.ListOf
    node: Any = None  # the canonical list, for its normal order
    silence: Silence = Silence()
    policy: Policy = Policy()

    def silence_of(self, i: int) -> Silence | None:
        return self.silence

    def read(self, raws: tuple[Any, ...]) -> Reading:
        raw = raws[0]
        if self.silence.absent(raw):
            return Reading((None,))
        try:
            elements = self.lens.read_elements(raw)
        except (Malformed, Unmapped) as exc:
            return Reading((None,), (self.policy.problem(exc, 0),), True)
        values = [value for _, value, problem in elements if value is not None]
        problems = tuple(self.policy.problem(exc, 0) for _, _, exc in elements if exc is not None)
        notes = tuple(
            Problem(dx.IMPRECISE_READ, why, 0)
            for item, value, exc in elements
            if value is not None and (why := self.lens.inner.stretched(item))
        )
        if self.node is not None and self.node.kind != "sequence" and len(values) > 1:
            values = sort_list(values, self.node)
        return Reading((values or None,), (*problems, *notes), bool(problems))

    def write(self, values: tuple[Any, ...]) -> Writing:
        if values[0] is None:
            return Writing((self.silence.empty,))
        try:
            raw = self.lens.write(values[0])
        except Unsayable as exc:
            return Writing((self.silence.empty,), (omitted(0, str(exc)),))
        losses: tuple[LostPart, ...] = ()
        if raw.__class__ is Said:
            raw, losses = raw.raw, lost(0, raw)
            if self.node is not None and self.node.kind != "sequence":  # what is lost may have made the order
                raw = self.lens.in_order(raw, self.node)
        if not self.silence.absent(raw):
            return Writing((raw,), losses)
        if raw:  # the elements together read as a marker, though none of them is one
            losses = (omitted(0, means_nothing(raw)),)
        return Writing((self.silence.empty,), losses)

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if values[0] is None or self.silence.absent(raws[0]):
            return None
        try:
            ordered = self.node is not None and self.node.kind == "sequence"
            merged = self.lens.merge(raws[0], values[0], ordered)
        except (Malformed, Unmapped, Unsayable):
            return None
        return None if self.silence.absent(merged) else (merged,)  # blanks alone would go with the next write
