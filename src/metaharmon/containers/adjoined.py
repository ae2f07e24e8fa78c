"""Fields beside a list of texts that tell more of one of its entries, as members of that entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.containers.texts import Container, Tells, Where

LIST = "list"
"""The frame of a list of one entry, which a new record has without its list."""


@dataclass(frozen=True)
class Adjoined(Container):
    """A text, or a list of texts, and fields beside it that tell more of the entry that is `by`, or the only one.

    The rules see a list of objects: `{license: [mit, other], license_name: X}` is
    `{license: [{code: mit}, {code: other, name: X}]}`. `into` is the list, `value` the member that is the text,
    `beside` gives each field beside its member. Of several such entries they tell of the first; where there is none
    among several, they stay beside. An only entry is written without its list; the frame says that a list stood.
    """

    into: str
    value: str
    by: str
    beside: tuple[tuple[str, str], ...]
    what = "text or list of texts, with fields beside it"

    def _entries(self, raw: Any) -> list[Any]:
        """What the list holds: texts, and what a broken record has there."""
        listed = raw.get(self.into)
        return listed if listed.__class__ is list else [listed] if listed.__class__ is str else []

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict:
            return None
        listed = self._entries(raw)
        if not listed:
            return raw, None
        entries = [{self.value: one} for one in listed]
        tree = {**raw, self.into: entries}
        alone = len(listed) == 1 and listed[0].__class__ is str
        if alone or self.by in listed:
            told = entries[0 if alone else listed.index(self.by)]
            for field, member in self.beside:
                if field in raw:
                    told[member] = tree.pop(field)
        return tree, LIST if alone and raw[self.into].__class__ is list else None

    def close(self, tree: Any, frame: Any) -> Any:
        entries = tree.get(self.into) if tree.__class__ is dict else None
        if entries.__class__ is not list or not entries:
            return tree
        raw = {key: value for key, value in tree.items() if key != self.into}
        listed = []
        for entry in entries:
            if self.value in entry:
                listed.append(entry[self.value])
            raw.update({field: entry[member] for field, member in self.beside if member in entry})
        if listed:
            alone = len(listed) == 1 and listed[0].__class__ is str and frame != LIST
            raw[self.into] = listed[0] if alone else listed
        return raw

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        if len(keys) < 2 or keys[0] != self.into or not self._entries(raw):
            return keys
        field = next((field for field, member in self.beside if len(keys) > 2 and keys[2] == member), None)
        if field is not None:
            return (field, *keys[3:])
        return keys[:1] if raw[self.into].__class__ is str else keys[:2]

    def newly(self, record: dict[str, Any], frame: Any, tree: dict[str, Any]) -> list[tuple[str, ...]]:
        """Fields that stood beside a list without such an entry, where there is one now."""
        opened = self.open(record)
        if opened is None:
            return []
        return [(field,) for field, _ in self.beside if field in tree and field not in opened[0]]

    def tops(self) -> frozenset[str]:
        return frozenset({self.into, *(field for field, _ in self.beside)})

    def tells(self, entry: dict[str, Any]) -> bool:
        """Whether an entry is one of which the fields tell among others."""
        return bool(entry.get(self.value) == self.by)

    def no_room(self, entry: dict[str, Any]) -> str | None:
        """Why the fields cannot tell what such an entry says behind another; None: it says no more than its text."""
        says_more = any(member in entry for _, member in self.beside)
        return "the fields beside the list tell of one entry, and this is another" if says_more else None

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """Leaf by leaf the same; each stands where it is in the record."""
        start = f"{path}." if path else ""
        return [self._moved(fate, start, raw) for fate in fates]

    def _moved(self, fate: Any, start: str, raw: Any) -> Any:
        inside = f"{start}{self.into}."
        if not fate.path.startswith(inside):
            return fate
        steps = fate.path[len(inside) :].split(".")
        where = self.place((self.into, int(steps[0]), *steps[1:]), None, raw) if steps[0].isdigit() else ()
        return fate._replace(path=start + ".".join(map(str, where))) if where else fate
