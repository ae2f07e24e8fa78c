"""What a dialect's JSON Schema requires, at every depth: members of objects that are there, and of entries of lists.

Read from `required`, of an object, of what `$ref` names and of `allOf`; from `if` … `then` where the condition is
that members have certain values; from `dependentRequired`; from an `anyOf` of nothing but `required`, of one member
each. A schema may refer to itself; so may this.

What is required and says nothing (null, an empty text, list or object, a marker of the dialect) is lacking as what is
not there; but for null where it is one of the values that the schema lists, and an empty list where the schema says
that it may have no entry (`minItems: 0`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import unquote

from metaharmon.lenses.clauses import Silence
from metaharmon.paths import MISSING

Condition = tuple[tuple[str, tuple[Any, ...]], ...]
"""Members with the values of which each has one."""

QUIET = Silence()
DEEPEST = 8
"""How deep it is looked for what an object that is not there would have to say; it may repeat itself."""
MOST_LACKS = 1_000
"""Of so many members that an object would have to say, no more are told."""


Lack = tuple[str, bool]
"""What is required and not said: its path, and whether it is there and empty."""


@dataclass
class Need:
    """What is required of a value, if it is there: of an object, of the entries of a list, of the values of an open
    level. `alone`: an only entry may stand without its list. `either`: of these, one. `beside`: where the one is.
    `unique`: no two entries of the list are the same. `lets`: of members that may say so, how they are empty.
    """

    required: list[str] = field(default_factory=list)
    when: list[tuple[Condition, Need]] = field(default_factory=list)
    either: list[tuple[str, ...]] = field(default_factory=list)
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, Need] = field(default_factory=dict)
    items: Need | None = None
    alone: bool = False
    unique: bool = False
    values: Need | None = None
    lets: dict[str, Any] = field(default_factory=dict)

    def lacking(self, value: Any, path: str = "", quiet: Silence = QUIET) -> Iterator[Lack]:
        """What a value lacks; `quiet` is how the dialect says nothing."""
        if value.__class__ is list and self.items is not None:
            for i, item in enumerate(value):
                if item.__class__ is dict or item.__class__ is list:
                    yield from self.items.lacking(item, _under(path, str(i)), quiet)
        if value.__class__ is not dict:
            return
        if self.items is not None and self.alone:
            yield from self.items.lacking(value, path, quiet)
        told = [name for name in self.required if self._silent(name, value, quiet)]
        for name in told:
            yield from islice(self._absent(name, path, name in value), MOST_LACKS)
        if self.either or self.beside:
            yield from self._lacking_others(value, path, quiet)
        for name in sorted(value):
            below, inner = self.members.get(name, self.values), value[name]
            if below is not None and (inner.__class__ is dict or inner.__class__ is list) and name not in told:
                yield from below.lacking(inner, _under(path, name), quiet)
        for condition, more in self.when:
            if all(value.get(name).__class__ is str and value[name] in texts for name, texts in condition):
                yield from more.lacking(value, path, quiet)

    def _silent(self, name: str, value: dict[str, Any], quiet: Silence) -> bool:
        """Whether a member says nothing."""
        found = value.get(name, MISSING)
        if found.__class__ is dict and found:
            return False
        return quiet.absent(found) and not (name in self.lets and found == self.lets[name])

    def _lacking_others(self, value: dict[str, Any], path: str, quiet: Silence) -> Iterator[Lack]:
        """What is lacking of several of which one is required, and of what goes with another."""
        for names in self.either:
            if all(self._silent(name, value, quiet) for name in names):
                yield _under(path, names[0]), any(name in value for name in names)
        for name, others in self.beside.items():
            for other in others if not self._silent(name, value, quiet) else ():
                if self._silent(other, value, quiet):
                    yield _under(path, other), other in value

    def _absent(self, name: str, path: str, empty: bool, depth: int = 0) -> Iterator[Lack]:
        """A member that says nothing: what it would have to say, or itself."""
        below = self.members.get(name)
        if below is None or not below.required or depth >= DEEPEST:
            yield _under(path, name), empty
            return
        for inner in below.required:
            yield from below._absent(inner, _under(path, name), False, depth + 1)

    def firm(self, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        """The members that every record must have, and not empty, as paths of names."""
        for name in (name for name in self.required if name not in self.lets):
            below = self.members.get(name)
            inner = below.firm((*path, name)) if below is not None and len(path) < DEEPEST else iter(())
            first = next(inner, None)
            yield first or (*path, name)
            yield from inner

    def deep(self) -> bool:
        """Whether anything is required that not every record must have."""
        return not self.lets.keys().isdisjoint(self.required) or any(_requires(one) for one in self._below())

    def _below(self) -> list[Need]:
        """What is required of parts that may be absent."""
        out: list[Need] = []
        waiting, seen = [self], {id(self)}
        while waiting:
            here = waiting.pop()
            out.extend(more for _, more in here.when)
            if here.either or here.beside:
                out.append(Need(either=here.either, beside=here.beside))
            for name, member in here.members.items():
                if name not in here.required:
                    out.append(member)
                elif id(member) not in seen:
                    seen.add(id(member))
                    waiting.append(member)
            out.extend(one for one in (here.items, here.values) if one is not None)
        return out

    def moved(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        """A member renamed, or moved to another object; there it is required if it was, and goes with nothing else."""
        here, there = self._object(old[:-1]), self._object(new[:-1])
        if here is None or there is None:
            return
        if old[-1] in here.required:
            here.required.remove(old[-1])
            there.required.append(new[-1])
        if old[-1] in here.members:
            there.members[new[-1]] = here.members.pop(old[-1])
        if old[-1] in here.lets:
            there.lets[new[-1]] = here.lets.pop(old[-1])
        here._named(old[-1], new[-1] if here is there else None)

    def freed(self, keys: tuple[str, ...]) -> None:
        """A member that is required no longer, and of which nothing else depends."""
        here = self._object(keys[:-1])
        if here is not None:
            here.required = [name for name in here.required if name != keys[-1]]
            here._named(keys[-1], None)

    def _named(self, old: str, new: str | None, seen: tuple[Need, ...] = ()) -> None:
        """What one of several members, or what goes with a member, is called now; None: it is not there."""

        def called(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(name for name in (new if name == old else name for name in names) if name)

        self.either = [names for names in map(called, self.either) if names]
        found = {new if name == old else name: called(others) for name, others in self.beside.items()}
        self.beside = {name: others for name, others in found.items() if name and others}
        if new is None:  # without the member, its conditions never hold
            self.when = [(when, more) for when, more in self.when if old not in dict(when)]
        else:
            self.when = [(tuple((new if n == old else n, texts) for n, texts in w), more) for w, more in self.when]
        for more in (more for _, more in self.when if all(more is not one for one in (self, *seen))):
            more.required = list(called(more.required))
            more._named(old, new, (self, *seen))

    def with_base(self, base: Need) -> Need:
        """What this and the schema on which it builds require together."""
        waiting, seen = [(self, base)], {(id(self), id(base))}
        while waiting:
            here, under = waiting.pop()
            here._take(under)
            for name, member in under.members.items():
                own = here.members.setdefault(name, member)
                if own is not member and (id(own), id(member)) not in seen:  # either may repeat itself
                    seen.add((id(own), id(member)))
                    waiting.append((own, member))
        return self

    def _take(self, base: Need) -> None:
        """Take over what another requires of the value itself."""
        self.required = [*base.required, *(name for name in self.required if name not in base.required)]
        self.when = [*base.when, *self.when]
        self.either = [*base.either, *self.either]
        self.beside = {**base.beside, **self.beside}
        self.lets = {**base.lets, **self.lets}
        self.alone, self.unique = self.alone or base.alone, self.unique or base.unique
        self.items, self.values = self.items or base.items, self.values or base.values

    def is_unique(self, text: str) -> bool:
        """Whether a list has no two entries that are the same; `text` is its path: `a.b`, inside entries `list[].b`."""
        here: Need | None = self
        for step in text.replace("[]", ".[]").split("."):
            if here is None:
                return False
            here = here.items if step == "[]" else here.values if step == "{}" else here.members.get(step)
        return here is not None and here.unique

    def at_level(self, keys: tuple[str, ...]) -> frozenset[str]:
        """What is required of each value below an open level."""
        here = self._object(keys)
        return frozenset(here.values.required if here is not None and here.values is not None else ())

    def _object(self, keys: tuple[str, ...]) -> Need | None:
        here: Need | None = self
        for key in keys:
            here = here.members.get(key) if here is not None else None
        return here


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _requires(one: Need) -> bool:
    """Whether anything is required of a value or of its parts."""
    waiting, seen = [one], {id(one)}
    while waiting:
        here = waiting.pop()
        if here.required or here.either or here.beside:
            return True
        parts = [*here.members.values(), *(more for _, more in here.when), here.items, here.values]
        fresh = [part for part in parts if part is not None and id(part) not in seen]
        seen.update(map(id, fresh))
        waiting.extend(fresh)
    return False


def needs(schema: Any) -> Need:
    """What a JSON Schema requires of a record."""
    return _Reader(schema if isinstance(schema, dict) else {}).read()


class _Reader:
    """Reads needs; one for each place of the schema, so that it may refer to itself. Places wait in a list: a chain of
    references may be as long as the file."""

    def __init__(self, root: dict[str, Any]):
        self.root = root
        self.made: dict[int, Need] = {}
        self.waiting: list[tuple[Need, list[Any]]] = []

    def read(self) -> Need:
        """What is required of a whole record."""
        found = self.need(self.root)
        while self.waiting:
            out, parts = self.waiting.pop()
            filled: set[int] = set()
            while parts:
                part = resolved(parts.pop(0), self.root)
                if isinstance(part, dict) and id(part) not in filled:  # `allOf` may say the same part again, or itself
                    filled.add(id(part))
                    parts = [*self._fill(out, part), *parts]
        return found

    def need(self, node: Any) -> Need:
        more = isinstance(node, dict) and "$ref" in node and "required" in node  # more than what it refers to
        place = node if more else resolved(node, self.root)
        if not isinstance(place, dict):
            return Need()
        known = self.made.get(id(place))
        if known is None:
            known = self.made[id(place)] = Need()
            parts = [resolved(node, self.root), {"required": node["required"]}] if more else [place]
            self.waiting.append((known, parts))
        return known

    def _fill(self, out: Need, node: dict[str, Any]) -> list[Any]:
        """Enter what one place says; what it says by `allOf` is given back."""
        names = [*out.required, *(name for name in node.get("required", ()) if isinstance(name, str))]
        out.required = list(dict.fromkeys(names))
        for name, member in node.get("properties", {}).items():
            out.members[name] = self.need(member)
            if (empty := _let(resolved(member, self.root))) is not MISSING:
                out.lets[name] = empty
        out.unique = out.unique or node.get("uniqueItems") is True
        if isinstance(node.get("items"), dict):
            out.items = self.need(node["items"])
            out.alone = "properties" not in node and {"array", "object"} <= set(node.get("type", ()))
        for open_ in open_levels(node):
            out.values = self.need(open_)
        out.either.extend(_either(node.get("anyOf")))
        for name, others in node.get("dependentRequired", {}).items():
            out.beside[name] = tuple(others)
        condition = _condition(node.get("if"))
        if condition and "then" in node:
            out.when.append((condition, self.need(node["then"])))
        return list(node.get("allOf", ()))


def _let(node: Any) -> Any:
    """How a member may be empty and say so; MISSING where it may not."""
    if not isinstance(node, dict):
        return MISSING
    if None in node.get("enum", ()) or node.get("const", MISSING) is None:
        return None
    return [] if node.get("minItems", MISSING) == 0 else MISSING


def _either(parts: Any) -> list[tuple[str, ...]]:
    """The members of which one is required; none where `anyOf` says something else."""
    one_each = isinstance(parts, list) and all(
        isinstance(part, dict) and list(part) == ["required"] and len(part["required"]) == 1 for part in parts
    )
    return [tuple(part["required"][0] for part in parts)] if parts and one_each else []


def _condition(node: Any) -> Condition:
    """The members and values of a condition; empty where it is of another form."""
    members = node.get("properties", {}) if isinstance(node, dict) else {}
    out = []
    for name, said in members.items():
        values = said.get("enum", [said["const"]] if "const" in said else []) if isinstance(said, dict) else []
        if not values or not all(isinstance(value, str) for value in values):
            return ()
        out.append((name, tuple(values)))
    return tuple(out)


def open_levels(node: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands under keys that carry data."""
    found = [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
    return [one for one in found if isinstance(one, dict)]


def resolved(node: Any, root: dict[str, Any]) -> Any:
    """A place of the schema, or what its `$ref` within the file names."""
    for _ in range(8):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str) and node["$ref"].startswith("#/")):
            return node
        node = pointed(node["$ref"], root)
    return node


def pointed(reference: str, root: Any) -> Any:
    """What a reference such as `#/$defs/money` names in a file (RFC 6901); MISSING where there is nothing."""
    here = root
    for part in unquote(reference[2:]).split("/"):
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict):
            here = here.get(step, MISSING)
        elif isinstance(here, list) and step.isdecimal() and step.isascii() and len(step) < 6 and int(step) < len(here):
            here = here[int(step)]
        else:
            return MISSING
    return here
