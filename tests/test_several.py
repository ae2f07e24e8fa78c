"""Several values: all are read where the standard allows them, and what is not read is told (`data/several.yaml`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from metaharmon.files.records import read_documents
from metaharmon.model.normal import same

(DOCUMENT,) = read_documents(Path(__file__).parent / "data" / "several.yaml")
CASES: list[dict[str, Any]] = DOCUMENT.value


def at(tree: Any, path: str) -> Any:
    """What stands at a path of members and positions."""
    for step in path.split("."):
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["dialect"])
def test_all_values_are_read_or_told(case: dict[str, Any]) -> None:
    dialect = mh.load(case["dialect"])
    reading = dialect.reading(case["record"])
    assert reading.product is not None
    tree = reading.product.tree()
    for path, wanted in case["ours"].items():
        assert same(at(tree, path), wanted), (path, at(tree, path))
    told = {
        left.path for left in dialect.left(case["record"]) if left.outcome == "surplus" and "@type" not in left.path
    }
    assert told == set(case["surplus"])
    assert same(dialect.write(reading.product), case["record"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["dialect"])
def test_all_values_are_written_anew(case: dict[str, Any]) -> None:
    """What was read is said by a new record, too: what the standard allows is not lost on the way out."""
    dialect = mh.load(case["dialect"])
    tree = dialect.read(case["record"]).tree()
    product = mh.DataProduct.from_normal(tree)
    written = dialect.writing(product)
    lost = {path for path in case["ours"] for loss in written.losses if f"{loss.path}.".startswith(f"{path}.")}
    assert not lost, written.losses
    again = dialect.read(written.record).tree()
    for path, wanted in case["ours"].items():
        assert same(at(again, path), wanted), path


def test_words_of_all_languages_are_said() -> None:
    """Tags of CKAN have no language: the words of every language arrive, each once, and the report says so."""
    record = {
        "@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"},
        "@type": "dcat:Dataset",
        "dct:title": {"@value": "Trams", "@language": "en"},
        "dcat:keyword": [
            {"@value": "trams", "@language": "en"}, {"@value": "tranvías", "@language": "es"}, "GIS",
            {"@value": "GIS", "@language": "es"},
        ],
    }  # fmt: skip
    done = mh.translator("dcat-ap-3", "ckan")(record)
    assert [tag["name"] for tag in done.record["tags"]] == ["GIS", "trams", "tranvías"]
    (loss,) = [loss for loss in done.losses if loss.path.startswith("keywords")]
    assert loss.kind == "changed" and loss.becomes == {"und": ["GIS", "trams", "tranvías"]}
    assert "'en' and 'es'" in loss.reason
