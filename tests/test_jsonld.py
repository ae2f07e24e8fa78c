"""JSON-LD dialects: what is read is what the document says, by another processor's word; documents keep their form."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from metaharmon.files.records import read_documents
from metaharmon.jsonld.container import JsonLd
from metaharmon.jsonld.contexts import iri
from metaharmon.jsonld.opened import Item, Node
from metaharmon.mapping.plan import Plan
from metaharmon.model.normal import same
from shipped import CORPUS, ROOT, example_records, files_of, plans

pytest.importorskip("pyld")
from pyld import jsonld
from pyld.jsonld import JsonLdError

LINKED = {name: plan for name, plan in plans().items() if plan.linked is not None}
DCT, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"

# --- another processor says the same ----------------------------------------------------------------------------------


def _loader(texts: dict[str, str]) -> Any:
    def load(url: str, _options: Any = None) -> dict[str, Any]:
        found = texts.get(url.removeprefix("https://").removeprefix("http://").rstrip("/"))
        if found is None:
            raise JsonLdError(f"{url} is not here", "jsonld.LoadDocumentError")
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
                "document": json.loads(found)}  # fmt: skip

    return load


def _plain(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


def _expanded(document: Any, texts: dict[str, str]) -> list[dict[str, Any]] | None:
    """The expansion by pyld; None where pyld refuses the document (two keys for one identity, an unknown context)."""
    try:
        return _relative(jsonld.expand(document, {"base": BASE, "documentLoader": _loader(texts)}))
    except JsonLdError:
        return None


BASE = "https://base.invalid/"


def _relative(value: Any) -> Any:
    """References as they were before they were completed: the library completes none."""
    if isinstance(value, dict):
        return {name: _relative(below) for name, below in value.items()}
    if isinstance(value, list):
        return [_relative(below) for below in value]
    return value.removeprefix(BASE) if isinstance(value, str) else value


def _texts(plan: Plan) -> dict[str, str]:
    return {_plain(url): text for url, text in plan.linked.bundled}


def _documents(plan: Plan) -> Iterator[Any]:
    yield from example_records(plan.dialect)
    for path in files_of(plan.dialect):
        yield from (document.value for document in read_documents(path) if not document.problems)


@pytest.mark.parametrize("name", LINKED)
def test_what_is_read_is_what_the_document_says(name: str) -> None:
    """Every value of a record's nodes, with its property, language and datatype, stands at its place in the tree."""
    plan = LINKED[name]
    told = 0
    for document in _documents(plan):
        for record in plan.linked.records(document) or []:
            expansion = _expanded(record, _texts(plan))
            if expansion is None:
                continue
            opened = plan.linked._opened(record)
            nodes = [node for top in expansion for node in top.get("@graph", [top])]
            root = next(node for node in nodes if node.get("@id") == opened.root.tree.get("@id", node.get("@id"))
                        and any(plan.linked.names.plain(one) in set().union(*plan.linked.types)
                                for one in node.get("@type", ())))  # fmt: skip
            assert (lacking := list(_lacking(plan.linked, root, opened.root))) == [], (lacking, record)
            told += 1
    assert told


def _lacking(linked: JsonLd, said: dict[str, Any], node: Node) -> Iterator[str]:
    """What the expansion says of a node and the opened node does not."""
    for name, values in said.items():
        if name == "@id":
            if not values.startswith("_:") and node.tree.get("@id") != values:
                yield f"@id {values}"
        elif name == "@type":
            shown = node.tree.get("@type", [])
            known = {linked.names.full(one) for one in ([shown] if isinstance(shown, str) else shown)}
            yield from (f"@type {one}" for one in values if linked.names.plain(one) not in known)
        elif not name.startswith("@"):
            plain = linked.names.plain(name)
            terms = [found[plain] for found in (node.terms.by_iri, node.terms.by_alias) if plain in found]
            props = [node.props[term.name] for term in terms if term.name in node.props]
            items = [item for prop in props for item in prop.items]
            for value in _flat(values):
                if any(_says(linked, item, value) for item in items) or _stray(linked, node, name):
                    continue
                yield f"{name} {value}"


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        yield from value.get("@list", [value])


