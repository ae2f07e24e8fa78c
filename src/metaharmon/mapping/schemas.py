"""The fields of a dialect, read from its JSON Schema: types, lengths, obligation.

Only the structure is used (`properties`, `items`, `type`, `required`, `maxLength`, `maxProperties`, `enum`, `$ref` within the file,
`patternProperties` and `additionalProperties` as an open level); full validation is the validators' work.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.base import FieldSpec
from metaharmon.mapping.grammar import Report, place_of

MAX_DEPTH = 12


def field_specs(path: Path, said: Any, report: Report) -> dict[str, FieldSpec]:
    """Every leaf field of a schema by its path text; list levels are `[]`, open levels `{}`."""
    try:
        schema = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:
        reason = "is not JSON" if isinstance(exc, ValueError) else "cannot be read"
        report.add(dx.BAD_SCHEMA, f"the schema '{said}' {reason}", place_of(said))
        return {}
    if not isinstance(schema, dict):
        report.add(dx.BAD_SCHEMA, f"the schema '{said}' is not an object", place_of(said))
        return {}
    out: dict[str, FieldSpec] = {}
    _walk(schema, schema, "", False, out, 0)
    return out


def _walk(node: Any, root: dict[str, Any], path: str, required: bool, out: dict[str, FieldSpec], depth: int) -> None:
    node = _resolved(node, root)
    if not isinstance(node, dict) or depth > MAX_DEPTH:
        return
    below = False
    needed = set(node.get("required", ()))
    for name, member in node.get("properties", {}).items():
        below = True
        step = name if _plain(name) else json.dumps([name], ensure_ascii=False)
        _walk(member, root, f"{path}.{step}" if path else step, name in needed, out, depth + 1)
    items = node.get("items")
    if isinstance(items, dict) and _structured(_resolved(items, root)):
        below = True
        _walk(items, root, f"{path}[]", False, out, depth + 1)
    if path and not below:
        out[path] = replace(_spec(node, required), names=path.endswith("@type"))


def _plain(name: str) -> bool:
    return bool(name) and not set('.[]={}^"') & set(name) and name == name.strip()


def _structured(node: Any) -> bool:
    return isinstance(node, dict) and ("properties" in node or "items" in node)


def _resolved(node: Any, root: dict[str, Any]) -> Any:
    for _ in range(8):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str) and node["$ref"].startswith("#/")):
            return node
        here: Any = root
        for part in node["$ref"][2:].split("/"):
            here = here.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(here, dict) else {}
        node = here
    return node


def _spec(node: dict[str, Any], required: bool) -> FieldSpec:
    types = node.get("type", ())
    listed = (types,) if isinstance(types, str) else tuple(types)
    length = node.get("maxLength")
    enum = node.get("enum")
    most = node.get("maxProperties")
    return FieldSpec(
        listed,
        length if isinstance(length, int) else None,
        required,
        tuple(enum) if isinstance(enum, list) else None,
        most=most if isinstance(most, int) else None,
    )
