"""The account of a dialect: what became of every leaf of some records, and which laws held (design, 3 and 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from metaharmon.diagnostics import FAULT, LEFT, Diagnostic, MetaharmonError, Place, jsonable, shown
from metaharmon.dialect.reach import general
from metaharmon.faults import Guard
from metaharmon.model.apply import apply_losses
from metaharmon.model.normal import CanonicalError, same
from metaharmon.model.overlay import overlay
from metaharmon.model.product import DataProduct
from metaharmon.model.whole import normal_product
from metaharmon.paths import leaves

FATES = ("exact", "spelled", "derived", "kept", "unread", "refused")
LAWS = ("return", "keep", "account", "normal", "onto")
MOST_EXAMPLES = 10


class NotRead(NamedTuple):
    """A field of theirs that does not reach the product: how often, its outcome (`diagnostics.LEFT`), its path, the
    first reason and value, in which record, and by which rule."""

    count: int
    outcome: str
    path: str
    reason: str
    example: Any
    record: str
    rule: Place | None

    def as_dict(self) -> dict[str, Any]:
        """A JSON object of it."""
        rule = None if self.rule is None else str(self.rule)
        return {**self._asdict(), "example": jsonable(self.example), "rule": rule}


class Failure(NamedTuple):
    """A law that did not hold: for which record, where, and what differs."""

    law: str
    record: str
    path: str
    message: str


class Account:
    """Counts over records. `leaves` are those of theirs, each with one fate; `informative` ones are neither null nor
    empty nor a marker of absence."""

    def __init__(self) -> None:
        self.records = self.read = self.leaves = self.informative = 0
        self.fates: Counter[str] = Counter()
        self.informative_fates: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()
        self.failures: list[Failure] = []
        self._left: dict[tuple[str, str], NotRead] = {}

    # --- entering

    def enter_reading(
        self, record: Any, read: bool, fates: Any, problems: list[Diagnostic], name: str, left: Any = None
    ) -> None:
        """Count a record and the fates of its leaves; without fates (it is no record) all its leaves are refused."""
        self.records += 1
        self.read += read
        self.problems.update(problem.code for problem in problems)
        # counted here, from the record itself: the fates must come to the same number
        total = leaves(record)
        self.leaves += total
        if fates is None:
            self.fates["refused"] += total
            return
        for fate in fates:
            self.fates[fate.fate] += fate.count
            self.informative_fates[fate.fate] += fate.informative
            self.informative += fate.informative
        for one in left or ():
            key = one.outcome, general(one.path)
            before = self._left.get(key)
            first = NotRead(0, *key, one.reason, one.value, name, one.rule) if before is None else before
            self._left[key] = first._replace(count=first.count + 1)
        told = sum(fate.count for fate in fates)
        self._enter("account", name, "", None if told == total else f"{total} leaves, {told} accounted for")

    def enter_unreadable(self, problems: list[Diagnostic] | tuple[Diagnostic, ...]) -> None:
        """Count a document that could not be read at all."""
        self.records += 1
        self.problems.update(problem.code for problem in problems)

    def enter_laws(
        self, dialect: Any, record: Any, product: DataProduct, name: str, earlier: DataProduct | None
    ) -> None:
        """Try the laws on a record that was read; `earlier` is another product, to be written onto this record."""
        for law, check in (("return", _check_return), ("keep", _check_keep), ("normal", _check_normal)):
            self._try(law, name, lambda check=check: check(dialect, record, product))
        self._try("onto", name, lambda: _check_onto(dialect, record, product, earlier))

    def _try(self, law: str, name: str, check: Callable[[], tuple[str, str] | None]) -> None:
        try:
            with Guard():
                found = check()
        except MetaharmonError as error:  # an engine that breaks has broken the law; the other records go on
            found = ("", error.diagnostics[0].message)
            self.problems.update(one.code for one in error.diagnostics if one.code == FAULT)
        self._enter(law, name, found[0] if found else "", found[1] if found else None)

    def _enter(self, law: str, name: str, path: str, message: str | None) -> None:
        if message is None:
            self.passed[law] += 1
            return
        self.failed[law] += 1
        if len(self.failures) < MOST_EXAMPLES:
            self.failures.append(Failure(law, name, path, message))

    # --- the figures

    @property
    def refused(self) -> int:
        """Records that were not read."""
        return self.records - self.read

    @property
    def mapped(self) -> int:
        """Leaves that a rule reads and that come back: exact and spelled."""
        return self.fates["exact"] + self.fates["spelled"]

    @property
    def residue(self) -> int:
        """Leaves that only the residue holds: kept and unread."""
        return self.fates["kept"] + self.fates["unread"]

    @property
    def left(self) -> list[NotRead]:
        """What does not reach the product, by outcome and path, the most frequent first."""
        return sorted(self._left.values(), key=lambda one: (LEFT.index(one.outcome), -one.count, one.path))

    @property
    def unknown(self) -> int:
        """Of the leaves that are kept, those that the mapping does not know; only of what says something."""
        return sum(one.count for one in self._left.values() if one.outcome == "unknown")

    @property
    def unaccounted(self) -> int:
        """Leaves without a fate; 0, or the engine is wrong."""
        return self.leaves - sum(self.fates.values())

    @property
    def share(self) -> float:
        """The mapped share of the informative leaves that are not derived, to 4 digits; 1.0 when there are none, and
        0.0 without any record."""
        mapped = self.informative_fates["exact"] + self.informative_fates["spelled"]
        whole = self.informative - self.informative_fates["derived"]
        return round(mapped / whole, 4) if whole else float(bool(self.records))

    @property
    def ok(self) -> bool:
        """Whether there is a record, every record was read, every leaf is accounted for and every law held."""
        return bool(self.records) and not (self.refused or self.unaccounted or any(self.failed.values()))

    def as_dict(self) -> dict[str, Any]:
        """The account as JSON (design, section 7); mapped + residue + derived + refused + unaccounted = leaves."""
        return {
            "records": self.records,
            "read": self.read,
            "refused": self.refused,
            "returned": self.passed["return"],
            "leaves": self.leaves,
            "informative": self.informative,
            "mapped": self.mapped,
            "residue": self.residue,
            "unaccounted": self.unaccounted,
            "share": self.share,
            "account": {fate: self.fates[fate] for fate in FATES},
            "unknown": self.unknown,
            "left": [one.as_dict() for one in self.left],
            "laws": {law: {"passed": self.passed[law], "failed": self.failed[law]} for law in LAWS},
            "problems": dict(sorted(self.problems.items())),
            "failures": [failure._asdict() for failure in self.failures],
        }


# --- the laws: each gives (path, what differs), or None when it holds ------------------------------------------------


def _check_return(dialect: Any, record: Any, product: DataProduct) -> tuple[str, str] | None:
    return differs(dialect.write(product), record)


def _check_keep(dialect: Any, record: Any, product: DataProduct) -> tuple[str, str] | None:
    fresh = DataProduct.from_normal(product.tree())  # without residue
    return _check_foretold(dialect, dialect.writing(fresh), fresh.tree())


def _check_foretold(dialect: Any, written: Any, tree: dict[str, Any]) -> tuple[str, str] | None:
    back = dialect.reading(written.record)
    if back.product is None:
        return "", f"what was written is refused: {back.problems[0]}"
    return differs(back.product.tree(), apply_losses(tree, written.losses))


def _check_normal(dialect: Any, record: Any, product: DataProduct) -> tuple[str, str] | None:
    try:
        return differs(product.tree(), normal_product(product.tree()))
    except CanonicalError as error:
        return error.diagnostics[0].path or "", error.diagnostics[0].message


def _check_onto(dialect: Any, record: Any, product: DataProduct, earlier: DataProduct | None) -> tuple[str, str] | None:
    found = differs(dialect.write(product, onto=record), record)
    if found or earlier is None:
        return found
    once = dialect.writing(earlier, onto=record)
    found = _check_foretold(dialect, once, overlay(product.tree(), earlier.tree(), earlier.cleared))
    return found or differs(dialect.write(earlier, onto=once.record), once.record)


def differs(found: Any, wanted: Any) -> tuple[str, str] | None:
    """The first place where two JSON values differ, and how; None when they are the same."""
    return next(_differences(found, wanted, ""), None)


def _differences(found: Any, wanted: Any, path: str) -> Iterator[tuple[str, str]]:
    if found.__class__ is dict and wanted.__class__ is dict:
        for key in sorted(found.keys() | wanted.keys()):
            here = f"{path}.{key}" if path else key
            if key not in found:
                yield here, f"missing; {shown(wanted[key])} is expected"
            elif key not in wanted:
                yield here, f"{shown(found[key])} stands where nothing is expected"
            else:
                yield from _differences(found[key], wanted[key], here)
    elif found.__class__ is list and wanted.__class__ is list and len(found) == len(wanted):
        for i, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from _differences(one, other, f"{path}.{i}" if path else str(i))
    elif not same(found, wanted):
        yield path, f"{shown(found)} stands where {shown(wanted)} is expected"
