"""Fields that are computed or kept: checked on reading, put back after all else on writing (mapping language, 4.6)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, shown
from metaharmon.engine.cells import one_way_losses
from metaharmon.engine.left import DIFFERS, KEPT, NO_SOURCE, SURPLUS, UNREAD, left_whole
from metaharmon.engine.outcome import At, Fate, Read, Written, under
from metaharmon.engine.residue import Residue, digest
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Silence
from metaharmon.mapping.levels import PATTERNS, Listed
from metaharmon.mapping.plan import Derived, Hold, KeptWith, Plan, Scope
from metaharmon.model.normal import same
from metaharmon.paths import Key, get, leaf_keys, leaf_text, leaves, put


def read_derived(one: Derived, record: Any, up: Any, out: Read, residue: Residue, where: str, index: int) -> None:
    """Check a computed field; what differs is kept with a digest of what was expected."""
    raw = get(record, one.slot.steps)
    expected = derive(one, record, up, index)
    if one.index is not None:
        expected = _index_of(where, one)
    exact = raw is expected or (raw is not MISSING and expected is not MISSING and same(raw, expected))
    allowed = exact or any(same(raw, constant) for constant in one.constant)
    remembered = raw is not MISSING if one.one_way else not exact  # a new record has no one-way field
    if remembered:
        residue.digests[one.slot.text] = digest(None if expected is MISSING else expected)
        if raw is MISSING:
            residue.gone.append(one.slot.text)
        else:
            residue.leaves[one.slot.text] = raw
            if one.constant and not allowed:
                message = f"this field is always {shown(one.constant[0])} in this dialect"
                path = under(where, one.slot.text)
                out.problems.append(Diagnostic(dx.NOT_DERIVED, message, path=path, rule=one.place))
    if out.fates is not None and raw is not MISSING:
        fate = "derived" if allowed else "kept" if expected is MISSING else "spelled"
        path = under(where, one.slot.text)
        told = (KEPT, NO_SOURCE) if expected is MISSING else (SURPLUS, DIFFERS)
        if not allowed:
            out.left.extend(left_whole(path, raw, *told, one.place, out.silence))
        out.fates.append(Fate(path, fate, leaves(raw), out.silence.informative(raw), (), one.place, raw))


def _index_of(where: str, one: Derived) -> Any:
    tail = where.rsplit(".", 1)[-1]
    return (int(tail) if tail.isdigit() else 0) + (one.index or 0)


def derive(one: Derived, record: Any, up: Any, index: int) -> Any:
    """The value that a derived field has in a record; MISSING where its source is not there.

    A constant inside an object is there where the object says more than such constants: it makes none.
    """
    if one.constant:
        there = one.beside is None or says_more(get(record, one.slot.steps[:-1]), one.beside)
        return one.constant[0] if there else MISSING
    if one.index is not None:
        return index + one.index
    if one.computed is None:
        return MISSING
    return one.computed.value([get(record, source.steps, up) for source in one.sources])


def says_more(value: Any, constants: Any) -> bool:
    """Whether an object has members beside these constants, which stand in it by name."""
    if value.__class__ is not dict:
        return False
    for name, member in value.items():
        below = constants.get(name)
        if below is True or (below is not None and member.__class__ is dict and not says_more(member, below)):
            continue
        return True
    return False


def companions_digest(record: Any, companions: Any, up: Any) -> str:
    """A digest of the fields with which a kept field stays or goes."""
    found = [get(record, steps, up) for steps in companions]
    return digest([["gone"] if raw is MISSING else [raw] for raw in found])


HIDDEN = "(not opened)"
"""The member of a frame under which a value stands that could not be opened and that no rule saw."""
BARE = 0
"""The frame of a number or a flag where a text is expected: it is no text, and may be moved before it is written."""


def open_held(
    holds: tuple[Hold, ...], record: Any, residue: Residue, out: Read, where: str, raws: dict[Any, Any] | None = None
) -> Any:
    """The record with its held texts and lists opened; their frames go into the residue.

    `raws` receives the raw value and the frame of each that was opened.
    """
    if not holds or record.__class__ is not dict:
        return record
    opened = dict(record)
    for hold in holds:
        steps = tuple(map(Key, hold.keys))
        raw = get(opened, steps)
        if raw is MISSING or raw is None:
            continue
        result = hold.container.open(raw)
        if result is None and raw.__class__ is list and not hold.container.hides:
            residue.frames[leaf_text(hold.keys)] = True  # what a text would hold stands there itself
            continue
        if result is None:
            out.problems.append(
                Diagnostic(
                    dx.MALFORMED,
                    f"the value is no {hold.container.what}; its raw form is kept",
                    path=under(where, leaf_text(hold.keys)),
                    rule=hold.place,
                )
            )
            if not (hold.container.hides or raw.__class__ is dict or (hold.container.whole and raw.__class__ is list)):
                # not opened: what stands there is the raw value
                residue.frames[leaf_text(hold.keys)] = False if raw.__class__ is str or raw.__class__ is list else BARE
                continue
            # neither a rule nor another container may take its members for those of the opened tree
            residue.frames[leaf_text(hold.keys)] = {HIDDEN: raw}
            reason = f"the value is no {hold.container.what}"
            take_out(opened, hold.keys, raw, out, where, (UNREAD, reason, hold.place))
            continue
        value, frame = result
        if raws is not None:
            raws[hold.keys] = raw, frame
        if hold.keys:
            _put_copy(opened, hold.keys, value)
        else:
            opened = value if value is not record else opened
        if frame is not None:
            residue.frames[leaf_text(hold.keys)] = frame
    return opened


def take_out(
    opened: dict[str, Any], keys: tuple[str, ...], raw: Any, out: Read, where: str, told: tuple[str, str, Any]
) -> None:
    """Keep a value whole, and let no rule see it; `told` is what it is called, why, and by which rule."""
    for n in range(len(keys), 0, -1):  # with the objects around it that are left empty: they are no leaves
        _put_copy(opened, keys[:n], None)
        put(opened, tuple(map(Key, keys[:n])), MISSING)
        if n > 1 and get(opened, tuple(map(Key, keys[: n - 1]))):
            break
    if out.fates is not None:
        path = under(where, leaf_text(keys))
        out.left.extend(left_whole(path, raw, *told, out.silence))
        out.fates.append(Fate(path, "kept", leaves(raw), out.silence.informative(raw), raw=raw))


def _put_copy(record: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    """Put a value into a record whose objects on the way are copied first."""
    here = record
    if not keys:  # the record itself
        if value is record:
            return
        record.clear()
        record.update(value)
        return
    for key in keys[:-1]:
        here[key] = dict(here[key])
        here = here[key]
    here[keys[-1]] = value


def note_strays(known: dict[str, Any], record: Any, residue: Residue) -> list[tuple[tuple[str, ...], Any]]:
    """What no rule owns, into the residue; and what that is, by its keys."""
    if record.__class__ is not dict:
        return []
    found = stray_values(record, known, ())
    for keys, raw in found:
        residue.leaves[leaf_text(keys)] = raw
    return found


def note_companions(kept_with: tuple[KeptWith, ...], record: Any, up: Any, residue: Residue) -> None:
    """Of kept fields that go with others, remember what those others were."""
    for text in residue.leaves:
        kept = kept_of(kept_with, text) if text not in residue.digests else None  # those are of computed fields
        if kept is not None:
            residue.digests[text] = companions_digest(record, kept.companions, up)


def kept_of(kept_with: tuple[KeptWith, ...], text: str) -> KeptWith | None:
    """The declaration under which a kept value goes with others: its own path, or one above."""
    keys = leaf_keys(text)
    return next((kept for kept in kept_with if keys[: len(kept.keys)] == kept.keys), None)


def note_required(plan: Plan, out: Written) -> None:
    """Note the fields that the dialect requires and of which the record says nothing."""
    for text, steps, quiet in plan.demanded:
        note_lacking(text, get(out.record, steps), quiet, out.problems)
    if plan.needs is not None:
        note_deeper(plan, out.record, out.problems)


def note_lacking(text: str, raw: Any, quiet: Silence, problems: list[Diagnostic]) -> None:
    """Note a field that is required, if its raw value says nothing."""
    if quiet.absent(raw):
        problems.append(required_missing(text, raw is not MISSING))


def note_deeper(plan: Plan, record: Any, problems: list[Diagnostic]) -> None:
    """Note what is required beside: of parts that are there."""
    told = {text for text, _ in plan.required}
    found = plan.needs.lacking(record, quiet=plan.silence)  # type: ignore[union-attr]
    problems.extend(required_missing(text, empty) for text, empty in found if text not in told)


@lru_cache(4096)
def required_missing(text: str, empty: bool) -> Diagnostic:
    """The finding of a field that is required and not there, or there and empty."""
    how = "written empty" if empty else "missing"
    return Diagnostic(dx.REQUIRED_MISSING, f"the dialect requires '{text}', which is {how}", path=text)


def stray_values(
    record: dict[str, Any], known: dict[str, Any], path: tuple[str, ...]
) -> list[tuple[tuple[str, ...], Any]]:
    """The values of a record that no rule reads, each as high as it is wholly unread."""
    out: list[tuple[tuple[str, ...], Any]] = []
    for key, value in record.items():
        below = known.get(key)
        if below is None:
            below = known.get(None)  # type: ignore[call-overload]
        if below is None and any(level.holds(key, value) for level in known.get(PATTERNS, ())):  # type: ignore[call-overload]
            continue
        if below is True:
            continue
        if below.__class__ is Listed and value.__class__ is list and value:
            continue
        if below is None or value.__class__ is not dict or not value:
            out.append(((*path, key), value))
        else:
            out.extend(stray_values(value, below, (*path, key)))
    return out


def finish(
    scope: Scope,
    record: Any,
    up: Any,
    index: int,
    residue: Residue,
    out: Written,
    where: str,
    late: tuple[Any, At] | None = None,
) -> None:
    """After all else: kept fields return, derived fields are computed from the record as written, held texts close.

    `late`: the tree of ours and where it stands, when a residue was used: what read-only rules lose shows only now.
    """
    if record.__class__ is not dict:
        return
    _finish_kept(scope, record, up, residue, out, where)
    for one in scope.derived:
        expected = residue.digests.get(one.slot.text)
        if one.one_way and expected is None:
            continue
        value = derive(one, record, up, index)
        if expected is not None and expected == digest(None if value is MISSING else value):
            value = residue.leaves.get(one.slot.text, MISSING)
        if value is not MISSING:
            put(record, one.slot.steps, value)
    if late is not None:
        for line in scope.one_way:
            out.losses.extend(one_way_losses(line, late[0], record, late[1], done=True))
    for hold in reversed(scope.holds):
        steps = tuple(map(Key, hold.keys))
        value = get(record, steps)
        text = leaf_text(hold.keys)
        frame = residue.frames.get(text)
        unopened = frame is False and (
            (text in residue.leaves and value is residue.leaves[text])
            or (value.__class__ is str and hold.container.open(value) is None)  # it would not be opened again
        )
        if frame.__class__ is dict and HIDDEN in frame:
            if value is MISSING:
                put(record, steps, frame[HIDDEN])
                continue
            note = "a field that could not be opened has a value of its own now"
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, note, path=under(where, text)))
            frame = None
        alone = frame.__class__ is int and value.__class__ not in (str, dict, list)
        bare = alone or (frame is True and value.__class__ is list)  # as it stood there; anything else is new
        if bare and (seen := hold.container.open(value)) is not None and not same(seen[0], value):
            # entries that stood raw beside others would be read now
            note = "what stood beside the entries would be read as one of them now"
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, note, path=under(where, text)))
            value, bare = [one for one in value if one.__class__ is dict] or MISSING, False
            put(record, steps, value)
        if value is not MISSING and value is not None and not unopened and not bare:
            frame = None if frame is True or frame.__class__ is int else frame
            closed = hold.container.close(value, frame)
            if steps:
                put(record, steps, _without_newly(hold, closed, frame, value, out, where))
            else:
                _put_whole(hold, record, closed, frame, out, where)


def _put_whole(hold: Hold, record: dict[str, Any], closed: Any, frame: Any, out: Written, where: str) -> None:
    """A record in the shape in which it was; what would be read now and was not before is dropped."""
    tree = record
    if closed is not record:
        tree, closed = dict(record), dict(closed)
        record.clear()
        record.update(closed)
    _drop_newly(
        hold, record, frame, tree, out, where, "it would be read now, since nothing stands at the place before it"
    )


def _without_newly(hold: Hold, closed: Any, frame: Any, tree: Any, out: Written, where: str) -> Any:
    """A held value without what would change how it is read, and did not before."""
    if closed.__class__ is dict and tree.__class__ is dict:
        closed = dict(closed)
        _drop_newly(hold, closed, frame, tree, out, where, "it would be read with what stands beside it now")
    return closed


def _drop_newly(hold: Hold, held: dict[str, Any], frame: Any, tree: Any, out: Written, where: str, why: str) -> None:
    """Take out of a held object what its container would read newly."""
    for keys in hold.container.newly(held, frame, tree):
        if _dropped(held, keys):  # else it went with what stood around it
            path = under(where, leaf_text((*hold.keys, *keys)))
            out.problems.append(Diagnostic(dx.RESIDUE_DROPPED, why, path=path))


def _dropped(record: dict[str, Any], keys: tuple[str, ...]) -> bool:
    """Take out what stands at a place, if anything does; entries on the way are copied: the caller may hold them."""
    here: Any = record
    for key in keys[:-1]:
        at: Any = int(key) if here.__class__ is list else key
        if here.__class__ is dict and at not in here:
            return False
        here[at] = here[at].copy()
        here = here[at]
    return here.pop(keys[-1], MISSING) is not MISSING


def _finish_kept(scope: Scope, record: dict[str, Any], up: Any, residue: Residue, out: Written, where: str) -> None:
    mapped = scope.mapped_texts
    for text, raw in residue.leaves.items():
        if text in mapped:
            continue
        kept = kept_of(scope.kept_with, text)
        if kept is not None and residue.digests.get(text) != companions_digest(record, kept.companions, up):
            out.problems.append(
                Diagnostic(dx.RESIDUE_DROPPED, "a field that it goes with has changed", path=under(where, text))
            )
            continue
        if not _put_back(record, leaf_keys(text), raw):
            out.problems.append(
                Diagnostic(dx.RESIDUE_DROPPED, "another value stands there now", path=under(where, text))
            )


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
