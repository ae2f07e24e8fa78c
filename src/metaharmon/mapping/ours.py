"""Rule paths of ours, bound to the canonical schema: slots that are read from and written to a canonical tree.

Going on past a list means its first entry; discriminated lists take the first entry with some constants; a path may
end on a list (all entries), on a group (its natural value) or on one language of a text (mapping language, 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from metaharmon.model import shape
from metaharmon.model.normal import same


class PathMisfit(ValueError):
    """The canonical schema has no such path; one sentence. `known` are the names that would have fitted."""

    def __init__(self, message: str, word: str = "", known: tuple[str, ...] = ()):
        super().__init__(message)
        self.word, self.known = word, known


@dataclass(frozen=True)
class First:
    """Entry 0 of a list."""


@dataclass(frozen=True)
class Select:
    """The first entry of a list that has these constants: ((member path, value), …)."""

    constants: tuple[tuple[tuple[str, ...], Any], ...]

    def fits(self, entry: Any) -> bool:
        """Whether an entry has all the constants."""
        return all(same(dig(entry, path), value) for path, value in self.constants)

    def with_entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        """An entry together with the constants."""
        for path, value in self.constants:
            bury(entry, path, value)
        return entry

    def entry(self) -> dict[str, Any]:
        """A new entry with the constants."""
        made: dict[str, Any] = {}
        for path, value in self.constants:
            bury(made, path, value)
        return made


OurStep = str | First | Select
FIRST = First()


@dataclass(frozen=True)
class OurSlot:
    """A place in a canonical tree (or in a list entry), with the shape of what stands there."""

    text: str
    steps: tuple[OurStep, ...]
    node: Any

    def get(self, tree: Any) -> Any:
        """The value, or None."""
        here = tree
        for step in self.steps:
            if step.__class__ is str:
                here = here.get(step) if here.__class__ is dict else None
            elif here.__class__ is not list:
                return None
            elif step.__class__ is First:
                here = here[0] if here else None
            else:
                here = next((e for e in here if step.fits(e)), None)  # type: ignore[union-attr]
            if here is None:
                return None
        return here

    def put(self, tree: dict[str, Any], value: Any) -> None:
        """Set the value, making groups and entries on the way."""
        _put(tree, self.steps, value)

    def record_path(self, tree: Any) -> tuple[str | int, ...]:
        """The record path of the slot in a tree: entries by index (0 where there is none yet)."""
        out: list[str | int] = []
        here = tree
        for step in self.steps:
            if step.__class__ is str:
                here = here.get(step) if here.__class__ is dict else None
                out.append(step)
                continue
            entries = here if here.__class__ is list else []
            at = 0
            if step.__class__ is Select:
                at = next((i for i, e in enumerate(entries) if step.fits(e)), len(entries))  # type: ignore[union-attr]
            out.append(at)
            here = entries[at] if at < len(entries) else None
        return tuple(out)


def _put(here: Any, steps: tuple[OurStep, ...], value: Any) -> None:
    step = steps[0]
    if step.__class__ is str:
        if len(steps) == 1:
            here[step] = value
            return
        below = here.get(step)
        if below is None:
            below = here[step] = [] if steps[1].__class__ is not str else {}
        _put(below, steps[1:], value)
        return
    at = 0 if step.__class__ is First else next((i for i, e in enumerate(here) if step.fits(e)), len(here))  # type: ignore[union-attr]
    if at >= len(here):
        here.append(step.entry() if step.__class__ is Select else {})  # type: ignore[union-attr]
        at = len(here) - 1
    if len(steps) == 1:
        here[at] = value
        return
    if steps[1].__class__ is not str:
        raise TypeError("a list of lists has no path")
    _put(here[at], steps[1:], value)


def dig(tree: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of member names, or None."""
    for name in path:
        tree = tree.get(name) if tree.__class__ is dict else None
    return tree


