"""Quantities with units: one declared unit, units in the text, or a unit in a field of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from metaharmon import units
from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.codes import CodeTable
from metaharmon.lenses.grammar import (
    NumberForm,
    complement,
    exact_text,
    json_decimal,
    places_of,
    qualified,
    scaled,
    scaled_text,
    turned,
)
from metaharmon.lenses.numbers import (
    MARKS,
    WHOLE,
    bare_quantity,
    check_dimension,
    check_range,
    complement_said,
    draw_quantity,
    draw_ratio,
    quantity_of,
)
from metaharmon.lenses.numerals import Numeral, Numerals, implied, whole
from metaharmon.lenses.raws import ANY_FIELD, said, too_long

Losses = tuple[tuple[int, Said], ...]
_SHIFTS = {1: 0, 10: 1, 100: 2, 1000: 3}
SHORT = ("KB", "MB", "GB", "TB", "PB")
"""The units of data that a letter alone stands for, where the mapping says what K means."""


def in_base(number: str, ratio: Fraction, dimension: str, raw: Any) -> str:
    """The decimal in the base unit. Raises Malformed for parts of a byte and for values that have no end."""
    return about_base(number, ratio, dimension, raw, None, False)[0]


def about_base(
    number: str, ratio: Fraction, dimension: str, raw: Any, bound: str | None, rounds: bool = True
) -> tuple[str, str | None]:
    """The decimal in the base unit, and its bound. Raises Malformed for values that have no end.

    A size that is no whole number of bytes was rounded by whoever wrote it (`1.3 GB` by 1024): it is about the
    nearest one. Raises Malformed for parts of a byte itself, and where nothing `rounds`.
    """
    quick = _quick_base(number, ratio)
    if quick is not None and (dimension not in ("data", "ratio", "count") or _is_plain(quick, dimension)):
        return quick, bound
    value = exact_text(Fraction(number) * ratio)
    if value is None:
        raise Malformed(f"{shown(raw)} has no exact decimal in the base unit")
    if dimension == "data" and "." in value and value[0] != "-":
        if not rounds or ratio <= 1 or value.startswith("0."):
            why = f"{value} bytes (one unit is {ratio} bytes), and that is no whole number of bytes"
            raise Malformed(f"{shown(raw)} is {why}")
        rounded, bound = whole(Fraction(number) * ratio, bound)
        return str(rounded), bound
    check_dimension(value, dimension, raw)
    return value, bound


def _quick_base(number: str, ratio: Fraction) -> str | None:
    """The product where the ratio is whole, or a part of 10, 100 or 1000; None: not certain."""
    shift = _SHIFTS.get(ratio.denominator)
    if shift is None:
        return None
    units, places = scaled(number)
    return scaled_text(units * ratio.numerator, places + shift)


def _of_decimal(dimension: str) -> str:
    """What a bare decimal of ours is held to: a price for half a thousand calls is one, so it need not be whole."""
    return "" if dimension == "count" else dimension


def _is_plain(value: str, dimension: str) -> bool:
    return "." not in value if dimension in WHOLE else value in ("0", "1") or value.startswith("0.")


def quick_unit(number: str, symbols: tuple[tuple[str, Fraction], ...]) -> tuple[str, str] | None:
    """`best_unit` of one number: a whole one in whole units, or any in the one unit there is; None: not certain."""
    if len(symbols) == 1:
        symbol, ratio = symbols[0]
        if ratio.numerator == 1 and ratio.denominator in _SHIFTS:
            units, places = scaled(number)
            shift = _SHIFTS[ratio.denominator]
            text = scaled_text(units * 10 ** max(0, shift - places), max(0, places - shift))
            return None if text is None else (symbol, text)
    if "." in number or number[:1] in "0-":
        return None
    value, best = int(number), None
    for symbol, ratio in symbols:
        if ratio.denominator != 1:
            return None
        size = ratio.numerator
        if value % size == 0 and (best is None or size > best[1]):
            best = (symbol, size)
    return None if best is None else (best[0], str(value // best[1]))


def best_unit(numbers: list[str], symbols: list[tuple[str, Fraction]]) -> tuple[str, list[str]]:
    """The unit in which values (in the base unit) are written, and the values in it. Raises Unsayable.

    It is the largest one in which all are whole; if none is, the largest with the fewest fraction digits. Zeros alone
    are written in the smallest.
    """
    ranked: list[tuple[int, Fraction, str, list[str]]] = []
    zero = all(number == "0" for number in numbers)
    for symbol, ratio in symbols:
        texts = [exact_text(Fraction(number) / ratio) for number in numbers]
        whole = [text for text in texts if text is not None]
        if len(whole) == len(texts):
            ranked.append((max(map(places_of, whole)), ratio if zero else -ratio, symbol, whole))
    if not ranked:
        raise Unsayable(f"{' and '.join(numbers)} cannot be written exactly in the units that the field takes")
    _, _, symbol, whole = min(ranked, key=lambda entry: entry[:2])  # of equal units the first declared
    return symbol, whole


@dataclass(frozen=True)
class Quantity(ValueLens):
    """A number in one unit, or a text with its unit ⇄ a quantity in the base unit of its dimension. Class R.

    `unit` is what a bare number is in; `in_text` are units that stand behind the number, as `100 MB`, `860MB`; a blank
    before an entry of `in_text` (` MB`) says that one is written between, both are read. With both, a number without
    a unit is read in `unit`. `also` are units that are read, too, and never written. `bytes` is 1000 or 1024 where the
    mapping says so: then K, M, G, T and P alone are read as KB to PB. A text is read as people write it (`numerals`);
    `decimal` is the sign before the fraction. `target` is quantity ({value, bound?, upper?}) or decimal (the value
    alone). A value that no unit says exactly is refused. With `complement` (dimension ratio) ours is 1 less theirs,
    its bound turned round: an error rate of `<2%` is an accuracy of more than 0.98 (canonical schema, decision 18).
    """

    dimension: str
    unit: str | None = None
    bytes: int | None = None
    in_text: tuple[str, ...] = ()
    text: bool = False
    digits: int | None = None
    target: str = "quantity"
    spec: FieldSpec = ANY_FIELD
    complement: bool = False
    also: tuple[str, ...] = ()
    decimal: str = "."
    _form: NumberForm = field(init=False, repr=False, compare=False)
    _ratios: tuple[tuple[str, Fraction], ...] = field(init=False, repr=False, compare=False)
    _numerals: Numerals = field(init=False, repr=False, compare=False)
    _blank: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (self.unit or self.in_text):
            raise ValueError("a quantity has a unit, or units in its text")
        if self.also and not self.in_text:
            raise ValueError("units that are read, too, go with units in the text")
        if self.target not in ("quantity", "decimal"):
            raise ValueError(f"{shown(self.target)} is no target of a quantity; it is quantity or decimal")
        if self.complement and self.dimension != "ratio":
            raise ValueError(f"only a ratio has a complement, not a quantity of {self.dimension}")
        written = [entry.removeprefix(" ") for entry in self.in_text] or [str(self.unit)]
        ratios, read = self._of(written), self._of([*written, *self.also])
        if len(read) < len(written) + len(self.also):
            raise ValueError("a unit stands twice")
        blank = " " if self.in_text and self.in_text[0].startswith(" ") else ""
        form = NumberForm(self.text or bool(self.in_text), self.digits, None, self.spec, self.decimal)
        bare = self._of([self.unit])[self.unit] if self.unit else None
        if self.bytes is not None and self.dimension == "data" and self.in_text:
            read = {**{short[0]: ratio for short, ratio in self._of(SHORT).items()}, **read}
        numerals = Numerals(
            tuple(read.items()), bare, self.decimal, self.dimension != "ratio", self.target == "quantity"
        )
        made = (("_ratios", tuple(ratios.items())), ("_numerals", numerals), ("_blank", blank), ("_form", form))
        for name, value in made:
            object.__setattr__(self, name, value)

    def _of(self, names: Iterable[str]) -> dict[str, Fraction]:
        return {name: units.ratio(name, self.dimension, self.bytes or 1000) for name in names}

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of numbers, units and marks."""
        return self._form.alphabet | MARKS | frozenset("".join(self.in_text) + " ")

    def read(self, raw: Any) -> Any:
        said = self._said(raw)
        if self.target == "decimal":
            value, bound = in_base(said.number, said.factor, _of_decimal(self.dimension), raw), None
        else:
            value, bound = about_base(said.number, said.factor, self.dimension, raw, said.bound)
        upper = None if said.upper is None else in_base(*said.upper, self.dimension, raw)
        if self.complement:
            try:
                value, bound = complement(value), turned(bound)
                value, upper = (value, None) if upper is None else (complement(upper), value)
            except ValueError as exc:
                raise Malformed(f"{shown(raw)}: {exc}") from None
        return value if self.target == "decimal" else quantity_of(value, upper, bound)

    def _said(self, raw: Any) -> Numeral:
        """The number, in which unit, and its bound. Raises Malformed."""
        form = self._form
        if raw.__class__ is str and (form.text or "string" in self.spec.types):
            return self._numerals.read(raw)
        if self.in_text and self.unit is None:
            raise Malformed(f"{shown(raw)} is not a text that shows a quantity")
        number = json_decimal(raw) if self.in_text else form.read(raw)
        return Numeral(number, self._numerals.bare or self._ratios[0][1])

    def write(self, value: Any) -> Any:
        if self.target == "decimal":
            number, bound, parts = value, None, ()
        elif self._form.text and value.get("bound") == "between":
            return self._range(value)
        else:
            found = self._implied(value)
            if found is not None:
                return found
            number, bound, parts = bare_quantity(value, self._form.text)
        if self.complement:
            number, bound = complement_said(number), turned(bound)
        quick = quick_unit(number, self._ratios)
        if quick is not None:
            symbol, text = quick
        else:
            symbol, (text,) = best_unit([number], list(self._ratios))
        raw = self._form.write(text)
        if self._form.text:
            raw = self._with_unit(qualified(raw, bound), symbol)
        return said(self._fitting(raw), parts)

    def _implied(self, value: dict[str, Any]) -> Any:
        """A size that is about so many bytes, as a number of a unit that is rounded itself; None: there is none."""
        if self.dimension != "data" or value.get("bound") != "about":
            return None
        found = implied(value["value"], self._ratios, self.digits)
        if found is None:
            return None
        try:
            raw = self._form.write(found[1])
        except Unsayable:
            return None
        raw = self._with_unit(raw, found[0]) if self._form.text else raw
        return None if too_long(raw, self.spec) else raw

    def _range(self, value: dict[str, Any]) -> str:
        ends = [value["value"], value["upper"]]
        if self.complement:
            ends = [complement_said(end) for end in reversed(ends)]
        check_range(*ends)
        symbol, texts = best_unit(ends, list(self._ratios))
        return str(self._fitting(self._with_unit("-".join(map(self._form.write, texts)), symbol)))

    def _with_unit(self, text: str, symbol: str) -> str:
        return f"{text}{self._blank}{symbol}" if self.in_text else text

    def _fitting(self, raw: Any) -> Any:
        if too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        return raw

    def raws(self, draw: Draw) -> Any:
        number = draw.choice(("100", "860", "1.6", "1", "0", "18972", "1024", "0.5"))
        unit = draw.choice(("", " ")) + draw.choice(self._ratios)[0] if self.in_text else ""
        mark = draw.choice(("", "", "约", ">", "≥", "1-")) if self._form.text and self.target == "quantity" else ""
        raw: Any = f"{mark}{number}{unit}" if self._form.text else NumberForm().write(number)
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> Any:
        number = draw_base(draw, self.dimension, self._ratios)
        return number if self.target == "decimal" else draw_quantity(draw, number, self.dimension)


