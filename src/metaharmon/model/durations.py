"""Durations (ISO 8601, canonical schema 2.1) and update frequencies (2.4).

A duration is carried inside its families only: years and months, weeks and days, hours, minutes and seconds.
"""

from __future__ import annotations

import re
from math import gcd
from typing import Any

from metaharmon import codelists
from metaharmon.diagnostics import shown

_DURATION = re.compile(
    r"P(?:(?P<Y>[0-9]{1,18})Y)?(?:(?P<M>[0-9]{1,18})M)?(?:(?P<W>[0-9]{1,18})W)?(?:(?P<D>[0-9]{1,18})D)?"
    r"(?:T(?:(?P<h>[0-9]{1,18})H)?(?:(?P<m>[0-9]{1,18})M)?(?:(?P<s>[0-9]{1,18})(?:\.(?P<f>[0-9]{1,38}))?S)?)?"
)
_FAMILIES = {
    "months": (("Y", 12), ("M", 1)),
    "days": (("W", 7), ("D", 1)),
    "seconds": (("H", 3600), ("M", 60), ("S", 1)),
}
_SHORT = re.compile(r"([0-9]{1,18})/(P.+)")


def _totals(value: Any) -> tuple[dict[str, int], str]:
    """Months, days and whole seconds of a duration, and the digits of its fraction of a second."""
    found = _DURATION.fullmatch(value) if type(value) is str else None
    if found is None or value.endswith(("P", "T")):
        raise ValueError(f"{shown(value)} is not an ISO 8601 duration such as P1M")
    part = {name: int(found[name] or 0) for name in "YMWDhms"}
    totals = {
        "months": part["Y"] * 12 + part["M"],
        "days": part["W"] * 7 + part["D"],
        "seconds": part["h"] * 3600 + part["m"] * 60 + part["s"],
    }
    return totals, (found["f"] or "").rstrip("0")


def normal_duration(value: Any) -> str:
    """The carried form: P12M is P1Y, P14D is P2W, PT3600S is PT1H, PT24H stays; a zero duration is PT0S."""
    totals, fraction = _totals(value)
    date = _carried(totals["months"], "months") + _carried(totals["days"], "days")
    time = _carried(totals["seconds"], "seconds")
    if fraction:
        time = f"{time[:-1]}.{fraction}S" if time.endswith("S") else f"{time}0.{fraction}S"
    if not date and not time:
        return "PT0S"
    return f"P{date}T{time}" if time else f"P{date}"


def _carried(total: int, family: str) -> str:
    text = ""
    for unit, size in _FAMILIES[family]:
        count, total = divmod(total, size)
        text += f"{count}{unit}" if count else ""
    return text


def _period(value: Any) -> tuple[str, int]:
    """The family and the total of a period that stands in one family."""
    totals, fraction = _totals(value)
    used = [(family, total) for family, total in totals.items() if total]
    if len(used) != 1 or fraction:
        raise ValueError(f"{shown(value)} is not a period in one unit, such as P1M or P2W")
    return used[0]


def normal_period(family: str, total: int) -> str:
    """A period in the largest unit of its family that holds it exactly: 24 months are P2Y, 18 months P18M."""
    for unit, size in _FAMILIES[family]:
        if total % size == 0:
            return f"P{'T' if family == 'seconds' else ''}{total // size}{unit}"
    raise AssertionError("the last unit of a family has size 1")


def normal_frequency(value: dict[str, Any]) -> dict[str, Any]:
    """The reduced form of a frequency object: twice a year is once in P6M. Families are never crossed."""
    kind, count, period = value.get("kind"), value.get("count"), value.get("period")
    if kind not in codelists.load("frequency_kind"):
        raise ValueError(f"{shown(kind)} is not a kind of update frequency")
    if kind != "periodic":
        if count is not None or period is not None:
            raise ValueError(f"a frequency of the kind {kind} has no count and no period")
        return dict(value)
    if type(count) is not int or count < 1 or period is None:
        raise ValueError("a periodic frequency has a count of at least 1 and a period")
    family, total = _period(period)
    common = gcd(count, total)
    return {**value, "count": count // common, "period": normal_period(family, total // common)}


def frequency(text: str) -> dict[str, Any]:
    """The frequency of a short form: a kind such as `irregular`, or `count/period` such as `2/P1D`."""
    found = _SHORT.fullmatch(text)
    if found:
        return normal_frequency({"kind": "periodic", "count": int(found[1]), "period": found[2]})
    return normal_frequency({"kind": text})


def short(value: dict[str, Any]) -> str:
    """The short form of a frequency object; its words (`text`) have no place in it."""
    if value.get("kind") == "periodic":
        return f"{value['count']}/{value['period']}"
    return value["kind"]
