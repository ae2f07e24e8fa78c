"""The Aba form into the Anhui form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from hand.common import (
    CACHE,
    CONTACTS,
    EXTENT,
    GONE,
    KEYWORDS,
    MALFORMED,
    NULLS,
    OFTEN,
    OPEN,
    STRETCHED,
    THEMES,
    UNKNOWN,
    Loss,
    Odd,
    Result,
    coded,
    formats_of,
    industries,
    is_day,
    mail,
    nothing,
    often,
    others,
    page_of,
    pieces_of,
    text,
    words_between,
    words_of,
)

KNOWN = frozenset(
    ("subjectBaseName", "tableRemark", "label", "fieldName", "industry", "orgName", "orgPhone", "orgEmail",
     "releaseTime", "updateTime", "frequency", "openTypeName", "dataNumSum", "dataType", "详情页网址")
)  # fmt: skip
PAGE = "http://abadata.cn/ABaPrefectureGateway/open/api/getTableDetail?tableId"
OPEN_SHORT = {"unconditional": ["无条件", "无条件开放"], "conditional": ["有条件", "有条件开放"]}
THEMES_TURNED = {**THEMES, "resources-energy": ["能源资源", "资源能源"]}
THEME_WORDS = words_between(THEMES_TURNED, THEMES)
OFTEN_WORDS, OPEN_WORDS = words_between(OFTEN, {**OFTEN, "1/P1D": ["每日", "每天"]}), words_between(OPEN_SHORT, OPEN)
TIME = re.compile(r" (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]").fullmatch
INDUSTRY: Loss = ("classification.industry", "omitted", None)
DOCUMENTS: Loss = ("documents", "omitted", None)
IDENTIFIERS: Loss = ("identifiers", "omitted", None)


@lru_cache(CACHE)
def themes(value: str, separator: str) -> tuple[str, int, bool]:
    """The first theme in the words of the other side, how many others there are, whether they are spelled as usual."""
    pieces = pieces_of(value, separator)
    found = [THEME_WORDS.get(piece, (piece, piece)) for piece in pieces]
    return found[0][1], len(pieces) - 1, [usual for usual, _ in found] == pieces


@lru_cache(CACHE)
def split_formats(value: str) -> tuple[str, bool, int]:
    """Of formats with commas: as a printed list, whether they stood in order, unknown ones."""
    pieces = pieces_of(value, ",")
    written, unknown = formats_of(pieces)
    return repr(written), written == pieces, unknown


@lru_cache(CACHE)
def moment(value: str) -> tuple[str, bool]:
    """The day of a local time, and whether that is all of it. Before 1992 the clocks were turned: odd."""
    day = value[:10]
    if not is_day(day) or not TIME(value[10:]):
        return "", False
    if day < "1992":
        raise Odd(value)
    return day, value[10:] == " 00:00:00"


def aba_to_anhui(record: dict[str, Any]) -> Result:
    """A record of the one form in the other."""
    kept: dict[str, Any] = {}
    gone: list[str] = []
    problems: list[tuple[str, str]] = []
    get = record.get
    theme, more = _themes(get("fieldName", GONE), kept, gone)
    published, published_whole = _moment(get("releaseTime", GONE), "releaseTime", kept, gone, problems)
    modified, modified_whole = _moment(get("updateTime", GONE), "updateTime", kept, gone, problems)
    page = get("详情页网址", GONE)
    out = {
        "标题": text(get("subjectBaseName", GONE), "subjectBaseName", None, kept, gone) or "",
        "摘要信息": text(get("tableRemark", GONE), "tableRemark", None, kept, gone) or "",
        "所属领域": theme,
        "提供单位": text(get("orgName", GONE), "orgName", None, kept, gone) or "",
        "发布日期": published,
        "更新日期": modified,
        "更新频率": often(get("frequency", GONE), "frequency", OFTEN_WORDS, None, kept, gone) or "",
        "开放属性": coded(get("openTypeName", GONE), "openTypeName", OPEN_WORDS, None, kept, gone, problems) or "",
        "数据格式": _split(get("dataType", GONE), kept, gone, problems),
    }
    industry = _named(get("industry", GONE), "industry", kept, gone, problems)
    telephone = words_of(get("orgPhone", GONE), "orgPhone", "、", "暂无", kept, gone)
    email = mail(get("orgEmail", GONE), "orgEmail", "暂无", kept, gone, problems)
    words = words_of(get("label", GONE), "label", ",", "暂无", kept, gone)
    lost: list[Loss] = [(f"classification.domain.{i}", "omitted", None) for i in range(1, more + 1)] if more else []
    if industry:
        lost.append(INDUSTRY)
    if not modified_whole:
        lost.append(("dates.data_modified", "changed", modified))
    if not published_whole:
        lost.append(("dates.published", "changed", published))
    if page_of(page, "详情页网址", None, kept, gone, problems) is not None:
        lost.append(DOCUMENTS)
    if _number(get("dataNumSum", GONE), "dataNumSum", kept, gone, problems):
        lost.append(EXTENT)
    if page.__class__ is str and page.startswith(PAGE) and len(page) > len(PAGE):
        lost.append(IDENTIFIERS)
    if words:
        lost.append(KEYWORDS)
    if telephone or email is not None:
        lost.append(CONTACTS)
    if not KNOWN.issuperset(record):
        others(record, KNOWN, kept)
    return out, lost, kept, gone, problems


def _themes(value: Any, kept: dict[str, Any], gone: list[str]) -> tuple[str, int]:
    if value.__class__ is str and value and value not in NULLS:
        first, more, plain = themes(value, ",")
        if not plain:
            kept["fieldName"] = value
        return first, more
    nothing(value, "fieldName", "暂无", kept, gone)
    return "", 0


def _split(value: Any, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]) -> str:
    if value.__class__ is str and value and value not in NULLS:
        out, plain, unknown = split_formats(value)
        if unknown:
            problems.extend([(UNKNOWN, "dataType")] * unknown)
        if not plain:
            kept["dataType"] = value
        return out
    nothing(value, "dataType", None, kept, gone)
    return "[]"


def _named(value: Any, key: str, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]) -> bool:
    if value.__class__ is str and value and value not in NULLS:
        _, _, usual, unknown = industries(value, ",")
        if not usual:
            kept[key] = value
        problems.extend([(STRETCHED, key)] * unknown)
        return True
    nothing(value, key, "暂无", kept, gone)
    return False


def _number(value: Any, key: str, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]) -> bool:
    if value.__class__ is int and -(10**30) < value < 10**30:
        return True
    if value.__class__ is str and value and value not in NULLS:
        problems.append((MALFORMED, key))
        kept[key] = value
    else:
        nothing(value, key, None, kept, gone)
    return False


def _moment(
    value: Any, key: str, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]
) -> tuple[str, bool]:
    if value.__class__ is str and value and value not in NULLS:
        day, whole = moment(value)
        if day:
            return day, whole
        problems.append((MALFORMED, key))
        kept[key] = value
        return "", True
    nothing(value, key, None, kept, gone)
    return "", True
