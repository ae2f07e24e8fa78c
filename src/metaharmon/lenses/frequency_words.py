"""Words for update frequencies, read by what they say: Chinese, English, intervals of ISO 8601, codes of authorities.

A grammar and no list: 每三年, 一次/天 and every 5 minutes need no row of a table. Words that say two things (biweekly)
or another thing (T+1 is latency) say nothing here.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_DIGITS = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {
    "秒": (1, "PT1S"), "分钟": (1, "PT1M"), "分鐘": (1, "PT1M"), "分": (1, "PT1M"), "小时": (1, "PT1H"),
    "小時": (1, "PT1H"), "时": (1, "PT1H"), "時": (1, "PT1H"), "日": (1, "P1D"), "天": (1, "P1D"), "周": (1, "P1W"),
    "週": (1, "P1W"), "星期": (1, "P1W"), "旬": (3, "P1M"), "半月": (2, "P1M"), "半个月": (2, "P1M"), "月": (1, "P1M"),
    "月度": (1, "P1M"), "季": (1, "P3M"), "季度": (1, "P3M"), "半年": (1, "P6M"), "半年度": (1, "P6M"),
    "年": (1, "P1Y"), "年度": (1, "P1Y"),
}  # fmt: skip
_NUMBER = "(?:[1-9][0-9]{0,3}|[一二两兩三四五六七八九]?十[一二三四五六七八九]?|[一二两兩三四五六七八九])"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_SPAN = rf"(?:(?P<number>{_NUMBER})?[个個]?(?P<unit>{_UNIT}))"
_TIMES = rf"(?:(?P<times>{_NUMBER})次)"
_CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[每逐]{_SPAN}(?:更新)?{_TIMES}?(?:更新)?",
        rf"(?:更新)?{_TIMES}(?:/每?|每){_SPAN}",
        rf"{_SPAN}(?:更新|/)?{_TIMES}",
        rf"按?(?P<unit>{_UNIT})(?:更新?)?",
    )
)
_KINDS = {
    "continuous": "实时 實時 实时更新 即时 即時 continuous continuously continual continually realtime cont updatecont",
    "irregular": "不定期 不定时 不定期更新 不定時 不固定 irregular irregularly irreg",
    "on_demand": "按需 按需更新 asneeded asrequired ondemand",
    "one_off": "一次性 不更新 静态 不再更新 never oneoff onetime static notupdated",
    "not_planned": "无更新计划 暂无更新计划 notplanned",
    "other": "其他 其它 自定义 other",
    "unknown": "未知 不详 unknown",
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words.split()}
NEAR = {"准实时": "continuous", "近实时": "continuous", "nearrealtime": "continuous"}
"""Words that are close to a kind, and not quite it."""

_ADVERBS = {
    "hourly": "1/PT1H", "daily": "1/P1D", "weekly": "1/P1W", "fortnightly": "1/P2W", "monthly": "1/P1M",
    "quarterly": "1/P3M", "yearly": "1/P1Y", "annual": "1/P1Y", "annually": "1/P1Y", "biennial": "1/P2Y",
    "biennially": "1/P2Y", "triennial": "1/P3Y", "triennially": "1/P3Y", "quadrennial": "1/P4Y",
    "quinquennial": "1/P5Y", "decennial": "1/P10Y", "semiannual": "1/P6M", "semiannually": "1/P6M",
    "halfyearly": "1/P6M", "semimonthly": "2/P1M", "semiweekly": "2/P1W", "semidaily": "2/P1D",
}  # fmt: skip
_AUTHORITY = {
    "BIHOURLY": "1/PT2H", "TRIHOURLY": "1/PT3H", "12HRS": "1/PT12H", "1MIN": "1/PT1M", "5MIN": "1/PT5M",
    "10MIN": "1/PT10M", "15MIN": "1/PT15M", "30MIN": "1/PT30M", "DAILY_2": "2/P1D", "WEEKLY_2": "2/P1W",
    "WEEKLY_3": "3/P1W", "WEEKLY_5": "5/P1W", "BIWEEKLY": "1/P2W", "MONTHLY_2": "2/P1M", "MONTHLY_3": "3/P1M",
    "BIMONTHLY": "1/P2M", "ANNUAL_2": "1/P6M", "ANNUAL_3": "1/P4M", "AS_NEEDED": "on_demand",
    "NOT_PLANNED": "not_planned", "UPDATE_CONT": "continuous", "BIDECENNIAL": "1/P20Y", "TRIDECENNIAL": "1/P30Y",
}  # fmt: skip
_DOUBLE = frozenset({"BIWEEKLY", "BIMONTHLY"})
"""Codes of the authority that are words of two meanings elsewhere: read in its addresses only."""

_DUBLIN_CORE = {
    "biweekly": "1/P2W", "bimonthly": "1/P2M", "threeTimesAWeek": "3/P1W", "threeTimesAMonth": "3/P1M",
    "threeTimesAYear": "1/P4M",
}  # fmt: skip
_ISO_19115 = {"biannually": "1/P6M"}
_PLACES = (
    (re.compile(r"https?://publications\.europa\.eu/resource/authority/frequency/(\w+)"), _AUTHORITY),
    (re.compile(r"https?://purl\.org/cld/(?:freq|terms)/(\w+)"), _DUBLIN_CORE),
    (re.compile(r"https?://inspire\.ec\.europa\.eu/metadata-codelist/MaintenanceFrequency(?:Code)?/(\w+)"), _ISO_19115),
)
_ENGLISH_UNITS = {
    "second": "PT1S", "minute": "PT1M", "hour": "PT1H", "day": "P1D", "week": "P1W", "fortnight": "P2W", "month": "P1M",
    "quarter": "P3M", "year": "P1Y", "decade": "P10Y",
}  # fmt: skip
_NUMERALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_COUNT = rf"(?:[1-9][0-9]{{0,3}}|{'|'.join(_NUMERALS)})"
_ENGLISH_UNIT = "|".join(_ENGLISH_UNITS)
_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:once )?(?:every|each) (?:(?P<number>{_COUNT}) )?(?P<unit>{_ENGLISH_UNIT})s?",
        rf"(?P<times>once|twice|thrice|{_COUNT} times?) (?:a|an|per|each|every) (?P<unit>{_ENGLISH_UNIT})",
        rf"(?P<times>twice|thrice|{_COUNT} times) (?P<adverb>hourly|daily|weekly|monthly|quarterly|yearly|annually)",
    )
)
_ISO = re.compile(r"(?:R/)?(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T0-9:.Z+-]*/)?P(T?)([0-9]{1,4}(?:[.,][0-9]{1,3})?)([YMWDHS])")
_THIRDS = {"0.33": Fraction(1, 3), "0.333": Fraction(1, 3), "0.67": Fraction(2, 3), "0.66": Fraction(2, 3)}


def short_of(text: str) -> str | None:
    """The short form (a kind, or count/period) of the words for a frequency; None where they say none for certain."""
    for place, codes in _PLACES:
        found = place.fullmatch(text)
        if found is not None:
            return codes.get(found[1]) or _plain(found[1])
    if text in _AUTHORITY and text not in _DOUBLE:
        return _AUTHORITY[text]
    plain = unicodedata.normalize("NFKC", text).strip(" 。.")
    return interval(plain) or _chinese(plain.replace(" ", "")) or _plain(plain) or _english(plain.lower())


def near(text: str) -> bool:
    """Whether the words are only close to what they are read as."""
    return _bare(unicodedata.normalize("NFKC", text)) in NEAR


def _bare(text: str) -> str:
    return re.sub(r"[ _.-]", "", text).lower()


def _plain(text: str) -> str | None:
    bare = _bare(text)
    return _KIND.get(bare) or NEAR.get(bare) or _ADVERBS.get(bare)


def interval(text: str) -> str | None:
    """The short form of an interval of ISO 8601, repeated or not: R/P1.5M is 2/P3M, R/P0.33W is 3/P1W."""
    found = _ISO.fullmatch(text)
    if found is None or (found[1] and found[3] not in "HMS") or (not found[1] and found[3] in "HS"):
        return None
    if not found[1] and found[3] == "S":
        return None
    digits = found[2].replace(",", ".")
    amount = _THIRDS.get(digits) or Fraction(digits)
    if not amount or amount.denominator > 24:
        return None
    if found[1] and found[3] == "S" and amount == 1:
        return "continuous"  # R/PT1S is a code, in all vocabularies that have it
    return f"{amount.denominator}/P{found[1]}{amount.numerator}{found[3]}"


def _chinese(text: str) -> str | None:
    for pattern in _CHINESE:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        part = found.groupdict()
        number, times = _number(part.get("number")), _number(part.get("times"))
        if number is None or times is None:
            return None
        count, period = _UNITS[part["unit"]]
        if count > 1 and number > 1:
            return None  # every two thirds of a month
        return f"{count * times}/{_multiplied(period, number)}"
    return None


def _number(text: str | None) -> int | None:
    """A number in digits or Chinese numerals up to 99; nothing is one."""
    if text is None:
        return 1
    if text.isdigit() and text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def _multiplied(period: str, number: int) -> str:
    head = period.rstrip("SMHDWY")
    amount = int(head.lstrip("PT")) * number
    return f"{'PT' if head.startswith('PT') else 'P'}{amount}{period[-1]}"


def _english(text: str) -> str | None:
    text = " ".join(re.sub(r"[-_]", " ", text).split())
    for pattern in _ENGLISH:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        part = found.groupdict()
        times = part.get("times")
        count = {"once": 1, "twice": 2, "thrice": 3}.get(times or "once") or _counted(str(times).split()[0])
        if part.get("adverb"):
            return f"{count}/{_ADVERBS[part['adverb']][2:]}"
        number = _counted(part["number"]) if part.get("number") else 1
        return f"{count}/{_multiplied(_ENGLISH_UNITS[part['unit']], number)}"
    return None


def _counted(text: str) -> int:
    return _NUMERALS.get(text) or int(text)
