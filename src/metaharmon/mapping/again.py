"""Entries that hold entries like themselves (`again`), and lists of ours that several lists of theirs fill (`when`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.bind import Binder
from metaharmon.mapping.ours import OurSlot, Select
from metaharmon.mapping.plan import Block, Scope, When
from metaharmon.mapping.raw import EMPTY_FORMS, our_constant
from metaharmon.mapping.syntax import Rule
from metaharmon.paths import TheirPath


def again_block(
    binder: Binder, slot: OurSlot, rule: Rule, theirs: TheirPath, place: Any, inside: bool, empty: str
) -> Block:
    """A block whose entries are read by the rules of the entry in which it stands; `closed` gives it its scope."""
    if not inside or rule.fields or rule.derived or rule.kept or rule.where or rule.set:
        message = "`again` stands inside an entry, with `each` or `one`, and has no rules of its own"
        raise binder.around.misfit(dx.RULE_CONFLICT, message, place)
    single = rule.one is not None
    written = EMPTY_FORMS[empty] if empty in ("null", "[]", "{}") and not single else MISSING
    return Block(place, slot, theirs, None, Select(()), empty=written, again=True, single=single)  # type: ignore[arg-type]


def condition(binder: Binder, rule: Rule, inside: bool, place: Any) -> When:
    """The condition of a block on the entry in which it stands."""
    if rule.when and not inside:
        raise binder.around.misfit(dx.RULE_CONFLICT, "`when` looks at the entry in which a list stands", place)
    found = []
    for name, texts in rule.when:
        slot = binder.ours(name, getattr(name, "place", place), None)
        try:
            values = tuple(our_constant(str(text), slot.node, binder.around.language) for text in texts)
        except ValueError as exc:
            raise binder.around.misfit(dx.LENS_MISFIT, str(exc), place) from None
        found.append((slot, values))
    return tuple(found)


def shared_out(blocks: list[Block]) -> list[Block]:
    """Of blocks over one list of ours, the one without a condition holds where the others do not."""
    out = []
    for block in blocks:
        others = tuple(one.when for one in blocks if one.ours.steps == block.ours.steps and one.when)
        out.append(block if block.when or not others else replace(block, unless=others))
    return out


def closed(scope: Scope) -> Scope:
    """The scope, with itself in the blocks that repeat it."""
    for block in scope.blocks:
        if block.again and block.scope is None:
            object.__setattr__(block, "scope", scope)
    return scope


def with_levels(blocks: list[Block], patterns: dict[int, str], level: Callable[[str, Any], Any]) -> list[Block]:
    """Blocks that repeat their scope, with the levels of keys over which they go."""
    found = []
    for block in blocks:
        pattern = patterns.get(id(block))
        found.append(block if pattern is None else replace(block, level=level(pattern, block.place)))
    return found
