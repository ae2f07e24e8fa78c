"""Numbers, quantities, money: values written by hand from the listings (cn-standards, section 6)."""

import time
from decimal import Decimal
from fractions import Fraction

import pytest

from metaharmon.lenses.base import MISSING, FieldSpec, Malformed, Said, Unmapped, Unsayable
from metaharmon.lenses.codes import CodeTable, Pair
from metaharmon.lenses.grammar import exact_text, rounded
from metaharmon.lenses.money import Money
from metaharmon.lenses.numbers import Boolean, Number
from metaharmon.lenses.quantities import Quantity, QuantityWithUnit

REFUSED = [
    "", " ", "1 ", " 1", "1\n", "\t1", "\u00a01", "１２３", "１", "٣", "१", "1_000", "_1", "1e3", "1E3", "1e400", "nan",
    "NaN", "inf", "-inf", "Infinity", "0x10", "0b1", "0o7", "1.", ".5", "+", "-", "--1", "+-1", "1.2.3", "1,2", "18,2",
    "1,234.5", "1.234,5", "12,684,500", "1'000", "½", "²", "一", "23.7万", "约100", "≥1", "1%", "1 000", "on", "true",
    "None", "--", "9" * 39, "0" * 65, "1." + "0" * 40, "1\u200b", "−1", "＋1", "1．5", "1٫5",
]  # fmt: skip
READ = {
    "0": "0", "-0": "0", "+0": "0", "007": "7", "-7": "-7", "+7": "7", "10.00": "10", "0.50": "0.5", "000.5": "0.5",
    "12684500": "12684500", "9" * 38: "9" * 38, "0." + "1" * 37: "0." + "1" * 37, "-0.0": "0",
    "9007199254740993": "9007199254740993", "0.1": "0.1",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("lens", [Number(text=True), Number("integer", text=True)], ids=["decimal", "integer"])
def test_refused_spellings(lens, text):
    """One strict grammar: what other readers take for a number, or half of one, is malformed here, and at once."""
    began = time.perf_counter()
    with pytest.raises(Malformed):
        lens.read(text)
    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_read_spellings(text, value):
    """Good spellings and their normal form."""
    assert Number(text=True).read(text) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [(7, "7"), (0, "0"), (2**64, "18446744073709551616"), (Decimal("10.00"), "10"), (Decimal("1E+3"), "1000"),
     (Decimal("0.1234567890123456789012345678"), "0.1234567890123456789012345678"), (0.1, "0.1"),
      (1e22, "1" + "0" * 22),
     (-2.5, "-2.5")],
)  # fmt: skip
def test_json_numbers_are_exact(raw, value):
    """No digit of a JSON number is lost; a float is what its shortest text says."""
    assert Number().read(raw) == value


@pytest.mark.parametrize(
    "raw", [True, False, "7", None, [], {}, float("nan"), float("inf"), Decimal("NaN"), Decimal("1E+39"), 10**39 + 1,
            Decimal("1E-400")]
)  # fmt: skip
def test_json_values_that_are_no_numbers(raw):
    """true is not 1, "7" is not 7, and numbers beyond the limits are refused."""
    with pytest.raises(Malformed):
        Number().read(raw)


def test_groups():
    """数据量 of the portals: `18,972`."""
    lens = Number("integer", group=",", text=True)
    assert [lens.read(t) for t in ("18,972", "18972", "12,684,500", "-1,000", "999")] == [
        18972, 18972, 12684500, -1000, 999,
    ]  # fmt: skip
    assert [lens.write(n) for n in (18972, 12684500, 999, 1000, -1000, 0)] == [
        "18,972", "12,684,500", "999", "1,000", "-1,000", "0",
    ]  # fmt: skip
    for text in ("18,2", "1,2345", ",123", "123,", "1234,567", "1,,234", "1,234,56", "1，234", "1,234.5"):
        with pytest.raises(Malformed):
            lens.read(text)


def test_qualifiers():
    """Approximate marks are kept as bound, never dropped (canonical schema 5.14)."""
    lens = Number("quantity", text=True)
    for text, value, bound in (
        ("约1000", "1000", "about"), ("1000余", "1000", "at_least"), ("≥1000", "1000", "at_least"),
        (">=5", "5", "at_least"), ("超20", "20", "more_than"), (">98", "98", "more_than"), ("≤3", "3", "at_most"),
        ("<=3", "3", "at_most"), ("<2", "2", "less_than"), ("> 2", "2", "more_than"),
    ):  # fmt: skip
        assert lens.read(text) == {"value": value, "bound": bound}
    assert lens.write({"value": "1000", "bound": "at_least"}) == "≥1000"
    assert lens.write({"value": "2", "bound": "less_than"}) == "<2"
    with pytest.raises(Malformed):
        lens.read("约1000余")


