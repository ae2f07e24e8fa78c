"""Official validators of dialects: what stands in `data/official.yaml`, run on records that were written afresh.

JSON Schemas and SHACL shapes are read from the folder beside the corpus; nothing is fetched. A validator gives the
complaints about a record, each one sentence; none means that the record is valid there.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import shipped
from metaharmon.files.jsontext import dumps
from metaharmon.yamltext import read_file

SCHEMAS = shipped.CORPUS / "_schemas"
TABLE = Path(__file__).parent / "data" / "official.yaml"
MOST = 5
Validate = Callable[[dict[str, Any]], list[str]]


@cache
def said() -> dict[str, dict[str, str]]:
    """The table: dialect -> words."""
    return {str(name): {str(k): str(v) for k, v in words.items()} for name, words in read_file(TABLE).items()}


@cache
def validators(name: str) -> tuple[tuple[str, Validate], ...]:
    """The validators of a dialect, by what they are called."""
    words = said()[name]
    found: list[tuple[str, Validate]] = []
    if "json_schema" in words:
        found.append(("JSON Schema", _json_schema(SCHEMAS / words["json_schema"], words.get("pointer"))))
    if "shacl" in words:
        found.append(("SHACL", _shacl(tuple(SCHEMAS / one for one in words["shacl"].split()))))
    if "library" in words:
        found.append((words["library"], LIBRARIES[words["library"]]))
    return tuple(found)


def complaints(name: str, record: dict[str, Any]) -> list[str]:
    """What the dialect's validators say against a record."""
    plain = json.loads(dumps(record))
    return [f"{what}: {one}" for what, validate in validators(name) for one in validate(plain)]


# --- JSON Schema


def _json_schema(path: Path, pointer: str | None) -> Validate:
    from jsonschema.validators import validator_for
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    schema = json.loads(path.read_text("utf-8"))
    beside = {}
    for file in path.parent.rglob("*.json"):
        try:
            beside[file] = json.loads(file.read_text("utf-8"))
        except ValueError:
            continue
    resources = []
    for file, content in beside.items():
        if isinstance(content, dict):
            resource = Resource.from_contents(content, default_specification=DRAFT202012)
            names = {content.get("$id"), content.get("id"), file.name, file.as_uri()}
            resources.extend((str(name), resource) for name in names if name)
    registry = Registry().with_resources(resources)
    if pointer is not None:
        schema = {"$schema": schema.get("$schema"), "$ref": f"{schema.get('$id') or path.name}#{pointer}"}
    made = validator_for(schema)(schema, registry=registry)

    def validate(record: dict[str, Any]) -> list[str]:
        return [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:160]}" for e in _first(made.iter_errors(record))]

    return validate


def _first(errors: Iterator[Any]) -> Iterator[Any]:
    for i, error in enumerate(errors):
        if i >= MOST:
            return
        yield error


# --- SHACL


def _shacl(paths: tuple[Path, ...]) -> Validate:
    from rdflib import Graph

    shapes = Graph()
    for path in paths:
        shapes.parse(path, format="turtle")

    def validate(record: dict[str, Any]) -> list[str]:
        from pyshacl import validate as check
        from rdflib.namespace import SH

        graph = Graph().parse(data=json.dumps(record), format="json-ld")
        conforms, report, _ = check(graph, shacl_graph=shapes, advanced=False)
        if conforms:
            return []
        found = []
        for result in report.subjects(predicate=SH.resultPath):
            if (result, SH.resultSeverity, SH.Violation) in report:
                path, message = report.value(result, SH.resultPath), report.value(result, SH.resultMessage)
                found.append(f"{path}: {str(message)[:160]}")
        return sorted(found)[:MOST]

    return validate


# --- libraries


def _frictionless(record: dict[str, Any]) -> list[str]:
    from frictionless import Package
    from frictionless.exception import FrictionlessException

    try:
        report = Package.metadata_validate(record)
    except FrictionlessException as trouble:
        return [str(trouble)[:160]]
    return [str(error)[:160] for error in list(report)[:MOST]]


def _mlcroissant(record: dict[str, Any]) -> list[str]:
    import mlcroissant

    logging.getLogger("absl").setLevel(logging.ERROR)
    refused = mock.Mock(side_effect=OSError("no network in tests"))
    try:
        with mock.patch("socket.create_connection", refused):
            mlcroissant.Dataset(jsonld=record)
    except mlcroissant.ValidationError as trouble:
        return [line.strip()[:200] for line in str(trouble).splitlines() if "-  [" in line][:MOST] or [
            str(trouble)[:200]
        ]
    return []


LIBRARIES: dict[str, Validate] = {"frictionless": _frictionless, "mlcroissant": _mlcroissant}
