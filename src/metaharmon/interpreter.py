"""The interpreter: a plan run rule by rule. It is the specification, and it explains every value.

Reading gives the canonical tree, the residue and every finding; writing gives their record and every loss. The
compiled code must agree with it in all of these.
"""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.cells import cell_losses, one_way_losses, read_cell, same_raws, write_cell, write_with_residue
from metaharmon.diagnostics import Diagnostic
from metaharmon.entries import read_block, write_block
from metaharmon.fates import cell_fates, informative_leaves, weigh_held
from metaharmon.finish import companions_digest, finish, read_derived, stray_values
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.ours import unclaimed
from metaharmon.mapping.plan import Cell, Plan, Scope
from metaharmon.model import shape
from metaharmon.model.normal import sort_list
from metaharmon.outcome import At, Fate, Read, Written, lose, lose_entry, under
from metaharmon.paths import Key, Up, get, leaf_text, leaves, put
from metaharmon.residue import Residue

# --- reading -------------------------------------------------------------------------------------------------------


def read(plan: Plan, record: dict[str, Any], explain: bool = False) -> Read:
    """Read a record of theirs. Never raises on data: look at `refused` and `problems`."""
    out = Read({}, Residue(), fates=[] if explain else None)
    tree = _read_scope(plan.record, record, None, out, out.residue, "")
    out.tree = tree if isinstance(tree, dict) else {}
    return out


def _read_scope(scope: Scope, record: Any, up: Any, out: Read, residue: Residue, where: str) -> Any:
    """Read a record or an entry; its residue goes into `residue`, all else into `out`."""
    mark = len(out.fates or ())
    opened = _open(scope, record, residue, out, where)
    tree: dict[str, Any] = {}
    for cell in scope.cells:
        _read_cell(cell, opened, up, tree, out, residue, where)
    for line in scope.one_way:
        raws = tuple(get(opened, slot.steps, up) for slot in line.theirs)
        reading = line.clause.read(raws)
        for slot, value in zip(line.ours, reading.values, strict=True):
            if value is not None and slot.get(tree) is None:
                slot.put(tree, value)
    for block in scope.blocks:
        read_block(block, opened, tree, out, residue, where, _read_scope)
    for one in scope.derived:
        read_derived(one, opened, up, out, residue, where, 0)
    _strays(scope, opened, out, residue, where)
    for kept in scope.kept_with:
        text = leaf_text(kept.keys)
        if text in residue.leaves:
            residue.digests[text] = companions_digest(opened, kept.companions, up)
    if out.fates is not None and scope.holds:
        weigh_held(scope, residue, out.fates, mark, where)
    _to_normal(tree, scope)
    return tree.get(".") if "." in tree else tree


def _open(scope: Scope, record: Any, residue: Residue, out: Read, where: str) -> Any:
    """The record with its held texts and lists opened; their frames go into the residue."""
    if not scope.holds or record.__class__ is not dict:
        return record
    opened = dict(record)
    for hold in scope.holds:
        steps = tuple(map(Key, hold.keys))
        raw = get(opened, steps)
        if raw is MISSING or raw is None:
            continue
        result = hold.container.open(raw)
        if result is None:
            out.problems.append(Diagnostic(dx.MALFORMED, f"the value is no {hold.container.what}; its raw form is kept",
                                           path=under(where, leaf_text(hold.keys)), rule=hold.place))
            residue.frames[leaf_text(hold.keys)] = False  # not opened: what stands there is the raw value
            continue
        value, frame = result
        _put_copy(opened, hold.keys, value)
        if frame is not None:
            residue.frames[leaf_text(hold.keys)] = frame
    return opened


def _put_copy(record: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    """Put a value into a record whose objects on the way are copied first."""
    here = record
    for key in keys[:-1]:
        here[key] = dict(here[key])
        here = here[key]
    here[keys[-1]] = value


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
    exact = same_raws(write_cell(cell, reading.values).raws, raws)
    imprecise = any(problem.code == dx.IMPRECISE_READ for problem, _ in reading.problems)
    if not exact or imprecise:
        for slot, raw in zip(cell.theirs, raws, strict=True):
            if raw is MISSING:
                residue.gone.append(slot.text)
            else:
                residue.leaves[slot.text] = raw
    if out.fates is not None:
        cell_fates(cell, raws, reading.unread, exact and not imprecise, reading.problems, out.fates, where)


def _to_normal(tree: dict[str, Any], scope: Scope) -> None:
    """Bring the lists that several rules fill, or that have an order of their own, into normal order."""
    for slot in scope.lists:
        entries = slot.get(tree)
        if entries.__class__ is list and isinstance(slot.node, shape.ListOf) and slot.node.kind != "sequence" and len(entries) > 1:
            slot.put(tree, sort_list(entries, slot.node))


def _strays(scope: Scope, record: Any, out: Read, residue: Residue, where: str) -> None:
    """What no rule reads, into the residue."""
    if record.__class__ is not dict:
        return
    for keys, raw in stray_values(record, scope.known, ()):
        text = leaf_text(keys)
        residue.leaves[text] = raw
        if out.fates is not None:
            out.fates.append(Fate(under(where, text), "kept", leaves(raw), informative_leaves(raw)))


# --- writing -------------------------------------------------------------------------------------------------------


def write(plan: Plan, tree: dict[str, Any], residue: Residue | None = None) -> Written:
    """Write a canonical tree, with the residue of the record it was read from. Never raises on data."""
    out = Written({}, [])
    record = _write_scope(plan.record, tree, residue or Residue(), out, (), "")[0]
    out.record = record if isinstance(record, dict) else {}
    finish(plan.record, out.record, None, 0, residue or Residue(), out, "")
    for text, steps in plan.required:
        if get(out.record, steps) is MISSING:
            out.problems.append(Diagnostic(dx.REQUIRED_MISSING, f"the dialect requires '{text}'", path=text))
    return out


def _write_scope(scope: Scope, tree: Any, residue: Residue, out: Written, at: At, where: str) -> tuple[Any, bool]:
    """Their record or entry of ours, and whether any value of ours was said."""
    record: Any = {}
    said: set[Any] = set()
    for cell in scope.cells:
        values = tuple(slot.get(tree) if slot.steps else tree for slot in cell.ours)
        writing, note = write_with_residue(cell, values, residue)
        if note:
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, note, path=under(where, cell.theirs[0].text), rule=cell.lines[0].place))
        for slot, raw in zip(cell.theirs, writing.raws, strict=True):
            if raw is MISSING or (slot.steps and isinstance(slot.steps[0], Up)):
                continue
            if slot.steps:
                put(record, slot.steps, raw)
            else:
                record = raw
        out.losses.extend(cell_losses(cell, tree, writing, at))
        lost_slots = {part.slot for part, _ in writing.losses if part.kind == "omitted" and not part.inside}
        said.update(slot.steps for i, (slot, v) in enumerate(zip(cell.ours, values, strict=True)) if v is not None and i not in lost_slots and cell.theirs)
    for block in scope.blocks:
        if write_block(block, tree, record, residue, out, at, where, _write_scope):
            said.update(part.ours.steps for part in block.parts or (block,))
    for line in scope.one_way:
        out.losses.extend(one_way_losses(line, tree, record, at))
    for path in unclaimed(tree, scope.claims):
        out.losses.extend(lose(at, path, "omitted", "the dialect has no field for it"))
    for entry in scope.selected:
        if entry.get(tree) is not None and not any(steps[: len(entry.steps)] == entry.steps for steps in said):
            lose_entry(out, at, entry.record_path(tree))
    return record, bool(said)
