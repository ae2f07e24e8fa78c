"""Check mapping files and folders of them. A bad file is a finding, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from metaharmon import diagnostics as dx
from metaharmon import resources
from metaharmon.checker.account import check_account
from metaharmon.checker.dead import check_dead
from metaharmon.checker.examples import Engine, check_examples
from metaharmon.checker.head import check_head
from metaharmon.checker.rules import check_rules
from metaharmon.checker.schemas import SchemaFile, check_schemas
from metaharmon.diagnostics import Diagnostic, Place
from metaharmon.mapping.build import build_plan
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import load_mapping
from metaharmon.mapping.named import shadows

Find = Callable[[str], Path | None]
TABLES = "codes"
"""The folder of shared code tables: part of mappings, no mappings."""


def check_paths(
    paths: Iterable[str | Path], find: Find, engine: Engine, folders: Sequence[Path] = ()
) -> list[Diagnostic]:
    """Check files, and all mappings in folders. What several files inherit is found once; see `check_file`."""
    out: list[Diagnostic] = []
    seen: set[tuple[object, ...]] = set()
    for path in paths:
        inside = [Path(path), *folders] if Path(path).is_dir() else []
        for file in mapping_files(Path(path)):
            for one in check_file(file, find, engine, folders, inside):
                key = (one.code, one.message, one.place)
                if key not in seen:
                    seen.add(key)
                    out.append(one)
    return out


def mapping_files(path: Path) -> list[Path]:
    """The mapping files of a folder, at any depth; a file is itself. Shared tables (`codes/`) are no mappings."""
    if not path.is_dir():
        return [path]
    found = sorted((*path.rglob("*.yaml"), *path.rglob("*.yml")))
    return [file for file in found if TABLES not in file.relative_to(path).parts[:-1]]


def check_file(
    path: str | Path, find: Find, engine: Engine, folders: Sequence[Path] = (), inside: Sequence[Path] = ()
) -> list[Diagnostic]:
    """Every finding of one file, in the order of its lines.

    `find` gives the file of a parent dialect by its name, or None. `engine` runs the examples: the interpreter, which
    is the specification. `folders` are those of the caller, in which schemas and tables may stand; `inside` folders of
    which the file itself has to stand in one, where it was not named.
    """
    report = Report()
    try:
        _check(Path(path), find, engine, report, folders, inside)
    except dx.MissingExtra as exc:
        report.add(dx.WRONG_FORM, f"the file cannot be checked: {exc}", Place(str(path), 1, 1))
    except Exception as exc:  # the promise of this function: a mapping cannot break its checker
        message = f"the file cannot be checked any further ({type(exc).__name__}: {exc}); this is a fault of metaharmon"
        report.add(dx.WRONG_FORM, message, Place(str(path), 1, 1))
    unique = dict.fromkeys(report)
    return sorted(unique, key=lambda d: (d.place.file, d.place.line, d.place.col) if d.place else ("", 0, 0))


def _check(
    path: Path, find: Find, engine: Engine, report: Report, folders: Sequence[Path], inside: Sequence[Path]
) -> None:
    schemas: list[SchemaFile] = []
    mapping = load_mapping(path, find, report, folders, inside, lambda *one: schemas.append(SchemaFile(*one)))
    check_schemas(schemas, report)
    if mapping is None:
        return
    shipped = resources.root() / "mappings" / path.name
    if shipped.is_file() and not shipped.samefile(path):
        report.append(shadows(path, shipped))
    check_head(mapping, report)
    plan = build_plan(mapping, report)
    if not mapping.says.abstract:
        check_account(mapping, report)
    check_rules(mapping, plan, report)
    if not any(d.severity == dx.ERROR for d in report):
        check_dead(plan, mapping.file, report)
    if not any(d.severity == dx.ERROR for d in report):
        check_examples(plan, mapping.says.examples, engine, report)
