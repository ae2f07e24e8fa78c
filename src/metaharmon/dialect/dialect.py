"""A dialect: one external form, loaded and runnable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from metaharmon import interpreter
from metaharmon.containers import Csv
from metaharmon.diagnostics import ERROR, FOREIGN, HARDLY_READ, Diagnostic, Left, Loss, MetaharmonError, RecordError
from metaharmon.dialect.account import Account
from metaharmon.dialect.documents import Records, records_of
from metaharmon.dialect.generated import Generated
from metaharmon.dialect.record_paths import parse
from metaharmon.dialect.supply import named_by_file
from metaharmon.engine.outcome import Fate, Written, valued
from metaharmon.engine.residue import Residue
from metaharmon.faults import Guard
from metaharmon.files.jsonvalue import record_of
from metaharmon.mapping.envelope import BARE_LIST
from metaharmon.mapping.load import Mapping
from metaharmon.mapping.plan import Plan
from metaharmon.mapping.schemas import spec_steps
from metaharmon.mapping.syntax import Evidence
from metaharmon.model.findings import findings
from metaharmon.model.normal import copied
from metaharmon.model.overlay import overlay
from metaharmon.model.product import DataProduct
from metaharmon.paths import Key


@dataclass(frozen=True)
class Reading:
    """A record, read: the product (None when it was refused), every finding, the residue, and on demand the fates of
    all fields of theirs and what of them is left."""

    product: DataProduct | None
    problems: list[Diagnostic]
    residue: Residue = field(default_factory=Residue)
    fates: list[Fate] | None = None
    left: list[Left] | None = None

    @property
    def refused(self) -> bool:
        """Whether there is no product."""
        return self.product is None


class Dialect:
    """One external form. Reading and writing never lose or change anything without saying so.

    Dialects are made by `load`; they are immutable, safe to share between threads, and can be pickled.
    """

    def __init__(self, mapping: Mapping, plan: Plan, problems: Iterable[Diagnostic] = ()):
        self.mapping, self.plan = mapping, plan
        self._code = Generated(plan.named, self._compile)
        self._leaving = Generated(plan.named, self._compile_leaving)
        self.problems = tuple(problems)
        """Findings of the mapping that do not prevent its use."""

    def __repr__(self) -> str:
        return f"Dialect({self.plan.named!r})"

    @property
    def name(self) -> str:
        """The id of the dialect."""
        return self.plan.dialect

    @property
    def version(self) -> str:
        """The version of the mapping file."""
        return self.plan.version

    @property
    def title(self) -> dict[str, str]:
        """The title by language."""
        return {str(tag): str(text) for tag, text in self.mapping.says.title}

    @property
    def evidence(self) -> Evidence | None:
        """Where the facts of the mapping come from: status, date, sources."""
        return self.mapping.says.evidence

    @property
    def illustrative(self) -> bool:
        """Whether the form was invented to show something, and published by no one."""
        return self.mapping.illustrative

    # --- reading

    def reading(self, record: Any, explain: bool = False, file: str | None = None) -> Reading:
        """A record, read, with everything that was noticed. Never raises on data.

        `explain` adds the fate of every field of theirs, and what of them did not reach the product. `file` is the
        name of the file that holds this record alone: in some dialects it says what the record does not.
        """
        try:
            with Guard(record):
                return self._reading(record_of(record), explain, file)
        except MetaharmonError as error:
            return Reading(None, error.diagnostics)

    def _reading(self, plain: dict[str, Any], explain: bool, file: str | None) -> Reading:
        found = None if explain else self._code.run(lambda compiled: compiled.read(plain))
        if found is None or found.refused:
            found = interpreter.read(self.plan, plain, explain)
        problems = found.problems
        if any(problem.code in (FOREIGN, HARDLY_READ) for problem in problems):
            problems = self._with_hints(plain, problems)
        if found.refused:
            return Reading(None, problems, found.residue, found.fates, found.left if explain else None)
        if file is not None and self.plan.file_name is not None:
            found.tree = named_by_file(found.tree, self.plan.file_name, file)
        product = DataProduct.from_normal(found.tree)
        product.residues[self.name] = found.residue
        problems, left = [*problems, *findings(found.tree)], found.left if explain else None
        return Reading(product, problems, found.residue, found.fates, left)

    def _with_hints(self, record: dict[str, Any], problems: list[Diagnostic]) -> list[Diagnostic]:
        """The findings; those of a foreign record say what it looks like."""
        from metaharmon.dialect.likeness import hint  # an index of all dialects, which a dialect does not need else

        said = hint(record, self.name)
        return [replace(p, hint=said) if p.code in (FOREIGN, HARDLY_READ) else p for p in problems]

    def read(self, record: Any) -> DataProduct:
        """The product that a record of theirs means; its residue is in `product.residues`.

        Raises RecordError with every problem when the record is refused; warnings are in `reading`.
        """
        found = self.reading(record)
        if found.product is None:
            raise RecordError([p for p in found.problems if p.severity == ERROR])
        return found.product

    def left(self, record: Any, residue: Residue | None = None) -> list[Left]:
        """What of a record does not reach its product: kept, unknown, unread, or surplus (law 7), each with path, value
        and reason. `residue` is that of the record, where it has been read already. Raises RecordError when it is no
        record."""
        with Guard(record):
            known = None if residue is None else self._leaving.run(lambda leaving: leaving and leaving(residue))
            return interpreter.read(self.plan, record_of(record), explain=True).left if known is None else known

    def tree(self, record: Any) -> dict[str, Any]:
        """The product of a record as a tree, without more; {} where it is none."""
        try:
            with Guard(record):
                plain = record_of(record)
                found = self._code.run(lambda compiled: compiled.read(plain))
                found = interpreter.read(self.plan, plain) if found is None else found
                return {} if found.refused else found.tree
        except RecordError:
            return {}

    # --- writing

    def writing(
        self, product: Any, onto: Any = None, carry: Callable[[Residue | None], Residue] | None = None
    ) -> Written:
        """A product, written: record, losses, findings. `onto` is the record that stands at the other side now.

        `product` is a DataProduct or a canonical tree. Without `onto` the product's own residue of this dialect is
        used; with it, what the product states is laid over what `onto` says, with the residue of `onto`. `carry`
        makes of that residue the one that is written. Raises RecordError when `onto` is refused, CanonicalError when
        a tree is not canonical. Numbers of the record are int and Decimal: `metaharmon.dumps` writes them exactly.
        """
        with Guard(product):
            return self._writing(product, onto, carry)

    def _writing(self, product: Any, onto: Any, carry: Callable[[Residue | None], Residue] | None) -> Written:
        if not isinstance(product, DataProduct):
            product = DataProduct.model_validate(product)
        tree, residue = product.tree(), product.residues.get(self.name)
        if onto is not None:
            present = self.read(onto)
            tree = overlay(present.tree(), tree, product.cleared)
            residue = present.residues[self.name]
        if carry is not None:
            residue = carry(residue)
        fresh = residue is None
        written = None if residue else self._code.run(lambda compiled: compiled.write(tree, fresh))
        if written is None:
            written = interpreter.write(self.plan, tree, residue)
        written.record = copied(written.record)  # raw values in it belong to the residue
        written.losses = valued(written.losses, tree)
        return written

    def write(self, product: Any, onto: Any = None) -> dict[str, Any]:
        """Their record of a product (see `writing`); `metaharmon.dumps` writes its decimals exactly."""
        return self.writing(product, onto).record

    def losses(self, product: Any, onto: Any = None) -> list[Loss]:
        """What this dialect cannot say of a product, or says in another form."""
        return self.writing(product, onto).losses

    # --- generated code

    def _compile(self) -> Any:
        from metaharmon.compiler import CompiledPlan

        return CompiledPlan(self.plan)

    def _compile_leaving(self) -> Any:
        from metaharmon.compiler.leaving import leaving_of

        return leaving_of(self.plan)

    def __reduce__(self) -> tuple[Any, ...]:
        return Dialect, (self.mapping, self.plan, self.problems)

    # --- documents

    @cached_property
    def columns(self) -> frozenset[str] | None:
        """The names that the columns of a table of records may have: what stands at the top of a record. None: they
        cannot be told, as names in linked data mean what their context says."""
        if self.plan.linked is not None:
            return None
        table = self.plan.container
        if isinstance(table, Csv) and table.rows == "properties":
            return frozenset((table.name, table.value))
        said = [path for path, _ in self.mapping.says.kept]
        tops = {path.steps[0].name for path in said if path.steps and isinstance(path.steps[0], Key)}
        tops |= {step for text, _ in self.mapping.specs for step in spec_steps(text)[:1] if step not in ("[]", "{}")}
        return frozenset(tops | {name for name in self.plan.record.known if isinstance(name, str)}) or None

    def records(self, document: Any, at: str | None = None) -> Records:
        """The records of a document, found by the dialect's envelopes, at the place `at` (`data.rows`), or where the
        dialect's fields are (then `notes` say so). Entries that are no objects become findings (MH109); the others go
        on. Raises RecordError when the document is neither an object nor a list, when nothing stands at the place, or
        when several places fit; ValueError when `at` is no path."""
        if at is not None:
            parse(at)
        with Guard(document):
            if isinstance(document, AnyMapping) and document.__class__ is not dict:
                document = dict(document)
            elif isinstance(document, list | tuple) and document.__class__ is not list:
                document = list(document)
            return records_of(self.plan, document, at)

    def says_something(self, record: Any) -> bool:
        """Whether any value of a record is neither null nor empty nor one of the dialect's markers of absence."""
        return bool(self.plan.silence.informative(record))

    def document(self, records: Any, envelope: str | None = None) -> Any:
        """A document around one record (a dict) or a list of records.

        `envelope` names one of the dialect's; else it is the first that can hold them. Raises KeyError for an
        unknown envelope, ValueError for one that holds one record only when there are several.
        """
        one = isinstance(records, dict)
        entries = [records] if one else list(records)
        if envelope is not None:
            chosen = next((e for e in self.plan.envelopes if e.name == envelope), None)
            if chosen is None:
                raise KeyError(f"the dialect has no envelope '{envelope}'")
            if not chosen.listed and len(entries) != 1:
                raise ValueError(f"the envelope '{envelope}' holds one record, not {len(entries)}")
            return chosen.document(entries)
        fitting = (e for e in self.plan.envelopes if e.listed or one)
        return next(fitting, BARE_LIST).document(entries)

    # --- the account

    def account(self, records: Iterable[Any]) -> Account:
        """Every leaf accounted for and every law tried, on these records."""
        account = Account()
        earlier: DataProduct | None = None
        for i, record in enumerate(records):
            earlier = self.enter(account, record, f"#{i}", earlier)
        return account

    def enter(self, account: Account, record: Any, name: str, earlier: DataProduct | None = None) -> DataProduct | None:
        """Enter one record into an account; `earlier` is a product that is written onto it. Returns its product."""
        found = self.reading(record, explain=True)
        try:
            with Guard(record):
                record = record_of(record)  # values of subclasses count as the plain ones that they are
        except RecordError:  # which the reading says; it may hold itself, and is counted as one leaf
            record = None
        account.enter_reading(record, found.product is not None, found.fates, found.problems, name, found.left)
        if found.product is not None:
            account.enter_laws(self, record, found.product, name, earlier)
        return found.product
