"""Numbers as people write them in a text: `1,200.00`, `１０２４`, `近20万条`, `10~20`, `300余`, `5千以上`.

Only what has one meaning is read: well-formed groups of three, the multiples 百 to 万亿, one mark, or two ends. The
point is a point unless the mapping says that it is a comma (`decimal: ','`), so `1.234,5` is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from metaharmon.diagnostics import shown
from metaharmon.lenses.base import Malformed
from metaharmon.lenses.grammar import plain_decimal
from metaharmon.model import scalars

MAX_CHARS = 96
MARKS_BEFORE = {
    "about": (
        "约",
        "大约",
        "大概",
        "约为",
        "近",
        "接近",
        "将近",
        "~",
        "≈",
        "about",
        "approx.",
        "approximately",
        "circa",
    ),
    "at_least": ("≥", ">=", "不少于", "不低于", "不小于", "至少", "最少", "at least"),
    "more_than": (">", "超", "超过", "超出", "逾", "多于", "大于", "高于", "more than", "over"),
    "at_most": ("≤", "<=", "不超过", "不多于", "不高于", "不大于", "至多", "最多", "at most", "up to"),
    "less_than": ("<", "不足", "不到", "不满", "少于", "小于", "低于", "less than", "under"),
}
MARKS_BEHIND = {
    "about": ("左右", "上下"),
    "at_least": ("余", "多", "+", "以上", "及以上"),
    "at_most": ("以下", "及以下", "以内"),
}
"""Marks and the `bound` that they mean (canonical schema 5.14). 以上, 以下 and 以内 include the number (Civil Code of
the PRC, article 1259); 近 is about, since how near is not said."""
MARKS_AMONG = ("余", "多", "+")
"""Marks that may stand before 万 or before the unit, too: `300余万`, `20多万条`, `10+万`."""
MULTIPLES = {
    "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "十亿": 10**9,
    "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
ROUNDED = 3
"""Digits behind the point of a number that looks rounded."""
_GROUPS = {".": ", '", ",": ". '"}
_BLANKS = dict.fromkeys((0x3000, 0x00A0, 0x202F, 0x2009), " ")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-", 0x301C: "~"} | _BLANKS
_BOUNDS = {mark: bound for table in (MARKS_BEFORE, MARKS_BEHIND) for bound, marks in table.items() for mark in marks}


class Numeral(NamedTuple):
    """What a text says: a number text with its factor, the upper end likewise, and the bound."""

    number: str
    factor: Fraction
    upper: tuple[str, Fraction] | None = None
    bound: str | None = None


def narrowed(text: str) -> str:
    """The text with full-width digits, letters and signs in their usual width, blanks one by one and none outside."""
    text = text if text.isascii() else text.translate(_WIDE)
    return " ".join(filter(None, text.split(" ")))


@dataclass(frozen=True)
class Numerals:
    """Reads number texts of one field.

    `units` are the units that may stand behind a number, with their ratios; `bare` is the ratio of a number without a
    unit (None: it must have one). `decimal` is the sign before the fraction. `multiples` takes 万 and its like, `marks`
    takes bounds and ranges.
    """

    units: tuple[tuple[str, Fraction], ...] = ()
    bare: Fraction | None = Fraction(1)
    decimal: str = "."
    multiples: bool = True
    marks: bool = True
    _ratios: dict[str, Fraction] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.decimal not in _GROUPS:
            raise ValueError(f"the decimal sign is a point or a comma, not {shown(self.decimal)}")
        object.__setattr__(self, "_ratios", dict(self.units))

    def read(self, raw: str) -> Numeral:
        """The number that the text says. Raises Malformed."""
        if len(raw) > MAX_CHARS:
            raise Malformed(f"{shown(raw)} is longer than a number may be ({MAX_CHARS} characters)")
        text = narrowed(raw)
        one, two = _patterns(tuple(name for name, _ in self.units), self.decimal, self.multiples, self.marks)
        found = one.fullmatch(text)
        if found is not None:
            return self._one(found, raw)
        found = two.fullmatch(text) if self.marks else None
        if found is None:
            raise Malformed(self._why(raw, text))
        return self._two(found, raw)

    def _why(self, raw: str, text: str) -> str:
        if self.units and self.bare is None and not any(text.endswith(name) for name, _ in self.units):
            return f"{shown(raw)} ends in none of the units {', '.join(name for name, _ in self.units)}"
        return f"{shown(raw)} is not a number in a form that is read here"

    def _one(self, found: re.Match[str], raw: str) -> Numeral:
        marks = [mark for name in ("before", "among", "among2", "behind") if (mark := _group(found, name))]
        bounds = {_BOUNDS[mark.lower()] for mark in marks}
        if len(bounds) > 1:
            raise Malformed(f"{shown(raw)} has the marks {' and '.join(marks)}, and one number has one bound")
        factor = self._ratio(_group(found, "unit"), raw) * MULTIPLES.get(_group(found, "times"), 1)
        number = self._number((_group(found, "sign") or "") + found["number"])
        return Numeral(number, factor, None, bounds.pop() if bounds else None)

    def _two(self, found: re.Match[str], raw: str) -> Numeral:
        low, high = self._number(found["number"]), self._number(found["number2"])
        times, times2 = _group(found, "times"), _group(found, "times2")
        unit, unit2 = _group(found, "unit"), _group(found, "unit2")
        if (times and not times2) or (unit and not unit2):
            raise Malformed(f"{shown(raw)} does not say what its second number counts")
        ratio2 = self._ratio(unit2, raw)
        ratio = self._ratio(unit, raw) if unit else ratio2
        upper = (high, ratio2 * MULTIPLES.get(times2, 1))
        for times_said in (times or times2, times):  # 10-20万 is 10万 to 20万; 5000-1万 is not
            factor = ratio * MULTIPLES.get(times_said, 1)
            if Fraction(low) * factor < Fraction(high) * upper[1]:
                return Numeral(low, factor, upper, "between")
        raise Malformed(f"{shown(raw)} is no range: its second number is not the greater one")

    def _ratio(self, unit: str | None, raw: str) -> Fraction:
        ratio = self._ratios[unit] if unit else self.bare
        if ratio is None:
            raise Malformed(f"{shown(raw)} ends in none of the units {', '.join(name for name, _ in self.units)}")
        return ratio

    def _number(self, text: str) -> str:
        for sign in _GROUPS[self.decimal]:
            text = text.replace(sign, "")
        return plain_decimal(text.replace(self.decimal, "."))


def _group(found: re.Match[str], name: str) -> Any:
    return found.groupdict().get(name)


@cache
def _patterns(
    units: tuple[str, ...], decimal: str, multiples: bool, marks: bool
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What one number looks like, and what two look like. Parts are told apart by their characters."""
    unit = f"(?:{_any(units)})" if units else "(?!)"
    times = f"(?:{_any(MULTIPLES)})" if multiples else "(?!)"

    def number(at: str) -> str:
        signs, point = re.escape(_GROUPS[decimal]), re.escape(decimal)
        grouped = f"[0-9]{{1,3}}(?:(?P<sep{at}>[{signs}])[0-9]{{3}}(?:(?P=sep{at})[0-9]{{3}})*)"
        return f"(?P<number{at}>(?:{grouped}|[0-9]+)(?:{point}[0-9]+)?)"

    first = f"(?:(?i:(?P<before>{_any(_marks(MARKS_BEFORE))})) ?)?" if marks else ""
    among, among2 = (f"(?P<{name}>{_any(MARKS_AMONG)})? ?" if marks else "" for name in ("among", "among2"))
    last = f" ?(?P<behind>{_any(_marks(MARKS_BEHIND))})?" if marks else ""
    one = f"{first}(?P<sign>[+-])?{number('')} ?{among}(?P<times>{times})? ?{among2}(?P<unit>{unit})?{last}"
    two = (
        f"{number('')} ?(?P<times>{times})? ?(?P<unit>{unit})? ?(?:-|~|–|—|至|到) ?"
        f"{number('2')} ?(?P<times2>{times})? ?(?P<unit2>{unit})?"
    )
    return re.compile(one), re.compile(two)


