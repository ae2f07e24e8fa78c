"""Durations that are written by a form, not by a code table, and counts beside a unit field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.codes import CodeTable
from metaharmon.lenses.grammar import NumberForm
from metaharmon.lenses.raws import ANY_FIELD, first_type, too_long
from metaharmon.model import scalars
from metaharmon.model.durations import normal_period

Units = tuple[tuple[str, str], ...]  # their word, the duration it means

_MAX_COUNT_DIGITS = 12
_IN_FAMILY = {"Y": ("months", 12), "M": ("months", 1), "W": ("days", 7), "D": ("days", 1)}
_IN_TIME = {"H": 3600, "M": 60, "S": 1}


def amount_of(duration: str) -> tuple[str, int] | None:
    """The family of a duration (months, days, seconds) and its amount; None if it mixes families or has a fraction."""
    date, _, time = duration[1:].partition("T")
    found: dict[str, int] = {}
    for part, in_time in ((date, False), (time, True)):
        digits = ""
        for character in part:
            if character.isdigit():
                digits += character
            elif character == ".":
                return None
            else:
                family, size = ("seconds", _IN_TIME[character]) if in_time else _IN_FAMILY[character]
                found[family] = found.get(family, 0) + int(digits) * size
                digits = ""
    return next(iter(found.items())) if len(found) == 1 else None


def checked_units(pairs: Units) -> tuple[tuple[str, str, int], ...]:
    """Words with the family and amount they mean. Raises ValueError for anything that is not one whole period."""
    made = []
    for word, period in pairs:
        amount = amount_of(scalars.normal_duration(period))
        if not word or amount is None or amount[1] < 1:
            raise ValueError(f"{shown(word)}: {period} is not a period of one family")
        made.append((word, *amount))
    if not made or len({word for word, _, _ in made}) < len(made):
        raise ValueError("a form with units needs units, each of them once")
    return tuple(made)


def count_in(text: str) -> int:
    """A count of at least 1 in ASCII digits without leading zeros. Raises Malformed."""
    if not text.isascii() or not text.isdigit() or text[0] == "0" or len(text) > _MAX_COUNT_DIGITS:
        raise Malformed(f"{shown(text)} is not a count of at least 1")
    return int(text)


def largest_unit(amount: tuple[str, int], units: tuple[tuple[str, str, int], ...]) -> tuple[int, str]:
    """The count and word of the largest unit that divides the amount. Raises Unsayable."""
    fitting = [(size, word) for word, family, size in units if family == amount[0] and amount[1] % size == 0]
    if not fitting or amount[1] == 0:
        raise Unsayable("no unit of the field divides the duration")
    size, word = max(fitting, key=lambda entry: entry[0])
    return amount[1] // size, word


@dataclass(frozen=True)
class Duration(ValueLens):
    """A duration of theirs ⇄ a duration of ours. Class R.

    `form`: iso (ISO 8601 text) or count_unit (a count and a word of `units`, with or without a blank, as `3个月`).
    Durations by code are `Codes(table, "duration")`.
    """

    form: str = "iso"
    units: Units = ()
    spec: FieldSpec = ANY_FIELD
    _units: tuple[tuple[str, str, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.form not in ("iso", "count_unit"):
            raise ValueError(f"{shown(self.form)} is no form of a duration; it is iso or count_unit")
        if self.form == "iso" and self.units:
            raise ValueError("ISO 8601 brings its own units")
        object.__setattr__(self, "_units", checked_units(self.units) if self.form == "count_unit" else ())

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of the form."""
        letters = "PYMWDTHS." if self.form == "iso" else " " + "".join(word for word, _ in self.units)
        return frozenset("0123456789" + letters)

    def read(self, raw: Any) -> str:
        if raw.__class__ is not str or len(raw) > 100:
            raise Malformed(f"{shown(raw)} is not a duration")
        if self.form == "iso":
            try:
                return scalars.normal_duration(raw)
            except ValueError as exc:
                raise Malformed(str(exc)) from None
        for word, family, size in sorted(self._units, key=lambda unit: -len(unit[0])):
            if raw.endswith(word):
                count = count_in(raw[: -len(word)].removesuffix(" "))
                return scalars.normal_duration(normal_period(family, count * size))
        raise Malformed(f"{shown(raw)} ends in none of the units {', '.join(word for word, _ in self.units)}")

    def write(self, value: str) -> str:
        raw = value
        if self.form == "count_unit":
            amount = amount_of(value)
            if amount is None:
                raise Unsayable(f"{value} is not a count of one unit")
            count, word = largest_unit(amount, self._units)
            raw = f"{counted(count)}{word}"
        if too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        return raw

    def raws(self, draw: Draw) -> Any:
        if self.form == "iso":
            raw = draw.choice(("P1M", "P12M", "P14D", "PT3600S", "PT0.50S", "P1Y6M", "P2W", "PT24H"))
        else:
            raw = f"{draw.integer(1, 36)}{draw.choice(('', ' '))}{draw.choice(self.units)[0]}"
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> str:
        return draw.choice(_DURATIONS)


