"""The lens of a rule that takes several values together: parts of a record's fields, or parts of one text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from metaharmon.lenses.base import FieldSpec, ValueLens
from metaharmon.lenses.durations import DurationParts
from metaharmon.lenses.flags import Apart, Flags
from metaharmon.lenses.frequencies import FrequencyParts
from metaharmon.lenses.money import STATED, YUAN, Amount, Money
from metaharmon.lenses.numbers import TwoNumbers
from metaharmon.lenses.quantities import QuantityWithUnit
from metaharmon.lenses.recognisers import MediaTypeName
from metaharmon.lenses.templates import Template, TemplateForm
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import TheirSlot
from metaharmon.mapping.raw import our_constant
from metaharmon.mapping.syntax import Rule
from metaharmon.mapping.values import LensMaker, text_of
from metaharmon.model import scalars, shape


@dataclass(frozen=True)
class SeveralMaker(LensMaker):
    """Makes the lenses of one field and of several together, for one dialect."""

    def together(
        self, slot: OurSlot, rule: Rule, parts: dict[str, TheirSlot], field_of: Callable[[Any], TheirSlot], place: Any
    ) -> tuple[list[TheirSlot], Any, tuple[str, ...]]:
        """Fields, lens and sibling paths of ours (`currency`) of a rule with several fields."""
        if rule.boolean is not None:
            return list(parts.values()), self._flags(slot, rule, parts, place), ()
        if rule.many is not None and parts:
            return list(parts.values()), self._apart(slot, rule, parts, place), ()
        if rule.money is not None:
            return self._money(slot, rule, parts, field_of, place)
        if rule.number is not None and rule.number.upper is not None and rule.field is not None:
            self._needs(slot.node, ("decimal",), "number", place)
            return [field_of(rule.field)], TwoNumbers(), (str(rule.number.upper),)
        if rule.quantity is not None:
            return self._with_unit(slot, rule, parts, field_of, place)
        said = rule.duration or rule.frequency
        if said is not None and set(parts) == {"count", "unit"} and said.units is not None:
            table = self.tables.table(said.units, parts["unit"].spec, "keep", scalars.normal_duration)
            count = parts["count"].spec
            text = count.types[:1] == ("string",)
            lens = (
                (lambda: DurationParts(table, text, count))
                if rule.duration
                else (lambda: FrequencyParts(str(said.form), table, text, count))
            )
            return [parts["count"], parts["unit"]], self.made(lens, place), ()
        raise self.misfit(
            "`parts` go with quantity (value, unit), with duration and frequency (count, unit) and `units`, "
            "with boolean (one flag for each element of a list) or with many: list (one field for each entry)",
            place,
        )

    def _flags(self, slot: OurSlot, rule: Rule, parts: dict[str, TheirSlot], place: Any) -> Flags:
        node = slot.node
        if not (isinstance(node, shape.ListOf) and node.kind == "bag"):
            raise self.misfit(f"flags fill a list without order, and '{slot.text}' is none", place)
        inner = self._element(node.item, replace(rule, boolean=None), FieldSpec(), place)
        switch = shape.Scalar("boolean")
        flags = tuple(self._boolean(switch, rule, field.spec, place) for field in parts.values())
        return self.made(lambda: Flags(tuple(parts), flags, inner), place)

    def _apart(self, slot: OurSlot, rule: Rule, parts: dict[str, TheirSlot], place: Any) -> Apart:
        node = slot.node
        if not isinstance(node, shape.ListOf) or str(rule.many) != "list":
            raise self.misfit(f"a field for each entry fills a list (many: list), and '{slot.text}' is none", place)
        plain = replace(rule, parts=(), many=None)
        inner = tuple(self._element(node.item, plain, field.spec, place) for field in parts.values())
        return self.made(lambda: Apart(inner, node.kind == "bag"), place)

    def _money(
        self, slot: OurSlot, rule: Rule, parts: dict[str, TheirSlot], field_of: Callable[[Any], TheirSlot], place: Any
    ) -> Any:
        self._needs(slot.node, ("decimal",), "money", place)
        said = rule.money
        amount = parts.get("amount") or field_of(rule.field)
        currency_path = said.currency_field  # type: ignore[union-attr]
        fields = (
            [amount]
            if currency_path is None and "currency" not in parts
            else [amount, parts.get("currency") or field_of(currency_path)]
        )
        lens = self._amount(rule, amount.spec, len(fields) == 2, place)
        return fields, lens, ("currency",) if lens.states is None else ("currency", "state")

    def _amount(self, rule: Rule, spec: FieldSpec, with_field: bool, place: Any) -> Money:
        """The lens of an amount."""
        said = rule.money
        default = text_of(said.currency) or text_of(self.defaults.currency)  # type: ignore[union-attr]
        unit = text_of(said.unit)  # type: ignore[union-attr]
        if default is None and unit is not None:
            default = YUAN
        text = said.text or spec.types[:1] == ("string",)  # type: ignore[union-attr]
        states = None
        if said.states is not None:  # type: ignore[union-attr]
            states = self.tables.table(said.states, spec, "keep")  # type: ignore[union-attr]
        decimal = str(said.decimal or ".")  # type: ignore[union-attr]
        return self.made(
            lambda: Money(unit, default, said.digits, text, None, with_field, None, spec, states, decimal),  # type: ignore[union-attr]
            place,
        )

    def _with_unit(
        self, slot: OurSlot, rule: Rule, parts: dict[str, TheirSlot], field_of: Callable[[Any], TheirSlot], place: Any
    ) -> Any:
        said = rule.quantity
        value = parts.get("value") or (field_of(rule.field) if rule.field is not None else None)
        unit = parts.get("unit") or (field_of(said.unit_field) if said.unit_field else None)  # type: ignore[union-attr]
        if value is None or unit is None or said.units is None:  # type: ignore[union-attr]
            raise self.misfit(
                "a quantity with a unit field needs the value, the unit and `units:`, their code table", place
            )
        codes = self.tables.said(said.units).pairs  # type: ignore[union-attr]
        dimension, target = self._dimension(slot.node, place, [code for code, _ in codes])
        table = self.tables.table(said.units, unit.spec, "keep", _any_unit)  # type: ignore[union-attr]
        text = said.text or value.spec.types[:1] == ("string",)  # type: ignore[union-attr]
        decimal = str(said.decimal or ".")  # type: ignore[union-attr]
        lens = self.made(
            lambda: QuantityWithUnit(dimension, table, 1, self._bytes(said), text, None, target, value.spec, decimal),
            place,
        )
        return [value, unit], lens, ()

    # --- templates ---------------------------------------------------------------------------------------------------

    def template(self, binder: Any, base: OurSlot, rule: Rule, place: Any) -> tuple[Any, list[OurSlot]]:
        """A template lens and the slots of ours that its parts and constants fill."""
        types = {str(name): below for name, below in rule.types}
        lenses: dict[str, ValueLens] = {}
        slots: dict[str, OurSlot] = {}
        forms = []
        for said in rule.template:
            names = _part_names(str(said.form or ""))
            for name in names:
                if name not in lenses:
                    slots[name], lenses[name] = self._part(binder, base, name, types.get(name), len(names) == 1, place)
            constants = []
            for name in names:
                if isinstance(lenses[name], Amount):
                    constants.extend(self._beside_amount(binder, slots, name, lenses[name], said.set, place))
            for path, text in said.set:
                slot = slots.get(str(path)) or binder.ours(path, place, base)
                slots[str(path)] = slot
                constants.append(
                    (
                        str(path),
                        self.made(
                            lambda slot=slot, text=text: our_constant(str(text), slot.node, self.language), place
                        ),
                    )
                )
            alike = tuple((str(path), str(part)) for path, part in said.same)
            for path, part in alike:
                if path not in slots:
                    slots[path], _ = self._part(binder, base, path, types.get(path, types.get(part)), False, place)
            forms.append(TemplateForm(str(said.form or ""), tuple(constants), alike))
        lens = self.made(lambda: Template(tuple(forms), tuple(lenses.items())), place)
        return lens, [slots[name] for name in lens.names]

    def _beside_amount(
        self, binder: Any, slots: dict[str, OurSlot], name: str, lens: Any, said: Any, place: Any
    ) -> list[tuple[str, Any]]:
        """What an amount in a text says beside: its currency, and that it is a stated price; constants of the form."""
        base = binder.parent(slots[name])
        named = {binder.ours(path, place, base).steps for path, _ in said}
        out = []
        for member, value in (("currency", lens.money.currency), ("state", STATED)):
            slot = binder.ours(member, place, base)
            if slot.steps not in named:
                slots[member] = slot
                out.append((member, value))
        return out

    def _part(
        self, binder: Any, base: OurSlot, name: str, rule: Rule | None, alone: bool, place: Any
    ) -> tuple[OurSlot, ValueLens]:
        """The slot and lens of a part: a member of the path's group, a key of its map, or the path's own value."""
        rule = rule or Rule(place=place)
        node = base.node
        member = isinstance(node, shape.Group) and (name in node.members or "." in name)
        member = member or (isinstance(node, shape.Keyed) and node.accepts(name))
        slot = binder.ours(name, place, base) if member else base
        slot = self.to_value(slot, rule)
        if rule.money is not None:
            self._needs(slot.node, ("decimal",), "money", place)
            if rule.money.currency_field is not None or rule.money.states is not None:
                raise self.misfit("an amount inside a text has neither a currency field nor states", place)
            return slot, Amount(self._amount(rule, FieldSpec(("string",)), False, place))
        if str(rule.note) == "media_type" and getattr(slot.node, "form", None) is None:
            return slot, MediaTypeName()
        return slot, self.value(slot, rule, FieldSpec(), place)


def _part_names(form: str) -> list[str]:
    """The names of the parts of a form, in order."""
    out, rest = [], form
    while "{" in rest:
        _, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        out.append(name)
    return out


def _any_unit(code: str) -> None:
    from metaharmon import units

    if not any(code in symbols for symbols in units.table().values()):
        raise ValueError(f"'{code}' is no unit of schemas/units.yaml")
