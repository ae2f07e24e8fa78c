"""The interpreter: a plan run rule by rule. It is the specification, and it explains every value.

Reading gives the canonical tree, the residue and every finding; writing gives their record and every loss. The
compiled code must agree with it in all of these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.cells import (
    CellWriting, fill_slots, in_our_order, join_parts, keyed, needed_members, own_parts, read_cell, same_raws, same_values, write_cell,
)
from metaharmon.diagnostics import Diagnostic, Loss, Place
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Clause
from metaharmon.mapping.ours import Select, bury, unclaimed
from metaharmon.mapping.plan import Block, Cell, Derived, Plan, Scope
from metaharmon.model import shape
from metaharmon.model.apply import apply_losses
from metaharmon.model.normal import canonical_json, copied, same, sort_list
from metaharmon.paths import Key, Up, get, leaf_keys, leaf_text, leaves, put, record_path
from metaharmon.residue import ListResidue, Residue, digest


class Fate(NamedTuple):
    """What became of a field of theirs: how many leaves, how many of them carry information, and which rules."""

    path: str
    fate: str  # exact, spelled, derived, kept, unread, refused
    count: int
    informative: int
    ours: tuple[str, ...] = ()
    rule: Place | None = None


@dataclass
class Read:
    """A record, read: the canonical tree in normal form, residue, findings, and on demand every field's fate."""

    tree: dict[str, Any]
    residue: Residue
    problems: list[Diagnostic] = field(default_factory=list)
    fates: list[Fate] | None = None

    @property
    def refused(self) -> bool:
        """Whether the mapping refuses the record."""
        return any(p.severity == dx.ERROR for p in self.problems)


@dataclass
class Written:
    """A product, written: their record, what was lost, and what was worth noting."""

    record: dict[str, Any]
    losses: list[Loss]
    problems: list[Diagnostic] = field(default_factory=list)


# --- reading -------------------------------------------------------------------------------------------------------


def read(plan: Plan, record: dict[str, Any], explain: bool = False) -> Read:
    """Read a record of theirs. Never raises on data: look at `refused` and `problems`."""
    out = Read({}, Residue(), fates=[] if explain else None)
    tree = _read_scope(plan.record, record, None, out, out.residue, "")
    out.tree = tree if isinstance(tree, dict) else {}
    return out


def _read_scope(scope: Scope, record: Any, up: Any, out: Read, residue: Residue, where: str) -> Any:
    """Read a record or an entry; its residue goes into `residue`, all else into `out`."""
    mark = len(out.fates or ())
    opened = _open(scope, record, residue, out, where)
    tree: dict[str, Any] = {}
    for cell in scope.cells:
        _read_cell(cell, opened, up, tree, out, residue, where)
    for line in scope.one_way:
        raws = tuple(get(opened, slot.steps, up) for slot in line.theirs)
        reading = line.clause.read(raws)
        for slot, value in zip(line.ours, reading.values, strict=True):
            if value is not None and slot.get(tree) is None:
                slot.put(tree, value)
    for block in scope.blocks:
        _read_block(block, opened, tree, out, residue, where)
    for one in scope.derived:
        _read_derived(one, opened, up, out, residue, where, 0)
    _strays(scope, opened, out, residue, where)
    for kept in scope.kept_with:
        text = leaf_text(kept.keys)
        if text in residue.leaves:
            residue.digests[text] = companions_digest(opened, kept.companions, up)
    if out.fates is not None and scope.holds:
        weigh_held(scope, residue, out.fates, mark, where)
    _to_normal(tree, scope)
    return tree.get(".") if "." in tree else tree


