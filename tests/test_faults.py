"""An exception that nobody foresaw refuses one record, says whose fault it is, and stops nothing else."""

from __future__ import annotations

import io
import json
import logging
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from metaharmon import interpreter
from metaharmon.cli import main
from metaharmon.diagnostics import FAULT, LIMIT, MissingExtra, RecordError
from metaharmon.dialect import translation
from metaharmon.dialect.generated import Generated
from metaharmon.files import records, tabletext
from metaharmon.jsonld.container import JsonLd
from metaharmon.lenses.base import ValueLens
from toys import RECORD, TOYS, translator

_INSIDE: dict[str, Any] = {"__name__": "metaharmon.interpreter"}
exec(compile("def fail(error):\n    raise error\n", str(interpreter.__file__), "exec"), _INSIDE)


def breaks(error: BaseException) -> Any:
    """A function of metaharmon that raises."""
    return lambda *_, **__: _INSIDE["fail"](error)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> mh.Translator:
    """A translator whose engines fail on every record."""
    made = translator()
    for name in ("read", "write"):
        monkeypatch.setattr(interpreter, name, breaks(KeyError("a\nb")))
    monkeypatch.setattr(mh.Translator, "_fast", lambda self, record: None)
    for dialect in (made.read, made.write):
        monkeypatch.setattr(dialect, "_code", _NoCode())
    return made


class _NoCode:
    def run(self, call: Any) -> None:
        return None


def test_a_fault_is_a_finding_of_every_verb(broken: mh.Translator) -> None:
    d = broken.read
    found = d.reading(RECORD)
    assert found.refused and [one.code for one in found.problems] == [FAULT]
    said = str(found.problems[0])
    assert "metaharmon failed, and the record may be right: KeyError" in said and "\n  hint: report it" in said
    assert "a\nb" not in said and "test_faults" not in said
    done = broken(RECORD)
    assert done.record is None and [one.code for one in done.problems] == [FAULT]
    assert d.tree(RECORD) == {}
    for verb in (lambda: d.read(RECORD), lambda: d.left(RECORD), lambda: d.write({"title": {"zh": "甲"}}),
                 lambda: d.losses({"title": {"zh": "甲"}}), lambda: broken.explain(RECORD)):  # fmt: skip
        with pytest.raises(RecordError) as caught:
            verb()
        assert caught.value.diagnostics[0].code == FAULT
    account = d.account([RECORD, RECORD]).as_dict()
    assert (account["records"], account["refused"], account["unaccounted"]) == (2, 2, 0)
    assert account["problems"] == {FAULT: 2}


def test_the_exception_goes_on_as_the_cause(broken: mh.Translator) -> None:
    with pytest.raises(RecordError) as caught:
        broken.write.write({"title": {"zh": "甲"}})
    assert isinstance(caught.value.__cause__, KeyError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, RecordError) and again.diagnostics == caught.value.diagnostics


def test_what_is_worked_out_later_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    there = translator()
    done = there(RECORD)
    assert done.record is not None
    monkeypatch.setattr(interpreter, "read", breaks(ZeroDivisionError()))
    monkeypatch.setattr(there.read, "_leaving", _NoCode())
    monkeypatch.setattr(translation, "outcomes", breaks(ZeroDivisionError()))
    for look in (lambda: done.left, done.account):
        with pytest.raises(RecordError, match="ZeroDivisionError"):
            look()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(4), MissingExtra("pip install it")], ids=repr)
