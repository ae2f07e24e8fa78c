"""Texts with a certain look: nothing there, a checksum, a media type; most of them only decide a case."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses.base import MISSING, Draw, Malformed, Unsayable
from metaharmon.lenses.text import Text

_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"{_NAME}/{_NAME}( *;.*)?")
"""RFC 6838, 4.2, and parameters behind it."""


@dataclass(frozen=True)
class Absent(Text):
    """Nothing: the field is not there."""

    def read(self, raw: Any) -> Any:
        if raw is not MISSING:
            raise Malformed(f"{shown(raw)} stands there")
        return None

    def raws(self, draw: Draw) -> Any:
        return MISSING


@dataclass(frozen=True)
class Digest(Text):
    """A checksum of so many bytes, as hexadecimal digits or in base 64."""

    bytes: int = 32

    def read(self, raw: Any) -> Any:
        text = raw if raw.__class__ is str else ""
        hexadecimal = len(text) == 2 * self.bytes and set(text) <= set(string.hexdigits)
        base64 = len(text) == -(-self.bytes // 3) * 4 and set(text.rstrip("=")) <= {
            *string.ascii_letters,
            *"0123456789+/",
        }
        if not hexadecimal and not base64:
            raise Malformed(f"{shown(raw)} is no checksum of {self.bytes} bytes")
        return raw

    def raws(self, draw: Draw) -> Any:
        return draw.choice("0123456789abcdef") * (2 * self.bytes)


@dataclass(frozen=True)
class MediaType(Text):
    """A media type."""

    def read(self, raw: Any) -> Any:
        if raw.__class__ is not str or not _MEDIA_TYPE.fullmatch(raw):
            raise Malformed(f"{shown(raw)} is no media type")
        return raw

    def raws(self, draw: Draw) -> Any:
        return draw.choice(("text/csv", "application/x-example+json"))


@dataclass(frozen=True)
class MediaTypeName(Text):
    """A media type as a part of a text, such as of its address: any text, but no address, which would stand twice."""

    def read(self, raw: Any) -> Any:
        if ":" in (text := super().read(raw)):
            raise Malformed(f"{shown(raw)} is an address, and no media type")
        return text

    def write(self, value: Any) -> Any:
        if ":" in value:
            raise Unsayable(f"{shown(value)} is an address, and no media type")
        return super().write(value)

    def raws(self, draw: Draw) -> Any:
        return draw.choice(("text/csv", "application/gzip", "zip"))

    def values(self, draw: Draw) -> Any:
        return draw.choice(("text/csv", "application/gzip", "zip", "https://example.org/zip"))
