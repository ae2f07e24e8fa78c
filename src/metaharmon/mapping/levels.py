"""Levels whose keys carry data (`dataAccess.{name}`, `data-{v}-structure-{s}`), seen as a list of entries.

An entry has the parts of its key as pseudo-fields (`{v}`), and the members of the object that stands there, or, where
a rule asks for `{value}`, the value itself. Other keys of the level are no entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.lenses.base import Unsayable
from metaharmon.lenses.forms import TextForm
from metaharmon.paths import Key

VALUE = "{value}"
PATTERNS = object()
"""The key of a tree of known fields under which the levels of a place stand."""


@dataclass(frozen=True)
class Level:
    """One such level: the pattern of its keys, and whether a rule takes the value whole."""

    form: TextForm
    whole: bool
    listed: bool = False
    """The same entries may also stand in a list, without keys; a list is written."""

    def holds(self, key: str, value: Any) -> bool:
        """Whether a member of the level is an entry."""
        return self.form.match(key) is not None and (self.whole or value.__class__ is dict)

    def items(self, level: dict[str, Any]) -> list[dict[str, Any]]:
        """The entries of a level, in its order."""
        out: list[dict[str, Any]] = []
        for key, value in level.items():
            if self.holds(key, value):
                item: dict[str, Any] = {f"{{{name}}}": text for name, text in self.form.match(key).items()}  # type: ignore[union-attr]
                item.update({VALUE: value} if self.whole else value)
                out.append(item)
        return out

    def keyless(self, item: Any) -> Any:
        """An entry as it stands in a list."""
        pseudo = {f"{{{name}}}" for name in self.form.parts}
        return {k: v for k, v in item.items() if k not in pseudo} if item.__class__ is dict else item

    def bare(self, item: dict[str, Any]) -> bool:
        """Whether an entry has its key only: an empty object stands there."""
        return not self.whole and item.keys() == {f"{{{name}}}" for name in self.form.parts}

    def key_of(self, item: dict[str, Any]) -> str | None:
        """The key of an entry; None if a part is lacking or cannot stand in the pattern."""
        parts = {name: item.get(f"{{{name}}}") for name in self.form.parts}
        if any(text.__class__ is not str for text in parts.values()):
            return None
        try:
            key = self.form.show(parts)  # type: ignore[arg-type]
        except Unsayable:
            return None
        return key if self.form.match(key) == parts else None

    def joined(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        """The level again."""
        out: dict[str, Any] = {}
        pseudo = {f"{{{name}}}" for name in self.form.parts}
        for item in items:
            key = self.key_of(item)
            if self.whole:
                out[key] = item.get(VALUE)  # type: ignore[index]
            else:
                out[key] = {name: value for name, value in item.items() if name not in pseudo}  # type: ignore[index]
        return out


class Listed(dict[Any, Any]):
    """The known fields below such a level whose entries may also stand in a list."""


def is_pseudo(text: str) -> bool:
    """Whether a field is a part of a key, which is no leaf of theirs."""
    return text.startswith("{") and text.endswith("}") and text != VALUE


def is_pseudo_key(step: Any) -> bool:
    """Whether a step is a level whose keys carry data, written as one part."""
    return isinstance(step, Key) and step.name.startswith("{") and step.name.endswith("}")
