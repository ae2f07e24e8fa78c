"""Measure every shipped dialect on the real records beside the project, and write what was found.

Writes docs/reference/figures.md (laws, account, mapped share against the goals) and docs/reference/dialects.md (the
table of dialects). Run with `make figures`; without the corpus only the table is written, without figures.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import shipped  # noqa: E402

REFERENCE = ROOT / "docs" / "reference"
FAMILIES = (
    ("Chinese portals", r"cn-.*", 0.95),
    ("DCAT-US", r"dcat-us-.*", 0.93),
    ("DCAT-AP", r"dcat-ap-.*", 0.85),
    ("Frictionless", r"frictionless-.*", 0.85),
    ("schema.org", r"schema-org", 0.85),
    ("DataCite", r"datacite-.*", 0.85),
    ("FirstData", r"firstdata.*", 0.85),
    ("pygeometa MCF", r"pygeometa-mcf.*", 0.85),
    ("Russian passport", r"ru-.*", 0.85),
    ("ODCS", r"odcs-.*", 0.80),
    ("Data Contract Specification", r"data-contract-spec.*", 0.80),
    ("Hugging Face card", r"hf-.*", 0.80),
    ("ODPS (Linux Foundation)", r"odps-[34].*", 0.70),
    ("Croissant", r"croissant-.*", 0.65),
    ("Zenodo, InvenioRDM", r"zenodo|invenio-.*", 0.65),
    ("AWS Open Data Registry", r"aws-open-data", 0.65),
    ("Dataspace Protocol, EDC", r"dataspace-protocol|edc-.*", 0.65),
    ("CKAN, all leaves", r"ckan(-.*)?", 0.55),
    ("STAC", r"stac-.*", 0.60),
)
"""Families of dialects, and the least mapped share that their records are to have together."""
PLUMBING = ("CKAN, without the platform's [plumbing](plumbing-ckan.md)", "ckan", 0.80)
"""A family whose share is given again without some leaves, and the goal."""


def measure(paths: dict[str, list[Path]]) -> dict[str, Any]:
    """The account of each dialect over its files."""
    import metaharmon as mh
    from metaharmon.dialect.account import Account

    accounts: dict[str, Any] = {}
    for name, files in sorted(paths.items()):
        dialect, account = mh.load(name), Account()
        earlier = None
        for document in documents(files):
            entries, problems = entries_of(dialect, document)
            if problems:
                account.enter_unreadable(problems)
            for entry in entries:
                earlier = dialect.enter(account, entry.record, f"{document.name}#{entry.index}", earlier)
        accounts[name] = account
        print(f"{name}: {account.records} records, share {account.share:.4f}", file=sys.stderr)
    return accounts


def entries_of(dialect: Any, document: Any) -> tuple[list[Any], list[Any]]:
    """The records of a document, or why there are none."""
    from metaharmon.diagnostics import RecordError

    if document.problems:
        return [], list(document.problems)
    try:
        return dialect.records(document.value).entries, []
    except RecordError as error:  # records may stand at several places, or none is in it
        return [], error.diagnostics


def documents(files: list[Path]) -> Iterator[Any]:
    """The documents of some files."""
    from metaharmon.files.records import read_documents

    for path in files:
        yield from read_documents(path, path.name)


def fates_of(name: str, files: list[Path]) -> Iterator[Any]:
    """What became of each leaf of the records of a dialect, as far as they can be read."""
    import metaharmon as mh

    dialect = mh.load(name)
    for document in documents(files):
        for entry in entries_of(dialect, document)[0]:
            yield from dialect.reading(entry.record, explain=True).fates or ()


def plumbing() -> list[re.Pattern[str]]:
    """The paths of CKAN that are its own plumbing, as its page lists them."""
    paths = [
        path
        for row in (REFERENCE / "plumbing-ckan.md").read_text("utf-8").splitlines()
        if row.startswith("| `")
        for path in re.findall(r"`([^`]+?)(?:\.\*)?`", row.split("|")[1])
    ]
    return [re.compile(re.escape(p).replace(r"\[\]", r"\.\d+").replace(r"\*", ".*") + r"(\..*)?") for p in paths]


def share_without_plumbing(name: str, files: list[Path]) -> float:
    """The mapped share of CKAN's records over what is not its own plumbing."""
    counts: Counter[str] = Counter()
    tests = plumbing()
    for fate in fates_of(name, files):
        if not any(test.fullmatch(fate.path) for test in tests):
            counts[fate.fate] += fate.informative
    return (counts["exact"] + counts["spelled"]) / (sum(counts.values()) - counts["derived"])


