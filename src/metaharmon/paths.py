"""Paths: how a mapping names a place in their record, and how findings name a place in ours.

Theirs: `a.b.c`, `list[key=value].x`, `list[].x`, `details.{lang}.name`, `^.x`, `.` and the list form
(mapping language, section 3). Ours: rule paths have no positions, record paths name list entries by index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


class _Missing:
    """The field is not there: neither null nor empty."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __str__(self) -> str:
        return "nothing"

    def __reduce__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True)
class Key:
    """A member of an object."""

    name: str


@dataclass(frozen=True, slots=True)
class Match:
    """The entry of a list of objects whose member `key` is `value`; the empty value: which has no such member."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """The entries of a list of objects by the language tag in their member `key` (`list[key={lang}]`)."""

    key: str


@dataclass(frozen=True, slots=True)
class Head:
    """The first entry of a list (`list[first]`)."""


@dataclass(frozen=True, slots=True)
class Every:
    """All entries of a list (`list[]`)."""


@dataclass(frozen=True, slots=True)
class Languages:
    """A level whose keys are language tags (`{lang}`)."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A level whose keys carry data, matched by a pattern such as `data-{v}-structure-{s}`."""

    text: str


@dataclass(frozen=True, slots=True)
class Up:
    """The object one level up, from inside a list entry (`^`)."""


Step = Key | Match | Tagged | Head | Every | Languages | Pattern | Up


class PathError(ValueError):
    """A path cannot be understood; one sentence."""


@dataclass(frozen=True, slots=True)
class TheirPath:
    """A place in their record, relative to the record or list entry in which the rule stands."""

    text: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return self.text

    @property
    def keys(self) -> tuple[str, ...] | None:
        """The member names, if the path has no other steps."""
        if all(isinstance(step, Key) for step in self.steps):
            return tuple(step.name for step in self.steps)  # type: ignore[union-attr]
        return None

    def under(self, prefix: TheirPath) -> TheirPath:
        """The same path seen from the place where `prefix` starts."""
        if not prefix.steps:
            return self
        if not self.steps:
            return prefix
        return TheirPath(f"{prefix.text}.{self.text}", prefix.steps + self.steps)


_SPECIAL = set('.[]={}^"')
_SEGMENT = re.compile(r"(?P<key>[^\[\]]*)(?P<rest>(\[[^\[\]]*\])*)\Z")


def parse_their_path(text: str) -> TheirPath:
    """Parse the text form of a path of theirs. Raises PathError."""
    if text == ".":
        return TheirPath(".", ())
    if not text:
        raise PathError("a path cannot be empty")
    steps: list[Step] = []
    for segment in _split_segments(text):
        steps.extend(_segment_steps(segment, text))
    return TheirPath(text, tuple(steps))


def literal_path(steps: Iterable[str | tuple[str, str]]) -> TheirPath:
    """The list form: every step literal; a pair is a `key=value` match. Raises PathError where there is no step."""
    made = tuple(Match(*s) if isinstance(s, tuple) else Key(s) for s in steps)
    if not made:
        raise PathError("a path has a step")
    shown = [f"{s.key}={s.value}" if isinstance(s, Match) else s.name for s in made]
    return TheirPath(json.dumps(shown, ensure_ascii=False), made)


def _split_segments(text: str) -> list[str]:
    """Split at dots that stand outside brackets and braces."""
    parts, depth, start = [], 0, 0
    for i, ch in enumerate(text):
        if ch in "[{":
            depth += 1
        elif ch in "]}":
            depth -= 1
            if depth < 0:
                raise PathError(f"'{text}' closes a bracket that it does not open")
        elif ch == "." and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    if depth:
        raise PathError(f"'{text}' opens a bracket that it does not close")
    return [*parts, text[start:]]


def _segment_steps(segment: str, whole: str) -> list[Step]:
    if segment == "^":
        return [Up()]
    if segment == "{lang}":
        return [Languages()]
    if "{" in segment and "[" not in segment and segment not in ("{value}",) and not _is_pseudo(segment):
        return [Pattern(segment)]
    found = _SEGMENT.match(segment)
    if not found or (not found["key"] and not found["rest"]) or segment != segment.strip():
        raise PathError(f"'{whole}' has an empty or blank-edged step; write the list form for such a key")
    steps: list[Step] = [Key(found["key"])] if found["key"] else []
    for inside in re.findall(r"\[([^\[\]]*)\]", found["rest"]):
        key, equals, value = inside.partition("=")
        if not inside:
            steps.append(Every())
        elif inside == "first":
            steps.append(Head())
        elif not equals or not key:
            raise PathError(f"'[{inside}]' in '{whole}' is no `[key=value]`; positions are not paths")
        else:
            steps.append(Tagged(key) if value == "{lang}" else Match(key, value))
    return steps


