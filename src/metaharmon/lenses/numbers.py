"""Booleans and numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.grammar import (
    HOLDS,
    QUALIFIERS,
    NumberForm,
    complement,
    exact_text,
    qualified,
    rounded,
    turned,
)
from metaharmon.lenses.numerals import Numeral, Numerals
from metaharmon.lenses.raws import ANY_FIELD, Key, is_scalar, key, omitted, said, too_long
from metaharmon.model import scalars

TARGETS = ("decimal", "integer", "quantity")
WHOLE = ("data", "count")
"""The dimensions of which there are no parts, and nothing below 0."""
MARKS = frozenset("".join(f"{before}{after}" for before, after, _ in QUALIFIERS))


@dataclass(frozen=True)
class Boolean(ValueLens):
    """Their words for yes and no ⇄ true and false. Class R: all are read, the first of each is written.

    `true` and `false` are raw JSON scalars, matched strictly: `1`, `"1"` and `true` are three words.
    """

    true: tuple[Any, ...]
    false: tuple[Any, ...]
    _keys: tuple[tuple[Key, ...], tuple[Key, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.true or not self.false:
            raise ValueError("a boolean needs a word for true and one for false")
        keys = (tuple(map(key, self.true)), tuple(map(key, self.false)))
        if len({*keys[0], *keys[1]}) < len(keys[0]) + len(keys[1]):
            raise ValueError("a word of a boolean stands twice")
        object.__setattr__(self, "_keys", keys)

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """When there is one word for each."""
        return len(self.true) == len(self.false) == 1

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of the words."""
        return frozenset("".join(w for w in (*self.true, *self.false) if w.__class__ is str))

    def read(self, raw: Any) -> bool:
        found = key(raw) if is_scalar(raw) else None
        if found in self._keys[0]:
            return True
        if found in self._keys[1]:
            return False
        raise Malformed(f"{shown(raw)} is none of the words for true and false")

    def write(self, value: bool) -> Any:
        return self.true[0] if value else self.false[0]

    def raws(self, draw: Draw) -> Any:
        raw = draw.choice((*self.true, *self.false))
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> bool:
        return draw.choice((True, False))


@dataclass(frozen=True)
class TwoNumbers(CellLens):
    """A list of two numbers of theirs ⇄ two decimals of ours. Slots of theirs: (list); of ours: (first, second).
    Class R."""

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        raw = raws[0]
        if raw is MISSING:
            return None, None
        if raw.__class__ is not list or len(raw) != 2:
            raise Malformed(f"{shown(raw)} is no list of two numbers")
        form = NumberForm()
        return form.read(raw[0]), form.read(raw[1])

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if None in values:
            raise Unsayable("the field takes two numbers, and one of them is not known")
        form = NumberForm()
        return ([form.write(value) for value in values],), ()

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the slots of theirs."""
        raw: Any = [draw.integer(0, 9), draw.integer(10, 99)]
        return (draw.choice((raw[:1], [*raw, 1], ["a", 1], 7)) if draws.odd(draw) else raw,)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Two numbers of ours."""
        return None if draws.odd(draw) else draws.decimal(draw), draws.decimal(draw)


