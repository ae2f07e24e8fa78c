"""The parser's events, one after another: libyaml's parser where it is built in, else PyYAML's pure one.

The pure scanner differs from libyaml's in plain scalars and tabs (YAML 1.2, 6.2 and 7.3.3); what is needed here to
read the same text the same way is scanned anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from yaml.error import Mark, MarkedYAMLError
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import ScalarToken

from metaharmon.diagnostics import MappingError
from metaharmon.yamltext.sentences import plain

try:
    from yaml.cyaml import CParser
except ImportError:
    CParser = None

_BLOCK_CHUNK = re.compile(r"(?:[^\0 \t\r\n:]|:(?![\0 \t\r\n]))++")
_FLOW_CHUNK = re.compile(r"(?:[^\0 \t\r\n:,\[\]{}]|:(?![\0 \t\r\n,?\[\]{}]))++")
_BLANKS = re.compile(r"[ \t]*+")
_BREAK = re.compile(r"\r\n|\r|\n")
_TAB_FIRST = re.compile(r"[|>][-+]?(?: [^\r\n]*)?(?:\r?\n *+)++\t")
_MARKER = re.compile(r"(?:---|\.\.\.)[\0 \t\r\n]")


class PureParser(Reader, Scanner, Parser):  # type: ignore[misc]
    """PyYAML's pure parser, with the plain scalars and tabs of libyaml. The whole text is in `buffer`."""

    def __init__(self, text: str):
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skip blanks, comments and line breaks; tabs too, except where they would indent a block."""
        while True:
            while self.peek() == " " or (self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0\r\n":
                    self.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        """A plain scalar: chunks without blanks, and the blanks and folded line breaks between them."""
        start = end = self.get_mark()
        parts: list[str] = []
        gap, chunk = "", _FLOW_CHUNK if self.flow_level else _BLOCK_CHUNK
        while self.peek() != "#" and not (self.column == 0 and _MARKER.match(self.buffer, self.pointer)):
            found = chunk.match(self.buffer, self.pointer)
            if found:
                self.allow_simple_key = False
                parts += (gap, found[0])
                self.forward(len(found[0]))
                end = self.get_mark()
            if self.flow_level and self.peek() == ":" and self.peek(1) in ",?[]{}":
                raise ScannerError("while scanning a plain scalar", start, "found unexpected ':'", self.get_mark())
            if not found:
                break
            gap = self._gap(start)
            if not gap or (not self.flow_level and self.column < self.indent + 1):
                break
        return ScalarToken("".join(parts), True, start, end)

    def _gap(self, start: Any) -> str:
        """Blanks as they are, or line breaks folded: one is a blank, each further one a line break."""
        found = _BLANKS.match(self.buffer, self.pointer)
        blanks = found[0] if found else ""
        self.forward(len(blanks))
        breaks = 0
        while _BREAK.match(self.buffer, self.pointer):
            self.scan_line_break()
            breaks += 1
            self.allow_simple_key = True
            while self.peek() in " \t":
                if self.peek() == "\t" and self.column < self.indent + 1 and not self.flow_level:
                    problem = "found a tab character that violates indentation"
                    raise ScannerError("while scanning a plain scalar", start, problem, self.get_mark())
                self.forward()
        return blanks if not breaks else " " if breaks == 1 else "\n" * (breaks - 1)

    def scan_block_scalar(self, style: str) -> ScalarToken:
        """A block scalar; its first text may not be indented by a tab, as its depth could not be told."""
        start = self.get_mark()
        token = super().scan_block_scalar(style)
        if found := _TAB_FIRST.match(self.buffer, start.index):
            mark = Mark("", found.end() - 1, start.line + found[0].count("\n"), 0, None, 0)
            mark.column = found.end() - 1 - (self.buffer.rfind("\n", 0, found.end()) + 1)
            problem = "found a tab character where an indentation space is expected"
            raise ScannerError("while scanning a block scalar", start, problem, mark)
        return token

    def scan_flow_scalar(self, style: str) -> ScalarToken:
        """A quoted scalar; an escape beyond Unicode is an error of the text, not of the program."""
        start = self.get_mark()
        try:
            return super().scan_flow_scalar(style)
        except (ValueError, OverflowError):
            problem = "found invalid Unicode character escape code"
            raise ScannerError("while scanning a quoted scalar", start, problem, self.get_mark()) from None


PARSER: Any = CParser or PureParser
"""The parser that is used. Both give the same values and findings."""


def events(text: str, file: str) -> Iterator[Any]:
    """The events of a YAML stream. Raises MappingError with one plain sentence where the text is not YAML."""
    given = 0
    try:
        for event in _events(PARSER, text):
            given += 1
            yield event
    except MarkedYAMLError as trouble:
        if PARSER is PureParser or "nesting depth" not in str(trouble.problem):
            raise MappingError([plain(trouble, text, file)]) from None
        yield from _pure_events(text, file, given)


def _events(parser_class: Any, text: str) -> Iterator[Any]:
    parser = parser_class(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _pure_events(text: str, file: str, given: int) -> Iterator[Any]:
    """The events after the first `given`: a newer libyaml looks ahead and refuses deep nesting before it gives
    the events above it, and the place at which our own limit is passed would not be told."""
    try:
        yield from islice(_events(PureParser, text), given, None)
    except MarkedYAMLError as trouble:
        raise MappingError([plain(trouble, text, file)]) from None
