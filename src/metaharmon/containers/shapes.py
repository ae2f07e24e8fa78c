"""Containers of objects and lists that some records write in a shorter shape, or beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.containers.objects import STOOD
from metaharmon.containers.texts import Container, Tells, Where
from metaharmon.diagnostics import RecordError
from metaharmon.files.jsontext import dumps, loads
from metaharmon.model.normal import same
from metaharmon.paths import leaves


@dataclass(frozen=True)
class OneOrList(Container):
    """A list whose only entry may stand without it. With `short` it is written so, and the frame says that a list of
    one stood; else the list is written, and the frame says that an entry stood alone."""

    short: bool = True
    what = "list, or its only entry"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw is None:
            return None, None
        if raw.__class__ is not list:
            return [raw], None if self.short else "alone"
        one = len(raw) == 1 and raw[0].__class__ is not list and raw[0] is not None
        return raw, "list" if self.short and one else None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return keys if raw.__class__ is list else keys[1:]

    def close(self, tree: Any, frame: Any) -> Any:
        one = tree.__class__ is list and len(tree) == 1 and tree[0] is not None and tree[0].__class__ is not list
        return tree[0] if one and (frame != "list" if self.short else frame == "alone") else tree


@dataclass(frozen=True)
class Sole(Container):
    """A list of one entry, which the rules see without its list."""

    what = "list of one entry"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        return (raw[0], None) if raw.__class__ is list and len(raw) == 1 and raw[0].__class__ is not list else None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return (0, *keys)

    def close(self, tree: Any, frame: Any) -> Any:
        return [tree]


@dataclass(frozen=True)
class Named(Container):
    """An object of one entry, which the rules see without its name; the frame is the name, if it is not `name`."""

    name: str
    what = "object of one entry"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict or len(raw) != 1:
            return None
        ((name, entry),) = raw.items()
        return (entry, None if name == self.name else name) if entry.__class__ is dict and entry else None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return (*raw, *keys)

    def close(self, tree: Any, frame: Any) -> Any:
        return {frame if frame.__class__ is str else self.name: tree}


@dataclass(frozen=True)
class Alone(Container):
    """An object that may stand as the list of one member. The object is written; the frame says that a list stood."""

    member: str
    what = "object, or list"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is list and raw:
            return {self.member: raw}, "list"
        return (raw, None) if raw.__class__ is dict or raw == [] else None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return keys[1:] if raw.__class__ is list else keys

    def close(self, tree: Any, frame: Any) -> Any:
        alone = frame == "list" and tree.__class__ is dict and tree.keys() == {self.member}
        return tree[self.member] if alone and tree[self.member].__class__ is list and tree[self.member] else tree


@dataclass(frozen=True)
class Merged(Container):
    """A list of objects, which the rules see as one object with the members of all; the object is written.

    The frame names the members of each entry. What is no list is left as it is.
    """

    what = "object, or list of objects without a member in common"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list:
            return raw, None
        parts = [part for part in raw if part.__class__ is dict and part]
        tree = {key: value for part in parts for key, value in part.items()}
        apart = len(parts) == len(raw) > 0 and len(tree) == sum(map(len, parts))
        return (tree, [list(part) for part in parts]) if apart else None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        parts = raw if raw.__class__ is list else ()
        at = next((i for i, part in enumerate(parts) if part.__class__ is dict and keys and keys[0] in part), None)
        return keys if at is None else (at, *keys)

    def close(self, tree: Any, frame: Any) -> Any:
        if frame.__class__ is not list or tree.__class__ is not dict or not tree:
            return tree
        named = {key for keys in frame for key in keys}
        groups = [*frame, *([key] for key in tree if key not in named)]
        parts = [{key: tree[key] for key in keys if key in tree} for keys in groups]
        return [part for part in parts if part]


@dataclass(frozen=True)
class Short(Container):
    """An object that is written as the text of one member, where it has no other; or a list of such (`lists`).

    The frame names the texts that stood as objects although a text would do.
    """

    member: str
    lists: bool = False
    what = "object or text"
    hides = True

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if self.lists != (raw.__class__ is list) or (not self.lists and raw.__class__ not in (dict, str)):
            return None
        items = raw if self.lists else [raw]
        tree = [{self.member: item} if item.__class__ is str else item for item in items]
        long = [item[self.member] for item in items if self._says_it_alone(item)]
        return tree if self.lists else tree[0], long or None

    def _says_it_alone(self, item: Any) -> bool:
        return item.__class__ is dict and item.keys() == {self.member} and item[self.member].__class__ is str

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        item = raw[int(keys[0])] if raw.__class__ is list and keys else raw
        at = keys[:1] if raw.__class__ is list else ()
        return (*at, *keys[len(at) + 1 :]) if item.__class__ is str else keys

    def close(self, tree: Any, frame: Any) -> Any:
        long = list(frame) if frame.__class__ is list else []
        if self.lists and tree.__class__ is list:
            return [self._closed(item, long) for item in tree]
        return self._closed(tree, long)

    def _closed(self, item: Any, long: list[Any]) -> Any:
        if not self._says_it_alone(item):
            return item
        text = item[self.member]
        if text in long:
            long.remove(text)
            return item
        return text


@dataclass(frozen=True)
class Lines(Container):
    """A list of texts as one text, a line each; where an entry itself has lines, the frame is the list."""

    what = "list of texts"
    hides = True
    lists = False

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list or not all(item.__class__ is str for item in raw):
            return None
        text = "\n".join(raw)
        return text, None if text.split("\n") == raw else raw

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not str:
            return tree
        return frame if frame.__class__ is list and "\n".join(frame) == tree else tree.split("\n")

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """As many leaves as entries; the text of them was counted as one."""
        return [f._replace(count=leaves(raw), informative=f.informative and sum(map(bool, raw))) for f in fates[:1]]


@dataclass(frozen=True)
class Printed(Container):
    """An object or a list as its JSON text; a text is itself. The frame says that a tree stood there."""

    what = "value that can be printed"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        return (dumps(raw), "tree") if raw.__class__ in (dict, list) and raw else (raw, None)

    def close(self, tree: Any, frame: Any) -> Any:
        if frame != "tree" or tree.__class__ is not str:
            return tree
        try:
            raw = loads(tree, "")
        except RecordError:
            return tree
        return raw if raw.__class__ in (dict, list) and raw and dumps(raw) == tree else tree

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """As many leaves as the tree has; its text was counted as one."""
        if raw.__class__ not in (dict, list) or not raw:
            return fates
        return [f._replace(count=leaves(raw), informative=f.informative and tells(raw)) for f in fates[:1]]


@dataclass(frozen=True)
class Zipped(Container):
    """Lists of equal length beside each other as one list of objects: columns by name, by type, by description.

    `names` are the lists, `into` is the list that the rules see; an entry has a member for each list. With `split`
    the lists stand as texts. What is not as long as the first of the lists stays where it is. The frame names the
    lists that became one, where it was not all of them.
    """

    names: tuple[str, ...]
    into: str
    split: str | None = None
    what = "object with lists of equal length"

    def _list(self, raw: Any) -> list[Any]:
        if self.split is not None:
            return raw.split(self.split) if raw.__class__ is str and raw else []
        return raw if raw.__class__ is list else []

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict:
            return None
        if self.into in raw:
            if self.close(raw, None) is raw:  # it could not be closed
                return raw, None
            raw = {key if key != self.into else self.into + STOOD: value for key, value in raw.items()}
        lists = {name: self._list(raw[name]) for name in self.names if name in raw}
        length = len(next(iter(lists.values()), ()))
        there = [name for name, values in lists.items() if len(values) == length]
        if not length:
            return raw, None
        tree = {key: value for key, value in raw.items() if key not in there}
        tree[self.into] = [dict(zip(there, row, strict=True)) for row in zip(*(lists[n] for n in there), strict=True)]
        return tree, None if len(there) == len(self.names) else there

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        if len(keys) < 3 or keys[0] != self.into or self.into in raw:
            return keys
        return (keys[2], *keys[3:]) if self.split is not None else (keys[2], keys[1], *keys[3:])

    def close(self, tree: Any, frame: Any) -> Any:
        rows = tree.get(self.into) if tree.__class__ is dict else None
        if tree.__class__ is dict and self.into + STOOD in tree and rows is None:
            return {key.removesuffix(STOOD): value for key, value in tree.items()}
        if rows.__class__ is not list or not all(row.__class__ is dict for row in rows):
            return tree
        used = {name for row in rows for name in row}
        there = [name for name in self.names if name in used or (frame.__class__ is list and name in frame)]
        if used - set(self.names) or not there:
            return tree
        raw = {key.removesuffix(STOOD): v for key, v in tree.items() if key != self.into and key not in there}
        for name in there:
            values = [row.get(name, "") for row in rows]
            if self.split is not None and not all(v.__class__ is str and self.split not in v for v in values):
                return tree
            if self.split is None or values != [""]:  # an empty text is no list of one
                raw[name] = values if self.split is None else self.split.join(values)
        return raw

    def newly(self, record: dict[str, Any], frame: Any, tree: dict[str, Any]) -> list[tuple[str, ...]]:
        """Lists that were of another length, where they would make other entries beside those that are there now."""
        apart = [name for name in self.names if name in tree and name in record and record[name] is tree[name]]
        alone = {key: value for key, value in record.items() if key not in apart}
        both = [None if opened is None else opened[0].get(self.into) for opened in map(self.open, (record, alone))]
        return [] if same(*both) else [(name,) for name in apart]

    def tops(self) -> frozenset[str]:
        return frozenset({*self.names, self.into})

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """Each entry of a list is a leaf, as each member of an object was; a text of several is one."""
        if self.split is None or raw.__class__ is not dict or self.into in raw:
            return fates
        lists = {name: self._list(raw[name]) for name in self.names if name in raw}
        length = len(next(iter(lists.values()), ()))
        inside = f"{path}.{self.into}." if path else f"{self.into}."
        rows = [f for f in fates if f.path.startswith(inside)]
        out = [f for f in fates if f not in rows and (not rows or f.path != inside[:-1])]
        order = ("refused", "unread", "kept", "spelled", "exact", "derived")
        for name in (name for name, values in lists.items() if length and len(values) == length):
            mine = [f for f in rows if f.path.endswith(f".{name}") or f.path[len(inside) :].isdigit()]
            worst = min(mine, key=lambda f: order.index(f.fate))
            fate = "spelled" if worst.fate == "exact" and any(f.fate != "exact" for f in mine) else worst.fate
            told = min(1, sum(f.informative for f in mine))
            out.append(worst._replace(path=f"{path}.{name}" if path else name, fate=fate, count=1, informative=told))
        return out


@dataclass(frozen=True)
class ByLanguage(Container):
    """An object with texts in several languages, in one of three shapes: `title: text`, `title: {en: text}`,
    `title_en: text`.

    `names` are the fields that may have languages. The rules see the second shape; a text without a language stands
    under `und`, and is written as the plain text. With `inside`, this holds of each member of the object. The frame
    names the fields that stood in another shape than the one that is written.
    """

    names: tuple[str, ...]
    inside: bool = False
    what = "object with texts in several languages"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict:
            return None
        if not self.inside:
            return self._opened(raw)
        opened = {key: self._opened(item) if item.__class__ is dict else (item, None) for key, item in raw.items()}
        frame = {key: below for key, (_, below) in opened.items() if below}
        return {key: tree for key, (tree, _) in opened.items()}, frame or None

    def _opened(self, raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str] | None]:
        tree: dict[str, Any] = {}
        frame: dict[str, str] = {}
        for key, value in raw.items():
            name, _, tag = key.rpartition("_")
            if name in self.names and name not in raw and _is_tag(tag):
                tree.setdefault(name, {})[tag] = value
                frame[name] = "suffix"
            elif key in self.names and value.__class__ in (str, list) and value:
                tree[key] = {UNDETERMINED: value}
            else:
                tree[key] = value
                alone = value[UNDETERMINED] if value.__class__ is dict and set(value) == {UNDETERMINED} else None
                if key in self.names and alone.__class__ in (str, list) and alone:
                    frame[key] = "map"
        return tree, frame or None

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        if self.inside:
            item = raw.get(keys[0]) if keys else None
            return (keys[0], *self._place(keys[1:], item)) if item.__class__ is dict else keys
        return self._place(keys, raw)

    def _place(self, keys: Where, raw: dict[str, Any]) -> Where:
        if len(keys) < 2 or keys[0] not in self.names or raw.get(keys[0]).__class__ is dict:
            return keys
        return (keys[0] if keys[0] in raw else f"{keys[0]}_{keys[1]}", *keys[2:])

    def close(self, tree: Any, frame: Any) -> Any:
        frame = frame if frame.__class__ is dict else {}
        if tree.__class__ is not dict:
            return tree
        if not self.inside:
            return self._closed(tree, frame)
        return {
            key: self._closed(item, frame.get(key) or {}) if item.__class__ is dict else item
            for key, item in tree.items()
        }

    def _closed(self, tree: dict[str, Any], frame: dict[str, str]) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        for key, value in tree.items():
            shape = frame.get(key) if key in self.names and value.__class__ is dict else ""
            if shape == "suffix" and all(map(_is_tag, value)):
                raw.update({f"{key}_{tag}": text for tag, text in value.items()})
            elif shape is None and set(value) == {UNDETERMINED} and value[UNDETERMINED].__class__ in (str, list):
                raw[key] = value[UNDETERMINED] or value
            else:
                raw[key] = value
        return raw

    def tops(self) -> frozenset[str]:
        return frozenset(self.names)


UNDETERMINED = "und"


def _is_tag(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.islower()
