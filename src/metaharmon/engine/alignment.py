"""Which entry of ours is which entry of theirs: keys, orders, slots, joined lists (mapping language, 5.3 and 5.4)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from metaharmon.engine.cells import write_cell
from metaharmon.engine.residue import digest
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.ours import FIRST
from metaharmon.mapping.plan import Block
from metaharmon.model import shape
from metaharmon.model.normal import canonical_json, sort_list


def list_shape(block: Block) -> Any:
    """The canonical list that a block fills."""
    node = block.ours.node
    return node.value if block.spread else node


def needed_members(block: Block) -> tuple[str, ...]:
    """Members without which an entry is none: the discriminator of its list, the state of an offer, and what such an
    object always has."""
    node = list_shape(block)
    item = node.item if isinstance(node, shape.ListOf) else None
    required = item.required if isinstance(item, shape.Group) and not block.parts else ()
    if block.spread:
        return (block.spread, *required)
    if block.parts or not isinstance(node, shape.ListOf) or node.kind != "discriminated":
        return required
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
    return any(
        (name,) not in said and not ((name, FIRST) in said and len(value) == 1) for name, value in entry.items()
    )
