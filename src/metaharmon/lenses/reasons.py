"""The sentences that say why something of ours is lost, where several rooms say the same."""

from __future__ import annotations

from collections.abc import Collection

from metaharmon.diagnostics import shown

NO_FIELD = "the dialect has no field for it"
"""Said only where no rule of the dialect claims anything at that path."""
ONE_VALUE = "the field takes one value, and this is another"
NOTHING_SAID = "nothing of this entry can be said there"


def no_language(tag: str, what: str = "text") -> str:
    """Why other languages are lost where a field has none; `tag` is the one that it holds."""
    return f"the field has no language; it holds the {what} in '{tag}'"


def one_language(tag: str) -> str:
    """Why other languages are lost where a field takes one; `tag` is the one that it holds."""
    return f"the field takes one language, and it holds the text in '{tag}'"


def only_languages(tags: Collection[str]) -> str:
    """Why a language is lost where the dialect has fields for some."""
    named = " and ".join(f"'{tag}'" for tag in sorted(tags))
    return f"the dialect has {'a field' if len(tags) == 1 else 'fields'} for {named} only"


def read_as(language: str, tag: str, what: str = "text") -> str:
    """Why a text in one language is read in another there."""
    return f"the field has no language; read as '{language}', it holds the {what} in '{tag}'"


def holds_only(member: str) -> str:
    """Why the other members of an entry are lost."""
    return f"the field holds only the {member}"


def means_nothing(raw: object) -> str:
    """Why a value cannot be written: it is one of the dialect's words for nothing."""
    return f"{shown(raw)} means 'nothing' there"


def no_code(code: object, label: str | None = None) -> str:
    """Why a code is lost; with its label, where it has one."""
    return f"the code table of the field has no code for {shown(code)}{f' ({label})' if label else ''}"


def no_kind(said: Collection[tuple[str, object]], lacking: Collection[str] = ()) -> str:
    """Why an entry is lost of whose kind the dialect has none; the members by which kinds are told apart."""
    parts = [f"with {name}" if isinstance(value, (dict, list)) else f"{name}={_bare(value)}" for name, value in said]
    parts += [f"no {name}" for name in lacking]
    told = f" ({', '.join(parts)})" if parts else ""
    return f"the dialect has no field for entries of this kind{told}"


def _bare(value: object) -> str:
    return shown(value)[1:-1] if isinstance(value, str) else shown(value)


def nothing_said(reasons: Collection[str]) -> str:
    """Why an entry is lost of which nothing is left, given why each part of it is."""
    told = [reason for reason in reasons if reason not in (NO_FIELD, NOTHING_SAID)]
    return f"{NOTHING_SAID}: {told[0]}" if told else NOTHING_SAID
