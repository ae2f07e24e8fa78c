"""The shape of canonical JSON, read off the models: one tree of plain nodes, for every engine and generator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar
from metaharmon.model.reading import of
from metaharmon.model.record import Members
from metaharmon.model.scalars import is_language

__all__ = ["Group", "Keyed", "LangList", "LangText", "ListOf", "Node", "Scalar", "at", "group_of", "groups", "root"]


@cache
def root() -> Group:
    """The shape of a whole product."""
    return of(Members, None)


def at(path: tuple[str, ...], start: Node | None = None) -> Node:
    """The node at a path of names; list positions may stand in it or be left out. Raises KeyError."""
    node = start or root()
    for step in path:
        while isinstance(node, ListOf) and not step.isdigit():
            node = node.item
        node = _below(node, step, path)
    return node


def _below(node: Node, step: str, path: tuple[str, ...]) -> Node:
    if isinstance(node, Group) and step in node.members:
        return node.members[step]
    if isinstance(node, Keyed) and node.accepts(step):
        return node.value
    if isinstance(node, ListOf) and step.isdigit():
        return node.item
    if isinstance(node, (LangText, LangList)) and is_language(step):
        return Scalar("text") if isinstance(node, LangText) else ListOf(Scalar("text"), "bag")
    raise KeyError(f"the canonical schema has no '{step}' in '{'.'.join(path)}'")


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """The groups of the schema, in its order, and the top-level members of each."""
    found: dict[str, tuple[str, ...]] = {}
    for member in root().members:
        name = group_of(member)
        found[name] = (*found.get(name, ()), member)
    return found


@cache
def group_of(member: str) -> str:
    """The group of a top-level member."""
    extra: Any = Members.model_fields[member].json_schema_extra
    return extra.get("group", member)


def walk(node: Node | None = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every path and its node, lists as one step `[]` and keys of a map as `<codelist>`; a repeated group once."""
    yield from _walk(node or root(), path, ())


def _walk(node: Node, path: tuple[str, ...], above: tuple[Node, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    yield path, node
    if any(node is other for other in above):
        return
    if isinstance(node, Group):
        for name, member in node.members.items():
            yield from _walk(member, (*path, name), (*above, node))
    elif isinstance(node, Keyed):
        yield from _walk(node.value, (*path, f"<{node.codelist}>"), above)
    elif isinstance(node, ListOf):
        yield from _walk(node.item, (*path, "[]"), above)