def weigh_held(scope: Scope, residue: Residue, fates: list[Fate], mark: int, where: str) -> None:
    """Count the leaves of held texts and lists as they stand in the record, not as they were opened."""
    for hold in scope.holds:
        path = _under(where, leaf_text(hold.keys))
        mine = [f for f in fates[mark:] if f.path == path or f.path.startswith(f"{path}.") or f.path.startswith(f"{path}[")]
        if mine and residue.frames.get(leaf_text(hold.keys)) is not False:
            rest = [f for f in fates[mark:] if f not in mine]
            fates[mark:] = [*rest, *hold.container.weigh(path, mine, residue.frames.get(leaf_text(hold.keys)))]


def _open(scope: Scope, record: Any, residue: Residue, out: Read, where: str) -> Any:
    """The record with its held texts and lists opened; their frames go into the residue."""
    if not scope.holds or record.__class__ is not dict:
        return record
    opened = dict(record)
    for hold in scope.holds:
        steps = tuple(map(Key, hold.keys))
        raw = get(opened, steps)
        if raw is MISSING or raw is None:
            continue
        result = hold.container.open(raw)
        if result is None:
            out.problems.append(Diagnostic(dx.MALFORMED, f"the value is no {hold.container.what}; its raw form is kept",
                                           path=_under(where, leaf_text(hold.keys)), rule=hold.place))
            residue.frames[leaf_text(hold.keys)] = False  # not opened: what stands there is the raw value
            continue
        value, frame = result
        _put_copy(opened, hold.keys, value)
        if frame is not None:
            residue.frames[leaf_text(hold.keys)] = frame
    return opened


