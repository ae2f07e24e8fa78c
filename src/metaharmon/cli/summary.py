"""The summary of a translation: what was lost, by path and kind, with the first reason; what was worth noting."""

from __future__ import annotations

from collections import Counter
from typing import IO

from metaharmon.cli.output import counted, table
from metaharmon.diagnostics import ERROR, INFO, KINDS, REQUIRED_MISSING, Diagnostic
from metaharmon.dialect.reach import general
from metaharmon.dialect.translation import Translation, Translator

MOST_LINES = 20


class Summary:
    """Counts over translations."""

    def __init__(self, translator: Translator):
        self.translator = translator
        self.records = self.translated = self.incomplete = self.lossy = 0
        self.rejections: list[Diagnostic] = []
        self.losses: Counter[tuple[str, str]] = Counter()
        self.problems: Counter[tuple[str, str]] = Counter()
        self.reasons: dict[tuple[str, str], str] = {}

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
        self.lossy += any(loss.kind != "imprecise" for loss in done.losses)
        for loss in done.losses:
            self.reasons.setdefault((loss.kind, general(loss.path)), loss.reason)
        self.losses.update({(loss.kind, general(loss.path)) for loss in done.losses})
        for problem in done.problems:
            self.reasons.setdefault((problem.code, general(problem.path or "")), problem.message)
        self.problems.update({(problem.code, general(problem.path or "")) for problem in done.problems})

    def print(self, stream: IO[str], losses: bool, rejects: str | None) -> None:
        """The summary as text."""
        names = f"{self.translator.read.name} -> {self.translator.write.name}"
        print(f"{names}: {self.translated:,} of {counted(self.records, 'record')} translated", file=stream)
        if self.rejected:
            where = f", see {rejects}" if rejects else ""
            print(f"rejected: {counted(self.rejected, 'record')}{where}", file=stream)
        if losses:
            self._part("lost (records, kind, path, reason)", self.losses, stream)
        notes = Counter({key: n for key, n in self.problems.items() if KINDS[key[0]].severity != INFO})
        self._part("noted (records, finding, path, meaning)", notes, stream)
        quiet = sum(n for key, n in self.problems.items() if KINDS[key[0]].severity == INFO)
        if quiet:
            codes = sorted({f"{code} {KINDS[code].name}" for code, _ in self.problems if KINDS[code].severity == INFO})
            print(f"for information: {', '.join(codes)} ({quiet:,} times)", file=stream)

    def _part(self, title: str, counts: Counter[tuple[str, str]], stream: IO[str]) -> None:
        if not counts:
            return
        ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        rows = [
            (f"{n:,}", _kind(kind), path or "-", self.reasons[kind, path]) for (kind, path), n in ordered[:MOST_LINES]
        ]
        print(f"{title}:", file=stream)
        print(table(rows, "  "), file=stream)
        if len(ordered) > MOST_LINES:
            print(f"  and {len(ordered) - MOST_LINES} more lines", file=stream)


def _kind(kind: str) -> str:
    return f"{kind} {KINDS[kind].name}" if kind in KINDS else kind
