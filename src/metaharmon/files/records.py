"""Files of records: JSON, one JSON document a line, YAML, tables, and Markdown with a YAML header, as documents with
names and findings.

A broken input never raises, except when the file as a whole cannot be opened: what is wrong stands in the
document's `problems`, and where the format allows it the reading goes on.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any, NoReturn

from metaharmon.diagnostics import (
    EMPTY_FILE,
    ENCODING,
    FOUND_AT,
    LIMIT,
    NOT_A_RECORD,
    SYNTAX,
    UNREADABLE,
    Diagnostic,
    MappingError,
    MetaharmonError,
    MissingExtra,
    Place,
    RecordError,
    shown,
)
from metaharmon.faults import Guard, finding
from metaharmon.files.jsontext import MAX_DIGITS, JsonLimits, dumps, loads
from metaharmon.files.streams import Again, narrow
from metaharmon.files.textfile import BOM, ENCODINGS, decode, known_encoding, refuse, why_unreadable

FORMATS = {
    ".json": "json",
    ".jsonld": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".ttl": "turtle",
    ".rdf": "rdfxml",
}
"""The format that a file's name tells."""
TABLES = ("csv", "tsv")
"""Formats of tables."""
CHOICES = ("json", "jsonl", "yaml", "csv", "tsv", "markdown", "headings", "turtle", "rdfxml")
GIVE_FORMAT = "json, jsonl, yaml, csv, tsv, markdown, headings, turtle or rdfxml"
BODY = "body"
"""The member that holds what stands below the header of a Markdown file."""
ENVELOPE_DEPTH = 8
"""Levels that a document may have around its records, beside the depth that a record may have."""
DOCUMENT_BYTES = 256 << 20
"""Largest JSON document, and largest line of a file of one document a line."""
YAML_BYTES, YAML_NODES = 16 << 20, 1_000_000
"""Largest YAML file, and largest RDF file; most nodes of a YAML file."""
_LIMITS = JsonLimits(depth=JsonLimits().depth + ENVELOPE_DEPTH)


_Table = tuple[str | None, frozenset[str] | None]
"""What separates the cells of a table, and the names that its columns may have."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: an object or list, and its name (`file.json`, `file.jsonl:12`, `file.yaml#1`).

    When `problems` is not empty the document could not be read and `value` is None.
    """

    value: Any
    name: str
    problems: tuple[Diagnostic, ...] = ()
    alone: bool = False
    """It is the whole file, so that the name of the file is its name."""
    notes: tuple[Diagnostic, ...] = ()
    """What was noticed in the file, once: on its first document."""


def read_documents(
    source: str | os.PathLike[str] | IO[Any],
    name: str | None = None,
    format: str | None = None,
    encoding: str = "utf-8",
    separator: str | None = None,
    columns: frozenset[str] | None = None,
) -> Iterator[Document]:
    """The documents of a file or stream, one after another.

    `source` is a path, `-` for standard input, or a stream (of bytes, or of text, whose text is taken as it is);
    `format` is one of `CHOICES`, else the name tells it, else (for a stream) the first line. JSON and YAML documents
    are objects or lists, rows of tables are objects of texts; numbers are exact. A Markdown file with a YAML header is
    the object of that header, with the text below as its member `body`; without one, and as `headings`, it is the
    object of its headings (`markdowntext`). What separates the cells of a table is found (`tabletext`) if `separator`
    does not say it; `columns` are the names that its columns may have. UTF-16 with a byte order mark need not be
    declared.
    Raises RecordError with UNREADABLE when the file cannot be opened or its format is not known, and with ENCODING
    when the encoding is none of `textfile.ENCODINGS`.
    """
    name = name or _name_of(source)
    declared, format = _choices(name, encoding, format)
    table = (separator, columns)
    if source == "-" or _is_stream(source):
        return _read(_standard(name) if source == "-" else source, name, format, declared, table, close=False)
    stream = _open(source, name)
    if format is None:
        stream.close()
        _no_format(name)
    return _read(stream, name, format, declared, table, close=True)


def _choices(name: str, encoding: str, format: str | None) -> tuple[str, str | None]:
    """The encoding and the format by which a file is read, as far as they are known."""
    declared = known_encoding(encoding)
    if declared is None:
        hint = "Use one of: " + ", ".join(ENCODINGS) + "."
        refuse(RecordError, ENCODING, f"The encoding {shown(encoding)} cannot be read.", Place(name, 1, 1), hint)
    if format is not None and format not in CHOICES:
        raise ValueError(f"format is {GIVE_FORMAT}, not {shown(format)}")
    return declared, format or format_of(name)


