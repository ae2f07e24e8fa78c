"""Cells: rules that share a field or a path, read and written as one (mapping language, 1.1)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Loss, Place
from metaharmon.engine.outcome import At, Written, lose, lose_entry
from metaharmon.engine.residue import Residue
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import LostPart, Problem
from metaharmon.mapping.plan import Cell, Line
from metaharmon.model.apply import apply_inside
from metaharmon.model.normal import same
from metaharmon.paths import get, record_path


class CellReading(NamedTuple):
    """What a cell read: values of ours by position, findings with the rule's place, positions left unread."""

    values: tuple[Any, ...]
    problems: tuple[tuple[Problem, Place | None], ...]
    unread: frozenset[int]


class CellWriting(NamedTuple):
    """What a cell wrote: raw values by position, losses with the rule's place."""

    raws: tuple[Any, ...]
    losses: tuple[tuple[LostPart, Place | None], ...]


def read_cell(cell: Cell, raws: tuple[Any, ...]) -> CellReading:
    """Read the fields of a cell; a value that one rule reads is not malformed for another that shares its field."""
    if len(cell.lines) == 1:
        line = cell.lines[0]
        reading = line.clause.read(raws)
        unread = frozenset(p.slot for p in reading.problems) if reading.unread else frozenset()
        if reading.unread and not unread:
            unread = frozenset(range(len(raws)))
        return CellReading(reading.values, tuple((p, line.place) for p in reading.problems), unread)
    values: list[Any] = [None] * len(cell.ours)
    problems: list[tuple[Problem, Place | None]] = []
    read: set[int] = set()
    for line, fields, paths in zip(cell.lines, cell.fields_of, cell.paths_of, strict=True):
        reading = line.clause.read(tuple(raws[i] for i in fields))
        for slot, value in zip(paths, reading.values, strict=True):
            if value is not None:
                values[slot] = value
        if not reading.unread and any(v is not None for v in reading.values):
            read.update(fields)
        problems.extend((p._replace(slot=fields[p.slot]), line.place) for p in reading.problems)
    kept = tuple((p, place) for p, place in problems if p.slot not in read or p.code not in ("MH401", "MH402"))
    return CellReading(tuple(values), kept, frozenset(p.slot for p, _ in kept if p.code in ("MH401", "MH402", "MH403")))


def write_cell(cell: Cell, values: tuple[Any, ...]) -> CellWriting:
    """Write the paths of a cell. Where two rules would fill one field differently, the first is said."""
    if len(cell.lines) == 1:
        line = cell.lines[0]
        writing = line.clause.write(values)
        return CellWriting(writing.raws, tuple((part, line.place) for part in writing.losses))
    raws: list[Any] = [MISSING] * len(cell.theirs)
    losses: list[tuple[LostPart, Place | None]] = []
    taken: set[int] = set()
    beaten: list[tuple[Line, tuple[int, ...], tuple[int, ...], str]] = []
    unsaid: list[tuple[Line, tuple[int, ...], tuple[int, ...], tuple[LostPart, ...]]] = []
    for line, fields, paths in zip(cell.lines, cell.fields_of, cell.paths_of, strict=True):
        mine = tuple(values[i] for i in paths)
        writing = line.clause.write(mine)
        says = any(v is not None for v in mine)
        clash = [
            f
            for f, raw in zip(fields, writing.raws, strict=True)
            if says and f in taken and not same(raws[f], raw) and raw is not MISSING
        ]
        if clash:
            beaten.append(
                (line, fields, paths, f"the field '{cell.theirs[clash[0]].text}' says something else already")
            )
            continue
        if says and all(raw is MISSING for raw in writing.raws):
            unsaid.append((line, fields, paths, writing.losses))
            continue
        losses.extend((part._replace(slot=paths[part.slot]), line.place) for part in writing.losses)
        for f, raw in zip(fields, writing.raws, strict=True):
            if f not in taken and (says or raws[f] is MISSING):
                raws[f] = raw
                if says and raw is not MISSING:
                    taken.add(f)
    for line, fields, paths, reason in beaten:
        losses.extend((part, line.place) for part in _heard_anyway(line, fields, paths, values, raws, reason))
    for line, fields, paths, parts in unsaid:
        heard = line.clause.read(tuple(raws[i] for i in fields)).values  # another rule may have filled its field
        for part in parts:
            mine = part._replace(slot=paths[part.slot])
            if part.kind == "omitted" and not part.inside and heard[part.slot] is not None:
                mine = mine._replace(kind="changed", becomes=heard[part.slot])
            losses.append((mine, line.place))
    losses.extend(_heard_besides(cell, values, tuple(raws)))
    return CellWriting(tuple(raws), tuple(losses))


