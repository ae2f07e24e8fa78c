"""Rules bound to the canonical schema and to the fields of the dialect: from words to lines of clauses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses import geometry
from metaharmon.lenses.clauses import (
    Aliased,
    Clause,
    FirstTongue,
    Fixed,
    Labelled,
    Listed,
    Parallel,
    Single,
    Together,
    WithMain,
    WithYear,
)
from metaharmon.lenses.dates import Date
from metaharmon.mapping.casing import CaseBinder
from metaharmon.mapping.grammar import Skip
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import Line, TheirSlot
from metaharmon.mapping.raw import our_constant
from metaharmon.mapping.slots import Slots
from metaharmon.mapping.syntax import Rule
from metaharmon.mapping.writable import is_field
from metaharmon.model import shape
from metaharmon.paths import Languages, TheirPath


class Binder(Slots):
    """Binds the rules of one scope."""

    def lines(self, path: Any, rule: Rule, base: OurSlot | None = None) -> list[Line]:
        """The lines of a rule: one, or several for the shorthand `{fields: …}`."""
        if rule.branches:
            raise self.around.misfit(dx.RULE_CONFLICT, "a list of rules holds blocks with each or one", rule.place)
        if rule.fields and not rule.cases:
            self.has_fields_only(path, rule)
            inner = self.ours(path, rule.place or getattr(path, "place", None), base)
            out = []
            for name, below in rule.fields:
                try:
                    out.extend(self.lines(name, below, inner))
                except Skip:
                    continue
            return out
        return [self.line(path, rule, base)]

    def has_fields_only(self, path: Any, rule: Rule) -> None:
        """Note a rule that has both fields of its own and a field of theirs, and skip it."""
        if any((rule.field is not None, rule.parts, rule.constant is not None, rule.cases)):
            message = "a rule has fields of its own or a field of theirs, not both"
            raise self.around.misfit(dx.RULE_CONFLICT, message, getattr(path, "place", rule.place))

    def line(self, path: Any, rule: Rule, base: OurSlot | None = None) -> Line:
        """One rule as one line."""
        place = getattr(path, "place", None) or rule.place
        slot = self.ours(path, place, base)
        one_way = self._one_way(rule)
        if rule.constant is not None:
            line = self._constant(slot, rule, place)
        elif rule.cases:
            line = CaseBinder(self, self.lines, self.plain).cases(slot, rule, place)
        elif rule.sentinels or rule.otherwise:
            line = CaseBinder(self, self.lines, self.plain).sentinels(slot, rule, place)
        elif rule.field is None and rule.also:
            line = self.plain(slot, replace(rule, field=rule.also[0], also=(*rule.also[1:], None)), place)
        elif rule.field is None and not rule.parts:
            raise self.around.misfit(
                dx.MISSING_WORD,
                f"the rule for '{path}' names no field of theirs",
                place,
                "write `OURS: THEIRS`, or `field:`, `parts:`, `constant:`, `cases:`, `each:`",
            )
        else:
            line = self.plain(slot, rule, place)
        self._can_be_used(line, one_way)
        return replace(line, one_way=one_way)

    def _can_be_used(self, line: Line, one_way: str | None) -> None:
        """Skip a rule of which a field cannot be written, or not even be read (lists of fields are read only)."""
        for slot in line.theirs:
            if not is_field(slot, one_way is not None):
                message = f"'{slot.text}' is no field that a rule can read and write"
                raise self.around.misfit(dx.WRONG_FORM, message, line.place, "open levels and lists by `each`")

    def _one_way(self, rule: Rule) -> str | None:
        if not rule.one_way:
            return None
        words = {str(k): str(v) for k, v in rule.one_way}
        if set(words) != {"read"}:
            raise self.around.misfit(dx.WRONG_FORM, "a one-way rule says `one_way: {read: reason}`", rule.place)
        return words["read"]

    def _constant(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        try:
            value = our_constant(str(rule.constant), slot.node, self.around.language)
        except ValueError as exc:
            raise self.around.misfit(dx.LENS_MISFIT, str(exc), getattr(rule.constant, "place", place)) from None
        return Line(place, (), (slot,), Fixed(value))

    # --- one field or several into one lens --------------------------------------------------------------------------

    def plain(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        """A rule without cases: fields of theirs through one lens."""
        several = (rule.quantity and rule.quantity.unit_field) or (rule.number and rule.number.upper) or rule.money
        if not rule.parts and not isinstance(rule.field, TheirPath) and (several or not rule.field):
            raise self.around.misfit(dx.MISSING_WORD, f"the rule for '{slot.text}' names no field of theirs", place)
        if rule.parts or several:
            return self._together(slot, rule, place)
        if rule.template:
            return self._template(slot, rule, place)
        if rule.box or rule.point or rule.geometry:
            return self._shape(slot, rule, place)
        if isinstance(rule.field, tuple):
            return self._parallel(slot, rule, place)
        assert isinstance(rule.field, TheirPath)
        below = any(isinstance(s, Languages) for s in rule.field.steps)
        if rule.main is not None or (below and rule.language is None):
            return self._by_language(slot, rule, place)
        field = self.theirs(rule.field)
        slot, clause = self._clause(slot, rule, field, place)
        clause = FirstTongue(clause, self.around.language) if below else clause
        fields = [field]
        if rule.labels is not None:
            clause, label = self._labelled(clause, rule, field, place)
            fields.append(label)
        if rule.also:  # an alias alone shares the field of another rule
            fields.extend(self.theirs(path) for path in rule.also if path is not None)
            clause = Aliased(clause, len(fields))
        if rule.year is not None:
            if not rule.date:
                raise self.around.misfit(dx.LENS_MISFIT, "`year` goes with `date`", place)
            fields.append(self.theirs(rule.year))
            clause = WithYear(clause, self._year(fields[-1]))
        return Line(place, tuple(fields), (slot,), clause)

    def _year(self, field: TheirSlot) -> Single:
        """The clause of a field that repeats the year of a date."""
        digits = replace(field.spec, max_length=None)
        return Single(self.lenses.made(lambda: Date(("YYYY",), None, None, digits), None), self.silence(None, field))

    def _clause(self, slot: OurSlot, rule: Rule, field: TheirSlot, place: Any) -> tuple[OurSlot, Clause]:
        """The clause of a rule with one field: a value lens, or a list of them."""
        quiet, policy = self.silence(rule, field), self.policy(rule)
        if rule.split is not None or rule.many is not None:
            slot, lens = self.lenses.listed(slot, rule, field.spec, quiet, place)
            node = slot.node if isinstance(slot.node, shape.ListOf) else None
            return slot, Listed(lens, node, quiet, policy)
        slot = self._to_value(slot, rule)
        lens = self.lenses.value(slot, rule, field.spec, place)
        return self.lenses.settled(slot, rule, lens), Single(lens, quiet, policy)

    def _to_value(self, slot: OurSlot, rule: Rule) -> OurSlot:
        """The slot that a single value fills: the first entry of a list, the natural member of a group."""
        return self.lenses.to_value(slot, rule)

    def _labelled(self, clause: Clause, rule: Rule, field: TheirSlot, place: Any) -> tuple[Clause, TheirSlot]:
        if rule.codes is None or rule.labels is None or rule.labels.field is None:
            raise self.around.misfit(dx.LENS_MISFIT, "labels go with codes, and name the field that shows them", place)
        label = self.theirs(rule.labels.field)
        labels = self.around.tables.labels(rule.codes, field.spec)
        listed = rule.many is not None and rule.labels.split is None
        made = Labelled(
            clause,
            labels,
            self.silence(None, label),
            str(rule.split) if rule.split is not None else None,
            str(rule.labels.split) if rule.labels.split is not None else None,
            listed,
        )
        return made, label

    def _parallel(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        slot = self._to_value(slot, rule)
        if not isinstance(slot.node, shape.LangText):
            raise self.around.misfit(dx.LENS_MISFIT, f"'{slot.text}' has no languages; one field fills it", place)
        fields, lenses = [], []
        for _, path in rule.field:
            field = self.theirs(path)
            fields.append(field)
            lenses.append(
                Single(self.lenses.plain("text", field.spec, rule), self.silence(rule, field), self.policy(rule))
            )
        return Line(place, tuple(fields), (slot,), Parallel(tuple(str(tag) for tag, _ in rule.field), tuple(lenses)))

    def _by_language(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        words = isinstance(slot.node, shape.LangList) and rule.main is None
        slot = slot if words else self._to_value(slot, rule)
        if not (words or isinstance(slot.node, shape.LangText)):
            raise self.around.misfit(dx.LENS_MISFIT, f"'{slot.text}' has no languages; one field fills it", place)
        field = self.theirs(rule.field)
        separator = None if rule.split is None else str(rule.split)
        lens = self.lenses.language_map(slot.node, field.spec, separator, many=rule.many)
        by_language = Single(lens, self.silence(None, field), self.policy(rule))
        if rule.main is None:
            unknown = "und" if self.around.untagged(rule.field) else self.around.language
            tongues = self.lenses.language_map(slot.node, field.spec, separator, unknown, rule.many)
            return Line(place, (field,), (slot,), replace(by_language, lens=tongues))
        main = self.theirs(rule.main)
        plain = Single(self.lenses.plain("text", main.spec, rule), self.silence(rule, main), self.policy(rule))
        return Line(place, (main, field), (slot,), WithMain(self.around.language, plain, by_language))

    def _together(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        fields = {str(name): self.theirs(path) for name, path in rule.parts}
        if not (rule.parts and (rule.boolean or rule.many)):
            slot = self._to_value(slot, rule)
        names, lens, siblings = self.lenses.together(slot, rule, fields, self.theirs, place)
        ours = (slot, *(self.ours(name, place, self.parent(slot)) for name in siblings))
        silences = tuple(self.silence(rule if i == 0 else None, field) for i, field in enumerate(names))
        return Line(place, tuple(names), ours, Together(lens, silences, len(ours), self.policy(rule)))

    def _template(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        if not isinstance(rule.field, TheirPath):
            raise self.around.misfit(dx.LENS_MISFIT, "a template reads one field", place)
        field = self.theirs(rule.field)
        base = self.lenses.to_entry(slot)
        lens, paths = self.lenses.template(self, base, rule, place)
        fields = [field, *(self.theirs(path) for path in rule.also)]
        clause: Clause = Together(lens, (self.silence(rule, field),), len(paths), self.policy(rule))
        if rule.also:
            clause = Aliased(clause, len(fields))
        return Line(place, tuple(fields), tuple(paths), clause)

    def _shape(self, slot: OurSlot, rule: Rule, place: Any) -> Line:
        """A box, a point or any geometry: numbers in one field, or in the first of several that is there."""
        if (
            not isinstance(rule.field, TheirPath)
            or len([one for one in (rule.box, rule.point, rule.geometry) if one]) > 1
        ):
            raise self.around.misfit(dx.LENS_MISFIT, "a box, a point or a geometry reads one field", place)
        field = self.theirs(rule.field)
        slot = self.lenses.to_entry(slot)
        names, encodings = (geometry.BOX, rule.box) if rule.box else (geometry.POINT, rule.point)
        if rule.geometry:
            names = geometry.PARTS
            lens = self.lenses.made(lambda: geometry.AnyShape(tuple(map(str, rule.geometry))), place)
        else:
            lens = self.lenses.made(lambda: geometry.Shape(tuple(map(str, encodings)), names), place)
        ours = tuple(self.ours(name, place, slot) for name in names)
        clause: Clause = Together(lens, (self.silence(rule, field),), len(ours), self.policy(rule))
        fields = (field, *(self.theirs(path) for path in rule.also if path is not None))
        if len(fields) > 1:
            clause = Aliased(clause, len(fields))
        return Line(place, fields, ours, clause)
