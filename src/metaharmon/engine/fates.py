"""The account: what became of every leaf of theirs (mapping language, 1.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Left
from metaharmon.engine.cells import CellReading
from metaharmon.engine.left import UNREAD, left_stray, left_whole, told_one_way
from metaharmon.engine.outcome import Fate, Heard, Read, under
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Silence
from metaharmon.mapping.levels import is_pseudo
from metaharmon.mapping.plan import Cell, Scope
from metaharmon.paths import (
    Languages,
    Match,
    Up,
    keys_of,
    leaf_keys,
    leaf_text,
    leaves,
    leaves_inside,
    parse_their_path,
)

Stray = tuple[tuple[str, ...], Any]
"""A value that no rule owns, by its keys."""


def cell_fates(
    cell: Cell, raws: tuple[Any, ...], reading: CellReading, exact: bool, fates: list[Fate], where: str
) -> None:
    """What became of the fields of a cell."""
    ours = tuple(slot.text for slot in cell.ours)
    unread, problems = reading.unread, reading.problems
    refused = {p.slot for p, _ in problems if p.code == dx.REFUSED}
    for i, (slot, raw) in enumerate(zip(cell.theirs, raws, strict=True)):
        part = is_pseudo(slot.text) and not any(isinstance(step, Languages) for step in slot.steps)
        if raw is MISSING or part or any(isinstance(step, Up) for step in slot.steps):
            continue
        place = next((line.place for line, fields in zip(cell.lines, cell.fields_of, strict=True) if i in fields), None)
        count = leaves(raw)
        informative = _informative(cell, i, raw)
        fate = Fate(under(where, slot.text), "exact" if exact else "spelled", count, informative, ours, place, raw)
        if i in refused or i in unread:
            bad = (
                count if raw.__class__ is not list else min(count, sum(1 for p, _ in problems if p.slot == i) or count)
            )
            kind = "refused" if i in refused else "unread"
            fates.append(fate._replace(fate=kind, count=bad, informative=min(informative, bad)))
            if count > bad:
                rest = max(0, informative - bad)
                fates.append(fate._replace(fate="spelled", count=count - bad, informative=rest, raw=MISSING))
        else:
            fates.append(fate)


def _informative(cell: Cell, i: int, raw: Any) -> int:
    """How many leaves of a raw value carry information for one of the rules that read it."""
    silences = (
        line.clause.silence_of(fields.index(i))
        for line, fields in zip(cell.lines, cell.fields_of, strict=True)
        if i in fields
    )
    return max(((one or Silence()).informative(raw) for one in silences), default=0)


def weigh_strays(scope: Scope, strays: list[Stray], record: Any, up: Any, tree: Any, out: Read, where: str) -> None:
    """What became of the fields that no rule owns: read-only rules hear some of them, the rest is left."""
    unopened = {hold.keys: hold for hold in scope.holds}
    for keys, raw in strays:
        heard: list[Heard] = []
        left: list[Left] = []
        hold = unopened.get(keys)
        for inside, leaf in leaves_inside(raw):
            if out.silence.absent(leaf):
                continue
            slot = told_one_way(scope.one_way, record, up, tree, keys, inside) if scope.one_way else None
            if slot is not None:
                heard.append(Heard(1, tree, (slot,)))
            elif hold is not None:
                start = (*keys_of(where), *keys, *inside)
                reason = f"the value is no {hold.container.what}"
                left += left_whole(start, leaf, UNREAD, reason, hold.place, out.silence)
            else:
                left.append(left_stray(scope, keys, inside, leaf, where))
        _add_stray(out, under(where, leaf_text(keys)), raw, heard, left)


def _add_stray(out: Read, path: str, raw: Any, heard: list[Heard], left: list[Left]) -> None:
    fates: list[Fate] = out.fates  # type: ignore[assignment]
    out.left.extend(left)
    out.heard.extend(heard)
    fate = Fate(path, "kept", leaves(raw), len(left), raw=raw)
    if heard:
        silent = fate.count - len(heard) - len(left)
        fates.append(fate._replace(fate="spelled", count=len(heard) + silent, informative=len(heard), raw=MISSING))
        fate = fate._replace(count=len(left))
    if fate.count:
        fates.append(fate)


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


def place_held(scope: Scope, raws: dict[tuple[str, ...], Any], out: Read, mark: int, where: str) -> None:
    """What is left of held texts and lists, at the places where it stands in the record, with what no rule saw."""
    around = keys_of(where)
    for hold in reversed(scope.holds):
        if hold.keys not in raws:
            continue
        raw, frame = raws[hold.keys]
        start = (*around, *hold.keys)
        mine = [one for one in out.left[mark:] if one.path[: len(start)] == start]
        told = {tuple(map(str, one.path[len(start) :])) for one in mine}
        heard = [one for one in mine if hold.container.heard(one.path[len(start) :], told, raw)]
        out.left[mark:] = [one for one in out.left[mark:] if not any(one is other for other in heard)]
        for n, one in enumerate(out.left[mark:], mark):
            if one.path[: len(start)] == start:
                keys = tuple(one.path[len(start) :])
                out.left[n] = one._replace(path=(*start, *hold.container.place(keys, frame, raw)))  # type: ignore[arg-type]
        for keys, value, outcome, reason in hold.container.hidden(frame, raw):
            out.left.extend(left_whole((*start, *keys), value, outcome, reason, hold.place, out.silence))


def _keys_below(path: str, where: str) -> tuple[str, ...]:
    """The keys of a field's path inside the record or entry at `where`."""
    inside = path[len(where) + 1 :] if where and path.startswith(f"{where}.") else path
    if "=" in inside and not inside.startswith("["):
        steps = parse_their_path(inside).steps
        return tuple(step.value if isinstance(step, Match) else getattr(step, "name", "[]") for step in steps)
    return leaf_keys(inside) if inside else ()
