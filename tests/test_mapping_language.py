"""Broken mappings: which finding, where to the column, and with which hint. What is sound has no finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import broken
from metaharmon.mapping.build import build_plan
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import load_mapping

CASES: dict[str, dict[str, Any]] = yaml.safe_load((broken.DEMO.parent / "language.yaml").read_text("utf-8"))
PARENT = "dialect: parent\nabstract: true\nfields: {title: name}\nkept: {note: remark}\n"


def found_in(path: Path) -> Report:
    """Every finding of loading and binding a file."""
    report = Report()
    mapping = load_mapping(path, lambda name: None, report)
    if mapping is not None:
        build_plan(mapping, report)
    return report


def write(folder: Path, case: dict[str, Any]) -> tuple[Path, str, str]:
    """The files of a case; the file of the case, and file and line:col of the place that is marked."""
    own = case.get("file", "x.yaml")
    files = {"parent.yaml": PARENT, **case.get("others", {})}
    files[own] = case["text"] if case.get("raw") else f"dialect: {own.removesuffix('.yaml')}\n{case['text']}"
    marked = None
    for name, text in files.items():
        text, place = broken.marked(text)
        marked = (name, place) if place else marked
        (folder / name).write_text(text, "utf-8")
    assert marked is not None, "a case marks its place"
    line, col = map(int, marked[1].split(":"))
    return folder / own, marked[0], f"{line}:{col + case.get('shift', 0)}"


@pytest.mark.parametrize("name", CASES)
def test_broken(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path, file, place = write(tmp_path, case)
    found = found_in(path)
    assert broken.shown(found)[:1] == [(case["code"], place)], "\n".join(map(str, found))
    assert [d.code for d in found[1:]] == case.get("follows", []), "\n".join(map(str, found))
    assert Path(found[0].place.file).name == file
    assert case.get("says", "") in found[0].message
    assert case.get("hint", "") in (found[0].hint or "")


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


def test_every_finding_of_a_file(tmp_path: Path) -> None:
    """The first finding is not the last."""
    text = "dialect: x\nfeilds: 1\nfields: {titel: a, version: {field: b, number: {}}, dates.published: c}\n"
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    assert sorted(d.code for d in found_in(path)) == ["MH201", "MH204", "MH209", "MH209"]


SOUND = {
    "a rule as a path": "fields: {title: a.b}",
    "the list form of a path": "fields: {title: {field: [a, 'b.c', {key: 'x=1'}, value]}}",
    "Chinese names": "fields: {title: 标题, description: '描述 (简)'}",
    "one language": "fields: {title@zh: a, title@en: b}",
    "texts stay texts": "version: 1.10\nfields: {title: NO, description: 010}",
    "a kept field with a companion": "fields: {title: a}\nkept: {b: {why: label, with: a}}",
    "selectors": "fields: {'offers[basis=one_off].amount': {field: a, money: {unit: 元}}}",
    "aliases that another rule shares": "fields: {title: {field: a, also: [b]}}",
    "an inherited mapping": "extends: parent\nremove: {fields: [title]}\nfields: {title: other}",
    "a renamed field": "extends: parent\nrename: {name: 名称}",
}


@pytest.mark.parametrize("name", SOUND)
def test_sound(name: str, tmp_path: Path) -> None:
    path, _, _ = write(tmp_path, {"text": f"{SOUND[name]}\n# {broken.MARK}"})
    assert found_in(path) == []
