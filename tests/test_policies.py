"""Policies keep their meaning or are not said: never in part (decision 0035)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

import metaharmon as mh
from laws import accounts, attempt, edited, is_normal, keeps_what_is_read, returns
from metaharmon import interpreter
from metaharmon.compiler import CompiledPlan
from metaharmon.generate import edits
from metaharmon.mapping.plan import Block, Plan, Scope
from metaharmon.model.normal import CanonicalError
from odrl import Offers, leaves_by_rule, rules_of
from shipped import plans

pytest.importorskip("pyld")
from pyld import jsonld

ODRL = "http://www.w3.org/ns/odrl/2/"


def _policies(scope: Scope) -> list[Block]:
    return [one for block in scope.blocks for one in block.parts or (block,) if one.entire]


def _has_offers(plan: Plan) -> bool:
    return any(block.theirs.text == "odrl:hasPolicy" for block in _policies(plan.record))


OFFERING = sorted(name for name, plan in plans().items() if _has_offers(plan))
SAYING = sorted(name for name, plan in plans().items() if _policies(plan.record))


def _expanded(document: dict[str, Any], name: str) -> list[Any]:
    texts = {_plain(url): text for url, text in plans()[name].linked.bundled}

    def load(url: str, _options: Any = None) -> dict[str, Any]:
        document = json.loads(texts[_plain(url)])
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}

    return jsonld.expand(document, {"documentLoader": load})


def _plain(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


def test_there_are_dialects_to_try() -> None:
    assert len(OFFERING) > 1 and len(SAYING) > len(OFFERING)


# --- by an independent reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("source", OFFERING)
def test_a_rule_arrives_whole_or_not_at_all(source: str, seed: int) -> None:
    """What stands in the other record are rules of this one, each with all that was said of it."""
    record = Offers(seed).dataset()
    said = rules_of(_expanded(record, source))
    for target in OFFERING:
        arrived = rules_of(_expanded(mh.translator(read=source, write=target)(record).record, target))
        assert arrived <= said, f"{target}: {arrived - said}"


@pytest.mark.parametrize("seed", range(100, 112))
@pytest.mark.parametrize("source", OFFERING)
def test_a_rule_without_anything_odd_arrives(source: str, seed: int) -> None:
    record = Offers(seed, odd=0).dataset()
    said = rules_of(_expanded(record, source))
    for target in OFFERING:
        result = mh.translator(read=source, write=target)(record)
        assert rules_of(_expanded(result.record, target)) == said
        assert not [loss for loss in result.losses if loss.path.startswith("access")]


@pytest.mark.parametrize("seed", range(200, 216))
@pytest.mark.parametrize("name", OFFERING)
def test_the_laws_hold_for_offers(name: str, seed: int) -> None:
    plan, record = plans()[name], Offers(seed, odd=0.25).dataset()
    for law in (returns, accounts, is_normal, keeps_what_is_read):
        assert attempt(law, plan, record) is None
    read, generated = interpreter.read(plan, record), CompiledPlan(plan).read(record)
    assert (read.tree, read.residue, read.problems) == (generated.tree, generated.residue, generated.problems)
    for edit in edits(plan, read.tree, seed, 3):
        assert attempt(edited, plan, record, edit) is None


@pytest.mark.parametrize("seed", range(300, 312))
@pytest.mark.parametrize("source", OFFERING)
def test_what_does_not_arrive_is_reported(source: str, seed: int) -> None:
    """Every leaf of a rule is told of if the rule is not there, and none but classes if it is (law 7)."""
    record = Offers(seed, odd=0.3).dataset()
    for target in (name for name in OFFERING if name != source):  # a dialect writes again what it has kept
        result = mh.translator(read=source, write=target)(record)
        arrived = rules_of(_expanded(result.record, target))
        left = {one.path for one in result.left}
        for alone, paths in leaves_by_rule(record):
            (rule,) = rules_of(_expanded(alone, source))
            told = [path for path in paths if path in left]
            assert all(path.endswith("@type") for path in told) if rule in arrived else told == paths


@pytest.mark.parametrize("source", OFFERING)
def test_an_offer_of_which_one_rule_is_read_is_not_left(source: str) -> None:
    record = _dataset(_rule(), _rule(**{"urn:unless": "x"}))
    (target, *_) = (name for name in OFFERING if name != source)
    translator = mh.translator(read=source, write=target)
    assert "odrl:hasPolicy.@id" not in {one.path for one in translator(record).left}
    record["odrl:hasPolicy"]["odrl:permission"].pop(0)
    assert "odrl:hasPolicy.@id" in {one.path for one in translator(record).left}


# --- one by one ------------------------------------------------------------------------------------------------------

NEW_YEAR = "2026-01-01T00:00:00Z"
OPERANDS = [
    ({"@value": NEW_YEAR, "@type": "xsd:dateTime"}, {"value": NEW_YEAR, "type": "date_time"}),
    ({"@id": "https://places.example/north"}, {"value": "https://places.example/north", "type": "iri"}),
    ("BPNL0000000000AB", {"value": "BPNL0000000000AB"}),
    ({"@value": "text", "@type": "xsd:string"}, {"value": "text"}),
    (5, {"value": "5", "type": "integer"}),
    (True, {"value": "true", "type": "boolean"}),
    ({"@value": "1.50", "@type": "xsd:decimal"}, {"value": "1.50", "type": "decimal"}),
]  # fmt: skip


def _dataset(*rules: Any, name: str = "odrl:permission", **offer: Any) -> dict[str, Any]:
    record = Offers(0).dataset()
    record["odrl:hasPolicy"] = {"@id": "urn:offer:1", "@type": "odrl:Offer", name: list(rules), **offer}
    return record


def _rule(*constraints: Any, **more: Any) -> dict[str, Any]:
    return {"odrl:action": {"@id": "odrl:use"}, "odrl:constraint": list(constraints), **more}


def _constraint(value: Any = "DE", **more: Any) -> dict[str, Any]:
    left, operator = {"@id": "odrl:spatial"}, {"@id": "odrl:eq"}
    return {"odrl:leftOperand": left, "odrl:operator": operator, "odrl:rightOperand": value, **more}


def _read(name: str, record: dict[str, Any]) -> list[Any]:
    read = interpreter.read(plans()[name], record)
    return [{k: v for k, v in one.items() if k != "id"} for one in read.tree.get("access", {}).get("policies", [])]


@pytest.mark.parametrize(("raw", "ours"), OPERANDS)
@pytest.mark.parametrize("name", OFFERING)
def test_a_value_keeps_its_type(name: str, raw: Any, ours: Any) -> None:
    record = _dataset(_rule(_constraint(raw)))
    wanted = {"left": "spatial", "operator": "eq", "right": [ours]}
    assert _read(name, record) == [{"kind": "permission", "action": "use", "constraints": [wanted]}]
    product = mh.load(name).read(record)
    assert mh.load(name).write(product) == record
    fresh = interpreter.write(plans()[name], interpreter.read(plans()[name], record).tree).record
    assert rules_of(_expanded(fresh, name)) == rules_of(_expanded(record, name)) or raw == OPERANDS[3][0]


@pytest.mark.parametrize("left", [{"@id": f"{ODRL}dateTime"}, {"@id": "odrl:dateTime"}, "odrl:dateTime", "dateTime"])
@pytest.mark.parametrize("name", OFFERING)
def test_a_left_operand_of_odrl_has_one_form(name: str, left: Any) -> None:
    (policy,) = _read(name, _dataset(_rule(_constraint(**{"odrl:leftOperand": left}))))
    assert policy["constraints"][0]["left"] == "dateTime"


@pytest.mark.parametrize("left", ["https://w3id.org/edc/v0.0.1/ns/inForceDate", "BusinessPartnerNumber"])
@pytest.mark.parametrize("name", OFFERING)
def test_another_left_operand_stays_as_it_is(name: str, left: str) -> None:
    (policy,) = _read(name, _dataset(_rule(_constraint(**{"odrl:leftOperand": {"@id": left}}))))
    assert policy["constraints"][0]["left"] == left


def test_partners_of_a_list_all_arrive() -> None:
    partners = {"odrl:operator": {"@id": "odrl:isAnyOf"}}
    record = _dataset(_rule(_constraint(["A", "B", "C"], **partners)))
    for source in OFFERING:
        for target in OFFERING:
            made = mh.translator(read=source, write=target)(record).record
            assert rules_of(_expanded(made, target)) == rules_of(_expanded(record, source))


UNREADABLE = {
    "an unknown operator": _rule(_constraint(**{"odrl:operator": {"@id": "urn:near"}})),
    "no right side": _rule({k: v for k, v in _constraint().items() if k != "odrl:rightOperand"}),
    "a member of the constraint": _rule(_constraint(**{"urn:only": "x"})),
    "a datatype beside the values": _rule(_constraint(**{"odrl:dataType": {"@id": "xsd:date"}})),
    "an unknown datatype": _rule(_constraint({"@value": "x", "@type": "urn:type"})),
    "a language": _rule(_constraint({"@value": "x", "@language": "en"})),
    "one odd value of several": _rule(_constraint(["x", {"@value": "x", "@type": "urn:type"}])),
    "deep inside": _rule({"odrl:or": [_constraint(), {"odrl:xone": [_constraint(**{"urn:only": "x"})]}]}),
    "conditions in an order": _rule({"odrl:andSequence": {"@list": [_constraint(), _constraint("FR")]}}),
    "a comparison and logic": _rule(_constraint(**{"odrl:or": [_constraint()]})),
    "another action": {**_rule(), "odrl:action": {"@id": "odrl:anonymize"}},
    "two actions": {**_rule(), "odrl:action": [{"@id": "odrl:use"}, {"@id": "odrl:sell"}]},
    "a refined action": {**_rule(), "odrl:action": {"@id": "odrl:use", "odrl:refinement": _constraint()}},
    "two assignees": _rule(**{"odrl:assignee": [{"@id": "urn:a"}, {"@id": "urn:b"}]}),
    "a duty": _rule(**{"odrl:duty": {"odrl:action": {"@id": "odrl:delete"}}}),
    "a remedy": _rule(**{"odrl:remedy": {"odrl:action": {"@id": "odrl:delete"}}}),
    "an unknown member": _rule(**{"urn:unless": "x"}),
}


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("name", OFFERING)
def test_a_rule_read_in_part_is_no_policy(name: str, what: str) -> None:
    """The other rule of the offer is read; this one stays raw, is noted, and comes back."""
    plan, record = plans()[name], _dataset(_rule(_constraint("FR")), UNREADABLE[what])
    read = interpreter.read(plan, record, explain=True)
    assert len(read.tree["access"]["policies"]) == 1
    assert any(problem.code in ("MH402", "MH410") for problem in read.problems)
    fates = Counter(f.fate for f in read.fates or () if f.path.startswith("odrl:hasPolicy.odrl:permission.1"))
    assert not fates.keys() & {"exact", "spelled"}
    assert interpreter.write(plan, read.tree, read.residue).record == record


@pytest.mark.parametrize("name", OFFERING)
def test_what_bars_all_rules_of_an_offer(name: str) -> None:
    record = _dataset(_rule(), **{"odrl:inheritFrom": {"@id": "urn:offer:0"}})
    assert _read(name, record) == []


UNSAYABLE: dict[str, dict[str, Any]] = {
    "an operator": {"constraints": [{"left": "count", "operator": "between", "right": [{"value": "1"}]}]},
    "an action": {"action": "trial"},
    "inside": {
        "constraints": [
            {"left": "count", "operator": "eq", "right": [{"value": "1"}]},
            {"any_of": [{"one_of": [{"left": "count", "operator": "between", "right": [{"value": "1"}]}]}]},
        ]
    },
}


@pytest.mark.parametrize("what", UNSAYABLE)
@pytest.mark.parametrize("name", SAYING)
def test_a_policy_that_cannot_be_said_whole_is_one_loss(name: str, what: str) -> None:
    odd = {"id": "urn:2", "kind": "permission", "action": "use", **UNSAYABLE[what]}
    product = mh.DataProduct.model_validate({"access": {"policies": [odd]}})
    (loss,) = [loss for loss in mh.load(name).losses(product) if loss.path.startswith("access")]
    assert (loss.path, loss.kind) == ("access.policies.0", "omitted")
    assert loss.reason.startswith("the policy cannot be said whole: ")


@pytest.mark.parametrize("name", OFFERING)
def test_of_two_rules_of_an_offer_the_sayable_one_is_said(name: str) -> None:
    good = {"id": "urn:2", "kind": "permission", "action": "use"}
    odd = {**good, "constraints": UNSAYABLE["an operator"]["constraints"]}
    written = interpreter.write(plans()[name], {"access": {"policies": [good, odd]}})
    assert [loss.path for loss in written.losses if loss.path.startswith("access")] == ["access.policies.1"]
    (rule,) = rules_of(_expanded(written.record, name))
    assert rule[0] == f"{ODRL}permission"


@pytest.mark.parametrize("name", OFFERING)
def test_an_edit_that_cannot_be_said_takes_the_rule_away(name: str) -> None:
    dialect, record = mh.load(name), _dataset(_rule(_constraint()), _rule(_constraint("FR")))
    product = dialect.read(record)
    product.access.policies[0].constraints[0].operator = "between"
    kept = product.access.policies[1].constraints[0].right[0].value
    (rule,) = rules_of(_expanded(dialect.write(product), name))
    assert kept in str(rule) and "between" not in str(rule)


# --- ours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "constraint",
    [
        {"left": "count"},
        {"left": "count", "operator": "eq"},
        {"unit": "day"},
        {"left": "count", "operator": "eq", "right": [{"value": "1"}], "any_of": [{"left": "a"}]},
        {"any_of": [{"left": "a", "operator": "eq", "right": [{"type": "iri"}]}]},
    ],
)
def test_a_constraint_compares_or_holds_others(constraint: dict[str, Any]) -> None:
    policy = {"kind": "permission", "action": "use", "constraints": [constraint]}
    with pytest.raises(CanonicalError):
        mh.DataProduct.model_validate({"access": {"policies": [policy]}})


@pytest.mark.parametrize("left", [f"{ODRL}dateTime", "odrl:dateTime", "dateTime"])
def test_a_left_operand_in_normal_form(left: str) -> None:
    constraint = {"left": left, "operator": "eq", "right": [{"value": "1"}]}
    policy = {"kind": "permission", "action": "use", "constraints": [constraint]}
    product = mh.DataProduct.model_validate({"access": {"policies": [policy]}})
    assert product.canonical()["access"]["policies"][0]["constraints"][0]["left"] == "dateTime"