def _marks(table: dict[str, tuple[str, ...]]) -> list[str]:
    return [mark for marks in table.values() for mark in marks]


def _any(names: Any) -> str:
    """The names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: -len(name)))


def whole(value: Fraction, bound: str | None) -> tuple[int, str]:
    """The whole number of a part of one, and its bound: more than 1.5 bytes is more than 1, at least 1.5 at least 2."""
    down = value.numerator // value.denominator
    if bound in ("more_than", "at_most"):
        return down, bound
    if bound in ("at_least", "less_than"):
        return down + 1, bound
    return (2 * value.numerator + value.denominator) // (2 * value.denominator), "about"


def implied(number: str, ratios: tuple[tuple[str, Fraction], ...], digits: int | None) -> tuple[str, str] | None:
    """The unit and the shortest decimal that is read as about this whole number: 1.3 GB of 1395864371 by 1024.

    None: there is none, because every short decimal is a whole number itself.
    """
    value = Fraction(number)
    for places in range(1, 1 + min(ROUNDED, ROUNDED if digits is None else digits)):
        for symbol, ratio in sorted(ratios, key=lambda entry: -entry[1]):
            if ratio <= 1 or value < ratio:
                continue
            scaled = value / ratio * 10**places
            units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
            back = Fraction(units, 10**places) * ratio
            if back.denominator != 1 and whole(back, None)[0] == value:
                return symbol, scalars.normal_decimal(f"{units}e-{places}")
    return None
