"""Cells and entries at work: what the interpreter and the compiled code share, so that it is said once."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Loss, Place
from metaharmon.engine.outcome import At, Written, lose, lose_entry
from metaharmon.engine.residue import Residue, digest
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import LostPart, Problem
from metaharmon.mapping.plan import Block, Cell, Line
from metaharmon.model import shape
from metaharmon.model.normal import canonical_json, same, sort_list
from metaharmon.paths import get


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
            reason = f"the field '{cell.theirs[clash[0]].text}' says something else already"
            losses.extend(
                (LostPart(slot, (), "omitted", reason), line.place) for slot in paths if values[slot] is not None
            )
            continue
        losses.extend((part._replace(slot=paths[part.slot]), line.place) for part in writing.losses)
        for f, raw in zip(fields, writing.raws, strict=True):
            if f not in taken and (says or raws[f] is MISSING):
                raws[f] = raw
                if says and raw is not MISSING:
                    taken.add(f)
    losses.extend(_heard_besides(cell, values, tuple(raws)))
    return CellWriting(tuple(raws), tuple(losses))


def _heard_besides(cell: Cell, values: tuple[Any, ...], raws: tuple[Any, ...]) -> list[tuple[LostPart, Place | None]]:
    """What a rule will read from a field that another rule has filled."""
    out: list[tuple[LostPart, Place | None]] = []
    for line, fields, paths in zip(cell.lines, cell.fields_of, cell.paths_of, strict=True):
        if any(values[i] is not None for i in paths):
            continue
        heard = line.clause.read(tuple(raws[i] for i in fields)).values
        out.extend(
            (LostPart(slot, (), "added", "the field is filled for another reason", value), line.place)
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
    lost = {part.slot for part, _ in writing.losses if part.kind == "omitted" and not part.inside}
    return [slot.steps for i, slot in enumerate(cell.ours) if values[i] is not None and i not in lost]


def lose_unclaimed(found: list[Any], out: Written, at: At) -> None:
    """Note what no rule of the dialect can say."""
    for path in found:
        out.losses.extend(lose(at, path, "omitted", "the dialect has no field for it"))


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
        out.extend(lose(at, (*slot.record_path(tree), *part.inside), part.kind, part.reason, part.becomes, place))
    return out


def one_way_losses(line: Line, tree: Any, record: Any, at: At) -> list[Loss]:
    """A read-only rule loses what its fields, as written, will not say."""
    found = line.clause.read(tuple(get(record, slot.steps) for slot in line.theirs)).values
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


# --- entries of lists ----------------------------------------------------------------------------------------------


def list_shape(block: Block) -> Any:
    """The canonical list that a block fills."""
    node = block.ours.node
    return node.value if block.spread else node


def needed_members(block: Block) -> tuple[str, ...]:
    """Members without which an entry is none: the discriminator of its list, and the state of an offer."""
    node = list_shape(block)
    if block.spread:
        return (block.spread,)
    if block.parts or not isinstance(node, shape.ListOf) or node.kind != "discriminated":
        return ()
    offer = isinstance(node.item, shape.Group) and node.item.name == "offer"
    return (*node.by[:1], "state") if offer else tuple(node.by[:1])


def entry_key(block: Block, entry: Any) -> str | None:
    """The alignment key of an entry of ours, as text; None when it has none and content decides."""
    if block.parts:
        tag = min(entry)
        found = entry_key(block.parts[int(tag)], entry[tag])
        return None if found is None else f"{tag}:{found}"
    node = list_shape(block)
    if block.scalar:
        return None
    if block.key is not None:
        found = [_at(entry, path) for path in block.key]
        return canonical_json(found) if all(v is not None for v in found) else None
    for alternative in node.key if isinstance(node, shape.ListOf) else ():
        if alternative == (".",):
            return None
        found = [_first_id(entry) if name == "ids" else _at(entry, name) for name in alternative]
        if any(v is not None for v in found):
            return canonical_json([v for v in found if v is not None])
    return None


def _at(entry: Any, name: str) -> Any:
    for part in name.split("."):
        entry = entry.get(part) if isinstance(entry, dict) else None
    return entry


def _first_id(entry: Any) -> Any:
    ids = entry.get("ids") if isinstance(entry, dict) else None
    return [next(iter(sorted(ids.items())))] if ids else None


def keyed(block: Block, entries: list[Any]) -> list[tuple[str, int]]:
    """(key, n-th with that key) of each entry, in our order. Without a key: its content and how often it stands."""
    if block.spread:  # the key of the map is no part of the entry
        entries = [{name: value for name, value in entry.items() if name != block.spread} for entry in entries]
    keys = [entry_key(block, entry) for entry in entries]
    contents = [None if key is not None else digest(entry) for key, entry in zip(keys, entries, strict=True)]
    totals = Counter(c for c in contents if c is not None)
    seen: Counter[str] = Counter()
    out = []
    for key, content in zip(keys, contents, strict=True):
        name = key if key is not None else f"={content}*{totals[content]}"
        out.append((name, seen[name]))
        seen[name] += 1
    return out


def in_our_order(block: Block, entries: list[Any]) -> list[int]:
    """The positions of entries in the normal order of the list."""
    node = list_shape(block)
    if block.parts:
        return _joined_order(block, entries)
    if not isinstance(node, shape.ListOf) or node.kind == "sequence":
        return list(range(len(entries)))
    tagged = [(i, entry) for i, entry in enumerate(entries)]
    ordered = sort_list([entry for _, entry in tagged], node)
    places: dict[int, list[int]] = {}
    for i, entry in tagged:
        places.setdefault(id(entry), []).append(i)
    return [places[id(entry)].pop(0) for entry in ordered]


def fill_slots(
    block: Block, slots: list[Any], items: list[list[Any]], entries: list[Any], fresh: list[Any]
) -> list[Any]:
    """Their list, put together: raw entries stay in their slots, ours fill the others (mapping language, 5.4)."""
    keys = {key: i for i, key in enumerate(keyed(block, entries))}
    node = list_shape(block)
    by = tuple(node.by) if isinstance(node, shape.ListOf) and node.kind == "discriminated" and not block.parts else ()
    own = not block.parts and isinstance(node, shape.ListOf) and node.kind == "bag"

    def group(i: int) -> Any:
        if block.spread:
            return canonical_json(entries[i][block.spread])
        return canonical_json([_at(entries[i], name) for name in by]) if by else ""

    queues: dict[Any, list[int]] = {}
    for i in range(len(entries)):
        queues.setdefault(group(i), []).append(i)
    used: set[int] = set()
    out: list[Any] = []
    for slot in slots:
        if isinstance(slot, dict):
            out.append(slot["raw"])
            continue
        key, n, _ = items[slot]
        at = keys.get((key, n))
        if at is None:
            continue
        if not own:
            at = queues[group(at)].pop(0)
        used.add(at)
        out.append(fresh[at])
    out.extend(fresh[i] for i in range(len(entries)) if i not in used)
    return out


def _joined_order(block: Block, entries: list[Any]) -> list[int]:
    """The order in which joined entries are written again."""
    lists = []
    for number, part in enumerate(block.parts):
        mine = [(entry[str(number)], i) for i, entry in enumerate(entries) if str(number) in entry]
        lists.append([mine[i] for i in in_our_order(part, [entry for entry, _ in mine])])
    return [next(iter(places.values())) for _, places in join_parts(block, lists, unseen_joins(block, entries))]


Joined = tuple[dict[str, Any], dict[str, Any]]


def join_parts(block: Block, lists: list[list[tuple[Any, Any]]], remembered: list[dict[str, str]]) -> list[Joined]:
    """Entries of ours that stand in one entry of theirs: those that write the shared fields alike.

    `lists`: per part its (entry, record path). Gives ({part: entry}, {part: record path}). The first part's order is
    kept; an entry without a partner stands before the next of its list that has one. `remembered`: entries of one
    item that share nothing, by their content.
    """
    partners = {(tag, pair[tag]): digest(sorted(pair.items())) for pair in remembered for tag in pair}

    def name_of(tag: str, entry: Any) -> str:
        return _shared_raws(block, tag, entry) or (partners.get((tag, digest(entry)), "") if partners else "")

    out: list[Joined] = [({"0": entry}, {"0": path}) for entry, path in lists[0]]
    for number, entries in enumerate(lists[1:], 1):
        tag = str(number)
        waiting: dict[str, list[Joined]] = {}
        for one in out:
            name = name_of(min(one[0]), one[0][min(one[0])])
            if name:
                waiting.setdefault(name, []).append(one)
        alone: list[Joined] = []
        for entry, path in entries:
            name = name_of(tag, entry)
            partner = next((one for one in waiting.get(name, ()) if tag not in one[0]), None) if name else None
            if partner is None:
                alone.append(({tag: entry}, {tag: path}))
                if _shared_raws(
                    block, tag, entry
                ):  # it is read as an entry of the first list too, which must then come last there
                    out.append(alone.pop())
                continue
            partner[0][tag] = entry
            partner[1][tag] = path
            at = next(i for i, one in enumerate(out) if one is partner)
            out[at:at] = alone
            alone = []
        out.extend(alone)
    return out


def unseen_joins(block: Block, entries: list[Any]) -> list[dict[str, str]]:
    """Of joined entries, those whose parts share nothing: what must be remembered to join them again."""
    return [
        {tag: digest(part) for tag, part in entry.items()}
        for entry in entries
        if len(entry) > 1 and not all(_shared_raws(block, tag, part) for tag, part in entry.items())
    ]


def _shared_raws(block: Block, tag: str, entry: Any) -> str:
    """What an entry alone writes into the fields that it shares with the other parts; '' where it says none of them."""
    found = []
    for cell in block.scope.cells:
        tags = {slot.steps[0] for slot in cell.ours}
        if len(tags) > 1 and tag in tags:
            values = tuple(slot.get({tag: entry}) if slot.steps[0] == tag else None for slot in cell.ours)
            if all(v is None for v in values):
                return ""
            found.append([None if raw is MISSING else raw for raw in write_cell(cell, values).raws])
    return digest(found) if found else ""


def own_parts(block: Block, combined: dict[str, Any]) -> dict[str, Any]:
    """The parts of an entry that say something of their own; a part that only repeats shared fields is none."""
    shared = [slot for cell in block.scope.cells if len({s.steps[0] for s in cell.ours}) > 1 for slot in cell.ours]
    out = {}
    for tag, entry in combined.items():
        if tag == "0" or _has_more(entry, [slot for slot in shared if slot.steps[0] == tag], tag, block):
            out[tag] = entry
    return out


def _has_more(entry: Any, shared: list[Any], tag: str, block: Block) -> bool:
    """Whether an entry holds anything besides its shared paths and what is read only."""
    repeated = list(shared) + [slot for line in block.scope.one_way for slot in line.ours if slot.steps[0] == tag]
    said = {slot.steps[1:] for slot in repeated if slot.get({tag: entry}) is not None}
    return any((name,) not in said for name in entry)
