"""Named sets of date forms: all the lexical forms of a standard, read in one place and written as it asks.

What is read is the same for all standards of the family of ISO 8601: a text that another of them allows says the same
date here. What is written is each standard's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from metaharmon.lenses.date_forms import (
    DAY,
    DIGITS,
    HALF,
    MINUTE,
    MONTH,
    QUARTER,
    ROC,
    SECOND,
    YEAR,
    Form,
    Moment,
    show,
)
from metaharmon.lenses.date_zones import FIXED
from metaharmon.model.dates import NOUGHT, days_in

_ZONE = r"(?P<zone>[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?"
_DAY_ZONE = r"(?P<offset>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
_FRACTION = r"(?:[.,](?P<fraction>[0-9]{1,30}))?"
_ISO = (
    re.compile(rf"(?P<year>[0-9]{{4}})(?:-(?P<month>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}}))?)?{_DAY_ZONE}"),
    re.compile(
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
        rf"(?::(?P<second>[0-9]{{2}}){_FRACTION})?{_ZONE}"
    ),
    re.compile(
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
        rf"(?:[Tt](?P<hour>[0-9]{{2}})(?P<minute>[0-9]{{2}})(?:(?P<second>[0-9]{{2}}){_FRACTION})?{_ZONE})?"
    ),
    re.compile(r"(?P<year>[0-9]{4})-W(?P<week>[0-9]{2})-(?P<weekday>[1-7])"),
    re.compile(r"(?P<year>[0-9]{4})W(?P<week>[0-9]{2})(?P<weekday>[1-7])"),
    re.compile(r"(?P<year>[0-9]{4})-?(?P<yearday>[0-9]{3})"),
)
"""ISO 8601-1: calendar dates (extended and basic), days of weeks, days of the year; and the looser marks that RFC 3339
(a blank, small letters), XML Schema (a zone behind a date) and Python (a blank) allow."""

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PART = (
    r"(?:[Qq](?P<quarter>[1-4])|(?P<quarter_>[1-4])[Qq]|[Hh](?P<half>[12])|(?P<half_>[12])[Hh]"
    r"|第?(?P<quarter__>[一二三四1-4])季(?:度)?|(?P<half__>[上下])半年(?:度)?)"
)
_PERIODS = (re.compile(rf"(?P<year>[0-9]{{4}})(?:年度?|[- /]?)?{_PART}"), re.compile(r"(?P<year>[0-9]{4})(?:年度?)?"))
_CHINESE = (
    *_PERIODS,
    re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?:份|(?P<day>[0-9]{1,2})[日号])?"),
)
_ROC = (
    re.compile(
        r"(?:中[华華])?民[国國](?P<roc>[0-9]{1,3})年?(?:(?<=年)(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?)?"
    ),
    re.compile(r"(?P<roc>[0-9]{1,3})年(?:(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?)?"),
    re.compile(
        r"(?:民[国國])?(?P<roc>[0-9]{2,3})(?P<mark>[/.-])(?P<month>[0-9]{1,2})(?:(?P=mark)(?P<day>[0-9]{1,2}))?"
    ),
    re.compile(r"(?P<roc>[01][0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(r"(?:中[华華])?民[国國]元年(?P<first>)(?:(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?)?"),
)

_PLAIN = re.compile(
    r"(?!0000)[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:(?:0[1-9]|1[0-9]|2[0-8])|(?<!-02-)(?:29|30)|(?<=(?:0[13578]|1[02])-)31)"
    r"(T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,12})?(Z|(?![+-]00:00)[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?)?)?)?"
)
"""Texts that are dates of ours as they stand."""


@dataclass(frozen=True)
class FormSet:
    """A named set of forms: what is read, which precisions are written, and whether their times have zones."""

    text: str
    reads: tuple[re.Pattern[str], ...]
    precisions: frozenset[int]
    zones: str
    """`required`, `either` or `never`: whether a time is written with its zone."""
    words: str = ""
    """How the dates are written: as those of ours, or in words."""

    fixed: ClassVar[bool] = False
    roc: ClassVar[bool] = False

    @property
    def plain(self) -> bool:
        """Whether dates of ours are written as they are."""
        return not self.words

    @property
    def alphabet(self) -> frozenset[str]:
        """The characters that texts of the set may have."""
        if self.words:
            return DIGITS | frozenset("中华華民国國元年月日号份度第季上下半一二三四QqHh-/. ")
        return DIGITS | frozenset("ZzTtW+-:., ")

    @property
    def first(self) -> frozenset[str]:
        """The characters that texts of the set may begin with."""
        return DIGITS | frozenset("中民" if self.words == "roc" else "")

    def match(self, text: str) -> Moment | None:
        """The moment that a text shows; None if it has none of the forms. The calendar is not checked."""
        for pattern in self.reads:
            found = pattern.fullmatch(text)
            if found is not None:
                return _moment(found.groupdict())
        return None

    def precision_for(self, moment: Moment) -> int | None:
        """The finest precision that the set writes and the moment has; None where there is none."""
        if moment.precision >= SECOND and SECOND in self.precisions and (moment.zone or self.zones != "required"):
            return moment.precision
        coarser = [p for p in self.precisions if p <= min(moment.precision, MINUTE)]
        if moment.zone is None and self.zones == "required":
            coarser = [p for p in coarser if p <= DAY]
        return max(coarser, default=None)

    def takes(self, moment: Moment) -> bool:
        """Whether the set has the year of the moment."""
        return self.words != "roc" or 1 <= moment.year - ROC <= 999

    def show(self, moment: Moment, precision: int) -> str:
        """The text of a moment, as fine as this."""
        if self.words:
            return _in_words(self.words, moment, precision)
        text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}T{moment.hour:02}:{moment.minute:02}"
        if precision <= DAY:
            return text[: {YEAR: 4, MONTH: 7}.get(precision, 10)]
        if precision >= SECOND:
            text += f":{moment.second:02}" + (f".{moment.fraction}" if moment.fraction else "")
        return text + (moment.zone or "" if self.zones != "never" else "")

    def says(self, text: str, zone: str | None) -> str | None:
        """The date of ours of a text that is one as it stands, but for its zone; None where that is not certain."""
        found = _PLAIN.fullmatch(text) if self.plain else None
        if found is None:
            return None
        if zone is None or not found[1] or found[2]:
            return text
        fixed = FIXED.get(zone)
        return text + fixed[0] if fixed is not None and text >= fixed[1] else None

    def writes(self, value: str, zone: str | None) -> str | None:
        """The text of a date of ours that is written as it stands, but for its zone; None where that is not certain."""
        found = _PLAIN.fullmatch(value) if self.plain else None
        if found is None:
            return None
        if not found[1]:
            return value if _LENGTHS.get(len(value)) in self.precisions else None
        if SECOND not in self.precisions:
            return None
        stated = found[2] or ""
        if self.zones == "never" and stated and zone is not None:
            fixed = FIXED.get(zone)
            sure = fixed is not None and stated == fixed[0] and value >= fixed[1]
            return value[: -len(stated)] if sure else None
        if not stated and zone is not None:
            return None
        return value if self.zones == "either" or bool(stated) == (self.zones == "required") else None


_LENGTHS = {4: YEAR, 7: MONTH, 10: DAY}


def _moment(found: dict[str, str | None]) -> Moment | None:
    part = {name.rstrip("_"): text for name, text in found.items() if text is not None}
    year = 1 if "first" in part else int(part.get("year") or part["roc"])
    if "year" not in part:
        year += ROC
        if year == ROC:
            return None
    if "quarter" in part:
        return Moment(year, 3 * _QUARTERS[part["quarter"]] - 2, precision=QUARTER)
    if "half" in part:
        return Moment(year, 1 if part["half"] in "1上" else 7, precision=HALF)
    if "week" in part or "yearday" in part:
        return _counted(year, part)
    if "hour" in part:
        return _timed(year, part)
    precision = DAY if "day" in part else MONTH if "month" in part else YEAR
    return Moment(year, int(part.get("month", 1)), int(part.get("day", 1)), precision=precision)


def _counted(year: int, part: dict[str, str]) -> Moment | None:
    """The day of a week or of a year."""
    from datetime import date, timedelta

    try:
        if "week" in part:
            day = date.fromisocalendar(year, int(part["week"]), int(part["weekday"]))
        else:
            day = date(year, 1, 1) + timedelta(days=int(part["yearday"]) - 1)
    except (ValueError, OverflowError):
        return None
    return Moment(day.year, day.month, day.day) if "week" in part or day.year == year else None


def _timed(year: int, part: dict[str, str]) -> Moment | None:
    month, day = int(part["month"]), int(part["day"])
    hour, minute, second = int(part["hour"]), int(part["minute"]), int(part.get("second", 0))
    fraction = part.get("fraction", "")
    precision = SECOND + len(fraction) if "second" in part else MINUTE
    if hour == 24 and 1 <= month <= 12 and not (minute or second or fraction.strip("0")):  # the end of a day
        hour = 0
        year, month, day = _next_day(year, month, day)
    return Moment(year, month, day, hour, minute, second, fraction, precision, offset_of(part.get("zone")))


def _next_day(year: int, month: int, day: int) -> tuple[int, int, int]:
    if day < days_in(year, month):
        return year, month, day + 1
    if day > days_in(year, month):
        return year, month, day  # no day of the calendar
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def offset_of(zone: str | None) -> str | None:
    """A written zone as ours: `Z` or `+08:00`."""
    if zone is None or zone in "Zz":
        return zone and "Z"
    offset = f"{zone[:3]}:{zone[-2:] if len(zone) > 3 else '00'}"
    return "Z" if offset in NOUGHT else offset


def _in_words(words: str, moment: Moment, precision: int) -> str:
    year, month = str(moment.year).rjust(4, "0"), moment.month
    if words == "periods":
        parts = {YEAR: year, HALF: f"{year}H{1 + (month > 6)}", QUARTER: f"{year}Q{(month + 2) // 3}"}
        return parts[precision]
    start = f"民国{moment.year - ROC}年" if words == "roc" else f"{year}年"
    if precision == HALF:
        return f"{start}{'下' if month > 6 else '上'}半年"
    if precision == QUARTER:
        return f"{start}第{'一二三四'[(month - 1) // 3]}季度"
    return start + (f"{month}月" if precision >= MONTH else "") + (f"{moment.day}日" if precision >= DAY else "")


_DAYS = frozenset({YEAR, MONTH, DAY})
SETS = {
    one.text: one
    for one in (
        FormSet("xsd", _ISO, _DAYS | {SECOND}, "either"),
        FormSet("iso8601", _ISO, _DAYS | {MINUTE, SECOND}, "either"),
        FormSet("rfc3339", _ISO, frozenset({SECOND}), "required"),
        FormSet("isoformat", _ISO, frozenset({SECOND}), "never"),
        FormSet("chinese", _CHINESE, _DAYS | {HALF, QUARTER}, "never", "chinese"),
        FormSet("roc", _ROC, _DAYS, "never", "roc"),
        FormSet("periods", _PERIODS, frozenset({YEAR, HALF, QUARTER}), "never", "periods"),
    )
}
"""The sets by their names."""

MEANINGS = {
    "xsd": "XML Schema (dateTime, date, gYearMonth, gYear): years to fractions of a second, with a zone or without",
    "iso8601": "ISO 8601: the same, and minutes",
    "rfc3339": "RFC 3339 (date-time): a second with any fraction, with its zone",
    "isoformat": "Python's isoformat: a second with any fraction, without a zone",
    "chinese": "2024年3月5日, 2024年3月, 2024年, 2024年第一季度, 2024年上半年",
    "roc": "民国113年3月5日, 民国113年3月, 民国113年; read also 113/03/05, 113-3-5, 1130305",
    "periods": "2024Q1, 2024H1, 2024; read also 2024-Q1, 2024年第一季度, 2024年上半年",
}
"""What each set writes, for people. The first four read all that ISO 8601 allows, and +0800, +08 and 20240305."""


def check_beside(forms: tuple[Form, ...], sets: tuple[FormSet, ...]) -> None:
    """Raise ValueError when a text could have a form and be of a set, or of two sets, and mean two dates there."""
    if len(sets) > 1 and (len({one.plain for one in sets}) < len(sets) or any(one.words == "roc" for one in sets)):
        raise ValueError(f"the sets {' and '.join(one.text for one in sets)} cannot be told apart, or one is enough")
    for one in sets:
        for form in forms:
            for moment in _PROBES:
                read = one.match(show(form, moment))
                if read is not None and _is_date(read) and read[:3] != _cut_to(form, moment):
                    raise ValueError(f"the date form {form.text} and the set {one.text} cannot be told apart")


def _is_date(moment: Moment) -> bool:
    return 1 <= moment.month <= 12 and 1 <= moment.day <= days_in(moment.year, moment.month) and moment.year > 0


def _cut_to(form: Form, moment: Moment) -> tuple[int, int, int]:
    parts = (moment.year, moment.month, moment.day)
    return parts if form.precision >= DAY else ((*parts[:2], 1) if form.precision == MONTH else (parts[0], 1, 1))


_PROBES = tuple(
    Moment(year, month, day, hour, 4, 5, "6789", SECOND + 4, "Z")
    for year in (1912, 1999, 2012, 2024, 2031)
    for month in (1, 3, 10, 12)
    for day in (1, 5, 12, 24, 28)
    for hour in (0, 7, 21)
)
"""Moments by which forms and sets are told apart; what a form shows is of one shape for all, but for its widths."""
