"""Measure what arrives: the share of a record that the other record says, for every pair of the main dialects.

Each leaf of a record that says something has one outcome in a translation (law 7): said, changed, omitted, or left
(kept, unknown, unread, surplus). Run `make figures`; the result goes to docs/reference/arrival.md. Of each dialect: its
example record that says most, and two records of the corpus, where it stands beside the project.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
PAGE = ROOT / "docs" / "reference" / "arrival.md"

MAIN = [
    "cn-harbin-exchange",
    "cn-ndi-product",
    "cn-shanghai-page",
    "cn-liaoning-exchange",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-guangxi-beihai",
    "cn-guizhou-guiyang",
    "cn-tc609-dataset-card",
    "dataocean-sheet",
    "ckan",
    "dcat-us-1.1",
    "dcat-us-3",
    "dcat-ap-3",
    "schema-org",
    "datacite-4",
    "zenodo",
    "croissant-1.1",
    "frictionless-1",
    "stac-collection",
    "dataspace-protocol",
    "odps-4",
    "odcs-3.1",
    "hf-dataset-card",
]
HEAD = """# What arrives

Written by `make figures`. The arrival share of a translation is the share of the leaves of a record, of those that say
something of their own, that the other dialect's record says, unchanged or in another spelling
([law 7](../explanation/laws.md)). The rest is in the report, leaf by leaf. Much has no place at the other side: a
portal's licence text in a catalogue without licences, an exchange's price in a standard without prices.

Rows are read, columns are written; percent, means over the records that were tried ({records} records). The diagonal is
what a dialect's own mapping reads of its records: written back with their residue, all of it returns.
"""


def records_of(name: str) -> list[dict[str, Any]]:
    """The records of a dialect that are measured."""
    import arrive
    import shipped

    examples = sorted(shipped.example_records(name), key=lambda record: -sum(1 for _ in arrive.leaves(record)))
    return [*examples[:1], *shipped.corpus_records(shipped.plans()[name], 2)]


def measured() -> tuple[dict[tuple[str, str], float], dict[str, Counter[str]], int]:
    """The arrival share of each pair, what becomes of all leaves by dialect that is read, and how many records."""
    import metaharmon as mh
    from metaharmon.dialect.trace import OUTCOMES

    shares: dict[tuple[str, str], float] = {}
    totals: dict[str, Counter[str]] = {}
    tried = 0
    for read in MAIN:
        found = records_of(read)
        tried += len(found)
        totals[read] = Counter()
        for write in MAIN:
            translate = mh.translator(read, write)
            accounts = [translate(record).account() for record in found]
            if read != write:
                for account in accounts:
                    totals[read].update({outcome: account[outcome] for outcome in OUTCOMES})
            shares[read, write] = sum(account["arrival"] for account in accounts) / len(accounts)
    return shares, totals, tried


def page(shares: dict[tuple[str, str], float], totals: dict[str, Counter[str]], tried: int) -> str:
    """The page."""
    lines = [HEAD.format(records=tried), f"| | {' | '.join(str(n + 1) for n in range(len(MAIN)))} |"]
    lines.append(f"|---|{'---|' * len(MAIN)}")
    for n, read in enumerate(MAIN):
        cells = (f"{shares[read, write] * 100:.0f}" for write in MAIN)
        lines.append(f"| {n + 1} {read} | {' | '.join(cells)} |")
    names = list(next(iter(totals.values())))
    what = "All leaves of each dialect's records, written in all other dialects above; percent."
    lines += ["", "## What becomes of the leaves", "", what, ""]
    lines += [f"| read | leaves | {' | '.join(names)} |", f"|---|{'---|' * (len(names) + 1)}"]
    for read, counts in totals.items():
        whole = sum(counts.values()) or 1
        cells = (f"{counts[name] / whole * 100:.1f}" for name in names)
        lines.append(f"| {read} | {whole:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(*measured()), "utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
