"""What a dialect's schema requires is told at every depth of the written record, and only of what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import metaharmon as mh
from metaharmon import interpreter
from metaharmon.diagnostics import REQUIRED_MISSING
from metaharmon.mapping.needs import Lack, needs

SCHEMA = {
    "type": "object",
    "required": ["id", "info"],
    "properties": {
        "id": {"type": "string"},
        "info": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}},
        "owner": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "files": {"type": "array", "items": {"$ref": "#/$defs/file"}},
        "ports": {"type": "object", "additionalProperties": {"type": "object", "required": ["kind"]}},
    },
    "$defs": {
        "file": {
            "type": "object",
            "required": ["path"],
            "properties": {
                "path": {"type": "string"},
                "kind": {"type": "string"},
                "zip": {"type": "string"},
                "files": {"type": "array", "items": {"$ref": "#/$defs/file"}},
            },
            "if": {"properties": {"kind": {"enum": ["zip", "rar"]}}},
            "then": {"required": ["zip"]},
        }
    },
}
MAPPING = """
dialect: ex-needs
title: {en: Example of needs, zh: 示例}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-11-25, sources: [written for the test]}
defaults: {language: en, empty: omit}
schema: ex-needs.schema.json
fields:
  identifiers.local: id
  title: info.title
  parties.provider.name: owner.name
  parties.provider.website: owner.page
  distributions: {each: files, fields: {download_url: path, title: name}}
"""


def paths(found: Iterable[Lack]) -> list[str]:
    return [path for path, _ in found]


def lacks(record: object) -> list[str]:
    return paths(needs(SCHEMA).lacking(record))


def test_what_is_not_there_lacks_nothing() -> None:
    assert lacks({"id": "1", "info": {"title": "x"}}) == []


def test_an_absent_object_lacks_what_it_must_say() -> None:
    assert lacks({}) == ["id", "info.title"]


def test_parts_that_are_there_are_looked_into() -> None:
    record = {"id": "1", "info": {}, "owner": {}, "files": [{"path": "a"}, {"files": [{}]}], "ports": {"p": {}}}
    assert lacks(record) == ["info.title", "files.1.path", "files.1.files.0.path", "owner.name", "ports.p.kind"]


def test_a_condition_on_a_member() -> None:
    record = {"id": "1", "info": {"title": "x"}, "files": [{"path": "a", "kind": "zip"}, {"path": "b", "kind": "csv"}]}
    assert lacks(record) == ["files.0.zip"]


def test_values_of_another_type_are_no_concern() -> None:
    assert lacks({"id": "1", "info": "x", "files": {}, "ports": [], "owner": None}) == []


def test_writing_tells_it_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "ex-needs.schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "ex-needs.yaml").write_text(MAPPING, "utf-8")
    dialect = mh.load(tmp_path / "ex-needs.yaml")
    tree = {
        "title": {"en": "Example"},
        "parties": {"provider": [{"website": "https://example.org"}]},
        "distributions": [{"title": {"en": "a"}}, {"download_url": ["https://example.org/b"]}],
    }
    written = interpreter.write(dialect.plan, tree)
    missing = [problem.path for problem in written.problems if problem.code == REQUIRED_MISSING]
    assert missing == ["id", "files.0.path", "owner.name"]
    from metaharmon.compiler import CompiledPlan

    assert CompiledPlan(dialect.plan).write(tree).problems == written.problems


def test_one_of_several_is_required_and_what_goes_with_another() -> None:
    schema = {
        "type": "object",
        "properties": {
            "files": {
                "type": "array",
                "items": {
                    "anyOf": [{"required": ["path"]}, {"required": ["data"]}],
                    "dependentRequired": {"hash": ["algorithm", "size"]},
                },
            }
        },
    }
    found = needs(schema)
    assert found.deep()
    assert paths(found.lacking({"files": [{"path": "a"}, {"data": 1}, {}]})) == ["files.2.path"]
    assert paths(found.lacking({"files": [{"path": "a", "hash": "x", "size": 1}]})) == ["files.0.algorithm"]
    other = needs({"anyOf": [{"required": ["a", "b"]}, {"type": "null"}]})
    assert paths(other.lacking({})) == []


def test_an_only_entry_may_stand_without_its_list() -> None:
    item = {"type": "object", "required": ["name"]}
    found = needs({"properties": {"one": {"type": ["array", "object"], "items": item}}})
    assert paths(found.lacking({"one": {"x": 1}})) == ["one.name"]
    assert paths(found.lacking({"one": [{"x": 1}]})) == ["one.0.name"]
    assert paths(found.lacking({"one": {"name": "x"}})) == []


def test_what_stands_beside_a_reference_is_required_too() -> None:
    file = {"type": "object", "required": ["path"], "properties": {"path": {"type": "string"}}}
    schema = {"properties": {"main": {"$ref": "#/$defs/file", "required": ["kind"]}, "other": {"$ref": "#/$defs/file"}},
              "$defs": {"file": file}}  # fmt: skip
    assert paths(needs(schema).lacking({"main": {}, "other": {}})) == ["main.path", "main.kind", "other.path"]


CHOICES = {
    "type": "object",
    "properties": {"a": {}, "b": {}, "c": {}, "d": {}, "kind": {}},
    "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    "dependentRequired": {"c": ["d"], "a": ["d"]},
    "if": {"properties": {"kind": {"const": "x"}}, "required": ["kind"]},
    "then": {"required": ["d"]},
}


def test_a_renamed_member_is_renamed_where_others_depend_on_it() -> None:
    need = needs(CHOICES)
    need.moved(("d",), ("D",))
    need.moved(("a",), ("A",))
    assert paths(need.lacking({"c": 1})) == ["A", "D"]
    assert paths(need.lacking({"A": 1})) == ["D"]
    assert paths(need.lacking({"b": 1, "kind": "x"})) == ["D"]


def test_on_a_freed_member_nothing_depends() -> None:
    need = needs(CHOICES)
    need.freed(("d",))
    assert paths(need.lacking({"c": 1, "a": 1, "kind": "x"})) == []
    need.freed(("a",))
    assert paths(need.lacking({})) == ["b"]
    need.freed(("kind",))
    assert need.when == []


def test_entries_that_must_differ_are_written_once_and_come_back_as_they_were() -> None:
    datacite = mh.load("datacite-4")
    product = {"keywords": {"und": ["a", "a", "b"]}}
    written = datacite.writing(product)
    assert written.record["subjects"] == [{"subject": "a"}, {"subject": "b"}]
    assert [(loss.path, loss.kind) for loss in written.losses] == [("keywords.und.1", "omitted")]
    twice = {"subjects": [{"subject": "a"}, {"subject": "a"}]}
    assert datacite.write(datacite.read(twice)) == twice


def test_where_there_is_room_for_one_text_in_each_language() -> None:
    written = mh.load("datacite-4").writing({"alternative_titles": {"en": ["A", "B"], "zh": ["甲"]}})
    titles = [(one["lang"], one["title"]) for one in written.record["titles"]]
    assert titles == [("en", "A"), ("zh", "甲")]
    assert [(loss.path, loss.kind) for loss in written.losses] == [("alternative_titles.en.1", "omitted")]
