"""The one number grammar: `[+-]?[0-9]+(\\.[0-9]+)?` in ASCII, exact, with limits before any arithmetic.

No binary float takes part: a JSON number that a caller parsed to float is read through its shortest text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses.base import FieldSpec, Malformed, Unsayable
from metaharmon.lenses.raws import ANY_FIELD, first_type, too_long
from metaharmon.model import scalars

MAX_CHARS = 64
DIGITS = frozenset("0123456789")
_SWAPPED = str.maketrans(",.", ".,")
_NORMAL = re.compile(r"(?!-0$)-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")


def plain_decimal(text: str, group: str | None = None) -> str:
    """The normal form of a number text. Raises Malformed.

    At most 64 characters and 38 digits; ASCII digits, no exponent, no blanks. With `group`, the whole part may be
    written in threes: `18,972` and `18972` are read, `18,2` is not.
    """
    if len(text) <= scalars.MAX_DIGITS and _NORMAL.fullmatch(text):
        return text
    if len(text) > MAX_CHARS:
        raise Malformed(f"{shown(text)} is longer than a number may be ({MAX_CHARS} characters)")
    whole, point, fraction = (text[1:] if text[:1] in ("+", "-") else text).partition(".")
    if group and group in whole:
        first, *threes = whole.split(group)
        if not 1 <= len(first) <= 3 or any(len(three) != 3 for three in threes):
            raise Malformed(f"{shown(text)} is not grouped in threes by {shown(group)}")
        whole = first + "".join(threes)
    if not whole or not DIGITS.issuperset(whole) or (point and not fraction) or not DIGITS.issuperset(fraction):
        raise Malformed(f"{shown(text)} is not a plain decimal number")
    if len(whole) + len(fraction) > scalars.MAX_DIGITS:
        raise Malformed(f"{shown(text)} has more than {scalars.MAX_DIGITS} digits")
    return _normal(f"{'-' if text[0] == '-' else ''}{whole}{point}{fraction}", text)


def json_decimal(raw: Any) -> str:
    """The normal form of a JSON number, a number text of up to 38 digits. Raises Malformed."""
    kind = raw.__class__
    if kind is int and raw.bit_length() <= 256:
        return str(raw) if raw.bit_length() <= 120 else _normal(str(raw), raw)  # 120 bits are at most 37 digits
    if kind is Decimal and raw.is_finite():
        text = str(raw)
        return text if len(text) <= scalars.MAX_DIGITS and _NORMAL.fullmatch(text) else _normal(text, raw)
    if kind is float and Decimal(raw).is_finite():
        return _normal(repr(raw), raw)
    raise Malformed(f"{shown(raw)} is not a number of at most {scalars.MAX_DIGITS} digits")


def _normal(text: str, raw: Any) -> str:
    try:
        return scalars.normal_decimal(text)
    except ValueError:
        raise Malformed(f"{shown(raw)} is not a number of at most {scalars.MAX_DIGITS} digits") from None


def scaled_text(units: int, places: int) -> str | None:
    """The decimal text of `units` / 10**places in normal form; None if it is negative or needs more than 38 digits."""
    text = str(units) if 0 <= units < 10**scalars.MAX_DIGITS else ""
    if not text or not 0 <= places <= scalars.MAX_DIGITS:
        return None
    if not places or units == 0:
        return text
    text = text.rjust(places + 1, "0")
    fraction = text[-places:].rstrip("0")
    return f"{text[:-places]}.{fraction}" if fraction else text[:-places]


def scaled(number: str) -> tuple[int, int]:
    """A decimal as a whole number and the count of its fraction digits."""
    whole, _, fraction = number.partition(".")
    return int(whole + fraction), len(fraction)


def exact_text(value: Fraction) -> str | None:
    """The decimal text of a fraction in normal form; None if it does not end or needs more than 38 digits."""
    places, rest = 0, value.denominator
    for factor in (10, 2, 5):
        while rest % factor == 0:
            rest //= factor
            places += 1
    if rest != 1 or places > 2 * scalars.MAX_DIGITS:
        return None
    try:
        return scalars.normal_decimal(f"{value.numerator * (10**places // value.denominator)}e-{places}")
    except ValueError:
        return None


def places_of(text: str) -> int:
    """How many fraction digits a decimal text has."""
    return len(text.partition(".")[2])


def rounded(value: Fraction, places: int) -> Fraction:
    """The nearest value of so many fraction digits, halves away from zero."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(units if value >= 0 else -units, 10**places)


