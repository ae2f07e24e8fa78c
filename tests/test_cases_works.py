"""Kinds of works and periods, as repositories and portals say them: hand-written expectations."""

from __future__ import annotations

from typing import Any

import pytest

import metaharmon as mh


def zenodo(kind: str, finer: str | None) -> dict[str, Any]:
    said = {"type": kind} if finer is None else {"type": kind, "subtype": finer}
    return {"title": "Specimen", "metadata": {"title": "Specimen", "resource_type": said}}


@pytest.mark.parametrize(
    ("kind", "finer", "datacite", "invenio"),
    [
        ("image", "photo", "Image", "image-photo"),
        ("image", "drawing", "Image", "image-drawing"),
        ("image", None, "Image", "image"),
        ("video", None, "Audiovisual", "video"),
        ("software", None, "Software", "software"),
        ("software", "computationalnotebook", "ComputationalNotebook", "software-computationalnotebook"),
        ("publication", "article", "JournalArticle", "publication-article"),
        ("publication", "thesis", "Dissertation", "publication-thesis"),
        ("publication", "section", "BookChapter", "publication-section"),
        ("publication", "datamanagementplan", "OutputManagementPlan", "publication-datamanagementplan"),
        ("publication", "patent", "Text", "publication-patent"),
        ("publication", "report", "Report", "publication-report"),
        ("poster", None, "Text", "poster"),
        ("lesson", None, "InteractiveResource", "lesson"),
        ("physicalobject", None, "PhysicalObject", "physicalobject"),
        ("workflow", None, "Workflow", "workflow"),
        ("dataset", None, "Dataset", "dataset"),
        ("other", None, "Other", "other"),
    ],
)
def test_the_kind_of_a_work_arrives(kind: str, finer: str | None, datacite: str, invenio: str) -> None:
    """Property `datacite_general` of InvenioRDM's vocabulary of resource types says which kind stands for which."""
    given = zenodo(kind, finer)
    there = mh.translator(read="zenodo", write="datacite-4")(given).record
    assert there["types"]["resourceTypeGeneral"] == datacite
    beside = mh.translator(read="zenodo", write="invenio-rdm")(given)
    assert beside.record["metadata"]["resource_type"]["id"] == invenio
    back = mh.translator(read="invenio-rdm", write="zenodo")(beside.record).record["metadata"]["resource_type"]
    assert {name: back[name] for name in back if name != "title"} == given["metadata"]["resource_type"]


def test_a_kind_of_work_without_a_code_stays_in_words() -> None:
    there = mh.translator(read="zenodo", write="datacite-4")(zenodo("hologram", None))
    assert "types" not in there.record
    assert [(one.path, one.kind) for one in there.losses] == [("product_type_text", "omitted")]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2008", "2008", "2008"),
        ("2008-05", "2008-05", "2008-05"),
        ("2020-01-01", "2020-01-01", "2020-01-01"),
        ("2013-12-19/", "2013-12-19", None),
        ("/2013-12-19", None, "2013-12-19"),
        ("2008-01/2009-02", "2008-01", "2009-02"),
    ],
)
def test_periods_of_schema_org(text: str, start: str | None, end: str | None) -> None:
    d = mh.load("schema-org")
    record = {"@context": "https://schema.org/", "@type": "Dataset", "name": "Levels", "temporalCoverage": text}
    product = d.read(record)
    (period,) = product.canonical()["coverage"]["temporal"]
    assert period == {name: value for name, value in (("start", start), ("end", end)) if value}
    assert d.write(product) == record
    assert d.write(product.canonical())["temporalCoverage"] == [text]


def test_a_year_and_a_span_stand_beside_each_other() -> None:
    record = {"@context": "https://schema.org/", "@type": "Dataset", "name": "Levels"}
    product = mh.load("schema-org").read({**record, "temporalCoverage": ["2008-01/2009-02", "2011"]})
    assert product.canonical()["coverage"]["temporal"] == [
        {"start": "2008-01", "end": "2009-02"},
        {"start": "2011", "end": "2011"},
    ]


