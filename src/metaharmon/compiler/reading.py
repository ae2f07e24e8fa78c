"""Generated reading: a scope's fields into slots of ours, straight line by straight line."""

from __future__ import annotations

from typing import Any

from metaharmon.cells import read_one_way
from metaharmon.compiler.memos import Hearing, Hearings, Telling
from metaharmon.compiler.source import Source
from metaharmon.containers import Json, PythonLiteral
from metaharmon.entries import read_block, to_normal
from metaharmon.finish import note_companions, note_strays, open_held, read_derived
from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses import Single
from metaharmon.lenses.templates import Template
from metaharmon.mapping.ours import First, OurSlot, Select
from metaharmon.mapping.plan import Cell, Hold, Scope
from metaharmon.model import shape
from metaharmon.model.normal import copied
from metaharmon.paths import Key, get

EMPTY: dict[str, Any] = {}


def sound(text: str) -> bool:
    """Whether a text has no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def through_of(cell: Cell) -> tuple[str, Any] | None:
    """For a cell that is one text passed through unchanged: (language tag or '', its silence); else None."""
    if len(cell.lines) != 1 or len(cell.theirs) != 1 or len(cell.ours) != 1:
        return None
    clause = cell.lines[0].clause
    tag = getattr(clause.lens, "through", None) if isinstance(clause, Single) else None
    return None if tag is None else (tag, clause.silence)


def beginning_of(line: Any) -> tuple[str, Any] | None:
    """For a one-way rule that cuts a fixed beginning off a text: (the beginning, its silence); else None."""
    lens = getattr(line.clause, "lens", None)
    if not isinstance(lens, Template) or len(line.theirs) != 1 or len(line.ours) != 1:
        return None
    beginning = lens.beginning
    return None if beginning is None else (beginning, line.clause.silences[0])


def after(source: Source, raw: str, beginning: str, silence: Any) -> str:
    """The expression of what follows a fixed beginning; None where the text does not begin so."""
    name = source.constant(beginning)
    return f"{raw}[{len(beginning)}:] if {plain_text(source, raw, silence)} and len({raw}) > {len(beginning)} and {raw}.startswith({name}) else None"


def plain_text(source: Source, raw: str, silence: Any) -> str:
    """The test for a text that says something and has no lone surrogate."""
    tests = [f"{raw}.__class__ is str and {raw}"]
    if silence.markers:
        longest = max(map(len, silence.markers))
        tests.append(f"(len({raw}) > {longest} or {raw} not in {source.constant(silence.markers)})")
    tests.append(f"({raw}.isprintable() or sound({raw}))")  # what is printable has no surrogate
    return " and ".join(tests)


class Fields:
    """Expressions for raw values of a record; objects on the way are fetched once."""

    def __init__(self, source: Source, record: str, up: str):
        self.source, self.record, self.up = source, record, up
        self._objects: dict[tuple[str, ...], str] = {(): record}
        source.constants.update(MISSING=MISSING, EMPTY=EMPTY, get=get)

    def raw(self, steps: tuple[Any, ...]) -> str:
        """The expression of the raw value at some steps."""
        if not steps:
            return self.record
        if not all(isinstance(step, Key) for step in steps):
            return f"get({self.record}, {self.source.constant(steps)}, {self.up})"
        names = tuple(step.name for step in steps)
        return f"{self.object(names[:-1])}.get({self.source.constant(names[-1])}, MISSING)"

    def object(self, names: tuple[str, ...]) -> str:
        """The variable of the object at some keys, EMPTY where there is none."""
        known = self._objects.get(names)
        if known is None:
            above = self.object(names[:-1])
            known = self._objects[names] = self.source.name("o")
            self.source.add(f"{known} = {above}.get({self.source.constant(names[-1])})")
            self.source.add(f"if {known}.__class__ is not dict: {known} = EMPTY")
        return known


def simple_hold(scope: Scope, hold: Hold) -> Cell | None:
    """The cell of a held text that one rule alone reads, whole: then text and rule are one memo."""
    if not isinstance(hold.container, (PythonLiteral, Json)):
        return None
    steps = tuple(map(Key, hold.keys))
    touching = [cell for cell in scope.cells if any(slot.steps[: len(steps)] == steps for slot in cell.theirs)]
    others = [line for line in scope.one_way for slot in line.theirs if slot.steps[: len(steps)] == steps]
    blocks = [block for block in scope.blocks if block.theirs.steps[: len(steps)] == steps]
    if len(touching) != 1 or others or blocks or len(touching[0].theirs) != 1 or touching[0].theirs[0].steps != steps:
        return None
    return touching[0]


class ScopeReader:
    """Writes the reading of one scope into a source. After `cells()` every slot of ours has a variable."""

    def __init__(self, source: Source, scope: Scope, readers: dict[int, str]):
        self.source, self.scope, self.readers = source, scope, readers
        self.variables: list[tuple[OurSlot, str, str]] = []
        """(slot, variable, tag): with a tag the variable holds the plain text of that language."""
        self.telling: dict[int, tuple[Any, ...]] = {}
        """In a pair: cells whose fate is settled with their reading, with what Telling needs."""
        self.told: dict[int, str] = {}
        """The variable of each such cell."""
        self.exposed = True
        """Whether the tree leaves the function: then nothing in it may be shared with a memo."""
        self.fused: list[Any] = []
        """One-way rules that were read into variables already."""
        source.constants.update(copied=copied, sound=sound)

    def cells(self) -> None:
        """Read all cells of `r` into variables; `out`, `R`, `w`, `up` are in scope."""
        source = self.source
        held = {id(cell): hold for hold in self.scope.holds if (cell := simple_hold(self.scope, hold)) is not None}
        rest = tuple(hold for hold in self.scope.holds if hold not in held.values())
        if rest:
            source.constants["open_held"] = open_held
            source.add(f"r = open_held({source.constant(rest)}, r, R, out, w)")
        fields = Fields(source, "r", "up")
        for cell in self.scope.cells:
            self._cell(cell, fields, held.get(id(cell)))

    def _cell(self, cell: Cell, fields: Fields, hold: Hold | None) -> None:
        source = self.source
        if not cell.theirs:
            for slot, value in zip(cell.ours, cell.lines[0].clause.read(()).values, strict=True):
                self.variables.append((slot, f"copied({source.constant(value)})", "="))
            return
        if id(cell) in self.telling:
            self._tell(cell, fields, hold)
            return
        through = through_of(cell) if hold is None else None
        if len(cell.theirs) > 1:
            self._several(cell, fields)
            return
        raw, heard = source.name("v"), source.name("e")
        memo = Hearing(cell, hold)
        name = source.constant(memo, "M")
        source.add(f"{raw} = {fields.raw(cell.theirs[0].steps)}")
        if through is not None:
            self._through(cell, memo, name, raw, heard, through)
            return
        source.add(f"{heard} = {name}[{raw}] if {raw}.__class__ is str else {name}.look({raw})")
        self._odd(cell, heard, raw)
        self._values(cell, heard)

    def _tell(self, cell: Cell, fields: Fields, hold: Hold | None) -> None:
        """A field and all that the other dialect says of it, in one look."""
        source = self.source
        raw, told = source.name("v"), source.name("e")
        memo = source.constant(Telling(cell, hold, *self.telling[id(cell)]), "M")
        source.add(f"{raw} = {fields.raw(cell.theirs[0].steps)}")
        source.add(f"{told} = {memo}[{raw}] if {raw}.__class__ is str else {memo}.look({raw})")
        source.add(f"if not {told}.quiet: {told}.tell(out, written, R, {raw})")
        self.told[id(cell)] = told

    def _odd(self, cell: Cell, heard: str, raw: str) -> None:
        """What is odd about one field goes to residue and findings."""
        source, text = self.source, self.source.constant(cell.theirs[0].text)
        source.add(f"o = {heard}.odd")
        source.add("if o is not None:")
        source.add(f"    if o.simple and {raw} is not MISSING: R.leaves[{text}] = {raw}")
        source.add(f"    else: o.note(out, R, w, ({raw},))")

    def _through(self, cell: Cell, memo: Hearing, name: str, raw: str, heard: str, through: tuple[str, Any]) -> None:
        """A text that goes through unchanged needs no memo."""
        source, (tag, silence) = self.source, through
        value = source.name("x")
        test = plain_text(source, raw, silence)
        source.add(f"if {test}: {value} = {raw}")
        source.add("else:")
        source.indent()
        source.add(f"{heard} = {name}.look({raw})")
        self._odd(cell, heard, raw)
        plain = f"{heard}.value[{source.constant(tag)}]" if tag else f"{heard}.value"
        source.add(f"{value} = None if {heard}.value is None else {plain}")
        source.indent(-1)
        self.variables.append((cell.ours[0], value, tag))

    def _several(self, cell: Cell, fields: Fields) -> None:
        source = self.source
        raws, heard = source.name("v"), source.name("e")
        memo = Hearings(cell)
        source.add(f"{raws} = ({', '.join(fields.raw(slot.steps) for slot in cell.theirs)},)")
        source.add(f"{heard} = {source.constant(memo, 'M')}.look({raws})")
        source.add(f"if {heard}.odd is not None: {heard}.odd.note(out, R, w, {raws})")
        self._values(cell, heard)

    def _values(self, cell: Cell, heard: str) -> None:
        for i, slot in enumerate(cell.ours):
            value = self.source.name("x")
            one = f"{heard}.value" if len(cell.ours) == 1 else f"{heard}.value[{i}]"
            self.source.add(f"{value} = {one}")
            self.variables.append((slot, value, "*"))

    def one_way(self, line: Any) -> None:
        """A one-way rule of one text with a fixed beginning, into a variable."""
        source, (prefix, silence) = self.source, beginning_of(line)  # type: ignore[misc]
        raw, value = source.name("v"), source.name("x")
        source.add(f"{raw} = {Fields(source, 'r', 'up').raw(line.theirs[0].steps)}")
        source.add(f"{value} = {after(source, raw, prefix, silence)}")
        self.variables.append((line.ours[0], value, ""))
        self.fused.append(line)

    # --- the canonical tree ------------------------------------------------------------------------------------------

    def tree(self, chosen: Any = None) -> None:
        """Build `t`, the canonical tree of the variables (all, or those chosen)."""
        self.source.add("t = {}")
        trie: dict[Any, Any] = {}
        for slot, value, tag in self.variables:
            if chosen is not None and not chosen(slot):
                continue
            here = trie
            for step in slot.steps[:-1]:
                here = here.setdefault(step, {})
            here[slot.steps[-1]] = (value, tag)
        self._group("t", trie)

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

    def _set(self, leaf: tuple[str, str], assign: Any) -> None:
        value, tag = leaf
        if tag == "=":
            self.source.add(assign(value))
            return
        made = f"copied({value})" if tag == "*" and self.exposed else value if tag == "*" else f"{{{self.source.constant(tag)}: {value}}}" if tag else value
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

    def rest(self) -> None:
        """One-way rules, lists, computed fields, what no rule reads: `t` is there."""
        source, scope = self.source, self.scope
        source.constants.update(read_one_way=read_one_way, read_block=read_block, read_derived=read_derived,
                                note_strays=note_strays, note_companions=note_companions, to_normal=to_normal)
        for line in scope.one_way:
            if line not in self.fused:
                source.add(f"read_one_way({source.constant(line)}, r, up, t)")
        for block in scope.blocks:
            source.add(f"read_block({source.constant(block)}, r, t, out, R, w, {self.readers[id(block.scope)]})")
        for one in scope.derived:
            self._derived(one)
        self._strays()
        if scope.kept_with:
            source.add(f"if R.leaves: note_companions({source.constant(scope.kept_with)}, r, up, R)")
        lists = tuple(s for s in scope.lists if isinstance(s.node, shape.ListOf) and s.node.kind != "sequence")
        if lists:
            source.add(f"to_normal(t, {source.constant(lists)})")

    def _derived(self, one: Any) -> None:
        source = self.source
        call = f"read_derived({source.constant(one)}, r, up, out, R, w, 0)"
        raw = f"get(r, {source.constant(one.slot.steps)})"
        if one.constant and one.constant[0].__class__ is str:
            source.add(f"if {raw} != {source.constant(one.constant[0])}: {call}")
        elif one.copy is not None:
            value, other = source.name("v"), source.name("v")
            source.add(f"{value} = {raw}; {other} = get(r, {source.constant(one.copy.steps)}, up)")
            source.add(f"if {value} is not {other} and not ({value}.__class__ is str and {value} == {other}): {call}")
        else:
            source.add(call)

    def _strays(self) -> None:
        source, known = self.source, self.scope.known
        call = f"note_strays({source.constant(known)}, r, out, R, w)"
        if any(not isinstance(key, str) for key in known):
            source.add(call)
            return
        tests = [f"not {source.constant(frozenset(known))}.issuperset(r)"]
        for key, below in known.items():
            if below is not True:
                tests.append(self._stray_below("r", key, below))
        source.add(f"if {' or '.join(tests)}: {call}")

    def _stray_below(self, above: str, key: str, below: dict[Any, Any]) -> str:
        source = self.source
        value = source.name("n")
        fetch = f"({value} := {above}.get({source.constant(key)}, MISSING)) is not MISSING"
        if any(not isinstance(k, str) for k in below) or any(inner is not True for inner in below.values()):
            return fetch
        return f"({fetch} and not ({value}.__class__ is dict and {value} and {source.constant(frozenset(below))}.issuperset({value})))"


def write_reader(source: Source, name: str, scope: Scope, readers: dict[int, str]) -> None:
    """A function that reads one scope: (scope, r, up, out, R, w) → tree."""
    source.add(f"def {name}(scope, r, up, out, R, w):")
    source.indent()
    if scope.whole_item:
        source.add("if r.__class__ is not dict: return slow_item(scope, r, up, out, R, w)")
    reader = ScopeReader(source, scope, readers)
    reader.cells()
    whole = [(value, tag) for slot, value, tag in reader.variables if not slot.steps]
    reader.variables = [one for one in reader.variables if one[0].steps]
    reader.tree()
    reader.rest()
    if whole:
        source.add(f"return t if {whole[0][0]} is None else {whole[0][0]}")
    else:
        source.add("return t")
    source.indent(-1)
    source.add("")
