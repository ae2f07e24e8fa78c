"""Law 7: every leaf that says something is in the other's record, among the losses, or among what is left."""

from __future__ import annotations

import json
import pickle
import random
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import arrive
import metaharmon as mh
import shipped
from metaharmon import interpreter
from metaharmon.diagnostics import LEFT
from metaharmon.dialect.trace import OUTCOMES
from metaharmon.generate import records
from toys import RECORD, translator

PLANS = shipped.plans()
NAMES = sorted(PLANS)


@pytest.fixture(scope="module")
def there() -> mh.Translator:
    return translator()


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_account_by_hand(there: mh.Translator) -> None:
    done = there(RECORD)
    assert done.account() == {
        "leaves": 10, "said": 4, "changed": 0, "omitted": 4, "kept": 2, "unknown": 0, "unread": 0, "surplus": 0,
        "arrival": 0.4,
    }  # fmt: skip
    assert [(left.path, left.outcome, left.value) for left in done.left] == [
        ("files.0.hash", "kept", "h1"),
        ("colour", "kept", "red"),
    ]
    assert done.left[0].reason == "a checksum" and str(done.left[0].rule).endswith("toy-a.yaml:12:103")
    assert {loss.path: loss.value for loss in done.losses} == {
        "distributions": [{"access_url": ["https://example.org/1"]}],
        "extent": {"records": {"value": "7"}},
        "keywords": {"zh": ["x", "y"]},
        "parties.provider.0.contacts": [{"telephone": ["0451"]}],
    }


def test_unknown_unread_and_surplus_by_hand(there: mh.Translator) -> None:
    done = there({**RECORD, "status": "sometimes", "size": "many", "fax": {"no": ["1", ""]}, "files": 3})
    assert {(left.path, left.outcome, left.value) for left in done.left} == {
        ("status", "unread", "sometimes"),
        ("size", "unread", "many"),
        ("fax.no.0", "unknown", "1"),
        ("files", "unread", 3),
        ("colour", "kept", "red"),
    }
    assert done.lossy and not there({"id": "1", "name": "甲"}).left


def test_a_refused_record_leaves_nothing(there: mh.Translator) -> None:
    assert there(7).left == [] and there(7).account()["leaves"] == 0


def test_a_translation_is_pickled_without_its_dialects(there: mh.Translator) -> None:
    done = there(RECORD)
    account = done.account()
    data = pickle.dumps(done)
    back = pickle.loads(data)
    assert back == done and back.account() == account and len(data) < 4000
    assert [loss.value for loss in back.losses] == [loss.value for loss in done.losses]
    with pytest.raises(RuntimeError, match="before it is pickled"):
        pickle.loads(pickle.dumps(there(RECORD))).account()


def test_as_dict_is_json(there: mh.Translator) -> None:
    record = {**RECORD, "size": Decimal("7.50"), "fax": Decimal("1E+400"), "colour": Decimal("0.1")}
    said = json.loads(json.dumps(there(record).as_dict()))
    assert {left["path"]: left["value"] for left in said["left"]} == {
        "files.0.hash": "h1",
        "fax": "1E+400",
        "colour": 0.1,
        "size": 7.5,  # a count is whole
    }
    said = json.loads(json.dumps(there(RECORD).as_dict()))
    assert said["account"]["kept"] == 2 and said["left"][1]["path"] == "colour"
    assert said["losses"][0]["value"] == [{"access_url": ["https://example.org/1"]}]


def left_of(name: str, record: dict[str, Any]) -> set[tuple[str, str, Any]]:
    """What is left of a record: path, outcome, value."""
    return {(left.path, left.outcome, left.value) for left in mh.load(name).left(record)}


def test_two_licences_of_which_one_has_no_code() -> None:
    card = {"license": ["cc-by-4.0", "odd-1.0"], "pretty_name": "x"}
    assert ("license.1", "unread", "odd-1.0") in left_of("hf-dataset-card", card)


def test_further_values_of_a_property_are_surplus() -> None:
    record = {
        "@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"},
        "@type": "dcat:Dataset", "dct:title": ["甲", "乙"], "dct:issued": ["2020-01-01", "2021-01-01"], "dct:odd": "x",
    }  # fmt: skip
    assert left_of("dcat-ap-3", record) == {
        ("dct:title.1", "surplus", "乙"), ("dct:issued.1", "surplus", "2021-01-01"), ("dct:odd", "unknown", "x"),
    }  # fmt: skip


