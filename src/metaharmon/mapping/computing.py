"""Computed fields bound: which others they come from, and how (4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import shown
from metaharmon.lenses.computed import Computed, Copy, Count, Either, Filled, Looked, Part, Renamed
from metaharmon.lenses.forms import Piece, TextForm, pieces_of
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.plan import Derived, TheirSlot
from metaharmon.mapping.raw import their_constants
from metaharmon.mapping.syntax import Derivation
from metaharmon.paths import Key, TheirPath, Up, get, put


def derived_of(said: Derivation, slot: TheirSlot, report: Report) -> Derived | None:
    """A computed field; None where its words do not go together, which is reported."""
    problem = ""
    if (said.table or said.members) and not said.copy:
        problem = f"`{'table' if said.table else 'members'}` goes with `copy`"
    elif said.table and said.members:
        problem = "`copy` goes with `table` or with `members`, not with both"
    elif said.one_way and {str(word) for word, _ in said.one_way} != {"read"}:
        problem = "a one-way field says `one_way: {read: reason}`"
    elif (said.of is None) != (said.form is None) or (said.of is None and said.part):
        problem = "`of` and `form` go together, and `part` with both"
    elif said.of is not None and not (said.part or said.template):
        problem = "`of` and `form` go with `part` or `template`"
    elif said.index is not None and not str(said.index).isdigit():
        problem = "`index` is a whole number"
    if not problem and (not slot.steps or not all(isinstance(step, Key) for step in slot.steps)):
        problem = f"a computed field is a member of an object, and '{slot.text}' is none"
    sources: tuple[TheirPath, ...] = ()
    computed = None
    if not problem:
        try:
            sources, computed = _computed(said, slot)
            problem = next((found for one in sources if (found := _misplaced(one, slot))), "")
        except ValueError as exc:
            problem = str(exc)
    if problem:
        report.add(dx.LENS_MISFIT, problem, said.place)
        return None
    constant = tuple(raw for text in said.constant for raw in their_constants(str(text), slot.spec))
    index = None if said.index is None else int(said.index)
    return Derived(said.place, slot, sources, computed, index, constant, bool(said.one_way))


def _misplaced(source: TheirPath, slot: TheirSlot) -> str:
    """Why a field cannot be computed from another; empty where it can."""
    if source.steps[-1:] in ((), (Up(),)):
        return f"a field is computed from a field, and '{source.text}' is a whole object"
    if slot.steps[: len(source.steps)] == source.steps:
        return f"'{slot.text}' would be computed from what it stands in"
    return ""


def _computed(said: Derivation, slot: TheirSlot) -> tuple[tuple[TheirPath, ...], Computed | None]:
    if said.count is not None:
        return (said.count,), Count()
    if said.copy is not None and said.table:
        table = [(str(key), their_constants(str(text), slot.spec)[0]) for key, text in said.table]
        return (said.copy,), Looked(tuple(table))
    if said.copy is not None and said.members:
        return (said.copy,), Renamed(tuple((str(here), str(there)) for here, there in said.members))
    if said.copy is not None:
        return (said.copy,), Copy()
    if said.template:
        form = None if said.form is None else _form(str(said.form))
        named = form.parts if form else ()
        return sources_of(said), Filled(tuple(_piece(piece, named) for piece in said.template), form)
    if said.part is not None:
        form = _form(str(said.form))
        if str(said.part) not in form.parts:
            raise ValueError(f"the form {shown(form.text)} has no part {shown(str(said.part))}")
        return sources_of(said), Part(form, str(said.part))
    if said.either:
        ways = [_way(one, slot) for one in said.either]
        return sources_of(said), Either(tuple((len(sources), way) for sources, way in ways))
    return (), None


def _way(said: Derivation, slot: TheirSlot) -> tuple[tuple[TheirPath, ...], Computed]:
    sources, computed = _computed(said, slot)
    if computed is None or said.either:
        raise ValueError("`either` holds count, copy, template and part")
    return sources, computed


def sources_of(said: Derivation) -> tuple[TheirPath, ...]:
    """The fields from which another is computed, in the order in which its parts take them."""
    if said.either:
        return tuple(source for one in said.either for source in sources_of(one))
    named = _parts_of(said.form) if said.form is not None else ()
    filled = [p for p in said.template if isinstance(p, TheirPath) and p.text not in named]
    return tuple(source for source in (said.count, said.copy, said.of, *filled) if source is not None)


def _piece(piece: str | TheirPath, named: tuple[str, ...]) -> Piece | None:
    """A literal, or a part of the form by its name; None for a field."""
    if not isinstance(piece, TheirPath):
        return Piece(literal=str(piece))
    return Piece(part=piece.text) if piece.text in named else None


def _parts_of(form: str) -> tuple[str, ...]:
    """The parts of a form; none where it is none, which is reported elsewhere."""
    try:
        return _form(str(form)).parts
    except ValueError:
        return ()


def _form(text: str) -> TextForm:
    """The form of a field that is taken apart. Raises ValueError with one sentence."""
    form = TextForm(text, tuple(pieces_of(text)))
    if not form.parts or len(set(form.parts)) < len(form.parts):
        raise ValueError(f"the form {shown(text)} has no part, or one twice")
    if any(one.part and following.part for one, following in pairwise(form.pieces)):
        raise ValueError(f"the form {shown(text)} needs a literal between its parts")
    return form


def beside(found: Iterable[Derived | None]) -> tuple[Derived, ...]:
    """Computed fields, constants last; those inside objects know the other constants there."""
    derived = sorted((one for one in found if one is not None), key=lambda one: bool(one.constant))
    known: dict[str, Any] = {}
    for one in derived:
        if _is_placed_constant(one):
            put(known, one.slot.steps, True)
    return tuple(
        replace(one, beside=get(known, one.slot.steps[:-1]))
        if _is_placed_constant(one) and len(one.slot.steps) > 1
        else one
        for one in derived
    )


def _is_placed_constant(one: Derived) -> bool:
    """Whether a computed field is a constant at a path of plain names."""
    return bool(one.constant) and all(isinstance(step, Key) for step in one.slot.steps)
