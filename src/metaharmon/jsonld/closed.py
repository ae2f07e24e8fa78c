"""From a tree back to a document: unchanged values stand as they stood, new ones are spelled as the context allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon.jsonld.contexts import Contexts, iri
from metaharmon.jsonld.nodes import MORE, Item, Node, Opened, Prop
from metaharmon.jsonld.terms import REFERENCE, Names, Term, Terms, native
from metaharmon.model.normal import same
from metaharmon.model.scalars import is_uri
from metaharmon.paths import MISSING

LITERAL = {"@value", "@language"}


class Speller:
    """Spells properties and values in an active context."""

    def __init__(self, contexts: Contexts, active: Any, names: Names, language: str):
        self.contexts, self.active, self.names, self.language = contexts, active, names, language
        self._terms: dict[str, list[str]] = {}
        self._keys: dict[Term, tuple[str, Any]] = {}
        self._prefixes: list[tuple[str, str]] = []
        for name, definition in active["mappings"].items():
            if definition and not definition.get("reverse") and definition.get("@id"):
                self._terms.setdefault(names.plain(definition["@id"]), []).append(name)
                if definition.get("_prefix"):
                    self._prefixes.append((definition["@id"], name))
        self._prefixes.sort(key=lambda found: -len(found[0]))

    # --- names

    def key(self, term: Term) -> tuple[str, Any]:
        """The key for a new property, and the definition of that key: a term whose coercion fits, else a name that
        says nothing of its values."""
        found = self._keys.get(term)
        if found is None:
            found = self._keys[term] = self._key(term)
        return found

    def _key(self, term: Term) -> tuple[str, Any]:
        for name in sorted(self._terms.get(term.iri, ()), key=lambda n: (self._fit(n, term), n)):
            if self._fit(name, term) < 9:
                return name, self.active["mappings"][name]
        return self._shortest(term.iri), {}

    def _shortest(self, full: str) -> str:
        """An IRI, in any of its spellings, as this context says it shortest; a name of `@vocab` before a prefix."""
        made = [(self._compact(spelling), spelling) for spelling in self._spellings(full)]
        return min((short for short, spelling in made if short != spelling), key=_length, default=full)

    def _fit(self, name: str, term: Term) -> int:
        """How well the coercion of a name fits a property; 9: not at all."""
        definition = self.active["mappings"][name]
        coercion, container = definition.get("@type"), set(definition.get("@container") or ())
        if container - {"@set", "@language", "@list"} or ("@list" in container and not term.many):
            return 9
        if "@language" in container:
            return 0 if term.kind == "text" else 9
        if coercion is None:
            return 1
        if term.kind == "value":  # its values say themselves what they are
            return 2
        if coercion in ("@id", "@vocab"):
            return 0 if term.kind in ("iri", "node") else 9
        return 0 if coercion in term.types and len(term.types) == 1 else 9

    def _compact(self, full: str) -> str:
        vocab = self.active.get("@vocab")
        if vocab and full.startswith(vocab) and full[len(vocab) :] not in self.active["mappings"]:
            rest = full[len(vocab) :]
            if rest and ":" not in rest and not rest.startswith("@"):
                return rest
        for start, name in self._prefixes:
            if full.startswith(start) and len(full) > len(start):
                short = f"{name}:{full[len(start) :]}"
                if short not in self.active["mappings"]:
                    return short
        return full

    def name(self, short: str) -> str:
        """A type or datatype, by its prefixed name or IRI, as this context says it."""
        full = self.names.full(short)
        for name in self._terms.get(self.names.plain(full), ()):
            return name
        return self._shortest(full)

    def word(self, full: str) -> str:
        """A reference where the context reads words of a vocabulary: the word, where there is one."""
        words = self._terms.get(self.names.plain(full), ())
        return next((name for name in words if self.active["mappings"][name]["@id"] == full), full)

    def _spellings(self, full: str) -> Iterator[str]:
        yield full
        for _, (first, *others) in self.names.prefixes:
            if full.startswith(first):
                yield from (other + full[len(first) :] for other in others)

    # --- values

    def values(self, term: Term, value: Any, definition: Any) -> list[Any]:
        """The spelled values of a property from the tree; a value of another shape stands as it is."""
        if term.kind == "text":
            return [self._text(tag, text, definition) for tag, text in texts_of(value)]
        return [self.value(term, part, definition) for one in listed(term, value) for part in parts_of(term, one)]

    def value(self, term: Term, value: Any, definition: Any) -> Any:
        """One value of a property."""
        if term.kind == "iri":
            coercion = definition.get("@type")
            if value.__class__ is not str:
                return value
            word = coercion == "@vocab" and ":" not in value  # of the vocabulary
            if not word and not self.refers(value):
                return value if coercion is None and not self._tags(definition) else {"@value": value}
            if coercion == "@id":
                return value
            return self.word(value) if coercion == "@vocab" else {"@id": value}
        if term.kind == "node":
            return self._node_value(term, value, definition)
        if term.kind == "value":
            return self._typed_value(value, definition)
        datatype = term.datatype(value)
        if datatype is None or value.__class__ in (dict, list, bool) or value is None:
            return value  # a text that has no language there is read as itself, whatever the context gives it
        if definition.get("@type") == datatype and value.__class__ is str:
            return value
        return {"@value": value, "@type": self.name(datatype)}

    def refers(self, text: str) -> bool:
        """Whether a text is read as the reference that it is: it is absolute, and its scheme no prefix here."""
        return is_uri(text) and iri(self.active, text, False) == text

    def _typed_value(self, value: Any, definition: Any) -> Any:
        """A literal with its datatype, or a reference."""
        if value.__class__ is not dict or value.get("@value").__class__ is not str:
            return value
        text, datatype = value["@value"], value.get("@type")
        if datatype == REFERENCE:
            return {"@id": text}
        if datatype.__class__ is str:
            plain = native(text, self.names.full(datatype)) if value.keys() == {"@value", "@type"} else MISSING
            return {**value, "@type": self.name(datatype)} if plain is MISSING else plain
        plain = value.keys() == {"@value"} and not definition.get("@type") and not self._tags(definition)
        return text if plain else value

    def _node_value(self, term: Term, value: Any, definition: Any) -> Any:
        if value.__class__ is not dict:
            return value
        if "@value" in value and value.keys() <= LITERAL:
            text = value["@value"]
            if set(value) == {"@value"} and definition.get("@type") == "@id":
                return text if is_uri(text) else value  # a text would be read as a reference
            plain = set(value) == {"@value"} and not definition.get("@type") and not self._tags(definition)
            return text if plain else value
        if value.keys() == {"@id"} and definition.get("@type") == "@id":
            return value["@id"]  # the context says that a text is a reference
        if term.bare and value.keys() <= {"@id", "@type"} and value.get("@id").__class__ is str:
            return value["@id"] if definition.get("@type") in (None, "@id") and not self._tags(definition) else value
        return self.node(term.inside, value, definition)  # type: ignore[arg-type]

    def _text(self, tag: str, text: Any, definition: Any) -> Any:
        """A text in a language, where no language map stands."""
        if text.__class__ is not str:
            return text
        if self.is_none(tag):
            return text if not self._tags(definition) else {"@value": text}
        return text if tag == self._language(definition) else {"@value": text, "@language": tag}

    def is_none(self, tag: str) -> bool:
        """Whether a tag says no more than that there is none: what has none is read in the dialect's language."""
        return tag == "und" == self.language

    def _tags(self, definition: Any) -> bool:
        """Whether a plain text is given a language by the context."""
        return self._language(definition) is not None

    def _language(self, definition: Any) -> Any:
        """The language that the context gives a plain text."""
        return definition["@language"] if "@language" in definition else self.active.get("@language")

    def node(self, terms: Terms, tree: dict[str, Any], definition: Any = None) -> dict[str, Any]:
        """A new node: what it is, and then what is said of it, in the context that holds inside."""
        outer = self._in(self.contexts.reached(self.active, definition, tree))
        made: dict[str, Any] = {name: tree[name] for name in ("@id",) if name in tree}
        if "@type" in tree:
            made["@type"] = outer._types(tree["@type"])
        inner = outer._in(self.contexts.typed(outer.active, made))
        for name, value in tree.items():
            if name not in ("@id", "@type"):
                inner.member(made, terms, name, value)
        return made

    def _in(self, active: Any) -> Speller:
        """The speller of another context."""
        return self if active is self.active else Speller(self.contexts, active, self.names, self.language)

    def member(self, made: dict[str, Any], terms: Terms, name: str, value: Any) -> None:
        """A new member of a node."""
        term = terms.by_name.get(name)
        if name == "@type":
            made[name] = self._types(value)
        elif term is None:
            self._further(made, terms.by_name.get(name.removesuffix(MORE)), name, value)
        elif term.kind == "text" and value.__class__ is not dict:
            made[self._shortest(term.iri)] = value
        else:
            key, definition = self.key(term)
            if "@language" in (definition.get("@container") or ()):
                made[key] = {"@none" if self.is_none(tag) else tag: text for tag, text in value.items()}
                return
            spelled = self.values(term, value, definition)
            several = (value.__class__ is list and term.kind != "text") or "@set" in (
                definition.get("@container") or ()
            )
            made[key] = spelled if several or len(spelled) != 1 else spelled[0]

    def _further(self, made: dict[str, Any], term: Term | None, name: str, value: Any) -> None:
        """Raw values beside those of a property, behind them if they stand under the same key; or a raw member."""
        key = name if term is None else self._shortest(term.iri)
        if key not in made:
            made[key] = value
        elif value is not None:
            before, more = ((one if one.__class__ is list else [one]) for one in (made[key], value))
            made[key] = [*before, *more]

    def _types(self, value: Any) -> Any:
        if value.__class__ is list:
            return [self.name(one) if one.__class__ is str else one for one in value]
        return self.name(value) if value.__class__ is str else value


