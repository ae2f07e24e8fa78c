"""The records of a document: by the dialect's envelopes, at a place that the caller names, or where its fields are."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Any, NamedTuple

from metaharmon.diagnostics import FOUND_AT, NO_RECORDS, NOT_A_RECORD, UNCLEAR_PLACE, Diagnostic, RecordError
from metaharmon.dialect import wrapped
from metaharmon.dialect.record_paths import parse, shown, values_at
from metaharmon.files.jsonvalue import record_of
from metaharmon.mapping.envelope import BARE, BARE_LIST, EnvelopePlan, GraphEnvelope, find_envelope
from metaharmon.mapping.plan import Plan
from metaharmon.model.normal import same
from metaharmon.paths import get, leaf_text

SPELLING = ("@context", "@type")
"""Members of JSON-LD that say how, and not what."""


class Entry(NamedTuple):
    """One entry of a document: its position, and the record, or why it is none."""

    index: int
    record: Any
    problem: Diagnostic | None = None


class Records(NamedTuple):
    """The entries of a document and the envelope in which they stood."""

    envelope: EnvelopePlan
    entries: list[Entry]
    document: Any = None
    plan: Plan | None = None
    notes: tuple[Diagnostic, ...] = ()
    """What is to be said of the document: that its records were found at another place than envelopes say."""

    def __iter__(self) -> Iterator[dict[str, Any]]:  # type: ignore[override]
        """The records; entries that are no objects are passed over (see `problems`)."""
        return (entry.record for entry in self.entries if entry.problem is None)

    @property
    def problems(self) -> list[Diagnostic]:
        """What is wrong with entries that are no records."""
        return [entry.problem for entry in self.entries if entry.problem is not None]

    def around(self) -> list[tuple[str, Any]]:
        """What the document says beside its records, by path: the title of a catalogue, a message, a total. What the
        envelope itself says (its constants, the number of records) is left out."""
        if self.plan is None or any(entry.record is self.document for entry in self.entries):
            return []
        if isinstance(self.envelope, GraphEnvelope):
            inside = self.envelope.linked.parts(self.document)
        else:
            inside = {id(entry.record) for entry in self.entries if entry.record.__class__ in (dict, list)}
        said = [(steps, constant) for steps, constant in self.envelope.around]
        if self.envelope.count is not None:
            said.append((self.envelope.count.steps, len(self.entries)))
        own = {tuple(step.name for step in steps) for steps, value in said if same(get(self.document, steps), value)}
        silence = self.plan.silence
        return [
            (leaf_text(path), value)
            for path, value in _leaves_outside(self.document, inside, ())
            if silence.informative(value) and path not in own and not set(SPELLING) & set(path)
        ]


def records_of(plan: Plan, document: Any, at: str | None = None) -> Records:
    """The records of a document; `at` names the place. Raises RecordError when the document is neither an object nor a
    list, when nothing stands at the place, or when several places fit; ValueError when `at` is no path."""
    if at is not None:
        return _at(plan, document, at)
    found = find_envelope(plan.envelopes, document)
    if found is None:
        record_of(document)
        raise RecordError([Diagnostic(NOT_A_RECORD, "no envelope of the dialect fits this document")])
    envelope, values = found
    if not document or wrapped.fits(plan, envelope, values):
        return _records(plan, document, envelope, values)
    best, rivals = wrapped.chosen(plan, wrapped.places(plan, document), wrapped.is_bare(envelope))
    if rivals:
        raise RecordError([_unclear(plan, [shown(place.steps) for place in rivals])])
    if best is None:
        says_nothing = envelope.path.steps == () and not plan.silence.informative(document)
        return _records(plan, document, envelope, [] if says_nothing and not _knows(plan, document) else values)
    path = shown(best.steps)
    values, listed = values_at(document, best.steps)
    note = Diagnostic(FOUND_AT, f"the records were found at {path}; `--records-at {quote(path)}` says so")
    return _records(plan, document, _place(path, listed), values, (note,))


def _at(plan: Plan, document: Any, at: str) -> Records:
    values, listed = values_at(document, parse(at))
    if not listed and len(values) == 1 and not _knows(plan, values[0]):  # it may be an envelope of its own
        envelope, inner = find_envelope(plan.envelopes, values[0]) or (BARE, values)
        if envelope not in (BARE, BARE_LIST):
            return _records(plan, document, envelope, inner)
    return _records(plan, document, _place(at, listed), values)


def _place(path: str, listed: bool) -> EnvelopePlan:
    """The envelope of a place that the dialect does not know: it is not written."""
    return EnvelopePlan(path, BARE.path, listed)


def _knows(plan: Plan, value: Any) -> bool:
    """Whether an object, or an entry of a list, has a member that the dialect knows."""
    entries = value if value.__class__ is list else [value]
    return any(one.__class__ is dict and not plan.names.isdisjoint(one) for one in entries)


def _unclear(plan: Plan, paths: list[str]) -> Diagnostic:
    named = " and ".join("the document itself" if path == "." else path for path in paths[:4])
    options = " or ".join(f"`--records-at {quote(path)}`" for path in paths[:4])
    return Diagnostic(UNCLEAR_PLACE, f"records of {plan.dialect} may stand at {named}", hint=f"say {options}")


def _records(
    plan: Plan, document: Any, envelope: EnvelopePlan, values: list[Any], notes: tuple[Diagnostic, ...] = ()
) -> Records:
    return Records(envelope, [_entry(i, value) for i, value in enumerate(values)], document, plan, notes)


def no_records(plan: Plan, document: Any, silent: bool = False) -> Diagnostic:
    """The finding of a document or file without a record; `silent`: it has some, and none says anything."""
    from metaharmon.dialect.likeness import hint

    message = "no record in it says anything" if silent else f"no record of {plan.dialect} is in it"
    return Diagnostic(NO_RECORDS, message, hint=None if silent else hint(document, plan.dialect))


def _entry(index: int, value: Any) -> Entry:
    if isinstance(value, dict):
        return Entry(index, value)
    try:
        record_of(value)
    except RecordError as error:
        return Entry(index, value, error.diagnostics[0])
    return Entry(index, value)


def _leaves_outside(value: Any, inside: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if value.__class__ not in (dict, list):
        yield path, value
    elif id(value) not in inside:
        pairs = value.items() if value.__class__ is dict else enumerate(value)
        for key, below in pairs:
            yield from _leaves_outside(below, inside, (*path, str(key)))
