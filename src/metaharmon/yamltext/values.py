"""Values of a YAML text: texts, lists and maps that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from metaharmon.diagnostics import BAD_NUMBER, Diagnostic, MappingError, Place
from metaharmon.files.jsonlimits import exact_number

NOWHERE = Place("", 0, 0)
EXAMPLE_DIGITS = 38
"""Digits of a number in an example: the bound of all arithmetic (design, section 6, "Numbers")."""

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", "")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")


class YText(str):
    """A scalar or key. `quoted` is true of quoted and block style, false of plain style."""

    __slots__ = ("place", "quoted")

    place: Place
    quoted: bool

    def __new__(cls, text: str, place: Place = NOWHERE, quoted: bool = False) -> YText:
        self = super().__new__(cls, text)
        self.place, self.quoted = place, quoted
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return YText, (str.__str__(self), self.place, self.quoted)


class YList(list[Any]):
    """A list of YText, YList and YMap."""

    __slots__ = ("place",)

    place: Place

    def __init__(self, entries: Iterable[Any] = (), place: Place = NOWHERE):
        super().__init__(entries)
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return YList, (list(self), self.place)


class YMap(dict[Any, Any]):
    """A map from YText to YText, YList and YMap, in the order of the file."""

    __slots__ = ("place",)

    place: Place

    def __init__(self, members: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (), place: Place = NOWHERE):
        super().__init__(members)
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return YMap, (dict(self), self.place)

    def key(self, name: str) -> YText:
        """The key as it stands in the file, with its place. Raises KeyError."""
        for key in self:
            if key == name:
                return key if isinstance(key, YText) else YText(key)
        raise KeyError(name)


Node = YText | YList | YMap


def to_json(node: Node) -> Any:
    """The JSON value of an example: quoted scalars are texts, plain ones as in `resolve`.

    Raises MappingError with BAD_NUMBER for every number of more than 38 digits (written out in full).
    """
    problems: list[Diagnostic] = []
    value = resolve(node, problems, EXAMPLE_DIGITS)
    if problems:
        raise MappingError(problems)
    return value


def resolve(node: Node, problems: list[Diagnostic], digits: int) -> Any:
    """The JSON value of a node; findings go to `problems`.

    Plain scalars: null, true and false in the spellings of the YAML 1.2 core schema (section 10.3.2; nothing and
    `~` are null) and numbers in the spelling of JSON (10.2.1). All else is text: `no`, `2026-01-02`, and also what
    the core schema reads as a number but YAML 1.1 or JSON do not: `010`, `+861012345`, `0x1F`, `.5`, `.nan`.
    Decimals keep their digits. Keys are texts.
    """
    if isinstance(node, YMap):
        return {str.__str__(key): resolve(value, problems, digits) for key, value in node.items()}
    if isinstance(node, YList):
        return [resolve(value, problems, digits) for value in node]
    text = str.__str__(node)
    if node.quoted:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return _number(node, text, problems, digits) if _JSON_NUMBER.fullmatch(text) else text


def _number(node: YText, text: str, problems: list[Diagnostic], digits: int) -> int | Decimal | str:
    try:
        return exact_number(text, digits)
    except ValueError:
        message = f"This number has more than {digits:,} digits, written out in full."
        problems.append(Diagnostic(BAD_NUMBER, message, place=node.place, hint="Quote it if it is a text."))
        return text
