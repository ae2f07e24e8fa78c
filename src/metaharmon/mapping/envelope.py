"""Envelopes: where the records are in a document, and how a document is made around them (mapping language, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.grammar import Report, closest
from metaharmon.mapping.ours import PathMisfit, bind
from metaharmon.mapping.syntax import Envelope
from metaharmon.model import shape
from metaharmon.paths import Every, Key, PathError, TheirPath, get, parse_their_path, put
from metaharmon.yamltext import to_json

MAX_NESTED = 8
"""Documents inside documents, read at most to this depth."""


@dataclass(frozen=True)
class EnvelopePlan:
    """One envelope: the path to the records, whether they are a list, and what stands around them."""

    name: str
    path: TheirPath
    listed: bool
    around: tuple[tuple[tuple[Any, ...], Any], ...] = ()
    count: TheirPath | None = None
    more: tuple[TheirPath, ...] = ()
    """Further places of records; all are read, the first is written."""
    nested: TheirPath | None = None
    """Where documents of the same form stand inside the document, to any depth."""
    member: TheirPath | None = None
    """Of a list: where in each of its entries the record is."""
    beside: tuple[tuple[tuple[Any, ...], Any], ...] = ()
    """What stands in such an entry beside the record."""

    def records(self, document: Any) -> list[Any] | None:
        """The records of a document of this form; None if it is not of this form."""
        if self.path.steps and document.__class__ is not dict:
            return None
        for steps, constant in self.around:
            if get(document, steps) is MISSING:
                return None
            del constant
        if self.more or self.nested:
            return self._gathered(document, MAX_NESTED)
        found = get(document, self.path.steps)
        if self.listed and self.member is not None:
            return self._members(found)
        if self.listed:
            return found if found.__class__ is list else None
        return [found] if found.__class__ is dict else None

    def _gathered(self, document: Any, depth: int) -> list[Any] | None:
        """The records of all places of a document, and of the documents inside it; None where there is no place."""
        places = [found for path in (self.path, *self.more) if (found := _entries(document, path.steps)) is not None]
        if self.nested is not None and depth:
            for inner in _entries(document, self.nested.steps) or ():
                below = self._gathered(inner, depth - 1)
                places.extend([] if below is None else [below])
        return [record for found in places for record in found] if places else None

    def _members(self, entries: Any) -> list[Any] | None:
        """The records inside the entries of a list; None where no entry has one. An entry without one gives null."""
        if entries.__class__ is not list:
            return None
        found = [get(entry, self.member.steps) for entry in entries]  # type: ignore[union-attr]
        if entries and all(record is MISSING for record in found):
            return None
        return [None if record is MISSING else record for record in found]

    def _entry(self, record: Any) -> dict[str, Any]:
        """An entry of the list, around a record."""
        made: dict[str, Any] = {}
        for steps, constant in self.beside:
            put(made, steps, constant)
        put(made, self.member.steps, record)  # type: ignore[union-attr]
        return made

    def document(self, records: list[Any]) -> Any:
        """A document around some records."""
        if self.member is not None:
            records = [self._entry(record) for record in records]
        if not self.path.steps:
            return records if self.listed else records[0]
        made: dict[str, Any] = {}
        for steps, constant in self.around:
            put(made, steps, constant)
        put(made, self.path.steps, records if self.listed else records[0])
        if self.count is not None:
            put(made, self.count.steps, len(records))
        return made


@dataclass(frozen=True)
class GraphEnvelope(EnvelopePlan):
    """The nodes of a JSON-LD document that are records."""

    linked: Any = None

    def records(self, document: Any) -> list[Any] | None:
        return self.linked.records(document)

    def document(self, records: list[Any]) -> Any:
        return self.linked.document(records)


def _entries(here: Any, steps: tuple[Any, ...]) -> list[Any] | None:
    """The entries of a list, also of lists inside the entries of others; None where the first list is missing."""
    for i, step in enumerate(steps):
        if step.__class__ is Every:
            if here.__class__ is not list:
                return None
            below = [found for item in here if (found := _entries(item, steps[i + 1 :])) is not None]
            return [record for found in below for record in found] if below else None
        here = here.get(step.name, MISSING) if here.__class__ is dict else MISSING
    return here if here.__class__ is list else None


BARE = EnvelopePlan("bare", TheirPath(".", ()), False)
BARE_LIST = EnvelopePlan("bare list", TheirPath(".", ()), True)


def plan_envelopes(said: tuple[Envelope, ...], report: Report, linked: Any = None) -> tuple[EnvelopePlan, ...]:
    """The envelopes of a mapping; a bare record and a bare list are always read. `linked` is its JSON-LD."""
    out: list[EnvelopePlan] = []
    for one in said:
        if one.graph and linked is not None:
            out.append(GraphEnvelope(str(one.name or "graph"), BARE.path, True, linked=linked))
            continue
        if one.records is None:
            if not one.graph and one.rows is None and one.file_name is None:
                report.add(dx.MISSING_WORD, "an envelope says where the records are", one.place)
            continue
        text, member = str(one.records), None
        if "[]." in text and not text.endswith("[]"):
            text, _, member = text.partition("[].")
            text += "[]"
        listed = text.endswith("[]")
        try:
            within = None if member is None else parse_their_path(member)
            path = parse_their_path(text.removesuffix("[]") or ".")
            more = tuple(parse_their_path(str(place).removesuffix("[]")) for place in one.more)
            nested = None if one.nested is None else parse_their_path(str(one.nested).removesuffix("[]"))
        except PathError as exc:
            report.add(dx.WRONG_FORM, str(exc), one.place)
            continue
        around, beside = _constants(one.around), _constants(one.beside)
        out.append(
            EnvelopePlan(
                str(one.name or text),
                path,
                listed,
                around,
                one.count,
                more,
                nested,
                within,
                beside,
            )
        )
    return (*out, BARE, BARE_LIST)


def _constants(said: Any) -> tuple[tuple[tuple[Any, ...], Any], ...]:
    return tuple((tuple(map(Key, str(path).split("."))), to_json(value)) for path, value in said)


def file_name_of(said: tuple[Envelope, ...], report: Report) -> str | None:
    """The path of ours that the name of a file says; None where a file's name is no datum."""
    named = next((one for one in said if one.file_name is not None), None)
    if named is None:
        return None
    try:
        bind(str(named.file_name), shape.root(), "und")
    except PathMisfit as exc:
        report.add(dx.UNKNOWN_PATH, str(exc), named.place, closest(exc.word, exc.known) if exc.word else None)
        return None
    return str(named.file_name)


def find_envelope(envelopes: tuple[EnvelopePlan, ...], document: Any) -> tuple[EnvelopePlan, list[Any]] | None:
    """The first envelope that fits a document, and its records."""
    for one in envelopes or (BARE, BARE_LIST):
        records = one.records(document)
        if records is not None:
            return one, records
    return None
