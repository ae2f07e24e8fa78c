"""`metaharmon translate`: files of records in, records of the other dialect out, everything else said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any, NamedTuple

from metaharmon.cli.exits import CLEAN, FAULT, FINDINGS, USAGE, UsageError
from metaharmon.cli.inputs import Given, Inputs, documents_of, registry
from metaharmon.cli.ledger import Ledger
from metaharmon.cli.output import Progress, print_findings, print_notes
from metaharmon.cli.summary import Summary
from metaharmon.containers import Csv
from metaharmon.diagnostics import BAD_CHARACTER, Diagnostic, RecordError
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.translation import Translation, Translator
from metaharmon.faults import Guard
from metaharmon.files.jsontext import dumps, loads
from metaharmon.files.records import write_json
from metaharmon.paths import leaf_text

MOST_REJECTS_SHOWN = 10


def translate(args: Any) -> int:
    """Run the verb."""
    known = registry(args)
    translator = Translator(known.load(args.read), known.load(args.write))
    supply = supplied(args.supply)
    translator.check_supply(supply)
    inputs = Inputs(translator.read, args.files, args.encoding, args.input_format, args.separator, args.records_at)
    inputs.notes.extend(known.problems)
    onto = _onto(args.onto, translator, args, inputs.notes) if args.onto else None
    _check_outputs(args, translator.write)
    summary = Summary(translator)
    ledger = Ledger(translator)
    with (
        Output(args.out) as out,
        Lines(args.rejects) as rejects,
        Lines(args.residue) as residues,
        Lines(args.losses) as losses,
    ):
        progress = Progress()
        for given in inputs:
            if onto is not None and summary.records:
                raise UsageError("--onto takes one record, and the input holds more")
            done = out.holding(_one(translator, given, onto, supply))
            done, said = _said(done, given, translator, ledger if args.losses else None)
            summary.enter(given.name, done)
            if said is None:
                rejects.put(_rejection(given, done))
            else:
                out.put(said.record, done.record, given)
                residues.put(said.residue)
                for line in said.losses:
                    losses.put(line)
            progress.step()
        progress.done()
        out.finish(translator)
    _report(args, inputs, summary)
    if summary.faulty:
        return FAULT
    if inputs.unreadable:
        return USAGE
    lossy = {"error": summary.lossy, "error-but-kept": summary.unkept}.get(args.on_loss, 0)
    found = inputs.empty or summary.rejected or summary.incomplete or summary.foreign or lossy
    return FINDINGS if found else CLEAN


def _report(args: Any, inputs: Inputs, summary: Summary) -> None:
    """Everything that is worth saying, on standard error."""
    if args.format == "json":
        unreadable = [problem.as_dict() for problem in (*inputs.unreadable, *inputs.empty)]
        notes = [note.as_dict() for note in inputs.notes]
        around = inputs.around.as_list("documents")
        said = {**summary.as_dict(), "around": around, "unreadable": unreadable, "notes": notes}
        print(dumps(said, indent=2), file=sys.stderr)
        return
    print_findings([*inputs.unreadable, *inputs.empty], sys.stderr)
    if not args.rejects:
        print_findings(summary.rejections, sys.stderr, MOST_REJECTS_SHOWN, "--rejects FILE has all")
    summary.print(sys.stderr, losses=args.on_loss != "ignore", rejects=args.rejects, ledger=args.losses)
    if args.on_loss != "ignore":
        inputs.around.print(sys.stderr)
    print_notes(inputs.notes, sys.stderr)


def _one(translator: Translator, given: Given, onto: Any, supply: dict[str, Any]) -> Translation:
    if given.problems:
        return Translation(None, problems=list(given.problems))
    done = translator(given.record, onto=onto, supply=supply, file=given.file)
    done.problems = [p.at(record=given.name) for p in done.problems]
    return done


class _Said(NamedTuple):
    """What is written of a record, each line as JSON."""

    record: str
    residue: str
    losses: list[str]


def _said(
    done: Translation, given: Given, translator: Translator, ledger: Ledger | None
) -> tuple[Translation, _Said | None]:
    """A translation and its lines; where they cannot be made, it is refused, so that nothing is half written."""
    if done.record is None:
        return done, None
    try:
        with Guard(given.record):
            residue = {"name": given.name, "residue": done.residue.as_data(translator.read.plan.named)}
            lines = ledger.lines(given.name, done) if ledger else []
            _ = done.losses, done.left  # worked out now: the summary looks at both
            return done, _Said(dumps(done.record), dumps(residue), [dumps(line) for line in lines])
    except RecordError as error:
        problems = [problem.at(record=given.name) for problem in error.diagnostics]
        return Translation(None, problems=[*done.problems, *problems]), None


def _rejection(given: Given, done: Translation) -> str:
    """The line of a record that is rejected; the record itself is left out where JSON cannot say it."""
    line = {"name": given.name, "problems": [problem.as_dict() for problem in done.problems]}
    try:
        with Guard(given.record):
            return dumps({**line, "record": given.record})
    except RecordError:
        return dumps(line)


def supplied(pairs: list[str]) -> dict[str, Any]:
    """The values of `PATH=VALUE`; a value that begins with `{` or `[` is JSON. Raises UsageError."""
    out: dict[str, Any] = {}
    for pair in pairs:
        path, value = _split(pair)
        if path in out:
            raise UsageError(f"--supply gives '{path}' twice")
        out[path] = value
        if value[:1] in ("{", "["):
            try:
                out[path] = loads(value, f"--supply {path}")
            except RecordError as error:
                raise UsageError(str(error)) from None
    return out


def _split(pair: str) -> tuple[str, str]:
    """Path and value: at the first `=` that is not inside brackets."""
    depth = 0
    for i, character in enumerate(pair):
        depth += (character == "[") - (character == "]")
        if character == "=" and depth == 0 and i:
            return pair[:i].strip(), pair[i + 1 :]
    raise UsageError(f"--supply is PATH=VALUE, not '{pair}'")


def _onto(file: str, translator: Translator, args: Any, notes: list[Diagnostic]) -> Any:
    records: list[Any] = []
    for document in documents_of(translator.write, file, args.encoding):
        notes.extend(document.notes)
        if document.problems:
            raise RecordError(list(document.problems))
        records.extend(translator.write.records(document.value))
    if len(records) != 1:
        raise UsageError(f"--onto takes a file of one record; {file} holds {len(records)}")
    translator.write.read(records[0])  # refused now, rather than once per record
    return records[0]


def _check_outputs(args: Any, write: Dialect) -> None:
    """No file may be written that is read, or twice."""
    ends = (".json", ".jsonl", *((".csv",) if isinstance(write.plan.container, Csv) else ()))
    if args.out and Path(args.out).suffix.lower() not in (*ends, ".ndjson"):
        raise UsageError(f"the output is {' or '.join(ends)}, not {args.out}")
    taken = {Path(file).resolve(): file for file in (*args.files, args.onto) if file and file != "-"}
    for file in (args.out, args.rejects, args.residue, args.losses):
        if file:
            if Path(file).resolve() in taken:
                raise UsageError(f"{file} would be overwritten while it is in use")
            taken[Path(file).resolve()] = file


class Lines:
    """A file of JSON lines; without a name nothing is written."""

    def __init__(self, file: str | None):
        self.stream: IO[str] | None = open(file, "w", encoding="utf-8", newline="\n") if file else None  # noqa: SIM115

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.stream is not None:
            self.stream.close()

    def put(self, line: str) -> None:
        """One line."""
        if self.stream is not None:
            self.stream.write(f"{line}\n")


class Output(Lines):
    """Where translated records go: lines as they come, or one document at the end."""

    def __init__(self, file: str | None):
        super().__init__(file)
        self.table = bool(file) and str(file).lower().endswith(".csv")
        self.whole = bool(file) and not str(file).lower().endswith(("jsonl", "ndjson"))
        self.records: list[Any] = []
        self.wrapped = False
        self.single = True

    def put(self, line: str, record: Any = None, given: Given | None = None) -> None:
        """One record, and its line."""
        if self.whole and given is not None:
            self.records.append(record)
            self.wrapped |= given.wrapped
            self.single &= given.single
        elif self.stream is not None:
            super().put(line)
        else:
            sys.stdout.write(f"{line}\n")

    def holding(self, done: Translation) -> Translation:
        """The translation, refused where the file cannot hold its record: what is written can be read."""
        bad = Csv.unwritable(done.record) if self.table and done.record is not None else []
        if not bad:
            return done
        message = "the control character U+0000 cannot stand in a cell of a table; write .jsonl"
        problems = [Diagnostic(BAD_CHARACTER, message, path=leaf_text((key,))) for key in bad]
        return Translation(None, [], done.residue, [*done.problems, *problems])

    def finish(self, translator: Translator) -> None:
        """Write the document: in an envelope if the input had one, one object for one, else a list."""
        if not self.whole or self.stream is None:
            return
        if self.table:
            self._table(translator.write.plan.container)
            return
        alone = self.single and len(self.records) == 1
        found = self.records[0] if alone else self.records
        write_json(self.stream, translator.write.document(found) if self.wrapped else found)

    def _table(self, table: Csv) -> None:
        """A table of comma-separated values; one of properties holds one record."""
        if table.rows == "properties" and not self.records:
            return  # each was rejected, and the report says why
        if table.rows == "properties" and len(self.records) != 1:
            raise UsageError(f"a table of properties holds one record, not {len(self.records)}; write .jsonl")
        self.stream.write(table.close(self.records if table.rows == "records" else self.records[0], None))  # type: ignore[union-attr]
