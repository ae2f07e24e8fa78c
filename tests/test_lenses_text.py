"""Texts, code tables, templates and lists: values written by hand."""

from decimal import Decimal

import pytest

from metaharmon.lenses.base import MISSING, FieldSpec, Malformed, Said, Unmapped, Unsayable
from metaharmon.lenses.codes import Codes, CodeTable, Pair
from metaharmon.lenses.dates import Date
from metaharmon.lenses.language_maps import LangMap
from metaharmon.lenses.numbers import Number
from metaharmon.lenses.raws import flat
from metaharmon.lenses.templates import KeyPattern, Template, TemplateForm
from metaharmon.lenses.text import LangText, OneLanguage, Text
from metaharmon.lenses.wrap import ListOf


def table(unmapped="keep", name="t", list_name="opening", **codes):
    """A table of plain pairs: ours = one or more raw codes."""
    made = tuple(
        Pair(o, tuple((r, None) for r in (raws if isinstance(raws, tuple) else (raws,)))) for o, raws in codes.items()
    )
    return CodeTable(name, list_name, made, unmapped)


def losses(said):
    """The losses as (kind, inside)."""
    return [(part.kind, part.inside) for part in flat(said)] if isinstance(said, Said) else []


@pytest.mark.parametrize("text", [" 　a ", "１２３", "ﬁ", "a\u0000b", "é", "e\u0301", "🌧", "\r\n", "<b>&amp;</b>"])
def test_text_is_byte_for_byte(text):
    """Never trimmed, never NFKC."""
    assert Text().read(text) == text and Text().write(text) == text


@pytest.mark.parametrize("raw", ["", "\ud800", "a\udfffb", True, None, [], {}, ["a"], Decimal("1.5"), 1.5])
def test_what_is_no_text(raw):
    """Lone surrogates, and JSON values of other types."""
    with pytest.raises(Malformed):
        Text().read(raw)


def test_integers_as_text():
    """Ids of 19 digits stay whole; only canonical digits go back as a JSON integer."""
    lens = Text("text", FieldSpec(("integer",)))
    assert lens.read(9007199254740993001) == "9007199254740993001" and Text().read(7) == "7"
    assert lens.write("9007199254740993001") == 9007199254740993001 and lens.write("-5") == -5 and lens.write("0") == 0
    for text in ("007", "+5", "5.0", "-0", " 5", "５", "1e3", "", "A1"):
        with pytest.raises(Unsayable):
            lens.write(text)
    assert Text("text", FieldSpec(("integer", "string"))).write("007") == "007"


def test_numbers_and_booleans_where_the_schema_says_so():
    """version: 1.10 as a JSON number keeps its digits."""
    lens = Text("text", FieldSpec(("number", "string")))
    assert lens.read(Decimal("1.5")) == "1.5" and lens.write("1.5") == Decimal("1.5")
    assert Text("text", FieldSpec(("boolean",))).read(True) == "true"


def test_lengths():
    """Longer than their field: refused, or cut and said."""
    with pytest.raises(Unsayable):
        Text("text", FieldSpec(("string",), 3)).write("abcd")
    said = Text("text", FieldSpec(("string",), 3), True).write("数据产品")
    assert (said.raw, said.kind, said.becomes) == ("数据产", "changed", "数据产")


def test_uris():
    """Text that is not an absolute IRI is malformed."""
    assert Text("uri").read("https://例子.example/路径?a=1") == "https://例子.example/路径?a=1"
    for raw in ("Ifes/PROAD", "www.example.org", "//example.org", "http:", "https://a b", "", 5):
        with pytest.raises(Malformed):
            Text("uri").read(raw)


def test_one_language():
    """title@zh is the plain text."""
    assert OneLanguage(tag="zh").read("标题") == "标题"


