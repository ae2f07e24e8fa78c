"""Tables of spellings (`data/spellings`): how a value stands there, and what it is here.

A file is a map: `lens`, `title` and `tables`. A table says `what` it is about, and where its values stand:

- `path` (ours) and `rule` (a line of a mapping without `field`), with `defaults`, `codes` or `prefixes` where the rule
  needs them; or
- `dialect`, `field` (theirs, `a.b` for a member) and `path`: a shipped dialect's own rule; `beside` is what each record
  says beside, where one that says nothing else would be refused.

Where the rule's path is not a plain one, `at` says where the value is in the canonical record (`offers.0.amount`).

`spellings` are lists: what stands there; what it is here; and, where writing it anew gives another spelling, that one.
What it is here is the canonical value at `path`, or one of three words:

- `unread`: it is not read, and said so;
- `nothing`: it says nothing (a placeholder), and nothing is read;
- `refused`: the record is refused.

Texts are quoted where YAML would take them for numbers; a number without quotes is a number there.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import metaharmon as mh
from metaharmon.files.records import read_documents

FOLDER = Path(__file__).parent / "data" / "spellings"
ALWAYS = {"id": "1"}
"""What each record of a single rule says beside, since one of which nothing is read is refused."""
UNREAD, NOTHING, REFUSED = "unread", "nothing", "refused"
WORDS = {"what", "path", "at", "rule", "defaults", "codes", "prefixes", "dialect", "field", "beside", "spellings"}
_MAPPINGS = tempfile.TemporaryDirectory(prefix="spellings-")
"""The mappings of one rule; gone when the run ends."""
HEAD = {
    "dialect": "spellings",
    "title": {"en": "Spellings"},
    "version": "1.0.0",
    "canonical": 1,
    "evidence": {"status": "illustrative", "date": "2026-12-01", "sources": ["written for the tables of spellings"]},
}


@dataclass(frozen=True)
class Table:
    """One table of a file, and the dialect that reads its values."""

    file: str
    lens: str
    says: dict[str, Any] = field(hash=False, compare=False)
    index: int = 0

    @property
    def path(self) -> str:
        """Our path."""
        return str(self.says["path"])

    def dialect(self) -> mh.Dialect:
        """The dialect of this table: a shipped one, or one of a single rule."""
        return _dialect(self)

    def record(self, theirs: Any) -> Any:
        """A record that says a value where this table has it."""
        names = str(self.says.get("field", "x")).split(".")
        out = theirs
        for name in reversed(names):
            out = {name: out}
        return {**(self.says.get("beside", {}) if "dialect" in self.says else ALWAYS), **out}

    def value(self, tree: Any) -> Any:
        """What stands at our path, or None."""
        for name in str(self.says.get("at", self.path)).split("."):
            if isinstance(tree, list):
                tree = tree[int(name)] if int(name) < len(tree) else None
            else:
                tree = tree.get(name) if isinstance(tree, dict) else None
        return tree


@cache
def _dialect(table: Table) -> mh.Dialect:
    if "dialect" in table.says:
        return mh.load(table.says["dialect"])
    rule = table.says["rule"]
    line = {"field": "x", **rule} if isinstance(rule, dict) else "x"
    more = {word: table.says[word] for word in ("defaults", "codes", "prefixes") if word in table.says}
    file = Path(_MAPPINGS.name) / f"{table.file}-{table.index}.yaml"
    file.write_text(
        json.dumps({**HEAD, **more, "fields": {"identifiers.local": "id", table.path: line}}, ensure_ascii=False),
        "utf-8",
    )
    return mh.load(file)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every file: its name, and what it says."""
    for file in sorted(FOLDER.glob("*.yaml")):
        yield file.stem, _document(file)


def tables() -> Iterator[Table]:
    """Every table of every file."""
    for name, document in documents():
        for index, says in enumerate(document["tables"]):
            yield Table(name, document["lens"], says, index)


def _document(file: Path) -> Any:
    (document,) = read_documents(file)
    assert not document.problems, [str(one) for one in document.problems]
    return document.value