def _put_copy(record: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    """Put a value into a record whose objects on the way are copied first."""
    here = record
    for key in keys[:-1]:
        here[key] = dict(here[key])
        here = here[key]
    here[keys[-1]] = value


def _read_cell(cell: Cell, record: Any, up: Any, tree: dict[str, Any], out: Read, residue: Residue, where: str) -> None:
    raws = tuple(get(record, slot.steps, up) for slot in cell.theirs)
    reading = read_cell(cell, raws)
    for slot, value in zip(cell.ours, reading.values, strict=True):
        if value is not None:
            if slot.steps:
                slot.put(tree, value)
            else:
                tree["."] = value
    for problem, place in reading.problems:
        path = _under(where, cell.theirs[problem.slot].text) if cell.theirs else where
        out.problems.append(Diagnostic(problem.code, problem.message, path=path, rule=place))
    exact = same_raws(write_cell(cell, reading.values).raws, raws)
    imprecise = any(problem.code == dx.IMPRECISE_READ for problem, _ in reading.problems)
    if not exact or imprecise:
        for slot, raw in zip(cell.theirs, raws, strict=True):
            if raw is MISSING:
                residue.gone.append(slot.text)
            else:
                residue.leaves[slot.text] = raw
    if out.fates is not None:
        _cell_fates(cell, raws, reading.unread, exact and not imprecise, reading.problems, out, where)


def _cell_fates(cell: Cell, raws: tuple[Any, ...], unread: frozenset[int], exact: bool, problems: Any, out: Read, where: str) -> None:
    ours = tuple(slot.text for slot in cell.ours)
    refused = {p.slot for p, _ in problems if p.code == dx.REFUSED}
    for i, (slot, raw) in enumerate(zip(cell.theirs, raws, strict=True)):
        if raw is MISSING or any(isinstance(step, Up) for step in slot.steps):
            continue
        place = next((line.place for line, fields in zip(cell.lines, cell.fields_of, strict=True) if i in fields), None)
        count = leaves(raw)
        informative = 0 if _silent(cell, i, raw) else informative_leaves(raw)
        if i in refused or i in unread:
            bad = count if raw.__class__ is not list else min(count, sum(1 for p, _ in problems if p.slot == i) or count)
            out.fates.append(Fate(_under(where, slot.text), "refused" if i in refused else "unread", bad, min(informative, bad), ours, place))  # type: ignore[union-attr]
            if count > bad:
                out.fates.append(Fate(_under(where, slot.text), "spelled", count - bad, max(0, informative - bad), ours, place))  # type: ignore[union-attr]
        else:
            out.fates.append(Fate(_under(where, slot.text), "exact" if exact else "spelled", count, informative, ours, place))  # type: ignore[union-attr]


def _silent(cell: Cell, i: int, raw: Any) -> bool:
    """Whether a raw value is a marker of absence for the rules that read it."""
    for line, fields in zip(cell.lines, cell.fields_of, strict=True):
        if i in fields and not silences(line.clause, fields.index(i), raw):
            return False
    return True


def silences(clause: Clause, i: int, raw: Any) -> bool:
    """Whether a clause takes a raw value of its i-th field for nothing."""
    silence = clause.silence_of(i)
    return silence is not None and silence.absent(raw)


def informative_leaves(raw: Any) -> int:
    """Leaves that carry information: neither null nor empty."""
    if raw is None or raw == "" or (raw.__class__ in (list, dict) and not raw):
        return 0
    if raw.__class__ is dict:
        return sum(map(informative_leaves, raw.values()))
    if raw.__class__ is list:
        return sum(map(informative_leaves, raw))
    return 1


def _read_block(block: Block, record: Any, tree: dict[str, Any], out: Read, residue: Residue, where: str) -> None:
    raw = get(record, block.theirs.steps)
    text = block.theirs.text
    items = _their_items(block, raw)
    if items is None:
        _read_no_list(block, raw, out, residue, where)
        return
    entries: list[Any] = []
    leftovers: list[Residue] = []
    keys: list[tuple[str, ...]] = []
    slots: list[Any] = []
    for i, item in enumerate(items):
        here = f"{_under(where, text)}.{i}"
        below = Residue()
        ours = (item.__class__ is dict or block.scope.whole_item) and _fits(block, item)
        entry, under = _read_entry(block, item, record, out, below, here) if ours else (None, ())
        if not entry:
            if not ours:
                _raw_slot(block, item, out, here)
            slots.append({"raw": item})
            continue
        entries.append(entry)
        keys.append(under)
        leftovers.append(below)
        slots.append(len(entries) - 1)
    _list_residue(block, entries, leftovers, keys, slots, residue, text)
    _place_entries(block, entries, keys, tree)


def _fits(block: Block, item: Any) -> bool:
    return any(_where(part, item) for part in block.parts) if block.parts else _where(block, item)


def _read_entry(block: Block, item: Any, record: Any, out: Read, below: Residue, here: str) -> tuple[Any, tuple[str, ...]]:
    """An entry of ours of one of theirs, and the keys of the keyed map under which it stands."""
    entry = _read_scope(block.scope, item, record, out, below, here)
    if not entry:
        return None, ()
    if block.parts:
        parts = {tag: _with_constants(block.parts[int(tag)].select, one)
                 for tag, one in own_parts(block, entry).items() if one and _where(block.parts[int(tag)], item)}
        return parts or None, ()
    if block.spread:
        under = entry.pop(block.spread, None)
        if under is None or not entry:
            return None, ()
        return entry, tuple(under) if block.spread_many else (under,)
    entry = _with_constants(block.select, entry)
    if any(name not in entry for name in needed_members(block)):
        return None, ()
    return entry, ()


def _their_items(block: Block, raw: Any) -> list[Any] | None:
    """Their entries, or None where there is no list."""
    if block.pattern is not None:
        return block.pattern_items(raw) if raw.__class__ is dict and raw else None
    return raw if raw.__class__ is list and raw else None


def _read_no_list(block: Block, raw: Any, out: Read, residue: Residue, where: str) -> None:
    text = block.theirs.text
    spelled = not (raw is block.empty or (raw is not MISSING and block.empty is not MISSING and same(raw, block.empty)))
    if raw is MISSING:
        if spelled:
            residue.gone.append(text)
        return
    if spelled:
        residue.leaves[text] = raw
    nothing = raw is None or raw == "" or raw == [] or raw == {}
    if not nothing:
        out.problems.append(Diagnostic(dx.ITEM_NOT_READ, "a list is needed here; the value is kept as it is", path=_under(where, text), rule=block.place))
    if out.fates is not None:
        out.fates.append(Fate(_under(where, text), ("spelled" if spelled else "exact") if nothing else "unread", leaves(raw), informative_leaves(raw), (), block.place))


def _where(block: Block, item: Any) -> bool:
    return all(any(same(get(item, slot.steps), constant) for constant in constants) for slot, constants in block.where)


def _with_constants(select: Select, entry: Any) -> Any:
    for path, value in select.constants:
        bury(entry, path, value)
    return entry


def _raw_slot(block: Block, item: Any, out: Read, here: str) -> None:
    """An entry that is none of ours: its leaves are kept."""
    if item.__class__ is not dict and item is not None and item != "":
        out.problems.append(Diagnostic(dx.ITEM_NOT_READ, "this entry is not an object; its raw form is kept", path=here, rule=block.place))
    if out.fates is not None:
        out.fates.append(Fate(here, "kept", leaves(item), informative_leaves(item), (), block.place))


def _list_residue(block: Block, entries: list[Any], leftovers: list[Residue], keys: list[tuple[str, ...]], slots: list[Any], residue: Residue, text: str) -> None:
    order = spread_order(block, keys) if block.spread else in_our_order(block, entries)
    names = keyed(block, [entries[i] for i in order])
    name_of = {position: names[n] for n, position in enumerate(order)}
    natural = order == list(range(len(entries))) and all(isinstance(slot, int) for slot in slots)
    one = ListResidue(None if natural else slots)
    for i, below in enumerate(leftovers):
        if below or not natural:
            one.items.append([name_of[i][0], name_of[i][1], below or None])
    if one:
        residue.lists[text] = one


def spread_order(block: Block, keys: list[tuple[str, ...]]) -> list[int]:
    """The order in which entries of a spread block are written: by first key in code list order, then as they stand."""
    from metaharmon import codelists

    node = block.ours.node
    codes = codelists.load(node.codelist) if codelists.exists(node.codelist) else None

    def rank(key: str) -> tuple[int, str]:
        return (codes.order(key) if codes is not None else 0, key)

    return sorted(range(len(keys)), key=lambda i: (min(map(rank, keys[i])), i))


def _place_entries(block: Block, entries: list[Any], keys: list[tuple[str, ...]], tree: dict[str, Any]) -> None:
    if not entries:
        return
    if block.parts:
        for number, part in enumerate(block.parts):
            mine = [entry[str(number)] for entry in entries if str(number) in entry]
            _place_entries(part, mine, [()] * len(mine), tree)
        return
    if block.spread:
        at = block.ours.get(tree)
        at = {} if at is None else at
        for i in spread_order(block, keys):
            for key in keys[i]:
                at.setdefault(key, []).append(copied(entries[i]) if block.spread_many else entries[i])
        block.ours.put(tree, at)
        return
    present = block.ours.get(tree)
    block.ours.put(tree, [*(present or []), *entries])


def _to_normal(tree: dict[str, Any], scope: Scope) -> None:
    """Bring the lists that several rules fill, or that have an order of their own, into normal order."""
    for slot in scope.lists:
        entries = slot.get(tree)
        if entries.__class__ is list and isinstance(slot.node, shape.ListOf) and slot.node.kind != "sequence" and len(entries) > 1:
            slot.put(tree, sort_list(entries, slot.node))


def _read_derived(one: Derived, record: Any, up: Any, out: Read, residue: Residue, where: str, index: int) -> None:
    raw = get(record, one.slot.steps)
    expected = derive(one, record, up, index)
    if one.index is not None:
        expected = _index_of(where, one)
    exact = raw is expected or (raw is not MISSING and expected is not MISSING and same(raw, expected))
    if not exact:
        residue.digests[one.slot.text] = digest(None if expected is MISSING else expected)
        if raw is MISSING:
            residue.gone.append(one.slot.text)
        else:
            residue.leaves[one.slot.text] = raw
            if one.constant:
                out.problems.append(Diagnostic(dx.NOT_DERIVED, f"this field is always {one.constant[0]!r} in this dialect", path=_under(where, one.slot.text), rule=one.place))
    if out.fates is not None and raw is not MISSING:
        out.fates.append(Fate(_under(where, one.slot.text), "derived" if exact else "spelled", leaves(raw), informative_leaves(raw), (), one.place))


def _index_of(where: str, one: Derived) -> Any:
    tail = where.rsplit(".", 1)[-1]
    return (int(tail) if tail.isdigit() else 0) + (one.index or 0)


def derive(one: Derived, record: Any, up: Any, index: int) -> Any:
    """The value that a derived field has in a record; MISSING where its source is not there."""
    if one.constant:
        return one.constant[0]
    if one.index is not None:
        return index + one.index
    source = one.copy or one.count
    value = get(record, source.steps, up)  # type: ignore[union-attr]
    if one.count is not None:
        return len(value) if value.__class__ in (list, dict) else MISSING
    return value


def companions_digest(record: Any, companions: Any, up: Any) -> str:
    """A digest of the fields with which a kept field stays or goes."""
    found = [get(record, steps, up) for steps in companions]
    return digest([["gone"] if raw is MISSING else [raw] for raw in found])


def _strays(scope: Scope, record: Any, out: Read, residue: Residue, where: str) -> None:
    """What no rule reads, into the residue."""
    if record.__class__ is not dict:
        return
    for keys, raw in stray_values(record, scope.known, ()):
        text = leaf_text(keys)
        residue.leaves[text] = raw
        if out.fates is not None:
            out.fates.append(Fate(_under(where, text), "kept", leaves(raw), informative_leaves(raw)))


def stray_values(record: dict[str, Any], known: dict[str, Any], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """The values of a record that no rule reads, each as high as it is wholly unread."""
    out: list[tuple[tuple[str, ...], Any]] = []
    for key, value in record.items():
        below = known.get(key)
        if below is None:
            below = known.get(None)  # type: ignore[call-overload]
        if below is True:
            continue
        if below is None or value.__class__ is not dict or not value:
            out.append(((*path, key), value))
        else:
            out.extend(stray_values(value, below, (*path, key)))
    return out


def _under(where: str, text: str) -> str:
    return f"{where}.{text}" if where else text


# --- writing -------------------------------------------------------------------------------------------------------


def write(plan: Plan, tree: dict[str, Any], residue: Residue | None = None) -> Written:
    """Write a canonical tree, with the residue of the record it was read from. Never raises on data."""
    out = Written({}, [])
    record = _write_scope(plan.record, tree, residue or Residue(), out, (), "")[0]
    out.record = record if isinstance(record, dict) else {}
    finish(plan.record, out.record, None, 0, residue or Residue(), out, "")
    for text, steps in plan.required:
        if get(out.record, steps) is MISSING:
            out.problems.append(Diagnostic(dx.REQUIRED_MISSING, f"the dialect requires '{text}'", path=text))
    return out


Path = tuple[str | int, ...]
At = Any
"""Where an entry of ours stands: a record path, one per part of a joined block, or a list of copies."""


def _paths(at: At, path: Path) -> list[Path]:
    """The record paths of a place in an entry."""
    if isinstance(at, list):
        return [one for each in at for one in _paths(each, path)]
    if isinstance(at, dict):
        return _paths(at[path[0]], path[1:])  # type: ignore[index]
    return [(*at, *path)]


def _lose(at: At, path: Path, kind: str, reason: str, becomes: Any = None, place: Place | None = None) -> list[Loss]:
    return [Loss(record_path(*one), kind, reason, becomes, place) for one in _paths(at, path)]


def _write_scope(scope: Scope, tree: Any, residue: Residue, out: Written, at: At, where: str) -> tuple[Any, bool]:
    """Their record or entry of ours, and whether any value of ours was said."""
    record: Any = {}
    said: set[Any] = set()
    for cell in scope.cells:
        values = tuple(slot.get(tree) if slot.steps else tree for slot in cell.ours)
        writing, note = write_with_residue(cell, values, residue)
        if note:
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, note, path=_under(where, cell.theirs[0].text), rule=cell.lines[0].place))
        for slot, raw in zip(cell.theirs, writing.raws, strict=True):
            if raw is MISSING or (slot.steps and isinstance(slot.steps[0], Up)):
                continue
            if slot.steps:
                put(record, slot.steps, raw)
            else:
                record = raw
        out.losses.extend(cell_losses(cell, tree, writing, at))
        lost_slots = {part.slot for part, _ in writing.losses if part.kind == "omitted" and not part.inside}
        said.update(slot.steps for i, (slot, v) in enumerate(zip(cell.ours, values, strict=True)) if v is not None and i not in lost_slots and cell.theirs)
    for block in scope.blocks:
        if _write_block(block, tree, record, residue, out, at, where):
            said.update(part.ours.steps for part in block.parts or (block,))
    for line in scope.one_way:
        out.losses.extend(_one_way_losses(line, tree, record, at))
    for path in unclaimed(tree, scope.claims):
        out.losses.extend(_lose(at, path, "omitted", "the dialect has no field for it"))
    for entry in scope.selected:
        if entry.get(tree) is not None and not any(steps[: len(entry.steps)] == entry.steps for steps in said):
            _lose_entry(out, at, entry.record_path(tree))
    return record, bool(said)


