"""Strict, exact JSON (RFC 8259 read as strictly as I-JSON, RFC 7493, where that costs no data).

Numbers keep their digits: integers are `int`, all others `Decimal`, never a binary float. Duplicate keys, NaN,
Infinity, lone surrogates and excesses are refused with a place. `dumps` is the inverse of `loads`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from json.encoder import encode_basestring as _quote
from typing import Any, NoReturn

from metaharmon.diagnostics import (
    BAD_CHARACTER,
    BAD_NUMBER,
    EMPTY_FILE,
    LIMIT,
    SYNTAX,
    Diagnostic,
    Place,
    RecordError,
    shown,
)
from metaharmon.files.jsonfaults import faults
from metaharmon.files.jsonlimits import LIMITS, MAX_DIGITS, JsonLimits, check_size, exact_number
from metaharmon.files.textfile import BOM, decode, no_surrogates, place_at, refuse

__all__ = ["LIMITS", "MAX_DIGITS", "JsonLimits", "check_size", "dumps", "exact_number", "loads"]

_TEXTS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]++")
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}
_LONE = re.compile(
    r"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[c-fC-F])(?<!\\u[dD][89abAB]..\\u[dD][c-fC-F])"
)


class _Refused(Exception):
    """The text holds something that is refused; `jsonfaults` finds out what and where."""


def loads(
    data: str | bytes, name: str = "<json>", *, encoding: str = "utf-8", limits: JsonLimits = LIMITS, line: int = 1
) -> Any:
    """The value of one JSON text: dict, list, str, int, Decimal, bool or None: `loads('[1.10]') == [Decimal("1.10")]`.

    `name` is the file in the findings, `line` the number of the first line there. Bytes are decoded by `encoding`
    (UTF-8 unless declared); a byte order mark is dropped. Raises RecordError with every finding, each with a place.
    """
    if isinstance(data, str):
        no_surrogates(data, name, RecordError)
        text = data
    else:
        text = decode(bytes(data), name, RecordError, encoding, line)
    text = text.removeprefix(BOM)  # on a later line it comes of files that were joined
    if not text.strip(" \t\r\n"):
        refuse(RecordError, EMPTY_FILE, "There is no JSON value here.", Place(name, line, 1))
    try:
        if _too_deep(text, limits) or _too_long(text, limits) or _LONE.search(text):
            raise _Refused
        return _decoder(limits).decode(text)
    except (ValueError, RecursionError, _Refused) as trouble:
        return _explain(text, name, limits, line, trouble)


def _explain(text: str, name: str, limits: JsonLimits, line: int, trouble: Exception) -> Any:
    """Raise RecordError with what is wrong. A suspicion that was not borne out gives the value instead."""
    found = faults(text, name, limits, line)
    if found:
        raise RecordError(found) from None
    if isinstance(trouble, RecursionError):
        refuse(RecordError, LIMIT, "The text nests deeper than the free stack allows.", Place(name, line, 1))
    if isinstance(trouble, json.JSONDecodeError):
        refuse(RecordError, SYNTAX, f"{trouble.msg}.", place_at(text, trouble.pos, name, line))
    return _decoder(limits).decode(text)


def _too_deep(text: str, limits: JsonLimits) -> bool:
    """Whether brackets outside of texts nest too deeply: the C scanner recurses, so this comes before it."""
    if text.count("[") + text.count("{") <= limits.depth + 1:
        return False
    brackets = _NO_BRACKETS.sub("", _TEXTS.sub("", text))
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > limits.depth + 1


def _too_long(text: str, limits: JsonLimits) -> bool:
    """Whether a text may be too long: it may still be short enough once its escapes are read."""
    if len(text) <= limits.string:
        return False
    return any(found.end() - found.start() - 2 > limits.string for found in _TEXTS.finditer(text))


@lru_cache(maxsize=16)
def _decoder(limits: JsonLimits) -> json.JSONDecoder:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) != len(pairs) or len(out) > limits.keys:
            raise _Refused
        return out

    def number(text: str) -> int | Decimal:
        return exact_number(text, limits.digits)

    short = min(18, limits.digits)

    def integer(text: str) -> int | Decimal:
        return int(text) if len(text) <= short and text != "-0" else exact_number(text, limits.digits)

    def constant(_: str) -> NoReturn:
        raise _Refused

    return json.JSONDecoder(object_pairs_hook=members, parse_float=number, parse_int=integer, parse_constant=constant)


def dumps(value: Any, indent: int | None = None) -> str:
    """The JSON text of a value, such as `[1.10]` of `[Decimal("1.10")]`, in the order of its keys; without `indent` on
    one line and without blanks. What metaharmon returns is written so with all its digits.

    Inverse of `loads`, with one exception: a Decimal without an exponent or a point, such as Decimal("5"), is
    written `5` and so comes back as an int. Decimals keep their digits, floats are written by `repr`. Raises
    RecordError for NaN, Infinity, lone surrogates, excessive numbers or depth (also of a value that contains
    itself); TypeError for keys that are not texts and for values that are not JSON.
    """
    text = spelling(value, indent)
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            message = "A text holds a lone surrogate, which is not a character."
            _unwritable(BAD_CHARACTER, message, next(_half_characters(value, ())))
    return text


def _half_characters(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where texts and keys stand that hold a lone surrogate; a key that does is named by what it stands in."""
    if isinstance(value, str):
        if not _is_text(value):
            yield path
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _half_characters(member, (*path, key)) if _is_text(key) else [path]
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from _half_characters(entry, (*path, index))