def test_bare_numbers_and_bounds():
    """A bare number may stand for `about` or `at least`, with a loss; never for what excludes it."""
    lens = Number("quantity")
    about = lens.write({"value": "1000", "bound": "about"})
    assert (about.raw, about.kind, about.inside) == (1000, "omitted", ("bound",))
    for bound in ("more_than", "less_than"):
        with pytest.raises(Unsayable):
            lens.write({"value": "1000", "bound": bound})
    with pytest.raises(Unsayable):
        lens.write({"value": "1000", "upper": "9999", "bound": "between"})


def test_digits_and_rounding():
    """`digits` pads; more digits are refused, or rounded half up with a loss."""
    assert str(Number(digits=2).write("10")) == "10.00"
    assert Number(digits=2, text=True).write("10.5") == "10.50"
    with pytest.raises(Unsayable):
        Number(digits=2).write("0.125")
    for value, raw in (("0.125", "0.13"), ("0.124", "0.12"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("0.005", "0.01")):
        said = Number(digits=2, text=True, round="half_up").write(value)
        assert (said.raw, said.kind, said.becomes) == (raw, "changed", raw)
    assert Number(digits=0, text=True, round="half_up").write("0.4").becomes == "0"
    assert Number(digits=2, round="half_up").write("0.12") == Decimal("0.12")


def test_json_type_written():
    """A whole number is a JSON integer; a field of integers takes no fraction."""
    assert Number().write("10") == 10 and type(Number().write("10")) is int
    assert Number().write("0.1") == Decimal("0.1")
    with pytest.raises(Unsayable):
        Number(spec=FieldSpec(("integer", "null"))).write("0.5")
    with pytest.raises(Unsayable):
        Number(text=True, spec=FieldSpec(("string",), 3)).write("1000")


def test_exact_fractions():
    """Fractions become decimals only where the decimal ends."""
    assert exact_text(Fraction(1, 8)) == "0.125"
    assert exact_text(Fraction(1, 3)) is None
    assert exact_text(Fraction(-5, 2)) == "-2.5"
    assert exact_text(Fraction(10**20)) == "1" + "0" * 20
    assert rounded(Fraction(-25, 10), 0) == -3


def test_booleans():
    """是/否, 1/0; matched by type."""
    lens = Boolean(("是", 1), ("否", 0))
    assert [lens.read(r) for r in ("是", 1, "否", 0)] == [True, True, False, False]
    assert (lens.write(True), lens.write(False)) == ("是", "否")
    for raw in ("1", True, False, "0", "是 ", "on", None, 1.0, Decimal(1)):
        with pytest.raises(Malformed):
            lens.read(raw)


@pytest.mark.parametrize(
    ("text", "decimal", "binary"),
    [
        ("860MB", "860000000", "901775360"),
        ("100 MB", "100000000", "104857600"),
        ("1GB", "1000000000", "1073741824"),
        ("1.5GB", "1500000000", "1610612736"),
        ("0 MB", "0", "0"),
    ],
)
def test_sizes_in_text(text, decimal, binary):
    """`860MB`, `100 MB`: 1000 or 1024 by the word of the dialect."""
    assert Quantity("data", in_text=(" MB", "GB")).read(text) == {"value": decimal}
    assert Quantity("data", None, 1024, (" MB", "GB")).read(text) == {"value": binary}


def test_sizes_written():
    """The largest unit in which the value is whole; a blank as the first form declares."""
    lens = Quantity("data", in_text=(" KB", "MB", "GB"))
    assert lens.write({"value": "1600000000"}) == "1600 MB"
    assert lens.write({"value": "2000000000"}) == "2 GB"
    assert lens.write({"value": "500"}) == "0.5 KB"
    assert lens.write({"value": "0"}) == "0 KB"
    assert lens.read("1.6GB") == {"value": "1600000000"}
    assert Quantity("data", in_text=("MB",)).write({"value": "100000000", "bound": "about"}) == "约100MB"


def test_rounded_sizes_are_about():
    """1.6 GB by 1024 is no whole number of bytes: it was rounded by whoever wrote it."""
    lens = Quantity("data", None, 1024, ("GB", "MB"))
    assert lens.read("1.6GB") == {"value": "1717986918", "bound": "about"}
    assert lens.write({"value": "1717986918", "bound": "about"}) == "1.6GB"
    assert lens.write({"value": "1073741824", "bound": "about"}) == "约1GB"
    assert lens.read("≥1.6GB") == {"value": "1717986919", "bound": "at_least"}
    assert lens.read(">1.6GB") == {"value": "1717986918", "bound": "more_than"}
    assert lens.read("≤1.6GB") == {"value": "1717986918", "bound": "at_most"}
    assert lens.read("<1.6GB") == {"value": "1717986919", "bound": "less_than"}
    assert Quantity("data", "GB", 1024).write({"value": "1717986918", "bound": "about"}) == Decimal("1.6")
    with pytest.raises(Malformed, match="no whole number of bytes"):
        Quantity("data", "KB").read(Decimal("0.0001"))
    with pytest.raises(Malformed, match="no whole number of bytes"):
        Quantity("data", "B").read(Decimal("0.5"))


def test_sizes_that_are_read_and_those_that_are_not():
    """Full width, groups of three and blanks are spelling; a unit that is not declared is not read."""
    lens = Quantity("data", in_text=("MB",))
    for text in ("８６０ＭＢ", "860  MB", " 860 MB "):
        assert lens.read(text) == {"value": "860000000"}
    assert lens.read("1,000MB") == {"value": "1000000000"}
    for text in ("100", "MB", "100MiB", "100mb", "100Mb", "-", "-1MB", "1,00MB", "1.000,5MB", "20-10MB"):
        with pytest.raises(Malformed):
            lens.read(text)
    declared = Quantity("data", None, 1024, ("MB",))
    assert declared.read("860M") == {"value": "901775360"} and declared.read("1T") == {"value": str(1024**4)}
    with pytest.raises(Malformed):
        lens.read("860M")
    both = Quantity("data", "B", None, (" B", " KiB"), also=("KB", "kB", "MB", "GB"))
    assert [both.read(text)["value"] for text in ("15", "1.5 GB", "14 kB", "5421 B")] == [
        "15", "1500000000", "14000", "5421",
    ]  # fmt: skip
    assert both.write({"value": "14000"}) == "14000 B" and both.write({"value": "2048"}) == "2 KiB"


def test_ranges():
    """Two ends, both in the unit behind the second; the second is the greater one."""
    lens = Quantity("count", in_text=("条", "万条"))
    assert lens.read("10~20万条") == {"value": "100000", "upper": "200000", "bound": "between"}
    assert lens.write({"value": "100000", "upper": "200000", "bound": "between"}) == "10-20万条"
    numbers = Number("quantity", text=True, dimension="count")
    assert numbers.read("5000至1万") == {"value": "5000", "upper": "10000", "bound": "between"}
    assert numbers.write({"value": "5000", "upper": "10000", "bound": "between"}) == "5000-10000"
    for text in ("20-10", "约10-20", "10-20-30", "-5-10", "1.5", "-1", "1.00005万"):
        with pytest.raises(Malformed):
            numbers.read(text)


def test_a_comma_before_the_fraction_is_declared():
    """`1.234,5` is a number only where the mapping says so."""
    lens = Number("quantity", text=True, decimal=",")
    assert lens.read("1.234,5") == {"value": "1234.5"} and lens.write({"value": "1234.5"}) == "1234,5"
    assert Number(text=True, decimal=",").read("1234,5") == "1234.5"
    assert Number(text=True, decimal=",", group=".").write("1234.5") == "1.234,5"
    for lens in (Number("quantity", text=True), Number(text=True)):
        with pytest.raises(Malformed):
            lens.read("1.234,5")


@pytest.mark.parametrize(
    ("lens", "raw", "value"),
    [
        (Quantity("count", in_text=("条", "万条", "亿条")), "23.7万条", {"value": "237000"}),
        (Quantity("count", in_text=("条", "万条")), "1000余条", {"value": "1000", "bound": "at_least"}),
        (Quantity("count", "万条"), Decimal("23.7"), {"value": "237000"}),
        (Quantity("ratio", in_text=("%",)), ">98%", {"value": "0.98", "bound": "more_than"}),
        (Quantity("ratio", in_text=("%",)), "95%", {"value": "0.95"}),
        (Quantity("ratio", "%"), Decimal("99.9"), {"value": "0.999"}),
        (Quantity("time", "ms"), 250, {"value": "0.25"}),
        (Quantity("sampling", in_text=("KHz",)), "16KHz", {"value": "16000"}),
        (Quantity("time", in_text=(" h",)), "80 h", {"value": "288000"}),
        (Quantity("length", "km"), Decimal("0.5"), {"value": "500"}),
    ],
)
def test_quantities(lens, raw, value):
    """Counts, shares, times, rates in the base unit, exactly."""
    assert lens.read(raw) == value


def test_rates_that_end():
    """次/分钟 has a ratio of a sixtieth: 60 in a minute is 1 in a second; 1 in a minute has no decimal."""
    lens = Quantity("rate", "次/分钟")
    assert lens.read(60) == {"value": "1"} and lens.write({"value": "1"}) == 60
    with pytest.raises(Malformed):
        lens.read(1)


STORE = CodeTable("store", "unit", tuple(Pair(ours, ((raw, None),)) for ours, raw in (("KB", 1), ("MB", 2), ("GB", 3))))


def test_unit_in_its_own_field():
    """dataStore and dataStoreUnit: 1000 KB is written fresh as 1 MB."""
    lens = QuantityWithUnit("data", STORE)
    assert lens.read((1000, 1)) == ({"value": "1000000"},)
    assert lens.write(({"value": "1000000"},)) == ((1, 2), ())
    assert lens.read((MISSING, 1)) == (None,)
    with pytest.raises(Malformed):
        lens.read((5, MISSING))
    with pytest.raises(Unmapped):
        lens.read((5, "1"))


def test_values_that_share_a_unit():
    """The largest unit in which all are whole; an absent value has no say."""
    lens = QuantityWithUnit("data", STORE, 3)
    values = ({"value": "2000000000"}, None, {"value": "3000000"})
    assert lens.write(values) == ((2000, MISSING, 3, 2), ())
    assert lens.read((2000, MISSING, 3, 2)) == values
    raws, losses = lens.write(({"value": "1", "bound": "more_than"}, {"value": "1000"}, None))
    assert raws == (MISSING, 1, MISSING, 1)
    assert [(slot, said.kind) for slot, said in losses] == [(0, "omitted")]
    assert lens.write((None, None, None)) == ((MISSING,) * 4, ())


def test_error_rate_is_accuracy():
    """Decision 18 of the canonical schema: an error below 2 % is an accuracy above 98 %; the bound turns round."""
    lens = Quantity("ratio", in_text=("%",), complement=True)
    for raw, value, bound in (
        ("<2%", "0.98", "more_than"), ("≤2%", "0.98", "at_least"), (">2%", "0.98", "less_than"),
        ("≥0.05%", "0.9995", "at_most"), ("约5%", "0.95", "about"), ("0%", "1", None), ("100%", "0", None),
    ):  # fmt: skip
        ours = {"value": value, "bound": bound} if bound else {"value": value}
        assert lens.read(raw) == ours and lens.write(ours) == raw
    assert Number("quantity", text=True, complement=True).read("<0.02") == {"value": "0.98", "bound": "more_than"}
    plain = Number(complement=True)
    assert plain.read(Decimal("0.1")) == "0.9" and plain.write("0.9") == Decimal("0.1")
    assert Quantity("ratio", "%", target="decimal", complement=True).read(Decimal("0.3")) == "0.997"
    for raw in ("101%", "-1%", f"0.{'0' * 36}1%"):  # the last needs 39 digits
        with pytest.raises(Malformed):
            lens.read(raw)


def test_complement_rounded_and_bare():
    """Digits and limits are about what stands there; a bound that a bare number does not show is lost."""
    said = Number(digits=1, round="half_up", complement=True).write("0.87")
    assert (said.raw, said.kind, said.becomes) == (Decimal("0.1"), "changed", "0.9")
    assert Number(maximum="0.2", complement=True).read(Decimal("0.1")) == "0.9"
    with pytest.raises(Malformed):
        Number(maximum="0.2", complement=True).read(Decimal("0.3"))
    with pytest.raises(Unsayable):
        Number(complement=True).write("1.5")
    lost = Number("quantity", complement=True).write({"value": "0.98", "bound": "at_least"})
    assert lost.raw == Decimal("0.02") and lost.kind == "omitted" and lost.inside == ("bound",)


def test_money():
    """元 with two decimals, integer 分, 万元."""
    assert Money("元", digits=2).read((Decimal("1280000.00"),)) == ("1280000", "CNY")
    assert str(Money("元", digits=2).write(("1280000", "CNY"))[0][0]) == "1280000.00"
    assert Money("分").read((1999,)) == ("19.99", "CNY")
    assert Money("分", spec=FieldSpec(("integer",))).write(("19.99", "CNY")) == ((1999,), ())
    with pytest.raises(Unsayable):
        Money("分", spec=FieldSpec(("integer",)))._form.write("0.5")
    assert Money("万元", text=True).read(("12.5",)) == ("125000", "CNY")


STATES = CodeTable(
    "states", "price_state", (Pair("free", (("免费", None),)), Pair("negotiable", (("面议", None), ("议价", None))))
)


def test_the_state_of_a_price():
    """An amount is a stated price; a word is its state; a field of numbers takes no words; -1 is no price."""
    lens = Money("元", text=True, states=STATES)
    assert lens.read(("1,200.00",)) == ("1200", "CNY", "stated")
    assert lens.read(("议价",)) == (None, None, "negotiable") and lens.write((None, None, "negotiable"))[0] == ("面议",)
    assert lens.write(("5", "CNY", "stated")) == (("5",), ())
    raws, losses = lens.write(("5", "CNY", "unknown"))
    assert raws == ("5",) and [(slot, x.kind, x.becomes) for slot, x in losses] == [(2, "changed", "stated")]
    raws, losses = lens.write((None, None, "stated"))
    assert raws == (MISSING,) and [(slot, x.kind) for slot, x in losses] == [(2, "omitted")]
    raws, losses = Money("元", states=STATES, spec=FieldSpec(("number", "null"))).write((None, None, "free"))
    assert raws == (MISSING,) and [(slot, x.kind) for slot, x in losses] == [(2, "omitted")]
    for raw in ("-1", "-0.5", "100-500", "约100", "$5", "1.2万美元"):
        with pytest.raises(Malformed):
            lens.read((raw,))
    with pytest.raises(Malformed):
        Money("元").read((-1,))
    assert Money("元").write(("-1", "CNY"))[0] == (MISSING,)


def test_a_currency_is_never_converted():
    """Another currency: both are omitted. No currency: the field adds its own."""
    raws, losses = Money("元").write(("5", "USD"))
    assert raws == (MISSING,) and [(slot, said.kind) for slot, said in losses] == [(0, "omitted"), (1, "omitted")]
    raws, losses = Money("元").write(("5", None))
    assert raws == (5,) and [(s, x.kind, x.becomes) for s, x in losses] == [(1, "added", "CNY")]
    assert Money("元").write((None, None))[0] == (MISSING,)


def test_money_with_a_currency_field():
    """Amount and ISO code side by side."""
    lens = Money(currency=None, currency_field=True)
    assert lens.read((Decimal("0.00"), "EUR")) == ("0", "EUR")
    assert lens.read((5, MISSING)) == ("5", None)
    assert lens.write(("5", "USD")) == ((5, "USD"), ())
    assert Money(currency="EUR", currency_field=True).read((5, MISSING)) == ("5", "EUR")
    for raw in ("eur", "€", "EURO", 978, "ＥＵＲ"):
        with pytest.raises(Malformed):
            lens.read((5, raw))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Number("money"), lambda: Number(digits=-1), lambda: Number(round="half_up"), lambda: Number(group=","),
        lambda: Number(text=True, group="."), lambda: Number(minimum=5, maximum=1),
        lambda: Number(digits=1, round="up"),
        lambda: Boolean((), ("n",)), lambda: Boolean(("y",), ("y",)), lambda: Quantity("data"),
        lambda: Quantity("data", "KB", also=("MB",)), lambda: Quantity("data", "条"),
        lambda: Quantity("data", "KB", 1025),
        lambda: Number("integer", complement=True), lambda: Quantity("data", "KB", complement=True),
        lambda: Quantity("data", in_text=("MB", " MB")), lambda: QuantityWithUnit("time", STORE),
        lambda: QuantityWithUnit("data", STORE, 0), lambda: Money("分", "USD"), lambda: Money("磅"),
        lambda: Money(currency=None), lambda: Money(currency="euro"), lambda: Money("元", currency_field=True),
    ],
)  # fmt: skip
def test_bad_parameters(make):
    """One plain sentence when a lens is built."""
    with pytest.raises(ValueError) as caught:
        make()
    assert 10 < len(str(caught.value)) < 400


def test_said_is_plain_where_nothing_is_lost():
    """A lens says nothing where nothing is lost."""
    assert not isinstance(Number(digits=2, round="half_up").write("1.5"), Said)