def test_langtext_writes_the_default():
    """The other languages are lost one by one; without the default, the whole becomes what is read."""
    lens = LangText("zh", ("fi",))
    assert lens.read("标题") == {"zh": "标题"} and lens.write({"zh": "标题"}) == "标题"
    said = lens.write({"zh": "标题", "en": "Title", "fr": "Titre"})
    assert said.raw == "标题" and losses(said) == [("omitted", ("en",)), ("omitted", ("fr",))]
    for value, text in (
        ({"en": "Title", "fi": "Otsikko"}, "Otsikko"),
        ({"en": "Title", "und": "T"}, "T"),
        ({"zh-Hant": "標題", "en": "Title"}, "Title"),
        ({"fr": "Titre", "de": "Titel"}, "Titel"),
    ):
        said = lens.write(value)
        assert (said.raw, said.kind, said.inside, said.becomes) == (text, "changed", (), {"zh": text})


def test_langmap():
    """Tags in BCP 47 case; one bad member makes the whole malformed."""
    assert LangMap().read({"zh-hant": "標題", "EN": "Title", "fr": ""}) == {"zh-Hant": "標題", "en": "Title"}
    for raw in (
        {"zh": 1},
        {"zh_Hant": "a"},
        {"zh": ["a"]},
        {},
        {"en": ""},
        {"en": "a", "EN": "b"},
        "a",
        ["a"],
        {"": "a"},
    ):
        with pytest.raises(Malformed):
            LangMap().read(raw)


def test_codes_match_by_type():
    """Text '1' is not the integer 1, and neither is true."""
    lens = Codes(table(a="1", b=1, c=True))
    assert [lens.read(r) for r in ("1", 1, True)] == ["a", "b", "c"] and lens.exact
    for raw in ("１", " 1", 1.0, Decimal("1.0"), False, None, [], "01"):
        with pytest.raises(Unmapped):
            lens.read(raw)
    with pytest.raises(Unsayable, match="the code table of the field has no code for 'd'"):
        lens.write("d")


def test_tables_that_cannot_be_inverted():
    """One of theirs twice; two of ours for one of theirs, unless the second is write_only."""
    for pairs in (
        (Pair("a", (("x", None),)), Pair("b", (("x", None),))),
        (Pair("a", (("x", None), ("x", None))),),
        (Pair("a", (("x", None),)), Pair("a", (("x", None),), "close")),
        (Pair("a", (("x", None),)), Pair("b", (("y", None),), write_only=True)),
    ):
        with pytest.raises(ValueError):
            CodeTable("t", "opening", pairs)
    merged = CodeTable("t", "opening", (Pair("a", (("x", None),)), Pair("b", (("x", None),), write_only=True)))
    said = Codes(merged).write("b")
    assert (said.raw, said.kind, said.becomes) == ("x", "changed", "a")
    assert Codes(merged).write("a") == "x"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Pair("", (("x", None),)), lambda: Pair("a", ()), lambda: Pair("a", ((None, None),)),
        lambda: Pair("a", (([], None),)), lambda: Pair("a", (("x", None),), "wider"), lambda: table("guess", a="x"),
        lambda: Codes(table(a="x"), "person"), lambda: Codes(table("label", a="x")),
        lambda: Codes(table("name", a="x"), "concept"), lambda: Codes(table("uri", a="x"), "frequency"),
        lambda: Codes(table(a="x"), "code", "2017"), lambda: Codes(table(a="x"), "code", None, "zh_Hans"),
        lambda: Codes(table(P12M="x"), "duration"), lambda: Text("number"), lambda: Text("uri", shorten=True),
        lambda: LangText("ZH"), lambda: OneLanguage(tag="_"), lambda: ListOf(Text(), "split"),
        lambda: ListOf(Text(), "list", ","), lambda: ListOf(Text(), "set"), lambda: ListOf(Text(), up=()),
        lambda: Template((), ()), lambda: KeyPattern("a-{x}", (("x", Text()), ("y", Text()))),
    ],
)  # fmt: skip
def test_bad_parameters(make):
    """One plain sentence when a lens is built."""
    with pytest.raises(ValueError) as caught:
        make()
    assert 10 < len(str(caught.value)) < 400