def _stray(linked: JsonLd, node: Node, name: str) -> bool:
    """Whether a property stands in the tree as it was in the document."""
    return any(linked.names.plain(iri(node.active, key, True) or "") == linked.names.plain(name) and shown in node.tree
               for key, shown in node.names.items())  # fmt: skip


def _says(linked: JsonLd, item: Item, value: dict[str, Any]) -> bool:
    if "@value" in value:
        tags = str(item.language or "").lower() == str(value.get("@language", "")).lower()
        return item.form == "literal" and same(item.value, value["@value"]) and tags and (
            item.datatype == value.get("@type"))  # fmt: skip
    if item.form == "ref":  # a relative one is not completed by the library, and pyld's base ends on a slash
        return item.value in (value.get("@id"), f"/{value.get('@id')}")
    if item.form != "node":
        return False
    if item.node is None or item.resolved:  # kept as it is, or read where the reference leads
        return item.tree is None or value.get("@id") == _identity(item)
    return not list(_lacking(linked, value, item.node))


def _identity(item: Item) -> Any:
    return item.tree.get("@id", item.raw.get("@id")) if isinstance(item.tree, dict) else item.tree


OFFICIAL = {
    "dcat-ap-3": "dcat-ap/context__dcat-ap.jsonld",
    "dcat-ap-3-examples": "dcat-ap/html__examples__context.jsonld",
    "dataspace-2025-1": "dataspace-protocol/context__dspace.jsonld",
    "dataspace-2025-1-odrl": "dataspace-protocol/context__odrl.jsonld",
}


