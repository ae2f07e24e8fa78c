"""The summary of a translation: what was lost, what was not carried over, what was worth noting; by path, with counts,
the first reason and one example."""

from __future__ import annotations

from collections.abc import Hashable
from typing import IO, Any

from metaharmon.cli.output import block, counted, example, short
from metaharmon.diagnostics import ERROR, FAULT, HARDLY_READ, INFO, KINDS, REQUIRED_MISSING, Diagnostic
from metaharmon.dialect.reach import general
from metaharmon.dialect.translation import Translation, Translator


class Tally:
    """How many records have a kind of finding at a path; of each the first reason and example."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.first: dict[tuple[str, str], tuple[str, Any]] = {}

    def enter(self, found: list[tuple[str, str, str, Any]]) -> None:
        """Count the findings of one record: (kind, path, reason, example)."""
        seen: set[Hashable] = set()
        for kind, path, reason, value in found:
            key = kind, path
            if key not in self.first:
                self.first[key] = reason, value() if callable(value) else value
            if key not in seen:
                seen.add(key)
                self.counts[key] = self.counts.get(key, 0) + 1

    def rows(self) -> list[tuple[int, str, str, str, Any]]:
        """The most frequent first: (records, kind, path, reason, example)."""
        ordered = sorted(self.counts.items(), key=lambda entry: (-entry[1], entry[0]))
        return [(n, *key, *self.first[key]) for key, n in ordered]

    def as_list(self, name: str) -> list[dict[str, Any]]:
        """The same as JSON; `name` is what a kind is called."""
        return [
            {
                "records": n,
                name: kind,
                "path": path,
                "reason": reason,
                **({} if one is None else {"example": short(one)}),
            }
            for n, kind, path, reason, one in self.rows()
        ]


class Summary:
    """Counts over translations."""

    def __init__(self, translator: Translator):
        self.translator = translator
        self.records = self.translated = self.incomplete = self.foreign = self.lossy = self.unkept = 0
        self.rejections: list[Diagnostic] = []
        self.losses, self.left, self.problems = Tally(), Tally(), Tally()

    @property
    def faulty(self) -> bool:
        """Whether metaharmon itself failed on a record."""
        return any(one.code == FAULT for one in self.rejections)

    @property
    def rejected(self) -> int:
        """Records of which there is no translation."""
        return self.records - self.translated

    def enter(self, name: str, done: Translation) -> None:
        """Count one record."""
        self.records += 1
        if done.record is None:
            self.rejections.extend(p for p in done.problems if p.severity == ERROR)
            return
        self.translated += 1
        self.incomplete += any(p.code == REQUIRED_MISSING for p in done.problems)
        self.lossy += done.lossy
        lost = any(loss.kind != "imprecise" for loss in done.bare_losses)
        self.unkept += lost or any(left.outcome != "kept" for left in done.left)
        self.losses.enter([
            (loss.kind, general(loss.path), loss.reason, lambda n=n: done.losses[n].value)
            for n, loss in enumerate(done.bare_losses)
        ])  # fmt: skip
        self.left.enter([(left.outcome, general(left.path), left.reason, left.value) for left in done.left])
        self.foreign += any(p.code == HARDLY_READ for p in done.problems)
        said = [(p, f"{p.message}; {p.hint}" if p.hint else p.message) for p in done.problems]
        self.problems.enter([(p.code, general(p.path or ""), text, None) for p, text in said])

    # --- printing

    def as_dict(self) -> dict[str, Any]:
        """The summary as JSON."""
        return {
            "read": self.translator.read.name,
            "write": self.translator.write.name,
            "records": self.records,
            "translated": self.translated,
            "rejected": self.rejected,
            "incomplete": self.incomplete,
            "hardly_read": self.foreign,
            "lossy": self.lossy,
            "lost": self.losses.as_list("kind"),
            "left": self.left.as_list("outcome"),
            "noted": self.problems.as_list("code"),
            "rejections": [problem.as_dict() for problem in self.rejections],
        }

    def print(self, stream: IO[str], losses: bool, rejects: str | None, ledger: str | None) -> None:
        """The summary as text."""
        names = f"{self.translator.read.name} -> {self.translator.write.name}"
        print(f"{names}: {self.translated:,} of {counted(self.records, 'record')} translated", file=stream)
        if self.rejected:
            where = f", see {rejects}" if rejects else ""
            print(f"rejected: {counted(self.rejected, 'record')}{where}", file=stream)
        rest = f"see {ledger}" if ledger else "--losses FILE or --format json shows all"
        if losses:
            self._part("lost (records, kind, path, example, reason)", self.losses, stream, rest)
            self._part("not carried over (records, outcome, path, example, reason)", self.left, stream, rest)
        notes = [row for row in self.problems.rows() if KINDS[row[1]].severity != INFO]
        rows = [(f"{n:,}", f"{code} {KINDS[code].name}", path or "-", why) for n, code, path, why, _ in notes]
        block("noted (records, finding, path, meaning)", rows, stream, "--format json shows all")
        quiet = [row for row in self.problems.rows() if KINDS[row[1]].severity == INFO]
        if quiet:
            codes = sorted({f"{code} {KINDS[code].name}" for _, code, *_ in quiet})
            print(f"for information: {', '.join(codes)} ({sum(row[0] for row in quiet):,} times)", file=stream)

    @staticmethod
    def _part(title: str, tally: Tally, stream: IO[str], rest: str) -> None:
        rows = [(f"{n:,}", kind, path, example(one), why) for n, kind, path, why, one in tally.rows()]
        block(title, rows, stream, rest)
