"""Containers of lists, objects and whole records whose shape or place differs where the meaning does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.containers.texts import Container
from metaharmon.lenses.base import Draw
from metaharmon.model.normal import same
from metaharmon.paths import leaf_text

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Leading(Container):
    """Entries of which the first, or the one with a certain name, is read: as an object of it and the `others`."""

    name: str
    what = "list of objects, or object of them by name"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is list and raw and raw[0].__class__ is dict:
            return {self.name: raw[0], **({"others": raw[1:]} if len(raw) > 1 else {})}, None
        if raw.__class__ is not dict or not raw:
            return None
        name = self.name if self.name in raw else min(raw)
        others = {key: value for key, value in raw.items() if key != name}
        return {self.name: raw[name], **({"others": others} if others else {})}, [name]

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict:
            return tree
        others = tree.get("others")
        first = [tree[self.name]] if self.name in tree else [{}] if others else []
        if frame.__class__ is list:
            return {**dict(zip(frame, first, strict=False)), **(others if others.__class__ is dict else {})}
        return [*first, *(others if others.__class__ is list else ())]

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any) -> list[Any]:
        """Leaf by leaf the same."""
        return fates

    def variant(self, raw: Any, draw: Draw) -> Any:
        if raw.__class__ is not list or not raw:
            return raw
        return {(self.name if i == 0 and draw.integer(0, 1) else f"p{i}"): item for i, item in enumerate(raw)}


@dataclass(frozen=True)
class Places(Container):
    """A record in which some objects or lists may stand at other places than the rules look at.

    `moves` are pairs: where the rules look, and where the same may stand. What stands there is moved, and moved back;
    the first place is written afresh. `bare`: where the rules look for a list or its only entry.
    """

    moves: tuple[tuple[Keys, Keys], ...]
    bare: frozenset[Keys] = frozenset()
    what = "object"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict:
            return raw, None
        tree, used = raw, []
        for i, (main, other) in enumerate(self.moves):
            moved = _moved(tree, other, main, main in self.bare)
            if moved is not None:
                tree = moved
                used.append(i)
        if not used or not same(self.close(tree, used), raw):
            return raw, None
        return tree, used

    def close(self, tree: Any, frame: Any) -> Any:
        for i in reversed(frame or ()):
            if i < len(self.moves):
                main, other = self.moves[i]
                moved = _moved(tree, main, other, main in self.bare)
                tree = tree if moved is None else moved
        return tree

    def tops(self) -> frozenset[str]:
        return frozenset(keys[0] for move in self.moves for keys in move)

    def newly(self, record: dict[str, Any], frame: Any) -> list[Keys]:
        """Of a record as written: where something stands that would be read now, and was not before."""
        opened = self.open(record)
        used = opened[1] if opened is not None and opened[1] else []
        return [self.moves[i][1] for i in used if i not in (frame or ())]

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any) -> list[Any]:
        """Leaf by leaf the same, at the places where they stand."""
        for i in reversed(frame or ()):
            main, other = (leaf_text(keys) for keys in self.moves[i])
            fates = [
                fate._replace(path=other + fate.path[len(main) :])
                if fate.path == main or fate.path.startswith((f"{main}.", f"{main}["))
                else fate
                for fate in fates
            ]
        return fates

    def variant(self, raw: Any, draw: Draw) -> Any:
        for main, other in reversed(self.moves):
            moved = _moved(raw, main, other, main in self.bare) if draw.integer(0, 2) == 0 else None
            raw = raw if moved is None else moved
        return raw


def _moved(tree: dict[str, Any], source: Keys, target: Keys, bare: bool) -> dict[str, Any] | None:
    """A record with an object or list moved (`bare`: or a value), emptied objects on the way gone; None where it cannot
    be."""
    value: Any = tree
    for key in source:
        value = value.get(key) if value.__class__ is dict else None
    if not value or not (bare or value.__class__ in (dict, list)):
        return None
    return _with(_without(tree, source), target, value)


def _without(tree: dict[str, Any], keys: Keys) -> dict[str, Any]:
    below = {} if len(keys) == 1 else _without(tree[keys[0]], keys[1:])
    rest = {key: value for key, value in tree.items() if key != keys[0]}
    return {**rest, keys[0]: below} if below else rest


def _with(tree: dict[str, Any], keys: Keys, value: Any) -> dict[str, Any] | None:
    if len(keys) == 1:
        return None if keys[0] in tree else {**tree, keys[0]: value}
    below = tree.get(keys[0], {})
    made = _with(below, keys[1:], value) if below.__class__ is dict else None
    return None if made is None else {**tree, keys[0]: made}