def _heard_anyway(
    line: Line, fields: tuple[int, ...], paths: tuple[int, ...], values: tuple[Any, ...], raws: list[Any], reason: str
) -> list[LostPart]:
    """What is lost of a rule whose field says what another rule wrote; it may read the same there."""
    heard = line.clause.read(tuple(raws[i] for i in fields)).values
    out = []
    for slot, value in zip(paths, heard, strict=True):
        now = values[slot]
        if now is None and value is not None:
            out.append(LostPart(slot, (), "added", reason, value))
        elif now is not None and value is None:
            out.append(LostPart(slot, (), "omitted", reason))
        elif now is not None and not same(now, value):
            out.append(LostPart(slot, (), "changed", reason, value))
    return out


def _heard_besides(cell: Cell, values: tuple[Any, ...], raws: tuple[Any, ...]) -> list[tuple[LostPart, Place | None]]:
    """What a rule will read from a field that another rule has filled."""
    out: list[tuple[LostPart, Place | None]] = []
    for line, fields, paths in zip(cell.lines, cell.fields_of, cell.paths_of, strict=True):
        if any(values[i] is not None for i in paths):
            continue
        heard = line.clause.read(tuple(raws[i] for i in fields)).values
        reason = "the field is filled for another value, and this is read there, too"
        out.extend(
            (LostPart(slot, (), "added", reason, value), line.place)
            for slot, value in zip(paths, heard, strict=True)
            if value is not None
        )
    return out


def returns(cell: Cell, raws: tuple[Any, ...], reading: CellReading) -> bool:
    """Whether writing what was read gives exactly the raw values, so that nothing of the cell goes to the residue."""
    if any(problem.code == dx.IMPRECISE_READ for problem, _ in reading.problems):
        return False
    return same_raws(write_cell(cell, reading.values).raws, raws)


def read_one_way(line: Line, record: Any, up: Any, tree: dict[str, Any]) -> None:
    """A read-only rule: what it reads is a consequence, and never overrules another rule."""
    reading = line.clause.read(tuple(get(record, slot.steps, up) for slot in line.theirs))
    for slot, value in zip(line.ours, reading.values, strict=True):
        if value is not None and slot.get(tree) is None:
            slot.put(tree, value)


def said_steps(cell: Cell, values: tuple[Any, ...], writing: CellWriting) -> list[Any]:
    """The paths of a cell of which a value stands in the written record."""
    if not cell.theirs:
        return []
    lost = {part.slot for part, _ in writing.losses if part.kind == "omitted"}
    return [
        slot.steps
        for i, slot in enumerate(cell.ours)
        if values[i] is not None and (i not in lost or _left(values[i], i, writing))
    ]


def _left(value: Any, slot: int, writing: CellWriting) -> bool:
    """Whether anything is left of a value of which parts are lost."""
    mine = [part for part, _ in writing.losses if part.slot == slot]
    if any(part.kind == "omitted" and not part.inside for part in mine):
        return False
    losses = [Loss(record_path("value", *part.inside), part.kind, part.reason, part.becomes) for part in mine]
    return apply_inside(value, "value", losses) is not None


def lose_unclaimed(found: list[Any], out: Written, at: At) -> None:
    """Note what no rule of the dialect can say."""
    for path, reason in found:
        out.losses.extend(lose(at, path, "omitted", reason))


def lose_unsaid(selected: tuple[Any, ...], tree: Any, said: set[Any], out: Written, at: At) -> None:
    """Note entries of which only the constants would be left."""
    for entry in selected:
        if entry.get(tree) is not None and not any(steps[: len(entry.steps)] == entry.steps for steps in said):
            lose_entry(out, at, entry.record_path(tree))


