"""Mapping text: what is read, what is refused and where, the same with and without libyaml."""

from __future__ import annotations

import copy
import pickle
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaharmon.diagnostics import MappingError, Place
from metaharmon.files.jsontext import dumps
from metaharmon.yamltext import LIMITS, Limits, YList, YMap, YText, colon_hint, events, parse, read_file, to_json

PARSERS = [events.PureParser] + ([events.CParser] if events.CParser else [])


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def parser(request, monkeypatch):
    monkeypatch.setattr(events, "PARSER", request.param)
    return request.param


def refusal(text: str | bytes, limits: Limits = LIMITS) -> list[tuple[str, int, int]]:
    with pytest.raises(MappingError) as caught:
        parse(text, "f.yaml", limits)
    return [(found.code, found.place.line, found.place.col) for found in caught.value.diagnostics]


def shape(node):
    """A node with its places, for comparing."""
    where = node.place, getattr(node, "quoted", None)
    if isinstance(node, YMap):
        return where, [(shape(key), shape(value)) for key, value in node.items()]
    return where, [shape(entry) for entry in node] if isinstance(node, YList) else str(node)


# reliability.md, table A2, row by row
@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "010",
        "12:30:45",
        "2026-01-02",
        "1.10",
        "8471.30",
        "1e3",
        "=",
        "2026-13-45",
        "NO",
        "~",
        "null",
        "9" * 1_000,
        "名称： 值",
    ],
)
def test_every_scalar_means_itself(parser, text):
    node = parse(f"a: {text}\n{text}: b", "f.yaml")
    assert node == {"a": text, text: "b"}
    assert type(node["a"]) is YText and not node["a"].quoted
    assert [type(key) for key in node] == [YText, YText]


@pytest.mark.parametrize(
    ("text", "code", "line", "col"),
    [
        ("a: 1\na: 2", "MH106", 2, 1),
        ("&a [*a]", "MH105", 1, 1),
        ("a: 1\n<<: {b: 1}", "MH105", 2, 1),
        ("a: !!binary aGk=", "MH105", 1, 4),
        ("a: !!set {x}", "MH105", 1, 4),
        ('a: "\\ud800"', "MH107", 1, 4),
    ],
)
def test_what_loaders_change_in_silence_is_refused(parser, text, code, line, col):
    assert refusal(text)[0] == (code, line, col)


def test_places(parser):
    node = parse("title:\n  zh: '广州'\n  en:\nlist: [a, {b: c}]\nblock:\n- x\n", "f.yaml")
    assert node.key("title").place == Place("f.yaml", 1, 1, 1, 6)
    assert node["title"].place == Place("f.yaml", 2, 3, 3, 5)
    assert node["title"]["zh"].place == Place("f.yaml", 2, 7, 2, 11) and node["title"]["zh"].quoted
    assert node["title"]["en"] == "" and node["title"]["en"].place == Place("f.yaml", 3, 5, 3, 5)
    assert node["list"].place == Place("f.yaml", 4, 7, 4, 18)
    assert node["list"][1]["b"].place == Place("f.yaml", 4, 15, 4, 16)
    assert node["block"][0].place == Place("f.yaml", 6, 3, 6, 4)
    with pytest.raises(KeyError):
        node.key("zh")


@pytest.mark.parametrize("remake", [copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))])
def test_copies_keep_places(parser, remake):
    node = parse("a: [x, 'y', {b: c}]\nd: |\n  e\n", "f.yaml")
    again = remake(node)
    assert again == node and shape(again) == shape(node)
    assert type(again["a"][2]) is YMap and again["a"] is not node["a"]


