"""RDF as it stands: literals, relative IRIs and collections of Turtle and RDF/XML arrive as they are written."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from metaharmon.files.rdftext import graph_of

XSD = "http://www.w3.org/2001/XMLSchema#"
HEAD = (
    f"@prefix xsd: <{XSD}> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix : <http://e.org/> . "
)
CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
TYPED = [
    ("0012", "integer"),
    (" +5", "integer"),
    ("1.10", "decimal"),
    (".5", "decimal"),
    ("1.0E3", "double"),
    ("INF", "double"),
    ("1", "boolean"),
    ("TRUE", "boolean"),
    ("2014-04-29T13:27:44.728450", "dateTime"),
    ("2014-04-29T24:00:00", "dateTime"),
    ("2014-04-29T13:27:44Z", "dateTimeStamp"),
    ("2014-04-29-00:00", "date"),
    ("2014-02-30", "date"),
    ("07:00:00+08:00", "time"),
    ("2014+08:00", "gYear"),
    ("--04-29", "gMonthDay"),
    ("P18M", "duration"),
    ("PT90S", "dayTimeDuration"),
    ("P18M", "yearMonthDuration"),
    ("0a0A", "hexBinary"),
    ("YQ ==", "base64Binary"),
    (" a  b ", "token"),
    ("zh_CN", "language"),
    ("http://e.org/ a", "anyURI"),
    ("256", "unsignedByte"),
]


def value(literal: str) -> Any:
    """The value that a literal of Turtle becomes."""
    (node,) = graph_of(f"{HEAD} :s :p {literal} .", "turtle")["@graph"]
    return node["http://e.org/p"][0]


@pytest.mark.parametrize(("text", "datatype"), TYPED)
def test_a_typed_literal_keeps_its_lexical_form(text: str, datatype: str) -> None:
    wanted = {"@value": text, "@type": XSD + datatype}
    assert value(f'"{text}"^^xsd:{datatype}') == wanted
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
        f'<rdf:Description rdf:about="http://e.org/s"><e:p rdf:datatype="{XSD}{datatype}">{text}</e:p>'
        "</rdf:Description></rdf:RDF>"
    )
    assert graph_of(xml, "rdfxml")["@graph"][0]["http://e.org/p"] == [wanted]


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("007", "integer"),
        ("-0", "integer"),
        ("+5", "integer"),
        ("0.00000001", "decimal"),
        ("-0.0", "decimal"),
        ("1E3", "double"),
        ("1.50e-3", "double"),
        ("true", "boolean"),
    ],
)
def test_a_bare_number_of_turtle_keeps_its_form(text: str, datatype: str) -> None:
    assert value(text) == {"@value": text, "@type": XSD + datatype}


@pytest.mark.parametrize("tag", ["zh-Hans", "EN-us", "de-CH-1996", "zh-hant-HK"])
def test_a_language_tag_is_as_written(tag: str) -> None:
    assert value(f'"a"@{tag}') == {"@value": "a", "@language": tag}


def test_a_tag_that_is_none_makes_no_file_unreadable() -> None:
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
        '<rdf:Description rdf:about="http://e.org/s" xml:lang="zh_CN"><e:p>a</e:p></rdf:Description></rdf:RDF>'
    )
    assert graph_of(xml, "rdfxml")["@graph"][0]["http://e.org/p"] == [{"@value": "a", "@language": "zh_CN"}]


def test_the_program_around_keeps_its_literals() -> None:
    """Nothing of the library is changed for others, before, while or after a file is read."""
    import rdflib
    from rdflib.plugins.parsers import notation3, rdfxml

    value('"01"^^xsd:integer')
    assert rdflib.NORMALIZE_LITERALS is True
    assert notation3.Literal is rdfxml.Literal is rdflib.Literal
    graph = rdflib.Graph().parse(data=f'{HEAD} :s :p "01"^^xsd:integer .', format="turtle")
    assert [str(one) for one in graph.objects()] == ["1"]


def test_relative_iris_stay_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    turtle = "@prefix : <#> . <ds1> :p <../x/y>, <>, <#a>, </z?q> . <http://e.org/a/../b?> :p <urn:x:Y> ."
    assert graph_of(turtle, "turtle")["@graph"] == [
        {"@id": "ds1", "#p": [{"@id": one} for one in ("", "#a", "../x/y", "/z?q")]},
        {"@id": "http://e.org/a/../b?", "#p": [{"@id": "urn:x:Y"}]},
    ]
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
        '<rdf:Description rdf:about="ds1"><e:p rdf:resource="../x"/></rdf:Description>'
        '<rdf:Description rdf:ID="ds2"/></rdf:RDF>'
    )
    assert graph_of(xml, "rdfxml")["@graph"] == [{"@id": "ds1", "http://e.org/p": [{"@id": "../x"}]}]


def test_the_base_of_a_file_is_used() -> None:
    turtle = "@base <http://b.org/x/> . <ds1> <p> <../y>, <#a> . @base <z/> . <ds2> <p> <ds1> ."
    assert graph_of(turtle, "turtle")["@graph"] == [
        {"@id": "http://b.org/x/ds1", "http://b.org/x/p": [{"@id": "http://b.org/x/#a"}, {"@id": "http://b.org/y"}]},
        {"@id": "http://b.org/x/z/ds2", "http://b.org/x/z/p": [{"@id": "http://b.org/x/z/ds1"}]},
    ]
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/"'
        ' xml:base="http://b.org/x/"><rdf:Description rdf:about="ds1"><e:p rdf:resource="../y"/></rdf:Description>'
        "</rdf:RDF>"
    )
    assert graph_of(xml, "rdfxml")["@graph"] == [
        {"@id": "http://b.org/x/ds1", "http://e.org/p": [{"@id": "http://b.org/y"}]}
    ]


def test_collections_become_lists() -> None:
    turtle = f'{HEAD} :s :p ("a" (:b [:q 1]) ), () .'
    node, blank = graph_of(turtle, "turtle")["@graph"]
    assert sorted(node["http://e.org/p"], key=lambda one: len(one["@list"])) == [
        {"@list": []},
        {"@list": [{"@value": "a"}, {"@list": [{"@id": "http://e.org/b"}, {"@id": "_:b0"}]}]},
    ]
    assert blank == {"@id": "_:b0", "http://e.org/q": [{"@value": "1", "@type": f"{XSD}integer"}]}


def test_what_is_no_proper_collection_stays_as_it_is() -> None:
    shared = f'{HEAD} :s :p _:l . :t :p _:l . _:l rdf:first "a" ; rdf:rest () .'
    assert "@list" not in str(graph_of(shared, "turtle"))
    more = f'{HEAD} :s :p _:l . _:l rdf:first "a" ; rdf:rest () ; :q "b" .'
    assert "@list" not in str(graph_of(more, "turtle"))


def test_equal_graphs_become_equal_documents() -> None:
    one = f'{HEAD} :s :p [ :q "2" ; :r [ :q "x" ] ], [ :q "1" ; :r [ :q "y" ] ] ; :t "a", "b" .'
    two = f'{HEAD} _:n :q "x" . :s :t "b", "a" . :s :p _:z, _:a . _:a :r _:n ; :q "2" . _:z :q "1" ; :r [ :q "y" ] .'
    assert graph_of(one, "turtle") == graph_of(two, "turtle")


def test_the_spellings_that_were_rewritten_are_not() -> None:
    """The 39 of `cases/faults/rdf.py`, as the escapes of Turtle mean them."""
    script = CASES / "faults" / "rdf.py"
    if not script.is_file():
        pytest.skip("the cases are not beside the project")
    listed = re.search(r"for l in (\[.*\]):", script.read_text("utf-8"))
    assert listed is not None
    literals = ast.literal_eval(listed[1])
    assert len(literals) == 39
    for literal in literals:
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"(?:@(.*))?', literal)
        found = value(literal)
        written = literal if quoted is None else quoted[1].replace("\\t", "\t")
        assert (found["@value"], found.get("@language")) == (written, quoted[2] if quoted else None), literal


ODD = """@prefix p: <http://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://e.org/a b> p:x <not an iri>, "2020-02-30"^^xsd:date, "x"^^xsd:hexBinary, "zz"^^<no iri>, "t"@no-such-xxxx ."""


@pytest.mark.parametrize("format", ["turtle", "rdfxml"])
def test_odd_terms_are_read_in_silence(
    format: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """The library prints no warning and no traceback: the terms arrive as they are written."""
    text = ODD if format == "turtle" else (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://e.org/">'
        '<rdf:Description rdf:about="http://e.org/a b"><p:x rdf:resource="http://e.org/{}"/>'
        '<p:x rdf:datatype="http://www.w3.org/2001/XMLSchema#date">2020-02-30</p:x></rdf:Description></rdf:RDF>'
    )  # fmt: skip
    (node,) = graph_of(text, format)["@graph"]
    assert node["@id"] == "http://e.org/a b" and len(node["http://e.org/x"]) == (5 if format == "turtle" else 2)
    assert caplog.records == [] and capsys.readouterr() == ("", "")
