"""Mapping files and schemas in which one value was replaced by another form: what strangers send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import metaharmon as mh
import shipped
from metaharmon import interpreter
from metaharmon.checker import check_file
from metaharmon.diagnostics import KINDS, MappingError
from metaharmon.dialect.translation import Translator
from metaharmon.mapping.grammar import words_of
from metaharmon.mapping.syntax import CONSTRUCTS, File

LONG = "x" * 70_000
VALUES = {
    "null": "null", "zero": "0", "negative": "-1", "huge": "1e400", "empty text": '""', "list": "[]", "map": "{}",
    "a list of all": "[a, [b], {c: d}, null]", "a map of all": "{a: [b], c: {d: e}, 1: null}", "long": LONG,
    "text": "'a.b[c=d].{e}'", "date": "2026-01-02", "alias": "*x", "anchor": "&x y", "twice": "{a: 1, a: 2}",
    "brackets": "'[{(('", "a list of one": "[a]", "true": "true", "percent": "'%'", "dot": "'.'", "up": "'^'",
    "pattern": "'a{b}c{d:e}'", "many": "[a, b, c, d]",
    "every": "'a[].b[]'", "match": "'a[b=c]'", "lang": "'{lang}'", "level": "'{x}'", "first": "'a[first].b'",
    "around": "'^.a'",
}  # fmt: skip
"""What is put in the place of a value, as YAML."""
WORDS = frozenset(word for construct in (File, *CONSTRUCTS) for word in words_of(construct))


@dataclass(frozen=True)
class Spot:
    """A value or a key (`word:`) in a YAML text: by which words it is reached (`*` for names that are not of the
    language), and where."""

    words: tuple[str, ...]
    start: int
    end: int
    block: bool

    def replaced(self, text: str, value: str) -> str:
        """The text with another value there."""
        tail = "\n" if self.block and text[self.start : self.end].strip(" ") else ""
        return f"{text[: self.start]}{value}{tail}{text[self.end :]}"


def spots(text: str) -> Iterator[Spot]:
    """Every key and value of a mapping, outermost first."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), yaml.compose(text, yaml.BaseLoader))]
    while waiting:
        words, node = waiting.pop(0)
        block = not isinstance(node, yaml.ScalarNode) and not node.flow_style
        if words:
            yield Spot(words, node.start_mark.index, node.end_mark.index, block)
        if isinstance(node, yaml.MappingNode):
            for key, below in node.value:
                name = key.value if key.value in WORDS else "*"
                yield Spot((*words, f"{name}:"), key.start_mark.index, key.end_mark.index, False)
                waiting.append(((*words, name), below))
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(((*words, "-"), below) for below in node.value)


def places_in(schema: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and entry of a schema: what it stands in, and by what."""
    waiting = [schema]
    while waiting:
        node = waiting.pop(0)
        for step in node if isinstance(node, dict) else range(len(node)):
            yield node, step
            if isinstance(node[step], dict | list):
                waiting.append(node[step])


def outcome(path: Path, record: Any = None) -> str:
    """What becomes of a mapping file in every verb: `loaded`, or `refused`. Raises AssertionError where a finding has
    no code and place, or says that metaharmon is at fault; and whatever else is raised."""
    found = check_file(path, shipped.find, interpreter)
    for one in found:
        assert one.code in KINDS and one.place is not None and one.place.line > 0, one
        assert "fault of metaharmon" not in one.message, one
    try:
        dialect = mh.Registry().load(path)
    except MappingError as error:
        assert error.diagnostics and any(one.severity == "error" for one in error.diagnostics)
        for one in error.diagnostics:
            assert one.code in KINDS and one.place is not None and one.place.line > 0, one
        return "refused"
    for given in ({"name": "n", "id": "1"}, record):
        if given is not None:
            done = Translator(dialect, dialect)(given)
            if done.record is not None:
                Translator(dialect, dialect).explain(given)
            dialect.reading(given, explain=True)
    return "loaded"


def schema_text(value: Any) -> str:
    """A schema as JSON text; a value that JSON has no text for stands as it is written."""
    return json.dumps(value, ensure_ascii=False, indent=1)
