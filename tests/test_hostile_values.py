"""Whatever Python object stands in a record: nothing raises, and no one says that metaharmon failed.

A value that JSON says exactly is read as that; any other refuses the record, with its path.
"""

from __future__ import annotations

import datetime
import enum
import io
import json
import math
import sys
from collections import ChainMap, OrderedDict, UserDict, UserList, defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import metaharmon as mh
from metaharmon import interpreter
from metaharmon.cli import main
from metaharmon.diagnostics import FAULT, RecordError
from metaharmon.files.jsontext import dumps, loads
from metaharmon.files.jsonvalue import record_of
from metaharmon.files.records import read_documents
from metaharmon.model.normal import CanonicalError, same
from shipped import EXAMPLES, example_records
from toys import RECORD, translator

numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")


class Text(str):
    def __str__(self) -> str:
        return "LOUD"


class Whole(int):
    def __str__(self) -> str:
        raise ValueError


class Real(float): ...


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    TWO = 2


class Bits(enum.Flag):
    ONE = 1


class Odd(enum.Enum):
    LIST = ("a", "b")
    OBJECT = object()


class Object(dict[str, Any]): ...


class Listed(list[Any]): ...


class Breaks(UserDict[str, Any]):
    """A mapping that cannot be looked at."""

    def __iter__(self) -> Any:
        raise ZeroDivisionError


class Evil:
    def __str__(self) -> str:
        raise ZeroDivisionError

    __repr__ = __hash__ = __eq__ = __len__ = __iter__ = __str__  # type: ignore[assignment]


def itself() -> Any:
    value: dict[str, Any] = {"a": 1}
    value["b"] = [value]
    return value


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


EXACT: list[tuple[Any, Any]] = [
    (Text("a"), "a"), (Whole(7), 7), (Real(1.5), 1.5), (Colour.RED, "red"), (Level.TWO, 2), (Bits.ONE, 1),
    (Odd.LIST, ["a", "b"]), (Object(a=1), {"a": 1}), (Listed(["a"]), ["a"]), (OrderedDict(a=1), {"a": 1}),
    (defaultdict(int, a=1), {"a": 1}), (MappingProxyType({"a": 1}), {"a": 1}), (ChainMap({"a": 1}), {"a": 1}),
    (UserDict({"a": 1}), {"a": 1}), ((1, 2), [1, 2]), (Decimal("1E+400"), Decimal("1E+400")), (10**4299, 10**4299),
    (numpy.int8(3), 3), (numpy.uint64(2**64 - 1), 2**64 - 1), (numpy.bool_(True), True), (numpy.str_("a"), "a"),
    (numpy.float64(0.1), 0.1), (numpy.float32(0.5), 0.5), (numpy.float16(0.5), 0.5), (numpy.longdouble("0.5"), 0.5),
    (numpy.array(["a", "b"]), ["a", "b"]), (numpy.array([[1], [2]]), [[1], [2]]), (numpy.array(3), 3),
    (numpy.array([numpy.int64(1), None], dtype=object), [1, None]), (pandas.Series([7])[0], 7),
]  # fmt: skip

MISSING = [
    float("nan"), Decimal("NaN"), Decimal("sNaN"), numpy.float32("nan"), Real("nan"), numpy.array([math.nan]),
    pandas.NaT, pandas.NA, numpy.ma.masked, pandas.Series([None], dtype="Int64")[0],
    pandas.DataFrame({"a": ["x", None], "b": [1, None]}).to_dict("records")[1],
]  # fmt: skip

REFUSED = [
    *MISSING, math.inf, -math.inf, Decimal("Infinity"), Decimal("1E+5000"), Decimal("1E-5000"), 10**5000,
    Whole(10**5000), b"x", bytearray(b"x"), {1, 2}, frozenset("a"), datetime.date(2024, 5, 1), datetime.time(1),
    datetime.datetime(2024, 5, 1), datetime.timedelta(1), 1j, Fraction(1, 3), object(), Evil(), Odd.OBJECT,
    range(3), iter([1]), UserList([1]), len, int, {7: "a"}, {None: "a"}, {(1,): "a"}, {Evil: 1},
    Breaks(), itself(), deep(200), numpy.datetime64("2024-05-01"), numpy.timedelta64(1, "D"),
    numpy.datetime64("NaT"), numpy.complex64(1), numpy.void(b"a"), numpy.bytes_(b"a"), numpy.longdouble("0.1"),
    numpy.array(["2024-05-01"], dtype="M8[ns]"), numpy.ma.array([1, 2], mask=[0, 1]), pandas.Timestamp("2024-05-01"),
    pandas.Timedelta("1D"), pandas.Period("2024"), pandas.Interval(0, 1), pandas.Series([1]),
    pandas.DataFrame({"a": [1]}), pandas.Categorical(["a"]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "wanted"), EXACT, ids=lambda one: type(one).__name__)
def test_what_is_exact_is_read(value: Any, wanted: Any) -> None:
    found = record_of({"x": value, "y": {Text("z"): [value]}})
    assert same(found, {"x": wanted, "y": {"z": [wanted]}})
    assert dumps(found) == dumps({"x": wanted, "y": {"z": [wanted]}})


