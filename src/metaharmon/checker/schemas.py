"""The JSON Schemas of a dialect against the meta-schema of the draft that they name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Place
from metaharmon.files.jsonplaces import place_of_value
from metaharmon.mapping.grammar import Report

NEWEST = "https://json-schema.org/draft/2020-12/schema"
"""The draft of a schema that names none."""
MOST = 20
"""Findings of one schema."""
MOST_MIXED = 1_000
"""Entries of a list of values that cannot be sorted; each is compared with all others, as they have to differ."""
LONGEST = 200
"""Characters of a sentence of the validator."""


class SchemaFile(NamedTuple):
    """A schema that was read: its file, and its text."""

    file: str
    text: str


def check_schemas(schemas: Iterable[SchemaFile], report: Report) -> None:
    """Note what a meta-schema does not allow, with the line and column of it; once, where it has been said."""
    said = {finding.place for finding in report}
    for one in schemas:
        report.extend(finding for finding in _faults(one) if finding.place not in said)


@lru_cache(64)
def _faults(schema: SchemaFile) -> tuple[Diagnostic, ...]:
    """The findings of one schema. Many mappings build on the same."""
    from jsonschema.validators import validator_for  # a fifth of a second, and only the checker needs it

    said = json.loads(schema.text)  # it has been read, strictly
    named = said.get("$schema", NEWEST)
    draft = validator_for({"$schema": named if isinstance(named, str) else NEWEST}, default=None)
    if draft is None:
        place = place_of_value(schema.text, ("$schema",), schema.file)
        hint = "drafts that are known end in draft-04, draft-06, draft-07, 2019-09 and 2020-12; nothing is fetched"
        message = f"no draft of JSON Schema is known as {dx.shown(named)}"
        return (Diagnostic(dx.BAD_SCHEMA, message, place, hint=hint),)
    if (path := _mixed(said)) is not None:
        message = f"a list has more than {MOST_MIXED:,} entries of several kinds"
        return (Diagnostic(dx.LIMIT, message, place_of_value(schema.text, path, schema.file)),)
    validator = validator_for(draft.META_SCHEMA)(draft.META_SCHEMA)
    found: dict[Diagnostic, None] = {}
    try:
        for error in validator.iter_errors(said):
            found[_finding(error, schema)] = None
            if len(found) >= MOST:
                break
    except RecursionError:
        return (Diagnostic(dx.LIMIT, "the schema nests too deep to be checked", Place(schema.file, 1, 1)),)
    return tuple(found)


def _finding(error: Any, schema: SchemaFile) -> Diagnostic:
    path = tuple(error.absolute_path)
    word = next((repr(step) for step in reversed(path) if isinstance(step, str)), "the schema")
    text = error.message if len(error.message) <= LONGEST else f"{error.message[: LONGEST - 1]}…"
    message = f"{word} is not as the meta-schema says: {text}"
    return Diagnostic(dx.BAD_SCHEMA, message, place_of_value(schema.text, path, schema.file))


def _mixed(schema: Any) -> tuple[str | int, ...] | None:
    """Where a long list stands whose entries are not all texts."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), schema)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, list) and len(node) > MOST_MIXED and not all(isinstance(one, str) for one in node):
            return path
        members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        waiting.extend(((*path, step), below) for step, below in members if isinstance(below, dict | list))
    return None
