"""Containers of texts and lists of theirs: opened into a tree before the rules and closed after them."""

from __future__ import annotations

import ast
import csv
import io
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from metaharmon.files.jsonlimits import exact_number
from metaharmon.files.jsontext import dumps, loads
from metaharmon.lenses.base import Draw
from metaharmon.model.normal import same
from metaharmon.paths import Match, leaves

MAX_TEXT = 1 << 20

Tells = Callable[[Any], int]
"""How many leaves of a raw value say something in the dialect."""


Where = tuple[Any, ...]
"""Names, positions and `Match` steps."""


class Hidden(NamedTuple):
    """A value that the opened tree does not show: where it stands in the raw value, what it is, what it is called
    (`diagnostics.LEFT`) and why."""

    keys: Where
    value: Any
    outcome: str
    reason: str


ANOTHER = "surplus", "another such entry stands before it"
NO_RULE = "unknown", "no rule reads entries of this kind"


class Container:
    """One kind of container. `open` gives (tree, frame or None), or None when the raw value is none of its kind."""

    what = "container"
    whole = False
    """A value that cannot be opened is kept whole, and no rule reads below it, list or object."""
    hides = False
    """What cannot be opened could be taken for what opens; no rule sees it."""

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        """The tree that a raw value holds, and its frame."""
        raise NotImplementedError

    def close(self, tree: Any, frame: Any) -> Any:
        """The raw value that holds a tree; with the frame, in the older spelling where it still says the same."""
        raise NotImplementedError

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """The fates of the leaves of the raw value, given those of the opened tree: leaf by leaf the same, if the
        container does not say otherwise; a path may be longer or shorter than in the record. `tells` counts the
        leaves of a raw value that say something."""
        return fates

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        """Where in the raw value that stands which stands at these keys of the opened tree."""
        return keys

    def heard(self, keys: Where, told: Collection[Where], raw: Any) -> bool:
        """Whether what is left at these keys is read elsewhere: it stands in the opened tree more than once. `told`:
        all that is left of the tree, its steps as texts."""
        return False

    def hidden(self, frame: Any, raw: Any) -> list[Hidden]:
        """What of the raw value no rule sees."""
        return []

    def variant(self, raw: Any, draw: Draw) -> Any:
        """Another raw value that holds the same, for generated records."""
        return raw

    def newly(self, record: dict[str, Any], frame: Any, tree: dict[str, Any]) -> list[tuple[str, ...]]:
        """Of an object as written, and the tree that it closes: where something stands that would be read now, or
        changes what is read, and did not before. A position in a list stands as text."""
        return []

    def unsaid(self, tree: Any) -> tuple[str, ...]:
        """Members of a tree that the raw value cannot say, so that they are lost."""
        return ()

    def tops(self) -> frozenset[str]:
        """Of a whole record: the members that it changes."""
        return frozenset()


def _has_order(tree: Any) -> bool:
    """Whether a tree has an object of several members: their order is a thing of the text, which the tree forgets."""
    if tree.__class__ is dict:
        return len(tree) > 1 or any(map(_has_order, tree.values()))
    return tree.__class__ is list and any(map(_has_order, tree))


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
        return tree, None if self._print(tree) == raw and not _has_order(tree) else raw

    def close(self, tree: Any, frame: Any) -> Any:
        if isinstance(frame, str):
            opened = self.open(frame)
            if opened is not None and same(opened[0], tree):
                return frame
        return self._print(tree)

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
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
    """A Python list, dict, text or number printed into a text: `['xls', 'json']`. Only literals; nothing is run.

    Numbers with a fraction keep their digits: `15750.0`.
    """

    what = "Python literal"

    def _parse(self, raw: str) -> Any:
        if len(raw) > 65536 or raw.count("[") + raw.count("(") + raw.count("{") > 2000:
            raise ValueError("too large")
        return _plain(ast.parse(raw.lstrip(" \t"), mode="eval").body, raw.lstrip(" \t"))

    def _print(self, tree: Any) -> str:
        return _literal(tree)


def _plain(node: ast.expr, text: str) -> Any:
    """The JSON value of a Python literal. Raises ValueError for sets, bytes, complex numbers and all that is run."""
    if isinstance(node, ast.Constant) and (node.value is None or node.value.__class__ in (str, bool, int, float)):
        return _number(node, text, "") if node.value.__class__ is float else node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        if node.operand.value.__class__ is int:
            return -node.operand.value
        if node.operand.value.__class__ is float:
            return _number(node.operand, text, "-")
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_plain(item, text) for item in node.elts]
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        if all(key.__class__ is str for key in keys) and len(set(keys)) == len(keys):
            return {key: _plain(value, text) for key, value in zip(keys, node.values, strict=True)}
    raise ValueError("no JSON value")


