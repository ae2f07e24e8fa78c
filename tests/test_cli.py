"""The command line: verbs, exit codes, and bad input: one clear message with a place, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from metaharmon.cli import main
from shipped import EXAMPLES

TOYS = Path(__file__).parent / "data" / "door"
PAIR = ["translate", "--mappings", str(TOYS), "--read", "toy-a", "--write", "toy-b"]
SUPPLY = ["--supply", 'coverage.spatial=[{"scheme": "iso3166-1", "code": "CN"}]']


class Run:
    """The verb, its exit code and what it printed."""

    def __init__(self, capfd: pytest.CaptureFixture[str], *args: Any):
        self.code = main([str(arg) for arg in args])
        self.out, self.err = capfd.readouterr()
        assert "Traceback" not in self.err + self.out

    @property
    def records(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Any:
    return lambda *args: Run(capfd, *args)


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


GOOD = '{"id": "1", "name": "甲"}\n'


# --- help and use ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["translate", "test", "check", "show", "dialects", "losses", "schema"])
def test_every_verb_has_help_with_an_example(run: Any, verb: str) -> None:
    done = run(verb, "--help")
    assert done.code == 0 and f"example:\n  metaharmon {verb}" in done.out


@pytest.mark.parametrize(
    "args", [[], ["nothing"], ["translate"], ["translate", "--read", "a", "--write", "b"], ["test"]]
)
def test_wrong_use(run: Any, args: list[str]) -> None:
    done = run(*args)
    assert done.code == 2 and done.out == "" and "usage:" in done.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-o", "out.csv"], ".json or .jsonl"),
        (["--supply", "title"], "PATH=VALUE"),
        (["--supply", "titel=x"], "did you mean 'title'"),
        (["--supply", "offers=[{"], "--supply offers"),
        (["--supply", "title=a", "--supply", "title=b"], "twice"),
        (["--onto", "missing.json"], "does not exist"),
        (["--mappings", "nowhere", "--read", "cn-nowhere"], "nowhere does not exist"),
    ],
)
def test_wrong_options(run: Any, tmp_path: Path, args: list[str], message: str) -> None:
    done = run(*PAIR, *args, put(tmp_path / "in.jsonl", GOOD))
    assert done.code == 2 and done.out == "" and message in done.err


def test_no_file_is_overwritten_while_it_is_read(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.jsonl", GOOD)
    assert run(*PAIR, "-o", file, file).code == 2
    assert run(*PAIR, "-o", tmp_path / "x.jsonl", "--rejects", tmp_path / "x.jsonl", file).code == 2
    assert file.read_text("utf-8") == GOOD


# --- translate -------------------------------------------------------------------------------------------------------


def test_translate_to_standard_output(run: Any, tmp_path: Path) -> None:
    done = run(*PAIR, *SUPPLY, put(tmp_path / "in.jsonl", GOOD * 2))
    assert done.code == 0
    assert done.records == [{"key": "1", "label": "甲", "region": "中国"}] * 2
    assert "toy-a -> toy-b: 2 of 2 records translated" in done.err


def test_numbers_keep_their_digits(run: Any, tmp_path: Path) -> None:
    text = '{"id":"1","colour":1.10,"size":12345678901234567890123}\n'
    done = run("translate", "--mappings", TOYS, "--read", "toy-a", "--write", "toy-a", put(tmp_path / "in.jsonl", text))
    assert done.code == 0 and '"colour":1.10' in done.out and '"size":12345678901234567890123' in done.out


def test_losses_and_what_is_required(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.jsonl", '{"id": "1", "name": "甲", "words": "x"}\n')
    done = run(*PAIR, file)
    assert done.code == 1 and "MH506 required-missing" in done.err and "keywords" in done.err
    assert run(*PAIR, *SUPPLY, file).code == 0
    assert run(*PAIR, *SUPPLY, "--on-loss", "error", file).code == 1
    done = run(*PAIR, *SUPPLY, "--on-loss", "ignore", file)
    assert done.code == 0 and "keywords" not in done.err


def test_what_is_not_carried_over(run: Any, tmp_path: Path) -> None:
    """Kept on purpose, unknown, and neither: what fails by which level."""
    texts = ("", ', "colour": "red"', ', "fax": "7"')
    files = [put(tmp_path / f"{n}.jsonl", f'{{"id": "1", "name": "甲"{text}}}\n') for n, text in enumerate(texts)]
    _, kept, unknown = files
    for level, codes in (
        ("report", (0, 0, 0)),
        ("ignore", (0, 0, 0)),
        ("error-but-kept", (0, 0, 1)),
        ("error", (0, 1, 1)),
    ):
        assert tuple(run(*PAIR, *SUPPLY, "--on-loss", level, one).code for one in files) == codes
    said = run(*PAIR, *SUPPLY, kept, unknown).err
    assert "not carried over" in said and "kept     colour  red" in said and "unknown  fax     7" in said
    assert "not carried over" not in run(*PAIR, *SUPPLY, "--on-loss", "ignore", kept).err


def test_the_ledger_holds_everything(run: Any, tmp_path: Path) -> None:
    long = "x" * 300
    text = f'{{"id": "1", "name": "甲", "words": "a,b", "fax": "{long}", "colour": [1.50]}}\n'
    ledger = tmp_path / "ledger.jsonl"
    assert run(*PAIR, *SUPPLY, "--losses", ledger, put(tmp_path / "in.jsonl", text)).code == 0
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()]
    assert [(line["outcome"], line["theirs"], line["ours"]) for line in lines] == [
        ("omitted", ["words"], "keywords"), ("unknown", "fax", None), ("kept", "colour.0", None),
    ]  # fmt: skip
    assert lines[0]["value"] == {"zh": ["a", "b"]} and lines[2]["value"] == 1.5 and len(lines[1]["value"]) == 200
    assert all(line["record"].endswith("in.jsonl:1") and line["reason"] for line in lines)
    assert lines[2]["rule"].endswith("toy-base.yaml:12:16")


def test_the_summary_as_json_is_whole(run: Any, tmp_path: Path) -> None:
    fields = ", ".join(f'"f{n}": {n}' for n in range(30))
    file = put(
        tmp_path / "in.jsonl", f'{{"id": "1", "name": "甲", "status": "all", "size": 1, "words": "a", {fields}}}\n'
    )
    said = run(*PAIR, *SUPPLY, file).err
    assert "lines more; --losses FILE or --format json shows all" in said
    summary = json.loads(run(*PAIR, *SUPPLY, "--format", "json", file).err)
    assert len(summary["left"]) == 30 and summary["left"][0] == {
        "records": 1, "outcome": "unknown", "path": "f0", "reason": "the mapping does not know the field", "example": 0,
    }  # fmt: skip


def test_output_files(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.jsonl", '{"id": "1", "name": "甲", "colour": "red"}\n7\n')
    out, rejects, residue = tmp_path / "out.jsonl", tmp_path / "bad.jsonl", tmp_path / "rest.jsonl"
    done = run(*PAIR, *SUPPLY, "-o", out, "--rejects", rejects, "--residue", residue, file)
    assert done.code == 1 and done.out == "" and f"rejected: 1 record, see {rejects}" in done.err
    assert out.read_text("utf-8") == '{"key":"1","label":"甲","region":"中国"}\n'
    bad = json.loads(rejects.read_text("utf-8"))
    assert bad["name"] == f"{file}:2" and bad["problems"][0]["code"] == "MH109"
    rest = json.loads(residue.read_text("utf-8"))
    assert rest == {"name": f"{file}:1", "residue": {"of": "toy-a@1.2.0", "leaves": {"colour": "red"}}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{"key": "1", "label": "甲"}', {"id": "1", "name": "甲"}),
        ('[{"key": "1"}, {"key": "2"}]', [{"id": "1"}, {"id": "2"}]),
        ('[{"key": "1"}]', [{"id": "1"}]),
        ("[]", []),
    ],
)
def test_a_document_keeps_its_form(run: Any, tmp_path: Path, given: str, expected: Any) -> None:
    out = tmp_path / "out.json"
    args = ["translate", "--mappings", TOYS, "--read", "toy-b", "--write", "toy-a", "-o", out]
    assert run(*args, put(tmp_path / "in.json", given)).code in (0, 1)
    assert json.loads(out.read_text("utf-8")) == expected


def test_an_envelope_in_gives_an_envelope_out(run: Any, tmp_path: Path) -> None:
    page = {"ok": True, "data": {"list": [{"id": "1"}, {"id": "2"}], "total": 2}}
    out = tmp_path / "out.json"
    same = ["translate", "--mappings", TOYS, "--read", "toy-a", "--write", "toy-a", "-o", out]
    assert run(*same, put(tmp_path / "in.json", json.dumps(page))).code == 0
    assert json.loads(out.read_text("utf-8")) == page


def test_onto(run: Any, tmp_path: Path) -> None:
    present = put(tmp_path / "there.json", '{"key": "1", "label": "旧", "region": "中国", "extra": 1}')
    done = run(*PAIR, "--onto", present, put(tmp_path / "in.jsonl", GOOD))
    assert done.code == 0 and done.records == [{"key": "1", "label": "甲", "region": "中国", "extra": 1}]
    assert run(*PAIR, "--onto", present, put(tmp_path / "in.jsonl", GOOD * 2)).code == 2
    assert run(*PAIR, "--onto", put(tmp_path / "two.jsonl", "{}\n{}\n"), put(tmp_path / "in.jsonl", GOOD)).code == 2


def test_the_name_of_a_file_is_read_where_it_is_a_datum(run: Any, tmp_path: Path) -> None:
    mapping = {
        "dialect": "named",
        "title": {"en": "Named by its file"},
        "version": "1.0.0",
        "canonical": 1,
        "envelope": [{"name": "entry", "records": ".", "file_name": "identifiers.local"}],
        "fields": {"title@zh": "name"},
    }
    put(tmp_path / "named.yaml", json.dumps(mapping))
    pair = ["translate", "--mappings", TOYS, "--mappings", tmp_path, "--read", "named", "--write", "toy-b", *SUPPLY]
    alone, several = put(tmp_path / "a1.yml", "name: 甲\n"), put(tmp_path / "b.yml", "name: 甲\n---\nname: 乙\n")
    assert run(*pair, alone).records == [{"key": "a1", "label": "甲", "region": "中国"}]
    assert [record.get("key") for record in run(*pair, several).records] == [None, None]


def test_csv_yaml_and_standard_input(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [{"key": "1", "label": "甲", "region": "中国"}]
    assert run(*PAIR, *SUPPLY, put(tmp_path / "in.csv", "id,name\n1,甲\n")).records == expected
    assert run(*PAIR, *SUPPLY, put(tmp_path / "in.yaml", "id: '1'\nname: 甲\n")).records == expected
    assert run(*PAIR, *SUPPLY, put(tmp_path / "in.md", "---\nid: '1'\nname: 甲\n---\ntext\n")).records == expected
    assert run(*PAIR, *SUPPLY, "--input-format", "jsonl", put(tmp_path / "in.txt", GOOD)).records == expected
    with open(put(tmp_path / "in.jsonl", GOOD), "rb") as stream:
        monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": stream}))
        assert run(*PAIR, *SUPPLY, "-").records == expected


PASSPORT = (
    'property,value\r\nidentifier,0-a\r\ntitle,"a, b"\r\ndata-20260301-structure-20240115,https://a.example/1\r\n'
)


def test_a_table_of_properties_is_one_record(run: Any, tmp_path: Path) -> None:
    pair = ["translate", "--read", "ru-opendata-meta-csv", "--write", "ru-opendata-meta-csv"]
    given, out = put(tmp_path / "meta.csv", PASSPORT), tmp_path / "out.csv"
    record = {"identifier": "0-a", "title": "a, b", "data-20260301-structure-20240115": "https://a.example/1"}
    assert run(*pair, given).records == [record]
    assert run(*pair, "-o", out, given).code == 0
    assert out.read_bytes().decode() == PASSPORT
    assert run(*pair, "-o", out, given, put(tmp_path / "more.csv", PASSPORT)).code == 2
    assert run("test", "ru-opendata-meta-csv", "--records", given).code == 0
    assert run(*pair, put(tmp_path / "other.csv", "a,b\n1,2\n")).code == 1
    assert run(*pair, put(tmp_path / "none.csv", "property,value\n")).code == 1


def test_a_table_that_is_written_can_be_read(run: Any, tmp_path: Path) -> None:
    """Whatever control characters stand in its cells; where that cannot be, the record is rejected, and it is said."""
    marks = [chr(n) for n in (*range(1, 32), 127, 0x85, 0x9F, 0x2028, 0x2029, 0xFEFF)]
    cells = [f'{mark}a{mark}"{mark},b{mark}' for mark in marks]
    out = tmp_path / "out.csv"
    records = [{"資料集識別碼": str(i), "資料集名稱": cell} for i, cell in enumerate(cells)]
    given = put(tmp_path / "in.jsonl", "".join(json.dumps(one) + "\n" for one in records))
    assert run("translate", "--read", "data-gov-tw", "--write", "data-gov-tw", "-o", out, given).code == 0
    pair = ["translate", "--read", "data-gov-tw", "--write", "data-gov-tw"]
    lines = run(*pair, out).out.split("\n")  # `splitlines` takes some of these for ends of lines
    assert [json.loads(line)["資料集名稱"] for line in lines if line] == cells
    for bad in ({"資料集識別碼": "1", "資料集名稱": "a\0b"}, {"資料集識別碼": "1", "a\0": "b"}):
        given = put(tmp_path / "bad.jsonl", "".join(json.dumps(one) + "\n" for one in (records[0], bad)))
        done = run(*pair, "-o", out, given)
        assert done.code == 1 and "U+0000" in done.err
        assert len(run(*pair, out).records) == 1
        assert run(*pair, given).records[1] == bad
    passport = ["translate", "--read", "ru-opendata-meta-csv", "--write", "ru-opendata-meta-csv"]
    for mark, cell in zip(marks, cells, strict=True):
        record = {"identifier": "0-a", "title": cell, f"x{mark}": "y"}
        assert run(*passport, "-o", out, put(tmp_path / "in.json", json.dumps(record))).code == 0
        assert json.loads(run(*passport, out).out) == record
    done = run(*passport, "-o", out, put(tmp_path / "in.json", json.dumps({"identifier": "0-a", "title": "a\0b"})))
    assert done.code == 1 and "title" in done.err and "U+0000" in done.err


# --- bad input: code, a part of the message, the place ---------------------------------------------------------------

LINES: dict[str, tuple[bytes, str, str]] = {
    "NaN": (b'{"id": NaN}', "MH108", ":2:"),
    "10,000 digits": (b'{"size": ' + b"9" * 10_000 + b"}", "MH108", ":2:"),
    "lone surrogate": (b'{"id": "\\ud800"}', "MH107", ":2:"),
    "duplicate key": (b'{"id": "1", "id": "2"}', "MH106", ":2:"),
    "a number": (b"7", "MH109", ":2:"),
    "a list of numbers": (b"[7]", "MH109", ":2#0"),
    "no JSON": (b'{"id": ', "MH103", ":2:"),
    "deep": (b"[" * 5000, "MH104", ":2:"),
    "GB18030": ('{"id": "甲"}'.encode("gb18030"), "MH102", ":2:"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_bad_line_is_rejected_and_the_others_go_on(run: Any, tmp_path: Path, case: str) -> None:
    line, code, place = LINES[case]
    file = put(tmp_path / "in.jsonl", GOOD.encode() + line + b"\n" + GOOD.encode())
    done = run(*PAIR, *SUPPLY, file)
    assert done.code == 1
    assert done.records == [{"key": "1", "label": "甲", "region": "中国"}] * 2
    findings = [text for text in done.err.splitlines() if " error MH" in text]
    assert len(findings) == 1 and code in findings[0] and f"{file}{place}" in findings[0]
    assert "2 of 3 records translated" in done.err and "rejected: 1 record" in done.err


def test_unreadable_files_are_said_and_the_others_go_on(run: Any, tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    good = put(tmp_path / "in.jsonl", GOOD)
    done = run(*PAIR, *SUPPLY, tmp_path / "missing.jsonl", tmp_path / "folder.json", tmp_path / "odd.name", good)
    assert done.code == 2 and len(done.records) == 1
    assert done.err.count("MH101") == 3 and "does not exist" in done.err


def test_encodings(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.jsonl", GOOD.encode("gb18030"))
    assert run(*PAIR, *SUPPLY, "--encoding", "gb18030", file).records == [{"key": "1", "label": "甲", "region": "中国"}]
    done = run(*PAIR, *SUPPLY, "--encoding", "klingon", file)
    assert done.code == 2 and "MH102" in done.err


def test_unknown_and_broken_dialects(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.jsonl", GOOD)
    done = run("translate", "--mappings", TOYS, "--read", "toy-c", "--write", "toy-b", file)
    assert done.code == 2 and "MH212" in done.err and "did you mean 'toy-" in done.err
    bad = put(tmp_path / "bad.yaml", "dialect: bad\nfields: {titel: a}\n")
    done = run("translate", "--read", bad, "--write", bad, file)
    assert done.code == 2 and f"{bad}:2:10" in done.err and "did you mean 'title'" in done.err
    done = run("test", put(tmp_path / "worse.yaml", "dialect: [\n"))
    assert done.code == 2 and "worse.yaml:" in done.err
    assert run("show", tmp_path / "missing.yaml").code == 2
    assert run("show", tmp_path).code == 2


def test_outputs_that_cannot_be_written(run: Any, tmp_path: Path) -> None:
    done = run(*PAIR, "-o", tmp_path / "no" / "out.jsonl", put(tmp_path / "in.jsonl", GOOD))
    assert done.code == 2 and "out.jsonl: No such file" in done.err


# --- the other verbs -------------------------------------------------------------------------------------------------


def test_test_prints_the_account(run: Any, tmp_path: Path) -> None:
    done = run("test", "toy-a", "--mappings", TOYS, "--format", "json", "--generate", "20")
    said = json.loads(done.out)
    assert done.code == 0 and said["records"] == said["returned"] == 20 and said["unaccounted"] == 0
    assert said["examples"] == {"passed": 1, "failed": 0, "failures": []}
    assert set(said["laws"]) == {"return", "keep", "account", "normal", "onto"}
    done = run("test", "toy-a", "--mappings", TOYS, "--records", put(tmp_path / "in.jsonl", GOOD + "7\n"))
    assert done.code == 1 and "1 of 2 read, 1 refused" in done.out
    done = run("test", "toy-a", "--mappings", TOYS, "--records", tmp_path / "missing.jsonl")
    assert done.code == 2


def test_test_finds_a_wrong_example(run: Any, tmp_path: Path) -> None:
    for file in TOYS.iterdir():
        put(tmp_path / file.name, file.read_text("utf-8").replace("title: {zh: 甲}", "title: {zh: 乙}"))
    done = run("test", tmp_path / "toy-a.yaml", "--mappings", tmp_path, "--generate", "0")
    assert done.code == 1 and "0 of 1 hold" in done.out and "title.zh is '甲', not '乙'" in done.out


def test_show(run: Any) -> None:
    done = run("show", "toy-a", "--mappings", TOYS)
    assert done.code == 0 and "玩具甲" in done.out and "parties.provider.contacts.telephone" in done.out
    done = run("show", "toy-a", "--mappings", TOYS, "--resolved")
    assert done.code == 0
    title = next(line for line in done.out.splitlines() if line.startswith("  title: name"))
    assert title.endswith("toy-base.yaml:10")


def test_dialects(run: Any) -> None:
    done = run("dialects", "--mappings", TOYS, "--format", "json")
    names = [head["name"] for head in json.loads(done.out)]
    assert done.code == 0 and {"toy-a", "toy-b"} <= set(names) and "toy-base" not in names
    assert len(names) >= len(list(EXAMPLES.glob("*.jsonl")))
    assert "玩具乙" in run("dialects", "--mappings", TOYS).out


def test_losses(run: Any) -> None:
    pair = ["losses", "--mappings", TOYS, "--read", "toy-a", "--write", "toy-b"]
    done = run(*pair)
    assert done.code == 0 and "always lost" in done.out and "for their field region" in done.out
    said = json.loads(run(*pair, "--format", "json").out)
    assert said["read"] == "toy-a" and {loss["when"] for loss in said["losses"]} == {
        "always",
        "sometimes",
        "must_supply",
        "kept",
    }


def test_schemas(run: Any) -> None:
    assert json.loads(run("schema", "canonical").out)["$id"] == "urn:metaharmon:canonical:1"
    assert json.loads(run("schema", TOYS / "toy-b.yaml").out)["required"] == ["key", "label", "region"]
    assert run("schema", "toy-z").code == 2


def test_check(run: Any, tmp_path: Path) -> None:
    bad = put(tmp_path / "bad.yaml", "dialect: bad\nfields: {titel: a}\n")
    done = run("check", bad)
    assert done.code == 1 and "MH204" in done.out
    said = json.loads(run("check", bad, "--format", "json").out)
    assert said["errors"] >= 1 and all(f["code"].startswith("MH") for f in said["findings"])
    assert run("check", tmp_path / "missing").code == 2


# --- as a process ----------------------------------------------------------------------------------------------------


def _process(*args: Any, **how: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "metaharmon", *map(str, args)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, **how)


def test_a_closed_pipe_is_no_error_to_talk_about(tmp_path: Path) -> None:
    file = put(tmp_path / "in.jsonl", GOOD * 20_000)
    with _process(*PAIR, *SUPPLY, file, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b"" and process.wait() == 141


@pytest.mark.skipif(os.name == "nt", reason="signals as of POSIX")
def _hear_ctrl_c() -> None:
    """A process in the background of a shell ignores SIGINT, and so do those that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c(tmp_path: Path) -> None:
    read, write = os.pipe()
    given = {"stdin": read, "stdout": subprocess.PIPE, "preexec_fn": _hear_ctrl_c}
    with _process(*PAIR, *SUPPLY, "--input-format", "jsonl", "-", **given) as process:
        os.write(write, (GOOD * 3000).encode())
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == b"metaharmon: stopped\n"
    os.close(read)
    os.close(write)


def test_text_that_a_terminal_cannot_show() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    with _process("show", "toy-a", "--mappings", TOYS, stdout=subprocess.PIPE, env=env) as process:
        out, err = process.communicate()
    assert process.returncode == 0 and err == b"" and "玩具甲".encode() in out


def test_the_demo_runs() -> None:
    demo = EXAMPLES.parent / "demo.py"
    done = subprocess.run([sys.executable, demo], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0 and done.stderr == ""
    assert len(done.stdout.splitlines()) <= 80 and "write(read(x)) == x" in done.stdout
