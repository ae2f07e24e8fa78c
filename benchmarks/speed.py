"""Measure the speed: compiled against interpreted, and a fused pair against one written by hand.

All ratios are of one interleaved run, order reversed each round, CPU time, medians of rounds. Run `make bench`; the
result goes to docs/reference/speed.md. Needs the corpus beside the project.
"""

from __future__ import annotations

import gc
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

ROUNDS = 9


def interleaved(runs: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, list[float]]:
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
    from metaharmon.mapping.envelope import find_envelope
    from metaharmon.records import read_documents

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


def engines(limit: int = 400) -> list[str]:
    """Compiled against interpreted, reading and writing real records."""
    import metaharmon as mh
    from metaharmon import interpreter
    from metaharmon.compiler import CompiledPlan

    rows = []
    for name, pattern in (("cn-guangxi-nanning", "cn-portals/guangxi_nanning.jsonl"), ("cn-guizhou-guiyang", "cn-portals/guizhou_guiyang.jsonl"),
                          ("cn-anhui", "cn-portals/anhui_anhui.jsonl"), ("cn-sichuan-aba", "cn-portals/sichuan_aba.jsonl"),
                          ("dcat-us-1.1", "dcat-us-1.1/*.json"), ("ckan", "ckan/*.json"), ("frictionless-1", "frictionless/*.json")):
        dialect = mh.load(name)
        records = records_of(dialect, pattern, limit if "cn" in name or "us" in name else 60)
        plan = dialect.plan
        compiled = CompiledPlan(plan)
        trees = [interpreter.read(plan, r).tree for r in records]
        times = interleaved({
            "ir": lambda r=records, p=plan: [interpreter.read(p, x) for x in r], "cr": lambda r=records, c=compiled: [c.read(x) for x in r],
            "iw": lambda t=trees, p=plan: [interpreter.write(p, x) for x in t], "cw": lambda t=trees, c=compiled: [c.write(x) for x in t]}, 5)
        both = statistics.median((a + b) / (c + d) for a, b, c, d in zip(times["ir"], times["iw"], times["cr"], times["cw"], strict=True))
        micro = {k: statistics.median(v) / len(records) * 1e6 for k, v in times.items()}
        rows.append(f"| {name} | {len(records)} | {micro['ir']:.0f} | {micro['cr']:.0f} | {ratio(times, 'ir', 'cr'):.1f} | {micro['iw']:.0f} "
                    f"| {micro['cw']:.0f} | {ratio(times, 'iw', 'cw'):.1f} | **{both:.1f}** |")
    return rows


def by_hand() -> list[str]:
    """The fused pair against a translator written by hand, on the records both can read."""
    import hand

    import metaharmon as mh
    from metaharmon.compiler.pair import compile_pair

    a, b = mh.load("cn-guangxi-nanning"), mh.load("cn-guizhou-guiyang")
    pair = compile_pair(a.plan, b.plan)
    records = [r for r in records_of(a, "cn-portals/guangxi_nanning.jsonl", 500) if _by_hand(hand, r)]
    for record in records:
        assert hand.translate(record)[0] == pair.translate(record)[0], record  # type: ignore[index]
    times = interleaved({"hand": lambda: [hand.translate(r) for r in records], "fused": lambda: [pair.translate(r) for r in records]}, 15)
    micro = {k: statistics.median(v) / len(records) * 1e6 for k, v in times.items()}
    return [f"| cn-guangxi-nanning to cn-guizhou-guiyang | {len(records)} | {micro['hand']:.1f} | {micro['fused']:.1f} | **{ratio(times, 'fused', 'hand'):.2f}** |"]


def _by_hand(hand: Any, record: dict[str, Any]) -> bool:
    try:
        hand.translate(record)
    except (ValueError, KeyError, TypeError):
        return False
    return True


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


def main() -> None:
    """Measure and write the page."""
    if not CORPUS.is_dir():
        print("the corpus is not beside the project; nothing was measured")
        return
    median, least = start_up()
    page = ["# Speed, measured", "",
            f"Written by `make bench` on Python {sys.version.split()[0]}, two shared cores. CPU time, interleaved rounds, medians; ratios are",
            "medians of ratios within a round. The machine is noisy: compare inside a table.", "",
            "## Compiled against interpreted", "", "Microseconds a record, read and written afresh. Goal: at least 2.5 in the last column.", "",
            "| dialect | records | read: interpreter | compiled | ratio | write: interpreter | compiled | ratio | both |",
            "|---|---|---|---|---|---|---|---|---|", *engines(), "",
            "## A fused pair against one written by hand", "",
            "`benchmarks/hand.py` is an ordinary translator of one pair with caches; both give the same record, losses and what the way back needs.",
            "Goal: a ratio of at most 1.0.", "", "| pair | records | by hand, us | fused, us | ratio |", "|---|---|---|---|---|", *by_hand(), "",
            "## Start-up", "", f"`import metaharmon` adds {median:.0f} ms to bare Python (median of 15; least {least:.0f} ms). Goal: at most 40 ms.", ""]
    target = ROOT / "docs" / "reference" / "speed.md"
    target.write_text("\n".join(page), "utf-8")
    print("\n".join(page))


if __name__ == "__main__":
    main()
