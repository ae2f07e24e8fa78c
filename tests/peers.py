"""What the test suites of peers assert: facts about conversions, tried on records of our own.

`data/peers/*.yaml` has a file per peer: `peer`, and `cases` of a `test` (its name there), `read`, `write`, `input`, and
the assertions by class, each a path of the record that is written:

`records` are inputs that several cases name; `context` is that of the records that have a type and no context.

- `holds`: the value that the peer asserts stands there; null: nothing does;
- `form`: `here` stands there, which says what the peer asserts (`peer`) in another standard form or place;
- `different`: `here` stands there on purpose; `why` says why;
- `gap`: what the peer asserts (`peer`) does not stand there yet; `why` says what is lacking.

A step of a path is a member, a position, or the name or key of an entry; a list of one stands for its entry, and a
literal or reference of JSON-LD for its value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from metaharmon.yamltext import read_file, to_json

DATA = Path(__file__).parent / "data" / "peers"
SHARED = Path("/work/shared/cases/peers")
CLASSES = {
    "holds": "holds",
    "form": "in another standard form",
    "different": "different on purpose",
    "gap": "gap",
}


@dataclass(frozen=True)
class Assertion:
    """One assertion of a peer."""

    peer: str
    test: str
    read: str
    write: str
    record: dict[str, Any]
    kind: str
    path: str
    wanted: Any
    """What stands there; of a gap, what should."""
    theirs: Any
    """What the peer asserts."""
    why: str


@cache
def assertions() -> tuple[Assertion, ...]:
    """All assertions of the project's own files."""
    return tuple(one for file in sorted(DATA.glob("*.yaml")) for one in _of_file(to_json(read_file(file))))


def _of_file(said: Any) -> Iterator[Assertion]:
    for case in said["cases"]:
        for kind in CLASSES:
            for path, value in case.get(kind, {}).items():
                plain = kind == "holds"
                wanted = value if plain else value["peer" if kind == "gap" else "here"]
                theirs, why = (value, "") if plain else (value["peer"], value["why"])
                head = (said["peer"], case["test"], case["read"], case["write"], _record(said, case))
                yield Assertion(*head, kind, path, wanted, theirs, why)


def _record(said: Any, case: Any) -> dict[str, Any]:
    """The input of a case: written out, or one of the file's records by name; with the file's context."""
    record = said["records"][case["input"]] if isinstance(case["input"], str) else case["input"]
    linked = "context" in said and "@type" in record and "@context" not in record
    return {"@context": said["context"], **record} if linked else record


def shared_cases() -> list[Path]:
    """The cases that the project was given, where they are."""
    return sorted(SHARED.glob("*.json"))


def load_case(path: Path) -> dict[str, Any]:
    """One of these."""
    case: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return case


def at(record: Any, path: str) -> Any:
    """What stands at a path; None: nothing."""
    return _at(record, path.split("."))


def _at(here: Any, steps: list[str]) -> Any:
    if not steps:
        return here
    if isinstance(here, list):
        return _in_list(here, steps)
    if not isinstance(here, dict):
        return _at(here, steps[1:]) if steps[0] == "@id" or steps[0] == "0" else None
    for n in range(len(steps), 0, -1):  # a member may have dots in its name
        if ".".join(steps[:n]) in here:
            return _at(here[".".join(steps[:n])], steps[n:])
    return _at(here, steps[1:]) if steps[0] == "0" else None


def _in_list(here: list[Any], steps: list[str]) -> Any:
    if steps[0].isdigit():
        return _at(here[int(steps[0])], steps[1:]) if int(steps[0]) < len(here) else None
    for entry in here:
        if isinstance(entry, dict) and steps[0] in (entry.get("name"), entry.get("key")):
            return _at(entry["value"] if "key" in entry else entry, steps[1:])
    return _at(here[0], steps) if len(here) == 1 else None


def plain(value: Any) -> Any:
    """A value without the forms of JSON-LD, and a list of one as its entry."""
    if isinstance(value, list):
        return plain(value[0]) if len(value) == 1 else [plain(one) for one in value]
    if isinstance(value, dict):
        return value.get("@value", value.get("@id", value))
    return value
