"""Lists addressed by `[key=value]`: their rules, as rules of the object that the list is opened as."""

from __future__ import annotations

from typing import Any

from metaharmon.mapping.load import walk_paths
from metaharmon.paths import Key, Match, TheirPath


def match_levels(parts: Any) -> dict[tuple[str, ...], tuple[str, set[str]]]:
    """The lists that paths address by key, with the values that they name."""
    found: dict[tuple[str, ...], tuple[str, set[str]]] = {}

    def note(path: TheirPath, prefix: Any) -> TheirPath:
        keys: list[str] = []
        for step in path.steps:
            if isinstance(step, Match):
                if not prefix:
                    found.setdefault(tuple(keys), (step.key, set()))[1].add(step.value)
                keys.append(step.value)
            elif isinstance(step, Key):
                keys.append(step.name)
        return path

    walk_paths(tuple(parts), note, ())
    return found


def without_matches(part: Any) -> Any:
    """The same rules with `[key=value]` steps as plain members of the opened object."""

    def plain(path: TheirPath, prefix: Any) -> TheirPath:
        if not prefix and any(isinstance(step, Match) for step in path.steps):
            return TheirPath(path.text, tuple(Key(s.value) if isinstance(s, Match) else s for s in path.steps))
        return path

    return walk_paths(part, plain, ())


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
