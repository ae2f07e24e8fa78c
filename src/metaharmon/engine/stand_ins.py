"""Stand-ins: where a product says nothing at a path, another path of it may be written there (`instead`).

Only where the mapping says so, and never in silence: what is read back there is reported as added.

Only a record that is written afresh has stand-ins; one that was read before says what it said.
"""

from __future__ import annotations

from typing import Any

from metaharmon.diagnostics import Loss, Place
from metaharmon.engine.outcome import Path
from metaharmon.mapping.plan import Plan, Scope
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
        if one.slot.get(tree) is None and any(other.get(tree) is not None for other in one.others):
            return True
    return any(_any(part.scope, entry) for part, entry, _ in _entries(scope, tree))


def _fill(scope: Scope, tree: Any, at: Path, filled: list[Filled]) -> None:
    if tree.__class__ is not dict:
        return
    for one in scope.instead:
        if one.slot.get(tree) is not None:
            continue
        other = next((other for other in one.others if other.get(tree) is not None), None)
        if other is not None:
            one.slot.put(tree, copied(other.get(tree)))
            filled.append(((*at, *one.slot.record_path(tree)), other.text, one.place))
    for part, entry, path in _entries(scope, tree):
        _fill(part.scope, entry, (*at, *path), filled)


def _entries(scope: Scope, tree: Any) -> list[tuple[Any, Any, Path]]:
    """The entries of ours that blocks of a scope write, with the block and their paths."""
    found: list[tuple[Any, Any, Path]] = []
    for block in scope.blocks:
        for part in block.parts or (block,):
            entries = None if part.spread else part.ours.get(tree)
            if entries.__class__ is list:
                base = part.ours.record_path(tree)
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
