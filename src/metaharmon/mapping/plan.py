"""The plan of a dialect: its mapping bound to the canonical schema, ready to be interpreted or compiled.

A plan is frozen data: scopes of cells and blocks. It holds no YAML words any more, only slots, clauses and places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from metaharmon.diagnostics import Place
from metaharmon.lenses.base import FieldSpec
from metaharmon.lenses.clauses import Aliased, Clause, Silence
from metaharmon.lenses.computed import Computed
from metaharmon.mapping.levels import Level
from metaharmon.mapping.needs import Need
from metaharmon.mapping.ours import OurSlot, Select
from metaharmon.model import shape
from metaharmon.model.rules import COMPLETE, ENTIRE, TELLING, TOGETHER
from metaharmon.paths import Key, Step, TheirPath, leaf_keys


@dataclass(frozen=True)
class TheirSlot:
    """A field of theirs in a scope."""

    text: str
    steps: tuple[Step, ...]
    spec: FieldSpec = FieldSpec()


@dataclass(frozen=True)
class Line:
    """One rule, bound: which fields, which paths, which clause."""

    place: Place | None
    theirs: tuple[TheirSlot, ...]
    ours: tuple[OurSlot, ...]
    clause: Clause
    one_way: str | None = None
    """The reason of a read-only rule."""
    always: tuple[tuple[int, Any], ...] = ()
    """Of a read-only rule: by position, the constants that its fields have in every new record."""


@dataclass(frozen=True)
class Cell:
    """Rules that share a field of theirs or a path of ours: read, kept and restored as one (1.1)."""

    theirs: tuple[TheirSlot, ...]
    ours: tuple[OurSlot, ...]
    lines: tuple[Line, ...]
    fields_of: tuple[tuple[int, ...], ...]
    """Per line: positions of its fields among the cell's."""
    paths_of: tuple[tuple[int, ...], ...]
    """Per line: positions of its paths among the cell's."""

    @cached_property
    def common(self) -> tuple[frozenset[int], frozenset[int]]:
        """Of a cell of joined lists: positions of the fields that lines of several lists write, and of the paths of
        those lines. A field that a line only reads, as an alias, is none that it shares."""
        writers: dict[int, set[Any]] = {}
        written = [
            at[:1] if isinstance(line.clause, Aliased) else at
            for line, at in zip(self.lines, self.fields_of, strict=True)
        ]
        for line, fields in zip(self.lines, written, strict=True):
            for field_ in fields:
                writers.setdefault(field_, set()).update(slot.steps[0] for slot in line.ours)
        fields = frozenset(at for at, tags in writers.items() if len(tags) > 1)
        lines = zip(written, self.paths_of, strict=True)
        return fields, frozenset(at for mine, paths in lines if fields & set(mine) for at in paths)


@dataclass(frozen=True)
class Derived:
    """A field of theirs that is computed from the record (4.6)."""

    place: Place | None
    slot: TheirSlot
    sources: tuple[TheirPath, ...] = ()
    computed: Computed | None = None
    """How it is computed from the sources; None for a constant or a position."""
    index: int | None = None
    constant: tuple[Any, ...] = ()
    one_way: bool = False
    """A new record has none: it stands only where it stood."""
    beside: Any = None
    """For a constant inside an object: the constants in that object, by name; alone they do not make it."""


@dataclass(frozen=True)
class Reason:
    """Why a field of theirs is kept as it is (4.6): where it stands in the scope, and the sentence of the mapping.

    None among the keys stands for any name: of an entry, of a language, of a level whose keys carry data.
    """

    keys: tuple[str | None, ...]
    why: str
    place: Place | None = None

    def covers(self, keys: tuple[str, ...]) -> bool:
        """Whether the field at these keys is the one that is kept, or stands in it."""
        mine = self.keys
        return len(keys) >= len(mine) and all(a is None or a == b for a, b in zip(mine, keys, strict=False))


@dataclass(frozen=True)
class KeptWith:
    """A kept field that goes when one of its companions changes (4.6)."""

    keys: tuple[str, ...]
    companions: tuple[tuple[Step, ...], ...]


When = tuple[tuple[OurSlot, tuple[Any, ...]], ...]
"""Paths of ours with the values of which each has one."""


def _holds(when: When, tree: Any) -> bool:
    return all(slot.get(tree) in values for slot, values in when)


