"""The fields of a dialect, read from its JSON Schema: types, lengths, obligation.

A schema may build on another of the same folder (`allOf: [{$ref: file}]`, at its top).
Only the structure is used (`properties`, `items`, `type`, `required`, `maxLength`, `maxProperties`, `enum`, `pattern`,
`$ref` within the file, `patternProperties` and `additionalProperties` as an open level; what is required: needs.py);
full validation is the validators' work.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import MappingError, MetaharmonError, Place
from metaharmon.files.jsonplaces import place_of_value
from metaharmon.files.jsontext import loads
from metaharmon.files.textfile import decode
from metaharmon.lenses.base import FieldSpec
from metaharmon.mapping.grammar import Report, place_of
from metaharmon.mapping.named import NamedFile, package_folders, read_named
from metaharmon.mapping.needs import Need, needs, open_levels, resolved
from metaharmon.mapping.schema_faults import faults
from metaharmon.yamltext import YText

MAX_DEPTH = 12
MOST_FIELDS = 20_000
MOST_FAULTS = 20
"""Findings of one schema."""
_BEGINS = re.compile(r"\^([a-z][a-z0-9+-]*:)")
"""A pattern that asks for a scheme."""
PLAIN = re.compile(r"\^(?:\[(?:[^\[\]\\]|\\.)+\]|\\S)\+\$")
"""A pattern of one class of characters; others are the validators' work: a text is never read with going back."""


@dataclass(frozen=True)
class Schema:
    """What a dialect's schema says of its fields: every leaf by its path text, list levels as `[]` and open levels as
    `{}`; what it requires; its files, its own first; and its text. Nothing, where it cannot be used."""

    specs: dict[str, FieldSpec] = field(default_factory=dict)
    need: Need = field(default_factory=Need)
    files: tuple[str, ...] = ()
    text: str = ""


class _Unusable(Exception):
    """A schema has faults; they are in the report."""


def read_schema(
    said: Any,
    here: Path,
    folders: Sequence[Path],
    report: Report,
    linked: bool = False,
    told: Callable[[str, str], None] | None = None,
) -> Schema:
    """The schema that a word of the mapping file `here` names; `told` is called with each file of it and its text.

    Where a schema refers to a place that is open above, the field is a leaf: it repeats itself from there. Findings
    stand at the word where there is no schema to be read, and else where the fault is in the schema.
    """
    reader = _Reader(said, here, tuple(folders), report, linked, told)
    try:
        found = read_named(said, here, folders, dx.BAD_SCHEMA, "schema")
        specs, need, text = reader.read(found, ())
    except MappingError as exc:
        report.extend(exc.diagnostics)
    except _Unusable:
        pass
    else:
        return Schema(specs, need, tuple(reader.files), text)
    return Schema(files=tuple(reader.files))


@dataclass
class _Reader:
    """Reads a schema and those on which it builds."""

    said: Any
    here: Path
    folders: tuple[Path, ...]
    report: Report
    linked: bool
    told: Callable[[str, str], None] | None
    files: list[str] = field(default_factory=list)

    def read(self, found: NamedFile, above: tuple[Path, ...]) -> tuple[dict[str, FieldSpec], Need, str]:
        """The fields of one file, after those of the files on which it builds. Raises _Unusable."""
        file = str(found.path)
        self.files.append(file)
        schema, text = self.value(found, file)
        if self.told is not None:
            self.told(file, text)
        wrong = faults(schema, self.linked)
        for fault in wrong[:MOST_FAULTS]:
            self.add(fault.text, place_of_value(text, fault.path, file))
        if wrong:
            raise _Unusable
        out: dict[str, FieldSpec] = {}
        need = needs(schema)
        for i, part in enumerate(schema.get("allOf", ())):
            named = part.get("$ref") if isinstance(part, dict) else None
            if isinstance(named, str) and "/" not in named and "#" not in named and named != found.path.name:
                place = place_of_value(text, ("allOf", i, "$ref"), file)
                base = self.base(named, found.path, place, (*above, found.path))
                below, inner, _ = self.read(base, (*above, found.path))
                out.update(below)
                need = need.with_base(inner)
        try:
            _Fields(schema, out).walk(schema, "", False, ())
            if any(islice(need.firm(), MOST_FIELDS, None)):
                raise _TooMany
        except _TooMany:
            message = f"the schema has more than {MOST_FIELDS:,} fields, counted wherever they may stand"
            self.report.add(dx.LIMIT, message, Place(file, 1, 1))
            raise _Unusable from None
        return out, need, text

    def base(self, named: str, path: Path, place: Place, above: tuple[Path, ...]) -> NamedFile:
        """A schema of the same folder on which another builds."""
        other = path.parent / named
        if other in above or len(above) > MAX_DEPTH:
            self.add(f"the schemas that build on each other run in a circle, or deeper than {MAX_DEPTH}", place)
            raise _Unusable
        said = YText(named, place)
        roots = (path.parent, self.here.parent, *self.folders, *package_folders())
        found = read_named(said, path, roots, dx.BAD_SCHEMA, "schema")
        if found.path != other:  # it builds on what stands beside it
            self.add(f"the schema {dx.shown(named)} cannot be read: the file does not exist", place)
            raise _Unusable
        return found

    def value(self, found: NamedFile, file: str) -> tuple[dict[str, Any], str]:
        """The JSON object of a file, and its text."""
        try:
            text = decode(found.data, file, MappingError)
            schema = loads(text, file)
        except MetaharmonError as exc:
            first = exc.diagnostics[0]
            where = f" ({first.place.line}:{first.place.col})" if first.place else ""
            self.add(f"the schema '{found.path.name}' is not JSON: {first.message}{where}", place_of(self.said))
            raise _Unusable from None
        if not isinstance(schema, dict):
            self.add(f"the schema '{found.path.name}' is not an object", place_of(self.said))
            raise _Unusable
        return schema, text

    def add(self, message: str, place: Place | None) -> None:
        """Note what is wrong with the schema."""
        self.report.add(dx.BAD_SCHEMA, message, place)


