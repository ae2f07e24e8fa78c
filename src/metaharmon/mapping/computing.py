"""Computed fields bound: which others they come from, and how (4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.computed import Computed, Copy, Count, Filled, Looked, Part
from metaharmon.lenses.forms import TextForm, pieces_of
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.plan import Derived, TheirSlot
from metaharmon.mapping.raw import their_constants
from metaharmon.mapping.syntax import Derivation
from metaharmon.paths import Key, TheirPath, get, put


def derived_of(said: Derivation, slot: TheirSlot, report: Report) -> Derived | None:
    """A computed field; None where its words do not go together, which is reported."""
    problem = ""
    if said.table and not said.copy:
        problem = "`table` goes with `copy`"
    elif (said.of is None, said.form is None) != (said.part is None, said.part is None):
        problem = "`part`, `of` and `form` go together"
    elif said.index is not None and not str(said.index).isdigit():
        problem = "`index` is a whole number"
    sources, computed = (), None
    if not problem:
        try:
            sources, computed = _computed(said, slot)
        except ValueError as exc:
            problem = str(exc)
    if problem:
        report.add(dx.LENS_MISFIT, problem, said.place)
        return None
    constant = tuple(raw for text in said.constant for raw in their_constants(str(text), slot.spec))
    index = None if said.index is None else int(said.index)
    return Derived(said.place, slot, sources, computed, index, constant)


def _computed(said: Derivation, slot: TheirSlot) -> tuple[tuple[TheirPath, ...], Computed | None]:
    if said.count is not None:
        return (said.count,), Count()
    if said.copy is not None and said.table:
        table = [(str(key), their_constants(str(text), slot.spec)[0]) for key, text in said.table]
        return (said.copy,), Looked(tuple(table))
    if said.copy is not None:
        return (said.copy,), Copy()
    if said.template:
        sources = tuple(piece for piece in said.template if isinstance(piece, TheirPath))
        return sources, Filled(tuple(None if isinstance(p, TheirPath) else str(p) for p in said.template))
    if said.part is not None and said.of is not None:
        return (said.of,), Part(_form(str(said.form), str(said.part)), str(said.part))
    return (), None


def _form(text: str, part: str) -> TextForm:
    """The form of a field that is taken apart. Raises ValueError with one sentence."""
    form = TextForm(text, tuple(pieces_of(text)))
    if form.parts.count(part) != 1:
        raise ValueError(f"the form {text!r} has no part {part!r}, or has it twice")
    if any(one.part and following.part for one, following in pairwise(form.pieces)):
        raise ValueError(f"the form {text!r} needs a literal between its parts")
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
