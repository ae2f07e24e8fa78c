"""What is left of their record: every leaf that says something and did not reach the product, with the reason (law 7).

Of a cell that returns, nothing is left: its raw values are what the product says. Of any other cell, a leaf is heard
if it changes what the cell reads, or reads the same alone; all others are told here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Left, Place
from metaharmon.engine.cells import CellReading, read_cell, same_values, write_cell
from metaharmon.engine.outcome import under
from metaharmon.jsonld.nodes import MORE
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Silence
from metaharmon.lenses.reasons import ONE_VALUE
from metaharmon.mapping.levels import is_pseudo
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import Cell, Line, Scope, TheirSlot
from metaharmon.model.normal import same
from metaharmon.paths import Every, Languages, Match, Up, get, keys_of, leaf_text, leaves_inside

KEPT, UNKNOWN, UNREAD, SURPLUS = dx.LEFT
BESIDE = "it stands beside the value that is read"
NO_SUCH_FIELD = "the mapping does not know the field"
DIFFERS = "it can be computed from the rest, which gives another value"
NO_SOURCE = "it is computed from other fields, and these say nothing"
_UNREAD = (dx.MALFORMED, dx.UNKNOWN_VALUE, dx.REFUSED)
Inside = tuple[str | int, ...]
Keys = tuple[Any, ...]
"""The steps of a path: names, positions, and `Match` for the entry of a list that is found by a member."""


def shown_path(keys: Keys) -> str:
    """The path of a leaf in their record: `resources.0.hash`, `extras[key=spatial].value`."""
    out = ""
    for step in keys:
        if step.__class__ is Match:
            out += f"[{step.key}={step.value}]"
        else:
            out = under(out, str(step) if step.__class__ is int else leaf_text((step,)))
    return out


def name_of(step: Any) -> str:
    """A step as the name by which a mapping knows it."""
    return str(step.value if step.__class__ is Match else step)


def left_whole(
    path: str | Keys, raw: Any, outcome: str, reason: str, rule: Place | None, silence: Silence
) -> list[Left]:
    """All leaves of a raw value that say something, with one reason."""
    start = keys_of(path) if path.__class__ is str else path
    return [
        _left((*start, *inside), outcome, reason, leaf, rule)
        for inside, leaf in leaves_inside(raw)
        if not silence.absent(leaf)
    ]


def left_stray(scope: Scope, keys: tuple[str, ...], inside: Inside, leaf: Any, where: str) -> Left:
    """A leaf that no rule reads: kept, with the reason of the mapping, or unknown; of linked data it may be a further
    value of a property that is read."""
    said = scope.reason((*keys, *map(str, inside)))
    path = (*keys_of(where), *keys, *inside)
    if keys[-1].endswith(MORE):
        return _left(path, SURPLUS, ONE_VALUE, leaf, None)
    if said is None:
        return _left(path, UNKNOWN, NO_SUCH_FIELD, leaf, None)
    return _left(path, KEPT, said.why, leaf, said.place)


def _left(keys: Keys, outcome: str, reason: str, value: Any, rule: Place | None) -> Left:
    """While a record is read, a path is its keys: containers move it to where it stands in the record."""
    return Left(keys, outcome, reason, value, rule)  # type: ignore[arg-type]


def left_of_entry(
    left: list[Left], mark: int, start: Keys, raw: Any, told: tuple[str, str, Any], silence: Silence
) -> None:
    """Of an entry that is none of ours: what is not told of it already (since `mark`)."""
    known = {_positions(raw, one.path[len(start) :]) for one in left[mark:] if one.path[: len(start)] == start}
    left.extend(one for one in left_whole(start, raw, *told, silence) if one.path[len(start) :] not in known)


def _positions(raw: Any, keys: Keys) -> Keys:
    """The steps of a path with positions for entries that are found by a member."""
    out: list[Any] = []
    for step in keys:
        if step.__class__ is Match:
            found = (i for i, one in enumerate(raw) if one.__class__ is dict and one.get(step.key) == step.value)
            step = next(found, 0) if raw.__class__ is list else 0
        elif raw.__class__ is list and str(step).isdigit():
            step = int(step)
        out.append(step)
        raw = _at(raw, (step,))
    return tuple(out)


def move_left(left: list[Left], here: str, there: str) -> None:
    """Leaves below one place stand at another."""
    before, after = keys_of(here), keys_of(there)
    for n, one in enumerate(left):
        if one.path[: len(before)] == before:
            left[n] = one._replace(path=(*after, *one.path[len(before) :]))  # type: ignore[arg-type]


def settle_left(left: list[Left], root: Scope) -> list[Left]:
    """What is left, once each, with paths as texts; where the mapping gives the reason at the top, fields are kept."""
    out = {}
    for one in left:
        said = root.reason(tuple(map(name_of, one.path))) if one.outcome == UNKNOWN else None
        if said is not None:
            one = one._replace(outcome=KEPT, reason=said.why, rule=said.place)
        path = shown_path(one.path)  # type: ignore[arg-type]
        out.setdefault((path, one.outcome), one._replace(path=path))
    return list(out.values())


# --- cells -----------------------------------------------------------------------------------------------------------


def leaves_of_slot(cell: Cell, i: int, raw: Any) -> Iterator[tuple[Inside, Any]]:
    """The leaves of a field of a cell; none of what is no field of its own: a part of a key, a field of the object one
    level up."""
    slot = cell.theirs[i]
    if raw is MISSING or is_pseudo(slot.text) or any(isinstance(step, Up) for step in slot.steps):
        return iter(())
    return leaves_inside(raw)


def left_of_cell(cell: Cell, raws: tuple[Any, ...], reading: CellReading, where: str) -> list[tuple[int, Left]]:
    """Of a cell that does not return: by field, the leaves that are not heard, and would not be written so, either."""
    fresh = write_cell(cell, reading.values).raws
    out = []
    for i, slot in enumerate(cell.theirs):
        for inside, leaf in leaves_of_slot(cell, i, raws[i]):
            restated = _at(fresh[i], inside)
            if not speaks(cell, i, leaf) or (restated is not MISSING and same(restated, leaf)):
                continue
            told = _unheard(cell, i, inside, raws, reading)
            if told is not None:
                outcome, reason, place = told
                keys = (*keys_of(where), *_keys(slot, inside))
                out.append((i, _left(keys, outcome, reason, leaf, place)))
    return out


def _at(raw: Any, inside: Inside) -> Any:
    """What stands at a place inside a raw value; MISSING where nothing does."""
    for step in inside:
        if raw.__class__ is dict:
            raw = raw.get(step, MISSING)
        else:
            there = raw.__class__ is list and step.__class__ is int and step < len(raw)  # type: ignore[operator]
            raw = raw[step] if there else MISSING
    return raw


def speaks(cell: Cell, i: int, leaf: Any) -> bool:
    """Whether a leaf of a field says something to one of the rules that read it."""
    silences = (
        line.clause.silence_of(fields.index(i))
        for line, fields in zip(cell.lines, cell.fields_of, strict=True)
        if i in fields
    )
    return any(not (silence or Silence()).absent(leaf) for silence in silences)


def _keys(slot: TheirSlot, inside: Inside) -> Keys:
    """The keys of a leaf of a field; a level of languages or entries stands at its place."""
    out: list[Any] = []
    rest = list(inside)
    for step in slot.steps:
        if isinstance(step, Languages | Every):
            out.extend([rest.pop(0)] if rest else [])
        else:
            out.append(step if isinstance(step, Match) else getattr(step, "name", ""))
    return (*out, *rest)


Told = tuple[str, str, Place | None]


def _unheard(cell: Cell, i: int, inside: Inside, raws: tuple[Any, ...], reading: CellReading) -> Told | None:
    """Why a leaf of a field is not in what the cell read; None if it is."""
    mine = [(p, place) for p, place in reading.problems if p.slot == i]
    bad = next(((UNREAD, p.message, place) for p, place in mine if p.code in _UNREAD), None)
    if not inside and bad is not None:
        return bad
    alone = _read_alone(cell, i, inside, raws)
    if any(v is not None for v in alone.values) and _said(alone.values, reading.values):
        return None
    here = next(((UNREAD, p.message, place) for p, place in alone.problems if p.slot == i and p.code in _UNREAD), None)
    bad = bad or _unread_line(cell, i, raws)
    if bad is not None:  # without this leaf others may read, and the value is none of what is read
        return here or bad
    if not same_values(read_cell(cell, _without(raws, i, inside)).values, reading.values):
        return None
    other = next(((SURPLUS, p.message, place) for p, place in mine if p.code == dx.DISAGREE), None)
    return other or here or _too_much(cell, i)


def _unread_line(cell: Cell, i: int, raws: tuple[Any, ...]) -> Told | None:
    """That every rule with this field could not read: one of its other fields is malformed, or lacking."""
    told: Told | None = None
    for line, fields in zip(cell.lines, cell.fields_of, strict=True):
        if i in fields and line.ours:
            found = line.clause.read(tuple(raws[f] for f in fields))
            if not found.unread or any(value is not None for value in found.values) or not found.problems:
                return None
            told = told or (UNREAD, found.problems[0].message, line.place)
    return told


def _too_much(cell: Cell, i: int) -> Told | None:
    """That a field stands beside what is read; nothing where it restates another."""
    mine = [(line, fields.index(i)) for line, fields in zip(cell.lines, cell.fields_of, strict=True) if i in fields]
    if any(line.clause.restates(n) for line, n in mine):
        return None
    return SURPLUS, BESIDE, mine[-1][0].place if mine else None


def _read_alone(cell: Cell, i: int, inside: Inside, raws: tuple[Any, ...]) -> CellReading:
    """What the cell reads of one leaf, and nothing else."""
    alone: list[Any] = [MISSING] * len(raws)
    alone[i] = _only(raws[i], inside)
    return read_cell(cell, tuple(alone))


def _only(raw: Any, inside: Inside) -> Any:
    if not inside:
        return raw
    value = _only(raw[inside[0]], inside[1:])
    return [value] if raw.__class__ is list else {inside[0]: value}


def _without(raws: tuple[Any, ...], i: int, inside: Inside) -> tuple[Any, ...]:
    return tuple(without(raw, inside) if n == i else raw for n, raw in enumerate(raws))


def without(raw: Any, inside: Inside) -> Any:
    """A raw value without one of its leaves; what is left empty by that goes, too."""
    if not inside:
        return MISSING
    left = without(raw[inside[0]], inside[1:])
    if raw.__class__ is list:
        at = int(inside[0])
        made: Any = [*raw[:at], *([] if left is MISSING else [left]), *raw[at + 1 :]]
    else:
        made = {key: left if key == inside[0] else value for key, value in raw.items()}
        if left is MISSING:
            del made[inside[0]]
    return made or MISSING


def _said(part: tuple[Any, ...], whole: tuple[Any, ...]) -> bool:
    """Whether all that one reading says, another says, too."""
    return all(a is None or (b is not None and within(a, b)) for a, b in zip(part, whole, strict=True))


def within(part: Any, whole: Any) -> bool:
    """Whether a value of ours is another one or a part of it."""
    if part.__class__ is dict and whole.__class__ is dict:
        return all(name in whole and within(value, whole[name]) for name, value in part.items())
    if part.__class__ is list and whole.__class__ is list:
        return all(any(within(one, other) for other in whole) for one in part)
    return same(part, whole)


# --- fields of read-only rules ---------------------------------------------------------------------------------------


def told_one_way(
    lines: tuple[Line, ...], record: Any, up: Any, tree: Any, keys: tuple[str, ...], inside: Inside
) -> OurSlot | None:
    """Where a leaf that no cell owns is heard: by a read-only rule of which the product has what it reads."""
    bare = without(record, (*keys, *inside))
    bare = {} if bare is MISSING else bare
    for line in lines:
        if not any(slot.steps and getattr(slot.steps[0], "name", None) == keys[0] for slot in line.theirs):
            continue
        full = line.clause.read(tuple(get(record, slot.steps, up) for slot in line.theirs)).values
        less = line.clause.read(tuple(get(bare, slot.steps, up) for slot in line.theirs)).values
        for slot, value, other in zip(line.ours, full, less, strict=True):
            heard = value is not None and (other is None or not same(value, other))
            if heard and within(value, slot.get(tree)):
                return slot
    return None
