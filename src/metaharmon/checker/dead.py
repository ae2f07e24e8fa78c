"""Rules that can never read anything: none of their own values, and none that the schema of the dialect allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.checker.places import within
from metaharmon.lenses.base import MISSING, FieldSpec, Unsayable
from metaharmon.lenses.clauses import Aliased, Cases, Clause, Fixed, Marker
from metaharmon.lenses.clauses.drawn import raws_of, values_of
from metaharmon.lenses.draws import Seeded
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.plan import Line, Plan, Scope, TheirSlot
from metaharmon.paths import Key, Match

TRIES = 60
"""How many values are drawn before a rule is given up; nearly all rules read the first."""
PLAIN: dict[str, tuple[Any, ...]] = {
    "string": ("a", "1", "2024-05-01", "2024", "https://example.org/a", "true", "1.5"),
    "integer": (1, 2024, 0),
    "number": (1, Decimal("1.5")),
    "boolean": (True, False),
    "array": ([], ["a"], [1]),
    "object": ({},),
}
"""Values of each JSON type, of which a rule may read one."""
Fields = tuple[TheirSlot, ...]


def check_dead(plan: Plan, file: str, report: Report) -> None:
    """Find the rules of a whole mapping that can never read anything."""
    for line, opened in _lines(plan.record):
        for clause, fields in _rules(line.clause, tuple(_seen(slot, opened) for slot in line.theirs)):
            if fields and not _reads(clause, fields):
                named = " and ".join(f"'{slot.text}'" for slot in fields[:2])
                types = fields[0].spec.types if _is_plain(fields[0]) else ()
                held = f", of which the schema says {' or '.join(types)}" if types else ""
                message = f"nothing that {named} may hold{held} is ever read by this rule"
                report.add(dx.DEAD_RULE, message, within(file, line.place), _hint(types))


def _hint(types: tuple[str, ...]) -> str | None:
    return "say `many`, or `each`, for a list" if types == ("array",) else None


def _seen(slot: TheirSlot, opened: tuple[tuple[str, ...], ...]) -> TheirSlot:
    """A field as rules see it: of what a container opens, the schema says how it stands closed."""
    keys = tuple(getattr(step, "name", "") for step in slot.steps)
    return replace(slot, spec=FieldSpec()) if any(keys[: len(one)] == one for one in opened) else slot


def _lines(scope: Scope) -> Iterator[tuple[Line, tuple[tuple[str, ...], ...]]]:
    """The rules of a scope and of its lists, each with the fields that containers open there."""
    opened = tuple(hold.keys for hold in scope.holds)
    for line in (*(line for cell in scope.cells for line in cell.lines), *scope.one_way):
        yield line, opened
    for block in scope.blocks:
        if not block.again:
            yield from _lines(block.scope)


def _rules(clause: Clause, fields: Fields) -> Iterator[tuple[Clause, Fields]]:
    """A rule, or those of its cases."""
    if not isinstance(clause, Cases):
        if not isinstance(clause, Fixed | Marker):
            yield clause, fields
        return
    for row in (*clause.rows, *((clause.otherwise,) if clause.otherwise is not None else ())):
        for at, _, part in row.parts:
            yield from _rules(part, tuple(fields[i] for i in at))


def _reads(clause: Clause, fields: Fields) -> bool:
    """Whether a rule reads any value of its own, or of the schema, that the schema allows."""
    draw = Seeded(0)
    for n in range(TRIES):
        try:
            raws = raws_of(clause, draw) if n % 2 else clause.write(values_of(clause, draw)).raws
        except Unsayable:
            continue
        except (NotImplementedError, AttributeError):  # a lens of the host program draws nothing
            return True
        if all(map(_allowed, raws, fields)) and _is_read(clause, raws):
            return True
    return any(_is_read(clause, raws) for raws in _of_schema(clause, fields))


def _is_read(clause: Clause, raws: tuple[Any, ...]) -> bool:
    return any(value is not None for value in clause.read(raws).values)


def _of_schema(clause: Clause, fields: Fields) -> Iterator[tuple[Any, ...]]:
    """Values that the schema allows in one of the fields, the others absent."""
    for i in range(len(fields) if isinstance(clause, Aliased) else 1):
        spec = fields[i].spec
        values = spec.enum if spec.enum is not None else [v for t in spec.types or PLAIN for v in PLAIN.get(t, ())]
        for value in (*values, *_limits(clause)):
            yield tuple(value if at == i else MISSING for at in range(len(fields)))


def _limits(clause: Clause) -> Iterator[Any]:
    """The least and the greatest value that a number may have, as a number and as a text."""
    lens = getattr(clause, "lens", None)
    while getattr(lens, "minimum", None) is None and getattr(lens, "inner", None) is not None:
        lens = lens.inner
    for name in ("minimum", "maximum"):
        limit = getattr(lens, name, None)
        if limit is not None:
            number = Decimal(str(limit))
            yield int(number) if number == number.to_integral_value() else number
            yield str(limit)


def _is_plain(slot: TheirSlot) -> bool:
    """Whether the schema speaks of the raw value itself, not of what stands below it by language or in a list."""
    return all(isinstance(step, Key | Match) for step in slot.steps)


def _allowed(raw: Any, slot: TheirSlot) -> bool:
    """Whether the schema allows a raw value in its field."""
    spec: FieldSpec = slot.spec
    if raw is MISSING or not spec.types or not _is_plain(slot):
        return True
    kind = raw.__class__
    names = {str: ("string",), bool: ("boolean",), int: ("integer", "number"), dict: ("object",), list: ("array",),
             type(None): ("null",)}.get(kind, ("number",))  # fmt: skip
    return any(name in spec.types for name in names)
