"""DataProduct: members as attributes, canonical JSON, cleared paths, and losses applied (law 2)."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from metaharmon.diagnostics import Loss
from metaharmon.generate.products import shape_tree
from metaharmon.lenses.draws import Seeded
from metaharmon.model import rulepath
from metaharmon.model.apply import apply_losses
from metaharmon.model.normal import CanonicalError, canonical_json, same
from metaharmon.model.parties import Party
from metaharmon.model.product import DataProduct
from metaharmon.model.whole import normal_product
from strategies import products

TREE = {
    "identifiers": {"local": [{"value": "7"}]},
    "title": {"zh": "示例", "en": "Example"},
    "parties": {"provider": [{"name": {"zh": "甲"}}, {"name": {"zh": "乙"}}]},
    "formats": ["csv", "json"],
    "offers": [
        {"basis": "one_off", "state": "stated", "amount": "10", "currency": "CNY"},
        {"basis": "per_use", "state": "free"},
    ],
}


@given(products())
def test_members_and_tree_say_the_same(tree):
    lazy, looked_at = DataProduct.from_normal(tree), DataProduct.from_normal(tree)
    assert looked_at.title == tree.get("title")  # makes the models
    assert same(looked_at.canonical(), tree) and same(lazy.canonical(), tree)
    assert lazy == looked_at == DataProduct.model_validate(tree) == DataProduct(**tree)
    assert lazy.canonical_json() == looked_at.canonical_json() == canonical_json(tree)


@settings(max_examples=40)
@given(products(), st.booleans())
def test_copies_and_pickles_are_equal_and_apart(tree, looked_at):
    product = DataProduct.from_normal(tree)
    product.residues["d"] = {"a": 1}
    if looked_at:
        assert product.version == tree.get("version")
    for twin in (copy.copy(product), copy.deepcopy(product), pickle.loads(pickle.dumps(product)), product.model_copy()):
        assert twin == product and twin.residues == {"d": {"a": 1}}
        twin.residues["e"] = 1
        twin.version = "of the twin"
        assert "e" not in product.residues and product.version == tree.get("version")


@given(products(), products())
def test_equality_is_that_of_canonical_json(one, other):
    assert (DataProduct.from_normal(one) == DataProduct.from_normal(other)) == (
        canonical_json(one) == canonical_json(other)
    )


def test_canonical_is_fresh():
    product = DataProduct.model_validate(TREE)
    product.canonical()["title"]["zh"] = "changed"
    product.canonical()["formats"].append("xml")
    assert same(product.canonical(), TREE)


def test_editing_members():
    product = DataProduct.model_validate(TREE)
    product.title = {"ZH": "新", "en": ""}
    product.parties["provider"][0].name["en"] = "First"
    product.parties["provider"].append(Party(name={"zh": "丙"}))
    product.offers[0].amount = "12.50"
    product.formats.append("csv")
    product.version = "2"
    del product.offers[1].state
    made = product.canonical()
    assert made["title"] == {"zh": "新"} and made["version"] == "2"
    assert [party["name"] for party in made["parties"]["provider"]] == [
        {"zh": "甲", "en": "First"},
        {"zh": "乙"},
        {"zh": "丙"},
    ]
    assert [offer.get("amount") for offer in made["offers"]] == ["12.5", None]
    assert made["formats"] == ["csv", "csv", "json"]
    product.title = None
    assert "title" not in product.canonical() and not product.complete


def test_assignments_are_checked():
    product = DataProduct.model_validate(TREE)
    for name, value in (
        ("title", "x"),
        ("title", {"zh": 5}),
        ("kind", "thing"),
        ("dates", {"sold": "2026"}),
        ("offers", [{"price": 1}]),
    ):
        with pytest.raises(ValidationError):
            setattr(product, name, value)
    with pytest.raises(ValidationError):
        product.offers[0].amount = 10
    with pytest.raises((ValidationError, ValueError)):
        product.colour = "red"
    assert same(product.canonical(), TREE)


def test_nonsense_by_editing_in_place_is_found():
    product = DataProduct.model_validate(TREE)
    product.formats.append("nonsense")
    with pytest.raises(CanonicalError, match=r"formats\.2"):
        product.canonical()


def test_building_tells_every_problem():
    with pytest.raises(CanonicalError) as caught:
        DataProduct(title="x", kind="y")
    assert [problem.path for problem in caught.value.diagnostics] == ["title", "kind"]
    with pytest.raises(CanonicalError):
        DataProduct.model_validate({"x": 1})
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.diagnostics == caught.value.diagnostics


def test_parts_may_be_given_as_models():
    product = DataProduct(title={"zh": "a"}, parties={"provider": [Party(name={"zh": "甲"}, ids={"uscc": "1"})]})
    assert product.canonical()["parties"] == {"provider": [{"name": {"zh": "甲"}, "ids": {"uscc": "1"}}]}


def test_dumps_and_nested_use():
    class Catalogue(BaseModel):
        products: list[DataProduct]

    made = Catalogue.model_validate({"products": [TREE]})
    assert made.products[0] == DataProduct(**TREE)
    assert same(made.model_dump(), {"products": [TREE]})
    assert DataProduct(**TREE).offers[0].model_dump() == TREE["offers"][0]
    assert same(DataProduct.model_validate(made.products[0]).model_dump(), TREE)


def test_complete():
    assert DataProduct(**TREE).complete
    assert not DataProduct(title={"zh": "a"}).complete
    assert not DataProduct(identifiers={"local": [{"value": "1"}]}).complete
    assert DataProduct().canonical() == {}


def test_cleared_is_no_part_of_equality_and_ends_with_a_value():
    product = DataProduct.model_validate(TREE)
    product.residues["d"] = "kept"
    product.clear("offers")
    product.clear("parties.contact")
    product.clear("title@en")
    assert product.cleared == {"offers", "parties.contact", "title@en"}
    assert "offers" not in product.canonical() and product.title == {"zh": "示例"} and product.residues == {"d": "kept"}
    assert product == DataProduct.model_validate(product.canonical())
    assert copy.deepcopy(product).cleared == pickle.loads(pickle.dumps(product)).cleared == product.cleared
    product.offers = [{"state": "free"}]
    assert product.cleared == {"parties.contact", "title@en"}
    product.offers = None
    assert product.cleared == {"parties.contact", "title@en"}
    product.title["en"] = "back"
    product.parties["contact"] = [Party(website="https://example.org")]
    assert product.cleared == frozenset()


def test_clearing_inside_lists():
    product = DataProduct.model_validate(TREE)
    product.clear("offers[basis=per_use]")
    product.clear("parties.provider.name")
    assert [offer.basis for offer in product.offers] == ["one_off"]
    assert product.canonical()["parties"] == {"provider": [{"name": {"zh": "乙"}}]}
    product.clear("offers.amount")
    assert product.canonical()["offers"] == [{"basis": "one_off", "state": "stated", "currency": "CNY"}]


@pytest.mark.parametrize(
    "path", ["", "nothing", "offers[state=free]", "title[zh=1]", "offers..amount", "parties.seller"]
)
def test_clearing_what_is_no_path(path):
    product = DataProduct.model_validate(TREE)
    with pytest.raises(KeyError):
        product.clear(path)
    assert product.cleared == frozenset()


def test_rule_paths_stand_on_trees():
    for path in (
        "title",
        "title@zh",
        "title.zh",
        "offers",
        "offers.amount",
        "offers[basis=per_use].state",
        "parties.provider.name",
    ):
        assert rulepath.stands(TREE, path), path
    for path in (
        "version",
        "title@fr",
        "offers[basis=per_use].amount",
        "offers[basis=tiered]",
        "parties.contact",
        "dates.listed",
    ):
        assert not rulepath.stands(TREE, path), path


# --- losses


def loss(path, kind, becomes=None):
    return Loss(path, kind, "because", becomes)


def test_losses_by_hand():
    made = apply_losses(
        TREE,
        [
            loss("title.en", "omitted"),
            loss("parties.provider.0", "omitted"),
            loss("parties.provider.1.name", "changed", {"zh": "乙某"}),
            loss("offers.0.amount", "changed", "11"),
            loss("offers.1", "omitted"),
            loss("offers.2", "added", {"basis": "tiered"}),
            loss("formats", "imprecise"),
            loss("dates.listed", "added", "2026"),
            loss("identifiers.local.0.value", "omitted"),
        ],
    )
    assert same(
        made,
        {
            "title": {"zh": "示例"},
            "parties": {"provider": [{"name": {"zh": "乙某"}}]},
            "formats": ["csv", "json"],
            "offers": [
                {"basis": "one_off", "state": "stated", "amount": "11", "currency": "CNY"},
                {"basis": "tiered", "state": "unknown"},
            ],
            "dates": {"listed": "2026"},
        },
    )
    assert same(
        DataProduct.model_validate(TREE).apply([loss("offers", "omitted")]).canonical(),
        {k: TREE[k] for k in TREE if k != "offers"},
    )


def test_a_loss_inside_comes_after_that_of_its_container():
    losses = [
        loss("title.zh", "changed", "内"),
        loss("title", "changed", {"zh": "外", "fr": "dehors"}),
        loss("offers.0.amount", "added", "1"),
        loss("offers.0", "omitted"),
        loss("offers.1", "omitted"),
    ]
    for given_order in (losses, losses[::-1]):
        made = apply_losses(TREE, given_order)
        assert made["title"] == {"zh": "内", "fr": "dehors"}
        assert made["offers"] == [{"basis": "unstated", "state": "stated", "amount": "1"}]


def test_a_loss_that_has_no_place_is_an_error():
    with pytest.raises(CanonicalError):
        apply_losses(TREE, [loss("colour", "added", "red")])
    assert same(apply_losses(TREE, [loss("dates.listed", "omitted"), loss("offers.7.amount", "omitted")]), TREE)


def top_paths(tree):
    """Record paths of a tree down to the members of list entries."""
    for key, value in tree.items():
        yield key
        if isinstance(value, list):
            yield from (f"{key}.{i}" for i in range(len(value)))
        elif isinstance(value, dict):
            yield from (f"{key}.{name}" for name in value)


@given(products())
def test_no_loss_changes_nothing(tree):
    before = copy.deepcopy(tree)
    assert same(apply_losses(tree, []), tree)
    assert same(apply_losses(tree, [loss(path, "imprecise", "x") for path in top_paths(tree)]), tree)
    assert same(tree, before)


@given(products())
def test_omitting_every_member_leaves_nothing(tree):
    assert apply_losses(tree, [loss(path, "omitted") for path in tree]) == {}


@given(products(), products())
def test_changes_turn_one_product_into_another(tree, other):
    losses = [loss(key, "omitted") for key in tree if key not in other]
    losses += [loss(key, "changed" if key in tree else "added", value) for key, value in other.items()]
    assert same(apply_losses(tree, losses), other)


@given(products(), st.randoms(use_true_random=False))
def test_the_order_of_losses_means_nothing(tree, random):
    whole = {
        "identifiers",
        "links",
        "documents",
        "classification",
        "coverage",
        "dynamics",
        "quality",
        "compute",
        "rights",
    }
    paths = [path for path in top_paths(tree) if path.split(".")[0] not in whole]
    losses = [loss(path, "omitted") for path in random.sample(paths, len(paths) // 2)]
    once = apply_losses(tree, losses)
    random.shuffle(losses)
    assert same(apply_losses(tree, losses), once)
    assert same(normal_product(once), once)
    for path in (one.path for one in losses if "." not in one.path):
        assert path not in once


def test_generated_products_are_the_same_every_time():
    assert same(shape_tree(Seeded(7)), shape_tree(Seeded(7))) and not same(shape_tree(Seeded(7)), shape_tree(Seeded(8)))
