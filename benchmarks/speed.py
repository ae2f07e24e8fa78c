"""Measure the speed: compiled against interpreted, and fused pairs against translators written by hand.

All ratios are of one interleaved run, order reversed each round, CPU time, medians of rounds. Run `make bench`; the
result goes to docs/reference/speed.md. Needs the corpus beside the project.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
sys.path.insert(0, str(ROOT / "benchmarks"))

ENGINES = (
    ("cn-guangxi-nanning", "cn-portals/guangxi_nanning.jsonl"),
    ("cn-guizhou-guiyang", "cn-portals/guizhou_guiyang.jsonl"),
    ("cn-anhui", "cn-portals/anhui_anhui.jsonl"),
    ("cn-sichuan-aba", "cn-portals/sichuan_aba.jsonl"),
    ("dcat-us-1.1", "dcat-us-1.1/*.json"),
    ("ckan", "ckan/*.json"),
    ("frictionless-1", "frictionless/*.json"),
)
BY_HAND = (
    ("cn-guangxi-nanning", "cn-guizhou-guiyang", "cn-portals/guangxi_*.jsonl"),
    ("cn-sichuan-aba", "cn-anhui", "cn-portals/sichuan_aba.jsonl"),
    ("cn-guangxi-nanning", "cn-guizhou-guiyang", "cn-portals/guangxi_nanning.jsonl"),
)
ROUNDS = 11
LEAST, MOST, LOOKED = 2.5, 1.0, 1.3
START = 40


def interleaved(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each run, round by round, in turn."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    names = list(runs)
    for i in range(rounds + 1):
        for name in names if i % 2 else reversed(names):
            gc.collect()
            start = time.process_time()
            runs[name]()
            if i:  # the first round warms up
                times[name].append(time.process_time() - start)
    return times


def ratio(times: dict[str, list[float]], a: str, b: str) -> float:
    """The median over rounds of a / b."""
    return statistics.median(x / y for x, y in zip(times[a], times[b], strict=True))


def records_of(dialect: Any, pattern: str, limit: int) -> list[dict[str, Any]]:
    """Real records of the corpus for a dialect."""
    from metaharmon.files.records import read_documents
    from metaharmon.mapping.envelope import find_envelope

    out: list[dict[str, Any]] = []
    for path in sorted(CORPUS.glob(pattern)):
        for document in read_documents(path, path.name):
            if document.problems:
                continue
            found = find_envelope(dialect.plan.envelopes, document.value)
            out.extend(r for r in (found[1] if found else []) if isinstance(r, dict))
        if len(out) >= limit:
            break
    return out[:limit]


# --- compiled against interpreted


def engines() -> tuple[list[str], float]:
    """A row for each dialect, and the least ratio of reading and writing together."""
    made = [engine(name, pattern) for name, pattern in ENGINES]
    return [row for row, _ in made], min(both for _, both in made)


def engine(name: str, pattern: str) -> tuple[str, float]:
    """Compiled against interpreted, reading and writing real records of a dialect."""
    import metaharmon as mh
    from metaharmon import interpreter
    from metaharmon.compiler import CompiledPlan

    dialect = mh.load(name)
    plan, compiled = dialect.plan, CompiledPlan(dialect.plan)
    records = records_of(dialect, pattern, 400 if "cn" in name or "us" in name else 60)
    trees = [interpreter.read(plan, record).tree for record in records]

    def reading(record: dict[str, Any]) -> Any:  # as Dialect does: what generated code leaves, the interpreter reads
        try:
            return compiled.read(record)
        except Exception:
            return interpreter.read(plan, record)

    def writing(tree: dict[str, Any]) -> Any:
        try:
            return compiled.write(tree)
        except Exception:
            return interpreter.write(plan, tree)

    times = interleaved(
        {
            "ir": lambda: [interpreter.read(plan, record) for record in records],
            "cr": lambda: [reading(record) for record in records],
            "iw": lambda: [interpreter.write(plan, tree) for tree in trees],
            "cw": lambda: [writing(tree) for tree in trees],
        },
        5,
    )
    rounds = zip(times["ir"], times["iw"], times["cr"], times["cw"], strict=True)
    both = statistics.median((a + b) / (c + d) for a, b, c, d in rounds)
    ir, cr, iw, cw = (f"{statistics.median(t) / len(records) * 1e6:.0f}" for t in times.values())
    read, write = ratio(times, "ir", "cr"), ratio(times, "iw", "cw")
    return f"| {name} | {len(records)} | {ir} | {cr} | {read:.1f} | {iw} | {cw} | {write:.1f} | **{both:.1f}** |", both


# --- fused against written by hand


def by_hand() -> tuple[list[str], float]:
    """A row for each pair, and the greatest ratio of records seen before."""
    made = [pair_by_hand(*names) for names in BY_HAND]
    return [row for row, _ in made], max(seen for _, seen in made)


def pair_by_hand(a: str, b: str, pattern: str) -> tuple[str, float]:
    """A fused pair against a translator written by hand: on values that the memos know, and on the other half of the
    records after one half was translated. Each round takes records freshly parsed."""
    import hand

    import metaharmon as mh
    from metaharmon.compiler.pair import compile_pair

    first, second = mh.load(a), mh.load(b)
    records = records_of(first, pattern, 10_000)
    random.Random(1).shuffle(records)
    texts, half = [json.dumps(record) for record in records], len(records) // 2
    by_hand_, pair = hand.PAIRS[a, b], compile_pair(first.plan, second.plan)
    check(by_hand_, pair.translate, records)

    def anew(name: str) -> Any:
        if name == "fused":
            return compile_pair(first.plan, second.plan).translate
        for cache in hand.CACHES:
            cache.cache_clear()
        return by_hand_

    seen = rounds_of({"hand": lambda: by_hand_, "fused": lambda: pair.translate}, [], texts)
    sight = rounds_of({name: lambda name=name: anew(name) for name in ("hand", "fused")}, texts[:half], texts[half:])
    cells = []
    for times, n in ((seen, len(texts)), (sight, len(texts) - half)):
        spent = [f"{statistics.median(times[name]) / n * 1e6:.1f}" for name in ("hand", "fused")]
        cells += [*spent, f"**{ratio(times, 'fused', 'hand'):.2f}**"]
    source = f"{a} ({Path(pattern).stem})"
    return f"| {source} to {b} | {len(texts)} | {' | '.join(cells)} |", ratio(seen, "fused", "hand")


def check(by_hand_: Any, translate: Any, records: list[dict[str, Any]]) -> None:
    """Fail where the two do not give the same. Every record must be one that both finish."""
    for record in records:
        made, lost, kept, gone, problems = by_hand_(record)
        record_, losses, residue, found = translate(record)
        assert made == record_, record
        assert lost == [(loss.path, loss.kind, loss.becomes) for loss in losses], record
        assert (kept, sorted(gone)) == (residue.leaves, sorted(residue.gone)), record
        assert len(problems) == len(found), record


def rounds_of(makes: dict[str, Callable[[], Any]], before: list[str], texts: list[str]) -> dict[str, list[float]]:
    """CPU seconds of translating records, after those before it, round by round, in turn."""
    times: dict[str, list[float]] = {name: [] for name in makes}
    names = list(makes)
    for i in range(ROUNDS + 1):
        for name in names if i % 2 else reversed(names):
            translate = makes[name]()
            for text in before:
                translate(json.loads(text))
            records = [json.loads(text) for text in texts]
            gc.collect()
            start = time.process_time()
            for record in records:
                translate(record)
            if i:  # the first round warms up
                times[name].append(time.process_time() - start)
    return times


# --- the account of a translation


def accounts() -> tuple[list[str], float]:
    """A row for each pair: a translation, the same with `left` looked at, with the values of losses; greatest ratio."""
    made = [account_of(*names) for names in BY_HAND]
    return [row for row, _ in made], max(looked for _, looked in made)


def account_of(a: str, b: str, pattern: str) -> tuple[str, float]:
    """What it costs to look at the account of each record."""
    import metaharmon as mh

    translate = mh.translator(a, b)
    texts = [json.dumps(record) for record in records_of(translate.read, pattern, 10_000)]
    for text in texts:
        assert translate(json.loads(text)).left is not None
    times = rounds_of(
        {
            "plain": lambda: translate,
            "left": lambda: lambda record: translate(record).left,
            "losses": lambda: lambda record: translate(record).losses,
        },
        [],
        texts,
    )
    spent = (f"{statistics.median(found) / len(texts) * 1e6:.1f}" for found in times.values())
    looked = ratio(times, "left", "plain")
    return f"| {a} ({Path(pattern).stem}) to {b} | {' | '.join(spent)} | **{looked:.2f}** |", looked


# --- start-up


def start_up() -> tuple[float, float]:
    """Milliseconds that `import metaharmon` adds to bare Python: median and least of 15 interleaved pairs."""
    added = []
    for _ in range(15):
        spent = []
        for code in ("pass", "import metaharmon"):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            spent.append(time.perf_counter() - start)
        added.append((spent[1] - spent[0]) * 1000)
    return statistics.median(added), min(added)


def reached(good: bool) -> str:
    """The word for a goal."""
    return "reached" if good else "**not reached**"


PAGE = """\
# Speed, measured

