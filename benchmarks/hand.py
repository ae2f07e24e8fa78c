"""A translator as an engineer writes it by hand: one pair, plain functions, caches where values repeat.

It does what the generated one does for the same pair (the shared oportal form into the Guizhou form): the record, the
fields that are lost, and what must be kept for the way back. It exists to be measured against.
"""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import lru_cache
from typing import Any

THEMES = dict.fromkeys(
    "信用服务 医疗卫生 社保就业 公共安全 城建住房 交通运输 教育文化 科技创新 资源能源 生态环境 工业农业 商贸流通 财税金融 安全生产 市场监督 "
    "社会救助 法律服务 生活服务 气象服务 地理空间 机构团体 其他".split()
)
FREQUENCIES = {"每年": "每年", "每半年": "每半年", "每季度": "每季度", "每月": "每月", "每周": "每周", "每天": "每天", "每日": "每天",
               "实时": "实时", "不定期": "不定期", "不定时": "不定期"}
OPENING = {"无条件开放", "有条件开放"}
FORMATS = {"xls", "xlsx", "xml", "json", "csv", "rdf", "pdf", "doc", "docx", "txt", "zip", "api", "其他"}
PHONE_MARKERS = {"", "暂无"}
KNOWN = {"标题", "来源部门", "重点领域", "发布时间", "更新时间", "开放条件", "数据量", "所属行业", "更新频率", "部门电话", "部门邮箱", "标签",
         "描述", "详情页网址", "数据格式", "文件数"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_COUNT = re.compile(r"[0-9]{1,3}(,[0-9]{3})*\Z|[0-9]+\Z")
_PAGE = re.compile(r"https://nn\.data\.gxzf\.gov\.cn/nn/catalog/(.+)\Z")


@lru_cache(maxsize=65536)
def day(text: str) -> str:
    """A date of the form YYYY-MM-DD; an impossible one raises."""
    if not _DATE.match(text):
        raise ValueError(text)
    date.fromisoformat(text)
    return text


@lru_cache(maxsize=65536)
def count(text: str) -> int:
    """A number with commas between thousands."""
    if not _COUNT.match(text):
        raise ValueError(text)
    return int(text.replace(",", ""))


@lru_cache(maxsize=65536)
def tags(text: str) -> tuple[tuple[str, ...], bool]:
    """The tags of a text, sorted, and whether joining them gives it back."""
    parts = [part.strip() for part in text.split("\r\n\t") if part.strip()]
    ordered = tuple(sorted(parts))
    return ordered, "\r\n\t".join(ordered) == text


@lru_cache(maxsize=65536)
def formats(text: str) -> tuple[tuple[str, ...], bool]:
    """The formats of a printed Python list, sorted, and whether printing them gives it back."""
    listed = ast.literal_eval(text)
    codes = sorted("other" if f == "其他" else f if f in FORMATS else "api" if f == "接口" else _unknown(f) for f in listed)
    ordered = tuple("其他" if code == "other" else code for code in codes)
    return ordered, repr(list(ordered)) == text


def _unknown(text: str) -> str:
    raise ValueError(text)


def said(value: Any) -> str | None:
    """A text that says something; another JSON type is for the slow path."""
    if value is None or value == "" or value == "暂无":
        return None
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def translate(record: dict[str, Any]) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
    """Their record in the other form, the paths that are lost, and what the way back needs."""
    lost: list[str] = []
    kept: dict[str, Any] = {}
    industry = said(record.get("所属行业"))
    theme = said(record.get("重点领域"))
    listed, plain = formats(record.get("数据格式") or "[]")
    if not plain:
        kept["数据格式"] = record["数据格式"]
    words, plain = tags(record.get("标签") or "")
    if not plain:
        kept["标签"] = record["标签"]
    if words:
        lost.append("keywords")
    number = record.get("数据量")
    if number and count(number) >= 0:
        lost.append("extent")
    if record.get("部门电话", "") not in PHONE_MARKERS or record.get("部门邮箱", "") not in PHONE_MARKERS:
        lost.append("parties.provider.0.contacts")
    page = said(record.get("详情页网址"))
    if page is not None and _PAGE.match(page):
        lost.append("identifiers.local.0.value")
    if record.get("部门电话") == "":
        kept["部门电话"] = ""
    if record.get("部门邮箱") == "":
        kept["部门邮箱"] = ""
    if record["开放条件"] not in OPENING:
        raise ValueError(record["开放条件"])
    out = {
        "标题": said(record.get("标题")),
        "数据摘要": said(record.get("描述")),
        "主题名称": theme if theme is not None else "默认主题",
        "所属行业": industry if industry is not None else "默认行业",
        "数据提供方": said(record.get("来源部门")),
        "发布时间": day(record["发布时间"]),
        "更新时间": day(record["更新时间"]),
        "更新频率": FREQUENCIES[record["更新频率"]],
        "开放属性": record["开放条件"],
        "数据格式": list(listed) or None,
        "详情页网址": page,
    }
    for key in record.keys() - KNOWN:
        kept[key] = record[key]
    return out, lost, kept
