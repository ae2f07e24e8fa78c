"""Linked data: edited values are read back beside literals that say nothing or that nobody can read."""

from __future__ import annotations

from typing import Any

import pytest

import metaharmon

CONTEXT = {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"}


@pytest.mark.parametrize(
    "title",
    [
        {"@value": None},
        {"@value": None, "@language": "en"},
        {"@value": "Ex", "x": False},
        {"@value": ["Ex"]},
        [{"@value": "Ex", "dct:note": "n"}],
        {"@value": "Old", "@language": "en_US"},
        {"@value": 7},
        {"@id": "http://e.org/t"},
    ],
    ids=str,
)
def test_a_new_title_over_any_literal_is_read_back(title: Any) -> None:
    dialect = metaharmon.load("dcat-ap-3")
    record = {"@context": CONTEXT, "@type": "dcat:Dataset", "dct:identifier": "x", "dct:title": title}
    assert dialect.write(dialect.read(record)) == record
    edited = metaharmon.read("dcat-us-1.1", {"title": "New title"})
    written = dialect.writing(edited, onto=record).record
    assert dialect.read(written).tree()["title"] == {"en": "New title"}


def test_identities_of_fields_stay_when_another_value_is_edited() -> None:
    """A key that names no field by its whole identity is beside the fields of its record set."""
    record = {
        "@context": {
            "@vocab": "https://schema.org/",
            **{name: f"cr:{name}" for name in ("field", "key", "recordSet")},
            "cr": "http://mlcommons.org/croissant/",
        },
        "@type": "sc:Dataset",
        "name": "Trees",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "recordSet": [{"@id": "trees", "key": {"@id": "tree_id"}, "field": [{"@id": "trees/tree_id"}]}],
    }
    product = metaharmon.read("croissant-1.0", record)
    product.title = {"en": "Shrubs"}
    written = metaharmon.load("croissant-1.0").writing(product, onto=record).record
    assert written["recordSet"] == record["recordSet"]
