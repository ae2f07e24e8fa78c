"""Reasons are true: why something is lost, in words that a person at an exchange understands; the same for all.

By hand, one case for each class; then over every shipped mapping: no sentence shows Python, and "the dialect has no
field for it" is said only where no rule of the dialect claims anything at that path.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import metaharmon as mh
import shipped
from metaharmon import interpreter
from metaharmon.compiler import CompiledPlan
from metaharmon.diagnostics import REQUIRED_MISSING, shown
from metaharmon.dialect.reach import ANY_KEY, Each, spots
from metaharmon.engine.outcome import Written
from metaharmon.generate import products, records
from metaharmon.lenses.codes import Codes, CodeTable, Pair
from metaharmon.lenses.reasons import NO_FIELD, ONE_VALUE
from metaharmon.mapping.needs import needs
from metaharmon.mapping.ours import Select
from metaharmon.mapping.plan import Plan
from metaharmon.paths import MISSING

PLANS = shipped.plans()
PYTHON = re.compile(r"Decimal\(|\{'|\['|\bNone\b|\bTrue\b|\bFalse\b|MISSING")

# --- values in sentences ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("交通", "'交通'"),
        ("it's \\d", "'it's \\d'"),
        ("a\nb\u200b\ud800", "'a\\nb\\u200b\\ud800'"),
        ("x" * 60, "'" + "x" * 60 + "'"),
        ("x" * 61, "'" + "x" * 57 + "...'"),
        (Decimal("-123.9434"), "-123.9434"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E+999999"), "1E+999999"),
        (1.5, "1.5"),
        (10**70, "an integer of more than 60 digits"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (MISSING, "nothing"),
        ([], "[]"),
        ({}, "{}"),
        ([Decimal("-123.9434"), None], "[-123.9434,null]"),
        ({"a": [True, "x"], "b": {}}, '{"a":[true,"x"],"b":{}}'),
        (list(range(100)), "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,..."),
    ],
)
def test_a_value_in_a_sentence(value: Any, text: str) -> None:
    assert shown(value) == text


# --- a dialect of the test -------------------------------------------------------------------------------------------

SCHEMA = {
    "type": "object",
    "required": ["modified", "name", "state"],
    "properties": {
        "modified": {"type": ["string", "null"]},
        "name": {"type": "string"},
        "state": {"enum": [None, "open"]},
        "files": {"type": "array", "items": {"type": "object", "required": ["path"]}},
    },
}
MAPPING = """
dialect: ex-reasons
title: {en: Example of reasons, zh: 示例}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-11-30, sources: [written for the test]}
defaults: {language: zh, empty: omit, nulls: [暂无]}
schema: ex-reasons.schema.json
fields:
  title: name
  summary@zh: summary
  keywords: {field: words, split: ';'}
  dates.data_modified: {field: modified, date: [YYYY-MM-DD], empty: 'null'}
  identifiers.local: id
  parties.provider.name: owner
  classification.theme: {field: theme, codes: theme}
  offers[basis=one_off].name: price.name
  distributions: {each: files, fields: {download_url: path, title: {field: name, empty: ''}}}