@dataclass
class _Fields:
    """The leaf fields of a schema by their path text, as far as it was walked."""

    root: dict[str, Any]
    out: dict[str, FieldSpec]
    places: int = 0
    """How many places were walked; parts that are referred to from many places count each time."""

    def walk(self, node: Any, path: str, required: bool, above: tuple[Any, ...]) -> None:
        """Enter the leaves of a place. Raises _TooMany."""
        node = resolved(node, self.root)
        if not isinstance(node, dict) or len(above) > MAX_DEPTH:
            return
        self.places += 1
        if self.places > MOST_FIELDS:
            raise _TooMany
        below = False
        again = any(node is one for one in above)
        inner = (*above, node)
        needed = set(node.get("required", ()))
        for name, member in {}.items() if again else node.get("properties", {}).items():
            below = True
            step = name if _plain(name) else json.dumps([name], ensure_ascii=False)
            self.walk(member, f"{path}.{step}" if path else step, name in needed, inner)
        levels = [(f"{path}.{{}}" if path else "{}", one) for one in open_levels(node)]
        if isinstance(node.get("items"), dict):
            levels.append((f"{path}[]", node["items"]))
        for text, member in [] if again else levels:
            found = resolved(member, self.root)
            if _structured(found) and not any(found is one for one in inner):
                below = True
                self.walk(member, text, False, inner)
        if path and not below:
            self.out[path] = replace(_spec(node, required), names=path.endswith("@type"))


class _TooMany(Exception):
    """More fields than a schema may have."""


def spec_steps(text: str) -> tuple[str, ...]:
    """The steps of a field of the schema: `a.b[].c` is a, b, [], c; a name of special characters stands as JSON."""
    steps: list[str] = []
    while text:
        if text.startswith("[]"):
            steps.append("[]")
            text = text[2:].removeprefix(".")
        elif text.startswith("["):
            names, end = json.JSONDecoder().raw_decode(text)
            steps.extend(names)
            text = text[end:].removeprefix(".")
        else:
            end = next((i for i, ch in enumerate(text) if ch in ".["), len(text))
            steps.append(text[:end])
            text = text[end:].removeprefix(".")
    return tuple(steps)


def _is_plain(pattern: str) -> bool:
    """Whether a pattern is one of one class of characters that Python reads as ECMA 262 does."""
    if not PLAIN.fullmatch(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _plain(name: str) -> bool:
    return bool(name) and not set('.[]={}^"') & set(name) and name == name.strip()


def _structured(node: Any) -> bool:
    return isinstance(node, dict) and ("properties" in node or "items" in node or bool(open_levels(node)))


def _spec(node: dict[str, Any], required: bool) -> FieldSpec:
    types = node.get("type", ())
    listed = (types,) if isinstance(types, str) else tuple(types)
    items = node.get("items")
    length = node.get("maxLength", items.get("maxLength") if isinstance(items, dict) else None)  # of each entry
    enum = node.get("enum")
    most = node.get("maxProperties")
    pattern = node.get("pattern", items.get("pattern") if isinstance(items, dict) else None)
    return FieldSpec(
        listed,
        length if isinstance(length, int) else None,
        required,
        tuple(enum) if isinstance(enum, list) else None,
        pattern if isinstance(pattern, str) and _is_plain(pattern) else None,
        prefixes=frozenset() if node.get("format") == "iri" else None,
        begins=found[1] if isinstance(pattern, str) and (found := _BEGINS.match(pattern)) else "",
        most=most if isinstance(most, int) else None,
    )
