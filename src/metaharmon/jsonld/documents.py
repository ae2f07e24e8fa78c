"""Where the records of a JSON-LD document are: nodes of the dialect's types, each with what it refers to.

A node embedded in a record is part of that record, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon.jsonld.contexts import ContextError, iri, reference
from metaharmon.jsonld.opened import MAX_DEPTH, Opener

Found = tuple[dict[str, Any], list[Any], Any, tuple[int, ...]]
"""A node, the local contexts around it, outermost first, the active context of its members (None: its own is none),
and what it stands in."""


class Documents:
    """The records of documents."""

    def __init__(self, opener: Opener):
        self.opener = opener

    def records(self, document: Any) -> list[dict[str, Any]] | None:
        """Each record as a document of its own; None when the document says of nothing what type it is."""
        found = self._chosen(document)
        if found is None:
            return None
        alone, known, records = found
        return [self._record(one, known, document, records) for one in alone]

    def parts(self, document: Any) -> set[int]:
        """The nodes of a document that are in its records, by their place in memory: these, and what they refer to."""
        alone, known, records = self._chosen(document) or ([], {}, set())
        return records.union(*(self._referred(one, known, records) for one in alone))

    def _chosen(self, document: Any) -> tuple[list[Found], dict[str, Found], set[int]] | None:
        """The nodes that are records and stand in no other, all nodes that say something of themselves, and the places
        in memory of all that are records; None where nothing has a type."""
        tops = document if document.__class__ is list else [document]
        every = [found for top in tops for found in self._nodes(top, [], self.opener.contexts.initial, None)]
        nodes = [found for found in every if found[2] is not None]
        broken = {id(found[0]) for found in every if found[2] is None}
        if not broken and not any(_typed(node, active) for node, _, active, _ in nodes):
            return None
        known = self._known(nodes)
        ranks = [self.opener.rank(node, active) for node, _, active, _ in nodes]
        best = min((rank for rank in ranks if rank is not None), default=None)
        records = {id(found[0]) for found, rank in zip(nodes, ranks, strict=True) if rank == best and rank is not None}
        records |= broken  # reading each of these says what is wrong with it, and the others go on
        alone = [  # a record that stands in another is part of it
            found for found in every if id(found[0]) in records and records.isdisjoint(found[3])
        ]
        return alone, known, records

    def _nodes(
        self, value: Any, around: list[Any], active: Any, definition: Any, above: tuple[int, ...] = ()
    ) -> Iterator[Found]:
        """All nodes of a document, outer ones first."""
        if value.__class__ is list:
            for one in value:
                yield from self._nodes(one, around, active, definition, above)
            return
        if value.__class__ is not dict or len(above) > MAX_DEPTH:
            return
        mine = list(around)
        if definition and "@context" in definition:
            mine.append(definition["@context"])
        if "@context" in value:
            own = value["@context"]
            mine.extend(own if own.__class__ is list else [own])
        try:
            inner = self.opener.contexts.below(active, definition, value)
        except ContextError:
            yield value, mine, None, above
            return
        if not any(iri(inner, key, True) in ("@value", "@graph") for key in value):
            yield value, mine, inner, above
        for key, below in value.items():
            if key != "@context" and below.__class__ in (dict, list):
                yield from self._nodes(below, mine, inner, inner["mappings"].get(key), (*above, id(value)))

    @staticmethod
    def _known(nodes: list[Found]) -> dict[str, Found]:
        """The nodes that say something of themselves, by their identity; the first, where there are several. Types
        alone count where nothing more is said anywhere."""
        known: dict[str, Found] = {}
        typed: dict[str, Found] = {}
        for found in nodes:
            name = _identity(found[0], found[2])
            bare = {key: said for key, said in found[0].items() if key != "@context"}
            if name is not None and len(bare) > 1:
                (known if reference(bare, found[2]) is None else typed).setdefault(name, found)
        return typed | known

    def _record(self, found: Found, known: dict[str, Found], document: Any, records: set[int]) -> dict[str, Any]:
        node, around, *_ = found
        if node is document:
            return node
        rest = list(self._referred(found, known, records).values())
        context = around[0] if len(around) == 1 else around
        bare = {key: value for key, value in node.items() if key != "@context"}
        head = {"@context": context} if around else {}
        return {**head, "@graph": [bare, *rest]} if rest else {**head, **bare}

    def _referred(self, found: Found, known: dict[str, Found], records: set[int]) -> dict[int, Any]:
        """The nodes elsewhere to which a record refers, and those to which these refer; none that stand alone. By their
        place in memory."""
        out: dict[int, dict[str, Any]] = {}
        if found[2] is None:
            return out
        waiting, own = [found], {id(node) for node, *_ in self._nodes(found[0], [], found[2], None)}
        while waiting:
            node, _, active, _ = waiting.pop(0)
            for name in self._references(node, active):
                other = known.get(name)
                if other is None or id(other[0]) in own or id(other[0]) in out or len(out) > 1000:
                    continue
                part = {} if id(other[0]) in records else self.opener.part_of(other[0], other[2])
                if part:
                    out[id(other[0])] = {key: value for key, value in part.items() if key != "@context"}
                    waiting.append((part, *other[1:]))
        return out

    def _references(self, value: Any, active: Any, depth: int = 0) -> Iterator[str]:
        """The identities that stand in a node or in what is embedded in it."""
        if value.__class__ is not dict or depth > MAX_DEPTH:
            return
        for key, below in value.items():
            definition = active["mappings"].get(key) or {}
            for one in below if below.__class__ is list else [below]:
                if one.__class__ is str and definition.get("@type") == "@id" and iri(active, key, True) != "@id":
                    yield iri(active, one, False) or one
                elif one.__class__ is dict:
                    try:
                        inner = self.opener.contexts.below(active, definition, one)
                    except ContextError:  # reading the record says so
                        continue
                    name = reference(one, inner)
                    if name is not None:
                        yield name
                    else:
                        yield from self._references(one, inner, depth + 1)


def _identity(node: dict[str, Any], active: Any) -> str | None:
    keys = [key for key in node if iri(active, key, True) == "@id" and node[key].__class__ is str]
    return iri(active, node["@id" if "@id" in keys else keys[0]], False) if keys else None


def _typed(node: dict[str, Any], active: Any) -> bool:
    return any(iri(active, key, True) == "@type" for key in node)
