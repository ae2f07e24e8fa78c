"""Two translators as a careful engineer writes them by hand: plain functions, tables, caches where values repeat.

They do what the generated ones do for the same pairs: the record, the losses (path, kind, what becomes of it), what the
way back needs (raw values, and fields that were not there), and findings (code, field). Unknown codes are kept and
reported, dates and addresses are checked. Values that hardly ever occur raise: a program would send such records to its
slow path. They exist to be measured against, and a test proves them equal to the generated ones.
"""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

CODES = Path(__file__).resolve().parent.parent / "mappings" / "codes"
CACHE = 65536
GONE = object()
NULLS = frozenset(("", "暂无"))
UNKNOWN, MALFORMED = "MH402", "MH401"

Loss = tuple[str, str, Any]
Result = tuple[dict[str, Any], list[Loss], dict[str, Any], list[str], list[tuple[str, str]]]


class Odd(Exception):
    """A value for the slow path."""


def _table(name: str) -> dict[str, list[str]]:
    """Their words by code, the first is written."""
    pairs = yaml.safe_load((CODES / f"{name}.yaml").read_text("utf-8"))["pairs"]
    return {str(code): [words] if isinstance(words, str) else words for code, words in pairs.items()}


def _words(table: dict[str, list[str]], written: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """By word of one side: (its first spelling, the word of the other side)."""
    return {w: (words[0], written[code][0]) for code, words in table.items() for w in words if code in written}


_OPEN = {code: words for code, words in _table("cn-opening-words").items() if code in ("unconditional", "conditional")}
_OPEN_SHORT = {"unconditional": ["无条件", "无条件开放"], "conditional": ["有条件", "有条件开放"]}
_THEMES = _table("cn-open-themes")
_THEMES_TURNED = {**_THEMES, "resources-energy": ["能源资源", "资源能源"]}
_OFTEN = _table("cn-frequency-words")
_FORMATS = _table("cn-formats")
_FORMAT_CODES = {word: code for code, words in _FORMATS.items() for word in words}

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+").fullmatch
_ANY_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+").fullmatch
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_TIME = re.compile(r" (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]").fullmatch
_COUNT = re.compile(r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3}){0,10})").fullmatch


def nothing(value: Any, key: str, empty: Any, kept: dict[str, Any], gone: list[str]) -> None:
    """A field that says nothing; kept unless it says so in the usual way. Other values are odd."""
    if value is GONE:
        if empty is not GONE:
            gone.append(key)
    elif value is None or (value.__class__ is str and value in NULLS):
        if value != empty:
            kept[key] = value
    else:
        raise Odd(key)


def text(value: Any, key: str, empty: Any, kept: dict[str, Any], gone: list[str]) -> str | None:
    """A text as it is. A lone surrogate raises."""
    if value.__class__ is str and value and value not in NULLS:
        value.encode("utf-16")
        return value
    nothing(value, key, empty, kept, gone)
    return None


