"""The code lists: every file loads, is complete and holds what the documents say."""

from __future__ import annotations

import pickle

import pytest

from metaharmon import codelists
from metaharmon.model import shape
from metaharmon.model.nodes import Keyed, Scalar

NAMES = codelists.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_list_states_what_it_is(name):
    known = codelists.load(name)
    assert known.name == name
    assert known.title["zh"] and known.title["en"] and known.source
    assert known.codes or known.open is True
    for order, (code, entry) in enumerate(known.codes.items()):
        assert code and code == entry.code and entry.order == order == known.order(code)
        assert entry.zh and entry.en
        assert code in known and known.lists(code)


@pytest.mark.parametrize("name", NAMES)
def test_a_spelling_means_one_code(name):
    spelled = [text for entry in codelists.load(name).codes.values() for text in entry.spellings]
    assert len(spelled) == len(set(spelled))


def test_every_list_that_the_schema_names_ships():
    wanted = {node.codelist for _, node in shape.walk() if isinstance(node, (Scalar, Keyed)) and node.codelist}
    assert wanted and wanted <= set(NAMES)


def test_schemes_with_a_list_of_their_own():
    for name in ("classification_scheme", "quality_scheme", "place_scheme"):
        assert any(codelists.exists(scheme) for scheme in codelists.load(name).codes)


def test_codes_stay_text():
    assert "NO" in codelists.load("iso3166-1")
    assert "0101" in codelists.load("tc609-5-2025-04")
    assert 1 not in codelists.load("security.gbt43697_general")
    assert "1" in codelists.load("security.gbt43697_general")


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("gbt4754", ["A", "T", "A01", "A0111", "0111", "01"], ["U", "a", "A1", "A01111", "", "Ａ01", "A01\n"]),
        ("gbt2260", ["110000", "330104"], ["11", "1100000", "33010a"]),
        ("licence", ["CC-BY-4.0", "cc-by", "other"], ["CC-BY-9.0", "cc-by-4.0", "notspecified"]),
        ("update_frequency", ["1/P1Y", "2/P1D", "6/PT1H", "irregular"], ["periodic", "0/P1D", "1/P", "R/P1D"]),
        ("security.classification", ["anything"], [""]),
        ("iso4217", ["CNY", "XCG"], ["cny", "RMB"]),
        ("kind", ["compute"], ["COMPUTE", None]),
    ],
)
def test_what_a_list_admits(name, inside, outside):
    known = codelists.load(name)
    assert [code for code in inside if code not in known] == []
    assert [code for code in outside if code in known] == []


def test_sections_of_gbt4754_in_order():
    known = codelists.load("gbt4754").codes
    sections = {code: entry for code, entry in known.items() if len(code) == 1}
    assert "".join(sections) == "ABCDEFGHIJKLMNOPQRST"
    divisions = [code for code in known if len(code) == 3]
    assert [code[1:] for code in divisions] == [f"{number:02}" for number in range(1, 98)]
    assert list(known) == sorted(known)  # each below what it belongs to
    assert known["I65"].zh == "软件和信息技术服务业" and known["I6511"].zh == "基础软件开发"
    assert sections["L"].zh == "租赁和商务服务业" and sections["M"].zh == "科学研究和技术服务业"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("licence", "CC BY 4.0", "CC-BY-4.0"), ("licence", "gpl-2.0+", "GPL-2.0-or-later"),
        ("licence", "https://creativecommons.org/licenses/by/4.0/legalcode.es", "CC-BY-4.0"),
        ("licence", "https://creativecommons.org/licenses/by/3.0/br/", None), ("licence", "free", None),
        ("licence", "https://x.example/" + "/" * 10000, None),
        ("gbt4754", "教育", "P"), ("gbt4754", "6511", "I6511"), ("gbt4754", "C3911", "C3911"),
        ("gbt4754", "6598", None),
        ("gbt4754", "J65", None), ("format", ".ODS", "ods"), ("format", "excel", None),
    ],
)  # fmt: skip
def test_what_a_text_means(name, text, code):
    """By itself, a label, another spelling or an address; and nothing that is only like one."""
    assert codelists.load(name).find(text) == code


def test_every_licence_is_found_by_its_page():
    known = codelists.load("licence")
    assert len(known.codes) > 700
    for code, entry in known.codes.items():
        assert known.find(code) == code
        if not entry.own:
            assert known.find(f"https://spdx.org/licenses/{code}.html") == code
        assert known.address(code) is None or known.find(known.address(code)) == code


def test_sort_order_of_prices():
    assert list(codelists.load("price_basis").codes) == [
        "one_off", "per_use", "per_record", "per_volume", "subscription", "tiered", "auction", "revenue_share",
        "unstated",
    ]  # fmt: skip


def test_kinds_of_frequency_stand_in_the_short_forms():
    short, kinds = codelists.load("update_frequency"), codelists.load("frequency_kind")
    assert {code for code in short.codes if "/" not in code} == set(kinds.codes) - {"periodic"}
    for code in set(kinds.codes) - {"periodic"}:
        assert (short.codes[code].zh, short.codes[code].en) == (kinds.codes[code].zh, kinds.codes[code].en)


def test_local_lists_are_no_files():
    assert codelists.is_local("local:cn-guangzhou")
    assert not codelists.is_local("local:") and not codelists.is_local("localised")
    with pytest.raises(KeyError):
        codelists.load("local:cn-guangzhou")


def test_a_name_is_no_path():
    with pytest.raises(KeyError):
        codelists.load("../codelists/kind")


def test_lists_travel_between_processes():
    known = codelists.load("gbt4754")
    assert pickle.loads(pickle.dumps(known)) is known