def test_relations_are_imprecise_both_ways():
    """athena 9 分钟级 is only close to every minute: reported, and the value comes back."""
    lens = Codes(CodeTable("f", "update_frequency", (Pair("1/PT1M", (("9", "分钟级"),), "close"),)), "frequency")
    said = lens.write({"kind": "periodic", "count": 1, "period": "PT1M"})
    assert (said.raw, said.kind) == ("9", "imprecise") and lens.stretched("9") and lens.stretched("8") is None
    assert lens.table.labels() == (("9", "分钟级"),)


def test_concepts():
    """Industry I of GB/T 4754: code, unknown text, other lists, members beside the code."""
    lens = Codes(table("label", "industry", "gbt4754", I="信息传输"), "concept", "2017", "zh")
    known = {"scheme": "gbt4754", "edition": "2017", "code": "I"}
    assert lens.read("信息传输") == known and lens.write(known) == "信息传输"
    assert lens.read("气象") == {"scheme": "gbt4754", "label": {"zh": "气象"}}
    said = lens.write({**known, "label": {"zh": "信息"}, "uri": "https://example.org/I"})
    assert said.raw == "信息传输" and losses(said) == [("omitted", ("label",)), ("omitted", ("uri",))]
    said = lens.write({"scheme": "gbt4754", "code": "I"})
    assert losses(said) == [("added", ("edition",))] and said.becomes == "2017"
    for value in ({**known, "scheme": "nace"}, {**known, "edition": "2011"}, {**known, "code": "J"}):
        with pytest.raises(Unsayable):
            lens.write(value)
    assert lens.write({"scheme": "gbt4754", "label": {"zh": "信息传输"}}).becomes == known


def test_licences_and_places():
    """A known licence keeps its id only; an unknown one its address; a place without a code its label only."""
    licence = Codes(table("uri", "lic", "licence", **{"CC-BY-4.0": "cc-by-4"}), "licence")
    assert licence.read("cc-by-4") == {"id": "CC-BY-4.0"}
    assert licence.read("https://example.org/own") == {"uri": "https://example.org/own"}
    with pytest.raises(Unmapped):
        licence.read("own licence")
    assert losses(licence.write({"uri": "https://example.org/own", "name": {"en": "Own"}})) == [("omitted", ("name",))]
    place = Codes(table("label", "place", "gbt2260", **{"320000": "江苏省"}), "place", None, "zh")
    assert place.read("江苏省") == {"scheme": "gbt2260", "code": "320000"}
    assert place.read("长三角") == {"label": {"zh": "长三角"}} and place.write({"label": {"zh": "长三角"}}) == "长三角"
    with pytest.raises(Unsayable):
        place.write({"scheme": "nuts", "code": "DE"})


DAYS = Date(("YYYY-MM-DD", "YYYY"))
INTERVAL = Template(
    (TemplateForm("{start} 至 {end}"), TemplateForm("{start} 至今", (("open_end", True),)), TemplateForm("{start}")),
    (("start", DAYS), ("end", DAYS)),
)


def test_template_intervals():
    """A 至 B, A 至今, A: the first form whose parts are all and only what is there."""
    assert INTERVAL.names == ("start", "end", "open_end")
    assert INTERVAL.read(("2020 至 2025-01-31",)) == ("2020", "2025-01-31", None)
    assert INTERVAL.read(("2020-01-01 至今",)) == ("2020-01-01", None, True)
    assert INTERVAL.write(("2020", "2025", None)) == (("2020 至 2025",), ())
    assert INTERVAL.write(("2020", None, True)) == (("2020 至今",), ())
    assert INTERVAL.write(("2020", None, None)) == (("2020",), ())
    assert INTERVAL.write((None, None, None)) == ((MISSING,), ())
    for values in ((None, "2025", None), ("2020", "2025", True), ("2020", None, False)):
        with pytest.raises(Unsayable):
            INTERVAL.write(values)
    for raw in (
        "2020至2025",
        "2020 至 ",
        " 至 2025",
        "2020 至 2025 ",
        "2020 至 2025 至 2026",
        "近三年",
        2020,
        "2020-02-30",
    ):
        with pytest.raises(Malformed):
            INTERVAL.read((raw,))
    raws, lost = INTERVAL.write(("2020-04", None, None))
    assert raws == ("2020",) and [(slot, said.becomes) for slot, said in lost] == [(0, "2020")]


