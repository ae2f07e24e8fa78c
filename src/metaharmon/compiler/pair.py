"""A pair of dialects fused: their record straight into the other's, without the canonical tree where it is not needed.

Paths of ours that both dialects fill by the same slot are variables; the parts of the tree that are lists, or that
the two enter by different ways, are built and then read (they are `solid`).
"""

from __future__ import annotations

from typing import Any

from metaharmon.cells import unheard
from metaharmon.compiler.base import NONE, scopes_below, slow_item
from metaharmon.compiler.memos import Saying
from metaharmon.compiler.reading import ScopeReader, after, beginning_of, through_of, write_reader
from metaharmon.compiler.source import Source
from metaharmon.compiler.writing import ScopeWriter, cell_always_says, from_tree, may_share, write_writer
from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.finish import finish, note_required
from metaharmon.mapping.ours import ListClaims, OurSlot, Select
from metaharmon.mapping.plan import Cell, Plan, Scope
from metaharmon.model.normal import same
from metaharmon.outcome import Read, Written, loss_order
from metaharmon.paths import Up, record_path
from metaharmon.residue import Residue

UNKNOWN = object()


Unit = tuple[str, ...]


def unit_of(steps: tuple[Any, ...]) -> Unit:
    """The part of a path before its first list: what is built or not built as one."""
    names: list[str] = []
    for step in steps:
        if not isinstance(step, str):
            break
        names.append(step)
    return tuple(names)


def solid_units(a: Scope, b: Scope) -> set[Unit]:
    """The parts of ours that must be built as a tree between the two dialects."""
    solid = {unit_of(block.ours.steps) for scope in (a, b) for one in scope.blocks for block in one.parts or (one,)}
    solid |= {unit_of(slot.steps) for scope in (a, b) for line in scope.one_way if beginning_of(line) is None for slot in line.ours}
    solid |= {unit_of(entry.steps) for entry in b.selected}
    mine = [slot for cell in a.cells for slot in cell.ours if slot.steps] + [slot for line in a.one_way for slot in line.ours]
    for slot in mine:
        if lost_prefix(slot.steps, b.claims) is UNKNOWN or _many_selects(slot, mine):
            solid.add(unit_of(slot.steps))
    for slot in [s for cell in b.cells for s in cell.ours] + [s for line in b.one_way for s in line.ours]:
        for other in mine:
            if slot.steps and slot.steps != other.steps and not _apart(slot.steps, other.steps):
                solid |= {unit_of(slot.steps), unit_of(other.steps)}
    return solid


def _many_selects(slot: OurSlot, slots: list[OurSlot]) -> bool:
    """Whether the entry of a slot shares its list with other entries, so that its index is not known."""
    for i, step in enumerate(slot.steps):
        if isinstance(step, Select):
            return any(o.steps[:i] == slot.steps[:i] and len(o.steps) > i and o.steps[i] != step for o in slots)
    return False


