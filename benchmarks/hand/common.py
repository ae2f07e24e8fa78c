"""What both translators share: tables, checks, and fields that are read alike."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from metaharmon import codelists

CODES = Path(__file__).resolve().parent.parent.parent / "mappings" / "codes"
CACHE = 65536
GONE = object()
NULLS = frozenset(("", "暂无"))
UNKNOWN, MALFORMED, STRETCHED = "MH402", "MH401", "MH405"

Loss = tuple[str, str, Any]
Result = tuple[dict[str, Any], list[Loss], dict[str, Any], list[str], list[tuple[str, str]]]

CONTACTS: Loss = ("parties.provider.0.contacts", "omitted", None)
EXTENT: Loss = ("extent", "omitted", None)
KEYWORDS: Loss = ("keywords", "omitted", None)


class Odd(Exception):
    """A value for the slow path."""


def table(name: str) -> dict[str, list[str]]:
    """Their words by code, the first is written."""
    pairs = yaml.safe_load((CODES / f"{name}.yaml").read_text("utf-8"))["pairs"]
    return {str(code): [words] if isinstance(words, str) else words for code, words in pairs.items()}


def words_between(read: dict[str, list[str]], written: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """By word of one side: (its first spelling, the word of the other side)."""
    return {w: (words[0], written[code][0]) for code, words in read.items() for w in words if code in written}


OPEN = {code: words for code, words in table("cn-opening-words").items() if code in ("unconditional", "conditional")}
THEMES = table("cn-open-themes")
OFTEN = table("cn-frequency-words")
FORMATS = table("cn-formats")
FORMAT_CODES = {word: code for code, words in FORMATS.items() for word in words}

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+").fullmatch
_ANY_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+").fullmatch
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").fullmatch
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


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


def pieces_of(value: str, separator: str) -> list[str]:
    """The elements of a text; odd where there are blanks or marks that stand for nothing."""
    pieces = value.split(separator)
    for piece in pieces:
        if piece in NULLS or piece.strip() != piece or not piece.isprintable() or '"' in piece or "\\" in piece:
            raise Odd(value)
    return pieces


@lru_cache(CACHE)
def in_order(value: str, separator: str) -> bool:
    """Whether the words of a text stand in order (by their JSON texts)."""
    pieces = pieces_of(value, separator)
    return sorted(pieces, key=lambda piece: piece + '"') == pieces


@lru_cache(CACHE)
def industries(value: str, separator: str) -> tuple[str, int, bool, int]:
    """The first industry, how many others there are, whether all are spelled as usual, and how many are no concepts. An
    industry has one name on both sides."""
    pieces, known, unknown = pieces_of(value, separator), codelists.load("gbt4754"), 0
    usual = []
    for piece in pieces:
        code = known.find(piece)
        unknown += code is None
        usual.append(piece if code is None else known.codes[code].zh)
    return usual[0], len(pieces) - 1, usual == pieces and not unknown, unknown


def formats_of(pieces: list[str]) -> tuple[list[str], int]:
    """Formats as they are written, in the order of their codes, and how many are unknown."""
    codes = sorted(FORMAT_CODES[piece] for piece in pieces if piece in FORMAT_CODES)
    return [FORMATS[code][0] for code in codes], len(pieces) - len(codes)


def day(value: Any, key: str, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]) -> str | None:
    """A day, checked."""
    if value.__class__ is str and value and value not in NULLS:
        if is_day(value):
            return value
        problems.append((MALFORMED, key))
        kept[key] = value
        return None
    nothing(value, key, "", kept, gone)
    return None


def coded(
    value: Any, key: str, codes: dict[str, tuple[str, str]], empty: Any, kept: dict[str, Any], gone: list[str],
    problems: list[tuple[str, str]],
) -> str | None:  # fmt: skip
    """The other side's word for a code; an unknown one is kept and reported."""
    found = codes.get(value)
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


def often(
    value: Any, key: str, codes: dict[str, tuple[str, str]], empty: Any, kept: dict[str, Any], gone: list[str]
) -> str | None:
    """The other side's word for an update frequency; words that are not in the table may say one all the same."""
    if value.__class__ is str and value and value not in NULLS and value not in codes:
        raise Odd(value)
    return coded(value, key, codes, empty, kept, gone, [])


def page_of(
    value: Any, key: str, empty: Any, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]
) -> str | None:
    """An address, checked."""
    if value.__class__ is str and value and value not in NULLS:
        if _URI(value) or _ANY_URI(value):
            return value
        problems.append((MALFORMED, key))
        kept[key] = value
        return None
    nothing(value, key, empty, kept, gone)
    return None


def mail(
    value: Any, key: str, empty: Any, kept: dict[str, Any], gone: list[str], problems: list[tuple[str, str]]
) -> str | None:
    """An e-mail address, checked; what is spelled otherwise is left to others."""
    if value.__class__ is str and value and value not in NULLS:
        if _MAIL(value):
            return value
        if "@" in value:
            raise Odd(key)
        problems.append((MALFORMED, key))
        kept[key] = value
        return None
    nothing(value, key, empty, kept, gone)
    return None


def others(record: dict[str, Any], known: frozenset[str], kept: dict[str, Any]) -> None:
    """Fields that nobody knows."""
    for key, value in record.items():
        if key not in known:
            if not key.isidentifier():
                raise Odd(key)
            kept[key] = value


def words_of(value: Any, key: str, separator: str, empty: str, kept: dict[str, Any], gone: list[str]) -> bool:
    """Whether there are words; kept where they stand in another order."""
    if value.__class__ is str and value and value not in NULLS:
        if not in_order(value, separator):
            kept[key] = value
        return True
    nothing(value, key, empty, kept, gone)
    return False
