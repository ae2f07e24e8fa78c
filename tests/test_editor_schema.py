"""The editor schema: generated from the words of the language, valid, and right about what is shipped."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
import yaml

import shipped
from metaharmon.mapping import syntax
from metaharmon.mapping.editor_schema import FILE_NAME, editor_schema, schema_text
from metaharmon.mapping.grammar import words_of

PATH = shipped.ROOT / "schemas" / FILE_NAME
SCHEMA = editor_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
FILES = sorted(shipped.MAPPINGS.glob("*.yaml"))
DEMO = shipped.ROOT / "tests" / "fixtures" / "demo" / "demo.yaml"

FAULTS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "an unknown word": (("felds",), {}),
    "an unknown word of a rule": (("fields", "title"), {"feld": "name"}),
    "an unknown word of a lens": (("fields", "title"), {"field": "name", "number": {"digit": "2"}}),
    "digits that are no number": (("fields", "title"), {"field": "name", "number": {"digits": "two"}}),
    "a flag that is none": (("abstract",), "perhaps"),
    "an unknown policy": (("defaults", "unmapped"), "guess"),
    "an unknown evidence": (("evidence", "status"), "guessed"),
    "an unknown base of K": (("defaults", "bytes"), "1023"),
    "an unknown way of many": (("fields", "title"), {"field": "name", "many": "some"}),
    "fields as a list": (("fields",), ["title"]),
    "a table as a text": (("codes", "freq"), "daily"),
    "a reason as a list": (("kept", "note"), ["because"]),
    "a title as a text": (("title",), "Demo"),
    "no dialect": (("dialect",), None),
}


def demo() -> dict[str, Any]:
    return yaml.load(DEMO.read_text("utf-8"), yaml.BaseLoader)


def test_the_file_is_what_is_generated() -> None:
    assert PATH.read_text("utf-8") == schema_text(), "run python -m metaharmon.mapping.editor_schema"


def test_it_is_valid_draft_07() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(SCHEMA)
    named = {part.split('"')[0] for part in text.split("#/definitions/")[1:]}
    assert named <= set(SCHEMA["definitions"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("loader", [yaml.BaseLoader, yaml.SafeLoader], ids=["texts", "typed"])
def test_it_accepts_what_is_shipped(path: Any, loader: Any) -> None:
    """As texts, and typed as an editor types them (dates apart, which JSON does not have)."""
    value = yaml.load(path.read_text("utf-8"), loader)
    value = json.loads(json.dumps(value, default=str))
    assert [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in VALIDATOR.iter_errors(value)] == []


@pytest.mark.parametrize("name", FAULTS)
def test_it_rejects(name: str) -> None:
    value = demo()
    assert not list(VALIDATOR.iter_errors(value))
    (*way, last), wrong = FAULTS[name]
    here = value
    for key in way:
        here = here[key]
    if wrong is None:
        del here[last]
    else:
        here[last] = copy.deepcopy(wrong)
    assert list(VALIDATOR.iter_errors(value))


@pytest.mark.parametrize("construct", [syntax.File, *syntax.CONSTRUCTS], ids=lambda one: one.__name__)
def test_every_word_is_described(construct: type) -> None:
    definition = SCHEMA["definitions"][construct.__name__]
    assert definition["description"]
    assert list(definition["properties"]) == list(words_of(construct))
    assert all(word["description"] for word in definition["properties"].values())
