"""Lists inside the entries of other lists, raised to the record, so that one list of ours may hold all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.containers.texts import Container, Where
from metaharmon.lenses.base import MISSING, Draw

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Outer:
    """One level of entries: where it is below the level before, the member that names an entry (None: its key), and
    the pseudo-field in which a raised item holds that name."""

    keys: Keys
    name: str | None
    pseudo: str


@dataclass(frozen=True)
class Raised(Container):
    """Every list at `inner` below entries of `levels`, as one list of the record under `text`.

    Only lists of objects whose entries above have names of their own are raised; others stay where they are.
    """

    levels: tuple[Outer, ...]
    inner: str
    text: str
    what = "object"

    @property
    def moves(self) -> tuple[tuple[Keys, Keys], ...]:
        """Where something may change with the raised list."""
        return ((self.levels[0].keys, (self.text,)),)

    @property
    def names(self) -> frozenset[str]:
        """The members of ours that name the entries above."""
        return frozenset(outer.pseudo[1:-1] for outer in self.levels)

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict or self.text in raw:
            return raw, None
        items: list[Any] = []
        tree = self._strip(raw, 0, {}, items)
        return ({**tree, self.text: items} if items else raw), None

    def _strip(self, node: dict[str, Any], at: int, names: dict[str, str], items: list[Any]) -> dict[str, Any]:
        """A node without what is raised; that goes to `items` under the names of the entries above."""
        if at == len(self.levels):
            inner = node.get(self.inner)
            plain = {key: value for key, value in node.items() if key != self.inner}
            if inner.__class__ is not list or not inner or not plain:
                return node
            if not all(item.__class__ is dict and item and not names.keys() & item.keys() for item in inner):
                return node
            items.extend({**names, **item} for item in inner)
            return plain
        outer = self.levels[at]
        here = _get(node, outer.keys)
        below = {name: self._strip(entry, at + 1, {**names, outer.pseudo: name}, items)
                 for name, entry in self._named(here, outer)}  # fmt: skip
        if here.__class__ is dict:
            return _put(node, outer.keys, {**here, **below})
        if here.__class__ is not list:
            return node
        made = [below.get(e[outer.name], e) if e.__class__ is dict and _text(e.get(outer.name)) else e for e in here]
        return _put(node, outer.keys, made)

    @staticmethod
    def _named(here: Any, outer: Outer) -> list[tuple[str, Any]]:
        """The entries of a level that have a name of their own."""
        if outer.name is None:
            return [(name, e) for name, e in here.items() if e.__class__ is dict] if here.__class__ is dict else []
        entries = [e for e in here if e.__class__ is dict] if here.__class__ is list else []
        names = [entry.get(outer.name) for entry in entries]
        return [(n, e) for n, e in zip(names, entries, strict=True) if _text(n) and names.count(n) == 1]

    def position(self, record: Any, item: dict[str, Any]) -> tuple[int, ...] | None:
        """Where the entry stands to which an item belongs; None where there is none of that name alone."""
        here, found = record, []
        for outer in self.levels:
            level = _get(here, outer.keys)
            named = [name for name, _ in self._named(level, outer)]
            name = item.get(outer.pseudo)
            if name not in named:
                return None
            found.append(named.index(name))
            here = dict(self._named(level, outer))[name]
        return tuple(found) if self.inner not in here and here else None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        opened = self.open(raw)
        if opened is None or len(keys) < 2 or keys[0] != self.text or self.text in raw:
            return keys
        items, n = opened[0][self.text], int(keys[1])
        here, found = raw, []
        for outer in self.levels:
            level = _get(here, outer.keys)
            name = items[n][outer.pseudo]
            at = name if outer.name is None else next(i for i, e in enumerate(level) if e.get(outer.name) == name)
            found += [*outer.keys, at]
            here = level[at]
        names = {outer.pseudo: items[n][outer.pseudo] for outer in self.levels}
        first = next(i for i, one in enumerate(items) if names.items() <= one.items())
        return (*found, self.inner, n - first, *keys[2:])

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict or tree.get(self.text).__class__ is not list:
            return tree
        record = {key: value for key, value in tree.items() if key != self.text}
        for item in tree[self.text]:
            entry: Any = record
            for outer in self.levels:
                entry = dict(self._named(_get(entry, outer.keys), outer)).get(item.get(outer.pseudo), {})
            pseudo = {outer.pseudo for outer in self.levels}
            entry.setdefault(self.inner, []).append({k: v for k, v in item.items() if k not in pseudo})
        return record

    def tops(self) -> frozenset[str]:
        return frozenset(keys[0] for move in self.moves for keys in move)

    def newly(self, record: dict[str, Any], frame: Any, tree: dict[str, Any]) -> list[Keys]:
        """Nothing is read at two places."""
        return []

    def variant(self, raw: Any, draw: Draw) -> Any:
        """Items that were drawn go below some entry, or nowhere."""
        drawn = raw.get(self.text)
        items = [item for item in drawn if item.__class__ is dict] if drawn.__class__ is list else []
        record = {key: value for key, value in raw.items() if key != self.text}
        for item in items:
            entry: Any = record
            for outer in self.levels:
                named = self._named(_get(entry, outer.keys), outer) if entry is not None else []
                entry = draw.choice(named)[1] if named else None
            if entry is not None and entry.get(self.inner, []).__class__ is list:
                pseudo = {outer.pseudo for outer in self.levels}
                entry.setdefault(self.inner, []).append({k: v for k, v in item.items() if k not in pseudo})
        return record


def _text(value: Any) -> bool:
    return value.__class__ is str and bool(value)


def _get(node: Any, keys: Keys) -> Any:
    for key in keys:
        node = node.get(key, MISSING) if node.__class__ is dict else MISSING
    return node


def _put(node: dict[str, Any], keys: Keys, value: Any) -> dict[str, Any]:
    """A copy of the node with another value at a place that exists."""
    return {**node, keys[0]: value if len(keys) == 1 else _put(node[keys[0]], keys[1:], value)}