def _length(name: str) -> tuple[bool, int, str]:
    return ":" in name, len(name), name


def listed(term: Term, value: Any) -> list[Any]:
    """The values of a property from the tree."""
    return value if term.many and value.__class__ is list else [value]


def parts_of(term: Term, value: Any) -> list[Any]:
    """A value of a property, and the literal that stood in its place before it became a node."""
    if term.kind != "node" or value.__class__ is not dict or "@value" not in value or value.keys() <= LITERAL:
        return [value]
    literal = {name: member for name, member in value.items() if name in LITERAL}
    return [{name: member for name, member in value.items() if name not in LITERAL}, literal]


def texts_of(value: Any) -> list[tuple[str, Any]]:
    """The texts of a language map, each with its tag."""
    out = []
    for tag, texts in value.items():
        out.extend((tag, one) for one in (texts if texts.__class__ is list else [texts]))
    return out


class Closer:
    """Puts a changed tree back into the document that it was opened from."""

    def __init__(self, contexts: Contexts, opened: Opened, names: Names, language: str):
        self.contexts, self.opened, self.names, self.language = contexts, opened, names, language
        self._spellers: dict[int, Speller] = {}
        self._replaced: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        """Nodes that stand elsewhere in the document: by the identity of the original, their tree and new form."""

    def document(self, document: dict[str, Any], tree: dict[str, Any]) -> dict[str, Any]:
        """The document that says the tree."""
        opened = self.opened
        inner = {name: value for name, value in tree.items() if name not in self._outer()}
        root = self._node(opened.root, inner)
        if not opened.at:
            return root
        made: dict[str, Any] = {}
        for key, value in document.items():
            if key == "@graph":
                made[key] = self._nodes(value, root, tree.get("@graph", MISSING))
            elif key == "@context" or f"{key}{MORE}" in tree:
                made[key] = value if key == "@context" else tree[f"{key}{MORE}"]
        return made

    def _outer(self) -> set[str]:
        return set(self.opened.around)

    def _nodes(self, nodes: list[Any], root: dict[str, Any], rest: Any) -> list[Any]:
        """The nodes of the graph: the root, those that it refers to, and what else stood there, if it still does."""
        before = self.opened.around.get("@graph", [])
        left = list(rest) if rest.__class__ is list else []
        made = []
        for i, node in enumerate(nodes):
            if i == self.opened.at[1]:
                made.append(root)
            elif any(node is one for one in before):
                found = next((n for n, one in enumerate(left) if same(one, node)), None)
                if found is not None:
                    made.append(left.pop(found))
            else:
                made.append(self._replaced.get(id(node), (None, node))[1])
        return [*made, *left]

    def _speller(self, active: Any) -> Speller:
        if id(active) not in self._spellers:
            self._spellers[id(active)] = Speller(self.contexts, active, self.names, self.language)
        return self._spellers[id(active)]

    def _node(self, node: Node, tree: dict[str, Any]) -> dict[str, Any]:
        """A node with the values of the tree."""
        if same(tree, node.tree):
            return node.raw
        speller, done, made = self._speller(node.active), set(), {}
        by_key = {key: prop for prop in node.props.values() for key in prop.keys}
        for key, raw in node.raw.items():
            prop, name = by_key.get(key), iri(node.active, key, True)
            if prop is not None:
                if prop.term.name not in done:
                    self._property(made, node, prop, tree, speller)
                done |= {prop.term.name, f"{prop.term.name}{MORE}"}
            elif key in node.names:
                self._kept(made, key, node.names[key], raw, node, tree)
                done.add(node.names[key])
            elif name in ("@id", "@type"):
                self._keyword(made, key, name, raw, node, tree, speller)
                done.add(name)
            else:
                made[key] = raw
        for name, value in tree.items():
            if name not in done:
                speller.member(made, node.terms, name, value)
        return made

    @staticmethod
    def _kept(made: dict[str, Any], key: str, name: str, raw: Any, node: Node, tree: dict[str, Any]) -> None:
        if name in tree:
            made[key] = raw if same(tree[name], node.tree[name]) else tree[name]

    @staticmethod
    def _keyword(
        made: dict[str, Any], key: str, name: str, raw: Any, node: Node, tree: dict[str, Any], speller: Speller
    ) -> None:
        before, now = node.tree.get(name, MISSING), tree.get(name, MISSING)
        if before is MISSING and now is MISSING:  # a label of a blank node
            made[key] = raw
        elif now is not MISSING:
            unchanged = before is not MISSING and same(before, now)
            made[key] = raw if unchanged else speller._types(now) if name == "@type" else now

    # --- properties

    def _property(self, made: dict[str, Any], node: Node, prop: Prop, tree: dict[str, Any], speller: Speller) -> None:
        """A property whose values are, or are not, as they were."""
        name, more = prop.term.name, f"{prop.term.name}{MORE}"
        unchanged = all(
            (n in tree) == (n in node.tree) and (n not in tree or same(tree[n], node.tree[n])) for n in (name, more)
        )
        if unchanged:
            made.update((key, node.raw[key]) for key in prop.keys)
            return
        left = tree.get(more)
        spelled = self._respelled(node, prop, tree.get(name, MISSING), speller)
        spelled += left if left.__class__ is list else []
        if not spelled:
            return
        key = prop.keys[0]
        was_list = node.raw[key].__class__ is list or len(prop.keys) > 1
        if not self._stands_in(node, prop, tree.get(name)):
            key = speller.key(prop.term)[0]
        container = set(prop.definitions[0].get("@container") or ())
        if "@language" in container and node.raw[key].__class__ is dict:
            made[key] = _language_map(node.raw[key], prop, tree.get(name, {}), speller)
        else:
            mistaken = "@language" in container and spelled[0].__class__ is dict  # alone it would be a language map
            made[key] = spelled if was_list or len(spelled) > 1 or mistaken else spelled[0]

    def _stands_in(self, node: Node, prop: Prop, value: Any) -> bool:
        """Whether values may stand under the key that stood for the property: one read as it only for some types."""
        plain = self.names.plain(iri(node.active, prop.keys[0], True) or "")
        if plain == prop.term.iri or plain not in prop.term.also:
            return True
        wanted = set(map(self.names.short, prop.term.only[prop.term.also.index(plain)]))
        listed = value if value.__class__ is list else [value]
        types = (one.get("@type") if one.__class__ is dict else None for one in listed)
        return not wanted or all(wanted & set(one if one.__class__ is list else [one]) for one in types)

    def _respelled(self, node: Node, prop: Prop, value: Any, speller: Speller) -> list[Any]:
        if value is MISSING:
            return []
        term, definition = prop.term, prop.definitions[0]
        free = [item for item in prop.items if item.tree is not None]
        if term.kind == "text":
            if value.__class__ is not dict:
                return [value]
            return [_taken(free, (tag, text)) or speller._text(tag, text, definition) for tag, text in texts_of(value)]
        wanted = [part for one in listed(term, value) for part in parts_of(term, one)]
        found = [_find(free, one) for one in wanted]
        self._match_nodes(term, wanted, found, free)
        return [
            self._item(item, one, term, speller, definition)
            if item is not None
            else speller.value(term, one, definition)
            for item, one in zip(found, wanted, strict=True)
        ]

    @staticmethod
    def _match_nodes(term: Term, wanted: list[Any], found: list[Item | None], free: list[Item]) -> None:
        """Changed nodes are found again by their identity; where one node is left on both sides, it is that one."""
        if term.kind != "node":
            return
        for n, one in enumerate(wanted):
            if found[n] is None and one.__class__ is dict and "@id" in one:
                item = next((i for i in free if i.tree.get("@id") == one["@id"]), None)
                if item is not None:
                    free.remove(item)
                    found[n] = item
        open_ = [n for n, item in enumerate(found) if item is None]
        if len(open_) == 1 and len(free) == 1 and free[0].node is not None:
            found[open_[0]] = free.pop()

    def _item(self, item: Item, value: Any, term: Term, speller: Speller, definition: Any) -> Any:
        """A value of the original, changed or not."""
        if item.node is None or value.__class__ is not dict:
            if same(item.tree, value):
                return item.raw
            return speller.value(term, value, definition)
        if same(item.tree, value):
            return item.raw
        made = self._node(item.node, value)
        if not item.resolved or item.tree.get("@id") != value.get("@id"):
            return made  # here, or another node than that to which the reference leads
        before = self._replaced.get(id(item.node.raw))
        if before is None or same(before[0], value):
            self._replaced[id(item.node.raw)] = (value, made)
            return item.raw
        return made  # two places that refer to one node now say different things of it


def _find(free: list[Item], value: Any) -> Item | None:
    """A value of the original that says the same, taken out of those that are free."""
    for item in free:
        if same(item.tree, value):
            free.remove(item)
            return item
    return None


def _taken(free: list[Item], text: tuple[str, Any]) -> Any:
    item = next((item for item in free if item.tree == text), None)
    if item is None:
        return None
    free.remove(item)
    return item.raw


def _language_map(before: dict[str, Any], prop: Prop, value: Any, speller: Speller) -> dict[str, Any]:
    """A language map with other texts; a language that had a list has one again."""
    none = next((tag for tag in before if tag.startswith("@")), "@none")
    out: dict[str, Any] = {}
    untagged = {item.tree[0] for item in prop.items if item.language is None and item.tree is not None}
    for tag, text in value.items():
        key = none if tag in untagged or speller.is_none(tag) else tag
        was_list = before.get(key).__class__ is list
        out[key] = [text] if was_list and text.__class__ is not list else text
    return out
