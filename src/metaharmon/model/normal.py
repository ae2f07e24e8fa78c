"""The normal form of canonical JSON, by the shape of the schema (canonical schema 2).

A tree in normal form has no null and no empty text or container, every scalar in its one form, bags and discriminated
lists sorted. Equality of products is equality of canonical JSON.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from metaharmon import codelists
from metaharmon.diagnostics import UNKNOWN_CODE, UNKNOWN_PATH, WRONG_FORM, Diagnostic, MetaharmonError, shown
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar
from metaharmon.model.rules import agree
from metaharmon.model.scalars import normal_language, normal_text, scalar

MAX_DEPTH = 64
"""Nested data items deeper than this are refused; canonical JSON never needs it."""

ABSENT: Any = None
_EMPTY = (str, list, dict)
Path = tuple[str | int, ...]


class CanonicalError(MetaharmonError, ValueError):
    """A tree is not canonical; `diagnostics` holds every problem with its record path."""


def normal(tree: Any, node: Node) -> Any:
    """The normal form of the part of a canonical tree that stands at `node`; of a whole product see `whole`.

    The tree given is not changed. What is empty is left out, so the normal form of an empty part is None. Raises
    CanonicalError with every problem.
    """
    run = _Run()
    made = run.value(tree, node, (), 0)
    if run.problems:
        raise CanonicalError(run.problems)
    return made


class _Run:
    """One walk over a tree: makes the normal form and gathers the problems."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def problem(self, code: str, sentence: str, path: Path) -> Any:
        self.problems.append(Diagnostic(code, sentence, path=".".join(map(str, path))))
        return ABSENT

    def value(self, value: Any, node: Node, path: Path, depth: int) -> Any:
        if value is None or (value.__class__ in _EMPTY and not value):
            return ABSENT
        if depth > MAX_DEPTH:
            return self.problem(WRONG_FORM, f"nested deeper than {MAX_DEPTH} levels", path)
        if node.__class__ is Scalar:
            return self._scalar(value, node, path)
        if node.__class__ is ListOf:
            return self._list(value, node, path, depth)
        if not isinstance(value, dict):
            return self.problem(WRONG_FORM, f"{shown(value)} stands where an object is needed", path)
        if node.__class__ is Group:
            return self._group(value, node, path, depth)
        if node.__class__ is Keyed:
            return self._keyed(value, node, path, depth)
        return self._languages(value, node, path)

    def _scalar(self, value: Any, node: Scalar, path: Path) -> Any:
        try:
            return scalar(value, node.kind, node.codelist)
        except ValueError as error:
            return self.problem(UNKNOWN_CODE if node.kind == "code" else WRONG_FORM, str(error), path)

    def _list(self, value: Any, node: ListOf, path: Path, depth: int) -> Any:
        if not isinstance(value, list):
            return self.problem(WRONG_FORM, f"{shown(value)} stands where a list is needed", path)
        before = len(self.problems)
        made = [self.value(item, node.item, (*path, i), depth + 1) for i, item in enumerate(value)]
        made = [item for item in made if item is not ABSENT]
        return (made if len(self.problems) > before else sort_list(made, node)) or ABSENT

    def _group(self, value: dict[str, Any], node: Group, path: Path, depth: int) -> Any:
        before, made = len(self.problems), {}
        for name, member in value.items():
            below = node.members.get(name)
            if below is None:
                self.problem(UNKNOWN_PATH, f"a {node.name} has no member {shown(name)}", (*path, name))
            elif (found := self.value(member, below, (*path, name), depth + 1)) is not ABSENT:
                made[name] = found
        if not made or len(self.problems) > before:
            return made or ABSENT
        try:
            return agree(made, node)
        except ValueError as error:
            return self.problem(WRONG_FORM, str(error), path)

    def _keyed(self, value: dict[str, Any], node: Keyed, path: Path, depth: int) -> Any:
        made = {}
        for key, member in value.items():
            if not isinstance(key, str) or not node.accepts(key):
                sentence = f"{shown(key)} is not a code of the list {node.codelist}"
                self.problem(UNKNOWN_CODE, sentence, (*path, key))
            elif (found := self.value(member, node.value, (*path, key), depth + 1)) is not ABSENT:
                made[key] = found
        return made or ABSENT

    def _languages(self, value: dict[str, Any], node: LangText | LangList, path: Path) -> Any:
        made: dict[str, Any] = {}
        for tag, said in value.items():
            if said is None or (said.__class__ in _EMPTY and said.__class__ is not dict and not said):
                continue
            try:
                language = normal_language(tag)
                found = normal_text(said) if node.__class__ is LangText else _bag_of_texts(said)
            except ValueError as error:
                self.problem(WRONG_FORM, str(error), (*path, str(tag)))
                continue
            if language in made:
                self.problem(WRONG_FORM, f"two texts stand for the language {language}", (*path, tag))
            elif found:
                made[language] = found
        return made or ABSENT


def _bag_of_texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"{shown(value)} stands where a list of texts is needed")
    return sorted((normal_text(text) for text in value if text != "" and text is not None), key=canonical_json)


def canonical_json(tree: Any) -> str:
    """Canonical JSON text: keys sorted by code point, no blanks, characters as they are."""
    return _encode(tree)


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def sort_list(items: list[Any], node: ListOf) -> list[Any]:
    """Normal items in the order of their list: a bag by canonical JSON text, a discriminated list by code."""
    if node.kind == "bag":
        return sorted(items, key=canonical_json)
    if node.kind == "discriminated" and isinstance(node.item, Group):
        lists = {name: node.item.members[name] for name in node.by}
        return sorted(items, key=lambda item: tuple(_rank(item, name, lists[name]) for name in node.by))
    return list(items)


def _rank(item: dict[str, Any], name: str, node: Node) -> tuple[int, str]:
    """The place of an item's discriminator: listed codes, other ones by text, `local:` schemes, no code at all."""
    code = item.get(name)
    if code is None:
        return 1 << 32, ""
    if codelists.is_local(code):
        return 1 << 31, code
    codelist = node.codelist if isinstance(node, Scalar) else None
    if codelist is None:  # the code of an indicator belongs to the list that its scheme names
        scheme = item.get("scheme", "")
        codelist = scheme if codelists.exists(scheme) else None
    known = codelists.load(codelist) if codelist else None
    if known and known.lists(code):
        return known.order(code), ""
    return 1 << 30, code


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values are the same value of the same type: 1, 1.0, True and "1" all differ.

    The order of object keys means nothing; a Decimal is compared by its digits and exponent as written. Any depth.
    """
    stack = [(a, b)]
    while stack:
        one, other = stack.pop()
        if one is other:  # parts that a copy shares are not walked
            continue
        kind = type(one)
        if kind is not type(other):
            return False
        if kind is dict:
            if one.keys() != other.keys():
                return False
            stack.extend((value, other[key]) for key, value in one.items())
        elif kind is list:
            if len(one) != len(other):
                return False
            stack.extend(zip(one, other, strict=True))
        elif kind is Decimal:
            if one.as_tuple() != other.as_tuple():
                return False
        elif kind is float:
            if repr(one) != repr(other):
                return False
        elif one != other:
            return False
    return True


def copied(tree: Any) -> Any:
    """A fresh copy of a JSON tree; scalars are shared."""
    if tree.__class__ is dict:
        return {key: copied(value) for key, value in tree.items()}
    if tree.__class__ is list:
        return [copied(value) for value in tree]
    return tree