Written by `make bench` on Python {python}, two shared cores. CPU time, interleaved rounds, medians; ratios are
medians of ratios within a round. The machine is noisy: compare inside a table.

## Compiled against interpreted

Microseconds a record, read and written afresh. Goal: at least {least} in the last column: {engines_reached}.

| dialect | records | read: interpreter | compiled | ratio | write: interpreter | compiled | ratio | both |
|---|---|---|---|---|---|---|---|---|
{engines}

## Fused pairs against translators written by hand

`benchmarks/hand/` holds ordinary translators with tables and caches. They do the same work, which is checked on
every record before the run and, with spoilt records, in the tests: record, losses, what the way back needs, findings;
unknown codes, dates and addresses. Microseconds a record, freshly parsed. *Seen*: the caches of both know the values
that repeat. *First sight*: both are new, translate one half of the records, and are timed on the other half. Goal: a
ratio of at most {most:.1f} on values seen: {hand_reached}.

| pair (records of) | records | seen: by hand | fused | ratio | first sight: by hand | fused | ratio |
|---|---|---|---|---|---|---|---|
{hand}

The portals of Guangxi share one form; the records of all 13 cities are read as Nanning's. In the last row (Nanning
alone) the first sight of each code weighs in the few records that are timed: compiled code works a new code out by the
general way, once, which costs it more than a table by hand.

