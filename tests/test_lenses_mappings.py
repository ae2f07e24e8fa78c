"""Lenses as the shipped NDI mappings use them."""

import pytest

import shipped
from metaharmon import interpreter
from metaharmon.mapping.build import build_plan
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import load_mapping


@pytest.mark.parametrize("name", ["cn-ndi-product", "cn-ndi-resource"])
def test_ndi_loads_without_finding(name):
    """The two forms, with what they share."""
    report = Report()
    build_plan(load_mapping(shipped.find(name), shipped.find, report), report)
    assert list(report) == []


@pytest.mark.parametrize(
    ("raw", "ours"),
    [
        ("2026-5-24 ~ 至今", {"start": "2026-05-24", "open_end": True}),
        ("2026-05-24 — 至今", {"start": "2026-05-24", "open_end": True}),
        ("2025-1-1 至 2026-5-24", {"start": "2025-01-01", "end": "2026-05-24"}),
        ("2020-01 ~ 2025-12", {"start": "2020-01", "end": "2025-12"}),
        ("2020~2025/12/31", {"start": "2020", "end": "2025-12-31"}),
    ],
)
def test_ndi_dates_with_and_without_padding(raw, ours):
    """2026-5-24 is a day like 2026-05-24; it stands again where it stood."""
    plan = shipped.plans()["cn-ndi-product"]
    record = {"产品名称": "甲", "覆盖时间范围": raw}
    read = interpreter.read(plan, record)
    assert not read.problems and read.tree["coverage"]["temporal"] == [ours]
    assert interpreter.write(plan, read.tree, read.residue).record == record


@pytest.mark.parametrize(("raw", "ours"), [("18,2", {"precision": 18, "scale": 2}), ("12", {"length": 12})])
def test_ndi_lengths(raw, ours):
    """18,2 is precision and scale, 12 a length."""
    plan = shipped.plans()["cn-ndi-product"]
    read = interpreter.read(plan, {"信息项": [{"信息项名称": "甲", "数据长度": raw}]})
    (table,) = read.tree["structure"]["tables"]
    assert not read.problems and table["items"] == [{"label": {"zh": "甲"}, **ours}]
