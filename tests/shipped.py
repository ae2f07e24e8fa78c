"""What the project ships, found by listing folders: plans of dialects, their example records, the corpus."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

from metaharmon.files.records import read_documents
from metaharmon.mapping.build import build_plan
from metaharmon.mapping.envelope import find_envelope
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import load_mapping
from metaharmon.mapping.plan import Plan
from metaharmon.yamltext import read_file

ROOT = Path(__file__).resolve().parents[1]
MAPPINGS = ROOT / "mappings"
EXAMPLES = ROOT / "examples" / "records"
CORPUS = ROOT.parent / "shared" / "corpus"
CORPUS_TABLE = ROOT / "tests" / "data" / "corpus.yaml"


def find(name: str) -> Path | None:
    """The shipped mapping of a name."""
    path = MAPPINGS / f"{name}.yaml"
    return path if path.is_file() else None


@cache
def plan_of(path: Path) -> Plan | None:
    """The plan of a mapping; None when it is abstract or has an error."""
    report = Report()
    mapping = load_mapping(path, find, report)
    if mapping is None or mapping.says.abstract:
        return None
    plan = build_plan(mapping, report)
    return None if any(d.severity == "error" for d in report) else plan


@cache
def plans() -> dict[str, Plan]:
    """Every loadable shipped dialect."""
    found = [plan_of(path) for path in sorted(MAPPINGS.glob("*.yaml"))]
    return {plan.dialect: plan for plan in found if plan is not None}


def example_records(name: str) -> list[dict[str, Any]]:
    """The example records of a dialect."""
    path = EXAMPLES / f"{name}.jsonl"
    return [document.value for document in read_documents(path)] if path.is_file() else []


def corpus_records(plan: Plan, most: int) -> list[dict[str, Any]]:
    """A sample of the corpus records of a dialect, always the same."""
    rng = random.Random(plan.dialect)
    found: list[dict[str, Any]] = []
    for path in files_of(plan.dialect):
        for document in read_documents(path):
            fitting = find_envelope(plan.envelopes, document.value) if not document.problems else None
            found.extend(r for r in (fitting[1] if fitting else ()) if isinstance(r, dict))
    return found if len(found) <= most else rng.sample(found, most)


@cache
def corpus_files() -> dict[Path, str]:
    """Every file of the corpus that belongs to a dialect, and which; the first pattern that fits a file decides."""
    found: dict[Path, str] = {}
    for pattern, name in read_file(CORPUS_TABLE).items() if CORPUS.is_dir() else ():
        head, _, tail = Path(pattern).name.partition("{city}")
        for path in sorted(CORPUS.glob(str(pattern).replace("{city}", "*"))):
            city = path.name.removeprefix(head).removesuffix(tail)
            found.setdefault(path, str(name).replace("{city}", city))
    return found


def files_of(dialect: str) -> list[Path]:
    """The files of the corpus with records of a dialect."""
    return [path for path, name in corpus_files().items() if name == dialect]
