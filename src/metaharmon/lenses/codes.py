"""Code tables: codes of ours ⇄ codes of theirs, inverted when the table is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metaharmon import codelists
from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import Draw, Said, Unmapped, Unsayable, ValueLens
from metaharmon.lenses.code_targets import TARGETS, Target, label_of
from metaharmon.lenses.raws import Key, is_scalar, key, misshapen, said
from metaharmon.lenses.reasons import no_code
from metaharmon.model import scalars

RELATIONS = (None, "broader", "narrower", "close")
RESTS = ("code", "lower", "upper", "label", "address")
UNMAPPED = ("keep", "refuse", "label", "uri", "name", "uri_or_name", "same")


@dataclass(frozen=True)
class Pair:
    """One code of ours and its spellings of theirs, the first of which is written, each with its label or None.

    `relation` says how theirs matches ours when it does not match exactly (SKOS: broader, narrower, close).
    `write_only`: theirs is read as the code of another pair, so writing it changes the code. `read_only`: ours is
    wider than any code of theirs, and is never written as one of them.
    """

    ours: str
    theirs: tuple[tuple[Any, str | None], ...]
    relation: str | None = None
    write_only: bool = False
    read_only: bool = False
    _keys: tuple[Key, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.ours or not self.theirs:
            raise ValueError(f"the pair of {shown(self.ours)} has no code on one side")
        if self.relation not in RELATIONS:
            raise ValueError(f"{shown(self.relation)} is no relation of codes; it is broader, narrower or close")
        # compared as strict keys: a table of 1 is not equal to a table of true
        object.__setattr__(self, "_keys", tuple(key(raw) for raw, _ in self.theirs))


@dataclass(frozen=True)
class CodeTable:
    """A two-way table between a list of ours and the codes of one field of theirs (mapping language 4.5).

    `unmapped` says what an unknown code of theirs becomes: keep and refuse are `Unmapped`, label, uri and name put
    the text into that member of ours, uri_or_name an address into the one and any other text into the other, and with
    same it is the text of ours; `pattern` is what the field takes of those. `rest` says how a code of the list is
    written that has no pair: as itself, in lower or upper case, as its Chinese label or as its address; then every
    spelling that the list knows is read, too. Raises ValueError when the table cannot be inverted.
    """

    name: str
    list_name: str
    pairs: tuple[Pair, ...]
    unmapped: str = "keep"
    pattern: str | None = None
    rest: str | None = None
    _reads: dict[Key, Pair] = field(init=False, repr=False, compare=False)
    _writes: dict[str, Pair] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.unmapped not in UNMAPPED:
            raise ValueError(f"unmapped is one of {', '.join(UNMAPPED)}, not {shown(self.unmapped)}")
        if self.rest is not None and (self.rest not in RESTS or not codelists.exists(self.list_name)):
            raise ValueError(f"rest is one of {', '.join(RESTS)}, for a code list of ours, not {shown(self.rest)}")
        reads: dict[Key, Pair] = {}
        writes: dict[str, Pair] = {}
        for pair in self.pairs:
            if not pair.read_only:
                writes.setdefault(pair.ours, pair)
            if not pair.write_only:
                self._add(reads, pair)
        for pair in self.pairs:
            if pair.write_only and key(pair.theirs[0][0]) not in reads:
                raise ValueError(f"{self.name}: {pair.ours} writes {shown(pair.theirs[0][0])}, which no pair reads")
        object.__setattr__(self, "_reads", reads)
        object.__setattr__(self, "_writes", writes)

    def _add(self, reads: dict[Key, Pair], pair: Pair) -> None:
        for raw, _ in pair.theirs:
            before = reads.setdefault(key(raw), pair)
            if before is not pair and before.ours != pair.ours:
                raise ValueError(f"{self.name}: {shown(raw)} stands for {before.ours} and for {pair.ours}")
            if before is not pair or sum(key(raw) == k for k in pair._keys) > 1:
                raise ValueError(f"{self.name}: {shown(raw)} stands twice")

    def pair_of(self, raw: Any) -> Pair | None:
        """The pair that reads this raw value, matched strictly by JSON type and value; with `rest` also as the list
        of ours knows it."""
        pair = self._reads.get(key(raw)) if is_scalar(raw) else None
        if pair is None and self.rest is not None and raw.__class__ is str:
            code = codelists.load(self.list_name).find(raw)
            return None if code is None else Pair(code, ((raw, None),))
        return pair

    def pair_for(self, ours: str) -> Pair | None:
        """The pair that writes this code of ours."""
        pair = self._writes.get(ours)
        return self._of_rest(ours) if pair is None and self.rest is not None else pair

    def _of_rest(self, ours: str) -> Pair | None:
        """The pair of a code that the table leaves to its list; None: the list does not say how it is written."""
        known = codelists.load(self.list_name)
        entry = known.codes.get(ours)
        if entry is None or (entry.own and self.rest != "address"):
            return None
        spelled = {"lower": ours.lower(), "upper": ours.upper(), "label": entry.zh, "address": known.address(ours)}
        raw = ours if self.rest == "code" else spelled[str(self.rest)]
        read = None if raw is None else self.pair_of(raw)
        return Pair(ours, ((raw, None),)) if read is not None and read.ours == ours else None

    def read(self, raw: Any) -> str:
        """The code of ours. Raises Unmapped."""
        pair = self.pair_of(raw)
        if pair is None:
            raise Unmapped(f"{shown(raw)} is not a code of the table {self.name}")
        return pair.ours

    def write(self, ours: str) -> Any:
        """The first code of theirs. Raises Unsayable."""
        pair = self.pair_for(ours)
        if pair is None:
            raise Unsayable(no_code(ours, label_of(self.list_name, ours)))
        return pair.theirs[0][0]

    def labels(self) -> tuple[tuple[Any, str], ...]:
        """Every code of theirs that has a label, with it."""
        return tuple((raw, label) for pair in self.pairs for raw, label in pair.theirs if label is not None)

    @property
    def spellings(self) -> tuple[Any, ...]:
        """Every code of theirs that is read."""
        return tuple(raw for pair in self.pairs if not pair.write_only for raw, _ in pair.theirs)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of ours, once, in the order of the table."""
        return tuple(self._writes)


