"""The interpreter: a plan run rule by rule. It is the specification, and it explains every value.

Reading gives the canonical tree, the residue and every finding; writing gives their record and every loss. The
compiled code must agree with it in all of these.
"""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic
from metaharmon.engine.cells import (
    cell_losses,
    lose_unclaimed,
    lose_unsaid,
    one_way_losses,
    read_cell,
    read_one_way,
    returns,
    said_steps,
    write_with_residue,
)
from metaharmon.engine.fates import cell_fates, weigh_held
from metaharmon.engine.finish import finish, note_companions, note_required, note_strays, open_held, read_derived
from metaharmon.engine.languages import settle, speak
from metaharmon.engine.lists_read import read_block, to_normal
from metaharmon.engine.lists_written import write_block
from metaharmon.engine.outcome import At, Fate, Read, Written, loss_order, under
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.ours import unclaimed
from metaharmon.mapping.plan import Cell, Plan, Scope
from metaharmon.paths import Up, get, put

# --- reading -------------------------------------------------------------------------------------------------------


def read(plan: Plan, record: dict[str, Any], explain: bool = False) -> Read:
    """Read a record of theirs. Never raises on data: look at `refused` and `problems`."""
    out = Read({}, Residue(), fates=[] if explain else None)
    tree = _read_scope(plan.record, record, None, out, out.residue, "")
    out.tree = tree if isinstance(tree, dict) else {}
    if out.fates is not None and not record:
        out.fates.append(Fate("", "kept", 1, 0))
    return out


def _read_scope(scope: Scope, record: Any, up: Any, out: Read, residue: Residue, where: str) -> Any:
    """Read a record or an entry; its residue goes into `residue`, all else into `out`."""
    mark = len(out.fates or ())
    opened = open_held(scope.holds, record, residue, out, where)
    tree: dict[str, Any] = {}
    for cell in scope.cells:
        _read_cell(cell, opened, up, tree, out, residue, where)
    for line in scope.one_way:
        read_one_way(line, opened, up, tree)
    for block in scope.blocks:
        read_block(block, opened, tree, out, residue, where, _read_scope)
    for one in scope.derived:
        read_derived(one, opened, up, out, residue, where, 0)
    note_strays(scope.known, opened, out, residue, where, scope.one_way)
    note_companions(scope.kept_with, opened, up, residue)
    if out.fates is not None and scope.holds:
        weigh_held(scope, record, residue, out.fates, mark, where)
    to_normal(tree, scope.lists)
    return tree.get(".") if "." in tree else tree


def _read_cell(cell: Cell, record: Any, up: Any, tree: dict[str, Any], out: Read, residue: Residue, where: str) -> None:
    raws = tuple(get(record, slot.steps, up) for slot in cell.theirs)
    reading = read_cell(cell, raws)
    for slot, value in zip(cell.ours, reading.values, strict=True):
        if value is not None:
            if slot.steps:
                slot.put(tree, value)
            else:
                tree["."] = value
    for problem, place in reading.problems:
        path = under(where, cell.theirs[problem.slot].text) if cell.theirs else where
        out.problems.append(Diagnostic(problem.code, problem.message, path=path, rule=place))
    exact = returns(cell, raws, reading)
    if not exact:
        for slot, raw in zip(cell.theirs, raws, strict=True):
            if raw is MISSING:
                residue.gone.append(slot.text)
            else:
                residue.leaves[slot.text] = raw
    if out.fates is not None:
        cell_fates(cell, raws, reading.unread, exact, reading.problems, out.fates, where)


# --- writing -------------------------------------------------------------------------------------------------------


def write(plan: Plan, tree: dict[str, Any], residue: Residue | None = None) -> Written:
    """Write a canonical tree, with the residue of the record it was read from. Never raises on data."""
    out = Written({}, [])
    tree, spoken = speak(tree, plan)
    record = _write_scope(plan.record, tree, residue or Residue(), out, (), "")[0]
    out.record = record if isinstance(record, dict) else {}
    finish(plan.record, out.record, None, 0, residue or Residue(), out, "", (tree, ()) if residue else None)
    note_required(plan, out)
    settle(out.losses, tree, spoken)
    out.losses.sort(key=loss_order)
    return out


def _write_scope(scope: Scope, tree: Any, residue: Residue, out: Written, at: At, where: str) -> tuple[Any, bool]:
    """Their record or entry of ours, and whether any value of ours was said."""
    record: Any = {}
    said: set[Any] = set()
    for cell in scope.cells:
        values = tuple(slot.get(tree) if slot.steps else tree for slot in cell.ours)
        writing, note = write_with_residue(cell, values, residue)
        if note:
            out.problems.append(
                Diagnostic(dx.RESIDUE_DROPPED, note, path=under(where, cell.theirs[0].text), rule=cell.lines[0].place)
            )
        for slot, raw in zip(cell.theirs, writing.raws, strict=True):
            if raw is MISSING or (slot.steps and isinstance(slot.steps[0], Up)):
                continue
            if slot.steps:
                put(record, slot.steps, raw)
            else:
                record = raw
        out.losses.extend(cell_losses(cell, tree, writing, at))
        said.update(said_steps(cell, values, writing))
    for block in scope.blocks:
        if write_block(block, tree, record, residue, out, at, where, _write_scope):
            said.update(part.ours.steps for part in block.parts or (block,))
    for line in () if residue else scope.one_way:  # with a residue, after its fields have returned
        out.losses.extend(one_way_losses(line, tree, record, at))
    lose_unclaimed(unclaimed(tree, scope.claims), out, at)
    lose_unsaid(scope.selected, tree, said, out, at)
    return record, bool(said)