def _no_format(name: str) -> NoReturn:
    message = "The name of the file does not tell its format."
    refuse(RecordError, UNREADABLE, message, Place(name, 1, 1), f"Give the format: {GIVE_FORMAT}.")


def _standard(name: str) -> IO[bytes]:
    if sys.stdin is None:
        refuse(RecordError, UNREADABLE, "Standard input is closed.", Place(name, 1, 1))
    return sys.stdin.buffer


def format_of(name: str) -> str | None:
    """The format that the name of a file tells."""
    return FORMATS.get(PurePath(name).suffix.lower())


def _name_of(source: Any) -> str:
    if source == "-":
        return "<stdin>"
    return str(getattr(source, "name", "<stream>")) if _is_stream(source) else os.fspath(source)


def _is_stream(source: Any) -> bool:
    return hasattr(source, "read")


def check_readable(file: str, encoding: str = "utf-8", format: str | None = None) -> None:
    """Raise RecordError, as `read_documents` does, where a file is missing, is a directory or may not be read, or where
    its encoding or format is not known. What is no regular file is not opened: it can be read only once."""
    name = _name_of(file)
    _, known = _choices(name, encoding, format)
    if file == "-":
        _standard(name)
        return
    if os.path.isfile(file) or os.path.isdir(file) or not os.path.exists(file):
        _open(file, file).close()
    if known is None:
        _no_format(name)


def _open(source: Any, name: str) -> IO[bytes]:
    try:
        return open(source, "rb")
    except (OSError, ValueError) as trouble:
        refuse(RecordError, UNREADABLE, why_unreadable(trouble), Place(name, 1, 1))


def _read(stream: Any, name: str, format: str | None, encoding: str, table: _Table, close: bool) -> Iterator[Document]:
    source = stream
    try:
        if isinstance(stream, io.TextIOBase):
            stream, encoding = io.BytesIO(stream.read().encode("utf-8", "surrogatepass")), "utf-8"
        stream, encoding, notes, wrong = narrow(stream, name, encoding)
        for document in [_broken(name, (wrong,))] if wrong else _documents(stream, name, format, encoding, table):
            yield replace(document, notes=(*notes, *document.notes)) if notes else document
            notes = ()
    except (OSError, ValueError) as trouble:  # while reading: a directory on some systems, a closed stream, a bad disk
        refuse(RecordError, UNREADABLE, why_unreadable(trouble), Place(name, 1, 1))
    except (MetaharmonError, MissingExtra):
        raise
    except Exception as error:  # the reader of this format cannot go on; the files after it can
        problem = finding(error)
        message = f"{problem.message} What follows in the file is not read."
        yield _broken(name, (replace(problem, message=message, place=Place(name, 1, 1)),))
    finally:
        if close:
            source.close()


def _documents(stream: Any, name: str, format: str | None, encoding: str, table: _Table) -> Iterator[Document]:
    if format is None:
        first = stream.readline(DOCUMENT_BYTES)
        format = _guess(first, name)
        stream = Again(first, stream)
    if format == "jsonl":
        return _json_lines(stream, name, encoding)
    if format in TABLES:
        return _rows(stream, name, encoding, table if table[0] or format == "csv" else ("\t", table[1]))
    return _whole(stream, name, format, encoding)


def _guess(first: bytes, name: str) -> str:
    """The format by the first line: an object that ends on it is one of several lines."""
    line = first.removeprefix(BOM.encode()).strip()
    if line[:1] == b"{":
        return "jsonl" if line.endswith(b"}") else "json"
    if line and line[:1] != b"[":
        refuse(
            RecordError,
            UNREADABLE,
            "The beginning does not tell the format.",
            Place(name, 1, 1),
            f"Give the format: {GIVE_FORMAT}.",
        )
    return "json"


def _whole(stream: Any, name: str, format: str, encoding: str) -> Iterator[Document]:
    """A JSON document, the documents of a YAML stream, a Markdown file or an RDF graph."""
    most = DOCUMENT_BYTES if format == "json" else YAML_BYTES
    data = stream.read(most + 1)
    if len(data) > most:
        hint = "Write one record a line (.jsonl); such a file is read line by line." if format == "json" else None
        problem = Diagnostic(LIMIT, f"The file is larger than {most:,} bytes.", place=Place(name, 1, 1), hint=hint)
        yield _broken(name, (problem,))
    elif format == "yaml":
        yield from _yaml(data, name, encoding)
    elif format in ("markdown", "headings"):
        yield (_markdown if format == "markdown" else _headings)(data, name, encoding)
    elif format in ("turtle", "rdfxml"):
        yield _rdf(data, name, format, encoding)
    else:
        yield replace(_json(data, name, name, encoding, 1), alone=True)


