"""Crosswalks that others published: every field pair is reproduced, or listed with the reason why not.

`data/crosswalks.yaml` says each pair: a record of one dialect with that field, and where its value must stand in the
other one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shipped
from metaharmon import interpreter
from metaharmon.model.normal import same
from metaharmon.yamltext import read_file, to_json

TABLE = Path(__file__).parent / "data" / "crosswalks.yaml"


@dataclass(frozen=True)
class Pair:
    """One pair of a published crosswalk."""

    crosswalk: str
    read: str
    write: str
    theirs: str
    """The field as the crosswalk names it."""
    to: str
    """What the crosswalk says that it becomes."""
    record: dict[str, Any] | None
    at: tuple[str | int, ...]
    """Where the value stands in the record (of JSON-LD: in the tree of prefixed names)."""
    value: Any
    reason: str | None


@cache
def crosswalks() -> tuple[dict[str, Any], ...]:
    """The crosswalks as the file says them."""
    return tuple(to_json(read_file(TABLE)))


def pairs() -> Iterator[Pair]:
    """Every pair."""
    for one in crosswalks():
        for pair in one["pairs"]:
            where = str(pair.get("at", ""))
            at = tuple(int(step) if step.isdigit() else step for step in where.split("/")) if where else ()
            yield Pair(one["name"], one["read"], one["write"], str(pair["theirs"]), str(pair["to"]),
                       pair.get("record"), at, pair.get("value"), pair.get("not"))  # fmt: skip


def failure(pair: Pair) -> str | None:
    """Why a pair is not reproduced; None when it is."""
    read, write = shipped.plans()[pair.read], shipped.plans()[pair.write]
    found = interpreter.read(read, pair.record or {})
    if found.refused:
        return f"the record is refused: {found.problems}"
    record: Any = interpreter.write(write, found.tree).record
    here: Any = write.linked.open(record)[0] if write.linked is not None else record
    for step in pair.at:
        here = _only(here) if isinstance(step, str) else here
        known = (isinstance(here, dict) and step in here) or (isinstance(here, list) and step in range(len(here)))
        if not known:
            return f"nothing stands at {pair.at} in {record}"
        here = here[step]
    alike = same(here, pair.value) or same(_single(here), pair.value)
    return None if alike else f"{here!r} stands at {pair.at}, not {pair.value!r}"


def _only(value: Any) -> Any:
    """The entry of a list of one: where the standard allows several, an only one stands in a list, or without it."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _single(value: Any) -> Any:
    """A value, and what lies in it, with lists of one as their entry."""
    if isinstance(value, dict):
        return {name: _single(inner) for name, inner in value.items()}
    return _only([_single(inner) for inner in value]) if isinstance(value, list) else value
