"""JSON-LD as pages and data cards write it: schema.org and Croissant, and what the container does for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import official
import shipped
from metaharmon import interpreter
from metaharmon.diagnostics import REQUIRED_MISSING
from metaharmon.files.jsontext import dumps
from metaharmon.jsonld.container import JsonLd
from metaharmon.jsonld.lifted import Lifter
from metaharmon.jsonld.terms import Names, Terms
from metaharmon.model.normal import copied
from metaharmon.model.whole import normal_product

SCHEMA = {
    "type": "object",
    "properties": {
        "s:name": {"type": "object", "rdf": "language", "additionalProperties": {"type": "string"}},
        "s:keywords": {
            "type": "object",
            "rdf": "language",
            "named": "s:name",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "s:creator": {"type": "array", "also": ["s:author"], "items": {"$ref": "#/$defs/party"}},
        "s:funder": {
            "type": "array",
            "also": [{"property": "s:funding", "of": ["s:Organization"]}],
            "items": {"$ref": "#/$defs/party"},
        },
        "s:files": {"type": "array", "also": ["s:contentUrl"], "items": {"$ref": "#/$defs/file"}},
        "s:page": {"type": "object", "properties": {"@id": {"type": "string"}, "@value": {"type": "string"}}},
    },
    "$defs": {
        "party": {
            "type": "object",
            "literal": "s:name",
            "properties": {
                "@type": {"type": "string"},
                "s:name": {"type": "object", "rdf": "language", "additionalProperties": {"type": "string"}},
            },
        },
        "file": {
            "type": "object",
            "literal": "s:contentUrl",
            "properties": {"s:contentUrl": {"type": "string", "rdf": "iri"}},
        },
    },
}
NAMES = Names((("s", ("https://schema.org/", "http://schema.org/")),))
URL = "https://schema.org/"
CONTEXT = {
    "@context": {
        "@vocab": "http://schema.org/",
        "schema": "http://schema.org/",
        "contentUrl": {"@id": "schema:contentUrl", "@type": "@id"},
        "page": {"@id": "schema:page", "@type": "@id"},
    }
}


def container(types: tuple[tuple[str, ...], ...] = (("https://schema.org/Dataset",),)) -> JsonLd:
    return JsonLd(NAMES, json.dumps(SCHEMA), types, ((URL, json.dumps(CONTEXT)),), json.dumps(URL), "und")


def opened(document: dict[str, Any]) -> dict[str, Any]:
    linked = container()
    tree, frame = linked.open(document)
    assert linked.close(tree, frame) == document
    return tree


@pytest.mark.parametrize("context", ["http://schema.org", "https://schema.org/", {"@vocab": "https://schema.org/"}])
def test_both_spellings_of_the_vocabulary_are_read(context: Any) -> None:
    tree = opened({"@context": context, "@type": "Dataset", "name": "A"})
    assert tree == {"@type": "s:Dataset", "s:name": {"und": "A"}}


def test_new_records_have_plain_terms() -> None:
    tree = {"@type": "s:Dataset", "s:name": {"en": "A"}, "s:page": {"@id": "https://a.example"}, "s:x": 1}
    assert container().close(tree, None) == {
        "@context": URL,
        "@type": "Dataset",
        "name": {"@value": "A", "@language": "en"},
        "page": "https://a.example",
        "s:x": 1,
    }


def test_a_text_stands_for_the_member_of_the_node() -> None:
    document = {"@context": URL, "@type": "Dataset", "creator": ["Ada", {"@type": "Person", "name": "Ben"}]}
    tree = opened(document)
    assert tree["s:creator"] == [{"s:name": {"und": "Ada"}}, {"@type": "s:Person", "s:name": {"und": "Ben"}}]
    tree["s:creator"][1]["s:name"]["und"] = "Bea"
    assert container().close(tree, document)["creator"] == ["Ada", {"@type": "Person", "name": "Bea"}]


def test_a_reference_that_the_context_makes_of_a_text_stands_for_it_too() -> None:
    assert opened({"@context": URL, "@type": "Dataset", "contentUrl": "https://a.example/f"})["s:files"] == [
        {"s:contentUrl": "https://a.example/f"}
    ]


def test_a_property_is_read_as_another_only_where_that_is_lacking() -> None:
    tree = opened({"@context": URL, "@type": "Dataset", "author": "Ada", "creator": "Ben"})
    assert tree["s:creator"] == [{"s:name": {"und": "Ben"}}] and tree["s:author"] == "Ada"
    assert opened({"@context": URL, "author": "Ada"})["s:creator"] == [{"s:name": {"und": "Ada"}}]


def test_a_property_is_read_as_another_only_for_nodes_of_some_types() -> None:
    fund = {"@type": "Organization", "name": "Fund"}
    assert "s:funder" in opened({"@context": URL, "funding": [fund]})
    assert "s:funder" not in opened({"@context": URL, "funding": [fund, {"@type": "MonetaryGrant", "name": "G"}]})


def test_a_node_without_such_a_type_is_written_under_the_property_itself() -> None:
    fund = {"@type": "Organization", "name": "Fund"}
    document = {"@context": URL, "funding": [fund]}
    tree = opened(document)
    tree["s:funder"] = [*tree["s:funder"], {"s:name": {"und": "Other"}}]
    made = container().close(tree, document)
    assert made == {"@context": URL, "funder": [fund, {"name": "Other"}]}
    assert opened(made) == tree


def test_a_value_beside_that_of_a_property_does_not_take_its_place() -> None:
    """The second name has no room in the tree; without the first it would be read as the name."""
    document = {"@context": URL, "name": ["A", "B"]}
    tree = opened(document)
    more = [name for name in tree if name.endswith("@more")]
    assert more
    for name in more:
        tree.pop(name.removesuffix("@more"))
    made, gone = container().closing(tree, document)
    assert gone == more and made == {"@context": URL}


def test_the_name_of_a_node_is_a_word_and_the_rest_of_the_node_is_kept() -> None:
    words = [{"@type": "DefinedTerm", "name": "a", "url": "u"}, "b"]
    document = {"@context": URL, "@type": "Dataset", "keywords": words}
    tree = opened(document)
    assert tree["s:keywords"] == {"und": ["a", "b"]}
    tree["s:keywords"] = {"und": ["a", "c"]}
    assert container().close(tree, document)["keywords"] == [document["keywords"][0], "c"]


def test_a_name_that_is_no_address_is_no_reference() -> None:
    linked = container()
    assert linked.close({"s:page": {"@value": "the desk"}}, None)["page"] == {"@value": "the desk"}
    assert linked.close({"s:page": {"@value": "https://a.example"}}, None)["page"] == "https://a.example"


def test_records_are_the_nodes_of_the_first_envelope_that_takes_any() -> None:
    linked = container((("https://schema.org/Dataset",), ("https://schema.org/CreativeWork",)))
    work = {"@type": "CreativeWork", "name": "W"}
    both = {"@context": URL, "@graph": [work, {"@type": "Dataset", "name": "D"}]}
    assert [r["name"] for r in linked.records(both) or ()] == ["D"]
    assert [r["name"] for r in linked.records({"@context": URL, "@graph": [work]}) or ()] == ["W"]


def test_a_record_inside_a_record_is_part_of_it() -> None:
    inner = {"@type": "Dataset", "name": "part"}
    document = [{"@context": URL, "@type": "Dataset", "name": "whole", "hasPart": [inner]}]
    assert container().records(document) == document


def test_a_null_and_an_empty_list_are_no_values() -> None:
    document = {"@context": URL, "@type": "Dataset", "creator": [], "name": None}
    tree = opened(document)
    assert tree == {"@type": "s:Dataset"}
    tree["s:creator"] = [{"s:name": {"und": "Ada"}}]
    assert container().close(tree, document)["creator"] == [{"name": "Ada"}]


# --- identities within others


CROISSANT = json.loads((shipped.ROOT / "schemas" / "dialects" / "croissant-1.0.schema.json").read_text("utf-8"))
CR = Names((("cr", ("http://mlcommons.org/croissant/",)), ("schema", ("https://schema.org/", "http://schema.org/"))))


def lifter() -> Lifter:
    return Lifter(Terms(CROISSANT, CROISSANT, CR))


def tables(*names: str, word: str = "") -> dict[str, Any]:
    """Record sets with one field `a b` each, which all take from one file."""
    source = {"cr:fileObject": {"@id": "f.csv"}, "cr:extract": {"cr:column": "a"}}
    return {
        "cr:recordSet": [
            {"@id": f"{word}{name}", "cr:field": [{"@id": f"{word}{name}/a b", "cr:source": copied(source)}]}
            for name in names
        ]
    }


def test_identities_are_shown_without_what_they_lie_in_and_facts_of_all_parts_once() -> None:
    tree = tables("x")
    tree["cr:recordSet"][0]["cr:field"][0]["cr:references"] = {"cr:field": {"@id": "y/z"}}
    tree["cr:recordSet"].append({"@id": "y"})
    lifted = lifter().lift(tree)
    field = lifted["cr:recordSet"][0]["cr:field"][0]
    assert lifted["cr:recordSet"][0]["cr:fileObject"] == "f.csv"
    assert field["@id"] == "a b" and field["cr:source"] == {"cr:extract": {"cr:column": "a"}}
    assert field["cr:references"]["cr:field"] == {"cr:recordSet": "y", "@id": "z"}
    assert lifter().lower(lifted, tree) == tree


def test_new_identities_cannot_meet_those_of_files_and_have_no_blanks() -> None:
    lowered = lifter().lower(lifter().lift(tables("my table")))
    assert lowered["cr:recordSet"][0]["@id"] == "records/my%20table"
    assert lowered["cr:recordSet"][0]["cr:field"][0]["@id"] == "records/my%20table/a%20b"
    assert lifter().lift(lowered) == lifter().lift(tables("my table"))


@pytest.mark.parametrize("name", ["a/b", "100 %", "%20", "records/x", "x"])
def test_new_identities_are_read_as_they_were_meant(name: str) -> None:
    field = {"@id": name, "cr:references": {"@id": "c", "cr:recordSet": name}}
    lifted = {"cr:recordSet": [{"@id": name, "cr:field": [field]}]}
    assert lifter().lift(lifter().lower(lifted)) == lifted


def test_what_not_all_parts_say_stays_at_each_of_them() -> None:
    tree = tables("x")
    tree["cr:recordSet"][0]["cr:field"].append({"@id": "x/c"})
    assert "cr:fileObject" not in lifter().lift(tree)["cr:recordSet"][0]


# --- nodes of some types apart


def test_sets_of_files_are_shown_apart_and_stand_where_they_stood() -> None:
    file, more, one, two = (
        {"@type": kind, "@id": name}
        for kind, name in (
            ("cr:FileObject", "a"),
            ("cr:FileObject", "b"),
            ("cr:FileSet", "c"),
            (["x", "cr:FileSet"], "d"),
        )
    )
    tree = {"schema:distribution": [one, file, two, more]}
    lifted = lifter().lift(tree)
    assert lifted == {"schema:distribution": [file, more], "schema:distribution@sets": [one, two]}
    assert lifter().lower(lifted, tree) == tree
    assert lifter().lower(lifted) == {"schema:distribution": [file, more, one, two]}
    path = ("schema:distribution", 2, "cr:containedIn", 0, "@id")
    assert lifter().place(lifted, path, tree) == ("schema:distribution@sets", 1, *path[2:])
    assert lifter().place(lifted, ("schema:distribution", 3), tree) == ("schema:distribution", 1)
    only = {"schema:distribution": [one]}
    assert lifter().lift(only) == {"schema:distribution@sets": [one]}
    assert lifter().lower(lifter().lift(only), only) == only


def test_a_table_of_a_set_of_files_names_it_as_one() -> None:
    lifted = {
        "schema:distribution@sets": [{"@id": "s", "@type": "cr:FileSet"}],
        "cr:recordSet": [{"@id": "t", "cr:fileObject": "s", "cr:field": [{"@id": "a"}]}],
    }
    lowered = lifter().lower(lifted)
    assert lowered["cr:recordSet"][0]["cr:field"][0]["cr:source"] == {"cr:fileSet": {"@id": "s"}}


def test_a_key_that_is_called_like_a_list_shown_apart_is_kept_beside_it() -> None:
    document = {
        "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
        "@type": "Dataset",
        "schema:distribution@sets": ["mine"],
        "distribution": [{"@type": "cr:FileSet", "@id": "s", "cr:includes": "*"}],
    }
    plan = shipped.plans()["croissant-1.0"]
    read = interpreter.read(plan, document)
    assert read.tree["file_sets"] == [{"id": "s", "includes": ["*"]}]
    assert interpreter.write(plan, read.tree, read.residue).record == document


# --- what is written is valid there


def completed(tree: dict[str, Any]) -> dict[str, Any]:
    """A product with what Croissant, or its library, demands of every dataset and resource, where it is lacking."""
    tree = copied(tree)
    tree.setdefault("title", {"en": "Example"})
    tree.setdefault("description", {"en": "An example."})
    tree.setdefault("documents", {}).setdefault("landing_page", [{"uri": "https://example.org/dataset"}])
    tree.setdefault("rights", {}).setdefault("licences", [{"id": "CC-BY-4.0"}])
    tree.setdefault("dates", {}).setdefault("published", "2026-01-01")
    parties = tree.setdefault("parties", {})
    parties.setdefault("creator", [{"name": {"en": "Ada Example"}}])
    for party in (party for role in parties.values() for party in role):
        party.setdefault("name", {"en": "Example"})
        party.setdefault("type", "organization")
    files = tree.setdefault("distributions", [{"id": "only"}])
    for i, file in enumerate(files):
        file["id"] = f"file-{i}"
        file.setdefault("download_url", [f"https://example.org/{i}"])
        file.setdefault("media_type", ["text/csv"])
        file["checksum"] = {"algorithm": "sha256", "value": "0123456789abcdef" * 4}
    for table in tree.get("structure", {}).get("tables", ()):
        table.setdefault("name", "table")
        table["distribution"] = files[0]["id"]
        table.pop("foreign_keys", None)  # they name tables that are not always there
        table.pop("primary_key", None)
        for item in table.get("items", ()):
            _typed(item)
    return normal_product(tree)


def _typed(item: dict[str, Any]) -> None:
    if item.get("type") not in ("integer", "number", "boolean", "date", "datetime", "image", "audio", "uri"):
        item["type"] = "string"
    for child in item.get("children", ()):
        _typed(child)


SOURCES = ("croissant-1.0", "croissant-1.1", "schema-org", "frictionless-1", "dcat-us-1.1")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("target", ["croissant-1.0", "croissant-1.1"])
@pytest.mark.parametrize("source", SOURCES)
def test_croissant_that_is_written_anew_is_accepted_by_mlcroissant(source: str, target: str) -> None:
    plans = shipped.plans()
    records = [*shipped.example_records(source), *shipped.corpus_records(plans[source], 12)]
    trees = [interpreter.read(plans[source], record).tree for record in records]
    against = []
    for tree in map(completed, trees):
        written = interpreter.write(plans[target], tree)
        assert not [p for p in written.problems if p.code == REQUIRED_MISSING]
        against += [(one, dumps(written.record)[:300]) for one in official.complaints(target, written.record)[:1]]
    assert not against


def test_a_product_without_what_croissant_demands_is_told_so() -> None:
    written = interpreter.write(shipped.plans()["croissant-1.0"], {"title": {"en": "A"}})
    lacking = {problem.path for problem in written.problems if problem.code == REQUIRED_MISSING}
    assert {"schema:description", "schema:url", "schema:datePublished"} <= lacking


def test_new_records_carry_the_context_of_their_form() -> None:
    contexts = Path(shipped.ROOT / "schemas" / "contexts")
    for name, wanted in (
        ("schema-org", "https://schema.org/"),
        ("croissant-1.0", json.loads((contexts / "croissant-1.0.jsonld").read_text("utf-8"))["@context"]),
    ):
        record = interpreter.write(shipped.plans()[name], {"title": {"en": "A"}, "keywords": {"en": ["b"]}}).record
        assert record["@context"] == wanted
        assert record["@type"] == "Dataset" and {"name", "keywords"} <= record.keys()
