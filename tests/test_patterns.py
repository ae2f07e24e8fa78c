"""What a field takes (`pattern` of one class of characters): other texts are told and left out, and joins hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import laws
import metaharmon as mh
from metaharmon import interpreter
from metaharmon.diagnostics import REQUIRED_MISSING
from metaharmon.mapping.schemas import PLAIN

MAPPING = """
dialect: ex-patterns
title: {en: Example of patterns, zh: 示例}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-11-25, sources: [written for the test]}
defaults: {language: en, empty: omit}
schema: ex-patterns.schema.json
fields:
  title: title
  keywords: {field: words, many: list}
  rights.licences: {each: licences, fields: {'.': {field: name, codes: licence}}}
  distributions: {each: files, key: id, fields: {id: name, title: format}}
  structure.tables:
    each: files
    key: name
    fields:
      name: name
      distribution: {field: name, one_way: {read: a table is the file that describes it}}
      items: {each: columns, key: name, fields: {name: name}}
codes:
  licence: {list: licence, unmapped: name, pairs: {CC-BY-4.0: cc-by-4}}
"""
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "pattern": "^(a|b)*$"},
        "words": {"type": "array", "items": {"type": "string", "pattern": "^\\S+$"}},
        "licences": {"type": "array", "items": {"properties": {"name": {"type": "string", "pattern": "^[-a-z0-9]+$"}}}},
        "files": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "pattern": "^[a-z0-9]+$"},
                    "format": {"type": "string"},
                    "columns": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}},
                },
            },
        },
    },
}


@pytest.fixture
def dialect(tmp_path: Path) -> mh.Dialect:
    (tmp_path / "ex-patterns.schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "ex-patterns.yaml").write_text(MAPPING, "utf-8")
    return mh.load(tmp_path / "ex-patterns.yaml")


def test_only_patterns_of_one_class_are_kept_to() -> None:
    assert all(PLAIN.fullmatch(one) for one in (r"^\S+$", "^[a-z0-9-]+$", r"^[^\s;]+$", "^[ á-ź._-]+$"))
    assert not any(PLAIN.fullmatch(one) for one in ("^(a+)+$", "[a-z]+", "^[a-z]+[0-9]+$", "^.*$", "^[a]|[b]+$"))


def test_what_a_field_does_not_take_is_told_and_left_out(dialect: mh.Dialect) -> None:
    product = {
        "title": {"en": "Example"},
        "keywords": {"en": ["one", "two words"]},
        "rights": {"licences": [{"id": "CC-BY-4.0"}, {"name": {"en": "Free use"}}, {"name": {"en": "own"}}]},
        "distributions": [{"id": "First file", "title": {"en": "csv"}}],
    }
    written = interpreter.write(dialect.plan, product)
    assert written.record == {
        "title": "Example",
        "words": ["one"],
        "licences": [{"name": "cc-by-4"}, {"name": "own"}],
        "files": [{"format": "csv"}],
    }
    lost = {loss.path for loss in written.losses}
    assert {"keywords.en.1", "distributions.0.id"} <= lost
    assert [problem.path for problem in written.problems if problem.code == REQUIRED_MISSING] == ["files.0.name"]


def test_other_texts_return_and_join_by_what_they_are(dialect: mh.Dialect) -> None:
    records = [
        {"words": ["two words", "one"], "licences": [{"name": "Free use"}]},
        {"files": [{"name": "A b"}, {"name": "C d", "columns": [{"name": "x"}]}]},
        {"files": [{"name": "C d", "format": "csv", "columns": [{"name": "x"}]}, {"name": "A b"}, {"name": "e"}]},
    ]
    for record in records:
        for law in laws.RECORD_LAWS:
            assert laws.attempt(law, dialect.plan, record) is None, record
