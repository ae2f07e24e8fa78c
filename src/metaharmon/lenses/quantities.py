"""Quantities with units: one declared unit, units in the text, or a unit in a field of its own."""

from __future__ import annotations

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
    places_of,
    qualified,
    scaled,
    scaled_text,
    turned,
    unqualified,
)
from metaharmon.lenses.numbers import MARKS, bare_quantity, complement_said, draw_quantity, draw_ratio
from metaharmon.lenses.raws import ANY_FIELD, said, too_long
from metaharmon.model import scalars

Losses = tuple[tuple[int, Said], ...]
_SHIFTS = {1: 0, 10: 1, 100: 2, 1000: 3}


def in_base(number: str, ratio: Fraction, dimension: str, raw: Any) -> str:
    """The decimal in the base unit. Raises Malformed for parts of a byte and for values that have no end."""
    quick = _quick_base(number, ratio)
    if quick is not None and (dimension not in ("data", "ratio") or _is_plain(quick, dimension)):
        return quick
    value = exact_text(Fraction(number) * ratio)
    if value is None:
        raise Malformed(f"{shown(raw)} has no exact decimal in the base unit")
    if dimension == "data" and "." in value:
        why = f"{value} bytes (one unit is {ratio} bytes), and that is no whole number of bytes"
        raise Malformed(f"{shown(raw)} is {why}")
    try:
        scalars.normal_quantity({"value": value}, dimension)
    except ValueError as exc:
        raise Malformed(f"{shown(raw)} is {value} in the base unit: {exc}") from None
    return value


def _quick_base(number: str, ratio: Fraction) -> str | None:
    """The product where the ratio is whole, or a part of 10, 100 or 1000; None: not certain."""
    shift = _SHIFTS.get(ratio.denominator)
    if shift is None:
        return None
    units, places = scaled(number)
    return scaled_text(units * ratio.numerator, places + shift)


def _is_plain(value: str, dimension: str) -> bool:
    return "." not in value if dimension == "data" else value in ("0", "1") or value.startswith("0.")


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

    One of `unit` (the raw value is a bare number in it) and `in_text` (units that stand behind the number, as
    `100 MB`, `860MB`); a blank before an entry of `in_text` (` MB`) says that one is written between, both are read.
    `bytes` is 1000 or 1024. `target` is quantity ({value, bound?}) or decimal (the value alone). A value that no unit
    says exactly is refused. With `complement` (dimension ratio) ours is 1 less theirs, its bound turned round: an
    error rate of `<2%` is an accuracy of more than 0.98 (canonical schema, decision 18).
    """

    dimension: str
    unit: str | None = None
    bytes: int = 1000
    in_text: tuple[str, ...] = ()
    text: bool = False
    digits: int | None = None
    target: str = "quantity"
    spec: FieldSpec = ANY_FIELD
    complement: bool = False
    _form: NumberForm = field(init=False, repr=False, compare=False)
    _ratios: tuple[tuple[str, Fraction], ...] = field(init=False, repr=False, compare=False)
    _longest: tuple[tuple[str, Fraction], ...] = field(init=False, repr=False, compare=False)
    _blank: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if bool(self.unit) == bool(self.in_text):
            raise ValueError("a quantity has one unit, or units in its text, and not both")
        if self.target not in ("quantity", "decimal"):
            raise ValueError(f"{shown(self.target)} is no target of a quantity; it is quantity or decimal")
        if self.complement and self.dimension != "ratio":
            raise ValueError(f"only a ratio has a complement, not a quantity of {self.dimension}")
        names = [self.unit] if self.unit else [entry.removeprefix(" ") for entry in self.in_text]
        ratios = tuple((name, units.ratio(name, self.dimension, self.bytes)) for name in names)
        if len(set(names)) < len(names):
            raise ValueError("a unit stands twice")
        blank = " " if self.in_text and self.in_text[0].startswith(" ") else ""
        form = NumberForm(self.text or bool(self.in_text), self.digits, None, self.spec)
        longest = tuple(sorted(ratios, key=lambda entry: -len(entry[0])))
        for name, made in (("_ratios", ratios), ("_longest", longest), ("_blank", blank), ("_form", form)):
            object.__setattr__(self, name, made)

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of numbers, units and marks."""
        return self._form.alphabet | MARKS | frozenset("".join(self.in_text) + " ")

    def read(self, raw: Any) -> Any:
        bound, plain, ratio = None, raw, self._ratios[0][1]
        if self._form.text:
            if raw.__class__ is not str:
                raise Malformed(f"{shown(raw)} is not a text that shows a quantity")
            plain, ratio = self._split(raw)
            if self.target == "quantity":
                plain, bound = unqualified(plain)
        value = in_base(self._form.read(plain), ratio, self.dimension, raw)
        if self.complement:
            try:
                value, bound = complement(value), turned(bound)
            except ValueError as exc:
                raise Malformed(f"{shown(raw)}: {exc}") from None
        if self.target == "decimal":
            return value
        return {"value": value, "bound": bound} if bound else {"value": value}

    def _split(self, raw: str) -> tuple[str, Fraction]:
        """The number text and the ratio of the unit behind it; the longest unit that fits."""
        if not self.in_text:
            return raw, self._ratios[0][1]
        for name, ratio in self._longest:
            if raw.endswith(name):
                return raw[: -len(name)].removesuffix(" "), ratio
        raise Malformed(f"{shown(raw)} ends in none of the units {', '.join(name for name, _ in self._ratios)}")

    def write(self, value: Any) -> Any:
        if self.target == "decimal":
            number, bound, parts = value, None, ()
        else:
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
            raw = qualified(raw, bound) + (f"{self._blank}{symbol}" if self.in_text else "")
        if too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        return said(raw, parts)

    def raws(self, draw: Draw) -> Any:
        number = draw.choice(("100", "860", "1.6", "1", "0", "18972", "1024", "0.5"))
        unit = draw.choice(("", " ")) + draw.choice(self._ratios)[0] if self.in_text else ""
        mark = draw.choice(("", "", "约", ">", "≥")) if self._form.text and self.target == "quantity" else ""
        raw: Any = f"{mark}{number}{unit}" if self._form.text else NumberForm().write(number)
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> Any:
        number = draw_base(draw, self.dimension, self._ratios)
        return number if self.target == "decimal" else draw_quantity(draw, number)


