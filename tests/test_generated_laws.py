"""The laws, for every shipped dialect: on its example records, on corpus records, on generated ones, and in pairs."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import laws
import shipped
from metaharmon import interpreter
from metaharmon.generate import edits, products, records
from metaharmon.generate.products import plan_product
from metaharmon.generate.records import plan_record
from metaharmon.mapping.plan import Plan
from strategies import Drawn

PLANS = shipped.plans()
NAMES = sorted(PLANS)
PAIRS_SEED = 7


def broken_laws(plan: Plan, found: list[dict[str, Any]]) -> list[str]:
    """What the record laws find, once a law, each with a smallest record."""
    out = []
    for law in laws.RECORD_LAWS:
        bad = [record for record in found if laws.attempt(law, plan, record)]
        if bad:
            first = min(bad, key=lambda record: len(laws.shown(record)))
            small = laws.smallest(first, lambda record, law=law: laws.attempt(law, plan, record) is not None)
            out.append(f"{plan.dialect}: {len(bad)} of {len(found)} records; {laws.attempt(law, plan, small)}\n"
                       f"    record {laws.shown(small)}")  # fmt: skip
    return out


def broken_edits(plan: Plan, found: list[dict[str, Any]], n: int) -> list[str]:
    """What the edit law finds."""
    out = []
    for i, record in enumerate(found):
        for edit in edits(plan, interpreter.read(plan, record).tree, i, n):
            finding = laws.attempt(laws.edited, plan, record, edit)
            if finding:
                records_shown = f"    record {laws.shown(record)}\n    edited {laws.shown(edit.tree)}"
                out.append(f"{plan.dialect}: {finding}\n{records_shown}")
    return sorted(out, key=len)[:2]


def broken_keeps(plan: Plan, trees: list[dict[str, Any]]) -> list[str]:
    """What the keep law finds in some products, with a smallest product."""
    bad = [tree for tree in trees if laws.attempt(laws.keeps, plan, tree)]
    if not bad:
        return []
    first = min(bad, key=lambda tree: len(laws.shown(tree)))
    small = laws.smallest(first, lambda tree: _still_broken(plan, tree))
    return [f"{plan.dialect}: {len(bad)} of {len(trees)} products; {laws.attempt(laws.keeps, plan, small)}\n"
            f"    product {laws.shown(small)}"]  # fmt: skip


def _still_broken(plan: Plan, tree: dict[str, Any]) -> bool:
    """Whether a smaller product is canonical and breaks the law."""
    try:
        if not laws.same(laws.normal_product(tree), tree):
            return False
    except ValueError:
        return False
    return laws.attempt(laws.keeps, plan, tree) is not None


def fail(findings: list[str]) -> None:
    """Fail with all findings."""
    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


def test_there_are_dialects() -> None:
    """The discovery finds what is shipped: else no law below would be tried."""
    files = list(shipped.MAPPINGS.glob("*.yaml"))
    assert len(PLANS) >= len(files) // 2


@pytest.mark.parametrize("name", NAMES)
def test_example_records(name: str) -> None:
    found = shipped.example_records(name)
    fail(broken_laws(PLANS[name], found) + broken_edits(PLANS[name], found, 4))


@pytest.mark.parametrize("name", NAMES)
def test_corpus_records(name: str) -> None:
    found = shipped.corpus_records(PLANS[name], 30)
    if not found:
        pytest.skip("no corpus records of this dialect here")
    fail(broken_laws(PLANS[name], found) + broken_edits(PLANS[name], found, 1))


@pytest.mark.parametrize("name", NAMES)
def test_generated_records(name: str) -> None:
    found = records(PLANS[name], 1, 20)
    fail(broken_laws(PLANS[name], found) + broken_edits(PLANS[name], found, 1))


@pytest.mark.parametrize("name", NAMES)
def test_generated_products(name: str) -> None:
    fail(broken_keeps(PLANS[name], products(PLANS[name], 2, 30)))


@pytest.mark.parametrize("name", NAMES)
def test_generated_records_are_mostly_read(name: str) -> None:
    """Generated records reach the rules: most cells of a dialect are read from some record."""
    plan = PLANS[name]
    fates = [fate for record in records(plan, 3, 18) for fate in interpreter.read(plan, record, True).fates or ()]
    read = {fate.path for fate in fates if fate.fate in ("exact", "spelled") and fate.informative}
    texts = {slot.text for cell in plan.record.cells for slot in cell.theirs}
    assert len(texts & read) >= 0.5 * len(texts) or not texts


@pytest.mark.parametrize("name", NAMES)
def test_pairs(name: str) -> None:
    """What any other dialect reads, this one keeps but for its losses."""
    plan = PLANS[name]
    trees = [tree for other in NAMES if other != name for tree in _trees(other, 2)]
    fail(broken_keeps(plan, trees))


_READ: dict[tuple[str, int], list[dict[str, Any]]] = {}


def _trees(name: str, n: int) -> list[dict[str, Any]]:
    """The products of an example record and of generated ones, `n` together."""
    if (name, n) not in _READ:
        found = itertools.islice((*shipped.example_records(name)[: n // 2], *records(PLANS[name], PAIRS_SEED, n)), n)
        _READ[name, n] = [interpreter.read(PLANS[name], record).tree for record in found]
    return _READ[name, n]


SEARCH = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
                  phases=(Phase.explicit, Phase.generate))  # fmt: skip  # `broken_laws` makes examples small itself


@SEARCH
@given(st.data())
def test_any_record(data: st.DataObject) -> None:
    """Hypothesis chooses: any dialect, any record."""
    plan = PLANS[data.draw(st.sampled_from(NAMES))]
    fail(broken_laws(plan, [plan_record(plan, Drawn(data.draw))]))


@SEARCH
@given(st.data())
def test_any_product(data: st.DataObject) -> None:
    """Hypothesis chooses: any dialect, any product."""
    plan = PLANS[data.draw(st.sampled_from(NAMES))]
    fail(broken_keeps(plan, [plan_product(plan, Drawn(data.draw))]))


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_many(name: str) -> None:
    plan = PLANS[name]
    found = [*records(plan, 11, 400), *shipped.corpus_records(plan, 2000)]
    fail(broken_laws(plan, found) + broken_edits(plan, found, 2) + broken_keeps(plan, products(plan, 12, 400)))


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_many_pairs(name: str) -> None:
    trees = [tree for other in NAMES if other != name for tree in _trees(other, 200)]
    fail(broken_keeps(PLANS[name], trees))


def test_generation_is_deterministic() -> None:
    """The same seed gives the same records and products."""
    for name in NAMES[:5]:
        plan = PLANS[name]
        assert laws.shown(records(plan, 5, 5)) == laws.shown(records(plan, 5, 5))
        assert laws.shown(products(plan, 5, 5)) == laws.shown(products(plan, 5, 5))


def test_an_entry_under_several_keys_is_lost_under_each() -> None:
    """One role has no code there, and of the other nothing can be said: both are told."""
    party = {"ids": {"uri": "https://participants.example/a.json"}}
    assert laws.keeps(shipped.plans()["stac-collection"], {"parties": {"producer": [party], "holder": [party]}}) is None
