"""A plain value of theirs as an entry of ours that has more members (`{value: …}` of an identifier)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.lenses.base import Draw, Unsayable, ValueLens
from metaharmon.lenses.raws import omitted, said, within
from metaharmon.lenses.reasons import holds_only


@dataclass(frozen=True)
class Lifted(ValueLens):
    """`inner` fills the natural member of an entry; its others cannot be said (canonical schema 2.5). Class L."""

    inner: ValueLens
    member: str

    def read(self, raw: Any) -> dict[str, Any]:
        return {self.member: self.inner.read(raw)}

    def write(self, value: dict[str, Any]) -> Any:
        if value.get(self.member) is None:
            raise Unsayable(f"{holds_only(self.member)}, which the entry does not have")
        raw, parts = within(self.inner.write(value[self.member]), self.member)
        others = (omitted(holds_only(self.member), name) for name in value if name != self.member)
        return said(raw, (*parts, *others))

    def stretched(self, raw: Any) -> str | None:
        return self.inner.stretched(raw)

    def raws(self, draw: Draw) -> Any:
        return self.inner.raws(draw)

    def values(self, draw: Draw) -> dict[str, Any]:
        return {self.member: self.inner.values(draw)}
