"""Translators: the pivot law on all that ships, then supply, carry, static losses and explanations by hand."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

import metaharmon as mh
from metaharmon import generate
from metaharmon.diagnostics import CARRIED, MALFORMED, REQUIRED_MISSING, SUPPLIED
from metaharmon.model.findings import OF_PRODUCTS
from metaharmon.model.normal import same
from shipped import EXAMPLES, example_records
from toys import RECORD, translator

NAMES = sorted({path.stem for path in EXAMPLES.glob("*.jsonl")} & {head.name for head in mh.dialects()})


@pytest.fixture(scope="module")
def there() -> mh.Translator:
    return translator()


@pytest.fixture(scope="module")
def back(there: mh.Translator) -> mh.Translator:
    return mh.Translator(there.write, there.read)


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_pivot_of_every_pair(name: str) -> None:
    _pivots(name, NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_pivot(name: str) -> None:
    """Law 4: translating is reading and writing; and law 5, as most of it is compiled. A fifth of all pairs."""
    at = NAMES.index(name)
    _pivots(name, [other for n, other in enumerate(NAMES) if (n + at) % 5 == 0])


def _pivots(name: str, others: list[str]) -> None:
    read = mh.load(name)
    record = example_records(name)[0]
    reading = read.reading(record)
    assert reading.product is not None
    for other in others:
        write = mh.load(other)
        done = mh.Translator(read, write)(record)
        written = write.writing(reading.product)
        expected = [p for p in [*reading.problems, *written.problems] if p.code not in OF_PRODUCTS]
        assert done.record == written.record
        assert done.losses == written.losses
        assert done.residue == reading.residue
        assert done.problems == expected


def test_a_dialect_into_itself_returns(there: mh.Translator) -> None:
    done = mh.Translator(there.read, there.read)(RECORD)
    assert done.ok and done.record == RECORD and done.losses == []


# --- one translation -------------------------------------------------------------------------------------------------


def test_translation_by_hand(there: mh.Translator) -> None:
    done = there(RECORD)
    assert done.record == {"key": "a1", "label": "甲", "open": True, "by": "某公司"}
    assert sorted((loss.path, loss.kind) for loss in done.losses) == [
        ("distributions", "omitted"),
        ("extent", "omitted"),
        ("keywords", "omitted"),
        ("parties.provider.0.contacts", "omitted"),
    ]
    assert done.residue.leaves == {"status": "ALL", "colour": "red"}
    assert [p.code for p in done.problems] == [REQUIRED_MISSING] and not done.ok


@pytest.mark.parametrize("value", [None, 7, [], {"id": float("inf")}, {"id": object()}])
def test_no_record_gives_no_translation(there: mh.Translator, value: Any) -> None:
    done = there(value)
    assert done.record is None and not done.ok and done.problems


def test_compiled_and_explained_agree(there: mh.Translator, monkeypatch: pytest.MonkeyPatch) -> None:
    for record in (RECORD, {}, {"id": None, "status": "odd", "files": 3}, {"size": Decimal("7.50"), "owner": []}):
        fast = there(record)
        with monkeypatch.context() as patch:
            patch.setattr(mh.Translator, "_fast", lambda self, record: None)
            assert there(record) == fast
    assert "def translate" in there.source


def test_onto(there: mh.Translator) -> None:
    present = {"key": "a1", "label": "旧", "open": False, "region": "中国", "memo": "ours", "extra": [1]}
    done = there(RECORD, onto=present)
    assert done.ok
    assert done.record == {**present, "label": "甲", "open": True, "by": "某公司"}
    assert not there(RECORD, onto=7).ok


# --- supply ----------------------------------------------------------------------------------------------------------


def test_supply_fills_what_is_absent(there: mh.Translator) -> None:
    supply = {"coverage.spatial": [{"scheme": "iso3166-1", "code": "CN"}], "title": "别的", "identifiers.local": "z"}
    done = there(RECORD, supply=supply)
    assert done.ok
    assert done.record == {"key": "a1", "label": "甲", "open": True, "by": "某公司", "region": "中国"}
    assert [(p.code, p.path) for p in done.problems] == [(SUPPLIED, "coverage.spatial")]
    bare = there({}, supply=supply)
    assert bare.record == {"key": "z", "label": "别的", "region": "中国"}
    assert [p.path for p in bare.problems if p.code == SUPPLIED] == ["coverage.spatial", "title", "identifiers.local"]


def test_supply_is_checked_whole_before_any_record(there: mh.Translator) -> None:
    with pytest.raises(mh.CanonicalError) as caught:
        there(RECORD, supply={"titel": "x", "access.opening.type": "odd", "title": 3})
    assert [d.path for d in caught.value.diagnostics] == ["titel", "access.opening.type", "title.zh"]
    assert caught.value.diagnostics[0].hint == "did you mean 'title'?"


# --- carry -----------------------------------------------------------------------------------------------------------


def test_carried_residue_comes_home(there: mh.Translator, back: mh.Translator) -> None:
    sent = there(RECORD, carry="write")
    assert sent.record is not None and '"colour":"red"' in sent.record["memo"]
    home = back(sent.record, carry="use")
    assert home.record == {"id": "a1", "name": "甲", "status": "ALL", "colour": "red", "owner": {"name": "某公司"}}
    again = there(RECORD, carry="write", onto=sent.record)
    assert again.record == sent.record


def test_carried_residue_is_passed_over_by_default(there: mh.Translator, back: mh.Translator) -> None:
    sent = there(RECORD, carry="write").record
    plain = back(sent)
    assert [(p.code, p.path) for p in plain.problems] == [(CARRIED, "memo")]
    assert plain.record == {"id": "a1", "name": "甲", "status": "all", "owner": {"name": "某公司"}}
    assert plain.residue.leaves["memo"] == sent["memo"]  # type: ignore[index]


def test_an_edited_value_overrules_what_was_carried(there: mh.Translator, back: mh.Translator) -> None:
    sent = there(RECORD, carry="write").record
    assert sent is not None
    home = back({**sent, "open": False}, carry="use").record
    assert home is not None and home["status"] == "nobody" and home["colour"] == "red"


def test_residue_of_third_parties_is_carried_on(there: mh.Translator, back: mh.Translator) -> None:
    third = '[{"of":"third@1","leaves":{"q":1}}]'
    sent = there({**RECORD, "carried": third}, carry="write").record
    assert sent is not None
    assert sent["memo"].endswith(',{"of":"third@1","leaves":{"q":1}}]') and '"carried"' not in sent["memo"]


@pytest.mark.parametrize(
    "text",
    [
        "not json", "7", "{}", "[7]", "[{}]", '[{"of": 7}]',
        '[{"of":"toy-a@1","leaves":[]}]', '[{"of":"toy-a@1","odd":1}]',
        '[{"of":"toy-a@1","leaves":{"[":1}}]', '[{"of":"toy-a@1","gone":[7]}]', "[" * 3000,
        '[{"of":"toy-a@1","lists":{"files":{"items":[[["k"],0,null]]}}}]',
        '[{"of":"toy-a@1","lists":{"files":{"slots":[9],"items":[]}}}]',
    ],
)  # fmt: skip
def test_broken_carried_residue_is_reported_and_not_used(back: mh.Translator, text: str) -> None:
    done = back({"key": "a1", "label": "甲", "memo": text}, carry="use")
    assert [p.code for p in done.problems] == [MALFORMED]
    assert done.record == {"id": "a1", "name": "甲"}


def test_carry_needs_a_field(there: mh.Translator) -> None:
    with pytest.raises(ValueError, match="'use' or 'write'"):
        there(RECORD, carry="yes")
    plain = next(name for name in NAMES if mh.load(name).plan.carry is None)
    with pytest.raises(ValueError, match="no field that carries"):
        mh.Translator(there.read, mh.load(plain))(RECORD, carry="write")


# --- static losses and explanations ----------------------------------------------------------------------------------


def test_static_losses_by_hand(there: mh.Translator, back: mh.Translator) -> None:
    found = {(loss.when, loss.path): loss for loss in there.losses}
    assert sorted(path for when, path in found if when == "always") == [
        "access.term", "distributions", "extent", "keywords", "parties.provider.contacts", "parties.provider.ids",
    ]  # fmt: skip
    opening = found["sometimes", "access.opening.type"]
    assert opening.kind == "omitted" and opening.reason == "the code table of the field has no code for 'conditional'"
    assert opening.rule is not None and opening.rule.file.endswith("toy-b.yaml")
    assert "the field takes 8" in found["sometimes", "title"].reason
    needed = [loss for loss in there.losses if loss.when == "must_supply"]
    assert [(loss.path, loss.field) for loss in needed] == [("coverage.spatial", "region")]
    assert [loss.path for loss in back.losses if loss.when == "always"] == ["coverage"]
    assert not [loss for loss in back.losses if loss.when == "must_supply"]


@pytest.mark.full
@pytest.mark.parametrize("name", [name for n, name in enumerate(NAMES) if n % 4])
def test_what_is_always_lost_is_lost_by_every_other_record(name: str) -> None:
    test_what_is_always_lost_is_lost_by_every_record(name)


@pytest.mark.parametrize("name", NAMES[::4])
def test_what_is_always_lost_is_lost_by_every_record(name: str) -> None:
    """No value of ours at a path that is always lost comes through; and what must be supplied is never written."""
    read, other = mh.load(name), mh.load(NAMES[(NAMES.index(name) + 7) % len(NAMES)])
    translator = mh.Translator(read, other)
    gone = [
        tuple(loss.path.partition("[")[0].split("."))
        for loss in translator.losses
        if loss.when == "always" and "[" not in loss.path
    ]
    for record in example_records(name):
        product = mh.DataProduct.from_normal(read.read(record).tree())
        back = other.read(other.write(product)).tree()
        assert [path for path in gone if _stands(back, path) and _stands(product.tree(), path)] == []


def test_what_a_constant_of_entries_says_is_not_always_lost() -> None:
    always = {
        loss.path for loss in mh.Translator(mh.load("odps-4"), mh.load("schema-org")).losses if loss.when == "always"
    }
    assert "offers.amount" in always and "offers.basis" not in always


def _stands(tree: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        tree = tree[0] if isinstance(tree, list) else tree
        if not isinstance(tree, dict) or name not in tree:
            return False
        tree = tree[name]
    return True


def test_explain_by_hand(there: mh.Translator) -> None:
    rows = {row.path: row for row in there.explain({**RECORD, "name": "一二三四五六七八九"})}
    assert (rows["id"].fate, rows["id"].ours, rows["id"].written) == ("exact", ("identifiers.local.value",), ("key",))
    assert rows["status"].fate == "spelled" and rows["status"].written == ("open",)
    assert rows["colour"].fate == "kept" and rows["colour"].written == ()
    assert rows["words"].losses[0].kind == "omitted" and rows["words"].written == ()
    assert rows["name"].losses[0].reason == "the text has 9 characters, the field takes 8"
    assert rows["files.0.url"].ours == ("distributions.access_url",) and rows["files.0.hash"].fate == "kept"
    assert rows["owner.name"].rule is not None and rows["owner.name"].rule.file.endswith("toy-a.yaml")
    with pytest.raises(mh.RecordError):
        there.explain(7)


# --- sharing ---------------------------------------------------------------------------------------------------------


def test_translators_can_be_pickled_and_shared(there: mh.Translator) -> None:
    other = pickle.loads(pickle.dumps(there))
    expected = there(RECORD)
    with ThreadPoolExecutor(8) as pool:
        for done in pool.map(other, [RECORD] * 200):
            assert done == expected


# --- JSON ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_results_are_written_exactly(name: str) -> None:
    """`mh.dumps` takes every result with its digits, `json.dumps` takes every `as_dict`."""
    d = mh.load(name)
    for record in [*example_records(name), *generate.records(d.plan, 5, 5)]:
        record = mh.loads(mh.dumps(record))  # as a file says it
        done = mh.Translator(d, mh.load("ckan"))(record)
        for value in (done.record, done.residue.as_data(), [one.value for one in done.left], record):
            assert same(mh.loads(mh.dumps(value)), value)
        for told in (done.as_dict(), d.account([record]).as_dict(), *(one.as_dict() for one in done.losses)):
            assert json.loads(json.dumps(told)) == told
        found = d.reading(record)
        if found.product is not None:
            assert mh.loads(json.dumps(found.product.canonical())) == found.product.canonical()


def test_what_returns_decimals_names_dumps() -> None:
    for one in (mh.Dialect.write, mh.Dialect.writing, mh.Translator.__call__, mh.Translation, mh.write, mh.Left,
                mh.Residue.as_data):  # fmt: skip
        assert "dumps" in str(one.__doc__), one
