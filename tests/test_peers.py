"""What peers' own tests expect of a conversion (`tests/peers.py`; cases of the shared folder where it is there)."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import metaharmon
import peers

ASSERTIONS = peers.assertions()
CASES = peers.shared_cases()
LEFT_TO_OTHERS = {"05", "08", "11"}
"""Cases of JSON-LD and Croissant, tried in tests of their own."""
FREE = {"26": {"resources.0.status": "http://publications.europa.eu/resource/authority/distribution-status/COMPLETED"}}
"""Where a case allows either of two values: ours."""


@cache
def translator(read: str, write: str) -> Any:
    return metaharmon.translator(read=read, write=write)


@pytest.mark.parametrize("one", ASSERTIONS, ids=lambda one: f"{one.peer}: {one.test}: {one.path}")
def test_an_assertion_of_a_peer(one: peers.Assertion) -> None:
    record = translator(one.read, one.write)(one.record).record
    found, wanted = peers.plain(peers.at(record, one.path)), peers.plain(one.wanted)
    if one.kind == "gap":
        assert found != wanted, "the gap is closed: say `holds`"
    else:
        assert found == wanted and type(found) is type(wanted)


@pytest.mark.parametrize("one", [one for one in ASSERTIONS if one.kind != "holds"], ids=lambda one: one.path)
def test_what_does_not_hold_as_it_is_has_a_reason(one: peers.Assertion) -> None:
    assert len(one.why) >= 8


def test_there_are_enough_of_them_and_few_differ() -> None:
    counts = Counter(one.kind for one in ASSERTIONS)
    assert sum(counts.values()) >= 200
    assert counts["different"] <= 0.1 * sum(counts.values())
    assert counts["gap"] <= 0.05 * sum(counts.values())
    assert {one.peer for one in ASSERTIONS} == {
        "bolognese", "ckanext-dcat", "datacontract-cli", "frictionless-ckan-mapper"
    }  # fmt: skip


@pytest.mark.skipif(not CASES, reason="the shared cases are not here")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_shared_case(path: Path) -> None:
    number = path.stem[:2]
    if number in LEFT_TO_OTHERS:
        pytest.skip("tried in the tests of JSON-LD")
    case = peers.load_case(path)
    record = translator(case["read"], case["write"])(case["input"]).record
    wanted = {**case["expected"], **FREE.get(number, {})}
    wrong = {at: found for at, value in wanted.items() if (found := peers.at(record, at)) != value}
    assert not wrong
