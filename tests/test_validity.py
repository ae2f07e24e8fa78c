"""What is written fresh for a dialect with an official schema, shape or validator is valid there, with few exceptions.

A small sample; docs/reference/validity.md has the figures of more (`make validity`).
"""

from __future__ import annotations

import pytest

import judging
import official
import shipped
import sockets
from judging import GOAL

PER_SOURCE = 2
NAMES = sorted(name for name in official.said() if name in shipped.plans())
NEEDS = {"json_schema": "jsonschema", "shacl": "pyshacl"}
LOWER: dict[str, tuple[float, str]] = {}
"""Dialects that do not reach the goal: the share that they reach, and why."""

pytestmark = [
    pytest.mark.skipif(not official.SCHEMAS.is_dir(), reason="the corpus is not here"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_fresh_is_valid(name: str) -> None:
    for word, value in official.said()[name].items():
        if word == "library" or word in NEEDS:
            with sockets.allowed():  # a client of HTTP tries a local one as soon as it is imported
                pytest.importorskip(NEEDS.get(word, value))
    tally = judging.judge(name, PER_SOURCE)
    goal, _ = LOWER.get(name, (GOAL, ""))
    assert tally.share_of_all >= goal, tally.complaints
    assert tally.share >= goal or tally.complete - tally.valid <= 1, tally.complaints
    assert tally.complete + tally.completed >= tally.written / 4


def test_exceptions_are_needed() -> None:
    assert set(LOWER) <= set(NAMES)
    assert all(floor < GOAL and why for floor, why in LOWER.values())


def test_official_validators_refuse_what_is_not_valid() -> None:
    pytest.importorskip("jsonschema")
    for name in NAMES:
        if "json_schema" in official.said()[name]:
            assert official.complaints(name, {}), name
            assert official.complaints(name, {"id": ["x"], "title": {"x": 1}, "resources": 1}), name


def test_shapes_refuse_what_is_not_valid() -> None:
    pytest.importorskip("pyshacl")
    whole = judging.fresh("dcat-ap-3", {"title": {"en": "x"}, "description": {"en": "y"}})[0].record
    assert official.complaints("dcat-ap-3", whole) == []
    assert official.complaints("dcat-ap-3", {k: v for k, v in whole.items() if "description" not in k})
    product = judging.fresh("dprod", {"title": {"en": "x"}})[0].record
    assert official.complaints("dprod", product) == []
    assert official.complaints("dprod", {**product, "purpose": {"@id": "https://office.example/x"}})


def test_what_is_missing_is_told_and_not_invented() -> None:
    pytest.importorskip("jsonschema")
    for name in ("odcs-3.1", "stac-collection", "firstdata-zh", "dcat-us-3"):
        written, missing = judging.fresh(name, {"title": {"en": "Example"}})
        assert missing and official.complaints(name, written.record)
