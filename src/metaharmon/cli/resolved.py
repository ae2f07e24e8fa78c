"""A mapping with all that it inherits, as YAML lines that say where each entry comes from."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

from metaharmon.mapping.load import Mapping
from metaharmon.mapping.syntax import Kept, Rule
from metaharmon.paths import TheirPath

_PLAIN = re.compile(r"[^\W\d_][\w.@/-]*\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
SECTIONS = ("fields", "derived", "codes", "kept", "absent")


def resolved_lines(mapping: Mapping) -> Iterator[str]:
    """The lines: the head, then every entry of every section with the file and line of its origin."""
    says = mapping.says
    yield f"dialect: {mapping.name}"
    for name in (
        "title",
        "version",
        "canonical",
        "evidence",
        "defaults",
        "schema",
        "envelope",
        "container",
        "holds",
        "places",
        "carry",
    ):
        value = getattr(says, name)
        if value not in (None, ()):
            yield f"{name}: {flow(value)}"
    for section in SECTIONS:
        entries = getattr(says, section)
        if entries:
            yield f"{section}:"
        for key, value in entries:
            place = getattr(value, "place", None) or getattr(key, "place", None)
            origin = f"   # {place.file}:{place.line}" if place else ""
            yield f"  {flow(key)}: {flow(value)}{origin}"


def flow(value: Any) -> str:
    """A construct of the language in YAML's flow style."""
    if isinstance(value, TheirPath):
        return _scalar(value.text) if not value.text.startswith("[") else value.text
    if isinstance(value, Rule) and value.branches:
        return f"[{', '.join(map(flow, value.branches))}]"
    if isinstance(value, Kept) and not value.together:
        return _scalar(str(value.why or ""))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _words(value)
    if isinstance(value, dict):
        return _map(value.items())
    if isinstance(value, list | tuple):
        pairs = value and all(isinstance(entry, tuple) and len(entry) == 2 for entry in value)
        return _map(value) if pairs else f"[{', '.join(map(flow, value))}]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return _scalar(str(value))


def _words(value: Any) -> str:
    said = {}
    for spec in dataclasses.fields(value):
        member = getattr(value, spec.name)
        if spec.name not in ("place", "branches") and member not in (None, (), False):
            said[spec.metadata.get("name") or spec.name] = member
    only = next(iter(said.values()), None)
    if isinstance(value, Rule) and list(said) == ["field"] and isinstance(only, TheirPath):
        return flow(only)
    return _map(said.items())


def _map(pairs: Any) -> str:
    return "{" + ", ".join(f"{flow(key)}: {flow(member)}" for key, member in pairs) + "}"


def _scalar(text: str) -> str:
    if _PLAIN.match(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
