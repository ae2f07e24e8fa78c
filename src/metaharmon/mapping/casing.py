"""Rules with cases: constants of theirs decide which rules hold, and what is constant in ours (4.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.clauses import Absent, Cases, Clause, FirstTongue, Policy, Row, Silence
from metaharmon.mapping.grammar import place_of
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import Line, TheirSlot
from metaharmon.mapping.raw import our_constant, their_constants
from metaharmon.mapping.slots import Slots
from metaharmon.mapping.syntax import CaseRow, Rule
from metaharmon.model.normal import same
from metaharmon.paths import PathError, TheirPath, parse_their_path


@dataclass(frozen=True)
class CaseBinder:
    """Binds rules with cases. `lines` and `plain` bind the rules of their rows."""

    slots: Slots
    lines: Callable[..., list[Line]]
    plain: Callable[..., Line]

    def sentinels(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        """`sentinels` and `otherwise` are short for cases on the rule's own field."""
        plain = replace(rule, sentinels=(), otherwise=())
        inner = self.plain(slot, plain, place)
        base = self.slots.parent(inner.ours[0])
        field = inner.theirs[0]
        rows = []
        ours: list[OurSlot] = list(inner.ours)
        for raw, constants in rule.sentinels:
            consts = self._constants(constants, base, ours, place)
            rows.append(Row(((0, their_constants(str(raw), field.spec)),), (), consts))
        consts = self._constants(rule.otherwise, base, ours, place)
        part = (tuple(range(len(inner.theirs))), tuple(range(len(inner.ours))), inner.clause)
        otherwise = Row((), (), consts, (part,))
        silences = tuple(inner.clause.silence_of(i) or Silence() for i in range(len(inner.theirs)))
        return Line(
            place,
            inner.theirs,
            tuple(ours),
            Cases(tuple(rows), len(inner.theirs), len(ours), silences, otherwise, self.slots.policy(rule)),
        )

    def _constants(
        self, said: Any, base: OurSlot | None, ours: list[OurSlot], place: Any
    ) -> tuple[tuple[int, Any], ...]:
        """Constants of ours as (position, value); their slots join `ours`."""
        out = []
        for name, text in said:
            slot = self.slots.ours(name, getattr(name, "place", place), base)
            at = next((i for i, s in enumerate(ours) if s.steps == slot.steps), None)
            if at is None:
                ours.append(slot)
                at = len(ours) - 1
            try:
                out.append((at, our_constant(str(text), slot.node, self.slots.around.language)))
            except ValueError as exc:
                raise self.slots.around.misfit(dx.LENS_MISFIT, str(exc), getattr(text, "place", place)) from None
        return tuple(out)

    def cases(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        base = None if slot.text == "." and not slot.steps else self.slots.lenses.to_entry(slot)
        fields: list[TheirSlot] = []
        ours: list[OurSlot] = []
        rows, otherwise = [], None
        for said in rule.cases:
            row = self._row(said, base, fields, ours, rule)
            if said.otherwise is not None and not said.theirs:
                if otherwise is not None:
                    raise self.slots.around.misfit(dx.BAD_FORM, "cases have one `else` row at most", said.place)
                otherwise = row
            else:
                rows.append(row)
        self._distinct(rows, rule.cases, place)
        own = self._silences(rows if otherwise is None else [*rows, otherwise])
        silences = tuple(own.get(i) or self.slots.silence(rule, field) for i, field in enumerate(fields))
        made = (rows, len(fields), len(ours), silences, otherwise, self.slots.policy(rule))
        return Line(place, tuple(fields), tuple(ours), self._in_one_tongue(*made))

    def _in_one_tongue(
        self,
        rows: list[Row],
        fields: int,
        paths: int,
        silences: tuple[Silence, ...],
        otherwise: Row | None,
        policy: Policy,
    ) -> Clause:
        """Cases; where they tell apart one field below a level of languages, in the language that is read there."""
        parts = [clause for row in (*rows, *([otherwise] if otherwise else [])) for _, _, clause in row.parts]
        if fields != 1 or not parts or not all(isinstance(clause, FirstTongue) for clause in parts):
            return Cases(tuple(rows), fields, paths, silences, otherwise, policy)
        rows = [_without_tongue(row) for row in rows]
        otherwise = None if otherwise is None else _without_tongue(otherwise)
        cases = Cases(tuple(rows), fields, paths, silences, otherwise, policy)
        return FirstTongue(cases, self.slots.around.language)

    def _row(
        self, said: CaseRow, base: OurSlot | None, fields: list[TheirSlot], ours: list[OurSlot], rule: Rule
    ) -> Row:
        theirs, forms, repeats = [], [], []
        for path, constant in said.theirs:
            at = self._field_at(fields, self.slots.theirs(path))
            if isinstance(constant, dict) and set(constant) == {"same"}:
                repeats.append((at, self._field_at(fields, self.slots.theirs(self._named(constant["same"])))))
                continue
            if isinstance(constant, dict):
                nothing = constant == {"form": "absent"}
                form = Absent(self.slots.silence(rule, fields[at])) if nothing else None
                forms.append((at, form or self.slots.lenses.form(constant, said.place, fields[at].spec)))
                continue
            texts = constant if isinstance(constant, list) else [constant]
            if not texts or not all(isinstance(text, str) for text in texts):
                message = f"a case says which values '{path.text}' has: a text, or a list of texts"
                raise self.slots.around.misfit(dx.WRONG_FORM, message, place_of(constant) or said.place)
            spec = fields[at].spec
            theirs.append((at, tuple(raw for text in texts for raw in their_constants(str(text), spec))))
        parts, read_only = [], False
        for name, below in (*said.fields, *(said.otherwise or ())):
            for line in self.lines(name, self._with_words_of(below, rule), base):
                positions = tuple(self._field_at(fields, field) for field in line.theirs)
                paths = tuple(self._slot_at(ours, slot) for slot in line.ours)
                parts.append((positions, paths, line.clause))
                read_only |= line.one_way is not None
        constants = self._constants(said.ours, base, ours, said.place)
        return Row(tuple(theirs), tuple(forms), constants, tuple(parts), read_only, tuple(repeats))

    def _named(self, said: Any) -> TheirPath:
        """The field that another one repeats."""
        try:
            return parse_their_path(said)
        except PathError as exc:
            raise self.slots.around.misfit(dx.BAD_FORM, str(exc), getattr(said, "place", None)) from None

    @staticmethod
    def _silences(rows: list[Row]) -> dict[int, Silence]:
        """How the rules of the rows say that a field is absent; of several rules the first one says it."""
        found: dict[int, Silence] = {}
        for row in rows:
            for fields, _, clause in row.parts:
                for i, at in enumerate(fields):
                    silence = clause.silence_of(i)
                    if silence is not None:
                        found.setdefault(at, silence)
        return found

    @staticmethod
    def _with_words_of(below: Rule, rule: Rule) -> Rule:
        empty = rule.empty if below.empty is None else below.empty
        return replace(below, empty=empty, nulls=below.nulls or rule.nulls)

    @staticmethod
    def _field_at(fields: list[TheirSlot], field: TheirSlot) -> int:
        for i, one in enumerate(fields):
            if one.text == field.text:
                return i
        fields.append(field)
        return len(fields) - 1

    @staticmethod
    def _slot_at(ours: list[OurSlot], slot: OurSlot) -> int:
        for i, one in enumerate(ours):
            if one.steps == slot.steps:
                return i
        ours.append(slot)
        return len(ours) - 1

    def _distinct(self, rows: list[Row], said: tuple[CaseRow, ...], place: Any) -> None:
        """One row must match each way, whatever the order."""
        for i, row in enumerate(rows):
            for other in rows[:i]:
                overlap = all(
                    any(same(c, d) for c in dict(row.theirs).get(slot, ()) for d in constants)
                    for slot, constants in other.theirs
                )
                covers = all(slot in dict(other.theirs) for slot, _ in row.theirs)
                if overlap and covers and row.theirs and not (row.forms or other.forms):
                    raise self.slots.around.misfit(dx.BAD_FORM, "two cases have the same constants of theirs", place)
                ours = dict(other.ours)
                if (
                    row.ours
                    and all(slot in ours and same(ours[slot], value) for slot, value in row.ours)
                    and len(ours) == len(row.ours)
                    and not row.parts
                    and not other.parts
                ):
                    raise self.slots.around.misfit(
                        dx.BAD_FORM, "two cases have the same constants of ours; only one could be written", place
                    )


def _without_tongue(row: Row) -> Row:
    """A row of cases with the clauses of its fields as they are inside one language."""
    inner = [(at, to, clause.inner if isinstance(clause, FirstTongue) else clause) for at, to, clause in row.parts]
    return replace(row, parts=tuple(inner))