def _number(node: ast.expr, text: str, sign: str) -> Any:
    """A number with a fraction or an exponent, with its digits."""
    return exact_number(sign + (ast.get_source_segment(text, node) or ""))


def _literal(tree: Any) -> str:
    """A JSON value as Python prints it; numbers with their digits."""
    if tree.__class__ is list:
        return f"[{', '.join(map(_literal, tree))}]"
    if tree.__class__ is dict:
        return f"{{{', '.join(f'{key!r}: {_literal(value)}' for key, value in tree.items())}}}"
    return str(tree) if tree.__class__ is Decimal else repr(tree)


OBJECT = "object"
"""The frame of numbers that stood as an object, not in a text."""


@dataclass(frozen=True)
class Numbers(_TextContainer):
    """Numbers in a text (`-75,45,400`) as an object by the names of their places, for each number of them.

    An object may stand instead; the text is written.
    """

    forms: tuple[tuple[str, ...], ...]
    split: str
    what = "numbers in a text, or object"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is dict and raw:
            return raw, OBJECT
        opened = super().open(raw)
        return opened if opened is None else (opened[0], None if self._print(opened[0]) == raw else raw)

    def close(self, tree: Any, frame: Any) -> Any:
        form = next((f for f in self.forms if tree.__class__ is dict and tree.keys() == set(f)), None)
        if frame == OBJECT or form is None or any(tree[name].__class__ not in (int, Decimal) for name in form):
            return tree
        return super().close(tree, frame)

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        return fates if frame == OBJECT else super().weigh(path, fates, frame, raw, tells)

    def _parse(self, raw: str) -> Any:
        numbers = [exact_number(part.strip()) for part in raw.split(self.split)]
        form = next((form for form in self.forms if len(form) == len(numbers)), None)
        if form is None:
            raise ValueError(raw)
        return dict(zip(form, numbers, strict=True))

    def _print(self, tree: Any) -> str:
        form = next(form for form in self.forms if tree.keys() == set(form))
        return self.split.join(dumps(tree[name]) for name in form)


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
            self.enter(tree, key, text)
        return tree

    @staticmethod
    def unwritable(record: dict[str, Any]) -> list[str]:
        """The members of a record that no cell can hold: a reader takes U+0000 for the end of the text."""
        cells = {key: value if value.__class__ is list else [value] for key, value in record.items()}
        return [
            key for key, texts in cells.items() if any("\0" in one for one in (key, *texts) if one.__class__ is str)
        ]

    @staticmethod
    def enter(tree: dict[str, Any], key: str, text: str) -> None:
        """One more row of two columns; a property that stands again holds a list."""
        before = tree.get(key)
        tree[key] = text if before is None else [*(before if isinstance(before, list) else [before]), text]

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
        return closed_entries(tree, frame, entry, sorted)

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        return (Match(self.key, str(keys[0])), self.value, *keys[1:]) if keys else keys

    def hidden(self, frame: Any, raw: Any) -> list[Hidden]:
        pair = {self.key, self.value}
        odd = "unread", f"the entry is no pair of {self.key} and {self.value}"
        return [
            Hidden((i,), one["raw"], *(ANOTHER if one["raw"].__class__ is dict and one["raw"].keys() == pair else odd))
            for i, one in enumerate(frame or ())
            if one.__class__ is dict
        ]

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """Each pair has two leaves, its key and its value; pairs that stayed raw are kept."""
        raws = [slot["raw"] for slot in frame or () if isinstance(slot, dict)]
        out, seen = [], {path}
        for f in fates:
            if raws and f.path == path:
                continue  # an empty tree beside raw entries is no leaf
            if f.path not in seen:  # the key counts once, with the first of its values
                seen.add(f.path)
                f = f._replace(count=f.count + 1, informative=f.informative + (1 if f.informative else 0))
            out.append(f)
        return [*out, *kept_raws(fates[0], path, raws, tells)]


def closed_entries(tree: Any, frame: Any, entry: Callable[[str, Any], Any], ordered: Callable[[Any], Any]) -> Any:
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


def kept_raws(model: Any, path: str, raws: list[Any], tells: Tells) -> list[Any]:
    """The fates of entries that stayed raw."""
    return [
        model._replace(path=path, fate="kept", count=leaves(raw), informative=tells(raw), ours=(), rule=None)
        for raw in raws
    ]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip(":").strip().casefold()
