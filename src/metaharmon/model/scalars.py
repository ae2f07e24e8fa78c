"""The normal forms of the simple types (canonical schema 2.1 to 2.4).

Every function takes the JSON value and gives its normal form, or raises ValueError with one plain sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from metaharmon import codelists
from metaharmon.diagnostics import shown
from metaharmon.model.dates import normal_date
from metaharmon.model.durations import frequency, normal_duration, normal_frequency, short

__all__ = [
    "frequency",
    "is_language",
    "is_uri",
    "normal_boolean",
    "normal_code",
    "normal_date",
    "normal_decimal",
    "normal_duration",
    "normal_frequency",
    "normal_integer",
    "normal_language",
    "normal_quantity",
    "normal_ratio",
    "normal_text",
    "normal_uri",
    "scalar",
    "short",
]

MAX_DIGITS = 38
MAX_EXPONENT = 38
_DECIMAL = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,6}))?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,8}|[xXiI](?=-))(?:-[A-Za-z0-9]{1,8})*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def normal_text(value: Any) -> str:
    """Text byte for byte; it is not empty and holds no lone surrogate."""
    if type(value) is not str:
        raise ValueError(f"{shown(value)} is not a text")
    if not value:
        raise ValueError("a text is not empty")
    if _SURROGATE.search(value):
        raise ValueError(f"{shown(value)} holds a lone surrogate, which is not a character")
    return value


def normal_decimal(value: Any) -> str:
    """The shortest plain form of an exact decimal: `10.00` is `10`. ASCII digits, at most 38, exponent within 38."""
    found = _DECIMAL.fullmatch(value) if type(value) is str else None
    if found is None:
        raise ValueError(f"{shown(value)} is not a decimal text such as '10.5'")
    sign, whole, fraction, power = found[1], found[2], found[3] or "", int(found[4] or 0)
    digits = (whole + fraction).lstrip("0")
    exponent = power - len(fraction)
    exponent += len(digits) - len(digits := digits.rstrip("0"))
    if not digits:
        return "0"
    if len(digits) > MAX_DIGITS or abs(exponent) > MAX_EXPONENT:
        raise ValueError(f"{shown(value)} has more than {MAX_DIGITS} digits, or an exponent beyond {MAX_EXPONENT}")
    if exponent >= 0:
        plain = digits + "0" * exponent
    else:
        digits = digits.rjust(1 - exponent, "0")
        plain = f"{digits[:exponent]}.{digits[exponent:]}"
    return f"-{plain}" if sign == "-" else plain


def normal_ratio(value: Any) -> str:
    """A decimal from 0 to 1; a percent is turned into one by its lens."""
    plain = normal_decimal(value)
    if plain != "1" and plain != "0" and not plain.startswith("0."):
        raise ValueError(f"{shown(value)} is not a ratio from 0 to 1")
    return plain


def normal_integer(value: Any) -> int:
    """A JSON integer of any size that JSON text can hold."""
    if type(value) is not int:
        raise ValueError(f"{shown(value)} is not a JSON integer")
    if value.bit_length() > 14_000:  # beyond what Python turns into text (4300 digits)
        raise ValueError("an integer of more than 4200 digits is not read")
    return value


def normal_boolean(value: Any) -> bool:
    """JSON true or false, and nothing that only looks like it."""
    if type(value) is not bool:
        raise ValueError(f"{shown(value)} is not true or false")
    return value


def is_uri(text: Any) -> bool:
    """Whether the text is an absolute IRI: a scheme, a colon and more, without blanks and control characters."""
    return type(text) is str and _URI.fullmatch(text) is not None


def normal_uri(value: Any) -> str:
    """An absolute IRI as written; it is never normalised or fetched."""
    if not is_uri(value):
        raise ValueError(f"{shown(value)} is not an absolute address (IRI)")
    return value


def is_language(tag: Any) -> bool:
    """Whether the text is formed as a language tag (BCP 47)."""
    return type(tag) is str and _LANGUAGE.fullmatch(tag) is not None


def normal_language(tag: Any) -> str:
    """A language tag in the case that BCP 47 recommends: `zh-hant` is `zh-Hant`, `en-us` is `en-US`."""
    if not is_language(tag):
        raise ValueError(f"{shown(tag)} is not a language tag (BCP 47)")
    first, *rest = tag.split("-")
    parts, private = [first.lower()], len(first) == 1
    for part in rest:
        if private or len(part) not in (2, 4):
            parts.append(part.lower())
        elif len(part) == 2:
            parts.append(part.upper())
        else:
            parts.append(part.title() if part.isalpha() else part.lower())
        private = private or len(part) == 1  # after a singleton no part is a script or a region
    return "-".join(parts)


def normal_code(value: Any, codelist: str) -> str:
    """A code of the named list; `local:` schemes belong to the lists that name schemes."""
    code = normal_text(value)
    if code in codelists.load(codelist) or (codelists.is_local(code) and codelist in LOCAL_SCHEMES):
        return code
    raise ValueError(f"{shown(code)} is not a code of the list {codelist}")


LOCAL_SCHEMES = frozenset({"classification_scheme", "place_scheme", "task_scheme", "quality_scheme"})
"""The lists whose codes also may be `local:<dialect>` (canonical schema 2)."""


def normal_quantity(value: dict[str, Any], dimension: str | None) -> dict[str, Any]:
    """A quantity whose members are normal: it has a value, and `upper` goes with `between`.

    Bytes and counts are whole, and not below 0; a ratio is from 0 to 1.
    """
    if ("upper" in value) != (value.get("bound") == "between"):
        raise ValueError("a quantity has an upper value if, and only if, its bound is between")
    if dimension in ("data", "count"):
        for name in value.keys() & {"value", "upper"}:
            if "." in value[name] or value[name][:1] == "-":
                of = "bytes" if dimension == "data" else "things counted"
                raise ValueError(f"a number of {of} is whole, and not below 0")
    if dimension == "ratio":
        for name in value.keys() & {"value", "upper"}:
            normal_ratio(value[name])
    return value


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "text": normal_text,
    "decimal": normal_decimal,
    "ratio": normal_ratio,
    "integer": normal_integer,
    "boolean": normal_boolean,
    "date": normal_date,
    "duration": normal_duration,
    "uri": normal_uri,
    "language": normal_language,
}

KINDS = (*_SCALARS, "code")
"""The kinds of scalar."""


def scalar(value: Any, kind: str, codelist: str | None = None) -> Any:
    """The normal form of a value of this kind; `codelist` is needed for the kind `code`."""
    if kind == "code":
        return normal_code(value, str(codelist))
    return _SCALARS[kind](value)
