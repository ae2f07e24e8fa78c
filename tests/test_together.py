"""Groups that are one policy: the limits of a contract are read and said whole, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

import metaharmon as mh
from laws import accounts, attempt, edited, is_normal, keeps, returns, travels
from metaharmon import interpreter
from metaharmon.compiler import CompiledPlan
from metaharmon.compiler.base import Slow
from metaharmon.generate import edits, products, records
from metaharmon.model.overlay import overlay
from shipped import plans

NAMES = sorted(name for name, plan in plans().items() if plan.together)
CONTRACT = {
    "产品名称": "示例",
    "数字合约约束": {"使用次数": 1000, "使用频次": "5次/秒", "网络地址": ["192.0.2.0/24"]},
}


def test_there_are_such_dialects() -> None:
    assert "cn-ndi-product" in NAMES


def test_limits_that_read_are_read() -> None:
    product = mh.load("cn-ndi-product").read(CONTRACT)
    assert product.canonical()["access"]["limits"] == {
        "count": 1000, "rate": {"value": "5"}, "networks": ["192.0.2.0/24"],
    }  # fmt: skip


def test_of_limits_that_cannot_all_be_read_none_is() -> None:
    """Nothing permits more than its author did; each value is told, and all return."""
    dialect = mh.load("cn-ndi-product")
    record = {**CONTRACT, "数字合约约束": {**CONTRACT["数字合约约束"], "使用频次": "很快"}}  # type: ignore[dict-item]
    found = dialect.reading(record, explain=True)
    assert found.product is not None and "access" not in found.product.canonical()
    assert {(one.path, one.outcome, one.value) for one in found.left or ()} == {
        ("数字合约约束.使用次数", "unread", 1000),
        ("数字合约约束.使用频次", "unread", "很快"),
        ("数字合约约束.网络地址.0", "unread", "192.0.2.0/24"),
    }
    assert all("cannot be read whole" in one.reason for one in found.left or ())
    assert dialect.write(found.product) == record
    found.product.access = {"limits": {"count": 7}}
    assert dialect.write(found.product)["数字合约约束"] == {"使用次数": 7}


def test_of_limits_that_cannot_all_be_said_none_is() -> None:
    dialect = mh.load("cn-ndi-product")
    product = mh.DataProduct.model_validate(
        {
            "title": {"zh": "示例"},
            "access": {"limits": {"count": 7, "concurrency": 2}},
            "identifiers": {"local": [{"value": "1"}]},
        }
    )
    written = dialect.writing(product)
    assert "数字合约约束" not in written.record
    (lost,) = [loss for loss in written.losses if loss.path.startswith("access")]
    assert (lost.path, lost.kind) == ("access.limits", "omitted")
    assert lost.reason.startswith("the limits cannot be said whole: concurrency: ")
    assert lost.value == {"count": 7, "concurrency": 2}


def test_limits_are_stated_as_one() -> None:
    """What stands at the other side is not mixed with what the product says."""
    base = {"access": {"limits": {"unlimited": True}, "storage": "local"}, "title": {"zh": "甲"}}
    assert overlay(base, {"access": {"limits": {"count": 5}}}) == {
        "access": {"limits": {"count": 5}, "storage": "local"}, "title": {"zh": "甲"},
    }  # fmt: skip
    assert base["access"]["limits"] == {"unlimited": True}  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_laws(name: str) -> None:
    plan = plans()[name]
    for record in records(plan, 41, 25):
        for law in (returns, accounts, is_normal, travels):
            assert attempt(law, plan, record) is None
        read = interpreter.read(plan, record)
        for edit in edits(plan, read.tree, 5, 2):
            assert attempt(edited, plan, record, edit) is None
        _alike(read, plan, record)
    for tree in products(plan, 43, 25):
        assert attempt(keeps, plan, tree) is None


def _alike(read: Any, plan: Any, record: Any) -> None:
    try:
        fast = CompiledPlan(plan).read(record)
    except Slow:
        return
    assert (fast.tree, fast.residue, fast.problems) == (read.tree, read.residue, read.problems)
