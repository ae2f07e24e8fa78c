"""Active contexts: what the keys and values of a JSON-LD document mean at a place. pyld processes the contexts."""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from metaharmon.diagnostics import MissingExtra, shown

INSTALL = "JSON-LD dialects need the extra 'jsonld': pip install 'metaharmon[jsonld]'"


class ContextError(ValueError):
    """A context cannot be used; one sentence."""


_CLIENTS = ("requests", "aiohttp")


def _pyld() -> Any:
    """The module `pyld.jsonld`, imported without the loader that it makes at once: that imports a client of HTTP, which
    opens a socket to try the network. A host program that uses pyld finds its loader when it first needs it.
    Raises ImportError."""
    if "pyld.jsonld" in sys.modules:
        return sys.modules["pyld.jsonld"]
    hidden = [name for name in _CLIENTS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        from pyld import jsonld
    finally:
        for name in hidden:
            del sys.modules[name]

    if not hidden:
        return jsonld

    def load(url: str, options: Any = None) -> Any:
        loader = jsonld.requests_document_loader()
        jsonld.set_document_loader(loader)
        return loader(url, options)

    jsonld.set_document_loader(load)
    return jsonld


class Contexts:
    """Active contexts, made of local ones. Remote contexts are only those that the dialect brings along."""

    def __init__(self, bundled: tuple[tuple[str, str], ...]):
        try:
            pyld = _pyld()
            from pyld.context_resolver import ContextResolver
        except ImportError as missing:
            raise MissingExtra(INSTALL) from missing
        self._processor = pyld.JsonLdProcessor()
        self._bundled = {_plain_url(url): text for url, text in bundled}
        self._options = {"base": "", "processingMode": "json-ld-1.1", "documentLoader": self._load}
        self._options["contextResolver"] = ContextResolver({}, self._load)
        self.initial: Any = self._processor._get_initial_context(self._options)

    def _load(self, url: str, _options: Any = None) -> dict[str, Any]:
        """A bundled context; nothing is ever fetched."""
        text = self._bundled.get(_plain_url(url))
        if text is None:
            raise ContextError(f"the context '{url}' is not known here, and nothing is fetched")
        document = json.loads(text)
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}

    def entered(self, active: Any, local: Any, scoped: bool = False, propagate: bool = True) -> Any:
        """The active context after a local one. Raises ContextError when the local context is none."""
        if local is None and not scoped:
            return self.initial
        try:
            made = self._processor._process_context(
                active, local, dict(self._options), override_protected=scoped, propagate=propagate
            )
        except Exception as trouble:  # pyld's errors carry the cause inside; one sentence is enough
            raise ContextError(_sentence(trouble)) from None
        try:
            urlsplit(made.get("@base") or "")
        except ValueError:
            raise ContextError(f"the context cannot be used: its @base {shown(made['@base'])} is no address") from None
        return made

    def below(self, active: Any, definition: Any, node: dict[str, Any]) -> Any:
        """The context in which the members of a node stand (JSON-LD 1.1 API, 5.1.2): the one of its property, its own
        and those of its types. `definition` is the term by which the node was reached."""
        active = self.reached(active, definition, node)
        if "@context" in node:
            active = self.entered(active, node["@context"])
        return self.typed(active, node)

    def reached(self, active: Any, definition: Any, node: dict[str, Any]) -> Any:
        """The context in which a node is reached by a term: that of types stays behind, that of the term holds."""
        previous = active.get("previousContext") if hasattr(active, "get") else None
        if previous is not None and not _only_value_or_id(node, active):
            active = previous
        if definition and "@context" in definition:
            active = self.entered(active, definition["@context"], scoped=True)
        return active

    def typed(self, active: Any, node: dict[str, Any]) -> Any:
        """The context after those of the node's types, which do not reach further down unless they say so."""
        outer = active
        for key in sorted(k for k in node if iri(outer, k, True) == "@type"):
            types = node[key] if node[key].__class__ is list else [node[key]]
            for name in sorted(t for t in types if t.__class__ is str):
                definition = outer["mappings"].get(name)
                if definition and "@context" in definition:
                    active = self.entered(active, definition["@context"], scoped=True, propagate=False)
        return active


@lru_cache(64)
def contexts_of(bundled: tuple[tuple[str, str], ...]) -> Contexts:
    """The contexts of a dialect; processed once."""
    return Contexts(bundled)


def iri(active: Any, text: Any, vocab: bool) -> str | None:
    """The IRI that a key, a type (`vocab`) or a reference means; None where a term is declared to mean nothing.

    A text that means no IRI comes back as it is.
    """
    if text.__class__ is not str or text.startswith("@"):
        return text if text.__class__ is str else None
    mappings = active["mappings"]
    if vocab and text in mappings:
        definition = mappings[text]
        return None if definition is None or definition.get("reverse") else definition["@id"]
    prefix, colon, rest = text.partition(":")
    if colon and prefix:
        definition = mappings.get(prefix)
        if prefix == "_" or rest.startswith("//") or not definition or not definition.get("_prefix"):
            return text
        return f"{definition['@id']}{rest}"
    if vocab:
        return f"{active['@vocab']}{text}" if active.get("@vocab") is not None else text
    base = active.get("@base")
    try:
        return urljoin(base, text) if base else text
    except ValueError:  # a host in brackets that is none
        return text


def reference(node: dict[str, Any], active: Any) -> str | None:
    """The IRI of a node of which nothing is said here but its identity, and perhaps its types; None: it is another."""
    names = {iri(active, key, True): key for key in node}
    said = node[names["@id"]] if "@id" in names and names.keys() <= {"@id", "@type"} else None
    return (iri(active, said, False) or said) if said.__class__ is str else None


def _only_value_or_id(node: dict[str, Any], active: Any) -> bool:
    names = {iri(active, key, True) for key in node}
    return "@value" in names or names == {"@id"}


def _plain_url(url: str) -> str:
    """The address without the differences that do not matter: TLS, a slash at the end."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


def _sentence(trouble: BaseException) -> str:
    seen: BaseException | None = trouble
    while seen is not None:
        if isinstance(seen, ContextError):
            return str(seen)
        seen = getattr(seen, "cause", None) or seen.__cause__ or seen.__context__
    return f"the context cannot be used: {str(trouble).splitlines()[0].strip('()')[:160]}"
