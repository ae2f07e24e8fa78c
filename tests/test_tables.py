"""Tables as people export them: what separates the cells, where the header is, how its columns are written, and in
which encoding; what was normalised is told, and nothing is guessed between two readings that fit equally."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shipped
from metaharmon import load
from metaharmon.cli import main
from metaharmon.files.columnnames import Known, folded
from metaharmon.files.records import Document, read_documents
from metaharmon.files.streams import Again, AsUtf8, wide_order

CASES = Path(__file__).parents[2] / "shared" / "cases" / "cn"
COLUMNS = frozenset(("标题", "摘要", "单位", "更新时间"))
FIRST = {"标题": "公交", "摘要": "站点，线路"}
ROWS = [("标题", "摘要"), ("公交", "站点，线路")]


def read(data: str | bytes, name: str = "f.csv", **options: Any) -> list[Document]:
    stream = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    return list(read_documents(stream, name, **options))


def values(documents: list[Document]) -> list[Any]:
    assert not [problem for document in documents for problem in document.problems]
    return [document.value for document in documents]


def noted(documents: list[Document]) -> list[tuple[str, int, str]]:
    """Code, line and sentence of what was noticed; all of it stands on the first document."""
    assert not any(document.notes for document in documents[1:])
    return [(note.code, note.place.line, note.message) for note in documents[0].notes if note.place]


def refused(documents: list[Document]) -> tuple[str, int, str, str]:
    """The one finding of a file that is not read."""
    (document,) = documents
    (found,) = document.problems
    assert document.value is None and found.place and found.place.file == "f.csv"
    return found.code, found.place.line, found.message, found.hint or ""


# --- what separates the cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [COLUMNS, None])
@pytest.mark.parametrize(
    ("separator", "said"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), ("，", "fullwidth commas")]
)
def test_the_separator_is_found_and_said(separator: str, said: str, columns: frozenset[str] | None) -> None:
    data = f'标题{separator}摘要\n公交{separator}"站点，线路"\n地铁{separator}"a{separator}b"\n'
    found = read(data, columns=columns)
    assert values(found) == [FIRST, {"标题": "地铁", "摘要": f"a{separator}b"}]
    assert noted(found) == [("MH112", 1, f"The cells are separated by {said}.")]


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_commas_need_no_word(columns: frozenset[str] | None) -> None:
    found = read("标题,摘要\n公交,站点，线路\n地铁,a;b|c\td\n", columns=columns)
    assert values(found) == [FIRST, {"标题": "地铁", "摘要": "a;b|c\td"}]
    assert noted(found) == []


def test_a_fullwidth_comma_in_every_cell_separates_nothing() -> None:
    data = "标题，名,摘要\n公交，车,站点，线路\n"
    for columns in (COLUMNS, None):
        assert values(read(data, columns=columns)) == [{"标题，名": "公交，车", "摘要": "站点，线路"}]
    uneven = read("标题，名,摘要\n公交，车,站,线\n")
    assert [document.problems[0].code for document in uneven] == ["MH103"]
    assert values(read("标题,摘要，单位，更新时间\n1,2\n", columns=COLUMNS)) == [
        {"标题": "1", "摘要，单位，更新时间": "2"}
    ]


def test_a_table_of_one_column() -> None:
    assert values(read("标题\n公交;车\n", columns=COLUMNS)) == [{"标题": "公交;车"}]
    assert values(read("标题\n公交;车\n")) == [{"标题": "公交;车"}]
    (broken,) = read("标题\n公交,车\n", columns=COLUMNS)
    assert broken.problems[0].code == "MH103" and "comma in double quotes" in (broken.problems[0].hint or "")


@pytest.mark.parametrize(
    ("data", "columns"), [("标题;a,摘要\n1;2,3\n", COLUMNS), ("a,b;c\n1,2;3\n", None), ("a;b,c\n", None)]
)
def test_two_readings_that_fit_equally_are_not_chosen_from(data: str, columns: frozenset[str] | None) -> None:
    code, line, message, hint = refused(read(data, columns=columns))
    assert (code, line) == ("MH116", 1) and "commas or by semicolons" in message
    assert "--separator comma or --separator semicolon" in hint
    assert len(values(read(data, columns=columns, separator=","))) == data.count("\n") - 1
    assert len(values(read(data, columns=columns, separator=";"))) == data.count("\n") - 1


def test_most_known_columns_decide() -> None:
    found = read("标题;单位,人;摘要\na;b,c;d\n", columns=COLUMNS)
    assert values(found) == [{"标题": "a", "单位,人": "b,c", "摘要": "d"}]


def test_uneven_rows_do_not_make_a_comma_of_something_else() -> None:
    found = read("a,b\n1;2\n3,4\n")
    assert [document.value for document in found] == [None, {"a": "3", "b": "4"}]
    found = read("标题;摘要\n1;2;3\n4;5\n", columns=COLUMNS)
    assert [document.value for document in found] == [None, {"标题": "4", "摘要": "5"}]
    assert "semicolon in double quotes" in (found[0].problems[0].hint or "")


def test_a_file_may_say_its_separator() -> None:
    found = read("sep=;\n标题;摘要\n公交;站点，线路\n", columns=COLUMNS)
    assert values(found) == [FIRST] and [code for code, *_ in noted(found)] == ["MH112"]
    assert values(read('"sep=\t"\r\na\tb\r\n1\t2\r\n')) == [{"a": "1", "b": "2"}]
    assert values(read("sep=;\na;b,c\n1;2,3\n")) == [{"a": "1", "b,c": "2,3"}]


def test_byte_order_marks_of_files_that_were_joined() -> None:
    assert values(read('\ufeff\ufeff"标题";"摘要"\n公交;"站点，线路"\n', columns=COLUMNS)) == [FIRST]


def test_tabs_by_name_and_by_format() -> None:
    data = "a\tb,c\n1\t2,3\n"
    for found in (read(data, "f.tsv"), read(data, "f.tab"), read(data, "f", format="tsv")):
        assert values(found) == [{"a": "1", "b,c": "2,3"}] and noted(found) == []


def test_the_table_is_read_as_it_comes() -> None:
    class Endless(io.RawIOBase):
        lines = 0

        def readline(self, size: int | None = -1) -> bytes:
            self.lines += 1
            return "标题;摘要\n".encode() if self.lines == 1 else f"{self.lines};x\n".encode()

    stream = Endless()
    found = read_documents(stream, "f.csv", columns=COLUMNS)
    assert [next(found).value for _ in range(3)] == [{"标题": str(n), "摘要": "x"} for n in (2, 3, 4)]
    assert stream.lines < 100


def test_a_long_cell_crosses_what_is_looked_at() -> None:
    text = "\n".join(["x,y"] * 60)
    assert values(read(f'a;b\n1;"{text}"\n2;z\n')) == [{"a": "1", "b": text}, {"a": "2", "b": "z"}]
    assert values(read(f'标题;摘要\n1;"{text}"\n2;z\n', columns=COLUMNS))[0]["摘要"] == text


NAME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)
TEXT = st.text(st.sampled_from('a甲,;|\t，"\n\r 0'), max_size=6)


@given(st.sampled_from(",;\t|，"), st.lists(NAME, min_size=2, max_size=4, unique_by=folded), st.data())
def test_a_quoted_table_is_read_as_written(separator: str, names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(TEXT, min_size=len(names), max_size=len(names)), max_size=4))
    lines = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [names, *rows]]
    wanted = [dict(zip(names, row, strict=True)) for row in rows if "".join(row).strip()]
    for columns in (None, frozenset(names), frozenset(names[:1])):
        assert values(read("\r\n".join(lines), columns=columns)) == wanted


# --- names of columns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "*标题",
        "＊标题",
        "标题*",
        " 标题\u3000",
        "\xa0标题",
        "\ufeff标题",
        "标题（必填）",
        "标题(必填)",
        "标题（选填）",
        "*标题（必填项）",
        "标题 【必填】",
        "（必填）标题",
        "标题：",
        '"标\n题"',
    ],
)
def test_a_column_is_known_through_what_surrounds_it(written: str) -> None:
    found = read(f"x,{written},摘要\n1,公交,站点\n", columns=COLUMNS)
    assert values(found) == [{"x": "1", "标题": "公交", "摘要": "站点"}]
    ((code, line, message),) = noted(found)
    assert (code, line) == ("MH113", 1) and message.endswith("is read as '标题'.")


def test_the_sentence_of_a_renamed_column() -> None:
    assert noted(read("*标题\n公交\n", columns=COLUMNS)) == [("MH113", 1, "The column '*标题' is read as '标题'.")]
    ((_, _, message),) = noted(read("\xa0标题\n公交\n", columns=COLUMNS))
    assert message == "The column '\\u00a0标题' is read as '标题'."


def test_width_is_the_same_name() -> None:
    assert values(read("ＩＤ,标题\n1,x\n", columns=frozenset(("ID", "标题")))) == [{"ID": "1", "标题": "x"}]
    assert values(read("价格(元),标题\n1,x\n", columns=frozenset(("价格（元）", "标题")))) == [
        {"价格（元）": "1", "标题": "x"}
    ]


def test_what_is_not_known_stays_as_it_is() -> None:
    found = read("标题, 标题说明,*备注\n1,2,3\n", columns=COLUMNS)
    assert values(found) == [{"标题": "1", " 标题说明": "2", "*备注": "3"}] and noted(found) == []
    assert values(read("*标题, 摘要\n1,2\n")) == [{"*标题": "1", " 摘要": "2"}]  # nothing is known of the columns


def test_an_exact_name_is_never_another_one() -> None:
    both = frozenset(("标题", "*标题", "摘要"))
    assert values(read("*标题,标题\n1,2\n", columns=both)) == [{"*标题": "1", "标题": "2"}]
    known = Known(both)
    assert (known.of("*标题"), known.of("标题"), known.of("标题（必填）"), known.of("")) == (
        "*标题",
        "标题",
        None,
        None,
    )


@pytest.mark.parametrize("header", ["标题,*标题", "*标题,标题（必填）", "*标题,摘要,标题"])
def test_two_columns_never_become_one(header: str) -> None:
    code, line, message, hint = refused(read(f"{header}\n" + "x," * header.count(",") + "x\n", columns=COLUMNS))
    assert (code, line) == ("MH106", 1) and "both name '标题'" in message and "another name" in hint


# --- the header row --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "line", "said"),
    [
        ("贵阳市目录,,\n", 2, "'贵阳市目录'"),
        ("贵阳市目录\n", 2, "'贵阳市目录'"),
        ("贵阳市目录\n\n填写说明：带*必填\n,,\n", 5, "'贵阳市目录', '填写说明：带*必填'"),
        ('"贵阳市\n目录",,\n', 3, "'贵阳市\\n目录'"),
        ("标题,,\n", 2, "'标题'"),
        ('贵阳"市"目录\n', 2, "'贵阳\"市\"目录'"),
        ("基本信息,,其他\n", 2, "'基本信息', '其他'"),
    ],
)
def test_rows_above_the_header_are_passed_over_and_said(above: str, line: int, said: str) -> None:
    found = read(f"{above}标题,摘要,x\n公交,站点,1\n", columns=COLUMNS)
    assert values(found) == [{"标题": "公交", "摘要": "站点", "x": "1"}]
    assert found[0].name == f"f.csv:{line + 1}"
    assert noted(found) == [("MH114", 1, f"The header is on line {line}; what stands above it is not read: {said}.")]


def test_a_title_above_another_separator_and_decorated_columns() -> None:
    found = read("目录;;\n*标题;摘要（必填）;\n公交;站点;\n地铁;线路;\n", columns=COLUMNS)
    assert values(found) == [{"标题": "公交", "摘要": "站点"}, {"标题": "地铁", "摘要": "线路"}]
    assert [code for code, *_ in noted(found)] == ["MH112", "MH114", "MH113", "MH113", "MH115"]


def test_one_known_column_below_a_title_is_enough_if_it_is_half() -> None:
    assert values(read("目录,\n标题,x\n公交,1\n", columns=COLUMNS)) == [{"标题": "公交", "x": "1"}]
    assert refused(read("目录,\nw,标题,x,y\n1,2,3,4\n", columns=COLUMNS))[0] == "MH117"


def test_names_in_the_cells_of_another_table_are_no_header() -> None:
    """A dictionary of fields holds the names of columns; it is no table of records."""
    code, line, message, hint = refused(read("字段,说明\n标题,名称\n摘要,介绍\n", columns=COLUMNS))
    assert (code, line) == ("MH117", 1) and "'字段', '说明'" in message and "'单位', '摘要', '更新时间', '标题'" in hint


def test_a_first_row_that_names_a_column_is_the_header() -> None:
    found = read("标题,x\n公交,标题\n", columns=COLUMNS)
    assert values(found) == [{"标题": "公交", "x": "标题"}] and noted(found) == []
    found = read("标题,摘要\n单位,标题\n", columns=COLUMNS)
    assert values(found) == [{"标题": "单位", "摘要": "标题"}] and noted(found) == []


@pytest.mark.parametrize("above", ["标题,2026年,,", "更新时间,基本信息,,"])
def test_two_rows_that_may_be_the_header_are_not_chosen_from(above: str) -> None:
    code, line, message, hint = refused(read(f"{above}\n,标题,摘要,单位\n1,2,3,4\n", columns=COLUMNS))
    assert (code, line) == ("MH116", 1) and "line 2" in message and "above the header" in hint


def test_blank_lines_above_the_header_say_nothing() -> None:
    for data in ("\n\n标题,摘要\n公交,站点\n", ",\n标题,摘要\n公交,站点\n"):
        found = read(data, columns=COLUMNS)
        assert values(found) == [{"标题": "公交", "摘要": "站点"}] and noted(found) == []
    assert refused(read("\n,,\n\n"))[0] == "MH110"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a,b\n1,2\n", "'a', 'b'."),
        ("a;b\n1;2\n", "'a', 'b'."),
        ("a\n", "'a'."),
        ('"a,b"\n"c"\n', "'a,b'."),
        ("1,,3\n", "'1', '3'."),
    ],
)
def test_no_known_column_is_an_error_of_the_file(data: str, said: str) -> None:
    code, line, message, hint = refused(read(data, columns=COLUMNS))
    assert (code, line) == ("MH117", 1) and message.endswith(f"Its first row is {said}")
    assert "'单位', '摘要', '更新时间', '标题'" in hint


def test_what_was_tried_is_said() -> None:
    tried = refused(read("标题^摘要\n1^2\n", columns=COLUMNS))[3]
    assert "separated by commas, semicolons, tabs, fullwidth commas or bars." in tried
    assert "separated by tabs." in refused(read("标题,摘要\n1,2\n", columns=COLUMNS, separator="\t"))[3]


def test_a_broken_header_is_said_as_it_is() -> None:
    assert refused(read('标"题\n1\n', columns=COLUMNS))[:2] == ("MH103", 1)
    assert refused(read("标题,摘要\n1,2\n".encode("gbk"), columns=COLUMNS))[:2] == ("MH102", 1)


# --- rows and columns without anything -------------------------------------------------------------------------------


def test_columns_without_a_name_at_the_end() -> None:
    found = read("a,b,,,\n1,2,,,\n3,4\n5,6,,x,\n7,8,\n", columns=None)
    assert [document.value for document in found] == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}, None, None]
    assert noted(found) == [("MH115", 1, "Columns without a name at the end of the header are left out: 3.")]
    assert "'x' stands in a column without a name" in found[2].problems[0].message
    assert "3 in the row and 5 in the header" in found[3].problems[0].message
    assert refused(read("a,,,b\n1,2,3,4\n"))[0] == "MH106"
    assert values(read(",a,b\n1,2,3\n")) == [{"": "1", "a": "2", "b": "3"}]


def test_rows_of_blanks_are_no_rows() -> None:
    found = read("标题,摘要\r\n公交,站点\r\n,\r\n \t,\u3000\r\n\r\n,,,,\r\n地铁,\r\n", columns=COLUMNS)
    assert values(found) == [{"标题": "公交", "摘要": "站点"}, {"标题": "地铁", "摘要": ""}]
    assert [document.name for document in found] == ["f.csv:2", "f.csv:7"]


# --- encodings -------------------------------------------------------------------------------------------------------

WIDE = ["utf-16-le", "utf-16-be"]
FORMS = [
    (
        "f.csv",
        "标题,摘要\r\n公交,愊上ਊ\r\n地铁,😀\r\n",
        [{"标题": "公交", "摘要": "愊上ਊ"}, {"标题": "地铁", "摘要": "😀"}],
    ),
    ("f.csv", "标题\n公交\n", [{"标题": "公交"}]),
    ("f.json", '{"标题":\n"公交"}', [{"标题": "公交"}]),
    ("f.jsonl", '{"标题": "愊ਊ"}\r\n\r\n{"标题": 1}\n', [{"标题": "愊ਊ"}, {"标题": 1}]),
    ("f.yaml", "标题: 公交\n---\n标题: 地铁\n", [{"标题": "公交"}, {"标题": "地铁"}]),
    ("f.md", "---\n标题: 公交\n---\n", [{"标题": "公交"}]),
]
"""Texts whose characters hold the byte of a line feed (愊 U+610A, ਊ U+0A0A)."""


@pytest.mark.parametrize("order", WIDE)
@pytest.mark.parametrize(("name", "text", "wanted"), FORMS)
def test_utf_16_is_read(name: str, text: str, wanted: list[Any], order: str) -> None:
    plain, marked = text.encode(order), ("\ufeff" + text).encode(order)
    for encoding in ("utf-16", order, order.upper().replace("-", "_")):
        for data in (plain, marked):
            assert values(read(data, name, encoding=encoding)) == wanted
    found = read(marked, name)
    assert values(found) == wanted
    assert noted(found) == [("MH111", 1, f"The byte order mark of the file says {order.upper()}; it is read so.")]
    (bare,) = read(plain, name)
    assert [(problem.code, problem.message) for problem in bare.problems] == [
        ("MH102", "The bytes look like UTF-16, not UTF-8.")
    ]
    assert "--encoding utf-16" in (bare.problems[0].hint or "")


def test_the_place_in_utf_16_is_that_of_the_text() -> None:
    found = read('标题,摘要\n公交\n地铁,"线"路\n'.encode("utf-16"), columns=COLUMNS)
    assert [(p.code, p.place.line, p.place.col) for d in found for p in d.problems if p.place] == [
        ("MH103", 2, 1),
        ("MH103", 3, 7),
    ]


def test_half_a_character_is_no_text() -> None:
    cut = "a,b\n1,2\n3,4\n".encode("utf-16-le") + b"x"
    first, second, third = read(cut, encoding="utf-16-le")
    assert first.value == {"a": "1", "b": "2"} and second.value == {"a": "3", "b": "4"}
    assert [(p.code, p.message) for p in third.problems] == [
        ("MH102", "Half a character stands here: the bytes are cut or damaged.")
    ]
    lone = "a,b\n1,".encode("utf-16-le") + b"\x3d\xd8" + "\n3,4\n".encode("utf-16-le")
    broken, good = read(lone, encoding="utf-16-le")
    assert broken.problems[0].code == "MH102" and good.value == {"a": "3", "b": "4"}


@pytest.mark.parametrize(
    ("data", "encoding", "hint"),
    [
        ("a,b\n1,2\n".encode("utf-16"), "gb18030", "utf-16"),
        ("a,b\n1,2\n".encode("utf-16-be"), "gbk", "utf-16"),
        ("\ufeffa,b\n1,2\n".encode("utf-16-be"), "utf-16-le", "utf-16-be"),
        (b"a,b\n1,2\n", "utf-16", "utf-16-le or --encoding utf-16-be"),
        ("\ufeffa,b\n甲,乙\n".encode(), "gb18030", "utf-8"),
        ("标题,摘要\n公交,站点\n".encode("gbk"), "utf-8", "gb18030"),
        ("标题,摘要\n公交,站点\n".encode("gb18030") * 80_000, "utf-8", "gb18030"),
    ],
)
def test_another_encoding_is_named_with_the_option(data: bytes, encoding: str, hint: str) -> None:
    code, line, _, said = refused(read(data, encoding=encoding))
    assert (code, line) == ("MH102", 1) and f"--encoding {hint}" in said


@pytest.mark.parametrize(
    ("head", "order"),
    [
        (b"", None),
        (b"{}\n", None),
        ("标题,摘要\n".encode(), None),
        ("标题,摘要\n".encode("gb18030"), None),
        ("標題,摘要\n".encode("big5"), None),
        (b"a\0b,c\n", None),
        (b"caf\xe9;th\xe9\n", None),
        ("标题,摘要\n".encode("utf-32"), None),
        ("{".encode("utf-16-le"), "utf-16-le"),
        ("一,丁\n".encode("utf-16-le"), "utf-16-le"),
        ("一,丁\n".encode("utf-16-be"), "utf-16-be"),
        ("日期：２０２６\n".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_utf_16_is_told_by_its_look(head: bytes, order: str | None) -> None:
    assert wide_order(head) == order


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(WIDE), st.integers(1, 9), st.integers(0, 9))
def test_a_stream_of_utf_16_has_the_lines_of_its_text(text: str, order: str, size: int, head: int) -> None:
    def again(data: bytes) -> Again:
        rest = io.BytesIO(data)
        return Again(rest.read(head), rest)

    plain, data = text.encode(), text.encode(order)
    lines, one, other = [], AsUtf8(again(data), order), again(plain)
    while line := one.readline(1 << 20):
        lines.append(line)
    assert lines == plain.splitlines(keepends=True) if "\n" not in text else lines == io.BytesIO(plain).readlines()
    assert AsUtf8(again(data), order).read(1 << 20) == plain == other.read(1 << 20)
    pieces, one, other = [], AsUtf8(again(data), order), again(plain)
    while piece := one.readline(size):
        assert piece == other.readline(size)
        pieces.append(piece)
    assert b"".join(pieces) == plain and other.readline(size) == b""


# --- dialects and the command line -----------------------------------------------------------------------------------


CHINESE = sorted(path.stem for path in shipped.MAPPINGS.glob("cn-*.yaml") if shipped.example_records(path.stem))


@pytest.mark.parametrize("name", [*CHINESE, "ckan", "data-gov-tw", "zenodo"])
def test_a_table_of_any_dialect_is_read_however_it_is_exported(name: str) -> None:
    """The top of an example record as a table: a title above it, decorated columns, every separator and encoding."""
    columns = load(name).columns
    record = shipped.example_records(name)[0]
    assert columns and set(record) <= columns, set(record) - columns
    wanted = [{column: f"{i}，;" for i, column in enumerate(record)}]
    row = [f'"{text}"' for text in wanted[0].values()]
    for separator in ",;\t|，":
        header = [f'" *{column}（必填）"' for column in record]
        data = "\n".join(separator.join(cells) for cells in ([f"目录{name}"] + [""] * len(row), header, row))
        for encoding in ("utf-8", "utf-16"):
            found = read(data.encode(encoding), columns=columns)
            assert values(found) == wanted
            assert [note.code for note in found[0].notes if note.code not in ("MH111", "MH112")] == [
                "MH114",
                *["MH113"] * len(record),
            ]


def test_the_columns_of_a_dialect() -> None:
    toys = Path(__file__).parent / "data" / "door"
    toy = load(toys / "toy-a.yaml")
    assert toy.columns == frozenset(
        ("id", "name", "words", "status", "size", "owner", "files", "term", "days", "colour", "carried")
    )
    assert load("ru-opendata-meta-csv").columns == frozenset(("property", "value"))
    assert load("schema-org").columns is None


class Run:
    """The verb, its exit code and what it printed."""

    def __init__(self, capfd: pytest.CaptureFixture[str], *args: Any):
        self.code = main([str(arg) for arg in args])
        self.out, self.err = capfd.readouterr()
        assert "Traceback" not in self.err + self.out


TOYS = str(Path(__file__).parent / "data" / "door")
PAIR = ["translate", "--mappings", TOYS, "--read", "toy-a", "--write", "toy-a"]
RECORDS = '{"id":"1","name":"甲"}\n{"id":"2","name":"乙"}\n'


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Any:
    return lambda *args: Run(capfd, *args)


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id;name\n1;甲\n2;乙\n", ["MH112 separator", "separated by semicolons"]),
        ("*id\tname（必填）\n1\t甲\n2\t乙\n", ["MH112", "'*id' is read as 'id'", "'name（必填）' is read as 'name'"]),
        ("目录,\nid,name\n1,甲\n2,乙\n", ["MH114 rows-above-header", "'目录'", "in.csv:1:1)"]),
        ("id,name,,\n1,甲,,\n2,乙,,\n,,,\n", ["MH115"]),
        ("id,name\n1,甲\n2,乙\n".encode("utf-16"), ["MH111 byte-order-mark"]),
    ],
)
def test_translate_and_test_say_what_was_normalised(run: Any, tmp_path: Path, text: Any, said: list[str]) -> None:
    file = put(tmp_path / "in.csv", text)
    done = run(*PAIR, file)
    assert done.code == 0 and done.out == RECORDS
    assert "noted of the files" in done.err and all(one in done.err for one in said)
    done = run("test", "--mappings", TOYS, "toy-a", "--records", file)
    assert done.code == 0 and all(one in done.out for one in said)
    done = run("test", "--mappings", TOYS, "toy-a", "--records", file, "--format", "json")
    assert said[0].split()[0] in [note["code"] for note in json.loads(done.out)["notes"]]
    done = run(*PAIR, file, "--format", "json")
    assert done.out == RECORDS and said[0].split()[0] in [note["code"] for note in json.loads(done.err)["notes"]]


def test_a_note_is_printed_once_for_many_files(run: Any, tmp_path: Path) -> None:
    files = [put(tmp_path / f"{n}.csv", "id;name\n1;甲\n2;乙\n") for n in range(3)]
    done = run(*PAIR, *files)
    assert done.out == RECORDS * 3 and done.err.count("MH112") == 1 and "  3  MH112 separator" in done.err
    assert str(files[0]) in done.err and str(files[1]) not in done.err
    assert "noted of the files" not in run(*PAIR, put(tmp_path / "plain.csv", "id,name\n1,甲\n")).err


def test_what_is_noted_of_the_record_at_the_other_side(run: Any, tmp_path: Path) -> None:
    onto = put(tmp_path / "onto.csv", "id;name;colour\n1;旧;red\n")
    done = run(*PAIR, "--onto", onto, put(tmp_path / "in.csv", "id,name\n1,甲\n"))
    assert json.loads(done.out) == {"id": "1", "name": "甲", "colour": "red"} and "onto.csv:1:1" in done.err


def test_a_table_of_nothing_known_is_rejected(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.csv", "编号,名称\n1,甲\n")
    done = run(*PAIR, file)
    assert done.code == 1 and done.out == "" and "MH117" in done.err and "'编号', '名称'" in done.err
    assert run("test", "--mappings", TOYS, "toy-a", "--records", file).code == 1


def test_the_option_decides(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "in.csv", "id;x,name\n1;y,甲\n")
    done = run(*PAIR, file)
    assert done.code == 1 and "MH116" in done.err and "--separator semicolon" in done.err
    assert json.loads(run(*PAIR, "--separator", "comma", file).out) == {"id;x": "1;y", "name": "甲"}
    for sign in ("semicolon", ";"):
        assert json.loads(run(*PAIR, "--separator", sign, file).out) == {"id": "1", "x,name": "y,甲"}
    done = run(*PAIR, "--separator", "dot", file)
    assert done.code == 2 and "semicolon" in done.err
    odd = put(tmp_path / "in.txt", "id\tname\n1\t甲\n2\t乙\n")
    assert run(*PAIR, "--input-format", "tsv", odd).out == RECORDS
    assert run(*PAIR, put(tmp_path / "in.tsv", "id\tname\n1\t甲\n2\t乙\n")).out == RECORDS


def test_a_table_of_properties_with_another_separator(run: Any, tmp_path: Path) -> None:
    file = put(tmp_path / "meta.csv", 'property;value\nidentifier;0-a\ntitle;"a; b"\n')
    done = run("translate", "--read", "ru-opendata-meta-csv", "--write", "ru-opendata-meta-csv", file)
    assert done.code == 0 and done.out == '{"identifier":"0-a","title":"a; b"}\n' and "MH112" in done.err


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("f-utf8", [], ""),
        ("f-bom", [], ""),
        ("f-semicolon", [], "semicolons"),
        ("f-tab", [], "tabs"),
        ("f-utf16", [], "UTF-16"),
        ("f-utf16", ["--encoding", "utf-16"], ""),
        ("f-gbk", ["--encoding", "gb18030"], ""),
    ],
)
def test_the_cases(run: Any, name: str, options: list[str], said: str) -> None:
    wanted = (
        '{"标题":"示例公交站点","摘要信息":"示例摘要","所属领域":"交通运输","提供单位":"示例市交通局","发布日期":"2023-06-16",'
        '"更新日期":"2023-06-16","更新频率":"每月","开放属性":"无条件开放","数据格式":"[]"}\n'
    )
    done = run("translate", "--read", "cn-guizhou-guiyang", "--write", "cn-anhui", *options, CASES / f"{name}.csv")
    assert done.code == 0 and done.out == wanted and said in done.err


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
def test_the_case_of_another_encoding(run: Any) -> None:
    done = run("translate", "--read", "cn-guizhou-guiyang", "--write", "cn-anhui", CASES / "f-gbk.csv")
    assert done.code == 1 and done.out == "" and "--encoding gb18030" in done.err