def draw_base(draw: Draw, dimension: str, ratios: tuple[tuple[str, Fraction], ...]) -> str:
    """A value in the base unit: mostly a simple number of some unit."""
    if dimension == "ratio":
        return draw_ratio(draw)
    value = None
    if not draws.odd(draw):
        value = exact_text(Fraction(draw.choice((1, 2, 100, 1000, 1536))) * draw.choice(ratios)[1])
    value = value or draws.decimal(draw)
    return value.partition(".")[0] if dimension in WHOLE else value


@dataclass(frozen=True)
class QuantityWithUnit(CellLens):
    """Numbers of theirs and one unit field for all of them ⇄ quantities. Class R.

    Slots of theirs: `count` numbers, then the unit; of ours: `count` quantities. `units` maps raw unit codes to unit
    symbols (ours of the table). Values that share the unit are written in the largest unit in which all are whole.
    """

    dimension: str
    units: CodeTable
    count: int = 1
    bytes: int | None = None
    text: bool = False
    digits: int | None = None
    target: str = "quantity"
    spec: FieldSpec = ANY_FIELD
    decimal: str = "."
    _form: NumberForm = field(init=False, repr=False, compare=False)
    _read: dict[str, Fraction] = field(init=False, repr=False, compare=False)
    """Of every unit; of those that are written:"""
    _ratios: tuple[tuple[str, Fraction], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a unit field goes with one value or more")
        if self.target not in ("quantity", "decimal"):
            raise ValueError(f"{shown(self.target)} is no target of a quantity; it is quantity or decimal")
        if not self.units.codes:
            raise ValueError(f"the table {self.units.name} has no unit")
        base = self.bytes or 1000
        read = {pair.ours: units.ratio(pair.ours, self.dimension, base) for pair in self.units.pairs}
        object.__setattr__(self, "_read", read)
        object.__setattr__(self, "_ratios", tuple((symbol, read[symbol]) for symbol in self.units.codes))
        object.__setattr__(self, "_form", NumberForm(self.text, self.digits, None, self.spec, self.decimal))

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        *numbers, unit = raws
        if all(raw is MISSING for raw in numbers):
            return (None,) * self.count
        if unit is MISSING:
            raise Malformed("the number stands without its unit")
        ratio = self._read[self.units.read(unit)]
        return tuple(None if raw is MISSING else self._one(raw, ratio) for raw in numbers)

    def _one(self, raw: Any, ratio: Fraction) -> Any:
        if raw.__class__ is str and (self.text or "string" in self.spec.types):
            marks = self.target == "quantity"
            said = Numerals((), ratio, self.decimal, self.dimension != "ratio", marks).read(raw)
        else:
            said = Numeral(self._form.read(raw), ratio)
        if self.target == "decimal":
            return in_base(said.number, said.factor, _of_decimal(self.dimension), raw)
        value, bound = about_base(said.number, said.factor, self.dimension, raw, said.bound)
        upper = None if said.upper is None else in_base(*said.upper, self.dimension, raw)
        return quantity_of(value, upper, bound)

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], Losses]:
        losses: list[tuple[int, Said]] = []
        said: dict[int, tuple[list[str], str | None]] = {}
        for slot, value in enumerate(values):
            if value is None:
                continue
            try:
                numbers, bound, parts = self._bare(value)
            except Unsayable as exc:
                losses.append((slot, Said(MISSING, "omitted", str(exc))))
                continue
            said[slot] = (numbers, bound)
            losses.extend((slot, part) for part in parts)
        raws: list[Any] = [MISSING] * (self.count + 1)
        found = self._implied(values)
        if found is not None:
            return found, ()
        if said:
            symbol, texts = best_unit([number for numbers, _ in said.values() for number in numbers], [*self._ratios])
            left = list(texts)
            for slot, (numbers, bound) in said.items():
                shown_numbers = [self._form.write(left.pop(0)) for _ in numbers]
                raws[slot] = shown_numbers[0] if len(shown_numbers) == 1 else "-".join(shown_numbers)
                if self.text:
                    raws[slot] = qualified(raws[slot], bound)
            raws[-1] = self.units.write(symbol)
        return tuple(raws), tuple(losses)

    def _bare(self, value: Any) -> tuple[list[str], str | None, tuple[Said, ...]]:
        """The numbers of a value, the bound that is written with it, and what is lost. Raises Unsayable."""
        if self.target == "decimal":
            return [value], None, ()
        if self.text and value.get("bound") == "between":
            check_range(value["value"], value["upper"])
            return [value["value"], value["upper"]], None, ()
        number, bound, parts = bare_quantity(value, self.text)
        return [number], bound, parts

    def _implied(self, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """One size that is about so many bytes, as a number of a unit that is rounded itself; None: there is none."""
        value = values[0] if self.count == 1 else None
        if self.dimension != "data" or value.__class__ is not dict or value.get("bound") != "about":
            return None
        found = implied(value["value"], self._ratios, self.digits)
        try:
            return None if found is None else (self._form.write(found[1]), self.units.write(found[0]))
        except Unsayable:
            return None

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the slots of theirs."""
        numbers = [draw.choice(("1", "100", "1.6", "0", "1000")) for _ in range(self.count)]
        raws = [number if self.text else NumberForm().write(number) for number in numbers]
        cell = [*raws, draw.choice(self.units.spellings)]
        if draws.odd(draw):
            slot = draw.integer(0, self.count)
            cell[slot] = draw.choice((MISSING, draws.spoiled(draw, cell[slot])))
        return tuple(cell)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Values of the slots of ours."""
        numbers = [draw_base(draw, self.dimension, self._ratios) for _ in range(self.count)]
        made = [n if self.target == "decimal" else draw_quantity(draw, n, self.dimension) for n in numbers]
        return tuple(None if draws.odd(draw) else value for value in made)
