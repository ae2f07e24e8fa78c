"""Entries that are read and written whole or not at all, such as policies (`model.rules.ENTIRE`).

A rule of a policy of which a condition is left out permits more than its author did; a condition without one of its
values permits less. So nothing of such an entry may be lost on the way, in either direction.
"""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.engine.cells import read_cell, write_cell
from metaharmon.engine.outcome import At, Read, record_paths
from metaharmon.engine.residue import ListResidue, Residue
from metaharmon.jsonld.nodes import MORE
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.plan import Block, Cell, Scope
from metaharmon.model.normal import same
from metaharmon.paths import leaf_keys, record_path

IDENTITY = "id"
"""The member that names an entry and is no part of what it says: without it the entry says the same."""

# --- reading -------------------------------------------------------------------------------------------------------


def left_unread(block: Block, below: Residue, out: Read, mark: int, where: str) -> str | None:
    """What of an entry that must be read whole was not, as words; None: all of it was, or it may be read in part.

    `below` is what the entry leaves over; the findings behind `mark` are those of the entry.
    """
    if not (block.entire or any(part.entire for part in block.parts)):
        return None
    return _shown(out.problems[mark], where) if len(out.problems) > mark else _left_in(block.scope, below, out)


def lacking(read: Any, needed: tuple[str, ...]) -> str | None:
    """What was not found of an entry of which some was; None: nothing of it speaks of such an entry."""
    there = [name for name in needed if read.__class__ is dict and name in read]
    missing = [name for name in needed if name not in there]
    return f"it has no {' and no '.join(missing)}" if there and missing else None


def note_unread(block: Block, barred: str | None, out: Read, where: str) -> str | None:
    """Note that an entry that must be read whole stays as it is, and why, if there is anything to note; that reason."""
    if barred is None:
        return None
    why = f"the {_name(block)} cannot be read whole: {barred}"
    out.problems.append(Diagnostic(dx.ITEM_NOT_READ, f"{why}; it is kept as it is", path=where, rule=block.place))
    return why


def why_unread(block: Block, out: Read, mark: int, where: str) -> str | None:
    """Why an entry that must be read whole is not, by the findings behind `mark`; None where they do not say it."""
    if not block.entire or len(out.problems) == mark:
        return None
    first, last = out.problems[mark], out.problems[-1]
    if last.code == dx.ITEM_NOT_READ and last.path == where:
        return last.message.removesuffix("; it is kept as it is")
    return f"the {_name(block)} cannot be read whole: {_shown(first, where)}"


def _shown(problem: Diagnostic, where: str) -> str:
    """A finding of an entry, with its place in it."""
    inside = (problem.path or "").removeprefix(where).removeprefix(".")
    return f"{inside}: {problem.message}" if inside else problem.message


def _left_in(scope: Scope, below: Residue, out: Read) -> str | None:
    """What a scope leaves over that says something."""
    for text, raw in below.leaves.items():
        if text not in scope.mapped_texts and not _aside(scope, text) and out.silence.informative(raw):
            name = ".".join(leaf_keys(text))
            more = name.removesuffix(MORE)
            return f"{name} has no home in ours" if more == name else f"{more} has more values than ours may have"
    for cell in scope.cells:
        text = _surplus(cell, below, out)
        if text is not None:
            return f"{text} says something else than what is read"
    return next((why for text, one in below.lists.items() if (why := _left_in_list(scope, text, one, out))), None)


def _left_in_list(scope: Scope, text: str, one: ListResidue, out: Read) -> str | None:
    for slot in one.slots or ():
        if slot.__class__ is dict and slot["raw"] not in (None, "", {}, []):
            return f"an entry of {text} is not understood"
    inner = next((block.scope for block in scope.blocks if block.theirs.text == text), None)
    found = (_left_in(inner, below, out) for _, _, below in one.items if below and inner is not None)
    return next((why for why in found if why is not None), None)


def _aside(scope: Scope, text: str) -> bool:
    """Whether a field changes nothing of what the entry says, or a read-only rule has read it."""
    keys = leaf_keys(text)
    if any(keys[: len(known)] == known for known in scope.aside):
        return True
    return any(slot.text == text for line in scope.one_way for slot in line.theirs)


def _surplus(cell: Cell, below: Residue, out: Read) -> str | None:
    """A field of a cell that says something beside what is read: another spelling of the field, filled otherwise."""
    texts = [slot.text for slot in cell.theirs]
    if len(texts) < 2 or not any(text in below.leaves for text in texts):
        return None
    raws = tuple(below.leaves.get(text, MISSING) for text in texts)
    fresh = write_cell(cell, read_cell(cell, raws).values).raws
    for text, raw, again in zip(texts, raws, fresh, strict=True):
        silent = raw is MISSING or not out.silence.informative(raw)
        if not silent and again is MISSING and not any(one is not MISSING and same(one, raw) for one in fresh):
            return text
    return None


# --- writing -------------------------------------------------------------------------------------------------------


def unsaid(block: Block, place: At, losses: list[Loss]) -> str | None:
    """Why an entry that must be said whole, or is a part of one, is not written; None: all of it is said, or it may be
    said in part."""
    if not block.entire and block.complete is None:
        return None
    starts = tuple(record_path(*path) for path in record_paths(place, ()))
    for loss in losses:
        start = next((one for one in starts if loss.path == one or loss.path.startswith(f"{one}.")), None)
        if start is not None and loss.path != f"{start}.{IDENTITY}":
            inside = loss.path[len(start) + 1 :]
            why = f"{inside}: {loss.reason}" if inside else loss.reason
            return f"the {_name(block)} cannot be said whole: {why}" if block.entire else why
    return None


def _name(block: Block) -> Any:
    return block.ours.node.item.name