def _lose_entry(out: Written, at: At, path: Path) -> None:
    """An entry of which only its constants are left is not read back: it is lost as a whole."""
    for loss in _lose(at, path, "omitted", "nothing of this entry can be said there"):
        out.losses[:] = [one for one in out.losses if not (one.path == loss.path or one.path.startswith(f"{loss.path}."))]
        out.losses.append(loss)


def write_with_residue(cell: Cell, values: tuple[Any, ...], residue: Residue) -> tuple[CellWriting, str | None]:
    """Write a cell: its raw values if they still read to the present ones, else fresh, saying what was dropped."""
    texts = [slot.text for slot in cell.theirs]
    held = [text in residue.leaves or text in residue.gone for text in texts]
    if not any(held):
        return write_cell(cell, values), None
    if not all(held):
        return write_cell(cell, values), "the residue holds only a part of the cell; it was not used"
    raws = tuple(residue.leaves.get(text, MISSING) for text in texts)
    if same_values(read_cell(cell, raws).values, values):
        return CellWriting(raws, ()), None
    fresh = write_cell(cell, values)
    if len(cell.lines) == 1:
        older = cell.lines[0].clause.restore(raws, values)
        if older is not None and same_values(read_cell(cell, older).values, read_cell(cell, fresh.raws).values):
            return CellWriting(older, fresh.losses), None
    return fresh, "the raw value no longer agrees with the product; it was written anew"