def unmapped(name: str, files: list[Path]) -> Counter[str]:
    """The informative leaves that are kept or unread, by the first members of their paths."""
    counts: Counter[str] = Counter()
    for fate in fates_of(name, files):
        if fate.fate in ("kept", "unread") and fate.informative:
            names = [part for part in re.sub(r"\.\d+(?=\.|$)", "", fate.path).split(".") if part]
            counts[".".join(names[:2])] += fate.informative
    return counts


def shortfall_rows(accounts: dict[str, Any], paths: dict[str, list[Path]]) -> list[str]:
    """Of dialects whose family is below its goal: the leaves that weigh most."""
    rows = []
    for _, pattern, goal in FAMILIES:
        mine = {name: account for name, account in accounts.items() if re.fullmatch(pattern, name)}
        for name, account in mine.items():
            if account.share < goal and name != "ckan":
                counts = unmapped(name, paths[name])
                most = ", ".join(f"`{path}` {count}" for path, count in counts.most_common(8))
                rows.append(f"| {name} | {account.share:.1%} | {goal:.0%} | {sum(counts.values())} | {most} |")
    return rows


def row(name: str, account: Any) -> str:
    """One line of the table of figures."""
    failed = sum(account.failed.values())
    return (
        f"| {name} | {account.records} | {account.refused} | {account.passed['return']} | {account.leaves} | {account.unaccounted} "
        f"| {account.informative} | {account.share:.2%} | {failed} |"
    )


def family_rows(accounts: dict[str, Any], paths: dict[str, list[Path]]) -> list[str]:
    """The shares of families against their goals."""
    rows = []
    for title, pattern, goal in FAMILIES:
        mine = [account for name, account in accounts.items() if re.fullmatch(pattern, name)]
        if not mine:
            continue
        mapped = sum(a.informative_fates["exact"] + a.informative_fates["spelled"] for a in mine)
        whole = sum(a.informative - a.informative_fates["derived"] for a in mine)
        share = mapped / whole if whole else 1.0
        rows.append(f"| {title} | {sum(a.records for a in mine)} | {share:.2%} | {goal:.0%} | {_mark(share, goal)} |")
    title, name, goal = PLUMBING
    if name in paths:
        share = share_without_plumbing(name, paths[name])
        rows.append(f"| {title} | | {share:.2%} | {goal:.0%} | {_mark(share, goal)} |")
    return rows


def _mark(share: float, goal: float) -> str:
    return "reached" if share >= goal else "**not reached**"


def figures_page(accounts: dict[str, Any], paths: dict[str, list[Path]]) -> str:
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
        "## By family, against the goals",
        "",
        "| family | records | mapped share | goal | |",
        "|---|---|---|---|---|",
        *family_rows(accounts, paths),
        "",
        "## Dialects below the goal of their family, and which leaves are why",
        "",
        "Leaves without a home in the canonical schema, which leaves them out on purpose (ratings, addresses that a platform",
        "computes, item-level assets, deployment coordinates), or whose meaning is not stated. Each mapping says why under `kept`.",
        "",
        "| dialect | share | goal | unmapped leaves | most of them |",
        "|---|---|---|---|---|",
        *shortfall_rows(accounts, paths),
        "",
        "## By dialect",
        "",
        "| dialect | records | refused | returned | leaves | unaccounted | informative | mapped share | laws broken |",
        "|---|---|---|---|---|---|---|---|---|",
        *(row(name, a) for name, a in accounts.items()),
        "",
        "Refused are files that are broken as files (they do not parse, or repeat a key of an object, which a parser would drop in",
        "silence) and documents whose JSON-LD context is not known. Which leaves are not mapped is shown by",
        "`metaharmon test DIALECT --records FILE` and, with the reason, in each mapping under `kept`.",
        "",
        "Exchanges, national forms, vendors and the illustrative forms have no public records; their laws are tried on examples, on",
        "the hand-written records in `examples/records` and on generated ones (`make test`, `make test-full`).",
        "",
    ]
    return "\n".join(lines)


