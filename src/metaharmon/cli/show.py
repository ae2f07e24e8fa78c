"""`metaharmon show`, `dialects`, `losses` and `schema`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from metaharmon import resources
from metaharmon.cli.exits import CLEAN, UsageError
from metaharmon.cli.inputs import registry
from metaharmon.cli.output import near, near_path, print_findings, print_json, table
from metaharmon.cli.resolved import resolved_lines
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.pairloss import ALWAYS, KEPT, MUST_SUPPLY, SOMETIMES, StaticLoss
from metaharmon.dialect.reach import names_of, shown, spots
from metaharmon.dialect.translation import Translator

FILES = {"canonical": "canonical-1.schema.json", "mapping": "mapping-1.schema.json"}


def show(args: Any) -> int:
    """A dialect: its head and its rules, or the resolved mapping."""
    known = registry(args)
    dialect = known.load(args.dialect)
    print_findings(known.problems, sys.stderr)
    if args.resolved:
        for line in resolved_lines(dialect.mapping):
            print(near(line))
        return CLEAN
    _head(dialect)
    rows = {}
    for spot in spots(dialect.plan):
        if names_of(spot.ours):
            mark = "" if spot.writes else "  (read only)"
            rows.setdefault((shown(spot.ours), ", ".join(spot.theirs) or "(always)"), mark)
    print("\nours                 theirs")
    print(table([(ours, theirs + mark) for (ours, theirs), mark in rows.items()], "  "))
    says = dialect.mapping.says
    for title, section in (("kept as they are", says.kept), ("computed", says.derived), ("absent there", says.absent)):
        if section:
            print(f"\n{title}:")
            print(
                table(
                    [
                        (str(key), str(getattr(why, "why", None) or (why if isinstance(why, str) else "")))
                        for key, why in section
                    ],
                    "  ",
                    40,
                )
            )
    return CLEAN


def _head(dialect: Dialect) -> None:
    evidence = dialect.evidence
    print(f"{dialect.name} {dialect.version}")
    rows = [(tag, text) for tag, text in dialect.title.items()]
    rows.append(("file", near_path(Path(dialect.mapping.file))))
    if dialect.mapping.parents:
        rows.append(("extends", " <- ".join(reversed(dialect.mapping.parents))))
    if evidence is not None:
        rows.append(("evidence", f"{evidence.status}, {evidence.date}"))
        rows.extend(("source", str(source)) for source in evidence.sources)
    print(table(rows, "  "))


def dialects(args: Any) -> int:
    """All dialects that are known."""
    known = registry(args)
    listed = [head for head in known.listed() if not head.abstract]
    if args.format == "json":
        print_json(
            [
                {
                    "name": head.name,
                    "version": head.version,
                    "evidence": head.status,
                    "title": head.title,
                    "extends": head.extends,
                    "file": str(head.path),
                }
                for head in listed
            ]
        )
    else:
        print(
            table(
                [
                    (head.name, head.version, head.status, head.title.get("zh") or head.title.get("en", ""))
                    for head in listed
                ]
            )
        )
    print_findings(known.problems, sys.stderr)
    return CLEAN


def losses(args: Any) -> int:
    """What is lost between two dialects."""
    known = registry(args)
    translator = Translator(known.load(args.read), known.load(args.write))
    found = translator.losses
    print_findings(known.problems, sys.stderr)
    if args.format == "json":
        print_json(
            {"read": translator.read.name, "write": translator.write.name, "losses": [loss.as_dict() for loss in found]}
        )
        return CLEAN
    print(f"{translator.read.name} -> {translator.write.name}")
    parts = (
        (ALWAYS, "always lost (no rule there)"),
        (SOMETIMES, "sometimes lost or changed (seen in generated records)"),
        (KEPT, f"not carried over (the mapping of {translator.read.name} keeps these fields of theirs raw)"),
        (MUST_SUPPLY, f"must be supplied: {translator.write.name} requires it, {translator.read.name} cannot say it"),
    )
    for when, title in parts:
        rows = [_loss_row(loss) for loss in found if loss.when == when]
        print(f"\n{title}:{'' if rows else ' nothing'}")
        if rows:
            print(table(rows, "  "))
    return CLEAN


def _loss_row(loss: StaticLoss) -> tuple[str, ...]:
    if loss.when == ALWAYS:
        return (loss.path, near(f"read by {loss.rule}") if loss.rule else "")
    if loss.when == KEPT:
        return (loss.path, loss.reason)
    if loss.when == MUST_SUPPLY:
        return (loss.path or "(no path of ours)", f"for their field {loss.field}")
    seen = f"{loss.records[0]}/{loss.records[1]}" if loss.records else ""
    return (loss.path, loss.kind, seen, loss.reason)


def schema(args: Any) -> int:
    """A JSON Schema on standard output."""
    if args.name in FILES:
        print(_text(resources.root() / "schemas" / FILES[args.name]), end="")
        return CLEAN
    known = registry(args)
    dialect = known.load(args.name)
    print_findings(known.problems, sys.stderr)
    if not dialect.mapping.schemas:
        raise UsageError(f"the dialect {args.name} names no schema")
    print(_text(Path(dialect.mapping.schemas[0])), end="")
    return CLEAN


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{near_path(path)} cannot be read: {error.strerror}") from None
