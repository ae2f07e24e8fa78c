"""Residue: what their record says that ours cannot hold exactly, by cell (mapping language, 1.1 and 5.5).

A residue is plain data: raw values by path, the paths that were not there, digests of companions, and per list the
order of its entries (slots) and the residue of each entry, found again by key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from metaharmon.files.jsontext import spelling


def digest(value: Any) -> str:
    """A short digest of a JSON value, by which it is recognised later, also after a way through JSON text."""
    return hashlib.blake2b(spelling(_sorted(value)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _sorted(value: Any) -> Any:
    """The value with the keys of objects in order, and floats as the decimals that they are after JSON text: 1E+300."""
    kind = value.__class__
    if kind is dict:
        return {key: _sorted(value[key]) for key in sorted(value)}
    if kind is list:
        return [_sorted(item) for item in value]
    return Decimal(float.__repr__(value)) if kind is float else value


NO_ENTRY = digest(None)
"""Beside a kept field that only one of several joined rules reads: that rule found no entry there."""


@dataclass
class ListResidue:
    """Of one list: its order where it is not ours, and what its entries leave over.

    `slots`: in their order, the index of an item of `items`, or `{"raw": …}` for an entry that ours does not hold;
    None when the order is ours. `items`: [key, n-th with that key, residue or None].
    """

    slots: list[Any] | None = None
    items: list[list[Any]] = field(default_factory=list)
    joined: list[dict[str, str]] = field(default_factory=list)
    """Of joined lists: entries that stand in one entry of theirs and share nothing by which that could be seen."""

    def __bool__(self) -> bool:
        return self.slots is not None or bool(self.items) or bool(self.joined)


class Residue:
    """Of a record, or of an entry of a list."""

    __slots__ = ("digests", "frames", "gone", "leaves", "lists")

    def __init__(
        self,
        leaves: dict[str, Any] | None = None,
        gone: list[str] | None = None,
        digests: dict[str, str] | None = None,
        lists: dict[str, ListResidue] | None = None,
        frames: dict[str, Any] | None = None,
    ):
        self.leaves = {} if leaves is None else leaves
        self.gone = [] if gone is None else gone
        self.digests = {} if digests is None else digests
        self.lists = {} if lists is None else lists
        self.frames = {} if frames is None else frames

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Residue) and self.as_data() == other.as_data()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Residue({self.as_data()!r})"

    def __bool__(self) -> bool:
        return bool(self.leaves or self.gone or self.lists or self.frames or self.digests)

    def count(self) -> int:
        """How many raw values, marks and slots it holds: a measure of its size."""
        below = sum(item[2].count() for one in self.lists.values() for item in one.items if item[2])
        raws = sum(1 for one in self.lists.values() for slot in one.slots or () if not isinstance(slot, int))
        return len(self.leaves) + len(self.gone) + len(self.frames) + below + raws

    def as_data(self, of: str | None = None) -> dict[str, Any]:
        """The residue as a JSON value; `of` names the dialect and version it belongs to. It may hold Decimal:
        `metaharmon.dumps` writes it exactly."""
        out: dict[str, Any] = {"of": of} if of else {}
        if self.leaves:
            out["leaves"] = dict(self.leaves)
        if self.gone:
            out["gone"] = list(self.gone)
        if self.digests:
            out["with"] = dict(self.digests)
        if self.lists:
            out["lists"] = {path: _list_data(one) for path, one in self.lists.items()}
        if self.frames:
            out["frame"] = dict(self.frames)
        return out

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Residue:
        """The residue that some JSON says. Raises ValueError when it has not the form of one."""
        if not isinstance(data, dict) or set(data) - {"of", "leaves", "gone", "with", "lists", "frame"}:
            raise ValueError("a residue is an object with of, leaves, gone, with, lists and frame")
        for key, kind in (("leaves", dict), ("gone", list), ("with", dict), ("lists", dict), ("frame", dict)):
            if not isinstance(data.get(key, kind()), kind):
                raise ValueError(f"'{key}' of a residue has the wrong form")
        return cls(
            dict(data.get("leaves", {})),
            list(data.get("gone", [])),
            dict(data.get("with", {})),
            {path: _list_from(one) for path, one in data.get("lists", {}).items()},
            dict(data.get("frame", {})),
        )


def _list_data(one: ListResidue) -> dict[str, Any]:
    out: dict[str, Any] = {} if one.slots is None else {"slots": list(one.slots)}
    out["items"] = [[key, n, residue.as_data() if residue else None] for key, n, residue in one.items]
    return {**out, "joined": [dict(pair) for pair in one.joined]} if one.joined else out


def _list_from(data: Any) -> ListResidue:
    if not isinstance(data, dict) or not isinstance(data.get("items", []), list):
        raise ValueError("the residue of a list is an object with slots and items")
    items = []
    for entry in data.get("items", []):
        if not (isinstance(entry, list) and len(entry) == 3 and isinstance(entry[1], int)):
            raise ValueError("an item of a list residue is [key, number, residue]")
        items.append([entry[0], entry[1], Residue.from_data(entry[2]) if entry[2] else None])
    slots = data.get("slots")
    if slots is not None:
        for slot in slots:
            if not (isinstance(slot, int) and 0 <= slot < len(items)) and not (
                isinstance(slot, dict) and list(slot) == ["raw"]
            ):
                raise ValueError("a slot of a list residue is an item's number or a raw entry")
    joined = data.get("joined", [])
    if not isinstance(joined, list) or not all(isinstance(pair, dict) for pair in joined):
        raise ValueError("'joined' of a list residue is a list of objects")
    return ListResidue(slots, items, [dict(pair) for pair in joined])
