"""Rule paths of ours, bound to the canonical schema: slots that are read from and written to a canonical tree.

Going on past a list means its first entry; discriminated lists take the first entry with some constants; a path may
end on a list (all entries), on a group (its natural value) or on one language of a text (mapping language, 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from metaharmon.lenses.reasons import NO_FIELD, ONE_VALUE, no_kind, no_language, only_languages
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

    def against(self, entry: Any) -> list[tuple[str, ...]]:
        """The members for which an entry is not one of these."""
        return [path for path, value in self.constants if not same(dig(entry, path), value)]

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


@dataclass(frozen=True)
class Belongs(Select):
    """Entries that name what they belong to: they have some members, and lack others."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def fits(self, entry: Any) -> bool:
        """Whether an entry has the constants and these members only."""
        named = all(name in entry for name in self.has) and not any(name in entry for name in self.lacks)
        return named and Select.fits(self, entry)

    def against(self, entry: Any) -> list[tuple[str, ...]]:
        """The members for which an entry is not one of these, those by which it belongs to something included."""
        lacking = [(name,) for name in self.has if name not in entry]
        return [*Select.against(self, entry), *lacking, *((name,) for name in self.lacks if name in entry)]


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
            if not isinstance(node, shape.LangText | shape.LangList) or i + 1 < len(parts):
                raise PathMisfit(f"'@{found['tag']}' stands only at the end of a path to a text with languages")
            steps.append(found["tag"])
            words = isinstance(node, shape.LangList)
            node = shape.ListOf(shape.Scalar("text"), "bag") if words else shape.Scalar("text")
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


Unclaimed = tuple[tuple[str | int, ...], str]
"""A record path that no rule claims, and why it is lost."""


def unclaimed(tree: Any, claims: Any, path: tuple[str | int, ...] = ()) -> list[Unclaimed]:
    """What no rule claims, each as high in the tree as it is wholly unclaimed."""
    if claims is True:
        return []
    out: list[Unclaimed] = []
    if tree.__class__ is dict:
        for key, value in tree.items():
            below = claims.get(key) if isinstance(claims, dict) else None
            if below is None:
                out.append(((*path, key), not_beside(claims)))
            elif below is not True:
                out.extend(unclaimed(value, below, (*path, key)))
    elif tree.__class__ is list and isinstance(claims, ListClaims):
        for i, below in enumerate(claims.of(tree)):
            if below is None:
                out.append(((*path, i), claims.why(tree[i])))
            elif below is not True:
                out.extend(unclaimed(tree[i], below, (*path, i)))
    else:
        out.append((path, NO_FIELD))
    return out


def not_beside(claims: Any) -> str:
    """Why a member is lost, given what the rules claim beside it."""
    return claims.why() if isinstance(claims, Tongues) else NO_FIELD


class Tongues(dict[str, Any]):
    """Claims on a text by language."""

    def why(self) -> str:
        """Why a further language is lost."""
        return only_languages(self)


class Words(Tongues):
    """Claims on a list of words by language."""

    def why(self) -> str:
        """Why a further language is lost."""
        return no_language(next(iter(self)), "words") if len(self) == 1 else only_languages(self)


def with_tongues(claims: Any, node: Any) -> Any:
    """Claims whose levels of languages are known as such; `node` is the shape of what is claimed."""
    if isinstance(claims, ListClaims) and isinstance(node, shape.ListOf):
        for below in (claims.first, *(one for _, one in (*claims.selects, *claims.branches))):
            with_tongues(below, node.item)
    elif isinstance(claims, AnyKey):
        with_tongues(claims.below, getattr(node, "value", None))
    if isinstance(claims, dict):
        for key, below in claims.items():
            inner = _named(node, key)
            if below.__class__ is dict and isinstance(inner, shape.LangText | shape.LangList):
                claims[key] = (Words if isinstance(inner, shape.LangList) else Tongues)(below)
            else:
                with_tongues(below, inner)
    return claims


def _named(node: Any, name: str) -> Any:
    """The shape of a member; None where it is not known."""
    return node.value if isinstance(node, shape.Keyed) else getattr(node, "members", {}).get(name)


class AnyKey(dict[str, Any]):
    """The same claims under every key of a keyed map, but for keys that have claims of their own."""

    def __init__(self, below: Any, own: dict[str, Any] | None = None) -> None:
        super().__init__(own or {})
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

    def why(self, entry: Any) -> str:
        """Why an entry that no rule claims is lost."""
        kinds = [select for select, _ in (*self.selects, *self.branches)]
        if self.first is not None or any(select.fits(entry) for select in kinds):
            return ONE_VALUE
        return other_kind(entry, kinds)

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


def other_kind(entry: Any, kinds: list[Select]) -> str:
    """Why an entry is lost that is of none of some kinds: what sets it apart from those that are nearest to it."""
    apart = [select.against(entry) for select in kinds]
    nearest = min(map(len, apart), default=0)
    found = {".".join(path): dig(entry, path) for one in apart if len(one) == nearest for path in one}
    said = [(name, value) for name, value in found.items() if value is not None]
    return no_kind(said, [name for name, value in found.items() if value is None])


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
