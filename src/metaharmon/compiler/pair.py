"""A pair of dialects fused: their record straight into the other's, without the canonical tree where it is not needed.

A field whose fate hangs on its raw value alone is one look-up; a text that passes through both dialects is one test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from metaharmon.compiler.base import EMPTY, NONE, Doubt, Slow, scopes_below, slow_item
from metaharmon.compiler.direct import LARGE, least_plain_number
from metaharmon.compiler.reading import ScopeReader, write_reader
from metaharmon.compiler.sayings import Passed, Telling, Told
from metaharmon.compiler.settled import foreign_words, lost_at, settled_cells, solid_units, unit_of
from metaharmon.compiler.source import Source
from metaharmon.compiler.texts import after, beginning_of, passes, passing_of, says_nothing
from metaharmon.compiler.through import through, write_through
from metaharmon.compiler.writing import ScopeWriter, from_tree, may_share, write_writer
from metaharmon.diagnostics import ERROR, Diagnostic, Loss
from metaharmon.engine import linked, together
from metaharmon.engine.cells import unheard
from metaharmon.engine.languages import settle, speak
from metaharmon.engine.outcome import Read, Written, loss_order
from metaharmon.engine.residue import Residue
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import Cell, Line, Plan, Scope
from metaharmon.paths import record_path

_NAME = re.compile("[a-z0-9_]+")
"""Names that, joined by dots, sort as the paths below them do."""

Done = tuple[dict[str, Any], list[Loss], Residue, list[Diagnostic]]


def refused(problems: list[Diagnostic]) -> bool:
    """Whether the mapping refuses the record."""
    return any(problem.severity == ERROR for problem in problems)


class CompiledPair:
    """Generated translation from one dialect into another."""

    def __init__(self, a: Plan, b: Plan):
        self.a, self.b = a, b
        source = Source(f"{a.named} to {b.named}")
        doubt = Doubt()
        source.constants.update(NONE=NONE, EMPTY=EMPTY, slow_item=slow_item, Read=Read, Written=Written, Told=Told,
                                Residue=Residue, refused=refused, loss_order=loss_order, Slow=Slow)  # fmt: skip
        source.constants["doubt"] = doubt
        readers: dict[int, str] = {}
        writers: dict[int, str] = {}
        for names, plan, write, prefix in ((readers, a, write_reader, "read"), (writers, b, write_writer, "write")):
            for below in scopes_below(plan.record)[:-1]:
                names[id(below)] = source.name(prefix)
                write(source, names[id(below)], below, names)
        (write_through if b.stands_in else fuse)(source, a, b, readers, writers)
        self.source, functions = source.text(), source.functions()
        translate = through(functions, a, b) if b.stands_in else functions["translate"]
        if not b.stands_in:
            doubt.know(a, translate)
        self.translate: Callable[[dict[str, Any]], Done | None] = self._whole(self._linked(translate))
        """Record, losses, residue and findings of a record; None where the interpreter must explain a refusal. May
        raise anything: then, too, the interpreter explains."""

    def _whole(self, translate: Callable[[dict[str, Any]], Done | None]) -> Callable[[dict[str, Any]], Done | None]:
        """The function for dialects with groups that are read and said whole: the interpreter does what is in part."""
        a, b = self.a, self.b
        if not (a.together or b.together):
            return translate

        def whole(record: dict[str, Any]) -> Done | None:
            done = translate(record)
            if done is not None and (together.barred(a, done[3]) or together.unsaid(b, done[1])):
                raise Slow
            return done

        return whole

    def _linked(self, translate: Callable[[dict[str, Any]], Done | None]) -> Callable[[dict[str, Any]], Done | None]:
        """The function for documents of JSON-LD, too; a document that cannot be opened is explained elsewhere."""
        a, b = self.a, self.b
        if a.linked is None and b.linked is None:
            return translate

        def documents(record: dict[str, Any]) -> Done | None:
            before = Read({}, Residue())
            tree = linked.opened(a, record, before)
            done = None if before.problems else translate(tree)
            if done is None:
                return None
            made, losses, residue, problems = done
            residue.frames.update(before.residue.frames)
            return linked.closed(b, made, None, problems), losses, residue, problems

        return documents


class _Fusion:
    """Writes the function `translate(r)`."""

    def __init__(self, source: Source, a: Plan, b: Plan, readers: dict[int, str], writers: dict[int, str]):
        self.source, self.plan = source, b
        self.a: Scope = a.record
        self.b: Scope = b.record
        self.foreign = foreign_words(a, b)
        self.solid = solid_units(self.a, self.b, self.foreign)
        self.reader = ScopeReader(source, self.a, readers, "P")
        self.reader.exposed = False
        self.reader.strange = "; strange = True"
        self.writer = ScopeWriter(source, self.b, writers, "L")
        self.writer.report = self.writer.track
        self.simple_end = self.writer.finishing()
        self.settled = {id(cell): rest for cell, *rest in settled_cells(self.a, self.b, self.foreign)}
        self.surely: list[tuple[str, str]] = []
        """Losses whose place among others is known: the path at or above them, and the line that puts them into `S`."""
        names = {step for cell in self.a.cells for slot in cell.ours for step in slot.steps if isinstance(step, str)}
        self.plain = all(map(_NAME.fullmatch, names))
        self.done = {id(cell) for cells, *_ in self.settled.values() for cell in cells}

    def write(self) -> None:
        """The whole function."""
        source, reader = self.source, self.reader
        source.add("def translate(r):")
        source.indent()
        source.add('R = Residue(); P = []; L = []; w = ""; up = None; at = (); whole = r; strange = False')
        if reader.needs_out():
            source.add("out = Read({}, R, P)")
        reader.start()
        for cell in self.a.cells:
            self._read(cell)
        for line in self.a.one_way:
            if not self._is_solid(line.ours[0]):
                reader.one_way(line)
        built = self._tree()
        source.add("if P and refused(P): return None")
        if self.foreign:
            source.constants.update(speak=speak, settle=settle)
            source.add(f"t, spoken = speak(t, {source.constant(self.plan)})")
        self._write(built)
        if self.foreign:
            source.add("if spoken: settle(L, t, spoken)")
        source.add("S = []")
        for _, line in sorted(self.surely):
            source.add(line)
        source.add("if L:")
        source.add("    L += S; S = L")
        source.add("    if len(S) > 1: S.sort(key=loss_order)")
        source.add("if (strange or P or R.lists or R.frames or R.digests) and doubt(whole, R, n, S): raise Slow")
        source.add("return n, S, R, P")
        source.indent(-1)

    def _tree(self) -> bool:
        """The parts of ours that are built; whether there are any."""
        built = self.reader.tree(self._is_solid)
        built = built or bool(self.a.blocks) or len(self.reader.fused) < len(self.a.one_way)
        self.reader.rest()
        if built:
            self.reader.order()
        return built

    def _write(self, built: bool) -> None:
        source, writer = self.source, self.writer
        if built or self.b.blocks or not self.simple_end or writer.track:
            source.add("out = Written({}, L, P)")
        if writer.track:
            source.add("said = set()")
        for cell in self.b.cells:
            if id(cell) not in self.done:
                writer.cell(cell, self._value_of(from_tree(source)))
        writer.record()
        for line in self.b.one_way:
            if not self._is_solid(line.ours[0]):
                self._one_way(line)
        writer.rest(built)
        self._lost()
        writer.finish(self.plan, "P")

    def _is_solid(self, slot: OurSlot) -> bool:
        """Whether a path lies in, or above, a part that is built."""
        unit = unit_of(slot.steps)
        return any(one[: len(unit)] == unit or unit[: len(one)] == one for one in self.solid)

    # --- fields of the first dialect

    def _read(self, cell: Cell) -> None:
        if id(cell) in self.settled:
            self._tell(cell, *self.settled[id(cell)])
        elif (end := self._passes_into(cell)) is not None:
            self._pass(cell, end)
        else:
            self.reader.cell(cell)

    def _tell(self, cell: Cell, cells: list[Cell], claims: Any, lost: Loss | None) -> None:
        """A field and all that the other dialect says of it, in one look."""
        source = self.source
        ends = [(end, self.writer.held.get(id(end))) for end in cells]
        raw = self.reader.fields.variable(cell.theirs[0].steps)
        told = self._look(cell, raw, Telling(cell, self.reader.held.get(id(cell)), ends, claims), lost)
        if lost is not None:
            source.add(f"if {told}.__class__ is Told: {told} = {told}.tell({raw}, P, R)")
            self.surely.append((lost.path, f"if {told} is not None: S.append({source.constant(lost)})"))
            return
        self._losses(cell, told, raw)
        raws = [source.name("z") for end in cells for _ in end.theirs]
        if len(raws) > 1:
            source.add(f"{', '.join(raws)} = {told}")
        else:
            raws = [told]
            if may_share(cells[0]):
                source.add(f"elif {told}.__class__ is list: {told} = {told}.copy()")
        for end in cells:
            self.writer.take(end, raws[: len(end.theirs)])
            raws = raws[len(end.theirs) :]

    def _look(self, cell: Cell, raw: str, memo: Telling, lost: Loss | None) -> str:
        """The variable of what a memo tells of a raw value."""
        source = self.source
        least = None if lost is None else least_plain_number(cell)
        if memo.days is None and least is None:
            return self.reader.look(raw, memo)
        told, name = source.name("e"), source.constant(memo, "M")
        if memo.days is None:
            test, found = f"{raw}.__class__ is int and {least} <= {raw} < {LARGE}", "True"
        else:
            test, found = f"{raw}.__class__ is str", f"{name}.get({raw}) or {name}.of_day({raw})"
        source.add(f"{told} = {found} if {test} else {name}.look({raw})")
        return told

    def _losses(self, cell: Cell, told: str, raw: str) -> None:
        """Take what is told: losses in their order if their path is known, else among those to be sorted."""
        source, tell = self.source, f"{told}.tell({raw}, P, R)"
        if self.plain and len(cell.ours) == 1 and all(isinstance(step, str) for step in cell.ours[0].steps):
            losses = source.name("k")
            source.add(f"{losses} = ()")
            source.add(f"if {told}.__class__ is Told: {losses} = {told}.losses; {told} = {tell}")
            self.surely.append((record_path(*cell.ours[0].steps), f"if {losses}: S += {losses}"))
        else:
            source.add(f"if {told}.__class__ is Told: L.extend({told}.losses); {told} = {tell}")

    def _passes_into(self, cell: Cell) -> Cell | None:
        """The cell of the second dialect into which a text of the first one passes as it is."""
        mine = passing_of(cell)
        if mine is None or id(cell) in self.reader.held or self._is_solid(cell.ours[0]):
            return None
        ends = [end for end in self.b.cells if any(slot.steps == cell.ours[0].steps for slot in end.ours)]
        theirs = passing_of(ends[0]) if len(ends) == 1 else None
        if theirs is None or theirs[:2] != mine[:2] or id(ends[0]) in self.writer.held:
            return None
        return ends[0]

    def _pass(self, cell: Cell, end: Cell) -> None:
        """A text that passes through both dialects."""
        source = self.source
        first, second = passing_of(cell), passing_of(end)
        assert first is not None and second is not None
        raw, value, made = self.reader.fields.variable(cell.theirs[0].steps), source.name("x"), source.name("z")
        other = source.constant(Passed(cell, end, first.tag), "T")
        test = passes(source, raw, first.kind, first.silence.also(second.silence))
        source.add(f"if {test}: {value} = {made} = {raw}")
        silent = end.lines[0].clause.write((None,)).raws[0]
        nothing = source.constant(silent)
        source.add(f"elif {says_nothing(source, raw, cell)}: {value} = None; {made} = {nothing}")
        source.add(f"else: {value}, {made} = {other}.tell({raw}, P, R, L)")
        self.reader.variables.append((cell.ours[0], value, first.tag))
        self.reader.passed[raw] = value
        self.done.add(id(end))
        self.writer.take(end, [made])

    # --- fields of the second dialect

    def _variable(self, slot: OurSlot) -> tuple[str, str] | None:
        """The variable of the first dialect that holds a path, with its tag; None if the tree holds it."""
        if self._is_solid(slot):
            return None
        return next(((v, tag) for other, v, tag in self.reader.variables if other.steps == slot.steps), ("None", "*"))

    def _value_of(self, tree: Callable[[OurSlot], str]) -> Callable[[OurSlot], str]:
        def value(slot: OurSlot) -> str:
            known = self._variable(slot)
            return tree(slot) if known is None else self._expression(*known)

        return value

    def _expression(self, value: str, tag: str) -> str:
        if tag in ("*", "=", "") or value == "None":
            return value
        return f"(None if {value} is None else {{{self.source.constant(tag)}: {value}}})"

    def _one_way(self, line: Line) -> None:
        """The losses of a one-way rule: what its field, as written, will not say."""
        source = self.source
        source.constants["unheard"] = unheard
        beginning, silence = beginning_of(line)  # type: ignore[misc]
        known = self._variable(line.ours[0])
        now = "None" if known is None else self._expression(*known)
        raw = next((z for steps, z in self.writer.raws if steps == line.theirs[0].steps), None)
        if raw is None:
            raw = source.name("v")
            source.add(f"{raw} = get(n, {source.constant(line.theirs[0].steps)})")
        found = source.name("x")
        source.add(f"{found} = {after(source, raw, beginning, silence)}")
        slot = line.ours[0]
        path = record_path(*(s if isinstance(s, str) else 0 for s in slot.steps))
        loss = source.constant(Loss(path, "omitted", line.one_way or "", None, line.place))
        call = f"L.extend(unheard({source.constant(line)}, ({now},), ({found},), t, at))"
        if now != "None":
            source.add(f"if {found} is not None: {call}")
            self.surely.append((path, f"if {found} is None and {now} is not None: S.append({loss})"))
        else:
            source.add(f"if {found} is not None: {call}")
        self.writer.fused.append(line)

    def _lost(self) -> None:
        """What the first dialect says and the second has no rule for."""
        groups: dict[tuple[Any, ...], list[str]] = {}
        for slot, value, tag in self.reader.variables:
            if self._is_solid(slot):
                continue
            lost = lost_at(slot.steps, self.b.claims)
            if lost is not None:
                groups.setdefault(lost, []).append("True" if tag == "=" else f"{value} is not None")
        for (prefix, reason), tests in groups.items():
            loss = Loss(record_path(*prefix), "omitted", reason)
            self.surely.append((loss.path, f"if {' or '.join(tests)}: S.append({self.source.constant(loss)})"))


def fuse(source: Source, a: Plan, b: Plan, readers: dict[int, str], writers: dict[int, str]) -> None:
    """The function `translate` of a pair; those of entries are there."""
    _Fusion(source, a, b, readers, writers).write()


def compile_pair(a: Plan, b: Plan) -> CompiledPair:
    """The fused translation of a pair."""
    return CompiledPair(a, b)
