"""Records whose lists and objects have entries that are none: empty ones, null keys, repeated keys, bare values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon.lenses.base import Draw
from metaharmon.model.normal import copied

ENTRIES: tuple[Any, ...] = ({}, None, [], "", "x", 7, [{}], [[]], {"a": {"b": []}}, {"": ""}, {"a": None})
"""Entries that say nothing, or are no entries of a list of objects."""
VALUES: tuple[Any, ...] = (None, {}, [], "", 7, True, {"a": "x"}, {"value": '["h'}, ["a"], [{}], [None], {"": {}})
"""What may stand where a text is expected."""


def spoiled(
    record: dict[str, Any],
    draw: Draw,
    times: int = 2,
    values: tuple[Any, ...] = VALUES,
    entries: tuple[Any, ...] = ENTRIES,
) -> dict[str, Any]:
    """A copy of a record in which some lists and objects were spoiled, with these values and entries."""
    record = copied(record)
    for _ in range(times):
        places = [*_places(record)]
        lists = [place for place in places if isinstance(place, list)]
        place = draw.choice(lists if lists and draw.integer(0, 2) else places)
        if isinstance(place, list):
            _spoil_list(place, draw, values, entries)
        elif place:
            place[draw.choice(sorted(place))] = copied(draw.choice(values))
    return record


def _places(value: Any) -> Iterator[Any]:
    """Every object and list in a value, itself included."""
    if isinstance(value, (dict, list)):
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from _places(below)


def _spoil_list(listed: list[Any], draw: Draw, values: tuple[Any, ...], entries: tuple[Any, ...]) -> None:
    at = draw.integer(0, len(listed))
    objects = [entry for entry in listed if isinstance(entry, dict) and entry]
    if objects and draw.integer(0, 1):  # an entry again, as it was or with one member otherwise
        entry = copied(draw.choice(objects))
        if draw.integer(0, 2):
            entry[draw.choice(sorted(entry))] = copied(draw.choice(values))
        listed.insert(at, entry)
    else:
        listed.insert(at, copied(draw.choice(entries)))