def _json(data: bytes, file: str, name: str, encoding: str, line: int) -> Document:
    try:
        with Guard():
            value = loads(data, file, encoding=encoding, limits=_LIMITS, line=line)
        return _checked(value, name, Place(file, line, 1))
    except RecordError as error:
        return _broken(name, (problem.at(place=problem.place or Place(file, line, 1)) for problem in error.diagnostics))


def _json_lines(stream: Any, name: str, encoding: str) -> Iterator[Document]:
    for number, data in _lines(stream):
        label = f"{name}:{number}"
        if data is None:
            problem = Diagnostic(
                LIMIT, f"The line is longer than {DOCUMENT_BYTES:,} bytes.", place=Place(name, number, 1)
            )
            yield _broken(label, (problem,))
        elif data.strip() and data.strip() != BOM.encode():
            yield _json(data.rstrip(b"\r\n"), name, label, encoding, number)


def _lines(stream: Any) -> Iterator[tuple[int, bytes | None]]:
    """Lines by number; None for one that is too long, which is passed over."""
    number = 0
    while data := stream.readline(DOCUMENT_BYTES + 1):
        number += 1
        if len(data) <= DOCUMENT_BYTES:
            yield number, data
            continue
        while data and not data.endswith(b"\n"):
            data = stream.readline(DOCUMENT_BYTES)
        yield number, None


def _rows(stream: Any, name: str, encoding: str, table: _Table) -> Iterator[Document]:
    from metaharmon.files.tabletext import Line, rows  # only tables need it

    guard = Guard()

    def text(number: int, data: bytes | None) -> Line:
        place = Place(name, number, 1)
        if data is None:
            return number, [Diagnostic(LIMIT, f"The line is longer than {DOCUMENT_BYTES:,} bytes.", place=place)]
        try:
            with guard:
                return number, decode(data, name, RecordError, encoding, number)
        except RecordError as error:
            return number, [problem.at(place=problem.place or place) for problem in error.diagnostics]

    for row in rows((text(*line) for line in _lines(stream)), name, *table):
        label = f"{name}:{row.line}"
        document = _broken(label, row.problems) if row.problems else Document(row.cells, label)
        yield replace(document, notes=row.notes) if row.notes else document


def _markdown(data: bytes, name: str, encoding: str) -> Document:
    """The YAML header between two lines of `---`, with the text below it as `body`."""
    try:
        text = decode(data, name, RecordError, encoding)
    except RecordError as error:
        return _broken(name, error.diagnostics)
    lines = re.split(r"(?<=\n)", text)
    if lines[0].rstrip() != "---":
        return _headings(data, name, encoding)
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() == "---"), None)
    if end is None:
        message = "The YAML header that begins with `---` does not end with it."
        return _broken(name, (Diagnostic(NOT_A_RECORD, message, place=Place(name, 1, 1)),))
    found = next(_yaml("".join(lines[:end]).encode("utf-8", "surrogatepass"), name, "utf-8"))
    body = "".join(lines[end + 1 :])
    if found.problems or not body:
        return replace(found, alone=True)
    if found.value.__class__ is not dict or BODY in found.value:
        message = f"The header of a Markdown file is an object without a member '{BODY}', which is the text below it."
        return _broken(name, (Diagnostic(NOT_A_RECORD, message, place=Place(name, 1, 1)),))
    return Document({**found.value, BODY: body}, name, alone=True)


def _headings(data: bytes, name: str, encoding: str) -> Document:
    """A Markdown file as one object: its headings, and its front matter, which is YAML."""
    from metaharmon.files import markdowntext

    try:
        front, sections, before = markdowntext.split(decode(data, name, RecordError, encoding, 1))
    except RecordError as error:
        return _broken(name, error.diagnostics)
    if not sections:
        return _broken(name, (Diagnostic(EMPTY_FILE, "The file has no heading.", place=Place(name, 1, 1)),))
    if front is None:
        return Document(markdowntext.tree_of(None, sections, before), name, alone=True)
    documents = list(_yaml(front.encode("utf-8"), name, "utf-8")) if front.strip() else []
    if len(documents) > 1 or (documents and documents[0].problems):
        alone = Diagnostic(SYNTAX, "The front matter is more than one document.", place=Place(name, 1, 1))
        return _broken(name, documents[0].problems or (alone,))
    header = documents[0].value if documents else None
    return Document(markdowntext.tree_of(header, sections, before), name, alone=True)