@dataclass(frozen=True)
class NumberForm:
    """How a dialect writes a number: as JSON number or text, with how many fraction digits, grouped by what."""

    text: bool = False
    digits: int | None = None
    group: str | None = None
    spec: FieldSpec = ANY_FIELD
    decimal: str = "."
    _plain: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        whole_only = first_type(self.spec, ("integer", "number"), "") == "integer" and "number" not in self.spec.types
        unlimited = self.spec.max_length is None and not (whole_only and not self.text)
        object.__setattr__(
            self, "_plain", self.digits is None and self.group is None and unlimited and self.decimal == "."
        )
        if self.digits is not None and not 0 <= self.digits <= scalars.MAX_DIGITS:
            raise ValueError(f"digits is a count from 0 to {scalars.MAX_DIGITS}, not {self.digits}")
        if self.group is not None and not self.text:
            raise ValueError("a JSON number has no group separator; group goes with text")
        if self.decimal not in (".", ","):
            raise ValueError(f"the decimal sign is a point or a comma, not {shown(self.decimal)}")
        if self.group is not None and (len(self.group) != 1 or self.group in f"0123456789+-{self.decimal}"):
            raise ValueError(f"group is one character that is no part of a number, not {shown(self.group)}")

    def read(self, raw: Any) -> str:
        """The decimal in normal form. Raises Malformed, also for a text where a number stands and the reverse.

        The other of the two is read where the field's schema allows it.
        """
        if raw.__class__ is str and (self.text or "string" in self.spec.types):
            return plain_decimal(raw, self.group) if self.decimal == "." else self._with_comma(raw)
        if self.text and not ("integer" in self.spec.types or "number" in self.spec.types):
            raise Malformed(f"{shown(raw)} is not a text that shows a number")
        return json_decimal(raw)

    def _with_comma(self, raw: str) -> str:
        if "." in raw and self.group != ".":
            raise Malformed(f"{shown(raw)} is not a decimal number with a comma")
        swapped = raw.translate(_SWAPPED)
        return plain_decimal(swapped, "," if self.group == "." else self.group)

    def write(self, value: str) -> Any:
        """The raw number of a decimal in normal form. Raises Unsayable when it needs more digits than are written."""
        if self.digits is not None and places_of(value) > self.digits:
            raise Unsayable(f"{value} needs more than the {self.digits} fraction digits that are written there")
        if len(value) <= scalars.MAX_DIGITS and self._plain:
            return value if self.text else Decimal(value) if "." in value else int(value)
        whole, _, fraction = value.partition(".")
        if self.digits is not None:
            fraction = fraction.ljust(self.digits, "0")
        if self.text:
            return self._as_text(whole, fraction, value)
        if len(whole.lstrip("-")) + len(fraction) > 2 * scalars.MAX_DIGITS:
            raise Unsayable(f"{value} has too many digits")
        if not fraction:
            return int(whole)
        if first_type(self.spec, ("integer", "number"), "number") == "integer" and "number" not in self.spec.types:
            raise Unsayable(f"{value} is no whole number, and the field takes only those")
        return Decimal(f"{whole}.{fraction}")

    def _as_text(self, whole: str, fraction: str, value: str) -> str:
        sign, whole = ("-", whole[1:]) if whole[0] == "-" else ("", whole)
        if len(whole) + len(fraction) > scalars.MAX_DIGITS:
            raise Unsayable(f"{value} has more than {scalars.MAX_DIGITS} digits as written there")
        if self.group:
            head = len(whole) % 3
            threes = [whole[i : i + 3] for i in range(head, len(whole), 3)]
            whole = self.group.join([whole[:head], *threes] if head else threes)
        raw = f"{sign}{whole}{self.decimal}{fraction}" if fraction else f"{sign}{whole}"
        if len(raw) > MAX_CHARS or too_long(raw, self.spec):
            raise Unsayable(f"{raw} is longer than the field takes")
        return raw

    @property
    def alphabet(self) -> frozenset[str]:
        """The characters of a written number."""
        return DIGITS | frozenset(f"+-{self.decimal}{self.group or ''}")


QUALIFIERS = (
    ("约", "", "about"),
    ("≥", "", "at_least"),
    ("", "余", "at_least"),
    (">=", "", "at_least"),
    (">", "", "more_than"),
    ("超", "", "more_than"),
    ("≤", "", "at_most"),
    ("<=", "", "at_most"),
    ("<", "", "less_than"),
)
"""Marks around a number and the `bound` they mean (canonical schema 5.14); the first of a bound is written. What else
is read stands in `numerals`."""

HOLDS = frozenset({"about", "at_least", "at_most"})
"""The bounds that the number itself keeps: there the bare number is a true, if poorer, statement."""


TURNED = {"at_least": "at_most", "more_than": "less_than", "at_most": "at_least", "less_than": "more_than"}
"""What a bound becomes when its number is taken from 1: an error below 2 % is an accuracy above 98 %."""


def complement(number: str) -> str:
    """1 less the number, exactly (canonical schema, decision 18). Raises ValueError beyond 0 to 1 and 38 digits."""
    value = Fraction(number)
    text = exact_text(1 - value) if 0 <= value <= 1 else None
    if text is None:
        limit = f"not from 0 to 1, or needs more than {scalars.MAX_DIGITS} digits"
        raise ValueError(f"{number} has no complement: it is {limit}")
    return text


def turned(bound: str | None) -> str | None:
    """The bound of the complement; about stays about."""
    return TURNED.get(bound, bound) if bound else None


def qualified(text: str, bound: str | None) -> str:
    """The number text with the mark of the bound."""
    if bound is None:
        return text
    for before, after, code in QUALIFIERS:
        if code == bound:
            return f"{before}{text}{after}"
    return text
