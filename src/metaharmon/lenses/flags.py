"""Lists in several fields of theirs: a flag for each element that the list may have, or a field for each entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, Malformed, Said, Unmapped, Unsayable, ValueLens
from metaharmon.lenses.numbers import Boolean
from metaharmon.lenses.raws import omitted, value_key, within


@dataclass(frozen=True)
class Flags(CellLens):
    """Flags of theirs ⇄ a list of ours without order (a bag). Slots of theirs: one for each name. Class as `inner`.

    An element is in the list when its flag is true. `inner` reads and writes the name of the flag as it would an
    element. A flag says an element once; a repeated one is lost.
    """

    names: tuple[str, ...]
    flags: tuple[Boolean, ...]
    inner: ValueLens

    def __post_init__(self) -> None:
        for name in self.names:
            try:
                written, _ = within(self.inner.write(self.inner.read(name)))
            except (Malformed, Unmapped, Unsayable) as exc:
                raise ValueError(f"the flag '{name}' names no element: {exc}") from None
            if written != name:
                raise ValueError(f"the flag '{name}' would never be set: its element is written '{written}'")

    def _set(self, raws: tuple[Any, ...]) -> list[str]:
        """The names of the flags that are true. Raises Malformed."""
        together = zip(self.names, self.flags, raws, strict=True)
        return [name for name, flag, raw in together if raw is not MISSING and flag.read(raw)]

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        values = sorted(map(self.inner.read, self._set(raws)), key=value_key)
        return (values or None,)

    def stretched(self, raws: tuple[Any, ...]) -> str | None:
        return next((why for name in self._set(raws) if (why := self.inner.stretched(name))), None)

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if values[0] is None:
            return (MISSING,) * len(self.names), ()
        named: set[str] = set()
        losses: list[Said] = []
        for index, item in enumerate(values[0]):
            try:
                name, parts = within(self.inner.write(item), index)
                if name not in self.names:
                    raise Unsayable("the dialect has no flag for it")
                if name in named:
                    raise Unsayable("its flag is set already")
            except Unsayable as exc:
                losses.append(omitted(str(exc), index))
                continue
            named.add(name)
            losses.extend(parts)
        if not named:
            raise Unsayable(losses[0].reason)
        raws = tuple(flag.write(name in named) for name, flag in zip(self.names, self.flags, strict=True))
        return raws, tuple((0, loss) for loss in losses)

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the flags, sometimes odd or not there."""
        return tuple(MISSING if draws.odd(draw) else flag.raws(draw) for flag in self.flags)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """A list of ours, often with elements that have a flag."""
        named = [self.inner.read(draw.choice(self.names)) for _ in range(draw.integer(0, 2))]
        others = [self.inner.values(draw) for _ in range(draw.integer(0 if named else 1, 2))]
        return (sorted([*named, *others], key=value_key),)


@dataclass(frozen=True)
class Apart(CellLens):
    """Fields of theirs ⇄ a list of ours, an entry each. Slots of theirs: the fields, in order. Class as `inner`.

    `inner` has the lens of each field; entries beyond them are lost. With `bag` the list has no order.
    """

    inner: tuple[ValueLens, ...]
    bag: bool = False

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        together = zip(self.inner, raws, strict=True)
        values = [lens.read(raw) for lens, raw in together if raw is not MISSING]
        return ((sorted(values, key=value_key) if self.bag else values) or None,)

    def stretched(self, raws: tuple[Any, ...]) -> str | None:
        together = zip(self.inner, raws, strict=True)
        return next((why for lens, raw in together if raw is not MISSING and (why := lens.stretched(raw))), None)

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        raws: list[Any] = []
        losses: list[Said] = []
        for index, item in enumerate(values[0] or ()):
            try:
                if len(raws) == len(self.inner):
                    raise Unsayable(f"the dialect has {len(self.inner)} fields for such values, and they are taken")
                raw, parts = within(self.inner[len(raws)].write(item), index)
            except Unsayable as exc:
                losses.append(omitted(str(exc), index))
                continue
            raws.append(raw)
            losses.extend(parts)
        if not raws and losses:
            raise Unsayable(losses[0].reason)
        return (*raws, *(MISSING,) * (len(self.inner) - len(raws))), tuple((0, loss) for loss in losses)

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the fields, the later ones often not there."""
        there = draw.integer(1, len(self.inner))
        return tuple(lens.raws(draw) if i < there else MISSING for i, lens in enumerate(self.inner))

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """A list of ours, sometimes with more entries than there are fields."""
        items = [self.inner[0].values(draw) for _ in range(draw.integer(1, len(self.inner) + 1))]
        return (sorted(items, key=value_key) if self.bag else items,)
