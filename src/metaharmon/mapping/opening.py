"""What is opened before the rules: the words `container`, `holds` and `places` bound to containers (6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.containers import (
    Adjoined,
    Alone,
    Bare,
    ByLanguage,
    Chained,
    Container,
    Csv,
    Flagged,
    Json,
    Leading,
    Lines,
    Merged,
    Named,
    Numbers,
    OneOrList,
    Pairs,
    Places,
    Printed,
    PythonLiteral,
    Row,
    Rows,
    Short,
    Sole,
    Unfolded,
    Values,
    Zipped,
)
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.matches import Addressed, names_below
from metaharmon.mapping.plan import Hold
from metaharmon.mapping.syntax import Holds
from metaharmon.paths import Every, Key, TheirPath

Held = tuple[TheirPath, Holds]
"""A field of theirs and how it is held."""


def held_in(holds: Any, prefix: str) -> Iterator[Held]:
    """Of what a mapping says is held: that in a record (`a.b`) or in the entries of a list (`list[].a.b`)."""
    for path, said in holds:
        at = max((i + 1 for i, step in enumerate(path.steps) if isinstance(step, Every)), default=0)
        text = ".".join(s.name if isinstance(s, Key) else "[]" for s in path.steps[:at]).replace(".[]", "[]")
        if text == prefix:
            yield TheirPath(path.text, path.steps[at:]), said


def holds_said(
    holds: list[Held], fields: Any, kept: Any, matches: dict[Any, Addressed], language: str, report: Report
) -> tuple[Hold, ...]:
    """What is opened before the rules; lists that `[key=value]` paths address are opened by that key."""
    inner = {keys: addressed.container(language) for keys, addressed in matches.items()}
    out = []
    for path, said in holds:
        container = _container(said, path, fields, kept, report)
        if container is not None and path.keys is not None:
            below = inner.pop(path.keys, None)
            out.append(Hold(said.place, path.keys, Chained(container, below) if below else container))
    out.extend(Hold(None, keys, container) for keys, container in inner.items())
    return tuple(sorted(out, key=lambda hold: len(hold.keys)))


def places_said(places: Any, alone: Any, report: Report) -> Hold:
    """The record with objects and lists where the rules look for them."""
    fielded = tuple(
        (path.keys, tuple((str(name), other.keys) for name, other in members if other.keys))
        for path, sets in alone
        for members in sets
        if path.keys
    )
    moves = [(main, other) for main, others in places for other in others]
    for main, other in moves:
        if not main.keys or not other.keys or main.keys[: len(other.keys)] == other.keys:
            message = f"places are plain paths, and '{other}' does not lie around '{main}'"
            report.add(dx.WRONG_FORM, message, getattr(main.text, "place", None))
    return Hold(None, (), Places(tuple((m.keys, o.keys) for m, o in moves if m.keys and o.keys), alone=fielded))


def with_places(moved: Hold, opened: tuple[Hold, ...]) -> tuple[Hold, ...]:
    """What is opened, with what is moved: behind that out of which something is moved, before that where it goes."""
    moves = moved.container.moves  # type: ignore[attr-defined]
    filled = lambda keys: any(main[: len(keys)] == keys or keys[: len(main)] == main for main, _ in moves)  # noqa: E731
    fields = [other for _, members in moved.container.alone for _, other in members]  # type: ignore[attr-defined]
    sources = [*(other for _, other in moves), *fields]
    emptied = lambda keys: any(other[: len(keys)] == keys for other in sources)  # noqa: E731
    before = [hold for hold in opened if hold.keys and emptied(hold.keys) and not filled(hold.keys)]
    bare = frozenset(h.keys for h in opened if isinstance(h.container, OneOrList))
    places = replace(moved, container=replace(moved.container, bare=bare))
    return (*before, places, *(hold for hold in opened if hold not in before))


def document_container(said: Any, report: Report) -> Any:
    """How a document of the dialect becomes a tree: a name, or the container of a table."""
    if not isinstance(said, dict):
        return str(said or "json")
    words = said.get("csv")
    if set(said) != {"csv"} or not isinstance(words, dict):
        report.add(dx.WRONG_FORM, "a container with words is csv", getattr(said, "place", None))
        return "json"
    return _csv({str(k): str(v) for k, v in words.items()}, getattr(said, "place", None), report) or "json"


def seen_alone(container: Container) -> bool:
    """Whether the rules see one value where the schema may say a list."""
    return isinstance(container, (Lines, Merged, Printed, Sole)) or (
        isinstance(container, Short) and not container.lists
    )


def _container(said: Holds, path: TheirPath, fields: Any, kept: Any, report: Report) -> Container | None:
    if said.pairs:
        words = {str(k): str(v) for k, v in said.pairs}
        known = tuple(sorted(names_below(path, (fields, kept))))
        return Pairs(
            words.get("key", "key"), words.get("value", "value"), words.get("match", "exact") == "loose", known
        )
    if said.csv:
        return _csv({str(k): str(v) for k, v in said.csv}, said.place, report)
    if said.first is not None:
        told = said.member is not None and said.by is not None
        return Leading(str(said.first), (str(said.member), str(said.by)) if told else None)
    if said.row or said.rows:
        forms = tuple(tuple(str(form).split()) for form in said.row or said.rows)
        if len({len(form) for form in forms}) < len(forms) or any(len(set(f)) < len(f) or not f for f in forms):
            message = "a row names its places, each once; forms are told apart by their length"
            report.add(dx.WRONG_FORM, message, said.place)
            return None
        if said.row and said.split is not None:
            return Numbers(forms, str(said.split))
        return Row(forms) if said.row else Rows(forms)
    if said.list is not None:
        return Alone(str(said.list))
    if said.adjoin:
        return _adjoined(said)
    if said.many or said.bare is not None or said.values is not None:
        return _shape(said, path, fields)
    if said.zip:
        split = None if said.split is None else str(said.split)
        return Zipped(tuple(map(str, said.zip)), str(said.into or "rows"), split)
    if said.unfold:
        into, by = str(said.into or "item"), str(said.by or "list")
        return Unfolded(tuple(map(str, said.unfold)), into, by, str(said.order or ""))
    if said.languages:
        return ByLanguage(tuple(map(str, said.languages)), bool(said.inside))
    if said.flags:
        name = None if said.name is None else str(said.name)
        position = None if said.position is None else str(said.position)
        into = str(said.into or said.flags[0])
        return Flagged(tuple(map(str, said.flags)), str(said.within or ""), into, name, position, said.only)
    if said.kind == "lines":
        return Lines()
    if said.kind == "printed":
        return Printed()
    if said.kind == "json":
        return Json()
    if said.kind == "python_literal":
        return PythonLiteral()
    known = "json, python_literal, lines or printed, or has one of the words of `holds`"
    report.add(dx.WRONG_FORM, f"a held value is {known}", said.place)
    return None


def _adjoined(said: Holds) -> Adjoined:
    beside = tuple((str(field), str(member)) for field, member in said.adjoin)
    return Adjoined(str(said.into or "entries"), str(said.values or "value"), str(said.by or ""), beside)


def adjoined_to(path: TheirPath, holds: Any) -> Adjoined | None:
    """The container of a list of the record whose entry is told of by fields beside it, if it is one."""
    said = (said for where, said in holds if said.adjoin and not where.steps and said.into == str(path.text))
    return next(map(_adjoined, said), None)


def _csv(words: dict[str, str], place: Any, report: Report) -> Csv | None:
    if words.get("rows") not in ("records", "properties") or set(words) - {"rows", "property", "value"}:
        report.add(dx.WRONG_FORM, "`csv` says rows: records, or rows: properties with property and value", place)
        return None
    return Csv(words["rows"], words.get("property", "property"), words.get("value", "value"))


def _is_list(path: TheirPath, fields: Any) -> bool:
    """Whether rules read the entries of a list there."""
    rules = [below for _, rule in fields for below in (rule, *rule.branches)]
    return any(rule.each is not None and rule.each.steps == path.steps for rule in rules)


MANY: dict[str, Container] = {
    "one_or_list": OneOrList(),
    "list_or_one": OneOrList(short=False),
    "single": Sole(),
    "merged": Merged(),
}
"""The shapes of lists by the word `many`."""


def _shape(said: Holds, path: TheirPath, fields: Any) -> Container:
    """A list, an object or a value in the shape in which the rules see it."""
    if said.many == "single" and said.name is not None:
        return Named(str(said.name))
    outer = MANY.get(str(said.many)) if said.many else None
    inner: Container | None = None
    if said.values is not None:
        inner = Values(str(said.values))
    elif said.bare is not None and said.short:
        inner = Short(
            str(said.bare),
            said.many in ("one_or_list", "list_or_one") or (said.many is None and _is_list(path, fields)),
        )
    elif said.bare is not None:
        inner = Bare(str(said.bare))
    if outer is not None and inner is not None:
        return Chained(outer, inner)
    return outer or inner or Bare(str(said.bare))
