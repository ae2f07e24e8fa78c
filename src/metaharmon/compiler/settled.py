"""What of a pair can be settled when it is compiled: which parts of ours need no tree, what is surely lost.

Paths of ours that both dialects fill by the same slot are variables; the parts that are lists, or that the two enter by
different ways, are built and then read (they are `solid`).
"""

from __future__ import annotations

from typing import Any

from metaharmon.compiler.texts import beginning_of, passing_of
from metaharmon.diagnostics import Loss
from metaharmon.mapping.ours import ListClaims, OurSlot, Select, not_beside
from metaharmon.mapping.plan import Cell, Plan, Scope
from metaharmon.model.normal import same
from metaharmon.paths import record_path

UNKNOWN = object()

Unit = tuple[str, ...]


def unit_of(steps: tuple[Any, ...]) -> Unit:
    """The part of a path before its first list: what is built or not built as one."""
    names: list[str] = []
    for step in steps:
        if not isinstance(step, str):
            break
        names.append(step)
    return tuple(names)


def foreign_words(a: Plan, b: Plan) -> set[Unit]:
    """Lists of words that the two dialects have in different languages: the one is taken for the other."""
    mine = dict(a.langlists)
    maps = {slot.steps for cell in a.record.cells for slot in cell.ours}  # of words in any language
    several = {path for path, _ in b.langlists if path in maps or _in_several(a.record, path)}
    return {path for path, language in b.langlists if mine.get(path, language) != language or path in several}


def _in_several(scope: Scope, path: Unit) -> bool:
    """Whether rules give words in several languages to a list."""
    steps = [slot.steps for cell in scope.cells for slot in cell.ours if slot.steps[: len(path)] == path]
    return len({one[len(path)] for one in steps if len(one) > len(path)}) > 1


def solid_units(a: Scope, b: Scope, foreign: set[Unit]) -> set[Unit]:
    """The parts of ours that must be built as a tree between the two dialects."""
    solid = {unit_of(block.ours.steps) for scope in (a, b) for one in scope.blocks for block in one.parts or (one,)}
    walked = [line for scope in (a, b) for line in scope.one_way if beginning_of(line) is None]
    solid |= {unit_of(slot.steps) for line in walked for slot in line.ours}
    solid |= {unit_of(entry.steps) for entry in b.selected}
    mine = [slot for cell in a.cells for slot in cell.ours if slot.steps]
    mine += [slot for line in a.one_way for slot in line.ours]
    for slot in mine:
        if lost_prefix(slot.steps, b.claims) is UNKNOWN or _many_selects(slot, mine):
            solid.add(unit_of(slot.steps))
    for slot in [s for cell in b.cells for s in cell.ours] + [s for line in b.one_way for s in line.ours]:
        for other in mine:
            if slot.steps and slot.steps != other.steps and not _apart(slot.steps, other.steps):
                solid |= {unit_of(slot.steps), unit_of(other.steps)}
    solid |= foreign
    return solid | _lost_together(mine, solid, b.claims)


def _lost_together(mine: list[OurSlot], solid: set[Unit], claims: Any) -> set[Unit]:
    """The parts that are lost as one with a part that is built: one loss, found in the tree."""
    found = set()
    for slot in mine:
        prefix = lost_prefix(slot.steps, claims)
        if isinstance(prefix, tuple) and any(unit[: len(prefix)] == prefix for unit in solid):
            found.add(unit_of(slot.steps))
    return found


def _many_selects(slot: OurSlot, slots: list[OurSlot]) -> bool:
    """Whether the entry of a slot shares its list with other entries, so that its index is not known."""
    for i, step in enumerate(slot.steps):
        if isinstance(step, Select):
            return any(o.steps[:i] == slot.steps[:i] and len(o.steps) > i and o.steps[i] != step for o in slots)
    return False


