"""What a dialect sees otherwise than its nodes say it: identities within others, and facts that all parts share.

Keywords of the dialect's JSON Schema. `within: true` at an `@id`: it is shown without the identity of the node around it
and a slash; `within: WORD`: without that word and a slash, which are put before it when it is written. A list of such
nodes may be meant by references, `within: {list: NAME}`: they are shown as the member NAME, the node, and the rest.
`shared: {NAME: {each: LIST, again: LIST, at: [MEMBER, …]}}` in a node: what all its innermost parts say alike stands in
it once, as the member NAME.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from metaharmon.jsonld.terms import Term, Terms
from metaharmon.model.normal import copied, same
from metaharmon.paths import MISSING

Tree = dict[str, Any]
Path = tuple[str | int, ...]
Prefix = Callable[[Any, str], str]


class Lifter:
    """Both ways between trees of nodes and trees as the rules see them; for one dialect."""

    def __init__(self, terms: Terms):
        self.terms = terms
        self.idle = not any(t.within is not None or t.shared for t in _reachable(terms, set()))

    def lift(self, tree: Tree) -> Tree:
        """The tree that the rules see."""
        if self.idle:
            return tree
        made = copied(tree)
        lists = _identities(made, self.terms)
        _walk(made, self.terms, "", lambda node, terms, around: _shorten(node, terms, around, lists), last=False)
        _each(made, self.terms, _gather)
        return made

    def lower(self, tree: Tree, known: Tree | None = None) -> Tree:
        """The tree of nodes; `known` is an older one, whose identities stay as they are."""
        if self.idle:
            return tree
        made = copied(tree)
        _each(made, self.terms, _hand_down)
        there = set(_ids(known)) if known is not None else set()
        _walk(made, self.terms, "", lambda node, terms, around: _lengthen(node, terms, around, there), last=True)
        return made

    def place(self, tree: Tree, path: Path) -> Path:
        """Where a place in the tree of nodes stands in the lifted one."""
        if self.idle:
            return path
        here: Any = tree
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


def _ids(tree: Any) -> Iterator[str]:
    if tree.__class__ is dict:
        if tree.get("@id").__class__ is str:
            yield tree["@id"]
        for value in tree.values():
            yield from _ids(value)
    elif tree.__class__ is list:
        for one in tree:
            yield from _ids(one)


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


def _shorten(node: Tree, terms: Terms, around: str, lists: dict[str, list[str]]) -> None:
    name, within = node.get("@id"), terms.within
    if name.__class__ is not str or within is None:
        return
    if within.__class__ is dict:
        owner = next((one for one in lists.get(within["list"], ()) if name.startswith(f"{one}/")), None)
        if owner is not None and len(name) > len(owner) + 1 and within["list"] not in node:
            node[within["list"]] = _without(within.get("word"), owner)
            node["@id"] = name[len(owner) + 1 :]
        return
    node["@id"] = _without(around if within is True else within, name)


def _without(start: Any, name: str) -> str:
    before = f"{start}/"
    return name[len(before) :] if start and name.startswith(before) and len(name) > len(before) else name


def _lengthen(node: Tree, terms: Terms, around: str, known: set[str]) -> None:
    name, within = node.get("@id"), terms.within
    if name.__class__ is not str or within is None:
        return
    if within.__class__ is dict:
        owner = node.pop(within["list"], None)
        if owner.__class__ is str:
            node["@id"] = f"{_with(within.get('word'), owner, known)}/{name}"
        elif owner is not None:
            node[within["list"]] = owner
        return
    node["@id"] = _with(around if within is True else within, name, known)


def _with(start: Any, name: str, known: set[str]) -> str:
    full = f"{start}/{name}" if start else name
    return name if name in known and full not in known else full


# --- what all parts say alike


def _parts(node: Tree, said: Any) -> list[Tree]:
    """The innermost parts of a node."""
    out: list[Tree] = []
    waiting = list(node.get(said["each"]) or [])
    while waiting:
        one = waiting.pop(0)
        below = one.get(said.get("again")) if one.__class__ is dict else None
        if below.__class__ is list and below:
            waiting.extend(below)
        elif one.__class__ is dict:
            out.append(one)
        else:
            return []
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


def _hand_down(node: Tree, terms: Terms) -> None:
    for name, said in terms.shared.items():
        value = node.get(name)
        if value.__class__ is not str or node.get(said["each"]).__class__ is not list:
            continue
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
