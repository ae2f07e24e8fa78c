"""The Nanning form into the Guiyang form."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Any

from hand.common import (
    CACHE,
    CONTACTS,
    EXTENT,
    GONE,
    KEYWORDS,
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
    day,
    formats_of,
    industries,
    mail,
    nothing,
    often,
    others,
    page_of,
    text,
    words_between,
    words_of,
)

KNOWN = frozenset(
    ("标题", "来源部门", "重点领域", "发布时间", "更新时间", "开放条件", "数据量", "所属行业", "更新频率",
     "部门电话", "部门邮箱", "标签", "描述", "详情页网址", "数据格式", "文件数")
)  # fmt: skip
PAGE, THEIR_PAGE = "https://nn.data.gxzf.gov.cn/nn/catalog/", "http://data.guizhou.gov.cn/open-data/"
THEME_WORDS = words_between(THEMES, THEMES)
OFTEN_WORDS, OPEN_WORDS = words_between(OFTEN, OFTEN), words_between(OPEN, OPEN)
_COUNT = re.compile(r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3}){0,10})").fullmatch
LOCAL: Loss = ("identifiers.local.0.value", "omitted", None)


@lru_cache(CACHE)
def is_count(value: str) -> bool:
    """Whether a text is a number with commas between thousands."""
    if not _COUNT(value):
        raise Odd(value)
    return True


@lru_cache(CACHE)
def printed_formats(value: str) -> tuple[tuple[str, ...], list[str] | None, int]:
    """Of a printed Python list: the formats as they are written, the list if it must be kept, unknown ones."""
    listed = ast.literal_eval(value)
    if listed.__class__ is not list or repr(listed) != value or any(item.__class__ is not str for item in listed):
        raise Odd(value)
    if any(item in NULLS for item in listed):
        raise Odd(value)
    written, unknown = formats_of(listed)
    return tuple(written), None if written == listed else listed, unknown


def nanning_to_guiyang(record: dict[str, Any]) -> Result:
    """A record of the one form in the other."""
    kept: dict[str, Any] = {}
    gone: list[str] = []
    problems: list[tuple[str, str]] = []
    get = record.get
    theme = _theme(get("重点领域", GONE), kept, gone)
    industry, more = _industry(get("所属行业", GONE), kept, gone, problems)
    page = get("详情页网址", GONE)
    page_out = page_of(page, "详情页网址", "", kept, gone, problems)
    if page_out is not None and page_out.startswith(THEIR_PAGE):
        raise Odd(page_out)
    out = {
        "标题": text(get("标题", GONE), "标题", "", kept, gone),
        "数据摘要": text(get("描述", GONE), "描述", "", kept, gone),
        "主题名称": "默认主题" if theme is None else theme,
        "所属行业": "默认行业" if industry is None else industry,
        "数据提供方": text(get("来源部门", GONE), "来源部门", "", kept, gone),
        "发布时间": day(get("发布时间", GONE), "发布时间", kept, gone, problems),
        "更新时间": day(get("更新时间", GONE), "更新时间", kept, gone, problems),
        "更新频率": often(get("更新频率", GONE), "更新频率", OFTEN_WORDS, "", kept, gone),
        "开放属性": coded(get("开放条件", GONE), "开放条件", OPEN_WORDS, "", kept, gone, problems),
        "数据格式": _printed(get("数据格式", GONE), kept, gone, problems),
        "详情页网址": page_out,
    }
    records = _count(get("数据量", GONE), "数据量", kept, gone)
    files = _count(get("文件数", GONE), "文件数", kept, gone)
    words = words_of(get("标签", GONE), "标签", "\r\n\t", "", kept, gone)
    telephone = text(get("部门电话", GONE), "部门电话", "暂无", kept, gone)
    email = mail(get("部门邮箱", GONE), "部门邮箱", "暂无", kept, gone, problems)
    lost: list[Loss] = [(f"classification.industry.{i}", "omitted", None) for i in range(1, more + 1)] if more else []
    if records or files:
        lost.append(EXTENT)
    if page.__class__ is str and page.startswith(PAGE) and len(page) > len(PAGE):
        lost.append(LOCAL)
    if words:
        lost.append(KEYWORDS)
    if telephone is not None or email is not None:
        lost.append(CONTACTS)
    if not KNOWN.issuperset(record):
        others(record, KNOWN, kept)
    return out, lost, kept, gone, problems


def _theme(value: Any, kept: dict[str, Any], gone: list[str]) -> str | None:
    found = THEME_WORDS.get(value)
    if found is not None:
        if found[0] != value:
            kept["重点领域"] = value
        return found[1]
    out = text(value, "重点领域", "", kept, gone)
    if out == "默认主题":
        raise Odd(out)
    return out


def _industry(
    value: Any, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]
) -> tuple[str | None, int]:
    if value.__class__ is str and value and value not in NULLS:
        first, more, usual, unknown = industries(value, "\r\n")
        if first == "默认行业":
            raise Odd(value)
        if not usual:
            kept["所属行业"] = value
        problems.extend([(STRETCHED, "所属行业")] * unknown)
        return first, more
    nothing(value, "所属行业", "", kept, gone)
    return None, 0


def _printed(value: Any, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]) -> list[str] | None:
    if value.__class__ is not str:
        nothing(value, "数据格式", [], kept, gone)
        return None
    written, listed, unknown = printed_formats(value)
    if unknown:
        problems.extend([(UNKNOWN, "数据格式")] * unknown)
    if listed is not None:
        kept["数据格式"] = list(listed)
    return list(written) or None


def _count(value: Any, key: str, kept: dict[str, Any], gone: list[str]) -> bool:
    if value.__class__ is str and value and value not in NULLS:
        return is_count(value)
    nothing(value, key, GONE, kept, gone)
    return False
