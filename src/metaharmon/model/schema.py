"""The JSON Schema of canonical JSON, read off the models: `python -m metaharmon.model.schema`.

It is written to `schemas/canonical-1.schema.json` (JSON Schema draft 2020-12). It describes the normal form; what only
code can test (sorting, days of the calendar, codes of a scheme) is left to `normal`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from metaharmon import codelists
from metaharmon.model import shape
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar
from metaharmon.model.reading import model_of
from metaharmon.model.scalars import LOCAL_SCHEMES
from metaharmon.model.terms import PREFIXES

Json = dict[str, Any]
PATH = "schemas/canonical-1.schema.json"

_TEXT: Json = {"type": "string", "minLength": 1}
_LANGUAGE = r"^([a-z]{2,8}|[xi](?=-))(-[A-Za-z0-9]{1,8})*$"
_SCALARS: dict[str, Json] = {
    "text": _TEXT,
    "decimal": {"type": "string", "pattern": r"^(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"},
    "ratio": {"type": "string", "pattern": r"^(0|1|0\.[0-9]*[1-9])$"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {
        "type": "string",
        "pattern": r"^[0-9]{4}(-(H[12]|Q[1-4])|-[0-9]{2}(-[0-9]{2}"
        r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|(?![+-]00:00)[+-][0-9]{2}:[0-9]{2})?)?)?)?$",
    },
    "duration": {
        "type": "string",
        "pattern": r"^P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?"
        r"(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$",
    },
    "uri": {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.\-]*:\S+$"},
    "language": {"type": "string", "pattern": _LANGUAGE},
}
_SAID = {"zh": "x-zh", "unit": "x-unit", "dimension": "x-dimension", "term": "x-term", "standards": "x-standards"}


def generate() -> Json:
    """The JSON Schema of a whole product."""
    run = _Generator()
    body = run.body(shape.root())
    del body["minProperties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:metaharmon:canonical:1",
        "x-prefixes": PREFIXES,
        "title": "metaharmon canonical data product, version 1",
        **body,
        "$defs": dict(sorted(run.defs.items())),
    }


def text() -> str:
    """The JSON Schema as the text of its file."""
    return json.dumps(generate(), ensure_ascii=False, indent=1) + "\n"


class _Generator:
    """Gathers one definition for every kind of object and every code list."""

    def __init__(self) -> None:
        self.defs: dict[str, Json] = {}

    def define(self, name: str, make: Callable[[], Json]) -> Json:
        if name not in self.defs:
            self.defs[name] = {}  # an object may hold itself
            self.defs[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def node(self, node: Node) -> Json:
        if isinstance(node, Scalar):
            return self.codelist(str(node.codelist)) if node.kind == "code" else dict(_SCALARS[node.kind])
        if isinstance(node, (LangText, LangList)):
            return self.languages(node)
        if isinstance(node, Keyed):
            return {
                "type": "object",
                "propertyNames": self.codelist(node.codelist),
                "additionalProperties": self.node(node.value),
                "minProperties": 1,
            }
        if isinstance(node, ListOf):
            return {"type": "array", "items": self.node(node.item), "minItems": 1}
        name = model_of(node).__name__ + (f".{node.dimension}" if node.dimension else "")
        return self.define(name, lambda: self.body(node))

    def languages(self, node: LangText | LangList) -> Json:
        values = _TEXT if isinstance(node, LangText) else {"type": "array", "items": _TEXT, "minItems": 1}
        made = {
            "type": "object",
            "propertyNames": {"pattern": _LANGUAGE},
            "additionalProperties": values,
            "minProperties": 1,
        }
        return self.define(type(node).__name__, lambda: made)

    def codelist(self, name: str) -> Json:
        return self.define(f"codelist.{name}", lambda: _codelist(name))

    def body(self, group: Group) -> Json:
        model = model_of(group)
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        made: Json = {
            "description": " ".join((model.__doc__ or "").split()),
            "type": "object",
            "properties": {name: self.member(node, fields[name]) for name, node in group.members.items()},
            "additionalProperties": False,
            "minProperties": 1,
        }
        if group.required:
            made["required"] = list(group.required)
        return made

    def member(self, node: Node, info: Any) -> Json:
        said = info.json_schema_extra
        made = {"description": info.description, **self.node(node)}
        made.update((key, said[name]) for name, key in _SAID.items() if name in said)
        if "codelist" in said:
            made["x-codelist"] = said["codelist"]
        if isinstance(node, Keyed):
            node = node.value
        if isinstance(node, ListOf):
            made["x-list"] = {"kind": node.kind, "by": list(node.by), "key": [list(names) for names in node.key]}
        return made


def _codelist(name: str) -> Json:
    known = codelists.load(name)
    title = known.title
    said: Json = {"description": title["en"], "x-zh": title["zh"], "type": "string"}
    if known.open is True:
        return {**said, "minLength": 1}
    choices: list[Json] = [{"enum": list(known.codes)}]
    if isinstance(known.open, str):
        choices.append({"pattern": f"^(?:{known.open})$"})
    if name in LOCAL_SCHEMES:
        choices.append({"pattern": f"^{codelists.LOCAL}."})
    return {**said, **choices[0]} if len(choices) == 1 else {**said, "anyOf": choices}


if __name__ == "__main__":
    from metaharmon.resources import root

    (root() / PATH).write_text(text(), encoding="utf-8")