def _is_pseudo(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}") and segment.count("{") == 1


def _is_plain(key: str) -> bool:
    return bool(key) and not (_SPECIAL & set(key)) and key == key.strip()


def leaf_text(keys: tuple[str, ...]) -> str:
    """The text of a plain key path in a residue; `leaf_keys` reads it back."""
    if all(map(_is_plain, keys)):
        return ".".join(keys)
    return json.dumps(list(keys), ensure_ascii=False)


def leaf_keys(text: str) -> tuple[str, ...]:
    """The keys of a residue path."""
    return tuple(json.loads(text)) if text.startswith("[") else tuple(text.split("."))


_JSON = json.JSONDecoder()


def keys_of(path: str) -> tuple[str, ...]:
    """The steps of the path of a finding or fate, in which names that are no plain ones stand as JSON lists:
    `list.0.["a.b"].c`."""
    out: list[str] = []
    at = 0
    while at < len(path):
        if path[at] == "[":
            names, at = _JSON.raw_decode(path, at)
            out.extend(map(str, names))
            at += 1
            continue
        end = path.find(".", at)
        end = len(path) if end < 0 else end
        out.append(path[at:end])
        at = end + 1
    return tuple(out)


def record_path(*parts: str | int) -> str:
    """A record path of ours: `offers.0.amount`."""
    return ".".join(str(p) for p in parts if p != "")


# --- reading and writing a place of theirs -------------------------------------------------------------------------


def get(record: Any, steps: tuple[Step, ...], up: Any = None) -> Any:
    """The raw value at a path, or MISSING. `{lang}` gathers `{tag: raw}`; `list[]` a list, `a[].b[]` one list.

    `list[key=value]` is the first such entry of a list that nothing opened.
    """
    here = record
    for i, step in enumerate(steps):
        if step.__class__ is Key:
            here = here.get(step.name, MISSING) if here.__class__ is dict else MISSING
            if here is MISSING:
                return MISSING
        elif step.__class__ is Up:
            here = up
        elif step.__class__ is Match:
            entries = [one for one in here if one.__class__ is dict] if here.__class__ is list else ()
            here = next((one for one in entries if one.get(step.key, "") == step.value), MISSING)
        else:
            return _gather(here, step, steps[i + 1 :], up)
    return here


def _gather(here: Any, step: Step, rest: tuple[Step, ...], up: Any) -> Any:
    if isinstance(step, Languages):
        if here.__class__ is not dict:
            return MISSING
        found = {tag: get(value, rest, up) for tag, value in here.items()}
        found = {tag: value for tag, value in found.items() if value is not MISSING}
        return found or MISSING
    if isinstance(step, Every):
        if here.__class__ is not list:
            return MISSING
        found = [value for item in here if (value := get(item, rest, up)) is not MISSING]
        if any(isinstance(below, Every) for below in rest):  # `a[].b[]` gathers the values, not lists of them
            found = [value for values in found for value in (values if values.__class__ is list else [values])]
        return found or MISSING
    return MISSING


def put(record: dict[str, Any], steps: tuple[Step, ...], raw: Any) -> None:
    """Write a raw value at a path, making objects on the way; MISSING removes it. Objects in the way are kept."""
    here = record
    for i, step in enumerate(steps[:-1]):
        if isinstance(step, Languages):
            for tag, value in ({} if raw is MISSING else raw).items():
                put(here, (Key(tag), *steps[i + 1 :]), value)
            return
        nxt = here.get(step.name)  # type: ignore[union-attr]
        if nxt.__class__ is not dict:
            if raw is MISSING:
                return
            nxt = here[step.name] = {}  # type: ignore[union-attr]
        here = nxt
    last = steps[-1]
    if isinstance(last, Languages):
        here.update({} if raw is MISSING else raw)
    elif raw is MISSING:
        here.pop(last.name, None)  # type: ignore[union-attr]
    else:
        here[last.name] = raw  # type: ignore[union-attr]


def leaves(value: Any) -> int:
    """How many leaves a value has: a scalar, null, `[]` and `{}` are one each."""
    count, stack = 0, [value]
    while stack:
        node = stack.pop()
        if node.__class__ is dict and node:
            stack.extend(node.values())
        elif node.__class__ is list and node:
            stack.extend(node)
        else:
            count += 1
    return count


def leaves_inside(value: Any, inside: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The leaves of a value (see `leaves`): where each stands in it, and what it is."""
    if value.__class__ is dict and value:
        for key, below in value.items():
            yield from leaves_inside(below, (*inside, key))
    elif value.__class__ is list and value:
        for i, below in enumerate(value):
            yield from leaves_inside(below, (*inside, i))
    else:
        yield inside, value
