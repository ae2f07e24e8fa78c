"""A translator between two dialects, through the canonical form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from metaharmon.diagnostics import (
    ERROR,
    REQUIRED_MISSING,
    SUPPLIED,
    Diagnostic,
    Left,
    Loss,
    MetaharmonError,
    RecordError,
    jsonable,
    shown,
)
from metaharmon.dialect import carry as carrying
from metaharmon.dialect.dialect import Dialect, Reading
from metaharmon.dialect.explain import Explained, explain
from metaharmon.dialect.generated import Generated
from metaharmon.dialect.pairloss import StaticLoss, static_losses
from metaharmon.dialect.supply import Supply, bind_supply
from metaharmon.dialect.trace import OUTCOMES, outcomes
from metaharmon.engine.outcome import Written, valued
from metaharmon.engine.residue import Residue
from metaharmon.faults import Guard
from metaharmon.files.jsonvalue import is_plain, record_of
from metaharmon.model.findings import OF_PRODUCTS
from metaharmon.model.normal import CanonicalError
from metaharmon.model.product import DataProduct
from metaharmon.model.whole import normal_product

CARRY = (None, "use", "write")


class Translation:
    """What became of one record.

    `record` is the other's record (None when it was refused), `residue` that of the record read, `problems` every
    finding of reading and writing; what is worth saying of any product (no title, a wrong check character) is left to
    `Dialect.reading`. What was lost and what was left is worked out when it is first asked for, from the record that
    was read: it must not be changed before. Numbers of the record, the residue, and values of losses and of what is
    left are int and Decimal: `metaharmon.dumps` writes them exactly, and `as_dict` has them as `json.dumps` takes them.
    """

    __slots__ = ("_counts", "_left", "_losses", "_of", "_valued", "problems", "record", "residue")

    def __init__(
        self,
        record: dict[str, Any] | None,
        losses: list[Loss] | None = None,
        residue: Residue | None = None,
        problems: list[Diagnostic] | None = None,
        of: _Source | None = None,
        valued: bool = True,
    ):
        self.record = record
        self.residue = Residue() if residue is None else residue
        self.problems = [] if problems is None else problems
        self._losses = [] if losses is None else losses
        self._of = of
        self._valued = valued
        self._left: list[Left] | None = None
        self._counts: dict[str, int] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """A translation is pickled without the dialects and the record read: with what was lost and left; its account
        only if it was asked for before."""
        return _unpickled, (self.record, self.losses, self.residue, self.problems, self.left, self._counts)

    def __repr__(self) -> str:
        return f"Translation(record={self.record!r}, losses={self.losses!r}, left={self.left!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Translation):
            return NotImplemented
        names = ("record", "losses", "left", "residue", "problems")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = None  # type: ignore[assignment]

    @property
    def ok(self) -> bool:
        """Whether there is a record, without error, that has all that its dialect requires."""
        bad = any(p.severity == ERROR or p.code == REQUIRED_MISSING for p in self.problems)
        return self.record is not None and not bad

    @property
    def losses(self) -> list[Loss]:
        """What the other dialect cannot say of the product, or says in another form."""
        if not self._valued:
            self._valued = True
            if self._losses and self._of is not None:
                with Guard(self._of.record):
                    self._losses = valued(self._losses, self._of.tree())
        return self._losses

    @property
    def bare_losses(self) -> list[Loss]:
        """The losses, where it does not matter what value is lost: they cost nothing to look at."""
        return self._losses

    @property
    def left(self) -> list[Left]:
        """What of the record read did not reach the product: kept, unknown, unread, or surplus (law 7)."""
        if self._left is None:
            there = self.record is not None and self._of is not None
            self._left = self._of.left(self.residue) if there else []  # type: ignore[union-attr]
        return self._left

    @property
    def lossy(self) -> bool:
        """Whether anything is lost or left: a value of the record read that is not in the other as it was."""
        return any(loss.kind != "imprecise" for loss in self._losses) or bool(self.left)

    def account(self) -> dict[str, Any]:
        """How many leaves of the record read have each outcome (`said`, `changed`, `omitted`, `kept`, `unknown`,
        `unread`, `surplus`), how many there are that say something of their own (`leaves`), and the share of them that
        is said (`arrival`)."""
        if self._counts is None:
            if self.record is not None and self._of is None:
                raise RuntimeError("the account of a pickled translation must be asked for before it is pickled")
            none = dict.fromkeys(OUTCOMES, 0)
            if self.record is None or self._of is None:
                self._counts = none
            else:
                with Guard(self._of.record):
                    self._counts = self._of.account(self.losses)
        counts = self._counts
        leaves = sum(counts.values())
        return {"leaves": leaves, **counts, "arrival": round(counts["said"] / leaves, 4) if leaves else 1.0}

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON that `json.dumps` takes; a decimal that no float says exactly is a text there."""
        return {
            "record": jsonable(self.record),
            "ok": self.ok,
            "account": self.account(),
            "losses": [loss.as_dict() for loss in self.losses],
            "left": [left.as_dict() for left in self.left],
            "residue": jsonable(self.residue.as_data()),
            "problems": [problem.as_dict() for problem in self.problems],
        }


