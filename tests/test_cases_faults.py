"""Reported inputs that went wrong (`../shared/cases`), each with the right outcome; skipped where they are absent."""

from __future__ import annotations

import ast
import enum
from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from metaharmon.cli import main
from metaharmon.files.records import read_documents
from metaharmon.model.normal import same
from shipped import ROOT

CASES = ROOT.parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")


def records(path: str) -> list[Any]:
    found = [document.value for document in read_documents(CASES / path)]
    return found[0] if len(found) == 1 and isinstance(found[0], list) else found


def places(read: str, write: str, record: Any) -> list[Any]:
    """The places of a record, translated."""
    done = mh.translator(read=read, write=write)(record)
    assert done.record is not None, [str(one) for one in done.problems]
    found = done.record.get("dct:spatial", [])
    return found if isinstance(found, list) else [found]


def wkt(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "gsp:wktLiteral"}


@pytest.mark.parametrize(
    ("file", "read", "wanted"),
    [
        ("03-ckan-wkt.json", "ckan", {"dcat:centroid": "POINT(102 0.5)"}),
        ("03b-ckan-geojson.json", "ckan", {"dcat:bbox": "POLYGON((10 45, 12 45, 12 47, 10 47, 10 45))"}),
        ("03c-ckan-geojson-point.json", "ckan", {"dcat:centroid": "POINT(102 0.5)"}),
        (
            "05-dcatus3-bbox.json",
            "dcat-us-3",
            {
                "dcat:bbox": "POLYGON((-123.9434 47.0089, -120.2857 47.0089, -120.2857 48.407, -123.9434 48.407,"
                " -123.9434 47.0089))"
            },
        ),
    ],
)
def test_places_reach_dcat(file: str, read: str, wanted: dict[str, str]) -> None:
    (record,) = records(f"intl/{file}")
    (found,) = places(read, "dcat-ap-3", record)
    assert {key: value for key, value in found.items() if key != "@type"} == {k: wkt(v) for k, v in wanted.items()}


def test_heights_and_boxes_across_the_date_line_are_told() -> None:
    (record,) = records("intl/22-stac-null-and-3d.json")
    done = mh.translator(read="stac-collection", write="dcat-ap-3")(record)
    left = {one.path: one.value for one in done.left}
    assert left["extent.spatial.bbox.0.2"] == -100 and left["extent.spatial.bbox.0.5"] == 4000
    assert any(one.path.startswith("coverage.spatial.1") for one in done.losses)


def test_places_of_schema_org() -> None:
    by_name = {one["name"]: one for one in records("intl/19-schemaorg-open-interval.json")}
    d = mh.load("schema-org")
    read = lambda name: d.read(by_name[name]).canonical().get("coverage", {}).get("spatial")  # noqa: E731
    assert read("point")[0]["centroid"] == {"lat": "39.328", "lon": "120.1633"}
    assert read("box antimeridian")[0]["bbox"] == {"south": "-20", "west": "170", "north": "-10", "east": "-170"}
    assert read("polygon") is None  # longitude first, which is not to be guessed
    assert any("latitude" in one.reason for one in d.left(by_name["polygon"]))


def test_entries_that_are_none_return() -> None:
    """The extras of `ckan-extras-return.py`; with a title, since a record of which nothing is read is refused."""
    source = (CASES / "faults" / "ckan-extras-return.py").read_text("utf-8")
    line = next(line for line in source.split("\n") if line.startswith("for r in "))
    found = ast.literal_eval(line.removeprefix("for r in ").removesuffix(":"))
    d = mh.load("ckan")
    assert len(found) == 8
    for record in found:
        record["title"] = "Gauges"
        assert same(d.write(d.read(record)), record)
        assert d.account([record]).ok


def test_every_leaf_has_a_fate() -> None:
    d = mh.load("odps-4")
    account = d.account(records("faults/odps4-account.json"))
    assert account.leaves and not account.unaccounted and not account.failed["account"]


def test_a_member_of_an_enumeration_is_a_text() -> None:
    class Format(str, enum.Enum):  # noqa: UP042
        CSV = "csv"

    record = {"title": "T", "resources": [{"id": "1", "url": "http://e.org/", "format": Format.CSV}]}
    assert mh.load("ckan").write(mh.read("ckan", record))["resources"][0]["format"] == "csv"
    done = mh.translator(read="ckan", write="dcat-us-1.1")(record)
    assert done.record["distribution"][0]["format"] == "CSV"
    assert not [one for one in done.problems if one.code != "MH506"]


def test_a_table_with_nul_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["translate", "--read", "ckan", "--write", "ru-opendata-meta-csv", "-o", str(tmp_path / "out.csv")]
    assert main([*args, str(CASES / "faults" / "csv-nul.json")]) == 1
    assert "U+0000" in capsys.readouterr().err


def test_money_in_a_template_is_read_or_refused() -> None:
    path = CASES / "cn" / "money-in-template.yaml"
    if any(one.severity == "error" for one in mh.check(path)):
        return
    d = mh.load(path)
    offers = d.read({"编号": "1", "产品名称": "示例", "价格": "1.2万元/次"}).canonical()["offers"]
    assert offers == [{"basis": "per_use", "state": "stated", "amount": "12000", "currency": "CNY"}]
