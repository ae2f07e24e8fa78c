"""How a field of theirs is computed from others: counted, copied, looked up, filled in, taken apart (4.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from metaharmon.lenses.base import MISSING
from metaharmon.lenses.forms import Piece, TextForm


class Computed(Protocol):
    """One way to compute a field."""

    def value(self, raws: Sequence[Any]) -> Any:
        """The value, of the values of its sources; MISSING where they do not say it."""
        ...


@dataclass(frozen=True)
class Count:
    """The number of entries of a list or members of an object."""

    def value(self, raws: Sequence[Any]) -> Any:
        """See `Computed`."""
        return len(raws[0]) if raws[0].__class__ in (list, dict) else MISSING


@dataclass(frozen=True)
class Copy:
    """The same as another field."""

    def value(self, raws: Sequence[Any]) -> Any:
        """See `Computed`."""
        return raws[0]


@dataclass(frozen=True)
class Looked:
    """What a table says of another field."""

    table: tuple[tuple[str, Any], ...]

    def value(self, raws: Sequence[Any]) -> Any:
        """See `Computed`."""
        text = plain_text(raws[0])
        return next((value for key, value in self.table if key == text), MISSING)


@dataclass(frozen=True)
class Filled:
    """A text around other fields: `https://doi.org/{doi}`. `pieces` are literals, and None for each field.

    With a form, the first source is taken apart, and pieces are its parts too.
    """

    pieces: tuple[Piece | None, ...]
    form: TextForm | None = None

    def value(self, raws: Sequence[Any]) -> Any:
        """See `Computed`."""
        texts = [plain_text(raw) for raw in raws]
        if not all(texts):
            return MISSING
        following = iter(texts)
        parts: dict[str, str] = {}
        if self.form is not None:
            found = self.form.match(next(following) or "")
            if found is None:
                return MISSING
            parts = found
        return "".join((next(following) or "") if p is None else p.literal or parts[p.part] for p in self.pieces)


@dataclass(frozen=True)
class Part:
    """A part of another field that has a form: `prefix` of `{prefix}/{suffix}`."""

    form: TextForm
    name: str

    def value(self, raws: Sequence[Any]) -> Any:
        """See `Computed`."""
        text = plain_text(raws[0])
        found = self.form.match(text) if text else None
        return found[self.name] if found else MISSING


@dataclass(frozen=True)
class Either:
    """Several ways, each with the number of its sources: the first that says something."""

    ways: tuple[tuple[int, Computed], ...]

    def value(self, raws: Sequence[Any]) -> Any:
        """See `Computed`."""
        at = 0
        for count, way in self.ways:
            found = way.value(raws[at : at + count])
            if found is not MISSING:
                return found
            at += count
        return MISSING


def plain_text(raw: Any) -> str | None:
    """The text of a text or a whole number, or of a list that says one such thing only; None for anything else."""
    if raw.__class__ is list:
        texts = {plain_text(entry) for entry in raw}
        return texts.pop() if len(texts) == 1 else None
    if raw.__class__ is str:
        return raw
    return str(raw) if raw.__class__ is int else None
