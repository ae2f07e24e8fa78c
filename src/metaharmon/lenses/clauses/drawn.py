"""Raw values and values of ours for a clause, whatever its kind: one function a kind, on its public fields."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, Draw
from metaharmon.lenses.clauses import (
    Aliased,
    Cases,
    Clause,
    FirstTongue,
    Fixed,
    Labelled,
    Listed,
    Marker,
    Parallel,
    Silence,
    Single,
    Together,
    WithMain,
    WithYear,
)

Raws = tuple[Any, ...]
Values = tuple[Any, ...]


def quiet(silence: Silence | None, draw: Draw) -> Any:
    """One of the ways in which a field says nothing."""
    markers = sorted(silence.markers) if silence is not None else []
    empty = silence.empty if silence is not None else MISSING
    markers += [f"{begins}x{ends}" for begins, ends in silence.between] if silence is not None else []
    return draw.choice((MISSING, MISSING, None, "", [], {}, empty, *markers))


def varied(clause: Clause, draw: Draw) -> Raws:
    """Raw values of a clause's fields; one in four of them says nothing, one in twelve is odd."""
    out = []
    for i, raw in enumerate(raws_of(clause, draw)):
        fate = draw.integer(0, 11)
        if fate < 3:
            raw = quiet(clause.silence_of(i), draw)
        elif fate == 3:
            raw = draw.choice(draws.ODD_RAWS) if raw is MISSING else draws.spoiled(draw, raw)
        out.append(raw)
    return tuple(out)


@singledispatch
def raws_of(clause: Clause, draw: Draw) -> Raws:
    """Raw values by position, mostly such as the clause reads; MISSING where a field is not there."""
    raise NotImplementedError(f"no records are generated for a {type(clause).__name__}")


@singledispatch
def values_of(clause: Clause, draw: Draw) -> Values:
    """Values of ours by position, mostly such as the clause writes; None where a path has none."""
    raise NotImplementedError(f"no products are generated for a {type(clause).__name__}")


@raws_of.register
def _(clause: Single, draw: Draw) -> Raws:
    return (clause.lens.raws(draw),)


@values_of.register
def _(clause: Single, draw: Draw) -> Values:
    return (clause.lens.values(draw),)


@raws_of.register
def _(clause: Fixed, draw: Draw) -> Raws:
    return ()


@values_of.register
def _(clause: Fixed, draw: Draw) -> Values:
    return (draw.choice((clause.value, None)),)


@raws_of.register
def _(clause: Marker, draw: Draw) -> Raws:
    return (draw.choice(clause.constants),)


@values_of.register
def _(clause: Marker, draw: Draw) -> Values:
    return ()


@raws_of.register
def _(clause: Aliased, draw: Draw) -> Raws:
    """Mostly one of the spellings, sometimes several that say the same or not."""
    raws = [MISSING] * clause.count
    first = raws_of(clause.inner, draw)[0]
    raws[draw.integer(0, clause.count - 1)] = first
    if draws.odd(draw):
        raws[draw.integer(0, clause.count - 1)] = draw.choice((first, raws_of(clause.inner, draw)[0]))
    return tuple(raws)


@values_of.register
def _(clause: Aliased, draw: Draw) -> Values:
    return values_of(clause.inner, draw)


@raws_of.register
def _(clause: Parallel, draw: Draw) -> Raws:
    return tuple(raws_of(lens, draw)[0] for lens in clause.lenses)


@values_of.register
def _(clause: Parallel, draw: Draw) -> Values:
    text = {tag: lens.lens.values(draw) for tag, lens in zip(clause.languages, clause.lenses, strict=True)}
    if draws.odd(draw):
        text.pop(draw.choice(clause.languages))
    return ({**text, **(draws.langtext(draw, clause.languages[0]) if draws.odd(draw) else {})} or None,)


@raws_of.register
def _(clause: WithMain, draw: Draw) -> Raws:
    by_language = raws_of(clause.by_language, draw)[0]
    said = by_language.get(clause.language) if by_language.__class__ is dict else None
    plain = raws_of(clause.main, draw)[0] if said is None or draws.odd(draw) else said
    return plain, by_language


@values_of.register
def _(clause: WithMain, draw: Draw) -> Values:
    return (draws.langtext(draw, clause.language),)


@raws_of.register
def _(clause: WithYear, draw: Draw) -> Raws:
    """A date with its own year, with another one, or one of the two alone."""
    date = raws_of(clause.date, draw)
    said = clause.date.read(date).values[0]
    year = clause.year.write((said[:4],)).raws[0] if said is not None else MISSING
    return *date, draw.choice((year, year, raws_of(clause.year, draw)[0], MISSING))


@values_of.register
def _(clause: WithYear, draw: Draw) -> Values:
    return values_of(clause.date, draw)


@raws_of.register
def _(clause: FirstTongue, draw: Draw) -> Raws:
    """Mostly in the default language; sometimes in two, which may differ."""
    tags = draw.choice(((clause.language,), (clause.language,), (clause.language, "fi"), ("fi",)))
    raws = {tag: raws_of(clause.inner, draw)[0] for tag in tags}
    return ({tag: raw for tag, raw in raws.items() if raw is not MISSING} or MISSING,)


@values_of.register
def _(clause: FirstTongue, draw: Draw) -> Values:
    return values_of(clause.inner, draw)


@raws_of.register
def _(clause: Together, draw: Draw) -> Raws:
    return clause.lens.raws(draw)  # type: ignore[attr-defined]


@values_of.register
def _(clause: Together, draw: Draw) -> Values:
    return clause.lens.values(draw)  # type: ignore[attr-defined]


@raws_of.register
def _(clause: Labelled, draw: Draw) -> Raws:
    """A code with its own label, with another one, or with none."""
    code = raws_of(clause.code, draw)[0]
    own = clause.write(clause.read((code, MISSING)).values).raws[1]
    other = clause.labels[draw.integer(0, len(clause.labels) - 1)][1] if clause.labels else "?"
    return code, draw.choice((own, own, own, other, MISSING))


@values_of.register
def _(clause: Labelled, draw: Draw) -> Values:
    return values_of(clause.code, draw)


@raws_of.register
def _(clause: Cases, draw: Draw) -> Raws:
    raws: list[Any] = [MISSING] * clause.fields
    row = draw.choice((*clause.rows, *((clause.otherwise,) if clause.otherwise is not None else ())))
    for fields, _, part in row.parts:
        for at, raw in zip(fields, raws_of(part, draw), strict=True):
            raws[at] = raw
    for at, lens in row.forms:
        raws[at] = lens.raws(draw)
    for at, constants in row.theirs:
        raws[at] = draw.choice(constants)
    for at, first in row.repeats:
        raws[at] = raws[first]
    return tuple(raws)


@values_of.register
def _(clause: Cases, draw: Draw) -> Values:
    values: list[Any] = [None] * clause.paths
    row = draw.choice((*clause.rows, *((clause.otherwise,) if clause.otherwise is not None else ())))
    for _, paths, part in row.parts:
        for at, value in zip(paths, values_of(part, draw), strict=True):
            values[at] = value
    for at, constant in row.ours:
        if not draws.odd(draw) and (at not in row.filled or values[at] is None):
            values[at] = constant
    return tuple(values)


@raws_of.register
def _(clause: Listed, draw: Draw) -> Raws:
    return (clause.lens.raws(draw),)


@values_of.register
def _(clause: Listed, draw: Draw) -> Values:
    return (clause.lens.values(draw),)
