"""Generated writing: values of ours into fields of theirs, for fresh records (no residue)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon.compiler.base import NONE, held_alone
from metaharmon.compiler.sayings import Saying
from metaharmon.compiler.source import Source
from metaharmon.compiler.texts import no_marker, passing_of
from metaharmon.engine.cells import cell_losses, lose_unclaimed, lose_unsaid, one_way_losses
from metaharmon.engine.finish import finish, note_deeper, note_lacking, says_more
from metaharmon.engine.languages import gather
from metaharmon.engine.lists_written import lose_moved, write_block
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Listed, Silence, Single
from metaharmon.lenses.codes import Codes
from metaharmon.lenses.dates import Date
from metaharmon.lenses.numbers import Boolean, Number
from metaharmon.lenses.text import Text
from metaharmon.mapping.ours import First, OurSlot, Select, unclaimed
from metaharmon.mapping.plan import Cell, Hold, Plan, Scope
from metaharmon.model.normal import copied
from metaharmon.paths import Key, Up, get, put

Value = Callable[[OurSlot], str]


def may_share(cell: Cell) -> bool:
    """Whether a raw value of the cell may be a list or an object, which must not be shared between records."""
    scalars = (Codes, Date, Text, Number, Boolean)
    return not all(isinstance(line.clause, Single) and isinstance(line.clause.lens, scalars) for line in cell.lines)


def cell_always_says(cell: Cell) -> bool:
    """Whether the fields of a cell are never missing from a written record: absence has a form of its own."""
    clauses = [line.clause for line in cell.lines]
    return all(isinstance(c, (Single, Listed)) and c.silence.empty is not MISSING for c in clauses)


class ScopeWriter:
    """Writes the writing of one scope into a source: from values of ours to the record `n`.

    `out`, `w`, `at` and the tree `t` are names in the generated function.
    """

    def __init__(self, source: Source, scope: Scope, writers: dict[int, str], losses: str = "out.losses"):
        self.source, self.scope, self.writers = source, scope, writers
        self.losses = losses
        """The expression of the list of losses."""
        self.held: dict[int, Hold] = {}
        """By cell, held texts that are closed when the cell is written."""
        self.raws: list[tuple[tuple[Any, ...], str]] = []
        self.present: set[str] = set()
        """Variables of raw values that are never MISSING."""
        self.track = bool(scope.selected)
        """Whether the paths that were said are needed, not only whether there are any."""
        self.report = True
        """Whether the function tells if anything was said."""
        self.fused: list[Any] = []
        """One-way rules whose losses were found already."""
        source.constants.update(MISSING=MISSING, NONE=NONE, put=put, copied=copied, cell_losses=cell_losses,
                                write_block=write_block, unclaimed=unclaimed, lose_unclaimed=lose_unclaimed,
                                lose_unsaid=lose_unsaid, finish=finish, get=get, says_more=says_more,
                                one_way_losses=one_way_losses)  # fmt: skip

    def cell(self, cell: Cell, value_of: Value) -> None:
        """Write one cell from expressions of its values."""
        source = self.source
        said = source.name("s")
        memo = source.constant(Saying(cell, self.held.get(id(cell))), "W")
        passing = passing_of(cell)
        if passing is not None:
            self._passing(cell, memo, said, value_of(cell.ours[0]), passing.tag, passing.silence)
            return
        if len(cell.ours) == 1:
            value = source.name("y")
            source.add(f"{value} = {value_of(cell.ours[0])}")
            source.add(f"{said} = {memo}[{value}] if {value}.__class__ is str else {memo}.look({value})")
        else:
            values = "".join(f"{value_of(slot)}, " for slot in cell.ours)
            source.add(f"{said} = {memo}.looks(({values}))")
        self._said(cell, said)

    def _passing(self, cell: Cell, memo: str, said: str, expression: str, tag: str, silence: Silence) -> None:
        """A text that is written as it is needs no memo."""
        source = self.source
        value, raw = source.name("y"), source.name("z")
        source.add(f"{value} = {expression}")
        steps = source.constant(cell.ours[0].steps)
        done = "pass" if not self.report else f"said.add({steps})" if self.track else "said = True"
        if tag:
            member = f"{value}.get({source.constant(tag)})"
            test = f"{value}.__class__ is dict and len({value}) == 1 and ({raw} := {member}) is not None"
        else:
            test = f"({raw} := {value}).__class__ is str"
        source.add(f"if {test}{no_marker(source, raw, silence)}: {done}")
        source.add("else:")
        source.indent()
        source.add(f"{said} = {memo}.look({value})")
        source.add(f"{raw} = {said}.raw")
        self._losses(cell, said)
        source.add(f"if {said}.said: {done}")
        source.indent(-1)
        self.take(cell, [raw])

    def _said(self, cell: Cell, said: str) -> None:
        """Take over what was written of a cell."""
        source = self.source
        self._losses(cell, said)
        raws = [source.name("z") for _ in cell.theirs]
        if raws:
            source.add(f"{', '.join(raws)} = {said}.raw")
            if may_share(cell):
                fresh = f"{raws[0]}.copy() if {said}.shared == 1 else copied({raws[0]})"
                again = fresh if len(raws) == 1 else f"map(copied, {said}.raw)"
                source.add(f"if {said}.shared: {', '.join(raws)} = {again}")
        self.take(cell, raws)
        if self.report:
            source.add(f"if {said}.said: " + (f"said.update({said}.said)" if self.track else "said = True"))

    def take(self, cell: Cell, raws: list[str]) -> None:
        """The variables of the raw values of a cell."""
        for slot, raw in zip(cell.theirs, raws, strict=True):
            if slot.steps and isinstance(slot.steps[0], Up):
                continue
            self.raws.append((slot.steps, raw))
            if cell_always_says(cell):
                self.present.add(raw)

    def _losses(self, cell: Cell, said: str) -> None:
        call = f"cell_losses({self.source.constant(cell)}, t, {said}.writing, at)"
        self.source.add(f"if {said}.losses: {self.losses}.extend({call})")

    def record(self) -> None:
        """Build `n` of the raw values."""
        source = self.source
        plain = [(steps, raw) for steps, raw in self.raws if steps and all(isinstance(s, Key) for s in steps)]
        shown = [(steps[0].name, raw) for steps, raw in plain if raw in self.present and len(steps) == 1]
        source.add(f"n = {{{', '.join(f'{source.constant(key)}: {raw}' for key, raw in shown)}}}")
        done = {raw for _, raw in shown}
        groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for steps, raw in plain:
            if raw not in done:
                names = tuple(s.name for s in steps)
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
            joined = f"{{**n[{key}], **{made}}} if n.get({key}).__class__ is dict else {made}"
            source.add(f"if {made}: n[{key}] = {joined}")
        else:
            source.add(f"for k in {made}: put(n, (*{source.constant(steps)}, Key(k)), {made}[k])")
            source.constants["Key"] = Key

    def rest(self, built: bool = True) -> None:
        """Lists, one-way rules and what no rule can say; `built`: whether there may be anything in `t`."""
        source, scope = self.source, self.scope
        for block in scope.blocks:
            steps = tuple(part.ours.steps for part in block.parts or (block,))
            writer = self.writers[id(block.scope)]
            call = f"write_block({source.constant(block)}, t, n, NONE, out, at, w, {writer})"
            done = "pass" if not self.report else f"said.update({source.constant(steps)})"
            source.add(f"if {call}: " + (done if self.track or not self.report else "said = True"))
        if any(block.raised is not None for block in scope.blocks):
            source.constants["lose_moved"] = lose_moved
            source.add("if out.raised: lose_moved(t, n, out)")
        for line in scope.one_way:
            if line not in self.fused:
                source.add(f"{self.losses}.extend(one_way_losses({source.constant(line)}, t, n, at))")
        if built:
            self._unclaimed()
        if self.track and built:
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

    # --- the end of a record (that of an entry is written by `write_block`)

    def finishing(self) -> bool:
        """Whether computed fields and held texts are simple enough for `finish` below; if not, `out` is needed."""
        alone = held_alone(self.scope)
        plain = all(one.one_way or (one.constant and len(one.slot.steps) < 2) for one in self.scope.derived)
        simple = plain and len(alone) == len(self.scope.holds)
        self.held = alone if simple else {}
        return simple

    def finish(self, plan: Plan, problems: str) -> None:
        """After all else: computed fields and held texts of the record `n`, and what the dialect requires."""
        source = self.source
        if any(not steps for steps, _ in self.raws):
            source.add("if n.__class__ is not dict: n = {}")
        if self.finishing():
            self._constants()
        else:
            source.add(f'finish({source.constant(self.scope)}, n, None, 0, NONE, out, "")')
        if self.scope.tongues:
            source.constants["gather"] = gather
            source.add(f"gather(n, {source.constant(self.scope.tongues)})")
        for text, steps, quiet in plan.demanded:
            self._demand(text, steps, quiet, problems)
        if plan.needs is not None:
            source.constants["note_deeper"] = note_deeper
            source.add(f"note_deeper({source.constant(plan)}, n, {problems})")

    def _demand(self, text: str, steps: tuple[Any, ...], quiet: Silence, problems: str) -> None:
        """Note a field that is required and says nothing; a text that says something is one look."""
        source, raw = self.source, self.source.name("q")
        there = f"get(n, {source.constant(steps)})"
        if len(steps) == 1 and isinstance(steps[0], Key):
            there = f"n.get({source.constant(steps[0].name)}, MISSING)"
        source.add(f"{raw} = {there}")
        call = f"note_lacking({source.constant(text)}, {raw}, {source.constant(quiet)}, {problems})"
        source.constants["note_lacking"] = note_lacking
        source.add(f"if not ({raw}.__class__ is str and {raw}{no_marker(source, raw, quiet)}): {call}")

    def _constants(self) -> None:
        source, scope = self.source, self.scope
        for one in (one for one in scope.derived if not one.one_way):
            value = source.constant(one.constant[0])
            if len(one.slot.steps) == 1 and isinstance(one.slot.steps[0], Key):
                source.add(f"n[{source.constant(one.slot.steps[0].name)}] = {value}")
            else:
                steps, inside = source.constant(one.slot.steps), source.constant(one.slot.steps[:-1])
                more = f"says_more(get(n, {inside}), {source.constant(one.beside)})"
                source.add(f"{f'if {more}: ' if one.beside is not None else ''}put(n, {steps}, {value})")


def from_tree(source: Source) -> Value:
    """Values of ours fetched from the tree `t`."""

    def value(slot: OurSlot) -> str:
        if not slot.steps:
            return "t"
        if not isinstance(slot.steps[0], str) or any(isinstance(step, Select) for step in slot.steps):
            return f"{source.constant(slot.get, 'G')}(t)"
        found = f"t.get({source.constant(slot.steps[0])})"
        for step in slot.steps[1:]:
            if isinstance(step, First):
                found = f"(x[0] if (x := {found}).__class__ is list and x else None)"
            else:
                found = f"(x.get({source.constant(step)}) if (x := {found}).__class__ is dict else None)"
        return found

    return value


def write_writer(source: Source, name: str, scope: Scope, writers: dict[int, str]) -> None:
    """A function that writes an entry afresh: (scope, t, R, out, at, w) → (record, said)."""
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


def write_record_writer(source: Source, name: str, plan: Plan, writers: dict[int, str]) -> None:
    """A function that writes a product afresh: (t, out, L, P) → record; losses in `L`, findings in `P`."""
    source.add(f"def {name}(t, out, L, P):")
    source.indent()
    source.add('at = (); w = ""')
    writer = ScopeWriter(source, plan.record, writers, "L")
    writer.report = writer.track
    writer.finishing()
    if writer.track:
        source.add("said = set()")
    value_of = from_tree(source)
    for cell in plan.record.cells:
        writer.cell(cell, value_of)
    writer.record()
    writer.rest()
    writer.finish(plan, "P")
    source.add("return n")
    source.indent(-1)
    source.add("")
