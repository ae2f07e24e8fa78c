"""Where a value stands in a JSON text that has been read: line and column by the keys and positions that lead to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from json.decoder import scanstring

from metaharmon.diagnostics import Place
from metaharmon.files.textfile import place_at

_BLANK = re.compile(r"[ \t\r\n]*+")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # a number of many digits is only passed over


def place_of_value(text: str, path: Sequence[str | int], file: str) -> Place:
    """The place of the value at a path of a text that is JSON; of a path that leads on from there, of the last value
    that is there."""
    at = _after_blanks(text, 0)
    for step in path:
        found = next((start for name, start in _members(text, at) if name == step), None)
        if found is None:
            break
        at = found
    return place_at(text, at, file, length=1)


def _members(text: str, at: int) -> Iterator[tuple[str | int, int]]:
    """The keys or positions of the object or list that begins at an index, each with where its value begins."""
    opening, count = text[at : at + 1], 0
    at = _after_blanks(text, at + 1)
    while opening in ("{", "[") and text[at : at + 1] not in ("}", "]"):
        name: str | int = count
        if opening == "{":
            name, at = scanstring(text, at + 1, True)
            at = _after_blanks(text, _after_blanks(text, at) + 1)
        yield name, at
        count += 1
        at = _after_blanks(text, _DECODER.raw_decode(text, at)[1])
        at = _after_blanks(text, at + 1) if text[at : at + 1] == "," else at


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
