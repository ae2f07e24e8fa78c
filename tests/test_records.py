"""Files of records: JSON, JSON lines, YAML, CSV and Markdown; broken input gives findings, never a traceback."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile.cases import CASES
from metaharmon.diagnostics import RecordError
from metaharmon.files import records
from metaharmon.files.jsontext import JsonLimits, dumps, loads
from metaharmon.files.records import read_documents, write_json, write_jsonl
from metaharmon.yamltext import events
from test_jsontext import exactly

HOSTILE = Path(__file__).parent / "hostile"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def read(data: bytes, name: str | None = None, **options) -> list:
    return list(read_documents(io.BytesIO(data), name, **options))


def brief(documents) -> list:
    """Name and value, or name and (code, line, col) of each finding."""
    return [
        (
            document.name,
            [(found.code, found.place.line, found.place.col) for found in document.problems] or document.value,
        )
        for document in documents
    ]


# files


def test_json_lines_go_on_after_a_broken_line():
    data = b'{"a":1}\n\n{"a":1.10\r\n[]\n7\n"\xff"\n{"b":1.10}'
    documents = read(data, "f.jsonl")
    assert brief(documents) == [
        ("f.jsonl:1", {"a": 1}),
        ("f.jsonl:3", [("MH103", 3, 10)]),
        ("f.jsonl:4", []),
        ("f.jsonl:5", [("MH109", 5, 1)]),
        ("f.jsonl:6", [("MH102", 6, 2)]),
        ("f.jsonl:7", {"b": Decimal("1.10")}),
    ]
    assert documents[1].problems[0].record == "f.jsonl:3" and documents[1].value is None
    assert brief(read(b"", "f.jsonl")) == []


def test_json_lines_are_read_one_by_one():
    class Endless(io.RawIOBase):
        def readline(self, size=-1):
            return b'{"a": 1}\n'

    documents = read_documents(Endless(), "f.jsonl")
    assert [next(documents).name for _ in range(3)] == ["f.jsonl:1", "f.jsonl:2", "f.jsonl:3"]


def test_a_line_that_is_too_long_is_passed_over(monkeypatch):
    monkeypatch.setattr(records, "DOCUMENT_BYTES", 10)
    data = b'{"a": 1}\n{"a": "' + b"x" * 50 + b'"}\n{"a": 2}\n'
    assert brief(read(data, "f.jsonl")) == [
        ("f.jsonl:1", {"a": 1}),
        ("f.jsonl:2", [("MH104", 2, 1)]),
        ("f.jsonl:3", {"a": 2}),
    ]
    assert brief(read(data, "f.json")) == [("f.json", [("MH104", 1, 1)])]


def test_yaml_records():
    data = (
        "a: 1\n---\nb: [010, 2026-01-02, 1.10, no, ~, '7', 1e3]\nc:\n---\n- !x 1\n---\n7\n--- 名称：值\n---\n["
    ).encode()
    documents = read(data, "f.yaml")
    assert brief(documents) == [
        ("f.yaml", {"a": 1}),
        ("f.yaml#1", {"b": ["010", "2026-01-02", Decimal("1.10"), "no", None, "7", Decimal("1E+3")], "c": None}),
        ("f.yaml#2", [("MH105", 6, 3)]),
        ("f.yaml#3", [("MH109", 8, 1)]),
        ("f.yaml#4", [("MH109", 9, 5)]),
        ("f.yaml#5", [("MH103", 11, 2)]),
    ]
    assert "full-width" in documents[4].problems[0].hint
    assert brief(read(b"# nothing\n", "f.yml")) == [("f.yml", [("MH110", 1, 1)])]
    assert brief(read(b"a: " + b"9" * 4301, "f.yml")) == [("f.yml", [("MH108", 1, 4)])]
    assert type(read(b"a: b", "f.yaml")[0].value["a"]) is str


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "a: &x {b: [1, 2]}\nc: *x\nd: [*x, &y t, *y]",
            {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": [{"b": [1, 2]}, "t", "t"]},
        ),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("a: &x\n  b: &x 1\n  c: *x\nd: *x", {"a": {"b": 1, "c": 1}, "d": {"b": 1, "c": 1}}),
        ("a: *x", [("MH105", 1, 4)]),
        ("a: &x [*x]", [("MH105", 1, 8)]),
        ("a: &x 1\nb: &x [*x]", [("MH105", 2, 8)]),
        ("a: &x {b: 1}\n<<: *x", [("MH105", 2, 1)]),
        ("a: &x {b: 1}\n*x : 1", [("MH105", 2, 1)]),
    ],
)
def test_yaml_aliases_stand_for_their_values(text, wanted):
    document = read(text.encode(), "f.yaml")[0]
    found = [(d.code, d.place.line, d.place.col) for d in document.problems] if document.problems else document.value
    assert found == wanted


def test_an_alias_means_nothing_in_the_next_document():
    first, second = read(b"a: &x 1\n---\nb: *x", "f.yaml")
    assert first.value == {"a": 1} and [d.code for d in second.problems] == ["MH105"]


def test_aliases_count_with_what_they_stand_for():
    deep = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 200))])
    (document,) = read(deep.encode(), "f.yaml")
    assert [d.code for d in document.problems] == ["MH104"]


def test_csv():
    data = '\ufeffa,"b,c"\r\n1,\r\n3\r\n4,5,6\r\n"x\ny","a""b"\r\n\r\n7,8\r\n'.encode()
    assert brief(read(data, "f.csv")) == [
        ("f.csv:2", {"a": "1", "b,c": ""}),
        ("f.csv:3", [("MH103", 3, 1)]),
        ("f.csv:4", [("MH103", 4, 1)]),
        ("f.csv:5", {"a": "x\ny", "b,c": 'a"b'}),
        ("f.csv:8", {"a": "7", "b,c": "8"}),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'a,b\n"x,1\n2,3\n', [("f.csv:2", [("MH103", 2, 1)]), ("f.csv:3", {"a": "2", "b": "3"})]),
        (b'a,b\n1,"x"y\n2,3', [("f.csv:2", [("MH103", 2, 6)]), ("f.csv:3", {"a": "2", "b": "3"})]),
        (b'a,b\n5" pipe,x\n2,3\n', [("f.csv:2", [("MH103", 2, 2)]), ("f.csv:3", {"a": "2", "b": "3"})]),
        (b'a,b\n"x\n"y,1\n2,3\n', [("f.csv:2", [("MH103", 3, 2)]), ("f.csv:4", {"a": "2", "b": "3"})]),
        (b"a,b\n1,\xff\n2,3\n", [("f.csv:2", [("MH102", 2, 3)]), ("f.csv:3", {"a": "2", "b": "3"})]),
        (b"a,b\r1,2\r", [("f.csv:1", [("MH103", 1, 4)])]),
        ("a\n\ufeff1\n".encode(), [("f.csv:2", {"a": "\ufeff1"})]),  # a mark that is no beginning is data
        (b"a\n1\n\n2\n", [("f.csv:2", {"a": "1"}), ("f.csv:3", {"a": ""}), ("f.csv:4", {"a": "2"})]),
        (b"a,a\n1,2\n", [("f.csv:1", [("MH106", 1, 1)])]),
        (b"", [("f.csv:1", [("MH110", 1, 1)])]),
    ],
)
def test_broken_csv(data, expected):
    assert brief(read(data, "f.csv")) == expected


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_csv_that_is_well_quoted_is_read_as_written(table):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [["a", "b"], *table]]
    data = "\r\n".join(lines).encode()
    rows = [{"a": a, "b": b} for a, b in table if (a + b).strip()]  # a row of blanks is no row
    assert [document.value for document in read(data, "f.csv")] == rows


MARKDOWN = b"""---
language:
- en
---
---
# Card for X

