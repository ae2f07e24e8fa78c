"""Fields that are computed or kept: checked on reading, put back after all else on writing (mapping language, 4.6)."""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic
from metaharmon.engine.cells import one_way_losses
from metaharmon.engine.fates import informative_leaves
from metaharmon.engine.outcome import At, Fate, Read, Written, under
from metaharmon.engine.residue import Residue, digest
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.levels import PATTERNS
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
    if not exact:
        residue.digests[one.slot.text] = digest(None if expected is MISSING else expected)
        if raw is MISSING:
            residue.gone.append(one.slot.text)
        else:
            residue.leaves[one.slot.text] = raw
            if one.constant and not same(raw, one.constant[0]):
                out.problems.append(
                    Diagnostic(
                        dx.NOT_DERIVED,
                        f"this field is always {one.constant[0]!r} in this dialect",
                        path=under(where, one.slot.text),
                        rule=one.place,
                    )
                )
    if out.fates is not None and raw is not MISSING:
        out.fates.append(
            Fate(
                under(where, one.slot.text),
                "derived" if exact else "spelled",
                leaves(raw),
                informative_leaves(raw),
                (),
                one.place,
            )
        )


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
    source = one.copy or one.count
    value = get(record, source.steps, up)  # type: ignore[union-attr]
    if one.count is not None:
        return len(value) if value.__class__ in (list, dict) else MISSING
    return value


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


def open_held(holds: tuple[Hold, ...], record: Any, residue: Residue, out: Read, where: str) -> Any:
    """The record with its held texts and lists opened; their frames go into the residue."""
    if not holds or record.__class__ is not dict:
        return record
    opened = dict(record)
    for hold in holds:
        steps = tuple(map(Key, hold.keys))
        raw = get(opened, steps)
        if raw is MISSING or raw is None:
            continue
        result = hold.container.open(raw)
        if result is None:
            out.problems.append(
                Diagnostic(
                    dx.MALFORMED,
                    f"the value is no {hold.container.what}; its raw form is kept",
                    path=under(where, leaf_text(hold.keys)),
                    rule=hold.place,
                )
            )
            residue.frames[leaf_text(hold.keys)] = False  # not opened: what stands there is the raw value
            if raw.__class__ is dict:  # no rule may take its members for those of the opened tree
                _take_out(opened, hold.keys, raw, residue, out, where)
            continue
        value, frame = result
        _put_copy(opened, hold.keys, value)
        if frame is not None:
            residue.frames[leaf_text(hold.keys)] = frame
    return opened


def _take_out(opened: dict[str, Any], keys: tuple[str, ...], raw: Any, residue: Residue, out: Read, where: str) -> None:
    """Keep a value whole, and let no rule see it."""
    _put_copy(opened, keys, None)
    put(opened, tuple(map(Key, keys)), MISSING)
    residue.leaves[leaf_text(keys)] = raw
    if out.fates is not None:
        out.fates.append(Fate(under(where, leaf_text(keys)), "kept", leaves(raw), informative_leaves(raw)))


def _put_copy(record: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    """Put a value into a record whose objects on the way are copied first."""
    here = record
    for key in keys[:-1]:
        here[key] = dict(here[key])
        here = here[key]
    here[keys[-1]] = value


def note_strays(known: dict[str, Any], record: Any, out: Read, residue: Residue, where: str) -> None:
    """What no rule reads, into the residue."""
    if record.__class__ is not dict:
        return
    for keys, raw in stray_values(record, known, ()):
        text = leaf_text(keys)
        residue.leaves[text] = raw
        if out.fates is not None:
            out.fates.append(Fate(under(where, text), "kept", leaves(raw), informative_leaves(raw)))


def note_companions(kept_with: tuple[KeptWith, ...], record: Any, up: Any, residue: Residue) -> None:
    """Of kept fields that go with others, remember what those others were."""
    for text in residue.leaves:
        kept = kept_of(kept_with, text)
        if kept is not None:
            residue.digests[text] = companions_digest(record, kept.companions, up)


def kept_of(kept_with: tuple[KeptWith, ...], text: str) -> KeptWith | None:
    """The declaration under which a kept value goes with others: its own path, or one above."""
    keys = leaf_keys(text)
    return next((kept for kept in kept_with if keys[: len(kept.keys)] == kept.keys), None)


def note_required(plan: Plan, out: Written) -> None:
    """Note the fields that the dialect requires and the record lacks."""
    for text, steps in plan.required:
        if get(out.record, steps) is MISSING:
            out.problems.append(Diagnostic(dx.REQUIRED_MISSING, f"the dialect requires '{text}'", path=text))


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
        value = derive(one, record, up, index)
        expected = residue.digests.get(one.slot.text)
        if expected is not None and expected == digest(None if value is MISSING else value):
            value = residue.leaves.get(one.slot.text, MISSING)
        if value is not MISSING:
            put(record, one.slot.steps, value)
    if late is not None:
        for line in scope.one_way:
            out.losses.extend(one_way_losses(line, late[0], record, late[1]))
    for hold in reversed(scope.holds):
        steps = tuple(map(Key, hold.keys))
        value = get(record, steps)
        text = leaf_text(hold.keys)
        unopened = residue.frames.get(text) is False and text in residue.leaves and value is residue.leaves[text]
        if value is not MISSING and value is not None and not unopened:
            put(record, steps, hold.container.close(value, residue.frames.get(text)))


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