def same_raws(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether two tuples of raw values are the same, types and absence included."""
    for x, y in zip(a, b, strict=True):
        if x is y:
            continue
        if x is MISSING or y is MISSING or not same(x, y):
            return False
    return True


def same_values(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether two tuples of values of ours are the same."""
    return all((x is None) == (y is None) and (x is None or same(x, y)) for x, y in zip(a, b, strict=True))


def write_with_residue(
    cell: Cell, values: tuple[Any, ...], residue: Residue, tree: Any = None, at: At = ()
) -> tuple[CellWriting, str | None]:
    """Write a cell: its raw values if they still read to the present ones, else fresh, saying what was dropped.

    Of a joined entry, `at` names the parts; one that is not in the `tree` would only repeat what the others share.
    """
    texts = [slot.text for slot in cell.theirs]
    held = [text in residue.leaves or text in residue.gone for text in texts]
    if not any(held):
        return write_cell(cell, values), None
    if not all(held):
        return write_cell(cell, values), "the residue holds only a part of the cell; it was not used"
    raws = tuple(residue.leaves.get(text, MISSING) for text in texts)
    found = read_cell(cell, raws).values
    if isinstance(at, dict) and any(slot.steps[0] in tree for slot in cell.ours):
        repeated = cell.common[1] or range(len(found))
        pairs = enumerate(zip(found, cell.ours, strict=True))
        found = tuple(None if i in repeated and s.steps[0] not in tree else v for i, (v, s) in pairs)
    if same_values(found, values):
        return CellWriting(raws, ()), None
    fresh = write_cell(cell, values)
    if len(cell.lines) == 1:
        older = cell.lines[0].clause.restore(raws, values)
        if older is not None and same_values(read_cell(cell, older).values, read_cell(cell, fresh.raws).values):
            return CellWriting(older, fresh.losses), None
    typed = tuple(map(_typed_as, fresh.raws, raws))
    if not same_raws(typed, fresh.raws) and same_values(
        read_cell(cell, typed).values, read_cell(cell, fresh.raws).values
    ):
        fresh = fresh._replace(raws=typed)
    return fresh, "the raw value no longer agrees with the product; it was written anew"


def _typed_as(raw: Any, before: Any) -> Any:
    """A number in the type in which one stood there, a JSON number or a text, where both say it exactly."""
    if raw.__class__ is int and before.__class__ is str:
        return str(raw)
    if raw.__class__ is str and before.__class__ is int and _INTEGER.fullmatch(raw):
        return int(raw)
    return raw


_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")


def cell_losses(cell: Cell, tree: Any, writing: CellWriting, at: At) -> list[Loss]:
    """The losses of a cell, with record paths of ours."""
    out = []
    for part, place in writing.losses:
        slot = cell.ours[part.slot]
        if isinstance(at, dict) and slot.steps[0] not in at:
            continue  # a part of a joined entry that is not read back
        out.extend(lose(at, (*slot.record_path(tree), *part.inside), part.kind, part.reason, part.becomes, place))
    return out


def one_way_losses(line: Line, tree: Any, record: Any, at: At, done: bool = False) -> list[Loss]:
    """A read-only rule loses what its fields, as written, will not say. `done`: the record has its constants."""
    raws = [get(record, slot.steps) for slot in line.theirs]
    for i, constant in () if done else line.always:
        raws[i] = constant if raws[i] is MISSING else raws[i]
    found = line.clause.read(tuple(raws)).values
    return unheard(line, tuple(slot.get(tree) for slot in line.ours), found, tree, at)


def unheard(line: Line, values: tuple[Any, ...], found: tuple[Any, ...], tree: Any, at: At) -> list[Loss]:
    """The losses of a read-only rule, given what the product says and what a reader will find."""
    out = []
    for slot, now, heard in zip(line.ours, values, found, strict=True):
        if (now is None and heard is None) or (isinstance(at, dict) and slot.steps[0] not in at):
            continue
        kind = "added" if now is None else "omitted" if heard is None else "changed"
        if now is None or heard is None or not same(now, heard):
            out.extend(lose(at, slot.record_path(tree), kind, line.one_way, heard, line.place))
    return out
