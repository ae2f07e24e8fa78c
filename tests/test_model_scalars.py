"""The normal forms of simple types, by hand-written tables and by laws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaharmon.model import scalars
from metaharmon.model.uscc import uscc_problem


def refused(function, value):
    with pytest.raises(ValueError) as caught:
        function(value)
    assert "\n" not in str(caught.value)
    return True


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("10.00", "10"), ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("007", "7"), ("+5", "5"), ("0.50", "0.5"),
        ("100", "100"), ("-3.250", "-3.25"), ("1e3", "1000"), ("1.5E-3", "0.0015"), ("1E+38", "1" + "0" * 38),
        ("9" * 38, "9" * 38), ("0." + "0" * 37 + "1", "0." + "0" * 37 + "1"), ("0e999999", "0"),
    ],
)  # fmt: skip
def test_decimal(written, plain):
    assert scalars.normal_decimal(written) == plain
    assert scalars.normal_decimal(plain) == plain


@pytest.mark.parametrize(
    "text",
    [
        "", " 1", "1 ", "1,000", "1_000", "１２３", "٣", "nan", "NaN", "inf", "Infinity", "-inf", ".5", "5.", "1e",
        "0x10",
        "--1", "1.2.3", "1\n", "1e39", "1e-39", "1e1000000000", "9" * 39, "1" * 100000, "十", "½", "1/2", "1e+-3", True,
        1, 1.0, None, Decimal(1), [], "1" + "0" * 39,
    ],
)  # fmt: skip
def test_no_decimal(text):
    assert refused(scalars.normal_decimal, text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_decimals_keep_their_value(number):
    plain = scalars.normal_decimal(str(number))
    assert Decimal(plain) == number
    assert scalars.normal_decimal(plain) == plain
    assert not (("." in plain and plain.endswith("0")) or "E" in plain or plain == "-0")


def test_ratio():
    assert scalars.normal_ratio("0.9990") == "0.999"
    assert scalars.normal_ratio("1.0") == "1"
    for text in ("1.001", "-0.1", "99.9", "2"):
        assert refused(scalars.normal_ratio, text)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("2026", "2026"), ("2026-H2", "2026-H2"), ("2026-Q1", "2026-Q1"), ("2026-04", "2026-04"),
        ("2024-02-29", "2024-02-29"), ("2000-02-29", "2000-02-29"), ("2016-02-29T00:00", "2016-02-29T00:00"),
        ("2016-02-29T00:00Z", "2016-02-29T00:00Z"), ("2026-05-24T07:28:15Z", "2026-05-24T07:28:15Z"),
        ("2026-05-24T07:28:15.118205", "2026-05-24T07:28:15.118205"),
        ("2026-05-24T07:28:15.100Z", "2026-05-24T07:28:15.100Z"),
        ("2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00"),
        ("2026-01-01T00:00+08:00", "2026-01-01T00:00+08:00"),
        ("2025-12-31T20:30:00.50-05:00", "2025-12-31T20:30:00.50-05:00"),
        ("2026-01-01T05:45:00+05:45", "2026-01-01T05:45:00+05:45"),
        ("2026-01-01T05:45:00+00:00", "2026-01-01T05:45:00Z"), ("2026-01-01T05:45-00:00", "2026-01-01T05:45Z"),
        ("0001-01-01T00:00+08:00", "0001-01-01T00:00+08:00"), ("9999-12-31T23:00-08:00", "9999-12-31T23:00-08:00"),
    ],
)  # fmt: skip
def test_date(written, normal):
    assert scalars.normal_date(written) == normal
    assert scalars.normal_date(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29", "1900-02-29", "2026-13", "2026-00", "2026-04-31", "2026-01-00", "2026-H3", "2026-Q0", "2026-Q5",
        "0000", "0000-01-01", "26", "20260101", "2026/01/01", "2026-1-1", "2026-01-01T24:00", "2026-01-01T00:60",
        "2026-01-01T00:00:60", "2026-01-01T00", "2026-01-01 00:00", "2026-01-01t00:00z", "2026Z", "2026-01-01Z",
        "2026-01-01T00:00+24:00", "2026-01-01T00:00+08", "2026-01-01T00:00+0800",
        "２０２６", "2026\n", "-2026", "+2026", "janeiro de 2002", "now", "", 2026, None,
    ],
)  # fmt: skip
def test_no_date(text):
    assert refused(scalars.normal_date, text)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("P12M", "P1Y"), ("P14D", "P2W"), ("PT3600S", "PT1H"), ("PT24H", "PT24H"), ("P10D", "P1W3D"), ("P18M", "P1Y6M"),
        ("PT90M", "PT1H30M"), ("PT1.50S", "PT1.5S"), ("PT60.5S", "PT1M0.5S"), ("P0D", "PT0S"), ("PT0S", "PT0S"),
        ("P1Y0M", "P1Y"), ("P1Y12M", "P2Y"), ("P1DT24H", "P1DT24H"), ("P1M30D", "P1M4W2D"), ("PT3599S", "PT59M59S"),
    ],
)  # fmt: skip
def test_duration(written, normal):
    assert scalars.normal_duration(written) == normal
    assert scalars.normal_duration(normal) == normal


@pytest.mark.parametrize(
    "text",
    ["P", "PT", "P1", "1D", "P1H", "PT1D", "P0.5Y", "PT0.5H", "P-1D", "-P1D", "P1,5D", "P1S", "p1d", "P１D", "", 1],
)
def test_no_duration(text):
    assert refused(scalars.normal_duration, text)


@pytest.mark.parametrize(
    ("written", "reduced"),
    [
        ("2/P1Y", "1/P6M"), ("4/P1Y", "1/P3M"), ("7/P1W", "1/P1D"), ("2/P1D", "2/P1D"), ("2/P1M", "2/P1M"),
        ("24/P1D", "24/P1D"), ("1/P12M", "1/P1Y"), ("12/P1Y", "1/P1M"), ("3/P1Y", "1/P4M"), ("1/P7D", "1/P1W"),
        ("1/P14D", "1/P2W"), ("1/P10D", "1/P10D"), ("60/PT1H", "1/PT1M"), ("1/PT24H", "1/PT24H"),
        ("5/P1Y", "5/P1Y"), ("2/P3Y", "1/P18M"), ("10/P10Y", "1/P1Y"), ("6/P2W", "3/P1W"), ("1/P1Y6M", "1/P18M"),
        ("irregular", "irregular"), ("one_off", "one_off"),
    ],
)  # fmt: skip
def test_frequency(written, reduced):
    made = scalars.frequency(written)
    assert scalars.short(made) == reduced
    assert scalars.frequency(reduced) == made
    assert scalars.normal_frequency(made) == made


@pytest.mark.parametrize(
    "text", ["periodic", "0/P1D", "1/P0D", "1/P1M1D", "1/PT0.5S", "x", "", "1/1D", "/P1D", "-1/P1D"]
)
def test_no_frequency(text):
    assert refused(scalars.frequency, text)


def test_frequency_members_agree():
    assert refused(scalars.normal_frequency, {"kind": "irregular", "count": 1})
    assert refused(scalars.normal_frequency, {"kind": "periodic", "period": "P1D"})
    assert refused(scalars.normal_frequency, {"kind": "periodic", "count": True, "period": "P1D"})
    assert refused(scalars.normal_frequency, {"text": {"en": "often"}})


MONTHS, DAYS, SECONDS = {"Y": 12, "M": 1}, {"W": 7, "D": 1}, {"H": 3600, "M": 60, "S": 1}


@given(
    st.integers(1, 10_000),
    st.integers(1, 10_000),
    st.sampled_from(
        [("P", u, MONTHS) for u in "YM"] + [("P", u, DAYS) for u in "WD"] + [("PT", u, SECONDS) for u in "HMS"]
    ),
)
def test_frequency_keeps_its_rate(count, length, unit):
    prefix, name, family = unit
    made = scalars.frequency(f"{count}/{prefix}{length}{name}")
    period = made["period"].removeprefix(prefix)
    assert made["period"].startswith(prefix) and period[-1] in family
    assert made["count"] * length * family[name] == count * int(period[:-1]) * family[period[-1]]
    assert scalars.normal_frequency(made) == made


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ZH", "zh"), ("zh-hant", "zh-Hant"), ("EN-us", "en-US"), ("zh-hans-cn", "zh-Hans-CN"), ("und", "und"),
        ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"), ("de-ch-1996", "de-CH-1996"), ("x-own-AB", "x-own-ab"),
        ("en-x-US", "en-x-us"), ("es-419", "es-419"),
    ],
)  # fmt: skip
def test_language(written, normal):
    assert scalars.normal_language(written) == normal
    assert scalars.normal_language(normal) == normal


@pytest.mark.parametrize("tag", ["", "pt_BR", "z", "中文", "en-", "-en", "english language", "abcdefghi", None, "en\n"])
def test_no_language(tag):
    assert refused(scalars.normal_language, tag)


def test_uri():
    for text in ("https://a.b/c", "urn:x", "mailto:a@b", "http://例子.cn/数据"):
        assert scalars.is_uri(text) and scalars.normal_uri(text) == text
    for text in ("", "www.a.b", "http:", "http://a b", "http://a\u3000b", "http://a\n", "://a", "Ifes/PROAD", None, 1):
        assert not scalars.is_uri(text)
        assert refused(scalars.normal_uri, text)


def test_text_boolean_integer():
    assert scalars.normal_text("　x ") == "　x "
    for value in ("", "\ud800", 1, None, b"x"):
        assert refused(scalars.normal_text, value)
    assert scalars.normal_boolean(False) is False
    for value in (0, 1, "true", None):
        assert refused(scalars.normal_boolean, value)
    assert scalars.normal_integer(2**70) == 2**70
    for value in (True, 1.0, "1", 10**5000):
        assert refused(scalars.normal_integer, value)


def test_code():
    assert scalars.normal_code("local:cn-x", "classification_scheme") == "local:cn-x"
    assert refused(lambda v: scalars.normal_code(v, "party_role"), "local:cn-x")
    assert refused(lambda v: scalars.normal_code(v, "price_basis"), "ONE_OFF")


@pytest.mark.parametrize("code", ["12430000MB0L046927", "91430105750602924H", "91652928710818579H"])
def test_uscc_of_real_bodies(code):
    assert uscc_problem(code) is None


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("91430105750602924X", "check character"), ("91430105750602942H", "check character"),
        ("9143010575060292", "18"),
        ("91430105750602924h", "'h'"), ("9143O105750602924H", "'O'"), ("91A30105750602924H", "division code"),
        ("９1430105750602924H", "'９'"), ("", "18"), ("12430000MB0L0469270", "18"),
    ],
)  # fmt: skip
def test_broken_uscc(code, word):
    assert word in str(uscc_problem(code))


@given(
    st.sampled_from(["12430000MB0L046927", "91430105750602924H"]), st.integers(0, 17), st.sampled_from("0123456789AH")
)
def test_uscc_finds_every_single_mistake(code, position, character):
    typed = code[:position] + character + code[position + 1 :]
    assert (uscc_problem(typed) is None) == (typed == code)