@dataclass(frozen=True)
class Counted(ValueLens):
    """A bare count of one period ⇄ a duration: 90 for P90D where the form counts days. Class R."""

    unit: str
    spec: FieldSpec = ANY_FIELD
    _unit: tuple[tuple[str, str, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_unit", checked_units(((self.unit, self.unit),)))

    @property
    def _text(self) -> bool:
        return first_type(self.spec, ("string", "integer", "number"), "integer") == "string"

    def read(self, raw: Any) -> str:
        _, family, size = self._unit[0]
        count = count_in(NumberForm(self._text, spec=self.spec).read(raw))
        return scalars.normal_duration(normal_period(family, count * size))

    def write(self, value: str) -> Any:
        amount = amount_of(value)
        if amount is None:
            raise Unsayable(f"{value} is not a count of one unit")
        count = counted(largest_unit(amount, self._unit)[0])
        return count if self._text else int(count)

    def raws(self, draw: Draw) -> Any:
        raw = draw.integer(1, 400)
        shown_as = str(raw) if self._text else raw
        return draws.spoiled(draw, shown_as) if draws.odd(draw) else shown_as

    def values(self, draw: Draw) -> str:
        if draw.integer(0, 1):
            return draw.choice(_DURATIONS)
        _, family, size = self._unit[0]
        return scalars.normal_duration(normal_period(family, draw.integer(1, 400) * size))


_DURATIONS = ("P1Y", "P1M", "P3M", "P2W", "P1D", "P1W3D", "PT1H", "PT1M30S", "PT0.5S", "P1Y6M", "P1Y2D", "PT24H")


def counted(count: int) -> str:
    """The digits of a count. Raises Unsayable beyond twelve."""
    text = str(count)
    if len(text) > _MAX_COUNT_DIGITS:
        raise Unsayable(f"a count has at most {_MAX_COUNT_DIGITS} digits")
    return text


@dataclass(frozen=True)
class DurationParts(CellLens):
    """A count and a unit in two fields ⇄ a duration. Slots of theirs: (count, unit); of ours: (duration). Class R.

    `units` is a table from raw unit codes to durations (P1M); `text`: the count is a text.
    """

    units: CodeTable
    text: bool = False
    spec: FieldSpec = ANY_FIELD
    _units: tuple[tuple[str, str, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_units", checked_units(tuple((code, code) for code in self.units.codes)))

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        amount = read_count_and_unit(raws, NumberForm(self.text, spec=self.spec), self.units)
        if amount is None:
            return (None,)
        count, period = amount
        family, size = amount_of(scalars.normal_duration(period)) or ("days", 1)
        return (scalars.normal_duration(normal_period(family, count * size)),)

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if values[0] is None:
            return (MISSING, MISSING), ()
        amount = amount_of(values[0])
        if amount is None:
            raise Unsayable(f"{values[0]} is not a count of one unit")
        count, code = largest_unit(amount, self._units)
        return (self._count(count), self.units.write(code)), ()

    def _count(self, count: int) -> Any:
        return counted(count) if self.text else int(counted(count))

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the slots of theirs."""
        return draw_count_and_unit(draw, self.text, self.units)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """A duration of ours."""
        return (None if draws.odd(draw) else draw.choice(_DURATIONS),)


def read_count_and_unit(raws: tuple[Any, ...], form: NumberForm, units: CodeTable) -> tuple[int, str] | None:
    """The count and the period of a unit code; None when neither is there. Raises Malformed, Unmapped."""
    count, unit = raws
    if count is MISSING and unit is MISSING:
        return None
    if count is MISSING or unit is MISSING:
        raise Malformed("of the count and its unit one is missing")
    return count_in(form.read(count)), units.read(unit)


def draw_count_and_unit(draw: Draw, text: bool, units: CodeTable) -> tuple[Any, ...]:
    """Raw values of a count and a unit field, sometimes odd."""
    count = draw.integer(1, 36)
    cell = [str(count) if text else count, draw.choice(units.spellings)]
    if draws.odd(draw):
        slot = draw.integer(0, 1)
        cell[slot] = draw.choice((MISSING, draws.spoiled(draw, cell[slot])))
    return tuple(cell)
