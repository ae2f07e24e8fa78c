"""The code lists of the canonical schema: `schemas/codelists/<name>.yaml`, read when first asked for.

A file states the list's name, titles, standard, edition and source, whether it is open, and its codes in sort order:
`codes: {code: {zh, en, spellings, uri, uris, own, note}}`. All scalars are text, so `NO`, `010` and `1.10` mean
themselves.
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
    `uri` is its address, `uris` are further ones that mean it; `own` marks a code that the standard does not have.
    """

    code: str
    zh: str | None
    en: str | None
    order: int
    spellings: tuple[str, ...] = ()
    note: str | None = None
    generic: bool = False
    uri: str | None = None
    uris: tuple[str, ...] = ()
    own: bool = False


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
    pages: str | None = None
    """Where the standard has a page of each code: an address with {code}."""
    nested: bool = False
    """Whether a code begins with the one above it, and may stand without the letter of its section (GB/T 4754)."""

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

    def find(self, text: str) -> str | None:
        """The code that a text means: the code itself, a label, another spelling or an address of it; None: none.

        Case, blanks, hyphens and the signs 、 and , make no difference, nor do the scheme, the final slash, the
        language page or the legal text of an address. A text that could mean two codes means none.
        """
        if "://" in text[:9]:
            return self._meant.get(plain_address(text))
        found = self._meant.get(plain_name(text))
        return self._nested(text) if found is None and self.nested else found

    def _nested(self, text: str) -> str | None:
        """The code of digits without their letter, of a code below the listed ones, and of a code with its name."""
        said = _CODE_AND_NAME.fullmatch(text.strip().upper())
        if said is None:
            return None
        digits = said["digits"] or ""
        sections = [code for code in self.codes if digits and len(code) == 3 and code[1:] == digits[:2]]
        code = (said["letter"] or (sections[0][0] if sections else "")) + digits
        if not code or not (code in self.codes or (sections == [code[:3]] and self._may_hold(code))):
            return None
        named = self._meant.get(plain_name(said["name"])) if said["name"] else code
        return code if named is not None and code.startswith(named) and self._same_name(named, code) else None

    def _same_name(self, above: str, below: str) -> bool:
        return above == below or (below in self.codes and self.codes[above].zh == self.codes[below].zh)

    def _may_hold(self, code: str) -> bool:
        """Whether a code that is not listed may be one: nothing beside it is listed, and what is above it is."""
        for end in range(len(code) - 1, 2, -1):
            above = code[:end]
            if any(one.startswith(above) and len(one) == end + 1 for one in self.codes):
                return False
            if above in self.codes:
                return True
        return False

    def address(self, code: str) -> str | None:
        """The address of a code: its own, or its page in the standard."""
        entry = self.codes.get(code)
        if entry is None or entry.uri is not None or self.pages is None or entry.own:
            return entry.uri if entry else None
        return self.pages.replace("{code}", code)

    @cached_property
    def _meant(self) -> Mapping[str, str]:
        """Codes by what means them. The code itself comes before its spellings and labels, whatever else they mean."""
        meant: dict[str, str | None] = {}
        for texts in (_themselves, _spelled, _labels):
            found: dict[str, str | None] = {}
            for code, entry in self.codes.items():
                for text in texts(self, entry):
                    before = found.setdefault(text, code)
                    if before != code and not (self.nested and before and code.startswith(before)):
                        found[text] = None
            meant = {**found, **meant}
        return {text: code for text, code in meant.items() if code}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile(self.open) if isinstance(self.open, str) else None

    def __reduce__(self) -> tuple[Any, ...]:
        return load, (self.name,)


LONGEST = 500
"""Longer addresses mean no code."""
_CODE_AND_NAME = re.compile(r"(?P<letter>[A-Z])?(?P<digits>[0-9]{2,4})?(?:[ .、:：_-]*(?P<name>[^A-Z0-9 .、:：_-].*))?")
_PLAIN = str.maketrans(dict.fromkeys(" 　_-、,，;；"))
_ADDRESS = re.compile(
    r"https?://(?:www\.)?([^?#]*?)/*(?:/(?:deed|legalcode)(?:\.[a-z-_]+)?)?(?:\.(?:html?|json|txt))?/*(?:#.*)?"
)


def plain_name(text: str) -> str:
    """A name without case, blanks, hyphens and enumeration signs: 农林牧渔业 is 农、林、牧、渔业."""
    return text.strip(".").translate(_PLAIN).casefold()


def plain_address(text: str) -> str:
    """An address without what makes no difference to it: scheme, www, final slash, language page, legal text."""
    found = _ADDRESS.fullmatch(text.strip().casefold()) if len(text) <= LONGEST else None
    return found[1] if found else text


def _themselves(known: Codelist, entry: Code) -> list[str]:
    pages = known.pages is not None and not entry.own
    return [
        plain_name(entry.code),
        *([plain_address((known.pages or "").replace("{code}", entry.code))] if pages else ()),
    ]


def _spelled(known: Codelist, entry: Code) -> list[str]:
    addresses = [plain_address(uri) for uri in (entry.uri, *entry.uris) if uri]
    replaced = [plain_address((known.pages or "").replace("{code}", one)) for one in entry.spellings if known.pages]
    return [*addresses, *replaced, *map(plain_name, entry.spellings)]


def _labels(known: Codelist, entry: Code) -> list[str]:
    return [plain_name(label) for label in (entry.zh, entry.en) if label]


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
            entry.get("uri"),
            tuple(entry.get("uris", ())),
            entry.get("own") == "true",
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
        data.get("pages"),
        data.get("nested") == "true",
    )
