"""What makes a JSON Schema unusable here: words of another form than JSON Schema gives them, references that lead
nowhere or in a circle, patterns that are none.

Only words that are read for the fields of a dialect are looked at; the meta-schema is the checker's work. Nothing here
recurses, and every place is looked at once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from metaharmon.diagnostics import shown
from metaharmon.mapping.needs import MISSING, pointed

Path = tuple[str | int, ...]
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
LONGEST_PATTERN = 2000
"""Characters of a pattern; they are translated, so that their length is work."""
DEEPEST_PATTERN = 100
"""Brackets inside each other in a pattern."""


class Fault(NamedTuple):
    """What is wrong with a schema, and where: the keys and positions that lead there."""

    path: Path
    text: str


def faults(schema: Any, linked: bool = False) -> list[Fault]:
    """Every fault of a schema, in its order; `linked`: with the words of a JSON-LD dialect."""
    forms = {**_FORMS, **_LINKED} if linked else _FORMS
    found: list[Fault] = []
    waiting: list[tuple[Path, Any]] = [((), schema)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, bool):
            continue
        if not isinstance(node, dict):
            found.append(Fault(path, f"a schema is an object, true or false, not {_kind(node)}"))
            continue
        found.extend(_reference(path, node, schema))
        below: list[tuple[Path, Any]] = []
        for word, value in node.items():
            if word in forms:
                found.extend(Fault((*path, word, *at), f"'{word}' {text}") for at, text in forms[word](value))
            below.extend(((*path, word, *at), one) for at, one in _schemas_in(word, value))
        waiting.extend(reversed(below))
    return found


def _reference(path: Path, node: dict[str, Any], root: Any) -> Iterator[Fault]:
    """What is wrong with what a place refers to, within the file."""
    said = node.get("$ref")
    seen: list[int] = []
    here: Any = node
    while isinstance(said, str) and said.startswith("#/"):
        if id(here) in seen:
            yield Fault((*path, "$ref"), "the references run in a circle")
            return
        seen.append(id(here))
        here = pointed(said, root)
        if here is MISSING:
            yield Fault((*path, "$ref"), f"there is nothing at {shown(said)}")
            return
        said = here.get("$ref") if isinstance(here, dict) else None


def _schemas_in(word: str, value: Any) -> Iterator[tuple[Path, Any]]:
    """The schemas below a word, each with the way to it."""
    if word in _MAPS and isinstance(value, dict):
        yield from (((name,), one) for name, one in value.items())
    elif word in _LISTS and isinstance(value, list):
        yield from (((i,), one) for i, one in enumerate(value))
    elif word in _SINGLE and not (word == "items" and isinstance(value, list)):
        yield (), value


_MAPS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "items"})
_SINGLE = frozenset(
    {"items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else",
     "unevaluatedItems", "unevaluatedProperties"}
)  # fmt: skip


def _kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    kinds = ((dict, "an object"), (list, "a list"), (str, "a text"))
    return next((text for kind, text in kinds if isinstance(value, kind)), "a number")


Check = Callable[[Any], Iterator[tuple[Path, str]]]


def _is(kind: type, text: str) -> Check:
    def check(value: Any) -> Iterator[tuple[Path, str]]:
        if not isinstance(value, kind):
            yield (), f"is {text}, not {_kind(value)}"

    return check


def _names(value: Any) -> Iterator[tuple[Path, str]]:
    """A list of texts."""
    if not isinstance(value, list):
        yield (), f"is a list of names, not {_kind(value)}"
        return
    yield from (((i,), f"is a list of names; here stands {_kind(one)}") for i, one in enumerate(value)
                if not isinstance(one, str))  # fmt: skip


def _names_by_name(value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, dict):
        yield (), f"is an object, not {_kind(value)}"
        return
    for name, listed in value.items():
        yield from (((name, *at), text) for at, text in _names(listed))


def _type(value: Any) -> Iterator[tuple[Path, str]]:
    for i, one in enumerate(value) if isinstance(value, list) else [(None, value)]:
        if not (isinstance(one, str) and one in TYPES):
            said = shown(one) if isinstance(one, str) else _kind(one)
            yield () if i is None else (i,), f"is one of {', '.join(TYPES)}, or a list of them, not {said}"


def _some_schemas(value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, list) or not value:
        yield (), "is a list of schemas, not " + (_kind(value) if value != [] else "an empty one")


def _size(value: Any) -> Iterator[tuple[Path, str]]:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
    if not whole or value < 0:
        yield (), "is a whole number, not " + (shown(value) if isinstance(value, int | Decimal) else _kind(value))


def _pattern(value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, str):
        yield (), f"is a text, not {_kind(value)}"
    elif (why := pattern_fault(value)) is not None:
        yield (), f"is no regular expression: {why}"


def _patterns(value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, dict):
        yield (), f"is an object, not {_kind(value)}"
        return
    for name in value:
        if (why := pattern_fault(name)) is not None:
            yield (name,), f"has a name that is no regular expression: {why}"


_FORMS: dict[str, Check] = {
    "$ref": _is(str, "a text"),
    "$schema": _is(str, "a text"),
    "properties": _is(dict, "an object"),
    "$defs": _is(dict, "an object"),
    "definitions": _is(dict, "an object"),
    "dependentSchemas": _is(dict, "an object"),
    "patternProperties": _patterns,
    "required": _names,
    "dependentRequired": _names_by_name,
    "type": _type,
    "enum": _is(list, "a list"),
    "allOf": _some_schemas,
    "anyOf": _some_schemas,
    "oneOf": _some_schemas,
    "format": _is(str, "a text"),
    "pattern": _pattern,
    "uniqueItems": _is(bool, "true or false"),
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        _size,
    ),
}


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _has(value: Any, *texts: str, lists: tuple[str, ...] = ()) -> bool:
    """Whether a value is an object in which these members are texts, and these lists of texts."""
    return (
        isinstance(value, dict)
        and all(isinstance(value.get(name), str) for name in texts)
        and all(_texts(value.get(name)) for name in lists)
    )


def _shared(one: Any) -> bool:
    fits = _has(one, "each", lists=("at",)) and bool(one["at"])
    return fits and isinstance(one.get("again", ""), str)


def _form(fits: Callable[[Any], bool], text: str) -> Check:
    def check(value: Any) -> Iterator[tuple[Path, str]]:
        if not fits(value):
            yield (), f"is {text}, not {_kind(value)}"

    return check


def _by_name(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and all(isinstance(v, str) for v in value.values()))


_LINKED: dict[str, Check] = {
    "rdf": _form(lambda v: isinstance(v, str) or _texts(v), "a text or a list of texts"),
    "bare": _is(bool, "true or false"),
    "literal": _form(_by_name, "a text, or texts by datatype"),
    "named": _form(lambda v: isinstance(v, str), "a text"),
    "within": _form(lambda v: v is True or isinstance(v, str) or _has(v, "list", "word"),
                    "true, a text, or {list: NAME, word: WORD}"),
    "from": _form(lambda v: _has(v, "list", lists=("of",)), "{list: NAME, of: [TYPE]}"),
    "also": _form(
        lambda v: isinstance(v, list)
        and all(isinstance(one, str) or _has(one, "property", lists=("of",)) for one in v),
        "a list of properties, or of {property: NAME, of: [TYPE]}",
    ),
    "shared": _form(
        lambda v: isinstance(v, dict) and all(_shared(one) for one in v.values()),
        "an object of {each: NAME, again: NAME, at: [NAME]}",
    ),
}  # fmt: skip
"""Words that JSON-LD dialects add to JSON Schema (`jsonld.terms`, `jsonld.lifted`)."""

_ECMA = re.compile(r"\\[pP]\{[^{}]*\}|\\u\{[0-9a-fA-F]+\}|\\c[A-Za-z]|\(\?<(?=[A-Za-z_])")
"""What a regular expression of ECMA 262, which JSON Schema names, may hold and one of Python's may not."""


def pattern_fault(text: str) -> str | None:
    """Why a text is no regular expression (ECMA 262); None: it is one. Nothing is ever matched by it."""
    if len(text) > LONGEST_PATTERN:
        return f"longer than {LONGEST_PATTERN:,} characters"
    if text.count("(") > DEEPEST_PATTERN or re.search(r"\{[^{}]*[0-9]{5}", text):
        return f"more than {DEEPEST_PATTERN} groups, or a repetition of 10,000 and more"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a later Python may read otherwise
        try:
            re.compile(_ECMA.sub(lambda found: "(?P<" if found[0] == "(?<" else "x", text))
        except (re.error, OverflowError, RecursionError) as trouble:
            return str(trouble)
    return None
