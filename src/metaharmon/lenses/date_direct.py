"""The common good dates, read and written straight from text to text; everything else is left to `dates`.

A direct path never decides anything of its own: where it is not certain it says nothing, and the whole way is gone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from metaharmon.lenses.date_forms import DAY, MONTH, SECOND, YEAR, Form, parse_form
from metaharmon.lenses.date_sets import SETS
from metaharmon.lenses.date_zones import FIXED
from metaharmon.model.dates import NOUGHT

# a day of the calendar but for 29 February, and a time of day
_DAY = (
    r"(?!0000)[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
)
_DAY_TEXT = re.compile(_DAY)
_TIME_TEXT = re.compile(_DAY + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")

_GROUPS = {"YYYY": 0, "MM": 1, "M": 1, "DD": 2, "D": 2, "HH": 3, "H": 3, "mm": 4, "ss": 5}
_ZERO = {"M": 6, "D": 7, "H": 8}
_WIDTHS = {YEAR: 4, MONTH: 7, DAY: 10}


class Reader(NamedTuple):
    """One form to be read directly: where its parts stand among the groups of its pattern."""

    pattern: re.Pattern[str]
    order: tuple[int, ...]
    precision: int
    zone: int
    fraction: int
    plain: bool


def reader_of(form: Form) -> Reader:
    """The direct reader of a form. Its pattern fits exactly the texts that `date_forms.match` takes."""
    order, parts, zone, fraction = [0] * 6, [], -1, -1
    groups = 0
    for name, width, literal in form.tokens:
        if literal:
            parts.append(re.escape(literal))
            continue
        if name == "Z":
            parts.append("(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])")
            zone = groups
        else:
            parts.append(f"([0-9]{{{width}}})" if width else "([0-9]{1,2})")
            if name == "S":
                fraction = groups
            else:
                order[_GROUPS[name]] = groups
        groups += 1
    plain = form.text == "YYYY-MM-DD"
    return Reader(re.compile("".join(parts)), tuple(order), form.precision, zone, fraction, plain)


def read(readers: tuple[Reader, ...], text: str, zone: str | None, pad: bool) -> str | None:
    """The canonical date of the first form that the text has; None when it is not certain."""
    for reader in readers:
        if reader.plain and _DAY_TEXT.fullmatch(text):
            return text
        found = reader.pattern.fullmatch(text)
        if found is None:
            continue
        groups, precision = found.groups(), reader.precision
        y, m, d, hh, mm, ss = reader.order
        if precision <= DAY:
            month, day = (groups[m] if precision >= MONTH else "01"), (groups[d] if precision == DAY else "01")
            date = f"{groups[y]}-{month:0>2}-{day:0>2}"
            return date[: _WIDTHS[precision]] if _DAY_TEXT.fullmatch(date) else None
        if precision < SECOND:
            return None
        time = f"{groups[y]}-{groups[m]:0>2}-{groups[d]:0>2}T{groups[hh]:0>2}:{groups[mm]}:{groups[ss]}"
        if not _TIME_TEXT.fullmatch(time):
            return None
        return _timed(reader, groups, time, zone, pad)
    return None


def _timed(reader: Reader, groups: tuple[str, ...], time: str, zone: str | None, pad: bool) -> str | None:
    tail = f".{groups[reader.fraction]}" if reader.fraction >= 0 else ""
    if reader.zone >= 0:
        stated = groups[reader.zone]
        return None if pad else f"{time}{tail}{'Z' if stated in NOUGHT else stated}"
    if pad:
        if tail and not tail.strip(".0"):
            return None
        if not tail and time.endswith("T00:00:00"):
            return time[:10]
    if zone is None:
        return time + tail
    fixed = FIXED.get(zone)
    if fixed is None or time[:4] < fixed[1]:
        return None
    return f"{time}{tail}{fixed[0]}"


class Writer(NamedTuple):
    """How a precision is written: a pattern over the parts of the value; `zoned` forms show the offset as stated."""

    pattern: str
    same: bool
    zoned: bool


def writers_of(names: tuple[str, ...], zone: str | None, pad: bool) -> dict[int, Writer]:
    """For each precision that can be written directly, the form that says it exactly."""
    writers: dict[int, Writer] = {}
    if any(name in SETS for name in names):
        return writers
    forms = [None if name.startswith("epoch_") else parse_form(name) for name in names]
    wanted = {form.precision for form in forms if form is not None} | ({DAY} if pad else set())
    for precision in wanted & {YEAR, MONTH, DAY, *range(SECOND, SECOND + 10)}:
        for form in forms:
            if form is None:
                if precision <= DAY and not pad:
                    continue
                break  # a number of seconds could say it first
            if form.roc:
                break
            if form.precision == precision and (precision <= DAY or form.zoned or _sure(zone)):
                writers[precision] = _writer(form)
                break
            if form.precision > DAY and pad and precision in (DAY, SECOND):
                if precision == DAY and not form.zoned:
                    writers[precision] = _writer(form)
                break
    return writers


def _sure(zone: str | None) -> bool:
    return zone is None or zone in FIXED


def _writer(form: Form) -> Writer:
    pattern = []
    for name, width, literal in form.tokens:
        if literal:
            pattern.append(literal.replace("{", "{{").replace("}", "}}"))
        elif name == "Z":
            pattern.append("{10}")
        elif name == "S":
            pattern.append(f"{{9:0<{width}}}")
        else:
            pattern.append(f"{{{_GROUPS[name] if width else _ZERO[name]}}}")
    return Writer("".join(pattern), form.text == "YYYY-MM-DD", form.zoned)


_LENGTHS = {4: YEAR, 7: MONTH, 10: DAY, 19: SECOND}


def write(writers: dict[int, Writer], value: str, zone: str | None, pad: bool) -> str | None:
    """The text of a canonical date in the form that says it exactly; None when it is not certain."""
    bare, stated = value, ""
    if value[-1] == "Z":
        bare, stated = value[:-1], "Z"
    elif value[-3:-2] == ":" and value[-6] in "+-":
        bare, stated = value[:-6], value[-6:]
    size = len(bare)
    precision = SECOND + size - 20 if size > 20 else _LENGTHS.get(size)
    writer = writers.get(precision) if precision is not None else None
    if writer is None or (precision == MONTH and bare[5] in "HQ"):
        return None
    if precision == DAY and writer.same:
        return value
    fraction = bare[20:]
    if precision >= SECOND:
        if not _as_stated(bare[:4], stated, writer, zone):
            return None
        if pad and _is_midnight(bare[:19], fraction, writer, zone, stated):
            return None
    hour = bare[11:13] or "00"
    return writer.pattern.format(
        bare[:4], bare[5:7], bare[8:10], hour, bare[14:16] or "00", bare[17:19] or "00",
        bare[5:7].lstrip("0"), bare[8:10].lstrip("0"), hour.lstrip("0") or "0", fraction, stated,
    )  # fmt: skip


def _as_stated(year: str, stated: str, writer: Writer, zone: str | None) -> bool:
    """Whether the time stands as the form shows it: with its offset, in the zone of the dialect, or without any."""
    if writer.zoned:
        return bool(stated)
    if zone is None:
        return not stated
    fixed = FIXED.get(zone)
    return fixed is not None and stated == fixed[0] and year >= fixed[1]


def _is_midnight(time: str, fraction: str, writer: Writer, zone: str | None, stated: str) -> bool:
    """Whether padding may play a part: midnight, a fraction of zeros, or an offset that is not the zone's."""
    if time.endswith("T00:00:00") or (writer.zoned and not (zone == "UTC" and stated == "Z")):
        return True
    return bool(fraction) and not fraction.strip("0")
