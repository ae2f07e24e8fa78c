"""Which dialects a record looks like, by the names of its fields: a cheap guess, for a hint.

The index is built once per process, from the heads of the mapping files and the members that their schemas name; no
mapping is bound for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from math import log
from pathlib import Path
from typing import Any

from metaharmon.diagnostics import MetaharmonError
from metaharmon.dialect.folders import default_folders
from metaharmon.files.jsontext import loads
from metaharmon.files.regular import read_regular
from metaharmon.mapping.named import read_named
from metaharmon.yamltext import LIMITS

DEEPEST, MOST_OBJECTS, MOST_NAMES = 6, 200, 300
"""Where the record itself looks like nothing: how far inside it, and in how many objects, is looked; names of one."""
LEAST = 2
"""Names that a dialect and a record have in common at least."""
LIKELY = 0.4
"""Of the weight of a record's names, what a dialect must know to be a hint."""
CLEARLY = 1.5
"""How much more like another dialect a record must be for a hint about one that was read, if hardly."""
_WORD = re.compile(r"(?m)^([a-z]+):(.*(?:\n(?:[ #].*)?)*)")
_RENAME = re.compile(r"""['"]?([^\s{},:'"]+)['"]?: *['"]?([^\s{},'"]+)""")
_GRAPH = re.compile(r"graph: *(\[[^]]*\]|'[^']*'|[^\s,}]+)")
_TYPE = re.compile(r"[\w-]+:([\w-]+)")


@dataclass(frozen=True)
class Form:
    """The names of one or several dialects that have the same: their fields, and types of their records."""

    dialects: tuple[str, ...]
    names: frozenset[str]

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The dialects; several of one family as `family-*`."""
        families = Counter(name.rpartition("-")[0] for name in self.dialects)
        many = {family for family, n in families.items() if n > 1 and family not in ("", "cn")}
        folded = ((name, name.rpartition("-")[0]) for name in self.dialects)
        return tuple(dict.fromkeys(f"{family}-*" if family in many else name for name, family in folded))


class Index:
    """Forms by the names that they have."""

    def __init__(self, forms: Iterable[Form]):
        self.forms = tuple(forms)
        self.having: dict[str, list[int]] = {}
        for i, form in enumerate(self.forms):
            for name in form.names:
                self.having.setdefault(name, []).append(i)

    def weight(self, name: str) -> float:
        """How much a name tells: the fewer forms have it, the more."""
        return log((len(self.forms) + 1) / max(1, len(self.having.get(name, ()))))

    def like(self, record: dict[str, Any]) -> list[tuple[str, float]]:
        """The dialects that know names of an object, each with the share of their weight that it knows, best first;
        of two that know as much, the smaller one."""
        found: dict[int, float] = {}
        counts: dict[int, int] = {}
        whole = 0.0
        names = _names(record)
        for spellings in names:
            best = min(map(self.weight, spellings))
            whole += best
            for i in {i for name in spellings for i in self.having.get(name, ())}:
                found[i] = found.get(i, 0.0) + best
                counts[i] = counts.get(i, 0) + 1
        ranked = sorted(
            (i for i in found if counts[i] >= LEAST),
            key=lambda i: (-round(found[i] / whole, 6), len(self.forms[i].names), self.forms[i].dialects),
        )
        return [(name, round(found[i] / whole, 4)) for i in ranked for name in self.forms[i].named]


def looks_like(record: Any) -> list[tuple[str, float]]:
    """The dialects whose fields a record has, best first, each with the share that they know of it (0 to 1). Where the
    record itself has none, the objects inside it are looked at."""
    found = index()
    for one in _objects(record):
        ranked = found.like(one)
        if ranked and ranked[0][1] >= LIKELY:
            return ranked
    return []


def hint(record: Any, but: str) -> str | None:
    """A sentence about the dialect that a record looks like; None where none fits clearly better than `but`."""
    ranked = looks_like(record)
    own = max((share for name, share in ranked if _is(but, name)), default=0.0)
    ranked = [(name, share) for name, share in ranked if share >= CLEARLY * own]
    best = [name for name, share in ranked if share == ranked[0][1]]
    if not best or any(_is(but, name) for name in best):
        return None
    return f"it looks like {' or '.join(best[:3])}" + (f" or {len(best) - 3} more" if len(best) > 3 else "")


def _is(dialect: str, named: str) -> bool:
    return dialect == named or (named.endswith("-*") and dialect.startswith(named[:-1]))


@cache
def index() -> Index:
    """The index of the shipped dialects and those of other packages."""
    by_names: dict[frozenset[str], list[str]] = {}
    heads = {head["dialect"]: head for folder in default_folders([]) for head in _heads(folder)}
    for name, head in sorted(heads.items()):
        if head.get("abstract") != "true" and (names := _fields(head, heads)):
            by_names.setdefault(names, []).append(name)
    return Index(Form(tuple(dialects), names) for names, dialects in by_names.items())


def _heads(folder: Path) -> Iterator[dict[str, str]]:
    """The words at the margin of each mapping file, each with the text up to the next one."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            text = read_regular(path, LIMITS.bytes, [folder]).decode("utf-8")
        except (OSError, ValueError):
            continue
        words = {word: said.partition(" #")[0].strip() if "\n" not in said.strip() else said
                 for word, said in _WORD.findall(text)}  # fmt: skip
        yield {**words, "dialect": path.stem, "folder": str(folder)}


