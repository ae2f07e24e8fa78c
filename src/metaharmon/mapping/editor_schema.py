"""The JSON Schema of mapping files, for editors: `schemas/mapping-1.schema.json` is what this module makes.

Draft-07, because editors' YAML language servers read that. It helps with words and forms while one writes; what only
the checker can know (paths, codes, tables) it leaves to the checker. `python -m metaharmon.mapping.editor_schema`
writes the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from metaharmon import resources
from metaharmon.mapping.grammar import json_schema
from metaharmon.mapping.syntax import CONSTRUCTS, File

TITLE = "metaharmon mapping, version 1"
FILE_NAME = "mapping-1.schema.json"


def editor_schema() -> dict[str, Any]:
    """The schema as a JSON value."""
    made = json_schema(File, TITLE, CONSTRUCTS)
    made["definitions"]["Rule"]["properties"]["field"]["anyOf"].append(
        {"type": "object", "description": "language: path, for parallel fields"}
    )
    made["definitions"]["File"]["required"] = ["dialect"]
    return _for_editors(made)


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(editor_schema(), ensure_ascii=False, indent=1) + "\n"


def _for_editors(node: Any) -> Any:
    """The same schema for a reader that types scalars and, as draft-07 asks, ignores what stands beside `$ref`.

    Mapping files are read as texts: `2` and `'2'` are one, so what is a number or truth value may be quoted, and a
    word that looks like a number need not be.
    """
    if isinstance(node, list):
        return [_for_editors(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _for_editors(value) for key, value in node.items()}
    beside = {key: value for key, value in made.items() if key != "$ref"}
    if made.get("type") == "integer":
        return _either(made, {"type": "string", "pattern": "^[0-9]{1,6}$"})
    if made.get("type") == "boolean":
        return _either(made, {"enum": ["true", "false"]})
    if isinstance(made.get("enum"), list):
        return {**made, "enum": [*made["enum"], *(int(word) for word in made["enum"] if word.isdigit())]}
    if isinstance(made.get("$ref"), str) and beside:
        return {**beside, "allOf": [{"$ref": made["$ref"]}]}
    return made


def _either(typed: dict[str, Any], text: dict[str, Any]) -> dict[str, Any]:
    description = typed.pop("description", None)
    either: dict[str, Any] = {"anyOf": [typed, text]}
    return either if description is None else {**either, "description": description}


def main() -> None:
    """Write the schema into the folder of schemas."""
    Path(resources.root(), "schemas", FILE_NAME).write_text(schema_text(), "utf-8")


if __name__ == "__main__":
    main()