@pytest.mark.parametrize("value", REFUSED, ids=lambda one: type(one).__name__)
def test_what_is_not_is_refused_with_its_path(value: Any) -> None:
    """By every verb, at the place where it stands or above, and with the same words."""
    there, file = translator(), {"url": "u", "hash": value}
    for at, record in (("size", {**RECORD, "size": value}), ("files", {"files": [file]}), ("x", {"x": [{"y": value}]})):
        problems = there.read.reading(record).problems
        assert len(problems) == 1 and problems[0].code in ("MH104", "MH108", "MH109"), problems
        assert isinstance(value, Breaks) or str(problems[0].path).split(".")[0] == at
        assert there(record).problems == problems and there(record).record is None
        assert there(RECORD, onto=record).problems[-1] == problems[0]
        account = there.read.account([record])
        assert (account.read, account.unaccounted) == (0, 0)


@pytest.mark.parametrize("value", MISSING, ids=lambda one: type(one).__name__)
def test_a_missing_value_says_what_to_do(value: Any) -> None:
    (problem,) = mh.load("ckan").reading({"title": "T", "notes": value}).problems
    assert "df.astype(object).where(df.notna(), None)" in str(problem.hint)


def test_the_hint_is_right() -> None:
    df = pandas.DataFrame({"title": ["A", "B"], "notes": ["n", None], "version": [1.5, math.nan]})
    df["size"] = pandas.array([1, None], dtype="Int64")
    d = mh.load("ckan")
    assert [d.reading(record).refused for record in df.to_dict("records")] == [False, True]
    mended = df.astype(object).where(df.notna(), None).to_dict("records")
    assert [d.reading(record).refused for record in mended] == [False, False]
    assert d.write(d.read(mended[1])) == {"title": "B", "notes": None, "version": None, "size": None}
    for table, hint in ((df, "to_dict('records')"), (df.iloc[0], "record.to_dict()")):
        assert hint in str(d.reading(table).problems[0].hint)


@pytest.mark.skipif(not hasattr(sys, "set_int_max_str_digits"), reason="no limit in this Python")
def test_limits_of_the_host_program_change_nothing() -> None:
    before = sys.get_int_max_str_digits()
    d = mh.load("ckan")
    try:
        sys.set_int_max_str_digits(0)
        assert d.reading({"title": "T", "x": 10**5000}).refused
        sys.set_int_max_str_digits(640)
        found = d.reading({"title": "T", "x": 10**1000})
        assert found.refused and found.problems[0].path == "x"
        assert not d.reading({"title": "T", "x": 10**600}).refused
    finally:
        sys.set_int_max_str_digits(before)


ODD = st.one_of(
    st.integers(0, len(EXACT) - 1).map(lambda at: EXACT[at][0]),
    st.integers(0, len(REFUSED) - 1).map(lambda at: REFUSED[at]),
    st.sampled_from(
        ["\ud800", "a\udfffb", "\ud83d" + "\ude00", "\0", "", " ", "@id", "NaN", "1e999999999", "9" * 5000]
    ),
    st.text(st.characters(), max_size=8),
    st.floats(),
    st.decimals(),
    st.integers(-(10**40), 10**40),
    st.none() | st.booleans(),
)
KEYS = st.one_of(
    st.sampled_from(["@id", "@type", "@value", "@language", "@list", "@graph", "@context", "@base", "", ".", "\ud800"]),
    st.sampled_from([Text("a"), Colour.RED, Level.TWO, 7, None, (1, 2), b"k", numpy.str_("n")]),
    st.text(max_size=4),
)
VALUES = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=6,
)
NAMES = sorted({path.stem for path in EXAMPLES.glob("*.jsonl")} & {head.name for head in mh.dialects()})


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a JSON value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(at for key, below in pairs for at in places(below, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], odd)
    return copy


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(data=st.data())
def test_nothing_raises_on_data_anywhere(name: str, data: st.DataObject) -> None:
    never_raises(name, data)


@pytest.mark.parametrize("name", [*NAMES[::40], "dcat-ap-3"])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_nothing_raises_on_data(name: str, data: st.DataObject) -> None:
    never_raises(name, data)


def never_raises(name: str, data: st.DataObject) -> None:
    """Every function that says so does not; and generated code finds what the interpreter finds."""
    d, other = mh.load(name), mh.load("ckan" if name != "ckan" else "dcat-us-1.1")
    record = data.draw(st.sampled_from(example_records(name)))
    at = data.draw(st.sampled_from(places(record)))
    odd = put(record, at, data.draw(VALUES))
    if isinstance(odd, dict) and data.draw(st.booleans()):
        odd[data.draw(KEYS)] = data.draw(VALUES)
    found, told = d.reading(odd), d.reading(odd, explain=True)
    assert FAULT not in {one.code for one in (*found.problems, *told.problems)}, found.problems
    assert found.refused == told.refused and found.problems == told.problems
    done = mh.Translator(d, other)(odd)
    assert FAULT not in {one.code for one in done.problems}, done.problems
    assert (done.record is None) >= found.refused
    assert isinstance(done.losses, list) and isinstance(done.left, list) and done.account() and done.as_dict()
    account = d.account([odd])
    assert FAULT not in account.problems and account.unaccounted == 0, account.failures
    try:
        entries = list(d.records(odd))
    except RecordError as error:
        assert FAULT not in {one.code for one in error.diagnostics}
    else:
        assert isinstance(entries, list)
    if found.product is not None:
        plain = record_of(odd)
        assert not interpreter.read(d.plan, plain).refused
        assert same(d.write(found.product), plain)


