"""Containers of lists, objects and whole records whose shape or place differs where the meaning does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.containers.texts import Container, Tells, Where
from metaharmon.lenses.base import Draw
from metaharmon.model.normal import same
from metaharmon.paths import leaf_text

Keys = tuple[str, ...]
STOOD = " (as it stood)"
"""Behind the name of a member that a record has where the opened tree has a list of its own."""


Said = dict[str, dict[str, Any]]
"""By the name of a member: its flag, and its position among those that carry it."""


@dataclass(frozen=True)
class Flagged(Container):
    """Members that may carry a flag, seen with a list of their names: columns of a primary key.

    `flags` are the spellings of the flag, `within` holds the members, by their keys or in a list by their `name`,
    `position` says the order of those that carry the flag, `into` is the list that the rules see. With `only` the
    flags are the one form of theirs; else theirs may have the list itself, and so it is written afresh. The frame
    has the flags that stood there. Where a flag is no JSON truth, is said twice or is all that a member has, where
    two members have one name, or an order is not said of each, no flag is seen.
    """

    flags: tuple[str, ...]
    within: str
    into: str
    name: str | None = None
    position: str | None = None
    only: bool = False
    what = "object with members that carry a flag"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict:
            return raw, None
        if self.into in raw:
            if not self.only:
                return raw, None
            raw = {key if key != self.into else self.into + STOOD: value for key, value in raw.items()}
        said = self._said(raw)
        if said is None:
            return raw, None
        names = [name for name, one in said.items() if any(one.get(flag) is True for flag in self.flags)]
        if self.position is not None and len(names) > 1 and all(self.position in said[name] for name in names):
            names.sort(key=lambda name: said[name][self.position])  # type: ignore[index]
        return {**self._without(raw), self.into: names}, said

    def _members(self, holder: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The members that have a name."""
        found = holder.get(self.within)
        if self.name is None:
            named = found.items() if found.__class__ is dict else ()
            return [(name, member) for name, member in named if member.__class__ is dict]
        members = [member for member in found if member.__class__ is dict] if found.__class__ is list else []
        return [(m[self.name], m) for m in members if m.get(self.name).__class__ is str and m[self.name]]

    def _words(self) -> tuple[str, ...]:
        return self.flags if self.position is None else (*self.flags, self.position)

    def _without(self, holder: dict[str, Any]) -> dict[str, Any]:
        """The object with members that carry nothing."""
        words = self._words()
        bare = lambda member: {key: value for key, value in member.items() if key not in words} or member  # noqa: E731
        return self._put(holder, {name: bare(member) for name, member in self._members(holder)})

    def _put(self, holder: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
        found = holder.get(self.within)
        if found.__class__ is dict:
            return {**holder, self.within: {**found, **members}}
        if found.__class__ is not list:
            return holder
        name = str(self.name)
        left = [members.get(m[name], m) if m.__class__ is dict and m.get(name).__class__ is str else m for m in found]
        return {**holder, self.within: left}

    def _said(self, holder: dict[str, Any]) -> Said | None:
        """What members say, if any carries the flag, and what is said is clear."""
        members = self._members(holder)
        words = self._words()
        if len({name for name, _ in members}) < len(members):
            return None
        said: Said = {}
        for name, member in members:
            here = {word: member[word] for word in words if word in member}
            told = [here[flag] for flag in self.flags if flag in here]
            alone = len(here) == len(member)
            if not all(value.__class__ is bool for value in told) or told.count(True) > (0 if alone else 1):
                return None
            if here and not alone:
                said[name] = here
        carrying = [one for one in said.values() if any(one.get(flag) is True for flag in self.flags)]
        places = [one.get(self.position) for one in carrying if self.position in one]
        whole = all(place.__class__ is int and place > 0 for place in places) and len(set(places)) == len(places)
        return said if carrying and whole and (len(carrying) == 1 or len(places) in (0, len(carrying))) else None

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict:
            return tree
        names = tree.get(self.into)
        if names is None:
            return {key.removesuffix(STOOD) if key == self.into + STOOD else key: v for key, v in tree.items()}
        older = frame if frame.__class__ is dict else {}
        if names.__class__ is not list or not (older or self.only):
            return tree
        bare = self._without(tree)
        wanted = {**bare, self.into: names}
        members = dict(self._members(bare))
        if not all(name.__class__ is str and name in members for name in names):
            return tree
        for said in (*([self._as_before(names, older)] if older else []), self._afresh(names)):
            made = self._put(bare, {name: {**member, **said.get(name, {})} for name, member in members.items()})
            raw = {
                key.removesuffix(STOOD) if key == self.into + STOOD else key: value
                for key, value in made.items()
                if key != self.into
            }
            opened = self.open(raw)
            if opened is not None and same(opened[0], wanted):
                return raw
        return tree

    def _as_before(self, names: list[str], older: Said) -> Said:
        """What members said, as far as it still holds."""
        carried = lambda one: any(one.get(flag) is True for flag in self.flags)  # noqa: E731
        said = {name: one for name, one in older.items() if carried(one) == (name in names)}
        return {**{name: {self.flags[0]: True} for name in names}, **said}

    def _afresh(self, names: list[str]) -> Said:
        more = [{} if self.position is None else {self.position: i + 1} for i in range(len(names))]
        return {name: {self.flags[0]: True, **place} for name, place in zip(names, more, strict=True)}

    def unsaid(self, tree: Any) -> tuple[str, ...]:
        """The list, where it names what no member is called."""
        there = self.only and tree.__class__ is dict and self.into in tree
        return (self.into,) if there and self.into in self.close(tree, None) else ()

    def newly(self, record: dict[str, Any], frame: Any, tree: dict[str, Any]) -> list[Keys]:
        """Flags that were unclear among others, and are clear without these."""
        opened = self.open(record)
        if self.into in tree or opened is None or opened[1].__class__ is not dict:
            return []
        listed = record[self.within] if self.name is not None else []
        at = {
            m[self.name]: str(i) for i, m in enumerate(listed) if m.__class__ is dict and m.get(self.name) in opened[1]
        }
        return [(self.within, at.get(name, name), word) for name, one in opened[1].items() for word in one]

    def tops(self) -> frozenset[str]:
        return frozenset({self.within, self.into})

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """Each flag, and each position, is a leaf; the list is none."""
        start = f"{path}." if path else ""
        mine = [fate for fate in fates if fate.path == start + self.into]
        if frame.__class__ is not dict or not mine:
            return fates
        order = ("refused", "unread", "kept", "spelled", "exact", "derived")
        worst = min(mine, key=lambda fate: order.index(fate.fate))
        within = raw.get(self.within)
        keys = list(within) if self.name is None else [m.get(self.name) if m.__class__ is dict else 0 for m in within]
        return [fate for fate in fates if fate not in mine] + [
            worst._replace(
                path=f"{start}{self.within}.{name if self.name is None else keys.index(name)}.{word}",
                count=1,
                informative=1,
            )
            for name, one in frame.items()
            for word in one
        ]

    def variant(self, raw: Any, draw: Draw) -> Any:
        if raw.__class__ is not dict or not (self.only or draw.integer(0, 1)):
            return raw
        made = self.close(raw, {"": {}})
        return {key: value for key, value in made.items() if key != self.into or not self.only}


MEMBER = "member"
"""The frame of a list that is a member of the entry, not a list of entries."""


@dataclass(frozen=True)
class Leading(Container):
    """Entries of which the first, or the one with a certain name, is read: as an object of it and the `others`.

    `member`: a list of which every entry has the second of these names is no list of such entries, but the member of
    the first name of an only one.
    """

    name: str
    member: tuple[str, str] | None = None
    what = "list of objects, or object of them by name"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if self.member is not None and self._is_member(raw):
            return {self.name: {self.member[0]: raw}}, MEMBER
        if raw.__class__ is list and raw and raw[0].__class__ is dict:
            return {self.name: raw[0], **({"others": raw[1:]} if len(raw) > 1 else {})}, None
        if raw.__class__ is not dict or not raw:
            return None
        name = self.name if self.name in raw else min(raw)
        others = {key: value for key, value in raw.items() if key != name}
        return {self.name: raw[name], **({"others": others} if others else {})}, [name]

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        if not keys:
            return keys
        if keys[0] == self.name:
            if frame == MEMBER:
                return keys[2:]
            return (0 if raw.__class__ is list else frame[0], *keys[1:])
        if keys[0] != "others" or len(keys) < 2:
            return keys
        return (int(keys[1]) + 1 if raw.__class__ is list else keys[1], *keys[2:])

    def close(self, tree: Any, frame: Any) -> Any:
        if tree.__class__ is not dict:
            return tree
        only = tree.get(self.name)
        if frame == MEMBER and self.member is not None and len(tree) == 1 and only.__class__ is dict and len(only) == 1:
            entries = only.get(self.member[0])
            if self._is_member(entries):
                return entries
        others = tree.get("others")
        first = [tree[self.name]] if self.name in tree else [{}] if others else []
        if frame.__class__ is list:
            return {**dict(zip(frame, first, strict=False)), **(others if others.__class__ is dict else {})}
        return [*first, *(others if others.__class__ is list else ())]

    def _is_member(self, raw: Any) -> bool:
        by = "" if self.member is None else self.member[1]
        return raw.__class__ is list and bool(raw) and all(item.__class__ is dict and by in item for item in raw)

    def variant(self, raw: Any, draw: Draw) -> Any:
        if raw.__class__ is not list or not raw:
            return raw
        if self.member is not None and len(raw) == 1 and draw.integer(0, 1):
            entries = raw[0].get(self.member[0]) if raw[0].__class__ is dict else None
            return entries if self._is_member(entries) else raw
        return {(self.name if i == 0 and draw.integer(0, 1) else f"p{i}"): item for i, item in enumerate(raw)}


@dataclass(frozen=True)
class Places(Container):
    """A record in which some objects or lists may stand at other places than the rules look at.

    `moves` are pairs: where the rules look, and where the same may stand. What stands there is moved, and moved back;
    the first place is written afresh. `bare`: where the rules look for a list or its only entry. `alone`: lists whose
    only entry may stand member by member in fields, and is written so; of several sets of fields the first.

    The frame names moves by their number, a set of fields that is not the first by `+` and its number, and a list of
    one entry that stood as a list by `=` and the number of its first set.
    """

    moves: tuple[tuple[Keys, Keys], ...]
    bare: frozenset[Keys] = frozenset()
    alone: tuple[tuple[Keys, tuple[tuple[str, Keys], ...]], ...] = ()
    what = "object"

    def open(self, raw: Any) -> tuple[Any, Any] | None:
        if raw.__class__ is not dict:
            return raw, None
        tree, used = raw, []
        for i, (main, other) in enumerate(self.moves):
            moved = _moved(tree, other, main, main in self.bare)
            if moved is not None:
                tree = moved
                used.append(i)
        for main in dict.fromkeys(main for main, _ in self.alone):
            chosen = self._fullest(tree, main)
            gathered = None if chosen is None else _gathered(tree, main, self.alone[chosen][1])
            if gathered is not None:
                tree = gathered
                used.append(f"+{chosen}")
            elif (first := self._first(tree, main)) is not None:
                used.append(f"={first}")
        if used and self.alone:
            plain = [one for one in used if one.__class__ is int]
            used = plain if same(self.close(tree, plain), raw) else used
        if tree is raw and not used:
            return raw, None
        if not same(self.close(tree, used), raw):
            return raw, None
        return tree, used or None

    def _fullest(self, tree: Any, main: Keys) -> int | None:
        """The set of fields of which most say something; of equal ones the first."""
        said = {
            i: sum(bool(_at(tree, keys)) for _, keys in members)
            for i, (keys_of, members) in enumerate(self.alone)
            if keys_of == main
        }
        most = max(said.values(), default=0)
        return next((i for i, count in said.items() if count == most), None) if most else None

    def _first(self, tree: Any, main: Keys) -> int | None:
        """The first set of fields in which the only entry of a list has room."""
        found = (i for i, (keys, members) in enumerate(self.alone) if keys == main and _fits(tree, keys, members))
        return next(found, None)

    def close(self, tree: Any, frame: Any) -> Any:
        frame = frame or ()
        for main in dict.fromkeys(main for main, _ in self.alone):
            mine = [i for i, (keys, _) in enumerate(self.alone) if keys == main]
            if any(f"={i}" in frame for i in mine):
                continue
            older = [i for i in mine if f"+{i}" in frame and _fits(tree, main, self.alone[i][1])]
            chosen = older[0] if older else self._first(tree, main)
            spread = None if chosen is None else _spread(tree, main, self.alone[chosen][1])
            tree = tree if spread is None else spread
        for i in reversed([one for one in frame if one.__class__ is int]):
            if i < len(self.moves):
                main, other = self.moves[i]
                moved = _moved(tree, main, other, main in self.bare)
                tree = tree if moved is None else moved
        return tree

    def _filled(self, raw: Any) -> list[tuple[Keys, str, Keys]]:
        """What was gathered of a raw record: the list, the member and the field in which it stands."""
        return self._filled_by(self.open(raw), raw) if self.alone else []

    def _filled_by(self, opened: Any, raw: Any) -> list[tuple[Keys, str, Keys]]:
        """The same, of a record that was opened already."""
        tree = raw if opened is None else opened[0]
        return [
            (main, name, keys)
            for main, members in self.alone
            if _at(raw, main) is None and _at(tree, main) is not None
            for name, keys in members
            if _at(raw, keys) is not None and _at(tree, keys) is None
        ]

    def place(self, keys: Where, frame: Any, raw: Any) -> Where:
        for main, name, field in self._filled(raw):
            n = len(main)
            if keys[:n] == main and len(keys) > n + 1 and keys[n + 1] == name:
                keys = (*field, *keys[n + 2 :])
                break
        for i in reversed([one for one in frame or () if one.__class__ is int]):
            main, other = self.moves[i]
            keys = (*other, *keys[len(main) :]) if keys[: len(main)] == main else keys
        return keys

    def tops(self) -> frozenset[str]:
        fields = [keys for main, members in self.alone for keys in (main, *(field for _, field in members))]
        return frozenset(keys[0] for keys in (*(keys for move in self.moves for keys in move), *fields))

    def newly(self, record: dict[str, Any], frame: Any, tree: dict[str, Any]) -> list[Keys]:
        """Of a record as written: where something stands that would be read now, and was not before."""
        opened = self.open(record)
        used = [one for one in (opened[1] if opened is not None and opened[1] else []) if one.__class__ is int]
        now = [self._stands(i, used) for i in used if i not in (frame or ())]
        return [*now, *(field for main, _, field in self._filled_by(opened, record) if _at(tree, main) is None)]

    def _stands(self, i: int, used: list[int]) -> Keys:
        """Where in the record that stands which a move takes; others before it may have moved what is around it."""
        keys = self.moves[i][1]
        for j in reversed([j for j in used if j < i]):
            main, other = self.moves[j]
            if keys[: len(main)] == main:
                keys = (*other, *keys[len(main) :])
        return keys

    def weigh(self, path: str, fates: list[Any], frame: Any, raw: Any, tells: Tells) -> list[Any]:
        """Leaf by leaf the same, at the places where they stand."""
        moves = [(leaf_text(main), leaf_text(other)) for main, other in (
            self.moves[i] for i in reversed([one for one in frame or () if one.__class__ is int])
        )]  # fmt: skip
        gathered = [(leaf_text((*main, "0", name)), leaf_text(field)) for main, name, field in self._filled(raw)]
        for main, other in (*gathered, *moves):
            fates = [
                fate._replace(path=other + fate.path[len(main) :])
                if fate.path == main or fate.path.startswith((f"{main}.", f"{main}["))
                else fate
                for fate in fates
            ]
        return fates

    def variant(self, raw: Any, draw: Draw) -> Any:
        for main, other in reversed(self.moves):
            moved = _moved(raw, main, other, main in self.bare) if draw.integer(0, 2) == 0 else None
            raw = raw if moved is None else moved
        for main, members in self.alone:
            spread = _spread(raw, main, members) if _fits(raw, main, members) and draw.integer(0, 2) == 0 else None
            raw = raw if spread is None else spread
        return raw


def _at(tree: Any, keys: Keys) -> Any:
    for key in keys:
        tree = tree.get(key) if tree.__class__ is dict else None
    return tree


def _gathered(tree: dict[str, Any], main: Keys, members: tuple[tuple[str, Keys], ...]) -> dict[str, Any] | None:
    """A record in which fields stand as the only entry of a list; None where they say nothing, or the list is there."""
    found = {name: value for name, keys in members if (value := _at(tree, keys)) is not None}
    if not any(found.values()) or any(value.__class__ in (dict, list) for value in found.values()):
        return None
    if _at(tree, main) is not None:
        return None
    for name, keys in members:
        tree = _without(tree, keys) if name in found else tree
    return _with(tree, main, [found])


def _fits(tree: Any, main: Keys, members: tuple[tuple[str, Keys], ...]) -> bool:
    """Whether a list has one entry, all of whose members have a field of their own that is free."""
    listed = _at(tree, main)
    if listed.__class__ is not list or len(listed) != 1 or listed[0].__class__ is not dict or not listed[0]:
        return False
    fields, entry = dict(members), listed[0]
    plain = all(value is not None and value.__class__ not in (dict, list) for value in entry.values())
    return plain and any(entry.values()) and all(name in fields and _at(tree, fields[name]) is None for name in entry)


def _spread(tree: dict[str, Any], main: Keys, members: tuple[tuple[str, Keys], ...]) -> dict[str, Any] | None:
    """A record in which the only entry of a list stands member by member in fields."""
    entry, fields = _at(tree, main)[0], dict(members)
    out: dict[str, Any] | None = _without(tree, main)
    for name, value in entry.items():
        out = None if out is None else _with(out, fields[name], value)
    return out


def _moved(tree: dict[str, Any], source: Keys, target: Keys, bare: bool) -> dict[str, Any] | None:
    """A record with an object or list moved (`bare`: or a value), emptied objects on the way gone; None where it cannot
    be."""
    value: Any = tree
    for key in source:
        value = value.get(key) if value.__class__ is dict else None
    if not value or not (bare or value.__class__ in (dict, list)):
        return None
    return _with(_without(tree, source), target, value)


def _without(tree: dict[str, Any], keys: Keys) -> dict[str, Any]:
    below = {} if len(keys) == 1 else _without(tree[keys[0]], keys[1:])
    rest = {key: value for key, value in tree.items() if key != keys[0]}
    return {**rest, keys[0]: below} if below else rest


def _with(tree: dict[str, Any], keys: Keys, value: Any) -> dict[str, Any] | None:
    if len(keys) == 1:
        return None if keys[0] in tree else {**tree, keys[0]: value}
    below = tree.get(keys[0], {})
    made = _with(below, keys[1:], value) if below.__class__ is dict else None
    return None if made is None else {**tree, keys[0]: made}
