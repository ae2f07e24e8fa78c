"""Dates with precision (canonical schema 2.3): the length of the text is the precision.

`2026`, `2026-H1`, `2026-Q3`, `2026-04`, `2026-04-01`, `2026-04-01T08:30`, `2026-04-01T08:30:15.250`, the last two
also with the offset from UTC that their source states: `Z`, or `+08:00`. It is never converted, so that a moment keeps
its calendar day; a value without a zone stays without (decision 0040).
"""

from __future__ import annotations

import re
from typing import Any

from metaharmon.diagnostics import shown

_DATE = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<part>H[12]|Q[1-4])"
    r"|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)

NOUGHT = ("+00:00", "-00:00")
"""The offsets of UTC itself, whose normal form is `Z`."""


def normal_date(value: Any) -> str:
    """The normal form of a date of any precision; impossible dates and free text are refused.

    Fraction digits and offsets are kept as they are, but for the offset of nought, which is `Z`. Raises ValueError.
    """
    found = _DATE.fullmatch(value) if type(value) is str else None
    if found is None:
        raise ValueError(f"{shown(value)} is not a date such as 2026, 2026-04, 2026-04-01 or 2026-04-01T08:30:00Z")
    _check(found, value)
    return f"{value[:-6]}Z" if found["zone"] in NOUGHT else value


def _check(found: re.Match[str], text: str) -> None:
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    if year == 0 or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):
        raise ValueError(f"{shown(text)} is not a day of the calendar")
    if found["hour"] and (int(found["hour"]) > 23 or int(found["minute"]) > 59 or int(found["second"] or 0) > 59):
        raise ValueError(f"{shown(text)} is not a time of day")
    zone = found["zone"]
    if zone and zone != "Z" and (int(zone[1:3]) > 23 or int(zone[4:]) > 59):
        raise ValueError(f"{shown(text)} has no possible offset from UTC")


def days_in(year: int, month: int) -> int:
    """How many days the month has (Gregorian calendar)."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