def _apart(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two paths can never be, or hold, the same place."""
    for x, y in zip(one, other, strict=False):
        if x != y:
            return isinstance(x, str) and isinstance(y, str)
    return False


def lost_prefix(steps: tuple[Any, ...], claims: Any) -> Any:
    """How far down a path the other dialect has rules: None if it says it, the record path that is lost, or UNKNOWN."""
    found = lost_at(steps, claims)
    return found[0] if isinstance(found, tuple) else found


def lost_at(steps: tuple[Any, ...], claims: Any) -> Any:
    """As `lost_prefix`, with the reason beside the path that is lost."""
    path: list[Any] = []
    for step in steps:
        if claims is True:
            return None
        if isinstance(step, str):
            path.append(step)
            above, claims = claims, claims.get(step) if isinstance(claims, dict) else None
            if claims is None:
                return tuple(path), not_beside(above)
            continue
        path.append(0)
        if not isinstance(claims, ListClaims):
            return UNKNOWN
        chosen = _selected(step, claims)
        if chosen is UNKNOWN:
            return UNKNOWN
        if claims.first is not None:
            claims = claims.first
        elif chosen is not None:
            claims = chosen
        elif any(not select.constants for select, _ in claims.branches):
            claims = next(below for select, below in claims.branches if not select.constants)
        else:
            return UNKNOWN  # what else the entry says is part of the reason
    return None if claims is True else UNKNOWN


def _selected(step: Any, claims: ListClaims) -> Any:
    """The claims of the selection that an entry surely has; None if it surely has none, else UNKNOWN."""
    if not claims.selects:
        return None
    if not isinstance(step, Select):
        return UNKNOWN
    mine = dict(step.constants)
    for select, below in claims.selects:
        if all(path in mine and same(mine[path], value) for path, value in select.constants):
            return below
        if not any(path in mine and not same(mine[path], value) for path, value in select.constants):
            return UNKNOWN
    return None


def settled_cells(a: Scope, b: Scope, foreign: set[Unit]) -> list[tuple[Cell, list[Cell], Any, Loss | None]]:
    """Cells of one field whose parts of ours no other rule of either side touches, with the cells they end in.

    What becomes of such a field hangs on its raw value alone: reading, writing and losses are one look-up.
    """
    out = []
    for cell in a.cells:
        units = {unit_of(slot.steps) for slot in cell.ours if slot.steps}
        if len(cell.theirs) != 1 or not units or passing_of(cell) is not None:
            continue
        others = [s for c in a.cells if c is not cell for s in c.ours] + [s for line in a.one_way for s in line.ours]
        others += [part.ours for block in a.blocks for part in block.parts or (block,)]
        theirs = [s for line in b.one_way for s in line.ours] + list(b.selected)
        theirs += [part.ours for block in b.blocks for part in block.parts or (block,)]
        if any(_meet(units, slot) for slot in (*others, *theirs)) or any(_above(foreign, unit) for unit in units):
            continue
        ends = [c for c in b.cells if any(_meet(units, slot) for slot in c.ours)]
        if any(not _inside(units, slot) or not c.theirs for c in ends for slot in c.ours):
            continue
        found = {lost_at(unit, b.claims) for unit in units}
        if not ends:
            lost = next(iter(found))
            if len(found) > 1 or not isinstance(lost, tuple) or any(_meet({lost[0]}, s) for s in others):
                continue
            out.append((cell, [], b.claims, Loss(record_path(*lost[0]), "omitted", lost[1])))
        elif not any(isinstance(one, tuple) for one in found):
            out.append((cell, ends, b.claims, None))
    return out


def _above(parts: set[Unit], unit: Unit) -> bool:
    return any(unit[: len(part)] == part for part in parts)


def _meet(units: set[Unit], slot: OurSlot) -> bool:
    """Whether a path lies in or above one of some parts."""
    mine = unit_of(slot.steps)
    return any(unit[: len(mine)] == mine or mine[: len(unit)] == unit for unit in units)


def _inside(units: set[Unit], slot: OurSlot) -> bool:
    mine = unit_of(slot.steps)
    return any(mine[: len(unit)] == unit for unit in units)
