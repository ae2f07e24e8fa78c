"""A JSON-LD document as it stands opened: nodes, their properties and values, each with its place in the original."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metaharmon.jsonld.terms import Term, Terms

MORE = "@more"
"""What is put behind a property's name for its values that the dialect has no room for."""
KEPT = ("@kept",)
"""The place of what goes with a text and is no part of the tree."""

Path = tuple[str | int, ...]
Place = tuple[Path, Path | None]
"""A path in the original, and the path in the tree of what it says; None: it says how, not what."""


class NotLinked(ValueError):
    """The document is no JSON-LD that can be read; one sentence."""


@dataclass
class Item:
    """One value of a property, as it stands in the original."""

    raw: Any
    form: str  # ref, literal, node
    value: Any = None
    """The IRI of a reference, the value of a literal."""
    language: str | None = None
    datatype: str | None = None
    path: Path = ()
    tree: Any = None
    """What it became in the tree; None: it found no room."""
    node: Node | None = None
    resolved: bool = False
    """The node stands elsewhere in the document; here is a reference to it."""


@dataclass
class Prop:
    """A property of a node: the keys under which it stands, the terms that they are, and its values."""

    term: Term
    keys: list[str] = field(default_factory=list)
    definitions: list[Any] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass
class Node:
    """A node: the object in the original, the context in which its members stand, and its part of the tree."""

    raw: dict[str, Any]
    active: Any
    terms: Terms
    path: Path
    tree: dict[str, Any] = field(default_factory=dict)
    props: dict[str, Prop] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Name in the tree of each key that is no property of the dialect."""


@dataclass
class Opened:
    """A document, opened."""

    root: Node
    places: list[Place]
    around: dict[str, Any] = field(default_factory=dict)
    """What stands in the document beside its root node, by name in the tree."""
    at: Path = ()
    """Where the root node stands in the document."""

    @property
    def tree(self) -> dict[str, Any]:
        """The tree that the rules see."""
        return {**self.root.tree, **self.around}
