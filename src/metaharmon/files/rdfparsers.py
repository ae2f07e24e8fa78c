"""The parsers of rdflib with literals and relative IRIs as they are written.

rdflib rewrites literals into a form of its own (`"01"^^xsd:integer` into `1`, `Z` into `+00:00`) unless the whole
program is told not to, and resolves relative IRIs against the working directory. Here its two parsers run in copies of
their modules that nobody else has, with other literals and another way to resolve: nothing of the program is changed.
"""

from __future__ import annotations

import importlib.util
import re
from functools import lru_cache
from types import ModuleType
from typing import Any, Self

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.parser import StringInputSource

BASELESS = "x-as-written:"
"""The base of a text that names none; what is resolved against it begins with it, and is shown without."""
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class _AnyIri(type):
    """What `isinstance` asks of `Iri`."""

    def __instancecheck__(cls, one: Any) -> bool:
        return isinstance(one, URIRef)


class Iri(metaclass=_AnyIri):
    """An IRI as it is written. The library prints a warning of one that is none; here the mapping says so."""

    def __new__(cls, text: str) -> Any:
        """Make one: a URIRef."""
        return str.__new__(URIRef, text)


class AsWritten(Literal):
    """A literal with its lexical form, language tag and datatype as they are written, and no value made of them."""

    def __new__(
        cls, text: Any, lang: str | None = None, datatype: str | None = None, normalize: bool | None = None
    ) -> Self:
        """Make one of a text; a datatype leaves no language."""
        made = str.__new__(cls, text)
        made._datatype = None if datatype is None else Iri(datatype)
        made._language = None if datatype is not None else lang or None
        made._value = made._ill_typed = None
        return made


class _Digits(str):
    """A number of Turtle that stands without quotation marks, as it is written."""


class _Whole(_Digits):
    """A whole number."""


class _Decimal(_Digits):
    """A number with a point."""


def new_graph() -> Any:
    """An empty graph."""
    return Graph()


def parse(graph: Any, text: str, format: str) -> None:
    """Read a text into a graph; `format` is turtle or rdfxml. Raises whatever the library does."""
    source = StringInputSource(text)
    source.setPublicId(BASELESS)
    parsers = _parsers()
    (parsers[0].TurtleParser() if format == "turtle" else parsers[1].RDFXMLParser()).parse(source, graph)


def kind(node: Any) -> str:
    """What a node is: blank, iri or literal."""
    return "literal" if isinstance(node, Literal) else "blank" if isinstance(node, BNode) else "iri"


def name(text: str) -> Any:
    """An IRI as graphs have it."""
    return URIRef(text)


def text(iri: Any) -> str:
    """An IRI as it is written; a relative one that looks like a keyword of JSON-LD begins with `./`."""
    said = str(iri).removeprefix(BASELESS)
    return f"./{said}" if said.startswith(("@", "_:")) else said


@lru_cache(1)
def _parsers() -> tuple[Any, Any]:
    turtle, xml = (_copy(f"rdflib.plugins.parsers.{module}") for module in ("notation3", "rdfxml"))
    for module, resolve in ((turtle, "join"), (xml, "urljoin")):
        vars(module).update(Literal=AsWritten, URIRef=Iri)
        vars(module)[resolve] = _resolver(vars(module)[resolve])
    vars(turtle)["long_type"], vars(turtle)["Decimal"] = _Whole, _Decimal
    return turtle, xml


def _copy(module: str) -> ModuleType:
    """A module of rdflib once more, known to no one else."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"rdflib has no module {module}", name=module)
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def _resolver(resolve: Any) -> Any:
    """The function by which a parser resolves IRIs, so that absolute ones and those without a base stay as written."""

    def resolved(base: Any, there: str, **options: Any) -> str:
        if _ABSOLUTE.match(there):
            return there
        if base is None or not base.startswith(BASELESS):
            return str(resolve(base, there, **options))
        around = base.removeprefix(BASELESS)
        return BASELESS + (_relative(around, there) if around else there)

    return resolved


def _relative(base: str, there: str) -> str:
    """A relative IRI from a base that is relative itself."""
    from urllib.parse import urljoin

    return urljoin(base, there)
