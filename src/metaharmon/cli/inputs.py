"""Files of records for the verbs: documents, records by name, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple

from metaharmon.cli.output import block, example
from metaharmon.containers import Csv
from metaharmon.diagnostics import Diagnostic, Place, RecordError
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.documents import no_records
from metaharmon.dialect.reach import general
from metaharmon.dialect.registry import Registry
from metaharmon.faults import Guard
from metaharmon.files.records import TABLES, Document, format_of, gathered, read_documents
from metaharmon.mapping.envelope import GraphEnvelope


class Given(NamedTuple):
    """One record of the input, or why there is none."""

    name: str
    record: Any
    problems: tuple[Diagnostic, ...] = ()
    wrapped: bool = False
    """It stood in an envelope."""
    single: bool = False
    """It was the whole document."""
    file: str | None = None
    """The name of the file that holds it alone."""


class Around:
    """What documents say beside their records: the title of a catalogue, a message. It is in no translation."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[int, Any]] = {}

    def enter(self, leaves: list[tuple[str, Any]]) -> None:
        """Count the leaves of one document."""
        for path, value in leaves:
            count, first = self.found.get(general(path), (0, value))
            self.found[general(path)] = count + 1, first

    def as_list(self, count: str) -> list[dict[str, Any]]:
        """The same as JSON."""
        return [{count: n, "path": path, "example": value} for path, (n, value) in sorted(self.found.items())]

    def print(self, stream: IO[str]) -> None:
        """The same as text."""
        if self.found:
            rows = [(f"{n:,}", path, example(value)) for path, (n, value) in sorted(self.found.items())]
            block("beside the records, not carried over (times, path, example)", rows, stream)


class Inputs:
    """The records of some files, one after another; a file that cannot be read is noted, and the next one follows."""

    def __init__(
        self,
        dialect: Dialect,
        files: list[str],
        encoding: str,
        format: str | None,
        separator: str | None = None,
        at: str | None = None,
    ):
        self.dialect, self.files, self.encoding, self.format = dialect, files, encoding, format
        self.separator, self.at = separator, at
        self.unreadable: list[Diagnostic] = []
        self._noted: set[tuple[str, str, str]] = set()
        self.notes: list[Diagnostic] = []
        """What was noticed in the files, once for each."""
        self.empty: list[Diagnostic] = []
        """Files in which no record says anything."""
        self.around = Around()

    def __iter__(self) -> Iterator[Given]:
        for file in self.files:
            some, any_given, last = False, False, None
            try:
                for document in documents_of(self.dialect, file, self.encoding, self.format, self.separator):
                    last = document.value
                    for given in self._of(document, line_by_line=file.endswith((".jsonl", ".ndjson"))):
                        any_given = True
                        some = some or bool(given.problems) or self._says_something(given.record)
                        yield given
            except RecordError as error:
                self.unreadable.extend(error.diagnostics)
                continue
            if not some:
                self.empty.append(no_records(self.dialect.plan, last, any_given).at(record=file))

    def _says_something(self, record: Any) -> bool:
        try:
            with Guard(record):
                return self.dialect.says_something(record)
        except RecordError:  # reading it says so
            return True

    def _note(self, notes: Iterable[Diagnostic], document: Document) -> None:
        """Note what is true of a document, once for all that stand in its file."""
        file, _, line = document.name.rpartition(":")
        place = Place(file, int(line), 1) if file and line.isdigit() else Place(document.name, 1, 1)
        for note in notes:
            if (place.file, note.code, note.message) not in self._noted:
                self._noted.add((place.file, note.code, note.message))
                self.notes.append(note if note.place else note.at(place=place))

    def _of(self, document: Document, line_by_line: bool) -> Iterator[Given]:
        if document.problems:
            yield Given(document.name, None, document.problems)
            return
        self._note(document.notes, document)
        try:
            found = self.dialect.records(document.value, self.at)
            with Guard(document.value):
                around = found.around()
        except RecordError as error:  # it is not clear where its records are; the other documents go on
            yield Given(document.name, document.value, tuple(one.at(record=document.name) for one in error.diagnostics))
            return
        self._note(found.notes, document)
        self.around.enter(around)
        if not found.entries and isinstance(found.envelope, GraphEnvelope):  # nodes of other types are no empty page
            problem = no_records(self.dialect.plan, document.value).at(record=document.name)
            yield Given(document.name, document.value, (problem,))
            return
        wrapped = bool(found.envelope.path.steps)
        single = not found.envelope.listed and not line_by_line
        for entry in found.entries:
            name = document.name if not found.envelope.listed else f"{document.name}#{entry.index}"
            problems = () if entry.problem is None else (entry.problem.at(record=name),)
            file = document.name if single and document.alone else None
            yield Given(name, entry.record, problems, wrapped, single, file)


def documents_of(
    dialect: Dialect, file: str, encoding: str, format: str | None = None, separator: str | None = None
) -> Iterator[Document]:
    """The documents of a file, as a dialect reads it: a table of properties is one record, and a text with headings
    is read by them where the dialect says so."""
    container = dialect.plan.container
    if format is None and container == "headings" and file.lower().endswith((".md", ".markdown")):
        format = "headings"
    found = read_documents(file, None, format, encoding, separator, dialect.columns)
    is_table = format in TABLES or (format is None and format_of(file) in TABLES)
    if is_table and isinstance(container, Csv) and container.rows == "properties":
        return iter([gathered(found, container, file)])
    return found


def registry(args: Any) -> Registry:
    """The registry of the folders that were named."""
    return Registry(args.mappings)