def _fields(head: dict[str, str], heads: dict[str, dict[str, str]]) -> frozenset[str]:
    """The names of a dialect: of the nearest schema of its line, renamed on the way, and the types of its records."""
    line = [head]
    while (above := heads.get(line[-1].get("extends", ""))) is not None and above not in line:
        line.append(above)
    at = next((i for i, one in enumerate(line) if "schema" in one), None)
    if at is None:
        return frozenset()
    names = set(_members(line[at]["schema"].strip("'\""), Path(line[at]["folder"]) / "mapping.yaml"))
    for one in reversed(line[:at]):
        renames = {old: new for old, new in _RENAME.findall(one.get("rename", "")) if "." not in old}
        names = {renames.get(name, name) for name in names}
    said = next((one["envelope"] for one in line if "envelope" in one), "")
    names |= {f"@type {kind}" for graph in _GRAPH.findall(said) for kind in _TYPE.findall(graph)}
    if any("prefixes" in one for one in line):
        names |= {_local(name) for name in names if ":" in name}
    return frozenset(name for name in names if name[:1] != "@" or " " in name)


@cache
def _members(schema: str, here: Path, depth: int = 0) -> frozenset[str]:
    """The members that a JSON Schema names at its top, and those of the schema that it builds on; none of one that
    cannot be used. `here` is the file that names it."""
    try:
        found = read_named(schema, here)
        said = loads(found.data, str(found.path))
    except MetaharmonError:
        return frozenset()
    if depth > DEEPEST or not isinstance(said, dict):
        return frozenset()
    properties, parts = said.get("properties"), said.get("allOf")
    names = set(properties if isinstance(properties, dict) else ())
    for part in parts if isinstance(parts, list) else ():
        base = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(base, str) and "#" not in base and "/" not in base:
            names |= _members(base, found.path, depth + 1)
    return frozenset(names)


def _names(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """The names of an object's members that say something, each with its spellings; types count as names."""
    out: list[tuple[str, ...]] = []
    for key, value in record.items():
        if key.__class__ is not str or value in (None, "") or len(out) >= MOST_NAMES:
            continue
        if key == "@type":
            kinds = value if value.__class__ is list else [value]
            out.extend((f"@type {_local(kind)}",) for kind in kinds if kind.__class__ is str)
        elif not key.startswith("@"):
            local = _local(key)
            out.append((key,) if local == key else (key, local))
    return out


def _local(name: str) -> str:
    """The last part of a prefixed name or an IRI."""
    return re.split(r"[:/#]", name.rstrip("/#"))[-1]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a value, outer ones first."""
    level, count = [value] if value.__class__ in (dict, list) else [], 0
    for _ in range(DEEPEST):
        below: list[Any] = []
        for one in level:
            if count >= MOST_OBJECTS:
                return
            if one.__class__ is dict:
                count += 1
                yield one
            inner = one.values() if one.__class__ is dict else one
            below.extend(v for v in list(inner)[:MOST_NAMES] if v.__class__ is dict or v.__class__ is list)
        level = below
