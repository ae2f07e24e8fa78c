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
