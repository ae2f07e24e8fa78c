"""Clauses: a lens bound to its fields, which also knows how the dialect says nothing.

A clause reads a tuple of raw values (one per field of theirs) into a tuple of values (one per path of ours) and
writes them back. It never raises on data: what cannot be read is a problem, what cannot be said is a loss. Fields
and paths are known to a clause only by their position; the plan knows where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import MISSING, CellLens, Malformed, Said, Unmapped, Unsayable, ValueLens
from metaharmon.model.normal import same, sort_list


class Problem(NamedTuple):
    """Something noticed while reading: a diagnostic code, one sentence, the field's position."""

    code: str
    message: str
    slot: int


class Reading(NamedTuple):
    """Values of ours by position (None: absent), what was noticed, and whether a raw value was left unread."""

    values: tuple[Any, ...]
    problems: tuple[Problem, ...] = ()
    unread: bool = False


class LostPart(NamedTuple):
    """A loss inside a value of ours: its position, the path below it, and what becomes of it."""

    slot: int
    inside: tuple[str | int, ...]
    kind: str
    reason: str
    becomes: Any = None


class Writing(NamedTuple):
    """Raw values of theirs by position (MISSING: not there) and what was lost."""

    raws: tuple[Any, ...]
    losses: tuple[LostPart, ...] = ()


@dataclass(frozen=True)
class Silence:
    """How a field says nothing: further readings of absence, and the form that is written."""

    markers: frozenset[str] = frozenset()
    empty: Any = MISSING

    def absent(self, raw: Any) -> bool:
        """Whether a raw value says nothing: missing, null, '', [], {} or a marker."""
        kind = raw.__class__
        if kind is str:
            return not raw or raw in self.markers
        return raw is MISSING or raw is None or ((kind is list or kind is dict) and not raw)


def lost(slot: int, said: Said) -> tuple[LostPart, ...]:
    """The losses that a lens reported, flat."""
    here = LostPart(slot, said.inside, said.kind, said.reason, said.becomes)
    return (here, *(part for more in said.more for part in lost(slot, more)))


def omitted(slot: int, reason: str, inside: tuple[str | int, ...] = ()) -> LostPart:
    """The loss of a whole value, or of a part of it."""
    return LostPart(slot, inside, "omitted", reason)


@dataclass(frozen=True)
class Policy:
    """What happens to an unknown code and to a malformed value: `keep` (raw kept, warning) or `refuse`."""

    unmapped: str = "keep"
    malformed: str = "keep"

    def problem(self, exc: Exception, slot: int) -> Problem:
        """The finding for a raw value that did not read."""
        if isinstance(exc, Unmapped):
            return Problem(dx.REFUSED if self.unmapped == "refuse" else dx.UNKNOWN_VALUE, str(exc), slot)
        return Problem(dx.REFUSED if self.malformed == "refuse" else dx.MALFORMED, str(exc), slot)


