"""How a dialect sees the properties of its nodes: by its JSON Schema, whose names are prefixed ones.

A member with `properties` is a node; a literal in its place is its `@value`, or the member that `literal` names (one
name, or names by datatype); `bare`: where only its identity is known it is written as a plain text. `rdf: iri` is a
reference; `rdf: language` a text by language, and `named` the member of a node in its place that says the text;
`rdf: [xsd:date, …]` a literal with one of these datatypes; `rdf: value` any literal or reference, shown as an object:
its text as `@value`, its datatype as `@type` (`@id` of a reference, none of a plain text), its `@language`; any other
member a plain literal. A list means that the property may have several values. `also` lists further properties that are
read as this one where it is lacking (`{property, of}`: only nodes of these types). `from: {list, of}` means no
property: the nodes of these types that stand in another list (see `lifted`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from metaharmon.paths import MISSING

XSD = "http://www.w3.org/2001/XMLSchema#"
FORMS = (
    ("date", re.compile(r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?")),
    ("dateTime", re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")),
    ("gYear", re.compile(r"-?\d{4,}(Z|[+-]\d\d:\d\d)?")),
    ("gYearMonth", re.compile(r"-?\d{4,}-\d\d(Z|[+-]\d\d:\d\d)?")),
)
"""The lexical forms by which a datatype is chosen where a property allows several (XML Schema 1.1, part 2)."""
WHOLE = re.compile(r"0|-?[1-9][0-9]{0,37}")
REFERENCE = "@id"
"""What stands as the datatype of a reference where any value is shown with its datatype."""


def lexical(value: Any) -> tuple[str, str | None]:
    """The text of a literal and the datatype that a JSON number or truth value has (JSON-LD 1.1 API, 8.2)."""
    if value.__class__ is bool:
        return ("true" if value else "false"), f"{XSD}boolean"
    if value.__class__ is int:
        return str(value), f"{XSD}integer"
    return (value, None) if value.__class__ is str else (str(value), f"{XSD}double")


def native(text: str, datatype: str) -> Any:
    """The JSON number or truth value for a literal, where it is read as just this text; else MISSING."""
    if datatype == f"{XSD}boolean" and text in ("true", "false"):
        return text == "true"
    return int(text) if datatype == f"{XSD}integer" and WHOLE.fullmatch(text) else MISSING


@dataclass(frozen=True)
class Names:
    """The prefixes of a dialect: of several IRIs for one, the first is written and all are read."""

    prefixes: tuple[tuple[str, tuple[str, ...]], ...]

    def plain(self, iri: str) -> str:
        """The IRI in its first spelling."""
        for _, (first, *others) in self.prefixes:
            for other in others:
                if iri.startswith(other):
                    return first + iri[len(other) :]
        return iri

    def short(self, iri: str) -> str:
        """The prefixed name of an IRI; the IRI where no prefix fits."""
        iri = self.plain(iri)
        fitting = [(len(first), name, first) for name, (first, *_) in self.prefixes if iri.startswith(first)]
        if not fitting:
            return iri
        length, name, _ = max(fitting)
        return f"{name}:{iri[length:]}" if length < len(iri) else iri

    def full(self, name: str) -> str:
        """The IRI of a prefixed name; other texts as they are."""
        prefix, colon, rest = name.partition(":")
        if colon and not rest.startswith("//"):
            for known, (first, *_) in self.prefixes:
                if known == prefix:
                    return first + rest
        return name


@dataclass(frozen=True)
class Term:
    """One property as the dialect sees it."""

    name: str
    iri: str
    kind: str  # node, iri, text, typed, value, plain
    many: bool
    types: tuple[str, ...] = ()
    """The datatypes of a typed literal, as IRIs."""
    inside: Terms | None = None
    literal: Any = field(default=None, hash=False)
    """The member of the node that a literal in the place of the node says; or such members by datatype."""
    bare: bool = False
    """A node of which no more than the identity is known is written as a plain text."""
    also: tuple[str, ...] = ()
    """IRIs of properties that are read as this one, where it is lacking."""
    only: tuple[tuple[str, ...], ...] = ()
    """Of each of these: the types of nodes that are read; none means any."""
    label: str | None = None
    """The member that a plain text in place of a node says; of a node in place of a text, the member with the text."""

    def named_by(self, datatype: str | None, names: Names) -> str | None:
        """The member of the node that a literal with this datatype says; None: the literal stays one."""
        if self.literal.__class__ is dict:
            return next((name for said, name in self.literal.items() if names.full(said) == datatype), None)
        return self.literal

    def datatype(self, value: Any) -> str | None:
        """The datatype with which a literal is written; None: a plain one."""
        if len(self.types) <= 1:
            return self.types[0] if self.types else None
        for name, form in FORMS:
            if f"{XSD}{name}" in self.types and value.__class__ is str and form.fullmatch(value):
                return f"{XSD}{name}"
        return None


class Terms:
    """The properties of a kind of node."""

    def __init__(
        self, schema: dict[str, Any], root: dict[str, Any], names: Names, made: dict[int, Terms] | None = None
    ):
        self._schema, self._root, self._names = schema, root, names
        self._made = {} if made is None else made  # one for each place of the schema, which may refer to itself
        self._made[id(schema)] = self

    @cached_property
    def within(self) -> Any:
        """How an identity is shown, if otherwise than whole (see `lifted`)."""
        said = self._schema.get("properties", {}).get("@id")
        return said.get("within") if isinstance(said, dict) else None

    @cached_property
    def shared(self) -> dict[str, Any]:
        """What the parts of such a node say alike, by the member under which it is shown (see `lifted`)."""
        return dict(self._schema.get("shared") or {})

    @cached_property
    def apart(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Lists that are shown apart: by name, the list in which they stand, and the types of their nodes."""
        found = {name: said.get("from") for name, said in self._properties()}
        return {name: (said["list"], frozenset(said["of"])) for name, said in found.items() if said}

    @cached_property
    def by_name(self) -> dict[str, Term]:
        """The properties by prefixed name."""
        return {term.name: term for term in self._terms()}

    @cached_property
    def by_iri(self) -> dict[str, Term]:
        """The properties by IRI."""
        return {term.iri: term for term in self.by_name.values() if term.name not in self.apart}

    @cached_property
    def by_alias(self) -> dict[str, Term]:
        """The properties by the IRIs that are read as they."""
        return {other: term for term in self.by_name.values() for other in term.also}

    def _properties(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The members of a node with what the schema says of them; of `true` and `false` nothing."""
        for name, said in self._schema.get("properties", {}).items():
            yield name, said if isinstance(said, dict) else {}

    def _terms(self) -> Iterator[Term]:
        for name, said in self._properties():
            if name.startswith("@"):
                continue
            node, many = self._resolved(said), False
            also, only = [], []
            for one in said.get("also", ()):
                also.append(self._names.full(str(one["property"] if isinstance(one, dict) else one)))
                only.append(tuple(map(self._names.full, one["of"])) if isinstance(one, dict) else ())
            if isinstance(node.get("items"), dict):
                node, many = self._resolved(node["items"]), True
            label = node.get("literal" if node.get("properties") else "named")
            label = label if isinstance(label, str) and label != "@id" else None
            yield replace(self._term(name, node, many), also=tuple(also), only=tuple(only), label=label)

    def _term(self, name: str, node: dict[str, Any], many: bool) -> Term:
        iri, said = self._names.full(name), node.get("rdf")
        if said == "value":
            return Term(name, iri, "value", many)
        if node.get("properties"):
            inside = self._made.get(id(node)) or Terms(node, self._root, self._names, self._made)
            return Term(
                name, iri, "node", many, inside=inside, literal=node.get("literal"), bare=node.get("bare") is True
            )
        if said == "language":
            below = node.get("additionalProperties")
            listed = isinstance(below, dict) and below.get("type") == "array"
            return Term(name, iri, "text", listed)
        if said == "iri":
            return Term(name, iri, "iri", many)
        types = (said,) if isinstance(said, str) else tuple(said or ())
        return Term(name, iri, "typed" if types else "plain", many, tuple(map(self._names.full, types)))

    def _resolved(self, node: Any) -> dict[str, Any]:
        for _ in range(8):
            target = node.get("$ref") if isinstance(node, dict) else None
            if not isinstance(target, str) or not target.startswith("#/"):
                break
            node = self._root
            for part in target[2:].split("/"):
                node = node.get(part, {}) if isinstance(node, dict) else {}
        return node if isinstance(node, dict) else {}


@lru_cache(256)
def terms_of(schema: str, names: Names) -> Terms:
    """The properties of the records of a dialect, by the text of its schema."""
    root = json.loads(schema)
    return Terms(root, root, names)
