"""Records in documents that no envelope of the dialect fits: found by the fields that the dialect knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from metaharmon.dialect.record_paths import EVERY, Steps
from metaharmon.jsonld.container import MISSHAPEN
from metaharmon.mapping.envelope import BARE_LIST, EnvelopePlan, GraphEnvelope
from metaharmon.mapping.plan import Plan

DEPTH, NODES, ENTRIES, LOOKED_AT = 8, 20_000, 1_000, 20
"""How deep is looked, and at how many objects and lists; at how many entries of a list; objects that judge a place."""
LINKED = 100
"""Places, outer ones first, that are looked at in JSON-LD, where each object must be opened."""
ROOTS: tuple[Steps, ...] = ((), (EVERY,))
"""The document itself, and the entries of one that is a list."""
TELLING = 2
"""Names that the dialect knows, by which an object is taken for a record; one, if it has no other members."""


class Place(NamedTuple):
    """A place with objects, and how many names the dialect knows of them."""

    steps: Steps
    hits: int
    telling: bool


def fits(plan: Plan, envelope: EnvelopePlan, values: list[Any]) -> bool:
    """Whether what an envelope of the dialect gives are surely records, so that no other place need be looked for."""
    names = plan.names
    if not names or not all(isinstance(name, str) for name in plan.record.known):
        return True  # any name may be one of the dialect
    if isinstance(envelope, GraphEnvelope):
        return bool(values)
    for value in values[:LOOKED_AT]:
        if value.__class__ is not dict or names.isdisjoint(value):
            continue
        if envelope is BARE_LIST or envelope.path.steps or not any(_stray(names, *member) for member in value.items()):
            return True
    return False


def _stray(names: frozenset[str], key: Any, value: Any) -> bool:
    """Whether a member that the dialect does not know may hold records."""
    if key.__class__ is not str or key in names or key.startswith("@"):
        return False
    if value.__class__ is list:
        return bool(value) and value[0].__class__ in (dict, list)
    return value.__class__ is dict and bool(value)


def places(plan: Plan, document: Any) -> list[Place]:
    """The places of a document whose objects have fields of the dialect, those with most of them first."""
    found: dict[Steps, list[dict[str, Any]]] = {}
    for steps, value in _objects(plan.names, document):
        held = found.setdefault(steps, [])
        if len(held) < LOOKED_AT:
            held.append(value)
    looked_at = islice(found.items(), None if plan.linked is None else LINKED)
    judged = (_judged(plan, steps, held) for steps, held in looked_at)
    return sorted((one for one in judged if one.hits), key=lambda place: (-place.hits, len(place.steps), place.steps))


def _objects(names: frozenset[str], document: Any) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """The objects of a document by place; not those that are parts of an object with fields of the dialect."""
    level: list[tuple[Steps, Any]] = [((), document)]
    nodes = 0
    for _ in range(DEPTH):
        below: list[tuple[Steps, Any]] = []
        for steps, value in level:
            nodes += 1
            if nodes > NODES:
                return
            if value.__class__ is list:
                inside = ((EVERY, one) for one in value[:ENTRIES])
            else:
                yield steps, value
                own = len(names & value.keys()) >= TELLING
                inside = ((key, one) for key, one in value.items() if not (own and key in names))
            below.extend(((*steps, key), one) for key, one in inside if one.__class__ in (dict, list) and one)
        level = below


def _judged(plan: Plan, steps: Steps, objects: list[dict[str, Any]]) -> Place:
    names: set[str] = set()
    alone = False
    for one in objects:
        mine = _known(plan, one)
        names |= mine
        alone = alone or (bool(mine) and len(mine) == len(one))
    return Place(steps, len(names), len(names) >= TELLING or alone)


def _known(plan: Plan, value: dict[str, Any]) -> set[str]:
    """The names of an object that the dialect knows; of JSON-LD, by what they mean."""
    if plan.linked is None:
        return set(plan.names & value.keys())
    try:
        tree = plan.linked.open(value)[0]
    except (ValueError, *MISSHAPEN):
        return set()
    return set() if "@type" in tree else set(plan.names & tree.keys())  # a node of another type is no record


def chosen(plan: Plan, found: list[Place], bare: bool) -> tuple[Place | None, list[Place]]:
    """The one place that clearly fits, or else all that fit equally; neither, where nothing does or the document itself
    is the record.

    `bare`: the document itself, or each of its entries, may be a record.
    """
    own = next((place for place in found if place.steps in ROOTS), None)
    telling = [place for place in found if place.telling and place is not own]
    if not telling or (bare and own is not None and telling[0].hits <= own.hits):
        return None, []
    best = telling[0]
    if _names_place(plan, best):  # only the rest of the envelope is not there
        return best, []
    rivals = [one for one in telling[1:] if one.hits * 2 > best.hits and one.steps[: len(best.steps)] != best.steps]
    if bare and own is not None and (own.hits >= TELLING or own.hits * 2 > best.hits):
        rivals.append(own)
    return (None, [best, *rivals]) if rivals else (best, [])


def _names_place(plan: Plan, place: Place) -> bool:
    """Whether an envelope of the dialect has its records there."""
    names = [step for step in place.steps if step != EVERY]
    named = (envelope.path.keys for envelope in plan.envelopes if envelope.path.steps)
    return bool(names) and any(keys is not None and list(keys) == names for keys in named)


def is_bare(envelope: EnvelopePlan) -> bool:
    """Whether the document itself is the record, or a plain list of records."""
    return not envelope.path.steps and not isinstance(envelope, GraphEnvelope)
