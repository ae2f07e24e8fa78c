"""Measure every shipped dialect on the real records beside the project, and write what was found.

Writes docs/reference/figures.md (laws, account, mapped share against the goals) and docs/reference/dialects.md (the
table of dialects). Run with `make figures`; without the corpus only the table is written, without figures.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
REFERENCE = ROOT / "docs" / "reference"
GOALS = (("cn-", 0.95), ("dcat-us", 0.93), ("frictionless", 0.85), ("ckan", 0.55))


def corpus_files() -> list[tuple[Path, str]]:
    """Every file of the corpus that belongs to a dialect, by the table of the tests."""
    found: list[tuple[Path, str]] = []
    for line in (ROOT / "tests" / "data" / "corpus.yaml").read_text("utf-8").splitlines():
        if line.startswith("#") or ":" not in line:
            continue
        pattern, _, dialect = (part.strip() for part in line.partition(":"))
        for path in sorted(CORPUS.glob(pattern.replace("{city}", "*"))):
            city = re.fullmatch(pattern.replace("*", ".*").replace("{city}", "(.+)"), str(path.relative_to(CORPUS)))
            if city is not None:
                found.append((path, dialect.replace("{city}", city.group(1) if city.groups() else "")))
    taken: dict[Path, str] = {}
    for path, dialect in found:  # the first pattern that fits a file decides
        taken.setdefault(path, dialect)
    return list(taken.items())


def measure(paths: dict[str, list[Path]]) -> dict[str, Any]:
    """The account of each dialect over its files."""
    import metaharmon as mh
    from metaharmon.dialect.account import Account
    from metaharmon.files.records import read_documents

    accounts: dict[str, Any] = {}
    for name, files in sorted(paths.items()):
        dialect, account = mh.load(name), Account()
        earlier = None
        for path in files:
            for document in read_documents(path, path.name):
                if document.problems:
                    account.enter_unreadable(document.problems)
                    continue
                for entry in dialect.records(document.value).entries:
                    earlier = dialect.enter(account, entry.record, f"{document.name}#{entry.index}", earlier)
        accounts[name] = account
        print(f"{name}: {account.records} records, share {account.share:.4f}", file=sys.stderr)
    return accounts


def plumbing() -> list[re.Pattern[str]]:
    """The paths of CKAN's own plumbing, from its table."""
    text = (REFERENCE / "plumbing-ckan.md").read_text("utf-8")
    paths = [
        path
        for row in text.splitlines()
        if row.startswith("| `")
        for path in re.findall(r"`([^`]+)`", row.split("|")[1])
    ]
    return [re.compile(re.escape(p).replace(r"\[\]", r"\.\d+").replace(r"\*", ".*") + r"(\..*)?") for p in paths]


def share_without_plumbing(files: list[Path]) -> float:
    """CKAN's mapped share over what is not plumbing."""
    import metaharmon as mh
    from metaharmon.files.records import read_documents

    dialect, tests, counts = mh.load("ckan"), plumbing(), Counter()
    for path in files:
        for document in read_documents(path, path.name):
            for entry in dialect.records(document.value).entries if not document.problems else ():
                for fate in dialect.reading(entry.record, explain=True).fates or ():
                    if not any(test.fullmatch(fate.path) for test in tests):
                        counts[fate.fate] += fate.informative
    return (counts["exact"] + counts["spelled"]) / (sum(counts.values()) - counts["derived"])


def row(name: str, account: Any) -> str:
    """One line of the table of figures."""
    goal = next((goal for prefix, goal in GOALS if name.startswith(prefix)), None)
    failed = sum(account.failed.values())
    mark = "" if goal is None else f"{goal:.0%} {'reached' if account.share >= goal else '**not reached**'}"
    return (
        f"| {name} | {account.records} | {account.refused} | {account.passed['return']} | {account.leaves} | {account.unaccounted} "
        f"| {account.informative} | {account.share:.2%} | {mark} | {failed} |"
    )


def figures_page(accounts: dict[str, Any], ckan: float | None) -> str:
    """docs/reference/figures.md."""
    portals = [a for name, a in accounts.items() if name.startswith("cn-")]
    total = sum(a.records for a in accounts.values())
    lines = [
        "# Figures, measured",
        "",
        "Written by `make figures` on the real records in `../shared/corpus` (they are not part of the project). A record is",
        "*returned* when `write(read(x))` is `x` again, values and types; *informative* leaves are neither null nor empty nor a",
        "marker of absence; the *share* is mapped leaves over informative ones that are not derived. The last column counts",
        "broken laws of any kind (return, keep, account, normal form, writing onto).",
        "",
        f"{total} records of {len(accounts)} dialects: {sum(a.passed['return'] for a in accounts.values())} returned of "
        f"{sum(a.read for a in accounts.values())} read, {sum(a.unaccounted for a in accounts.values())} leaves unaccounted, "
        f"{sum(sum(a.failed.values()) for a in accounts.values())} laws broken. Of these, {sum(a.records for a in portals)} records are of "
        f"{len(portals)} Chinese portals.",
        "",
        "| dialect | records | refused | returned | leaves | unaccounted | informative | mapped share | goal | laws broken |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(row(name, a) for name, a in accounts.items()),
        "",
    ]
    if ckan is not None:
        mark = "reached" if ckan >= 0.8 else "**not reached**"
        lines += [f"CKAN without the platform's [plumbing](plumbing-ckan.md): {ckan:.2%} (goal 80 %: {mark}).", ""]
    lines += [
        "Refused records are broken as files: two CKAN examples repeat a key of an object, which a parser would drop in silence.",
        "",
        "Exchanges, national forms and the illustrative forms have no public records; their laws are tried on examples, on the",
        "hand-written records in `examples/records` and on generated ones (`make test`, `make test-full`).",
        "",
    ]
    return "\n".join(lines)


def dialects_page(accounts: dict[str, Any]) -> str:
    """docs/reference/dialects.md."""
    import metaharmon as mh

    lines = [
        "# Dialects",
        "",
        "Written by `make figures`. *published*: by the body itself. *observed*: seen in live answers or code, not published as a form.",
        "*illustrative*: not the body's own form, and not published by it.",
        "",
        "| dialect | title | 名称 | evidence | date | real records tested | mapped share |",
        "|---|---|---|---|---|---|---|",
    ]
    for listed in mh.dialects():
        dialect = mh.load(listed.name)
        evidence, account = dialect.evidence, accounts.get(listed.name)
        tested = "none public" if account is None else str(account.records)
        share = "" if account is None else f"{account.share:.1%}"
        lines.append(
            f"| {listed.name} | {dialect.title.get('en', '')} | {dialect.title.get('zh', '')} | {evidence.status if evidence else ''} "
            f"| {evidence.date if evidence else ''} | {tested} | {share} |"
        )
    lines += ["", "Sources stand in each file in `mappings/` under `evidence:`.", ""]
    return "\n".join(lines)


def main() -> None:
    """Measure and write both pages."""
    paths: dict[str, list[Path]] = {}
    for path, dialect in corpus_files() if CORPUS.is_dir() else ():
        paths.setdefault(dialect, []).append(path)
    accounts = measure(paths)
    if accounts:
        ckan = share_without_plumbing(paths["ckan"]) if "ckan" in paths else None
        (REFERENCE / "figures.md").write_text(figures_page(accounts, ckan), "utf-8")
    else:
        print("the corpus is not beside the project; docs/reference/figures.md was left as it is", file=sys.stderr)
    (REFERENCE / "dialects.md").write_text(dialects_page(accounts), "utf-8")


if __name__ == "__main__":
    main()
