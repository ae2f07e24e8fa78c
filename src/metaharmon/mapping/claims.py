"""What the rules of a scope reach: fields of theirs that are read, paths of ours that are written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from metaharmon.mapping.levels import PATTERNS
from metaharmon.mapping.ours import AnyKey, First, ListClaims, OurSlot, Select, claim
from metaharmon.mapping.plan import Block, Cell, Line, Scope
from metaharmon.model import shape
from metaharmon.paths import Every, Key, Languages, Up


def selected(cells: list[Cell], blocks: list[Block]) -> tuple[OurSlot, ...]:
    """The entries of ours that rules find by constants."""
    found: dict[Any, OurSlot] = {}
    for slot in [s for cell in cells for s in cell.ours] + [block.ours for block in blocks]:
        for i, step in enumerate(slot.steps):
            if isinstance(step, Select) and len(slot.steps) > i + 1:  # a whole entry is lost by its own rule
                found.setdefault(slot.steps[: i + 1], OurSlot(slot.text, slot.steps[: i + 1], None))
    return tuple(found.values())


def known_fields(cells: list[Cell], one_way: tuple[Line, ...], blocks: list[Block], derived: Any) -> dict[str, Any]:
    """Their fields that some rule reads, as a tree of names."""
    known: dict[Any, Any] = {}
    slots = [s.steps for cell in cells for s in cell.theirs]
    slots += [b.theirs.steps for b in blocks if b.level is None] + [d.slot.steps for d in derived if d]
    for steps in slots:
        if not steps or isinstance(steps[0], Up):
            continue
        here = known
        for i, step in enumerate(steps):
            name = None if isinstance(step, Languages) else step.name if isinstance(step, Key) else None
            if isinstance(step, Every) or i + 1 == len(steps):
                here[name] = True
                break
            below = here.get(name)
            if below is True:
                break
            if below is None:
                below = here[name] = {}
            here = below
    for block in blocks:
        if block.level is not None:
            here = known
            for step in block.theirs.steps:
                here = here.setdefault(step.name, {}) if here is not True else here  # type: ignore[union-attr]
            if here is not True:
                here.setdefault(PATTERNS, []).append(block.level)
    return known


def claims_of(cells: list[Cell], one_way: tuple[Line, ...], blocks: list[Block]) -> Any:
    """Paths of ours that some rule writes."""
    claims: dict[str, Any] = {}
    for slot in [s for cell in cells for s in cell.ours] + [s for line in one_way for s in line.ours]:
        if not slot.steps:
            return True
        claim(claims, slot.steps)
    for block in sorted(blocks, key=lambda block: block.spread is not None):
        if block.parts:
            for part in block.parts:
                here = _list_claims(claims, part.ours.steps)
                here.branches.append((part.select, True))
            continue
        if block.spread:
            inner = ListClaims()
            inner.branches.append((Select(()), True))
            others = claims
            for step in block.ours.steps:
                others = others.get(step, {}) if others.__class__ is dict else {}
            claim(claims, block.ours.steps, AnyKey(inner, others if others.__class__ is dict else {}))
            continue
        here = _list_claims(claims, block.ours.steps)
        here.branches.append((block.select, True))  # what an entry cannot say is found when the entry is written
    return claims


def with_besides(cells: list[Cell], blocks: list[Block]) -> list[Block]:
    """The blocks; each that is spread over a keyed map knows the keys that other rules fill."""
    reached = [slot.steps for cell in cells for slot in cell.ours]
    reached += [part.ours.steps for block in blocks for part in block.parts or (block,)]
    out = []
    for block in blocks:
        at = len(block.ours.steps)
        keys = {steps[at] for steps in reached if steps[:at] == block.ours.steps and len(steps) > at}
        names = frozenset(key for key in keys if isinstance(key, str))
        out.append(replace(block, besides=names) if block.spread and names else block)
    return out


def claim_constants(claims: Any, select: Select) -> None:
    """The constants of every entry are said by its being there."""
    if claims is not True:
        for path, _ in select.constants:
            claim(claims, path)


def _list_claims(claims: dict[str, Any], steps: tuple[Any, ...]) -> ListClaims:
    """The claims on a list, made where there are none yet."""
    here: Any = claims
    for i, step in enumerate(steps):
        if isinstance(step, (First, Select)):
            if isinstance(step, Select):
                here = here.selected(step)
            else:
                here.first = here.first if isinstance(here.first, dict) else {}
                here = here.first
            continue
        last = i + 1 == len(steps)
        below = here.get(step)
        if below is None or below is True:
            below = here[step] = ListClaims() if last or not isinstance(steps[i + 1], str) else {}
        here = below
    return here


def langlists(record: Scope) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The lists of words of a record, with the one language that rules give them."""
    steps = [slot.steps for cell in record.cells for slot in cell.ours] + [block.ours.steps for block in record.blocks]
    paths = [
        path
        for path, node in shape.walk()
        if isinstance(node, shape.LangList) and all(name.isidentifier() for name in path)
    ]
    found = {
        (path, one[len(path)]) for path in paths for one in steps if one[: len(path)] == path and len(one) > len(path)
    }
    return tuple(sorted((path, str(language)) for path, language in found))
