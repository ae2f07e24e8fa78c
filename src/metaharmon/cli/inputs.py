"""Files of records for the verbs: documents, records by name, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from metaharmon.containers import Csv
from metaharmon.diagnostics import Diagnostic, RecordError
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.registry import Registry
from metaharmon.files.records import TABLES, Document, format_of, gathered, read_documents


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


class Inputs:
    """The records of some files, one after another; a file that cannot be read is noted, and the next one follows."""

    def __init__(
        self, dialect: Dialect, files: list[str], encoding: str, format: str | None, separator: str | None = None
    ):
        self.dialect, self.files, self.encoding, self.format = dialect, files, encoding, format
        self.separator = separator
        self.unreadable: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []
        """What was noticed in the files, once for each."""

    def __iter__(self) -> Iterator[Given]:
        for file in self.files:
            try:
                for document in documents_of(self.dialect, file, self.encoding, self.format, self.separator):
                    self.notes.extend(document.notes)
                    yield from self._of(document, line_by_line=file.endswith((".jsonl", ".ndjson")))
            except RecordError as error:
                self.unreadable.extend(error.diagnostics)

    def _of(self, document: Document, line_by_line: bool) -> Iterator[Given]:
        if document.problems:
            yield Given(document.name, None, document.problems)
            return
        found = self.dialect.records(document.value)
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
