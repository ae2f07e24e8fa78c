"""Containers: a text or a list of theirs that holds a tree, opened before the rules and closed after them.

`close(open(x)) == x` with the frame, which is what the tree forgets (spelling, quoting, order, repeated keys); it is
kept only when the plain form differs.
"""

from __future__ import annotations

import ast
import csv
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from metaharmon.files.jsontext import dumps, loads
from metaharmon.model.normal import copied, same
from metaharmon.model.scalars import is_language
from metaharmon.paths import MISSING, Key, get, leaves, put

MAX_TEXT = 1 << 20


class Container:
    """One kind of container. `open` gives (tree, frame or None), or None when the raw value is none of its kind."""

    what = "container"
    whole = False
    """A value that cannot be opened is kept whole, and no rule reads below it, list or object."""

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        """The tree that a raw value holds, and its frame."""
        raise NotImplementedError

    def close(self, tree: Any, frame: Any) -> Any:
        """The raw value that holds a tree; with the frame, in the older spelling where it still says the same."""
        raise NotImplementedError

    def weigh(self, path: str, fates: list[Any], frame: Any, total: int) -> list[Any]:
        """The fates of the raw leaves, `total` in number, given those of the opened tree."""
        raise NotImplementedError


@dataclass(frozen=True)
class _TextContainer(Container):
    """A text that holds a value; its frame is the text itself."""

    def _parse(self, raw: str) -> Any:
        raise NotImplementedError

    def _print(self, tree: Any) -> str:
        raise NotImplementedError

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not str or len(raw) > MAX_TEXT:
            return None
        try:
            tree = self._parse(raw)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError, csv.Error):
            return None
        return tree, None if self._print(tree) == raw else raw

    def close(self, tree: Any, frame: Any) -> Any:
        if isinstance(frame, str):
            opened = self.open(frame)
            if opened is not None and same(opened[0], tree):
                return frame
        return self._print(tree)

    def weigh(self, path: str, fates: list[Any], frame: Any, total: int) -> list[Any]:
        """The whole text is one leaf; it has the worst fate of what it holds."""
        order = ("refused", "unread", "kept", "spelled", "exact", "derived")
        worst = min(fates, key=lambda f: order.index(f.fate))
        fate = (
            "spelled"
            if worst.fate in ("exact", "kept")
            and any(f.fate in ("exact", "spelled") for f in fates)
            and worst.fate == "kept"
            else worst.fate
        )
        return [worst._replace(path=path, fate=fate, count=1, informative=min(1, sum(f.informative for f in fates)))]


@dataclass(frozen=True)
class Json(_TextContainer):
    """JSON in a text."""

    what = "JSON text"

    def _parse(self, raw: str) -> Any:
        from metaharmon.diagnostics import RecordError

        try:
            return loads(raw, "")
        except RecordError as exc:
            raise ValueError(str(exc)) from None

    def _print(self, tree: Any) -> str:
        return dumps(tree)


@dataclass(frozen=True)
class PythonLiteral(_TextContainer):
    """A Python list, dict, text or number printed into a text: `['xls', 'json']`. Only literals; nothing is run."""

    what = "Python literal"

    def _parse(self, raw: str) -> Any:
        if len(raw) > 65536 or raw.count("[") + raw.count("(") + raw.count("{") > 2000:
            raise ValueError("too large")
        return _plain(ast.literal_eval(raw))

    def _print(self, tree: Any) -> str:
        return repr(tree)


def _plain(value: Any) -> Any:
    """The JSON value of a Python literal. Raises ValueError for sets, bytes, complex numbers and floats."""
    if value is None or value.__class__ in (str, bool, int):
        return value
    if value.__class__ in (list, tuple):
        return [_plain(item) for item in value]
    if value.__class__ is dict and all(k.__class__ is str for k in value):
        return {k: _plain(v) for k, v in value.items()}
    raise ValueError("no JSON value")


@dataclass(frozen=True)
class Csv(_TextContainer):
    """A table in a text (RFC 4180): `records` (a row each, by the header), or `properties`, one object of two columns.

    A property that stands several times holds a list. Everything is text.
    """

    rows: str = "records"
    name: str = "property"
    value: str = "value"
    what = "table of comma-separated values"

    def _parse(self, raw: str) -> Any:
        table = list(csv.reader(io.StringIO(raw, newline=""), strict=True))
        if not table or len(set(table[0])) < len(table[0]) or any(len(row) != len(table[0]) for row in table):
            raise ValueError("no table with a header and rows of its width")
        if self.rows == "records":
            return [dict(zip(table[0], row, strict=True)) for row in table[1:]]
        if table[0] != [self.name, self.value]:
            raise ValueError("the header is another one")
        tree: dict[str, Any] = {}
        for key, text in table[1:]:
            before = tree.get(key)
            tree[key] = text if before is None else [*(before if isinstance(before, list) else [before]), text]
        return tree

    def _print(self, tree: Any) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        if self.rows == "records":
            header = list(dict.fromkeys(key for row in tree for key in row))
            writer.writerows([header, *([row.get(key, "") for key in header] for row in tree)])
        else:
            writer.writerow([self.name, self.value])
            for key, value in tree.items():
                writer.writerows([key, one] for one in (value if isinstance(value, list) else [value]))
        return out.getvalue()


