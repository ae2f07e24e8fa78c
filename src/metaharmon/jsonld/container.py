"""JSON-LD as one two-way step before the rules: a document into a tree, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from metaharmon.jsonld.closed import Closer, Speller
from metaharmon.jsonld.contexts import ContextError, Contexts, contexts_of
from metaharmon.jsonld.documents import Documents
from metaharmon.jsonld.further import holds_more, without_read
from metaharmon.jsonld.lifted import Lifter
from metaharmon.jsonld.nodes import KEPT, NotLinked, Opened, Path
from metaharmon.jsonld.opened import Opener
from metaharmon.jsonld.terms import Names, Terms, terms_of
from metaharmon.model.normal import same
from metaharmon.paths import keys_of, leaves_inside

MISSHAPEN = (KeyError, TypeError, AttributeError, RecursionError)
"""What opening a document raises where a value of another kind stands than JSON-LD has there."""
LANGUAGES = "{lang}"
"""How a path names the level of languages, which stands in many places of a document."""


@dataclass(frozen=True)
class JsonLd:
    """The JSON-LD of one dialect. `close(open(x)) == x` with the frame, which is the document itself; it is kept only
    when a document that is written anew looks otherwise."""

    names: Names
    schema: str
    """The text of the dialect's JSON Schema."""
    types: tuple[tuple[str, ...], ...]
    """The types of its records, as IRIs, by envelope."""
    bundled: tuple[tuple[str, str], ...]
    """The remote contexts that the dialect knows: address and text."""
    own: str
    """The context of a new record, as JSON text; of a dialect without one, its prefixes."""
    language: str
    apart: tuple[str, ...] = ()
    """Types of nodes that are no part of a record that refers to them, as IRIs."""
    excerpts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of such types, the properties that are part of it all the same."""

    @property
    def _contexts(self) -> Contexts:
        return contexts_of(self.bundled)

    @property
    def _terms(self) -> Terms:
        return terms_of(self.schema, self.names)

    @property
    def _lifter(self) -> Lifter:
        return lifter_of(self._terms)

    def _opener(self) -> Opener:
        apart = dict.fromkeys(self.apart, ()) | dict(self.excerpts)
        return Opener(self._contexts, self.names, self._terms, self.types, self.language, apart)

    def _opened(self, document: dict[str, Any]) -> Opened:
        try:
            return self._opener().open(document)
        except (NotLinked, ContextError):
            raise
        except MISSHAPEN as trouble:
            raise NotLinked(f"the document is no JSON-LD that can be read ({type(trouble).__name__})") from None

    def open(self, document: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """The tree of a record, and its frame. Raises NotLinked or ContextError, both with one sentence."""
        tree = self._lifter.lift(self._opened(document).tree)
        return tree, None if same(self._written(tree), document) else document

    def close(self, tree: dict[str, Any], frame: Any) -> dict[str, Any]:
        """The record that says a tree: the older one with what changed, where there is a frame."""
        return self.closing(tree, frame)[0]

    def closing(self, tree: dict[str, Any], frame: Any) -> tuple[dict[str, Any], list[str]]:
        """The same, and the paths of values that stood beside those of a property and had to go: they would be read
        in their place now."""
        if frame.__class__ is not dict:
            return self._written(tree), []
        opened = self._opened(frame)
        if same(self._lifter.lift(opened.tree), tree):
            return frame, []
        made = self._closed(tree, frame, opened)
        if not holds_more(tree):
            return made, []
        gone: list[str] = []
        left = without_read(tree, self._lifter.lift(self._opened(made).tree), (), gone)
        return (self._closed(left, frame, self._opened(frame)) if gone else made), gone

    def _closed(self, tree: dict[str, Any], frame: dict[str, Any], opened: Opened) -> dict[str, Any]:
        lowered = self._lifter.lower(tree, opened.tree)
        return Closer(self._contexts, opened, self.names, self.language).document(frame, lowered)

    def _written(self, tree: dict[str, Any]) -> dict[str, Any]:
        lowered = self._lifter.lower(tree)
        return {"@context": self.context(), **_own_speller(self).node(self._terms, lowered)}

    def context(self) -> Any:
        """What stands under `@context` in a new record."""
        from metaharmon.files.jsontext import loads

        return loads(self.own, "")

    def active(self) -> Any:
        """The active context of a new record."""
        return self._contexts.entered(self._contexts.initial, self.context())

    # --- documents

    def records(self, document: Any) -> list[dict[str, Any]] | None:
        """The records of a document, each a document of its own; None when it is none of JSON-LD."""
        if document.__class__ not in (dict, list):
            return None
        try:
            return Documents(self._opener()).records(document)
        except (ContextError, NotLinked, *MISSHAPEN):
            return None  # reading the document itself as a record will say why

    def parts(self, document: Any) -> set[int]:
        """The nodes of a document that are in its records, by their place in memory."""
        return Documents(self._opener()).parts(document)

    def document(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        """A document of several records: one context, one graph; a record with another context keeps it."""
        own = self.context()
        nodes: list[Any] = []
        for record in records:
            if same(record.get("@context"), own):
                record = {key: value for key, value in record.items() if key != "@context"}
            nodes.append(record)
        return {"@context": own, "@graph": nodes}

    # --- the account

    def weigh(self, fates: list[Any], document: dict[str, Any], spelling: Any) -> list[Any]:
        """The fates of the leaves of the document, given those of the tree. `spelling` is the fate of a leaf that says
        how and not what: a context, a label; it is made anew from the rest."""
        places = self._places(document)
        waiting: dict[Path, list[list[Any]]] = {}
        for fate in fates:
            keys = keys_of(fate.path)
            keys = keys[: keys.index(LANGUAGES)] if LANGUAGES in keys else keys
            waiting.setdefault(keys, []).append([fate, fate.count, fate.informative])
        out = []
        for path, value in leaves_inside(document):
            at = _place(places, path)
            if at is not None and at[:1] == KEPT:
                kept = 0 if value in (None, "", [], {}) else 1
                out.append(spelling._replace(path=".".join(map(str, path)), fate="kept", informative=kept))
                continue
            told = None if at is None else _fate(waiting, tuple(map(str, at)))
            text = ".".join(map(str, path))
            if told is None:
                out.append(spelling._replace(path=text, informative=0 if value in (None, "", [], {}) else 1))
            else:
                fate = told[0]
                informative = 1 if told[2] > 0 and value not in (None, "") else 0
                out.append(fate._replace(path=fate.path or text, count=1, informative=informative))
        return out

    def left(self, left: list[Any], document: dict[str, Any], beside: Any) -> list[Any]:
        """What is left of the document, leaf by leaf, given what is left of the tree by its keys; `beside` is what is
        said of values that go with a text."""
        places = self._places(document)
        waiting = {tuple(map(str, one.path)): one for one in left}
        out = []
        for path, value in leaves_inside(document):
            at = None if value in (None, "", [], {}) else _place(places, path)
            told = None if at is None else beside if at[:1] == KEPT else _told(waiting, tuple(map(str, at)))
            if told is not None:
                out.append(told._replace(path=path, value=value))
        return out

    def _places(self, document: dict[str, Any]) -> dict[Path, Path | None]:
        """Where in the lifted tree each place of the document is said."""
        opened = self._opened(document)
        lifted = self._lifter.lift(opened.tree)
        place = self._lifter.place
        return {path: None if at is None else place(lifted, at, opened.tree) for path, at in opened.places}


@lru_cache(256)
def lifter_of(terms: Terms) -> Lifter:
    """The lifter of a dialect's terms; made once."""
    return Lifter(terms)