# A-2: each limit at n-1, n, n+1
@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (lambda n: b"a" + b" " * (n - 1), LIMITS.bytes),
        (lambda n: b"[" * n + b"]" * n, LIMITS.depth),
        (lambda n: b"[" + b"a," * (n - 1) + b"]", LIMITS.nodes),
        (lambda n: b"a" * n, LIMITS.scalar),
        (lambda n: '"' + "广" * n + '"', LIMITS.scalar),
    ],
    ids=["bytes", "depth", "nodes", "scalar", "scalar in characters"],
)
def test_limits(make, limit):
    parse(make(limit - 1), "f.yaml")
    parse(make(limit), "f.yaml")
    assert refusal(make(limit + 1))[0][0] == "MH104"


def test_limits_are_the_callers():
    parse("[[[a]]]", "f.yaml", Limits(depth=3, nodes=4, scalar=1, bytes=7))
    for limits in (Limits(depth=2), Limits(nodes=3), Limits(bytes=6)):
        assert refusal("[[[a]]]", limits)[0][0] == "MH104"
    parse("a\n--- b", "f.yaml", Limits(documents=2))
    assert refusal("a\n--- b") == [("MH105", 2, 1)]


def test_all_findings_are_given(parser):
    text = "a: &x 1\nb: *x\nc: !!int 2\na: 3\n? [k]\n: 4\n"
    assert refusal(text) == [
        ("MH105", 1, 4),
        ("MH105", 2, 4),
        ("MH105", 3, 4),
        ("MH106", 4, 1),
        ("MH105", 5, 3),
    ]


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("a: 1\nb: 2\na: 3", "first at 1:1", "Keep one"),
        ("a: 1\n名称：值\n", "no ': '", "full-width colon"),
        ("a:\n\tb: 1", "tab", "blanks"),
        ("a: [1, 2", "not closed", None),
        ("a: 'x", "no end", "Close"),
        ("a: b: c", "':'", "Quote"),
        ("a: 1\n  b: 2", "':'", "indentation"),
        ("- a\nb: 1", "indentation", None),
        ("a: @b", "cannot begin", "quotes"),
        ("a:广州".encode("gb18030"), "GB18030", "UTF-8"),
        ("a: 1".encode("utf-16"), "UTF-16", "UTF-8"),
    ],
)
def test_sentences_are_plain(parser, text, sentence, hint):
    with pytest.raises(MappingError) as caught:
        parse(text, "f.yaml")
    found = caught.value.diagnostics[0]
    assert sentence in found.message
    assert hint is None or hint in found.hint
    assert "while" not in found.message and "token" not in found.message and "\n" not in found.message


def test_tabs(parser):
    assert parse("a:\tb\t\nc: d\te\n", "f") == {"a": "b", "c": "d\te"}
    assert refusal("a: x\n\ty") == refusal("a:\n\tb: 1") == refusal("a: |\n\tx") == [("MH103", 2, 1)]
    assert refusal("a: >\n  \tx") == [("MH103", 2, 3)]
    assert refusal("a: |\t\n  x") == [("MH103", 1, 5)]


def test_full_width_colon_hint():
    assert "full-width" in colon_hint("名称： 值")
    assert colon_hint("名称: 值") is None


def test_byte_order_mark_is_accepted_once(parser):
    assert parse(b"\xef\xbb\xbfa: 1", "f").key("a").place.col == 1
    assert parse("\ufeffa: 1", "f") == {"a": "1"}
    assert refusal(b"\xef\xbb\xbf\xef\xbb\xbfa: 1") == [("MH107", 1, 1)]


def test_text_in_memory(parser):
    assert refusal("a: \ud800") == [("MH107", 1, 4)]
    assert refusal("a: " + "广" * (1 << 19)) == [("MH104", 1, 1)]  # limits.bytes counts UTF-8


def test_files(tmp_path: Path):
    good = tmp_path / "a.yaml"
    good.write_text("a: 广", encoding="utf-8")
    assert read_file(good) == {"a": "广"} and read_file(good)["a"].place.file == str(good)
    for path, word in ((tmp_path / "none.yaml", "does not exist"), (tmp_path, "directory"), ("a\0b", "read")):
        with pytest.raises(MappingError) as caught:
            read_file(path)
        found = caught.value.diagnostics[0]
        assert found.code == "MH101" and word in found.message and found.place.line == 1
    good.write_bytes(b"#" * (LIMITS.bytes + 1))
    with pytest.raises(MappingError) as caught:
        read_file(good)
    assert caught.value.diagnostics[0].code == "MH104"