def cell_losses(cell: Cell, tree: Any, writing: CellWriting, at: At) -> list[Loss]:
    """The losses of a cell, with record paths of ours."""
    out = []
    for part, place in writing.losses:
        slot = cell.ours[part.slot]
        if isinstance(at, dict) and slot.steps[0] not in at:
            continue  # a part of a joined entry that is not read back
        out.extend(_lose(at, (*slot.record_path(tree), *part.inside), part.kind, part.reason, part.becomes, place))
    return out


def _one_way_losses(line: Any, tree: Any, record: Any, at: At) -> list[Loss]:
    """A read-only rule loses what its fields, as written, will not say."""
    raws = tuple(get(record, slot.steps) for slot in line.theirs)
    out = []
    for slot, found in zip(line.ours, line.clause.read(raws).values, strict=True):
        now = slot.get(tree)
        if isinstance(at, dict) and slot.steps[0] not in at:
            continue
        kind = "added" if now is None else "omitted" if found is None else "changed"
        if (now is None) != (found is None) or (now is not None and not same(now, found)):
            out.extend(_lose(at, slot.record_path(tree), kind, line.one_way, found, line.place))
    return out


def _write_block(block: Block, tree: Any, record: Any, residue: Residue, out: Written, at: At, where: str) -> bool:
    text = block.theirs.text
    older = residue.lists.get(text) or ListResidue()
    left = {(key, n): below for key, n, below in older.items}
    entries, places = our_entries(block, tree, at)
    fresh: list[Any] = []
    written: list[Any] = []
    leftovers: dict[int, Residue] = {}
    for entry, place, key in zip(entries, places, keyed(block, entries), strict=True):
        mark = (len(out.losses), len(out.problems))
        below = left.get(key) or Residue()
        item, said = _write_scope(block.scope, entry, below, out, place, f"{_under(where, text)}.{len(fresh)}")
        item = _with_where(block, item, entry)
        reason = _unread_entry(block, item, said) or _lost_needed(block, place, out.losses[mark[0] :])
        if reason:
            del out.losses[mark[0] :], out.problems[mark[1] :]
            for one in place.values() if isinstance(place, dict) else [place]:
                out.losses.extend(_lose(one, (), "omitted", reason, place=block.place))
            continue
        fresh.append(item)
        written.append(entry)
        leftovers[id(item)] = below
    if not fresh and not (older.slots and any(isinstance(s, dict) for s in older.slots)):
        raw = residue.leaves.get(text, MISSING) if text in residue.leaves or text in residue.gone else block.empty
        if raw is not MISSING:
            put(record, block.theirs.steps, raw)
        return False
    if older.slots is not None:
        fresh = fill_slots(block, older.slots, older.items, written, fresh)
    for i, item in enumerate(fresh):
        if id(item) in leftovers:
            finish(block.scope, item, record, i, leftovers[id(item)], out, f"{_under(where, text)}.{i}")
    put(record, block.theirs.steps, fresh)
    return bool(written)


