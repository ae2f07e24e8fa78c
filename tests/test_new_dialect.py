"""What a dialect costs: a mapping, a schema and a few samples in a folder. No Python, no registration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import metaharmon as mh

MAPPING = """
dialect: cn-newcity
title: {zh: 新城数据门户(示意), en: 'Portal of a new city, illustrative'}
version: 1.0.0
canonical: 1
evidence: {status: illustrative, date: 2026-11-25, sources: [invented for this test]}
defaults: {language: zh, timezone: Asia/Shanghai, empty: omit}
schema: cn-newcity.schema.json
envelope: [{name: page, records: 'data.rows[]', count: data.total}]
fields:
  identifiers.local: bh
  title: mc
  dynamics.update_frequency: {field: zq, frequency: {codes: freq}}
  offers:
    - one: .
      set: {basis: one_off}
      fields: {amount: {field: jg, money: {unit: 元, currency: CNY}, otherwise: {state: stated}}}
codes:
  freq: {list: update_frequency, pairs: {1/P1D: '1', 1/P1M: '2'}}
kept: {ll: 'visits, counted by the portal'}
absent:
  description: not shown
  parties: not shown
  coverage: not shown
  dates: not shown
  extent: not shown
  structure: not shown
  distributions: not shown
  services: not shown
  provenance: not shown
  rights: not shown
  compliance: not shown
  access: not shown
  delivery: not shown
  quality: not shown
  ai_dataset: not shown
  compute: not shown
  lifecycle: not shown
examples:
  - theirs: {bh: X-1, mc: 示例公交站点, zq: '1', jg: '12.50', ll: 7}
    ours:
      identifiers: {local: [{value: X-1}]}
      title: {zh: 示例公交站点}
      dynamics: {update_frequency: {kind: periodic, count: 1, period: P1D}}
      offers: [{basis: one_off, state: stated, amount: '12.5', currency: CNY}]
    losses: []
"""
TYPES = {"bh": "string", "mc": "string", "zq": "string", "jg": "string", "ll": "integer"}
SAMPLES = [
    {"bh": "X-1", "mc": "示例公交站点", "zq": "1", "jg": "12.50", "ll": 7},
    {"bh": "X-2", "mc": "示例停车场", "zq": "9", "ll": 0},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    schema = {"type": "object", "properties": {name: {"type": kind} for name, kind in TYPES.items()}}
    (tmp_path / "cn-newcity.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "cn-newcity.schema.json").write_text(json.dumps(schema), "utf-8")
    page = {"data": {"rows": SAMPLES, "total": len(SAMPLES)}}
    (tmp_path / "samples.json").write_text(json.dumps(page, ensure_ascii=False), "utf-8")
    return tmp_path


def test_a_folder_is_a_dialect(folder: Path) -> None:
    registry = mh.Registry(paths=[folder])
    dialect = registry.load("cn-newcity")
    assert [d for d in mh.check(folder) if d.severity == "error"] == []
    account = dialect.account(SAMPLES)
    assert (account.read, account.unaccounted, account.failures) == (2, 0, [])


@pytest.mark.parametrize("other", [listed.name for listed in mh.dialects()][::9])
def test_it_speaks_with_every_other(folder: Path, other: str) -> None:
    registry = mh.Registry(paths=[folder])
    mine, theirs = registry.load("cn-newcity"), registry.load(other)
    result = mh.Translator(mine, theirs)(SAMPLES[0])
    assert result.record is not None
    back = mh.Translator(theirs, mine)(result.record)
    assert back.record is not None


def test_the_command_line_knows_it(folder: Path) -> None:
    words = ["test", "cn-newcity", "--mappings", folder, "--records", folder / "samples.json", "--format", "json"]
    command = [sys.executable, "-m", "metaharmon", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    shown = json.loads(done.stdout)
    counts = (done.returncode, shown["records"], shown["returned"], shown["unaccounted"])
    assert counts == (0, 2, 2, 0), done.stderr
