"""Lists addressed by `[key=value]`, `[key={lang}]` or `[first]`: their rules, as rules of what is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metaharmon.containers import ByKey, Container, First
from metaharmon.mapping.load import walk_paths
from metaharmon.paths import Head, Key, Languages, Match, Pattern, Tagged, TheirPath, leaf_text

FIRST = "first"


@dataclass
class Addressed:
    """How paths address one list: by the values of a member, by the language in a member, by its first place."""

    key: str | None = None
    values: set[str] = field(default_factory=set)
    language: str | None = None

    def container(self, default: str) -> Container:
        """What opens the list; entries without a language are in the dialect's default one."""
        if self.key is None and self.language is None:
            return First(FIRST)
        return ByKey(self.key, tuple(sorted(self.values)), self.language, default)


def match_levels(parts: Any) -> dict[tuple[str, ...], Addressed]:
    """The lists that paths address, with how they do."""
    found: dict[tuple[str, ...], Addressed] = {}

    def note(path: TheirPath, prefix: Any) -> TheirPath:
        if not prefix:
            _note(path, found)
        return path

    walk_paths(tuple(parts), note, ())
    return found


def _note(path: TheirPath, found: dict[tuple[str, ...], Addressed]) -> None:
    keys: list[str] = []
    here: Addressed | None = None
    for step in path.steps:
        if isinstance(step, (Match, Tagged, Head)):
            if here is None:
                here = found.setdefault(tuple(keys), Addressed())
            if isinstance(step, Tagged):
                here.language = step.key
                return  # below, the entries of every language are one
            if isinstance(step, Match):
                here.key = step.key
                here.values.add(step.value)
            keys.append(step.value if isinstance(step, Match) else FIRST)
        elif isinstance(step, Key):
            here = None
            keys.append(step.name)
        else:
            return


def without_matches(part: Any, matches: dict[tuple[str, ...], Addressed]) -> Any:
    """The same rules with those steps as plain members of the opened object; a list that is not opened stays one."""

    def plain(path: TheirPath, prefix: Any) -> TheirPath:
        if prefix or not any(isinstance(step, (Match, Tagged, Head)) for step in path.steps):
            return path  # inside an entry, its own scope opens the list
        first = next(i for i, step in enumerate(path.steps) if not isinstance(step, Key))
        if tuple(step.name for step in path.steps[:first] if isinstance(step, Key)) not in matches:
            return path
        steps = tuple(map(_plain, path.steps))
        names = tuple(step.name if isinstance(step, Key) else _word(step) for step in steps)
        return TheirPath(leaf_text(names), steps)

    return walk_paths(part, plain, ())


def spec_text(path: TheirPath, matches: dict[tuple[str, ...], Addressed]) -> str:
    """Where the schema describes a field, of an opened list too: `dates.Issued.date` is its `dates[].date`.

    `{}` is a level of keys.
    """
    names: list[str] = []
    keys: list[str] = []
    skip = 0
    for step in path.steps:
        here = matches.get(tuple(keys))
        if here is not None and not skip and len(keys) and names[-1:] != ["[]"]:
            skip = (here.language is None or here.key is not None) + (here.language is not None)
            names.append("[]")
        keys.append(step.name if isinstance(step, Key) else "")
        if skip:
            skip -= 1
            continue
        if isinstance(step, Key):
            names.append(step.name)
        else:
            names.append("{}" if isinstance(step, (Languages, Pattern)) else "[]")
    return ".".join(names).replace(".[]", "[]")


def _plain(step: Any) -> Any:
    if isinstance(step, Match):
        return Key(step.value)
    if isinstance(step, Head):
        return Key(FIRST)
    return Languages() if isinstance(step, Tagged) else step


def _word(step: Any) -> str:
    """A step of an opened path that is no member, as a residue names it."""
    return "{lang}" if isinstance(step, Languages) else str(getattr(step, "text", "[]"))


def names_below(path: TheirPath, parts: Any) -> set[str]:
    """The member names that rules use below a held list."""
    found: set[str] = set()

    def note(other: TheirPath, prefix: Any) -> TheirPath:
        n = len(path.steps)
        if not prefix and other.steps[:n] == path.steps and len(other.steps) > n and isinstance(other.steps[n], Key):
            found.add(other.steps[n].name)
        return other

    walk_paths(tuple(parts), note, ())
    return found
