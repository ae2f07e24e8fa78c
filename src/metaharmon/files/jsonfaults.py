"""What is wrong in a JSON text, and where.

The fast decoder says only that something is wrong. This scanner reads the text again, token by token and without
recursion, and gives every finding its line, column and path.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, field

from metaharmon.diagnostics import (
    BAD_CHARACTER,
    BAD_NUMBER,
    DUPLICATE_KEY,
    LIMIT,
    SYNTAX,
    Diagnostic,
    shown,
)
from metaharmon.files.jsonlimits import JsonLimits, exact_number
from metaharmon.files.textfile import place_at

MOST = 20
"""Findings of one text; after these the scan ends."""

_BLANK = re.compile(r"[ \t\r\n]*+")
_TEXT = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_WORD = re.compile(r"[^\s\[\]{},:\"]++")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NON_FINITE = {"NaN", "Infinity", "-Infinity", "+Infinity", "Inf", "-Inf", "nan", "inf"}


class _Stop(Exception):
    """The scan cannot go on."""


@dataclass(slots=True)
class _Open:
    """A list or object that is not closed yet."""

    bracket: str
    at: int
    keys: dict[str, int] = field(default_factory=dict)
    step: str | int | None = None


def faults(text: str, name: str, limits: JsonLimits, line: int = 1) -> list[Diagnostic]:
    """Every finding in a text that should be one JSON value; empty when nothing is wrong with it."""
    scan = _Scan(text, name, limits, line)
    with contextlib.suppress(_Stop):
        scan.run()
    return scan.found


class _Scan:
    def __init__(self, text: str, name: str, limits: JsonLimits, line: int):
        self.text, self.name, self.limits, self.line = text, name, limits, line
        self.at = 0
        self.open: list[_Open] = []
        self.found: list[Diagnostic] = []

    def run(self) -> None:
        """Read one value and the end of the text."""
        self.value()
        while self.open:
            self.after_value()
        self.blanks()
        if self.at < len(self.text):
            self.stop(
                SYNTAX,
                "There is more text after the end of the value.",
                hint="One JSON text holds one value; a file of one record a line is named .jsonl.",
            )

    def value(self) -> None:
        """One value, or the beginning of a list or object and its first value."""
        while True:
            self.blanks()
            char = self.text[self.at : self.at + 1]
            if char not in ("[", "{"):
                return self.scalar(char)
            if len(self.open) > self.limits.depth:
                self.stop(LIMIT, f"Lists and objects nest more than {self.limits.depth} levels deep.")
            self.open.append(_Open(char, self.at))
            self.at += 1
            if self.closes():
                return None
            if char == "{":
                self.key()
            else:
                self.open[-1].step = 0

    def after_value(self) -> None:
        """The comma and the next value, or the end of the list or object."""
        if self.closes():
            return
        top = self.open[-1]
        if self.text[self.at : self.at + 1] != ",":
            kind, end = ("list", "]") if top.bracket == "[" else ("object", "}")
            if self.at >= len(self.text):
                place = place_at(self.text, top.at, self.name, self.line)
                self.stop(
                    SYNTAX, f"The text ends inside a{'n' * (end == '}')} {kind} that began at {place.line}:{place.col}."
                )
            self.stop(SYNTAX, f"A ',' or '{end}' is expected here.")
        self.at += 1
        self.blanks()
        if self.text[self.at : self.at + 1] in ("]", "}"):
            self.stop(SYNTAX, "A value is missing after the ','.", hint="JSON allows no comma after the last entry.")
        if top.bracket == "{":
            self.key()
        else:
            top.step = int(top.step or 0) + 1
        self.value()

    def closes(self) -> bool:
        """Whether the innermost list or object ends here."""
        self.blanks()
        if self.text[self.at : self.at + 1] != {"[": "]", "{": "}"}[self.open[-1].bracket]:
            return False
        self.open.pop()
        self.at += 1
        return True

    def key(self) -> None:
        """A key and its colon."""
        self.blanks()
        start, top = self.at, self.open[-1]
        if self.text[start : start + 1] != '"':
            self.stop(SYNTAX, "A key in double quotes is expected here.")
        name = top.step = self.string()
        if name in top.keys:
            first = place_at(self.text, top.keys[name], self.name, self.line)
            self.say(DUPLICATE_KEY, f"The key {_short(name)} stands twice; first at {first.line}:{first.col}.", start)
        top.keys.setdefault(name, start)
        if len(top.keys) > self.limits.keys:
            self.stop(LIMIT, f"An object has more than {self.limits.keys:,} keys.", start)
        self.blanks()
        if self.text[self.at : self.at + 1] != ":":
            self.stop(SYNTAX, "A ':' is expected after the key.")
        self.at += 1

    def scalar(self, char: str) -> None:
        """A text, number or word."""
        start = self.at
        if char == '"':
            self.string()
        elif found := _NUMBER.match(self.text, start):
            self.number(found)
        elif found := _WORD.match(self.text, start):
            self.word(found[0])
        elif start >= len(self.text):
            self.stop(SYNTAX, "The text ends where a value is expected.")
        else:
            self.stop(SYNTAX, f"A value is expected here, not {shown(char)}.")

    def number(self, found: re.Match[str]) -> None:
        self.at = found.end()
        rest = _WORD.match(self.text, self.at)
        if rest:
            self.stop(SYNTAX, f"{_short(found[0] + rest[0])} is not a JSON number.", found.start())
        try:
            exact_number(found[0], self.limits.digits)
        except ValueError:
            message = f"The number {_short(found[0])} has more than {self.limits.digits:,} digits."
            self.say(BAD_NUMBER, message, found.start(), hint="Write it as a text.")

    def word(self, word: str) -> None:
        if word in _NON_FINITE:
            self.say(BAD_NUMBER, f"{word} is not a JSON number.", self.at, hint="Leave the member out, or write null.")
        elif word not in ("true", "false", "null"):
            hint = "JSON texts stand in double quotes; the words are true, false and null."
            self.stop(SYNTAX, f"{_short(word)} is not a JSON value.", hint=hint)
        self.at += len(word)

    def string(self) -> str:
        """The text that begins here; `at` moves behind it."""
        start, found = self.at, _TEXT.match(self.text, self.at)
        end = found.end() if found else start + 1
        char = self.text[end : end + 1]
        if char == "":
            self.stop(SYNTAX, "The text in quotes that begins here has no end.", start)
        if char == "\\":
            self.stop(SYNTAX, 'After a backslash stands one of " \\ / b f n r t, or u and four digits 0-9 a-f.', end)
        if char != '"':
            self.stop(
                BAD_CHARACTER,
                f"A control character (U+{ord(char):04X}) stands inside a text.",
                end,
                hint=f"Write it as \\u{ord(char):04x}; a line break is \\n.",
            )
        self.at = end + 1
        value: str = json.loads(self.text[start : end + 1])
        if len(value) > self.limits.string:
            self.say(LIMIT, f"A text is longer than {self.limits.string:,} characters.", start)
        if lone := _SURROGATE.search(value):
            self.say(
                BAD_CHARACTER, f"A text holds a lone surrogate (U+{ord(lone[0]):04X}), which is not a character.", start
            )
        return value

    def blanks(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def path(self) -> str:
        """The record path of the value that is being read."""
        return ".".join(str(part.step) for part in self.open if part.step is not None) or "."

    def say(self, code: str, message: str, at: int, hint: str | None = None) -> None:
        """Note a finding, and go on unless there are enough."""
        place = place_at(self.text, at, self.name, self.line, length=1)
        self.found.append(Diagnostic(code, message, place=place, path=self.path(), hint=hint))
        if len(self.found) >= MOST:
            raise _Stop

    def stop(self, code: str, message: str, at: int | None = None, hint: str | None = None) -> None:
        """Note a finding after which the text cannot be read on."""
        self.say(code, message, self.at if at is None else at, hint)
        raise _Stop


def _short(text: str) -> str:
    """A text of the file, quoted and cut, safe to show."""
    return shown(text if len(text) <= 40 else f"{text[:37]}...")
