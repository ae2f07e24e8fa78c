"""Entries of ours as they will be read back: by these they are aligned and ordered (mapping language, 5.3 and 5.4).

What is lost of an entry is not there when the record is read again. An entry that were aligned by what is lost would
be aligned otherwise at the next write, and that would not be the same as this one.
"""

from __future__ import annotations

from typing import Any

from metaharmon.diagnostics import Loss
from metaharmon.engine.alignment import in_our_order, keyed, list_shape
from metaharmon.engine.outcome import At
from metaharmon.mapping.plan import Block
from metaharmon.model import shape
from metaharmon.model.apply import apply_inside
from metaharmon.model.normal import normal
from metaharmon.paths import record_path


def as_read(block: Block, entry: Any, place: At, losses: list[Loss]) -> Any:
    """An entry that is written with these losses, as it is read back; itself where nothing of it changes."""
    if all(loss.kind == "imprecise" for loss in losses):
        return entry
    if block.parts:
        parts = {tag: _left(block.parts[int(tag)], one, place[tag], losses) for tag, one in entry.items()}
        return {tag: left for tag, left in parts.items() if left is not None}
    if block.spread:  # the key of the map is no part of the entry
        rest = {name: value for name, value in entry.items() if name != block.spread}
        return {**(_left(block, rest, place, losses) or {}), block.spread: entry[block.spread]}
    return _left(block, entry, place, losses)


def _left(block: Block, entry: Any, place: At, losses: list[Loss]) -> Any:
    while isinstance(place, list):  # of copies the first: they say the same
        place = place[0]
    path = record_path(*place)
    mine = [loss for loss in losses if loss.path == path or loss.path.startswith(f"{path}.")]
    return after_losses(block, entry, mine, path)


def after_losses(block: Block, entry: Any, losses: list[Loss], path: str) -> Any:
    """An entry of a list as it is read back; None if it is not."""
    if not losses:
        return entry
    left, node = apply_inside(entry, path, losses), list_shape(block)
    return normal(left, node.item) if left is not None and isinstance(node, shape.ListOf) else left


def names_as_read(block: Block, reads: list[Any]) -> list[tuple[str, int] | None]:
    """By what each entry is found again (see `keyed`), given how it is read back; None for one that is not."""
    there = [i for i, read in enumerate(reads) if read is not None]
    order = order_as_read(block, [reads[i] for i in there])
    names = keyed(block, [reads[there[i]] for i in order])
    found: list[tuple[str, int] | None] = [None] * len(reads)
    for i, name in zip(order, names, strict=True):
        found[there[i]] = name
    return found


def order_as_read(block: Block, reads: list[Any]) -> list[int]:
    """The positions of entries in the order of ours that they have when they are read back."""
    return list(range(len(reads))) if block.parts or block.spread else in_our_order(block, reads)
