"""Records that come as Python objects: checked to be JSON, and copied so that no later edit reaches a residue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from metaharmon.diagnostics import BAD_NUMBER, LIMIT, NOT_A_RECORD, Diagnostic, RecordError, shown
from metaharmon.files.jsonlimits import LIMITS

_PLAIN = frozenset({str, int, bool, Decimal, type(None)})
_WORDS = {
    type(None): "null",
    str: "a text",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "a list",
    tuple: "a list",
}


def is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a record is made of plain JSON objects throughout, so that it can be used without a copy."""
    if value.__class__ is not dict or depth > LIMITS.depth:
        return False
    return all(key.__class__ is str for key in value) and _are_plain(value.values(), depth)


def _are_plain(values: Any, depth: int) -> bool:
    for value in values:
        kind = value.__class__
        if kind in _PLAIN:
            continue
        if kind is list:
            if depth > LIMITS.depth or not _are_plain(value, depth + 1):
                return False
        elif kind is dict:
            if not is_plain(value, depth + 1):
                return False
        elif kind is not float or value - value != 0:
            return False
    return True


def record_of(value: Any) -> dict[str, Any]:
    """A fresh plain copy of a record. Raises RecordError when it is no object or holds what JSON cannot say."""
    if not isinstance(value, Mapping):
        what = _WORDS.get(type(value), f"a Python {type(value).__name__}")
        raise RecordError([Diagnostic(NOT_A_RECORD, f"A record is an object; this is {what}.")])
    return _copy(value, (), 0)


def _copy(value: Any, path: tuple[Any, ...], depth: int) -> Any:
    kind = value.__class__
    if kind in _PLAIN:
        return value
    if kind is float:
        if value - value != 0:
            _refuse(BAD_NUMBER, "NaN and Infinity are no JSON numbers.", path)
        return value
    if depth > LIMITS.depth:
        _refuse(LIMIT, f"The record nests more than {LIMITS.depth} levels deep, or contains itself.", path[:3])
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                _refuse(NOT_A_RECORD, f"A key of an object is a text; {shown(key)} is none.", path)
        return {str(key): _copy(member, (*path, key), depth + 1) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_copy(item, (*path, i), depth + 1) for i, item in enumerate(value)]
    if isinstance(value, str):
        return str(value)
    return _refuse(NOT_A_RECORD, f"A Python {kind.__name__} is no JSON value.", path)


def _refuse(code: str, message: str, path: tuple[Any, ...]) -> Any:
    raise RecordError([Diagnostic(code, message, path=".".join(map(str, path)) or None)])
