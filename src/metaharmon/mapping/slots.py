"""Paths of rules as slots: what a rule names on both sides, and what holds for it (mapping language, 4.1 and 4.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import FieldSpec
from metaharmon.lenses.clauses import (
    Policy,
    Silence,
)
from metaharmon.mapping.grammar import Report, Skip, closest
from metaharmon.mapping.ours import FIRST, OurSlot, PathMisfit, bind
from metaharmon.mapping.plan import TheirSlot
from metaharmon.mapping.raw import silence
from metaharmon.mapping.several import SeveralMaker
from metaharmon.mapping.syntax import Defaults, Rule
from metaharmon.mapping.tables import Tables
from metaharmon.model import shape
from metaharmon.model.rules import ENTIRE
from metaharmon.paths import TheirPath


@dataclass
class Surroundings:
    """What a rule needs to know of the dialect and of the place it stands in."""

    report: Report
    defaults: Defaults
    tables: Tables
    spec_of: Callable[[TheirPath], FieldSpec]
    node: Any
    """The canonical shape that rule paths start from: the whole product, or an entry."""
    pseudo: dict[str, Any]
    """Pseudo-members of an entry, such as `{kind}`, with their shapes."""
    named_lenses: dict[str, Any]
    untagged: Callable[[TheirPath], bool] = lambda path: False
    """Whether a level of languages can hold a text without one, as `und`."""

    @property
    def language(self) -> str:
        """The dialect's default language."""
        return str(self.defaults.language or "und")

    def misfit(self, code: str, message: str, place: Any, hint: str | None = None) -> Skip:
        """Note a finding; the result is to be raised."""
        self.report.add(code, message, place, hint)
        return Skip()


class Slots:
    """Finds the slots of the rules of one scope."""

    def __init__(self, around: Surroundings):
        self.around = around
        self.lenses = SeveralMaker(around.report, around.defaults, around.tables, around.named_lenses)

    def ours(self, path: Any, place: Any, base: OurSlot | None = None) -> OurSlot:
        """The slot of a rule path, below a base if there is one."""
        if base is None and str(path) in self.around.pseudo:
            return OurSlot(str(path), (str(path),), self.around.pseudo[str(path)])
        try:
            if base is not None and str(path) == ".":
                return base
            inner = bind(str(path), self.around.node if base is None else _entry_node(base), self.around.language)
            slot = inner if base is None else _below(base, inner)
        except PathMisfit as exc:
            hint = closest(exc.word, exc.known) if exc.word else None
            raise self.around.misfit(dx.UNKNOWN_PATH, str(exc), place, hint) from None
        if _enters_entire(slot, self.around.node):
            message = f"'{path}' is a part of an entry that is read and written whole; fill the list by `each`"
            raise self.around.misfit(dx.LENS_MISFIT, message, place)
        return slot

    def parent(self, slot: OurSlot) -> OurSlot | None:
        """The group in which a member stands; None at the top of the scope."""
        if len(slot.steps) <= 1:
            return None
        node = self.around.node
        for step in slot.steps[:-1]:
            node = _member_node(node, step)
        return OurSlot(slot.text.rpartition(".")[0] or slot.text, slot.steps[:-1], node)

    def theirs(self, path: TheirPath) -> TheirSlot:
        """The slot of a field of theirs."""
        return TheirSlot(str(path.text), path.steps, self.around.spec_of(path))

    def silence(self, rule: Rule | None, slot: TheirSlot) -> Silence:
        """How that field says nothing."""
        return silence(rule, self.around.defaults, len(slot.steps), slot.spec)

    def policy(self, rule: Rule) -> Policy:
        """What unknown codes and malformed values do."""
        defaults = self.around.defaults
        unmapped = rule.unmapped if rule.unmapped in ("keep", "refuse") else None
        return Policy(str(unmapped or defaults.unmapped or "keep"), str(rule.malformed or defaults.malformed or "keep"))


def _entry_node(base: OurSlot) -> Any:
    return base.node.item if isinstance(base.node, shape.ListOf) else base.node


def _member_node(node: Any, step: Any) -> Any:
    """The shape one step further down."""
    if isinstance(step, str):
        return shape.at((step,), node)
    return node.item


def _entered(base: OurSlot) -> tuple[Any, ...]:
    """The steps of a base slot, going on into its first entry if it is a list."""
    return (*base.steps, FIRST) if isinstance(base.node, shape.ListOf) else base.steps


def _below(base: OurSlot, inner: OurSlot) -> OurSlot:
    return OurSlot(f"{base.text}.{inner.text}", _entered(base) + inner.steps, inner.node)


def _enters_entire(slot: OurSlot, node: Any) -> bool:
    """Whether a path leads into an entry of a list whose entries are whole or not there."""
    for step in slot.steps:
        if not isinstance(step, str) and isinstance(node.item, shape.Group) and node.item.name in ENTIRE:
            return True
        node = _member_node(node, step)
    return False
