"""Rule paths of ours on a canonical tree: `offers`, `parties.provider.name`, `offers[basis=one_off].amount`.

A path that goes on past a list means its entry 0, or the first entry that a selector fits.
"""

from __future__ import annotations

import re
from typing import Any

from metaharmon.model.nodes import ListOf
from metaharmon.model.shape import at

Step = tuple[str, dict[str, str]]
_STEP = re.compile(r"(?P<name>[^.@\[\]]+)(?:\[(?P<where>[^\[\]]+)\])?(?P<end>\.|@|$)")


def steps_of(path: str) -> tuple[Step, ...]:
    """The names of a rule path with their selectors. Raises KeyError when the schema has no such path."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        found = _STEP.match(path, position)
        if not found:
            raise KeyError(f"'{path}' is not a path such as parties.provider.name")
        pairs = [pair.partition("=") for pair in (found["where"] or "").split(",") if pair]
        steps.append((found["name"], {key.strip(): value.strip() for key, _, value in pairs}))
        position = found.end()
    at(tuple(name for name, _ in steps) or ("",))
    for i, (_, where) in enumerate(steps):
        if where:
            _check_selector(steps[: i + 1], where, path)
    return tuple(steps)


def _check_selector(steps: list[Step], where: dict[str, str], path: str) -> None:
    node = at(tuple(name for name, _ in steps))
    if not isinstance(node, ListOf) or not where.keys() <= set(node.by):
        raise KeyError(f"'{path}' selects an entry of what is no list discriminated by {', '.join(where)}")


def _entry(values: list[Any], where: dict[str, str]) -> int | None:
    for i, item in enumerate(values):
        if all(isinstance(item, dict) and item.get(key) == value for key, value in where.items()):
            return i
    return None


def _holder(tree: Any, steps: tuple[Step, ...]) -> tuple[Any, Any]:
    """The container and the key or index at which the path ends; (None, None) when nothing stands there."""
    holder, key = None, None
    here = tree
    for i, (name, where) in enumerate(steps):
        if not isinstance(here, dict) or name not in here:
            return None, None
        holder, key, here = here, name, here[name]
        if isinstance(here, list) and (where or i < len(steps) - 1):
            index = _entry(here, where)
            if index is None:
                return None, None
            holder, key, here = here, index, here[index]
    return holder, key


def stands(tree: dict[str, Any], path: str) -> bool:
    """Whether a value stands at the path."""
    return _holder(tree, steps_of(path))[0] is not None


def remove(tree: dict[str, Any], path: str) -> None:
    """Remove what stands at the path; containers that become empty are left to the normal form."""
    holder, key = _holder(tree, steps_of(path))
    if holder is not None:
        del holder[key]
