"""The interpreter: a plan run rule by rule. It is the specification, and it explains every value.

Reading gives the canonical tree, the residue and every finding; writing gives their record and every loss. The
compiled code must agree with it in all of these.
"""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.engine import foreign, linked, stand_ins, together
from metaharmon.engine.cells import (
    cell_losses,
    lose_unclaimed,
    lose_unsaid,
    one_way_losses,
    read_one_way,
    said_steps,
    write_with_residue,
)
from metaharmon.engine.entries import read_cell_into
from metaharmon.engine.fates import place_held, weigh_held, weigh_strays
from metaharmon.engine.finish import (
    finish,
    note_companions,
    note_required,
    note_strays,
    open_held,
    read_derived,
)
from metaharmon.engine.languages import gather, note_apart, settle, speak
from metaharmon.engine.left import settle_left
from metaharmon.engine.lists_read import read_block, to_normal
from metaharmon.engine.lists_written import lose_moved, write_block
from metaharmon.engine.outcome import At, Fate, Read, Written, loss_order, under
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.ours import unclaimed
from metaharmon.mapping.plan import Plan, Scope
from metaharmon.paths import Up, put

# --- reading -------------------------------------------------------------------------------------------------------


def read(plan: Plan, record: dict[str, Any], explain: bool = False) -> Read:
    """Read a record of theirs. Never raises on data: look at `refused` and `problems`."""
    out, opened = _read(plan, record, explain)
    if plan.together and (groups := together.barred(plan, out.problems)):
        problems = together.noted(groups, out.problems)
        out, opened = _read(plan, record, explain, groups)
        out.problems = problems
    nothing = blank(plan)
    if record and not out.refused and foreign.suspect(opened, out.residue, out.tree, nothing):
        told = out if explain else _read(plan, record, True)[0]
        foreign.judge(plan, record, opened, nothing, told)
        out.problems = told.problems
    return out


def _read(plan: Plan, record: dict[str, Any], explain: bool, aside: Any = None) -> tuple[Read, dict[str, Any]]:
    """A record, read by the rules; and the tree that they saw: without the groups that cannot be read whole."""
    out = Read({}, Residue(), fates=[] if explain else None, silence=plan.silence)
    opened = linked.opened(plan, record, out)
    opened = opened if aside is None else together.set_aside(plan, aside, opened, out)
    tree = _read_scope(plan.record, opened, None, out, out.residue, "")
    out.tree = tree if isinstance(tree, dict) else {}
    if out.fates is not None and not record:
        out.fates.append(Fate("", "kept", 1, 0))
    linked.weigh(plan, record, out)
    out.left = settle_left(out.left, plan.record)
    return out, opened


def blank(plan: Plan) -> list[dict[str, Any]]:
    """What records that say nothing read to: the constants of the mapping. Read once per plan."""
    found: list[dict[str, Any]] | None = vars(plan).get("_blank")
    if found is None:
        read = (_read_scope(plan.record, one, None, Read({}, Residue()), Residue(), "") for one in foreign.idle(plan))
        found = vars(plan)["_blank"] = [one if isinstance(one, dict) else {} for one in read]
    return found


def _read_scope(scope: Scope, record: Any, up: Any, out: Read, residue: Residue, where: str) -> Any:
    """Read a record or an entry; its residue goes into `residue`, all else into `out`."""
    mark, left_mark = len(out.fates or ()), len(out.left)
    held: dict[Any, Any] = {}
    opened = open_held(scope.holds, record, residue, out, where, held)
    tree: dict[str, Any] = {}
    for cell in scope.cells:
        read_cell_into(cell, opened, up, tree, out, residue, where)
    for line in scope.one_way:
        read_one_way(line, opened, up, tree)
    for block in scope.blocks:
        read_block(block, opened, tree, out, residue, where, _read_scope)
    for one in scope.derived:
        read_derived(one, opened, up, out, residue, where, 0)
    if not scope.whole_item:  # else a rule owns it all
        strays = note_strays(scope.known, opened, residue)
        if out.fates is not None:
            weigh_strays(scope, strays, opened, up, tree, out, where)
    note_companions(scope.kept_with, opened, up, residue)
    note_apart(opened, scope.tongues, residue)
    if out.fates is not None and scope.holds:
        weigh_held(scope, held, out.fates, mark, where, out.silence.informative)
        place_held(scope, held, out, left_mark, where)
    to_normal(tree, scope.lists)
    return tree.get(".") if "." in tree else tree


# --- writing -------------------------------------------------------------------------------------------------------


def write(plan: Plan, tree: dict[str, Any], residue: Residue | None = None) -> Written:
    """Write a canonical tree, with the residue of the record it was read from (None: a new record, which may have
    stand-ins). Never raises on data."""
    out, given = Written({}, []), tree
    tree, filled = stand_ins.fill(plan, tree) if residue is None else (tree, [])
    tree, spoken = speak(tree, plan)
    record = _write_scope(plan.record, tree, residue or Residue(), out, (), "")[0]
    out.record = record if isinstance(record, dict) else {}
    finish(plan.record, out.record, None, 0, residue or Residue(), out, "", (tree, ()) if residue else None)
    if plan.record.tongues and not residue:
        gather(out.record, plan.record.tongues)
    together.put_back(plan, tree, residue, out)
    note_required(plan, out)
    settle(out.losses, tree, spoken)
    stand_ins.settle_filled(out.losses, tree, filled)
    if plan.together and (groups := together.unsaid(plan, out.losses)):
        out = write(plan, together.without(given, groups), residue)
        out.losses.extend(Loss(".".join(group), "omitted", why) for group, why in groups.items())
        out.losses.sort(key=loss_order)
        return out
    out.losses.sort(key=loss_order)
    out.record = linked.closed(plan, out.record, residue, out.problems)
    return out


def _write_scope(scope: Scope, tree: Any, residue: Residue, out: Written, at: At, where: str) -> tuple[Any, bool]:
    """Their record or entry of ours, and whether any value of ours was said."""
    record: Any = {}
    said: set[Any] = set()
    for cell in scope.cells:
        values = tuple(slot.get(tree) if slot.steps else tree for slot in cell.ours)
        writing, note = write_with_residue(cell, values, residue, tree, at)
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
    if out.raised and not where:
        lose_moved(tree, record, out)
    for line in () if residue else scope.one_way:  # with a residue, after its fields have returned
        out.losses.extend(one_way_losses(line, tree, record, at))
    lose_unclaimed(unclaimed(tree, scope.claims), out, at)
    lose_unsaid(scope.selected, tree, said, out, at)
    return record, bool(said)
