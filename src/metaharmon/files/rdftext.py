"""RDF in Turtle or XML as one document of JSON-LD: the graph, node by node. rdflib is loaded for it only."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from metaharmon.diagnostics import MissingExtra

INSTALL = "Turtle and RDF/XML need the extra 'rdf': pip install 'metaharmon[rdf]'"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class RdfError(ValueError):
    """The text is no RDF that can be read; one sentence, and the line where known."""

    def __init__(self, message: str, line: int = 1):
        super().__init__(message)
        self.line = line


RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
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
    """
    try:
        import rdflib
    except ImportError as missing:
        raise MissingExtra(INSTALL) from missing
    graph = rdflib.Graph()
    try:
        for part in [text] if parts is None else parts:
            graph.parse(data=part, format="xml" if format == "rdfxml" else format)
    except Exception as trouble:  # every parser of the library has errors of its own
        line = getattr(trouble, "lines", None)
        said = getattr(trouble, "_why", None) or (str(trouble).strip().splitlines() or ["nothing can be read"])[0]
        reason = f"The text is no {'Turtle' if format == 'turtle' else 'RDF/XML'} that can be read: {said}."
        raise RdfError(reason, line + 1 if isinstance(line, int) else 1) from None
    return {"@graph": _nodes(graph, rdflib)}


def _nodes(graph: Any, rdflib: Any) -> list[dict[str, Any]]:
    waiting = sorted({s for s in graph.subjects() if isinstance(s, rdflib.URIRef)})
    loose = [s for s in dict.fromkeys(graph.subjects()) if isinstance(s, rdflib.BNode)]
    labels: dict[Any, str] = {}
    out, done = [], set()
    while waiting or loose:
        one = waiting.pop(0) if waiting else loose.pop(0)
        if one in done:
            continue
        done.add(one)
        node: dict[str, Any] = {"@id": _name(one, labels, rdflib)}
        for predicate, value in sorted(graph.predicate_objects(one), key=_order):
            if str(predicate) == TYPE and isinstance(value, rdflib.URIRef):
                node.setdefault("@type", []).append(str(value))
                continue
            node.setdefault(str(predicate), []).append(_value(value, labels, rdflib))
            if isinstance(value, rdflib.BNode):
                waiting.append(value)
        out.append(node)
    return out


def _order(pair: tuple[Any, Any]) -> tuple[str, str, str, str]:
    predicate, value = pair
    named = "" if value.__class__.__name__ == "BNode" else str(value)
    return str(predicate), named, str(getattr(value, "language", "")), str(getattr(value, "datatype", ""))


def _name(node: Any, labels: dict[Any, str], rdflib: Any) -> str:
    if isinstance(node, rdflib.BNode):
        return labels.setdefault(node, f"_:b{len(labels)}")
    return str(node)


def _value(value: Any, labels: dict[Any, str], rdflib: Any) -> Any:
    if not isinstance(value, rdflib.Literal):
        return {"@id": _name(value, labels, rdflib)}
    if value.language:
        return {"@value": str(value), "@language": value.language}
    if value.datatype is None or str(value.datatype) == XSD_STRING:
        return {"@value": str(value)}
    return {"@value": str(value), "@type": str(value.datatype)}
