"""The lens protocol: what one two-way change of value is.

Theirs is a JSON value (str, int, Decimal, float, bool, list, dict); ours is canonical JSON in normal form.
Absence never reaches a value lens: the rule around it knows the dialect's ways to say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from metaharmon.paths import MISSING


def placeholder(text: str, between: tuple[tuple[str, str], ...]) -> bool:
    """Whether a text stands for what is still to be filled in: it begins and ends as one of some pairs says."""
    return any(
        len(text) >= len(begins) + len(ends) and text.startswith(begins) and text.endswith(ends)
        for begins, ends in between
    )


class Malformed(Exception):
    """Read: the raw value has none of the declared forms. One sentence, without the path."""


class Unmapped(Exception):
    """Read: the raw value is a code that the table does not have."""


class Unsayable(Exception):
    """Write: the dialect has no form for this value; it becomes an `omitted` loss with this reason."""


@dataclass(frozen=True, slots=True)
class Said:
    """Write: the value was said, but not as it is.

    `kind` is `changed` (a reader finds `becomes`) or `imprecise` (the value comes back, its meaning was stretched).
    `inside` is a path below the value (`("en",)` of a langtext) when only that part is lost; then `kind` may be
    `omitted` as well. Several parts: `more`.
    """

    raw: Any
    kind: str
    reason: str
    becomes: Any = None
    inside: tuple[str | int, ...] = ()
    more: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What the dialect's schema says of one field: JSON types in its order, greatest length, obligation.

    `pattern`: of one character class only, such as `^[a-z0-9-]+$`, so that no text is read twice.
    """

    types: tuple[str, ...] = ()
    max_length: int | None = None
    required: bool = False
    enum: tuple[Any, ...] | None = None
    pattern: str | None = None
    names: bool = False
    """Of JSON-LD: it holds prefixed names as they are, not IRIs."""
    prefixes: frozenset[str] | None = None
    """Of the identity of a node (`format: iri`): it is an absolute IRI, and none of these is its scheme."""
    begins: str = ""
    """The scheme with which the pattern of the field begins: `mailto:` of `^mailto:`."""
    most: int | None = None
    """How many members an object may have: of texts by language, how many languages."""


class Draw(Protocol):
    """A source of choices for generated values: seeded, or hypothesis."""

    def integer(self, low: int, high: int) -> int: ...

    def choice(self, options: Any) -> Any: ...


class ValueLens:
    """One raw value of theirs ⇄ one value of ours.

    Laws, for every raw that reads and every value that writes:
    `read(write(v)) == v` unless write raised `Unsayable` or returned `Said(kind="changed")`, then `== becomes`.
    Lenses are frozen, picklable, hold no registry, and are compared by value.
    """

    exact = False
    """True when every raw that reads is written back as it was (no memo of spellings is needed)."""

    def read(self, raw: Any) -> Any:
        """Ours of theirs. Raises `Malformed` or `Unmapped`."""
        raise NotImplementedError

    def write(self, value: Any) -> Any:
        """Theirs of ours: the raw value, or `Said`. Raises `Unsayable`."""
        raise NotImplementedError

    def stretched(self, raw: Any) -> str | None:
        """Why the reading of this raw value is imprecise, or None."""
        return None

    def raws(self, draw: Draw) -> Any:
        """A raw value of theirs for generated records: mostly good, sometimes odd."""
        raise NotImplementedError

    def values(self, draw: Draw) -> Any:
        """A value of ours, in normal form, for generated products: mostly sayable here, sometimes not."""
        raise NotImplementedError


class CellLens:
    """Several raw values of theirs ⇄ several values of ours, read and written together."""

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        """Ours of theirs, slot by slot; MISSING in, None out where there is nothing. Raises `Malformed`, `Unmapped`."""
        raise NotImplementedError

    def stretched(self, raws: tuple[Any, ...]) -> str | None:
        """Why the reading of these raw values is imprecise, or None."""
        return None

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        """Theirs of ours; MISSING where nothing is said; and what was lost: (slot of ours, Said)."""
        raise NotImplementedError


__all__ = ["MISSING", "CellLens", "Draw", "FieldSpec", "Malformed", "Said", "Unmapped", "Unsayable", "ValueLens"]