def _yaml(data: bytes, name: str, encoding: str) -> Iterator[Document]:
    """The documents of a YAML stream; one that is the only one is the whole file."""
    found = _yaml_documents(data, name, encoding)
    first, second = next(found), next(found, None)
    if second is None:
        yield replace(first, alone=True)
        return
    yield from (first, second)
    yield from found


def _yaml_documents(data: bytes, name: str, encoding: str) -> Iterator[Document]:
    from metaharmon import yamltext  # PyYAML is loaded for YAML only

    limits = yamltext.Limits(YAML_BYTES, _LIMITS.depth + 1, YAML_NODES, _LIMITS.string, YAML_NODES, aliases=True)
    index = -1
    try:
        for index, (node, problems) in enumerate(yamltext.documents(data, name, limits, encoding)):
            label = f"{name}#{index}" if index else name
            value = None if problems else yamltext.resolve(node, problems, MAX_DIGITS)
            if problems:
                yield _broken(label, problems)
            else:
                hint = yamltext.colon_hint(node) if isinstance(node, str) else None
                yield _checked(value, label, node.place, hint)
    except MappingError as error:
        yield _broken(f"{name}#{index + 1}" if index >= 0 else name, error.diagnostics)
        return
    if index < 0:
        yield _broken(name, (Diagnostic(EMPTY_FILE, "The file holds no document.", place=Place(name, 1, 1)),))


def _rdf(data: bytes, name: str, format: str, encoding: str) -> Document:
    from metaharmon.files.rdftext import RdfError, graph_of, graphs_inside  # rdflib is loaded for RDF only

    try:
        text = decode(data, name, RecordError, encoding, 1)
        inside = graphs_inside(text) if format == "rdfxml" else None
        if inside is None:
            return Document(graph_of(text, format), name)
        note = f"the records were found in the RDF inside {inside[0]}; what stands around it is not read"
        return Document(graph_of(text, format, inside[1]), name, notes=(Diagnostic(FOUND_AT, note),))
    except RecordError as error:
        return _broken(name, error.diagnostics)
    except (RdfError, ModuleNotFoundError) as trouble:
        place = Place(name, getattr(trouble, "line", 1), 1)
        return _broken(name, (Diagnostic(UNREADABLE, str(trouble), place=place),))


def _checked(value: Any, name: str, place: Place, hint: str | None = None) -> Document:
    if isinstance(value, dict | list):
        return Document(value, name)
    kinds = {type(None): "null", str: "a text", bool: "a truth value"}
    message = f"A record is an object; this is {kinds.get(type(value), 'a number')}."
    return _broken(name, (Diagnostic(NOT_A_RECORD, message, place=place, hint=hint),))


def _broken(name: str, problems: Iterable[Diagnostic]) -> Document:
    return Document(None, name, tuple(problem.at(record=name) for problem in problems))


def gathered(rows: Iterable[Document], table: Any, name: str) -> Document:
    """A table of two columns as one record: the first says the property, the second its value. A property that stands
    several times holds a list. `table` names the columns (`containers.Csv`)."""
    tree: dict[str, Any] = {}
    problems: list[Diagnostic] = []
    notes: tuple[Diagnostic, ...] = ()
    for row in rows:
        notes += row.notes
        if row.problems:
            problems.extend(row.problems)
        elif set(row.value) != {table.name, table.value}:
            message = f"A table of properties has the columns '{table.name}' and '{table.value}'."
            return _broken(name, (Diagnostic(NOT_A_RECORD, message, place=Place(name, 1, 1)),))
        else:
            table.enter(tree, row.value[table.name], row.value[table.value])
    if problems or tree:
        return replace(_broken(name, problems) if problems else Document(tree, name), notes=notes)
    return _broken(name, (Diagnostic(EMPTY_FILE, "The file holds no property.", place=Place(name, 1, 1)),))


def write_jsonl(stream: IO[str], records: Iterable[Any]) -> int:
    """Write one record a line; returns how many. Raises RecordError for a value that JSON cannot say."""
    count = 0
    for record in records:
        stream.write(dumps(record) + "\n")
        count += 1
    return count


def write_json(stream: IO[str], value: Any, indent: int | None = 2) -> None:
    """Write one JSON document. Raises RecordError for a value that JSON cannot say; then nothing is written."""
    stream.write(dumps(value, indent) + "\n")
