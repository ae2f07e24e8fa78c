"""Discriminated shapes: rows of constants (mapping language, 4.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.lenses.base import MISSING, Malformed, Unmapped, ValueLens
from metaharmon.lenses.clauses.base import Clause, LostPart, Policy, Problem, Reading, Silence, Writing, omitted
from metaharmon.model.normal import same


@dataclass(frozen=True)
class Absent(ValueLens):
    """Tells, in cases, whether a field says nothing."""

    silence: Silence

    def read(self, raw: Any) -> None:
        if not self.silence.absent(raw):
            raise Malformed("something stands there")

    def write(self, value: None) -> Any:
        return self.silence.empty

    def raws(self, draw: Any) -> Any:
        return MISSING

    def values(self, draw: Any) -> None:
        return None


@dataclass(frozen=True)
class Row:
    """One case: constants of theirs ⇄ constants of ours, with the clauses that read the rest.

    A constant of ours that a clause fills, too, holds where the clause reads nothing (`state: unknown` of a price).
    """

    theirs: tuple[tuple[int, tuple[Any, ...]], ...]  # field position → raw constants (first written)
    forms: tuple[tuple[int, ValueLens], ...]  # field position → a form that the raw value has
    ours: tuple[tuple[int, Any], ...]  # path position → constant
    parts: tuple[tuple[tuple[int, ...], tuple[int, ...], Clause], ...] = ()  # fields, paths, clause
    read_only: bool = False
    repeats: tuple[tuple[int, int], ...] = ()  # field position → position of the field whose value it repeats

    def reads(self, raws: tuple[Any, ...]) -> bool:
        """Whether their record is this case."""
        for slot, constants in self.theirs:
            if not any(same(raws[slot], constant) for constant in constants):
                return False
        if any(raws[slot] is MISSING or not same(raws[slot], raws[first]) for slot, first in self.repeats):
            return False
        return all(_has_form(raws[slot], lens) for slot, lens in self.forms)

    def writes(self, values: tuple[Any, ...]) -> bool:
        """Whether our product is this case: it has the constants, or, where there are none, a value for its rules."""
        if self.read_only:
            return False
        if not self.ours:
            return any(values[slot] is not None for _, paths, _ in self.parts for slot in paths)
        filled = self.filled
        return all(
            values[slot] is not None and (slot in filled or same(values[slot], constant))
            for slot, constant in self.ours
        )

    @property
    def filled(self) -> frozenset[int]:
        """The paths that clauses fill."""
        return frozenset(slot for _, paths, _ in self.parts for slot in paths)


def _beside(values: tuple[Any, ...], paths: tuple[int, ...], constants: dict[int, Any]) -> tuple[Any, ...]:
    """What a clause writes: without the constants of its row where it would say nothing else."""
    own = tuple(values[slot] for slot in paths)
    rest = [slot in constants and (v is None or same(v, constants[slot])) for slot, v in zip(paths, own, strict=True)]
    if all(v is None or constant for v, constant in zip(own, rest, strict=True)):
        return (None,) * len(paths)
    return own


def _as_found(part: LostPart, row: Row) -> LostPart:
    """A loss as a reader finds it: where nothing is said, he finds the constant of the row."""
    if part.kind != "omitted" or part.inside:
        return part
    found = next((constant for slot, constant in row.ours if slot == part.slot), None)
    return part if found is None else LostPart(part.slot, (), "changed", part.reason, found)


def _has_form(raw: Any, lens: ValueLens) -> bool:
    try:
        lens.read(raw)
    except (Malformed, Unmapped):
        return False
    return True


@dataclass(frozen=True)
class Cases(Clause):
    """Discriminated shapes: rows of constants, plus at most one `else` row without constants of theirs.

    Of several rows that can write a value the first is taken, unless only a later one says all of it. A row whose
    rules are read only (`one_way`) is not written.
    """

    rows: tuple[Row, ...]
    fields_count: int
    paths_count: int
    silences: tuple[Silence, ...]
    otherwise: Row | None = None
    policy: Policy = Policy()

    @property
    def fields(self) -> int:  # type: ignore[override]
        return self.fields_count

    @property
    def paths(self) -> int:  # type: ignore[override]
        return self.paths_count

    def silence_of(self, i: int) -> Silence | None:
        return self.silences[i]

    def read(self, raws: tuple[Any, ...]) -> Reading:
        row = self._row_of(raws)
        if row is not None and row.forms and not row.theirs and all(raw is MISSING for raw in raws):
            row = None  # that a field is absent says something only beside others
        if row is None and all(s.absent(raw) for s, raw in zip(self.silences, raws, strict=True)):
            return Reading((None,) * self.paths)
        if row is None:
            note = self.policy.problem(Unmapped("no case of the rule fits these values"), 0)
            return Reading((None,) * self.paths, (note,), True)
        values: list[Any] = [None] * self.paths
        problems: list[Problem] = []
        unread = False
        for fields, paths, clause in row.parts:
            reading = clause.read(tuple(raws[i] for i in fields))
            problems.extend(p._replace(slot=fields[p.slot]) for p in reading.problems)
            unread |= reading.unread
            for slot, value in zip(paths, reading.values, strict=True):
                values[slot] = value
        if (row is self.otherwise or (row.parts and not row.theirs)) and all(v is None for v in values):
            return Reading(tuple(values), tuple(problems), unread)
        for slot, constant in row.ours:
            if values[slot] is None:
                values[slot] = constant
        return Reading(tuple(values), tuple(problems), unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        empties = [s.empty for s in self.silences]
        if all(v is None for v in values):
            return Writing(tuple(empties))
        best: tuple[int, Writing] | None = None
        for row in (*self.rows, *((self.otherwise,) if self.otherwise is not None else ())):
            if row.writes(values):
                writing = self._write_row(row, values)
                lost = sum(part.kind == "omitted" for part in writing.losses)
                if not lost:
                    return writing
                best = (lost, writing) if best is None or lost < best[0] else best
        if best is not None:  # the case that loses least, the first of several
            return best[1]
        return Writing(tuple(empties), self._all_lost(values, "none of the forms that the dialect has says this value"))

    def _write_row(self, row: Row, values: tuple[Any, ...]) -> Writing:
        """The values, written as one case."""
        raws: list[Any] = [s.empty for s in self.silences]
        losses: list[LostPart] = []
        for slot, constants in row.theirs:
            raws[slot] = constants[0]
        for fields, paths, clause in row.parts:
            part = clause.write(_beside(values, paths, dict(row.ours)))
            losses.extend(_as_found(p._replace(slot=paths[p.slot]), row) for p in part.losses)
            for slot, raw in zip(fields, part.raws, strict=True):
                if not row.theirs or slot not in [i for i, _ in row.theirs]:
                    raws[slot] = raw
        for slot, first in row.repeats:
            raws[slot] = raws[first]
        if self._row_of(tuple(raws)) is not row:
            return self._heard_otherwise(tuple(raws), values)
        covered = {i for i, _ in row.ours} | {i for _, paths, _ in row.parts for i in paths}
        losses.extend(
            omitted(i, "the form in which the rest is said has no field for it")
            for i, v in enumerate(values)
            if v is not None and i not in covered
        )
        if row.ours and (row is self.otherwise or (row.parts and not row.theirs)):
            # such constants are found only with something beside them
            heard = self.read(tuple(raws)).values
            losses.extend(
                omitted(i, "nothing else of its form is said, so it would not be read")
                for i, _ in row.ours
                if values[i] is not None and heard[i] is None
            )
        return Writing(tuple(raws), tuple(losses))

    def _heard_otherwise(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> Writing:
        """Raw values that a reader takes for another case: kept if he finds all that was said, and something more."""
        heard = self.read(raws).values
        if any(v is not None and (w is None or not same(v, w)) for v, w in zip(values, heard, strict=True)):
            reason = "what would be written is read otherwise there"
            return Writing(tuple(s.empty for s in self.silences), self._all_lost(values, reason))
        reason = "what is written says this there, too"
        more = ((i, w) for i, (v, w) in enumerate(zip(values, heard, strict=True)) if v is None and w is not None)
        return Writing(raws, tuple(LostPart(i, (), "added", reason, w) for i, w in more))

    def _row_of(self, raws: tuple[Any, ...]) -> Row | None:
        """The case that a reader finds; `else` where no row fits and something stands there."""
        row = next((r for r in self.rows if r.reads(raws)), None)
        if row is None and not all(s.absent(raw) for s, raw in zip(self.silences, raws, strict=True)):
            return self.otherwise
        return row

    def _all_lost(self, values: tuple[Any, ...], reason: str) -> tuple[LostPart, ...]:
        return tuple(omitted(i, reason) for i, v in enumerate(values) if v is not None)
