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
import sockets
from metaharmon.files.jsontext import dumps
from metaharmon.yamltext import read_file

SCHEMAS = shipped.CORPUS / "_schemas"
TABLE = Path(__file__).parent / "data" / "official.yaml"
MOST, LENGTH = 5, 300
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
        found.append(("JSON Schema", json_schema(words["json_schema"], words.get("pointer"))))
    if "shacl" in words:
        found.append(("SHACL", shacl(words["shacl"], words.get("context"))))
    if "library" in words:
        found.append((words["library"], LIBRARIES[words["library"]]))
    return tuple(found)


def complaints(name: str, record: dict[str, Any]) -> list[str]:
    """What the dialect's validators say against a record."""
    plain = json.loads(dumps(record))
    return [f"{what}: {one}" for what, validate in validators(name) for one in validate(plain)]


# --- JSON Schema


def json_schema(name: str, pointer: str | None = None) -> Validate:
    """The validator of a JSON Schema; files beside it are found by their `$id` and by their names."""
    from jsonschema.validators import validator_for
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    path = SCHEMAS / name
    schema, resources = _load(path), []
    for file in path.parent.rglob("*.json"):
        try:
            content = _load(file)
        except ValueError:
            continue
        if isinstance(content, dict):
            resource = Resource.from_contents(content, default_specification=DRAFT202012)
            own = str(content.get("$id") or content.get("id") or "")
            beside = own.rpartition("/")[0] + "/" + file.name  # one file of STAC has a slip in its `$id`
            resources.extend((one, resource) for one in (own, beside, file.name, file.as_uri()) if one)
    registry = Registry().with_resources(resources)
    if pointer is not None:
        schema = {"$schema": schema.get("$schema"), "$ref": f"{schema.get('$id') or path.name}#{pointer}"}
    kind = validator_for(schema)
    made = kind(schema, registry=registry)

    def validate(record: dict[str, Any]) -> list[str]:
        return [
            f"{'.'.join(map(str, e.absolute_path))}: {e.message[:LENGTH]}" for e in _first(made.iter_errors(record))
        ]

    return validate


def _load(path: Path) -> Any:
    """A published JSON Schema, with what no validator of today could read put right."""
    return _mended(json.loads(path.read_text("utf-8")))


def _mended(node: Any) -> Any:
    if isinstance(node, list):
        return [_mended(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {name: _mended(one) for name, one in node.items()}
    reference = made.get("$ref")
    if isinstance(reference, str):
        # Argentina's files name a definition without the slash of a JSON Pointer: `mixed-types.json#stringOrNull`
        file, mark, tail = reference.partition("#")
        made["$ref"] = f"{file}#/{tail}" if mark and tail and not tail.startswith("/") else reference
        if made.get("type") == "object":
            # ODPS says that `dataAccess` and `paymentGateways` are objects and refers to arrays: nothing could be valid
            del made["type"]
    return made


def _first(errors: Iterator[Any]) -> Iterator[Any]:
    for i, error in enumerate(errors):
        if i >= MOST:
            return
        yield error


# --- SHACL


def shacl(names: str, context: str | None = None) -> Validate:
    """The validator of shapes, whose files are named with spaces between; `context` is that of the project, by file."""
    from rdflib import Graph
    from rdflib.namespace import SH

    shapes = Graph()
    for name in names.split():
        shapes.parse(SCHEMAS / name, format="turtle")
    for triple in list(shapes.triples((None, SH.property, None))):
        if (triple[2], SH.path, None) not in shapes:  # two in the published file of DCAT-AP have no path: no shapes
            shapes.remove(triple)
    words = json.loads((shipped.ROOT / context).read_text("utf-8")) if context else {}

    def validate(record: dict[str, Any]) -> list[str]:
        from pyshacl import validate as check

        graph = Graph().parse(data=json.dumps(record | words), format="json-ld")
        conforms, report, text = check(graph, shacl_graph=shapes, advanced=False)
        if conforms:
            return []
        found = []
        for result in report.subjects(predicate=SH.resultSeverity):
            if (result, SH.resultSeverity, SH.Violation) in report:
                path, message = report.value(result, SH.resultPath), report.value(result, SH.resultMessage)
                found.append(f"{path}: {str(message)[:LENGTH]}")
        return sorted(found)[:MOST] or [str(text)[:LENGTH]]

    return validate


# --- libraries


def _frictionless(record: dict[str, Any]) -> list[str]:
    from frictionless import Package
    from frictionless.exception import FrictionlessException

    try:
        report = list(Package.metadata_validate(record))
    except FrictionlessException as trouble:
        return [str(trouble.error.message)[:LENGTH]]
    return [str(error.message)[:LENGTH] for error in report[:MOST]]


def _mlcroissant(record: dict[str, Any]) -> list[str]:
    with sockets.allowed():  # urllib3 tries a local one as soon as it is imported
        import mlcroissant

    logging.getLogger("absl").setLevel(logging.ERROR)
    refused = mock.Mock(side_effect=OSError("no network in tests"))
    try:
        with mock.patch("socket.create_connection", refused), sockets.allowed():  # it imports more while it runs
            mlcroissant.Dataset(jsonld=record)
    except mlcroissant.ValidationError as trouble:
        errors = str(trouble).partition(" warning(s)")[0].splitlines()
        return [line.strip()[:200] for line in errors if line.strip().startswith("-  ")][:MOST] or [str(trouble)[:200]]
    return []


LIBRARIES: dict[str, Validate] = {"frictionless": _frictionless, "mlcroissant": _mlcroissant}