@dataclass(frozen=True)
class Block:
    """One list of theirs whose entries are entries of ours (5.1)."""

    place: Place | None
    ours: OurSlot
    """The list of ours; of a spread block the keyed map."""
    theirs: TheirPath
    scope: Scope = field(repr=False, hash=False)
    select: Select = Select(())
    """The constants of every entry (`set`)."""
    where: tuple[tuple[TheirSlot, tuple[Any, ...]], ...] = ()
    key: tuple[str, ...] | None = None
    """Members of ours by which entries are aligned; None: the natural key of the list."""
    level: Level | None = None
    """The list of theirs is an object whose keys carry data."""
    spread: str | None = None
    """The pseudo-member of ours that names the key of the keyed map, such as `{kind}`."""
    spread_many: bool = False
    """An entry stands under several keys at once."""
    taken: frozenset[str] = frozenset()
    """Keys of the keyed map that other rules of the scope fill: no entry of this list stands under them."""
    parts: tuple[Block, ...] = ()
    """Several rules over one list of theirs: each entry of theirs is one entry of every part. The scope is theirs
    joined, its slots of ours begin with the part's number."""
    scalar: bool = False
    """Entries of ours are plain values, not objects."""
    empty: Any = None
    """How an empty list is written."""
    unique: bool = False
    """No two entries of theirs are the same; an entry of ours that would be is not written."""
    every: tuple[str, ...] = ()
    """Members that every entry must have, or the entry around it is not read."""
    again: bool = False
    """The scope is the one in which the block stands: entries hold entries like themselves."""
    single: bool = False
    """Theirs is one object, not a list."""
    when: When = ()
    """The block holds in entries of ours with these values only."""
    unless: tuple[When, ...] = ()
    """The block holds in entries where none of these hold: another block fills the same list there."""

    adjoined: Any = None
    """The container by which fields beside the list are members of one of its entries; None: there are none."""
    raised: Any = None
    """The container by which lists inside entries of other lists are one list; None: an ordinary list."""

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """Members of which an entry has one at least, or it says nothing: those of a concept."""
        return TELLING.get(self._named, ())

    @cached_property
    def entire(self) -> bool:
        """Whether an entry is read and written whole or not at all: a part of it would say something else."""
        return self._named in ENTIRE

    @cached_property
    def complete(self) -> Callable[[dict[str, Any]], bool] | None:
        """What an entry must pass to say anything; None: nothing."""
        return COMPLETE.get(self._named)

    @property
    def _named(self) -> str:
        """The name of what the entries of ours are; empty for plain values and of joined lists."""
        node = self.ours.node.value if self.spread else self.ours.node
        item = node.item if isinstance(node, shape.ListOf) else node
        return item.name if isinstance(item, shape.Group) and not self.parts else ""

    @cached_property
    def own_fields(self) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """Of joined rules by number: the fields of theirs (text, keys) that no other of them reads."""
        found: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        for number, part in enumerate(self.parts):
            alone = (cell for cell in self.scope.cells if {slot.steps[0] for slot in cell.ours} <= {str(number)})
            apart = part.where or part.telling or part.entire
            slots = [slot for cell in alone if cell.ours for slot in cell.theirs] if apart else []
            found[str(number)] = tuple((slot.text, leaf_keys(slot.text)) for slot in slots)
        return found

    def applies(self, tree: Any) -> bool:
        """Whether the block holds in an entry of ours."""
        return _holds(self.when, tree) and not any(_holds(one, tree) for one in self.unless)


@dataclass(frozen=True)
class Hold:
    """A text or list inside a record that is opened into a tree before the rules see it (6)."""

    place: Place | None
    keys: tuple[str, ...]
    container: Any


@dataclass(frozen=True)
class Source:
    """A path of ours that may stand in for another: as it is, as the bare name of a scheme, or as its address."""

    slot: OurSlot
    bare: str | None = None
    address: str | None = None
    unless: tuple[OurSlot, ...] = ()
    """Where one of these says something, it does not stand in."""


@dataclass(frozen=True)
class StandIn:
    """Where a product says nothing at a path of ours, the first of these that it says is written there (`instead`)."""

    place: Place | None
    slot: OurSlot
    others: tuple[Source, ...]