def _apart(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two paths can never be, or hold, the same place."""
    for x, y in zip(one, other, strict=False):
        if x != y:
            return isinstance(x, str) and isinstance(y, str)
    return False


def lost_prefix(steps: tuple[Any, ...], claims: Any) -> Any:
    """How far down a path the other dialect has rules: None if it says it, the record path that is lost, or UNKNOWN."""
    path: list[Any] = []
    for step in steps:
        if claims is True:
            return None
        if isinstance(step, str):
            path.append(step)
            claims = claims.get(step) if isinstance(claims, dict) else None
            if claims is None:
                return tuple(path)
            continue
        path.append(0)
        if not isinstance(claims, ListClaims):
            return UNKNOWN
        chosen = _selected(step, claims)
        if chosen is UNKNOWN:
            return UNKNOWN
        if claims.first is not None:
            claims = claims.first
        elif chosen is not None:
            claims = chosen
        elif any(not select.constants for select, _ in claims.branches):
            claims = next(below for select, below in claims.branches if not select.constants)
        else:
            return UNKNOWN if claims.branches else tuple(path)
    return None if claims is True else UNKNOWN


def _selected(step: Any, claims: ListClaims) -> Any:
    """The claims of the selection that an entry surely has; None if it surely has none, else UNKNOWN."""
    if not claims.selects:
        return None
    if not isinstance(step, Select):
        return UNKNOWN
    mine = dict(step.constants)
    for select, below in claims.selects:
        if all(path in mine and same(mine[path], value) for path, value in select.constants):
            return below
        if not any(path in mine and not same(mine[path], value) for path, value in select.constants):
            return UNKNOWN
    return None


def settled_cells(a: Scope, b: Scope) -> list[tuple[Cell, list[Cell], Any, Loss | None]]:
    """Cells of one field whose parts of ours no other rule of either side touches, with the cells they end in.

    What becomes of such a field hangs on its raw value alone: reading, writing and losses are one look-up.
    """
    out = []
    for cell in a.cells:
        units = {unit_of(slot.steps) for slot in cell.ours if slot.steps}
        if len(cell.theirs) != 1 or not units or through_of(cell) is not None:
            continue
        others = [s for c in a.cells if c is not cell for s in c.ours] + [s for line in a.one_way for s in line.ours]
        others += [part.ours for block in a.blocks for part in block.parts or (block,)]
        theirs = [s for line in b.one_way for s in line.ours] + list(b.selected)
        theirs += [part.ours for block in b.blocks for part in block.parts or (block,)]
        if any(_meet(units, slot) for slot in (*others, *theirs)):
            continue
        ends = [c for c in b.cells if any(_meet(units, slot) for slot in c.ours)]
        if any(not _inside(units, slot) or not c.theirs for c in ends for slot in c.ours):
            continue
        prefixes = {lost_prefix(unit, b.claims) for unit in units}
        if not ends:
            prefix = next(iter(prefixes))
            if len(prefixes) > 1 or prefix is None or prefix is UNKNOWN or any(_meet({prefix}, s) for s in others):
                continue
            out.append((cell, [], b.claims, Loss(record_path(*prefix), "omitted", "the dialect has no field for it")))
        elif all(prefix is None or prefix is UNKNOWN for prefix in prefixes):
            out.append((cell, ends, b.claims, None))
    return out


def _meet(units: set[Unit], slot: OurSlot) -> bool:
    """Whether a path lies in or above one of some parts."""
    mine = unit_of(slot.steps)
    return any(unit[: len(mine)] == mine or mine[: len(unit)] == unit for unit in units)


def _inside(units: set[Unit], slot: OurSlot) -> bool:
    mine = unit_of(slot.steps)
    return any(mine[: len(unit)] == unit for unit in units)


class CompiledPair:
    """Generated translation from one dialect into another."""

    def __init__(self, a: Plan, b: Plan):
        self.a, self.b = a, b
        source = Source(f"{a.named} to {b.named}")
        source.constants.update(NONE=NONE, slow_item=slow_item, Loss=Loss)
        readers: dict[int, str] = {}
        writers: dict[int, str] = {}
        for names, scope, write, prefix in ((readers, a.record, write_reader, "read"), (writers, b.record, write_writer, "write")):
            for below in scopes_below(scope)[:-1]:
                names[id(below)] = source.name(prefix)
                write(source, names[id(below)], below, names)
        _Fusion(source, a.record, b.record, readers, writers).write()
        self._finishes = bool(b.record.derived or b.record.holds)
        self.source = source.text()
        self._translate = source.functions()["translate"]

    def translate(self, record: dict[str, Any]) -> tuple[dict[str, Any], list[Loss], Residue, list[Diagnostic]] | None:
        """Record, losses, residue and findings; None where the interpreter must explain a refusal."""
        read = Read({}, Residue())
        written = Written({}, [])
        made = self._translate(record, read, read.residue, written)
        if read.problems and read.refused:
            return None
        if self._finishes:
            finish(self.b.record, made, None, 0, NONE, written, "")
        written.record = made
        if self.b.required:
            note_required(self.b, written)
        if len(written.losses) > 1:
            written.losses.sort(key=loss_order)
        return made, written.losses, read.residue, read.problems + written.problems if written.problems else read.problems


class _Fusion:
    """Writes the function `translate(r, read, R, out)`."""

    def __init__(self, source: Source, a: Scope, b: Scope, readers: dict[int, str], writers: dict[int, str]):
        self.source, self.a, self.b = source, a, b
        self.solid = solid_units(a, b)
        self.reader = ScopeReader(source, a, readers)
        self.reader.exposed = False
        self.settled = settled_cells(a, b)
        self.reader.telling = {id(cell): rest for cell, *rest in self.settled}
        self.done = {id(cell): i for _, cells, *_ in self.settled for i, cell in enumerate(cells)}
        self.writer = ScopeWriter(source, b, writers)

    def write(self) -> None:
        """The whole function."""
        source = self.source
        source.add("def translate(r, out, R, written):")
        source.indent()
        source.add('w = ""; up = None; at = ()')
        self.reader.cells()
        for line in self.a.one_way:
            if not self._is_solid(line.ours[0]):
                self.reader.one_way(line)
        self.reader.tree(self._is_solid)
        self.reader.rest()
        source.add("out = written")
        self.writer.report = self.writer.track
        if self.writer.track:
            source.add("said = set()")
        for mine, cells, *_ in self.settled:
            self._settle(self.reader.told[id(mine)], cells)
        for cell in self.b.cells:
            self._cell(cell)
        self.writer.record()
        for line in self.b.one_way:
            if not self._is_solid(line.ours[0]):
                self._one_way(line)
        self.writer.rest()
        self._lost()
        source.add("return n")
        source.indent(-1)

    def _is_solid(self, slot: OurSlot) -> bool:
        """Whether a path lies in, or above, a part that is built."""
        unit = unit_of(slot.steps)
        return any(one[: len(unit)] == unit or unit[: len(one)] == one for one in self.solid)

    def _settle(self, told: str, cells: list[Cell]) -> None:
        """Take over the raw values that a look-up gave."""
        source = self.source
        count = sum(len(cell.theirs) for cell in cells)
        at = 0
        for cell in cells:
            for slot in cell.theirs:
                raw = source.name("z")
                one = f"{told}.raw" if count == 1 else f"{told}.raw[{at}]"
                source.add(f"{raw} = {one} if not {told}.shared else {one}.copy() if {told}.shared == 1 else copied({one})" if may_share(cell) else f"{raw} = {one}")
                if not (slot.steps and isinstance(slot.steps[0], Up)):
                    self.writer.raws.append((slot.steps, raw))
                    if cell_always_says(cell):
                        self.writer.present.add(raw)
                at += 1

    def _variable(self, slot: OurSlot) -> tuple[str, str] | None:
        """The variable of the first dialect that holds a path, with its tag; None if the tree holds it."""
        if self._is_solid(slot):
            return None
        return next(((value, tag) for other, value, tag in self.reader.variables if other.steps == slot.steps), ("None", "*"))

    def _cell(self, cell: Cell) -> None:
        if id(cell) in self.done:
            return
        found = [self._variable(slot) for slot in cell.ours]
        if len(cell.ours) == 1 and len(cell.theirs) == 1 and found[0] is not None and self._passed(cell, *found[0]):
            return
        tree = from_tree(self.source)

        def value_of(slot: OurSlot) -> str:
            known = self._variable(slot)
            return tree(slot) if known is None else self._expression(*known)

        self.writer.cell(cell, value_of)

    def _expression(self, value: str, tag: str) -> str:
        if tag in ("*", "=", "") or value == "None":
            return value
        return f"(None if {value} is None else {{{self.source.constant(tag)}: {value}}})"

    def _passed(self, cell: Cell, value: str, tag: str) -> bool:
        """A text that goes through both dialects unchanged."""
        through = through_of(cell)
        if through is None or value == "None" or tag in ("*", "=") or through[0] != tag:
            return False
        source, raw = self.source, self.source.name("z")
        markers = through[1].markers
        test = f"{value} is not None" + (f" and {value} not in {source.constant(markers)}" if markers else "")
        said = source.name("s")
        source.add(f"if {test}: {raw} = {value}")
        source.add("else:")
        source.indent()
        source.add(f"{said} = {source.constant(Saying(cell), 'W')}.look({self._expression(value, tag)})")
        source.add(f"if {said}.losses: out.losses.extend(cell_losses({source.constant(cell)}, t, {said}.writing, at))")
        source.add(f"{raw} = {said}.raw")
        source.indent(-1)
        self.writer.raws.append((cell.theirs[0].steps, raw))
        if cell_always_says(cell):
            self.writer.present.add(raw)
        return True

    def _one_way(self, line: Any) -> None:
        """The losses of a one-way rule: what its field, as written, will not say."""
        source = self.source
        source.constants["unheard"] = unheard
        prefix, silence = beginning_of(line)  # type: ignore[misc]
        known = self._variable(line.ours[0])
        now = "None" if known is None else self._expression(*known)
        raw, found = source.name("v"), source.name("x")
        written = next((z for steps, z in self.writer.raws if steps == line.theirs[0].steps), None)
        source.add(f"{raw} = " + (written or f"get(n, {source.constant(line.theirs[0].steps)})"))
        source.add(f"{found} = {after(source, raw, prefix, silence)}")
        slot = line.ours[0]
        loss = source.constant(Loss(record_path(*(s if isinstance(s, str) else 0 for s in slot.steps)), "omitted", line.one_way, None, line.place))
        call = f"out.losses.extend(unheard({source.constant(line)}, ({now},), ({found},), t, at))"
        if now != "None":
            source.add(f"if {found} is None:")
            source.add(f"    if {now} is not None: out.losses.append({loss})")
            source.add(f"else: {call}")
        else:
            source.add(f"if {found} is not None: {call}")
        self.writer.fused.append(line)

    def _lost(self) -> None:
        """What the first dialect says and the second has no rule for."""
        groups: dict[tuple[Any, ...], list[str]] = {}
        for slot, value, tag in self.reader.variables:
            if self._is_solid(slot):
                continue
            prefix = lost_prefix(slot.steps, self.b.claims)
            if prefix is not None:
                groups.setdefault(prefix, []).append("True" if tag == "=" else f"{value} is not None")
        for prefix, tests in groups.items():
            loss = Loss(record_path(*prefix), "omitted", "the dialect has no field for it")
            self.source.add(f"if {' or '.join(tests)}: out.losses.append({self.source.constant(loss)})")


def compile_pair(a: Plan, b: Plan) -> CompiledPair:
    """The fused translation of a pair."""
    return CompiledPair(a, b)

