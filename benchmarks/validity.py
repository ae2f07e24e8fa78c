"""Is what we write valid there? Products of every dialect's records, written afresh for every dialect that has an official
schema, shape or validator, and judged by it. Writes docs/reference/validity.md; run with `make validity`.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import official  # noqa: E402
import shipped  # noqa: E402
from metaharmon import interpreter  # noqa: E402
from metaharmon.diagnostics import REQUIRED_MISSING  # noqa: E402

PER_SOURCE = 12
PAGE = ROOT / "docs" / "reference" / "validity.md"


class Tally:
    """The records written for one dialect."""

    def __init__(self) -> None:
        self.written = self.lacking = self.valid = self.unforeseen = 0
        self.complaints: Counter[str] = Counter()

    @property
    def complete(self) -> int:
        """Records of which the source has all that the dialect demands."""
        return self.written - self.lacking

    @property
    def share(self) -> float:
        """The valid ones among these."""
        return self.valid / self.complete if self.complete else 1.0


def material(per_source: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Products to write: of each dialect the examples and a sample of the corpus, always the same."""
    found = []
    for name, plan in sorted(shipped.plans().items()):
        real = shipped.corpus_records(plan, per_source)
        records = [*shipped.example_records(name), *real]
        random.Random(name).shuffle(records)
        trees = [read.tree for read in (interpreter.read(plan, r) for r in records[:per_source]) if not read.refused]
        found.append((name, trees))
    return found


def judge(name: str, trees: list[dict[str, Any]]) -> Tally:
    """Products written for a dialect, and what its validators say."""
    tally, plan = Tally(), shipped.plans()[name]
    for tree in trees:
        written = interpreter.write(plan, tree)
        tally.written += 1
        if any(problem.code == REQUIRED_MISSING for problem in written.problems):
            tally.lacking += 1
            continue
        against = official.complaints(name, written.record)
        tally.valid += not against
        tally.complaints.update(against[:1])
    return tally


def page(tallies: dict[str, Tally]) -> str:
    """docs/reference/validity.md."""
    lines = [
        "# What we write is valid there",
        "",
        f"Written by `make validity`: products read from the records of every dialect (up to {PER_SOURCE} a dialect, examples and real",
        "records), written afresh for each dialect that has an official schema, shape or validator, and judged by it.",
        "*lacking*: the product does not say what the dialect demands; the report of the translation says so (`MH506`) and nothing",
        "is invented. *valid*: of the others. Goal: 95 %.",
        "",
        "| dialect | validated with | written | lacking | valid | share | goal | most frequent complaint |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        kinds = ", ".join(what for what, _ in official.validators(name))
        most = next((f"{text} ({n})" for text, n in tally.complaints.most_common(1)), "")
        mark = "reached" if tally.share >= 0.95 else "**not reached**"
        shown = most.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")[:160]
        lines.append(
            f"| {name} | {kinds} | {tally.written} | {tally.lacking} | {tally.valid} | {tally.share:.1%} | {mark} | {shown} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Judge all of them and write the page."""
    if not shipped.CORPUS.is_dir():
        sys.exit("the official schemas stand beside the project, in ../shared/corpus/_schemas")
    products = material(PER_SOURCE)
    tallies = {}
    for name in sys.argv[1:] or sorted(official.said()):
        if name not in shipped.plans():
            continue
        tallies[name] = judge(name, [tree for source, trees in products if source != name for tree in trees])
        tally = tallies[name]
        print(
            f"{name}: {tally.written} written, {tally.lacking} lacking, {tally.valid} valid ({tally.share:.1%})",
            file=sys.stderr,
        )
        for text, n in tally.complaints.most_common(6):
            print(f"    {n} {text}", file=sys.stderr)
    if not sys.argv[1:]:
        PAGE.write_text(page(tallies), "utf-8")


if __name__ == "__main__":
    main()
