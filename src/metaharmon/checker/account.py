"""Closure both ways: every field of theirs is mapped, derived or kept; every group of ours is mapped or absent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.checker.places import DERIVED, FIELD, HELD, KEPT, LEVEL, LIST, PLACE, SOURCE, Use, uses, within
from metaharmon.lenses.base import FieldSpec
from metaharmon.mapping.grammar import Report, closest, place_of
from metaharmon.mapping.load import Mapping
from metaharmon.mapping.ours import PathMisfit, bind
from metaharmon.mapping.schemas import spec_steps
from metaharmon.mapping.syntax import File
from metaharmon.model import shape

Steps = tuple[str, ...]


def check_account(mapping: Mapping, report: Report) -> None:
    """Everything that concerns the account of a mapping that can be loaded by itself."""
    found = list(uses(mapping.says))
    _mapped_and_kept(mapping, found, report)
    if mapping.specs:
        known = {spec_steps(text): spec for text, spec in mapping.specs}
        _fields_accounted(mapping, known, found, report)
        _fields_known(mapping, known, found, report)
    _groups_accounted(mapping, report)
    _absent_known(mapping, report)


def shown(steps: Steps) -> str:
    """Steps as the text of a path."""
    return ".".join(steps).replace(".[]", "[]")


# --- theirs ----------------------------------------------------------------------------------------------------------


def _fields_accounted(mapping: Mapping, known: dict[Steps, FieldSpec], found: list[Use], report: Report) -> None:
    place = within(mapping.file, place_of(mapping.says.schema), place_of(mapping.says.extends))
    for leaf in known:
        if not any(_covers(use, leaf) for use in found):
            message = f"the field '{shown(leaf)}' of the schema is neither mapped, derived nor kept"
            hint = "map it under `fields`, or say under `kept` why it has no canonical home"
            report.add(dx.FIELD_UNACCOUNTED, message, place, hint)


def _covers(use: Use, leaf: Steps) -> bool:
    """Whether a use of a path accounts for a field of the schema."""
    if use.what == SOURCE:
        return False
    if use.what == LIST:
        return use.steps[: len(leaf)] == leaf
    shorter = min(len(leaf), len(use.steps))
    return use.steps[:shorter] == leaf[:shorter]


def _fields_known(mapping: Mapping, known: dict[Steps, FieldSpec], found: list[Use], report: Report) -> None:
    """Every path that the mapping names is in the schema; what lies in a held text or list, the schema cannot say."""
    held = [use.steps for use in found if use.what == HELD]
    made = {str(said.into) for path, said in mapping.says.holds if said.into is not None and not path.steps}
    noted: set[Steps] = set()
    for use in found:
        around = (h for h in held if len(h) < len(use.steps) and use.steps[: len(h)] == h)
        steps = min(around, key=len, default=use.steps)
        if use.what == PLACE or not steps or steps in noted or steps[0] in made:
            continue
        if steps == (LEVEL,):  # names of a pattern at the top, beside those of the schema
            continue
        if any(_is_known(steps, leaf, spec) for leaf, spec in known.items()):
            continue
        noted.add(steps)
        hint = closest(shown(steps), [shown(leaf) for leaf in known])
        report.add(dx.UNKNOWN_FIELD, f"the schema has no field '{shown(steps)}'", within(mapping.file, use.place), hint)


def _is_known(steps: Steps, leaf: Steps, spec: FieldSpec) -> bool:
    """Whether steps lead to a field, to an object around it, or below it where its members are left open."""
    if leaf[: len(steps)] == steps:
        return True
    if steps[: len(leaf)] != leaf:
        return False
    return not spec.types or ("array" if steps[len(leaf)] == "[]" else "object") in spec.types


def _mapped_and_kept(mapping: Mapping, found: list[Use], report: Report) -> None:
    """A field is mapped, derived or kept, and only one of them; in entries found by different keys it is another. What
    is computed when it is written may be read by a one-way rule."""
    mapped = {use.steps for use in found if use.what in (FIELD, LIST) and use.steps}
    two_way = {use.steps for use in found if use.what in (FIELD, LIST) and not use.one_way}
    seen: dict[tuple[Steps, str], str] = {}
    for use in found:
        if use.what not in (KEPT, DERIVED) or not use.steps:
            continue
        entry = str(use.text) if "=" in use.text and use.what == DERIVED else ""
        other = "mapped" if use.steps in (two_way if use.what == DERIVED else mapped) else seen.get((use.steps, entry))
        if other is not None:
            message = f"the field '{shown(use.steps)}' is {use.what} and {other} at once"
            report.add(dx.MAPPED_AND_KEPT, message, within(mapping.file, use.place))
        seen[use.steps, entry] = use.what


# --- ours ------------------------------------------------------------------------------------------------------------


def _groups_accounted(mapping: Mapping, report: Report) -> None:
    says = mapping.says
    mapped = {_top(path) for path, _ in says.fields} | {_top(path) for path in _said_by_cases(says)}
    absent = {str(path) for path, _ in says.absent}
    place = within(mapping.file, _section_place(says), place_of(says.extends), place_of(says.dialect))
    for group, members in shape.groups().items():
        if mapped & set(members) or group in absent or absent >= set(members):
            continue
        report.add(
            dx.GROUP_UNACCOUNTED,
            f"the group '{group}' is neither mapped nor declared absent",
            place,
            f"map one of {', '.join(members[:4])}, or say under `absent` why the dialect has none of it",
        )


def _said_by_cases(says: File) -> Iterator[str]:
    """The paths that the rows of cases for the whole record fill."""
    for path, rule in says.fields:
        for row in rule.cases if str(path) == "." else ():
            yield from (str(inner) for inner, _ in (*row.ours, *row.fields, *(row.otherwise or ())))


def _section_place(says: File) -> Any:
    """Where the section `absent` begins."""
    return place_of(says.absent[0][0]) if says.absent else None


def _top(path: Any) -> str:
    return str(path).split(".")[0].split("[")[0].split("@")[0]


def _absent_known(mapping: Mapping, report: Report) -> None:
    """What is declared absent exists, and is not mapped."""
    says, groups = mapping.says, shape.groups()
    for path, why in says.absent:
        place = within(mapping.file, place_of(path), place_of(why))
        text = str(path)
        if text not in groups and not _exists(path, place, report):
            continue
        under = groups.get(text, (text,))
        mapped = [one for one in _rule_paths(says.fields, "") if any(_lies_in(one, above) for above in under)]
        if mapped:
            report.add(dx.ABSENT_BUT_MAPPED, f"'{text}' is declared absent, and '{mapped[0]}' is mapped", place)


def _lies_in(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}[", f"{above}@"))


def _exists(path: Any, place: Any, report: Report) -> bool:
    try:
        bind(str(path), shape.root(), "und")
    except PathMisfit as exc:
        known = [*shape.groups(), *exc.known]
        report.add(dx.UNKNOWN_PATH, str(exc), place, closest(exc.word, known) if exc.word else None)
        return False
    return True


def _rule_paths(fields: Any, prefix: str) -> list[str]:
    """The paths of ours that rules name, those of the shorthand `{fields: …}` written out."""
    out = []
    for path, rule in fields:
        text = f"{prefix}{path}"
        plain = rule.fields and not (rule.each or rule.one or rule.cases)
        out.extend(_rule_paths(rule.fields, f"{text}.") if plain else [text])
    return out
