"""Equal graphs read to equal products: how a graph is written down takes no part.

Permutations of hand-written records: nodes beside the record or embedded in it, other orders of values, other prefixes,
blank nodes or labelled ones, `@set`, and Turtle of the same graph. Sequences (creators, files) keep the order of a JSON
array, which its author chose; Turtle has none, so sequences are compared as bags there.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from metaharmon.dialect.door import load
from metaharmon.files.rdftext import graph_of

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "locn": "http://www.w3.org/ns/locn#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
DCAT = {
    "@id": "https://x.example/d",
    "@type": "dcat:Dataset",
    "dct:title": [{"@value": "Seen", "@language": "de"}, {"@value": "Lakes", "@language": "en"}],
    "dcat:keyword": [{"@value": "water", "@language": "en"}, {"@value": "lake", "@language": "en"}],
    "dct:publisher": {
        "@id": "https://x.example/o",
        "@type": "foaf:Agent",
        "foaf:name": {"@value": "Office", "@language": "en"},
    },
    "dct:issued": {"@value": "2020-01-02", "@type": "xsd:date"},
    "dcat:spatialResolutionInMeters": {"@value": "10.0", "@type": "xsd:decimal"},
    "dct:spatial": {
        "@id": "https://x.example/p",
        "@type": "dct:Location",
        "locn:geometry": [
            {"@value": '{"type":"Point","coordinates":[8,47]}', "@type": "gsp:geoJSONLiteral"},
            {"@value": "POINT(8 47)", "@type": "gsp:wktLiteral"},
        ],
    },
    "dcat:distribution": {
        "@id": "https://x.example/f",
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": "https://x.example/f.csv"},
        "dcat:byteSize": {"@value": "1024", "@type": "xsd:nonNegativeInteger"},
    },
}
SCHEMA = {
    "@id": "https://x.example/d",
    "@type": "schema:Dataset",
    "schema:name": "Lakes",
    "schema:keywords": [
        "OCEANS",
        {"@id": "https://x.example/t1", "@type": "schema:DefinedTerm", "schema:name": "Baked Clay"},
        {"@id": "https://x.example/t2", "@type": "schema:DefinedTerm", "schema:name": "Clay"},
    ],
    "schema:publisher": {"@id": "https://x.example/o", "@type": "schema:Organization", "schema:name": "Office"},
    "schema:distribution": {
        "@id": "https://x.example/f",
        "@type": "schema:DataDownload",
        "schema:contentUrl": {"@id": "https://x.example/f.csv"},
    },
}
RECORDS = [("dcat-ap-3", DCAT), ("schema-org", SCHEMA)]


def flattened(node: dict[str, Any], typed: bool = False) -> list[dict[str, Any]]:
    """The node and those in it side by side; references to them may repeat their types."""
    out: list[dict[str, Any]] = [{}]

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [moved(one) for one in value]
        if not isinstance(value, dict) or len(value) < 2 or "@id" not in value:
            return value
        out.extend(flattened(value, typed))
        return {name: value[name] for name in (("@id", "@type") if typed else ("@id",))}

    out[0].update((key, moved(value)) for key, value in node.items())
    return out


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same with members and values in another order."""
    if isinstance(value, dict):
        members = [(key, shuffled(one, chance)) for key, one in value.items()]
        chance.shuffle(members)
        return dict(members)
    if isinstance(value, list):
        made = [shuffled(one, chance) for one in value]
        chance.shuffle(made)
        return made
    return value


def wrapped(value: Any, wrapper: str) -> Any:
    """The same with every list in a `@set` or `@list`."""
    if isinstance(value, dict):
        return {key: wrapped(one, wrapper) for key, one in value.items()}
    return {wrapper: [wrapped(one, wrapper) for one in value]} if isinstance(value, list) else value


def renamed(value: Any) -> Any:
    """The same with other prefixes."""
    if isinstance(value, dict):
        return {key if key.startswith("@") else f"my{key}": renamed(one) for key, one in value.items()} | (
            {"@type": f"my{value['@type']}"} if "@type" in value else {}
        )
    return [renamed(one) for one in value] if isinstance(value, list) else value


def blank(value: Any, labels: bool) -> Any:
    """The same with the inner nodes blank, with labels or without."""
    if isinstance(value, dict):
        name = str(value.get("@id", ""))
        inner = len(value) > 1 and name and not name.endswith("/d")
        rest = {key: blank(one, labels) for key, one in value.items() if not (inner and key == "@id")}
        return {"@id": "_:z" + name[-2:].strip("/"), **rest} if inner and labels else rest
    return [blank(one, labels) for one in value] if isinstance(value, list) else value