class Clause:
    """The protocol. `fields` and `paths` are how many positions it has on each side."""

    fields = 1
    paths = 1

    def read(self, raws: tuple[Any, ...]) -> Reading:
        """Ours of theirs."""
        raise NotImplementedError

    def write(self, values: tuple[Any, ...]) -> Writing:
        """Theirs of ours."""
        raise NotImplementedError

    def silence_of(self, i: int) -> Silence | None:
        """How the i-th field says nothing."""
        raise NotImplementedError

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Older raw values adapted to the present ones, where the clause can keep a part of their spelling."""
        return None


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
            return Writing((self.silence.empty,), (omitted(0, f"{raw!r} means 'nothing' there"),))
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

    def read(self, raws: tuple[Any, ...]) -> Reading:
        return Reading(())

    def write(self, values: tuple[Any, ...]) -> Writing:
        return Writing((self.constants[0],))


@dataclass(frozen=True)
class Aliased(Clause):
    """One value under several spellings of its field: the first that is present is read, the first is written.

    `shared` tells which spellings another rule reads too: there, a value that only the other rule reads is silence.
    """

    inner: Clause
    count: int
    shared: tuple[bool, ...] = ()

    @property
    def fields(self) -> int:  # type: ignore[override]
        return self.count

    @property
    def paths(self) -> int:  # type: ignore[override]
        return self.inner.paths

    def silence_of(self, i: int) -> Silence | None:
        return self.inner.silence_of(0)

    def read(self, raws: tuple[Any, ...]) -> Reading:
        found: Reading | None = None
        problems: list[Problem] = []
        unread = False
        for i, raw in enumerate(raws):
            reading = self.inner.read((raw,))
            if reading.unread and not any(v is not None for v in reading.values):
                if not (self.shared and self.shared[i]):
                    unread = True
                    problems.extend(p._replace(slot=i) for p in reading.problems)
                continue
            if all(v is None for v in reading.values):
                continue
            if found is None:
                found = reading
                problems.extend(p._replace(slot=i) for p in reading.problems)
            elif not same(list(found.values), list(reading.values)):
                unread = True
                problems.append(
                    Problem(dx.DISAGREE, "another field says the same thing differently; the first is read", i)
                )
        values = found.values if found else (None,) * self.inner.paths
        return Reading(values, tuple(problems), unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        inner = self.inner.write(values)
        return Writing((*inner.raws, *(MISSING,) * (self.count - 1)), inner.losses)

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        fresh = self.inner.write(values).raws[0]
        at = next((i for i, raw in enumerate(raws) if raw is not MISSING), 0)
        return tuple(fresh if i == at else MISSING for i in range(self.count))


@dataclass(frozen=True)
class Parallel(Clause):
    """One field per language of a text: `field: {zh: PATH, en: PATH}`."""

    languages: tuple[str, ...]
    lenses: tuple[Single, ...]

    @property
    def fields(self) -> int:  # type: ignore[override]
        return len(self.languages)

    def silence_of(self, i: int) -> Silence | None:
        return self.lenses[i].silence

    def read(self, raws: tuple[Any, ...]) -> Reading:
        text: dict[str, Any] = {}
        problems: list[Problem] = []
        unread = False
        for i, (tag, lens, raw) in enumerate(zip(self.languages, self.lenses, raws, strict=True)):
            reading = lens.read((raw,))
            problems.extend(p._replace(slot=i) for p in reading.problems)
            unread |= reading.unread
            if reading.values[0] is not None:
                text[tag] = reading.values[0]
        return Reading((text or None,), tuple(problems), unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        text = values[0] or {}
        raws, losses = [], []
        for tag, lens in zip(self.languages, self.lenses, strict=True):
            one = lens.write((text.get(tag),))
            raws.append(one.raws[0])
            losses.extend(part._replace(inside=(tag, *part.inside)) for part in one.losses)
        for tag in text:
            if tag not in self.languages:
                losses.append(omitted(0, f"there is no field for the language '{tag}'", (tag,)))
        return Writing(tuple(raws), tuple(losses))


@dataclass(frozen=True)
class WithMain(Clause):
    """A field in the default language beside a map of languages; the map wins when they disagree."""

    language: str
    main: Single
    by_language: Single
    fields = 2

    def silence_of(self, i: int) -> Silence | None:
        return (self.main, self.by_language)[i].silence

    def read(self, raws: tuple[Any, ...]) -> Reading:
        first, many = self.main.read(raws[:1]), self.by_language.read(raws[1:])
        problems = [*first.problems, *(p._replace(slot=1) for p in many.problems)]
        unread = first.unread or many.unread
        plain, text = first.values[0], many.values[0]
        if text is None:
            return Reading((None if plain is None else {self.language: plain},), tuple(problems), unread)
        said = text.get(self.language)
        if plain is not None and plain != said and self.language != "und":
            unread = True
            problems.append(
                Problem(dx.DISAGREE, "the plain field and the field by language differ; the latter is read", 0)
            )
        return Reading((text,), tuple(problems), unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        text = values[0]
        if text is None:
            return Writing((self.main.silence.empty, self.by_language.silence.empty))
        tag = self.language if self.language in text else next(iter(sorted(text)))
        plain = self.main.write((text[tag],)).raws[0]
        if list(text) == [self.language]:
            one = self.main.write((text[self.language],))
            return Writing(
                (one.raws[0], self.by_language.silence.empty),
                tuple(part._replace(inside=(self.language, *part.inside)) for part in one.losses),
            )
        many = self.by_language.write((text,))
        return Writing((plain, many.raws[0]), many.losses)


@dataclass(frozen=True)
class Together(Clause):
    """Several fields in one lens: number and unit, amount and currency, parts of a date."""

    lens: CellLens
    silences: tuple[Silence, ...]
    paths_count: int = 1
    policy: Policy = Policy()

    @property
    def fields(self) -> int:  # type: ignore[override]
        return len(self.silences)

    @property
    def paths(self) -> int:  # type: ignore[override]
        return self.paths_count

    def silence_of(self, i: int) -> Silence | None:
        return self.silences[i]

    def read(self, raws: tuple[Any, ...]) -> Reading:
        plain = tuple(MISSING if s.absent(raw) else raw for s, raw in zip(self.silences, raws, strict=True))
        if all(raw is MISSING for raw in plain):
            return Reading((None,) * self.paths)
        try:
            return Reading(tuple(self.lens.read(plain)))
        except (Malformed, Unmapped) as exc:
            return Reading((None,) * self.paths, (self.policy.problem(exc, 0),), True)

    def write(self, values: tuple[Any, ...]) -> Writing:
        empties = tuple(s.empty for s in self.silences)
        if all(v is None for v in values):
            return Writing(empties)
        try:
            raws, said = self.lens.write(values)
        except Unsayable as exc:
            return Writing(empties, tuple(omitted(i, str(exc)) for i, v in enumerate(values) if v is not None))
        losses = tuple(part for slot, one in said for part in lost(slot, one))
        shown = tuple(s.empty if raw is MISSING else raw for s, raw in zip(self.silences, raws, strict=True))
        return Writing(shown, losses)


@dataclass(frozen=True)
class Labelled(Clause):
    """A code beside the field that shows its label: the code decides, the label is checked and written."""

    code: Clause
    labels: tuple[tuple[Any, str], ...]  # raw code → label text
    silence: Silence = Silence()
    code_separator: str | None = None
    label_separator: str | None = None
    label_list: bool = False
    fields = 2

    @cached_property
    def _label(self) -> dict[Any, str]:
        return dict(self.labels)

    def _shown(self, raw: Any) -> Any:
        """The label text or list that belongs to a raw code value; MISSING if a code has none."""
        if raw.__class__ is str and self.code_separator is not None:
            codes: Any = raw.split(self.code_separator) if raw else []
        else:
            codes = raw if raw.__class__ is list else [raw]
        found = [self._label.get(code) for code in codes if code.__class__ in (str, int)]
        if not codes or None in found or len(found) != len(codes):
            return self.silence.empty
        if self.label_separator is not None:
            return self.label_separator.join(found)  # type: ignore[arg-type]
        return found if self.label_list else found[0]

    def silence_of(self, i: int) -> Silence | None:
        return self.code.silence_of(0) if i == 0 else self.silence

    def read(self, raws: tuple[Any, ...]) -> Reading:
        reading = self.code.read(raws[:1])
        label = raws[1]
        if self.silence.absent(label) or same(label, self._shown(raws[0])):
            return reading
        note = Problem(dx.DISAGREE, f"the label {label!r} is not that of the code; the code is read", 1)
        return reading._replace(problems=(*reading.problems, note), unread=reading.unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        code = self.code.write(values)
        raw = code.raws[0]
        label = self.silence.empty if raw is MISSING or raw is None else self._shown(raw)
        return Writing((raw, label), code.losses)

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return None


@dataclass(frozen=True)
class Row:
    """One case: constants of theirs ⇄ constants of ours, with the clauses that read the rest."""

    theirs: tuple[tuple[int, tuple[Any, ...]], ...]  # field position → raw constants (first written)
    forms: tuple[tuple[int, ValueLens], ...]  # field position → a form that the raw value has
    ours: tuple[tuple[int, Any], ...]  # path position → constant
    parts: tuple[tuple[tuple[int, ...], tuple[int, ...], Clause], ...] = ()  # fields, paths, clause

    def reads(self, raws: tuple[Any, ...]) -> bool:
        """Whether their record is this case."""
        for slot, constants in self.theirs:
            if not any(same(raws[slot], constant) for constant in constants):
                return False
        return all(_has_form(raws[slot], lens) for slot, lens in self.forms)

    def writes(self, values: tuple[Any, ...]) -> bool:
        """Whether our product is this case: it has the constants, or, where there are none, a value for its rules."""
        if not self.ours:
            return any(values[slot] is not None for _, paths, _ in self.parts for slot in paths)
        return all(values[slot] is not None and same(values[slot], constant) for slot, constant in self.ours)


def _has_form(raw: Any, lens: ValueLens) -> bool:
    try:
        lens.read(raw)
    except (Malformed, Unmapped):
        return False
    return True


@dataclass(frozen=True)
class Cases(Clause):
    """Discriminated shapes: rows of constants, plus at most one `else` row without constants of theirs."""

    rows: tuple[Row, ...]
    fields_count: int
    paths_count: int
    silences: tuple[Silence, ...]
    otherwise: Row | None = None
    policy: Policy = Policy()
    wholes: tuple[int, ...] = field(default=())  # path positions that hold the constants only

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
        if row is self.otherwise and all(v is None for v in values):
            return Reading(tuple(values), tuple(problems), unread)
        for slot, constant in row.ours:
            values[slot] = constant
        return Reading(tuple(values), tuple(problems), unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        empties = [s.empty for s in self.silences]
        if all(v is None for v in values):
            return Writing(tuple(empties))
        row = next((r for r in self.rows if r.writes(values)), None)
        if row is None and self.otherwise is not None and self.otherwise.writes(values):
            row = self.otherwise
        if row is None:
            return Writing(tuple(empties), self._all_lost(values, "no case of the rule fits this value"))
        raws, losses = empties, []
        for slot, constants in row.theirs:
            raws[slot] = constants[0]
        for fields, paths, clause in row.parts:
            part = clause.write(tuple(values[i] for i in paths))
            losses.extend(p._replace(slot=paths[p.slot]) for p in part.losses)
            for slot, raw in zip(fields, part.raws, strict=True):
                if not row.theirs or slot not in [i for i, _ in row.theirs]:
                    raws[slot] = raw
        if self._row_of(tuple(raws)) is not row:
            return Writing(
                tuple(s.empty for s in self.silences),
                self._all_lost(values, "the written value means another case there"),
            )
        covered = {i for i, _ in row.ours} | {i for _, paths, _ in row.parts for i in paths}
        losses.extend(
            omitted(i, "this case has no field for it")
            for i, v in enumerate(values)
            if v is not None and i not in covered
        )
        return Writing(tuple(raws), tuple(losses))

    def _row_of(self, raws: tuple[Any, ...]) -> Row | None:
        """The case that a reader finds; `else` where no row fits and something stands there."""
        row = next((r for r in self.rows if r.reads(raws)), None)
        if row is None and not all(s.absent(raw) for s, raw in zip(self.silences, raws, strict=True)):
            return self.otherwise
        return row

    def _all_lost(self, values: tuple[Any, ...], reason: str) -> tuple[LostPart, ...]:
        return tuple(omitted(i, reason) for i, v in enumerate(values) if v is not None)


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
        return Writing((self.silence.empty if self.silence.absent(raw) else raw,), losses)

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if values[0] is None or self.silence.absent(raws[0]):
            return None
        try:
            ordered = self.node is not None and self.node.kind == "sequence"
            return (self.lens.merge(raws[0], values[0], ordered),)
        except (Malformed, Unmapped, Unsayable):
            return None
