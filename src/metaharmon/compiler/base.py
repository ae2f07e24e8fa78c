"""What all generated code starts from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon.containers import Json, PythonLiteral
from metaharmon.engine.foreign import hardly, idle
from metaharmon.engine.outcome import Read
from metaharmon.engine.residue import Residue
from metaharmon.mapping.plan import Cell, Hold, Plan, Scope
from metaharmon.model.normal import copied
from metaharmon.paths import Key

NONE = Residue()
"""The empty residue; nothing is ever put into it."""

EMPTY: dict[str, Any] = {}
"""The empty object; nothing is ever put into it."""


class Slow(Exception):
    """This record is left to the interpreter."""


def slow_item(*_: Any) -> Any:
    """An entry that generated code does not read."""
    raise Slow


def blank_of(read: Callable[..., Any], plan: Plan) -> Any:
    """What generated code reads of records that say nothing; None if it leaves one to the interpreter."""
    try:
        return [read(plan.record, one, None, Read({}, Residue()), Residue(), "") for one in idle(plan)]
    except Exception:  # by contract: whatever generated code did not foresee, the interpreter explains
        return None


class Doubt:
    """Of a pair: whether a translation may be one of a record of which next to nothing was read. The record written is
    then that of a record that says nothing, and the losses are as many."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done: list[tuple[dict[str, Any], int]] | None = []

    def know(self, plan: Plan, translate: Callable[[dict[str, Any]], Any]) -> None:
        """See what becomes of such records; where nobody knows, every record with a residue is in doubt."""
        found = []
        try:
            for one in idle(plan):
                made, losses, *_ = translate(one)
                found.append((copied(made), len(losses)))
        except Exception:  # by contract: whatever generated code did not foresee, the interpreter explains
            self.done = None  # also of an empty record
        else:
            self.done = found

    def __call__(self, record: dict[str, Any], residue: Residue, made: dict[str, Any], losses: list[Any]) -> bool:
        done = self.done
        blank = done is None or any(len(losses) == count and made == empty for empty, count in done)
        return blank or hardly(record, residue)


def scopes_below(scope: Scope, seen: frozenset[int] = frozenset()) -> list[Scope]:
    """A scope and those of its lists, innermost first, each once. One may hold itself; of joined lists, one that holds
    itself stands in another scope, too."""
    seen |= {id(scope)}
    found: list[Scope] = []
    for block in scope.blocks:
        if id(block.scope) not in seen:
            below = scopes_below(block.scope, seen)
            found.extend(below)
            seen |= set(map(id, below))
    return [*found, scope]


def held_alone(scope: Scope) -> dict[int, Hold]:
    """By cell, the held text that this cell alone reads, whole: then the text and its rule are one memo."""
    found = {}
    for hold in scope.holds:
        cell = _only_reader(scope, hold)
        if cell is not None:
            found[id(cell)] = hold
    return found


def _only_reader(scope: Scope, hold: Hold) -> Cell | None:
    if not isinstance(hold.container, (PythonLiteral, Json)):
        return None
    steps = tuple(map(Key, hold.keys))
    touching = [cell for cell in scope.cells if any(slot.steps[: len(steps)] == steps for slot in cell.theirs)]
    others = [slot for line in scope.one_way for slot in line.theirs]
    others += [block.theirs for block in scope.blocks] + [source for d in scope.derived for source in d.sources]
    if any(other is None or other.steps[: len(steps)] == steps for other in others):
        return None
    if len(touching) != 1 or len(touching[0].theirs) != 1 or touching[0].theirs[0].steps != steps:
        return None
    return touching[0]
