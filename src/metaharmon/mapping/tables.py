"""Code tables of a mapping file as lens tables, with their raw codes in the JSON types of the field."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from metaharmon import codelists
from metaharmon import diagnostics as dx
from metaharmon.lenses.base import FieldSpec
from metaharmon.lenses.codes import CodeTable, Pair
from metaharmon.mapping.grammar import Report, Skip, closest, place_of
from metaharmon.mapping.raw import their_constants
from metaharmon.mapping.syntax import Table
from metaharmon.model import scalars

RELATIONS = ("broader", "narrower", "close")
REMARKS = ("note", "see", "source", "why")


SPELLING = ("code", "value", "label", "relation", "write_only", "read_only", *REMARKS)
"""Words of a spelling that is a map."""


def _check_spelling(one: Any) -> None:
    """Raise ValueError for what is neither a text nor a map of texts by known words."""
    if isinstance(one, dict):
        for word, said in one.items():
            if word not in SPELLING or not isinstance(said, str):
                text = f"'{word}' is no word of a spelling" if word not in SPELLING else f"'{word}' is a text"
                raise ValueError(f"{text}; a spelling of theirs is a text, or {{code: TEXT, label: TEXT, …}}")
    elif not isinstance(one, str):
        raise ValueError("a spelling of theirs is a text, or {code: TEXT, label: TEXT, …}")


class Tables:
    """The code tables of one dialect by name."""

    def __init__(self, said: tuple[tuple[str, Table], ...], report: Report, full: Callable[[str], str] = str):
        """`full`: the IRI of a prefixed name, where the dialect has prefixes."""
        self._full = full
        self._said = {str(name): table for name, table in said}
        self._report = report
        self._noted: set[str] = set()
        self.used: set[str] = set()

    def said(self, name: Any) -> Table:
        """The table as the file says it. Notes an unknown name and skips the rule."""
        table = self._said.get(str(name))
        if table is None:
            self._report.add(
                dx.MISSING_WORD, f"there is no code table '{name}'", place_of(name), closest(name, self._said)
            )
            raise Skip
        self.used.add(str(name))
        return table

    def list_of(self, name: Any) -> str:
        """The code list of ours that a table names; empty where it names none."""
        return str(self.said(name).list or "")

    def table(self, name: Any, spec: FieldSpec, unmapped: str, check: Any = None) -> CodeTable:
        """The two-way table for a field. `check(code)` raises ValueError for a code of ours that is none."""
        said = self.said(name)
        pairs: list[Pair] = []
        for code, value in said.pairs:
            if not self._known(code, said, check, str(name)):
                continue
            try:
                pairs.extend(self._pairs(code, value, spec))
            except ValueError as exc:
                self._note(f"{name}/{code}", dx.WRONG_FORM, str(exc), place_of(value))
                raise Skip from None
        rest = None if said.rest is None else str(said.rest)
        try:
            return CodeTable(
                str(name), self.list_of(name), tuple(pairs), str(said.unmapped or unmapped), spec.pattern, rest
            )
        except ValueError as exc:
            self._note(str(name), dx.TABLE_CONFLICT, str(exc), said.place)
            raise Skip from None

    def labels(self, name: Any, spec: FieldSpec) -> tuple[tuple[Any, str], ...]:
        """The label of each raw code of theirs."""
        out = []
        for code, value in self.said(name).pairs:
            with suppress(ValueError):  # noted where the table is made
                for pair in self._pairs(code, value, spec):
                    out.extend((raw, label) for raw, label in pair.theirs if label is not None)
        return tuple(out)

    def _pairs(self, code: Any, value: Any, spec: FieldSpec) -> list[Pair]:
        """The pairs of one row: spellings with a relation of their own make a pair of their own. Raises ValueError."""
        plain: list[tuple[Any, str | None]] = []
        out: list[Pair] = []
        full = str if spec.names else self._full
        for one in value if isinstance(value, list) else [value]:
            _check_spelling(one)
            if isinstance(one, dict):
                raws = their_constants(full(str(one.get("code", one.get("value", "")))), spec)
                label = str(one["label"]) if "label" in one else None
                relation = str(one["relation"]) if "relation" in one else None
                if relation is not None and relation not in RELATIONS:
                    self._report.add(
                        dx.WRONG_FORM, f"'{relation}' is none of broader, narrower, close", place_of(one["relation"])
                    )
                    relation = None
                write_only = str(one.get("write_only", "false")) == "true"
                read_only = str(one.get("read_only", "false")) == "true"
                if relation is None and not write_only and not read_only:
                    plain.extend((raw, label) for raw in raws)
                else:
                    shown = tuple((raw, label) for raw in raws)
                    out.append(Pair(str(code), shown, relation, write_only, read_only))
            else:
                for text in dict.fromkeys((full(str(one)), str(one))):  # a prefixed name may stand as a plain text, too
                    plain.extend((raw, None) for raw in their_constants(text, spec))
        return [Pair(str(code), tuple(plain)), *out] if plain else out

    def _known(self, code: Any, said: Table, check: Any, name: str) -> bool:
        try:
            if check is not None:
                check(str(code))
            elif said.list and not codelists.is_local(str(said.list)):
                self._in_list(str(code), str(said.list))
        except ValueError as exc:
            self._note(f"{name}/{code}", dx.UNKNOWN_CODE, str(exc), place_of(code))
            return False
        return True

    def _in_list(self, code: str, name: str) -> None:
        if name == "update_frequency":
            made = scalars.frequency(code)
            if scalars.short(made) != code:
                raise ValueError(f"'{code}' is written '{scalars.short(made)}' in normal form")
            return
        try:
            known = codelists.load(name)
        except KeyError:
            raise ValueError(f"there is no code list '{name}'") from None
        own = codelists.is_local(code) and name in scalars.LOCAL_SCHEMES
        if code not in known and not own:
            hint = closest(code, known.codes)
            raise ValueError(f"'{code}' is no code of the list {name}" + (f"; {hint}" if hint else ""))

    def _note(self, key: str, code: str, message: str, place: Any) -> None:
        if key not in self._noted:
            self._noted.add(key)
            self._report.add(code, message, place)
