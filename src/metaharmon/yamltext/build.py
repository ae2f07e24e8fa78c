"""From the parser's events to values, in one pass, with every limit checked as the events come."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from metaharmon.diagnostics import (
    BAD_CHARACTER,
    DUPLICATE_KEY,
    EMPTY_FILE,
    FORBIDDEN_YAML,
    LIMIT,
    SYNTAX,
    Diagnostic,
    MappingError,
    Place,
    shown,
)
from metaharmon.files.textfile import BOM, decode, no_surrogates, place_at, read_bytes, refuse
from metaharmon.yamltext.events import events
from metaharmon.yamltext.sentences import BLOCK_HEADER, NO_CHARACTER, WRITE_IT, end_of
from metaharmon.yamltext.values import Node, YList, YMap, YText


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a YAML text may be: bytes of the file, depth of lists and maps (the outermost is 1), nodes
    (scalars with keys, lists, maps) and documents of the file, characters of one scalar. With `aliases` an alias is
    read as the value of its anchor again, and its nodes count again; else anchors are refused."""

    bytes: int = 1 << 20
    depth: int = 32
    nodes: int = 100_000
    scalar: int = 64 * 1024
    documents: int = 1
    aliases: bool = False


LIMITS = Limits()
MOST = 20
"""Findings of one text; after these the reading ends."""

# U+0085, U+2028 and U+2029 were line breaks in YAML 1.1 and are none in 1.2 (5.4): refused rather than guessed
_BAD_RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|\\A\ufeff")
_ODD_HEADER = re.compile(r"[|>][-+0-9]*(?: *\t|#)")
_BAD_VALUE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def parse(text: str | bytes, file: str, limits: Limits = LIMITS) -> Node:
    """The value of a YAML text of one document. Raises MappingError with every finding, each with a place."""
    nodes: list[Node] = []
    problems: list[Diagnostic] = []
    try:
        for node, more in documents(text, file, limits):
            nodes.append(node)
            problems += more
    except MappingError as error:
        raise MappingError([*problems, *error.diagnostics]) from None
    if problems:
        raise MappingError(problems)
    if not nodes:
        refuse(MappingError, EMPTY_FILE, "The file holds no value.", Place(file, 1, 1))
    return nodes[0]


def read_file(path: str | os.PathLike[str], limits: Limits = LIMITS, inside: Sequence[Path] = ()) -> Node:
    """The value of a YAML file of one document; `inside`: folders of which it has to stand in one, links followed.

    Raises MappingError, also when the file cannot be read.
    """
    return parse(read_bytes(path, limits.bytes, MappingError, inside), os.fspath(path), limits)


def documents(
    text: str | bytes, file: str, limits: Limits = LIMITS, encoding: str = "utf-8"
) -> Iterator[tuple[Node, list[Diagnostic]]]:
    """The documents of a YAML stream, each with its findings; a document that has findings is not to be used.

    Raises MappingError where the text cannot be read on.
    """
    plain = _checked(text, file, limits, encoding)
    builder = _Builder(plain, file, limits)
    for event in events(plain, file):
        kind = type(event).__name__
        if kind == "DocumentEndEvent":
            yield builder.finish()
        else:
            _ACTIONS[kind](builder, event)


def _checked(text: str | bytes, file: str, limits: Limits, encoding: str) -> str:
    """The text without byte order mark, of allowed size and characters."""
    if isinstance(text, str):
        no_surrogates(text, file, MappingError)
        size, plain = len(text.encode()), text.removeprefix(BOM)
    else:
        size, plain = len(text), decode(bytes(text), file, MappingError, encoding)
    if size > limits.bytes:
        refuse(MappingError, LIMIT, f"The file is larger than {limits.bytes:,} bytes.", Place(file, 1, 1))
    if found := _BAD_RAW.search(plain):
        refuse(
            MappingError,
            BAD_CHARACTER,
            f"The control character U+{ord(found[0]):04X} may not stand in a file.",
            place_at(plain, found.start(), file, length=1),
            "Write it as an escape in double quotes, or remove it.",
        )
    return plain


