"""The compiled engines equal the interpreter: on example, corpus and generated records, and in pairs."""

from __future__ import annotations

import ast
import importlib
import linecache
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import pytest

import shipped
from metaharmon import interpreter
from metaharmon.compiler import CompiledPair, CompiledPlan
from metaharmon.diagnostics import Loss
from metaharmon.engine.outcome import Read, Written
from metaharmon.generate import products, records
from metaharmon.mapping.plan import Plan
from metaharmon.model.normal import copied, same

PLANS = shipped.plans()
NAMES = sorted(PLANS)
RANDOM_PAIRS = sorted(random.Random(11).sample([(a, b) for a in NAMES for b in NAMES if a != b], 60))


@cache
def compiled(name: str) -> CompiledPlan:
    return CompiledPlan(PLANS[name])


@cache
def material(name: str, generated: int, real: int) -> tuple[dict[str, Any], ...]:
    """Records of a dialect: examples, generated ones, and some of the corpus."""
    plan = PLANS[name]
    return (*shipped.example_records(name), *records(plan, 21, generated), *shipped.corpus_records(plan, real))


def reads_alike(plan: Plan, engine: CompiledPlan, record: dict[str, Any]) -> str | None:
    """The first difference between the two readings of a record."""
    before = copied(record)
    one = interpreter.read(plan, record)
    try:
        other = engine.read(record)
    except Exception:  # by contract: then the interpreter explains
        return None if same(record, before) else "a record is changed before it is refused"
    shown = {
        "tree": same(one.tree, other.tree),
        "residue": same(one.residue.as_data(), other.residue.as_data()),
        "problems": one.problems == other.problems,
        "record": same(record, before),
    }
    return next((f"{what}: {one}\n{other}" for what, alike in shown.items() if not alike), None)


def writes_alike(plan: Plan, engine: CompiledPlan, tree: dict[str, Any]) -> str | None:
    """The first difference between the two writings of a product."""
    before = copied(tree)
    one = interpreter.write(plan, tree)
    try:
        other = engine.write(tree)
    except Exception:
        return None if same(tree, before) else "a product is changed before it is refused"
    shown = {
        "record": same(one.record, other.record),
        "losses": one.losses == other.losses,
        "problems": one.problems == other.problems,
        "product": same(tree, before),
    }
    return next((f"{what}: {one}\n{other}" for what, alike in shown.items() if not alike), None)


def pairs_alike(a: Plan, b: Plan, pair: CompiledPair, record: dict[str, Any]) -> str | None:
    """The first difference between a fused translation and reading, then writing."""
    read = interpreter.read(a, record)
    written = interpreter.write(b, read.tree)
    try:
        done = pair.translate(record)
    except Exception:
        return None
    if done is None:
        return None if read.refused else "a record that reads is refused"
    made, losses, residue, problems = done
    shown = {
        "record": same(made, written.record),
        "losses": losses == written.losses,
        "residue": same(residue.as_data(), read.residue.as_data()),
        "problems": problems == read.problems + written.problems,
        "refused": not read.refused,
    }
    return next((f"{what}: {record}\n{(read, written)}\n{done}" for what, alike in shown.items() if not alike), None)


def real_records(name: str) -> tuple[dict[str, Any], ...]:
    """Real records of a dialect, of which at least a half is read: of others the interpreter decides."""
    found = (*shipped.example_records(name), *shipped.corpus_records(PLANS[name], 25))
    return tuple(record for record in found if _is_half_read(PLANS[name], record))


def _is_half_read(plan: Plan, record: dict[str, Any]) -> bool:
    fates = [fate for fate in interpreter.read(plan, record, True).fates or () if fate.fate != "derived"]
    read = sum(fate.informative for fate in fates if fate.fate in ("exact", "spelled"))
    return 0 < sum(fate.informative for fate in fates) <= read * 2


def slow_share(run: Any, given: tuple[Any, ...]) -> float:
    """The share of records that generated code leaves to the interpreter."""
    slow = 0
    for one in given:
        try:
            slow += run(one) is None
        except Exception:
            slow += 1
    return slow / len(given)


