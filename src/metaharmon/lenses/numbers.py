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
    unqualified,
)
from metaharmon.lenses.raws import ANY_FIELD, Key, is_scalar, key, omitted, said, too_long

TARGETS = ("decimal", "integer", "quantity")
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
    may carry a mark such as 约, ≥ or 余, which is its `bound`. With `complement` ours is 1 less theirs, its bound
    turned round (canonical schema, decision 18); digits, minimum and maximum are about theirs.
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
    _form: NumberForm = field(init=False, repr=False, compare=False)
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
        object.__setattr__(self, "_form", NumberForm(self.text, self.digits, self.group, self.spec))

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of a number, and of marks where they are read."""
        marks = MARKS if self.target == "quantity" and self.text else frozenset()
        return self._form.alphabet | marks

    def read(self, raw: Any) -> Any:
        bound = None
        if self.target == "quantity" and self.text and raw.__class__ is str:
            plain, bound = unqualified(raw)
        else:
            plain = raw
        value = self._form.read(plain)
        if self._outside(value):
            raise Malformed(f"{shown(raw)} is not within {self.minimum} to {self.maximum}")
        if self.target == "integer":
            if "." in value:
                raise Malformed(f"{shown(raw)} is not a whole number")
            return int(value)
        if self.complement:
            try:
                value, bound = complement(value), turned(bound)
            except ValueError as exc:
                raise Malformed(f"{shown(raw)}: {exc}") from None
        if self.target == "quantity":
            return {"value": value, "bound": bound} if bound else {"value": value}
        return value

    def _outside(self, value: str) -> bool:
        low, high = self._limits
        if low is None and high is None:
            return False
        number = Fraction(value)
        return (low is not None and number < low) or (high is not None and number > high)

    def write(self, value: Any) -> Any:
        if self.target == "quantity":
            number, bound, parts = bare_quantity(value, self.text)
        else:
            number, bound, parts = str(value), None, ()
        if self.complement:
            number, bound = complement_said(number), turned(bound)
        shown_number = number
        if self.round and self.digits is not None:
            shown_number = exact_text(rounded(Fraction(number), self.digits)) or number
        if self._outside(shown_number):
            raise Unsayable(f"{shown_number} is not within {self.minimum} to {self.maximum}")
        raw = self._form.write(shown_number)
        if self.text:
            raw = qualified(raw, bound)
        if too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        if shown_number != number:
            shown_number = complement(shown_number) if self.complement else shown_number
            parts = (self._rounding(shown_number), *parts)
        return said(raw, parts)

    def _rounding(self, number: str) -> Said:
        reason = f"rounded to the {self.digits} fraction digits that are written there"
        if self.target == "quantity":
            return Said(None, "changed", reason, number, ("value",))
        return Said(None, "changed", reason, int(number) if self.target == "integer" else number)

    def raws(self, draw: Draw) -> Any:
        if draws.odd(draw):
            return draws.spoiled(draw, draw.choice(("18,972", "12684500", "约1000", "1000余", "0.50", 12.5)))
        number = draw_ratio(draw) if self.complement else draws.decimal(draw)
        if self.target == "integer":
            number = number.partition(".")[0]
        try:
            return self._form.write(number)
        except Unsayable:
            return number if self.text else 0

    def values(self, draw: Draw) -> Any:
        number = draw_ratio(draw) if self.complement else draws.decimal(draw)
        if self.target == "integer":
            return int(number.partition(".")[0])
        return draw_quantity(draw, number) if self.target == "quantity" else number


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


def draw_quantity(draw: Draw, number: str) -> dict[str, Any]:
    """A quantity of that number, sometimes with a bound."""
    if draw.integer(0, 3):
        return {"value": number}
    bound = draw.choice(("about", "at_least", "more_than", "at_most", "less_than", "between"))
    if bound == "between":
        return {"value": number, "upper": str(int(number.partition(".")[0]) + 1), "bound": bound}
    return {"value": number, "bound": bound}
