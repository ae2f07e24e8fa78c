"""Generated reading: a scope's fields into slots of ours, straight line by straight line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon.compiler.base import held_alone
from metaharmon.compiler.fields import Fields
from metaharmon.compiler.memos import Hearing, Hearings, Other, note_others
from metaharmon.compiler.source import Source
from metaharmon.compiler.texts import Passing, after, beginning_of, passes, passing_of, says_nothing
from metaharmon.engine.cells import read_one_way
from metaharmon.engine.entries import read_value
from metaharmon.engine.finish import note_companions, note_strays, open_held, read_derived
from metaharmon.engine.languages import note_apart
from metaharmon.engine.lists_read import read_block, to_normal
from metaharmon.lenses.computed import Copy
from metaharmon.mapping.ours import First, OurSlot, Select
from metaharmon.mapping.plan import Cell, Scope
from metaharmon.model import shape
from metaharmon.model.normal import copied
from metaharmon.paths import Key

Chosen = Callable[[OurSlot], bool]


class ScopeReader:
    """Writes the reading of one scope into a source. After `cells()` every slot of ours has a variable.

    `out`, `R`, `w`, `up` and the record `r` are names in the generated function.
    """

    def __init__(self, source: Source, scope: Scope, readers: dict[int, str], problems: str = "out.problems"):
        self.source, self.scope, self.readers = source, scope, readers
        self.problems = problems
        """The expression of the list of findings."""
        self.fields = Fields(source, scope)
        self.variables: list[tuple[OurSlot, str, str]] = []
        """(slot, variable, tag): with a tag the variable holds the plain text of that language."""
        self.passed: dict[str, str] = {}
        """The variables of texts that pass, by those of their raw values."""
        self.exposed = True
        """Whether the tree leaves the function: then nothing in it may be shared with a memo."""
        self.fused: list[Any] = []
        """One-way rules that were read into variables already."""
        self.held = held_alone(scope)
        self.strange = ""
        """What is noted, too, where a record has members that no rule reads: a statement."""
        source.constants.update(copied=copied)

    def start(self) -> None:
        """Open what is held, fetch the members."""
        alone = list(self.held.values())
        rest = tuple(hold for hold in self.scope.holds if hold not in alone)
        if rest:
            self.source.constants["open_held"] = open_held
            self.source.add(f"r = open_held({self.source.constant(rest)}, r, R, out, w)")
        self.fields.fetch()

    def cells(self) -> None:
        """Read all cells of `r` into variables."""
        self.start()
        for cell in self.scope.cells:
            self.cell(cell)

    def cell(self, cell: Cell) -> None:
        """Read one cell into variables."""
        source = self.source
        if not cell.theirs:
            for slot, value in zip(cell.ours, cell.lines[0].clause.read(()).values, strict=True):
                self.variables.append((slot, f"copied({source.constant(value)})", "="))
            return
        if len(cell.theirs) > 1:
            self._several(cell)
            return
        hold = self.held.get(id(cell))
        raw = self.fields.variable(cell.theirs[0].steps)
        passing = passing_of(cell) if hold is None else None
        if passing is not None:
            self._passing(cell, raw, passing)
            return
        heard = self.look(raw, Hearing(cell, hold))
        source.add(f"if {heard}.odd is not None: {heard}.odd.note_one({self.problems}, R, w, {raw})")
        self._values(cell, heard)

    def look(self, raw: str, memo: Hearing) -> str:
        """The variable of what a memo says of a raw value."""
        found, name = self.source.name("e"), self.source.constant(memo, "M")
        self.source.add(f"{found} = {name}[{raw}] if {raw}.__class__ is str else {name}.look({raw})")
        return found

    def _passing(self, cell: Cell, raw: str, passing: Passing) -> None:
        """A text that goes through unchanged needs no memo."""
        source, value = self.source, self.source.name("x")
        other = source.constant(Other(cell, passing.tag), "T")
        source.add(f"if {passes(source, raw, passing.kind, passing.silence)}: {value} = {raw}")
        source.add(f"elif {says_nothing(source, raw, cell)}: {value} = None")
        source.add(f"else: {value} = {other}.text({self.problems}, R, w, {raw})")
        self.variables.append((cell.ours[0], value, passing.tag))
        self.passed[raw] = value

    def _several(self, cell: Cell) -> None:
        source = self.source
        raws, heard = source.name("v"), source.name("e")
        memo = source.constant(Hearings(cell), "M")
        source.add(f"{raws} = ({', '.join(self.fields.raw(slot.steps) for slot in cell.theirs)},)")
        source.add(f"{heard} = {memo}.look({raws})")
        source.add(f"if {heard}.odd is not None: {heard}.odd.note({self.problems}, R, w, {raws})")
        self._values(cell, heard)

    def _values(self, cell: Cell, heard: str) -> None:
        names = [self.source.name("x") for _ in cell.ours]
        if not names:  # a field by which entries are told apart says nothing of ours
            return
        self.source.add(f"{', '.join(names)} = {heard}.value")
        self.variables.extend((slot, name, "*") for slot, name in zip(cell.ours, names, strict=True))

    def one_way(self, line: Any) -> None:
        """A one-way rule of one text with a fixed beginning, into a variable."""
        source, (beginning, silence) = self.source, beginning_of(line)  # type: ignore[misc]
        value = source.name("x")
        raw = self.fields.variable(line.theirs[0].steps)
        source.add(f"{value} = {after(source, raw, beginning, silence, self.passed.get(raw))}")
        self.variables.append((line.ours[0], value, ""))
        self.fused.append(line)

    # --- the canonical tree ------------------------------------------------------------------------------------------

    def tree(self, chosen: Chosen | None = None) -> bool:
        """Build `t`, the canonical tree of the variables (all, or those chosen); whether it has any."""
        self.source.add("t = {}")
        trie: dict[Any, Any] = {}
        for slot, value, tag in self.variables:
            if chosen is not None and not chosen(slot):
                continue
            here = trie
            for step in slot.steps[:-1]:
                here = here.setdefault(step, {})
            here[slot.steps[-1]] = (value, tag, slot.node)
        self._group("t", trie)
        return bool(trie)

    def _group(self, name: str, trie: dict[Any, Any]) -> None:
        for step, below in trie.items():
            key = self.source.constant(step)
            if isinstance(below, tuple):
                self._set(below, lambda made, key=key: f"{name}[{key}] = {made}")
            elif any(isinstance(inner, (First, Select)) for inner in below):
                listed = self.source.name("l")
                self.source.add(f"{listed} = []")
                self._list(listed, below)
                self.source.add(f"if {listed}: {name}[{key}] = {listed}")
            else:
                inner = self.source.name("d")
                self.source.add(f"{inner} = {{}}")
                self._group(inner, below)
                self.source.add(f"if {inner}: {name}[{key}] = {inner}")

    def _set(self, leaf: tuple[str, str, Any], assign: Any) -> None:
        value, tag, node = leaf
        if tag == "=":
            self.source.add(assign(value))
            return
        made = value
        if tag == "*" and self.exposed and not isinstance(node, shape.Scalar):
            made = f"copied({value})"
        elif tag and tag != "*":
            made = f"{{{self.source.constant(tag)}: {value}}}"
        self.source.add(f"if {value} is not None: {assign(made)}")

    def _list(self, listed: str, trie: dict[Any, Any]) -> None:
        for step, below in trie.items():
            if isinstance(below, tuple):
                self._set(below, lambda made: f"{listed}.append({made})")
                continue
            entry = self.source.name("d")
            self.source.add(f"{entry} = {{}}")
            self._group(entry, below)
            if isinstance(step, Select):
                self.source.add(f"if {entry}: {listed}.append({self.source.constant(step)}.with_entry({entry}))")
            else:
                self.source.add(f"if {entry}: {listed}.append({entry})")

    # --- the rest of the scope ---------------------------------------------------------------------------------------

    def needs_out(self) -> bool:
        """Whether what follows the cells, or opening what is held, needs the outcome object."""
        scope = self.scope
        plain = all(below is True and isinstance(key, str) for key, below in scope.known.items())
        return bool(scope.blocks or scope.derived or not plain or len(self.held) < len(scope.holds))

    def rest(self) -> None:
        """One-way rules, lists, computed fields, what no rule reads: `t` is there."""
        source, scope = self.source, self.scope
        source.constants.update(read_one_way=read_one_way, read_block=read_block, read_derived=read_derived,
                                note_companions=note_companions, to_normal=to_normal)  # fmt: skip
        for line in scope.one_way:
            if line not in self.fused:
                source.add(f"read_one_way({source.constant(line)}, r, up, t)")
        for block in scope.blocks:
            source.add(f"read_block({source.constant(block)}, r, t, out, R, w, {self.readers[id(block.scope)]})")
        for one in scope.derived:
            self._derived(one)
        if not scope.whole_item:
            self._strays()
        if scope.kept_with:
            source.add(f"if R.leaves: note_companions({source.constant(scope.kept_with)}, r, up, R)")

        if scope.tongues:
            source.constants["note_apart"] = note_apart
            source.add(f"note_apart(r, {source.constant(scope.tongues)}, R)")

    def order(self) -> None:
        """Bring the lists of `t` into normal order."""
        bags = (s for s in self.scope.lists if isinstance(s.node, shape.ListOf) and s.node.kind != "sequence")
        lists = tuple(bags)
        if lists:
            self.source.add(f"to_normal(t, {self.source.constant(lists)})")

    def _derived(self, one: Any) -> None:
        source = self.source
        call = f"read_derived({source.constant(one)}, r, up, out, R, w, 0)"
        if one.one_way:
            source.add(f"if {self.fields.variable(one.slot.steps)} is not MISSING: {call}")
        elif one.constant and one.constant[0].__class__ is str and one.beside is None:
            raw = self.fields.raw(one.slot.steps)
            source.add(f"if {raw} != {source.constant(one.constant[0])}: {call}")
        elif isinstance(one.computed, Copy):
            value, other = self.fields.variable(one.slot.steps), self.fields.variable(one.sources[0].steps)
            source.add(f"if {value} is not {other} and not ({value}.__class__ is str and {value} == {other}): {call}")
        else:
            source.add(call)

    def _strays(self) -> None:
        if self.scope.whole_item:
            return  # a rule owns it all
        source, known = self.source, self.scope.known
        source.constants.update(note_strays=note_strays, note_others=note_others)
        call = f"note_strays({source.constant(known)}, r, R)"
        if any(not isinstance(key, str) for key in known):
            source.add(call + self.strange)
            return
        names = source.constant(frozenset(known))
        counted = self.fields.counted
        more = f"not {names}.issuperset(r)" if counted is None else f"len(q) != {counted}"
        if all(below is True for below in known.values()):
            source.add(f"if {more}: note_others({names}, r, R){self.strange}")
            return
        tests = [self._stray_below(key, below) for key, below in known.items() if below is not True]
        source.add(f"if {' or '.join([more, *tests])}: {call}{self.strange}")

    def _stray_below(self, key: str, below: dict[Any, Any]) -> str:
        """The test that a member may hold what no rule reads."""
        source, value = self.source, self.fields.raw((Key(key),))
        if not value.isidentifier():
            name = source.name("n")
            value, there = name, f"({name} := {value}) is not MISSING"
        else:
            there = f"{value} is not MISSING"
        if any(not isinstance(k, str) for k in below) or any(inner is not True for inner in below.values()):
            return there
        names = source.constant(frozenset(below))
        return f"({there} and not ({value}.__class__ is dict and {value} and {names}.issuperset({value})))"


def takes_items_whole(scope: Scope) -> bool:
    """Whether the entries are values that rules read as they are, with no members to look for."""
    inside = (scope.blocks, scope.holds, scope.derived, scope.kept_with, scope.one_way)
    return not any(inside) and all(not slot.steps for cell in scope.cells for slot in cell.theirs)


def write_reader(source: Source, name: str, scope: Scope, readers: dict[int, str]) -> None:
    """A function that reads one scope: (scope, r, up, out, R, w) → tree."""
    source.add(f"def {name}(scope, r, up, out, R, w):")
    source.indent()
    alone = scope.whole_item and takes_items_whole(scope)
    if scope.whole_item:
        plain = not (scope.blocks or scope.derived or scope.kept_with or scope.holds or scope.lists)
        source.constants["read_value"] = read_value
        reads = "read_value" if plain and not alone else "slow_item"
        source.add(f"if r.__class__ {'is' if alone else 'is not'} dict: return {reads}(scope, r, up, out, R, w)")
    reader = ScopeReader(source, scope, readers)
    reader.cells()
    whole = [(value, tag) for slot, value, tag in reader.variables if not slot.steps]
    reader.variables = [one for one in reader.variables if one[0].steps]
    reader.tree()
    if not alone:
        reader.rest()
    reader.order()
    source.add(f"return t if {whole[0][0]} is None else copied({whole[0][0]})" if whole else "return t")
    source.indent(-1)
    source.add("")
