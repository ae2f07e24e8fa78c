"""The account: what became of every leaf of theirs (mapping language, 1.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.engine.outcome import Fate, under
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Silence
from metaharmon.mapping.levels import is_pseudo
from metaharmon.mapping.plan import Cell, Scope
from metaharmon.paths import (
    Languages,
    Match,
    Up,
    leaf_keys,
    leaf_text,
    leaves,
    parse_their_path,
)


def cell_fates(
    cell: Cell, raws: tuple[Any, ...], unread: frozenset[int], exact: bool, problems: Any, fates: list[Fate], where: str
) -> None:
    """What became of the fields of a cell."""
    ours = tuple(slot.text for slot in cell.ours)
    refused = {p.slot for p, _ in problems if p.code == dx.REFUSED}
    for i, (slot, raw) in enumerate(zip(cell.theirs, raws, strict=True)):
        part = is_pseudo(slot.text) and not any(isinstance(step, Languages) for step in slot.steps)
        if raw is MISSING or part or any(isinstance(step, Up) for step in slot.steps):
            continue
        place = next((line.place for line, fields in zip(cell.lines, cell.fields_of, strict=True) if i in fields), None)
        count = leaves(raw)
        informative = _informative(cell, i, raw)
        if i in refused or i in unread:
            bad = (
                count if raw.__class__ is not list else min(count, sum(1 for p, _ in problems if p.slot == i) or count)
            )
            fates.append(
                Fate(
                    under(where, slot.text),
                    "refused" if i in refused else "unread",
                    bad,
                    min(informative, bad),
                    ours,
                    place,
                )
            )
            if count > bad:
                fates.append(
                    Fate(under(where, slot.text), "spelled", count - bad, max(0, informative - bad), ours, place)
                )
        else:
            fates.append(
                Fate(under(where, slot.text), "exact" if exact else "spelled", count, informative, ours, place)
            )


def _informative(cell: Cell, i: int, raw: Any) -> int:
    """How many leaves of a raw value carry information for one of the rules that read it."""
    silences = (
        line.clause.silence_of(fields.index(i))
        for line, fields in zip(cell.lines, cell.fields_of, strict=True)
        if i in fields
    )
    return max(((one or Silence()).informative(raw) for one in silences), default=0)


def weigh_held(
    scope: Scope,
    raws: dict[tuple[str, ...], Any],
    fates: list[Fate],
    mark: int,
    where: str,
    tells: Callable[[Any], int],
) -> None:
    """Count the leaves of held texts and lists as they stand in the record, not as they were opened.

    `raws`: of each that was opened, its raw value and its frame. `tells`: how many leaves of a raw value say something.
    """
    for hold in reversed(scope.holds):
        path = under(where, leaf_text(hold.keys)) if hold.keys else where
        mine = [f for f in fates[mark:] if _keys_below(f.path, where)[: len(hold.keys)] == hold.keys]
        if mine and hold.keys in raws:
            raw, frame = raws[hold.keys]
            rest = [f for f in fates[mark:] if f not in mine]
            fates[mark:] = [*rest, *hold.container.weigh(path, mine, frame, raw, tells)]


def _keys_below(path: str, where: str) -> tuple[str, ...]:
    """The keys of a field's path inside the record or entry at `where`."""
    inside = path[len(where) + 1 :] if where and path.startswith(f"{where}.") else path
    if "=" in inside and not inside.startswith("["):
        steps = parse_their_path(inside).steps
        return tuple(step.value if isinstance(step, Match) else getattr(step, "name", "[]") for step in steps)
    return leaf_keys(inside) if inside else ()
