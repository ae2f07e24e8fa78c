"""The door: reading, writing, `onto`, documents, the account, the registry. Laws on all that ships, then by hand."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import metaharmon as mh
import strategies
from metaharmon import interpreter
from metaharmon.checker.examples import check_examples
from metaharmon.diagnostics import BAD_CHECK_DIGIT, NOT_A_RECORD, NOT_COMPLETE
from metaharmon.engine.residue import Residue
from metaharmon.files.jsontext import dumps, loads
from metaharmon.mapping.grammar import Report
from metaharmon.model.overlay import overlay
from metaharmon.model.whole import normal_product
from shipped import EXAMPLES, example_records

TOYS = Path(__file__).parent / "data" / "door"
NAMES = sorted(head.name for head in mh.dialects())
WITH_RECORDS = sorted({path.stem for path in EXAMPLES.glob("*.jsonl")} & set(NAMES))
RECORD = {
    "id": "a1", "name": "甲", "words": "x,y", "status": "ALL", "size": 7, "colour": "red",
    "owner": {"name": "某公司", "code": "91350100M000100Y43", "phone": "0451"},
    "files": [{"url": "https://example.org/1", "label": "一", "hash": "h1"},
              {"url": "https://example.org/2", "hash": "h2"}],
    "term": "days", "days": "P3D",
}  # fmt: skip


@pytest.fixture(scope="module")
def toys() -> mh.Registry:
    return mh.Registry([TOYS])


@pytest.fixture(scope="module")
def toy(toys: mh.Registry) -> mh.Dialect:
    return toys.load("toy-a")


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_dialect_loads_and_its_examples_hold(name: str) -> None:
    dialect = mh.load(name)
    assert dialect.name == name and set(dialect.title) >= {"zh", "en"} and dialect.evidence is not None
    report = Report()
    check_examples(dialect.plan, dialect.mapping.says.examples, interpreter, report)
    assert dialect.mapping.says.examples and not report


@pytest.mark.parametrize("name", WITH_RECORDS)
def test_account_of_the_example_records(name: str) -> None:
    account = mh.load(name).account(example_records(name))
    said = account.as_dict()
    assert account.failures == []
    assert account.ok and said["records"] == said["read"] == said["returned"] > 0
    assert said["mapped"] + said["residue"] + said["account"]["derived"] == said["leaves"]
    assert all(law["failed"] == 0 and law["passed"] >= said["read"] for law in said["laws"].values())
    assert 0 < said["share"] <= 1


@pytest.mark.parametrize("name", WITH_RECORDS)
def test_generated_code_says_what_the_interpreter_says(name: str) -> None:
    dialect = mh.load(name)
    for record in example_records(name):
        fast, slow = dialect.reading(record), dialect.reading(record, explain=True)
        assert fast.product == slow.product and fast.residue == slow.residue and fast.problems == slow.problems
        assert fast.fates is None and slow.fates is not None
        fresh = mh.DataProduct.from_normal(slow.product.tree())
        written = dialect.writing(fresh)
        explained = interpreter.write(dialect.plan, fresh.tree(), None)
        assert (written.record, written.losses, written.problems) == (
            explained.record, explained.losses, explained.problems
        )  # fmt: skip


def test_a_lone_surrogate_is_data() -> None:
    for odd in ({"\ud800": 1}, {"x": "\ud800"}, {"x": ["\ud800", {"\udfff": None}]}):
        for name in ("ckan", "cn-guangzhou", "dcat-us-1.1"):
            dialect = mh.load(name)
            record = {**odd, "title" if name != "cn-guangzhou" else "CPMC": "x"}
            assert dialect.write(dialect.read(record)) == record


def test_kept_fields_are_found_again_after_json() -> None:
    """A float is a decimal after its way through JSON text: for a digest both are the same number."""
    dialect, record = mh.load("ckan"), {"title": "t", "resources": [{"url": 1.5, "hash": "ab", "hash_algorithm": {}}]}
    product = dialect.read(record)
    again = mh.DataProduct.from_normal(product.tree())
    again.residues["ckan"] = Residue.from_data(loads(dumps(product.residues["ckan"].as_data()), "residue"))
    assert loads(dumps(dialect.write(again)), "back") == loads(dumps(record), "record")


trees = strategies.products()


@given(trees, trees)
def test_overlay_laws(base: dict[str, Any], stated: dict[str, Any]) -> None:
    base, stated = normal_product(base), normal_product(stated)
    assert overlay(base, base) == base
    assert overlay(base, {}) == base
    assert overlay({}, stated) == stated
    once = overlay(base, stated)
    assert overlay(once, stated) == once
    assert normal_product(once) == once
    assert _says(once, stated)


def _says(whole: Any, part: Any) -> bool:
    """Whether everything that is stated stands there."""
    if isinstance(part, dict):
        return all(key in whole and _says(whole[key], value) for key, value in part.items())
    return bool(whole == part)


NO_TABLE = {"structure": {"tables": [{"name": "数据"}]}, "title": {"zh": "数据"}}
A_TERM = {"keywords": {"und": ["数据"]}}  # beside a concept that is there, which is read as a keyword, too
NO_ID = {"services": [{"id": "null", "description": {"zh": "数"}}, {"id": "b", "title": {"zh": "据"}}]}
NO_WORD = {"links": {"has_part": [{"title": {"und": "数据"}}, {"identifier": {"value": "b"}}]}}
ALIKE = {"title": {"zh": "数据"}, "services": [{"id": "api"}, {"id": "api", "title": {"zh": "接口"}}]}


@settings(max_examples=40, deadline=None)
@example(ALIKE, "ckan", 0)
@example(A_TERM, "invenio-rdm", 0)
@example({"distributions": [{"encoding": "X"}]}, "data-gov-tw", 1)
@example(NO_ID, "ckan", 0)
@example(NO_WORD, "firstdata-zh", 0)
@example(NO_TABLE, "socrata-discovery", 1)
@given(trees, st.sampled_from(WITH_RECORDS), st.integers(0, 3))
def test_onto_laws_with_any_product(tree: dict[str, Any], name: str, at: int) -> None:
    dialect, records = mh.load(name), example_records(name)
    product, present = mh.DataProduct.model_validate(tree), records[at % len(records)]
    once = dialect.writing(product, onto=present)
    read = dialect.read(present)
    laid = mh.DataProduct.from_normal(overlay(read.tree(), product.tree()))
    assert dialect.read(once.record) == laid.apply(once.losses)
    assert dialect.write(product, onto=once.record) == once.record
    assert dialect.write(read, onto=present) == present


# --- reading and writing ---------------------------------------------------------------------------------------------


def test_read_by_hand(toy: mh.Dialect) -> None:
    product = toy.read(RECORD)
    assert product.canonical() == {
        "identifiers": {"local": [{"value": "a1"}]},
        "title": {"zh": "甲"},
        "keywords": {"zh": ["x", "y"]},
        "parties": {"provider": [{"name": {"zh": "某公司"}, "ids": {"uscc": "91350100M000100Y43"},
                                  "contacts": [{"telephone": ["0451"]}]}]},
        "extent": {"records": {"value": "7"}},
        "access": {"opening": {"type": "unconditional"}, "term": {"kind": "period", "period": "P3D"}},
        "distributions": [{"access_url": ["https://example.org/1"], "title": {"zh": "一"}}, {"access_url": ["https://example.org/2"]}],
    }  # fmt: skip
    assert product.residues["toy-a"].leaves == {"status": "ALL", "colour": "red"}
    assert toy.write(product) == RECORD
    assert toy.losses(product) == []


def test_edit_keeps_the_rest(toy: mh.Dialect) -> None:
    product = toy.read(RECORD)
    product.title = {"zh": "乙"}
    assert toy.write(product) == {**RECORD, "name": "乙"}


def test_warnings_of_a_product(toy: mh.Dialect) -> None:
    reading = toy.reading({"name": "甲", "owner": {"code": "91350100M000100Y44"}})
    assert [(p.code, p.path) for p in reading.problems] == [
        (NOT_COMPLETE, None),
        (BAD_CHECK_DIGIT, "parties.provider.0.ids.uscc"),
    ]
    assert "identifier" in reading.problems[0].message and "title" not in reading.problems[0].message
    assert reading.product is not None and not reading.refused


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (7, None),
        ([RECORD], None),
        (None, None),
        ({"name": datetime.date(2026, 1, 1)}, "name"),
        ({"owner": {"name": float("nan")}}, "owner.name"),
        ({"files": [{"url": b"x"}]}, "files.0.url"),
        ({1: "a"}, None),
    ],
)
def test_what_is_no_record(toy: mh.Dialect, value: Any, path: str | None) -> None:
    with pytest.raises(mh.RecordError) as caught:
        toy.read(value)
    assert [d.path for d in caught.value.diagnostics] == [path]
    assert toy.reading(value).refused


def test_a_record_that_holds_itself(toy: mh.Dialect) -> None:
    record: dict[str, Any] = {"name": "甲"}
    record["colour"] = record
    assert toy.reading(record).refused


def test_no_value_is_shared_with_the_caller(toy: mh.Dialect) -> None:
    record = {"name": "甲", "colour": {"deep": [1]}}
    product = toy.read(record)
    record["colour"]["deep"].append(2)  # type: ignore[index]
    written = toy.write(product)
    assert written == {"name": "甲", "colour": {"deep": [1]}}
    written["colour"]["deep"].append(3)
    assert toy.write(product) == {"name": "甲", "colour": {"deep": [1]}}


def test_a_canonical_tree_can_be_written(toy: mh.Dialect) -> None:
    assert toy.write({"title": {"zh": "甲"}}) == {"name": "甲"}
    with pytest.raises(mh.CanonicalError):
        toy.write({"titel": {"zh": "甲"}})


# --- onto ------------------------------------------------------------------------------------------------------------


def test_onto_keeps_what_only_they_know(toy: mh.Dialect) -> None:
    product = mh.DataProduct(title={"zh": "丙"}, parties={"maintainer": [{"name": {"zh": "丁"}}]})
    assert toy.write(product, onto=RECORD) == {**RECORD, "name": "丙"}
    assert [loss.path for loss in toy.losses(product, onto=RECORD)] == ["parties.maintainer"]


def test_onto_states_a_list_as_a_whole(toy: mh.Dialect) -> None:
    product = mh.DataProduct(distributions=[{"access_url": ["https://example.org/2"], "title": {"zh": "二"}}])
    assert toy.write(product, onto=RECORD) == {
        **RECORD, "files": [{"url": "https://example.org/2", "label": "二", "hash": "h2"}]
    }  # fmt: skip


def test_onto_erases_what_is_cleared_and_only_that(toy: mh.Dialect) -> None:
    product = mh.DataProduct(title={"zh": "甲"})
    product.clear("keywords")
    product.clear("parties.provider")
    expected = {key: value for key, value in RECORD.items() if key not in ("words", "owner")}
    assert toy.write(product, onto=RECORD) == expected


def test_onto_of_another_kind_keeps_nothing_of_the_old_kind(toy: mh.Dialect) -> None:
    product = mh.DataProduct(access={"term": {"kind": "unlimited"}})
    expected = {key: value for key, value in RECORD.items() if key != "days"}
    assert toy.write(product, onto=RECORD) == {**expected, "term": "forever"}


@pytest.mark.parametrize(
    ("base", "stated", "expected"),
    [
        ({"title": {"zh": "甲", "en": "A"}}, {"title": {"en": "B"}}, {"title": {"zh": "甲", "en": "B"}}),
        ({"dates": {"listed": "2026"}}, {"dates": {"created": "2025"}},
         {"dates": {"listed": "2026", "created": "2025"}}),
        ({"parties": {"provider": [{"name": {"zh": "甲"}}]}}, {"parties": {"contact": [{"name": {"zh": "乙"}}]}},
         {"parties": {"provider": [{"name": {"zh": "甲"}}], "contact": [{"name": {"zh": "乙"}}]}}),
        ({"extent": {"records": {"value": "9", "bound": "at_least"}, "files": {"value": "2"}}},
         {"extent": {"records": {"value": "8"}}},
         {"extent": {"records": {"value": "8"}, "files": {"value": "2"}}}),
        ({"access": {"opening": {"type": "conditional", "condition": {"zh": "申请"}}}},
         {"access": {"opening": {"type": "none"}}},
         {"access": {"opening": {"type": "none"}}}),
        ({"access": {"opening": {"type": "conditional"}}}, {"access": {"opening": {"condition": {"zh": "申请"}}}},
         {"access": {"opening": {"type": "conditional", "condition": {"zh": "申请"}}}}),
    ],
)  # fmt: skip
def test_overlay_by_hand(base: Any, stated: Any, expected: Any) -> None:
    assert overlay(base, stated) == expected


def test_overlay_clears_entries_and_empty_containers() -> None:
    base = {"offers": [{"basis": "one_off", "state": "free"}], "access": {"opening": {"type": "none"}}, "version": "1"}
    assert overlay(base, {}, ["access.opening.type", "offers[basis=one_off]"]) == {"version": "1"}
    assert base["access"] == {"opening": {"type": "none"}}


# --- documents -------------------------------------------------------------------------------------------------------


def test_records_of_documents(toy: mh.Dialect) -> None:
    page = {"ok": True, "data": {"list": [{"id": "1"}, 7, {"id": "2"}], "total": 3}}
    found = toy.records(page)
    assert found.envelope.name == "page"
    assert list(found) == [{"id": "1"}, {"id": "2"}]
    assert [(e.index, e.problem is None) for e in found.entries] == [(0, True), (1, False), (2, True)]
    assert [p.code for p in found.problems] == [NOT_A_RECORD]
    assert list(toy.records({"id": "1"})) == [{"id": "1"}]
    assert list(toy.records([{"id": "1"}])) == [{"id": "1"}]
    with pytest.raises(mh.RecordError):
        toy.records("text")


def test_records_of_several_places_and_of_nested_documents() -> None:
    found = mh.load("dcat-us-3").records(
        {
            "dataset": [{"title": "a"}],
            "datasetSeries": [{"title": "s"}, {"seriesMember": [{"title": "b"}]}],
            "catalog": [{"dataset": [{"title": "c"}], "catalog": [{"dataset": [{"title": "d"}]}, 7]}],
        }
    )
    assert [record["title"] for record in found] == ["a", "b", "c", "d"]
    served = {"service": [{"servesDataset": [{"title": "e"}]}]}
    assert list(mh.load("dcat-us-3").records(served)) == [{"title": "e"}]
    assert mh.load("dcat-us-3").document([{"title": "a"}]) == {"dataset": [{"title": "a"}]}


def test_records_inside_the_entries_of_a_list() -> None:
    datacite = mh.load("datacite-4")
    answer = {"data": [{"id": "10.1/a", "type": "dois", "attributes": {"doi": "10.1/a"}}, {"id": "10.1/b"}], "meta": {}}
    found = datacite.records(answer)
    assert list(found) == [{"doi": "10.1/a"}] and [p.code for p in found.problems] == [NOT_A_RECORD]
    assert list(datacite.records({"data": {"type": "dois", "attributes": {"doi": "10.1/a"}}})) == [{"doi": "10.1/a"}]
    written = datacite.document([{"doi": "a"}, {"doi": "b"}])
    assert written == {"data": [{"type": "dois", "attributes": {"doi": doi}} for doi in ("a", "b")]}


def test_documents_of_records(toy: mh.Dialect) -> None:
    one, two = {"id": "1"}, {"id": "2"}
    assert toy.document([one, two]) == {"ok": True, "data": {"list": [one, two], "total": 2}}
    assert toy.document(one, envelope="bare") == one
    with pytest.raises(ValueError, match="holds one record"):
        toy.document([one, two], envelope="bare")
    with pytest.raises(KeyError):
        toy.document(one, envelope="nothing")


NAMED = """
dialect: named
title: {en: Named by its file}
version: 1.0.0
canonical: 1
envelope: [{name: entry, records: ., file_name: identifiers.local}]
fields: {title: Name}
"""


def test_the_name_of_a_file_says_what_the_record_does_not(tmp_path: Path) -> None:
    (tmp_path / "named.yaml").write_text(NAMED, "utf-8")
    named = mh.Registry([tmp_path]).load("named")
    record = {"Name": "A"}
    product = named.reading(record, file="folder/lake-levels.v1.yaml").product
    assert product is not None
    assert product.canonical() == {"title": {"und": "A"}, "identifiers": {"local": [{"value": "lake-levels"}]}}
    assert named.write(product) == record
    assert [(loss.path, loss.kind) for loss in named.losses(product)] == [("identifiers", "omitted")]
    assert named.reading(record).product.canonical() == {"title": {"und": "A"}}  # type: ignore[union-attr]


def test_a_file_names_a_path_that_exists(tmp_path: Path) -> None:
    (tmp_path / "named.yaml").write_text(NAMED.replace("identifiers.local", "identifiers.nothing"), "utf-8")
    with pytest.raises(mh.MappingError, match="nothing"):
        mh.Registry([tmp_path]).load("named")


# --- the account -----------------------------------------------------------------------------------------------------


def test_account_by_hand(toy: mh.Dialect) -> None:
    account = toy.account([RECORD, 7, {"id": "b", "name": "", "status": "odd"}])
    said = account.as_dict()
    assert {k: said[k] for k in ("records", "read", "refused", "returned", "leaves", "informative", "unaccounted")} == {
        "records": 3, "read": 2, "refused": 1, "returned": 2, "leaves": 20, "informative": 18, "unaccounted": 0,
    }  # fmt: skip
    assert said["account"] == {"exact": 13, "spelled": 2, "derived": 0, "kept": 3, "unread": 1, "refused": 1}
    assert said["mapped"] == 15 and said["residue"] == 4
    assert said["share"] == round(14 / 18, 4)
    assert said["laws"]["return"] == {"passed": 2, "failed": 0}
    assert not account.ok


LINKS = """
dialect: links
title: {en: Links illustrative, zh: 链接示意}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-11-25, sources: [written for this test]}
schema: links.schema.json
fields: {distributions: {each: links, key: access_url, fields: {access_url: .}}}
"""


@pytest.mark.parametrize("item", ["{}", '{"a": 1, "b": []}', "[]", "[[], 2]", "5", '""', '"https://example.org/1"'])
def test_an_entry_that_is_the_value_has_one_fate_a_leaf(item: str, tmp_path: Path) -> None:
    (tmp_path / "links.yaml").write_text(LINKS, encoding="utf-8")
    schema = '{"type": "object", "properties": {"links": {"type": "array", "items": {"type": "string"}}}}'
    (tmp_path / "links.schema.json").write_text(schema, encoding="utf-8")
    record = loads(f'{{"links": [{item}, "https://example.org/2"]}}'.encode(), "record")
    account = mh.Registry([tmp_path]).load("links").account([record])
    assert account.failures == [] and account.as_dict()["unaccounted"] == 0 and account.as_dict()["returned"] == 1


def test_an_engine_that_breaks_a_law_is_seen(toy: mh.Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mh.Dialect, "write", lambda self, product, onto=None: {"id": "other"})
    account = toy.account([RECORD])
    assert not account.ok and account.failed["return"] == 1
    assert (account.failures[0].law, account.failures[0].record, account.failures[0].path) == ("return", "#0", "colour")


# --- the package -----------------------------------------------------------------------------------------------------


def test_dialects_can_be_pickled(toy: mh.Dialect) -> None:
    other = pickle.loads(pickle.dumps(toy))
    assert (other.name, other.version, other.write(other.read(RECORD))) == ("toy-a", "1.2.0", RECORD)


def test_public_functions(toys: mh.Registry) -> None:
    path = TOYS / "toy-a.yaml"
    product = mh.read(path, RECORD)
    assert mh.write(path, product) == RECORD
    assert mh.losses(write=path, product=product) == []
    assert any(loss.when == "always" for loss in mh.losses(read=path, write=TOYS / "toy-b.yaml"))
    with pytest.raises(TypeError):
        mh.losses(read=path)
    assert set(mh.__all__) <= set(dir(mh)) and all(getattr(mh, name) is not None for name in mh.__all__)
    with pytest.raises(AttributeError):
        mh.nothing_of_this_name  # noqa: B018


@pytest.mark.parametrize("year", [2019, "2019"])
def test_a_number_keeps_its_type_when_it_is_edited(year: Any) -> None:
    """As a JSON number or as a text, where a dialect reads both; anew it is written in the type that its schema names
    first."""
    d = mh.load("datacite-4")
    product = d.read({"titles": [{"title": "Gauges"}], "publicationYear": year})
    product.dates = {"published": "2021"}
    written = d.write(product)["publicationYear"]
    assert type(written) is type(year) and str(written) == "2021"
    product.dates = {"published": "2022-03-01"}
    assert type(d.write(product)["publicationYear"]) is type(year)
    assert d.write({"dates": {"published": "2022"}})["publicationYear"] == "2022"
    onto = d.writing({"dates": {"published": "2022"}}, onto={"publicationYear": year}).record["publicationYear"]
    assert type(onto) is type(year) and str(onto) == "2022"
