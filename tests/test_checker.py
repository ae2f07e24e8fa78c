"""The checker: what it proves, where it says so, that it says it once, and that no file breaks it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

import broken
import shipped
from metaharmon import interpreter
from metaharmon.checker import check_file, check_paths
from metaharmon.checker.dead import check_dead
from metaharmon.diagnostics import KINDS, Diagnostic
from metaharmon.mapping.build import build_plan
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import load_mapping

CASES: dict[str, dict[str, Any]] = yaml.safe_load((broken.DEMO.parent / "checker.yaml").read_text("utf-8"))


def found_in(folder: Path, text: str) -> list[Diagnostic]:
    return check_file(broken.write(folder, text), shipped.find, interpreter)


def test_the_sound_file_has_no_finding(tmp_path: Path) -> None:
    assert found_in(tmp_path, (broken.DEMO / "demo.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    text, place = broken.marked(broken.demo_with(*case["change"]))
    found = found_in(tmp_path, text)
    assert broken.shown(found) == [(case["code"], place)], "\n".join(map(str, found))
    assert case["says"] in found[0].message


def test_every_finding_of_a_run(tmp_path: Path) -> None:
    """Faults of all kinds at once are all found."""
    text = broken.demo_with(
        ("canonical: 1", "canonical: 2\nshema: x"), ("  note: free remark of the platform\n", ""),
        ("with: price.amount}", "with: price.sum}"), ("absent: {parties: none, ", "absent: {"),
    )  # fmt: skip
    assert {d.code for d in found_in(tmp_path, text)} >= {"MH201", "MH203", "MH205", "MH301", "MH302"}


def test_a_group_that_only_cases_of_the_record_fill_is_accounted(tmp_path: Path) -> None:
    text = broken.demo_with(
        ("  title: name\n", "  '.': {cases: [{theirs: {name: a}, ours: {lifecycle.listing_status: listed}}, "
                            "{else: {title: name}}]}\n"),
        ("compute: none, lifecycle: none}", "compute: none}"),
    )  # fmt: skip
    assert found_in(tmp_path, text) == []


def test_what_is_held_inside_something_held_need_not_be_in_the_schema(tmp_path: Path) -> None:
    text = broken.demo_with(
        ("fields:\n  identifiers", "holds: {price.words: {bare: zh}, price: {bare: amount}}\nfields:\n  identifiers"),
        ("  title: name\n", "  title: name\n  summary: 'price.words.{lang}'\n"),
    )  # fmt: skip
    assert found_in(tmp_path, text) == []


BAD = (b"", b"\xff\xfe", b"[" * 30000, b"a: &x 1\nb: *x", b"a: 1\na: 2", b"- 1", b"x", b"dialect: [", b"dialect: {}",
       b"dialect:", b"fields: {title: {field: {}}}", b"\x00")  # fmt: skip


@pytest.mark.parametrize("raw", BAD)
def test_bad_files_are_findings(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(raw)
    found = check_file(path, shipped.find, interpreter)
    assert any(d.severity == "error" for d in found)
    assert all(d.place is not None and d.code in KINDS for d in found)


def test_missing_files_are_findings(tmp_path: Path) -> None:
    assert broken.shown(check_paths([tmp_path / "none.yaml"], shipped.find, interpreter))[0][0] == "MH101"


def test_folders_without_tables(tmp_path: Path) -> None:
    """Of a folder all mappings are checked, and no shared tables."""
    broken.write(tmp_path, (broken.DEMO / "demo.yaml").read_text("utf-8"))
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "t.yaml").write_text("list: format\npairs: {csv: CSV}\n", "utf-8")
    assert check_paths([tmp_path], shipped.find, interpreter) == []


def test_what_is_inherited_is_found_once(tmp_path: Path) -> None:
    """A fault of a parent is one finding of a run, however many children it has."""
    text = broken.demo_with(("  title: name", "  titel: name"), ("dialect: demo\n", "dialect: base\nabstract: true\n"))
    broken.write(tmp_path, text, "base.yaml")
    for name in ("one", "two"):
        child = f"dialect: {name}\ntitle: {{zh: 一, en: One}}\nversion: 1.0.0\ncanonical: 1\nextends: base\n"
        broken.write(tmp_path, child, f"{name}.yaml")
    found = check_paths([tmp_path], lambda name: None, interpreter)
    assert [d.code for d in found].count("MH204") == 1


def test_what_is_shipped_is_sound() -> None:
    found = check_paths([shipped.MAPPINGS], shipped.find, interpreter)
    assert [str(d) for d in found if d.severity == "error"] == []


def test_no_file_breaks_the_checker(tmp_path: Path) -> None:
    """Sound files with parts left out, repeated, or replaced by other forms: findings at most."""
    rng = random.Random(20261123)
    bases = [yaml.load(p.read_text("utf-8"), yaml.BaseLoader) for p in sorted(shipped.MAPPINGS.glob("*.yaml"))]
    for round_ in range(150):
        value = _mutated(rng.choice(bases), rng)
        path = tmp_path / f"m{round_}.yaml"
        path.write_text(yaml.dump(value, allow_unicode=True), "utf-8")
        faults = [str(d) for d in check_file(path, shipped.find, interpreter) if "fault of metaharmon" in d.message]
        assert faults == [], path.read_text("utf-8")


ODD: tuple[Any, ...] = ("", "x", "{x}", "a[", "^.x", ".", "list[].x", "0", [], {}, ["x"], {"x": "y"}, [[]], [{}],
                        {"each": "x"})  # fmt: skip


def _mutated(value: Any, rng: random.Random, depth: int = 0) -> Any:
    """The value with one to three of its nodes changed."""
    made = yaml.load(yaml.dump(value, allow_unicode=True), yaml.BaseLoader)
    for _ in range(rng.randint(1, 3)):
        here = made
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(here[key], (dict, list)) and here[key] and rng.random() < 0.8:
                here = here[key]
                continue
            if rng.random() < 0.3:
                del here[key]
            else:
                here[key] = rng.choice(ODD)
            break
    return made


DEAD = {
    "extent.records: {field: list, number: {}}": "array",
    "title: list": "array",
    "dates.published: {field: whole, date: [YYYY-MM-DD]}": "integer",
    "identifiers.local: tree": "object",
    "dynamics.update_frequency: {field: text, frequency: {codes: none}}": "string",
}
ALIVE = [
    "keywords: {field: list, many: list}",
    "title: text",
    "title: any",
    "title: flag",
    "identifiers.local: whole",
    "dates.published: {field: whole, date: [YYYY]}",
    "compliance.personal_information: {field: flag, boolean: {'true': [true], 'false': [false]}}",
    "offers[basis=per_use].amount: {field: text, template: [{form: '{v}元/次'}], types: {v: {money: {unit: 元}}}}",
    "extent.records: {field: whole, number: {min: 5, max: 6}}",
]
FIELDS = {
    "list": {"type": "array"},
    "flag": {"type": "boolean"},
    "whole": {"type": "integer"},
    "text": {"type": "string"},
    "tree": {"type": "object"},
    "any": {},
}


def _of_one_rule(folder: Path, rule: str) -> list[Diagnostic]:
    """The findings of dead rules in a mapping of one rule."""
    (folder / "one.schema.json").write_text(json.dumps({"type": "object", "properties": FIELDS}), "utf-8")
    head = """dialect: one
title: {en: One}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-12-01, sources: [written for these tests]}
defaults: {language: en, timezone: UTC, currency: CNY}
schema: one.schema.json
"""
    file = folder / "one.yaml"
    codes = "codes: {none: {list: update_frequency, pairs: {}}}\n" if "none" in rule else ""
    file.write_text(f"{head}fields:\n  {rule}\n{codes}", "utf-8")
    mapping = load_mapping(file, shipped.find, report := Report())
    plan = build_plan(mapping, report)
    assert not any(one.severity == "error" for one in report), [str(one) for one in report]
    check_dead(plan, str(file), found := Report())
    return list(found)


@pytest.mark.parametrize("rule", DEAD)
def test_a_rule_that_never_reads_is_found(rule: str, tmp_path: Path) -> None:
    found = _of_one_rule(tmp_path, rule)
    assert [one.code for one in found] == ["MH216"]
    assert DEAD[rule] in found[0].message
    assert found[0].place is not None and found[0].place.line == 9


@pytest.mark.parametrize("rule", ALIVE)
def test_a_rule_that_reads_something_is_not(rule: str, tmp_path: Path) -> None:
    assert _of_one_rule(tmp_path, rule) == []
