"""What became of every leaf of a record in another dialect, in numbers (law 7).

A leaf that is heard stands at paths of the product; the losses say what becomes of these.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from metaharmon import interpreter
from metaharmon.diagnostics import LEFT, Loss
from metaharmon.engine.outcome import Heard, Path
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import Plan
from metaharmon.model.normal import same

SAID, CHANGED, OMITTED = "said", "changed", "omitted"
OUTCOMES = (SAID, CHANGED, OMITTED, *LEFT)
"""What may become of a leaf of a record that says something; exactly one of these does."""


def outcomes(plan: Plan, record: dict[str, Any], losses: list[Loss]) -> dict[str, int]:
    """How many leaves of a record have each outcome, given what was lost of the product that it means.

    Fields that can be computed from the rest, and null markers, say nothing of their own and are not counted.
    """
    found = interpreter.read(plan, record, explain=True)
    lost = _Lost(losses)
    places = _places(found.tree)
    counts: Counter[str] = Counter(left.outcome for left in found.left)
    for heard in found.heard:
        for outcome, n in lost.of(heard, places):
            counts[outcome] += n
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def _places(tree: dict[str, Any]) -> dict[int, Path]:
    """The record path of every object of a product, by its identity."""
    found: dict[int, Path] = {}
    stack: list[tuple[Any, Path]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if node.__class__ is dict:
            found[id(node)] = path
            stack.extend((below, (*path, name)) for name, below in node.items())
        elif node.__class__ is list:
            stack.extend((below, (*path, i)) for i, below in enumerate(node))
    return found


class _Lost:
    """The losses of a product by their path."""

    def __init__(self, losses: list[Loss]):
        told = [loss for loss in losses if loss.kind in (CHANGED, OMITTED)]
        self.by_path = {_steps(loss.path): loss for loss in told}
        self.above = {path[:n] for path in self.by_path for n in range(len(path))}
        """Paths below which something is lost."""
        self.free = told

    def of(self, heard: Heard, places: dict[int, Path]) -> list[tuple[str, int]]:
        """What becomes of some leaves that one cell heard."""
        if heard.entry is None:
            return [(self._by_value(heard.value), heard.count)]
        told = []
        for slot in heard.slots:
            entry, inside = _part(heard.entry, slot)
            base = places.get(id(entry))
            if base is not None:
                value = inside.get(entry)
                path = base if value is None else (*base, *inside.record_path(entry))  # it may be a key: `{kind}`
                told.append(self._at(path, value, heard.count))
        if not told:
            return [(SAID, heard.count)]
        if len(told) == 1:
            return told[0]
        kinds = {outcome for one in told for outcome, _ in one}
        return [(kinds.pop() if len(kinds) == 1 else CHANGED, heard.count)]

    def _at(self, path: Path, value: Any, n: int) -> list[tuple[str, int]]:
        """What becomes of the leaves that say the value at a path."""
        for i in range(len(path), 0, -1):
            if path[:i] in self.by_path:
                return [(self.by_path[path[:i]].kind, n)]
        if path not in self.above or value is None:
            return [(SAID, n)]
        parts = list(range(len(value))) if value.__class__ is list else list(value) if value.__class__ is dict else []
        if n == 1 or n != len(parts):
            return [(CHANGED, n)]
        below = ((*path, part) for part in parts)
        return [
            (self.by_path[one].kind if one in self.by_path else CHANGED if one in self.above else SAID, 1)
            for one in below
        ]

    def _by_value(self, value: Any) -> str:
        """What becomes of an entry that is a plain value: such a value is lost, or a list that holds it."""
        for i, loss in enumerate(self.free):
            if same(loss.value, value):
                del self.free[i]
                return loss.kind
        return next((loss.kind for loss in self.free if _holds(loss.value, value)), SAID)


def _part(entry: Any, slot: OurSlot) -> tuple[Any, OurSlot]:
    """The entry in which a slot lies; of joined entries, the one that it names."""
    tag = slot.steps[0] if slot.steps else None
    joined = tag.__class__ is str and tag.isdigit() and entry.__class__ is dict and tag in entry
    return (entry[tag], OurSlot(slot.text, slot.steps[1:], slot.node)) if joined else (entry, slot)


def _holds(whole: Any, value: Any) -> bool:
    if whole.__class__ is list:
        return any(same(one, value) or _holds(one, value) for one in whole)
    return whole.__class__ is dict and any(same(one, value) or _holds(one, value) for one in whole.values())


def _steps(path: str) -> Path:
    return tuple(int(step) if step.isascii() and step.isdigit() else step for step in path.split("."))