def test_template_parts_keep_to_their_alphabets():
    """A part takes only what its lens may have, whatever the order of the forms: 18,2 is no length."""
    number = Number("integer", text=True)
    parts = tuple((name, number) for name in ("precision", "scale", "length"))
    forms = (TemplateForm("{precision},{scale}"), TemplateForm("{length}"))
    for order in (forms, forms[::-1]):
        lens = Template(order, parts)
        for raw, said in (("18,2", {"precision": 18, "scale": 2}), ("12", {"length": 12})):
            assert {n: v for n, v in zip(lens.names, lens.read((raw,)), strict=True) if v is not None} == said
        for raw in ("18,2,1", "18，2", "1.5", ""):
            with pytest.raises(Malformed):
                lens.read((raw,))
    until_now = TemplateForm("{start} ~ 至今", (("open_end", True),))
    span = TemplateForm("{start} ~ {end}")
    for order in ((span, until_now), (until_now, span)):
        lens = Template(order, (("start", DAYS), ("end", DAYS)))
        found = dict(zip(lens.names, lens.read(("2020 ~ 至今",)), strict=True))
        assert found == {"start": "2020", "end": None, "open_end": True}
        assert lens.read(("2020 ~ 2021-02-03",))[:2] == ("2020", "2021-02-03")


def test_a_marked_number_in_a_template():
    """The marks of a quantity are among its characters."""
    lens = Template((TemplateForm("共{value}条"),), (("value", Number("quantity", text=True)),))
    assert lens.read(("共约1000条",)) == ({"value": "1000", "bound": "about"},)


def test_template_mailto():
    """Free text may hold anything but what would end it."""
    lens = Template((TemplateForm("mailto:{email}"),), (("email", Text()),))
    assert lens.read(("mailto:a@example.org",)) == ("a@example.org",)
    assert lens.write(("a@example.org",)) == (("mailto:a@example.org",), ())
    named = Template((TemplateForm("{name}（{code}）"),), (("name", Text()), ("code", Codes(table(a="01")))))
    assert named.read(("甲公司（01）",)) == ("甲公司", "a")
    with pytest.raises(Unsayable):
        named.write(("甲（北京）公司", "a"))


@pytest.mark.parametrize(
    ("forms", "parts"),
    [
        (("{a}{b}",), {"a": DAYS, "b": DAYS}), (("{a}-{b}",), {"a": DAYS, "b": DAYS}), (("{a} {a}",), {"a": DAYS}),
        (("{a}, {b}",), {"a": Text(), "b": Text()}), (("{a}",), {}), (("a}",), {}), (("{a",), {"a": DAYS}),
         (("x",), {}),
        (("{a}",), {"a": DAYS, "b": DAYS}), (("{a}", "{t}"), {"a": DAYS, "t": Text()}),
        (("{a}x", "{b}x"), {"a": DAYS, "b": Number(text=True)}), (("mailto:{t}", "{u}"), {"t": Text(), "u": Text()}),
    ],
)  # fmt: skip
def test_forms_that_cannot_be_told_apart(forms, parts):
    """Neighbours without a literal outside both, free text twice, forms that some text could both have."""
    with pytest.raises(ValueError):
        Template(tuple(map(TemplateForm, forms)), tuple(parts.items()))


def test_key_patterns():
    """data-{v}-structure-{s} of meta.csv: dates hold hyphens, the literal between holds letters."""
    dates = Date(("YYYY-MM-DD", "YYYYMMDD", "DDMMYYYY"))
    data = KeyPattern("data-{v}-structure-{s}", (("v", dates), ("s", dates)))
    structure = KeyPattern("structure-{s}", (("s", dates),))
    assert data.read("data-20160229-structure-2016-01-01") == {"v": "2016-02-29", "s": "2016-01-01"}
    assert data.write({"v": "2016-02-29", "s": "2016-01-01"}) == ("data-2016-02-29-structure-2016-01-01", ())
    assert data.match("structure-20160101") is None and not data.meets(structure) and data.meets(data)
    for key in ("data-x-structure-20160101", "data-20160229", "data--structure-20160101"):
        with pytest.raises(Malformed):
            data.read(key)