@pytest.mark.parametrize("dialect", ["cn-ndi-product-longgang-listing", "cn-ndi-product-hunan"])
@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026年1月至今", {"start": "2026-01", "open_end": True}),
        ("2026-01-01至今", {"start": "2026-01-01", "open_end": True}),
        ("2026年1月1日至2026年6月30日", {"start": "2026-01-01", "end": "2026-06-30"}),
        ("2026/1/5 ~ 2026/3/9", {"start": "2026-01-05", "end": "2026-03-09"}),
        ("2026年", {"start": "2026", "end": "2026"}),
        ("2026年1月5日", {"start": "2026-01-05", "end": "2026-01-05"}),
        ("近三年", None),
    ],
)
def test_periods_of_chinese_forms(dialect: str, text: str, period: dict[str, Any] | None) -> None:
    d = mh.load(dialect)
    field = "coverage" if dialect.endswith("listing") else "coverageRange"
    record = {"name" if dialect.endswith("listing") else "productName": "示例", field: text}
    product = d.read(record)
    assert product.canonical().get("coverage", {}).get("temporal", [None]) == [period]
    assert d.write(product) == record


def test_a_form_says_the_same_value_twice_only_where_both_are_equal() -> None:
    d = mh.load("schema-org")
    written = lambda period: d.write({"title": {"und": "x"}, "coverage": {"temporal": [period]}})  # noqa: E731
    assert written({"start": "2008", "end": "2008"})["temporalCoverage"] == ["2008"]
    assert written({"start": "2008", "end": "2009"})["temporalCoverage"] == ["2008/2009"]
    assert written({"start": "2008", "end": "2008", "open_end": True}).get("temporalCoverage") is None


NUMBER = "91230100MA18ABCD1A"


@pytest.mark.parametrize(
    ("dialect", "place", "scheme"),
    [
        ("datacite-4", ("creators", 0, "nameIdentifiers", 0, "nameIdentifier"), "creator"),
        ("datacite-4", ("publisher", "publisherIdentifier"), "publisher"),
        ("schema-org", ("creator", 0, "taxID"), "creator"),
        ("schema-org", ("publisher", 0, "taxID"), "publisher"),
        ("schema-org", ("provider", 0, "taxID"), "provider"),
        ("dcat-ap-3", ("dct:publisher", "dct:identifier"), "publisher"),
    ],
)
def test_credit_codes_arrive(dialect: str, place: tuple[Any, ...], scheme: str) -> None:
    party = {"name": {"zh": "示例公司"}, "type": "organization", "ids": {"uscc": NUMBER}}
    found = mh.load(dialect).write({"title": {"zh": "示例"}, "parties": {scheme: [party]}})
    for step in place:
        found = found[step]
    assert found == NUMBER


def test_catalogue_numbers_arrive_with_the_name_of_their_scheme() -> None:
    ids = {"local": [{"value": "L1"}], "catalogue_no": [{"value": "307/1"}], "ndi": [{"value": "602"}]}
    tree = {"title": {"zh": "示例"}, "identifiers": ids}
    written = mh.load("datacite-4").write(tree)["alternateIdentifiers"]
    assert {one["alternateIdentifierType"]: one["alternateIdentifier"] for one in written} == {
        "Local accession number": "L1",
        "Catalogue number": "307/1",
        "NDI": "602",
    }
    listed = mh.load("schema-org").write(tree)["identifier"]
    assert {one.get("propertyID"): one["value"] for one in listed} == {
        None: "L1",
        "catalogue number": "307/1",
        "NDI": "602",
    }
    for dialect in ("datacite-4", "schema-org"):
        d = mh.load(dialect)
        assert d.read(d.write(tree)).canonical()["identifiers"] == ids


def test_a_contributor_without_a_role_is_a_contributor() -> None:
    """Data Package 1.0, contributors: the role defaults to contributor."""
    d = mh.load("frictionless-1")
    record = {
        "name": "levels",
        "contributors": [
            {"title": "Ann Example", "email": "ann@levels.example"},
            {"title": "Bo Sample", "role": "author"},
        ],
        "resources": [{"name": "r", "path": "r.csv"}],
    }
    product = d.read(record)
    assert product.canonical()["parties"] == {
        "contributor": [{"name": {"und": "Ann Example"}, "contacts": [{"email": ["ann@levels.example"]}]}],
        "creator": [{"name": {"und": "Bo Sample"}}],
    }
    assert d.write(product) == record
    said = {"title": "Ann Example", "email": "ann@levels.example", "role": "contributor"}
    assert said in d.write(product.canonical())["contributors"]
