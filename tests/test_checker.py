"""The checker: what it proves, where it says so, that it says it once, and that no file breaks it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

import broken
import shipped
from metaharmon import interpreter
from metaharmon.checker import check_file, check_paths
from metaharmon.diagnostics import KINDS, Diagnostic

EVIDENCE = "evidence: {status: published, date: 2026-01-31, sources: [written for these tests]}"
TITLE = "title: {zh: 演示, en: Demo}"
START = "dialect: ⟦demo"
FREQ_RULE = "  dynamics.update_frequency: {field: freq, frequency: {codes: freq}}"
FREQ_TABLE = "  freq: {list: update_frequency, pairs: {1/P1D: [每天, 每日], 1/P1Y: 每年}}"
OFFER = "  offers:\n    - {one: price, set: {basis: one_off}, fields: {amount: {field: amount, money: {unit: 元}, otherwise: {state: stated}}}}"
QUALITY = "none, quality: none,\n"

# name: (what stands in the sound file, what stands there instead, code, a part of the sentence)
CASES: dict[str, tuple[str, str, str, str]] = {
    "field not accounted": ("schema: demo.schema.json", "schema: ⟦demo.schema.json", "MH301", "'note'"),
    "group not accounted": ("absent: {parties: none, ", "absent: {⟦", "MH302", "'parties'"),
    "mapped and kept": ("  note: free remark of the platform", "  note: free remark\n  name: ⟦title", "MH303", "'name'"),
    "mapped and kept inside a list": ("kept: {state: of the platform}", "kept: {state: x, url: ⟦x}", "MH303", "'files[].url'"),
    "derived and kept": ("  note: free remark of the platform", "  note: x\n  count: ⟦x", "MH303", "'count'"),
    "absent and mapped": ("coverage: none,", "coverage: none, ⟦title: none,", "MH305", "'title'"),
    "a group absent and mapped": ("coverage: none,", "coverage: none, ⟦offers: none,", "MH305", "'offers'"),
    "absent and mapped below": ("coverage: none,", "coverage: none, ⟦dynamics: none,", "MH305", "'dynamics'"),
    "absent path unknown": ("coverage: none,", "coverage: none, ⟦colour: none,", "MH204", "'colour'"),
    "kept field unknown": ("  note: free remark of the platform", "  note: x\n  nota: ⟦x", "MH205", "'nota'"),
    "mapped field unknown": ("  title: name", "  title: {field: name, also: [⟦nome]}", "MH205", "'nome'"),
    "derived field unknown": ("derived: {count: {count: files}}", "derived: {count: {count: files}, total: ⟦{count: files}}", "MH205", "'total'"),
    "counted list unknown": ("derived: {count: {count: files}}", "derived: {count: {count: ⟦filez}}", "MH205", "'filez'"),
    "copied field unknown": ("derived: {rank: {index: 0}}", "derived: {rank: {copy: ⟦^.idd}}", "MH205", "'idd'"),
    "companion unknown": ("with: price.amount}", "with: ⟦price.sum}", "MH205", "'price.sum'"),
    "no evidence": (f"dialect: demo\n{TITLE}\nversion: 1.0.0\ncanonical: 1\n{EVIDENCE}", f"{START}\n{TITLE}\nversion: 1.0.0\ncanonical: 1", "MH215", "status, date and sources"),
    "evidence without sources": (EVIDENCE, "evidence: ⟦{status: published, date: 2026-01-31}", "MH215", "sources"),
    "evidence with a date that is none": ("date: 2026-01-31", "date: ⟦2026-02-30", "MH215", "2026-02-30"),
    "illustrative, and not said": (f"{TITLE}\nversion: 1.0.0\ncanonical: 1\nevidence: {{status: published", "title: {zh: 演示(示意), en: ⟦Demo}\nversion: 1.0.0\ncanonical: 1\nevidence: {status: illustrative", "MH215", "illustrative"),
    "illustrative, and not said in Chinese": (f"{TITLE}\nversion: 1.0.0\ncanonical: 1\nevidence: {{status: published", "title: {zh: ⟦演示, en: Illustrative demo}\nversion: 1.0.0\ncanonical: 1\nevidence: {status: illustrative", "MH215", "示例"),
    "no Chinese title": (f"dialect: demo\n{TITLE}", f"{START}\ntitle: {{en: Demo}}", "MH202", "zh is missing"),
    "no version": ("dialect: demo\ntitle: {zh: 演示, en: Demo}\nversion: 1.0.0\n", f"{START}\n{TITLE}\n", "MH202", "version"),
    "a version that is none": ("version: 1.0.0", "version: ⟦1.0", "MH203", "1.0"),
    "another canonical version": ("canonical: 1", "canonical: ⟦2", "MH203", "'2'"),
    "no canonical version": (f"dialect: demo\n{TITLE}\nversion: 1.0.0\ncanonical: 1", f"{START}\n{TITLE}\nversion: 1.0.0", "MH202", "canonical"),
    "an id that is none": ("dialect: demo", "dialect: ⟦Demo File", "MH203", "Demo File"),
    "theirs reads otherwise": ("      title: {zh: 示例}", "      title: {⟦zh: 样例}", "MH213", "title.zh is '示例', not '样例'"),
    "theirs says less": ("      title: {zh: 示例}", "      title: {zh: 示例}\n      ⟦version: '1'", "MH213", "version is not there"),
    "ours says less": ("    ours:\n      identifiers: {local: [{value: a-1}]}\n      title: {zh: 示例}", "    ours:\n      ⟦identifiers: {local: [{value: a-1}]}", "MH213", "title"),
    "ours is not canonical": ("dates: {published: '2026-01-05'}", "dates: {⟦published: '2026-13-05'}", "MH213", "not canonical"),
    "a loss that is not": ("distributions: [{id: f1, access_url: 'https://example.org/f1'}]\n    losses: []", "distributions: [{id: f1, access_url: 'https://example.org/f1'}]\n    losses: [title]", "MH213", "'title'"),
    "an offer without its basis": ("set: {basis: one_off}, ", "", "MH209", "basis"),
    "a key that is not mapped": ("    key: id", "    key: title", "MH202", "'title'"),
    "a code that holds the separator": ("b: {code: '2', label: 乙}", "b: {code: ⟦'2;3', label: 乙}", "MH210", "';'"),
    "a label that holds the separator": ("b: {code: '2', label: 乙}", "b: {code: '2', label: ⟦乙 丙}", "MH210", "' '"),
    "a table that cannot be inverted": (FREQ_TABLE, "  freq: ⟦{list: update_frequency, pairs: {1/P1D: [每天, 每日], 1/P1Y: 每天}}", "MH207", "每天"),
    "an unknown code of ours": (FREQ_TABLE, "  freq: {list: update_frequency, pairs: {1/P1D: [每天, 每日], 1/P1Y: 每年, ⟦1/P7X: x}}", "MH206", "1/P7X"),
    "an unknown word": ("canonical: 1", "canonical: 1\n⟦shema: x", "MH201", "'shema'"),
    "an unknown path": ("  title: name", "  ⟦titel: name", "MH204", "'titel'"),
}

UNMARKED = {"a loss that is not", "an offer without its basis", "a key that is not mapped"}
"""Their place is that of the example or the block: see `PLACES`."""
PLACES = {"a loss that is not": "33:5", "an offer without its basis": "15:5", "a key that is not mapped": "17:3"}
EXTRA = {"field not accounted": ("  note: free remark of the platform\n", "")}
"""A second change that the case needs."""
ALSO = {"an unknown path": {"MH301"}, "mapped field unknown": set(), "an offer without its basis": set()}
"""Findings that follow of themselves."""


def found_in(folder: Path, text: str) -> list[Diagnostic]:
    return check_file(broken.write(folder, text), shipped.find, interpreter)


def test_the_sound_file_has_no_finding(tmp_path: Path) -> None:
    assert found_in(tmp_path, (broken.DEMO / "demo.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    old, new, code, sentence = CASES[name]
    text = broken.demo_with(old, new)
    if name in EXTRA:
        text = text.replace(*EXTRA[name])
    text, place = broken.marked(text)
    found = found_in(tmp_path, text)
    assert broken.shown(found) == [(code, place or PLACES[name])], "\n".join(map(str, found))
    assert sentence in found[0].message


def test_every_finding_of_a_run(tmp_path: Path) -> None:
    """Faults of all kinds at once are all found."""
    text = broken.demo_with("canonical: 1", "canonical: 2\nshema: x").replace("  note: free remark of the platform\n", "")
    text = text.replace("with: price.amount}", "with: price.sum}").replace("absent: {parties: none, ", "absent: {")
    assert {d.code for d in found_in(tmp_path, text)} >= {"MH201", "MH203", "MH205", "MH301", "MH302"}


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[" * 30000, b"a: &x 1\nb: *x", b"a: 1\na: 2", b"- 1", b"x", b"dialect: [",
                                 b"dialect: {}", b"dialect:", b"fields: {title: {field: {}}}", b"\x00"])  # fmt: skip
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
    text = broken.demo_with("  title: name", "  titel: name").replace("dialect: demo\n", "dialect: base\nabstract: true\n")
    broken.write(tmp_path, text, "base.yaml")
    for name in ("one", "two"):
        child = f"dialect: {name}\ntitle: {{zh: 一, en: One}}\nversion: 1.0.0\ncanonical: 1\nextends: base\n{EVIDENCE}\n"
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
        path = shipped.MAPPINGS / "none.yaml"
        path = tmp_path / f"m{round_}.yaml"
        path.write_text(yaml.dump(value, allow_unicode=True), "utf-8")
        faults = [str(d) for d in check_file(path, shipped.find, interpreter) if "fault of metaharmon" in d.message]
        assert faults == [], path.read_text("utf-8")


ODD: tuple[Any, ...] = ("", "x", "{x}", "a[", "^.x", ".", "list[].x", "0", [], {}, ["x"], {"x": "y"}, [[]], [{}], {"each": "x"})


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
