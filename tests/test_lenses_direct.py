"""The direct paths of lenses give what the whole way gives: they are shortcuts and no second meaning."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metaharmon.lenses import date_direct, grammar, quantities
from metaharmon.lenses.base import FieldSpec, Malformed, Said, Unsayable
from metaharmon.lenses.codes import Codes, CodeTable, Pair
from metaharmon.lenses.date_forms import match, parse_form
from metaharmon.lenses.dates import Date
from metaharmon.lenses.text import LangText, OneLanguage, Text
from metaharmon.model import scalars

SHANGHAI = "Asia/Shanghai"
FORMS = (
    ("YYYY-MM-DD",),
    ("YYYY-MM-DD", "YYYY-M-D"),
    ("YYYY-M-D", "YYYY年M月", "YYYY"),
    ("YYYY-MM-DD", "YYYYMMDD", "DDMMYYYY"),
    ("YYYY-MM-DD HH:mm:ss", "YYYY-MM-DD"),
    ("YYYY-M-D H:mm:ss", "YYYY-MM"),
    ("YYYY-MM-DDTHH:mm:ss.SSSSSS", "YYYY-MM-DDTHH:mm:ss", "YYYY-MM-DDTHH:mm"),
    ("YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DDTHH:mm:ss.SSSZ", "YYYY-MM-DD"),
    ("epoch_ms", "YYYY-MM-DD HH:mm:ss", "YYYY-MM-DD"),
    ("YYYY-MM-DD", "epoch_s", "YYYY-MM-DDTHH:mm:ssZ"),
    ("R/MM/DD", "YYYY-MM-DD HH:mm:ss"),
    ("xsd",),
    ("iso8601",),
    ("rfc3339",),
    ("isoformat",),
    ("YYYY-MM-DD HH:mm:ss", "iso8601"),
)
PATTERNS = sorted({form for forms in FORMS for form in forms if form.startswith("YYYY")})
ZONES = (None, "UTC", SHANGHAI, "Europe/Helsinki")
LENSES = tuple(Date(forms, zone, pad) for forms in FORMS for zone in ZONES for pad in (None, "start"))


def whole_way(lens):
    """The same lens without its direct paths."""
    slow = Date(lens.forms, lens.zone, lens.pad, lens.spec)
    object.__setattr__(slow, "_readers", ())
    object.__setattr__(slow, "_writers", {})
    object.__setattr__(slow, "_quick", ())
    return slow


SLOW = tuple(map(whole_way, LENSES))


def outcome(function, argument):
    """A result, or the kind and sentence of a refusal."""
    try:
        return function(argument)
    except (Malformed, Unsayable) as exc:
        return type(exc), str(exc)


DAYS = st.one_of(
    st.datetimes(datetime(1, 1, 2), datetime(9998, 12, 30)),
    st.datetimes(datetime(1985, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from([datetime(2024, m, d, h) for m, d in ((2, 29), (3, 1), (12, 31), (1, 1)) for h in (0, 7, 8, 16)]),
)
TIMES = st.sampled_from(("time", "midnight"))
FRACTIONS = st.sampled_from(("", "", ".5", ".000", ".118", ".000000", ".118205"))


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(LENSES) - 1), DAYS, TIMES, FRACTIONS, st.sampled_from(("", "Z", "+08:00", "-03:30")))
def test_dates_written_directly(at, day, time, fraction, zone):
    """Every canonical date, of every precision."""
    day = day.replace(hour=0, minute=0, second=0) if time == "midnight" else day
    text = f"{day.year:04}-{day:%m-%dT%H:%M:%S}{fraction}"
    values = [text[:4], f"{text[:4]}-H1", f"{text[:4]}-Q4", text[:7], text[:10]]
    values += [text[:16] + zone, text[:19] + zone, text + zone]
    for value in values:
        assert outcome(LENSES[at].write, value) == outcome(SLOW[at].write, value)


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, len(LENSES) - 1), DAYS, TIMES, FRACTIONS, st.sampled_from(("", "Z", "+08:00", "+24:00", "-00:00"))
)
def test_dates_read_directly(at, day, time, fraction, zone):
    """Texts of the forms, and texts that nearly have them."""
    day = day.replace(hour=0, minute=0, second=0) if time == "midnight" else day
    y, m, d, hour = f"{day.year:04}", day.month, day.day, day.hour
    rest = f"{day:%M:%S}"
    texts = [
        y, f"{y}-{m:02}", f"{y}年{m}月", f"{y}-{m:02}-{d:02}", f"{y}-{m}-{d}", f"{y}{m:02}{d:02}", f"{d:02}{m:02}{y}",
        f"{y}-{m:02}-31", f"{y}-02-29", f"0000-{m:02}-{d:02}", f"{y}-{m:02}-{d:02} {hour:02}:{rest}",
        f"{y}-{m}-{d} {hour}:{rest}", f"{y}-{m:02}-{d:02}T{hour:02}:{rest}{fraction}{zone}", f"{y}-13-01",
        f"{y}-{m:02}-{d:02} 24:00:00", f"{y}-{m:02}-{d:02}\n",
    ]  # fmt: skip
    for text in texts:
        assert outcome(LENSES[at].read, text) == outcome(SLOW[at].read, text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATTERNS), st.text("0129-:TZ. 年月+", max_size=27))
@example("YYYY-M-D", "2026-5-24")
@example("YYYY-MM-DDTHH:mm:ssZ", "2026-05-24T00:00:00+24:00")
def test_patterns_fit_what_forms_match(form, text):
    """The pattern of a reader takes a text if, and only if, the form does."""
    parsed = parse_form(form)
    assert (date_direct.reader_of(parsed).pattern.fullmatch(text) is not None) == (match(parsed, text) is not None)


def test_direct_paths_are_taken():
    """The common good cases do not go the whole way."""
    for forms, zone, raw in (
        (("YYYY-MM-DD",), None, "2026-05-24"),
        (("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "2026-05-24 15:28:15"),
        (("YYYY-MM-DDTHH:mm:ss.SSSSSS",), "UTC", "2026-05-24T07:28:15.118205"),
    ):
        lens = Date(forms, zone)
        value = date_direct.read(lens._readers, raw, zone, False)
        assert value is not None and date_direct.write(lens._writers, value, zone, False) == raw


@pytest.mark.parametrize("name", date_direct.FIXED)
def test_fixed_zones_are_fixed(name):
    """From the year on, every half day is that many hours before UTC, by the zone database."""
    offset, since = date_direct.FIXED[name]
    hours = 0 if offset == "Z" else int(offset[1:3])
    when, zone = datetime(max(int(since), 1900), 1, 1, tzinfo=UTC) - timedelta(hours=hours), ZoneInfo(name)
    while when.year < 2100:
        assert when.astimezone(zone).utcoffset() == timedelta(hours=hours), when
        when += timedelta(hours=12)


NUMBERS = st.one_of(
    st.from_regex(r"[+-]?0{0,2}[0-9]{1,40}(\.[0-9]{1,40})?", fullmatch=True), st.from_regex(r"-?0\.?0*", fullmatch=True)
)


@settings(max_examples=400)
@given(NUMBERS)
@example("-0")
@example("-0.0")
@example("10.50")
@example("1" * 38)
def test_numbers_read_directly(text):
    """A text that is passed through is its own normal form."""
    if len(text) <= grammar.scalars.MAX_DIGITS and grammar._NORMAL.fullmatch(text):
        assert scalars.normal_decimal(text) == text and grammar.plain_decimal(text) == text


@settings(max_examples=400)
@given(st.integers(-(10**40), 10**40), st.integers(0, 40))
def test_scaled_text(units, places):
    """Where it says something, it is the exact decimal."""
    text = grammar.scaled_text(units, places)
    if text is not None:
        assert text == grammar.exact_text(Fraction(units, 10**places))


SYMBOLS = (
    (("B", Fraction(1)), ("KB", Fraction(1024)), ("MB", Fraction(1024**2))),
    (("%", Fraction(1, 100)),),
    (("KB", Fraction(1000)),),
    (("ms", Fraction(1, 1000)), ("s", Fraction(1))),
    (("m", Fraction(60)), ("h", Fraction(3600)), ("min", Fraction(60))),
    (("third", Fraction(1, 3)),),
)


@settings(max_examples=400)
@given(st.sampled_from(SYMBOLS), st.one_of(NUMBERS, st.integers(0, 5000).map(lambda n: str(n * 1024))))
def test_units_chosen_directly(symbols, text):
    """The unit and the number that the whole way finds."""
    try:
        number = scalars.normal_decimal(text)
    except ValueError:
        return
    quick = quantities.quick_unit(number, symbols)
    if quick is not None:
        symbol, (shown,) = quantities.best_unit([number], list(symbols))
        assert quick == (symbol, shown)
    for _, ratio in symbols:
        value = quantities._quick_base(number, ratio)
        assert value is None or value == grammar.exact_text(Fraction(number) * ratio)


def test_codes_are_not_shared():
    """A value that was read is the reader's own: changing it changes no other reading."""
    lens = Codes(CodeTable("t", "gbt4754", (Pair("A", (("甲", None),)),)), "concept")
    first = lens.read("甲")
    first["label"] = {"zh": "x"}
    assert lens.read("甲") == {"scheme": "gbt4754", "code": "A"}
    written = lens.write(first)
    assert isinstance(written, Said) and written.raw == "甲" and written.inside == ("label",)


