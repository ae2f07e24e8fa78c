"""What is written anew is valid there: shapes of DCAT-AP and DPROD, message schemas of the Dataspace Protocol.

A product that lacks what is mandatory cannot be valid; then the schema of the dialect says so, too (`required`).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import metaharmon as mh
import official
from metaharmon import interpreter
from metaharmon.diagnostics import REQUIRED_MISSING
from shipped import ROOT, corpus_records, example_records, plans

jsonschema = pytest.importorskip("jsonschema")
pytest.importorskip("pyshacl")
pytestmark = [
    pytest.mark.skipif(not official.SCHEMAS.is_dir(), reason="the corpus is not here"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


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
        assert official.complaints("dcat-ap-3", written.record) == [], (product, written.record)


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
    for name in ("dprod", "dcat-ap-3", "ckan", "cn-ndi-product"):
        for product in _products(name):
            written = interpreter.write(plans()["dprod"], product).record
            assert official.complaints("dprod", written) == []


def test_datasets_of_the_dataspace_protocol_are_valid() -> None:
    told = 0
    for product in _products("dataspace-protocol"):
        written = interpreter.write(plans()["dataspace-protocol"], product).record
        if not _lacking("dataspace-protocol", written):
            assert official.complaints("dataspace-protocol", written) == []
            told += 1
    assert told >= 3
