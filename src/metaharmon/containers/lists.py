"""Containers of lists, and of what may stand for a list: seen in another shape by the rules, closed after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.containers.texts import ANOTHER, NO_RULE, Container, Hidden, Tells, Where, kept_raws
from metaharmon.model.normal import copied, same
from metaharmon.model.scalars import is_language
from metaharmon.paths import MISSING, Key, get, leaves, put


class _ListContainer(Container):
    """A list seen in another shape: the leaves that the shape does not show count with those that it does."""

    whole = True

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        raws = self.kept(frame)
        left = sum(map(leaves, raws))
        out = [f for f in fates if not (raws and f.path == path)]  # an empty tree beside raw entries is no leaf
        hidden = leaves(raw) - left - sum(f.count for f in out)
        if hidden > 0:  # names by which entries are found; they say something where the entry does
            read = any(f.fate in ("exact", "spelled") for f in out)
            out.append(fates[0]._replace(path=path, fate="exact" if read else "kept", count=hidden, informative=hidden))
        return [*out, *kept_raws(fates[0], path, raws, tells)]

    def kept(self, frame: Any) -> list[Any]:
        """The raw values that only the frame holds."""
        return [slot["raw"] for slot in frame or () if slot.__class__ is dict]


@dataclass(frozen=True)
class ByKey(_ListContainer):
    """A list of objects as one object, by the value of a member: what `list[key=value].x` paths see.

    The empty value stands for entries without that member. With `language` every such entry is an object of entries
    by the language tag in that member (`list[language={lang}].x`); without a tag it is in the language `default`.
    """

    key: str | None
    values: tuple[str, ...]
    language: str | None = None
    default: str = "und"
    what = "list of objects"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list:
            return None
        tree: dict[str, Any] = {}
        slots: list[Any] = []
        for item in raw:
            name = self._name_of(item)
            if name is None or self._at(tree, name) is not None:
                slots.append({"raw": item})
                continue
            self._put(tree, name, self._members(item))
            slots.append(name)
        return tree, None if slots == self._names(tree) else slots

    def _name_of(self, item: Any) -> Any:
        """By what an entry is found: a value, a tag, or [value, tag]; None if by nothing."""
        if item.__class__ is not dict:
            return None
        said = MISSING if self.key is None else get(item, tuple(map(Key, self.key.split("."))))
        value = "" if said is MISSING else said
        if self.key is not None and (value.__class__ is not str or value not in self.values):
            return None
        if value == "" and said is not MISSING:
            return None
        if self.language is None:
            return value
        tag = item.get(self.language, self.default)
        if tag.__class__ is not str or (tag == self.default and self.language in item) or not is_language(tag):
            return None
        return tag if self.key is None else [value, tag]

    def _members(self, item: dict[str, Any]) -> dict[str, Any]:
        """An entry without the members by which it is found."""
        out = {k: v for k, v in item.items() if k != self.language}
        steps = () if self.key is None else tuple(self.key.split("."))
        here = out
        for i, name in enumerate(steps):
            if i + 1 == len(steps) or here.get(name).__class__ is not dict:
                here.pop(name, None)
                break
            here[name] = here = dict(here[name])
        if len(steps) > 1 and out.get(steps[0]) == {}:
            out.pop(steps[0])  # it held nothing else
        return out

    @staticmethod
    def _at(tree: Any, name: Any) -> Any:
        if name.__class__ is not list:
            return tree.get(name)
        below = tree.get(name[0])
        return None if below is None else below.get(name[1])

    @staticmethod
    def _put(tree: Any, name: Any, members: Any) -> None:
        if name.__class__ is list:
            tree.setdefault(name[0], {})[name[1]] = members
        else:
            tree[name] = members

    def _names(self, tree: Any) -> list[Any]:
        """The entries of a tree in the order in which they are written anew."""
        first = sorted(tree) if self.key is None else [value for value in self.values if value in tree]
        if self.key is None or self.language is None:
            return first
        return [[value, tag] for value in first if tree[value].__class__ is dict for tag in sorted(tree[value])]

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        depth = 1 if self.key is None or self.language is None else 2
        name = list(map(str, keys[:2])) if depth == 2 else str(keys[0]) if keys else None
        at = next((i for i, item in enumerate(raw) if self._name_of(item) == name), None)
        return keys if at is None else (at, *keys[depth:])

    def hidden(self, frame: Any, raw: Any) -> list[Hidden]:
        return [
            Hidden((i,), one["raw"], *(NO_RULE if self._name_of(one["raw"]) is None else ANOTHER))
            for i, one in enumerate(frame or ())
            if one.__class__ is dict
        ]

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict:
            return tree
        out: list[Any] = []
        names = self._names(tree)
        for slot in frame or ():
            if slot.__class__ is dict:
                out.append(slot["raw"])
            elif slot in names:
                names.remove(slot)
                out.append(self._entry(slot, self._at(tree, slot)))
        return [*out, *(self._entry(name, self._at(tree, name)) for name in names)]

    def _entry(self, name: Any, members: Any) -> Any:
        value, tag = name if name.__class__ is list else (name, name)
        made = copied(members) if members.__class__ is dict else members
        if made.__class__ is not dict:
            return made
        if self.language is not None and tag != self.default:
            made[self.language] = tag
        if self.key is not None and value != "":
            put(made, tuple(map(Key, self.key.split("."))), value)
        return made


@dataclass(frozen=True)
class First(_ListContainer):
    """A list as an object with its first entry: what `list[first].x` paths see. Further entries go with the first."""

    name: str
    what = "list"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list:
            return None
        return {self.name: raw[0]} if raw else {}, [{"raw": item} for item in raw[1:]] or None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return (0, *keys[1:])

    def hidden(self, frame: Any, raw: Any) -> list[Hidden]:
        why = "the first entry is read, and this is another"
        return [Hidden((i + 1,), one["raw"], "surplus", why) for i, one in enumerate(frame or ())]

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict:
            return tree
        return [tree[self.name], *self.kept(frame)] if self.name in tree else []


Forms = tuple[tuple[str, ...], ...]
"""Names of the places of a list, for each length that it may have."""


def row_opened(forms: Forms, item: Any) -> dict[str, Any] | None:
    """A list as an object by the names of its places; None where it has another length."""
    length = len(item) if item.__class__ is list else 0
    form = next((form for form in forms if len(form) == length), None)
    return None if form is None else dict(zip(form, item, strict=True))


def row_closed(forms: Forms, item: Any) -> Any:
    """The list of an object by names, of the first form that has them all."""
    form = next((f for f in forms if item.__class__ is dict and item and item.keys() <= set(f)), None)
    return item if form is None else [item.get(name) for name in form]


def place_in_row(forms: Forms, keys: Where, raw: Any) -> Where:
    """The position of a place by its name."""
    form = next((form for form in forms if raw.__class__ is list and len(form) == len(raw)), ())
    return (form.index(keys[0]), *keys[1:]) if keys and keys[0] in form else keys


@dataclass(frozen=True)
class Row(Container):
    """A list whose places have names (`[west, south, east, north]`) as an object. An empty list stays one."""

    forms: Forms
    what = "list of as many entries"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is list and not raw:
            return raw, None
        tree = row_opened(self.forms, raw)
        return None if tree is None else (tree, None)

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return place_in_row(self.forms, keys, raw)

    def close(self, tree: Any, frame: Any) -> Any:
        return row_closed(self.forms, tree)


@dataclass(frozen=True)
class Rows(_ListContainer):
    """A list of such lists (`[[west, south, east, north]]`) as a list of objects.

    Rows of another length stay as they are.
    """

    forms: Forms
    what = "list of rows"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list or any(item.__class__ is dict for item in raw):
            return None
        opened = [row_opened(self.forms, item) for item in raw]
        return [item if row is None else row for item, row in zip(raw, opened, strict=True)], None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return (keys[0], *place_in_row(self.forms, keys[1:], raw[int(keys[0])])) if keys else keys

    def close(self, tree: Any, frame: Any) -> Any:
        return [row_closed(self.forms, item) for item in tree] if tree.__class__ is list else tree


@dataclass(frozen=True)
class Bare(_ListContainer):
    """An object that may stand as the bare value of one member (`publisher: X` for `publisher: {name: X}`), or a list
    of such. The object is written."""

    member: str
    what = "object or bare value"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is dict:
            return raw, None
        items = raw if raw.__class__ is list else [raw]
        bare = [item for item in items if _is_bare(item)]
        if any(same({self.member: value}, item) for value in bare for item in items):
            return None  # both forms of one value: there is no telling them apart again
        tree = [{self.member: item} if _is_bare(item) else item for item in items]
        return tree if raw.__class__ is list else tree[0], bare or None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        item = raw[int(keys[0])] if raw.__class__ is list and keys else raw
        at = keys[:1] if raw.__class__ is list else ()
        return (*at, *keys[len(at) + 1 :]) if _is_bare(item) else keys

    def close(self, tree: Any, frame: Any) -> Any:
        return [self._spelled(item, frame) for item in tree] if tree.__class__ is list else self._spelled(tree, frame)

    def _spelled(self, item: Any, frame: Any) -> Any:
        if item.__class__ is not dict or len(item) != 1 or self.member not in item:
            return item
        value = item[self.member]
        return value if any(same(value, bare) for bare in frame or ()) else item

    def kept(self, frame: Any) -> list[Any]:
        return []


@dataclass(frozen=True)
class Values(_ListContainer):
    """A list of bare values as a list of objects with one member, so that an entry of ours can be made of each."""

    member: str
    what = "list of values"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list or any(item.__class__ is dict for item in raw):
            return None
        return [{self.member: item} if _is_bare(item) else item for item in raw], None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return (keys[0], *keys[2:]) if len(keys) > 1 and _is_bare(raw[int(keys[0])]) else keys

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not list:
            return tree
        return [item[self.member] if item.__class__ is dict and item.keys() == {self.member} else item for item in tree]


def _is_bare(item: Any) -> bool:
    return item is not None and item.__class__ not in (dict, list)


@dataclass(frozen=True)
class Chained(Container):
    """One container, and another for what it opens."""

    outer: Container
    inner: Container
    whole = True

    @property
    def what(self) -> str:  # type: ignore[override]
        """The outer form."""
        return self.outer.what

    @property
    def hides(self) -> bool:  # type: ignore[override]
        """As the two do."""
        return self.outer.hides or self.inner.hides

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        first = self.outer.open(raw)
        second = None if first is None else self.inner.open(first[0])
        if first is None or second is None:
            return None
        frame = [first[1], second[1]]
        return second[0], None if frame == [None, None] else frame

    def close(self, tree: Any, frame: Any) -> Any:
        outer, inner = frame or (None, None)
        return self.outer.close(self.inner.close(tree, inner), outer)

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        outer, inner = frame or (None, None)
        first = self.outer.open(raw)
        return keys if first is None else self.outer.place(self.inner.place(keys, inner, first[0]), outer, raw)

    def hidden(self, frame: Any, raw: Any) -> list[Hidden]:
        outer, inner = frame or (None, None)
        first = self.outer.open(raw)
        below = [] if first is None else self.inner.hidden(inner, first[0])
        moved = [one._replace(keys=self.outer.place(one.keys, outer, raw)) for one in below]
        return [*self.outer.hidden(outer, raw), *moved]

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        return self.inner.weigh(path, fates, None if frame is None else frame[1], raw, tells)