def our_entries(block: Block, tree: Any, at: At) -> tuple[list[Any], list[At]]:
    """The entries of ours that a block writes, in our order, with where they stand."""
    if block.parts:
        lists = [list(zip(*our_entries(part, tree, at), strict=True)) for part in block.parts]
        joined = join_parts(block, lists)
        for entry, places in joined:
            if "0" not in entry:  # their entry will be read as one of the first list, too
                places["0"] = _beyond(block.parts[0], tree, at, joined, entry)
        return [entry for entry, _ in joined], [places for _, places in joined]
    found = block.ours.get(tree)
    if found is None:
        return [], []
    base = block.ours.record_path(tree)
    if block.spread:
        return _spread_entries(block, found, at, base)
    chosen = [(entry, _place(at, (*base, i))) for i, entry in enumerate(found) if block.scalar or block.select.fits(entry)]
    return [entry for entry, _ in chosen], [place for _, place in chosen]


def _place(at: At, path: Path) -> At:
    paths = _paths(at, path)
    return paths[0] if len(paths) == 1 else paths


def _beyond(part: Block, tree: Any, at: At, joined: list[Any], entry: Any) -> At:
    """Where an entry that only another list has will come to stand in this one: behind those that are there."""
    present = part.ours.get(tree) or []
    before = 0
    for other, _ in joined:
        if other is entry:
            break
        before += "0" not in other
    return _place(at, (*part.ours.record_path(tree), len(present) + before))