@dataclass(slots=True)
class _Open:
    """A list or map that is not closed yet; `key` waits for its value."""

    node: YList | YMap
    flow: bool
    start: Any
    end: tuple[int, int]
    before: int
    """How many nodes there were before it."""
    anchor: str | None = None
    deepest: int = 0
    """How many lists and maps stand in each other inside it."""
    key: YText | None = None


class _Anchored(NamedTuple):
    """A value that an alias may name: with all that its own aliases stand for, and how deep it nests."""

    node: Node
    nodes: int
    depth: int


class _Builder:
    """Builds one document after another."""

    def __init__(self, text: str, file: str, limits: Limits):
        self.text, self.file, self.limits = text, file, limits
        self.last = end_of(text)
        self.open: list[_Open] = []
        self.nodes = self.documents = 0
        self.root: Node | None = None
        self.problems: list[Diagnostic] = []
        self.anchors: dict[str, _Anchored] = {}

    def finish(self) -> tuple[Node, list[Diagnostic]]:
        """The document that has ended."""
        assert self.root is not None  # the parser gives every document a node
        done = self.root, self.problems
        self.root, self.problems = None, []
        return done

    def start_document(self, event: Any) -> None:
        self.documents += 1
        self.anchors = {}
        if self.documents > self.limits.documents:
            allowed = "one document" if self.limits.documents == 1 else f"{self.limits.documents:,} documents"
            message = f"A file holds {allowed}; here begins one more."
            raise MappingError([*self.problems, Diagnostic(FORBIDDEN_YAML, message, place=self.place(event))])
        if self.text[event.start_mark.index : event.start_mark.index + 1] == "%":
            self.say(FORBIDDEN_YAML, "Directives (%YAML, %TAG) are not allowed.", self.place(event))

    def start_collection(self, event: Any) -> None:
        self.count(event)
        if len(self.open) >= self.limits.depth:
            self.stop(f"Lists and maps nest more than {self.limits.depth} levels deep.", event)
        node = YMap() if type(event).__name__ == "MappingStartEvent" else YList()
        end = event.end_mark.line, event.end_mark.column
        self.open.append(_Open(node, bool(event.flow_style), event.start_mark, end, self.nodes - 1, event.anchor))
        self.anchors.pop(event.anchor, None)  # inside it, an older value of that name is not meant

    def end_collection(self, event: Any) -> None:
        top = self.open.pop()
        # the parser ends a block where the next token begins; here it ends with its last value
        end = (event.end_mark.line, event.end_mark.column) if top.flow else top.end
        top.node.place = Place(self.file, top.start.line + 1, top.start.column + 1, end[0] + 1, end[1] + 1)
        if top.anchor is not None:
            self.anchors[top.anchor] = _Anchored(top.node, self.nodes - top.before, top.deepest + 1)
        self.attach(top.node, top.node.place, top.deepest + 1)

    def scalar(self, event: Any) -> None:
        self.count(event)
        if len(event.value) > self.limits.scalar:
            self.stop(f"A text is longer than {self.limits.scalar:,} characters.", event)
        quoted = bool(event.style)
        node = YText(event.value, self.place(event), quoted)
        if event.style == '"':
            self.check_escapes(node)
        elif quoted and (odd := _ODD_HEADER.match(self.text, event.start_mark.index)):
            # libyaml reads on here and drops what follows; YAML 1.2 (8.1.1) does not allow it
            place = place_at(self.text, odd.end() - 1, self.file)
            raise MappingError([*self.problems, Diagnostic(SYNTAX, BLOCK_HEADER, place=place)])
        if not (quoted or node) and self.open and self.open[-1].key is not None:
            # an empty value stands right after its key; the two parsers put it elsewhere
            line, col = self.open[-1].key.place.end_line, self.open[-1].key.place.end_col
            node.place = Place(self.file, line, col, line, col)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(node, 1, 0)
        self.attach(node, node.place)

    def check_escapes(self, node: YText) -> None:
        found = _BAD_VALUE.search(node)
        if found and "\ud800" <= found[0] <= "\udfff":
            self.say(BAD_CHARACTER, NO_CHARACTER, node.place, WRITE_IT)
        elif found:
            self.say(BAD_CHARACTER, f"An escape makes U+{ord(found[0]):04X}, which a text may not hold.", node.place)

    def alias(self, event: Any) -> None:
        self.count(event)
        place = self.place(event)
        found = self.anchors.get(event.anchor)
        if not self.limits.aliases:
            self.say(FORBIDDEN_YAML, "Aliases (*name) are not allowed.", place, "Write the value again.")
        elif found is None:
            message = f"The alias *{event.anchor} names no value that ends before it."
            self.say(FORBIDDEN_YAML, message, place, f"Put &{event.anchor} before the value that is meant.")
        else:
            self.nodes += found.nodes - 1
            self.check_nodes(event)
            if len(self.open) + found.depth > self.limits.depth:
                self.stop(f"Lists and maps nest more than {self.limits.depth} levels deep.", event)
        node, depth = (YText("", place), 0) if found is None else (found.node, found.depth)
        self.attach(node, place, depth)

    def attach(self, node: Node, place: Place, depth: int = 0) -> None:
        """Give a finished node, which stands at a place and nests so deep, to the list or map around it."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        top.end = place.end_line - 1, place.end_col - 1
        top.deepest = max(top.deepest, depth)
        if isinstance(top.node, YList):
            top.node.append(node)
        elif top.key is None:
            top.key = self.key(node, place, top.node)
        else:
            top.node[top.key] = node
            top.key = None

    def key(self, node: Node, place: Place, owner: YMap) -> YText:
        """The node as a key: a text, not there yet, no merge key."""
        if not isinstance(node, YText):
            self.say(
                FORBIDDEN_YAML,
                "A key is a text; here a list or map stands as a key.",
                place,
                "Quote a text that begins with '[' or '{'.",
            )
            return YText("", place)
        if node == "<<" and not node.quoted:
            self.say(FORBIDDEN_YAML, "Merge keys (<<) are not allowed.", place, "Write the members again.")
        elif node in owner:
            first = owner.key(node).place
            self.say(
                DUPLICATE_KEY,
                f"The key {_short(node)} stands twice; first at {first.line}:{first.col}.",
                place,
                "Keep one of them.",
            )
        return node

    def count(self, event: Any) -> None:
        """Count a node; refuse its anchor, unless aliases are read, and its tag."""
        self.nodes += 1
        self.check_nodes(event)
        if event.anchor is not None and type(event).__name__ != "AliasEvent" and not self.limits.aliases:
            self.say(FORBIDDEN_YAML, "Anchors (&name) are not allowed.", self.place(event), "Remove it.")
        if getattr(event, "tag", None) is not None:
            self.say(
                FORBIDDEN_YAML, "Tags (!name) are not allowed.", self.place(event), "Quote a text that begins with '!'."
            )

    def check_nodes(self, event: Any) -> None:
        if self.nodes > self.limits.nodes:
            self.stop(f"The file has more than {self.limits.nodes:,} values.", event)

    def place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        if end.line > self.last[0]:
            (line, col), (end_line, end_col) = min((start.line, start.column), self.last), self.last
            return Place(self.file, line + 1, col + 1, end_line + 1, end_col + 1)
        return Place(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def say(self, code: str, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(Diagnostic(code, message, place=place, hint=hint))
        if len(self.problems) >= MOST:
            raise MappingError(self.problems)

    def stop(self, message: str, event: Any) -> NoReturn:
        raise MappingError([*self.problems, Diagnostic(LIMIT, message, place=self.place(event))])


def _short(text: str) -> str:
    return shown(text if len(text) <= 40 else f"{text[:37]}...")


_ACTIONS = {
    "StreamStartEvent": lambda builder, event: None,
    "StreamEndEvent": lambda builder, event: None,
    "DocumentStartEvent": _Builder.start_document,
    "MappingStartEvent": _Builder.start_collection,
    "SequenceStartEvent": _Builder.start_collection,
    "MappingEndEvent": _Builder.end_collection,
    "SequenceEndEvent": _Builder.end_collection,
    "ScalarEvent": _Builder.scalar,
    "AliasEvent": _Builder.alias,
}
