"""What a dialect can say: every place of ours that its rules reach, with the fields of theirs that say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from metaharmon.diagnostics import Place
from metaharmon.mapping.ours import Select
from metaharmon.mapping.plan import Block, Line, Plan, Reason, Scope
from metaharmon.model import shape
from metaharmon.paths import leaf_text

ANY_KEY = "*"
"""A step over any key of a keyed map."""
_INDEX = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True)
class Each:
    """Every entry of a list that has these constants."""

    select: Select


class Spot(NamedTuple):
    """One path of ours with the fields of theirs, by one rule."""

    ours: tuple[Any, ...]  # names, First, Select, Each
    theirs: tuple[str, ...]  # fields with [] for the entries of a list
    place: Place | None
    writes: bool


def spots(plan: Plan) -> list[Spot]:
    """Everything that the rules of a dialect reach. A list of words is reached in whatever language it stands."""
    words = {path for path, _ in plan.langlists}
    out = []
    for spot in _of_scope(plan.record, (), ""):
        whole = next((path for path in words if spot.ours[: len(path)] == path), None)
        out.append(spot if whole is None else spot._replace(ours=whole))
    return out


def _of_scope(scope: Scope, ours: tuple[Any, ...], theirs: str) -> Iterator[Spot]:
    for cell in scope.cells:
        for line in cell.lines:
            yield from _of_line(line, ours, theirs, True)
    for line in scope.one_way:
        yield from _of_line(line, ours, theirs, False)
    for block in scope.blocks:
        for part in block.parts or (block,):
            yield from _of_block(part, ours, f"{theirs}{block.theirs.text}[]")


def _of_line(line: Line, ours: tuple[Any, ...], theirs: str, writes: bool) -> Iterator[Spot]:
    fields = tuple(theirs + slot.text if slot.steps else theirs.removesuffix(".") for slot in line.theirs)
    for slot in line.ours:
        yield Spot((*ours, *slot.steps), fields, line.place, writes)


def _of_block(block: Block, ours: tuple[Any, ...], theirs: str) -> Iterator[Spot]:
    steps = (*ours, *block.ours.steps, *((ANY_KEY,) if block.spread else ()), Each(block.select))
    yield Spot(steps, (theirs,), block.place, True)
    pseudo = block.spread
    if block.again:  # what is said of the entry itself is said of those below it
        return
    for spot in _of_scope(block.scope, steps, f"{theirs}."):
        if pseudo is None or spot.ours[len(steps) :] != (pseudo,):
            yield spot


def kept_fields(plan: Plan) -> list[tuple[str, Reason]]:
    """The fields of theirs that the mapping keeps as they are, with its reasons; those of entries after `list[].`."""
    found: dict[str, Reason] = {}
    waiting: list[tuple[Scope, str]] = [(plan.record, "")]
    seen: set[int] = set()
    while waiting:
        scope, start = waiting.pop()
        if id(scope) in seen:  # entries may hold entries like themselves
            continue
        seen.add(id(scope))
        for reason in scope.reasons:
            path = leaf_text(tuple("[]" if key is None else key for key in reason.keys)).replace(".[]", "[]")
            found.setdefault(start + path, reason)
        waiting.extend((block.scope, f"{start}{block.theirs.text}[].") for block in scope.blocks)
    return sorted(found.items())


def constants_of(found: list[Spot]) -> list[Spot]:
    """What the constants of entries say: `set` of a block, or the selector of a path."""
    return [
        spot._replace(ours=(*spot.ours[: i + 1], *path))
        for spot in found
        for i, step in enumerate(spot.ours)
        for path, _ in _constants(step)
    ]


# --- comparing -------------------------------------------------------------------------------------------------------


def meet(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two paths may name the same value, or one a part of the other."""
    return all(_meet(a, b) for a, b in zip(one, other, strict=False))


def _meet(a: Any, b: Any) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b or (isinstance(a, str) and isinstance(b, str) and ANY_KEY in (a, b))
    mine, theirs = dict(_constants(a)), dict(_constants(b))
    return all(theirs[path] == value for path, value in mine.items() if path in theirs)


def _constants(step: Any) -> tuple[Any, ...]:
    if isinstance(step, Each):
        return step.select.constants
    return step.constants if isinstance(step, Select) else ()


def shown(steps: tuple[Any, ...]) -> str:
    """The rule path of some steps: `offers[basis=one_off].amount`, `title@zh`; entries of a list are not marked."""
    out = ""
    node: Any = shape.root()
    for step in steps:
        if not isinstance(step, str):
            pairs = ", ".join(f"{'.'.join(path)}={value}" for path, value in _constants(step))
            out += f"[{pairs}]" if pairs else ""
            node = getattr(node, "item", node)
        elif isinstance(node, shape.LangText):
            out += f"@{step}"
        elif not isinstance(node, shape.LangList):
            out += f".{step}" if out else step
            node = _below(node, step)
    return out


def _below(node: Any, step: str) -> Any:
    if isinstance(node, shape.ListOf):
        node = node.item
    if isinstance(node, shape.Keyed):
        return node.value
    return node.members.get(step) if isinstance(node, shape.Group) else None


def names(path: str) -> tuple[str, ...]:
    """The names of a record path of ours, without the positions of entries."""
    return tuple(step for step in path.split(".") if not step.isdigit())


def names_of(steps: tuple[Any, ...]) -> tuple[str, ...]:
    """The names of a path of ours."""
    return tuple(step for step in steps if isinstance(step, str))


def general(path: str) -> str:
    """A record path with `[]` for the positions of entries: `resources[].name`."""
    return _INDEX.sub("[]", path)