def _spread_entries(block: Block, found: dict[str, Any], at: At, base: Path) -> tuple[list[Any], list[At]]:
    """Entries over the keys of a keyed map; with `many`, equal entries under several keys are one."""
    flat = [(key, i, entry) for key, listed in found.items() for i, entry in enumerate(listed)]
    groups: dict[Any, list[tuple[str, int, Any]]] = {}
    for key, i, entry in flat:
        nth = sum(1 for k, j, e in flat if k == key and j < i and same(e, entry)) if block.spread_many else i
        groups.setdefault((canonical_json(entry), nth) if block.spread_many else (key, i), []).append((key, i, entry))
    listed = list(groups.values())
    keys = [tuple(key for key, _, _ in group) for group in listed]
    entries, places = [], []
    for i in spread_order(block, keys):
        under = sorted(keys[i]) if block.spread_many else keys[i][0]
        entries.append({**listed[i][0][2], block.spread: under})
        paths = [_place(at, (*base, key, n)) for key, n, _ in listed[i]]
        places.append(paths[0] if len(paths) == 1 else paths)
    return entries, places


def _with_where(block: Block, item: Any, entry: Any) -> Any:
    """An entry with the constants by which it is found again."""
    if item.__class__ is dict:
        wanted = [part.where for i, part in enumerate(block.parts) if str(i) in entry] if block.parts else [block.where]
        for where in wanted:
            for slot, constants in where:
                if get(item, slot.steps) is MISSING:
                    put(item, slot.steps, constants[0])
    return item