def _own_speller(container: JsonLd) -> Speller:
    found = _SPELLERS.get(container)
    if found is None:
        found = _SPELLERS[container] = Speller(
            container._contexts, container.active(), container.names, container.language
        )
    return found


_SPELLERS: dict[JsonLd, Speller] = {}
"""The speller of each dialect's own context; made once."""


def _place(places: dict[Path, Path | None], path: Path) -> Path | None:
    """Where in the tree a leaf of the original is said; None: it is spelling (a context, a label, a null)."""
    for n in range(len(path), 0, -1):
        if path[:n] in places:
            at = places[path[:n]]
            return None if at is None else (*at, *path[n:])
    return None


def _told(waiting: dict[Path, Any], keys: Path) -> Any:
    """What is told of a place in the tree: of itself, of what it lies in, or of what lies in it."""
    for n in range(len(keys), 0, -1):
        if keys[:n] in waiting:
            return waiting[keys[:n]]
    return next((told for known, told in waiting.items() if known[: len(keys)] == keys), None)


def _fate(waiting: dict[Path, list[list[Any]]], keys: Path) -> list[Any] | None:
    """The fate of a place in the tree: that of the field, of what it lies in, or of what lies in it."""
    for n in range(len(keys), -1, -1):
        found = waiting.get(keys[:n])
        if found:
            if len(found) > 1 and found[0][1] <= 0:
                found.pop(0)
            found[0][1] -= 1
            return found[0]
    below = next((found for known, found in waiting.items() if known[: len(keys)] == keys and found), None)
    return below[0] if below else None
