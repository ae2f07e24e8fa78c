"""A pair whose writing has stand-ins: generated reading, then generated writing, with the canonical tree between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon.compiler.base import Slow, blank_of, scopes_below
from metaharmon.compiler.reading import write_reader
from metaharmon.compiler.source import Source
from metaharmon.compiler.writing import write_record_writer
from metaharmon.engine.foreign import suspect
from metaharmon.engine.languages import settle, speak
from metaharmon.engine.outcome import Read, Written, loss_order
from metaharmon.engine.residue import Residue
from metaharmon.engine.stand_ins import fill, settle_filled
from metaharmon.mapping.plan import Plan


def write_through(source: Source, a: Plan, b: Plan, readers: dict[int, str], writers: dict[int, str]) -> None:
    """The functions `read` and `write` of a pair; those of entries are there."""
    root = scopes_below(a.record)[-1]
    readers[id(root)] = "read"
    write_reader(source, "read", root, readers)
    write_record_writer(source, "write", b, writers)


def through(functions: dict[str, Any], a: Plan, b: Plan) -> Callable[[dict[str, Any]], Any]:
    """The translation made of both."""
    read, write = functions["read"], functions["write"]
    blank = blank_of(read, a)

    def translate(record: dict[str, Any]) -> Any:
        found = Read({}, Residue())
        found.tree = read(a.record, record, None, found, found.residue, "")
        if found.refused:
            return None
        if suspect(record, found.residue, found.tree, blank):
            raise Slow
        out = Written({}, [])
        tree, filled = fill(b, found.tree)
        tree, spoken = speak(tree, b)
        out.record = write(tree, out, out.losses, out.problems)
        settle(out.losses, tree, spoken)
        settle_filled(out.losses, tree, filled)
        out.losses.sort(key=loss_order)
        return out.record, out.losses, found.residue, [*found.problems, *out.problems]

    return translate
