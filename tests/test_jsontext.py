"""JSON text: exact both ways, strict, and every refusal with its place and path."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metaharmon.diagnostics import RecordError
from metaharmon.files import jsontext
from metaharmon.files.jsonfaults import faults
from metaharmon.files.jsontext import LIMITS, JsonLimits, check_size, dumps, exact_number, loads


def codes(text, **options) -> list[tuple[str, int, int]]:
    with pytest.raises(RecordError) as caught:
        loads(text, "f.json", **options)
    return [(found.code, found.place.line, found.place.col) for found in caught.value.diagnostics]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
FRACTION = st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda number: number.as_tuple().exponent != 0 and _fits(number)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | FRACTION | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


def _fits(number: Decimal) -> bool:
    try:
        check_size(number)
    except ValueError:
        return False
    return True


def exactly(value):
    """A value with its types, the digits of its numbers and the order of its keys."""
    if isinstance(value, dict):
        return [(key, exactly(member)) for key, member in value.items()]
    if isinstance(value, list):
        return [list, *map(exactly, value)]
    return type(value), value.as_tuple() if isinstance(value, Decimal) else value


@given(VALUES, st.sampled_from([None, 0, 2]))
@example({"a": Decimal("1.10"), "b": Decimal("1E+3"), "c": Decimal("-0.00"), "d": 2**64 + 1, "é": "\x00\x7f"}, None)
def test_reading_undoes_writing(value, indent):
    assert exactly(loads(dumps(value, indent), "f")) == exactly(value)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,60})(\.[0-9]{1,60})?", fullmatch=True))
@example("-0")
@example("0.10")
@example("18446744073709551616")
@example("0.123456789012345678901234567890")
def test_writing_undoes_reading_of_numbers(text):
    number = Decimal(text)
    back = dumps(loads(text, "f"))
    assert Decimal(back).as_tuple() == number.as_tuple()
    if number.adjusted() >= -6:  # below, Decimal writes an exponent
        assert back == text


@given(VALUES)
def test_the_standard_library_reads_what_is_written(value):
    assert json.loads(dumps(value), parse_float=Decimal) == value


def test_hand_written_values():
    assert exactly(loads('{"b": 1.10, "a": [1, -0, 1e3, 0.0, true, null]}', "f")) == exactly(
        {"b": Decimal("1.10"), "a": [1, Decimal("-0"), Decimal("1e3"), Decimal("0.0"), True, None]}
    )
    assert dumps({"b": Decimal("1.10"), "a": ["广\n", 0.1, (), {}]}) == '{"b":1.10,"a":["广\\n",0.1,[],{}]}'
    assert dumps({"a": [1, {}], "b": []}, indent=2) == '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'
    assert dumps(Decimal("5")) == "5"  # the exception of the law: it comes back as an int
    assert loads(b"\xef\xbb\xbf[1]", "f") == [1] and loads("\ufeff[1]", "f") == [1]
    assert loads('{"名": "广"}'.encode("gb18030"), "f", encoding="gb18030") == {"名": "广"}
    assert loads('"\\ud83d\\ude00 \\\\ud800"', "f") == "\U0001f600 \\ud800"  # a pair, and an escaped backslash


@pytest.mark.parametrize(
    ("text", "code", "line", "col"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "MH106", 1, 24),
        ('{"a": 1, "\\u0061": 2}', "MH106", 1, 10),
        ("[NaN]", "MH108", 1, 2),
        ("[1,\n Infinity]", "MH108", 2, 2),
        ("[-Infinity]", "MH108", 1, 2),
        ('"\\ud800"', "MH107", 1, 1),
        ('"\\ude00\\ud83d"', "MH107", 1, 1),
        ('"a\ud800"', "MH107", 1, 3),
        ('"a\tb"', "MH107", 1, 3),
        ("", "MH110", 1, 1),
        (" \n", "MH110", 1, 1),
        ("01", "MH103", 1, 1),
        ("[1.]", "MH103", 1, 2),
        ("[.5]", "MH103", 1, 2),
        ("[+1]", "MH103", 1, 2),
        ("[１２]", "MH103", 1, 2),
        ("[1_000]", "MH103", 1, 2),
        ("{'a': 1}", "MH103", 1, 2),
        ('{"a" 1}', "MH103", 1, 6),
        ('{"a": 1', "MH103", 1, 8),
        ('{"a": 1,}', "MH103", 1, 9),
        ("[1 2]", "MH103", 1, 4),
        ("[1]]", "MH103", 1, 4),
        ('["a', "MH103", 1, 2),
        ('["\\x"]', "MH103", 1, 3),
        ("[True]", "MH103", 1, 2),
        (b'"\xff"', "MH102", 1, 2),
        ("[1]".encode("utf-16-le"), "MH102", 1, 1),
    ],
)
def test_what_is_refused(text, code, line, col):
    assert codes(text)[0] == (code, line, col)


def test_findings_have_paths_and_all_are_given():
    text = '{"a": [0, {"b": NaN}], "c": {"d": 1, "d": 2}, "e": "\\ud800"}'
    with pytest.raises(RecordError) as caught:
        loads(text, "f")
    assert [(found.code, found.path) for found in caught.value.diagnostics] == [
        ("MH108", "a.1.b"),
        ("MH106", "c.d"),
        ("MH107", "e"),
    ]
    assert "first at 1:30" in caught.value.diagnostics[1].message


# A-5: each limit at n-1, n, n+1
@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (lambda n: "[" * (n + 1) + "]" * (n + 1), 64),
        (lambda n: '{"a":' * (n + 1) + '"[]"' + "}" * (n + 1), 64),
        (lambda n: "{" + ",".join(f'"{k}":[]' for k in range(n)) + "}", 10_000),
        (lambda n: '["' + "广" * n + '"]', 1 << 20),
        (lambda n: '["' + "\\n" * n + '"]', 1 << 20),
        (lambda n: "9" * n, 4300),
        (lambda n: "-" + "9" * n, 4300),
        (lambda n: "0." + "9" * n, 4300),
        (lambda n: "1e" + str(n), 4300),
        (lambda n: "1e-" + str(n), 4300),
    ],
    ids=["lists", "objects", "keys", "text", "escaped text", "integer", "negative", "decimal", "exponent", "small"],
)
def test_limits(make, limit):
    for size in (limit - 1, limit):
        loads(make(size), "f")
    assert codes(make(limit + 1))[0][0] in ("MH104", "MH108")


def test_limits_are_the_callers():
    limits = JsonLimits(depth=1, keys=1, string=2, digits=3)
    assert loads('{"a": ["bc", 123]}', "f", limits=limits) == {"a": ["bc", 123]}
    for text in ("[[[]]]", '{"a":1,"b":2}', '"abc"', "1234", "0.1234"):
        assert codes(text, limits=limits)[0][0] in ("MH104", "MH108")


def test_a_full_stack_is_a_finding(monkeypatch):
    class Full:
        def decode(self, text):
            raise RecursionError

    monkeypatch.setattr(jsontext, "_decoder", lambda limits: Full())
    assert codes("\n[1]", line=7) == [("MH104", 7, 1)]


PIECES = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"a"',
    '"b"',
    '"',
    "1",
    "-",
    "0",
    ".5",
    "e2",
    "true",
    "nul",
    "NaN",
    " ",
    "\n",
    "\\",
    "\\u0041",
    '"a":',
    '"b": ',
    "é",
    "\t",
]


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_the_scanner_of_faults_agrees_with_the_decoder(text):
    """What the standard library does not read has a fault; what `loads` reads has none."""
    found = faults(text, "f", LIMITS)
    try:
        json.loads(text)
    except ValueError:
        assert found
    if not found:
        loads(text, "f")


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("1e5000"),
        {"a": ["\ud800"]},
        {"\udfff": 1},
        pytest.param(10**4301, id="4302 digits"),
    ],
)
def test_what_cannot_be_written(value):
    with pytest.raises(RecordError):
        dumps([value])


def test_what_is_no_json():
    for value in ({1: 2}, {None: 1}, [{1}], b"a", object()):
        with pytest.raises(TypeError):
            dumps(value)
    loop: list = []
    loop.append(loop)
    with pytest.raises(RecordError) as caught:
        dumps(loop)
    assert caught.value.diagnostics[0].code == "MH104"


@pytest.mark.parametrize(("text", "value"), [("5", 5), ("-0", Decimal("-0")), ("1e2", Decimal("1E+2"))])
def test_exact_number(text, value):
    assert exactly(exact_number(text)) == exactly(value)
