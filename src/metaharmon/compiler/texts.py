"""Texts that generated code passes on by itself: no memo, since no two records have the same."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from metaharmon.compiler.source import Source
from metaharmon.lenses.clauses import Silence, Single
from metaharmon.lenses.templates import Template
from metaharmon.lenses.text import Text
from metaharmon.mapping.plan import Cell
from metaharmon.model.scalars import is_uri

plain_uri = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+").fullmatch
"""Most addresses, at half the price of `is_uri`."""


class Passing(NamedTuple):
    """A cell that is one text, read and written as it is."""

    tag: str
    """The language under which it stands in ours; '' where ours is the plain text."""
    kind: str
    """`text` or `uri`."""
    silence: Silence
    """Texts that say nothing."""


def passing_of(cell: Cell) -> Passing | None:
    """How a cell passes a text on; None if it does more than that."""
    if len(cell.lines) != 1 or len(cell.theirs) != 1 or len(cell.ours) != 1:
        return None
    clause = cell.lines[0].clause
    if not isinstance(clause, Single):
        return None
    tag = getattr(clause.lens, "through", None)
    if tag is not None:
        return Passing(tag, "text", clause.silence)
    return Passing("", "uri", clause.silence) if _is_plain_uri(clause.lens) else None


def _is_plain_uri(lens: Any) -> bool:
    """Whether a lens takes an address as a JSON text, of any length."""
    if type(lens) is not Text or lens.kind != "uri":
        return False
    types = [t for t in lens.spec.types if t != "null"] or ["string"]
    spec = lens.spec
    return types[0] == "string" and spec.max_length is None and spec.enum is None and spec.pattern is None


def beginning_of(line: Any) -> tuple[str, Any] | None:
    """For a one-way rule that cuts a fixed beginning off a text: (the beginning, its silence); else None."""
    lens = getattr(line.clause, "lens", None)
    if not isinstance(lens, Template) or len(line.theirs) != 1 or len(line.ours) != 1:
        return None
    beginning = lens.beginning
    return None if beginning is None else (beginning, line.clause.silences[0])


def passes(source: Source, raw: str, kind: str, silence: Silence) -> str:
    """The test for a raw value that passes. A lone surrogate raises: the interpreter finds it again."""
    source.constants.update(UTF16="utf-16", plain_uri=plain_uri, is_uri=is_uri)
    said = f"{raw}.__class__ is str"
    if kind == "uri":
        return f"{said}{no_marker(source, raw, silence)} and (plain_uri({raw}) or is_uri({raw}))"
    return f"{said} and {raw}{no_marker(source, raw, silence)} and {raw}.encode(UTF16)"


def says_nothing(source: Source, raw: str, cell: Cell) -> str:
    """The test that a cell of one field says nothing in the very form in which it is written."""
    empty = cell.lines[0].clause.write((None,)).raws[0]
    if empty.__class__ is str:
        return f"{raw} == {source.constant(empty)}"
    return f"{raw} is None" if empty is None else f"{raw} is MISSING"


def no_marker(source: Source, raw: str, silence: Silence) -> str:
    """The test that a text is no marker of absence; with 'and' before it. Long texts are not hashed."""
    told, markers = "", silence.markers
    if markers:
        told = f" and (len({raw}) > {max(map(len, markers))} or {raw} not in {source.constant(markers)})"
    if silence.between:
        begins = source.constant(tuple(begins for begins, _ in silence.between))
        told += f" and not ({raw}.startswith({begins}) and {source.constant(silence)}.placeholder({raw}))"
    return told


def after(source: Source, raw: str, beginning: str, silence: Any, passed: str | None = None) -> str:
    """The expression of what follows a fixed beginning; None where the text does not begin so. `passed` is the
    variable of the whole text, where it passes."""
    source.constants.update(UTF16="utf-16")
    longer = max(map(len, silence.markers), default=0) > len(beginning)
    told = no_marker(source, raw, silence) if longer or silence.between else ""
    begins = f"{raw}.startswith({source.constant(beginning)}) and len({raw}) > {len(beginning)}"
    test = f"{raw}.__class__ is str and {begins}"
    sound = f"({passed} is {raw} or {raw}.encode(UTF16))" if passed else f"{raw}.encode(UTF16)"
    return f"{raw}[{len(beginning)}:] if {test}{told} and {sound} else None"
