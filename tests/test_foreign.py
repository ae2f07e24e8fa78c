"""Wrapped, foreign, wrongly nested and empty inputs: used and said, or refused; never a blank listing with exit 0."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

import metaharmon as mh
import shipped
from metaharmon import interpreter
from metaharmon.cli import main as run
from metaharmon.compiler import CompiledPair, CompiledPlan
from metaharmon.diagnostics import KINDS, RecordError
from metaharmon.dialect import likeness
from metaharmon.dialect.record_paths import parse
from metaharmon.dialect.record_paths import shown as path_shown
from metaharmon.files.jsontext import dumps
from metaharmon.mapping.plan import Plan
from metaharmon.paths import Key, leaves, put

DATA = yaml.safe_load((Path(__file__).parent / "data" / "foreign.yaml").read_text("utf-8"))
TITLE = "公交站点"
PLANS = shipped.plans()
NAMES = sorted(PLANS)
WRITE = "cn-anhui-suzhou"
"""The dialect that is written: it requires nothing."""


class Done:
    """A run of the command line: exit code, records written, what was said."""

    def __init__(self, capsys: Any, args: list[str]):
        self.code = run(args)
        out, self.said = capsys.readouterr()
        self.records = [json.loads(line) for line in out.splitlines()]
        self.blank = [one for one in self.records if one["标题"] != TITLE]


def translated(capsys: Any, folder: Path, read: str, text: str, ending: str = "json", *more: str) -> Done:
    """A file, translated."""
    file = folder / f"in.{ending}"
    file.write_text(text, "utf-8")
    return Done(capsys, ["translate", "--read", read, "--write", WRITE, *more, str(file)])


def filled(value: Any, record: dict[str, Any]) -> Any:
    """A wrapper around a record."""
    if isinstance(value, dict):
        return {key: filled(below, record) for key, below in value.items()}
    if isinstance(value, list):
        return [filled(below, record) for below in value]
    return {"RECORD": record, "RECORDS": [record, record]}.get(value, value) if isinstance(value, str) else value


WRAPPED = [
    pytest.param(read, record, wrapper, id=f"{read}: {wrapper['name']}")
    for read, record in DATA["records"].items()
    for wrapper in DATA["wrappers"]
]
REGISTRY = mh.Registry()


@pytest.fixture(autouse=True)
def _one_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialects are loaded once, not once a run."""
    for verb in ("translate", "proof"):
        monkeypatch.setattr(f"metaharmon.cli.{verb}.registry", lambda args: REGISTRY)


def test_there_are_enough_inputs() -> None:
    """What the issue asks for: 60 inputs over 12 dialects."""
    dialects = {*DATA["records"], *(one["read"] for one in DATA["documents"])}
    assert len(WRAPPED) + len(DATA["documents"]) >= 60 and len(dialects) >= 12


@pytest.mark.parametrize("read", DATA["records"])
def test_a_bare_record_is_read_as_ever(capsys: Any, tmp_path: Path, read: str) -> None:
    done = translated(capsys, tmp_path, read, dumps(DATA["records"][read]))
    assert (done.code, len(done.records), done.blank) == (0, 1, []) and "MH41" not in done.said


@pytest.mark.parametrize(("read", "record", "wrapper"), WRAPPED)
def test_a_wrapped_record_is_found_and_said(
    capsys: Any, tmp_path: Path, read: str, record: dict[str, Any], wrapper: dict[str, Any]
) -> None:
    text = dumps(filled(wrapper["document"], record))
    done = translated(capsys, tmp_path, read, text)
    assert done.records and not done.blank
    assert len(done.records) == (2 if "RECORDS" in str(wrapper["document"]) else 1)
    if wrapper["name"] not in DATA["own"].get(read, ()):
        assert "MH413 records-found" in done.said
        assert f"the records were found at {wrapper['at']}; `--records-at " in done.said
    named = translated(capsys, tmp_path, read, text, "json", "--records-at", wrapper["at"])
    assert named.records == done.records and "MH413" not in named.said and named.code == done.code == 0