def _is_text(value: str) -> bool:
    try:
        str.encode(value)
    except UnicodeEncodeError:
        return False
    return True


def spelling(value: Any, indent: int | None = None) -> str:
    """As `dumps`, but lone surrogates are let through: to compare values, not to be written to a file."""
    parts: list[str] = []
    _write(value, parts.append, None if indent is None else "\n", " " * (indent or 0), ())
    return "".join(parts)


def _unwritable(code: str, message: str, path: tuple[str | int, ...]) -> NoReturn:
    raise RecordError([Diagnostic(code, message, path=".".join(map(str, path)) or ".")])


def _write(value: Any, put: Callable[[str], Any], line: str | None, pad: str, path: tuple[str | int, ...]) -> None:
    if value is None or value is True or value is False:
        put("null" if value is None else "true" if value else "false")
    elif isinstance(value, str):
        put(_quote(value))
    elif isinstance(value, dict):
        _write_members(value, put, line, pad, path)
    elif isinstance(value, list | tuple):
        _write_entries(value, put, line, pad, path)
    elif isinstance(value, int | float | Decimal):
        put(_number_text(value, path))
    else:
        raise TypeError(f"{type(value).__name__} at {'.'.join(map(str, path)) or '.'} is not a JSON value")


def _write_members(
    value: dict[Any, Any], put: Callable[[str], Any], line: str | None, pad: str, path: tuple[str | int, ...]
) -> None:
    _check_depth(path)
    inner = None if line is None else line + pad
    colon = ":" if line is None else ": "
    lead = "{" + (inner or "")
    for key, member in value.items():
        if not isinstance(key, str):
            raise TypeError(f"the key {shown(key)} at {'.'.join(map(str, path)) or '.'} is not a text")
        put(lead + _quote(key) + colon)
        if type(member) is str:
            put(_quote(member))
        else:
            _write(member, put, inner, pad, (*path, key))
        lead = "," + (inner or "")
    put((line or "") + "}" if value else "{}")


def _write_entries(
    value: Any, put: Callable[[str], Any], line: str | None, pad: str, path: tuple[str | int, ...]
) -> None:
    _check_depth(path)
    inner = None if line is None else line + pad
    lead = "[" + (inner or "")
    for index, entry in enumerate(value):
        put(lead)
        _write(entry, put, inner, pad, (*path, index))
        lead = "," + (inner or "")
    put((line or "") + "]" if value else "[]")


def _check_depth(path: tuple[str | int, ...], deepest: int = 2 * LIMITS.depth) -> None:
    # twice what is read: a canonical record holds raw records of theirs as residue
    if len(path) > deepest:
        _unwritable(LIMIT, f"The value nests more than {deepest} levels deep, or contains itself.", path[:3])


def _number_text(value: int | float | Decimal, path: tuple[str | int, ...]) -> str:
    try:
        if isinstance(value, Decimal):
            check_size(value)
            return str(value)
        if isinstance(value, int):
            return int.__repr__(value)
        if value - value != 0:
            raise ValueError("not a number that JSON can say")
        return float.__repr__(value)
    except ValueError:
        message = f"NaN, Infinity and numbers of more than {MAX_DIGITS:,} digits cannot be written."
        _unwritable(BAD_NUMBER, message, path)