## The account of a translation

What is lost and what is left is worked out when it is first asked for. Microseconds a record: `t(record)`; with
`.left` read; with `.losses` read, each with the value that is lost, for which the product is read. Goal: with `left` at
most {looked:.1f} of the plain call: {looked_reached}.

| pair (records of) | plain | left | losses | left / plain |
|---|---|---|---|---|
{accounts}

## Start-up

`import metaharmon` adds {median:.0f} ms to bare Python (median of 15; least {fastest:.0f} ms).
Goal: at most {start} ms: {start_reached}.
"""


def main() -> None:
    """Measure and write the page."""
    if not CORPUS.is_dir():
        print("the corpus is not beside the project; nothing was measured")
        return
    median, fastest = start_up()
    rows, least = engines()
    hand_rows, most = by_hand()
    account_rows, looked = accounts()
    page = PAGE.format(
        python=sys.version.split()[0], least=LEAST, engines="\n".join(rows), engines_reached=reached(least >= LEAST),
        most=MOST, hand="\n".join(hand_rows), hand_reached=reached(most <= MOST),
        accounts="\n".join(account_rows), looked=LOOKED, looked_reached=reached(looked <= LOOKED),
        median=median, fastest=fastest, start=START, start_reached=reached(median <= START),
    )  # fmt: skip
    target = ROOT / "docs" / "reference" / "speed.md"
    target.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