@pytest.mark.parametrize("case", DATA["documents"], ids=lambda case: f"{case['read']}: {str(case)[:60]}")
def test_documents(capsys: Any, tmp_path: Path, case: dict[str, Any]) -> None:
    lines = "".join(dumps(line) + "\n" for line in case.get("lines", ()))
    text, ending = (lines, "jsonl") if "lines" in case else (dumps(case["document"]), "json")
    done = translated(capsys, tmp_path, case["read"], text, ending)
    assert len(done.records) == case.get("records", 0)
    if "code" in case:
        assert f"{case['code']} {KINDS[case['code']].name}" in done.said
        assert done.code == case.get("exit", 1)
    if "at" in case:
        assert f"found at {case['at']};" in done.said
    if "hint" in case:
        assert case["hint"] in done.said
    assert bool(done.blank) == case.get("blank", False)
    assert done.code or not done.blank


@pytest.mark.parametrize("case", DATA["documents"], ids=lambda case: f"{case['read']}: {str(case)[:60]}")
def test_an_account_of_no_record_is_no_success(capsys: Any, tmp_path: Path, case: dict[str, Any]) -> None:
    file = tmp_path / ("in.jsonl" if "lines" in case else "in.json")
    lines = case.get("lines", [case.get("document")])
    file.write_text("".join(dumps(line) + "\n" for line in lines), "utf-8")
    if case.get("code") in ("MH411", "MH414", "MH415", "MH109"):
        assert run(["test", case["read"], "--records", str(file)]) == 1
        out = capsys.readouterr().out
        assert "100.00%" not in out or case.get("records")


# --- where records are -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (".", ()),
        ("data", ("data",)),
        ("data.rows", ("data", "rows")),
        ("[]", ("[]",)),
        ("[][]", ("[]", "[]")),
        ("[].rows", ("[]", "rows")),
        ("pages[].rows", ("pages", "[]", "rows")),
        ("results.0", ("results", "0")),
        ("0", ("0",)),
        ('["a.b", "[]", "rows"]', ("a.b", "[]", "rows")),
    ],
)
def test_paths(text: str, steps: tuple[str, ...]) -> None:
    assert parse(text) == steps and path_shown((*steps, "x")[:-1] if steps[-1:] != ("[]",) else (*steps, "[]")) == text


@pytest.mark.parametrize("text", ["", "a..b", ".a", "a[0]", "a[b]", '["a', '["a", {}]', "a.[]"])
def test_what_is_no_path_is_wrong_use(capsys: Any, tmp_path: Path, text: str) -> None:
    done = translated(capsys, tmp_path, "cn-guizhou-guiyang", "[]", "json", f"--records-at={text}")
    assert done.code == 2 and "--records-at" in done.said


@pytest.mark.parametrize(
    ("document", "at", "message"),
    [
        ({"data": {"rows": []}}, "data.list", "data has: rows"),
        ({"data": [{"rows": []}]}, "data.rows", "data is a list"),
        ({"data": 7}, "data", "neither an object nor a list"),
        ([{"标题": "a"}], "1", "the document is a list"),
    ],
)
def test_nothing_stands_at_the_place(document: Any, at: str, message: str) -> None:
    with pytest.raises(RecordError, match="MH414") as caught:
        mh.load("cn-guizhou-guiyang").records(document, at)
    assert message in str(caught.value)


def test_a_place_may_hold_an_envelope_of_the_dialect() -> None:
    page = {"response": {"success": True, "result": {"count": 1, "results": [{"id": "a7", "title": TITLE}]}}}
    found = mh.load("ckan").records(page, at="response")
    assert [*found] == [{"id": "a7", "title": TITLE}] and found.envelope.name == "search"


def test_numbers_name_one_entry() -> None:
    page = {"results": [{"标题": "a"}, {"标题": "b"}]}
    assert [*mh.load("cn-guizhou-guiyang").records(page, at="results.1")] == [{"标题": "b"}]


