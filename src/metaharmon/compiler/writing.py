"""Generated writing: values of ours into fields of theirs, for fresh records (no residue)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon.cells import cell_losses, lose_unclaimed, lose_unsaid, one_way_losses
from metaharmon.compiler.memos import Saying
from metaharmon.compiler.reading import through_of
from metaharmon.compiler.source import Source
from metaharmon.entries import write_block
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Listed, Single
from metaharmon.lenses.codes import Codes
from metaharmon.lenses.dates import Date
from metaharmon.lenses.numbers import Boolean, Number
from metaharmon.lenses.text import Text
from metaharmon.mapping.ours import OurSlot, unclaimed
from metaharmon.mapping.plan import Cell, Scope
from metaharmon.model.normal import copied
from metaharmon.paths import Key, Up, put

Value = Callable[[OurSlot], str]


def may_share(cell: Cell) -> bool:
    """Whether a raw value of the cell may be a list or an object, which must not be shared between records."""
    return not all(isinstance(line.clause, Single) and isinstance(line.clause.lens, (Codes, Date, Text, Number, Boolean)) for line in cell.lines)


def cell_always_says(cell: Cell) -> bool:
    """Whether the fields of a cell are never missing from a written record: absence has a form of its own."""
    clauses = [line.clause for line in cell.lines]
    return all(isinstance(c, (Single, Listed)) and c.silence.empty is not MISSING for c in clauses)


class ScopeWriter:
    """Writes the writing of one scope into a source: from values of ours to the record `n`."""

    def __init__(self, source: Source, scope: Scope, writers: dict[int, str]):
        self.source, self.scope, self.writers = source, scope, writers
        self.raws: list[tuple[tuple[Any, ...], str]] = []
        self.present: set[str] = set()
        """Variables of raw values that are never MISSING."""
        self.track = bool(scope.selected)
        self.fused: list[Any] = []
        """One-way rules whose losses were found already."""
        self.report = True
        """Whether the function tells if anything was said."""
        source.constants.update(MISSING=MISSING, put=put, copied=copied, cell_losses=cell_losses, write_block=write_block,
                                unclaimed=unclaimed, lose_unclaimed=lose_unclaimed, lose_unsaid=lose_unsaid,
                                one_way_losses=one_way_losses)

    def cell(self, cell: Cell, value_of: Value) -> None:
        """Write one cell from expressions of its values."""
        source = self.source
        if not cell.theirs:
            values = ", ".join(value_of(slot) for slot in cell.ours)
            said = source.name("s")
            source.add(f"{said} = {source.constant(Saying(cell), 'W')}.looks(({values},))")
            self._losses(cell, said)
            return
        said = source.name("s")
        memo = source.constant(Saying(cell), "W")
        through = through_of(cell)
        if through is not None:
            self._through(cell, memo, said, value_of(cell.ours[0]), through)
            return
        if len(cell.ours) == 1:
            value = source.name("y")
            source.add(f"{value} = {value_of(cell.ours[0])}")
            source.add(f"{said} = {memo}[{value}] if {value}.__class__ is str else {memo}.look({value})")
        else:
            source.add(f"{said} = {memo}.looks(({', '.join(value_of(slot) for slot in cell.ours)},))")
        self.said(cell, said)

    def _through(self, cell: Cell, memo: str, said: str, expression: str, through: tuple[str, Any]) -> None:
        """A text that is written as it is needs no memo."""
        source, (tag, silence) = self.source, through
        value, raw = source.name("y"), source.name("z")
        source.add(f"{value} = {expression}")
        markers = f" and {raw} not in {source.constant(silence.markers)}" if silence.markers else ""
        steps = source.constant(cell.ours[0].steps)
        done = "pass" if not self.report else f"said.add({steps})" if self.track else "said = True"
        if tag:
            test = f"{value}.__class__ is dict and len({value}) == 1 and ({raw} := {value}.get({source.constant(tag)})) is not None"
        else:
            test = f"({raw} := {value}).__class__ is str"
        source.add(f"if {test}{markers}: {done}")
        source.add("else:")
        source.indent()
        source.add(f"{said} = {memo}.look({value})")
        source.add(f"{raw} = {said}.raw")
        self._losses(cell, said)
        source.add(f"if {said}.said: {done}")
        source.indent(-1)
        self.raws.append((cell.theirs[0].steps, raw))

    def said(self, cell: Cell, said: str) -> None:
        """Take over what was written of a cell."""
        source = self.source
        self._losses(cell, said)
        for i, slot in enumerate(cell.theirs):
            if slot.steps and isinstance(slot.steps[0], Up):
                continue
            raw = source.name("z")
            one = f"{said}.raw" if len(cell.theirs) == 1 else f"{said}.raw[{i}]"
            source.add(f"{raw} = {one} if not {said}.shared else {one}.copy() if {said}.shared == 1 else copied({one})" if may_share(cell) else f"{raw} = {one}")
            self.raws.append((slot.steps, raw))
        if self.report:
            source.add(f"if {said}.said: " + (f"said.update({said}.said)" if self.track else "said = True"))

    def _losses(self, cell: Cell, said: str) -> None:
        self.source.add(f"if {said}.losses: out.losses.extend(cell_losses({self.source.constant(cell)}, t, {said}.writing, at))")

    def record(self) -> None:
        """Build `n` of the raw values."""
        source = self.source
        shown = [(steps[0].name, raw) for steps, raw in self.raws if raw in self.present and len(steps) == 1 and isinstance(steps[0], Key)]
        source.add(f"n = {{{', '.join(f'{source.constant(key)}: {raw}' for key, raw in shown)}}}")
        done = {raw for _, raw in shown}
        plain = [(tuple(s.name for s in steps), raw) for steps, raw in self.raws
                 if raw not in done and steps and all(isinstance(s, Key) for s in steps)]
        groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for names, raw in plain:
            groups.setdefault(names[:-1], []).append((names[-1], raw))
        for names, members in sorted(groups.items(), key=lambda entry: len(entry[0])):
            self._object(names, members)
        for steps, raw in self.raws:
            if not steps:
                source.add(f"if {raw} is not MISSING: n = {raw}")
            elif not all(isinstance(s, Key) for s in steps):
                source.add(f"if {raw} is not MISSING: put(n, {source.constant(steps)}, {raw})")

    def _object(self, names: tuple[str, ...], members: list[tuple[str, str]]) -> None:
        source = self.source
        if not names:
            for key, raw in members:
                source.add(f"if {raw} is not MISSING: n[{source.constant(key)}] = {raw}")
            return
        made = source.name("g")
        source.add(f"{made} = {{}}")
        for key, raw in members:
            source.add(f"if {raw} is not MISSING: {made}[{source.constant(key)}] = {raw}")
        steps = tuple(map(Key, names))
        if len(names) == 1:
            key = source.constant(names[0])
            source.add(f"if {made}: n[{key}] = {{**n[{key}], **{made}}} if n.get({key}).__class__ is dict else {made}")
        else:
            source.add(f"for k in {made}: put(n, (*{source.constant(steps)}, Key(k)), {made}[k])")
            source.constants["Key"] = Key

    def rest(self, losses: bool = True) -> None:
        """Lists, one-way rules and what no rule can say: `t` is there."""
        source, scope = self.source, self.scope
        for block in scope.blocks:
            steps = tuple(part.ours.steps for part in block.parts or (block,))
            call = f"write_block({source.constant(block)}, t, n, NONE, out, at, w, {self.writers[id(block.scope)]})"
            source.add(f"if {call}: " + (f"said.update({source.constant(steps)})" if self.track else "said = True"))
        for line in scope.one_way:
            if line not in self.fused:
                source.add(f"out.losses.extend(one_way_losses({source.constant(line)}, t, n, at))")
        if losses:
            self._unclaimed()
        if self.track:
            source.add(f"lose_unsaid({source.constant(scope.selected)}, t, said, out, at)")

    def _unclaimed(self) -> None:
        source, claims = self.source, self.scope.claims
        call = f"lose_unclaimed(unclaimed(t, {source.constant(claims)}), out, at)"
        if claims is True:
            return
        if not isinstance(claims, dict):
            source.add(call)
            return
        tests = [f"not {source.constant(frozenset(claims))}.issuperset(t)"]
        tests += [f"{source.constant(key)} in t" for key, below in claims.items() if below is not True]
        source.add(f"if {' or '.join(tests)}: {call}")


def from_tree(source: Source) -> Value:
    """Values of ours fetched from the tree `t`."""

    def value(slot: OurSlot) -> str:
        if not slot.steps:
            return "t"
        if len(slot.steps) == 1 and isinstance(slot.steps[0], str):
            return f"t.get({source.constant(slot.steps[0])})"
        return f"{source.constant(slot.get, 'G')}(t)"

    return value


def write_writer(source: Source, name: str, scope: Scope, writers: dict[int, str]) -> None:
    """A function that writes one scope afresh: (scope, t, R, out, at, w) → (record, said)."""
    source.add(f"def {name}(scope, t, R, out, at, w):")
    source.indent()
    writer = ScopeWriter(source, scope, writers)
    source.add("said = set()" if writer.track else "said = False")
    value_of = from_tree(source)
    for cell in scope.cells:
        writer.cell(cell, value_of)
    writer.record()
    writer.rest()
    source.add("return n, bool(said)")
    source.indent(-1)
    source.add("")