def _unread_entry(block: Block, item: Any, said: bool) -> str | None:
    """Why a reader would not take the written entry for one of ours."""
    if not said:
        return "nothing of this entry can be said there"
    if not _fits(block, item):
        return "there, only other entries of this list are of this kind"
    return None


def _lost_needed(block: Block, place: At, losses: list[Loss]) -> str | None:
    """Why an entry that lost its discriminator is lost as a whole."""
    for name in needed_members(block):
        paths = {record_path(*path) for path in _paths(place, (name,))}
        reason = next((loss.reason for loss in losses if loss.kind == "omitted" and loss.path in paths), None)
        if reason is not None:
            return reason
    return None


def finish(scope: Scope, record: Any, up: Any, index: int, residue: Residue, out: Written, where: str) -> None:
    """After all else: kept fields return, derived fields are computed from the record as written, held texts close."""
    if record.__class__ is not dict:
        return
    _finish_kept(scope, record, up, residue, out, where)
    for one in scope.derived:
        value = derive(one, record, up, index)
        if residue.digests.get(one.slot.text) == digest(None if value is MISSING else value):
            value = residue.leaves.get(one.slot.text, MISSING)
        if value is not MISSING:
            put(record, one.slot.steps, value)
    for hold in reversed(scope.holds):
        steps = tuple(map(Key, hold.keys))
        value = get(record, steps)
        text = leaf_text(hold.keys)
        unopened = residue.frames.get(text) is False and text in residue.leaves and value is residue.leaves[text]
        if value is not MISSING and value is not None and not unopened:
            put(record, steps, hold.container.close(value, residue.frames.get(text)))


def _finish_kept(scope: Scope, record: dict[str, Any], up: Any, residue: Residue, out: Written, where: str) -> None:
    mapped = scope.mapped_texts
    with_of = {leaf_text(kept.keys): kept for kept in scope.kept_with}
    for text, raw in residue.leaves.items():
        if text in mapped:
            continue
        kept = with_of.get(text)
        if kept is not None and residue.digests.get(text) != companions_digest(record, kept.companions, up):
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, "a field that it goes with has changed", path=_under(where, text)))
            continue
        if not _put_back(record, leaf_keys(text), raw):
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, "another value stands there now", path=_under(where, text)))


def _put_back(record: dict[str, Any], keys: tuple[str, ...], raw: Any) -> bool:
    """Put a kept value where it was, unless something else has come there."""
    here: Any = record
    for key in keys[:-1]:
        if key not in here:
            here[key] = {}
        here = here[key]
        if here.__class__ is not dict:
            return False
    if keys[-1] in here:
        return False
    here[keys[-1]] = raw
    return True


def apply(tree: dict[str, Any], losses: list[Loss]) -> dict[str, Any]:
    """The tree that a reader of the written record finds (law 2)."""
    return apply_losses(tree, losses)
