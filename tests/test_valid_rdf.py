"""What is written anew is valid there: shapes of DCAT-AP and DPROD, message schemas of the Dataspace Protocol.

A product that lacks what is mandatory cannot be valid; then the schema of the dialect says so, too (`required`).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

import metaharmon as mh
from metaharmon import interpreter
from metaharmon.diagnostics import REQUIRED_MISSING
from shipped import CORPUS, ROOT, corpus_records, example_records, plans

jsonschema = pytest.importorskip("jsonschema")
pyshacl = pytest.importorskip("pyshacl")
rdflib = pytest.importorskip("rdflib")
SCHEMAS = CORPUS / "_schemas"
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")
pytestmark = [
    pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the corpus is not here"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@cache
def _shapes(path: str) -> Any:
    """The shapes of a file, without those that are none: two in the published file have no path."""
    shapes = rdflib.Graph().parse(SCHEMAS / path)
    for triple in list(shapes.triples((None, SHACL.property, None))):
        if (triple[2], SHACL.path, None) not in shapes:
            shapes.remove(triple)
    return shapes


def _valid(record: dict[str, Any], shapes: str, context: Any = None) -> str | None:
    document = {**record, "@context": context} if context is not None else record
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=_shapes(shapes))
    return None if conforms else text


def _lacking(name: str, record: dict[str, Any]) -> list[str]:
    """What the schema of a dialect requires and a written record lacks, at any depth."""
    schema = json.loads((ROOT / "schemas" / "dialects" / f"{name}.schema.json").read_text("utf-8"))
    tree = plans()[name].linked.open(record)[0]
    found = jsonschema.Draft202012Validator(schema).iter_errors(tree)
    return [error.message for error in found if error.validator == "required"]


def _products(name: str) -> list[dict[str, Any]]:
    plan = plans()[name]
    return [interpreter.read(plan, record).tree for record in (*example_records(name), *corpus_records(plan, 3))]


@pytest.mark.parametrize("name", plans())
def test_any_product_is_written_as_valid_dcat_ap(name: str) -> None:
    for product in _products(name):
        written = interpreter.write(plans()["dcat-ap-3"], product)
        if _lacking("dcat-ap-3", written.record):
            continue
        assert "title" in product and "description" in product
        told = {problem.path for problem in written.problems if problem.code == REQUIRED_MISSING}
        assert told.isdisjoint(("dct:title", "dct:description"))
        assert _valid(written.record, "dcat-ap/shacl__dcat-ap-SHACL.ttl") is None, (product, written.record)


def test_most_products_have_what_dcat_ap_needs() -> None:
    products = [product for name in plans() for product in _products(name)]
    full = [one for one in products if "title" in one and "description" in one]
    lacking = [one for one in full if _lacking("dcat-ap-3", interpreter.write(plans()["dcat-ap-3"], one).record)]
    assert len(lacking) < len(full) / 4


def test_missing_titles_are_told() -> None:
    written = mh.load("dcat-ap-3").writing({"description": {"en": "x"}})
    told = {problem.path for problem in written.problems if problem.code == REQUIRED_MISSING}
    assert "dct:title" in told and "dct:description" not in told


def test_products_are_written_as_valid_dprod() -> None:
    context = json.loads((ROOT / "schemas" / "contexts" / "dprod.jsonld").read_text("utf-8"))["@context"]
    for name in ("dprod", "dcat-ap-3", "ckan", "cn-ndi-product"):
        for product in _products(name):
            written = interpreter.write(plans()["dprod"], product).record
            assert _valid(written, "dprod/dprod-shapes.ttl", context) is None


@cache
def _messages() -> Any:
    from referencing import Registry, Resource

    found = [json.loads(path.read_text("utf-8")) for path in (SCHEMAS / "dataspace-protocol").glob("*-schema.json")]
    registry = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in found)
    dataset = next(one for one in found if one["$id"].endswith("catalog/dataset-schema.json"))
    return jsonschema.Draft201909Validator(dataset, registry=registry)


def test_datasets_of_the_dataspace_protocol_are_valid() -> None:
    told = 0
    for product in _products("dataspace-protocol"):
        written = interpreter.write(plans()["dataspace-protocol"], product).record
        if not _lacking("dataspace-protocol", written):
            assert [error.message for error in _messages().iter_errors(written)] == []
            told += 1
    assert told >= 3
