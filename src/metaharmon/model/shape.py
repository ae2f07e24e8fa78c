"""The shape of canonical JSON, read off the models: one tree of plain nodes, for every engine and generator."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from metaharmon.model.fields import Kind, Part
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar

__all__ = ["Group", "Keyed", "LangList", "LangText", "ListOf", "Node", "Scalar", "at", "group_of", "groups", "root"]

_PLAIN = {str: "text", int: "integer", bool: "boolean"}


@cache
def root() -> Group:
    """The shape of a whole product."""
    from metaharmon.model.product import DataProduct

    return of(DataProduct)


@cache
def of(model: type[Part], dimension: str | None = None) -> Group:
    """The shape of the objects of one model; `dimension` is that of a quantity."""
    members: dict[str, Node] = {}
    group = Group(_name(model), members, model.NATURAL, model.WHOLE, dimension, model.REQUIRED)
    _models[group] = model
    _open[model, dimension] = group  # a model may hold itself
    hints = get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        extra: Any = info.json_schema_extra
        members[info.alias or name] = _node(_present(hints[name]), extra)
    del _open[model, dimension]
    return group


_models: dict[Group, type[Part]] = {}
_open: dict[tuple[type[Part], str | None], Group] = {}


def model_of(group: Group) -> type[Part]:
    """The model off which a group was read."""
    return _models[group]


def _name(model: type[Part]) -> str:
    if model.NAME:
        return model.NAME
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).lstrip("_")


def _present(hint: Any) -> Any:
    """The type of a member that is there: `X` of `X | None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(arg for arg in get_args(hint) if arg is not type(None))
    return hint


def _node(hint: Any, extra: dict[str, Any]) -> Node:
    origin = get_origin(hint)
    if origin is Annotated:
        return _marked(get_args(hint)[1])
    if origin is list:
        return ListOf(_node(get_args(hint)[0], extra), extra["list"], tuple(extra.get("by", ())), _key(extra["key"]))
    if origin is dict:
        inner = {name: value for name, value in extra.items() if name != "codelist"}
        return Keyed(extra["codelist"], _node(get_args(hint)[1], inner))
    if hint in _PLAIN:
        codelist = extra.get("codelist")
        return Scalar("code", codelist) if codelist else Scalar(_PLAIN[hint])
    dimension = extra.get("dimension")
    return _open.get((hint, dimension)) or of(hint, dimension)


def _marked(mark: Kind) -> Node:
    if mark.name == "langtext":
        return LangText()
    return LangList() if mark.name == "langlist" else Scalar(mark.name)


def _key(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names.split("+")) for names in text.split("|"))


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
    if isinstance(node, LangText):
        return Scalar("text")
    if isinstance(node, LangList):
        return ListOf(Scalar("text"), "bag")
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
    from metaharmon.model.product import DataProduct

    extra: Any = DataProduct.model_fields[member].json_schema_extra
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