def fail(name: str, findings: list[str | None]) -> None:
    """Fail with the first few differences."""
    found = [finding for finding in findings if finding]
    if found:
        pytest.fail(f"{name}: {len(found)} of {len(findings)}\n" + "\n".join(sorted(found, key=len)[:2]), pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_compiled_equals_interpreted(name: str) -> None:
    plan, engine, given = PLANS[name], compiled(name), material(name, 25, 25)
    fail(name, [reads_alike(plan, engine, record) for record in given])
    trees = [interpreter.read(plan, record).tree for record in given] + products(plan, 22, 25)
    fail(name, [writes_alike(plan, engine, tree) for tree in trees])
    good = real_records(name)
    assert slow_share(engine.read, good) == 0
    assert slow_share(engine.write, tuple(interpreter.read(plan, record).tree for record in good)) == 0


@pytest.mark.parametrize("name", NAMES)
def test_writing_what_others_read(name: str) -> None:
    plan, engine = PLANS[name], compiled(name)
    trees = [interpreter.read(PLANS[other], record).tree for other in NAMES for record in material(other, 25, 25)[:2]]
    fail(name, [writes_alike(plan, engine, tree) for tree in trees])


@pytest.mark.parametrize(("a", "b"), RANDOM_PAIRS)
def test_fused_equals_two_steps(a: str, b: str) -> None:
    pair = CompiledPair(PLANS[a], PLANS[b])
    given = material(a, 25, 25)
    fail(f"{a} to {b}", [pairs_alike(PLANS[a], PLANS[b], pair, record) for record in given])
    fail(f"{a} to {b}, again", [pairs_alike(PLANS[a], PLANS[b], pair, record) for record in given])
    good = real_records(a)
    assert slow_share(pair.translate, good) == 0


@pytest.mark.full
@pytest.mark.parametrize("a", NAMES)
def test_all_pairs(a: str) -> None:
    given = material(a, 40, 40)
    for b in NAMES:
        if b != a:
            pair = CompiledPair(PLANS[a], PLANS[b])
            fail(f"{a} to {b}", [pairs_alike(PLANS[a], PLANS[b], pair, record) for record in given])


# --- odd values: those that a memo could take for others, and those that share parts between records -----------------

SURROGATE = "\ud800"
ODD_SHORT = (1.0, True, "", None, [], {"a": 1}, "\ud800")
"""Of the odd values, those for records of many members."""
ODD = (1, 1.0, True, False, 0, "", "1", " ", None, [], {}, [[]], ["a"], {"a": 1}, SURROGATE, "a\nb", "暂无", "x" * 5000)


@pytest.mark.parametrize("name", NAMES)
def test_odd_values_everywhere(name: str) -> None:
    plan, engine = PLANS[name], compiled(name)
    found = shipped.example_records(name)[:1]
    odds = ODD if sum(map(len, found)) <= 16 else ODD_SHORT
    given = [{**record, key: odd} for record in found for key in record for odd in odds]
    given += [{k: v for k, v in record.items() if k != key} for record in found for key in record]
    given += [{**record, "another": odd} for record in found for odd in ODD]
    fail(name, [reads_alike(plan, engine, record) for record in given])
    other = PLANS[NAMES[NAMES.index(name) - 1]]
    pair = CompiledPair(plan, other)
    fail(f"{name} to {other.dialect}", [pairs_alike(plan, other, pair, record) for record in given])


def spoil(value: Any) -> None:
    """Change everything that can be changed in a value."""
    if value.__class__ is dict:
        for below in list(value.values()):
            spoil(below)
        value["spoilt"] = 1
    elif value.__class__ is list:
        for below in value:
            spoil(below)
        value.append("spoilt")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_given_out_is_not_shared(name: str) -> None:
    """A caller may change what it got; the next record is not touched."""
    plan, engine = PLANS[name], compiled(name)
    for record in real_records(name)[:3]:
        for _ in range(2):
            given = copied(record)
            read = engine.read(given)
            written = engine.write(copied(read.tree))
            assert same(read.tree, interpreter.read(plan, given).tree)
            assert same(written.record, interpreter.write(plan, read.tree).record)
            spoil(read.tree)
            spoil(written.record)
            written.losses.clear()
            read.problems.clear()


@pytest.mark.parametrize(("a", "b"), RANDOM_PAIRS[:30])
def test_what_a_pair_gives_out_is_not_shared(a: str, b: str) -> None:
    pair = CompiledPair(PLANS[a], PLANS[b])
    for record in real_records(a)[:3]:
        for _ in range(2):
            given = copied(record)
            assert pairs_alike(PLANS[a], PLANS[b], pair, given) is None
            made, losses, residue, problems = pair.translate(given)  # type: ignore[misc]
            spoil(made)
            losses.clear()
            problems.clear()
            residue.leaves.clear()
            residue.gone.append("spoilt")


# --- the generated source ---------------------------------------------------------------------------------------------


def names_and_numbers_only(source: str) -> None:
    """No text stands in a source but the empty one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            assert node.value == "", source
    assert source.isascii()
    assert "'" not in source
    assert "#" not in source


@pytest.mark.parametrize("name", NAMES)
def test_source_holds_no_text_of_the_mapping(name: str) -> None:
    names_and_numbers_only(compiled(name).source)
    other = NAMES[NAMES.index(name) - 1]
    names_and_numbers_only(CompiledPair(PLANS[name], PLANS[other]).source)


def test_source_is_shown_in_tracebacks() -> None:
    pair = CompiledPair(PLANS[NAMES[0]], PLANS[NAMES[1]])
    with pytest.raises(Exception) as caught:
        pair.translate(None)  # type: ignore[arg-type]
    frame = caught.traceback[-1].frame.code.raw
    lines = [linecache.getline(entry.frame.code.raw.co_filename, entry.lineno + 1) for entry in caught.traceback]
    assert any(line.strip() and line in pair.source for line in lines), frame


def test_many_threads_share_a_plan() -> None:
    """Memos are filled by several threads at once; every answer is that of the interpreter."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for a, b in RANDOM_PAIRS[:4]:
            pair, given = CompiledPair(PLANS[a], PLANS[b]), material(a, 25, 25)
            with ThreadPoolExecutor(4) as pool:
                alike = partial(pairs_alike, PLANS[a], PLANS[b], pair)
                findings = pool.map(alike, given * 4)
                assert [finding for finding in findings if finding] == []
    finally:
        sys.setswitchinterval(before)


def test_memos_stay_within_their_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from metaharmon.compiler import memos

    monkeypatch.setattr(memos, "LIMIT", 3)
    for name in ("cn-guangxi-nanning", "cn-sichuan-aba"):
        engine, given = CompiledPlan(PLANS[name]), material(name, 25, 25)
        fail(name, [reads_alike(PLANS[name], engine, record) for record in given])
        fail(name, [writes_alike(PLANS[name], engine, interpreter.read(PLANS[name], record).tree) for record in given])


def test_outcomes_are_of_the_declared_kinds() -> None:
    name = NAMES[0]
    record = shipped.example_records(name)[0]
    read = compiled(name).read(record)
    assert isinstance(read, Read)
    assert isinstance(compiled(name).write(read.tree), Written)
    made = CompiledPair(PLANS[name], PLANS[NAMES[1]]).translate(record)
    assert made is not None
    assert all(isinstance(loss, Loss) for loss in made[1])


# --- against translators written by hand ------------------------------------------------------------------------------

ABSENT = object()
SPOILT = (
    ABSENT, None, "", "暂无", "没有的词", "2023-02-30", "2023/01/05", "2023-01-05 25:00:00", "1990-05-01 00:30:00",
    "https://a b", "http://data.guizhou.gov.cn/open-data/1", "a,b", "b,a", "、", "每天", "年", "能源资源",
    "12,34", "1,234", 7, True, [], ["x"], "['xls', '没有']", "['csv', 'xls']", "[]", "教育,没有的词",
    SURROGATE, "默认主题",
)  # fmt: skip


def hands() -> dict[tuple[str, str], Any]:
    """The translators by hand, of the folder of benchmarks."""
    sys.path.insert(0, str(shipped.ROOT / "benchmarks"))
    try:
        return importlib.import_module("hand").PAIRS  # type: ignore[no-any-return]
    finally:
        sys.path.pop(0)


def spoilt(record: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A record with one to three other values."""
    made = dict(record)
    for key in rng.sample(sorted(record), rng.randint(1, 3)):
        value = rng.choice(SPOILT)
        made[key] = value
        if value is ABSENT:
            del made[key]
    if rng.random() < 0.2:
        made["别的"] = rng.choice(("x", 1, [1]))
    return made


@pytest.mark.parametrize("names", sorted(hands()))
def test_by_hand_is_the_same_work(names: tuple[str, str]) -> None:
    """What is measured against does all that the generated code does, so that the figure is a fair one."""
    a, b = (PLANS[name] for name in names)
    by_hand, pair = hands()[names], CompiledPair(a, b)
    real, rng = [*shipped.example_records(names[0]), *shipped.corpus_records(a, 10_000)], random.Random(5)
    spoilt_ones = [spoilt(rng.choice(real), rng) for _ in range(3000)]
    assert slow_share(by_hand, tuple(real)) == 0
    assert slow_share(by_hand, tuple(spoilt_ones)) < 0.5
    for record in [*real, *spoilt_ones]:
        try:
            made, lost, kept, gone, problems = by_hand(record)
        except Exception:  # as the generated code may: the slow path
            continue
        done = pair.translate(record)
        assert done is not None
        assert same(made, done[0]), record
        assert lost == [(loss.path, loss.kind, loss.becomes) for loss in done[1]], record
        residue = done[2]
        assert same(kept, residue.leaves), record
        assert sorted(gone) == sorted(residue.gone), record
        assert residue.as_data().keys() <= {"leaves", "gone"}, record
        assert sorted(problems) == sorted((found.code, found.path) for found in done[3]), record