@lru_cache(CACHE)
def is_day(value: str) -> bool:
    """Whether a text is a day of the calendar."""
    if not _DAY(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


@lru_cache(CACHE)
def is_count(value: str) -> bool:
    """Whether a text is a number with commas between thousands."""
    if not _COUNT(value):
        raise Odd(value)
    return True


def _pieces(value: str, separator: str) -> list[str]:
    """The elements of a text; odd where there are blanks or marks that stand for nothing."""
    pieces = value.split(separator)
    for piece in pieces:
        if piece in NULLS or piece.strip() != piece or not piece.isprintable() or '"' in piece or "\\" in piece:
            raise Odd(value)
    return pieces


@lru_cache(CACHE)
def in_order(value: str, separator: str) -> bool:
    """Whether the words of a text stand in order (by their JSON texts)."""
    pieces = _pieces(value, separator)
    return sorted(pieces, key=lambda piece: piece + '"') == pieces


@lru_cache(CACHE)
def industries(value: str, separator: str) -> tuple[str, int]:
    """The first industry, and how many others there are. An industry has one name on both sides."""
    pieces = _pieces(value, separator)
    return pieces[0], len(pieces) - 1


@lru_cache(CACHE)
def themes(value: str, separator: str) -> tuple[str, int, bool]:
    """The same of themes, whose words differ between the two sides, and whether they are spelled as usual."""
    pieces = _pieces(value, separator)
    found = [B_THEMES.get(piece, (piece, piece)) for piece in pieces]
    return found[0][1], len(pieces) - 1, [usual for usual, _ in found] == pieces


def _formats(pieces: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Formats in order of their codes as each side writes them, and those that are unknown."""
    codes = sorted(_FORMAT_CODES[piece] for piece in pieces if piece in _FORMAT_CODES)
    unknown = [piece for piece in pieces if piece not in _FORMAT_CODES]
    return codes, [_FORMATS[code][0] for code in codes], unknown


# --- the Nanning form into the Guiyang form --------------------------------------------------------------------------

N_KNOWN = frozenset(
    ("标题", "来源部门", "重点领域", "发布时间", "更新时间", "开放条件", "数据量", "所属行业", "更新频率",
     "部门电话", "部门邮箱", "标签", "描述", "详情页网址", "数据格式", "文件数")
)  # fmt: skip
N_PAGE, G_PAGE = "https://nn.data.gxzf.gov.cn/nn/catalog/", "http://data.guizhou.gov.cn/open-data/"
N_THEMES, N_OFTEN, N_OPEN = _words(_THEMES, _THEMES), _words(_OFTEN, _OFTEN), _words(_OPEN, _OPEN)
N_CONTACTS: Loss = ("parties.provider.0.contacts", "omitted", None)
N_EXTENT: Loss = ("extent", "omitted", None)
N_LOCAL: Loss = ("identifiers.local.0.value", "omitted", None)
N_KEYWORDS: Loss = ("keywords", "omitted", None)


@lru_cache(CACHE)
def printed_formats(value: str) -> tuple[tuple[str, ...], list[str] | None, int]:
    """Of a printed Python list: the formats as they are written, the list if it must be kept, unknown ones."""
    listed = ast.literal_eval(value)
    if listed.__class__ is not list or repr(listed) != value or any(item.__class__ is not str for item in listed):
        raise Odd(value)
    if any(item in NULLS for item in listed):
        raise Odd(value)
    _, written, unknown = _formats(listed)
    return tuple(written), None if written == listed else listed, len(unknown)


def nanning_to_guiyang(record: dict[str, Any]) -> Result:
    """A record of the one form in the other."""
    lost: list[Loss] = []
    kept: dict[str, Any] = {}
    gone: list[str] = []
    problems: list[tuple[str, str]] = []
    get = record.get

    title = text(get("标题", GONE), "标题", "", kept, gone)
    description = text(get("描述", GONE), "描述", "", kept, gone)
    words = get("标签", GONE)
    if words.__class__ is str and words and words not in NULLS:
        if not in_order(words, "\r\n\t"):
            kept["标签"] = words
    else:
        words = nothing(words, "标签", "", kept, gone)
    theme = get("重点领域", GONE)
    if theme in N_THEMES:
        first, theme_out = N_THEMES[theme]
        if first != theme:
            kept["重点领域"] = theme
    else:
        theme_out = text(theme, "重点领域", "", kept, gone)
        if theme_out == "默认主题":
            raise Odd(theme_out)
    industry, more = get("所属行业", GONE), 0
    if industry.__class__ is str and industry and industry not in NULLS:
        industry_out, more = industries(industry, "\r\n")
        if industry_out == "默认行业":
            raise Odd(industry_out)
    else:
        industry_out = nothing(industry, "所属行业", "", kept, gone)
    provider = text(get("来源部门", GONE), "来源部门", "", kept, gone)
    telephone = text(get("部门电话", GONE), "部门电话", "暂无", kept, gone)
    email = text(get("部门邮箱", GONE), "部门邮箱", "暂无", kept, gone)
    published = _day(get("发布时间", GONE), "发布时间", kept, gone, problems)
    modified = _day(get("更新时间", GONE), "更新时间", kept, gone, problems)
    often = _coded(get("更新频率", GONE), "更新频率", N_OFTEN, "", kept, gone, problems)
    opening = _coded(get("开放条件", GONE), "开放条件", N_OPEN, "", kept, gone, problems)
    records = _count(get("数据量", GONE), "数据量", kept, gone)
    files = _count(get("文件数", GONE), "文件数", kept, gone)
    formats = get("数据格式", GONE)
    if formats.__class__ is str:
        written, listed, unknown = printed_formats(formats)
        problems.extend([(UNKNOWN, "数据格式")] * unknown)
        if listed is not None:
            kept["数据格式"] = list(listed)
        formats_out = list(written) or None
    else:
        formats_out = nothing(formats, "数据格式", [], kept, gone)
    page = get("详情页网址", GONE)
    local = page.__class__ is str and page.startswith(N_PAGE) and len(page) > len(N_PAGE)
    page_out = _page(page, "详情页网址", "", kept, gone, problems)
    if page_out is not None and page_out.startswith(G_PAGE):
        raise Odd(page_out)

    for i in range(1, more + 1):
        lost.append((f"classification.industry.{i}", "omitted", None))
    if records or files:
        lost.append(N_EXTENT)
    if local:
        lost.append(N_LOCAL)
    if words is not None:
        lost.append(N_KEYWORDS)
    if telephone is not None or email is not None:
        lost.append(N_CONTACTS)
    if not N_KNOWN.issuperset(record):
        _others(record, N_KNOWN, kept)
    out = {
        "标题": title,
        "数据摘要": description,
        "主题名称": "默认主题" if theme_out is None else theme_out,
        "所属行业": "默认行业" if industry_out is None else industry_out,
        "数据提供方": provider,
        "发布时间": published,
        "更新时间": modified,
        "更新频率": often,
        "开放属性": opening,
        "数据格式": formats_out,
        "详情页网址": page_out,
    }
    return out, lost, kept, gone, problems


def _day(value: Any, key: str, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]) -> str | None:
    if value.__class__ is str and value and value not in NULLS:
        if is_day(value):
            return value
        problems.append((MALFORMED, key))
        kept[key] = value
        return None
    nothing(value, key, "", kept, gone)
    return None


def _coded(
    value: Any, key: str, table: dict[str, tuple[str, str]], empty: Any, kept: dict[str, Any], gone: list[str],
    problems: list[tuple[str, str]],
) -> str | None:  # fmt: skip
    found = table.get(value)
    if found is not None:
        if found[0] != value:
            kept[key] = value
        return found[1]
    if value.__class__ is str and value and value not in NULLS:
        problems.append((UNKNOWN, key))
        kept[key] = value
        return None
    nothing(value, key, empty, kept, gone)
    return None


def _count(value: Any, key: str, kept: dict[str, Any], gone: list[str]) -> bool:
    if value.__class__ is str and value and value not in NULLS:
        return is_count(value)
    nothing(value, key, GONE, kept, gone)
    return False


def _page(
    value: Any, key: str, empty: Any, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]
) -> str | None:
    if value.__class__ is str and value and value not in NULLS:
        if _URI(value) or _ANY_URI(value):
            return value
        problems.append((MALFORMED, key))
        kept[key] = value
        return None
    nothing(value, key, empty, kept, gone)
    return None


def _others(record: dict[str, Any], known: frozenset[str], kept: dict[str, Any]) -> None:
    """Fields that nobody knows."""
    for key, value in record.items():
        if key not in known:
            if not key.isidentifier():
                raise Odd(key)
            kept[key] = value


# --- the Aba form into the Anhui form --------------------------------------------------------------------------------

B_KNOWN = frozenset(
    ("subjectBaseName", "tableRemark", "label", "fieldName", "industry", "orgName", "orgPhone", "orgEmail",
     "releaseTime", "updateTime", "frequency", "openTypeName", "dataNumSum", "dataType", "详情页网址")
)  # fmt: skip
B_PAGE = "http://abadata.cn/ABaPrefectureGateway/open/api/getTableDetail?tableId"
B_THEMES = _words(_THEMES_TURNED, _THEMES)
B_OFTEN, B_OPEN = _words(_OFTEN, {**_OFTEN, "1/P1D": ["每日", "每天"]}), _words(_OPEN_SHORT, _OPEN)
B_INDUSTRY: Loss = ("classification.industry", "omitted", None)
B_DOCUMENTS: Loss = ("documents", "omitted", None)
B_IDENTIFIERS: Loss = ("identifiers", "omitted", None)


@lru_cache(CACHE)
def split_formats(value: str) -> tuple[str, bool, int]:
    """Of formats with commas: as a printed list, whether they stood in order, unknown ones."""
    pieces = _pieces(value, ",")
    _, written, unknown = _formats(pieces)
    return repr(written), written == pieces, len(unknown)


@lru_cache(CACHE)
def moment(value: str) -> tuple[str, bool]:
    """The day of a local time, and whether that is all of it. Before 1992 the clocks were turned: odd."""
    day = value[:10]
    if not is_day(day) or not _TIME(value[10:]):
        return "", False
    if day < "1992":
        raise Odd(value)
    return day, value[10:] == " 00:00:00"


def aba_to_anhui(record: dict[str, Any]) -> Result:
    """A record of the one form in the other."""
    lost: list[Loss] = []
    kept: dict[str, Any] = {}
    gone: list[str] = []
    problems: list[tuple[str, str]] = []
    get = record.get

    title = text(get("subjectBaseName", GONE), "subjectBaseName", None, kept, gone)
    description = text(get("tableRemark", GONE), "tableRemark", None, kept, gone)
    words = _words_of(get("label", GONE), "label", ",", kept, gone)
    theme, more = get("fieldName", GONE), 0
    if theme.__class__ is str and theme and theme not in NULLS:
        theme_out, more, plain = themes(theme, ",")
        if not plain:
            kept["fieldName"] = theme
    else:
        theme_out = nothing(theme, "fieldName", "暂无", kept, gone)
    industry = get("industry", GONE)
    if industry.__class__ is str and industry and industry not in NULLS:
        industries(industry, ",")
    else:
        industry = nothing(industry, "industry", "暂无", kept, gone)
    provider = text(get("orgName", GONE), "orgName", None, kept, gone)
    telephone = _words_of(get("orgPhone", GONE), "orgPhone", "、", kept, gone)
    email = text(get("orgEmail", GONE), "orgEmail", "暂无", kept, gone)
    published = get("releaseTime", GONE)
    published_out, published_whole = _moment(published, "releaseTime", kept, gone, problems)
    modified = get("updateTime", GONE)
    modified_out, modified_whole = _moment(modified, "updateTime", kept, gone, problems)
    often = _coded(get("frequency", GONE), "frequency", B_OFTEN, None, kept, gone, problems)
    opening = _coded(get("openTypeName", GONE), "openTypeName", B_OPEN, None, kept, gone, problems)
    number = get("dataNumSum", GONE)
    if number.__class__ is int and -(10**30) < number < 10**30:
        lost_extent = True
    else:
        lost_extent = False
        if number.__class__ is str and number and number not in NULLS:
            problems.append((MALFORMED, "dataNumSum"))
            kept["dataNumSum"] = number
        else:
            nothing(number, "dataNumSum", None, kept, gone)
    formats = get("dataType", GONE)
    if formats.__class__ is str and formats and formats not in NULLS:
        formats_out, plain, unknown = split_formats(formats)
        problems.extend([(UNKNOWN, "dataType")] * unknown)
        if not plain:
            kept["dataType"] = formats
    else:
        nothing(formats, "dataType", None, kept, gone)
        formats_out = "[]"
    page = get("详情页网址", GONE)
    local = page.__class__ is str and page.startswith(B_PAGE) and len(page) > len(B_PAGE)
    page_out = _page(page, "详情页网址", None, kept, gone, problems)

    for i in range(1, more + 1):
        lost.append((f"classification.domain.{i}", "omitted", None))
    if industry is not None:
        lost.append(B_INDUSTRY)
    if modified_out and not modified_whole:
        lost.append(("dates.data_modified", "changed", modified_out))
    if published_out and not published_whole:
        lost.append(("dates.published", "changed", published_out))
    if page_out is not None:
        lost.append(B_DOCUMENTS)
    if lost_extent:
        lost.append(N_EXTENT)
    if local:
        lost.append(B_IDENTIFIERS)
    if words:
        lost.append(N_KEYWORDS)
    if telephone or email is not None:
        lost.append(N_CONTACTS)
    if not B_KNOWN.issuperset(record):
        _others(record, B_KNOWN, kept)
    out = {
        "标题": title or "",
        "摘要信息": description or "",
        "所属领域": theme_out or "",
        "提供单位": provider or "",
        "发布日期": published_out,
        "更新日期": modified_out,
        "更新频率": often or "",
        "开放属性": opening or "",
        "数据格式": formats_out,
    }
    return out, lost, kept, gone, problems


def _words_of(value: Any, key: str, separator: str, kept: dict[str, Any], gone: list[str]) -> bool:
    if value.__class__ is str and value and value not in NULLS:
        if not in_order(value, separator):
            kept[key] = value
        return True
    nothing(value, key, "暂无", kept, gone)
    return False


def _moment(
    value: Any, key: str, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]
) -> tuple[str, bool]:
    if value.__class__ is str and value and value not in NULLS:
        day, whole = moment(value)
        if not day:
            problems.append((MALFORMED, key))
            kept[key] = value
        return day, whole
    nothing(value, key, None, kept, gone)
    return "", True


PAIRS = {
    ("cn-guangxi-nanning", "cn-guizhou-guiyang"): nanning_to_guiyang,
    ("cn-sichuan-aba", "cn-anhui"): aba_to_anhui,
}
"""The translators by what they read and write."""

CACHES = (is_day, is_count, in_order, industries, themes, printed_formats, split_formats, moment)
"""What remembers values."""