def test_what_is_no_fault_passes(broken: mh.Translator, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    monkeypatch.setattr(interpreter, "read", breaks(error))
    for verb in (broken, broken.read.reading, broken.read.read, broken.read.tree):
        with pytest.raises(type(error)):
            verb(RECORD)


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": [value]}
    return value


def test_too_large_and_too_deep_are_of_the_record(broken: mh.Translator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "read", breaks(MemoryError()))
    assert [one.code for one in broken(RECORD).problems] == [LIMIT]
    monkeypatch.setattr(interpreter, "read", breaks(RecursionError()))
    assert [one.code for one in broken(nested(20)).problems] == [LIMIT]
    assert [one.code for one in broken(nested(2)).problems] == [FAULT], "the stack is free, the record flat"


def test_a_short_stack_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the caller has used up the stack, a flat record cannot be read, and no one says that metaharmon failed."""
    there = translator()

    def deeper(levels: int) -> Any:
        return deeper(levels - 1) if levels else there(RECORD, onto={})

    used, frame = 0, sys._getframe()
    while frame is not None:
        used, frame = used + 1, frame.f_back  # type: ignore[assignment]
    free = sys.getrecursionlimit() - used
    codes = set()
    for left in range(30, 90, 5):
        try:
            codes.update(one.code for one in deeper(free - left).problems)
        except RecursionError:  # not even the guard has room
            continue
    assert LIMIT in codes and FAULT not in codes


def test_records_at_the_limit_of_depth_are_read_on_the_usual_stack() -> None:
    for name in ("ckan", "schema-org", "odps-4", "cn-anhui"):
        found = mh.load(name).reading({"title": "T", "name": "n", "x": nested(31)}, explain=True)
        assert not {one.code for one in found.problems} & {FAULT, LIMIT}, name


class Wrong(ValueLens):
    """A lens that a host program registered."""

    exact = True

    def read(self, raw: Any) -> Any:
        return raw["x"]

    def write(self, value: Any) -> Any:
        return {"x": value}


def test_a_lens_of_the_host_program_is_named(tmp_path: Path) -> None:
    mh.register_lens("faults-wrong", Wrong())
    said = (TOYS / "toy-b.yaml").read_text("utf-8")
    said = said.replace("title: label", "version: {field: label, lens: faults-wrong}")
    (tmp_path / "toy-b.yaml").write_text(said, "utf-8")
    shutil.copy(TOYS / "toy-b.schema.json", tmp_path)
    d = mh.Registry([tmp_path]).load("toy-b")
    (found,) = d.reading({"label": "abc"}).problems
    assert found.code == FAULT and "A lens of the host program failed" in found.message
    assert "test_faults.py:" in found.message and "may raise Malformed" in str(found.hint)
    assert d.read({"label": {"x": "1"}}).version == "1"


def test_generated_code_that_fails_is_told_and_not_followed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    there = translator()
    wanted = there(RECORD)
    monkeypatch.setattr(there._code.code(), "translate", breaks(IndexError("odd")))
    with caplog.at_level(logging.DEBUG, "metaharmon"):
        assert there(RECORD) == wanted
        assert there(RECORD) == wanted
    (told,) = [one for one in caplog.records if "the interpreter went on" in one.message]
    assert told.levelno == logging.DEBUG and told.exc_info is not None and told.exc_info[0] is IndexError


def test_code_that_cannot_be_generated_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = translator()(RECORD)
    there = translator()
    tries: list[int] = []

    def make() -> Any:
        tries.append(1)
        raise AssertionError("the compiler is wrong")

    monkeypatch.setattr(there._code, "_make", make)
    assert there(RECORD) == wanted and there(RECORD) == wanted
    assert len(tries) == 1
    assert [one.levelno for one in caplog.records] == [logging.WARNING]
    with pytest.raises(AssertionError):
        _ = there.source


def test_a_document_that_breaks_the_search_for_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JsonLd, "records", breaks(ValueError("odd")))
    with pytest.raises(RecordError) as caught:
        mh.load("dcat-ap-3").records({"@type": "dcat:Dataset"})
    assert caught.value.diagnostics[0].code == FAULT
    with pytest.raises(ValueError, match="is no path"):
        mh.load("ckan").records({}, at="a..b")


# --- the command line ------------------------------------------------------------------------------------------------


@pytest.fixture
def one_in_three(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Arguments that translate three records, of which the interpreter fails on the second."""
    real = interpreter.read

    def read(plan: Any, record: Any, explain: bool = False) -> Any:
        return _INSIDE["fail"](ZeroDivisionError("odd")) if record.get("id") == "2" else real(plan, record, explain)

    monkeypatch.setattr(interpreter, "read", read)
    for owner in (mh.Translator, Generated):
        name = "_fast" if owner is mh.Translator else "run"
        monkeypatch.setattr(owner, name, lambda *_: None)
    lines = "".join(json.dumps({"id": str(n), "name": "甲"}) + "\n" for n in (1, 2, 3))
    (tmp_path / "in.jsonl").write_text(lines, "utf-8")
    return ["--mappings", str(TOYS), str(tmp_path / "in.jsonl")]


def test_the_batch_goes_on(one_in_three: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, rejects = tmp_path / "out.jsonl", tmp_path / "bad.jsonl"
    told = ["--read", "toy-a", "--write", "toy-b", "-o", str(out), "--rejects", str(rejects), "--format", "json"]
    assert main(["translate", *told, *one_in_three]) == 3
    assert len(out.read_text("utf-8").splitlines()) == 2
    (line,) = map(json.loads, rejects.read_text("utf-8").splitlines())
    assert line["record"]["id"] == "2" and line["problems"][0]["code"] == FAULT
    assert "metaharmon failed, and the record may be right" in line["problems"][0]["message"]
    assert "Traceback" not in capsys.readouterr().err


def test_debug_shows_the_traceback(one_in_three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate", "--debug", "--read", "toy-a", "--write", "toy-b", *one_in_three]) == 3
    said = capsys.readouterr().err
    assert "Traceback" in said and "ZeroDivisionError: odd" in said and "2 of 3 records translated" in said


def test_the_account_of_a_fault(one_in_three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    *folder, file = one_in_three
    assert main(["test", "toy-a", *folder, "--format", "json", "--records", file]) == 3
    said = json.loads(capsys.readouterr().out)
    assert (said["records"], said["refused"], said["unaccounted"], said["problems"][FAULT]) == (3, 1, 0, 1)


def test_any_other_fault_has_the_same_exit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(mh.Registry, "listed", breaks(IndexError("odd")))
    assert main(["dialects"]) == 3
    said = capsys.readouterr().err
    assert f"{FAULT} internal-fault: metaharmon failed, and the input may be right: IndexError" in said
    assert "Traceback" not in said


def test_a_line_on_which_the_reader_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    real = records.loads

    def loads(data: Any, *rest: Any, **named: Any) -> Any:
        return _INSIDE["fail"](AttributeError("odd")) if b"two" in data else real(data, *rest, **named)

    monkeypatch.setattr(records, "loads", loads)
    found = list(records.read_documents(io.BytesIO(b'{"a": "one"}\n{"a": "two"}\n{"a": "three"}\n'), "x", "jsonl"))
    assert [one.value and one.value["a"] for one in found] == ["one", None, "three"]
    assert (found[1].name, found[1].problems[0].code, str(found[1].problems[0].place)) == ("x:2", FAULT, "x:2:1")


def test_a_reader_that_cannot_go_on_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = records.decode
    told = lambda data, *rest: _INSIDE["fail"](IndexError()) if b"2" in data else real(data, *rest)  # noqa: E731
    monkeypatch.setattr(records, "decode", told)
    found = list(records.read_documents(io.BytesIO(b"a,b\n1,x\n2,y\n3,z\n"), "x.csv"))
    assert [one.value and one.value["a"] for one in found] == ["1", None, "3"]
    assert (found[1].problems[0].code, str(found[1].problems[0].place)) == (FAULT, "x.csv:3:1")
    monkeypatch.setattr(tabletext, "rows", breaks(IndexError()))
    found = list(records.read_documents(io.BytesIO(b"a,b\n1,x\n"), "x.csv"))
    assert [one.problems[0].code for one in found] == [FAULT]
    assert "What follows in the file is not read" in found[-1].problems[0].message


def test_a_record_that_cannot_be_written_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a surrogate pair in a record of theirs: the file of the others is whole."""
    real = mh.Translator.__call__

    def call(self: mh.Translator, record: Any, **rest: Any) -> Any:
        done = real(self, record, **rest)
        if record["id"] == "2":
            done.record["label"] = "\ud800"
        return done

    monkeypatch.setattr(mh.Translator, "__call__", call)
    (tmp_path / "in.jsonl").write_text("".join(f'{{"id": "{n}", "name": "x"}}\n' for n in (1, 2, 3)), "utf-8")
    for out in (tmp_path / "out.jsonl", tmp_path / "out.json"):
        pair = ["--read", "toy-a", "--write", "toy-b", "--mappings", str(TOYS)]
        rejects = ["--rejects", str(tmp_path / "bad.jsonl")]
        assert main(["translate", *pair, "-o", str(out), *rejects, str(tmp_path / "in.jsonl")]) == 1
        text = out.read_text("utf-8")
        assert len(text.splitlines() if out.suffix == ".jsonl" else json.loads(text)) == 2
        (line,) = map(json.loads, (tmp_path / "bad.jsonl").read_text("utf-8").splitlines())
        assert (line["problems"][-1]["code"], line["problems"][-1]["path"]) == ("MH107", "label")


def test_one_bad_node_rejects_one_record() -> None:
    """Contexts and identities of a wrong kind, in a graph and in lists of documents."""
    context = {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"}
    good = {"@type": "dcat:Dataset", "@id": "http://e.org/1", "dct:title": "T"}
    d = mh.load("dcat-ap-3")
    wrong: list[Any] = [{"@base": "http://[::1"}, {"@base": 5}, {"@language": 5}, {"@vocab": []}, 7, ["x"],
                        {"dct": {"@id": 5}}, {"@version": 2}, {"@import": "http://e.org"}, "http://e.org/"]  # fmt: skip
    for one in wrong:
        bad = {"@context": one, **good, "@id": "http://e.org/2"}
        inside = {**good, "@id": "http://e.org/2", "dct:publisher": {"@context": one, "@type": "foaf:Agent"}}
        for third in (bad, inside):
            nodes = [good, third, {**good, "@id": "http://e.org/3"}]
            found = [d.reading(record) for record in d.records({"@context": context, "@graph": nodes})]
            assert [reading.refused for reading in found] == [False, True, False], one
            assert [problem.code for problem in found[1].problems] == ["MH403"], one
        alone = [{"@context": context, **good}, bad, {"@context": context, **good, "@id": "http://e.org/3"}]
        assert [d.reading(record).refused for record in d.records(alone)] == [False, True, False], one
