"""Raw JSON scalars of theirs: strict identity, words for messages, and several losses as one `Said`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses.base import FieldSpec, Said
from metaharmon.model.scalars import is_uri

Key = tuple[str, Any]

ANY_FIELD = FieldSpec()
"""A field of which the schema says nothing."""


def key(raw: Any) -> Key:
    """A hashable identity of a JSON scalar, strict by type: `1`, `1.0`, `true` and `"1"` are four.

    Raises ValueError for null, lists and objects, which are no codes.
    """
    kind = raw.__class__
    if kind is str:
        return ("text", raw)
    if kind is bool:
        return ("boolean", raw)
    if kind is int:
        return ("integer", raw)
    if kind is Decimal:
        return ("number", str(raw))
    if kind is float:
        return ("number", str(Decimal(repr(raw))))
    raise ValueError(f"{shown(raw)} is not a text, number or boolean")


def is_scalar(raw: Any) -> bool:
    """Whether `key` knows the value."""
    return raw.__class__ in (str, bool, int, Decimal, float)


def value_key(value: Any) -> str:
    """Canonical JSON text of a value of ours: two values are equal if, and only if, these are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def first_type(spec: FieldSpec, wanted: tuple[str, ...], default: str) -> str:
    """The first JSON type of the field that is one of `wanted`; `default` when the field says none of them."""
    return next((name for name in spec.types if name in wanted), default)


def too_long(raw: Any, spec: FieldSpec) -> bool:
    """Whether a text is longer than the field takes; lengths are in characters (JSON Schema `maxLength`)."""
    return spec.max_length is not None and raw.__class__ is str and len(raw) > spec.max_length


def refers(raw: Any, prefixes: frozenset[str]) -> bool:
    """Whether a text is an absolute IRI, and is not read as a name with one of these prefixes."""
    scheme, _, rest = raw.partition(":") if raw.__class__ is str else ("", "", "")
    return is_uri(raw) and (scheme not in prefixes or rest.startswith("//"))


def misshapen(raw: Any, pattern: str | None) -> bool:
    """Whether a text holds a character that the field does not take (JSON Schema `pattern` of one class)."""
    return pattern is not None and raw.__class__ is str and _whole(pattern).fullmatch(raw) is None


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"))


def said(raw: Any, parts: Iterable[Said]) -> Any:
    """The raw value with what was lost on the way: plain when nothing was, else one `Said` with `more`."""
    first, *rest = [*parts] or [None] if parts else [None]
    if first is None:
        return raw
    return Said(raw, first.kind, first.reason, first.becomes, first.inside, (*first.more, *rest))


def flat(result: Said) -> tuple[Said, ...]:
    """Every loss of a `Said`, one by one, without `more`."""
    head = Said(result.raw, result.kind, result.reason, result.becomes, result.inside)
    return (head, *(part for more in result.more for part in flat(more)))


def within(result: Any, *path: str | int) -> tuple[Any, tuple[Said, ...]]:
    """What an inner lens wrote: the raw value, and its losses moved below `path`."""
    if result.__class__ is not Said:
        return result, ()
    moved = tuple(Said(p.raw, p.kind, p.reason, p.becomes, (*path, *p.inside)) for p in flat(result))
    return result.raw, moved


def omitted(reason: str, *inside: str | int) -> Said:
    """The loss of the part below `inside`."""
    return Said(None, "omitted", reason, None, inside)