@dataclass(frozen=True)
class Pairs(Container):
    """A list of key/value objects as one object: CKAN's extras.

    With `loose`, keys that differ only by width, blanks, case or a colon at the end are one key, in the spelling
    `known` to the mapping. Entries that repeat a key, have further members or are no pairs stay as they are.
    """

    key: str = "key"
    value: str = "value"
    loose: bool = False
    known: tuple[str, ...] = ()
    what = "list of key/value pairs"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list:
            return None
        spellings = {_folded(name): name for name in reversed(self.known)} if self.loose else {}
        tree: dict[str, Any] = {}
        slots: list[Any] = []
        plain = True
        for item in raw:
            if item.__class__ is not dict or set(item) != {self.key, self.value} or item[self.key].__class__ is not str:
                slots.append({"raw": item})
                plain = False
                continue
            spelled = item[self.key]
            name = spelled if spelled in self.known else spellings.get(_folded(spelled), spelled)
            if name in tree:
                slots.append({"raw": item})
                plain = False
                continue
            tree[name] = item[self.value]
            slots.append([name, spelled])
            plain = plain and name == spelled
        natural = plain and [s[0] for s in slots] == sorted(tree)
        return tree, None if natural else slots

    def close(self, tree: Any, frame: Any) -> Any:
        entry = lambda spelled, value: {self.key: spelled, self.value: value}  # noqa: E731
        return _closed(tree, frame, entry, sorted)

    def weigh(self, path: str, fates: list[Any], frame: Any, total: int) -> list[Any]:
        """Each pair has two leaves, its key and its value; pairs that stayed raw are kept."""
        raws = [slot["raw"] for slot in frame or () if isinstance(slot, dict)]
        out = [
            f
            if f.path == path
            else f._replace(count=f.count + 1, informative=f.informative + (1 if f.informative else 0))
            for f in fates
            if not (raws and f.path == path)
        ]  # an empty tree beside raw entries is no leaf
        return [*out, *_kept_raws(fates[0], path, raws)]


def _closed(tree: Any, frame: Any, entry: Callable[[str, Any], Any], ordered: Callable[[Any], Any]) -> Any:
    """The list that an opened tree stands for: entries in the order of the frame's slots (a name, a name with its
    spelling, or a raw entry), then those that are new."""
    if tree.__class__ is not dict:
        return tree
    left = dict(tree)
    out: list[Any] = []
    for slot in frame or ():
        name, spelled = slot if slot.__class__ is list else (slot, slot)
        if slot.__class__ is dict:
            out.append(slot["raw"])
        elif name in left:
            out.append(entry(spelled, left.pop(name)))
    return [*out, *(entry(name, left[name]) for name in ordered(left))]


def _kept_raws(model: Any, path: str, raws: list[Any]) -> list[Any]:
    """The fates of entries that stayed raw."""
    return [
        model._replace(path=path, fate="kept", count=leaves(raw), informative=leaves(raw), ours=(), rule=None)
        for raw in raws
    ]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip(":").strip().casefold()


class _ListContainer(Container):
    """A list seen in another shape: the leaves that the shape does not show count with those that it does."""

    whole = True

    def weigh(self, path: str, fates: list[Any], frame: Any, total: int) -> list[Any]:
        raws = self.kept(frame)
        left = sum(map(leaves, raws))
        out = [f for f in fates if not (raws and f.path == path)]  # an empty tree beside raw entries is no leaf
        hidden = total - left - sum(f.count for f in out)
        if hidden > 0:  # names by which entries are found; they say something where the entry does
            read = any(f.fate in ("exact", "spelled") for f in out)
            out.append(fates[0]._replace(path=path, fate="exact" if read else "kept", count=hidden, informative=hidden))
        return [*out, *_kept_raws(fates[0], path, raws)]

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

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict:
            return tree
        return [tree[self.name], *self.kept(frame)] if self.name in tree else []


@dataclass(frozen=True)
class Rows(_ListContainer):
    """A list of lists whose places have names (`[[west, south, east, north]]`) as a list of objects.

    Each form is a row of names; forms are told apart by their length. Rows of another length stay as they are.
    """

    forms: tuple[tuple[str, ...], ...]
    what = "list of rows"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not list or any(item.__class__ is dict for item in raw):
            return None
        return [self._named(item) for item in raw], None

    def _named(self, item: Any) -> Any:
        length = len(item) if item.__class__ is list else 0
        form = next((form for form in self.forms if len(form) == length), None)
        return item if form is None else dict(zip(form, item, strict=True))

    def close(self, tree: Any, frame: Any) -> Any:
        return [self._row(item) for item in tree] if tree.__class__ is list else tree

    def _row(self, item: Any) -> Any:
        form = next((f for f in self.forms if item.__class__ is dict and item and item.keys() <= set(f)), None)
        return item if form is None else [item.get(name) for name in form]


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

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not list:
            return tree
        return [item[self.member] if item.__class__ is dict and item.keys() == {self.member} else item for item in tree]


def _is_bare(item: Any) -> bool:
    return item is not None and item.__class__ not in (dict, list)


@dataclass(frozen=True)
class OneOrList(_ListContainer):
    """An object that stands for a list of one; a list of one is written as its entry."""

    what = "object or list of objects"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is list:
            return raw, "list" if len(raw) == 1 else None
        return None if raw is None else ([raw], None)

    def close(self, tree: Any, frame: Any) -> Any:
        alone = tree.__class__ is list and len(tree) == 1 and tree[0] is not None and tree[0].__class__ is not list
        return tree[0] if alone and frame != "list" else tree

    def kept(self, frame: Any) -> list[Any]:
        return []


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

    def weigh(self, path: str, fates: list[Any], frame: Any, total: int) -> list[Any]:
        return self.inner.weigh(path, fates, None if frame is None else frame[1], total)
