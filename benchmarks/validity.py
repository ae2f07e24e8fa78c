"""Is what we write valid there? Products of every dialect's records, written afresh for every dialect that has an official
schema, shape or validator, and judged by it. Writes docs/reference/validity.md; run with `make validity`.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import judging  # noqa: E402
import official  # noqa: E402
import shipped  # noqa: E402

PER_SOURCE = 24
PAGE = ROOT / "docs" / "reference" / "validity.md"


def page(tallies: dict[str, judging.Tally]) -> str:
    """docs/reference/validity.md."""
    written = max((tally.written for tally in tallies.values()), default=0)
    lines = [
        "# What we write is valid there",
        "",
        f"Written by `make validity`: up to {written} products, read from the records of every other dialect (up to {PER_SOURCE} a dialect,",
        "examples and real records), were written afresh for each dialect that has an official schema, shape or validator,",
        "and judged by it. The goal: at least 95 % of the records are valid there of which the product says all that the",
        "dialect demands.",
        "",
        "- *says all*: products that say all that the dialect demands. Of the others the report of the translation tells what is",
        "  missing, beforehand (`MH506`), and nothing is invented; a record without it is not valid, and is not counted here.",
        "- *completed*: few products of one kind say all that a dialect of another kind demands. So what a product lacks at its",
        "  top was taken from an example of the dialect; all else is the product's own, and was judged, too.",
        "- *not judged*: products that lack something even then, mostly inside an entry of their own.",
        "- What the validators say below was not foretold: values that go through as they are and that only the validator refuses, such",
        "  as a path with `s3:` (Frictionless), a DOI that stands as an address (DataCite), names with other characters (DCS),",
        "  a period with a time at one end only (DCAT-US 1.1).",
        "",
        "| dialect | validated with | says all | valid | completed | valid | not judged | share | goal |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        kinds = ", ".join(what for what, _ in official.validators(name))
        reached = min(tally.share, tally.share_of_all) >= judging.GOAL
        lines.append(
            f"| {name} | {kinds} | {tally.complete} | {tally.valid} | {tally.completed} | {tally.valid_completed} "
            f"| {tally.written - tally.complete - tally.completed} | {tally.share_of_all:.1%} "
            f"| {'reached' if reached else '**not reached**'} |"
        )
    lines += ["", "## What is missing most often, and what the validators say", ""]
    for name, tally in tallies.items():
        missing = ", ".join(f"`{path}` ({n})" for path, n in tally.missing.most_common(4))
        lines.append(f"- {name}: missing {missing or 'nothing'}")
        lines.extend(f"    - {n} records: `{_shown(text)}`" for text, n in tally.complaints.most_common(4))
    return "\n".join([*lines, ""])


def _shown(text: str) -> str:
    return " ".join(text.replace("`", "'").split())[:150]


def judged(name: str) -> judging.Tally:
    """The tally of a dialect, in a process of its own."""
    return judging.judge(name, PER_SOURCE)


def main() -> None:
    """Judge all of them and write the page."""
    if not shipped.CORPUS.is_dir():
        sys.exit("the official schemas stand beside the project, in ../shared/corpus/_schemas")
    names = [name for name in sys.argv[1:] or sorted(official.said()) if name in shipped.plans()]
    tallies = {}
    judging.material(PER_SOURCE)
    with ProcessPoolExecutor(2) as pool:
        for name, tally in zip(names, pool.map(judged, names), strict=True):
            tallies[name] = tally
            print(
                f"{name}: {tally.written} written, {tally.valid} of {tally.complete} valid, completed "
                f"{tally.valid_completed} of {tally.completed}",
                file=sys.stderr,
            )
            for text, n in tally.complaints.most_common(6):
                print(f"    {n} {' '.join(text.split())}", file=sys.stderr)
    if not sys.argv[1:]:
        PAGE.write_text(page(tallies), "utf-8")


if __name__ == "__main__":
    main()
