"""Dates, durations and frequencies: values written by hand (canonical schema 2.1, 2.3, 2.4; cn-standards 5.4, 6)."""

import pytest

from metaharmon.lenses.base import MISSING, FieldSpec, Malformed, Said, Unsayable
from metaharmon.lenses.codes import Codes, CodeTable, Pair
from metaharmon.lenses.dates import Date
from metaharmon.lenses.durations import Duration, DurationParts
from metaharmon.lenses.frequencies import Frequency, FrequencyParts

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("forms", "zone", "raw", "ours"),
    [
        (("YYYY-MM-DD",), None, "2026-04-01", "2026-04-01"),
        (("YYYY-M-D",), None, "2026-5-24", "2026-05-24"),
        (("YYYY/MM/DD",), None, "2024/06/16", "2024-06-16"),
        (("YYYY.M.D",), None, "2026.4.1", "2026-04-01"),
        (("YYYY年M月D日",), None, "2026年4月1日", "2026-04-01"),
        (("YYYY年M月",), None, "2026年4月", "2026-04"),
        (("YYYY年",), None, "2026年", "2026"),
        (("YYYYMMDD",), None, "20160229", "2016-02-29"),
        (("YYYYMMDD",), None, 20160229, "2016-02-29"),
        (("DD.MM.YYYY",), None, "24.05.2026", "2026-05-24"),
        (("YYYYMMDDTHHmm",), None, "20160229T0000", "2016-02-29T00:00"),
        (("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "2026-05-24 15:28:15", "2026-05-24T15:28:15+08:00"),
        (("YYYY-MM-DD HH:mm:ss",), None, "2026-05-24 15:28:15", "2026-05-24T15:28:15"),
        (("YYYY-MM-DDTHH:mm:ss.SSSSSS",), "UTC", "2026-05-24T07:28:15.118205", "2026-05-24T07:28:15.118205Z"),
        (("YYYY-MM-DDTHH:mm:ss.SSS",), "UTC", "2026-05-24T07:28:15.100", "2026-05-24T07:28:15.100Z"),
        (("YYYY-MM-DDTHH:mm:ssZ",), None, "2026-05-24T07:28:15Z", "2026-05-24T07:28:15Z"),
        (("YYYY-MM-DDTHH:mm:ssZ",), None, "2026-05-24T09:28:15+02:00", "2026-05-24T09:28:15+02:00"),
        (("YYYY-MM-DDTHH:mm:ssZ",), SHANGHAI, "2026-05-24T07:28:15+00:00", "2026-05-24T07:28:15Z"),
        (("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "2021-01-01 00:00:00", "2021-01-01T00:00:00+08:00"),
        (("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "1988-07-01 00:00:00", "1988-07-01T00:00:00+09:00"),
        (("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "1900-01-01 00:00:00", "1900-01-01T00:00:17+08:06"),
        (("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "1900-01-01 23:59:59", "1900-01-01T23:59:16+08:05"),
        (("epoch_s",), SHANGHAI, 1709568000, "2024-03-05T00:00:00+08:00"),
        (("epoch_ms",), "Europe/Helsinki", 1709568000250, "2024-03-04T18:00:00.250+02:00"),
        (("R/MM/DD",), None, "113/03/05", "2024-03-05"),
        (("R/MM/DD",), None, "99/03/05", "2010-03-05"),
        (("RRRMMDD",), None, "0990305", "2010-03-05"),
        (("民国R年M月D日",), None, "民国113年3月5日", "2024-03-05"),
        (("民国R年",), None, "民国1年", "1912"),
        (("YYYY'Y'MM'M'",), None, "2024Y03M", "2024-03"),
        (("epoch_s",), None, 1716535695, "2024-05-24T07:28:15Z"),
        (("epoch_s",), None, 0, "1970-01-01T00:00:00Z"),
        (("epoch_s",), None, -1, "1969-12-31T23:59:59Z"),
        (("epoch_ms",), None, 1716535695118, "2024-05-24T07:28:15.118Z"),
        (("epoch_ms",), None, 1716535695000, "2024-05-24T07:28:15Z"),
    ],
)
def test_read(forms, zone, raw, ours):
    """The forms of the listings and the values they have."""
    assert Date(forms, zone).read(raw) == ours


@pytest.mark.parametrize(
    "raw",
    ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-01", "0000-01-01", "2026-4-1", "２０２６-04-01", " 2026-04-01",
     "2026-04-01 ", "26-04-01", "2026-04", "2026-04-01T00:00", "janeiro de 2002", "Ma", "至今", "",
     20260401, True, None,
     2026.0, ["2026-04-01"], "2026-04-0١"],
)  # fmt: skip
def test_not_of_the_form(raw):
    """Impossible dates and every other spelling."""
    with pytest.raises(Malformed):
        Date(("YYYY-MM-DD",)).read(raw)


@pytest.mark.parametrize("raw", ["2026-05-24 24:00:00", "2026-05-24 23:60:00", "2026-05-24 23:59:60"])
def test_impossible_times(raw):
    """No hour 24, no leap second."""
    with pytest.raises(Malformed):
        Date(("YYYY-MM-DD HH:mm:ss",), SHANGHAI).read(raw)


def test_one_list_of_forms():
    """Russia: YYYY-MM-DD, YYYYMMDD and DDMMYYYY can be told apart; the first is written."""
    lens = Date(("YYYY-MM-DD", "YYYYMMDD", "DDMMYYYY"))
    assert [lens.read(r) for r in ("2016-02-29", "20160229", "29022016")] == ["2016-02-29"] * 3
    assert lens.write("2016-02-29") == "2016-02-29"


def test_padding_is_no_ambiguity():
    """Forms that differ by padding only read every common text alike; the first that can say a value is written."""
    for forms, written in ((("YYYY-MM-DD", "YYYY-M-D"), "2026-05-24"), (("YYYY-M-D", "YYYY-MM-DD"), "2026-5-24")):
        lens = Date(forms)
        assert [lens.read(r) for r in ("2026-5-24", "2026-05-24", "2026-5-04")] == ["2026-05-24"] * 2 + ["2026-05-04"]
        assert lens.write("2026-05-24") == written and not lens.exact
    timed = Date(("YYYY-MM-DD HH:mm:ss", "YYYY-M-D H:mm:ss"), SHANGHAI)
    assert timed.read("2026-5-24 8:05:00") == timed.read("2026-05-24 08:05:00") == "2026-05-24T08:05:00+08:00"
    with pytest.raises(ValueError, match="told apart"):
        Date(("YYYY-M-D", "YYYY-D-M"))
    with pytest.raises(ValueError, match="told apart"):
        Date(("YYYY-MM-DD", "YYYY-D-M"))


def test_written_in_the_zone():
    """A moment is written as its zone has it where the form shows a zone or the same one, else moved, and told."""
    lens = Date(("YYYY-MM-DD HH:mm:ss",), SHANGHAI)
    assert lens.write("2026-05-24T15:28:15+08:00") == "2026-05-24 15:28:15"
    for value in ("2026-05-24T07:28:15Z", "2026-05-24T10:28:15+03:00"):
        said = lens.write(value)
        assert (said.raw, said.kind, said.becomes) == ("2026-05-24 15:28:15", "changed", "2026-05-24T15:28:15+08:00")
    assert Date(("YYYY-MM-DDTHH:mm:ssZ",)).write("2026-05-24T15:28:15+08:00") == "2026-05-24T15:28:15+08:00"
    assert Date(("epoch_s",)).write("2024-03-05T00:00:00+08:00").becomes == "2024-03-04T16:00:00Z"
    assert Date(("epoch_s",), SHANGHAI).write("2024-03-05T00:00:00+08:00") == 1709568000


@pytest.mark.parametrize("zone", [None, "UTC", SHANGHAI, "America/New_York"])
@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-01-01T00:00:00+08:00", "2021-01-01"),
        ("2020-12-31T16:00:00Z", "2020-12-31"),
        ("2020-12-31T23:30:00-05:00", "2020-12-31"),
        ("2021-01-01T00:30+08:00", "2021-01-01"),
        ("2021-01-01T00:00:00", "2021-01-01"),
    ],
)
def test_a_moment_keeps_its_calendar_day(zone, value, day):
    """A coarser field takes the day, month and year of the zone in which the source states the moment (0040)."""
    for form, size in (("YYYY-MM-DD", 10), ("YYYY-MM", 7), ("YYYY", 4), ("D.M.YYYY", None)):
        said = Date((form,), zone).write(value)
        assert said.kind == "changed"
        assert said.becomes == (day[:size] if size else day)
    assert Date(("R/MM/DD",), zone).write(value).raw == ("110/01/01" if day[:4] == "2021" else "109/12/31")
    assert Date(("xsd",), zone).write(value[:16] + value[19:] if value[16] == ":" else value).becomes == day


def test_finer_and_coarser():
    """The first form of the precision; else the finest coarser one, changed; never a finer one."""
    lens = Date(("YYYY", "YYYY-MM", "YYYY-MM-DD"))
    assert [lens.write(v) for v in ("2026", "2026-04", "2026-04-01")] == ["2026", "2026-04", "2026-04-01"]
    said = lens.write("2026-04-01T08:00:00")
    assert (said.raw, said.becomes) == ("2026-04-01", "2026-04-01")
    assert lens.write("2026-Q1").becomes == "2026"
    for value in ("2026", "2026-04", "2026-H1"):
        with pytest.raises(Unsayable):
            Date(("YYYY-MM-DD",)).write(value)
    said = Date(("YYYY-MM-DDTHH:mm:ssZ",)).write("2026-05-24T07:28:15.5Z")
    assert (said.raw, said.becomes) == ("2026-05-24T07:28:15Z", "2026-05-24T07:28:15Z")


def test_no_zone_is_made_up():
    """A time without a zone is not written with one; where the form shows none, it stands, and is told as changed."""
    lens = Date(("YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DD"), SHANGHAI)
    assert lens.write("2026-05-24T07:28:15").becomes == "2026-05-24"
    for form in ("YYYY-MM-DDTHH:mm:ssZ", "epoch_s", "rfc3339"):
        with pytest.raises(Unsayable):
            Date((form,), SHANGHAI).write("2026-05-24T07:28:15")
    for form, raw in (("YYYY-MM-DD HH:mm:ss", "2026-05-24 07:28:15"), ("isoformat", "2026-05-24T07:28:15")):
        said = Date((form,), SHANGHAI).write("2026-05-24T07:28:15")
        assert (said.raw, said.kind, said.becomes) == (raw, "changed", "2026-05-24T07:28:15+08:00")
    lost = Date(("YYYY-MM-DD HH:mm:ss",)).write("2026-05-24T07:28:15Z")
    assert lost.becomes == "2026-05-24T07:28:15"


def test_pad_is_two_way():
    """With `pad: start`, midnight in the zone is a day, both ways; without it, it is a time."""
    lens = Date(("YYYY-MM-DD HH:mm:ss",), SHANGHAI, "start")
    assert lens.read("2026-05-24 00:00:00") == "2026-05-24" and lens.write("2026-05-24") == "2026-05-24 00:00:00"
    assert lens.write("2026-05-23T16:00:00Z").becomes == "2026-05-24"
    plain = Date(("YYYY-MM-DD HH:mm:ss",), SHANGHAI)
    assert plain.read("2026-05-24 00:00:00") == "2026-05-24T00:00:00+08:00"
    with pytest.raises(Unsayable):
        plain.write("2026-05-24")
    with pytest.raises(Unsayable):
        lens.write("2026-05")
    assert Date(("epoch_ms",), SHANGHAI, "start").write("2026-05-24") == 1779552000000


def test_clocks_that_were_turned():
    """Shanghai, 14 September 1986: of the hour from 1 to 2 that came twice, the text means the first turn."""
    lens = Date(("YYYY-MM-DD HH:mm:ss",), SHANGHAI)
    first, second = "1986-09-14T01:30:00+09:00", "1986-09-14T01:30:00+08:00"
    assert lens.write(first) == "1986-09-14 01:30:00" and lens.write(second).becomes == first
    texts = {v: lens.write(v) for v in (first, second)}
    for value, written in texts.items():
        raw = written.raw if isinstance(written, Said) else written
        assert lens.read(raw) == (written.becomes if isinstance(written, Said) else value)
    with pytest.raises(Malformed, match="skipped"):
        lens.read("1986-05-04 02:30:00")


def test_never_finer_than_known():
    """A form that would say seconds, a time or a day that nobody stated is passed over, wherever it stands."""
    lens = Date(("YYYY-MM-DDTHH:mm:ss", "YYYY-MM-DDTHH:mm", "YYYY-MM-DD"))
    assert lens.write("2026-05-24T07:28") == "2026-05-24T07:28"
    assert lens.write("2026-05-24") == "2026-05-24"
    for forms in (("YYYY-MM-DDTHH:mm:ss", "YYYY-MM-DD"), ("xsd",), ("YYYY-MM-DDTHH:mm:ss.SSS", "YYYY-MM-DD")):
        said = Date(forms).write("2026-05-24T07:28")
        assert (said.raw, said.becomes) == ("2026-05-24", "2026-05-24")
    for forms in (("YYYY-MM-DDTHH:mm:ss",), ("YYYY-MM-DD HH:mm:ss",), ("epoch_s",), ("rfc3339",), ("isoformat",)):
        for zone in (None, "UTC", SHANGHAI):
            for value in ("2026-05-24T07:28", "2026-05-24T07:28Z", "2026-05-24T07:28+08:00", "2026-05-24", "2026-05"):
                with pytest.raises(Unsayable):
                    Date(forms, zone).write(value)
            with pytest.raises(Unsayable):  # `pad` is about days and fractions, never about seconds
                Date(forms, zone, "start").write("2026-05-24T07:28Z")


def test_json_types():
    """YYYYMMDD as JSON integer, epochs as text, where the schema says so."""
    assert Date(("YYYYMMDD",), spec=FieldSpec(("integer",))).write("2026-04-01") == 20260401
    assert Date(("epoch_s",), spec=FieldSpec(("string",))).write("2024-05-24T07:28:15Z") == "1716535695"
    assert Date(("epoch_s",), spec=FieldSpec(("string",))).read("1716535695") == "2024-05-24T07:28:15Z"
    with pytest.raises(Malformed):
        Date(("epoch_s",)).read("1716535695")


@pytest.mark.parametrize(
    "forms",
    [(), ("MM-DD",), ("YYYY-DD",), ("YYYYMD",), ("YYYY-MM-DD HH",), ("YYYY-MM-DD YYYY",), ("YYYY-MM-DDZ",),
     ("YYYY-MM-DD.SS",),
     ("YYYY-1",), ("YYYY-MM-DD", "YYYY-MM-DD"), ("YYYYMMDD", "YYYYDDMM"), ("D/M/YYYY", "M/D/YYYY"),
     ("YYYY-MM", "YYYY-MM"), ("epoch_s", "epoch_ms"), ("",), ("YYYY-MM-dd",), ("yyyy-MM-DD",), ("YYYY-MM-DD hh:mm:ss",),
     ("YYYY-MM-DDtHH:mm:ss",), ("YYYY'Q",), ("YYYY''",), ("RMMDD",), ("xsd", "iso8601"),
     ("xsd", "YYYY-DD-MM"), ("roc", "xsd"), ("xsd", "xsd"), ("roc", "R/DD/MM"), ("chinese", "YYYY年D月M日")],
)  # fmt: skip
def test_bad_forms(forms):
    """Forms without a year, with gaps, or that cannot be told apart."""
    with pytest.raises(ValueError):
        Date(forms)


@pytest.mark.parametrize(
    ("forms", "types"),
    [
        (("YYYYMMDD", "epoch_ms"), ("integer", "null")),
        (("epoch_s", "YYYYMMDD"), ("integer",)),
        (("epoch_s", "YYYY"), ("string",)),
        (("epoch_s", "YYYYMMDDHHmmss"), ("string", "null")),
        (("epoch_ms", "iso8601"), ("string",)),
        (("iso8601",), ("integer",)),
    ],
)
def test_numbers_that_could_be_both(forms, types):
    """An integer 20240305 is a day or so many seconds: a field has one of the two."""
    with pytest.raises(ValueError):
        Date(forms, SHANGHAI, None, FieldSpec(types))


def test_numbers_told_apart_by_their_type():
    """Texts of digits beside JSON integers of seconds."""
    lens = Date(("YYYYMMDD", "epoch_ms"), SHANGHAI)
    assert lens.read("20240305") == "2024-03-05" and lens.read(1709568000000) == "2024-03-05T00:00:00+08:00"


def test_bad_zone_and_pad():
    """Unknown words."""
    for kwargs in ({"zone": "Asia/Nowhere"}, {"pad": "end"}):
        with pytest.raises(ValueError):
            Date(("YYYY",), **kwargs)


PERIODS = CodeTable(
    "period", "period", tuple(Pair(ours, ((raw, None),)) for ours, raw in (("P1D", "天"), ("P1M", "月"), ("P1Y", "年")))
)


def test_durations():
    """Carried inside a family; the largest unit that divides is written."""
    assert (
        Duration().read("P12M") == "P1Y"
        and Duration().read("PT3600S") == "PT1H"
        and Duration().read("PT24H") == "PT24H"
    )
    for raw in ("P0.5M", "P", "PT", "1M", "p1m", "P1M ", "-P1M", 30, None):
        with pytest.raises(Malformed):
            Duration().read(raw)
    lens = Duration("count_unit", (("个月", "P1M"), ("月", "P1M"), ("年", "P1Y"), ("天", "P1D")))
    assert [lens.read(t) for t in ("3个月", "12 月", "2年", "14天")] == ["P3M", "P1Y", "P2Y", "P2W"]
    assert [lens.write(v) for v in ("P1Y", "P3M", "P2W", "P1Y6M")] == ["1年", "3个月", "14天", "18个月"]
    for value in ("PT1H", "P1Y2D"):
        with pytest.raises(Unsayable):
            lens.write(value)
    for raw in ("0天", "1.5年", "03月", "月", "三月", "-1年"):
        with pytest.raises(Malformed):
            lens.read(raw)


def test_count_beside_unit():
    """usagePres and usagePresUnit."""
    lens = DurationParts(PERIODS)
    assert lens.read((12, "月")) == ("P1Y",) and lens.write(("P1Y",)) == ((1, "年"), ())
    assert lens.read((MISSING, MISSING)) == (None,) and lens.write((None,)) == ((MISSING, MISSING), ())
    for raws in ((3, MISSING), (MISSING, "月"), (0, "月"), ("3", "月"), (True, "月")):
        with pytest.raises(Malformed):
            lens.read(raws)


def periodic(count, period):
    """A periodic frequency."""
    return {"kind": "periodic", "count": count, "period": period}


@pytest.mark.parametrize(
    ("raw", "ours"),
    [
        ("2次/天", periodic(2, "P1D")), ("1次/小时", periodic(1, "PT1H")), ("1次/日", periodic(1, "P1D")),
        ("2次/年", periodic(1, "P6M")), ("4次/年", periodic(1, "P3M")), ("7次/周", periodic(1, "P1D")),
        ("2次/月", periodic(2, "P1M")), ("1次/季度", periodic(1, "P3M")), ("24次/天", periodic(24, "P1D")),
    ],
)  # fmt: skip
def test_rates(raw, ours):
    """n 次 per unit is a rate, reduced inside its family only (canonical schema 2.4)."""
    lens = Frequency("rate")
    assert lens.read(raw) == ours
    assert lens.read(lens.write(ours)) == ours


def test_rates_written():
    """The smallest unit in which the rate is whole."""
    lens = Frequency("rate")
    assert [lens.write(periodic(*p)) for p in ((2, "P1D"), (1, "P6M"), (1, "P3M"), (1, "P1W"))] == [
        "2次/日", "2次/年", "1次/季度", "1次/周",
    ]  # fmt: skip
    for value in (periodic(1, "P2D"), periodic(1, "P2Y"), {"kind": "irregular"}):
        with pytest.raises(Unsayable):
            lens.write(value)
    for raw in ("2次", "次/天", "2 次/天", "２次/天", "0次/天", "1.5次/天", "2次/世纪", "实时", 2, None):
        with pytest.raises(Malformed):
            lens.read(raw)


def table(unmapped="keep", **codes):
    """A frequency table of plain pairs."""
    return CodeTable("f", "update_frequency", tuple(Pair(o, ((r, None),)) for o, r in codes.items()), unmapped)


def test_repeating_intervals():
    """R/P1D is a form; R/PT1S is a code of a table (DCAT-US 1.1); beside one, fractions of a unit are parts of it."""
    codes = table(**{"continuous": "R/PT1S", "2/P1W": "R/P0.5W", "irregular": "irregular"})
    lens = Frequency("repeating", table=codes)
    assert lens.read("R/P1D") == periodic(1, "P1D") and lens.read("R/P1Y") == periodic(1, "P1Y")
    assert lens.read("R/PT1S") == {"kind": "continuous"} and lens.read("R/P0.5W") == periodic(2, "P1W")
    assert lens.write(periodic(1, "P3M")) == "R/P3M" and lens.write(periodic(2, "P1W")) == "R/P0.5W"
    assert lens.write(periodic(1, "PT1S")).becomes == {"kind": "continuous"}
    assert lens.read("R/P1.5M") == periodic(2, "P3M") and lens.write(periodic(2, "P3M")) == "R/P1.5M"
    assert lens.read("R/P0.33W") == periodic(3, "P1W") and lens.read("R/P0.25W") == periodic(4, "P1W")
    for raw in ("R/", "R5/P1D", "R/P1Y2D", "R/PT0S", "R/P0.07M"):
        with pytest.raises(Malformed):
            lens.read(raw)
    for raw in ("P1D", "R/P1.5M", "monthly"):  # without a table, by the form alone
        with pytest.raises(Malformed):
            Frequency("repeating").read(raw)
    with pytest.raises(Unsayable):
        lens.write(periodic(7, "P1M"))


def test_a_rate_is_not_an_interval():
    """value=2, DAY: twice a day or every two days, by the word of the mapping."""
    assert FrequencyParts("rate", PERIODS).read((2, "天")) == (periodic(2, "P1D"),)
    assert FrequencyParts("count_unit", PERIODS).read((2, "天")) == (periodic(1, "P2D"),)
    assert FrequencyParts("count_unit", PERIODS).write((periodic(1, "P2D"),)) == ((2, "天"), ())
    with pytest.raises(ValueError):
        FrequencyParts("iso", PERIODS)


def test_every_so_many():
    """每1月: once in one month; a code of the table goes first."""
    lens = Frequency("count_unit", (("月", "P1M"), ("周", "P1W")), prefix="每", table=table(**{"1/P1Y": "每年"}))
    assert lens.read("每1月") == periodic(1, "P1M") and lens.read("每2周") == periodic(1, "P2W")
    assert lens.read("每年") == periodic(1, "P1Y") and lens.write(periodic(1, "P1Y")) == "每年"
    assert lens.write(periodic(1, "P3M")) == "每3月"


def test_frequency_codes():
    """C2 codes: 1 不定时 … 9 其他; words that no code holds are kept as text where the table says so."""
    c2 = table(**{"irregular": "1", "continuous": "2", "1/P1D": "3", "1/P1W": "4", "1/P1M": "5", "1/P3M": "6",
                  "1/P6M": "7", "1/P1Y": "8", "other": "9"})  # fmt: skip
    lens = Codes(c2, "frequency")
    assert lens.read("7") == periodic(1, "P6M") and lens.read("1") == {"kind": "irregular"}
    assert lens.write(periodic(1, "P3M")) == "6" and lens.write({"kind": "other"}) == "9"
    words = Codes(table("label", **{"1/P1Y": "每年"}), "frequency", None, "zh")
    assert words.read("随时") == {"kind": "other", "text": {"zh": "随时"}}
    assert words.write({"kind": "other", "text": {"zh": "随时"}}) == "随时"
    assert words.write({"kind": "other", "text": {"fi": "joskus"}}).becomes == {
        "kind": "other",
        "text": {"zh": "joskus"},
    }


def test_frequency_tables_are_in_normal_form():
    """Twice a year is every half year: the table says it the one way."""
    with pytest.raises(ValueError, match="1/P6M"):
        Codes(table(**{"2/P1Y": "每半年"}), "frequency")
    with pytest.raises(ValueError):
        Codes(table(sometimes="x"), "frequency")
