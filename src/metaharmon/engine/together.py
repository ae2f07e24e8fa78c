"""Groups of ours whose members are one policy, such as the limits of a contract (`model.rules.TOGETHER`).

A limit that is left out permits more than its author did. So where one of them cannot be read, none is, and their raw
values stay; where one cannot be said, none is, and one loss says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.engine.finish import take_out
from metaharmon.engine.left import UNREAD
from metaharmon.engine.outcome import Read, Written
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.plan import Cell, Plan
from metaharmon.paths import get, leaf_keys, put

FRAME = "@together"
"""Where the residue holds the raw values of groups that could not be read whole, by field."""
_BAD = (dx.MALFORMED, dx.UNKNOWN_VALUE)
Group = tuple[str, ...]


def barred(plan: Plan, problems: list[Diagnostic]) -> dict[Group, str]:
    """The groups of which a field could not be read, and why."""
    found: dict[Group, str] = {}
    for group, cells in plan.together.items():
        rules = {line.place for cell in cells for line in cell.lines}
        bad = next((p for p in problems if p.code in _BAD and p.rule in rules), None)
        if bad is not None:
            found[group] = f"the {group[-1]} cannot be read whole: {bad.path}: {bad.message}"
    return found


def set_aside(plan: Plan, groups: dict[Group, str], record: Any, out: Read) -> Any:
    """The record without the fields of these groups; they go into the residue."""
    left = dict(record)
    held = out.residue.frames[FRAME] = {}
    for group, why in groups.items():
        for cell in plan.together[group]:
            for text, raw in _raws(cell, record):
                held[text] = raw
                take_out(left, leaf_keys(text), raw, out, "", (UNREAD, why, cell.lines[0].place))
    return left


def _raws(cell: Cell, record: Any) -> Iterable[tuple[str, Any]]:
    found = ((slot.text, get(record, slot.steps)) for slot in cell.theirs)
    return [(text, raw) for text, raw in found if raw is not MISSING]


def noted(groups: dict[Group, str], problems: list[Diagnostic]) -> list[Diagnostic]:
    """The findings of a record, with those of the groups."""
    return [*problems, *(Diagnostic(dx.ITEM_NOT_READ, f"{why}; it is kept as it is") for why in groups.values())]


def put_back(plan: Plan, tree: Any, residue: Residue | None, out: Written) -> None:
    """The raw values of groups return, where the product does not state the group now."""
    held = residue.frames.get(FRAME) if residue else None
    if held.__class__ is not dict:
        return
    for group, cells in plan.together.items():
        mine = [slot for cell in cells for slot in cell.theirs if slot.text in held]
        if mine and _at(tree, group) is not None:
            note = "the product states such a group now"
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, note, path=mine[0].text))
            continue
        for slot in mine:
            put(out.record, slot.steps, held[slot.text])


def unsaid(plan: Plan, losses: list[Loss]) -> dict[Group, str]:
    """The groups of which a part cannot be said, and why."""
    found: dict[Group, str] = {}
    for group in plan.together:
        start = ".".join(group) + "."
        lost = next((loss for loss in losses if loss.path.startswith(start)), None)
        if lost is not None:
            found[group] = f"the {group[-1]} cannot be said whole: {lost.path[len(start) :]}: {lost.reason}"
    return found


def without(tree: dict[str, Any], groups: Iterable[Group]) -> dict[str, Any]:
    """A product without some groups; groups around them that are left empty go, too."""
    for group in groups:
        tree = _without(tree, group)
    return tree


def _without(tree: dict[str, Any], path: Group) -> dict[str, Any]:
    below = tree.get(path[0])
    left = _without(below, path[1:]) if len(path) > 1 and below.__class__ is dict else None
    return {name: left if name == path[0] else value for name, value in tree.items() if name != path[0] or left}


def _at(tree: Any, path: Group) -> Any:
    for name in path:
        tree = tree.get(name) if tree.__class__ is dict else None
    return tree
