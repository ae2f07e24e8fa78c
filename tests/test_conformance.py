"""The language-neutral cases of conformance/, run here by the interpreter and by generated code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import metaharmon as mh
from metaharmon import interpreter
from metaharmon.compiler import CompiledPlan
from metaharmon.engine.outcome import Read, Written
from metaharmon.engine.residue import Residue
from metaharmon.files.jsontext import loads
from metaharmon.model.apply import apply_losses
from metaharmon.model.normal import same
from metaharmon.model.overlay import overlay
from metaharmon.model.whole import normal_product

FOLDER = Path(__file__).parents[1] / "conformance"
WORDS = {"name", "clause", "theirs", "ours", "back", "residue", "losses", "found", "refused", "edited", "onto"}
Case = dict[str, Any]


def _cases() -> list[Any]:
    out = []
    for file in sorted((FOLDER / "cases").glob("*.json")):
        content = loads(file.read_bytes(), str(file))
        for case in content["cases"]:
            out.append(pytest.param(content["mapping"], case, id=f"{file.stem}: {case['name']}"))
    return out


CASES = _cases()


@cache
def _dialect(mapping: str) -> mh.Dialect:
    return mh.load(FOLDER / "mappings" / mapping)


@cache
def _generated(mapping: str) -> CompiledPlan:
    return CompiledPlan(_dialect(mapping).plan)


def _equal(found: Any, wanted: Any, what: str) -> None:
    assert same(found, wanted), f"{what}:\n  found    {found!r}\n  expected {wanted!r}"


def _equal_reading(read: Read, case: Case) -> None:
    found = {" ".join(filter(None, (problem.code, problem.path))) for problem in read.problems}
    assert found == set(case.get("found", [])), "findings"
    assert read.refused == case.get("refused", False)
    if read.refused:
        return
    _equal(read.tree, case["ours"], "ours")
    if "residue" in case:
        _equal(_shown(read.residue.as_data()), _shown(case["residue"]), "residue")


def _shown(residue: dict[str, Any]) -> dict[str, Any]:
    """A residue without digests, and with `gone` in one order."""
    out = {key: value for key, value in residue.items() if key != "with"}
    return {**out, "gone": sorted(out["gone"])} if "gone" in out else out


def _equal_writing(written: Written, back: Any, losses: list[Any]) -> None:
    _equal(written.record, back, "back")
    found = []
    for loss in written.losses:
        one = {"path": loss.path, "kind": loss.kind}
        found.append(one if loss.becomes is None else {**one, "becomes": loss.becomes})
    _equal(sorted(found, key=str), sorted(losses, key=str), "losses")


@pytest.mark.parametrize(("mapping", "case"), CASES)
def test_a_case_is_well_formed(mapping: str, case: Case) -> None:
    assert case.keys() <= WORDS
    assert case["name"] and case["clause"]
    assert "theirs" in case or "back" in case
    if "ours" in case:
        _equal(normal_product(case["ours"]), case["ours"], "normal form of ours")


@pytest.mark.parametrize(("mapping", "case"), [c for c in CASES if "theirs" in c.values[1]])
def test_reading(mapping: str, case: Case) -> None:
    read = interpreter.read(_dialect(mapping).plan, case["theirs"])
    _equal_reading(read, case)
    if not read.refused:
        back = interpreter.write(_dialect(mapping).plan, read.tree, read.residue).record
        _equal(back, case["theirs"], "law 1")


@pytest.mark.parametrize(("mapping", "case"), [c for c in CASES if "theirs" in c.values[1]])
def test_reading_by_generated_code(mapping: str, case: Case) -> None:
    try:
        read = _generated(mapping).read(case["theirs"])
    except Exception as trouble:  # by contract: what generated code did not foresee, the interpreter explains
        pytest.skip(f"left to the interpreter: {type(trouble).__name__}")
    _equal_reading(read, case)


@pytest.mark.parametrize(("mapping", "case"), [c for c in CASES if "ours" in c.values[1]])
def test_writing(mapping: str, case: Case) -> None:
    plan = _dialect(mapping).plan
    back, losses = case.get("back", case.get("theirs")), case.get("losses", [])
    written = interpreter.write(plan, case["ours"])
    _equal_writing(written, back, losses)
    _equal(interpreter.read(plan, back).tree, apply_losses(case["ours"], written.losses), "law 2")


@pytest.mark.parametrize(("mapping", "case"), [c for c in CASES if "ours" in c.values[1]])
def test_writing_by_generated_code(mapping: str, case: Case) -> None:
    _equal_writing(
        _generated(mapping).write(case["ours"]), case.get("back", case.get("theirs")), case.get("losses", [])
    )


@pytest.mark.parametrize(("mapping", "case"), [c for c in CASES if "edited" in c.values[1]])
def test_writing_an_edited_product(mapping: str, case: Case) -> None:
    plan, edited = _dialect(mapping).plan, case["edited"]
    residue = Residue.from_data(interpreter.read(plan, case["theirs"]).residue.as_data())
    _equal_writing(interpreter.write(plan, edited["ours"], residue), edited["back"], edited.get("losses", []))


@pytest.mark.parametrize(("mapping", "case"), [c for c in CASES if "onto" in c.values[1]])
def test_writing_onto_a_record(mapping: str, case: Case) -> None:
    dialect, onto = _dialect(mapping), case["onto"]
    product = mh.DataProduct.model_validate(case["ours"])
    for path in onto.get("cleared", ()):
        product.clear(path)
    written = dialect.writing(product, onto=onto["record"])
    _equal_writing(written, onto["back"], onto.get("losses", []))
    _equal(dialect.write(product, onto=written.record), written.record, "twice is once")
    laid = overlay(dialect.read(onto["record"]).tree(), product.tree(), product.cleared)
    _equal(dialect.read(written.record).tree(), apply_losses(laid, written.losses), "onto reads back")


def test_every_mapping_has_cases() -> None:
    assert {case.values[0] for case in CASES} == {path.name for path in (FOLDER / "mappings").glob("*.yaml")}


def test_generated_code_reads_nearly_all_cases() -> None:
    read = [case.values for case in CASES if "theirs" in case.values[1]]
    left = [case["name"] for mapping, case in read if _is_left(mapping, case["theirs"])]
    assert len(left) * 10 <= len(read), left


def _is_left(mapping: str, record: Any) -> bool:
    try:
        _generated(mapping).read(record)
    except Exception:
        return True
    return False