def _context(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))["@context"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("name", OFFICIAL)
def test_contexts_have_every_term(name: str) -> None:
    """Each term has the IRI and coercion of the published context; `Xsd:…` there is refused by JSON-LD 1.1."""
    ours = _context(ROOT / "schemas" / "contexts" / f"{name}.jsonld")
    theirs = _context(CORPUS / "_schemas" / OFFICIAL[name])
    theirs = {term: said for term, said in theirs.items() if not term.startswith("Xsd:")}
    assert _spelled_out(ours) == _spelled_out(theirs)


def _spelled_out(said: Any, key: str = "") -> Any:
    if isinstance(said, dict):
        return {name: _spelled_out(below, name) for name, below in said.items()}
    return {"@id": said} if isinstance(said, str) and not key.startswith("@") else said


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("name", [name for name in LINKED if files_of(name)])
def test_documents_mean_the_same_with_the_published_context(name: str) -> None:
    plan = LINKED[name]
    ours = _texts(plan)
    files = {(ROOT / "schemas" / "contexts" / f"{mine}.jsonld").read_text("utf-8"): path
             for mine, path in OFFICIAL.items()}  # fmt: skip
    theirs = {url: (CORPUS / "_schemas" / files[text]).read_text("utf-8") if text in files else text
              for url, text in ours.items()}  # fmt: skip
    for document in _documents(plan):
        expansion = _expanded(document, theirs)
        assert expansion is None or same(expansion, _expanded(document, ours))


# --- small documents --------------------------------------------------------------------------------------------------

SCHEMA = {
    "type": "object",
    "properties": {
        "@id": {"type": "string"},
        "dct:title": {"$ref": "#/$defs/text"},
        "dcat:version": {"type": "string", "also": ["dct:hasVersion"]},
        "dct:publisher": {"$ref": "#/$defs/agent"},
        "dct:type": {"type": "string", "rdf": "iri"},
        "dct:spatial": {"type": "array", "items": {"$ref": "#/$defs/place"}},
        "dcat:distribution": {"type": "array", "items": {"$ref": "#/$defs/file"}},
        "dcat:inSeries": {"type": "array", "items": {"$ref": "#/$defs/series"}},
    },
    "$defs": {
        "text": {"type": "object", "rdf": "language", "additionalProperties": {"type": "string"}},
        "agent": {
            "literal": "dct:title",
            "properties": {"@id": {"type": "string"}, "@type": {"type": "string"},
                           "dct:title": {"$ref": "#/$defs/text"}},
        },
        "place": {
            "literal": {"dct:Point": "dcat:centroid"},
            "properties": {"dcat:centroid": {"type": "string", "rdf": "dct:Point"}},
        },
        "service": {"literal": "@id", "bare": True, "properties": {"@id": {}, "@type": {}, "dct:title": {}}},
        "file": {
            "properties": {"@type": {"type": "string"}, "dcat:accessService": {"$ref": "#/$defs/service"},
                           "dct:title": {"$ref": "#/$defs/text"}},
        },
        "series": {"properties": {"@id": {"type": "string"}, "dct:title": {"$ref": "#/$defs/text"}}},
    },
}  # fmt: skip
MAPPING = """
dialect: small
title: {en: small}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-11-25, sources: [test]}
defaults: {language: und}
container: jsonld
prefixes: {dct: 'http://purl.org/dc/terms/', dcat: 'http://www.w3.org/ns/dcat#'}
contexts: {'https://contexts.example/small': context.jsonld}
context: CONTEXT
schema: small.schema.json
envelope: [{name: graph, graph: 'dcat:Dataset', apart: ['dcat:DatasetSeries']}]
fields:
  identifiers.uri: '@id'
  title: 'dct:title.{lang}'
  version: dcat:version
  citation: {field: dct:type}
  parties.publisher: {fields: {name: 'dct:publisher.dct:title.{lang}', ids.uri: 'dct:publisher.@id'}}
  coverage.spatial:
    each: dct:spatial
    fields:
      geometry: {field: dcat:centroid, template: [{form: '{value}', set: {encoding: wkt}}], types: {value: text}}
  distributions:
    each: dcat:distribution
    fields: {title: 'dct:title.{lang}', service: 'dcat:accessService.@id'}
    derived:
      '@type': {constant: 'dcat:Distribution'}
      'dcat:accessService.@type': {constant: 'dcat:DataService'}
  links.part_of: {each: dcat:inSeries, fields: {uri: '@id', title: 'dct:title.{lang}'}}
derived: {'@type': {constant: 'dcat:Dataset'}, 'dct:publisher.@type': {constant: 'dcat:Agent'}}
"""
CONTEXT = {
    "@version": 1.1,
    "dcat": DCAT,
    "Dataset": {
        "@id": f"{DCAT}Dataset",
        "@context": {
            "title": f"{DCT}title",
            "publisher": f"{DCT}publisher",
            "kind": {"@id": f"{DCT}type", "@type": "@vocab"},
            "files": {"@id": f"{DCAT}distribution", "@container": "@set"},
            "Word": "https://words.example/word",
        },
    },
    "Agent": {"@id": f"{DCAT}Agent", "@context": {"name": f"{DCT}title"}},
    "Distribution": {"@id": f"{DCAT}Distribution", "@context": {"service": f"{DCAT}accessService"}},
}
PREFIXES = {"dct": DCT, "dcat": DCAT}


@cache
def _small(folder: Path, context: str) -> mh.Dialect:
    (folder / "small.schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (folder / "context.jsonld").write_text(json.dumps({"@context": CONTEXT}), "utf-8")
    (folder / "prefixes.jsonld").write_text(json.dumps({"@context": PREFIXES}), "utf-8")
    (folder / "small.yaml").write_text(MAPPING.replace("CONTEXT", context), "utf-8")
    return mh.Registry([folder]).load("small")


@pytest.fixture
def small(tmp_path: Path) -> mh.Dialect:
    return _small(tmp_path, "prefixes.jsonld")


@pytest.fixture
def scoped(tmp_path: Path) -> mh.Dialect:
    return _small(tmp_path, "'https://contexts.example/small'")


def _dataset(**members: Any) -> dict[str, Any]:
    return {"@context": PREFIXES, "@id": "https://x.example/1", "@type": "dcat:Dataset",
            **{name.replace("_", ":"): value for name, value in members.items()}}  # fmt: skip


def test_a_literal_in_the_place_of_a_node_names_it(small: mh.Dialect) -> None:
    product = small.read(_dataset(dct_publisher={"@value": "Office", "@language": "en"}))
    assert product.canonical()["parties"] == {"publisher": [{"name": {"en": "Office"}}]}
    assert small.write(product) == _dataset(dct_publisher={"@value": "Office", "@language": "en"})
    point = {"@value": "POINT(1 2)", "@type": f"{DCT}Point"}
    other = {"@value": "{}", "@type": f"{DCT}Other"}
    product = small.read(record := _dataset(dct_spatial=[point, other]))
    assert product.canonical()["coverage"]["spatial"] == [{"geometry": {"encoding": "wkt", "value": "POINT(1 2)"}}]
    assert small.write(product) == record


def test_a_constant_makes_no_object(small: mh.Dialect) -> None:
    assert "dct:publisher" not in small.write({"title": {"en": "x"}})
    written = small.write({"parties": {"publisher": [{"name": {"en": "Office"}}]}})
    assert written["dct:publisher"]["@type"] == "dcat:Agent"
    record = _dataset(dct_publisher={"@type": "dcat:Agent"})
    assert small.write(small.read(record)) == record


def test_other_names_of_a_property_are_read(small: mh.Dialect) -> None:
    record = _dataset(dct_hasVersion="2")
    product = small.read(record)
    assert product.version == "2" and small.write(product) == record
    assert small.write({"version": "2"})["dcat:version"] == "2"


def test_a_node_that_is_only_named_is_a_text(small: mh.Dialect) -> None:
    record = _dataset(dcat_distribution=[{"@type": "dcat:Distribution", "dcat:accessService": "urn:x:1"}])
    product = small.read(record)
    assert product.canonical()["distributions"] == [{"service": "urn:x:1"}] and small.write(product) == record
    fresh = small.write({"distributions": [{"service": "urn:x:1"}]})
    assert fresh["dcat:distribution"] == [{"@type": "dcat:Distribution", "dcat:accessService": "urn:x:1"}]


def test_new_nodes_are_spelled_in_the_context_inside_them(scoped: mh.Dialect) -> None:
    product = {"parties": {"publisher": [{"name": {"und": "Office"}}]}, "citation": {"und": "https://words.example/word"},
               "distributions": [{"service": "urn:x:1"}]}  # fmt: skip
    fresh = scoped.write(product)
    assert fresh == {
        "@context": "https://contexts.example/small",
        "@type": "Dataset",
        "kind": "Word",
        "publisher": {"@type": "Agent", "name": "Office"},
        "files": [{"@type": "Distribution", "service": "urn:x:1"}],
    }
    assert scoped.read(fresh).canonical() == product


def test_what_stands_apart_is_no_part_of_a_record(small: mh.Dialect) -> None:
    series = {"@id": "https://x.example/s", "@type": "dcat:DatasetSeries", "dct:title": "Shelf"}
    document = {"@context": PREFIXES, "@graph": [
        {"@id": "https://x.example/1", "@type": "dcat:Dataset", "dcat:inSeries": {"@id": "https://x.example/s"}},
        series]}  # fmt: skip
    (entry,) = small.records(document).entries
    assert series["dct:title"] not in json.dumps(entry.record)
    assert small.read(entry.record).canonical()["links"] == {"part_of": [{"uri": "https://x.example/s"}]}


def test_an_excerpt_of_what_stands_apart_is_part_of_a_record() -> None:
    """The title of a series; its other properties and what they refer to are no part of its datasets."""
    dcat = mh.load("dcat-ap-3")
    series = {"@id": "https://x.example/s", "@type": "dcat:DatasetSeries", "dct:title": {"@value": "Shelf",
              "@language": "en"}, "dct:publisher": {"@id": "https://x.example/office"}}  # fmt: skip
    datasets = [{"@id": f"https://x.example/{n}", "@type": "dcat:Dataset", "dcat:inSeries": {"@id": series["@id"]}}
                for n in (1, 2)]  # fmt: skip
    office = {"@id": "https://x.example/office", "@type": "foaf:Agent", "foaf:name": "Office"}
    document = {"@context": {**PREFIXES, "foaf": "http://xmlns.com/foaf/0.1/"}, "@graph": [*datasets, series, office]}
    entries = dcat.records(document).entries
    assert len(entries) == 2
    for entry in entries:
        assert "office" not in json.dumps(entry.record)
        product = dcat.read(entry.record)
        assert product.canonical()["links"] == {"part_of": [{"uri": "https://x.example/s", "title": {"en": "Shelf"}}]}
        assert dcat.write(product) == entry.record
    whole = dcat.read(document)  # as one record: the first dataset, and the rest beside it
    assert whole.canonical()["links"]["part_of"][0]["title"] == {"en": "Shelf"}
    assert dcat.write(whole) == document


def test_a_dataset_inside_a_dataset_is_part_of_it(small: mh.Dialect) -> None:
    record = _dataset(dct_source={"@id": "https://x.example/2", "@type": "dcat:Dataset", "dct:title": "Other"})
    assert len(small.records(record).entries) == 1
    assert small.write(small.read(record)) == record


def test_an_alias_beside_the_identity_is_none(small: mh.Dialect) -> None:
    record = {**_dataset(), "@context": [PREFIXES, {"id": "@id"}], "id": "short"}
    product = small.read(record)
    assert product.canonical()["identifiers"] == {"uri": [{"value": "https://x.example/1"}]}
    assert small.write(product) == record


# --- Turtle and RDF/XML -----------------------------------------------------------------------------------------------

TURTLE = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://x.example/1> a dcat:Dataset ;
    dct:title "Trees"@en, "Bäume"@de ;
    dct:issued "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ;
    dct:publisher [ a foaf:Agent ; foaf:name "Office" ] .
"""
XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"
  xmlns:dcat="http://www.w3.org/ns/dcat#"><dcat:Dataset rdf:about="https://x.example/1">
  <dct:title xml:lang="en">Trees</dct:title></dcat:Dataset></rdf:RDF>"""


@pytest.mark.parametrize(("name", "text"), [("x.ttl", TURTLE), ("x.rdf", XML)])
def test_rdf_is_read(name: str, text: str, tmp_path: Path) -> None:
    pytest.importorskip("rdflib")
    (tmp_path / name).write_text(text, "utf-8")
    (document,) = read_documents(tmp_path / name)
    dialect = mh.load("dcat-ap-3")
    (entry,) = dialect.records(document.value).entries
    product = dialect.read(entry.record)
    assert product.canonical()["title"]["en"] == "Trees" and same(dialect.write(product), entry.record)
    if name == "x.ttl":
        assert product.canonical()["parties"] == {"publisher": [{"name": {"und": "Office"}}]}
        assert document == next(iter(read_documents(tmp_path / name)))  # the same labels every time


def test_what_is_no_rdf_is_told_with_its_line(tmp_path: Path) -> None:
    pytest.importorskip("rdflib")
    (tmp_path / "x.ttl").write_text(TURTLE + "<a> <b> ^^ .", "utf-8")
    (document,) = read_documents(tmp_path / "x.ttl")
    (problem,) = document.problems
    assert document.value is None and problem.place is not None and problem.place.line in (9, 10)


def test_a_missing_extra_is_told_with_the_way_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdflib", None)
    (tmp_path / "x.ttl").write_text(TURTLE, "utf-8")
    (document,) = read_documents(tmp_path / "x.ttl")
    assert "pip install 'metaharmon[rdf]'" in document.problems[0].message


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_rdf_of_the_corpus_returns() -> None:
    pytest.importorskip("rdflib")
    dialect = mh.load("dcat-ap-3")
    told = 0
    for path in sorted((CORPUS / "dcat-ap-rdf").iterdir()):
        for document in read_documents(path):
            for entry in dialect.records(document.value).entries if not document.problems else ():
                assert same(dialect.write(dialect.read(entry.record)), entry.record)
                told += 1
    assert told >= 9


def test_a_text_under_a_language_container_that_is_no_map_can_be_replaced() -> None:
    """Alone, an object with a value and a language would be read as texts in the languages of these names."""
    dialect = mh.load("dcat-ap-3")
    context = {**PREFIXES, "@language": "en", "title": {"@id": "dct:title", "@container": "@language"}}
    record = {"@context": context, "@id": "https://x.example/1", "@type": "dcat:Dataset", "title": "Old"}
    product = dialect.read({**record, "title": {"en": "New"}})
    written = dialect.write(product, onto=record)
    assert dialect.read(written).canonical()["title"] == {"en": "New"}