SAMPLES = st.one_of(st.text(min_size=1), st.sampled_from(("12", "true", "0.5", " x ", "x" * 99)))
TYPES = ((), ("string",), ("null", "string"), ("string", "integer"), ("integer", "string"), ("array", "string"))
SPECS = tuple(
    FieldSpec(types, limit, enum=enum)
    for types in TYPES
    for limit, enum in ((None, None), (5, None), (None, ("x", "12")))
)


@pytest.mark.parametrize("spec", SPECS)
@settings(max_examples=30)
@given(text=SAMPLES)
@example(text="12")
@example(text="true")
@example(text="x" * 99)
def test_through(spec, text):
    """What goes through is read and written as it is."""
    for lens, value in ((Text("text", spec), text), (OneLanguage("text", spec, tag="zh"), text)):
        if lens.through is not None:
            assert lens.through == "" and lens.read(text) == value and lens.write(value) == text
    lens = LangText("zh", (), spec)
    if lens.through is not None:
        assert lens.through == "zh" and lens.read(text) == {"zh": text} and lens.write({"zh": text}) == text


def test_what_does_not_go_through():
    """Other kinds, limits, lists of values, and types that are written before text."""
    assert Text().through == "" and LangText("zh", ("en",)).through == "zh" and OneLanguage(tag="zh").through == ""
    assert Text("text", FieldSpec(("null", "string", "integer"))).through == ""
    for spec in (FieldSpec(("integer", "string")), FieldSpec(("string",), 9), FieldSpec(enum=("a",))):
        assert Text("text", spec).through is None and LangText("zh", (), spec).through is None
    assert Text("uri").through is None and Text(shorten=True).through is None
    assert Text("text", FieldSpec(("integer",))).through is None