@pytest.mark.skipif(sys.platform == "win32", reason="no such device")
def test_an_endless_file_ends():
    with pytest.raises(MappingError) as caught:
        read_file("/dev/zero")
    assert caught.value.diagnostics[0].code == "MH104"


def test_to_json(parser):
    text = (
        "{a: 7, b: '7', c: null, d: true, e: 1.10, f: 010, g: no, h: 2026-01-02, i: ~, j: , k: -0, l: 1e3,"
        " m: .5, n: +8613800000000, o: 0x1F, p: .nan, q: '', r: [False, 8471.30], 1: x, s: １２, t: 1_000}"
    )
    assert dumps(to_json(parse(text, "f"))) == (
        '{"a":7,"b":"7","c":null,"d":true,"e":1.10,"f":"010","g":"no","h":"2026-01-02","i":null,"j":null,"k":-0,'
        '"l":1E+3,"m":".5","n":"+8613800000000","o":"0x1F","p":".nan","q":"","r":[false,8471.30],"1":"x",'
        '"s":"１２","t":"1_000"}'
    )
    value = to_json(parse("a: |\n  7\n", "f"))
    assert value == {"a": "7\n"} and type(value["a"]) is str and [type(key) for key in value] == [str]


@pytest.mark.parametrize("number", ["9" * 38, "-" + "9" * 38, "0." + "9" * 38, "1e38", "1e-38"])
def test_numbers_up_to_38_digits(number):
    assert str(to_json(parse(number, "f"))) == str(Decimal(number))


@pytest.mark.parametrize("number", ["9" * 39, "0." + "9" * 39, "1e39", "1e-39", "1e999999999", "1e" + "9" * 30])
def test_numbers_beyond_38_digits_are_refused(number):
    with pytest.raises(MappingError) as caught:
        to_json(parse(f"a: 1\nb: [x, {number}]", "f"))
    found = caught.value.diagnostics[0]
    assert (found.code, found.place.line, found.place.col) == ("MH108", 2, 8)


_QUIET = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufffe\uffff\ufeff")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**37), 10**37)
    | st.text(_QUIET)
    | st.decimals(-(10**9), 10**9, places=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(_QUIET, max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_json_is_yaml(value):
    """YAML 1.2 contains JSON: an example written as JSON is the same value, to the digit."""
    text = dumps(value)
    for readable in (text, dumps(value, indent=2)):
        assert dumps(to_json(parse(readable, "f"))) == text


@given(st.text(_QUIET))
def test_single_quotes_keep_every_text(text):
    node = parse("a: '" + text.replace("'", "''") + "'", "f")
    assert node == {"a": text} and node["a"].quoted
    assert to_json(node) == {"a": text}


_PIECES = [
    "a",
    "b: ",
    "- ",
    "\n",
    "\n  ",
    " ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ":",
    "? ",
    '"',
    "'",
    "|",
    ">",
    "#",
    " # c",
    "&a",
    "*a",
    "!t",
    "%",
    "@",
    "---",
    "\n...\n",
    "\\n",
    "é",
    "：",
    "\r\n",
    "'s'",
    "k: v",
    "\0",
    "\ud800",
]


@pytest.mark.skipif(len(PARSERS) < 2, reason="PyYAML without libyaml")
@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_both_parsers_agree(text):
    """The same values with the same places, or both refuse; and never another exception."""
    seen, chosen = [], events.PARSER
    try:
        for events.PARSER in PARSERS:
            try:
                seen.append(shape(parse(text, "f")))
            except MappingError as error:
                assert all(found.place and found.place.line >= 1 for found in error.diagnostics)
                seen.append("refused")
    finally:
        events.PARSER = chosen
    assert seen[0] == seen[1]
