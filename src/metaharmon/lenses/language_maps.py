"""Levels whose keys are language tags: an object of texts, or of lists of words, by language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.raws import ANY_FIELD, omitted, said
from metaharmon.lenses.reasons import one_language
from metaharmon.lenses.text import Text, chosen_language
from metaharmon.model import scalars
from metaharmon.model.normal import canonical_json


@dataclass(frozen=True)
class LangMap(ValueLens):
    """An object with language tags as keys ⇄ a langtext. Class R: the case of tags is spelling.

    Members that are null or '' say nothing. A key that is no language tag, a member that is no text, or two keys
    that differ by case only make the whole object malformed. A text in no known language (`und`) is written under
    `language`, the default of the dialect, and said so. With `only`, one text is written, under that tag.
    """

    spec: FieldSpec = ANY_FIELD
    language: str = "und"
    only: str | None = None
    _text: Text = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_text", Text("text", replace(self.spec, types=("string",))))

    def read(self, raw: Any) -> dict[str, Any]:
        found = {tag: self._member(tag, member) for tag, member in by_language(raw)}
        if not found:
            raise Malformed("no language has a text")
        return found

    def _member(self, tag: str, member: Any) -> Any:
        if member.__class__ is not str:
            raise Malformed(f"the text in '{tag}' is {shown(member)}, which is not a text")
        return self._text.read(member)

    def write(self, value: dict[str, str]) -> Any:
        if self.only is not None:
            return self._write_one(value, self.only)
        raw: dict[str, Any] = {}
        parts: list[Said] = []
        unknown = "und" in value and self.language != "und" and self.language not in value
        for tag, text in value.items():
            if tag == "und" and self.language in value and self.language != "und":
                parts.append(omitted(f"there is a text in '{self.language}' already", tag))
                continue
            try:
                raw[self.language if tag == "und" else tag] = self._text.write(text)
            except Unsayable as exc:
                parts.append(omitted(str(exc), tag))
        if not raw:
            raise Unsayable(parts[0].reason)
        if unknown and self.language in raw:
            return Said(raw, "changed", f"the language of the text is not known; it stands as '{self.language}'", raw)
        return said(raw, parts)

    def _write_one(self, value: dict[str, str], only: str) -> Any:
        tag = chosen_language(value, only)
        raw = {only: self._text.write(value[tag])}
        first: list[Said] = []
        if tag != only:
            first = [Said(raw, "changed", f"the field takes the language '{only}'; it holds the text in '{tag}'",
                          {only: value[tag]})]  # fmt: skip
        return said(raw, [*first, *(omitted(one_language(tag), other) for other in value if other != tag)])

    def raws(self, draw: Draw) -> Any:
        if draws.odd(draw):
            return draw.choice((*draws.ODD_RAWS, {"zh": "甲", "ZH": "乙"}, {"zh_Hant": "甲"}, {"en": 1}, {"EN": "a"}))
        return draws.langtext(draw, draw.choice(draws.LANGUAGES))

    def values(self, draw: Draw) -> dict[str, Any]:
        return draws.langtext(draw, draw.choice(draws.LANGUAGES))


@dataclass(frozen=True)
class LangListMap(LangMap):
    """An object with language tags as keys and lists of words ⇄ a langlist. Class R: the order of words is spelling.

    A single word may stand for a list of one, and with `alone` is written so. With `separator`, a text that is all
    there is in a language holds several words; blanks around them are spelling. With `one`, there is room for one word.
    """

    separator: str | None = None
    alone: bool = False
    one: bool = False

    def _member(self, tag: str, member: Any) -> list[str]:
        words = member if member.__class__ is list else [member]
        if not words or any(word.__class__ is not str or not word for word in words):
            raise Malformed(f"the words in '{tag}' are {shown(member)}, which is no list of texts")
        if self.separator is not None and len(words) == 1 and self.separator in words[0]:
            words = [word for word in map(str.strip, words[0].split(self.separator)) if word]
            if not words:
                raise Malformed(f"no word stands between the separators in '{tag}'")
        return sorted(map(self._text.read, words), key=canonical_json)

    def write(self, value: dict[str, Any]) -> Any:
        raw: dict[str, Any] = {}
        parts: list[Said] = []
        for tag, words in value.items():
            good: list[Any] = []
            places: list[int] = []
            for i, word in enumerate(words):
                try:
                    good.append(self._text.write(word))
                except Unsayable as exc:
                    parts.append(Said(None, "omitted", str(exc), inside=(tag, i)))
                else:
                    places.append(i)
            if self.separator is not None and len(good) == 1 and self.separator in good[0]:
                reason = f"{shown(good[0])} alone would be read as several words, for it holds {shown(self.separator)}"
                parts.append(Said(None, "omitted", reason, inside=(tag, places[0])))
                good = []
            if self.one and len(good) > 1:
                reason = "the field takes one text in each language, and this is another"
                parts += [Said(None, "omitted", reason, inside=(tag, i)) for i in places[1:]]
                good = good[:1]
            if good:
                raw[tag] = good[0] if (self.alone or self.one) and len(good) == 1 else good
        if not raw:
            raise Unsayable(parts[0].reason)
        return said(raw, parts)

    def raws(self, draw: Draw) -> Any:
        if draws.odd(draw):
            some = {"en": [f"a{self.separator or '-'} b{self.separator or '-'}"]}
            return draw.choice((*draws.ODD_RAWS, {"en": "a"}, {"en": []}, {"en": [1]}, {"EN": ["b", "a", "b"]}, some))
        return {tag: [text, *([draws.text(draw)] * draw.integer(0, 1))] for tag, text in self._drawn(draw).items()}

    def values(self, draw: Draw) -> dict[str, Any]:
        return {tag: sorted([text, draws.text(draw)], key=canonical_json) for tag, text in self._drawn(draw).items()}

    @staticmethod
    def _drawn(draw: Draw) -> dict[str, str]:
        return draws.langtext(draw, draw.choice(draws.LANGUAGES))


def by_language(raw: Any) -> Iterator[tuple[str, Any]]:
    """The members of such an object that say something, by normal tag. Raises Malformed."""
    if raw.__class__ is not dict:
        raise Malformed(f"{shown(raw)} is not an object by language")
    seen: set[str] = set()
    for tag, member in raw.items():
        try:
            plain = scalars.normal_language(tag)
        except ValueError as exc:
            raise Malformed(str(exc)) from None
        if member is None or member == "":
            continue
        if plain in seen:
            raise Malformed(f"the language '{plain}' stands twice")
        seen.add(plain)
        yield plain, member