@dataclass(frozen=True)
class Number(ValueLens):
    """A number of theirs ⇄ a decimal text, an integer or a quantity of ours. Class R; L with `round`.

    With `text` theirs is a text, else a JSON number; `digits` fraction digits are written, exactly so many; `group`
    separates thousands of a text. A value that needs more digits is refused, or rounded with `round="half_up"`
    (halves away from zero). Outside `minimum`..`maximum` nothing is read or written. For the target quantity a text
    is read as people write it (`numerals`): grouped, with 万 or 亿, with a mark such as 约, ≥ or 余, which is its
    `bound`, or with two ends; `decimal` is the sign before the fraction there, and `dimension` that of ours (a count
    is whole, and not below 0). With `complement` ours is 1 less theirs, its bound turned round (canonical schema,
    decision 18); digits, minimum and maximum are about theirs.
    """

    target: str = "decimal"
    digits: int | None = None
    group: str | None = None
    text: bool = False
    minimum: str | int | None = None
    maximum: str | int | None = None
    round: str | None = None
    spec: FieldSpec = ANY_FIELD
    complement: bool = False
    dimension: str | None = None
    decimal: str = "."
    _form: NumberForm = field(init=False, repr=False, compare=False)
    _numerals: Numerals = field(init=False, repr=False, compare=False)
    _simple: bool = field(init=False, repr=False, compare=False)
    """Whether any whole number that is a text is a quantity."""
    _limits: tuple[Fraction | None, Fraction | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.complement and self.target == "integer":
            raise ValueError("only a ratio has a complement, not an integer")
        if self.target not in TARGETS:
            raise ValueError(f"{shown(self.target)} is no target of a number; it is one of {', '.join(TARGETS)}")
        if self.round not in (None, "half_up"):
            raise ValueError(f"numbers are rounded half_up or not at all, not {shown(self.round)}")
        if self.round and self.digits is None:
            raise ValueError("round needs digits")
        low, high = (None if limit is None else Fraction(limit) for limit in (self.minimum, self.maximum))
        object.__setattr__(self, "_limits", (low, high))
        if low is not None and high is not None and low > high:
            raise ValueError(f"the minimum {self.minimum} is above the maximum {self.maximum}")
        form = NumberForm(self.text, self.digits, self.group, self.spec, self.decimal)
        object.__setattr__(self, "_form", form)
        simple = self.text and not self.complement and self.dimension != "ratio" and (low, high) == (None, None)
        object.__setattr__(self, "_simple", simple)
        object.__setattr__(self, "_numerals", Numerals(decimal=self.decimal, multiples=self.dimension != "ratio"))

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of a number, and of marks where they are read."""
        marks = MARKS if self.target == "quantity" and self.text else frozenset()
        return self._form.alphabet | marks

    def read(self, raw: Any) -> Any:
        if self.target == "quantity":
            return self._quantity(raw)
        value = self._checked(self._form.read(raw), raw)
        if self.target == "integer":
            if "." in value:
                raise Malformed(f"{shown(raw)} is not a whole number")
            return int(value)
        return self._complement(value, raw) if self.complement else value

    def _quantity(self, raw: Any) -> dict[str, Any]:
        if (
            self._simple
            and raw.__class__ is str
            and raw.isascii()
            and raw.isdigit()
            and raw[0] != "0"
            and len(raw) < 16
        ):
            return {"value": raw}  # most are such
        if raw.__class__ is not str or not (self.text or "string" in self.spec.types):
            said = Numeral(self._form.read(raw), Fraction(1))
        else:
            said = self._numerals.read(raw)
        value = self._checked(in_full(said.number, said.factor, raw), raw)
        upper = None if said.upper is None else self._checked(in_full(*said.upper, raw), raw)
        bound = said.bound
        if self.complement:
            value, bound = self._complement(value, raw), turned(bound)
            value, upper = (value, None) if upper is None else (self._complement(upper, raw), value)
        for number in (value, upper):
            check_dimension(number, self.dimension, raw)
        return quantity_of(value, upper, bound)

    def _checked(self, value: str, raw: Any) -> str:
        if self._outside(value):
            raise Malformed(f"{shown(raw)} is {self._limit()}")
        return value

    def _complement(self, value: str, raw: Any) -> str:
        try:
            return complement(value)
        except ValueError as exc:
            raise Malformed(f"{shown(raw)}: {exc}") from None

    def _outside(self, value: str) -> bool:
        low, high = self._limits
        if low is None and high is None:
            return False
        number = Fraction(value)
        return (low is not None and number < low) or (high is not None and number > high)

    def write(self, value: Any) -> Any:
        if self.target == "quantity":
            if self.text and value.get("bound") == "between":
                return self._range(value)
            number, bound, parts = bare_quantity(value, self.text)
        else:
            number, bound, parts = str(value), None, ()
        if self.complement:
            number, bound = complement_said(number), turned(bound)
        shown_number = number
        if self.round and self.digits is not None:
            shown_number = exact_text(rounded(Fraction(number), self.digits)) or number
        raw = self._form.write(self._sayable(shown_number))
        if self.text:
            raw = qualified(raw, bound)
        if too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        if shown_number != number:
            shown_number = complement(shown_number) if self.complement else shown_number
            parts = (self._rounding(shown_number), *parts)
        return said(raw, parts)

    def _range(self, value: dict[str, Any]) -> str:
        ends = [value["value"], value["upper"]]
        if self.complement:
            ends = [complement_said(end) for end in reversed(ends)]
        check_range(*ends)
        raw = "-".join(self._form.write(self._sayable(end)) for end in ends)
        if too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        return raw

    def _sayable(self, number: str) -> str:
        if self._outside(number):
            raise Unsayable(f"{number} is {self._limit()}")
        return number

    def _limit(self) -> str:
        if self.maximum is None:
            return f"less than {self.minimum}"
        return f"more than {self.maximum}" if self.minimum is None else f"not within {self.minimum} to {self.maximum}"

    def _rounding(self, number: str) -> Said:
        reason = f"rounded to the {self.digits} fraction digits that are written there"
        if self.target == "quantity":
            return Said(None, "changed", reason, number, ("value",))
        return Said(None, "changed", reason, int(number) if self.target == "integer" else number)

    def raws(self, draw: Draw) -> Any:
        if draws.odd(draw):
            return draws.spoiled(draw, draw.choice(("18,972", "12684500", "约1000", "1000余", "0.50", 12.5)))
        number = self._draw(draw)
        try:
            return self._form.write(number)
        except Unsayable:
            return number if self.text else 0

    def values(self, draw: Draw) -> Any:
        number = self._draw(draw)
        if self.target == "integer":
            return int(number)
        dimension = "ratio" if self.complement else self.dimension
        return draw_quantity(draw, number, dimension) if self.target == "quantity" else number

    def _draw(self, draw: Draw) -> str:
        if self.complement or self.dimension == "ratio":
            return draw_ratio(draw)
        number = draws.decimal(draw)
        return number.partition(".")[0] if self.target == "integer" or self.dimension in WHOLE else number


def in_full(number: str, factor: Fraction, raw: Any) -> str:
    """The decimal of a number with its factor. Raises Malformed when it needs too many digits."""
    value = number if factor == 1 else exact_text(Fraction(number) * factor)
    if value is None:
        raise Malformed(f"{shown(raw)} has more than {scalars.MAX_DIGITS} digits")
    return value


def check_dimension(number: str | None, dimension: str | None, raw: Any) -> None:
    """Raise Malformed for a count or a size that is not whole or below 0, and for a share beyond 0 to 1."""
    if number is None:
        return
    if dimension in WHOLE and (number[0] == "-" or "." in number):
        why = "below 0" if number[0] == "-" else "no whole number"
        raise Malformed(f"{shown(raw)} is {why}, and {'bytes are' if dimension == 'data' else 'a count is'} not")
    if dimension == "ratio":
        try:
            scalars.normal_ratio(number)
        except ValueError as exc:
            raise Malformed(str(exc)) from None


def quantity_of(value: str, upper: str | None, bound: str | None) -> dict[str, Any]:
    """A quantity of ours."""
    if upper is not None:
        return {"value": value, "upper": upper, "bound": "between"}
    return {"value": value, "bound": bound} if bound else {"value": value}


def check_range(low: str, high: str) -> None:
    """Raise Unsayable for two ends that would not be read back from `low-high`."""
    if low[0] == "-" or Fraction(low) >= Fraction(high):
        raise Unsayable(f"{low} and {high} are not written as a range, whose second number is the greater one")


def complement_said(number: str) -> str:
    """The complement of a number of ours. Raises Unsayable."""
    try:
        return complement(number)
    except ValueError as exc:
        raise Unsayable(str(exc)) from None


def draw_ratio(draw: Draw) -> str:
    """A ratio from 0 to 1."""
    return draw.choice(("0", "1", "0.999", "0.98", "0.12345"))


def bare_quantity(value: dict[str, Any], marks: bool) -> tuple[str, str | None, tuple[Said, ...]]:
    """The number of a quantity, the bound that is written with it, and what is lost. Raises Unsayable.

    Without marks (a JSON number) the bound is lost where the number itself keeps it (about, at least, at most);
    `more than 5` is not 5, and is not written. A range has no single number.
    """
    bound = value.get("bound")
    if bound == "between":
        raise Unsayable("the field holds one number, not a range")
    if bound is None or marks:
        return value["value"], bound, ()
    if bound not in HOLDS:
        raise Unsayable(f"the field holds a bare number, and {bound} {value['value']} is none")
    return value["value"], None, (omitted(f"the field holds a bare number, without '{bound}'", "bound"),)


def draw_quantity(draw: Draw, number: str, dimension: str | None = None) -> dict[str, Any]:
    """A quantity of that number, sometimes with a bound."""
    if draw.integer(0, 3):
        return {"value": number}
    bound = draw.choice(("about", "at_least", "more_than", "at_most", "less_than", "between"))
    if bound == "between" and not (dimension == "ratio" and number == "1"):
        return {"value": number, "upper": str(int(number.partition(".")[0]) + 1), "bound": bound}
    return {"value": number, "bound": "about" if bound == "between" else bound}