def test_what_stands_around_the_records() -> None:
    """The title of a catalogue, a message, a total: not what the envelope itself says."""
    page = {"code": 0, "msg": "ok", "data": {"total": 1, "records": [{"goodsName": "a"}], "note": None}}
    assert mh.load("cn-beijing").records(page).around() == [("msg", "ok"), ("data.total", 1)]
    page = {"msg": "ok", "data": {"total": 2, "rows": [DATA["records"]["cn-anhui"]] * 2}}
    assert mh.load("cn-anhui").records(page).around() == [("msg", "ok"), ("data.total", 2)]
    search = {"success": True, "help": "h", "result": {"count": 1, "results": [{"id": "a"}], "sort": "score"}}
    assert mh.load("ckan").records(search).around() == [("help", "h"), ("result.sort", "score")]
    assert mh.load("ckan").records({"id": "a", "x": 1}).around() == []
    entries = {"data": [{"type": "dois", "id": "b", "attributes": {"doi": "10.5072/7"}}]}
    assert ("data.0.id", "b") in mh.load("datacite-4").records(entries).around()


def test_what_stands_around_the_records_of_a_graph() -> None:
    dcat, dct = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
    graph = {
        "@context": {"dcat": dcat, "dct": dct},
        "@id": "https://a.example/",
        "@type": "dcat:Catalog",
        "dct:title": "数据目录",
        "dcat:dataset": [{"@id": "https://a.example/7", "@type": "dcat:Dataset", "dct:title": TITLE}],
    }
    found = mh.load("dcat-ap-3").records(graph)
    assert len(found.entries) == 1
    assert found.around() == [("@id", "https://a.example/"), ("dct:title", "数据目录")]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_refused_record_has_its_account() -> None:
    found = mh.load("cn-guizhou-guiyang").reading({"a": 1, "b": [2, {"c": None}]}, explain=True)
    assert found.refused and {(fate.fate, fate.count) for fate in found.fates or ()} == {("refused", 1), ("refused", 2)}
    assert found.problems[0].message == "not a record of cn-guizhou-guiyang: none of its 2 fields is known"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"a": 1}, "its one field is not known"),
        ({"a": 1, "b": None}, "its one field is not known"),
        ({"更新时间": "昨天"}, "its one field is not read"),
        ({"更新时间": "昨天", "开放属性": "也许", "a": 1}, "none of its 3 fields is read"),
    ],
)
def test_a_refusal_counts_fields(record: dict[str, Any], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        mh.read("cn-guizhou-guiyang", record)


def test_the_hint_names_the_family() -> None:
    record = {"标题": "a", "描述": "b", "重点领域": "c", "来源部门": "d", "部门电话": "e"}
    found = mh.load("cn-guangzhou").reading(record)
    assert found.problems[0].hint is not None and "cn-guangxi-*" in found.problems[0].hint


def test_a_translator_says_the_same() -> None:
    translate = mh.translator(read="cn-guizhou-guiyang", write=WRITE)
    done = translate({"CPMC": "a", "CPMS": "b", "KHQC": "c"})
    assert done.record is None and [p.code for p in done.problems] == ["MH411"]
    assert done.problems[0].hint == "it looks like cn-guangzhou"
    hardly = translate({"标题": "a", **{f"x{i}": i for i in range(9)}})
    assert hardly.record is not None and [p.code for p in hardly.problems] == ["MH412"]
    assert "of the 10 values that the record says, 1 can be read (10%)" in hardly.problems[0].message


def test_an_empty_record_stays_readable() -> None:
    for record in ({}, {"标题": None}, {"标题": "", "x": None, "y": []}, {"主题名称": "默认主题", "标题": "暂无"}):
        assert not mh.load("cn-guizhou-guiyang").reading(record).refused


def foreign_records(plan: Plan) -> list[dict[str, Any]]:
    """Records of which nothing is read: unknown fields alone, beside silent ones, beside constants of theirs."""
    constants: dict[str, Any] = {}
    for one in plan.record.derived:
        if one.constant and all(isinstance(step, Key) for step in one.slot.steps):
            put(constants, one.slot.steps, one.constant[0])
    silent = {} if plan.linked else dict.fromkeys(plan.names)
    found = [{"x": 1}, {"x": {"y": [{"z": "1"}]}}, {**silent, "x": "1"}, {**constants, "x": [1]}, {"x": [[{"y": 1}]]}]
    if plan.linked is None:
        for example in shipped.example_records(plan.dialect):
            found.append({"ctx": {"code": 200}, "zz": [example]})
            found.append({f"zz{key}": value for key, value in example.items()})
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_engine_refuses_what_is_foreign(name: str) -> None:
    """Generated code leaves each such record to the interpreter, also in pairs."""
    plan, other = PLANS[name], PLANS[NAMES[NAMES.index(name) - 1]]
    engine, pair = CompiledPlan(plan), CompiledPair(plan, other)
    for record in foreign_records(plan):
        found = interpreter.read(plan, record, explain=True)
        assert found.refused and [p.code for p in found.problems][-1] == "MH411", record
        assert sum(fate.count for fate in found.fates or ()) == leaves(record), record
        assert _given_up(engine.read, record) and _given_up(pair.translate, record), record
    for record in ({}, dict.fromkeys(plan.names) if plan.linked is None else {}):
        assert not interpreter.read(plan, record).refused


def _given_up(run: Any, record: dict[str, Any]) -> bool:
    try:
        return run(record) is None
    except Exception:
        return True


# --- catalogue services ----------------------------------------------------------------------------------------------

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
 xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="https://a.example/{n}">
<dct:title>公交站点</dct:title></dcat:Dataset></rdf:RDF>"""
CSW = """<?xml version="1.0"?><csw:{name} xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">{head}{rdf}</csw:{name}>"""


@pytest.mark.parametrize(
    ("name", "head", "n"),
    [("GetRecordsResponse", '<csw:SearchStatus timestamp="2026-01-01"/>', 2), ("GetRecordByIdResponse", "", 1)],
)
def test_rdf_inside_the_answer_of_a_service(capsys: Any, tmp_path: Path, name: str, head: str, n: int) -> None:
    pytest.importorskip("rdflib")
    text = CSW.format(name=name, head=head, rdf="".join(RDF.format(n=i) for i in range(n)))
    done = translated(capsys, tmp_path, "dcat-ap-3", text, "rdf")
    assert done.code == 0 and len(done.records) == n and not done.blank
    assert "MH413" in done.said and f"the RDF inside {name}" in done.said


def test_rdf_alone_needs_no_word(capsys: Any, tmp_path: Path) -> None:
    pytest.importorskip("rdflib")
    done = translated(capsys, tmp_path, "dcat-ap-3", RDF.format(n=1), "rdf")
    assert done.code == 0 and len(done.records) == 1 and "MH413" not in done.said


# --- likeness --------------------------------------------------------------------------------------------------------


def test_the_index_is_cheap() -> None:
    """Generous limits: 0.05 s and 0.1 ms on an idle machine."""
    likeness.index.cache_clear()
    likeness._members.cache_clear()
    start = time.process_time()
    likeness.index()
    assert time.process_time() - start < 0.5
    record = DATA["records"]["cn-guizhou-guiyang"]
    start = time.process_time()
    for _ in range(100):
        likeness.looks_like(record)
    assert time.process_time() - start < 0.3


def test_the_index_knows_every_dialect() -> None:
    """What the cheap index says a dialect knows is what the bound plan knows, but for a few."""
    known = {name: form.names for form in likeness.index().forms for name in form.dialects}
    listed = {head.name for head in mh.dialects()}
    assert listed == set(known)
    for name in DATA["records"]:
        names = mh.load(name).plan.names
        assert len(names & known[name]) >= 0.8 * len(names), name


@pytest.mark.parametrize("record", [None, 7, "x", [], {}, [[[]]], {"a": 1}, {1: 2}, {"@type": [7, None]}])
def test_likeness_of_anything(record: Any) -> None:
    assert likeness.looks_like(record) == []