@dataclass(frozen=True)
class Tongues:
    """A level whose keys are languages: where it is, which members below have no language, and the default one;
    `needed` are those of them that must stand in every language."""

    keys: tuple[str, ...]
    names: frozenset[str]
    language: str
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """A record, or an entry of a list: what is mapped in it."""

    cells: tuple[Cell, ...]
    blocks: tuple[Block, ...]
    one_way: tuple[Line, ...] = ()
    derived: tuple[Derived, ...] = ()
    kept_with: tuple[KeptWith, ...] = ()
    reasons: tuple[Reason, ...] = ()
    """Why fields are kept."""
    aside: tuple[tuple[str, ...], ...] = ()
    """Kept fields, by their keys, that change nothing of what the entry says."""
    holds: tuple[Hold, ...] = ()
    known: dict[str, Any] = field(default_factory=dict, compare=False)
    """Their fields that some rule reads: a tree of member names; True: the whole value."""
    claims: Any = field(default=None, compare=False)
    """Paths of ours that some rule writes (`ours.unclaimed`)."""
    selected: tuple[OurSlot, ...] = ()
    """Entries of ours that are found by constants; an entry of which nothing else is said is not read back."""
    lists: tuple[OurSlot, ...] = ()
    """Lists of ours that several rules fill, to be brought into normal order after reading."""
    instead: tuple[StandIn, ...] = ()
    """Paths of ours that others may stand in for, in records that are written afresh."""
    tongues: tuple[Tongues, ...] = ()
    """Levels of languages with members that have none."""
    whole_item: bool = False
    """Entries need not be objects: a rule reads the entry itself."""

    def reason(self, keys: tuple[str, ...]) -> Reason | None:
        """Why the mapping keeps the field at these keys, by what it says most exactly; None: it does not know it."""
        return max((r for r in self.reasons if r.covers(keys)), key=lambda r: len(r.keys), default=None)

    @cached_property
    def mapped_texts(self) -> frozenset[str]:
        """The texts of all fields of theirs that cells, blocks and derivations own."""
        cells = {slot.text for cell in self.cells for slot in cell.theirs}
        return frozenset(cells | {b.theirs.text for b in self.blocks} | {d.slot.text for d in self.derived})


@dataclass(frozen=True)
class Plan:
    """A dialect, bound and checked."""

    dialect: str
    version: str
    record: Scope
    language: str
    required: tuple[tuple[str, tuple[Step, ...]], ...] = ()
    """Fields that the dialect's schema requires of every record: no list and nothing optional lies above them."""
    needs: Need | None = field(default=None, compare=False)
    """What the schema requires beside: of parts that may be absent and of entries of lists. None: nothing."""
    envelopes: tuple[Any, ...] = ()
    container: Any = None
    linked: Any = None
    """JSON-LD: the step before the rules, from a document to a tree (`jsonld.container`)."""
    carry: TheirSlot | None = None
    fallback: tuple[str, ...] = ()
    """Languages that are written where the default one is lacking."""
    langlists: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Lists of words that the dialect has in one language: (path, language)."""
    silence: Silence = field(default_factory=Silence)
    """What says nothing in any field."""
    file_name: str | None = None
    """The path of ours that the name of a record's file says, without its ending."""
    names: frozenset[str] = field(default=frozenset(), compare=False)
    """The members of a record that the dialect knows, whether they are read or kept; without constants and keywords."""

    @cached_property
    def demanded(self) -> tuple[tuple[str, tuple[Step, ...], Silence], ...]:
        """What is required of every record, each with how its field says nothing."""
        out = []
        for text, steps in self.required:
            mine = [line.clause.silence_of(fields.index(i)) for cell in self.record.cells
                    for i, slot in enumerate(cell.theirs) if slot.steps == steps
                    for line, fields in zip(cell.lines, cell.fields_of, strict=True) if i in fields]  # fmt: skip
            quiet = self.silence
            for one in mine:
                quiet = quiet if one is None else quiet.also(one)
            out.append((text, steps, quiet))
        return tuple(out)

    @cached_property
    def together(self) -> dict[tuple[str, ...], tuple[Cell, ...]]:
        """Groups of ours that are one policy (`rules.TOGETHER`), with the cells of plain fields that fill them."""
        found: dict[tuple[str, ...], tuple[Cell, ...]] = {}
        for group in TOGETHER:
            cells = [c for c in self.record.cells if any(slot.steps[: len(group)] == group for slot in c.ours)]
            plain = (step.__class__ is Key for cell in cells for slot in cell.theirs for step in slot.steps)
            if cells and self.linked is None and all(plain):
                found[group] = tuple(cells)
        return found

    @cached_property
    def stands_in(self) -> bool:
        """Whether any path has a stand-in."""
        return _stands_in(self.record)

    @cached_property
    def named(self) -> str:
        """The dialect with its version, as a residue names it."""
        return f"{self.dialect}@{self.version}"


def _stands_in(scope: Scope) -> bool:
    below = (part.scope for block in scope.blocks for part in block.parts or (block,) if not part.again)
    return bool(scope.instead) or any(map(_stands_in, below))
