"""Records that come as Python objects: checked to be JSON, and copied so that no later edit reaches a residue.

Values of subclasses, members of enumerations, scalars and arrays of numpy are read as the plain values that they are,
exactly. What has none (a set, bytes, a date, what pandas has for a missing value) is refused with its path.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from metaharmon.diagnostics import BAD_NUMBER, LIMIT, NOT_A_RECORD, Diagnostic, RecordError, shown
from metaharmon.files.jsonlimits import LIMITS, MAX_DIGITS, check_size

_PLAIN = frozenset({str, int, bool, type(None)})
_SAFE_BITS = 2_100
"""An integer of so many bits can be said, however few digits the host program allows an integer (at least 640)."""
_TOO_LARGE = 10**MAX_DIGITS
_MISSING = "None says that a value is missing; of a pandas table: df.astype(object).where(df.notna(), None)"
_MARKERS = ("NaTType", "NAType", "MaskedConstant")
"""Classes of pandas and numpy that stand for a missing value."""
_TABLES = {"Series": "record.to_dict()", "DataFrame": "one record at a time, of df.to_dict('records')"}
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
        if kind is str or (kind in _PLAIN and (kind is not int or value.bit_length() <= _SAFE_BITS)):
            continue
        if kind is list:
            if depth > LIMITS.depth or not _are_plain(value, depth + 1):
                return False
        elif kind is dict:
            if not is_plain(value, depth + 1):
                return False
        elif not ((kind is float and value - value == 0) or (kind is Decimal and _is_exact(value))):
            return False
    return True


def _is_exact(value: Decimal) -> bool:
    """Whether JSON text gives a decimal back as it is: it can be said, and is not written as an integer."""
    try:
        check_size(value)
    except ValueError:
        return False
    return not _is_whole(value)


def _is_whole(value: Decimal) -> bool:
    """Whether a decimal is written as an integer; an integer has no sign of zero."""
    sign, digits, exponent = value.as_tuple()
    return exponent == 0 and not (sign and digits == (0,))


def plain_scalar(value: Any) -> Any:
    """The text or number that a value of a subclass or a scalar of numpy is, where it is that exactly: of an
    enumeration the value of the member. A value that is no such thing is given back as it is.

    What the subclass makes of itself (`__str__`, `__float__`) is not asked: JSON text says the value, too.
    """
    kind = value.__class__
    if kind in _PLAIN or kind is float or kind is Decimal:
        return value
    for base, exact in _EXACT:
        if isinstance(value, base):
            return exact(value)
    if isinstance(value, Enum):
        return value if value.value is value else plain_scalar(value.value)
    return _of_numpy(value)


def _of_numpy(value: Any) -> Any:
    """The number, truth value or list that a scalar or an array of numpy is; anything else as it is."""
    numpy = sys.modules.get("numpy")  # who has such a value has loaded it
    if numpy is None or not isinstance(value, numpy.generic | numpy.ndarray):
        return value
    if value.__class__ is numpy.ndarray:  # of others, some values are hidden; some kinds would change
        return value.tolist() if value.dtype.kind in _KINDS else value
    if isinstance(value, numpy.bool_ | numpy.integer) and not isinstance(value, numpy.timedelta64):
        return value.item()
    if isinstance(value, numpy.floating):
        number = float(value)
        return number if number == value or number != number else value
    return value


_KINDS = "biufUO"
"""Kinds of arrays of numpy whose entries are plain values, or objects that are looked at one by one."""
_EXACT: tuple[tuple[type, Any], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (Decimal, Decimal),
)


def record_of(value: Any) -> dict[str, Any]:
    """A fresh plain copy of a record. Raises RecordError when it is no object or holds what JSON cannot say."""
    if not isinstance(value, Mapping):
        what = _WORDS.get(type(value), f"a Python {type(value).__name__}")
        table = _TABLES.get(type(value).__name__)
        hint = f"give {table}" if table else None
        raise RecordError([Diagnostic(NOT_A_RECORD, f"A record is an object; this is {what}.", hint=hint)])
    try:
        return _copy(value, (), 0)
    except (RecordError, MemoryError, RecursionError):
        raise
    except Exception as error:  # an object of the caller's own that cannot be looked at
        raise RecordError([Diagnostic(NOT_A_RECORD, f"The record cannot be read: {type(error).__name__}.")]) from error


def _copy(value: Any, path: tuple[Any, ...], depth: int) -> Any:
    kind = value.__class__
    if kind is str:
        return value
    if kind is int or kind is float or kind is Decimal:
        return _number(value, path)
    if kind in _PLAIN:
        return value
    if depth > LIMITS.depth:
        _refuse(LIMIT, f"The record nests more than {LIMITS.depth} levels deep, or contains itself.", path[:3])
    if isinstance(value, Mapping):
        return _copied_members(value, path, depth)
    if isinstance(value, list | tuple):
        return [_copy(item, (*path, i), depth + 1) for i, item in enumerate(value)]
    found = plain_scalar(value)
    if found is not value:
        return _copy(found, path, depth)
    return _refuse(NOT_A_RECORD, f"A Python {kind.__name__} is no JSON value.", path, _hint(value))


def _hint(value: Any) -> str | None:
    """What to do with a value that JSON cannot say."""
    if type(value).__name__ in _MARKERS:
        return _MISSING
    if isinstance(value, datetime.date | datetime.time):
        return "give the text that the dialect has there, such as value.isoformat()"
    if type(value).__name__ in ("datetime64", "Period"):
        return "give the text that the dialect has there, such as str(value)"
    if isinstance(value, set | frozenset):
        return "give a list; a set has no order"
    if isinstance(value, bytes | bytearray | memoryview):
        return "give a text, such as value.decode('utf-8')"
    return None


def _number(value: Any, path: tuple[Any, ...]) -> Any:
    """A number as JSON text gives it back: a decimal that is written as an integer is one."""
    try:
        if value.__class__ is Decimal:
            check_size(value)
            return int(value) if _is_whole(value) else value
        if value.__class__ is float and value - value != 0:
            raise ValueError
        if value.__class__ is int and value.bit_length() > _SAFE_BITS:
            int.__repr__(value)
            if abs(value) >= _TOO_LARGE:
                raise ValueError
    except ValueError:
        message = f"NaN, Infinity and numbers of more than {MAX_DIGITS:,} digits are no JSON numbers."
        _refuse(BAD_NUMBER, message, path, _MISSING if _is_nan(value) else None)
    return value


def _is_nan(value: Any) -> bool:
    return value.is_nan() if value.__class__ is Decimal else value.__class__ is float and value != value


def _copied_members(value: Mapping[Any, Any], path: tuple[Any, ...], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, member in value.items():
        name = key if key.__class__ is str else plain_scalar(key)
        if name.__class__ is not str:
            _refuse(NOT_A_RECORD, f"A key of an object is a text; {shown(key)} is none.", path)
        if name in made:
            _refuse(NOT_A_RECORD, f"Two keys of an object are the text {shown(name)}.", path)
        made[name] = _copy(member, (*path, name), depth + 1)
    return made


def _refuse(code: str, message: str, path: tuple[Any, ...], hint: str | None = None) -> Any:
    raise RecordError([Diagnostic(code, message, path=".".join(map(str, path)) or None, hint=hint)])
