"""Containers: `close(open(x)) == x` with the frame, and what is no such container is left alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import metaharmon as mh
from metaharmon import interpreter
from metaharmon.containers import (
    Adjoined,
    Alone,
    Bare,
    ByKey,
    ByLanguage,
    Chained,
    Csv,
    First,
    Flagged,
    Json,
    Lines,
    Merged,
    Named,
    Numbers,
    OneOrList,
    Pairs,
    Printed,
    PythonLiteral,
    Row,
    Rows,
    Short,
    Sole,
    Unfolded,
    Values,
    Zipped,
)
from metaharmon.model.normal import same

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)
LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def returns(container: object, raw: object) -> bool:
    """Whether a raw value comes back from its tree and frame."""
    opened = container.open(raw)  # type: ignore[attr-defined]
    return opened is None or same(container.close(*opened), raw)  # type: ignore[attr-defined]


@given(LITERALS)
def test_python_literals_return(value: object) -> None:
    tree, frame = PythonLiteral().open(repr(value))  # type: ignore[misc]
    assert tree == value and frame in (None, repr(value))
    assert returns(PythonLiteral(), f" {value!r} ") and returns(PythonLiteral(), repr(value).replace("'", '"'))


@given(st.text(max_size=60))
def test_any_text_returns(text: str) -> None:
    for container in (PythonLiteral(), Json(), Csv(), Csv("properties")):
        assert returns(container, text)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "1+1", "{1, 2}", "b'x'", "f()", "[" * 3000, "(", "1.5j", "{1: 2}"]
)
def test_what_is_no_literal_is_left_alone(text: str) -> None:
    assert PythonLiteral().open(text) is None


def test_the_older_spelling_stands_while_it_says_the_same() -> None:
    text = '["xls",  "json"]'
    tree, frame = PythonLiteral().open(text)  # type: ignore[misc]
    assert (tree, frame) == (["xls", "json"], text)
    assert PythonLiteral().close(["xls", "json"], frame) == text
    assert PythonLiteral().close(["xls"], frame) == "['xls']"


def test_python_literals_keep_their_digits() -> None:
    text = "{'TradePrice': 15750.0, 'DiscountPrice': -0.10, 'Coupons': {'Coupon': []}}"
    tree, frame = PythonLiteral().open(text)  # type: ignore[misc]
    expected = {"TradePrice": Decimal("15750.0"), "DiscountPrice": Decimal("-0.10"), "Coupons": {"Coupon": []}}
    assert same(tree, expected) and frame == text
    assert PythonLiteral().close(tree, None) == text


@pytest.mark.parametrize("text", ["{'b': 1, 'a': 2}", "[{'b': 1, 'a': 2}]"])
def test_members_keep_their_order(text: str) -> None:
    """The tree comes back with its members in another order; the text stands while it says the same."""
    _, frame = PythonLiteral().open(text)  # type: ignore[misc]
    turned: object = {"a": 2, "b": 1}
    assert PythonLiteral().close([turned] if text[0] == "[" else turned, frame) == text


def test_json_keeps_its_digits() -> None:
    tree, frame = Json().open('{"a": 1.10}')  # type: ignore[misc]
    assert same(tree, {"a": Decimal("1.10")})
    assert Json().close(tree, frame) == '{"a": 1.10}'


def test_pairs_by_key_loosely() -> None:
    extras = [
        {"key": "Periodicidade\u00a0", "value": "Anual"},
        {"key": "x", "value": "1"},
        {"key": "x", "value": "2"},
        {"key": "y"},
    ]
    container = Pairs(loose=True, known=("Periodicidade",))
    tree, frame = container.open(extras)  # type: ignore[misc]
    assert tree == {"Periodicidade": "Anual", "x": "1"}
    assert container.close(tree, frame) == extras
    assert container.close({"Periodicidade": "Mensal", "x": "1"}, frame)[0] == {
        "key": "Periodicidade\u00a0",
        "value": "Mensal",
    }


def test_a_list_by_the_value_of_a_member() -> None:
    dimensions = [{"dimension": "uptime", "objective": 99}, {"dimension": "other"}, 5]
    container = ByKey("dimension", ("uptime",))
    tree, frame = container.open(dimensions)  # type: ignore[misc]
    assert tree == {"uptime": {"objective": 99}}
    assert container.close(tree, frame) == dimensions
    assert container.close({}, frame) == [{"dimension": "other"}, 5]


def test_properties_of_a_table() -> None:
    text = "property,value\r\ntitle,Леса\r\nsubject,a\r\nsubject,b\r\n"
    assert Csv("properties").open(text) == ({"title": "Леса", "subject": ["a", "b"]}, text)  # rows have an order
    assert Csv("properties").open("a,b\r\n1,2\r\n") is None
    assert Csv("records").open("a,b\r\n1,2\r\n") == ([{"a": "1", "b": "2"}], "a,b\r\n1,2\r\n")  # and columns
    assert Csv("records").open("a\r\n1\r\n") == ([{"a": "1"}], None)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(("", "a", "en", "x y")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("kind", "lang", "text", "name", "a")), inner, max_size=3)
    ),
    max_leaves=8,
)
SEEN = (
    ByKey("kind", ("", "a")),
    ByKey("kind", ("", "a"), "lang", "en"),
    ByKey(None, (), "lang", "en"),
    ByKey("a.kind", ("a",)),
    First("first"),
    Rows((("name",), ("name", "a"))),
    Bare("name"),
    Values("name"),
    OneOrList(),
    Chained(OneOrList(), Values("name")),
    Chained(Chained(OneOrList(), Bare("name")), First("first")),
)


@given(JSONS)
def test_whatever_is_seen_in_another_shape_returns(value: object) -> None:
    for container in SEEN:
        assert returns(container, value), container


def test_rows_by_name() -> None:
    container = Rows((("west", "east"), ("west", "east", "high")))
    assert container.open([[1, 2], [3, 4, 5], [6]]) == (
        [{"west": 1, "east": 2}, {"west": 3, "east": 4, "high": 5}, [6]],
        None,
    )
    assert container.close([{"east": 2}, {"west": 3, "high": 5}], None) == [[None, 2], [3, None, 5]]
    assert container.open([{"west": 1}]) is None


def test_entries_by_kind_and_language() -> None:
    container = ByKey("kind", ("", "short"), "lang", "en")
    titles = [{"text": "T"}, {"text": "F", "lang": "fr"}, {"kind": "short", "text": "S"}, {"kind": "x"}, {"text": "2"}]
    tree, frame = container.open(titles)  # type: ignore[misc]
    assert tree == {"": {"en": {"text": "T"}, "fr": {"text": "F"}}, "short": {"en": {"text": "S"}}}
    assert container.close(tree, frame) == titles
    assert container.close({"": {"de": {"text": "N"}, "en": {"text": "T"}}}, None) == [
        {"lang": "de", "text": "N"},
        {"text": "T"},
    ]


def test_bare_values_are_objects() -> None:
    tree, frame = Bare("name").open(["a", {"name": "b"}, {"name": "c", "id": 1}])  # type: ignore[misc]
    assert tree == [{"name": "a"}, {"name": "b"}, {"name": "c", "id": 1}]
    assert Bare("name").close([{"name": "a"}, {"name": "new"}], frame) == ["a", {"name": "new"}]
    assert Bare("name").open(["a", {"name": "a"}]) is None


def test_the_first_entry_takes_the_others_with_it() -> None:
    tree, frame = First("first").open(["a", "b"])  # type: ignore[misc]
    assert tree == {"first": "a"} and First("first").close({"first": "c"}, frame) == ["c", "b"]
    assert First("first").close({}, frame) == []


SHAPES = (OneOrList(), OneOrList(short=False), Chained(OneOrList(), Short("name", True)), Short("name", True),
          Merged(), Chained(Merged(), Short("name")), Alone("name"),
          Sole(), Named("x"), Chained(Sole(), Short("name")), Short("name"), Lines(), Printed(), Row((("a", "b"),)),
          Numbers((("x", "y"),), ","),
          Flagged(("x", "a"), "name", "und"), Flagged(("a",), "name", "x", "und", "en", True),
          ByLanguage(("name",)), ByLanguage(("name",), True))  # fmt: skip
SHAPED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", "b", "a\nb"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "x", "und", "en", "name_en", "name_fr"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(SHAPED)
def test_any_shape_returns(raw: object) -> None:
    for container in SHAPES:
        assert returns(container, raw), container


@given(SHAPED)
def test_a_tree_of_a_shape_is_opened_again(tree: object) -> None:
    for container in SHAPES:
        opened = container.open(tree)
        if opened is not None:
            again = container.open(container.close(opened[0], None))
            assert again is not None and same(again[0], opened[0]), container


def test_shorter_shapes_are_written() -> None:
    contacts = OneOrList()
    assert contacts.open({"fn": "A"}) == ([{"fn": "A"}], None)
    assert contacts.close([{"fn": "A"}], None) == {"fn": "A"}
    assert contacts.close([{"fn": "A"}, {"fn": "B"}], None) == [{"fn": "A"}, {"fn": "B"}]
    words = Short("label", True)
    tree, frame = words.open(["a", {"label": "b"}, {"label": "c", "id": 1}])  # type: ignore[misc]
    assert tree == [{"label": "a"}, {"label": "b"}, {"label": "c", "id": 1}] and frame == ["b"]
    assert words.close([{"label": "new"}, *tree], frame) == ["new", "a", {"label": "b"}, {"label": "c", "id": 1}]
    assert Sole().open([{"a": 1}]) == ({"a": 1}, None)
    assert Sole().open([1, 2]) is None
    assert Named("x").open({"a": {"b": 1}}) == ({"b": 1}, "a")
    assert Named("x").open({"a": {"b": 1}, "c": {}}) is None
    assert Named("x").close({"b": 2}, "a") == {"a": {"b": 2}}
    assert Named("x").close({"b": 2}, None) == {"x": {"b": 2}}


def test_numbers_in_a_text_have_names() -> None:
    point = Numbers((("x", "y"), ("x", "y", "z")), ",")
    assert point.open("-75,45,400") == ({"x": -75, "y": 45, "z": 400}, None)
    tree, frame = point.open("-75, 45")  # type: ignore[misc]
    assert tree == {"x": -75, "y": 45} and frame == "-75, 45" and point.close(tree, frame) == frame
    assert point.close({"x": 1, "y": 2}, frame) == "1,2" and point.close({"x": 1}, None) == {"x": 1}
    assert point.close(*point.open({"x": 1, "y": 2})) == {"x": 1, "y": 2}  # type: ignore[misc]
    assert [point.open(raw) for raw in ("", "1", "1,b", "1,2,3,4", {}, [1, 2])] == [None] * 6


def test_an_only_entry_without_its_list_is_written_in_one() -> None:
    lists = OneOrList(short=False)
    assert lists.open({"a": 1}) == ([{"a": 1}], "alone") and lists.close([{"a": 2}], "alone") == {"a": 2}
    assert lists.open([{"a": 1}]) == ([{"a": 1}], None) and lists.close([{"a": 2}], None) == [{"a": 2}]
    datacite = mh.load("datacite-4")
    record = {"titles": {"title": "T"}, "dates": {"date": "2026", "dateType": "Issued"}, "creators": {"name": "A"}}
    product = datacite.read(record)
    assert product.tree()["dates"] == {"published": "2026"} and datacite.write(product) == record
    assert datacite.write(product.tree())["titles"] == [{"title": "T"}]


def test_lines_are_a_list_of_texts() -> None:
    assert Lines().open(["a", "b"]) == ("a\nb", None)
    tree, frame = Lines().open(["a\nb", "c"])  # type: ignore[misc]
    assert Lines().close(tree, frame) == ["a\nb", "c"]
    assert Lines().close("d", frame) == ["d"]
    assert Lines().open("a") is None


def test_flags_of_members_are_a_list() -> None:
    keys = Flagged(("key", "primary"), "fields", "key")
    raw = {"fields": {"b": {"x": 1, "primary": True}, "a": {"key": True, "x": 2}, "c": {"key": False}}}
    tree, frame = keys.open(raw)  # type: ignore[misc]
    assert tree == {"fields": {"b": {"x": 1}, "a": {"x": 2}, "c": {"key": False}}, "key": ["b", "a"]}
    assert keys.close(tree, frame) == raw and keys.close(tree, None) == tree
    assert keys.close({**tree, "key": ["a"]}, frame)["fields"]["b"] == {"x": 1}
    for other in (["a", "b"], ["a", "a"], ["z"], []):
        assert keys.close({**tree, "key": other}, frame) == {**tree, "key": other}
    columns = Flagged(("key",), "cols", "key", "name", "place", True)
    raw = {"cols": [{"name": "a", "key": True, "place": 2}, {"name": "b", "key": True, "place": 1},
                    {"name": "c", "key": False, "place": -1}, {"name": "d"}]}  # fmt: skip
    tree, frame = columns.open(raw)  # type: ignore[misc]
    assert tree == {"cols": [{"name": n} for n in "abcd"], "key": ["b", "a"]} and columns.close(tree, frame) == raw
    assert columns.close(tree, None)["cols"][:2] == raw["cols"][:2]
    assert columns.close({**tree, "key": ["c"]}, frame)["cols"][2] == {"name": "c", "key": True}
    assert columns.unsaid({**tree, "key": ["z"]}) == ("key",) and columns.unsaid({**tree, "key": ["d", "c"]}) == ()
    for unclear in (2, 1.5, -1, None):
        raw["cols"][1] = {"name": "b", "key": True, "place": unclear}
        assert columns.open(raw) == (raw, None)
    for same_ in ({"key": [], **raw}, {"fields": {"a": {"key": True}}}, {"fields": {"a": {"key": "yes", "x": 1}}}):
        assert keys.open(same_) == (same_, None)


def test_a_tree_is_printed_where_a_text_may_stand() -> None:
    tree, frame = Printed().open({"a": [1, "x"]})  # type: ignore[misc]
    assert tree == '{"a":[1,"x"]}' and Printed().close(tree, frame) == {"a": [1, "x"]}
    assert Printed().close('{"a": 2}', frame) == '{"a": 2}' and Printed().close("b", frame) == "b"
    assert Printed().close('{"a":2}', frame) == {"a": 2}
    assert Printed().open('{"a":2}') == ('{"a":2}', None) and Printed().open({}) == ({}, None)


def test_texts_in_several_languages() -> None:
    texts = ByLanguage(("title",))
    assert texts.open({"title": "a", "id": 1}) == ({"title": {"und": "a"}, "id": 1}, None)
    assert texts.open({"title": {"en": "a"}}) == ({"title": {"en": "a"}}, None)
    assert texts.open({"title_en": "a", "title_type": "x"}) == (
        {"title": {"en": "a"}, "title_type": "x"},
        {"title": "suffix"},
    )
    assert texts.close({"title": {"en": "b", "fr": "c"}}, {"title": "suffix"}) == {"title_en": "b", "title_fr": "c"}
    assert texts.close({"title": {"und": "b"}}, None) == {"title": "b"}
    inside = ByLanguage(("title",), True)
    assert inside.open({"x": {"title": "a"}, "y": 7}) == ({"x": {"title": {"und": "a"}}, "y": 7}, None)


def test_a_list_of_a_fixed_length() -> None:
    box = Row((("west", "south", "east", "north"),))
    assert box.open([1, 2, 3, 4]) == ({"west": 1, "south": 2, "east": 3, "north": 4}, None)
    assert box.open([1, 2, 3]) is None
    assert box.close({"west": 1, "east": 3}, None) == [1, None, 3, None]


def test_lists_beside_each_other() -> None:
    columns = Zipped(("name", "type"), "columns")
    assert columns.open({"name": ["a", "b"], "type": ["x", "y"], "id": 1}) == (
        {"id": 1, "columns": [{"name": "a", "type": "x"}, {"name": "b", "type": "y"}]},
        None,
    )
    assert columns.open({"name": ["a"], "type": []}) == ({"type": [], "columns": [{"name": "a"}]}, ["name"])
    assert columns.open({"name": []}) == ({"name": []}, None)
    tree, frame = columns.open({"name": ["a"]})  # type: ignore[misc]
    assert columns.close(tree, frame) == {"name": ["a"]}
    assert columns.close({"columns": [{"name": "a"}, {"type": "y"}]}, None) == {"name": ["a", ""], "type": ["", "y"]}


def test_lists_of_another_length_stay_where_they_change_nothing() -> None:
    columns = Zipped(("name", "type"), "columns")
    for raw, tree, gone in (
        ({"name": ["a", "b"], "type": ["x"]}, {"columns": [{"name": "a"}, {"name": "b"}], "type": ["x"]}, []),
        ({"type": ["x"]}, {"type": ["x"]}, [("type",)]),  # it would be the first of the lists now
        ({"name": ["c"], "type": ["x"]}, {"columns": [{"name": "c"}], "type": ["x"]}, [("type",)]),
        ({"name": "no list", "type": ["x"]}, {"name": "no list", "columns": [{"type": "x"}]}, [("name",)]),
    ):
        tree = {key: raw.get(key, value) for key, value in tree.items()}
        assert columns.newly(raw, None, tree) == gone


LISTS = (
    st.lists(TEXTS, max_size=3) | TEXTS | st.lists(st.dictionaries(st.sampled_from(["name", "x"]), TEXTS), max_size=2)
)


@given(st.dictionaries(st.sampled_from(["name", "type", "x", "columns"]), LISTS, max_size=4))
def test_any_lists_beside_each_other_return(raw: object) -> None:
    for split in (None, ";"):
        assert returns(Zipped(("name", "type"), "columns", split), raw)


def test_texts_beside_each_other() -> None:
    files = Zipped(("url", "format", "encoding"), "files", ";")
    tree, frame = files.open({"url": "a;b", "format": "CSV;JSON", "encoding": "UTF-8"})  # type: ignore[misc]
    assert tree == {"encoding": "UTF-8", "files": [{"url": "a", "format": "CSV"}, {"url": "b", "format": "JSON"}]}
    assert files.close(tree, frame) == {"url": "a;b", "format": "CSV;JSON", "encoding": "UTF-8"}
    assert files.close({"files": [{"url": "a;b"}]}, None) == {"files": [{"url": "a;b"}]}
    assert files.close({"files": [{"format": "CSV"}]}, ["url", "format"]) == {"format": "CSV"}  # '' is no list of one


def test_leaves_of_unfolded_lists_count_where_they_stand() -> None:
    """Each once: the members of an outer object with its entries; what no entry of ours was made of is kept."""
    plan = mh.load(Path(__file__).parent.parent / "conformance" / "mappings" / "unfolded.yaml").plan
    offer = {"id": "a", "note": [1, 2], "may": [{"do": "fly"}, {"do": "use"}], "must": [{"do": "erase"}]}
    record = {"title": "x", "offers": [offer]}
    fates = interpreter.read(plan, record, explain=True).fates
    assert {(fate.path, fate.fate, fate.count) for fate in fates} == {
        ("title", "exact", 1),
        ("offers.0.id", "exact", 1),
        ("offers.0.note", "kept", 2),
        ("offers.0.may.0.do", "kept", 1),
        ("offers.0.may.1.do", "exact", 1),
        ("offers.0.must.0.do", "exact", 1),
    }


RULES = st.dictionaries(st.sampled_from(("do", "x")), st.sampled_from(("a", "b", 1)), max_size=2) | st.just("s")
OFFERS = st.lists(
    st.fixed_dictionaries(
        {}, optional={"id": st.sampled_from("ab"), "may": st.lists(RULES, max_size=3) | RULES, "must": st.lists(RULES)}
    )
    | st.just("t"),
    max_size=4,
)


@given(OFFERS)
def test_unfolded_lists_return(raw: object) -> None:
    assert returns(Unfolded(("may", "must"), "rule", "list", "do"), raw)


# --- fields beside a list that tell of one of its entries -------------------------------------------------------------

LICENCES = Adjoined("license", "code", "other", (("license_name", "name"), ("license_link", "uri")))
WORDS_THERE = st.sampled_from(["mit", "other", "", None, 7, {"code": "mit"}, ["mit"]])


FIELDS = {"license": WORDS_THERE | st.lists(WORDS_THERE, max_size=3), "license_name": WORDS_THERE, "title": TEXTS}


@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_fields_beside_a_list_return(raw: object) -> None:
    assert returns(LICENCES, raw)


def test_fields_beside_a_list_tell_of_one_entry() -> None:
    tree, frame = LICENCES.open({"license": ["mit", "other"], "license_name": "X", "title": "T"})  # type: ignore[misc]
    assert tree == {"title": "T", "license": [{"code": "mit"}, {"code": "other", "name": "X"}]} and frame is None
    assert LICENCES.place(("license", 1, "name"), None, {"license": ["mit", "other"]}) == ("license_name",)
    assert LICENCES.place(("license", 0, "code"), None, {"license": ["mit", "other"]}) == ("license", 0)
    assert LICENCES.place(("license", 0, "code"), None, {"license": "mit"}) == ("license",)
