"""Where the words of a mapping stand, for findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from metaharmon.diagnostics import Place
from metaharmon.mapping.computing import sources_of
from metaharmon.mapping.grammar import place_of
from metaharmon.mapping.levels import VALUE, is_pseudo_key
from metaharmon.mapping.syntax import Derivation, File, Kept, Rule
from metaharmon.paths import Every, Head, Key, Languages, Match, Pattern, Step, Tagged, TheirPath, Up

LEVEL = "{}"
FIELD, LIST, KEPT, DERIVED, HELD, SOURCE, PLACE = "field", "list", "kept", "derived", "held", "source", "place"
"""What a mapping does with a path of theirs: reads it, reads its entries, keeps it, computes it, opens what it holds,
names it only, or looks there for what should stand elsewhere."""


@dataclass(frozen=True)
class Use:
    """One path of theirs as the mapping uses it: its steps from the record on, without positions and selections;
    `[]` stands for the entries of a list, `{}` for a level whose keys carry data."""

    steps: tuple[str, ...]
    text: str
    what: str
    place: Place | None
    one_way: bool = False
    """Read only."""


def uses(says: File) -> Iterator[Use]:
    """Every path of theirs in a mapping, in the order of the file."""
    yield from _of_section(says.fields, says.derived, says.kept, ())
    for path, said in says.holds:
        if path.steps:
            yield _use(path, HELD, said.place, ())
        beside = (*said.zip, *(field for field, _ in said.adjoin))
        for name in beside if not path.steps else ():  # lists beside each other in the record itself
            yield Use((str(name),), str(name), HELD, place_of(name) or said.place)
    for _, others in says.places:
        for path in others:
            yield _use(path, PLACE, None, ())
    for path, sets in says.alone:
        yield _use(path, PLACE, None, ())
        for members in sets:
            yield from (_use(other, PLACE, None, ()) for _, other in members)
    if says.carry is not None:
        yield _use(says.carry, FIELD, None, ())


def _of_section(fields: Any, derived: Any, kept: Any, inside: tuple[str, ...]) -> Iterator[Use]:
    for _, rule in fields:
        yield from _of_rule(rule, inside)
    for path, said in derived:
        yield from _of_derivation(path, said, inside)
    for path, said in kept:
        yield from _of_kept(path, said, inside)


def _of_derivation(path: TheirPath, said: Derivation, inside: tuple[str, ...]) -> Iterator[Use]:
    yield _use(path, DERIVED, said.place, inside)
    for source in sources_of(said):
        yield _use(source, SOURCE, said.place, inside)


def _of_kept(path: TheirPath, said: Kept, inside: tuple[str, ...]) -> Iterator[Use]:
    yield _use(path, KEPT, said.place, inside)
    for companion in said.together:
        yield _use(companion, SOURCE, said.place, inside)


def _of_rule(rule: Rule, inside: tuple[str, ...]) -> Iterator[Use]:
    """The paths of a rule, of its lens words, and of the rules below it."""
    for path in _own_paths(rule):
        yield replace(_use(path, FIELD, rule.place, inside), one_way=bool(rule.one_way))
        yield from _found_by(path, rule.place, inside)
    for branch in rule.branches:
        yield from _of_rule(branch, inside)
    below = inside
    if rule.each is not None:
        block = _use(rule.each, LIST, rule.place, inside)
        if rule.many is not None and block.steps[-1:] == (LEVEL,):  # written as a list
            block = replace(block, steps=block.steps[:-1])
        yield block
        keyed = block.steps[-1:] == (LEVEL,) and not isinstance(rule.each.steps[-1], Languages)
        below = block.steps if keyed else (*block.steps, "[]")
    elif rule.one is not None and rule.again:
        yield _use(rule.one, LIST, rule.place, inside)
    elif rule.one is not None:
        below = _use(rule.one, SOURCE, rule.place, inside).steps
    for path, _ in rule.where:
        yield _use(path, FIELD, rule.place, below)
    for row in rule.cases:
        for path, _ in row.theirs:
            yield _use(path, FIELD, row.place, inside)
        for _, part in (*row.fields, *(row.otherwise or ())):
            yield from _of_rule(part, inside)
    yield from _of_section(rule.fields, rule.derived, rule.kept, below)
    for path, said in rule.holds:
        yield _use(path, HELD, said.place, below)


def _own_paths(rule: Rule) -> list[TheirPath]:
    field = [path for _, path in rule.field] if isinstance(rule.field, tuple) else [rule.field]
    lens = [rule.main, rule.labels and rule.labels.field, rule.quantity and rule.quantity.unit_field,
            rule.money and rule.money.currency_field, rule.year]  # fmt: skip
    found = [*field, *rule.also, *(path for _, path in rule.parts), *lens]
    return [path for path in found if isinstance(path, TheirPath)]


def _use(path: TheirPath, what: str, place: Place | None, inside: tuple[str, ...]) -> Use:
    steps = list(inside)
    for i, step in enumerate(path.steps):
        if isinstance(step, Up):
            del steps[_last_list(steps) :]
        elif is_pseudo_key(step):
            if i or not inside:  # a level of keys; else a part of the key of the entry, or its value
                steps.append(LEVEL)
            elif _name(step) != VALUE:
                what = SOURCE
        elif not (isinstance(step, Tagged) and steps and steps[-1] == "[]"):
            steps.append(_name(step))
    return Use(tuple(steps), path.text, what, place_of(path.text) or place)


def _found_by(path: TheirPath, place: Place | None, inside: tuple[str, ...]) -> Iterator[Use]:
    """The members by which entries of a list are found (`list[key=value]`)."""
    for i, step in enumerate(path.steps):
        if isinstance(step, (Match, Tagged)):
            above = TheirPath(path.text, path.steps[: i + 1])
            key = TheirPath(path.text, (*above.steps, *map(Key, step.key.split("."))))
            yield _use(key, FIELD, place, inside)


def _last_list(steps: list[str]) -> int:
    """Where the entry in which a path stands begins: `^` goes to the object around it."""
    return max((i for i, step in enumerate(steps) if step in ("[]", LEVEL)), default=1) - 1


def _name(step: Step) -> str:
    if isinstance(step, Key):
        return step.name
    if isinstance(step, (Pattern, Languages)):
        return LEVEL
    assert isinstance(step, (Every, Match, Tagged, Head))
    return "[]"


def within(file: str, *places: Place | None) -> Place:
    """The first place that lies in a file; its start if none does (what was inherited stands in another file)."""
    return next((place for place in places if place is not None and place.file == file), Place(file, 1, 1))
