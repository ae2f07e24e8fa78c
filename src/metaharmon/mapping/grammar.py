"""How the words of the mapping language are declared, read from located YAML and turned into a JSON Schema.

A construct of the language is a frozen dataclass whose fields are made by `word(form, doc)`. The form reads the YAML
node and knows its JSON Schema; so the parser, the editor schema and the reference page come from one declaration.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Place
from metaharmon.lenses.forms import pieces_of
from metaharmon.paths import PathError, TheirPath, literal_path, parse_their_path
from metaharmon.yamltext import YList, YMap, YText


class Report(list[Diagnostic]):
    """Findings of one file, collected: the first is not the last."""

    def add(self, code: str, message: str, place: Place | None, hint: str | None = None) -> None:
        """Note a finding."""
        self.append(Diagnostic(code, message, place=place, hint=hint))


class Skip(Exception):
    """A node could not be read; the reason is in the report already."""


def place_of(node: Any) -> Place | None:
    """Where a node of the file stands."""
    return getattr(node, "place", None)


def kind_of(node: Any) -> str:
    """What a node is, in words."""
    return "a list" if isinstance(node, list) else "a map" if isinstance(node, dict) else "a text"


def closest(word: str, known: Any) -> str | None:
    """The known word that was probably meant, as a hint: of several alike the one of the same letters, if there is."""
    found = difflib.get_close_matches(str(word), list(known), 5, 0.6)
    same = next((one for one in found if sorted(one) == sorted(str(word))), None)
    return f"did you mean '{same or found[0]}'?" if found else None


@dataclass(frozen=True)
class Form:
    """A shape that a node may have: how it is read, and its JSON Schema."""

    read: Callable[[Any, Report], Any]
    schema: Callable[[], dict[str, Any]]
    default: Any = None


def refuse(node: Any, report: Report, wanted: str) -> None:
    """Note a node of the wrong form and give it up."""
    report.add(dx.WRONG_FORM, f"{wanted} is needed here, not {kind_of(node)}", place_of(node))
    raise Skip


def _text(node: Any, report: Report) -> Any:
    if not isinstance(node, YText):
        refuse(node, report, "a text")
    return node


TEXT = Form(_text, lambda: {"type": ["string", "number", "boolean", "null"]})


def _whole(node: Any, report: Report) -> int:
    text = _text(node, report)
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        refuse(node, report, "a whole number")
    return int(text)


WHOLE = Form(_whole, lambda: {"type": "integer", "minimum": 0})


def _flag(node: Any, report: Report) -> bool:
    text = _text(node, report)
    if text not in ("true", "false"):
        refuse(node, report, "true or false")
    return text == "true"


FLAG = Form(_flag, lambda: {"type": "boolean"})


def _texts(node: Any, report: Report) -> tuple[str, ...]:
    items = node if isinstance(node, YList) else [node]
    return tuple(_text(item, report) for item in items)


TEXTS = Form(_texts, lambda: {"anyOf": [TEXT.schema(), {"type": "array", "items": TEXT.schema()}]}, ())


def _nulls(node: Any, report: Report) -> tuple[Any, ...]:
    """Texts that mean nothing; a pair of beginning and end for placeholders."""
    out: list[Any] = []
    for item in node if isinstance(node, YList) else [node]:
        if isinstance(item, YMap):
            if set(item) != {"begins", "ends"} or not all(isinstance(one, YText) and one for one in item.values()):
                refuse(item, report, "a text, or {begins: …, ends: …}")
            out.append((str(item["begins"]), str(item["ends"])))
        else:
            out.append(_text(item, report))
    return tuple(out)


def _nulls_schema() -> dict[str, Any]:
    between = {
        "type": "object",
        "description": "placeholders: whatever stands between a beginning and an end",
        "properties": {word: {"type": "string", "minLength": 1} for word in ("begins", "ends")},
        "required": ["begins", "ends"],
        "additionalProperties": False,
    }
    one = [TEXT.schema(), between]
    return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}}]}


NULLS = Form(_nulls, _nulls_schema, ())


def _path(node: Any, report: Report) -> TheirPath:
    try:
        if isinstance(node, YList):
            steps: list[Any] = []
            for item in node:
                if isinstance(item, YMap) and list(item) == ["key"]:
                    key, _, value = _text(item["key"], report).partition("=")
                    steps.append((str(key), str(value)))
                else:
                    steps.append(str(_text(item, report)))
            return literal_path(steps)
        return parse_their_path(_text(node, report))
    except PathError as exc:
        report.add(dx.WRONG_FORM, str(exc), place_of(node))
        raise Skip from None


PATH = Form(
    _path, lambda: {"anyOf": [{"type": ["string", "number"]}, {"type": "array"}], "description": "a path of theirs"}
)


def _filled(node: Any, report: Report) -> tuple[str | TheirPath, ...]:
    """Literals, and the paths that stand in braces between them."""
    try:
        pieces = pieces_of(_text(node, report))
    except ValueError as exc:
        report.add(dx.WRONG_FORM, str(exc), place_of(node))
        raise Skip from None
    return tuple(_path(YText(p.part, node.place), report) if p.part else p.literal for p in pieces)


FILLED = Form(_filled, lambda: {"type": "string", "description": "a text with paths of theirs in braces"}, ())


def _paths(node: Any, report: Report) -> tuple[TheirPath, ...]:
    if isinstance(node, YList):
        return tuple(_path(item, report) for item in node)
    return (_path(node, report),)


PATHS = Form(_paths, lambda: {"anyOf": [{"type": "string"}, {"type": "array"}]}, ())


def choice(*words: str) -> Form:
    """One of some words."""

    def read(node: Any, report: Report) -> str:
        text = _text(node, report)
        if text not in words:
            report.add(dx.WRONG_FORM, f"'{text}' is none of {', '.join(words)}", place_of(node), closest(text, words))
            raise Skip
        return str(text)

    return Form(read, lambda: {"enum": list(words)})


def pairs(value: Form, key: Callable[[YText, Report], Any] = lambda k, _: k) -> Form:
    """A map, kept as a tuple of (key, value) in file order; keys keep their place."""

    def read(node: Any, report: Report) -> tuple[tuple[Any, Any], ...]:
        if not isinstance(node, YMap):
            refuse(node, report, "a map")
        out = []
        for k, v in node.items():
            try:
                out.append((key(k, report), value.read(v, report)))
            except Skip:
                continue
        return tuple(out)

    return Form(read, lambda: {"type": "object", "additionalProperties": value.schema()}, ())


def path_key(key: YText, report: Report) -> TheirPath:
    """A map key that is a path of theirs; a JSON list in text is the list form."""
    return _path(key, report)


def many(item: Form) -> Form:
    """A list, as a tuple; a single item may stand without the list."""

    def read(node: Any, report: Report) -> tuple[Any, ...]:
        out = []
        for one in node if isinstance(node, YList) else [node]:
            try:
                out.append(item.read(one, report))
            except Skip:
                continue
        return tuple(out)

    return Form(read, lambda: {"anyOf": [{"type": "array", "items": item.schema()}, item.schema()]}, ())


ANY = Form(lambda node, report: node, dict)


def word(form: Form, doc: str, name: str | None = None, default: Any = dataclasses.MISSING) -> Any:
    """A word of the language: its form, what it means, its spelling if Python keeps that for itself."""
    start = form.default if default is dataclasses.MISSING else default
    return field(default=start, metadata={"form": form, "doc": doc, "name": name})


def words_of(cls: type) -> dict[str, dataclasses.Field[Any]]:
    """The words that a construct has, by their spelling."""
    return {f.metadata["name"] or f.name: f for f in dataclasses.fields(cls) if "form" in f.metadata}


def construct(
    cls: type, short: Callable[[Any, Report], Any] | None = None, short_schema: dict[str, Any] | None = None
) -> Form:
    """The form of a dataclass of words; `short` reads a node that is no map (`OURS: PATH`)."""

    def read(node: Any, report: Report) -> Any:
        if not isinstance(node, YMap):
            if short is None:
                refuse(node, report, "a map")
            return short(node, report)
        return read_words(cls, node, report)

    def schema() -> dict[str, Any]:
        here = {"$ref": f"#/definitions/{cls.__name__}"}
        return {"anyOf": [here, short_schema]} if short_schema else here

    return Form(read, schema)


def read_words(cls: type, node: YMap, report: Report) -> Any:
    """Read a map as a construct: unknown words are noted with a hint, known ones read by their form."""
    known, values = words_of(cls), {}
    for key, value in node.items():
        spec = known.get(str(key))
        if spec is None:
            report.add(
                dx.UNKNOWN_WORD, f"'{key}' is no word of the mapping language here", key.place, closest(key, known)
            )
            continue
        try:
            values[spec.name] = spec.metadata["form"].read(value, report)
        except Skip:
            continue
    return cls(place=node.place, **values)


def json_schema(cls: type, title: str, extra: tuple[type, ...] = ()) -> dict[str, Any]:
    """The JSON Schema (draft-07, which editors' YAML servers read) of a construct and those below it."""
    definitions: dict[str, Any] = {}
    for one in (cls, *extra):
        members = {
            name: {**f.metadata["form"].schema(), "description": f.metadata["doc"]} for name, f in words_of(one).items()
        }
        definitions[one.__name__] = {
            "type": "object",
            "description": (one.__doc__ or "").strip().split("\n")[0],
            "properties": members,
            "additionalProperties": False,
        }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "$ref": f"#/definitions/{cls.__name__}",
        "definitions": definitions,
    }
