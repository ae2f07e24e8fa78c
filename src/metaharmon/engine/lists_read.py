"""Lists of theirs read into entries of ours (mapping language, 5). How an entry is read is the engine's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic
from metaharmon.engine.alignment import (
    in_our_order,
    keyed,
    member_of,
    needed_members,
    own_parts,
    says_own,
    unseen_joins,
)
from metaharmon.engine.finish import take_out
from metaharmon.engine.left import KEPT, UNKNOWN, UNREAD, left_of_entry, left_whole, move_left
from metaharmon.engine.outcome import Fate, Read, under
from metaharmon.engine.residue import NO_ENTRY, ListResidue, Residue, digest
from metaharmon.engine.spread import apart, spread_groups
from metaharmon.engine.whole import lacking, left_unread, note_unread, why_unread
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.levels import is_pseudo
from metaharmon.mapping.ours import OurSlot, Select, bury
from metaharmon.mapping.plan import Block, Scope
from metaharmon.model import shape
from metaharmon.model.normal import copied, same, sort_list
from metaharmon.paths import Key, get, keys_of, leaf_text, leaves

ReadScope = Callable[[Scope, Any, Any, Read, Residue, str], Any]


def read_block(
    block: Block, record: Any, tree: dict[str, Any], out: Read, residue: Residue, where: str, read_scope: ReadScope
) -> None:
    """Read a list of theirs into the lists of ours that it fills."""
    raw = get(record, block.theirs.steps)
    text = block.theirs.text
    items = _their_items(block, raw)
    if items is not None and not block.applies(tree):
        _keep_whole(block, raw, out, residue, where)
        return
    if items is None:
        _read_no_list(block, raw, out, residue, where)
        return
    entries: list[Any] = []
    leftovers: list[Residue] = []
    keys: list[tuple[str, ...]] = []
    slots: list[Any] = []
    for i, item in enumerate(items):
        here = place_of(block, where, i)
        below = Residue()
        ours = (item.__class__ is dict or block.scope.whole_item) and fits(block, item)
        mark, left_mark, heard_mark, noted = len(out.fates or ()), len(out.left), len(out.heard), len(out.problems)
        seen = _without_others(block, item, out, below, here) if ours and block.parts else item
        entry, names = _read_entry(block, seen, record, out, below, here, read_scope) if ours else (None, ())
        bare = (item if block.level is None else block.level.keyless(item)) == {}
        if not entry:
            if out.fates is not None:  # what was read of it is not ours
                out.fates[mark:] = [f._replace(fate="kept") if f.fate in _READ else f for f in out.fates[mark:]]
                del out.heard[heard_mark:]
                told = (UNREAD, why_unread(block, out, noted, here) or why_none(block), block.place)
                bare_item = item if block.level is None else block.level.keyless(item)
                if ours:
                    left_of_entry(out.left, left_mark, keys_of(here), bare_item, told, out.silence)
            if not ours or (bare and not block.scope.whole_item):
                _raw_slot(block, item, out, here)
            slots.append({"raw": item})
        elif out.fates is not None and (block.scalar or entry.__class__ is not dict):
            out.heard[heard_mark:] = [one._replace(entry=None, value=entry) for one in out.heard[heard_mark:]]
        if entry and bare and out.fates is not None:  # {} stands there, which is a leaf
            out.fates.append(Fate(here, "exact", 1, 0, (), block.place))
        if out.fates is not None and block.level is not None and raw.__class__ is dict:
            move_left(out.left, here, _key_path(block, item, where))
        if not entry:
            continue
        entries.append(entry)
        keys.append(names)
        leftovers.append(below)
        slots.append(len(entries) - 1)
    twice = block.unique and len(set(map(digest, entries))) < len(entries)  # as it should not be
    _list_residue(block, entries, leftovers, keys, slots, residue, text, twice)
    if block.level is not None and block.level.listed and raw.__class__ is dict:
        residue.frames[text] = "object"
    _place_entries(block, entries, keys, tree)


def _without_others(block: Block, item: Any, out: Read, below: Residue, here: str) -> Any:
    """An entry without the fields that only rules read whose entries are others; they are kept."""
    seen = item
    for tag, fields in block.own_fields.items():
        if not fields or _where(block.parts[int(tag)], item):
            continue
        for text, keys in fields:
            raw = get(item, tuple(map(Key, keys)))
            if raw is not MISSING:
                below.leaves[text] = raw
                below.digests[text] = NO_ENTRY
                seen = dict(item) if seen is item else seen
                take_out(seen, keys, raw, out, here, (KEPT, OTHER_KIND, block.parts[int(tag)].place))
    return seen


def place_of(block: Block, where: str, i: int) -> str:
    """Where an entry of theirs stands."""
    return under(where, block.theirs.text) if block.single else f"{under(where, block.theirs.text)}.{i}"


def fits(block: Block, item: Any) -> bool:
    """Whether an entry of theirs is one of ours."""
    if block.level is not None and not block.level.listed and block.level.key_of(item) is None:
        return False
    return any(_where(part, item) for part in block.parts) if block.parts else _where(block, item)


def _read_entry(
    block: Block, item: Any, record: Any, out: Read, below: Residue, here: str, read_scope: ReadScope
) -> tuple[Any, tuple[str, ...]]:
    """An entry of ours of one of theirs, and the keys of the keyed map under which it stands."""
    mark = len(out.problems)
    read = read_scope(block.scope, item, record, out, below, here)
    barred = left_unread(block, below, out, mark, here)
    entry, names = _entry_of(block, item, read, barred, out, below, here)
    if not block.entire or (entry and not barred):
        return entry, names
    if entry or len(out.problems) == mark:  # else a finding says already why it is none
        note_unread(block, barred or lacking(read, needed_members(block)), out, here)
    return None, ()


def _entry_of(
    block: Block, item: Any, entry: Any, barred: str | None, out: Read, below: Residue, here: str
) -> tuple[Any, tuple[str, ...]]:
    """What was read of an entry as an entry of ours; `barred`: why one of its parts that must be whole is not."""
    if not entry or not tells(block, entry) or (not block.parts and not says_own(block, entry)):
        return None, ()
    if block.raised is not None and block.raised.names >= entry.keys():
        return None, ()
    if block.parts:
        parts = {}
        for tag, one in own_parts(block, entry).items():
            part = block.parts[int(tag)]
            if not one or not _where(part, item):
                continue
            made = _with_constants(part.select, one)
            whole = tells(part, made) and (not part.entire or _has_needed(part, made))
            if whole and not (part.entire and barred):
                parts[tag] = made
                continue
            why = note_unread(part, barred, out, here) if whole else None
            _keep_part(block, tag, item, out, below, here, why or _lacks(block.telling))
        return parts or None, ()
    if block.spread:
        if any(name not in entry for name in needed_members(block)):
            return None, ()
        names = entry.pop(block.spread)
        if not entry or not block.taken.isdisjoint(names if block.spread_many else (names,)):
            return None, ()
        if not block.spread_many:
            return entry, (names,)
        return (entry, tuple(names)) if len(set(names)) == len(names) else (None, ())
    entry = _with_constants(block.select, entry)
    if not _has_needed(block, entry):
        return None, ()
    if any(not _understood(inner, item, entry) for inner in block.scope.blocks if inner.every):
        return None, ()
    return entry, ()


def _has_needed(block: Block, entry: Any) -> bool:
    return all(name in entry for name in needed_members(block))


def tells(block: Block, entry: Any) -> bool:
    """Whether an entry has one of the members without which it says nothing; a plain value says itself."""
    telling, complete = block.telling, block.complete
    if complete is not None and not complete(entry):
        return False
    return not telling or entry.__class__ is not dict or any(name in entry for name in telling)


def _understood(block: Block, item: Any, entry: Any) -> bool:
    """Whether every entry of a list inside an entry was read, with all that it needs."""
    raw = get(item, block.theirs.steps)
    found = block.ours.get(entry) or []
    there = len(raw) if raw.__class__ is list else 0 if raw is MISSING or raw is None or raw in ("", {}) else 1
    return len(found) == there and all(member_of(one, path) is not None for one in found for path in block.every)


def _their_items(block: Block, raw: Any) -> list[Any] | None:
    """Their entries, or None where there is no list."""
    if block.single:
        return [raw] if raw.__class__ is dict and raw and not any(map(is_pseudo, raw)) else None
    if block.level is not None and not (block.level.listed and raw.__class__ is list):
        return (block.level.items(raw) or None) if raw.__class__ is dict else None
    return raw if raw.__class__ is list and raw else None


def _keep_whole(block: Block, raw: Any, out: Read, residue: Residue, where: str) -> None:
    """A list that says nothing in an entry of this kind: it is kept as it is."""
    held = {block.theirs.text: raw}
    if block.level is not None:
        keys = tuple(step.name for step in block.theirs.steps)  # type: ignore[union-attr]
        held = {leaf_text((*keys, key)): value for key, value in raw.items() if block.level.holds(key, value)}
    for text, value in held.items():
        residue.leaves[text] = value
        if out.fates is not None:
            weight = leaves(value), out.silence.informative(value)
            out.left.extend(left_whole(under(where, text), value, KEPT, NO_SUCH_LIST, block.place, out.silence))
            out.fates.append(Fate(under(where, text), "kept", *weight, (), block.place, value))
    message = f"{NO_SUCH_LIST}; it is kept as it is"
    out.problems.append(Diagnostic(dx.ITEM_NOT_READ, message, path=under(where, block.theirs.text), rule=block.place))


def _read_no_list(block: Block, raw: Any, out: Read, residue: Residue, where: str) -> None:
    if block.level is not None:  # nor of a listed one: an empty list is kept like any other value
        return  # what else stands there is no business of this list
    text = block.theirs.text
    spelled = not (raw is block.empty or (raw is not MISSING and block.empty is not MISSING and same(raw, block.empty)))
    if raw is MISSING:
        if spelled:
            residue.gone.append(text)
        return
    if spelled:
        residue.leaves[text] = raw
    nothing = raw is None or raw == "" or raw == [] or raw == {}
    reason = f"{'an object' if block.single else 'a list'} is needed here"
    if not nothing:
        message = f"{reason}; the value is kept as it is"
        out.problems.append(Diagnostic(dx.ITEM_NOT_READ, message, path=under(where, text), rule=block.place))
    if out.fates is not None:
        if not nothing:
            out.left.extend(left_whole(under(where, text), raw, UNREAD, reason, block.place, out.silence))
        out.fates.append(
            Fate(
                under(where, text),
                ("spelled" if spelled else "exact") if nothing else "unread",
                leaves(raw),
                out.silence.informative(raw),
                (),
                block.place,
                raw,
            )
        )


def _where(block: Block, item: Any) -> bool:
    return all(any(same(get(item, slot.steps), constant) for constant in constants) for slot, constants in block.where)


def _keep_part(block: Block, tag: str, item: Any, out: Read, below: Residue, here: str, reason: str) -> None:
    """Keep what only one part reads of an entry, since it makes no entry of ours there."""
    kept = {}
    for text, keys in block.own_fields[tag]:
        raw = get(item, tuple(map(Key, keys)))
        if raw is not MISSING:
            below.leaves[text] = raw
            below.digests[text] = NO_ENTRY
            kept[under(here, text)] = True
    if out.fates is not None and kept:
        out.fates[:] = [_kept_with_entry(f, reason, out) if f.path in kept else f for f in out.fates]


_READ = ("exact", "spelled")
OTHER_KIND = "no rule reads entries of this kind"
NO_SUCH_LIST = "entries of this kind have no such list"


def why_none(block: Block) -> str:
    """Why an object that has the marks of an entry of ours is none."""
    if block.complete is not None:
        return f"the {block.ours.node.item.name} is not understood whole"
    needed = needed_members(block)
    if needed:
        return _lacks(needed)
    return _lacks(block.telling) if block.telling else "nothing of the entry is read"


def _lacks(names: tuple[str, ...]) -> str:
    shown = " or ".join(name.strip("{}") for name in names)
    return f"the entry lacks what makes it one: {shown}" if shown else "nothing of the entry is read"


def _kept_with_entry(fate: Fate, reason: str, out: Read) -> Fate:
    """What was read of an entry that is none of ours."""
    if fate.fate not in _READ:
        return fate
    if fate.raw is not MISSING:
        out.left.extend(left_whole(fate.path, fate.raw, UNREAD, reason, fate.rule, out.silence))
    return fate._replace(fate="kept")


def _key_path(block: Block, item: Any, where: str) -> str:
    """Where an entry stands in a level whose keys carry data."""
    key = block.level.key_of(item)  # type: ignore[union-attr]
    return under(where, leaf_text((*(step.name for step in block.theirs.steps), "" if key is None else key)))  # type: ignore[union-attr]


def _with_constants(select: Select, entry: Any) -> Any:
    for path, value in select.constants:
        bury(entry, path, value)
    return entry


def _raw_slot(block: Block, item: Any, out: Read, here: str) -> None:
    """An entry that is none of ours: its leaves are kept."""
    if item.__class__ is not dict and item is not None and item != "" and block.level is None:
        out.problems.append(
            Diagnostic(
                dx.ITEM_NOT_READ, "this entry is not an object; its raw form is kept", path=here, rule=block.place
            )
        )
    if out.fates is not None:
        raw = item if block.level is None else block.level.keyless(item)
        told = (UNKNOWN, OTHER_KIND) if item.__class__ is dict else (UNREAD, "an entry is an object here")
        out.left.extend(left_whole(here, raw, *told, block.place, out.silence))
        out.fates.append(Fate(here, "kept", leaves(raw), out.silence.informative(raw), (), block.place, raw))


def _list_residue(
    block: Block,
    entries: list[Any],
    leftovers: list[Residue],
    keys: list[tuple[str, ...]],
    slots: list[Any],
    residue: Residue,
    text: str,
    always: bool = False,
) -> None:
    joined = unseen_joins(block, entries) if block.parts else apart(block, entries, keys) if block.spread else []
    order = _spread_order(block, entries, keys, joined) if block.spread else in_our_order(block, entries)
    natural = order == list(range(len(entries))) and len(slots) == len(entries) and not always
    if natural and not joined and not any(leftovers):
        return
    names = keyed(block, [entries[i] for i in order])
    name_of = {position: names[n] for n, position in enumerate(order)}
    one = ListResidue(None if natural else slots, joined=joined)
    for i, below in enumerate(leftovers):
        if below or not natural:
            one.items.append([name_of[i][0], name_of[i][1], below or None])
    if one:
        residue.lists[text] = one


def _spread_order(
    block: Block, entries: list[Any], keys: list[tuple[str, ...]], remembered: list[dict[str, str]]
) -> list[int]:
    """The order in which entries of a spread block are written again."""
    found: dict[str, list[Any]] = {}
    owner: dict[tuple[str, int], int] = {}
    for i, names in enumerate(keys):
        for key in names:
            owner[key, len(found.setdefault(key, []))] = i
            found[key].append(entries[i])
    return [owner[group[0]] for group in spread_groups(block, found, remembered)]


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
        for entry, names in zip(entries, keys, strict=True):
            for n, key in enumerate(names):
                at.setdefault(key, []).append(copied(entry) if n else entry)
        block.ours.put(tree, at)
        return
    present = block.ours.get(tree)
    block.ours.put(tree, [*(present or []), *entries])


def to_normal(tree: dict[str, Any], lists: tuple[OurSlot, ...]) -> None:
    """Bring the lists that several rules fill, or that have an order of their own, into normal order."""
    for slot in lists:
        entries = slot.get(tree)
        if (
            entries.__class__ is list
            and isinstance(slot.node, shape.ListOf)
            and slot.node.kind != "sequence"
            and len(entries) > 1
        ):
            slot.put(tree, sort_list(entries, slot.node))
