"""Text lenses: one scalar as it is, a text in one language, a map of languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.grammar import json_decimal, plain_decimal
from metaharmon.lenses.raws import ANY_FIELD, misshapen, omitted, refers, said, too_long, within
from metaharmon.lenses.reasons import no_language, read_as
from metaharmon.model import scalars

KINDS = ("text", "uri", "language", "duration", "date", "integer", "decimal", "ratio", "boolean")
_NATURAL = {"integer": ("integer",), "decimal": ("number",), "ratio": ("number",), "boolean": ("boolean",)}
FALLBACK = ("und", "en", "zh")
ADDRESS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$&'*+,;=%")
"""Characters of an address without brackets, which end it in a text."""
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Text(ValueLens):
    """A scalar of ours as it is. Class E, but for JSON types that their schema does not name first.

    `kind` is the type of ours (canonical schema 2.1). Text goes through byte for byte. A JSON integer gives its
    digits, so that ids of 19 digits stay whole. `spec.types` says which JSON types are read beside, and which is
    written: the first that can say the value. With `shorten`, text beyond `spec.max_length` is cut, else refused.
    """

    kind: str = "text"
    spec: FieldSpec = ANY_FIELD
    shorten: bool = False
    _types: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _through: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{shown(self.kind)} is no kind of scalar that goes through as it is")
        if self.shorten and self.kind != "text":
            raise ValueError(f"only plain text can be shortened, not a value of the kind {self.kind}")
        types = tuple(t for t in self.spec.types if t != "null") or _NATURAL.get(self.kind, ("string",))
        written = next((t for t in types if t in ("string", "boolean", "integer", "number")), None)
        spec = self.spec
        unlimited = spec.max_length is None and spec.enum is None and spec.pattern is None and not self.shorten
        unlimited = unlimited and spec.prefixes is None
        object.__setattr__(self, "_types", types)
        object.__setattr__(self, "_through", self.kind == "text" and written == "string" and unlimited)

    @property
    def through(self) -> str | None:
        """`''` when a text (not empty, no lone surrogate) is read and written as it is; None: not always."""
        return "" if self._through else None

    @property
    def alphabet(self) -> frozenset[str] | None:
        """In a template: digits for an integer, the plain characters of an address, else free text."""
        return {"integer": frozenset("-0123456789"), "uri": ADDRESS}.get(self.kind)

    def read(self, raw: Any) -> Any:
        if self.kind == "text" and raw.__class__ is str and raw and (raw.isascii() or not _SURROGATE.search(raw)):
            return raw
        text = self._text_of(raw)
        if self.kind == "integer":
            return self._integer(text, raw)
        if self.kind == "boolean":
            if text not in ("true", "false"):
                raise Malformed(f"{shown(raw)} is not true or false")
            return text == "true"
        if self.kind in ("decimal", "ratio") and raw.__class__ is str:
            text = plain_decimal(text)
        try:
            return scalars.scalar(text, self.kind)
        except ValueError as exc:
            raise Malformed(str(exc)) from None

    def _text_of(self, raw: Any) -> str:
        kind, types = raw.__class__, self._types
        if kind is str and ("string" in types or self.kind not in _NATURAL):
            return raw
        if kind is int and ("integer" in types or "number" in types or self.kind == "text"):
            if raw.bit_length() > 14_000:
                raise Malformed(f"{shown(raw)} is too long to be read")
            return str(raw)
        if kind in (Decimal, float) and "number" in types:
            return json_decimal(raw)
        if kind is bool and "boolean" in types:
            return "true" if raw else "false"
        raise Malformed(f"{shown(raw)} is not a JSON {' or '.join(types)}")

    @staticmethod
    def _integer(text: str, raw: Any) -> int:
        if raw.__class__ is not int:
            text = plain_decimal(text)
        if "." in text:
            raise Malformed(f"{shown(raw)} is not a whole number")
        return int(text)

    def write(self, value: Any) -> Any:
        if self._through and value.__class__ is str:
            return value
        text = value if value.__class__ is str else str(value).lower() if value.__class__ is bool else str(value)
        for wanted in self._types:
            raw = _as_type(text, wanted, self.kind)
            if raw is not None:
                return self._fitting(raw, text)
        raise Unsayable(f"the field takes a JSON {' or '.join(self._types)}, and {shown(value)} is none")

    def _fitting(self, raw: Any, text: str) -> Any:
        if too_long(raw, self.spec):
            limit = self.spec.max_length or 0
            if not self.shorten or limit < 1:
                raise Unsayable(f"the text has {len(text)} characters, the field takes {limit}")
            cut = text[:limit]
            return Said(cut, "changed", f"cut to the {limit} characters that the field takes", cut)
        enum = self.spec.enum
        if enum is not None and not any(e is not None and e.__class__ is raw.__class__ and e == raw for e in enum):
            raise Unsayable(f"{shown(raw)} is not among the values that the field takes")
        if self.spec.prefixes is not None and not refers(raw, self.spec.prefixes):
            raise Unsayable(f"{shown(raw)} is no absolute address (IRI) there")
        if misshapen(raw, self.spec.pattern):
            raise Unsayable(f"{shown(raw)} has characters that the field does not take")
        return raw

    def raws(self, draw: Draw) -> Any:
        if draws.odd(draw):
            return draw.choice(draws.ODD_RAWS)
        value = self.values(draw)
        try:
            raw = self.write(value)
        except Unsayable:
            return value
        return raw.raw if isinstance(raw, Said) else raw

    def values(self, draw: Draw) -> Any:
        if self.kind == "text":
            numeric = not {"string"} & set(self._types)
            return str(draw.choice((0, 7, 10**18 + 7))) if numeric and not draws.odd(draw) else draws.text(draw)
        return draw.choice(_SAMPLES[self.kind])


_SAMPLES: dict[str, tuple[Any, ...]] = {
    "uri": ("https://example.org/a?b=c", "urn:uuid:1", "mailto:a@example.org", "http://数据.example/目录"),
    "language": ("zh", "zh-Hant", "en", "en-US"),
    "duration": ("P1Y", "P2W", "PT24H", "PT1H", "PT0.5S", "P1Y6M"),
    "date": ("2026", "2026-Q1", "2026-04", "2026-04-01", "2026-04-01T08:00:00Z", "2026-04-01T08:00:00.250"),
    "integer": (0, -1, 7, 10**18 + 7),
    "decimal": ("0", "10.5", "-3", "12684500"),
    "ratio": ("0", "0.999", "1"),
    "boolean": (True, False),
}


def _as_type(text: str, wanted: str, kind: str) -> Any:
    """The text as a JSON value of that type; None where that type cannot say exactly this text."""
    if wanted == "string":
        return text if kind not in ("integer", "decimal", "ratio") or _is_plain(text) else None
    if wanted == "boolean":
        return {"true": True, "false": False}.get(text)
    if wanted not in ("integer", "number") or (kind not in ("text", "integer", "decimal", "ratio")):
        return None
    if _canonical_digits(text):
        return int(text)
    return Decimal(text) if wanted == "number" and _is_plain(text) else None


def _is_plain(text: str) -> bool:
    """Whether the text is a number in the form in which it is read back."""
    try:
        return plain_decimal(text) == text
    except Malformed:
        return False


def _canonical_digits(text: str) -> bool:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 4200:
        return False
    return text == "0" or digits[0] != "0"


_SHAPES = {
    "null": (None, re.compile(r"(?!)")),
    "email": ("desk@example.org", re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+")),
    "link": ("[Example](https://example.org/a)", re.compile(r"\[[^\[\]]+\]\([a-z][a-z0-9+.-]*:[^()\s]+\)")),
}


@dataclass(frozen=True)
class Shaped(ValueLens):
    """Tells, in cases, whether null stands there, an e-mail address, or a link of Markdown (`[name](address)`)."""

    shape: str

    def read(self, raw: Any) -> Any:
        sample, form = _SHAPES[self.shape]
        fits = raw is None if sample is None else raw.__class__ is str and form.fullmatch(raw) is not None
        if not fits:
            raise Malformed(f"{shown(raw)} is no {self.shape}")
        return raw

    def write(self, value: Any) -> Any:
        return value

    def raws(self, draw: Draw) -> Any:
        return _SHAPES[self.shape][0]

    def values(self, draw: Draw) -> Any:
        return _SHAPES[self.shape][0]


@dataclass(frozen=True)
class Beginning(ValueLens):
    """A text that begins in one of several ways; recognises a case."""

    starts: tuple[str, ...]

    def read(self, raw: Any) -> str:
        if raw.__class__ is not str or not raw.startswith(self.starts):
            raise Malformed(f"{shown(raw)} does not begin with {' or '.join(self.starts)}")
        return raw

    def write(self, value: str) -> str:
        return value

    def raws(self, draw: Draw) -> Any:
        return draw.choice(self.starts) + draws.text(draw)

    def values(self, draw: Draw) -> str:
        return draw.choice(self.starts) + draws.text(draw)


@dataclass(frozen=True)
class PlainName(Text):
    """A text of Latin letters, digits, `_`, `-` and `$` only: a name that may stand beside a dot or a slash."""

    @property
    def through(self) -> str | None:
        return None

    @property
    def alphabet(self) -> frozenset[str] | None:
        """What such a name is made of."""
        return PLAIN

    def read(self, raw: Any) -> Any:
        value = Text.read(self, raw)
        if not PLAIN.issuperset(value):
            raise Malformed(f"{shown(raw)} is no plain name")
        return value

    def write(self, value: Any) -> Any:
        if not PLAIN.issuperset(value):
            raise Unsayable(f"{shown(value)} is no plain name")
        return Text.write(self, value)

    def raws(self, draw: Draw) -> Any:
        return draw.choice(("a", "order_id", "line-items", "T1", "$x"))

    def values(self, draw: Draw) -> Any:
        return self.raws(draw) if draw.integer(0, 3) else Text.values(self, draw)


@dataclass(frozen=True)
class OneLanguage(Text):
    """A text of ours in one language (`title@zh`): the value is the plain text under that tag."""

    tag: str = "und"

    def __post_init__(self) -> None:
        Text.__post_init__(self)
        scalars.normal_language(self.tag)


@dataclass(frozen=True)
class LangText(ValueLens):
    """A field without language marks ⇄ a langtext: the text stands under the default language. Class L.

    Write: the default language if it is there, the other languages are lost one by one; else the first of
    `fallback`, then und, en, zh, then the first tag by code point, and the whole text becomes that one language.
    """

    language: str
    fallback: tuple[str, ...] = ()
    spec: FieldSpec = ANY_FIELD
    shorten: bool = False
    _text: Text = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for tag in (self.language, *self.fallback):
            if scalars.normal_language(tag) != tag:
                raise ValueError(f"the language tag {shown(tag)} is written {shown(scalars.normal_language(tag))}")
        object.__setattr__(self, "_text", Text("text", self.spec, self.shorten))

    @property
    def through(self) -> str | None:
        """The language when a text (not empty, no lone surrogate) is read and written as it is; None: not always."""
        return self.language if self._text.through is not None else None

    def read(self, raw: Any) -> dict[str, str]:
        return {self.language: self._text.read(raw)}

    def write(self, value: dict[str, str]) -> Any:
        if self._text._through and len(value) == 1 and self.language in value:
            return value[self.language]
        tag = chosen_language(value, self.language, self.fallback)
        raw, parts = within(self._text.write(value[tag]), tag)
        if tag != self.language:
            # written under no tag, it is read under the default language
            text = parts[0].becomes if parts else value[tag]
            parts = (Said(raw, "changed", read_as(self.language, tag), {self.language: text}),)
        others = (omitted(no_language(tag), other) for other in value if other != tag)
        return said(raw, (*parts, *others))

    def raws(self, draw: Draw) -> Any:
        return self._text.raws(draw)

    def values(self, draw: Draw) -> dict[str, str]:
        return draws.langtext(draw, self.language)


def chosen_language(text: dict[str, Any], language: str, fallback: tuple[str, ...] = ()) -> str:
    """The tag that is written where only one language fits (canonical schema, decision 6)."""
    return next((tag for tag in (language, *fallback, *FALLBACK) if tag in text), min(text))
