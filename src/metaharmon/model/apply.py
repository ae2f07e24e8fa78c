"""What a reader of the other dialect will find: a canonical tree with a list of losses applied (law 2)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from metaharmon.diagnostics import Loss
from metaharmon.model.whole import normal_product


class _Entries(dict[int, Any]):
    """A list while losses are applied: entries keep the index that they had in the product."""


def apply_losses(tree: dict[str, Any], losses: Iterable[Loss]) -> dict[str, Any]:
    """The normal form of `tree` after the losses: `changed` and `added` paths set, `omitted` ones removed.

    `imprecise` losses are skipped. Paths name list entries by their index in `tree`; an added entry takes an index
    beyond. Losses of a container come before those inside it, so their order does not matter. The tree is not changed.
    Raises CanonicalError where a loss has no place in the schema.
    """
    work = _opened(tree)
    effective = [loss for loss in losses if loss.kind != "imprecise"]
    for loss in sorted(effective, key=_inner_last):
        steps = _steps(loss.path)
        if loss.kind == "omitted":
            _remove(work, steps)
        else:
            _set(work, steps, _opened(loss.becomes))
    return normal_product(_closed(work))


def apply_inside(value: Any, path: str, losses: Iterable[Loss]) -> Any:
    """What becomes of the value at a record path after the losses at and inside it; None when nothing is left."""
    work = {"": _opened(value)}
    for loss in sorted((one for one in losses if one.kind != "imprecise"), key=_inner_last):
        steps = ["", *_steps(loss.path[len(path) + 1 :])]
        if loss.kind == "omitted":
            _remove(work, steps)
        else:
            _set(work, steps, _opened(loss.becomes))
    return _closed(work).get("")


def _steps(path: str) -> list[str | int]:
    return [int(step) if step.isascii() and step.isdigit() else step for step in path.split(".")] if path else []


def _inner_last(loss: Loss) -> tuple[int, bool]:
    return loss.path.count("."), loss.kind != "omitted"


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _opened(member) for key, member in value.items()}
    if isinstance(value, list):
        return _Entries((i, _opened(item)) for i, item in enumerate(value))
    return value


def _closed(value: Any) -> Any:
    """The plain tree again, without containers that became empty."""
    if isinstance(value, _Entries):
        return [made for i in sorted(value) if not _is_empty(made := _closed(value[i]))]
    if isinstance(value, dict):
        return {key: made for key, member in value.items() if not _is_empty(made := _closed(member))}
    return value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (dict, list)) and not value)


def _remove(work: Any, steps: list[str | int]) -> None:
    for step in steps[:-1]:
        work = work.get(step) if isinstance(work, dict) else None
    if isinstance(work, dict):
        work.pop(steps[-1], None)


def _set(work: Any, steps: list[str | int], value: Any) -> None:
    for step, following in pairwise(steps):
        inner = work.get(step)
        if not isinstance(inner, dict):
            inner = work[step] = _Entries() if isinstance(following, int) else {}
        work = inner
    work[steps[-1]] = value
