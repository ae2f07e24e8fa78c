"""The plan of a dialect: its mapping bound to the canonical schema, ready to be interpreted or compiled.

A plan is frozen data: scopes of cells and blocks. It holds no YAML words any more, only slots, clauses and places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from metaharmon.diagnostics import Place
from metaharmon.lenses.base import FieldSpec
from metaharmon.lenses.clauses import Clause
from metaharmon.mapping.levels import Level
from metaharmon.mapping.ours import OurSlot, Select
from metaharmon.paths import Step, TheirPath


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


@dataclass(frozen=True)
class Derived:
    """A field of theirs that is computed from the record (4.6)."""

    place: Place | None
    slot: TheirSlot
    count: TheirPath | None = None
    copy: TheirPath | None = None
    index: int | None = None
    constant: tuple[Any, ...] = ()
    beside: frozenset[str] = frozenset()
    """All computed members of the object in which it stands; a constant makes no object that is otherwise empty."""


@dataclass(frozen=True)
class KeptWith:
    """A kept field that goes when one of its companions changes (4.6)."""

    keys: tuple[str, ...]
    companions: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True)
class Block:
    """One list of theirs whose entries are entries of ours (5.1)."""

    place: Place | None
    ours: OurSlot
    """The list of ours; of a spread block the keyed map."""
    theirs: TheirPath
    scope: Scope
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
    besides: frozenset[str] = frozenset()
    """Keys of a spread block's map that other rules fill; its entries stand under none of them."""
    """An entry stands under several keys at once."""
    parts: tuple[Block, ...] = ()
    """Several rules over one list of theirs: each entry of theirs is one entry of every part. The scope is theirs
    joined, its slots of ours begin with the part's number."""
    scalar: bool = False
    """Entries of ours are plain values, not objects."""
    empty: Any = None
    """How an empty list is written."""


@dataclass(frozen=True)
class Hold:
    """A text or list inside a record that is opened into a tree before the rules see it (6)."""

    place: Place | None
    keys: tuple[str, ...]
    container: Any


@dataclass(frozen=True)
class StandIn:
    """Where a product says nothing at a path of ours, the first of these that it says is written there (`instead`)."""

    place: Place | None
    slot: OurSlot
    others: tuple[OurSlot, ...]


@dataclass(frozen=True)
class Scope:
    """A record, or an entry of a list: what is mapped in it."""

    cells: tuple[Cell, ...]
    blocks: tuple[Block, ...]
    one_way: tuple[Line, ...] = ()
    derived: tuple[Derived, ...] = ()
    kept_with: tuple[KeptWith, ...] = ()
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
    whole_item: bool = False
    """Entries need not be objects: a rule reads the entry itself."""

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
    """Fields that the dialect's schema requires at the top of a record."""
    envelopes: tuple[Any, ...] = ()
    container: Any = None
    linked: Any = None
    """JSON-LD: the step before the rules, from a document to a tree (`jsonld.container`)."""
    carry: TheirSlot | None = None
    fallback: tuple[str, ...] = ()
    """Languages that are written where the default one is lacking."""
    langlists: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Lists of words that the dialect has in one language: (path, language)."""

    @cached_property
    def stands_in(self) -> bool:
        """Whether any path has a stand-in."""
        return _stands_in(self.record)

    @cached_property
    def named(self) -> str:
        """The dialect with its version, as a residue names it."""
        return f"{self.dialect}@{self.version}"


def _stands_in(scope: Scope) -> bool:
    below = (part.scope for block in scope.blocks for part in block.parts or (block,))
    return bool(scope.instead) or any(map(_stands_in, below))
