"""From a JSON-LD document to the tree that the rules see, each value with its place in the original.

The tree is keyed by prefixed names and has the shapes of the dialect's schema. What the schema does not know stands in
it as it was: under the prefixed name of its property, or under its key where that means no IRI.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from metaharmon.jsonld.contexts import Contexts, iri, reference
from metaharmon.jsonld.literals import is_label, literal, plain_number, preferred
from metaharmon.jsonld.nodes import KEPT, MORE, Item, Node, NotLinked, Opened, Path, Place, Prop
from metaharmon.jsonld.terms import REFERENCE, XSD, Names, Term, Terms, lexical

MAX_DEPTH = 24

VALUE_OBJECT = {"@value", "@language", "@type"}
"""The members of a literal."""


class Opener:
    """Opens documents of one dialect."""

    def __init__(
        self,
        contexts: Contexts,
        names: Names,
        terms: Terms,
        types: tuple[tuple[str, ...], ...],
        language: str,
        apart: Mapping[str, tuple[str, ...]] | None = None,
    ):
        self.contexts, self.names, self.terms, self.types = contexts, names, terms, tuple(map(frozenset, types))
        self.language, self.apart = language, apart or {}

    def open(self, document: dict[str, Any]) -> Opened:
        """Raises NotLinked when the document has no node of the dialect, ContextError for its contexts."""
        active = self.contexts.initial
        graph_key = next((k for k in document if k == "@graph"), None)
        if graph_key is None or document[graph_key].__class__ is not list:
            walk = _Walk(self, {})
            root = walk.node(document, active, self.terms, None, (), ())
            return Opened(root, walk.places)
        if "@context" in document:
            active = self.contexts.entered(active, document["@context"])
        return self._graph(document, document[graph_key], active)

    def _graph(self, document: dict[str, Any], nodes: list[Any], active: Any) -> Opened:
        known: dict[str, tuple[int, dict[str, Any]]] = {}
        found = [
            (i, node, self.contexts.below(active, None, node)) for i, node in enumerate(nodes) if node.__class__ is dict
        ]
        ranks = {i: self.rank(node, inner) for i, node, inner in found}
        best = min((rank for rank in ranks.values() if rank is not None), default=None)
        if best is None:
            raise NotLinked("no node of the graph is a record of this dialect")
        root_at = next(i for i, rank in ranks.items() if rank == best)
        for i, node, inner in found:
            name = next((iri(inner, node[k], False) for k in node if iri(inner, k, True) == "@id"), None)
            if name is not None and ranks[i] != best and self.part_of(node, inner):
                known.setdefault(name, (i, node))
        walk = _Walk(self, known, active)
        at: Path = ("@graph", root_at)
        root = walk.node(nodes[root_at], active, self.terms, None, at, ())
        around: dict[str, Any] = {}
        for key, value in document.items():
            if key == "@context":
                walk.places.append(((key,), None))
            elif key != "@graph":
                around[f"{key}{MORE}"] = value
                walk.places.append(((key,), (f"{key}{MORE}",)))
        rest = [i for i in range(len(nodes)) if i != root_at and i not in walk.used]
        if rest:
            around["@graph"] = [nodes[i] for i in rest]
            walk.places.extend((("@graph", i), ("@graph", n)) for n, i in enumerate(rest))
        return Opened(root, walk.places, around, at)

    def part_of(self, node: dict[str, Any], active: Any) -> dict[str, Any]:
        """What of a node is part of a record that refers to it: all; of types that stand apart an excerpt, or {}."""
        apart = self.apart.keys() & self.types_of(node, active)
        if not apart:
            return node
        shown = {name for one in apart for name in self.apart[one]}
        names = {key: self.names.plain(iri(active, key, True) or "") for key in node}
        if shown.isdisjoint(names.values()):
            return {}
        return {key: value for key, value in node.items() if names[key] in {"@id", "@type", *shown}}

    def rank(self, node: dict[str, Any], active: Any) -> int | None:
        """Which of the dialect's envelopes takes a node by its types; None: none does. Of a document, the records are
        the nodes of the first envelope that takes any. `active` is the context of its members."""
        types = self.types_of(node, active)
        return next((n for n, wanted in enumerate(self.types) if types & wanted), None) if types else None

    def types_of(self, node: dict[str, Any], active: Any) -> set[str]:
        """The types of a node, as IRIs in their first spelling."""
        for key, value in node.items():
            if iri(active, key, True) == "@type":
                listed = value if value.__class__ is list else [value]
                return {self.names.plain(iri(active, one, True) or "") for one in listed}
        return set()


class _Walk:
    """One pass through a document."""

    def __init__(self, opener: Opener, known: dict[str, tuple[int, dict[str, Any]]], outer: Any = None):
        self.opener, self.known, self.outer = opener, known, outer
        self.places: list[Place] = []
        self.used: set[int] = set()
        self._above: list[str] = []

    def node(self, raw: dict[str, Any], active: Any, terms: Terms, definition: Any, path: Path, at: Path) -> Node:
        """A node at a place of the original, for a place of the tree."""
        active = self.opener.contexts.below(active, definition, raw)
        node = Node(raw, active, terms, path)
        if len(path) > 2 * MAX_DEPTH:
            raise NotLinked("the document is nested too deeply")
        for key, value in sorted(raw.items(), key=lambda member: member[0] not in ("@id", "@type")):
            self._member(node, key, value, path, at)  # an alias of @id beside it is no identity
        for prop in node.props.values():
            self._present(node, prop, at)
        return node

    def _member(self, node: Node, key: str, value: Any, path: Path, at: Path) -> None:
        name = iri(node.active, key, True)
        here = (*path, key)
        if key == "@context":
            self.places.append((here, None))
        elif name == "@id" and value.__class__ is str and "@id" not in node.tree:
            self._identity(node, key, value, here, at)
        elif name == "@type" and _texts(value) and "@type" not in node.tree:
            self._types(node, key, value, here, at)
        elif name is not None and not name.startswith("@") and ":" in name:
            self._property(node, key, name, value, here, at)
        else:
            self._stray(node, key, key, value, here, at)

    def _identity(self, node: Node, key: str, value: str, here: Path, at: Path) -> None:
        name = iri(node.active, value, False) or value
        if name.startswith("_:"):
            self.places.append((here, None))
        else:
            node.tree["@id"] = name
            self.places.append((here, (*at, "@id")))

    def _types(self, node: Node, key: str, value: Any, here: Path, at: Path) -> None:
        listed = value if value.__class__ is list else [value]
        types = list(dict.fromkeys(self.opener.names.short(iri(node.active, one, True) or one) for one in listed))
        node.tree["@type"] = types[0] if len(types) == 1 else types
        self.places.append((here, (*at, "@type")))

    def _property(self, node: Node, key: str, name: str, value: Any, here: Path, at: Path) -> None:
        plain = self.opener.names.plain(name)
        term = node.terms.by_alias.get(plain)
        if term is None or not self._stands_in(node, term, plain, value):
            term = node.terms.by_iri.get(plain)
        definition = node.active["mappings"].get(key) or {}
        items = None if term is None else list(self._items(value, definition, node.active, here))
        if term is None or any(item is None for item in items or ()):
            short = self.opener.names.short(name)
            taken = short in node.tree or (term is not None)
            self._stray(node, key, key if taken else short, value, here, at)
            return
        if not items:  # null or an empty list: no value
            self.places.append((here, None))
            return
        prop = node.props.setdefault(term.name, Prop(term))
        prop.keys.append(key)
        prop.definitions.append(definition)
        prop.items.extend(items)  # type: ignore[arg-type]

    def _stands_in(self, node: Node, term: Term, alias: str, value: Any) -> bool:
        """Whether a property is read as another: the node has neither that nor an earlier one of those that are read
        as it, and the values are nodes of the types that are asked for."""
        plain, at = self.opener.names.plain, term.also.index(alias)
        better = {term.iri, *term.also[:at]}
        if any(plain(iri(node.active, key, True) or "") in better for key in node.raw):
            return False
        wanted = set(map(plain, term.only[at]))
        return not wanted or all(
            one.__class__ is dict
            and wanted & self.opener.types_of(one, self.opener.contexts.below(node.active, None, one))
            for one in (value if value.__class__ is list else [value])
        )

    def _stray(self, node: Node, key: str, name: str, value: Any, here: Path, at: Path) -> None:
        while name in node.tree or name in node.names.values() or name in node.terms.apart:
            name = f"{name}{MORE}"
        node.names[key] = name
        node.tree[name] = value
        self.places.append((here, (*at, name)))

    # --- values

    def _items(self, value: Any, definition: Any, active: Any, path: Path) -> Iterator[Item | None]:
        """The values of a property; None where a container keeps them in a way that is not read."""
        container = definition.get("@container") or ()
        container = {container} if isinstance(container, str) else set(container)
        if "@language" in container and value.__class__ is dict:
            yield from self._by_language(value, active, path)
        elif container & {"@index", "@id", "@type", "@graph"} and value.__class__ is dict:
            yield None
        elif value.__class__ is list:
            inside = {name: said for name, said in definition.items() if name != "@container"}
            for i, one in enumerate(value):  # a container is a map in place of the whole
                yield from self._items(one, inside, active, (*path, i))
        else:
            yield from self._one(value, definition, active, path)

    def _by_language(self, value: dict[str, Any], active: Any, path: Path) -> Iterator[Item | None]:
        for tag, texts in value.items():
            listed = texts if texts.__class__ is list else [texts]
            language = None if iri(active, tag, True) == "@none" else tag
            for i, text in enumerate(listed):
                here = (*path, tag, i) if texts.__class__ is list else (*path, tag)
                yield Item(text, "literal", text, language, None, here) if text.__class__ is str else None

    def _one(self, value: Any, definition: Any, active: Any, path: Path) -> Iterator[Item | None]:
        coercion = definition.get("@type")
        if value.__class__ is dict:
            names = {iri(active, key, True): key for key in value}
            for wrapper in ("@set", "@list"):
                if wrapper in names and len(value) == 1:
                    inside = {name: said for name, said in definition.items() if name != "@container"}
                    yield from self._items(value[names[wrapper]], inside, active, (*path, names[wrapper]))
                    return
            if "@value" in names and value[names["@value"]] is None and not set(names) - VALUE_OBJECT:
                self.places.append((path, None))  # no value, as JSON-LD has it
            elif "@value" in names:
                yield literal(value, names, path, active) or Item(value, "odd", path=path)
            else:
                yield Item(value, "node", path=path)
        elif value is None:
            self.places.append((path, None))
        elif value.__class__ is str and coercion in ("@id", "@vocab"):
            yield Item(value, "ref", iri(active, value, coercion == "@vocab") or value, path=path)
        elif value.__class__ is str:
            plain = coercion in (None, "@none", "@json")
            language = definition["@language"] if "@language" in definition else active.get("@language")
            yield Item(value, "literal", value, language if plain else None, None if plain else coercion, path)
        else:
            yield Item(value, "literal", value, None, None, path)

    # --- what the tree shows of them

    def _present(self, node: Node, prop: Prop, at: Path) -> None:
        term, shown = prop.term, []
        here = (*at, term.name)
        by_language: dict[str, Any] = {}
        show: Callable[[Node, Prop, Item, Path], Any] = getattr(self, f"_as_{term.kind}")
        for item in preferred(prop.items, term, self.opener.names):
            if item.form == "odd":  # no literal that can be read: it stays as it is
                continue
            if term.kind == "text":
                self._as_text(by_language, term, item, here, node)
                continue
            full = shown and not term.many
            item.tree = None if full else show(node, prop, item, (*here, len(shown)) if term.many else here)
            if item.tree is not None:
                shown.append(item.tree)
        if term.kind == "text":
            shown = [by_language] if by_language else []
        if shown:
            node.tree[term.name] = shown if term.many and term.kind != "text" else shown[0]
        self._leave(node, prop, at)

    def _leave(self, node: Node, prop: Prop, at: Path) -> None:
        """The values that found no room, as they are."""
        left = [item for item in prop.items if item.tree is None]
        if not left:
            return
        name = f"{prop.term.name}{MORE}"
        room = node.tree.setdefault(name, [])
        if room.__class__ is not list:
            room = node.tree[name] = [room]
        for item in left:
            self.places.append((item.path, (*at, name, len(room))))
            room.append(item.raw)

    def _as_node(self, node: Node, prop: Prop, item: Item, at: Path) -> Any:
        if is_label(prop.term, item):
            return self._as_label(prop.term, item, at)
        if item.form == "literal":
            return self._literal_node(prop.term, item, at)
        definition = prop.definitions[-1] if len(prop.keys) == 1 else self._definition(prop, node, item)
        if item.form == "ref":
            self.places.append((item.path, (*at, "@id")))
            return self._resolve(item.value, item, prop.term, at) or {"@id": item.value}
        inner = self.node(item.raw, node.active, prop.term.inside, definition, item.path, at)  # type: ignore[arg-type]
        item.node = inner
        name = reference(item.raw, inner.active)
        if name is None:
            return inner.tree
        found = self._resolve(name, item, prop.term, at)
        return found if found is not None or "@id" not in inner.tree else inner.tree

    def _literal_node(self, term: Term, item: Item, at: Path) -> dict[str, Any]:
        """A node of which only a literal is said: its identity, or its name."""
        name, value = term.named_by(item.datatype, self.opener.names), item.value
        inside = term.inside.by_name.get(name) if term.inside is not None and name is not None else None
        if name == "@id" and value.__class__ is str and item.language is None:
            self.places.append((item.path, (*at, "@id")))
            return {"@id": value}
        if inside is not None and inside.kind == "text" and value.__class__ is str:
            tag = item.language or self.opener.language
            self.places.append((item.path, (*at, inside.name, tag, 0) if inside.many else (*at, inside.name, tag)))
            return {inside.name: {tag: [value] if inside.many else value}}
        if inside is not None and inside.kind in ("typed", "plain", "iri") and item.language is None:
            self.places.append((item.path, (*at, inside.name, 0) if inside.many else (*at, inside.name)))
            return {inside.name: [value] if inside.many else value}
        self.places.append((item.path, (*at, "@value")))
        return {"@value": value, "@language": item.language} if item.language else {"@value": value}

    def _as_label(self, term: Term, item: Item, at: Path) -> Any:
        """A node of which no more is said than the text that stands in its place."""
        said = term.inside.by_name[term.label]  # type: ignore[union-attr, index]
        value = item.raw if item.form == "ref" else item.value
        here = (*at, said.name)
        if said.kind == "text":
            tag = item.language or self.opener.language
            self.places.append((item.path, (*here, tag)))
            return {said.name: {tag: value}}
        self.places.append((item.path, (*here, 0) if said.many else here))
        return {said.name: [value] if said.many else value}

    @staticmethod
    def _definition(prop: Prop, node: Node, item: Item) -> Any:
        key = item.path[len(node.path)]
        return prop.definitions[prop.keys.index(key)] if key in prop.keys else {}

    def _resolve(self, name: str, item: Item, term: Term, at: Path) -> dict[str, Any] | None:
        """The node that a reference means, read at the place of the reference; None where the document has none."""
        found = self.known.get(name)
        if found is None or name in self._above or len(self._above) > MAX_DEPTH:
            return None
        index, raw = found
        again = index in self.used
        self.used.add(index)
        self._above.append(name)
        mark = len(self.places)
        item.node = self.node(raw, self.outer, term.inside, None, ("@graph", index), at)  # type: ignore[arg-type]
        item.resolved = True
        if again:  # its leaves are accounted for where it was read first
            del self.places[mark:]
        self._above.pop()
        return item.node.tree

    def _as_iri(self, node: Node, prop: Prop, item: Item, at: Path) -> Any:
        if item.form == "ref":
            self.places.append((item.path, at))
            return item.value
        if item.form == "literal":
            if item.value.__class__ is not str:
                return None
            self.places.append((item.path, at))
            return item.value
        inner = self.opener.contexts.below(node.active, None, item.raw)
        names = {iri(inner, key, True): key for key in item.raw}
        text = item.raw.get(names.get("@id", ""), None)
        if set(names) - {"@id", "@type"} or text.__class__ is not str:
            return None
        name = iri(inner, text, False) or text
        if name.startswith("_:"):
            return None
        self.places.append((item.path, at))
        return name

    def _as_text(self, room: dict[str, Any], term: Term, item: Item, at: Path, node: Node) -> None:
        said = self._naming(term, item, node) if item.form != "literal" and term.label else item
        if said is None or said.form != "literal" or said.value.__class__ is not str:
            return
        tag = said.language or self.opener.language
        if tag in room and not term.many:
            return
        if said is not item:  # the rest of the node goes with the text
            self.places.append((item.path, KEPT))
        if term.many:
            listed = room.setdefault(tag, [])
            self.places.append((said.path, (*at, tag, len(listed))))
            listed.append(said.value)
        else:
            room[tag] = said.value
            self.places.append((said.path, (*at, tag)))
        item.tree = (tag, said.value)

    def _naming(self, term: Term, item: Item, node: Node) -> Item | None:
        """The text of a node that stands in place of a text, here or where the reference leads."""
        if item.form == "node":
            inner = self.opener.contexts.below(node.active, None, item.raw)
            name = reference(item.raw, inner)
            if name is None:
                return self._named(term, item.raw, inner, item.path)
        else:
            name = item.value
        if name not in self.known:
            return None
        index, raw = self.known[name]
        here: Path = ("@graph", index)
        said = self._named(term, raw, self.opener.contexts.below(self.outer, None, raw), here)
        if said is not None and index not in self.used:
            self.used.add(index)
            self.places.append((here, KEPT))
        elif said is not None:  # it is accounted for where it was read first
            said.path = item.path
        return said

    def _named(self, term: Term, raw: dict[str, Any], active: Any, path: Path) -> Item | None:
        names = self.opener.names
        wanted = names.full(str(term.label))
        for key, value in raw.items():
            if names.plain(iri(active, key, True) or "") == wanted:
                found = list(self._items(value, active["mappings"].get(key) or {}, active, (*path, key)))
                return found[0] if len(found) == 1 else None
        return None

    def _as_typed(self, node: Node, prop: Prop, item: Item, at: Path) -> Any:
        if item.form == "literal":
            self.places.append((item.path, at))
            return plain_number(item, prop.term)
        return self._as_iri(node, prop, item, at)

    _as_plain = _as_typed

    def _as_value(self, node: Node, prop: Prop, item: Item, at: Path) -> Any:
        """A literal with its datatype, or a reference, whose datatype is `@id`."""
        here = (*at, "@value")
        if item.form != "literal":
            name = self._as_iri(node, prop, item, here)
            return None if name is None or name.startswith("_:") else {"@value": name, "@type": REFERENCE}
        self.places.append((item.path, at if item.raw.__class__ is dict else here))
        text, native = lexical(item.value)
        datatype = native if item.datatype is None else self.opener.names.plain(item.datatype)
        shown = {"@value": text}
        if item.language is not None:
            shown["@language"] = item.language
        elif datatype not in (None, f"{XSD}string"):
            shown["@type"] = self.opener.names.short(datatype)
        return shown


def _texts(value: Any) -> bool:
    """Whether a value is a text or a list of texts."""
    listed = value if value.__class__ is list else [value]
    return bool(listed) and all(one.__class__ is str for one in listed)