@dataclass(frozen=True)
class Codes(ValueLens):
    """A code table as a lens. Class E, R or L, by the table.

    `target` is the shape of ours: code (text), duration (a code that is an ISO 8601 duration), concept
    ({scheme, edition?, code}), licence ({id}), place ({scheme, code}) or frequency (codes in short form, such as
    1/P1Y). `language` is the tag of labels and names that stand in for unknown codes.
    """

    table: CodeTable
    target: str = "code"
    edition: str | None = None
    language: str = "und"
    _target: Target = field(init=False, repr=False, compare=False)
    _reads: dict[str, Any] = field(init=False, repr=False, compare=False)
    _writes: dict[Any, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise ValueError(f"{shown(self.target)} is no target of codes; it is one of {', '.join(TARGETS)}")
        scalars.normal_language(self.language)
        if self.edition is not None and self.target not in ("concept", "place"):
            raise ValueError(f"a {self.target} has no edition")
        target = TARGETS[self.target](self.table.list_name, self.edition, self.language)
        if not {*self.table.unmapped.split("_or_")} <= {"keep", "refuse", *target.members}:
            raise ValueError(f"{self.table.name}: a {self.target} cannot hold an unknown code as {self.table.unmapped}")
        for pair in self.table.pairs:
            target.check(pair.ours)
        object.__setattr__(self, "_target", target)
        self._prepare(target)

    def _prepare(self, target: Target) -> None:
        """The good cases, straight: values of ours by raw text, raw values by what such a value holds."""
        table = self.table
        reads = {raw: target.of_code(pair.ours) for (_, raw), pair in table._reads.items() if raw.__class__ is str}
        exact = (pair for pair in map(table.pair_for, table.codes) if not (pair.write_only or pair.relation))
        writes = {_content(target.of_code(pair.ours)): pair.theirs[0][0] for pair in exact}
        object.__setattr__(self, "_reads", reads)
        object.__setattr__(self, "_writes", writes)

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """When no code of ours has two spellings."""
        pairs = self.table.pairs
        if self.table.rest is not None:
            return False
        both = {pair.ours for pair in pairs if not (pair.write_only or pair.read_only)}
        return len(self.table.spellings) == len(both) and self.table.pattern is None

    @property
    def alphabet(self) -> frozenset[str] | None:
        """In a template: the characters of the codes; free text if unknown codes are taken."""
        if self.table.unmapped not in ("keep", "refuse") or self.table.rest is not None:
            return None
        return frozenset("".join(raw for raw in self.table.spellings if raw.__class__ is str))

    def read(self, raw: Any) -> Any:
        if raw.__class__ is str and raw in self._reads:
            value = self._reads[raw]
            return value.copy() if value.__class__ is dict else value
        pair = self.table.pair_of(raw)
        if pair is not None:
            return self._target.of_code(pair.ours)
        value = self._target.of_unknown(raw, self.table.unmapped)
        if value is None:
            raise Unmapped(f"{shown(raw)} is not a code of the table {self.table.name}")
        return value

    def write(self, value: Any) -> Any:
        try:
            return self._writes[_content(value)]
        except (KeyError, TypeError):  # no such code, or a member that is no scalar, such as a label
            pass
        code, beside = self._target.code_of(value)
        if code is None:
            return self._write_unknown(value)
        pair = self.table.pair_for(code)
        if pair is None:
            if self._target.spare_of(value, self.table.unmapped):
                return self._write_unknown(value)
            raise Unsayable(no_code(code, self._target.label_of(value, code)))
        raw = pair.theirs[0][0]
        if pair.write_only:
            becomes = self.read(raw)
            reason = f"{shown(raw)} is the nearest code there, and it is read as another"
            return Said(raw, "changed", reason, becomes)
        parts = [*beside]
        if pair.relation:
            parts.insert(0, Said(raw, "imprecise", _stretch(pair, raw)))
        return said(raw, parts)

    def _write_unknown(self, value: Any) -> Any:
        raw, parts = self._target.unknown_of(value, self.table.unmapped)
        if raw is None:
            raise Unsayable(self._target.uncoded(value))
        if misshapen(raw, self.table.pattern):
            raise Unsayable(f"{shown(raw)} has characters that the field does not take")
        if self.table.pair_of(raw) is not None:
            return Said(raw, "changed", f"{shown(raw)} is a code there, and it is read as that code", self.read(raw))
        return said(raw, parts)

    def stretched(self, raw: Any) -> str | None:
        pair = self.table.pair_of(raw)
        if pair is None:
            named = self.table.unmapped == "label" and self.table.rest is not None and raw.__class__ is str
            return f"{shown(raw)} is no concept of {self.table.list_name}, and is kept as a label" if named else None
        return _stretch(pair, raw) if pair.relation else None

    def raws(self, draw: Draw) -> Any:
        if not self.table.spellings:
            return draw.choice(draws.ODD_RAWS)
        raw = draw.choice(self.table.spellings)
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> Any:
        codes = self.table.codes
        if draws.odd(draw) or not codes:
            return draw.choice(self._target.strange())
        value = self._target.of_code(draw.choice(codes))
        return self._target.adorned(value) if draws.odd(draw) else value


@dataclass(frozen=True)
class InTable(ValueLens):
    """Tells whether a raw value is a code of a table; the value of ours is that of another lens."""

    table: CodeTable

    def read(self, raw: Any) -> Any:
        return self.table.read(raw)

    def write(self, value: Any) -> Any:
        return self.table.write(value)

    def raws(self, draw: Draw) -> Any:
        return draw.choice(self.table.spellings or draws.ODD_RAWS)

    def values(self, draw: Draw) -> Any:
        return draw.choice(self.table.codes or ("no_such_code",))


def _content(value: Any) -> Any:
    """What a value of ours holds, hashable; TypeError where it holds objects or lists."""
    return tuple(value.items()) if value.__class__ is dict else value


def _stretch(pair: Pair, raw: Any) -> str:
    how = "only close to" if pair.relation == "close" else f"{pair.relation} than"
    return f"{shown(raw)} is {how} {shown(pair.ours)}"
