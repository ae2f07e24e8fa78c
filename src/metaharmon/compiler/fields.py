"""Expressions for the raw values of a record."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from metaharmon.compiler.base import EMPTY
from metaharmon.compiler.source import Source
from metaharmon.lenses.base import MISSING
from metaharmon.mapping.plan import Scope
from metaharmon.paths import Key, get

MANY = 7
"""From so many members on, a record is fetched as a whole."""


class Fields:
    """Expressions for the raw values of the record `r`; objects on the way are fetched once.

    Members are fetched all at once, by one call: where one is not there, from `q`, the record laid over one of
    absences. Then the number of its members tells whether there are others.
    """

    def __init__(self, source: Source, scope: Scope):
        self.source, self.scope = source, scope
        self._objects: dict[tuple[str, ...], str] = {(): "r"}
        self._members: dict[str, str] = {}
        source.constants.update(MISSING=MISSING, EMPTY=EMPTY, get=get)

    @property
    def counted(self) -> int | None:
        """The members of a `q` without members that no rule reads; None where `q` is not there."""
        return len(self._members) or None

    def fetch(self) -> None:
        """Fetch all members that rules read, if they are many."""
        known = list(self.scope.known)
        if len(known) < MANY or any(not isinstance(name, str) for name in known):
            return
        source = self.source
        self._members = {name: source.name("v") for name in known}
        members, fetch = ", ".join(self._members.values()), source.constant(itemgetter(*known), "F")
        absent = source.constant(dict.fromkeys(known, MISSING), "A")
        source.add(f"q = r if len(r) >= {len(known)} else {{**{absent}, **r}}")
        source.add(f"try: {members} = {fetch}(q)")
        source.add(f"except KeyError: q = {{**{absent}, **r}}; {members} = {fetch}(q)")

    def raw(self, steps: tuple[Any, ...]) -> str:
        """The expression of the raw value at some steps."""
        if not steps:
            return "r"
        if not all(isinstance(step, Key) for step in steps):
            return f"get(r, {self.source.constant(steps)}, up)"
        names = tuple(step.name for step in steps)
        if len(names) == 1 and names[0] in self._members:
            return self._members[names[0]]
        return f"{self.object(names[:-1])}.get({self.source.constant(names[-1])}, MISSING)"

    def variable(self, steps: tuple[Any, ...]) -> str:
        """A variable that holds the raw value at some steps."""
        expression = self.raw(steps)
        if expression.isidentifier():
            return expression
        name = self.source.name("v")
        self.source.add(f"{name} = {expression}")
        return name

    def object(self, names: tuple[str, ...]) -> str:
        """The variable of the object at some keys, EMPTY where there is none."""
        known = self._objects.get(names)
        if known is None:
            source = self.source
            known = source.name("o")
            member = self._members.get(names[-1]) if len(names) == 1 else None
            above = member or f"{self.object(names[:-1])}.get({source.constant(names[-1])})"
            self._objects[names] = known
            source.add(f"{known} = {above}")
            source.add(f"if {known}.__class__ is not dict: {known} = EMPTY")
        return known
