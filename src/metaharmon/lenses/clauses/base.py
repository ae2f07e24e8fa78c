"""What every clause is: the protocol, how a field says nothing, what happens to what does not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import MISSING, Said, Unmapped, placeholder


class Problem(NamedTuple):
    """Something noticed while reading: a diagnostic code, one sentence, the field's position."""

    code: str
    message: str
    slot: int


class Reading(NamedTuple):
    """Values of ours by position (None: absent), what was noticed, and whether a raw value was left unread."""

    values: tuple[Any, ...]
    problems: tuple[Problem, ...] = ()
    unread: bool = False


class LostPart(NamedTuple):
    """A loss inside a value of ours: its position, the path below it, and what becomes of it."""

    slot: int
    inside: tuple[str | int, ...]
    kind: str
    reason: str
    becomes: Any = None


class Writing(NamedTuple):
    """Raw values of theirs by position (MISSING: not there) and what was lost."""

    raws: tuple[Any, ...]
    losses: tuple[LostPart, ...] = ()


@dataclass(frozen=True)
class Silence:
    """How a field says nothing: further readings of absence, and the form that is written."""

    markers: frozenset[str] = frozenset()
    empty: Any = MISSING
    between: tuple[tuple[str, str], ...] = ()
    """Beginnings and ends of placeholders: whatever stands between them."""

    def absent(self, raw: Any) -> bool:
        """Whether a raw value says nothing: missing, null, '', [], {} or a marker."""
        kind = raw.__class__
        if kind is str:
            return not raw or raw in self.markers or (bool(self.between) and self.placeholder(raw))
        return raw is MISSING or raw is None or ((kind is list or kind is dict) and not raw)

    def placeholder(self, text: str) -> bool:
        """Whether a text stands for what is still to be filled in."""
        return placeholder(text, self.between)

    def also(self, other: Silence) -> Silence:
        """The markers and placeholders of both; what is written is left out."""
        between = dict.fromkeys((*self.between, *other.between))
        return Silence(self.markers | other.markers, between=tuple(between))

    def informative(self, raw: Any) -> int:
        """How many leaves of a raw value carry information: neither null nor empty nor a marker."""
        kind = raw.__class__
        if kind is dict:
            return sum(map(self.informative, raw.values()))
        if kind is list:
            return sum(map(self.informative, raw))
        return 0 if self.absent(raw) else 1


def lost(slot: int, said: Said) -> tuple[LostPart, ...]:
    """The losses that a lens reported, flat."""
    here = LostPart(slot, said.inside, said.kind, said.reason, said.becomes)
    return (here, *(part for more in said.more for part in lost(slot, more)))


def omitted(slot: int, reason: str, inside: tuple[str | int, ...] = ()) -> LostPart:
    """The loss of a whole value, or of a part of it."""
    return LostPart(slot, inside, "omitted", reason)


@dataclass(frozen=True)
class Policy:
    """What happens to an unknown code and to a malformed value: `keep` (raw kept, warning) or `refuse`."""

    unmapped: str = "keep"
    malformed: str = "keep"

    def problem(self, exc: Exception, slot: int) -> Problem:
        """The finding for a raw value that did not read."""
        if isinstance(exc, Unmapped):
            return Problem(dx.REFUSED if self.unmapped == "refuse" else dx.UNKNOWN_VALUE, str(exc), slot)
        return Problem(dx.REFUSED if self.malformed == "refuse" else dx.MALFORMED, str(exc), slot)


class Clause:
    """The protocol. `fields` and `paths` are how many positions it has on each side."""

    fields = 1
    paths = 1

    def read(self, raws: tuple[Any, ...]) -> Reading:
        """Ours of theirs."""
        raise NotImplementedError

    def write(self, values: tuple[Any, ...]) -> Writing:
        """Theirs of ours."""
        raise NotImplementedError

    def silence_of(self, i: int) -> Silence | None:
        """How the i-th field says nothing."""
        raise NotImplementedError

    def restates(self, i: int) -> bool:
        """Whether the i-th field only repeats, in words of its own, what another says; else it is told (law 7)."""
        return False

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Older raw values adapted to the present ones, where the clause can keep a part of their spelling."""
        return None
