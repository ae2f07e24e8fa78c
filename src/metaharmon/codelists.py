"""The code lists of the canonical schema: `schemas/codelists/<name>.yaml`, read when first asked for.

A file states the list's name, titles, standard, edition and source, whether it is open, and its codes in sort order:
`codes: {code: {zh, en, spellings, note}}`. All scalars are text, so `NO`, `010` and `1.10` mean themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from metaharmon.resources import root

LOCAL = "local:"
"""The prefix of a scheme that belongs to one dialect (`local:cn-guangzhou`); it has no file."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list: Chinese and English label, its place in the sort order, spellings seen on the wire.

    `generic` marks a code that names no single thing (licence `other`), so that a name or an address may stand beside.
    """

    code: str
    zh: str | None
    en: str | None
    order: int
    spellings: tuple[str, ...] = ()
    note: str | None = None
    generic: bool = False


@dataclass(frozen=True)
class Codelist:
    """One code list. `open` is False (the codes are all), True (any text is a code) or a regular expression."""

    name: str
    title: Mapping[str, str]
    standard: str | None
    edition: str | None
    source: str
    open: bool | str
    codes: Mapping[str, Code]

    def __contains__(self, code: object) -> bool:
        return self.has(code)

    def has(self, code: object) -> bool:
        """Whether the text is a code of the list: listed, or admitted because the list is open."""
        if not isinstance(code, str) or not code:
            return False
        if code in self.codes or self.open is True:
            return True
        return self._pattern is not None and self._pattern.fullmatch(code) is not None

    def lists(self, code: object) -> bool:
        """Whether the code is written in the list, so that its label is known."""
        return code in self.codes

    def order(self, code: str) -> int:
        """The place of a code in the sort order; codes that are not listed come after all that are."""
        known = self.codes.get(code)
        return known.order if known else len(self.codes)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile(self.open) if isinstance(self.open, str) else None

    def __reduce__(self) -> tuple[Any, ...]:
        return load, (self.name,)


def is_local(name: str) -> bool:
    """Whether the name is that of a dialect's own list, `local:<dialect>`."""
    return name.startswith(LOCAL) and len(name) > len(LOCAL)


def names() -> tuple[str, ...]:
    """The names of all lists, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def exists(name: str) -> bool:
    """Whether a list of this name ships."""
    return name in _known()


@cache
def load(name: str) -> Codelist:
    """The list of this name. Raises KeyError when none ships, as for every `local:` list."""
    if name not in _known():
        raise KeyError(f"there is no code list '{name}'")
    return _made(_read(_folder() / f"{name}.yaml"))


def _folder() -> Path:
    return root() / "schemas" / "codelists"


@cache
def _known() -> frozenset[str]:
    return frozenset(names())


def _read(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # our own file; a BaseLoader builds text only


def _made(data: dict[str, Any]) -> Codelist:
    codes = {
        code: Code(
            code,
            entry.get("zh"),
            entry.get("en"),
            order,
            tuple(entry.get("spellings", ())),
            entry.get("note"),
            entry.get("generic") == "true",
        )
        for order, (code, entry) in enumerate((data["codes"] or {}).items())
    }
    return Codelist(
        data["list"],
        MappingProxyType(data["title"]),
        data.get("standard") or None,
        data.get("edition") or None,
        data["source"],
        {"true": True, "false": False}.get(data["open"], data["open"]),
        MappingProxyType(codes),
    )
