"""The normal form of canonical JSON: laws on generated trees, then hand-written values."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metaharmon.diagnostics import MetaharmonError
from metaharmon.model import shape
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf
from metaharmon.model.normal import CanonicalError, canonical_json, normal, same, sort_list
from metaharmon.model.whole import normal_product
from strategies import products


def shuffled(tree, node, random):
    """The same product written differently: keys in another order, bags permuted, nothings put in."""
    if isinstance(node, (Group, Keyed)):
        below = {key: node.members[key] if isinstance(node, Group) else node.value for key in tree}
        items = [(key, shuffled(value, below[key], random)) for key, value in tree.items()]
        if isinstance(node, Group):
            items += [(key, random.choice([None, "", [], {}])) for key in node.members if key not in tree][:2]
        random.shuffle(items)
        return dict(items)
    if isinstance(node, ListOf):
        items = mixed(tree, node, random) if node.kind == "discriminated" else list(tree)
        if node.kind == "bag":
            random.shuffle(items)
        return [*(shuffled(value, node.item, random) for value in items), None]
    if isinstance(node, LangText):
        return {tag.swapcase(): text for tag, text in tree.items()}
    if isinstance(node, LangList):
        return {tag: random.sample(texts, len(texts)) for tag, texts in tree.items()}
    return tree


def mixed(items, node, random):
    """Items of a discriminated list in another order, but for the order inside one discriminator."""
    queues = {}
    for item in items:
        queues.setdefault(tuple(item.get(name) for name in node.by), []).append(item)
    order = [key for key, queue in queues.items() for _ in queue]
    random.shuffle(order)
    return [queues[key].pop(0) for key in order]


@given(products())
def test_normal_twice_is_normal_once(tree):
    assert same(normal_product(tree), tree)


@given(products(), st.randoms(use_true_random=False))
def test_order_and_nothings_mean_nothing(tree, random):
    assert same(normal_product(shuffled(tree, shape.root(), random)), tree)


@given(products())
def test_normal_form_has_no_nothing_and_leaves_its_input(tree):
    before = copy.deepcopy(tree)
    normal_product(tree)
    assert same(before, tree)
    text = canonical_json(tree)
    assert same(json.loads(text), tree)
    stack = [tree]
    while stack:
        value = stack.pop()
        assert value not in (None, "", [], {})
        stack.extend(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())


@pytest.mark.parametrize("group", ["offers", "quality", "rights", "access", "classification", "dynamics", "compute"])
def test_normal_on_each_group(group):
    node = shape.root().members[group]

    @settings(max_examples=30)
    @given(products(node))
    def law(tree):
        assert same(normal(tree, node), tree)

    law()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, {}),
        ({"title": {"zh": ""}, "keywords": {"zh": [""]}, "offers": [{}], "parties": {"provider": [{"ids": {}}]}}, {}),
        ({"title": {"ZH-hans": " 名 "}}, {"title": {"zh-Hans": " 名 "}}),
        ({"keywords": {"zh": ["b", "a", "b"]}}, {"keywords": {"zh": ["a", "b", "b"]}}),
        ({"formats": ["xlsx", "csv"]}, {"formats": ["csv", "xlsx"]}),
        ({"coverage": {"temporal_resolution": "P14D"}}, {"coverage": {"temporal_resolution": "P2W"}}),
        ({"dates": {"listed": "2026-01-01T08:00:00+00:00"}}, {"dates": {"listed": "2026-01-01T08:00:00Z"}}),
        ({"extent": {"bytes": {"value": "100.0"}}}, {"extent": {"bytes": {"value": "100"}}}),
        ({"offers": [{"amount": "9.90"}]}, {"offers": [{"basis": "unstated", "state": "stated", "amount": "9.9"}]}),
        ({"offers": [{"basis": "tiered"}]}, {"offers": [{"basis": "tiered", "state": "unknown"}]}),
        (
            {"offers": [{"basis": "auction"}, {"state": "free"}, {"basis": "one_off"}]},
            {"offers": [
                {"basis": "one_off", "state": "unknown"}, {"basis": "auction", "state": "unknown"},
                {"basis": "unstated", "state": "free"},
            ]},
        ),
        (
            {"classification": {"industry": [
                {"scheme": "local:b", "code": "1"}, {"label": {"zh": "无体系"}}, {"scheme": "local:a", "code": "2"},
                {"scheme": "cn-open-theme", "code": "health", "label": {"zh": "医疗卫生"}, "uri": "urn:h"},
                {"scheme": "gbt4754", "edition": "2017", "code": "A", "label": {"zh": "农业"}},
                {"scheme": "gbt4754", "edition": "2011", "code": "A", "label": {"zh": "农业"}},
                {"scheme": "gbt4754", "code": "C3911", "label": {"zh": "计算机整机制造"}},
            ]}},
            {"classification": {"industry": [
                {"scheme": "gbt4754", "edition": "2017", "code": "A"},
                {"scheme": "gbt4754", "edition": "2011", "code": "A", "label": {"zh": "农业"}},
                {"scheme": "gbt4754", "code": "C3911", "label": {"zh": "计算机整机制造"}},
                {"scheme": "cn-open-theme", "code": "health"},
                {"scheme": "local:a", "code": "2"}, {"scheme": "local:b", "code": "1"}, {"label": {"zh": "无体系"}},
            ]}},
        ),
        (
            {"quality": {"indicators": [
                {"scheme": "local:q", "code": "b"}, {"scheme": "dimension", "code": "validity"},
                {"scheme": "dimension", "code": "accuracy", "label": {"en": "Accuracy"}},
                {"scheme": "tc609-5-2025-04", "code": "0305"},
            ]}},
            {"quality": {"indicators": [
                {"scheme": "tc609-5-2025-04", "code": "0305"}, {"scheme": "dimension", "code": "accuracy"},
                {"scheme": "dimension", "code": "validity"}, {"scheme": "local:q", "code": "b"},
            ]}},
        ),
        (
            {"rights": {"licences": [{"id": "CC-BY-4.0", "uri": "urn:a"}, {"id": "other", "uri": "urn:b"}]}},
            {"rights": {"licences": [{"id": "CC-BY-4.0"}, {"id": "other", "uri": "urn:b"}]}},
        ),
        (
            {"access": {"territory": [
                {"scheme": "iso3166-1", "code": "CN", "label": {"zh": "全国"}, "level": "country"},
            ]}},
            {"access": {"territory": [{"scheme": "iso3166-1", "code": "CN", "level": "country"}]}},
        ),
        (
            {"dynamics": {"update_frequency": {"kind": "periodic", "count": 2, "period": "P1Y"}}},
            {"dynamics": {"update_frequency": {"kind": "periodic", "count": 1, "period": "P6M"}}},
        ),
        (
            {"dynamics": {"update_frequency": {"kind": "periodic", "count": 1, "period": "P18M"}}},
            {"dynamics": {"update_frequency": {"kind": "periodic", "count": 1, "period": "P18M"}}},
        ),
        (
            {"identifiers": {"local": [{"value": "b"}, {"value": "a"}]}},
            {"identifiers": {"local": [{"value": "b"}, {"value": "a"}]}},
        ),
    ],
)  # fmt: skip
def test_normal_form(written, expected):
    made = normal_product(written)
    assert same(made, expected)
    assert same(normal_product(made), expected)


def test_a_bag_is_sorted_by_code_point_of_canonical_json():
    """U+10000 stands after U+FFFD by code point, before it by UTF-16 units; `"a"` stands after `"a!"`: 0x22 > 0x21."""
    made = normal_product({"keywords": {"und": ["\U00010000", "\ufffd", "a", "a!", "B"]}})
    assert made["keywords"]["und"] == ["B", "a!", "a", "\ufffd", "\U00010000"]


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"x": 1}, "x"),
        ({"title": "x"}, "title"),
        ({"title": {"zh": 5}}, "title.zh"),
        ({"title": {"zh": "a", "ZH": "b"}}, "title.ZH"),
        ({"title": {"zh_CN": "a"}}, "title.zh_CN"),
        ({"title": {"zh": "\ud800"}}, "title.zh"),
        ({"keywords": {"zh": "a"}}, "keywords.zh"),
        ({"kind": "thing"}, "kind"),
        ({"parties": {"seller": [{"type": "legal"}]}}, "parties.seller"),
        ({"parties": {"provider": {"type": "legal"}}}, "parties.provider"),
        ({"offers": [{"state": "free"}, {"amount": 10}]}, "offers.1.amount"),
        ({"offers": [{"amount": "10", "state": "negotiable"}]}, "offers.0"),
        ({"offers": [{"basis": "one_off", "basis_text": "x"}]}, "offers.0"),
        ({"extent": {"bytes": {"value": "1.5"}}}, "extent.bytes"),
        ({"extent": {"records": {"bound": "about"}}}, "extent.records"),
        ({"extent": {"records": {"value": "1", "upper": "2"}}}, "extent.records"),
        ({"extent": {"records": {"value": "1", "bound": "between"}}}, "extent.records"),
        ({"delivery": {"sla": {"availability": {"value": "99.9"}}}}, "delivery.sla.availability"),
        ({"identifiers": {"doi": [{"assigner": "x"}]}}, "identifiers.doi.0"),
        ({"identifiers": {"doi": [{"value": 7}]}}, "identifiers.doi.0.value"),
        ({"classification": {"theme": [{"scheme": "gbt4754"}]}}, "classification.theme.0"),
        ({"classification": {"theme": [{"scheme": "cn-open-theme", "code": "x"}]}}, "classification.theme.0"),
        ({"classification": {"theme": [{"scheme": "own", "code": "x"}]}}, "classification.theme.0.scheme"),
        ({"dynamics": {"update_frequency": {"kind": "periodic"}}}, "dynamics.update_frequency"),
        ({"compute": {"capacity": [{"value": "1", "unit": "flops"}]}}, "compute.capacity.0"),
        ({"compliance": {"security": {"gbt43697": "l1"}}}, "compliance.security.gbt43697"),
        ({"rights": {"licences": [{"id": "cc-by-4.0"}]}}, "rights.licences.0.id"),
        ({"access": {"limits": {"count": True}}}, "access.limits.count"),
        ({"dates": {"listed": "2026-02-30"}}, "dates.listed"),
        ({"languages": ["pt_BR"]}, "languages.0"),
        ([], ""),
        ("x", ""),
    ],
)
def test_what_is_not_canonical(tree, path):
    if tree == []:
        assert normal_product(tree) == {}
        return
    with pytest.raises(CanonicalError) as caught:
        normal_product(tree)
    assert [problem.path for problem in caught.value.diagnostics] == [path]
    assert isinstance(caught.value, (ValueError, MetaharmonError))


def test_all_problems_are_told():
    with pytest.raises(CanonicalError) as caught:
        normal_product({"title": 1, "kind": "x", "dates": {"listed": "never", "sold": "2026"}})
    assert [problem.path for problem in caught.value.diagnostics] == ["title", "kind", "dates.listed", "dates.sold"]


def test_deep_nesting_is_refused_and_does_not_crash():
    items: list = [{"name": "leaf"}]
    for _ in range(50_000):
        items = [{"name": "a", "children": items}]
    with pytest.raises(CanonicalError) as caught:
        normal_product({"structure": {"tables": [{"items": items}]}})
    assert "nested deeper" in str(caught.value)
    while items:  # taken apart by hand: the interpreter frees nested lists by recursion
        items = items[0].pop("children", [])


SAME = [
    1, 1.0, True, "1", Decimal("1"), Decimal("1.0"), None, 0, False, "", [], {}, [1], [1.0], [True], {"a": 1},
    {"a": 1.0},
    {"a": None}, {"b": 1}, [1, 2], [2, 1], -0.0, 0.0, Decimal("1E+1"), Decimal("10"), "a", "A",
]  # fmt: skip


def test_same_is_strict():
    for i, one in enumerate(SAME):
        for j, other in enumerate(SAME):
            assert same(one, other) is (i == j), (one, other)
    assert same({"a": 1, "b": [2]}, {"b": [2], "a": 1})


def test_same_at_any_depth():
    def deep(leaf):
        value = leaf
        for _ in range(100_000):
            value = [value]
        return value

    one, other, third = deep(1), deep(1), deep(True)
    assert same(one, other) and not same(one, third)
    for value in (one, other, third):
        while isinstance(value, list):
            value = value.pop()


def test_sort_list_keeps_a_sequence():
    assert sort_list([{"value": "b"}, {"value": "a"}], shape.at(("identifiers", "doi"))) == [
        {"value": "b"},
        {"value": "a"},
    ]
