"""Entries spread over the keys of a keyed map (`documents.{kind}`, `parties.{role}`): copies and their order.

There is no order between keys; within a key the order of ours is kept. With `many`, one entry of theirs stands under
several keys of ours, and equal entries under several keys are written as one.
"""

from __future__ import annotations

from typing import Any

from metaharmon import codelists
from metaharmon.engine.residue import digest
from metaharmon.mapping.plan import Block

Copy = tuple[str, int]
"""An entry of ours by its key and its position there."""


def spread_groups(block: Block, found: dict[str, list[Any]], remembered: list[dict[str, str]]) -> list[list[Copy]]:
    """The copies that stand in one entry of theirs each, in the order in which these are written.

    `remembered`: entries of theirs by the digest of their content under each key, where equal entries were apart.
    """
    groups = _one_each(found) if not block.spread_many else _grouped(found, remembered)
    order = _ordered(block, groups)
    return order if order is not None else _ordered(block, _one_each(found)) or _one_each(found)


def _one_each(found: dict[str, list[Any]]) -> list[list[Copy]]:
    return [[(key, i)] for key, listed in found.items() for i in range(len(listed))]


def _grouped(found: dict[str, list[Any]], remembered: list[dict[str, str]]) -> list[list[Copy]]:
    """Equal entries under different keys, one of each key: as they were together before, then as they can be."""
    waiting: dict[tuple[str, str], list[Copy]] = {}
    for key, listed in found.items():
        for i, entry in enumerate(listed):
            waiting.setdefault((key, digest(entry)), []).append((key, i))
    groups: list[list[Copy]] = []
    for item in remembered:
        if all(waiting.get((key, content)) for key, content in item.items()):
            groups.append([waiting[key, content].pop(0) for key, content in item.items()])
    by_content: dict[tuple[str, int], list[Copy]] = {}
    for (_, content), copies in waiting.items():
        for nth, copy in enumerate(copies):
            by_content.setdefault((content, nth), []).append(copy)
    return [*groups, *by_content.values()]


def _ordered(block: Block, groups: list[list[Copy]]) -> list[list[Copy]] | None:
    """The groups so that every key keeps its own order; the first key in code list order decides the rest.

    None where the orders of two keys contradict each other.
    """
    node = block.ours.node
    codes = codelists.load(node.codelist) if codelists.exists(node.codelist) else None

    def rank(group: list[Copy]) -> tuple[Any, ...]:
        return min((codes.order(key) if codes is not None else 0, key, i) for key, i in group)

    left = sorted(groups, key=rank)
    due: dict[str, int] = {}
    out: list[list[Copy]] = []
    while left:
        group = next((g for g in left if all(due.get(key, 0) == i for key, i in g)), None)
        if group is None:
            return None
        left.remove(group)
        out.append(group)
        for key, _ in group:
            due[key] = due.get(key, 0) + 1
    return out


def apart(block: Block, entries: list[Any], keys: list[tuple[str, ...]]) -> list[dict[str, str]]:
    """What must be remembered of entries of theirs so that equal ones are not written as one; nothing if none are."""
    contents = [digest(entry) for entry in entries]
    if not block.spread_many or len(set(contents)) == len(contents):
        return []
    return [dict.fromkeys(names, content) for content, names in zip(contents, keys, strict=True)]
