"""Units: ratios by hand and against pint."""

from fractions import Fraction

import pint
import pytest

from metaharmon import units

# the unit's name in pint; what stands here is known to pint, the rest of the table is checked by hand below
PINT = {
    "data": {
        "B": "byte",
        "KB": "kilobyte",
        "kB": "kilobyte",
        "MB": "megabyte",
        "GB": "gigabyte",
        "TB": "terabyte",
        "bytes": "byte",
        "PB": "petabyte",
        "KiB": "kibibyte",
        "MiB": "mebibyte",
        "GiB": "gibibyte",
        "TiB": "tebibyte",
        "PiB": "pebibyte",
    },
    "time": {
        "s": "second",
        "ms": "millisecond",
        "min": "minute",
        "h": "hour",
        "d": "day",
        "毫秒": "millisecond",
        "秒": "second",
        "分钟": "minute",
        "小时": "hour",
        "天": "day",
        "hours": "hour",
        "Hours": "hour",
    },
    "rate": {"次/秒": "1/second", "次/分钟": "1/minute", "次/小时": "1/hour", "次/日": "1/day", "QPS": "1/second"},
    "sampling": {"Hz": "hertz", "kHz": "kilohertz", "KHz": "kilohertz"},
    "ratio": {"%": "percent"},
    "length": {"m": "metre", "km": "kilometre", "米": "metre", "千米": "kilometre", "公里": "kilometre"},
    "area": {"m2": "metre**2", "平方米": "metre**2", "公顷": "hectare", "平方公里": "kilometre**2"},
    "mass": {"kg": "kilogram", "公斤": "kilogram", "吨": "tonne"},
    "energy": {"kWh": "kilowatt_hour", "千瓦时": "kilowatt_hour", "度": "kilowatt_hour"},
}
PINT_BASE = {
    "data": "byte",
    "time": "second",
    "rate": "1/second",
    "sampling": "hertz",
    "ratio": "dimensionless",
    "length": "metre",
    "area": "metre**2",
    "mass": "kilogram",
    "energy": "kilowatt_hour",
}
BY_HAND = {  # cn-standards, section 6
    ("count", "条"): "1",
    ("count", "户"): "1",
    ("count", "笔"): "1",
    ("count", "个"): "1",
    ("count", "行"): "1",
    ("count", "万条"): "10000",
    ("count", "万行"): "10000",
    ("count", "亿条"): "100000000",
    ("money", "元"): "1",
    ("money", "角"): "1/10",
    ("money", "分"): "1/100",
    ("money", "万元"): "10000",
    ("money", "亿元"): "100000000",
    ("area", "亩"): "10000/15",
    ("mass", "斤"): "1/2",
    ("mass", "万吨"): "10000000",
    ("energy", "万千瓦时"): "10000",
    ("energy", "亿千瓦时"): "100000000",
    ("flops", "FLOPS"): "1",
    ("flops", "TFLOPS"): "1000000000000",
    ("flops", "PFLOPS"): "1000000000000000",
    ("flops", "EFLOPS"): "1000000000000000000",
    ("card_time", "卡时"): "1",
    ("ratio", "1"): "1",
}


def test_every_unit_is_checked_by_pint_or_by_hand():
    """No ratio of the table stands unchecked."""
    checked = {(d, s) for d, names in PINT.items() for s in names} | set(BY_HAND)
    assert checked == {(d, s) for d, members in units.table().items() for s in members}


def test_ratios_by_hand():
    """The multiples of Chinese listings, as exact fractions."""
    for (dimension, symbol), expected in BY_HAND.items():
        assert units.ratio(symbol, dimension) == Fraction(expected), symbol


def test_ratios_against_pint():
    """Every unit that pint knows has pint's ratio."""
    registry = pint.UnitRegistry(non_int_type=Fraction)
    for dimension, names in PINT.items():
        for symbol, name in names.items():
            theirs = registry.Quantity(Fraction(1), name).to(PINT_BASE[dimension]).magnitude
            assert units.ratio(symbol, dimension) == theirs, symbol


@pytest.mark.parametrize(("symbol", "power"), [("KB", 1), ("MB", 2), ("GB", 3), ("TB", 4), ("PB", 5)])
def test_bytes_count_by_the_word_of_the_dialect(symbol, power):
    """KB is 1000 or 1024 as declared; KiB is 1024 in both."""
    assert units.ratio(symbol, "data") == 1000**power
    assert units.ratio(symbol, "data", 1024) == 1024**power
    binary = symbol[0] + "iB"
    assert units.ratio(binary, "data") == units.ratio(binary, "data", 1024) == 1024**power


def test_bases_have_ratio_one():
    """The base of every dimension is a unit of it."""
    assert set(units.bases()) == set(units.table())
    for dimension, symbol in units.bases().items():
        assert units.ratio(symbol, dimension) == 1


def test_card_hours_and_flops_do_not_meet():
    """Card hours are not convertible to FLOPS: no unit stands in both dimensions."""
    assert not set(units.table()["card_time"]) & set(units.table()["flops"])


@pytest.mark.parametrize(
    ("symbol", "dimension", "bytes_"),
    [("EB?", "data", 1000), ("B", "weight", 1000), ("B", "data", 1023), ("条", "data", 1000)],
)
def test_refusals(symbol, dimension, bytes_):
    """An unknown unit, an unknown dimension, another count of bytes, a unit of another dimension."""
    with pytest.raises(ValueError):
        units.ratio(symbol, dimension, bytes_)
