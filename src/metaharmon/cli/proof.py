"""`metaharmon test` and `metaharmon check`: examples, laws, the account; and the proofs before any data runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from metaharmon import generate, resources
from metaharmon.cli.exits import CLEAN, FAULT, FINDINGS, USAGE, UsageError
from metaharmon.cli.inputs import Inputs, registry
from metaharmon.cli.output import (
    counted,
    example,
    findings_json,
    near,
    near_path,
    print_findings,
    print_json,
    print_notes,
    table,
)
from metaharmon.diagnostics import ERROR, KINDS, Diagnostic
from metaharmon.diagnostics import FAULT as INTERNAL
from metaharmon.dialect.account import LAWS, Account
from metaharmon.dialect.dialect import Dialect

GENERATED = 100


def test(args: Any) -> int:
    """Examples, laws on generated records or on the caller's, and the account."""
    if args.generate is not None and args.generate < 0:
        raise UsageError("--generate is a number of records")
    known = registry(args)
    dialect = known.load(args.dialect)
    examples = dialect.mapping.says.examples
    broken = _broken_examples(dialect)
    account = Account()
    earlier = None
    inputs = Inputs(dialect, args.records, args.encoding, args.input_format, args.separator, args.records_at)
    inputs.notes.extend(known.problems)
    for given in inputs:
        if given.problems and given.record is None:
            account.enter_unreadable(given.problems)
        elif given.problems:
            account.enter_reading(given.record, False, None, list(given.problems), given.name)
        else:
            earlier = dialect.enter(account, given.record, given.name, earlier) or earlier
    count = args.generate if args.generate is not None else (0 if args.records else GENERATED)
    for i, record in enumerate(generate.records(dialect.plan, args.seed, count)):
        earlier = dialect.enter(account, record, f"generated {args.seed}/{i}", earlier) or earlier
    print_findings([*inputs.unreadable, *inputs.empty], sys.stderr)
    if args.format == "json":
        head = {
            "dialect": dialect.name,
            "version": dialect.version,
            "examples": {
                "passed": len(examples) - len(broken),
                "failed": len(broken),
                "failures": [finding.as_dict() for finding in broken],
            },
        }
        print_json({**head, **account.as_dict(), "notes": [note.as_dict() for note in inputs.notes]})
    else:
        _print(dialect, broken, len(examples), account)
        print_notes(inputs.notes, sys.stdout)
    if account.problems[INTERNAL]:
        return FAULT
    if inputs.unreadable:
        return USAGE
    return CLEAN if account.ok and not (broken or inputs.empty) else FINDINGS


def _broken_examples(dialect: Dialect) -> list[Diagnostic]:
    """The findings of the examples of a mapping: one per example that does not translate as it says."""
    from metaharmon import interpreter
    from metaharmon.checker.examples import check_examples
    from metaharmon.mapping.grammar import Report

    report = Report()
    check_examples(dialect.plan, dialect.mapping.says.examples, interpreter, report)
    return list(report)


def _print(dialect: Dialect, broken: list[Diagnostic], examples: int, account: Account) -> None:
    title = dialect.title.get("en") or next(iter(dialect.title.values()), "")
    said = account.as_dict()
    print(f"{dialect.name} {dialect.version}  {title}")
    laws = ", ".join(f"{law} {said['laws'][law]['passed']}/{sum(said['laws'][law].values())}" for law in LAWS)
    fates = ", ".join(f"{fate} {n:,}" for fate, n in said["account"].items() if n)
    if account.unknown:
        kept = f"kept {account.fates['kept']:,}"
        fates = fates.replace(kept, f"{kept} ({account.unknown:,} unknown)")
    rows = [
        ("examples", f"{examples - len(broken)} of {examples} hold"),
        (
            "records",
            f"{account.read:,} of {account.records:,} read"
            + (f", {account.refused:,} refused" if account.refused else ""),
        ),
        ("laws", laws),
        ("leaves", f"{account.leaves:,}: {fates or 'none'}; {account.unaccounted:,} unaccounted"),
        (
            "mapped",
            f"{account.share:.2%} of the {account.informative:,} leaves that say something"
            if account.informative
            else "no leaf says anything",
        ),
    ]
    print(table(rows, "  "))
    if not account.records:
        print("no record was tried: nothing is proved")
    _print_left(account)
    notes = [(f"{n:,}", f"{code} {KINDS[code].name}") for code, n in said["problems"].items()]
    if notes:
        print("findings in these records:")
        print(table(notes, "  "))
    for finding in broken:
        print(near(str(finding)))
    for failure in account.failures:
        print(f"law {failure.law} fails on {failure.record}, {failure.path or 'as a whole'}: {failure.message}")


MOST_LEFT = 20
"""Fields that are listed of what does not reach the product."""


def _print_left(account: Account) -> None:
    """The fields that do not reach the product, but for those that are kept on purpose."""
    rows = [one for one in account.left if one.outcome != "kept"]
    if not rows:
        return
    print("not read (leaves, outcome, path, example, first record, reason and rule):")
    shown = []
    for one in rows[:MOST_LEFT]:
        why = one.reason if one.rule is None else f"{one.reason} (rule {near(str(one.rule))})"
        shown.append((f"{one.count:,}", one.outcome, one.path, example(one.example), near(one.record), why))
    print(table(shown, "  "))
    if len(rows) > MOST_LEFT:
        print(f"  and {counted(len(rows) - MOST_LEFT, 'field')} more; --format json shows all")


def check(args: Any) -> int:
    """Every finding of some mapping files."""
    from metaharmon import interpreter
    from metaharmon.checker import check_paths
    from metaharmon.checker.files import mapping_files

    paths = [Path(path) for path in args.paths] or [resources.root() / "mappings"]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"{near_path(missing[0])} does not exist")
    files = sum(len(mapping_files(path)) for path in paths)
    if not files:
        raise UsageError(f"{near_path(paths[0])} holds no mapping file (*.yaml, *.yml)")
    known = registry(args)
    found = check_paths(paths, known.find, interpreter, known.paths)
    errors = sum(finding.severity == ERROR for finding in found)
    if args.format == "json":
        print_json(findings_json(found))
    else:
        print_findings(found, sys.stdout)
        said = (
            f"{counted(errors, 'error')}, {counted(len(found) - errors, 'other finding')}" if found else "no findings"
        )
        print(f"{counted(files, 'file')}: {said}")
    return FINDINGS if errors else CLEAN
