"""The compiler: generated straight-line Python for reading, writing and any pair of dialects.

Generated functions agree with the interpreter in record, residue, losses and findings; anything unforeseen raises, and
then the interpreter explains.
"""

from __future__ import annotations

from typing import Any

from metaharmon.compiler.base import NONE, Slow, blank_of, scopes_below, slow_item
from metaharmon.compiler.pair import CompiledPair, compile_pair
from metaharmon.compiler.reading import write_reader
from metaharmon.compiler.source import Source
from metaharmon.compiler.writing import write_record_writer, write_writer
from metaharmon.engine import foreign, linked, stand_ins, together
from metaharmon.engine.languages import settle, speak
from metaharmon.engine.outcome import Read, Written, loss_order
from metaharmon.engine.residue import Residue
from metaharmon.mapping.plan import Plan


class CompiledPlan:
    """Generated reading and fresh writing of one dialect."""

    def __init__(self, plan: Plan):
        self.plan = plan
        source = Source(plan.named)
        source.constants.update(NONE=NONE, slow_item=slow_item)
        readers: dict[int, str] = {}
        writers: dict[int, str] = {}
        for scope in scopes_below(plan.record):
            readers[id(scope)] = source.name("read")
            write_reader(source, readers[id(scope)], scope, readers)
        for scope in scopes_below(plan.record)[:-1]:
            writers[id(scope)] = source.name("write")
            write_writer(source, writers[id(scope)], scope, writers)
        write_record_writer(source, "write", plan, writers)
        self.source = source.text()
        functions = source.functions()
        self._read = functions[readers[id(plan.record)]]
        self._blank = blank_of(self._read, plan)
        self._write = functions["write"]

    def read(self, record: dict[str, Any]) -> Read:
        """As the interpreter reads, without fates. May raise anything: then the interpreter explains."""
        out = Read({}, Residue())
        opened = linked.opened(self.plan, record, out)
        out.tree = self._read(self.plan.record, opened, None, out, out.residue, "")
        if foreign.suspect(opened, out.residue, out.tree, self._blank):
            raise Slow
        if self.plan.together and together.barred(self.plan, out.problems):
            raise Slow
        return out

    def write(self, tree: dict[str, Any], new: bool = True) -> Written:
        """As the interpreter writes a product without residue; `new`: it was never read in this dialect. May raise
        anything, too."""
        out = Written({}, [])
        tree, filled = stand_ins.fill(self.plan, tree) if new else (tree, [])
        tree, spoken = speak(tree, self.plan)
        out.record = self._write(tree, out, out.losses, out.problems)
        settle(out.losses, tree, spoken)
        stand_ins.settle_filled(out.losses, tree, filled)
        if self.plan.together and together.unsaid(self.plan, out.losses):
            raise Slow
        if len(out.losses) > 1:
            out.losses.sort(key=loss_order)
        out.record = linked.closed(self.plan, out.record, None, out.problems)
        return out


__all__ = ["CompiledPair", "CompiledPlan", "compile_pair"]
