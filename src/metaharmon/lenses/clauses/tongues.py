"""One value of ours under a level of languages of theirs, where every language repeats what has no language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.lenses.base import MISSING
from metaharmon.lenses.clauses.base import Clause, Reading, Silence, Writing
from metaharmon.lenses.text import chosen_language
from metaharmon.model.scalars import is_language


@dataclass(frozen=True)
class FirstTongue(Clause):
    """A field below `{lang}` that has no language itself (`details.{lang}.id`): read in the default language, else in
    the first; written in the default one. `inner` reads one of the raw values, which come by their tags."""

    inner: Clause
    language: str

    @property
    def paths(self) -> int:  # type: ignore[override]
        return self.inner.paths

    def silence_of(self, i: int) -> Silence | None:
        return self.inner.silence_of(0)

    def _tag(self, raw: Any) -> str | None:
        """The language that is read: of those that say something."""
        quiet = self.inner.silence_of(0) or Silence()
        said = {tag: one for tag, one in raw.items() if not quiet.absent(one)} if raw.__class__ is dict else {}
        tags = {tag: one for tag, one in said.items() if is_language(tag)}
        return chosen_language(tags, self.language) if tags else None

    def read(self, raws: tuple[Any, ...]) -> Reading:
        tag = self._tag(raws[0])
        return self.inner.read((MISSING if tag is None else raws[0][tag],))

    def write(self, values: tuple[Any, ...]) -> Writing:
        inner = self.inner.write(values)
        return inner if inner.raws[0] is MISSING else Writing(({self.language: inner.raws[0]},), inner.losses)

    def restore(self, raws: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The other languages stay as they are."""
        tag = self._tag(raws[0])
        if tag is None or all(value is None for value in values):
            return None
        older = self.inner.restore((raws[0][tag],), values) or self.inner.write(values).raws
        return None if older[0] is MISSING else ({**raws[0], tag: older[0]},)
