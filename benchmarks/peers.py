"""Count peers' assertions by class and print the table of them: `python benchmarks/peers.py`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import peers  # noqa: E402


def table() -> str:
    """The assertions by peer and class, as Markdown."""
    counts = Counter((one.peer, one.kind) for one in peers.assertions())
    names = sorted({peer for peer, _ in counts})
    lines = [f"| peer | {' | '.join(peers.CLASSES.values())} | all |", "|---|" + "---:|" * (len(peers.CLASSES) + 1)]
    for peer in names:
        mine = [counts[peer, kind] for kind in peers.CLASSES]
        lines.append(f"| {peer} | {' | '.join(map(str, mine))} | {sum(mine)} |")
    total = [sum(counts[peer, kind] for peer in names) for kind in peers.CLASSES]
    return "\n".join([*lines, f"| all | {' | '.join(map(str, total))} | {sum(total)} |"])


if __name__ == "__main__":
    print(table())
