"""RDF in Turtle or XML as one document of JSON-LD: the graph, node by node. rdflib is loaded for it only.

Literals arrive as they are written, and so do relative IRIs of a text that names no base (`rdfparsers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

from metaharmon.diagnostics import MissingExtra

INSTALL = "Turtle and RDF/XML need the extra 'rdf': pip install 'metaharmon[rdf]'"
RDF_NS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
TYPE, FIRST, REST, NIL, LIST = (f"{RDF_NS}{name}" for name in ("type", "first", "rest", "nil", "List"))


class RdfError(ValueError):
    """The text is no RDF that can be read; one sentence, and the line where known."""

    def __init__(self, message: str, line: int = 1):
        super().__init__(message)
        self.line = line


DEPTH = 16
"""How far blank nodes are compared by what is said of them."""
RDF = f"{{{RDF_NS}}}RDF"
_ROOT = re.compile(r"<(?![?!])(?:[^\s:>/]+:)?([^\s:>/]+)")
_INHERITED = ("{http://www.w3.org/XML/1998/namespace}base", "{http://www.w3.org/XML/1998/namespace}lang")


def graphs_inside(text: str) -> tuple[str, list[str]] | None:
    """The name of the outermost element of an XML text and the RDF elements inside it, each as a text: the answer of a
    catalogue service (CSW, OAI-PMH) around descriptions. None where the text is RDF itself, or holds none.
    """
    outermost = _ROOT.search(text)
    if outermost is None or outermost[1] == "RDF" or not re.search(r"<(?:[^\s:>/]+:)?RDF[\s>]", text):
        return None
    if "<!DOCTYPE" in text:  # what it declares would be lost
        return None
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None  # the reader of RDF says what is wrong with it
    found: list[str] = []
    waiting: list[tuple[Any, dict[str, str]]] = [(root, {})]
    while waiting:
        element, around = waiting.pop()
        around = around | {name: element.attrib[name] for name in _INHERITED if name in element.attrib}
        if element.tag == RDF:
            element.attrib.update(around)
            element.tail = None
            found.append(ElementTree.tostring(element, "unicode"))
        else:
            waiting.extend((below, around) for below in reversed(element))
    return (outermost[1], found) if found else None


def graph_of(text: str, format: str, parts: list[str] | None = None) -> dict[str, Any]:
    """The document; `format` is turtle or rdfxml. Raises RdfError, or MissingExtra with the way to install. `parts`
    stand for the text where the graph is in several (`graphs_inside`).

    Nodes stand in the order of their IRIs; blank nodes behind them, with labels in the order in which they are met.
    Values of a property stand in the order of their text, blank nodes in that of what is said of them: equal graphs
    become equal documents. RDF collections become lists.
    """
    try:
        import rdflib  # noqa: F401

        from metaharmon.files import rdfparsers
    except ImportError as missing:
        raise MissingExtra(INSTALL) from missing
    graph = rdfparsers.new_graph()
    try:
        for part in [text] if parts is None else parts:
            rdfparsers.parse(graph, part, format)
    except Exception as trouble:  # every parser of the library has errors of its own
        line = getattr(trouble, "lines", None)
        said = getattr(trouble, "_why", None) or (str(trouble).strip().splitlines() or ["nothing can be read"])[0]
        reason = f"The text is no {'Turtle' if format == 'turtle' else 'RDF/XML'} that can be read: {said}."
        raise RdfError(reason, line + 1 if isinstance(line, int) else 1) from None
    return {"@graph": _Nodes(graph, rdfparsers).all()}


class _Nodes:
    """The nodes of a graph, as JSON-LD."""

    def __init__(self, graph: Any, rdf: Any):
        self.graph, self._kind, self._text, self._iri = graph, rdf.kind, rdf.text, rdf.name
        self._labels: dict[Any, str] = {}
        self._signs: dict[tuple[Any, int], str] = {}
        self._lists = self._collections()
        self._inside = {cell for cells, _ in self._lists.values() for cell in cells}
        """The nodes that collections are made of."""

    def all(self) -> list[dict[str, Any]]:
        """All nodes that something is said of."""
        subjects = [one for one in dict.fromkeys(self.graph.subjects()) if one not in self._inside]
        waiting = sorted((one for one in subjects if self._kind(one) == "iri"), key=self._text)
        loose = sorted((one for one in subjects if self._kind(one) == "blank"), key=self._sign)
        out, done = [], set()
        while waiting or loose:
            one = waiting.pop(0) if waiting else loose.pop(0)
            if one in done:
                continue
            done.add(one)
            out.append(self._node(one, waiting))
        return out

    def _node(self, one: Any, waiting: list[Any]) -> dict[str, Any]:
        """A node; the blank nodes that it refers to are put to those that wait."""
        node: dict[str, Any] = {"@id": self._name(one)}
        for predicate, value in sorted(self.graph.predicate_objects(one), key=self._order):
            if str(predicate) == TYPE and self._kind(value) == "iri":
                node.setdefault("@type", []).append(self._text(value))
                continue
            said = {"@id": NIL} if str(predicate) == REST and str(value) == NIL else self._value(value)
            node.setdefault(self._text(predicate), []).append(said)
            waiting.extend(said for said in self._members(value) if self._kind(said) == "blank")
        return node

    def _collections(self) -> dict[Any, tuple[list[Any], list[Any]]]:
        """The RDF collections, by their first node: their nodes and their members. One to which nothing or several
        things refer, or of which more is said, stays what it is."""
        out: dict[Any, tuple[list[Any], list[Any]]] = {}
        for last in list(self.graph.subjects(self._iri(REST), self._iri(NIL))):
            cells: list[Any] = []
            members: list[Any] = []
            one, first = last, None
            while one is not None and one not in cells and self._is_cell(one):
                first = one
                cells.append(one)
                members.append(self.graph.value(one, self._iri(FIRST)))
                ((above, said),) = self.graph.subject_predicates(one)
                one = above if str(said) == REST else None
            if first is not None and one is None:
                out[first] = (cells, members[::-1])
        return out

    def _members(self, value: Any) -> Iterator[Any]:
        """The members of a collection, and of those in it; of anything else, itself."""
        if value not in self._lists:
            yield value
            return
        for one in self._lists[value][1]:
            yield from self._members(one)

    def _is_cell(self, one: Any) -> bool:
        """Whether a node is a part of a collection, and nothing else."""
        said = sorted(str(predicate) for predicate, value in self.graph.predicate_objects(one) if str(value) != LIST)
        above = list(self.graph.subject_predicates(one))
        return self._kind(one) == "blank" and said == [FIRST, REST] and len(above) == 1

    def _order(self, pair: tuple[Any, Any]) -> tuple[str, ...]:
        predicate, value = pair
        kind = self._kind(value)
        named = {"blank": self._sign, "iri": self._text}.get(kind, str)(value)
        return str(predicate), kind, named, *(str(getattr(value, name, "")) for name in ("language", "datatype"))

    def _sign(self, node: Any, depth: int = 0) -> str:
        """What is said of a blank node, and of those that it refers to, as a text of one length."""
        found = self._signs.get((node, depth))
        if found is None:
            said = []
            for predicate, value in self.graph.predicate_objects(node):
                kind = self._kind(value)
                if kind == "blank":
                    shown = self._sign(value, depth + 1) if depth < DEPTH else ""
                else:
                    shown = repr([str(value), *(str(getattr(value, name, "")) for name in ("language", "datatype"))])
                said.append(f"{predicate} {kind} {shown}")
            found = self._signs[node, depth] = sha256("\n".join(sorted(said)).encode("utf-8", "replace")).hexdigest()
        return found

    def _name(self, node: Any) -> str:
        if self._kind(node) == "blank":
            return self._labels.setdefault(node, f"_:b{len(self._labels)}")
        return str(self._text(node))

    def _value(self, value: Any) -> Any:
        if value in self._lists:
            return {"@list": [self._value(one) for one in self._lists[value][1]]}
        if self._kind(value) != "literal":
            return {"@list": []} if str(value) == NIL else {"@id": self._name(value)}
        if value.language:
            return {"@value": str(value), "@language": value.language}
        if value.datatype is None or str(value.datatype) == XSD_STRING:
            return {"@value": str(value)}
        return {"@value": str(value), "@type": self._text(value.datatype)}
