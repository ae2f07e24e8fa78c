"""Try law 7 on every ordered pair of dialects: take leaves out of records, change them, and see whether anybody notices.

Run `make law7`; the result goes to docs/reference/law-7.md. Records: of the corpus, where it stands beside the project,
examples, and generated ones. A quarter of an hour on two cores.
"""

from __future__ import annotations

import os
import sys
import time
from multiprocessing import Pool
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
PAGE = ROOT / "docs" / "reference" / "law-7.md"
LEAVES = 2
"""Leaves of a record that are tried in each pair, each twice."""


def tried(name: str) -> tuple[int, int, list[str]]:
    """Pairs, tries and findings of one dialect that is read."""
    import shipped
    import test_arrive
    from metaharmon.generate import records

    plan = shipped.plans()[name]
    pool = [*shipped.corpus_records(plan, 60), *shipped.example_records(name), *records(plan, 29, 20)]
    tries, findings, pairs = 0, [], 0
    for n, other in enumerate(one for one in test_arrive.NAMES if one != name):
        count, bad = test_arrive.silent(name, other, pool[n % len(pool)], LEAVES, n)
        pairs, tries = pairs + 1, tries + count
        findings += bad
    return pairs, tries, findings


def restating() -> str:
    """The fields of each dialect that only restate others, as a table."""
    import arrive
    import shipped

    lines = [
        "## Fields that restate others",
        "",
        "As the mappings say it: computed fields, labels of codes, constants by which entries",
    ]
    lines += [
        "are told apart; of linked data also contexts and types. They may go unseen.",
        "",
        "| dialect | fields |",
        "|---|---|",
    ]
    for name, plan in sorted(shipped.plans().items()):
        names = sorted({".".join(map(str, one)) for one in arrive.restating(plan) if one})
        if names:
            lines.append(f"| {name} | {', '.join(f'`{one}`' for one in names)} |")
    return "\n".join(lines) + "\n"


def foreign() -> str:
    """How many inputs of another form are tried by the tests, as a section."""
    import test_foreign

    wrapped, others = len(test_foreign.WRAPPED), len(test_foreign.DATA["documents"])
    return f"""## Records of another form

`tests/test_foreign.py` gives the command line {wrapped + others} inputs that are not what a dialect sends: {wrapped} records of
{len(test_foreign.DATA["records"])} dialects in wrappers, and {others} foreign, starred, wrongly nested, hardly read and empty
documents. Blank listings with exit 0: none.
"""


def page(pairs: int, tries: int, findings: list[str], minutes: float) -> str:
    """The page."""
    found = "".join(f"- {line}\n" for line in findings[:40])
    return f"""# Law 7, tried

Written by `make law7`. In every ordered pair of dialects a record is translated, then translated again without one of its
leaves, and with that leaf changed. Record, losses, what is left and findings must show it, unless the leaf restates
another: a computed field, the label of a code, another spelling of a field that says the same, a value that a record
written afresh says again.

| | |
|---|---|
| ordered pairs | {pairs:,} |
| tries | {tries:,} |
| leaves that go or change unseen | {len(findings):,} |
| minutes on two cores | {minutes:.0f} |

{found}
{foreign()}
{restating()}"""


def main() -> None:
    """Try all, and write the page."""
    import test_arrive

    start = time.time()
    with Pool(os.cpu_count()) as workers:
        done = list(workers.imap_unordered(tried, test_arrive.NAMES))
    findings = sorted(line for one in done for line in one[2])
    text = page(sum(one[0] for one in done), sum(one[1] for one in done), findings, (time.time() - start) / 60)
    PAGE.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
