"""Cases of dates and frequencies that were translated wrongly (`shared/cases`), each rebuilt here as its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from spelling import HEAD

DOCUMENT = {**HEAD, "dialect": "dated", "defaults": {"language": "zh", "timezone": "Asia/Shanghai"}}


def found(tmp_path: Path, types: str | list[str], forms: Any) -> list[str]:
    """What `check` says of a mapping with one field of dates."""
    import json

    schema = {"type": "object", "properties": {"id": {"type": "string"}, "at": {"type": types}}}
    (tmp_path / "dated.schema.json").write_text(json.dumps(schema), "utf-8")
    fields = {"identifiers.local": "id", "dates.published": {"field": "at", "date": forms}}
    said = {**DOCUMENT, "schema": "dated.schema.json", "fields": fields}
    (tmp_path / "dated.yaml").write_text(json.dumps(said), "utf-8")
    return [one.message for one in mh.check(str(tmp_path / "dated.yaml")) if one.code == "MH209"]


GUANGDONG = {
    "resId": "EX/0001",
    "resTitle": "示例市荔枝产量",
    "resAbstract": "年度、产量",
    "keyword": "荔枝,产量",
    "officeName": "示例市示例局",
    "subjectName": "工业农业",
    "openMode": "无条件开放",
    "sourceSuffix": "XLS,csv,Json",
}


@pytest.mark.parametrize("time", ["00:00:00", "07:59:59", "23:59:59"])
def test_the_first_day_of_a_year_stays_in_it(time: str) -> None:
    """Before eight in Shanghai it is yesterday in UTC; the day is the one that the portal states (c05)."""
    record = {**GUANGDONG, "publishDate": f"2021-01-01 {time}"}
    datacite = mh.translator(read="cn-guangdong", write="datacite-4")(record).record
    assert datacite["publicationYear"] == 2021 or datacite["publicationYear"] == "2021"
    assert all(one["date"][:10] == "2021-01-01" for one in datacite["dates"] if one["dateType"] == "Issued")
    zenodo = mh.translator(read="cn-guangdong", write="zenodo")(record).record
    assert zenodo["metadata"]["publication_date"] == "2021-01-01"
    listed = mh.translator(read="cn-guangdong", write="schema-org")(record).record["datePublished"]
    assert listed == ("2021-01-01" if time == "00:00:00" else f"2021-01-01T{time}+08:00")


@pytest.mark.parametrize(
    ("issued", "ours"),
    [
        ("2020-04-21T11:59:39.642528", "2020-04-21T11:59:39.642528"),
        ("2020-04-21T11:59:39.6", "2020-04-21T11:59:39.6"),
        ("2020-04-21T11:59", "2020-04-21T11:59"),
        ("2020-04-21T11:59:39+0800", "2020-04-21T11:59:39+08:00"),
        ("2020-04-21Z", "2020-04-21"),
        ("2020", "2020"),
    ],
)
@pytest.mark.parametrize(
    ("dialect", "record", "field"),
    [
        ("dcat-ap-3", {"@type": "dcat:Dataset", "dct:title": "a"}, "dct:issued"),
        ("schema-org", {"@context": "https://schema.org/", "@type": "Dataset", "name": "a"}, "datePublished"),
        ("dcat-us-1.1", {"@type": "dcat:Dataset", "title": "a"}, "issued"),
    ],
)
def test_all_forms_of_a_standard(dialect: str, record: dict[str, Any], field: str, issued: str, ours: str) -> None:
    """Fractions of any length, no seconds, no zone, offsets without a colon, a zone behind a day (06)."""
    if dialect == "dcat-ap-3":
        prefixes = {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"}
        record = {"@context": prefixes, **record}
    d = mh.load(dialect)
    product = d.read({**record, field: issued})
    assert product.tree()["dates"]["published"] == ours
    assert d.write(product)[field] == issued


CKAN = {"id": "4b6fe9ca-dc77-4cec-92a4-55c6624a5bd6", "name": "n", "title": "T", "notes": "D"}


def test_a_time_without_a_zone_arrives() -> None:
    """From CKAN, whose times are UTC, and to it (peers 21, 22)."""
    extras = [
        {"key": "issued", "value": "2024-05-31T12:30:01"},
        {"key": "temporal_start", "value": "2015-06-26T15:21:09.075774"},
    ]
    dcat = mh.translator(read="ckan", write="dcat-ap-3")({**CKAN, "extras": extras}).record
    assert dcat["dct:issued"] == {"@value": "2024-05-31T12:30:01Z", "@type": "xsd:dateTime"}
    assert dcat["dct:temporal"][0]["dcat:startDate"]["@value"] == "2015-06-26T15:21:09.075774Z"
    record = {
        "@context": {
            "dct": "http://purl.org/dc/terms/",
            "dcat": "http://www.w3.org/ns/dcat#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Dataset",
        "dct:title": "T",
        "dct:modified": {"@value": "2012-05-10T21:04:00", "@type": "xsd:dateTime"},
    }
    said = mh.translator(read="dcat-ap-3", write="ckan")(record)
    assert {"key": "modified", "value": "2012-05-10T21:04:00"} in said.record["extras"]
    assert [(one.kind, one.becomes) for one in said.losses if one.path == "dates.data_modified"] == [
        ("changed", "2012-05-10T21:04:00Z")
    ]


@pytest.mark.parametrize(
    ("types", "forms"),
    [
        (["integer", "null"], ["YYYYMMDD", "epoch_ms"]),
        ("integer", ["epoch_s", "YYYYMMDD"]),
        ("string", ["epoch_s", "YYYYMMDDHHmmss"]),
        (["string", "null"], ["YYYY-MM-dd"]),
        ("string", ["yyyy-MM-dd"]),
        ("string", ["YYYY-MM-DD hh:mm:ss"]),
        ("string", ["DD Mon YYYY"]),
        ("integer", ["xsd"]),
        ("string", ["xsd", "iso8601"]),
    ],
)
def test_forms_that_never_say_what_they_seem_to(tmp_path: Path, types: str | list[str], forms: list[str]) -> None:
    """Refused at load: seconds beside digits, letters that are no token, sets that the field cannot hold."""
    assert found(tmp_path, types, forms)


@pytest.mark.parametrize(
    ("types", "forms"),
    [
        ("integer", ["YYYYMMDD"]),
        ("integer", ["epoch_ms"]),
        ("string", ["YYYY-MM-DDTHH:mm:ss", "YYYY年M月D日"]),
        ("string", ["YYYY'Y'MM'M'DD'D'"]),
        ("string", "xsd"),
        ("string", ["YYYY-MM-DD HH:mm:ss", "iso8601"]),
    ],
)
def test_forms_that_say_what_they_seem_to(tmp_path: Path, types: str, forms: Any) -> None:
    assert found(tmp_path, types, forms) == []


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("R/P1.5M", {"kind": "periodic", "count": 2, "period": "P3M"}),
        ("R/P0.33M", {"kind": "periodic", "count": 3, "period": "P1M"}),
        ("R/P10Y", {"kind": "periodic", "count": 1, "period": "P10Y"}),
        ("R/PT1S", {"kind": "continuous"}),
        ("irregular", {"kind": "irregular"}),
        ("annually", {"kind": "periodic", "count": 1, "period": "P1Y"}),
        ("completely irregular", None),
    ],
)
def test_repeating_intervals_of_dcat_us(word: str, ours: dict[str, Any] | None) -> None:
    """Every code, and fractions as parts of a period (intl 09)."""
    d = mh.load("dcat-us-1.1")
    record = {"@type": "dcat:Dataset", "title": "a", "identifier": "f", "accrualPeriodicity": word}
    product = d.read(record)
    assert product.tree().get("dynamics", {}).get("update_frequency") == ours
    assert d.write(product) == record


def test_frequencies_between_exchanges_and_dcat() -> None:
    """每五年 and 准实时 have no word of their own in most tables."""
    t = mh.translator(read="cn-anhui", write="dcat-ap-3")
    for word, code in (
        ("每五年", "QUINQUENNIAL"),
        ("1次/半年", "ANNUAL_2"),
        ("按需", "AS_NEEDED"),
        ("月度", "MONTHLY"),
    ):
        said = t({"标题": "示例", "更新频率": word}).record
        assert said["dct:accrualPeriodicity"]["@id"].endswith(f"/{code}")
    assert any("更新频率" in str(one) for one in t({"标题": "示例", "更新频率": "T+1"}).left)
