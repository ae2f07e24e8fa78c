"""What a JSON text may be: its limits, and exact numbers within them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MAX_DIGITS = 4300
"""Digits of a number when written out in full: CPython's own bound for integers."""


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """What a JSON text may be: `depth` levels of lists and objects below the top one, `keys` in one object,
    `string` characters in one text, `digits` of a number (written out in full)."""

    depth: int = 64
    keys: int = 10_000
    string: int = 1 << 20
    digits: int = MAX_DIGITS


LIMITS = JsonLimits()


def exact_number(text: str, digits: int = MAX_DIGITS) -> int | Decimal:
    """The number that a JSON number text (RFC 8259, section 6) means, with its digits.

    `-0` is a Decimal, as an integer has no sign of zero. Raises ValueError for more than `digits` digits (written
    out in full, so `1e4301` has too many), before any arithmetic.
    """
    if len(text) > 2 * digits + 32:
        raise ValueError(f"a number of more than {digits:,} digits")
    if text.lstrip("-").isdigit() and text != "-0":
        if len(text.lstrip("-")) > digits:
            raise ValueError(f"a number of more than {digits:,} digits")
        return int(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"a number of more than {digits:,} digits") from None
    check_size(number, digits)
    return number


def check_size(number: Decimal, digits: int = MAX_DIGITS) -> None:
    """Raise ValueError when a Decimal is not finite or has more than `digits` digits, written out in full."""
    if not number.is_finite():
        raise ValueError("not a number that JSON can say")
    _, figures, exponent = number.as_tuple()
    if len(figures) > digits or abs(int(exponent)) > digits or abs(number.adjusted()) > digits:
        raise ValueError(f"a number of more than {digits:,} digits")
