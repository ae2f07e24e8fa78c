"""One product laid over another: what `onto` writes (mapping language, 1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from metaharmon.model import rulepath
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, Node, Scalar
from metaharmon.model.normal import copied, same
from metaharmon.model.rules import TOGETHER
from metaharmon.model.shape import root

KIND_MEMBERS = ("kind", "type")
"""Members whose code decides which other members their object can have."""


def overlay(base: dict[str, Any], stated: dict[str, Any], cleared: Iterable[str] = ()) -> dict[str, Any]:
    """The canonical tree `base` with what `stated` says, and without the cleared rule paths.

    Absent never erases. A list and a whole value (quantity, concept, interval, …) are stated as one, a keyed map key by
    key, a text tag by tag, a group member by member; a group whose `kind` or `type` is stated anew keeps nothing of
    the old kind, and one that is a policy (`rules.TOGETHER`) nothing of the old one. Both trees are in normal form, and
    so is the result; neither is changed.
    """
    made = _laid(base, stated, root(), top=True)
    for group in TOGETHER:
        _state_whole(made, stated, group)
    for path in sorted(cleared):
        made = _without(made, path)
    return made


def _laid(base: Any, stated: Any, node: Node, top: bool = False) -> Any:
    if base.__class__ is not dict or stated.__class__ is not dict:
        return stated
    if isinstance(node, Group):
        if node.whole or (not top and _other_kind(base, stated, node)):
            return stated
        below: Any = node.members.get
    elif isinstance(node, Keyed):
        below = lambda _: node.value  # noqa: E731
    elif isinstance(node, LangText | LangList):
        return {**base, **stated}
    else:
        return stated
    made = dict(base)
    for name, value in stated.items():
        made[name] = _laid(base[name], value, below(name)) if name in base else value
    return made


def _state_whole(made: dict[str, Any], stated: Any, path: tuple[str, ...]) -> None:
    """Put what is stated of a group in the place of what was laid together; groups on the way were made anew."""
    here = made
    for name in path[:-1]:
        stated, here = stated.get(name), here.get(name, {})
        if stated.__class__ is not dict:
            return
    if path[-1] in stated and here.get(path[-1]) is not stated[path[-1]]:
        here[path[-1]] = stated[path[-1]]


def _other_kind(base: dict[str, Any], stated: dict[str, Any], node: Group) -> bool:
    for name in KIND_MEMBERS:
        member = node.members.get(name)
        if isinstance(member, Scalar) and member.kind == "code" and name in stated and name in base:
            return not same(base[name], stated[name])
    return False


def _without(tree: dict[str, Any], path: str) -> dict[str, Any]:
    """The tree without what stands at a rule path, and without containers that thereby became empty."""
    if not rulepath.stands(tree, path):
        return tree
    made = copied(tree)
    rulepath.remove(made, path)
    return _pruned(made)


def _pruned(value: Any) -> Any:
    if value.__class__ is dict:
        made = {key: _pruned(member) for key, member in value.items()}
        return {key: member for key, member in made.items() if member not in ({}, [])}
    if value.__class__ is list:
        return [item for item in map(_pruned, value) if item not in ({}, [])]
    return value
