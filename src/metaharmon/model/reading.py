"""Reads the shape of objects off their models: annotations and what each field says of itself."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar

_PLAIN = {str: "text", int: "integer", bool: "boolean"}
_DIMENSIONS = {"FLOPS": "flops"}
"""Dimensions of plain decimals, by the unit that their field states."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Marks a type alias with the kind of node that it stands for."""

    name: str


@cache
def of(model: type[Any], dimension: str | None = None) -> Group:
    """The shape of the objects of one model; `dimension` is that of a quantity."""
    members: dict[str, Node] = {}
    group = Group(_name(model), members, model.NATURAL, model.WHOLE, dimension, model.REQUIRED)
    _models[group] = model
    _open[model, dimension] = group  # a model may hold itself
    hints = get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        extra: Any = info.json_schema_extra
        node = _node(_present(hints[name]), extra)
        if dimension and node == Scalar("decimal"):
            node = Scalar("decimal", dimension=dimension)
        members[info.alias or name] = node
    del _open[model, dimension]
    return group


_models: dict[Group, type[Any]] = {}
_open: dict[tuple[type[Any], str | None], Group] = {}


def model_of(group: Group) -> type[Any]:
    """The model off which a group was read."""
    return _models[group]


def _name(model: type[Any]) -> str:
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
        return _marked(get_args(hint)[1], extra.get("unit"))
    if origin is list:
        return ListOf(_node(get_args(hint)[0], extra), extra["list"], tuple(extra.get("by", ())), _key(extra["key"]))
    if origin is dict:
        inner = {name: value for name, value in extra.items() if name != "codelist"}
        return Keyed(extra["codelist"], _node(get_args(hint)[1], inner))
    if hint in _PLAIN:
        codelist = extra.get("codelist")
        return Scalar("code", codelist) if codelist else Scalar(_PLAIN[hint], form=extra.get("form"))
    dimension = extra.get("dimension")
    return _open.get((hint, dimension)) or of(hint, dimension)


def _marked(mark: Kind, unit: str | None) -> Node:
    if mark.name == "langtext":
        return LangText()
    return LangList() if mark.name == "langlist" else Scalar(mark.name, dimension=_DIMENSIONS.get(unit or ""))


def _key(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names.split("+")) for names in text.split("|"))