def dialects_page(accounts: dict[str, Any]) -> str:
    """docs/reference/dialects.md."""
    import metaharmon as mh

    loaded = [mh.load(listed.name) for listed in mh.dialects()]
    own = sum(not _is_thin(dialect) for dialect in loaded)
    lines = [
        "# Dialects",
        "",
        "Written by `make figures`. *published*: by the body itself. *observed*: seen in live answers or code, not published as a form.",
        "*illustrative*: not the body's own form, and not published by it. *extends*: the base or parent; a *thin* child changes",
        f"fewer than {THIN} rules of it. *records*: real ones; of them *refused* (broken as files) and *returned* unchanged; *share*: the",
        "mapped share of their leaves that carry information ([figures](figures.md)).",
        "",
        f"{len(loaded)} dialects, {own} of them more than a thin child of another.",
        "",
        "GB/T 36343-2018 and GB/T 40094.2-2021 are not among them: their text could not be obtained.",
        "",
        "| dialect | title | 名称 | extends | evidence | date | sources | records | refused | returned | share |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for dialect in loaded:
        evidence, account = dialect.evidence, accounts.get(dialect.name)
        tested = (
            "none public | | | "
            if account is None
            else (f"{account.records} | {account.refused} | {account.passed['return']} | {account.share:.1%}")
        )
        parents = dialect.mapping.parents
        extends = f"{parents[-1]}{' (thin)' if _is_thin(dialect) else ''}" if parents else ""
        sources = "; ".join(map(str, evidence.sources)) if evidence else ""
        sources = (sources if len(sources) <= 200 else f"{sources[:197]}...").replace("|", "/").replace("\n", " ")
        lines.append(
            f"| {dialect.name} | {dialect.title.get('en', '')} | {dialect.title.get('zh', '')} | {extends} "
            f"| {evidence.status if evidence else ''} | {evidence.date if evidence else ''} | {sources} | {tested} |"
        )
    lines += ["", "All sources stand in each file in `mappings/` under `evidence:`.", ""]
    return "\n".join(lines)


THIN = 5
"""A child with fewer rules, tables and renamed or removed fields of its own is thin."""


def _is_thin(dialect: Any) -> bool:
    """Whether a dialect is little more than another one under its own name."""
    from metaharmon.mapping.grammar import Report
    from metaharmon.mapping.load import read_mapping_file

    if not dialect.mapping.parents:
        return False
    said = read_mapping_file(Path(dialect.mapping.file), Report())
    changes = 0 if said is None else len(said.fields) + len(said.codes) + len(said.rename) + len(said.derived)
    return changes < THIN


def main() -> None:
    """Measure and write both pages."""
    paths: dict[str, list[Path]] = {}
    for path, dialect in shipped.corpus_files().items():
        paths.setdefault(dialect, []).append(path)
    accounts = measure(paths)
    if accounts:
        (REFERENCE / "figures.md").write_text(figures_page(accounts, paths), "utf-8")
    else:
        print("the corpus is not beside the project; docs/reference/figures.md was left as it is", file=sys.stderr)
    (REFERENCE / "dialects.md").write_text(dialects_page(accounts), "utf-8")


if __name__ == "__main__":
    main()