def _unpickled(
    record: Any, losses: list[Loss], residue: Residue, problems: list[Diagnostic], left: list[Left], counts: Any
) -> Translation:
    made = Translation(record, losses, residue, problems)
    made._left, made._counts = left, counts
    return made


class _Source(NamedTuple):
    """Whence a translation comes: by what is lost and left is worked out."""

    read: Dialect
    record: Any

    def tree(self) -> dict[str, Any]:
        """The product, as a tree."""
        return self.read.tree(self.record)

    def left(self, residue: Residue) -> list[Left]:
        """What did not reach the product."""
        return self.read.left(self.record, residue)

    def account(self, losses: list[Loss]) -> dict[str, int]:
        """How many leaves have each outcome."""
        return outcomes(self.read.plan, record_of(self.record), losses)


class Translator:
    """Translates records of `read` into records of `write`. Immutable, safe between threads, picklable.

    It is compiled at the first plain call; records that the generated code cannot finish, and calls with `onto`,
    `supply` or `carry`, go to the interpreter, which explains everything.
    """

    def __init__(self, read: Dialect, write: Dialect):
        self.read, self.write = read, write
        self._code = Generated(f"{read.plan.named} to {write.plan.named}", self._compile)

    def __reduce__(self) -> tuple[Any, ...]:
        return Translator, (self.read, self.write)

    def __repr__(self) -> str:
        return f"Translator(read={self.read.plan.named!r}, write={self.write.plan.named!r})"

    def __call__(
        self,
        record: Any,
        onto: Any = None,
        supply: Mapping[str, Any] | None = None,
        carry: str | None = None,
        file: str | None = None,
    ) -> Translation:
        """One record, translated. Never raises on data: look at `ok` and `problems`. The record may hold Decimal:
        `metaharmon.dumps` writes it exactly.

        `onto` is the record that stands at the other side now: what the product states is written, the rest stays.
        `supply` gives values by rule path of ours, set where the record says nothing. `carry="write"` puts the residue
        into the carry field of the record written, `carry="use"` uses residue found in that of the record read; else
        it is passed over and reported. Raises CanonicalError for a supply that the schema does not have, ValueError
        for a carry that the dialects have no field for. `file` is the name of the file that holds the record alone.
        """
        if self.read.plan.file_name is None:
            file = None
        if onto is None and not supply and carry is None and file is None:
            done = self._fast(record)
            if done is not None:
                return done
        self._check_carry(carry)
        bound = self.check_supply(supply) if supply else None
        try:
            with Guard(record):
                return self._explained(record, onto, bound, carry, file)
        except MetaharmonError as error:
            return Translation(None, problems=list(error.diagnostics), of=_Source(self.read, record))

    # --- the slow way: the interpreter

    def _explained(self, record: Any, onto: Any, bound: Supply | None, carry: str | None, file: str | None) -> Any:
        found = self.read.reading(record, file=file)
        noticed = [p for p in found.problems if p.code not in OF_PRODUCTS]
        of = _Source(self.read, record)
        if found.product is None:
            return Translation(None, [], found.residue, noticed, of)
        try:
            product, notes = _supplied(found.product, bound)
            written, more = self._written(product, found, onto, carry)
        except (RecordError, CanonicalError) as error:
            return Translation(None, [], found.residue, [*noticed, *error.diagnostics], of)
        problems = [*noticed, *notes, *more, *written.problems]
        return Translation(written.record, written.losses, found.residue, problems, of)

    def _check_carry(self, carry: str | None) -> None:
        if carry not in CARRY:
            raise ValueError(f"carry is 'use' or 'write', not {shown(carry)}")
        side = self.read if carry == "use" else self.write
        if carry and side.plan.carry is None:
            raise ValueError(f"the dialect {side.name} has no field that carries residue")

    def check_supply(self, supply: Mapping[str, Any]) -> Supply:
        """A supply, bound to the schema. Raises CanonicalError when a path or value is not of it."""
        return bind_supply(supply, self.write.plan.language)

    def _written(
        self, product: DataProduct, found: Reading, onto: Any, carry: str | None
    ) -> tuple[Written, list[Diagnostic]]:
        notes: list[Diagnostic] = []
        plan = self.read.plan
        if carry == "use":
            others, notes = carrying.carried(plan, found.residue)
            for name, residue in others.items():
                if carrying.dialect_of(name) == self.write.name:  # of any version: it is read anew before use
                    product.residues[self.write.name] = residue
        elif carrying.carried_text(plan, found.residue) is not None:
            notes.append(carrying.passed_on(plan))
        if carry == "write":
            return self.write.writing(
                product, onto, carry=lambda present: carrying.carrying(plan, found.residue, self.write.plan, present)
            ), notes
        return self.write.writing(product, onto), notes

    # --- the fast way: generated code

    def _compile(self) -> Any:
        from metaharmon.compiler.pair import compile_pair

        return compile_pair(self.read.plan, self.write.plan)

    def _fast(self, record: Any) -> Translation | None:
        """The record translated by generated code; None when the interpreter must explain it."""
        if self.read.name == self.write.name or not is_plain(record):
            return None  # a dialect's own residue is used by the interpreter only
        done = self._code.run(lambda code: code.translate(record))
        if done is None:
            return None
        translated = Translation(*done, _Source(self.read, record), False)
        if carrying.carried_text(self.read.plan, translated.residue) is not None:
            translated.problems.append(carrying.passed_on(self.read.plan))
        return translated

    @property
    def source(self) -> str:
        """The generated Python, as text."""
        return str(self._code.code().source)

    # --- what is known of the pair

    @cached_property
    def losses(self) -> tuple[StaticLoss, ...]:
        """What is lost between the two before any data runs: always, sometimes, and what must be supplied."""
        return static_losses(self.read, self.write)

    def explain(self, record: Any) -> list[Explained]:
        """Every field of a record: what became of it on reading, by which rule, and where the other record says it.

        Raises RecordError when the record is none.
        """
        with Guard(record):
            return explain(self.read, self.write, record)


def _supplied(product: DataProduct, supply: Supply | None) -> tuple[DataProduct, list[Diagnostic]]:
    """The product with what it lacks of a supply, and a note of each value. Raises CanonicalError where the two
    contradict each other."""
    if supply is None:
        return product, []
    tree, used = supply.into(product.canonical())
    if not used:
        return product, []
    made = DataProduct.from_normal(normal_product(tree))
    made.residues.update(product.residues)
    return made, [Diagnostic(SUPPLIED, "the caller supplied it; the record does not say it", path=p) for p in used]