def bury(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a value at a path of member names."""
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


_STEP = re.compile(r"(?P<name>[^\[\]@]+)(\[(?P<select>[^\[\]]*)\])?(@(?P<tag>[A-Za-z0-9-]+))?\Z")


def bind(text: str, root: Any, language: str) -> OurSlot:
    """Bind a rule path below a node of the canonical shape. Raises PathMisfit.

    The slot ends where the text ends: on a list when it names one. `language` is the dialect's default, used for the
    entries of keyword lists.
    """
    node, steps = root, []
    if text == ".":
        return OurSlot(".", (), root)
    parts = _split(text)
    for i, part in enumerate(parts):
        if isinstance(node, shape.ListOf):
            steps.append(FIRST)
            node = node.item
        if isinstance(node, shape.LangList):
            raise PathMisfit(f"'{text}' goes on past a list of words")
        found = _STEP.match(part)
        if not found:
            raise PathMisfit(f"'{part}' in '{text}' is no step of a path")
        node = _member(node, found["name"], text)
        steps.append(found["name"])
        if found["select"] is not None:
            if not (isinstance(node, shape.ListOf) and node.kind == "discriminated"):
                raise PathMisfit(f"'{found['name']}' is not a discriminated list; only such lists take [key=value]")
            steps.append(_select(found["select"], node, text))
            node = node.item
        if found["tag"] is not None:
            if not isinstance(node, shape.LangText) or i + 1 < len(parts):
                raise PathMisfit(f"'@{found['tag']}' stands only at the end of a path to a text with languages")
            steps.append(found["tag"])
            node = shape.Scalar("text")
    return OurSlot(text, tuple(steps), node)


def _split(text: str) -> list[str]:
    return list(re.split(r"\.(?![^\[]*\])", text))


def _member(node: Any, name: str, text: str) -> Any:
    if isinstance(node, shape.Group):
        if name in node.members:
            return node.members[name]
        raise PathMisfit(
            f"the canonical schema has no '{text}': '{name}' is no member of {node.name}", name, tuple(node.members)
        )
    if isinstance(node, shape.Keyed):
        if node.accepts(name):
            return node.value
        raise PathMisfit(
            f"'{name}' in '{text}' is no code of the list {node.codelist}", name, known_codes(node.codelist)
        )
    raise PathMisfit(f"'{text}' goes on past a value")


def known_codes(codelist: str | None) -> tuple[str, ...]:
    """The codes of a list, for hints."""
    from metaharmon import codelists

    try:
        return tuple(codelists.load(codelist).codes) if codelist else ()
    except KeyError:
        return ()


def _select(text: str, node: Any, whole: str) -> Select:
    constants = []
    for pair in text.split(","):
        name, eq, value = pair.strip().partition("=")
        if not eq:
            raise PathMisfit(f"'[{text}]' in '{whole}' is not of the form key=value")
        path = tuple(name.split("."))
        here: Any = node.item
        for part in path:
            here = _member(here, part, whole)
        constants.append((path, value))
    return Select(tuple(constants))


def unclaimed(tree: Any, claims: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The record paths of what no rule claims, each as high in the tree as it is wholly unclaimed."""
    if claims is True:
        return []
    out: list[tuple[str | int, ...]] = []
    if tree.__class__ is dict:
        for key, value in tree.items():
            below = claims.get(key) if isinstance(claims, dict) else None
            if below is None:
                out.append((*path, key))
            else:
                out.extend(unclaimed(value, below, (*path, key)))
    elif tree.__class__ is list and isinstance(claims, ListClaims):
        for i, below in enumerate(claims.of(tree)):
            if below is None:
                out.append((*path, i))
            else:
                out.extend(unclaimed(tree[i], below, (*path, i)))
    else:
        out.append(path)
    return out


class AnyKey(dict[str, Any]):
    """The same claims under every key of a keyed map, but for those of which other rules have claims of their own."""

    def __init__(self, below: Any, others: dict[str, Any] | None = None) -> None:
        super().__init__(others or {})
        self.below = below

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, self.below)

    def __reduce__(self) -> Any:
        return AnyKey, (self.below, dict(self))


class ListClaims:
    """Which entries of a list of ours the rules claim, and what of them."""

    def __init__(self) -> None:
        self.first: dict[str, Any] | bool | None = None
        self.selects: list[tuple[Select, Any]] = []
        self.branches: list[tuple[Select, Any]] = []

    def of(self, entries: list[Any]) -> list[Any]:
        """The claims on each entry; None where there are none."""
        out: list[Any] = [None] * len(entries)
        if self.first is not None and entries:
            out[0] = self.first
        for select, claims in self.selects:
            at = next((i for i, e in enumerate(entries) if select.fits(e)), None)
            if at is not None and out[at] is None:
                out[at] = claims
        for i, entry in enumerate(entries):
            if out[i] is None:
                out[i] = next((claims for select, claims in self.branches if select.fits(entry)), None)
        return out

    def selected(self, select: Select) -> dict[str, Any]:
        """The claims on the entry with some constants; the constants themselves are claimed."""
        for one, claims in self.selects:
            if one == select:
                return claims
        claims = {}
        for path, _ in select.constants:
            bury(claims, path, True)
        self.selects.append((select, claims))
        return claims


def claim(claims: dict[str, Any], steps: tuple[OurStep, ...], what: Any = True) -> None:
    """Note that a rule claims what stands at these steps."""
    here: Any = claims
    for i, step in enumerate(steps):
        last = i + 1 == len(steps)
        if step.__class__ is str:
            if last:
                here[step] = what
                return
            below = here.get(step)
            if below is True:
                return
            if below is None:
                below = here[step] = {} if steps[i + 1].__class__ is str else ListClaims()
            here = below
        elif step.__class__ is First:
            if last:
                here.first = what
                return
            here.first = here.first if here.first.__class__ is dict else {}
            here = here.first
        else:
            entry = here.selected(step)
            if last:
                here.selects = [(s, what if s == step else c) for s, c in here.selects]
                return
            here = entry
