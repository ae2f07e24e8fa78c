"""Objects with several lists of the same kind of things, seen as one list of these things."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from metaharmon.containers.texts import Container, Tells, Where
from metaharmon.lenses.base import MISSING
from metaharmon.model.normal import same
from metaharmon.paths import leaf_text, leaves


@dataclass(frozen=True)
class Unfolded(Container):
    """A list of objects, of which each holds `lists` of objects: one entry for each of these inner objects.

    An entry has the inner object as its member `into`, the name of its list as `by`, and all other members of the
    outer object. Written, entries whose outer members are equal stand in one object again; only those that stand in one
    list and say the same under `order` keep their order, for there is none between others. The frame is the list as it
    was; it is kept when a new one would look otherwise.
    """

    lists: tuple[str, ...]
    into: str
    by: str
    order: str
    what = "list of objects with lists"
    whole = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list or any(o.__class__ is dict and {self.into, self.by} & o.keys() for o in raw):
            return None
        tree = [entry for entry, _ in self._entries(raw)]
        return tree, None if same(self.close(tree, None), raw) else raw

    def _entries(self, raw: list[Any]) -> list[tuple[Any, tuple[Any, ...]]]:
        """Each entry, and where its inner object stands: (outer, list, inner or None where no list is)."""
        out: list[tuple[Any, tuple[Any, ...]]] = []
        for at, outer in enumerate(raw):
            found = [name for name in self.lists if _inner(outer, name)]
            rest = {k: v for k, v in outer.items() if k not in found} if found else outer
            for name in found:
                several = outer[name].__class__ is list
                for i, item in enumerate(_inner(outer, name)):
                    where = (at, name, i) if several else (at, name)
                    out.append(({**rest, self.by: name, self.into: item}, where))
            if not found:
                out.append((outer, (at,)))
        return out

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not list:
            return tree
        before = self.open(frame) if frame.__class__ is list else None
        if before is not None and same(before[0], tree):
            return frame
        outers: list[Any] = []
        parts: list[dict[str, list[Any]] | None] = []
        for entry in tree:
            name = entry.get(self.by) if entry.__class__ is dict else None
            item = entry.get(self.into) if entry.__class__ is dict else None
            if name not in self.lists or item.__class__ is not dict or not item:
                outers.append(entry)
                parts.append(None)
                continue
            rest = {k: v for k, v in entry.items() if k not in (self.into, self.by)}
            at = self._home(outers, parts, rest, name, item)
            if at is None:
                outers.append(rest)
                parts.append({})
            parts[-1 if at is None else at].setdefault(name, []).append(item)  # type: ignore[union-attr]
        return [outer if part is None else {**outer, **part} for outer, part in zip(outers, parts, strict=True)]

    def _home(self, outers: list[Any], parts: list[Any], rest: Any, name: str, item: Any) -> int | None:
        """The object that an entry joins; None: a new one. It passes no entry before which it may not stand."""
        for at in range(len(outers) - 1, -1, -1):
            part = parts[at]
            if part is None:
                continue
            if same(outers[at], rest) and not set(self.lists) & rest.keys():
                return at
            if any(same(one.get(self.order, MISSING), item.get(self.order, MISSING)) for one in part.get(name, ())):
                return None
        return None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        entries = self._entries(raw)
        if not keys or not str(keys[0]).isdigit() or int(keys[0]) >= len(entries):
            return keys
        at = entries[int(keys[0])][1]
        inside = len(keys) > 1 and keys[1] == self.into and len(at) > 1
        return (*at, *keys[2:]) if inside else (at[0], *keys[1:])

    def heard(self, keys: Where, told: Collection[Where], raw: Any) -> bool:
        entries = self._entries(raw)
        if len(keys) < 2 or keys[1] == self.into or not str(keys[0]).isdigit() or int(keys[0]) >= len(entries):
            return False
        outer = entries[int(keys[0])][1][0]
        alike = [n for n, (_, at) in enumerate(entries) if at[0] == outer]
        return any((str(n), *map(str, keys[1:])) not in told for n in alike)

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """The members of an outer object count once, where an entry says most of them; names of lists are none."""
        entries = self._entries(raw)
        out: list[Any] = []
        shared: dict[str, list[Any]] = {}
        for fate in fates:
            n, _, below = fate.path[len(path) + 1 :].partition(".")
            if not n.isdigit() or int(n) >= len(entries):
                out.append(fate)
                continue
            entry, where = entries[int(n)]
            outer, inner = f"{path}.{where[0]}", ".".join((path, *map(str, where)))
            if len(where) == 1:
                out.append(fate._replace(path=f"{outer}.{below}" if below else outer))
            elif below and (name := _first(below))[0] == self.into:
                out.append(fate._replace(path=f"{inner}.{name[1]}" if name[1] else inner))
            elif below and below != self.by:
                shared.setdefault(f"{outer}.{below}", []).append(fate)
            elif not below:  # the whole entry
                out.append(_counted(fate, inner, entry[self.into], tells))
                for name, value in entry.items():
                    if name not in (self.into, self.by):
                        shared.setdefault(f"{outer}.{leaf_text((name,))}", []).append(_counted(fate, "", value, tells))
        for place, several in shared.items():
            above = [one for other, one in shared.items() if place.startswith(f"{other}.")]
            if not above:  # else it counts with what it stands in
                out.append(min(several, key=lambda one: one.fate not in ("exact", "spelled"))._replace(path=place))
        return out


def _first(path: str) -> tuple[str, str]:
    """The first key of a path, and the rest; names that are no plain ones stand as a JSON list."""
    if not path.startswith("["):
        name, _, rest = path.partition(".")
        return name, rest
    (name, *more), end = json.JSONDecoder().raw_decode(path)
    return name, (leaf_text(tuple(more)) if more else "") + path[end:].removeprefix("" if more else ".")


def _counted(fate: Any, path: str, raw: Any, tells: Tells) -> Any:
    return fate._replace(path=path, count=leaves(raw), informative=tells(raw) if fate.informative else 0)


def _inner(outer: Any, name: str) -> list[Any]:
    """The inner objects of a list, or the only one that stands in its place; none where there are others, too."""
    value = outer.get(name) if outer.__class__ is dict else None
    listed = value if value.__class__ is list else [value]
    return listed if all(one.__class__ is dict and one for one in listed) else []
