"""The compiler: generated straight-line Python for reading, writing and any pair of dialects.

Generated functions agree with the interpreter in record, residue, losses and findings; anything unforeseen raises, and
then the interpreter explains.
"""

from __future__ import annotations

from typing import Any

from metaharmon.compiler.base import NONE, scopes_below, slow_item
from metaharmon.compiler.pair import CompiledPair, compile_pair
from metaharmon.compiler.reading import write_reader
from metaharmon.compiler.source import Source
from metaharmon.compiler.writing import write_writer
from metaharmon.finish import finish, note_required
from metaharmon.mapping.plan import Plan, Scope
from metaharmon.outcome import Read, Written, loss_order
from metaharmon.residue import Residue


def add_scopes(source: Source, record: Scope, write: Any, prefix: str) -> dict[int, str]:
    """The functions of the lists below a record's scope, and of the record; names by scope."""
    names: dict[int, str] = {}
    for scope in scopes_below(record):
        names[id(scope)] = source.name(prefix)
        write(source, names[id(scope)], scope, names)
    return names


class CompiledPlan:
    """Generated reading and fresh writing of one dialect."""

    def __init__(self, plan: Plan):
        self.plan = plan
        source = Source(plan.named)
        source.constants.update(NONE=NONE, slow_item=slow_item)
        readers = add_scopes(source, plan.record, write_reader, "read")
        writers = add_scopes(source, plan.record, write_writer, "write")
        self.source = source.text()
        functions = source.functions()
        self._read = functions[readers[id(plan.record)]]
        self._write = functions[writers[id(plan.record)]]

    def read(self, record: dict[str, Any]) -> Read:
        """As the interpreter reads, without fates. May raise anything: then the interpreter explains."""
        out = Read({}, Residue())
        out.tree = self._read(self.plan.record, record, None, out, out.residue, "")
        return out

    def write(self, tree: dict[str, Any]) -> Written:
        """As the interpreter writes a product without residue."""
        out = Written({}, [])
        out.record, _ = self._write(self.plan.record, tree, NONE, out, (), "")
        finish(self.plan.record, out.record, None, 0, NONE, out, "")
        note_required(self.plan, out)
        out.losses.sort(key=loss_order)
        return out


__all__ = ["CompiledPair", "CompiledPlan", "compile_pair"]