def test_an_entry_that_is_none_of_ours_is_told_leaf_by_leaf() -> None:
    record = {"doi": "10.1/x", "contributors": [{"name": "甲", "nameType": "Personal"}]}
    found = left_of("datacite-4", record)
    assert {path for path, outcome, _ in found if outcome == "unread"} >= {"contributors.0.name"}


def test_texts_of_which_one_spoils_the_others_are_unread() -> None:
    """Two texts in one language: neither is read, and without one of them the other would be."""
    record = {"id": "1", "title": "甲", "title_translated": {"zh": "甲", "ZH": "乙"}}
    assert left_of("ckan-hk-tc", record) >= {("title_translated.ZH", "unread", "乙")}


def test_pairs_are_named_by_their_key() -> None:
    record = {"id": "1", "extras": [{"key": "联系人", "value": "甲"}, {"key": "联系人", "value": "乙"}]}
    found = left_of("ckan", record)
    assert ("extras[key=联系人].value", "kept", "甲") in found
    assert ("extras.1.value", "surplus", "乙") in found


# --- every dialect ---------------------------------------------------------------------------------------------------


@cache
def sample(name: str, n: int = 4) -> list[dict[str, Any]]:
    """Some records of a dialect: of the corpus, examples, generated."""
    plan = PLANS[name]
    found = [*shipped.corpus_records(plan, 1), *shipped.example_records(name)[:1], *records(plan, 17, n)]
    return found[:n]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_left_follows_from_the_residue(name: str) -> None:
    """Law 5: what generated code says of what is left is what the interpreter says."""
    dialect = mh.load(name)
    for record in [*shipped.corpus_records(dialect.plan, 4), *shipped.example_records(name)[:2], *sample(name)]:
        found = interpreter.read(dialect.plan, record, explain=True)
        if not found.refused:
            assert sorted(map(repr, dialect.left(record, found.residue))) == sorted(map(repr, found.left))


@pytest.mark.parametrize("name", NAMES)
def test_every_leaf_has_one_outcome(name: str) -> None:
    write = mh.load(NAMES[(NAMES.index(name) + 41) % len(NAMES)])
    for record in sample(name):
        done = mh.Translator(mh.load(name), write)(record)
        said = done.account()
        assert sum(said[outcome] for outcome in OUTCOMES) == said["leaves"] and 0 <= said["arrival"] <= 1
        assert done.record is None or [said[o] for o in LEFT] == [sum(x.outcome == o for x in done.left) for o in LEFT]


def silent(read: str, write: str, record: dict[str, Any], most: int, seed: int) -> tuple[int, list[str]]:
    """How many leaves of a record were tried, and those whose removal or change nobody sees."""
    plan = PLANS[read]
    translate = mh.Translator(mh.load(read), mh.load(write))
    base = translate(record)
    if base.record is None:
        return 0, []
    silences, whole = arrive.markers(plan), arrive.told(base)
    found = [(path, value) for path, value in arrive.leaves(record) if arrive.says_something(value, silences)]
    random.Random(seed).shuffle(found)
    out = []
    for path, value in found[:most]:
        less = arrive.without(record, path)
        gone = less is not None and arrive.told(translate(less)) == whole
        same = arrive.told(translate(arrive.changed(record, path))) == whole
        if (gone or same) and not arrive.exempt(translate.read, path, value, record):
            unseen = "can go unseen" if gone else "can change unseen"
            what = unseen if arrive.is_told(path, value, base) else "is nowhere"
            out.append(f"{read} -> {write}: {path} = {value!r} {what}")
    return 2 * min(most, len(found)), out


def partner(name: str, n: int) -> str:
    """Another dialect, a different one for each `n`."""
    return NAMES[(NAMES.index(name) + 7 + 29 * n) % len(NAMES)]


@pytest.mark.parametrize("name", NAMES)
def test_no_leaf_goes_or_changes_unseen(name: str) -> None:
    found = []
    for n, record in enumerate(sample(name)[:2]):
        found += silent(name, partner(name, n), record, 8, n)[1]
    assert found == []


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_no_leaf_goes_or_changes_unseen_in_any_pair(name: str) -> None:
    """At least 50,000 tries in all: every dialect with every other."""
    tried, found = 0, []
    plan = PLANS[name]
    pool = [*shipped.corpus_records(plan, 60), *shipped.example_records(name), *records(plan, 23, 20)]
    for n, other in enumerate(one for one in NAMES if one != name):
        count, bad = silent(name, other, pool[n % len(pool)], 6, n)
        tried += count
        found += bad
    assert found == [] and tried >= 352
