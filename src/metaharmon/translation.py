"""A translator between two dialects, through the canonical form."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from metaharmon import carry as carrying
from metaharmon.diagnostics import ERROR, REQUIRED_MISSING, SUPPLIED, Diagnostic, Loss, RecordError
from metaharmon.dialect import Dialect, Reading
from metaharmon.explain import Explained, explain
from metaharmon.model.normal import CanonicalError
from metaharmon.model.product import DataProduct
from metaharmon.model.whole import normal_product
from metaharmon.outcome import Written
from metaharmon.pairloss import StaticLoss, static_losses
from metaharmon.residue import Residue
from metaharmon.supply import Supply, bind_supply

CARRY = (None, "use", "write")


@dataclass(frozen=True)
class Translation:
    """What became of one record: their record (None when it was refused), the losses, the residue of the record read,
    and every finding."""

    record: dict[str, Any] | None
    losses: list[Loss] = field(default_factory=list)
    residue: Residue = field(default_factory=Residue)
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there is a record, without error, that has all that its dialect requires."""
        bad = any(p.severity == ERROR or p.code == REQUIRED_MISSING for p in self.problems)
        return self.record is not None and not bad


class Translator:
    """Translates records of `read` into records of `write`. Immutable, safe between threads, picklable.

    It is compiled at the first plain call; records that the generated code cannot finish, and calls with `onto`,
    `supply` or `carry`, go to the interpreter, which explains everything.
    """

    def __init__(self, read: Dialect, write: Dialect):
        self.read, self.write = read, write
        self._lock = threading.Lock()
        self._supplies: dict[Any, Supply] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Translator, (self.read, self.write)

    def __repr__(self) -> str:
        return f"Translator(read={self.read.plan.named!r}, write={self.write.plan.named!r})"

    def __call__(
        self, record: Any, onto: Any = None, supply: Mapping[str, Any] | None = None, carry: str | None = None
    ) -> Translation:
        """One record, translated. Never raises on data: look at `ok` and `problems`.

        `onto` is the record that stands at the other side now: what the product states is written, the rest stays.
        `supply` gives values by rule path of ours, set where the record says nothing. `carry="write"` puts the residue
        into the carry field of the record written, `carry="use"` uses residue found in that of the record read; else
        it is passed over and reported. Raises CanonicalError for a supply that the schema does not have, ValueError
        for a carry that the dialects have no field for.
        """
        if onto is None and not supply and carry is None:
            done = self._fast(record)
            if done is not None:
                return done
        self._check_carry(carry)
        found = self.read.reading(record)
        if found.product is None:
            return Translation(None, [], found.residue, found.problems)
        try:
            product, notes = self._supplied(found.product, supply)
            written, more = self._written(product, found, onto, carry)
        except (RecordError, CanonicalError) as error:
            return Translation(None, [], found.residue, [*found.problems, *error.diagnostics])
        problems = [*found.problems, *notes, *more, *written.problems]
        return Translation(written.record, written.losses, found.residue, problems)

    # --- the slow way: the interpreter

    def _check_carry(self, carry: str | None) -> None:
        if carry not in CARRY:
            raise ValueError(f"carry is 'use' or 'write', not {carry!r}")
        side = self.read if carry == "use" else self.write
        if carry and side.plan.carry is None:
            raise ValueError(f"the dialect {side.name} has no field that carries residue")

    def check_supply(self, supply: Mapping[str, Any]) -> Supply:
        """A supply, bound to the schema. Raises CanonicalError when a path or value is not of it."""
        return bind_supply(supply, self.write.plan.language)

    def _supplied(self, product: DataProduct, supply: Mapping[str, Any] | None) -> tuple[DataProduct, list[Diagnostic]]:
        if not supply:
            return product, []
        tree, used = self.check_supply(supply).into(product.canonical())
        if not used:
            return product, []
        made = DataProduct.from_normal(normal_product(tree))
        made.residues.update(product.residues)
        return made, [Diagnostic(SUPPLIED, "the caller supplied it; the record does not say it", path=p) for p in used]

    def _written(
        self, product: DataProduct, found: Reading, onto: Any, carry: str | None
    ) -> tuple[Written, list[Diagnostic]]:
        notes: list[Diagnostic] = []
        plan = self.read.plan
        if carry == "use":
            others, notes = carrying.carried(plan, found.residue)
            if self.write.name in others:
                product.residues[self.write.name] = others[self.write.name]
        elif carrying.carried_text(plan, found.residue) is not None:
            notes.append(carrying.passed_on(plan))
        if carry == "write":
            return self.write.writing(product, onto, carry=lambda present: carrying.carrying(
                plan, found.residue, self.write.plan, present)), notes
        return self.write.writing(product, onto), notes

    # --- the fast way: generated code

    @cached_property
    def _pair(self) -> Any:
        from metaharmon import compiler

        make = getattr(compiler, "compile_pair", None)
        return make(self.read.plan, self.write.plan) if make else None

    def _fast(self, record: Any) -> Translation | None:
        """The record translated by generated code; None when the interpreter must explain it."""
        if self.read.name == self.write.name:
            return None  # its own residue is used, which only the interpreter does
        with self._lock:
            pair = self._pair
        done = pair.translate(record) if pair else None
        return None if done is None else Translation(*done)

    @property
    def source(self) -> str:
        """The generated Python, as text."""
        return self._pair.source if self._pair else ""

    # --- what is known of the pair

    @cached_property
    def losses(self) -> tuple[StaticLoss, ...]:
        """What is lost between the two before any data runs: always, sometimes, and what must be supplied."""
        return static_losses(self.read, self.write)

    def explain(self, record: Any) -> list[Explained]:
        """Every field of a record: what became of it on reading, by which rule, and where the other record says it.

        Raises RecordError when the record is none.
        """
        return explain(self.read, self.write, record)
