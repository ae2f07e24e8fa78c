"""Edits of a canonical tree, by which the edit law is tried: a value changed or cleared, an entry gone or new."""

from __future__ import annotations

from typing import Any, NamedTuple

from metaharmon.generate.products import entry_of, own_blocks
from metaharmon.lenses.base import Draw
from metaharmon.lenses.clauses.drawn import values_of
from metaharmon.mapping.levels import Level
from metaharmon.mapping.plan import Block, Cell, Plan, Scope
from metaharmon.model.normal import CanonicalError, copied
from metaharmon.model.whole import normal_product
from metaharmon.paths import Key, Up


class Edit(NamedTuple):
    """An edited tree, what was done, and the top members of their record that may change with it."""

    tree: dict[str, Any]
    what: str
    touched: frozenset[str]
    levels: tuple[Level, ...] = ()
    """Of keys that carry data and stand in the record itself: all that have one of these patterns."""

    def touches(self, key: str) -> bool:
        """Whether a top member of the record may change."""
        return key in self.touched or any(level.form.match(key) is not None for level in self.levels)


def plan_edit(plan: Plan, tree: dict[str, Any], draw: Draw) -> Edit | None:
    """One edit of a tree that was read; None where the edited tree would not be canonical."""
    scope = plan.record
    candidate = copied(tree)
    filled = [block for block in own_blocks(scope) if block.spread is None and block.ours.get(tree)]
    if filled and draw.integer(0, 2) == 0:
        block = draw.choice(filled)
        what, touched = _edit_list(block, candidate, draw), _fields_of(scope, block)
    elif scope.cells:
        cell = draw.choice(scope.cells)
        group = next((cells for cells in plan.together.values() if cell in cells), (cell,))
        what = _edit_cell(cell, candidate, draw)
        touched = _names([slot.steps for one in group for slot in one.theirs])
    else:
        return None
    try:
        levels = tuple(block.level for block in scope.blocks if block.level is not None and not block.theirs.steps)
        return Edit(normal_product(candidate), what, touched | _followers(scope), levels)
    except CanonicalError:
        return None


def _edit_cell(cell: Cell, tree: dict[str, Any], draw: Draw) -> str:
    """Other values for one rule of the cell, or none."""
    line = draw.choice(cell.lines)
    values = values_of(line.clause, draw) if draw.integer(0, 3) else (None,) * len(line.ours)
    for slot, value in zip(line.ours, values, strict=True):
        if value is not None or slot.get(tree) is not None:
            slot.put(tree, copied(value))
    return f"{', '.join(slot.text for slot in line.ours)} := {values}"


def _edit_list(block: Block, tree: dict[str, Any], draw: Draw) -> str:
    """An entry less, one more, or all in another order."""
    entries = list(block.ours.get(tree))
    kind = draw.choice(("drop", "add", "reverse"))
    if kind == "drop":
        entries.pop(draw.integer(0, len(entries) - 1))
    elif kind == "add":
        entries.insert(draw.integer(0, len(entries)), entry_of(block, draw))
    else:
        entries.reverse()
    block.ours.put(tree, entries)
    return f"{block.ours.text}: {kind}"


def _fields_of(scope: Scope, block: Block) -> frozenset[str]:
    """The top members of theirs that any rule fills from the list of ours of a block."""
    ours = block.ours.steps
    blocks = [one.theirs.steps for one in own_blocks(scope) if one.ours.steps == ours]
    cells = [
        slot.steps
        for cell in scope.cells
        if any(one.steps[: len(ours)] == ours for one in cell.ours)
        for slot in cell.theirs
    ]
    return _names([*blocks, *cells])


def _names(places: list[tuple[Any, ...]]) -> frozenset[str]:
    """The top members of theirs in which some paths lie."""
    return frozenset(steps[0].name for steps in places if steps and isinstance(steps[0], Key))


def _followers(scope: Scope) -> frozenset[str]:
    """The top members that follow other fields: derived, kept with another, holding a tree, or looking upwards."""
    derived = _names([one.slot.steps for one in scope.derived])
    lists = _names([block.theirs.steps for block in scope.blocks if _looks_up(block.scope)])
    return derived | lists | {kept.keys[0] for kept in scope.kept_with} | _held(scope)


def _held(scope: Scope) -> set[str]:
    """The top members that hold a tree, or that may stand at another place."""
    return {name for hold in scope.holds for name in hold.keys[:1] or hold.container.tops()}


def _looks_up(scope: Scope) -> bool:
    """Whether a field of an entry is computed from the record around it."""
    copied_from = [source.steps for one in scope.derived for source in one.sources]
    return any(Up() in steps for steps in copied_from) or any(
        _looks_up(block.scope) for block in scope.blocks if not block.again
    )
