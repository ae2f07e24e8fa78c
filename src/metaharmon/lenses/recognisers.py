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
_KINDS = "application|audio|chemical|example|font|haptics|image|message|model|multipart|text|video|x-[a-z]+"
_MEDIA_TYPE = re.compile(rf"(?:{_KINDS})/{_NAME}( *;.*)?", re.IGNORECASE)
"""RFC 6838, 4.2, with the kinds that IANA has registered, and parameters behind it."""
_REGISTERED = re.compile(r"https?://(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
_EMAIL = re.compile(
    r"[^@\s<>()\[\],;:\"：；，、]{1,128}@[^@\s<>()\[\],;:/\"：；，、.]+(?:\.[^@\s<>()\[\],;:/\"：；，、.]+)+"
)
"""One address: no blanks, no separators, and a dot in the name of the host."""
_MAILTO = re.compile(r"(?:mailto: *)*", re.IGNORECASE)


def _bare(text: str) -> str:
    """The text of an address without `mailto:`, outer blanks and pointed brackets."""
    text = text.strip()
    text = text[_MAILTO.match(text).end() :]  # type: ignore[union-attr]
    return text[1:-1].strip() if text[:1] == "<" and text[-1:] == ">" else text


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
class Email(Text):
    """One e-mail address ⇄ the bare address; `mailto:`, pointed brackets and outer blanks are spelling. Class R.

    It is written with `mailto:` where the pattern of the field begins so. Words such as n/a, addresses that are hidden
    from machines and several addresses in one text are not read.
    """

    @property
    def through(self) -> str | None:
        return None

    def read(self, raw: Any) -> Any:
        text = _bare(super().read(raw))
        if not _EMAIL.fullmatch(text):
            raise Malformed(f"{shown(raw)} is not one e-mail address")
        return text

    def write(self, value: Any) -> Any:
        if not _EMAIL.fullmatch(value) or _bare(value) != value:
            raise Unsayable(f"{shown(value)} is not one e-mail address")
        return super().write(f"mailto:{value}" if self.spec.begins == "mailto:" else value)

    def raws(self, draw: Draw) -> Any:
        return draw.choice(("desk@example.org", "mailto:desk@example.org", " 数据@example.org ", "n/a"))

    def values(self, draw: Draw) -> Any:
        return draw.choice(("desk@example.org", "a.b+c@data.example.org", "数据@example.org"))


@dataclass(frozen=True)
class MediaType(Text):
    """A media type ⇄ itself; its address at IANA is spelling. Class R.

    A scheme, a format or an address of something else is none: nothing is made into a media type.
    """

    @property
    def through(self) -> str | None:
        return None

    def read(self, raw: Any) -> Any:
        text = super().read(raw).strip()
        text = text[found.end() :] if (found := _REGISTERED.match(text)) else text
        if not _MEDIA_TYPE.fullmatch(text):
            raise Malformed(f"{shown(raw)} is no media type")
        return text.lower() if text.isupper() else text

    def write(self, value: Any) -> Any:
        if not _MEDIA_TYPE.fullmatch(value) or value.isupper() or value != value.strip():
            raise Unsayable(f"{shown(value)} is no media type")
        return super().write(value)

    def raws(self, draw: Draw) -> Any:
        return draw.choice(("text/csv", "application/x-example+json", "TEXT/CSV", "CSV", "http"))

    def values(self, draw: Draw) -> Any:
        return draw.choice(("text/csv", "application/x-example+json", "application/gzip"))


FORMS = {"email": Email, "media_type": MediaType}
"""The lenses of texts that look like something, by the `form` of the schema."""


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
