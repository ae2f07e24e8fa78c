"""Spellings of values: read as a person reads them, and written so that they are read again (see `spelling.py`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from metaharmon import interpreter
from metaharmon.model.apply import apply_losses
from metaharmon.model.normal import same
from spelling import NOTHING, REFUSED, UNREAD, WORDS, Table, tables

ROOT = Path(__file__).resolve().parents[1]
TABLES = list(tables())
CASES = [
    pytest.param(table, spelling, id=f"{table.file}-{table.index}-{number}: {str(spelling[0])[:40]}")
    for table in TABLES
    for number, spelling in enumerate(table.says["spellings"])
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.file}-{table.index}")
def test_a_table_is_well_formed(table: Table) -> None:
    assert table.says.keys() <= WORDS
    assert table.says["what"] and table.path
    assert all(len(one) in (2, 3) for one in table.says["spellings"])
    given = [repr(one[0]) for one in table.says["spellings"]]
    assert len(given) == len(set(given)), "a spelling stands twice"


@pytest.mark.parametrize(("table", "spelling"), CASES)
def test_a_spelling_is_read(table: Table, spelling: list[Any]) -> None:
    """By the interpreter, and by what users call, which may be generated code."""
    dialect, record = table.dialect(), table.record(spelling[0])
    for read in (interpreter.read(dialect.plan, record), dialect.reading(record)):
        told = any(one.code in ("MH401", "MH402", "MH403") for one in read.problems)
        if spelling[1] == REFUSED:
            assert read.tree is None or read.refused
            continue
        found = table.value(read.tree if not hasattr(read, "product") else read.product.tree())
        if spelling[1] in (UNREAD, NOTHING):
            assert found is None, f"it is read as {found!r}"
            assert told == (spelling[1] == UNREAD), [str(one) for one in read.problems]
        else:
            assert same(found, spelling[1]), f"it is read as {found!r}; {[str(one) for one in read.problems]}"


@pytest.mark.parametrize(("table", "spelling"), CASES)
def test_a_spelling_returns(table: Table, spelling: list[Any]) -> None:
    """Law 1: what was read is written back as it stood."""
    dialect, record = table.dialect(), table.record(spelling[0])
    if spelling[1] != REFUSED:
        read = dialect.reading(record)
        assert same(dialect.write(read.product), record)


@pytest.mark.parametrize(("table", "spelling"), CASES)
def test_a_value_is_written(table: Table, spelling: list[Any]) -> None:
    """Anew, without what stood there: as it is spelled here, or as the table says; and law 2."""
    if spelling[1] in (UNREAD, NOTHING, REFUSED):
        return
    dialect = table.dialect()
    ours = interpreter.read(dialect.plan, table.record(spelling[0])).tree
    written = interpreter.write(dialect.plan, ours)
    wanted = table.record(spelling[-1] if len(spelling) == 3 else spelling[0])
    if "dialect" not in table.says:
        assert same(written.record, wanted), f"it is written as {written.record!r}"
    back = interpreter.read(dialect.plan, written.record).tree
    assert same(back, apply_losses(ours, written.losses))


def test_the_page_shows_every_spelling() -> None:
    found = (ROOT / "docs" / "reference" / "spellings.md").read_text("utf-8")
    sys.path.insert(0, str(ROOT / "docs"))
    import spellings

    assert found == spellings.page(), "run `make generated`"
    assert len(CASES) >= 10
