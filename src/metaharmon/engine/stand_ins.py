"""Stand-ins: where a product says nothing at a path, another path of it may be written there (`instead`).

Only where the mapping says so, and never in silence: what is read back there is reported as added.

Only a record that is written afresh has stand-ins; one that was read before says what it said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon.diagnostics import Loss, Place
from metaharmon.engine.outcome import Path
from metaharmon.lenses.identity import SCHEMES
from metaharmon.mapping.ours import FIRST, OurStep
from metaharmon.mapping.plan import Plan, Scope, Source
from metaharmon.model.apply import apply_inside
from metaharmon.model.normal import copied
from metaharmon.paths import record_path

Filled = tuple[Path, str, Place | None]
"""A path that was filled, the path whose value stands there, and the rule that says so."""


def fill(plan: Plan, tree: dict[str, Any]) -> tuple[dict[str, Any], list[Filled]]:
    """The tree with stand-ins, and which paths they fill. The tree that is given is not changed."""
    if not plan.stands_in or not _any(plan.record, tree):
        return tree, []
    tree, filled = copied(tree), []
    _fill(plan.record, tree, (), filled)
    return tree, filled


def _any(scope: Scope, tree: Any) -> bool:
    """Whether there is anything to fill."""
    if tree.__class__ is not dict:
        return False
    for one in scope.instead:
        if one.slot.get(tree) is None and any(_stated(other, tree) is not None for other in one.others):
            return True
    return any(_any(part.scope, entry) for part, entry, _ in _entries(scope, tree))


def _fill(scope: Scope, tree: Any, at: Path, filled: list[Filled]) -> None:
    if tree.__class__ is not dict:
        return
    for one in scope.instead:
        if one.slot.get(tree) is not None:
            continue
        found = ((other, _stated(other, tree)) for other in one.others)
        other, value = next((pair for pair in found if pair[1] is not None), (None, None))
        if other is not None:
            one.slot.put(tree, copied(value))
            filled.append(((*at, *one.slot.record_path(tree)), other.slot.text, one.place))
    for part, entry, path in _entries(scope, tree):
        _fill(part.scope, entry, (*at, *path), filled)


def _stated(source: Source, tree: Any) -> Any:
    """What stands in; of a path with several entries, the first that fits. None: nothing."""
    if any(slot.get(tree) is not None for slot in source.unless):
        return None
    scheme = source.bare or source.address
    if scheme is None:
        return source.slot.get(tree)
    known = SCHEMES[scheme]
    for value in _all_values(source.slot.steps, tree):
        name = None if value.__class__ is not str else known.bare(value) if source.bare else known.address(value)
        if name is not None:
            return name
    return None


def _all_values(steps: tuple[OurStep, ...], here: Any) -> Iterator[Any]:
    """The values at a path, of every entry of the lists that it passes."""
    for i, step in enumerate(steps):
        if step.__class__ is str:
            here = here.get(step) if here.__class__ is dict else None
        elif step is FIRST and here.__class__ is list:
            for entry in here:
                yield from _all_values(steps[i + 1 :], entry)
            return
        else:
            here = next((e for e in here or () if step.fits(e)), None)  # type: ignore[union-attr]
        if here is None:
            return
    yield here


def _entries(scope: Scope, tree: Any) -> list[tuple[Any, Any, Path]]:
    """The entries of ours that blocks of a scope write, with the block and their paths."""
    found: list[tuple[Any, Any, Path]] = []
    for block in scope.blocks:
        for part in block.parts or (block,):
            entries = part.ours.get(tree)
            base = part.ours.record_path(tree) if entries is not None else ()
            if part.spread and entries.__class__ is dict:
                listed = ((key, below) for key, below in entries.items() if key not in part.taken)
                found.extend((part, e, (*base, key, i)) for key, below in listed for i, e in enumerate(below))
            elif entries.__class__ is list:
                found.extend((part, e, (*base, i)) for i, e in enumerate(entries) if part.select.fits(e))
    return found


def settle_filled(losses: list[Loss], tree: dict[str, Any], filled: list[Filled]) -> None:
    """Report each stand-in as added, as it is read back, in place of what was found at and inside it. `tree` is the one
    with the stand-ins."""
    for path, other, place in filled:
        text = record_path(*path)
        mine = [loss for loss in losses if loss.path == text or loss.path.startswith(f"{text}.")]
        around = (loss.kind for loss in losses if text.startswith(f"{loss.path}."))
        gone = any(kind != "imprecise" for kind in around)  # what is read back around it says all of it
        becomes = None if gone else apply_inside(_value(tree, path), text, mine)
        losses[:] = [loss for loss in losses if loss not in mine]
        if becomes is not None:
            reason = f"nothing is said here; '{other}' is written in its place"
            losses.append(Loss(text, "added", reason, becomes, place))


def _value(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree
