"""Time zones for date forms: local times of an IANA zone ⇄ moments with their offset, and seconds since 1970."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from metaharmon.diagnostics import shown
from metaharmon.lenses.date_forms import MINUTE, SECOND, Moment

if TYPE_CHECKING:
    from datetime import datetime

FIXED = {"UTC": ("Z", "0001"), "Asia/Shanghai": ("+08:00", "1992")}
"""Zones whose clocks are never turned: the offset from UTC, from the first of which year on.

Asia/Shanghai: IANA time zone database, `Zone Asia/Shanghai` with `Rule PRC`, whose last line ends in 1991.
"""


@cache
def in_zone(name: str) -> Any:
    """The zone of an IANA name, such as Asia/Shanghai. Raises ValueError when it is not known."""
    from datetime import UTC
    from zoneinfo import ZoneInfo

    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ValueError(f"the time zone {shown(name)} is not known (an IANA name such as Asia/Shanghai)") from None


def _datetime(moment: Moment, zone: Any) -> datetime:
    from datetime import datetime

    return datetime(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, tzinfo=zone)


def _offset(text: str | None) -> Any:
    """The zone of a written offset; UTC where none is written."""
    from datetime import UTC, timedelta, timezone

    if text is None or text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return timezone(-offset if text[0] == "-" else offset)


def stated_in(moment: Moment, zone: str) -> Moment:
    """A local time of a zone with the offset that the zone had then; of an hour that comes twice, its first turn.

    Raises ValueError for a local time that the zone skipped, and where its offset cannot be told.
    """
    from datetime import UTC

    tz = in_zone(zone)
    local = _datetime(moment, tz)
    try:
        back = local.astimezone(UTC).astimezone(tz)
    except OverflowError:
        raise ValueError(f"the local time lies outside the years 0001 to 9999 in UTC ({zone})") from None
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"there was no such local time in {zone}: the clocks skipped it")
    return _stated(local, moment, zone)


def _stated(local: datetime, like: Moment, zone: str) -> Moment:
    """A time with its offset as it is written: in whole minutes.

    Of an offset with seconds, as zones had before standard time, the nearest one that keeps instant and day is written
    (RFC 3339, 5.8, does so in its last example).
    """
    from datetime import timedelta

    offset = local.utcoffset() or timedelta()
    minutes, seconds = divmod(offset.days * 86400 + offset.seconds, 60)
    if seconds:
        if like.precision == MINUTE:
            raise ValueError(f"{zone} was not whole minutes from UTC then")
        plain = local.replace(tzinfo=None)
        later = plain + timedelta(seconds=60 - seconds)
        minutes += later.date() == plain.date()
        local = later if later.date() == plain.date() else plain - timedelta(seconds=seconds)
    hours, rest = divmod(abs(minutes), 60)
    return _moment(local, like, f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "Z")


def local_of(moment: Moment, zone: str) -> Moment:
    """The local time of an instant. Raises ValueError outside the years 0001 to 9999."""
    try:
        return _moment(_datetime(moment, _offset(moment.zone)).astimezone(in_zone(zone)), moment, None)
    except OverflowError:
        raise ValueError(f"the instant lies outside the years 0001 to 9999 in {zone}") from None


def moved(moment: Moment, zone: str) -> Moment:
    """The same instant with the offset of another zone. Raises ValueError outside the years 0001 to 9999."""
    try:
        return _stated(_datetime(moment, _offset(moment.zone)).astimezone(in_zone(zone)), moment, zone)
    except OverflowError:
        raise ValueError(f"the instant lies outside the years 0001 to 9999 in {zone}") from None


def _moment(when: datetime, like: Moment, zone: str | None) -> Moment:
    return Moment(
        when.year, when.month, when.day, when.hour, when.minute, when.second, like.fraction, like.precision, zone
    )


def from_seconds(seconds: int) -> Moment:
    """The instant so many seconds after 1970-01-01T00:00:00Z. Raises ValueError outside the years 0001 to 9999."""
    from datetime import UTC, datetime, timedelta

    try:
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("the number of seconds lies outside the years 0001 to 9999") from None
    return _moment(when, Moment(1970, precision=SECOND), "Z")


def seconds_of(moment: Moment) -> int:
    """Seconds from 1970-01-01T00:00:00Z to an instant, its fraction left out."""
    from datetime import UTC, datetime

    since = _datetime(moment, _offset(moment.zone)) - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * 86400 + since.seconds
