"""What a code is in ours: a text, a concept, a licence, a place or a frequency (canonical schema 2.1, 2.2, 2.4).

A target builds the value of ours for a code or for an unknown text, and takes it apart again when it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from metaharmon import codelists
from metaharmon.diagnostics import shown
from metaharmon.lenses.base import Said, Unsayable
from metaharmon.lenses.raws import omitted
from metaharmon.lenses.reasons import holds_only, no_code, no_language, read_as
from metaharmon.lenses.text import chosen_language
from metaharmon.model import scalars

Parts = tuple[Said, ...]


@dataclass(frozen=True)
class Target:
    """A plain code: ours is the text of the code. The base of the other targets."""

    scheme: str
    edition: str | None = None
    language: str = "und"

    members = ()
    """The members of ours that can hold an unknown text: label, uri, name."""

    def check(self, code: str) -> None:
        """Raise ValueError for a code of ours that the target cannot hold."""

    def of_code(self, code: str) -> Any:
        """Ours of a code."""
        return code

    def of_unknown(self, raw: Any, member: str) -> Any:
        """Ours of a text that is no code, held by `member`; None if it cannot be."""
        return None

    def code_of(self, value: Any) -> tuple[str | None, Parts]:
        """The code of ours (None: it has none) and what is lost beside it. Raises Unsayable."""
        return value, ()

    def unknown_of(self, value: Any, member: str) -> tuple[str | None, Parts]:
        """The text that `member` holds (None: none), and what is lost: of the whole where it is read otherwise."""
        return None, ()

    def spare_of(self, value: Any, member: str) -> bool:
        """Whether a value whose code the field does not take may be written by what `member` holds beside it."""
        return "same" in self.members

    def uncoded(self, value: Any) -> str:
        """Why a value without a code that the field takes is lost."""
        return no_code(value)

    def label_of(self, value: Any, code: str) -> str | None:
        """The label of a code: its own, or that of the code list."""
        return label_of(self.scheme, code)

    def strange(self) -> tuple[Any, ...]:
        """Values for generated products that no table has."""
        return ("no_such_code",)

    def adorned(self, value: Any) -> Any:
        """The value with members that are lost when only its code is written."""
        return value


@dataclass(frozen=True)
class TextTarget(Target):
    """A text of which some words have a code; others are the text itself (`unmapped: same`)."""

    kind = "text"
    members = ("same",)

    def of_unknown(self, raw: Any, member: str) -> Any:
        try:
            return scalars.scalar(raw, self.kind) if raw.__class__ is str and member == "same" else None
        except ValueError:
            return None

    def unknown_of(self, value: Any, member: str) -> tuple[str | None, Parts]:
        return (value if member == "same" else None), ()

    def strange(self) -> tuple[Any, ...]:
        return ("no_such_code",)


class LanguageTarget(TextTarget):
    """A language tag of which some have other names."""

    kind = "language"

    def strange(self) -> tuple[Any, ...]:
        return ("fi", "zh-Hant")


@dataclass(frozen=True)
class DurationTarget(Target):
    """A code that is a duration in normal form."""

    def check(self, code: str) -> None:
        if scalars.normal_duration(code) != code:
            raise ValueError(f"the duration {code} is written {scalars.normal_duration(code)}")

    def strange(self) -> tuple[Any, ...]:
        return ("P7Y", "PT0.5S")


@dataclass(frozen=True)
class ObjectTarget(Target):
    """An object of ours with the code in one member and texts for unknown codes in others."""

    code_member = "code"

    def of_code(self, code: str) -> Any:
        return {**self._frame(with_code=True), self.code_member: code}

    def _frame(self, with_code: bool) -> dict[str, str]:
        """The members that stand around the code, or around the text of an unknown code."""
        return {}

    def of_unknown(self, raw: Any, member: str) -> Any:
        if member == "uri_or_name":
            member = "uri" if scalars.is_uri(raw) else "name"
        if raw.__class__ is not str or not raw or member not in self.members:
            return None
        if member == "uri":
            return {**self._frame(False), "uri": raw} if scalars.is_uri(raw) else None
        try:
            return {**self._frame(False), member: {self.language: scalars.normal_text(raw)}}
        except ValueError:
            return None

    def code_of(self, value: Any) -> tuple[str | None, Parts]:
        self._same_list(value)
        code = value.get(self.code_member)
        if code is None:
            return None, ()
        return code, self._beside(value, {**self._frame(True), self.code_member: code}, "code")

    def _same_list(self, value: Any) -> None:
        """Raise Unsayable when the value belongs to another list."""

    def _beside(self, value: dict[str, Any], back: dict[str, Any], held: str) -> Parts:
        """The members that differ between the value and what is read back, each with its fate; `held`: what is held."""
        lost = [omitted(holds_only(held), name) for name in value if name not in back]
        for name, member in back.items():
            if name not in value:
                lost.append(Said(None, "added", f"the field always means the {name} {member}", member, (name,)))
        return tuple(lost)

    def unknown_of(self, value: Any, member: str) -> tuple[str | None, Parts]:
        if member == "uri_or_name":
            member = "uri" if "uri" in value else "name"
            raw, parts = self.unknown_of(value, member)
            if member == "name" and scalars.is_uri(raw):
                back = {**self._frame(False), "uri": raw}
                parts = (Said(raw, "changed", f"{shown(raw)} is an address, and it is read as one", back),)
            return raw, parts
        text = value.get(member) if member in self.members else None
        if text is None:
            return None, ()
        if member == "uri":
            return text, self._beside(value, {**self._frame(False), "uri": text}, member)
        tag = chosen_language(text, self.language)
        back = {**self._frame(False), member: {self.language: text[tag]}}
        parts = self._beside(value, back, member)
        if tag != self.language:
            changed = Said(text[tag], "changed", read_as(self.language, tag), back)
            parts = (changed, *(part for part in parts if part.kind == "omitted"))
        others = (omitted(no_language(tag), member, other) for other in text if other != tag)
        return text[tag], (*parts, *others)

    def uncoded(self, value: Any) -> str:
        code = value.get(self.code_member)
        return no_code(code, self.label_of(value, code)) if code else f"it has no code{_named(value)}"

    def label_of(self, value: Any, code: str) -> str | None:
        text = next((value[name] for name in ("label", "name") if value.get(name).__class__ is dict), None)
        return text[chosen_language(text, self.language)] if text else label_of(value.get("scheme", self.scheme), code)


@dataclass(frozen=True)
class ConceptTarget(ObjectTarget):
    """A concept: {scheme, edition?, code}, or {scheme, label} or {scheme, uri} for a text that is no code."""

    members = ("label", "uri")

    def _frame(self, with_code: bool) -> dict[str, str]:
        frame = {"scheme": self.scheme}
        return {**frame, "edition": self.edition} if with_code and self.edition else frame

    def _same_list(self, value: Any) -> None:
        if value.get("scheme") != self.scheme:
            scheme = value.get("scheme")
            of = f"is of the code list {shown(scheme)}" if scheme else "is of no code list"
            raise Unsayable(f"it {of}, and the field takes codes of {shown(self.scheme)}")
        if self.edition and value.get("edition", self.edition) != self.edition:
            raise Unsayable(f"it is of the edition {value['edition']}, and the field takes {self.edition}")

    def strange(self) -> tuple[Any, ...]:
        return (
            {"scheme": self.scheme, "code": "no_such_code"},
            {"scheme": "local:elsewhere", "code": "1"},
            {"scheme": self.scheme, "label": {self.language: "未收录", "fi": "tuntematon"}},
            {"scheme": self.scheme, "label": {"fi": "tuntematon"}},
            {"scheme": self.scheme, "uri": "https://example.org/concept"},
        )

    def adorned(self, value: Any) -> Any:
        return {**value, "label": {self.language: "标签"}, "uri": "https://example.org/concept"}


@dataclass(frozen=True)
class PlaceTarget(ConceptTarget):
    """A place: {scheme, edition?, code}; the text of a place that is no code stands alone, without a scheme."""

    def _frame(self, with_code: bool) -> dict[str, str]:
        return ConceptTarget._frame(self, True) if with_code else {}

    def _same_list(self, value: Any) -> None:
        if "code" in value or "scheme" in value:
            ConceptTarget._same_list(self, value)

    def strange(self) -> tuple[Any, ...]:
        return (
            *ConceptTarget.strange(self),
            {"label": {self.language: "未收录", "fi": "tuntematon"}},
            {"bbox": {"west": "1", "south": "2", "east": "3", "north": "4"}},
        )


@dataclass(frozen=True)
class LicenceTarget(ObjectTarget):
    """A licence: {id}; {uri} or {name} where the licence is unknown (canonical schema, decision 12)."""

    members = ("uri", "name")
    code_member = "id"

    def spare_of(self, value: Any, member: str) -> bool:
        """An address or a name beside a licence that has no code there says which it is."""
        return any(name in value for name in member.split("_or_"))

    def strange(self) -> tuple[Any, ...]:
        return (
            {"id": "no-such-licence"},
            {"uri": "https://example.org/licence", "name": {"en": "Ours"}},
            {"name": {self.language: "自定", "en": "Own"}},
            {"text": {"en": "Free for all."}},
        )

    def adorned(self, value: Any) -> Any:
        return {**value, "text": {"en": "Free for all."}}


@dataclass(frozen=True)
class FrequencyTarget(ObjectTarget):
    """An update frequency: codes in short form; a word that is no code is {kind: other, text}."""

    members = ("label",)

    def check(self, code: str) -> None:
        normal = scalars.short(scalars.frequency(code))
        if normal != code:
            raise ValueError(f"the frequency {code} is written {normal}")

    def of_code(self, code: str) -> Any:
        return scalars.frequency(code)

    def of_unknown(self, raw: Any, member: str) -> Any:
        found = ObjectTarget.of_unknown(self, raw, member)
        return None if found is None else {"kind": "other", "text": found["label"]}

    def code_of(self, value: Any) -> tuple[str | None, Parts]:
        if value["kind"] == "other" and "text" in value:
            return None, ()
        lost = (omitted(holds_only("code"), "text"),) if "text" in value else ()
        return scalars.short(value), lost

    def unknown_of(self, value: Any, member: str) -> tuple[str | None, Parts]:
        raw, parts = ObjectTarget.unknown_of(self, {"label": value["text"]}, member)
        return raw, tuple(
            replace(part, becomes={"kind": "other", "text": part.becomes["label"]})
            if part.kind == "changed"
            else omitted(part.reason, "text", *part.inside[1:])
            for part in parts
        )

    def uncoded(self, value: Any) -> str:
        return f"it has no code{_named({'label': value['text']})}"

    def strange(self) -> tuple[Any, ...]:
        return (
            {"kind": "periodic", "count": 1, "period": "P7Y"},
            {"kind": "other", "text": {self.language: "随时", "en": "now and then"}},
            {"kind": "other", "text": {"fi": "silloin tällöin"}},
            {"kind": "other"},
        )

    def adorned(self, value: Any) -> Any:
        return {**value, "text": {self.language: "说明"}}


def label_of(scheme: str, code: Any) -> str | None:
    """The label of a code in a canonical code list; None where there is none."""
    try:
        found = codelists.load(scheme).codes.get(code)
    except KeyError:
        return None
    label = None if found is None else found.en or found.zh
    return label if label and _plain(label) != _plain(code) else None


def _plain(text: str) -> str:
    return text.casefold().translate({ord(mark): None for mark in " _-"})


def _named(value: dict[str, Any]) -> str:
    """What a value without a code says of itself, for a reason."""
    text = next((value[name] for name in ("label", "name", "uri") if name in value), None)
    plain = text[chosen_language(text, "zh")] if text.__class__ is dict else text
    return f", and the field takes codes only: {shown(plain)}" if plain else ", and the field takes codes only"


TARGETS: dict[str, type[Target]] = {
    "code": Target,
    "text": TextTarget,
    "language": LanguageTarget,
    "duration": DurationTarget,
    "concept": ConceptTarget,
    "licence": LicenceTarget,
    "place": PlaceTarget,
    "frequency": FrequencyTarget,
}