@pytest.mark.parametrize("value", REFUSED, ids=lambda one: type(one).__name__)
def test_products_refuse_every_such_value(value: Any) -> None:
    for tree in ({"title": value}, {"title": {"en": value}}, {"formats": [value]}, {"extent": {"records": value}},
                 {"extent": {"records": {"value": value}}}, {"structure": {"tables": [{"items": [value]}]}},
                 {"dates": {"issued": value}}, {"offers": value}, {"kind": value}):  # fmt: skip
        for make in (mh.DataProduct.model_validate, mh.load("ckan").writing):
            with pytest.raises(CanonicalError) as caught:
                make(tree)
            assert all(str(one.path).startswith(next(iter(tree))) for one in caught.value.diagnostics)


@settings(max_examples=40, deadline=None)
@given(
    VALUES,
    st.sampled_from(["title", "formats", "offers", "dates", "structure", "distributions", "kind", "x", "extent"]),
)
def test_products_refuse_what_is_not_canonical(value: Any, member: str) -> None:
    tree = {member: value}
    for make in (mh.DataProduct.model_validate, mh.load("ckan").write, lambda one: translator()(RECORD, supply=one)):
        try:
            make(tree)
        except CanonicalError as error:
            assert error.diagnostics[0].path is not None
        except RecordError as error:
            pytest.fail(str(error))


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_json_text_is_exact_or_refused(value: Any) -> None:
    try:
        text = dumps(value)
    except (RecordError, TypeError):
        return
    found = loads(text, "x")
    assert dumps(loads(dumps(found), "x")) == dumps(found)


SAMPLES = {
    "json": b'[{"a": [1.50, null, "x\\u00e9"]}]',
    "jsonl": b'{"a": 1}\n{"a": [2]}\n{"a": "x"}\n',
    "yaml": b"a: {b: [1, 'x']}\n---\nc: &x |\n  text\nd: *x\n",
    "csv": b'a,b\n1,"x\ny"\n2,z\n',
    "tsv": b"a\tb\n1\tx\n",
    "markdown": b"---\na: 1\n---\n# T\n\nbody\n",
    "headings": b"# T\n\ntext\n\n## U\n\n- x\n",
    "turtle": b'@prefix p: <http://e.org/> . p:a p:b "x"@en, (1 2), [ p:c 1.5 ] .\n',
    "rdfxml": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://e.org/">'
    b'<p:T r:about="http://e.org/1"><p:x xml:lang="en">t</p:x></p:T></r:RDF>',
}
PIECES = [
    *(bytes([one]) for one in b'"\\\n\r\0\xff[]{},\t&*<>@:-=' + b"'"), b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe",
    b"---\n", b"<<: ", b"!x ", b"1e999", b"# ", b"NaN",
]  # fmt: skip


@pytest.mark.parametrize("format", SAMPLES)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_no_bytes_raise(format: str, data: st.DataObject) -> None:
    """A file of spoilt or of any bytes gives documents or findings, none of which is a fault of metaharmon."""
    text = SAMPLES[format]
    for _ in range(data.draw(st.integers(1, 3))):
        at, drop = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 4))
        text = text[:at] + data.draw(st.sampled_from(PIECES) | st.binary(max_size=4)) + text[at + drop :]
    for document in read_documents(io.BytesIO(text), "f", format):
        assert FAULT not in {one.code for one in document.problems}, (text, document.problems)
        assert bool(document.problems) == (document.value is None)


def test_broken_lines_and_rows_are_one_rejection_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = {"标题": "公交站点", "数据提供方": "交通局"}
    lines = [dumps(good), '{"标题": ', "7", dumps(good), '{"标题": NaN}', "[" * 100, '{"a": 1, "a": 2}', dumps(good)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), "utf-8")
    rows = "标题,数据提供方\n公交站点,交通局\n一,二,三\n停车场,交通局\n只有\n桥,交通局\n"
    (tmp_path / "in.csv").write_text(rows, "utf-8")
    for file, read, rejected in (("in.jsonl", 3, 5), ("in.csv", 3, 2)):
        told = [
            "--read",
            "cn-guizhou-guiyang",
            "--write",
            "ckan",
            "-o",
            str(tmp_path / "out.jsonl"),
            "--format",
            "json",
        ]
        assert main(["translate", *told, str(tmp_path / file)]) == 1
        said = json.loads(capsys.readouterr().err)
        assert (said["translated"], said["rejected"]) == (read, rejected), said["rejections"]