def document(*nodes: Any, **context: str) -> dict[str, Any]:
    """A document of these nodes."""
    said = {"@context": context or CONTEXT}
    return {**said, **nodes[0]} if len(nodes) == 1 else {**said, "@graph": list(nodes)}


def product(dialect: str, record: dict[str, Any]) -> Any:
    """The product of a document, and the document is written back as it stood."""
    known = load(dialect)
    read = known.read(record)
    assert known.write(read) == record
    return read.canonical()


@pytest.mark.parametrize(("dialect", "record"), RECORDS)
def test_how_a_graph_is_written_takes_no_part(dialect: str, record: dict[str, Any]) -> None:
    wanted = product(dialect, document(record))
    my = {f"my{name}": full for name, full in CONTEXT.items()}
    chance = random.Random(9)
    for form in (
        document(*flattened(record)),
        document(*flattened(record, typed=True)),
        document(*reversed(flattened(record))),
        document(wrapped(record, "@set")),
        document(wrapped(record, "@list")),
        document(renamed(record), **my),
        document(*flattened(renamed(record)), **my),
        *(document(shuffled(record, chance)) for _ in range(8)),
        *(document(*shuffled(flattened(record), chance)) for _ in range(8)),
    ):
        assert product(dialect, form) == wanted, json.dumps(form)


@pytest.mark.parametrize(("dialect", "record"), RECORDS)
def test_labels_of_blank_nodes_take_no_part(dialect: str, record: dict[str, Any]) -> None:
    wanted = product(dialect, document(blank(record, False)))
    assert product(dialect, document(blank(record, True))) == wanted
    assert product(dialect, document(*flattened(blank(record, True)))) == wanted


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib by rdflib
@pytest.mark.parametrize("labels", [None, True, False])
def test_turtle_of_the_same_graph_is_read_alike(labels: bool | None) -> None:
    rdflib = pytest.importorskip("rdflib")
    record = DCAT if labels is None else blank(DCAT, labels)
    graph = rdflib.Graph().parse(data=json.dumps(document(record)), format="json-ld")
    for form, name in (("turtle", "turtle"), ("xml", "rdfxml"), ("pretty-xml", "rdfxml")):
        written = graph_of(graph.serialize(format=form), name)
        assert product("dcat-ap-3", written) == product("dcat-ap-3", document(record))


def test_collections_of_turtle_are_values() -> None:
    head = "@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://x.example/d> a dcat:Dataset ; dcat:keyword "
    one, two = (graph_of(f"{head}{said} .", "turtle") for said in ('("b" "a")', '"a", "b"'))
    assert product("dcat-ap-3", one)["keywords"] == product("dcat-ap-3", two)["keywords"] == {"und": ["a", "b"]}


@pytest.mark.parametrize("turned", [False, True])
def test_keywords_beside_the_record_are_read(turned: bool) -> None:
    nodes = flattened({name: SCHEMA[name] for name in ("@id", "@type", "schema:keywords")})
    said = document(*(reversed(nodes) if turned else nodes))
    assert product("schema-org", said)["keywords"] == {"und": ["Baked Clay", "Clay", "OCEANS"]}


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (1024, "1024"),
        ("1024", "1024"),
        ({"@value": 1024, "@type": "xsd:decimal"}, "1024"),
        ({"@value": "1.024E3", "@type": "xsd:double"}, "1024"),
        ({"@value": "0010", "@type": "xsd:integer"}, "10"),
        ({"@value": "10.0", "@type": "xsd:decimal"}, "10"),
        ({"@value": "10.", "@type": "xsd:decimal"}, "10"),
        (True, None),
        ({"@value": "NaN", "@type": "xsd:double"}, None),
    ],
)
def test_a_number_is_read_in_each_of_its_forms(size: Any, wanted: str | None) -> None:
    file = {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": "https://x.example/f"}, "dcat:byteSize": size}
    record = {"@id": "https://x.example/d", "@type": "dcat:Dataset", "dcat:spatialResolutionInMeters": size}
    read = product("dcat-ap-3", document(record | {"dcat:distribution": file}))
    assert read["distributions"][0].get("bytes") == (wanted and {"value": wanted})
    assert read.get("coverage") == (wanted and {"spatial_resolution": {"value": wanted}})


def test_a_relative_name_is_no_identifier_and_is_told() -> None:
    head = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . "
    read = load("dcat-ap-3").reading(graph_of(head + '<ds1> a dcat:Dataset ; dct:title "T"@de .', "turtle"))
    assert "identifiers" not in read.product.tree()
    assert any("'ds1' is not an absolute address" in str(one) for one in read.problems)