def draw_base(draw: Draw, dimension: str, ratios: tuple[tuple[str, Fraction], ...]) -> str:
    """A value in the base unit: mostly a simple number of some unit."""
    if dimension == "ratio":
        return draw_ratio(draw)
    value = None
    if not draws.odd(draw):
        value = exact_text(Fraction(draw.choice((1, 2, 100, 1000, 1536))) * draw.choice(ratios)[1])
    value = value or draws.decimal(draw)
    return value.partition(".")[0] if dimension == "data" else value


@dataclass(frozen=True)
class QuantityWithUnit(CellLens):
    """Numbers of theirs and one unit field for all of them ⇄ quantities. Class R.

    Slots of theirs: `count` numbers, then the unit; of ours: `count` quantities. `units` maps raw unit codes to unit
    symbols (ours of the table). Values that share the unit are written in the largest unit in which all are whole.
    """

    dimension: str
    units: CodeTable
    count: int = 1
    bytes: int = 1000
    text: bool = False
    digits: int | None = None
    target: str = "quantity"
    spec: FieldSpec = ANY_FIELD
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
        read = {pair.ours: units.ratio(pair.ours, self.dimension, self.bytes) for pair in self.units.pairs}
        object.__setattr__(self, "_read", read)
        object.__setattr__(self, "_ratios", tuple((symbol, read[symbol]) for symbol in self.units.codes))
        object.__setattr__(self, "_form", NumberForm(self.text, self.digits, None, self.spec))

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        *numbers, unit = raws
        if all(raw is MISSING for raw in numbers):
            return (None,) * self.count
        if unit is MISSING:
            raise Malformed("the number stands without its unit")
        ratio = self._read[self.units.read(unit)]
        return tuple(None if raw is MISSING else self._one(raw, ratio) for raw in numbers)

    def _one(self, raw: Any, ratio: Fraction) -> Any:
        plain, bound = raw, None
        if self.text and self.target == "quantity" and raw.__class__ is str:
            plain, bound = unqualified(raw)
        value = in_base(self._form.read(plain), ratio, self.dimension, raw)
        if self.target == "decimal":
            return value
        return {"value": value, "bound": bound} if bound else {"value": value}

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], Losses]:
        losses: list[tuple[int, Said]] = []
        bare: dict[int, tuple[str, str | None]] = {}
        for slot, value in enumerate(values):
            if value is None:
                continue
            try:
                plain = self.target == "decimal"
                number, bound, parts = (value, None, ()) if plain else bare_quantity(value, self.text)
            except Unsayable as exc:
                losses.append((slot, Said(MISSING, "omitted", str(exc))))
                continue
            bare[slot] = (number, bound)
            losses.extend((slot, part) for part in parts)
        raws: list[Any] = [MISSING] * (self.count + 1)
        if bare:
            symbol, texts = best_unit([number for number, _ in bare.values()], list(self._ratios))
            for (slot, (_, bound)), text in zip(bare.items(), texts, strict=True):
                raws[slot] = self._form.write(text)
                if self.text:
                    raws[slot] = qualified(raws[slot], bound)
            raws[-1] = self.units.write(symbol)
        return tuple(raws), tuple(losses)

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
        made = [n if self.target == "decimal" else draw_quantity(draw, n) for n in numbers]
        return tuple(None if draws.odd(draw) else value for value in made)
