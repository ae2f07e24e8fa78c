"""Before and after the rules of a JSON-LD dialect: the document becomes a tree, and the tree a document."""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Left
from metaharmon.engine.left import UNKNOWN
from metaharmon.engine.outcome import Fate, Read
from metaharmon.engine.residue import Residue
from metaharmon.mapping.plan import Plan
from metaharmon.paths import leaves

BESIDE_TEXT = "it stands beside a text, and the dialect has no property for it"
FRAME = "@document"
"""Where the residue holds the document of a record that would be written otherwise."""


def opened(plan: Plan, record: dict[str, Any], out: Read) -> dict[str, Any]:
    """The tree that the rules see; of a document that cannot be opened, nothing, and the record is refused."""
    if plan.linked is None:
        return record
    try:
        tree, frame = plan.linked.open(record)
    except ValueError as trouble:
        out.problems.append(Diagnostic(dx.REFUSED, str(trouble)))
        if out.fates is not None:
            out.fates.append(Fate("", "refused", leaves(record), 0))
        return {}
    if frame is not None:
        out.residue.frames[FRAME] = frame
    return tree


def weigh(plan: Plan, record: dict[str, Any], out: Read) -> None:
    """Count the leaves of the document as it stands, not as it was opened."""
    if plan.linked is not None and out.fates is not None and not out.refused:
        out.fates[:] = plan.linked.weigh(out.fates, record, Fate("", "derived", 1, 1))
        out.left[:] = plan.linked.left(out.left, record, Left("", UNKNOWN, BESIDE_TEXT))


def closed(plan: Plan, tree: Any, residue: Residue | None, problems: list[Diagnostic]) -> Any:
    """The document of a tree."""
    if plan.linked is None:
        return tree
    document, gone = plan.linked.closing(tree, residue.frames.get(FRAME) if residue else None)
    message = "it would be read in place of what the property says, or does not say, now"
    problems.extend(Diagnostic(dx.RESIDUE_DROPPED, message, path=path) for path in gone)
    return document