def test_split_lists():
    """Blanks around elements are spelling; an element that would not come back alone is omitted."""
    lens = ListOf(Text(), "split", ",", nulls=("--",))
    assert lens.read("气象, 降水 ,,--,风") == ["气象", "降水", "风"]
    assert lens.write(["气象", "降水"]) == "气象,降水"
    said = lens.write(["a,b", "c", " d", "--", "e"])
    assert said.raw == "c,e" and losses(said) == [("omitted", (0,)), ("omitted", (2,)), ("omitted", (3,))]
    with pytest.raises(Unsayable):
        lens.write(["a,b"])
    long = ListOf(Text(), "split", ";;")
    assert losses(long.write(["a;", "b"])) == [("omitted", (0,))] and long.read("a;;b") == ["a", "b"]


def test_scenario_codes_split():
    """YYCJ `5;24` of Guangzhou."""
    lens = ListOf(Codes(table(security="5", weather="24"), "concept"), "split", ";")
    assert [c["code"] for c in lens.read("5;24")] == ["security", "weather"]
    elements = lens.read_elements("5;77;")
    assert [(raw, value is not None, type(problem)) for raw, value, problem in elements] == [
        ("5", True, type(None)), ("77", False, Unmapped), ("", False, type(None)),
    ]  # fmt: skip


def test_one_or_list():
    """A scalar when there is one."""
    lens = ListOf(Text(), "one_or_list")
    assert lens.read("甲") == ["甲"] and lens.read(["甲", "乙"]) == ["甲", "乙"] and lens.read(["甲"]) == ["甲"]
    assert lens.write(["甲"]) == "甲" and lens.write(["甲", "乙"]) == ["甲", "乙"]
    assert lens.merge(["甲"], ["乙"]) == ["乙"] and lens.merge("甲", ["甲", "乙"]) == ["甲", "乙"]
    with pytest.raises(Malformed):
        ListOf(Text()).read("甲")


def test_merge_keeps_what_is_untouched():
    """Spelling of untouched elements, unread elements in place, new ones at the end."""
    lens = ListOf(Codes(table(a=("A", "a"), b="B", c="C")), "split", ",")
    assert lens.merge("a, ?,B", ["a", "b", "c"]) == "a, ?,B,C"
    assert lens.merge("a, ?,B", ["b"]) == " ?,B"
    assert lens.merge("a, ?,B", ["b", "a"]) == "a, ?,B" and lens.merge("a, ?,B", ["b", "a"], ordered=True) == "B, ?,a"
    assert lens.merge("a,B,A", ["a", "b"]) == "a,B" and lens.merge("a,B", ["a", "a", "b"]) == "a,B,A"
    assert lens.merge("a,?", []) == "?"
    with pytest.raises(Unsayable):
        lens.merge("a", [])


def test_entries_by_their_natural_member():
    """identifiers from a list of texts: the other members of an entry are lost."""
    lens = ListOf(Text(), "list", up=("value",))
    assert lens.read(["1", "2"]) == [{"value": "1"}, {"value": "2"}]
    said = lens.write([{"value": "1", "assigner": "x"}, {"assigner": "y"}])
    assert said.raw == ["1"] and sorted(losses(said)) == [("omitted", (0, "assigner")), ("omitted", (1,))]


def test_langlists():
    """keywords: the list of one language; those of others are lost."""
    lens = ListOf(Text(), "split", ",", "zh")
    assert lens.read_tagged("气象,风") == {"zh": ["气象", "风"]}
    said = lens.write_tagged({"zh": ["气象", "a,b"], "en": ["weather"]})
    assert said.raw == "气象" and sorted(losses(said)) == [("omitted", ("en",)), ("omitted", ("zh", 1))]
    with pytest.raises(Unsayable):
        lens.write_tagged({"en": ["weather"]})
