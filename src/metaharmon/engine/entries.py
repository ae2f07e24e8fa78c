"""One cell of a record or entry, read rule by rule; entries that are plain values."""

from __future__ import annotations

from collections import Counter
from typing import Any

from metaharmon.diagnostics import Diagnostic
from metaharmon.engine.cells import read_cell, read_one_way, returns
from metaharmon.engine.fates import cell_fates
from metaharmon.engine.left import leaves_of_slot, left_of_cell, speaks
from metaharmon.engine.outcome import Heard, Read, under
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.plan import Cell, Scope
from metaharmon.paths import get


def read_cell_into(
    cell: Cell, record: Any, up: Any, tree: dict[str, Any], out: Read, residue: Residue, where: str
) -> None:
    """Read one cell of a record or entry into a tree, a residue and an outcome."""
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
        cell_fates(cell, raws, reading, exact, out.fates, where)
        left = [] if exact else left_of_cell(cell, raws, reading, where)
        out.left.extend(one for _, one in left)
        unheard = Counter(i for i, _ in left)
        for i, raw in enumerate(raws):
            heard = sum(speaks(cell, i, leaf) for _, leaf in leaves_of_slot(cell, i, raw)) - unheard[i]
            if heard > 0 and cell.ours:  # else it only tells entries apart
                out.heard.append(Heard(heard, tree, cell.ours))


def read_value(scope: Scope, value: Any, up: Any, out: Read, residue: Residue, where: str) -> Any:
    """An entry that is a plain value, of a scope of cells only."""
    tree: dict[str, Any] = {}
    for cell in scope.cells:
        read_cell_into(cell, value, up, tree, out, residue, where)
    for line in scope.one_way:
        read_one_way(line, value, up, tree)
    return tree.get(".") if "." in tree else tree
