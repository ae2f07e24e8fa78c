"""Which entry of ours is which entry of theirs: keys, orders, slots, joined lists (mapping language, 5.3 and 5.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from metaharmon.engine.cells import read_cell, write_cell
from metaharmon.engine.residue import digest
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.ours import FIRST
from metaharmon.mapping.plan import Block, Cell
from metaharmon.model import shape
from metaharmon.model.normal import canonical_json, same, sort_list


def list_shape(block: Block) -> Any:
    """The canonical list that a block fills."""
    node = block.ours.node
    return node.value if block.spread else node


def needed_members(block: Block) -> tuple[str, ...]:
    """Members without which an entry is none: the discriminator of its list, and what every such object has."""
    node = list_shape(block)
    item = node.item if isinstance(node, shape.ListOf) else None
    required = item.required if isinstance(item, shape.Group) and not block.parts else ()
    if block.spread:
        return (block.spread, *required)
    if block.parts or not isinstance(node, shape.ListOf):
        return ()
    first = node.by[:1] if node.kind == "discriminated" else ()
    return (*first, *(name for name in required if name not in first))


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
        found = [member_of(entry, path) for path in block.key]
        return canonical_json(found) if all(v is not None for v in found) else None
    for alternative in node.key if isinstance(node, shape.ListOf) else ():
        if alternative == (".",):
            return None
        found = [_first_id(entry) if name == "ids" else member_of(entry, name) for name in alternative]
        if any(v is not None for v in found):
            return canonical_json([v for v in found if v is not None])
    return None


def member_of(entry: Any, name: str) -> Any:
    """The member of an entry at a path with dots; None where it has none."""
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
    block: Block, slots: list[Any], items: list[list[Any]], entries: list[Any], places: list[Any], fresh: list[Any]
) -> list[Any]:
    """Their list, put together: raw entries stay in their slots, ours fill the others (mapping language, 5.4)."""
    keys = {key: i for i, key in enumerate(keyed(block, entries))}
    node = list_shape(block)
    by = tuple(node.by) if isinstance(node, shape.ListOf) and node.kind == "discriminated" and not block.parts else ()
    own = isinstance(node, shape.ListOf) and node.kind == "bag"  # of joined lists: the first
    if block.parts and not own:
        found = [keys.get((items[slot][0], items[slot][1])) for slot in slots if not isinstance(slot, dict)]
        own = _in_order(block, [(entries[at], places[at]) for at in found if at is not None])

    def group(i: int) -> Any:
        if block.spread:
            return canonical_json(entries[i][block.spread])
        return canonical_json([member_of(entries[i], name) for name in by]) if by else ""

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


def _in_order(block: Block, chosen: list[tuple[Any, Any]]) -> bool:
    """Whether joined entries in this order keep the order of each of our lists, where it has one."""
    for number, part in enumerate(block.parts):
        node, tag = list_shape(part), str(number)
        if not isinstance(node, shape.ListOf) or node.kind == "bag":
            continue
        by = node.by if node.kind == "discriminated" else ()
        groups: dict[str, list[tuple[int, Any]]] = {}
        for entry, place in chosen:
            at = place.get(tag) if tag in entry else None
            while isinstance(at, list):  # of copies the first: they stand in the same order
                at = at[0]
            if at is not None:
                group = canonical_json([member_of(entry[tag], name) for name in by])
                groups.setdefault(group, []).append((at[-1], entry[tag]))
        for found in groups.values():
            ours = sorted(found, key=lambda one: one[0])
            if any(one is not other and not same(one[1], other[1]) for one, other in zip(found, ours, strict=True)):
                return False  # entries that are the same may change places
    return True


def _joined_order(block: Block, entries: list[Any]) -> list[int]:
    """The order in which joined entries are written again."""
    lists = []
    for number, part in enumerate(block.parts):
        mine = [(entry[str(number)], i) for i, entry in enumerate(entries) if str(number) in entry]
        lists.append([mine[i] for i in in_our_order(part, [entry for entry, _ in mine])])
    waiting: dict[str, list[int]] = {}
    for i, entry in enumerate(entries):
        waiting.setdefault(digest(entry), []).append(i)
    order = []
    for entry, places in join_parts(block, lists, unseen_joins(block, entries)):
        alike = waiting.get(digest(entry))  # of entries that share their first part, the one with these others
        order.append(alike.pop(0) if alike else next(iter(places.values())))
    return order


Joined = tuple[dict[str, Any], dict[str, Any]]


def join_parts(block: Block, lists: list[list[tuple[Any, Any]]], remembered: list[dict[str, str]]) -> list[Joined]:
    """Entries of ours that stand in one entry of theirs: those that write the shared fields alike.

    `lists`: per part its (entry, record path). Gives ({part: entry}, {part: record path}). The first part's order is
    kept; an entry without a partner stands before the next of its list that has one. `remembered`: entries of one
    item by their content, where what they share does not say which they are. Of two lists as long as each other that
    never share a field, entries are joined one by one if those of one list are all alike: then it is all the same
    which goes with which.
    """
    partners: dict[tuple[str, str], list[str]] = {}
    for pair in remembered:  # of entries alike, each has its own partner, in their order
        for tag in pair:
            partners.setdefault((tag, pair[tag]), []).append(digest(sorted(pair.items())) if len(pair) > 1 else "")

    def name_of(tag: str, entry: Any) -> _Name:
        known = partners.get((tag, digest(entry))) if partners else None
        return _Name(_shared_raws(block, tag, entry), known.pop(0) if known else None)

    names = [[name_of(str(number), entry) for entry, _ in entries] for number, entries in enumerate(lists)]
    out: list[Joined] = [({"0": entry}, {"0": path}) for entry, path in lists[0]]
    called = {id(one): name for one, name in zip(out, names[0], strict=True)}
    for number, entries in enumerate(lists[1:], 1):
        tag = str(number)
        waiting: dict[str, list[Joined]] = {}
        for one in out:
            for name in filter(None, called[id(one)]):
                waiting.setdefault(name, []).append(one)
        wanted = {name.known for name in names[number] if name.known}
        alone: list[Joined] = []
        pairing = not (partners or _sharing(block, tag) or block.parts[number].where)
        pairing = pairing and len(entries) == len(out) and _alike(entries, out)
        behind = _behind(block, tag, entries, [name.shared for name in names[number]])
        for (entry, path), mine in zip(entries, names[number], strict=True):
            free = [one for one in waiting.get(mine.known or "", ()) if tag not in one[0]]
            if not free and mine.shared:
                free = [
                    one
                    for one in waiting.get(mine.shared, ())
                    if tag not in one[0] and _may_join(mine, called[id(one)], wanted)
                ]
                free.sort(key=lambda one: called[id(one)].known is not None)
                if id(entry) in behind:  # entries that say something of their own come first
                    free = free[behind[id(entry)] :]
            partner = free[0] if free else None
            if partner is None and pairing:
                partner = next((one for one in out if tag not in one[0]), None)
            if partner is None:
                alone.append(({tag: entry}, {tag: path}))
                called[id(alone[-1])] = mine
                if _read_beside(block, tag, entry):  # read as an entry of the first list, too: it must come last there
                    out.extend(alone)
                    alone = []
                continue
            partner[0][tag] = entry
            partner[1][tag] = path
            at = next(i for i, one in enumerate(out) if one is partner)
            out[at:at] = alone
            alone = []
        out.extend(alone)
    return out


class _Name(NamedTuple):
    """By what an entry finds its partners: what it writes into shared fields ('' for nothing), and what is remembered
    of its item ('' for one without partners, None for an entry that is new or changed)."""

    shared: str
    known: str | None


def _may_join(mine: _Name, other: _Name, wanted: set[str]) -> bool:
    """Whether an entry may join one that shares its fields: not one that stood with another that is still there."""
    return other.known is None if mine.known == "" else not other.known or other.known not in wanted


def _behind(block: Block, tag: str, entries: list[tuple[Any, Any]], names: list[str]) -> dict[int, int]:
    """Per entry that only repeats what it shares: how many of its name after it say more, and need a partner."""
    if len(set(names)) == len(names):
        return {}
    found: dict[int, int] = {}
    more: Counter[str] = Counter()
    for (entry, _), name in reversed(list(zip(entries, names, strict=True))):
        if name and own_parts(block, {tag: entry}):
            more[name] += 1
        else:
            found[id(entry)] = more[name]
    return found


def _sharing(block: Block, tag: str) -> bool:
    """Whether a part has fields that another one before it has, too."""
    found = ({slot.steps[0] for slot in cell.ours} for cell in block.scope.cells)
    return any(tag in tags and any(other < tag for other in tags) for tags in found)


def _alike(entries: list[tuple[Any, Any]], out: list[Joined]) -> bool:
    """Whether the entries of one list are all alike."""
    return len({digest(entry) for entry, _ in entries}) == 1 or len({digest(one) for one, _ in out}) == 1


def unseen_joins(block: Block, entries: list[Any]) -> list[dict[str, str]]:
    """What must be remembered of joined entries to join them again; nothing where they would be joined so anyway."""
    pairs = [{tag: digest(part) for tag, part in entry.items()} for entry in entries]
    lists: list[list[tuple[Any, Any]]] = []
    for number, part in enumerate(block.parts):
        mine = [entry[str(number)] for entry in entries if str(number) in entry]
        lists.append([(mine[i], None) for i in in_our_order(part, mine)])
    anyway = [{tag: digest(part) for tag, part in entry.items()} for entry, _ in join_parts(block, lists, [])]
    return [] if sorted(map(digest, pairs)) == sorted(map(digest, anyway)) else pairs


def _shared(block: Block, tag: str, entry: Any) -> Iterator[tuple[Cell, tuple[Any, ...]]]:
    """The cells that a part shares with others, each with what an entry alone says in it."""
    for cell in block.scope.cells:
        tags = {slot.steps[0] for slot in cell.ours}
        if len(tags) > 1 and tag in tags:
            yield cell, tuple(slot.get({tag: entry}) if slot.steps[0] == tag else None for slot in cell.ours)


def _shared_raws(block: Block, tag: str, entry: Any) -> str:
    """What an entry alone writes into the fields that it shares with the other parts; '' where it says none of them."""
    found = []
    for cell, values in _shared(block, tag, entry):
        if all(v is None for v in values):
            return ""
        raws = [None if raw is MISSING else raw for raw in write_cell(cell, values).raws]
        raws = [raw for at, raw in enumerate(raws) if at in cell.common[0]] if cell.common[0] else raws
        # what cannot be said there joins by what it is here
        found.append(raws if any(raw is not None for raw in raws) else [[v for v in values if v is not None]])
    return digest(found) if found else ""


def _read_beside(block: Block, tag: str, entry: Any) -> bool:
    """Whether what an entry alone writes into shared fields is read as an entry of another part, too."""
    for cell, values in _shared(block, tag, entry):
        read = read_cell(cell, write_cell(cell, values).raws).values
        if any(v is not None and slot.steps[0] != tag for v, slot in zip(read, cell.ours, strict=True)):
            return True
    return False


def own_parts(block: Block, combined: dict[str, Any]) -> dict[str, Any]:
    """The parts of an entry that say something of their own; a part that only repeats shared fields is none."""
    shared = [
        slot
        for cell in block.scope.cells
        if len({s.steps[0] for s in cell.ours}) > 1
        for at, slot in enumerate(cell.ours)
        if at in cell.common[1] or not cell.common[0]
    ]
    out = {}
    for tag, entry in combined.items():
        if tag == "0" or _has_more(entry, [slot for slot in shared if slot.steps[0] == tag], tag, block):
            out[tag] = entry
    return out


def says_own(block: Block, entry: Any) -> bool:
    """Whether an entry holds anything besides what is read only: else it could not be written."""
    if not block.scope.one_way or entry.__class__ is not dict:
        return True
    read = [slot.steps for line in block.scope.one_way for slot in line.ours]
    return _holds_beyond(entry, read)


def _holds_beyond(node: Any, read: list[tuple[Any, ...]]) -> bool:
    if () in read:
        return False
    if node.__class__ is list:  # a read-only rule fills its first entry
        inside = [steps[1:] for steps in read if steps[0].__class__ is not str]
        return not inside or len(node) > 1 or _holds_beyond(node[0], inside)
    if node.__class__ is not dict:
        return True
    below = {name: [steps[1:] for steps in read if steps[:1] == (name,)] for name in node}
    return any(not below[name] or _holds_beyond(value, below[name]) for name, value in node.items())


def _has_more(entry: Any, shared: list[Any], tag: str, block: Block) -> bool:
    """Whether an entry holds anything besides its shared paths and what is read only."""
    repeated = list(shared) + [slot for line in block.scope.one_way for slot in line.ours if slot.steps[0] == tag]
    said = {slot.steps[1:] for slot in repeated if slot.get({tag: entry}) is not None}
    return any((name,) not in said and not ((name, FIRST) in said and len(value) == 1) for name, value in entry.items())
