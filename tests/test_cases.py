"""Reported cases (`../shared/cases`, where they stand beside the project): the right outcome of each, by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from metaharmon.cli import main

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
GUIYANG = "cn-guizhou-guiyang"


@pytest.fixture
def translate(capfd: pytest.CaptureFixture[str]) -> Any:
    """The exit code, the records and the summary of a translation."""
    if not CASES.is_dir():
        pytest.skip("the cases are not beside the project")

    def run(read: str, write: str, case: str, *more: str) -> tuple[int, list[Any], dict[str, Any]]:
        code = main(["translate", "--read", read, "--write", write, "--format", "json", *more, str(CASES / case)])
        out, err = capfd.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], json.loads(err[err.index("{") :])

    return run


def left(summary: dict[str, Any]) -> dict[str, str]:
    """The outcome of each path that was not carried over."""
    return {one["path"]: one["outcome"] for one in summary["left"]}


def test_fields_that_were_renamed_are_told(translate: Any) -> None:
    code, records, summary = translate(GUIYANG, "cn-guizhou-bijie", "cn/c03-drift.jsonl", "--on-loss", "error")
    unknown = [path for path, outcome in left(summary).items() if outcome == "unknown"]
    assert code == 1 and records and unknown


def test_further_fields_are_told(translate: Any) -> None:
    code, _, summary = translate(GUIYANG, "cn-guizhou-bijie", "cn/c03-extra.jsonl", "--on-loss", "error")
    assert code == 1 and "unknown" in left(summary).values()


def test_keys_without_a_home_are_told(translate: Any) -> None:
    """Each value of the records is in a record that is written, in a loss, or not carried over."""
    case = "cn/c01-longgang-registered.jsonl"
    _, records, summary = translate("cn-ndi-product-longgang", "schema-org", case)
    report = [one.get("example") for one in (*summary["left"], *summary["lost"])]
    assert len(records) == summary["translated"] and len(report) >= 3


@pytest.mark.parametrize("form", ["utf8", "bom", "semicolon", "tab", "utf16"])
def test_a_table_is_read_however_it_is_exported(translate: Any, form: str) -> None:
    code, (record,), summary = translate(GUIYANG, "cn-anhui", f"cn/f-{form}.csv")
    assert code == 0 and record["标题"] == "示例公交站点" and summary["translated"] == 1


def test_gbk_names_the_option(translate: Any) -> None:
    code, records, summary = translate(GUIYANG, "cn-anhui", "cn/f-gbk.csv")
    assert code == 1 and records == []
    assert any("--encoding gb18030" in str(one.get("hint")) for one in summary["rejections"])
    code, (record,), _ = translate(GUIYANG, "cn-anhui", "cn/f-gbk.csv", "--encoding", "gb18030")
    assert code == 0 and record["标题"] == "示例公交站点"


def test_every_licence_of_a_card_arrives_or_is_told(translate: Any) -> None:
    _, (record,), summary = translate("hf-dataset-card", "dcat-ap-3", "intl/31-hf-two-licences.md")
    text = json.dumps([record, summary])
    assert "restricted" in text


@pytest.mark.parametrize("case", ["14-dsp-single-objects.json", "14b-edc-catalog.json"])
def test_offers_are_said_whole_or_told(translate: Any, case: str) -> None:
    code, records, summary = translate("dataspace-protocol", "dcat-ap-3", f"intl/{case}")
    given = (CASES / "intl" / case).read_text("utf-8")
    for word in ("DE", "FR"):
        assert f'"{word}"' not in given or f'"{word}"' in json.dumps([records, summary])
    assert code in (0, 1)
