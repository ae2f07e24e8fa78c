"""Entries of ours written back into lists of theirs (mapping language, 5). How an entry is written is the engine's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.engine.alignment import (
    fill_slots,
    join_parts,
    keyed,
    list_shape,
    member_of,
    needed_members,
    own_parts,
)
from metaharmon.engine.as_read import after_losses, as_read, names_as_read, order_as_read
from metaharmon.engine.finish import finish
from metaharmon.engine.lists_read import fits, place_of
from metaharmon.engine.outcome import At, Path, Written, lose, loss_order, record_paths, under
from metaharmon.engine.residue import NO_ENTRY, ListResidue, Residue, digest
from metaharmon.engine.spread import spread_groups
from metaharmon.engine.whole import unsaid
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Silence
from metaharmon.lenses.reasons import ONE_VALUE, nothing_said
from metaharmon.mapping.levels import is_pseudo
from metaharmon.mapping.ours import Belongs
from metaharmon.mapping.plan import Block, Scope
from metaharmon.model import shape
from metaharmon.model.normal import copied, sort_list
from metaharmon.paths import Key, get, leaf_keys, put, record_path

WriteScope = Callable[[Scope, Any, Residue, Written, At, str], tuple[Any, bool]]


def write_block(
    block: Block, tree: Any, record: Any, residue: Residue, out: Written, at: At, where: str, write_scope: WriteScope
) -> bool:
    """Write the entries of ours that a list of theirs takes; whether any was said."""
    text = block.theirs.text
    older = residue.lists.get(text) or ListResidue()
    made = _entries_made(block, tree, record, older, residue.frames.get(text) == "object", out, at, where, write_scope)
    fresh = [one.item for one in made]
    if not fresh and not (older.slots and any(isinstance(s, dict) for s in older.slots)):
        raw = residue.leaves.get(text, MISSING) if text in residue.leaves or text in residue.gone else block.empty
        if raw is not MISSING:
            put(record, block.theirs.steps, copied(raw))  # the record is the caller's to change
        return False
    leftovers = {id(one.item): (one.residue, one.entry, one.place) for one in made}
    others = {id(one.item): one.others for one in made}
    if older.slots is not None:
        fresh = fill_slots(
            block, older.slots, older.items, [one.read for one in made], [one.place for one in made], fresh
        )
        fresh = fresh[-1:] if block.single else fresh
    if block.raised is not None:
        fresh = _still_belonging(block, record, fresh, out, where)
    if block.select.__class__ is Belongs:
        out.raised.append((block, [(*leftovers[id(item)][1:], item) for item in fresh if id(item) in leftovers]))
    for i, item in enumerate(fresh):
        if id(item) in leftovers:
            below, entry, place = leftovers[id(item)]
            finish(
                block.scope, item, record, i, below, out, place_of(block, where, i), (entry, place) if below else None
            )
            for field, raw in others[id(item)].items():
                put(item, tuple(map(Key, leaf_keys(field))), raw)
    if block.level is not None and block.level.listed:
        fresh = _listed(block, fresh, residue.frames.get(text) == "object", leftovers, out)
    _put_list(block, record, fresh)
    if block.parts:
        _lose_order(block, tree, at, {item: entry for item, (_, entry, _) in leftovers.items()}, fresh, out)
    return bool(made)


class _Made(NamedTuple):
    """An entry of theirs that was made, of which entry of ours, and what was left over of that."""

    item: Any
    entry: Any
    read: Any
    """The entry as it will be read back."""
    residue: Residue
    place: At
    others: dict[str, Any]
    """Kept fields that only rules read whose entries are others."""


def _entries_made(
    block: Block,
    tree: Any,
    record: Any,
    older: ListResidue,
    as_object: bool,
    out: Written,
    at: At,
    where: str,
    write_scope: WriteScope,
) -> list[_Made]:
    """Their entries, of the entries of ours that the list takes; the others are noted as lost."""
    left = {(key, n): below for key, n, below in older.items}
    entries, places = our_entries(block, tree, at, older.joined)
    names: list[tuple[str, int] | None] = [*keyed(block, entries)] if left else [None] * len(entries)
    mark = (len(out.losses), len(out.problems), len(out.raised))

    def run() -> list[_Made | None]:
        belows = [left.get(name) or Residue() if name else Residue() for name in names]
        return _each_made(block, entries, places, belows, record, older, as_object, out, where, write_scope)

    made = run()
    if left and any(one is None or one.read is not entry for one, entry in zip(made, entries, strict=True)):
        again = names_as_read(block, [one and one.read for one in made])
        if again != names:  # something is lost by which an entry was found, or numbered
            del out.losses[mark[0] :], out.problems[mark[1] :], out.raised[mark[2] :]
            names = again
            made = run()
    found = [one for one in made if one is not None]
    if all(one.read is one.entry for one in found):
        return found
    return [found[i] for i in order_as_read(block, [one.read for one in found])]


def _each_made(
    block: Block,
    entries: list[Any],
    places: list[At],
    belows: list[Residue],
    record: Any,
    older: ListResidue,
    as_object: bool,
    out: Written,
    where: str,
    write_scope: WriteScope,
) -> list[_Made | None]:
    """Per entry of ours, with what was left over of it: theirs, or None where it is lost, which is noted."""
    made: list[_Made | None] = []
    taken: set[str | None] = set()
    stated: set[str] = set()
    count = 0
    for entry, place, all_below in zip(entries, places, belows, strict=True):
        made.append(None)
        mark = (len(out.losses), len(out.problems))
        below, others = _without_others(block, entry, all_below)
        here = place_of(block, where, count)
        item, said = write_scope(block.scope, entry, below, out, place, here)
        lacking = _lacking_parts(block, entry, place, out.losses[mark[0] :])
        if lacking:
            del out.losses[mark[0] :], out.problems[mark[1] :]
            out.losses.extend(lacking.values())
            mark = (len(out.losses), len(out.problems))
            entry, place = ({tag: one for tag, one in each.items() if tag not in lacking} for each in (entry, place))
            if not entry:
                continue
            item, said = write_scope(block.scope, entry, below, out, place, here)
        said = _still_said(block, item, entry, place, as_object, out) and said
        item = _with_where(block, item, entry)
        whole = place
        if block.spread_many:
            place = _lose_copies(block, entry, place, out, mark[0])
        lost = out.losses[mark[0] :]
        reason = unsaid(block, place, lost)
        reason = reason or _unread_entry(block, item, said, lost) or _lost_needed(block, entry, place, lost)
        reason = reason or _no_room(block, record, item, count > 0, taken)
        if reason is None and block.unique and older.slots is None:
            said_here = digest(item)
            if said_here in stated:
                reason = "the same stands there already, and no two entries of the list may be the same"
            stated.add(said_here)
        if reason is None and block.parts:
            reason = _lose_repeating(block, entry, place, out, mark[0])
        if reason is None:
            read = as_read(block, entry, place, out.losses[mark[0] :])
            made[-1] = _Made(item, entry, read, below, place, others)
            count += 1
            continue
        del out.losses[mark[0] :], out.problems[mark[1] :]
        for tag, one in whole.items() if isinstance(whole, dict) else [("", whole)]:
            if not tag or tag in entry:
                out.losses.extend(lose(one, (), "omitted", reason, place=block.place))
    return made


def _still_said(block: Block, item: Any, entry: Any, place: At, as_object: bool, out: Written) -> bool:
    """Whether anything is said in an entry besides the key of an object; what has no room in it is noted as lost."""
    said = not block.single or _lose_key(block, item, entry, place, out)
    if block.level is not None and block.level.listed and not as_object:
        said = said and bool(block.level.keyless(item))
    if block.raised is not None:
        said = said and any(not is_pseudo(name) for name in item)
    return _lose_unsaid(block, item, place, out) and said


def _no_room(block: Block, record: Any, item: Any, more: bool, taken: set[str | None]) -> str | None:
    """Why an entry has no place of its own there; `taken` are the keys that others have, and gets its key."""
    if block.raised is not None and block.raised.position(record, item) is None:
        return "what it belongs to is not there, or not the only one of its name"
    if block.single and more:
        return ONE_VALUE
    if block.adjoined is not None and block.adjoined.tells(item):
        if None in taken and (reason := block.adjoined.no_room(item)):
            return str(reason)
        taken.add(None)
    if block.level is not None and not block.level.listed:
        key = block.level.key_of(item)
        if key in taken:
            return "another entry has the same key there"
        taken.add(key)
    return None


def _without_others(block: Block, entry: Any, below: Residue) -> tuple[Residue, dict[str, Any]]:
    """The residue without kept fields that only rules read whose entries are others; and these."""
    if not block.parts or not below.leaves:
        return below, {}
    texts = {text for tag, fields in block.own_fields.items() if tag not in entry for text, _ in fields}
    others = {text: raw for text, raw in below.leaves.items() if text in texts and below.digests.get(text) == NO_ENTRY}
    if not others:
        return below, {}
    rest = {text: raw for text, raw in below.leaves.items() if text not in others}
    return Residue(rest, below.gone, below.digests, below.lists, below.frames), others


def _put_list(block: Block, record: dict[str, Any], fresh: list[Any]) -> None:
    """Put their list in its place; a level joins the members that are there."""
    if block.level is not None and block.level.listed:
        here = get(record, block.theirs.steps)
        both = here.__class__ is dict and fresh.__class__ is dict
        put(record, block.theirs.steps, {**here, **fresh} if both else fresh)
        return
    if block.level is None:
        put(record, block.theirs.steps, fresh[0] if block.single else fresh)
        return
    here = get(record, block.theirs.steps)
    if here.__class__ is not dict:
        here = {}
        put(record, block.theirs.steps, here)
    here.update(block.level.joined(fresh))


def our_entries(block: Block, tree: Any, at: At, remembered: list[dict[str, str]]) -> tuple[list[Any], list[At]]:
    """The entries of ours that a block writes, in our order, with where they stand."""
    if block.parts:
        lists = [list(zip(*our_entries(part, tree, at, []), strict=True)) for part in block.parts]
        joined = join_parts(block, lists, remembered)
        for entry, places in joined:
            if "0" not in entry and not block.parts[0].entire:  # their entry will be read as one of the first list, too
                places["0"] = _beyond(block.parts[0], tree, at, joined, entry)
        return [entry for entry, _ in joined], [places for _, places in joined]
    found = block.ours.get(tree) if block.applies(tree) else None
    if found is None:
        return [], []
    base = block.ours.record_path(tree)
    if block.spread:
        return _spread_entries(block, found, at, base, remembered)
    chosen = [
        (entry, _place(at, (*base, i))) for i, entry in enumerate(found) if block.scalar or block.select.fits(entry)
    ]
    return [entry for entry, _ in chosen], [place for _, place in chosen]


def _place(at: At, path: Path) -> At:
    paths = record_paths(at, path)
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


def _spread_entries(
    block: Block, found: dict[str, Any], at: At, base: Path, remembered: list[dict[str, str]]
) -> tuple[list[Any], list[At]]:
    """Entries over the keys of a keyed map; with `many`, equal entries under several keys are one."""
    entries, places = [], []
    found = {key: listed for key, listed in found.items() if key not in block.taken}
    for group in spread_groups(block, found, remembered):
        key, n = group[0]
        names = sorted(name for name, _ in group) if block.spread_many else key
        entries.append({**found[key][n], block.spread: names})
        copies = [_place(at, (*base, *copy)) for copy in group]
        places.append(copies[0] if len(copies) == 1 else copies)
    return entries, places


def _listed(block: Block, fresh: list[Any], older: bool, leftovers: dict[int, Any], out: Written) -> Any:
    """Entries under their keys, where they stood so and all have one; else as a list, which has none."""
    level: Any = block.level
    keys = [level.key_of(item) if item.__class__ is dict else None for item in fresh]
    if older and None not in keys and len(set(keys)) == len(keys):
        return level.joined(fresh)
    for item in fresh:
        if id(item) in leftovers:
            _, entry, place = leftovers[id(item)]
            _lose_key(block, dict(item), entry, place, out)
    return [level.keyless(item) for item in fresh]


def _lose_key(block: Block, item: dict[str, Any], entry: Any, place: At, out: Written) -> bool:
    """The parts of a key of an object that stands under no key are lost; whether anything else is said."""
    for cell in block.scope.cells:
        for slot in cell.theirs:
            if is_pseudo(slot.text) and item.pop(slot.text, MISSING) is not MISSING:
                lost = [one for ours in cell.ours for one in lose(
                    place, ours.record_path(entry), "omitted", "the object has no key there", place=block.place
                )]  # fmt: skip
                paths = {loss.path for loss in lost}
                out.losses[:] = [*(loss for loss in out.losses if loss.path not in paths), *lost]
    return bool(item)


def _with_where(block: Block, item: Any, entry: Any) -> Any:
    """An entry with the constants by which it is found again."""
    if item.__class__ is dict:
        wanted = [part.where for i, part in enumerate(block.parts) if str(i) in entry] if block.parts else [block.where]
        for where in wanted:
            for slot, constants in where:
                if get(item, slot.steps) is MISSING:
                    put(item, slot.steps, constants[0])
    return item


def _unread_entry(block: Block, item: Any, said: bool, losses: list[Loss]) -> str | None:
    """Why a reader would not take the written entry for one of ours."""
    if not said or (block.spread and _only_key(block, item)):
        return nothing_said([loss.reason for loss in sorted(losses, key=loss_order)])
    if not fits(block, item):
        return "there, only other entries of this list are of this kind"
    return None


def _only_key(block: Block, item: Any) -> bool:
    """Whether an entry of a spread list says nothing but its key; a reader would find no entry in it."""
    if item.__class__ is not dict:
        return False
    rest = copied(item)
    for cell in block.scope.cells:
        if all(slot.steps == (block.spread,) for slot in cell.ours):
            for slot in cell.theirs:
                put(rest, slot.steps, MISSING)
    return Silence().informative(rest) == 0


def _lost_needed(block: Block, entry: Any, place: At, losses: list[Loss]) -> str | None:
    """Why an entry that has no discriminator, or loses it, is lost as a whole."""
    for name in needed_members(block):
        found = {record_path(*path) for path in record_paths(place, (name,))}
        mine = [loss for loss in losses if loss.path in found]
        moved = ("omitted", "changed") if name == block.spread else ("omitted",)  # an entry cannot change its key
        reason = next((loss.reason for loss in mine if loss.kind in moved), None)
        if reason is None and name not in entry and not mine:
            reason = f"it has no {name}, without which it says nothing"
        if reason is not None:
            return reason
    lost = {loss.path for loss in losses if loss.kind == "omitted"}
    told = [name for name in block.telling if name in entry]
    if told and all(record_path(*path) in lost for name in told for path in record_paths(place, (name,))):
        return f"it has no {' and no '.join(told)} there, without which it says nothing"
    inside = (_lost_inside(inner, entry, place, losses) for inner in block.scope.blocks if inner.every)
    return next((reason for reason in inside if reason is not None), None)


def _lacking_parts(block: Block, entry: Any, place: Any, losses: list[Loss]) -> dict[str, Loss]:
    """Of the parts of a joined entry that have conditions of their own, or are whole or not: those that are lost."""
    found = {}
    for tag in entry if block.parts else ():
        part = block.parts[int(tag)]
        if part.where or part.entire:
            reason = unsaid(part, place[tag], losses) or _lost_needed(part, entry[tag], place[tag], losses)
            if reason is not None:
                found[tag] = Loss(record_path(*place[tag]), "omitted", reason, rule=part.place)
    return found


def _lost_inside(block: Block, entry: Any, place: At, losses: list[Loss]) -> str | None:
    """Why an entry is lost with an entry inside it that could not be understood without what it lacks."""
    for i, one in enumerate(block.ours.get(entry) or []):
        base = (*block.ours.record_path(entry), i)
        for path in ("", *block.every):
            found = {record_path(*known) for known in record_paths(place, (*base, *(path.split(".") if path else ())))}
            if any(loss.path in found and loss.kind == "omitted" for loss in losses):
                return "a part of it cannot be said, and without that it would say something else"
            if path and member_of(one, path) is None:
                return f"a part of it has no {path}, without which it is not understood there"
    return None


def _lose_repeating(block: Block, entry: dict[str, Any], place: dict[str, At], out: Written, mark: int) -> str | None:
    """Parts of a joined entry that only repeat what it shares are not read back; the reason if nothing else is."""
    reason = "it would say nothing of its own there"
    for tag in [tag for tag in entry if tag != "0"]:
        path = record_path(*place[tag])
        mine = [loss for loss in out.losses[mark:] if loss.path == path or loss.path.startswith(f"{path}.")]
        part = block.parts[int(tag)]
        left = after_losses(part, entry[tag], mine, path)
        if left is not None and own_parts(block, {tag: left}):
            continue
        if "0" not in entry:
            return reason
        out.losses[mark:] = [loss for loss in out.losses[mark:] if loss not in mine]
        out.losses.append(Loss(path, "omitted", reason, rule=part.place))
    return None


def _lose_copies(block: Block, entry: Any, place: At, out: Written, mark: int) -> At:
    """Of an entry under several keys, those keys that cannot be said are lost; where the others stand."""
    copies = place if isinstance(place, list) else [place]
    inside = f".{block.spread}."
    gone = {
        int(loss.path.rsplit(".", 1)[1]) for loss in out.losses[mark:] if inside in loss.path and loss.kind == "omitted"
    }
    if not gone or len(gone) == len(copies):
        return place
    names = sorted(entry[block.spread])
    lost = [copy for copy in copies if names.index(copy[-2]) in gone]
    paths = tuple(record_path(*copy) for copy in lost)
    kept = [
        one
        for one in out.losses[mark:]
        if inside not in one.path and not one.path.startswith(tuple(f"{p}." for p in paths))
    ]
    out.losses[mark:] = [
        *kept,
        *(Loss(path, "omitted", "there is no word for this role there", rule=block.place) for path in paths),
    ]
    left = [copy for copy in copies if copy not in lost]
    return left[0] if len(left) == 1 else left


def _lose_unsaid(block: Block, item: Any, place: At, out: Written) -> bool:
    """What the containers of an entry cannot say is lost, such as a key of columns that are not there; whether anything
    is left."""
    unsaid = [(hold, name) for hold in block.scope.holds for name in hold.container.unsaid(item)]
    for hold, name in unsaid:
        del item[name]
        found = [cell for cell in block.scope.cells if any(slot.steps == (Key(name),) for slot in cell.theirs)]
        for slot in (slot for cell in found for slot in cell.ours):
            for loss in lose(place, slot.steps, "omitted", "no member there has such a name", place=hold.place):
                inside = f"{loss.path}."
                out.losses[:] = [o for o in out.losses if o.path != loss.path and not o.path.startswith(inside)]
                out.losses.append(loss)
    return not unsaid or any(not is_pseudo(name) for name in item)


def _still_belonging(block: Block, record: Any, fresh: list[Any], out: Written, where: str) -> list[Any]:
    """The items whose entries above are there; raw ones without are dropped, and told."""
    left = [item for item in fresh if item.__class__ is dict and block.raised.position(record, item) is not None]
    if len(left) < len(fresh):
        message = "the entry to which it belongs is gone"
        out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, message, path=under(where, block.theirs.text)))
    return left


def lose_moved(tree: Any, record: Any, out: Written) -> None:
    """Raised lists are read entry by entry of the lists above; one of ours in another order comes back reordered."""
    for steps in dict.fromkeys(block.ours.steps for block, _ in out.raised):
        mine = [(block, found) for block, found in out.raised if block.ours.steps == steps]
        read: list[Any] = []
        for block, found in mine:
            raised = block.raised
            read += sorted(found, key=lambda one, r=raised: r.position(record, one[2])) if raised else found
        block = mine[0][0]
        entries = [entry for entry, _, _ in read]
        order = [place[-1] for _, place, _ in read]
        sorted_ = sort_list(entries, block.ours.node)
        ordered = [order[next(i for i, entry in enumerate(entries) if entry is one)] for one in sorted_]
        if ordered != sorted(ordered):
            _lose_order_of(block, tree, (), ordered, "the entries stand inside others there, in another order", out)


def _lose_order_of(part: Block, tree: Any, at: At, order: list[int], reason: str, out: Written) -> None:
    """A list of ours comes back in another order."""
    ours = part.ours.get(tree)
    path = record_path(*record_paths(at, part.ours.record_path(tree))[0])
    becomes: list[Any] = []
    for i in order:
        inside = f"{path}.{i}"
        mine = [loss for loss in out.losses if loss.path == inside or loss.path.startswith(f"{inside}.")]
        left = after_losses(part, ours[i], mine, inside)
        becomes.extend([] if left is None else [left])
    out.losses[:] = [loss for loss in out.losses if not loss.path.startswith(f"{path}.")]
    out.losses.append(Loss(path, "changed", reason, becomes, part.place))


def _lose_order(block: Block, tree: Any, at: At, by_item: dict[int, Any], fresh: list[Any], out: Written) -> None:
    """Joined lists have one order there; a list of ours that stood in another comes back reordered."""
    entries = [by_item[id(item)] for item in fresh if id(item) in by_item]
    for number, part in enumerate(block.parts):
        ours = part.ours.get(tree) or []
        order = [
            next(i for i, one in enumerate(ours) if one is entry[str(number)])
            for entry in entries
            if str(number) in entry
        ]
        node = list_shape(part)
        if not isinstance(node, shape.ListOf) or node.kind == "bag":
            continue  # it has no order
        there = sort_list([ours[i] for i in order], node) if node.kind == "discriminated" else [ours[i] for i in order]
        if all(one is ours[i] for one, i in zip(there, sorted(order), strict=True)):
            continue
        _lose_order_of(part, tree, at, order, "the entries share a list with others there, in another order", out)
