"""Reported cases of RDF (`../shared/cases`, where they are beside the project): the right outcome, by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from metaharmon.cli import main
from metaharmon.dialect.door import load

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the project")


def translated(capfd: pytest.CaptureFixture[str], read: str, write: str, case: str) -> tuple[Any, dict[str, Any]]:
    """The one record that a case becomes, and the summary."""
    main(["translate", "--read", read, "--write", write, "--format", "json", str(CASES / case)])
    out, err = capfd.readouterr()
    (line,) = out.splitlines()
    return json.loads(line), json.loads(err[err.index("{") :])


def test_dates_and_numbers_of_ckan_made_dcat_arrive(capfd: pytest.CaptureFixture[str]) -> None:
    record, _ = translated(capfd, "dcat-ap-3", "schema-org", "intl/32-ckan-made-dcat.ttl")
    assert record["datePublished"] == "2014-04-29T13:27:44.728450"
    assert record["dateModified"] == "2017-10-25T13:37:05.410879123"
    assert [one["value"] for one in record["identifier"]] == ["0012"]
    assert record["distribution"][0]["datePublished"] == "2014-04-29T13:27:44.728450"


def test_a_relative_name_is_told_and_never_the_working_directory(capfd: pytest.CaptureFixture[str]) -> None:
    record, summary = translated(capfd, "dcat-ap-3", "schema-org", "faults/tz.ttl")
    assert "@id" not in record and "file:" not in json.dumps([record, summary])
    assert "'ds1' is not an absolute address" in json.dumps(summary)
    assert record["name"] == {"@value": "T", "@language": "zh-Hans"}
    assert [one["value"] for one in record["identifier"]] == ["007"]
    assert record["datePublished"] == "2020-01-01"
    assert "100000000000000000000000.5" in json.dumps(summary)


def test_keywords_beside_the_record() -> None:
    (case,) = (CASES / "peers").glob("11-*.json")
    said = json.loads(case.read_text("utf-8"))
    read = load(said["read"]).read(said["input"]).canonical()
    assert read["keywords"]["und"] == said["expected"]["canonical keywords.und"]
