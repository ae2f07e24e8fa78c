"""What a dialect sees otherwise than its nodes say it: identities within others, facts that all parts share, and nodes
of some types apart from the list in which they stand.

Keywords of the dialect's JSON Schema. `within: true` at an `@id`: it is shown without the identity of the node around
it and a slash; `within: WORD`: without that word and a slash, which are put before it when it is written. A list of
such nodes may be meant by references, `within: {list: NAME, word: WORD}`: they are shown as the member NAME, the node,
and the rest. Behind such a WORD, blanks, `%` and the slashes of the first name are written as in addresses (`%20`).
`shared: {NAME: {each: LIST, again: LIST, at: [MEMBER, …]}}` in a node: what all its innermost parts say alike stands in
it once, as the member NAME; with `named: {LIST: OTHER}`, what is the identity of a node of that list is handed down as
the member OTHER. `from: {list: LIST, of: [TYPE, …]}` at a list: the nodes of LIST that have one of these types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import quote, unquote

from metaharmon.jsonld.terms import Term, Terms
from metaharmon.model.normal import copied, same
from metaharmon.paths import MISSING

BLANKS = re.compile(r"[\s%]")
BLANKS_AND_SLASHES = re.compile(r"[\s%/]")
ESCAPED = re.compile(r"(?:%[0-9A-F]{2})+")

Tree = dict[str, Any]
Path = tuple[str | int, ...]
Beside = dict[tuple[Terms | None, str], set[str]]
"""Identities that are shown whole, by the kind of their nodes and what others are shown without."""


class Lifter:
    """Both ways between trees of nodes and trees as the rules see them; for one dialect."""

    def __init__(self, terms: Terms):
        self.terms = terms
        found = list(_reachable(terms, set()))
        self.words = tuple({t.within for t in found if t.within.__class__ is str})
        """What stands before identities that are made by us."""
        self.idle = not any(t.within is not None or t.shared or t.apart for t in found)

    def lift(self, tree: Tree) -> Tree:
        """The tree that the rules see."""
        if self.idle:
            return tree
        made = copied(tree)
        _each(made, self.terms, _set_apart)
        lists = _identities(made, self.terms)
        beside = _beside(made, self.terms, lists)
        _walk(made, self.terms, "", lambda *node: self._shorten(*node, lists, beside), last=False)
        _each(made, self.terms, _gather)
        return made

    def lower(self, tree: Tree, known: Tree | None = None) -> Tree:
        """The tree of nodes; `known` is an older one, whose identities stay as they are."""
        if self.idle:
            return tree
        made = copied(tree)
        named = _names_apart(made, self.terms)
        _each(made, self.terms, lambda node, terms: _hand_down(node, terms, named))
        _each(made, self.terms, lambda node, terms: _put_back(node, terms, known if node is made else None))
        beside = _beside(known, self.terms, _identities(known, self.terms)) if known is not None else {}
        _walk(made, self.terms, "", lambda *node: self._lengthen(*node, beside), last=True)
        return made

    def place(self, lifted: Tree, path: Path, tree: Tree) -> Path:
        """Where a place in the tree of nodes stands in the lifted one."""
        if self.idle:
            return path
        path = _place_apart(tree, self.terms, path)
        here: Any = lifted
        terms: Terms | None = self.terms
        for n, step in enumerate(path):
            if terms is not None and step.__class__ is str:
                for name, said in terms.shared.items():
                    if here.__class__ is dict and name in here and _inside(path[n:], said):
                        return (*path[:n], name)
                term = terms.by_name.get(step)
                terms = term.inside if term is not None else None
            here = here.get(step) if here.__class__ is dict else here[step] if _has(here, step) else None
        return path

    # --- identities

    def _is_made(self, name: str) -> bool:
        return name.startswith(tuple(f"{word}/" for word in self.words))

    def _shorten(self, node: Tree, terms: Terms, around: str, lists: dict[str, list[str]], beside: Beside) -> None:
        name, within = node.get("@id"), terms.within
        if name.__class__ is not str or within is None:
            return
        made = self._is_made(name)
        if within.__class__ is dict:
            owner = "/".join(name.split("/", 2)[:2]) if made else _owner(name, lists.get(within["list"], ()))
            rest = name[len(owner) + 1 :]
            if owner and rest and within["list"] not in node:
                node[within["list"]] = self._short(within["word"], owner, beside.get((None, within["word"]), ()))
                node["@id"] = _decoded(rest) if made else rest
            return
        start = around if within is True else within
        node["@id"] = self._short(start, name, beside.get((terms, start), ()))

    def _short(self, start: str, name: str, beside: Collection[str]) -> str:
        """An identity without what it lies in, if no other one of its kind there is shown in that way."""
        short = _without(start, name)
        if short == name:
            return name
        short = _decoded(short) if self._is_made(name) else short
        return name if short in beside else short

    def _lengthen(self, node: Tree, terms: Terms, around: str, beside: Beside) -> None:
        name, within = node.get("@id"), terms.within
        if name.__class__ is not str or within is None:
            return
        if within.__class__ is dict:
            owner = node.pop(within["list"], None)
            if owner.__class__ is str and owner and name:
                owner = self._joined(within["word"], owner, beside.get((None, within["word"]), ()))
                node["@id"] = self._joined(owner, name, ())
            elif owner is not None:
                node[within["list"]] = owner
            return
        start = around if within is True else within
        node["@id"] = self._joined(start, name, beside.get((terms, start), ()))

    def _joined(self, start: str, name: str, beside: Collection[str]) -> str:
        """A whole identity; one that stood in the document as it is stays."""
        if not start or not name or name in beside:
            return name
        made = self._is_made(f"{start}/")
        return f"{start}/{_encoded(name, start in self.words)}" if made else f"{start}/{name}"


def _has(here: Any, step: Any) -> bool:
    return here.__class__ is list and step.__class__ is int and step < len(here)


def _inside(path: Path, said: Any) -> bool:
    """Whether a path below a node leads to what its parts share."""
    names = [step for step in path if step.__class__ is str]
    if not names or names[0] != said["each"]:
        return False
    rest = names[1:]
    while rest and rest[0] == said.get("again"):
        rest = rest[1:]
    return rest == list(said["at"])


def _reachable(terms: Terms, seen: set[int]) -> Iterator[Terms]:
    if id(terms) in seen or len(seen) > 200:
        return
    seen.add(id(terms))
    yield terms
    for term in terms.by_name.values():
        if term.inside is not None:
            yield from _reachable(term.inside, seen)


def _nodes(tree: Any, terms: Terms) -> Iterator[tuple[Term, Tree]]:
    """The nodes inside a node, each with the term by which it is reached."""
    for name, value in tree.items():
        term = terms.by_name.get(name)
        if term is not None and term.inside is not None:
            for one in value if value.__class__ is list else [value]:
                if one.__class__ is dict:
                    yield term, one


def _each(tree: Tree, terms: Terms, change: Callable[[Tree, Terms], None]) -> None:
    for term, node in list(_nodes(tree, terms)):
        _each(node, term.inside, change)  # type: ignore[arg-type]
    change(tree, terms)


def _beside(tree: Tree, terms: Terms, lists: dict[str, list[str]]) -> Beside:
    """The identities that are shown whole, by their kind and the word or the identity that others of that kind are
    shown without: those that do not begin so, and those that would be shown as one of them is. A word stands beside
    without a kind, too, for references, which `lists` (the identities of each list) takes apart."""
    found: Beside = {}
    longer: list[tuple[Terms, str, str]] = []

    def note(node: Tree, terms: Terms, around: str) -> None:
        name, start = node.get("@id"), around if terms.within is True else terms.within
        if name.__class__ is str and start.__class__ is dict:
            owner, word = _owner(name, lists.get(start["list"], ())), start["word"]
            if owner and not name.startswith(f"{word}/"):
                found.setdefault((None, word), set()).add(owner)
        elif name.__class__ is str and start.__class__ is str:
            if name.startswith(f"{start}/"):
                longer.append((terms, start, name))
            else:
                found.setdefault((terms, start), set()).add(name)

    _walk(tree, terms, "", note, last=False)
    for kind, start, name in longer:
        mine = found.get((kind, start), set())
        if name[len(start) + 1 :] in mine:
            mine.add(name)
    for (kind, start), names in list(found.items()):
        if kind is not None and kind.within == start:
            found.setdefault((None, start), set()).update(names)
    return found


def _owner(name: str, known: Collection[str]) -> str:
    """The node of a list in which a reference lies: one that is there, else what stands before the last slash."""
    return next((one for one in known if name.startswith(f"{one}/")), name.rpartition("/")[0])


def _identities(tree: Tree, terms: Terms) -> dict[str, list[str]]:
    """The identities of the nodes of every list, the longest first."""
    found: dict[str, list[str]] = {}
    for term, node in _nodes(tree, terms):
        if node.get("@id").__class__ is str and term.inside.within is not None:  # type: ignore[union-attr]
            found.setdefault(term.name, []).append(node["@id"])
    return {name: sorted(ids, key=len, reverse=True) for name, ids in found.items()}


def _walk(tree: Tree, terms: Terms, around: str, change: Callable[[Tree, Terms, str], None], last: bool) -> None:
    """Change every node, outer ones first; `around` is the full identity of the node around it."""
    if not last:
        mine = tree.get("@id", around)
        change(tree, terms, around)
    else:
        change(tree, terms, around)
        mine = tree.get("@id", around)
    inside = mine if terms.within is not None and mine.__class__ is str else around
    for term, node in list(_nodes(tree, terms)):
        _walk(node, term.inside, inside, change, last)  # type: ignore[arg-type]


def _decoded(name: str) -> str:
    return ESCAPED.sub(lambda found: unquote(found[0]), name)


def _encoded(name: str, slashes: bool) -> str:
    return (BLANKS_AND_SLASHES if slashes else BLANKS).sub(lambda found: quote(found[0], safe=""), name)


def _without(start: Any, name: str) -> str:
    before = f"{start}/"
    return name[len(before) :] if start and name.startswith(before) and len(name) > len(before) else name


# --- what all parts say alike


def _parts(node: Tree, said: Any) -> list[Tree]:
    """The innermost parts of a node, and those around them that say more in the same place; none if one is odd."""
    out: list[Tree] = []
    waiting = list(node.get(said["each"]) or [])
    first, *rest = said["at"]
    while waiting:
        one = waiting.pop(0)
        if one.__class__ is not dict or "@value" in one:
            return []
        below = one.get(said.get("again"))
        if below.__class__ is list and below:
            waiting.extend(below)
            here = one.get(first)
            if here is None:
                continue
            if here.__class__ is not dict or not here.keys() - rest[:1]:
                return []
        out.append(one)
    return out


def _at(node: Any, path: Any) -> Any:
    for name in path:
        node = node.get(name, MISSING) if node.__class__ is dict else MISSING
    return node


def _gather(node: Tree, terms: Terms) -> None:
    for name, said in terms.shared.items():
        if name in node or node.get(said["each"]).__class__ is not list:
            continue
        parts = _parts(node, said)
        values = [_at(part, said["at"]) for part in parts]
        if not values or values[0].__class__ is not str or not all(same(one, values[0]) for one in values):
            continue
        node[name] = values[0]
        for part in parts:
            _remove(part, said["at"])


def _remove(node: Tree, path: Any) -> None:
    first, *rest = path
    if not rest:
        del node[first]
        return
    _remove(node[first], rest)
    if not node[first]:
        del node[first]


def _hand_down(node: Tree, terms: Terms, named: dict[str, set[str]]) -> None:
    for name, said in terms.shared.items():
        value = node.get(name)
        if value.__class__ is not str or node.get(said["each"]).__class__ is not list:
            continue
        other = next((to for of, to in said.get("named", {}).items() if value in named.get(of, ())), None)
        said = said if other is None or other in node else terms.shared[other]
        parts = _parts(node, said)
        if parts and all(_can_take(part, said["at"]) for part in parts):
            del node[name]
            for part in parts:
                here = part
                for step in said["at"][:-1]:
                    here = here.setdefault(step, {})
                here[said["at"][-1]] = value


def _can_take(node: Any, path: Any) -> bool:
    for name in path[:-1]:
        node = node.get(name, {})
        if node.__class__ is not dict:
            return False
    return path[-1] not in node


# --- nodes that are shown apart


def _list_of(node: Any, source: str, terms: Terms) -> str:
    """The list in which a node of a list is shown."""
    types = _listed(node.get("@type")) if node.__class__ is dict else []
    mine = {one for one in types if one.__class__ is str}
    return next((name for name, (of, wanted) in terms.apart.items() if of == source and mine & wanted), source)


def _set_apart(node: Tree, terms: Terms) -> None:
    for source in dict.fromkeys(of for of, _ in terms.apart.values()):
        entries = node.get(source)
        for one in entries if entries.__class__ is list else ():
            name = _list_of(one, source, terms)
            if name != source:
                node.setdefault(name, []).append(one)
        if entries.__class__ is list and entries:
            rest = [one for one in entries if _list_of(one, source, terms) == source]
            node[source] = rest
            if not rest:
                del node[source]


def _put_back(node: Tree, terms: Terms, known: Tree | None) -> None:
    """All nodes of a list in it again, those of each kind where such a one stood before."""
    for source in dict.fromkeys(of for of, _ in terms.apart.values()):
        names = [source, *(name for name, (of, _) in terms.apart.items() if of == source)]
        if node.keys().isdisjoint(names[1:]):
            continue
        waiting = {name: _listed(node.pop(name, [])) for name in names}
        before = known.get(source) if known is not None else None
        out = []
        for one in before if before.__class__ is list else ():
            mine = waiting[_list_of(one, source, terms)]
            out.extend(mine[:1])
            del mine[:1]
        node[source] = [*out, *(one for name in names for one in waiting[name])]


def _listed(value: Any) -> list[Any]:
    return list(value) if value.__class__ is list else [value]


def _names_apart(tree: Tree, terms: Terms) -> dict[str, set[str]]:
    """The identities of the nodes of each list of the record that is shown apart."""
    return {
        name: {
            one["@id"] for one in _listed(tree.get(name)) if one.__class__ is dict and one.get("@id").__class__ is str
        }
        for name in terms.apart
    }


def _place_apart(tree: Any, terms: Terms | None, path: Path) -> Path:
    """A place below a node that is shown apart, as it is shown."""
    out: list[str | int] = []
    here = tree
    for n, step in enumerate(path):
        following = path[n + 1] if n + 1 < len(path) else None
        if terms is not None and step.__class__ is str and following.__class__ is int:
            entries = here.get(step) if here.__class__ is dict else None
            if any(of == step for of, _ in terms.apart.values()) and _has(entries, following):
                shown = [_list_of(one, step, terms) for one in entries[: following + 1]]  # type: ignore[index, operator]
                rest = _place_apart(entries[following], _inside_of(terms, step), path[n + 2 :])  # type: ignore[index]
                return (*out, shown[-1], shown[:-1].count(shown[-1]), *rest)
        if terms is not None and step.__class__ is str:
            terms = _inside_of(terms, step)  # type: ignore[arg-type]
        here = here.get(step) if here.__class__ is dict else here[step] if _has(here, step) else None
        out.append(step)
    return tuple(out)


def _inside_of(terms: Terms, name: str) -> Terms | None:
    term = terms.by_name.get(name)
    return term.inside if term is not None else None
