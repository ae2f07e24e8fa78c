"""Clauses of several fields: aliases, languages, parts, labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import shown
from metaharmon.lenses.base import MISSING, CellLens, Malformed, Unmapped, Unsayable
from metaharmon.lenses.clauses.base import Clause, LostPart, Policy, Problem, Reading, Silence, Writing, lost, omitted
from metaharmon.lenses.clauses.single import Single
from metaharmon.lenses.reasons import only_languages
from metaharmon.model.normal import same


@dataclass(frozen=True)
class Aliased(Clause):
    """One value under several spellings of its field: the first that is present is read, the first is written.

    `shared` tells which spellings another rule reads too: there, a value that only the other rule reads is silence, a
    list of one entry is that entry, and beside a field of its own it is the other rule's.
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
            others = bool(self.shared and self.shared[i])
            if others and found is not None:
                continue
            reading = self.inner.read((raw[0] if others and raw.__class__ is list and len(raw) == 1 else raw,))
            if reading.unread and not any(v is not None for v in reading.values):
                if not others:
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
                losses.append(omitted(0, only_languages(self.languages), (tag,)))
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
class WithYear(Clause):
    """A date beside a field that repeats its year: the date decides; where there is none, the year is the date."""

    date: Clause
    year: Single

    @property
    def fields(self) -> int:  # type: ignore[override]
        return self.date.fields + 1

    def restates(self, i: int) -> bool:
        return i == self.date.fields

    def silence_of(self, i: int) -> Silence | None:
        return self.year.silence if i == self.date.fields else self.date.silence_of(i)

    def read(self, raws: tuple[Any, ...]) -> Reading:
        date, year = self.date.read(raws[:-1]), self.year.read(raws[-1:])
        last = self.date.fields
        problems = [*date.problems, *(p._replace(slot=last) for p in year.problems)]
        unread = date.unread or year.unread
        said, repeated = date.values[0], year.values[0]
        if said is not None and repeated is not None and said[: len(repeated)] != repeated:
            unread = True
            problems.append(Problem(dx.DISAGREE, "the year is not that of the date; the date is read", last))
        return Reading((repeated if said is None else said,), tuple(problems), unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        date = self.date.write(values)
        # what is read back is the year of the date as it was written
        said = self.date.read(date.raws).values[0] or values[0]
        year = self.year.write((None if said is None else said[:4],))
        if values[0] is not None and all(self.date.silence_of(i).absent(r) for i, r in enumerate(date.raws)):  # type: ignore[union-attr]
            becomes = None if self.year.silence.absent(year.raws[0]) else said[:4]
            if becomes is not None:  # the date itself cannot be said, its year can
                reason = "only the year can be said there"
                kept = () if becomes == values[0] else (LostPart(0, (), "changed", reason, becomes),)
                return Writing((*date.raws, year.raws[0]), kept)
        return Writing((*date.raws, year.raws[0]), date.losses)


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
            values = tuple(self.lens.read(plain))
        except (Malformed, Unmapped) as exc:
            return Reading((None,) * self.paths, (self.policy.problem(exc, 0),), True)
        why = self.lens.stretched(plain)
        return Reading(values, (Problem(dx.IMPRECISE_READ, why, 0),) if why else ())

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

    def restates(self, i: int) -> bool:
        return i == 1  # another label than that of the code is a disagreement

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
        note = Problem(dx.DISAGREE, f"the label {shown(label)} is not that of the code; the code is read", 1)
        return reading._replace(problems=(*reading.problems, note), unread=reading.unread)

    def write(self, values: tuple[Any, ...]) -> Writing:
        code = self.code.write(values)
        raw = code.raws[0]
        label = self.silence.empty if raw is MISSING or raw is None else self._shown(raw)
        return Writing((raw, label), code.losses)

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return None
