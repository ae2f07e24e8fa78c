"""Plain sentences for what a YAML parser says, the same for libyaml and the pure parser."""

from __future__ import annotations

import re
from typing import Any

from metaharmon.diagnostics import BAD_CHARACTER, FORBIDDEN_YAML, SYNTAX, Diagnostic, Place
from metaharmon.files.textfile import place_at

_INDENT = "The indentation does not match the lines above."
BLOCK_HEADER = "After '|' or '>' only '+', '-', a digit from 1 to 9 or a comment may stand on the line."
_ESCAPE = "Use single quotes to keep backslashes as they are."

# a part of the parser's sentence (libyaml's, the pure parser's), ours, and a hint
_SENTENCES: tuple[tuple[tuple[str, ...], str, str | None], ...] = (
    (("cannot start any token",), "This character cannot begin a value.", "Put the value in quotes."),
    (
        ("mapping values are not allowed",),
        "A ':' stands where no key can be.",
        "Quote a value that holds ': ', or mend the indentation.",
    ),
    (("entries are not allowed",), "A list entry '-' cannot stand here.", "Begin the list on its own line."),
    (("mapping keys are not allowed",), "A key '?' cannot stand here.", None),
    (
        ("could not find expected ':'",),
        "This line has no ': ' where a key and its value are expected.",
        "Write `key: value`, with a blank after the colon; a key has at most 1,024 characters.",
    ),
    (("found unexpected ':'",), "A ':' inside [ ] or { } needs a blank after it.", "Or put the value in quotes."),
    (("unexpected end of stream",), "The quoted text that begins here has no end.", "Close the quotes."),
    (("unexpected document",), "The quoted text that begins here runs into '---' or '...'.", "Close the quotes."),
    (("unknown escape",), "The text that begins here holds an escape that YAML does not know.", _ESCAPE),
    (("hexdecimal", "hexadecimal"), "An escape lacks hexadecimal digits.", _ESCAPE),
    (("tab character",), "A tab stands in the indentation.", "Indent with blanks."),
    (("indentation indicator", "comment or line break", "comment or a line break"), BLOCK_HEADER, None),
    (("document start>",), "There is more text after the end of the value.", None),
    (("expected node content", "expected the node content"), "A value is expected here.", None),
    (("',' or ']'",), "A list in [ ] is not closed, or a ',' is missing.", None),
    (("',' or '}'",), "A map in { } is not closed, or a ',' is missing.", "Quote a text that begins with '{'."),
    (("expected key", "'-' indicator", "<block end>", "unclosed '['"), _INDENT, None),
)
_FORBIDDEN = (
    (("directive", "YAML document"), "Directives (%YAML, %TAG) are not allowed."),
    (("alias",), "Aliases (*name) are not allowed."),
    (("anchor",), "Anchors (&name) are not allowed."),
    (("tag",), "Tags (!name) are not allowed."),
)
_WHERE_IT_BEGAN = ("end of stream", "unexpected document", "could not find expected ':'", "unknown escape")
NO_CHARACTER = "An escape in this text names a surrogate or no character at all."
WRITE_IT = "Write the character itself."
_WIDE_COLON = re.compile(r"\w\s*：")


def colon_hint(text: str) -> str | None:
    """A hint when a text holds the full-width colon U+FF1A where `: ` was perhaps meant; YAML sees no key there."""
    if _WIDE_COLON.search(text) is None:
        return None
    return "The full-width colon '：' makes no key; write ': ' (a colon and a blank)."


def plain(trouble: Any, text: str, file: str) -> Diagnostic:
    """The finding for an error of PyYAML's scanner or parser (its context, problem and marks are read)."""
    context, problem = trouble.context or "", trouble.problem or ""
    mark, begin = trouble.problem_mark or trouble.context_mark, trouble.context_mark
    said = f"{context} {problem}".split(", but ")[0]  # what the pure parser found instead is no cause
    for words, sentence in _FORBIDDEN:
        if any(word in said for word in words):
            return _at(FORBIDDEN_YAML, sentence, begin or mark, text, file)
    if "invalid Unicode" in problem:
        return _at(BAD_CHARACTER, NO_CHARACTER, begin, text, file, WRITE_IT)
    if any(word in problem for word in _WHERE_IT_BEGAN):
        mark = begin or mark
    if _is_tab(mark, text) and ("any token" in problem or "tab" in problem):
        return _at(SYNTAX, "A tab stands in the indentation.", mark, text, file, "Indent with blanks.")
    for words, sentence, hint in _SENTENCES:
        if any(word in problem for word in words):
            return _at(SYNTAX, sentence, mark, text, file, _line_hint(mark, begin, text) or hint)
    return _at(SYNTAX, f"This is not well-formed YAML ({problem}).", mark, text, file)


def end_of(text: str) -> tuple[int, int]:
    """Line and column (from 0) of the end of a text: libyaml goes one line further when it lacks a line break."""
    place = place_at(text.replace("\r\n", " \n").replace("\r", "\n"), len(text), "")
    return place.line - 1, place.col - 1


def _at(code: str, message: str, mark: Any, text: str, file: str, hint: str | None = None) -> Diagnostic:
    line, col = min((mark.line, mark.column), end_of(text)) if mark else (0, 0)
    line, col = line + 1, col + 1
    return Diagnostic(code, message, place=Place(file, line, col, line, col), hint=hint)


def _is_tab(mark: Any, text: str) -> bool:
    return bool(mark) and text[mark.index : mark.index + 1] == "\t"


def _line_hint(mark: Any, begin: Any, text: str) -> str | None:
    """A full-width colon or tab on the line of the mark, or where the parser began."""
    for where in (begin, mark):
        if where:
            start = text.rfind("\n", 0, where.index) + 1
            line = text[start:].split("\n", 1)[0][:1000]
            if "\t" in line[: len(line) - len(line.lstrip())]:
                return "Indent with blanks, not with tabs."
            if hint := colon_hint(line):
                return hint
    return None