codes:
  theme: {list: 'local:ex-reasons', pairs: {traffic: '1'}}
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("reasons")
    (folder / "ex-reasons.schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (folder / "ex-reasons.yaml").write_text(MAPPING, "utf-8")
    return mh.load(folder / "ex-reasons.yaml").plan


def written(plan: Plan, tree: dict[str, Any]) -> Written:
    """The interpreter's writing; generated code says the same."""
    found = interpreter.write(plan, tree)
    made = CompiledPlan(plan).write(tree)
    assert (made.losses, made.problems) == (found.losses, found.problems)
    return found


THEME = "local:ex-reasons"
CLASSES = {
    "no field": ({"use_cases": [{"title": {"zh": "出行"}}]}, {"use_cases": NO_FIELD}),
    "a key of a map": ({"parties": {"contact": [{"name": {"zh": "甲"}}]}}, {"parties.contact": NO_FIELD}),
    "a second identifier": ({"identifiers": {"local": [{"value": "1"}, {"value": "2"}]}},
                            {"identifiers.local.1": ONE_VALUE}),
    "a second party": ({"parties": {"provider": [{"name": {"zh": "甲"}}, {"name": {"zh": "乙"}}]}},
                       {"parties.provider.1": ONE_VALUE}),
    "a second concept": (
        {"classification": {"theme": [{"scheme": THEME, "code": "traffic"}, {"scheme": THEME, "code": "air"}]}},
        {"classification.theme.1": ONE_VALUE}),
    "a second of a kind": (
        {"offers": [{"basis": "one_off", "name": {"zh": "甲"}}, {"basis": "one_off", "name": {"zh": "乙"}}]},
        {"offers.0.state": NO_FIELD, "offers.1": ONE_VALUE}),
    "another kind": (
        {"offers": [{"basis": "one_off", "name": {"zh": "甲"}}, {"basis": "subscription", "name": {"zh": "乙"}}]},
        {"offers.0.state": NO_FIELD,
         "offers.1": "the dialect has no field for entries of this kind (basis=subscription)"}),
    "a text in another language": ({"title": {"zh": "公交", "en": "Bus"}},
                                   {"title.en": "the field has no language; it holds the text in 'zh'"}),
    "only other languages": ({"title": {"en": "Bus", "ru": "Автобус"}}, {
        "title": "the field has no language; read as 'zh', it holds the text in 'en'",
        "title.ru": "the field has no language; it holds the text in 'en'"}),
    "a field for one language": ({"summary": {"zh": "公交", "en": "Bus"}},
                                 {"summary.en": "the dialect has a field for 'zh' only"}),
    "words in the default language and others": ({"keywords": {"zh": ["公交"], "en": ["bus"], "ru": ["автобус"]}}, {
        "keywords": "the field has no language; read as 'zh', it holds the words in 'en' and 'ru'"}),
    "words in other languages only": ({"keywords": {"en": ["bus"], "ru": ["автобус"]}}, {
        "keywords": "the field has no language; read as 'zh', it holds the words in 'en' and 'ru'"}),
    "no code": ({"classification": {"theme": [{"scheme": THEME, "code": "air", "label": {"zh": "空气"}}]}},
                {"classification.theme.0": "the code table of the field has no code for 'air' (空气)"}),
    "a concept without a code": ({"classification": {"theme": [{"scheme": THEME, "label": {"zh": "空气"}}]}},
                                 {"classification.theme.0": "it has no code, and the field takes codes only: '空气'"}),
    "another list": ({"classification": {"theme": [{"scheme": "local:other", "code": "air"}]}}, {
        "classification.theme.0": "the dialect has no field for entries of this kind (scheme=local:other)"}),
    "no code list": ({"classification": {"theme": [{"label": {"zh": "空气"}}]}}, {
        "classification.theme.0": "the dialect has no field for entries of this kind (no scheme)"}),
    "a word for nothing": ({"title": {"zh": "暂无"}}, {"title": "'暂无' means 'nothing' there"}),
    "the separator": ({"keywords": {"zh": ["甲;乙", "丙"]}}, {"keywords.zh.1": "'甲;乙' holds the separator ';'"}),
    "an entry of which nothing is left": (
        {"distributions": [{"media_type": ["text/csv"]}]},
        {"distributions.0": "nothing of this entry can be said there"}),
}  # fmt: skip
"""Of each class: a product, and the reason of every loss by its path."""


@pytest.mark.parametrize("name", CLASSES)
def test_a_reason_of_each_class(plan: Plan, name: str) -> None:
    tree, reasons = CLASSES[name]
    normal = mh.DataProduct.model_validate(tree).canonical()
    found = written(plan, normal)
    assert {loss.path: loss.reason for loss in found.losses} == reasons
    back = interpreter.read(plan, found.record).tree
    product = mh.DataProduct.model_validate(normal)
    assert mh.DataProduct.model_validate(back) == product.apply(found.losses)


def test_codes_are_named_with_the_label_of_their_list() -> None:
    lens = Codes(CodeTable("t", "licence", (Pair("CC0-1.0", (("cc0", None),)),)), "licence")
    with pytest.raises(Exception, match=r"no code for 'MIT' \(MIT License\)"):
        lens.write({"id": "MIT"})


# --- required, and empty ---------------------------------------------------------------------------------------------


def test_what_is_required_and_empty_is_told(plan: Plan) -> None:
    """A marker of the dialect is empty, too; null is not where the schema lists it among the values."""
    tree = {"distributions": [{"title": {"zh": "甲"}}]}
    told = [p.message for p in written(plan, tree).problems if p.code == REQUIRED_MISSING]
    assert told == [
        "the dialect requires 'modified', which is written empty",
        "the dialect requires 'name', which is missing",
        "the dialect requires 'state', which is missing",
        "the dialect requires 'files.0.path', which is missing",
    ]
    found = needs(SCHEMA).lacking(
        {"modified": None, "name": "暂无", "state": None, "files": [{"path": ""}, {"path": []}, {"path": "x"}]},
        quiet=plan.silence,
    )
    assert [*found] == [
        ("modified", True), ("name", True), ("files.0.path", True), ("files.1.path", True),
    ]  # fmt: skip
    assert [path for path, _ in needs(SCHEMA).lacking({"modified": "x", "name": "y", "state": ""})] == ["state"]


def test_a_list_may_be_empty_where_the_schema_says_so() -> None:
    schema = {"required": ["links"], "properties": {"links": {"type": "array", "minItems": 0}}}
    assert [list(needs(schema).lacking(record)) for record in ({"links": []}, {"links": None})] == [
        [],
        [("links", True)],
    ]


def test_a_required_date_that_is_written_as_null_is_told() -> None:
    done = mh.translator(read="cn-guizhou-guiyang", write="dcat-us-1.1")({"标题": "公交"})
    told = {p.path: p.message for p in done.problems if p.code == REQUIRED_MISSING}
    assert done.record is not None and done.record["modified"] is None and not done.ok
    assert told["modified"] == "the dialect requires 'modified', which is written empty"


# --- every shipped mapping -------------------------------------------------------------------------------------------


@cache
def trees() -> list[dict[str, Any]]:
    """Products of many dialects, and generated ones."""
    found = [interpreter.read(plan, record) for name, plan in PLANS.items() for record in shipped.example_records(name)]
    return [*(one.tree for one in found[::12] if not one.refused), *products(PLANS["ckan"], 23, 8)]


@pytest.mark.parametrize("name", sorted(PLANS))
def test_no_sentence_shows_python(name: str) -> None:
    found = [interpreter.read(PLANS[name], record) for record in records(PLANS[name], 29, 16)]
    done = [interpreter.write(PLANS[name], tree) for tree in trees()]
    sentences = {problem.message for one in (*found, *done) for problem in one.problems}
    sentences |= {loss.reason for one in done for loss in one.losses}
    assert [text for text in sentences if PYTHON.search(re.sub(r"'[^']*'", "", text))] == []
    assert [loss.reason for one in done for loss in one.losses if loss.reason.endswith(".")] == []


@pytest.mark.parametrize("name", sorted(PLANS))
def test_no_field_is_said_only_where_there_is_none(name: str) -> None:
    """An independent check: nothing that the rules reach lies at, in or above the path, in an entry of this kind."""
    reached = [spot.ours for spot in spots(PLANS[name])]
    for tree in trees():
        for loss in interpreter.write(PLANS[name], tree).losses:
            if loss.reason == NO_FIELD:
                found = [ours for ours in reached if _claims(ours, loss.path, tree)]
                assert [ours for ours in found if not _passes_over(ours, loss.path, reached)] == [], loss


def _passes_over(ours: tuple[Any, ...], path: str, reached: list[tuple[Any, ...]]) -> bool:
    """Whether a rule for any key of a map leaves out a key that has rules of its own."""
    at = ours.index(ANY_KEY) if ANY_KEY in ours else None
    return at is not None and any(one[: at + 1] == (*ours[:at], path.split(".")[at]) for one in reached)


def _claims(ours: tuple[Any, ...], path: str, tree: Any) -> bool:
    """Whether the steps of a rule lie at, in or above a record path, in an entry of its kind."""
    here, steps = tree, list(ours)
    for name in path.split("."):
        if not steps:
            return not isinstance(ours[-1], Each)  # of an entry, other rules say what it says
        step = steps.pop(0)
        if here.__class__ is list:
            here = here[int(name)]
            select = step if isinstance(step, Select) else getattr(step, "select", None)
            if isinstance(step, str) or (select is not None and not select.fits(here)):
                return isinstance(step, str)
            continue
        if not isinstance(step, str) or step not in (name, ANY_KEY):
            return not isinstance(step, str)
        here = here.get(name) if here.__class__ is dict else None
    return True
