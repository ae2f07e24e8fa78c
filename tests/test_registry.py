"""The registry: how dialects are found, named and loaded; and that importing the package costs nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from metaharmon.diagnostics import UNKNOWN_DIALECT

TOYS = Path(__file__).parent / "data" / "door"


@pytest.fixture(scope="module")
def toys() -> mh.Registry:
    return mh.Registry([TOYS])


# --- the registry ----------------------------------------------------------------------------------------------------


def test_unknown_names_have_a_hint(toys: mh.Registry) -> None:
    with pytest.raises(mh.MappingError) as caught:
        toys.load("toy-aa")
    assert caught.value.diagnostics[0].code == UNKNOWN_DIALECT
    assert caught.value.diagnostics[0].hint == "did you mean 'toy-a'?"


@pytest.mark.parametrize("name", ["", ".", "..", "toy\\a", "x" * 9000])
def test_odd_names_are_unknown(toys: mh.Registry, name: str) -> None:
    with pytest.raises(mh.MappingError) as caught:
        toys.load(name)
    assert caught.value.diagnostics[0].code == UNKNOWN_DIALECT


def test_a_base_is_not_loaded_alone(toys: mh.Registry) -> None:
    for name in ("toy-base", TOYS / "toy-base.yaml"):
        with pytest.raises(mh.MappingError) as caught:
            toys.load(name)
        assert "cannot be loaded alone" in str(caught.value) and "toy-a" in str(caught.value)


def test_dialects_are_loaded_once_and_anew_when_a_parent_changed(tmp_path: Path) -> None:
    for file in TOYS.iterdir():
        shutil.copy(file, tmp_path)
    registry = mh.Registry([tmp_path])
    first = registry.load("toy-a")
    assert registry.load("toy-a") is first and registry.load(tmp_path / "toy-a.yaml") is first
    base = tmp_path / "toy-base.yaml"
    base.write_text(base.read_text("utf-8").replace("title: name", "title: named"), "utf-8")
    os.utime(base, (time.time() + 5, time.time() + 5))
    assert registry.load("toy-a").write({"title": {"zh": "甲"}}) == {"named": "甲"}


def test_a_file_is_named_after_its_dialect(tmp_path: Path) -> None:
    shutil.copy(TOYS / "toy-b.yaml", tmp_path / "other.yaml")
    shutil.copy(TOYS / "toy-b.schema.json", tmp_path)
    with pytest.raises(mh.MappingError, match="dialect: toy-b"):
        mh.Registry([tmp_path]).load("other")
    assert mh.Registry().load(tmp_path / "other.yaml").name == "toy-b"


def test_broken_mappings_name_every_finding(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("dialect: bad\nfields: {titel: a, descripton: b}\n", "utf-8")
    with pytest.raises(mh.MappingError) as caught:
        mh.Registry([tmp_path]).load("bad")
    assert sum(d.code == "MH204" for d in caught.value.diagnostics) == 2
    assert all(d.place is not None and d.place.line == 2 for d in caught.value.diagnostics if d.code == "MH204")


class _Points(list[Any]):
    def __call__(self, group: str) -> list[Any]:
        assert group == "metaharmon.mappings"
        return self


class _Point:
    def __init__(self, name: str, found: Any):
        self.name, self.found = name, found

    def load(self) -> Any:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def test_dialects_of_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    points = _Points([_Point("broken", ImportError("no such module")), _Point("toys", TOYS)])
    monkeypatch.setattr("importlib.metadata.entry_points", points)
    registry = mh.Registry()
    assert registry.load("toy-b").version == "2.0.0"
    assert "broken" in registry.problems[0].message


def test_named_lenses(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        mh.register_lens("door-one-way", object())
    lens = _Backwards()
    mh.register_lens("door-backwards", lens)
    mh.register_lens("door-backwards", lens)
    with pytest.raises(ValueError, match="another lens"):
        mh.register_lens("door-backwards", _Backwards())
    text = (
        (TOYS / "toy-b.yaml")
        .read_text("utf-8")
        .replace("title: label", "version: {field: label, lens: door-backwards}")
    )
    (tmp_path / "toy-b.yaml").write_text(text, "utf-8")
    shutil.copy(TOYS / "toy-b.schema.json", tmp_path)
    dialect = mh.Registry([tmp_path]).load("toy-b")
    assert dialect.read({"label": "abc"}).version == "cba"
    assert dialect.write({"version": "cba"})["label"] == "abc"


class _Backwards:
    exact = True

    def read(self, raw: Any) -> Any:
        return raw[::-1]

    def write(self, value: Any) -> Any:
        return value[::-1]

    def stretched(self, raw: Any) -> None:
        return None


# --- the package ------------------------------------------------------------------------------------------------------


def test_import_is_light() -> None:
    code = "import sys, metaharmon; print([m for m in ('pydantic', 'yaml', 'argparse', 'json') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
    assert _seconds("import metaharmon") - _seconds("pass") < 0.04


def _seconds(code: str) -> float:
    def once() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    return min(once() for _ in range(7))