## Description
 Two lines,
of text.\t

# Format #
wav
```
# no heading
```
#tag
## Format
"""


def test_markdown_is_an_object_of_its_headings():
    tree = {
        "---": {"language": ["en"]},
        "#": "Card for X",
        "Description": "Two lines,\nof text.",
        "Format": ["wav\n```\n# no heading\n```\n#tag", ""],
    }
    assert brief(read(MARKDOWN, "card.md", format="headings")) == [("card.md", tree)]
    assert brief(read(b"# title\r\nA\r\n# SKU\r\nB\r\n", "s.md")) == [("s.md", {"title": "A", "SKU": "B"})]
    assert brief(read(b"before\n# a\nb", "s.md")) == [("s.md", {"": "before", "a": "b"})]


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "MH110"), (b"no heading", "MH110"), (b"---\na: 1\na: 2\n---\n# h\n", "MH106")]
)
def test_broken_markdown(data, code):
    (document,) = read(data, "x.md", format="headings")
    assert document.value is None and document.problems[0].code == code


@given(st.binary(max_size=60), st.sampled_from(["json", "jsonl", "yaml", "csv", "markdown", "headings"]))
def test_any_bytes_give_values_or_findings(data, format):
    for document in read_documents(io.BytesIO(data), "f", format):
        assert (document.value is None) == bool(document.problems)
        assert all(found.place and found.record == document.name for found in document.problems)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5", "GB2312"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("f.json", '{"名": "中文"}'), ("f.jsonl", '{"名": "中文"}'), ("f.yaml", "名: 中文"), ("f.csv", "名\n中文\n")],
)
def test_declared_encodings(name, text, encoding):
    assert [document.value for document in read(text.encode(encoding), name, encoding=encoding)] == [{"名": "中文"}]
    assert read(text.encode(encoding), name)[0].problems[0].code == "MH102"


def test_gb18030_four_byte_characters():
    text = '{"a": "㐀𠮷"}'
    assert read(text.encode("gb18030"), "f.json", encoding="gb18030")[0].value == {"a": "㐀𠮷"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": 1}\n{"a": 2}', [("<stream>:1", {"a": 1}), ("<stream>:2", {"a": 2})]),
        (b'\xef\xbb\xbf{\n"a": 1}', [("<stream>", {"a": 1})]),
        (b'[{"a": 1}]', [("<stream>", [{"a": 1}])]),
    ],
)
def test_the_first_line_tells_the_format_of_a_stream(data, expected):
    assert brief(read(data)) == expected
    assert brief(read_documents(io.StringIO(data.decode("utf-8-sig")))) == expected


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}')))
    assert brief(read_documents("-")) == [("<stdin>:1", {"a": 1})]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n")))
    assert brief(read_documents("-", format="csv")) == [("<stdin>:2", {"a": "1", "b": "2"})]


def test_files_that_cannot_be_opened(tmp_path: Path):
    odd = tmp_path / "f.txt"
    odd.write_bytes(b"{}")
    bad = ((tmp_path / "none.json", "exist"), (tmp_path, "directory"), (odd, "format"), ("a\0.json", "read"))
    for source, word in bad:
        with pytest.raises(RecordError) as caught:
            list(read_documents(source))
        assert caught.value.diagnostics[0].code == "MH101" and word in caught.value.diagnostics[0].message
    assert [document.value for document in read_documents(odd, format="json")] == [{}]
    for options, code in (({}, "MH101"), ({"encoding": "utf-32"}, "MH102"), ({"encoding": "no such"}, "MH102")):
        with pytest.raises(RecordError) as caught:
            read(b"a: 1", **options)
        assert caught.value.diagnostics[0].code == code
    with pytest.raises(ValueError, match="format"):
        read(b"", format="xml")


def test_what_is_written_is_read_back(tmp_path: Path):
    rows = [{"名": Decimal("1.10"), "n": 2**70}, {"名": None}]
    stream = io.StringIO()
    assert write_jsonl(stream, iter(rows)) == 2
    back = read(stream.getvalue().encode(), "f.jsonl")
    assert [exactly(document.value) for document in back] == list(map(exactly, rows))
    path = tmp_path / "f.json"
    with path.open("w", encoding="utf-8") as file:
        write_json(file, rows)
    (document,) = read_documents(path)
    assert exactly(document.value) == exactly(rows) and document.name == str(path)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real records is not here")
def test_real_records_come_back():
    read_count = 0
    for path in sorted(CORPUS.rglob("*.json*"))[::7]:
        for document in read_documents(path):
            if not document.problems:
                read_count += 1
                limits = JsonLimits(depth=80)
                assert exactly(loads(dumps(document.value), "f", limits=limits)) == exactly(document.value)
    assert read_count > 50


# hostile inputs: in a process of their own, as a crash would take the tests with it

MOST_CPU = {"c": 3.0, "pure": 12.0}  # a loaded machine takes three times the seconds of an idle one
MOST_MEMORY_KB = 200 * 1024


@pytest.mark.parametrize("where", ["main", "thread"])
@pytest.mark.parametrize("parser", ["pure"] + ["c"] * bool(events.CParser))
def test_hostile_inputs(where, parser):
    assert len(CASES) >= 60 and len({case.name for case in CASES}) == len(CASES)
    done = subprocess.run(
        [sys.executable, str(HOSTILE / "run.py"), where, parser],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *rows, peak = map(json.loads, done.stdout.splitlines())
    found = {name: (code, line, col) for name, code, line, col, _ in rows}
    assert found == {case.name: (case.code, case.line or None, case.col or None) for case in CASES}
    assert [row for row in rows if row[4] > MOST_CPU[parser]] == []
    assert peak[1] < MOST_MEMORY_KB


# Markdown with a YAML header


def test_a_markdown_file_is_its_header_and_its_body():
    data = b"---\r\ntitle: A\r\ntags: [x]\r\n---\r\n# A\r\n\r\n--- text\r\n"
    (document,) = read(data, "README.md")
    assert document.value == {"title": "A", "tags": ["x"], "body": "# A\r\n\r\n--- text\r\n"}
    assert document.alone and not document.problems
    assert brief(read(b"---\na: 1\n---", "f.markdown")) == [("f.markdown", {"a": 1})]
    assert brief(read(b"---\na: 1\n---\nb", format="markdown")) == [("<stream>", {"a": 1, "body": "b"})]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"---\na: 1\n", ("MH109", 1, 1)),
        (b"", ("MH110", 1, 1)),
        (b"---\nbody: x\n---\ntext", ("MH109", 1, 1)),
        (b"---\n- x\n---\ntext", ("MH109", 1, 1)),
        (b"---\na: 1\na: 2\n---\ntext", ("MH106", 3, 1)),
        (b"---\na: \xff\n---\n", ("MH102", 2, 4)),
    ],
)
def test_a_markdown_file_that_is_none(data: bytes, found: tuple[str, int, int]):
    ((name, problems),) = brief(read(data, "f.md"))
    assert name == "f.md" and problems == [found]


def test_a_document_that_is_the_whole_file_knows_it():
    assert [d.alone for d in read(b"a: 1\n", "f.yaml")] == [True]
    assert [d.alone for d in read(b"a: 1\n---\na: 2\n---\na: 3\n", "f.yaml")] == [False] * 3
    assert [d.alone for d in read(b'{"a": 1}', "f.json")] == [True]
    assert [d.alone for d in read(b'{"a": 1}\n', "f.jsonl")] == [False]
