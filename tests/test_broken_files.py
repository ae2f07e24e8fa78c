"""Broken schemas and mappings of strangers: every verb says what is wrong and where, and none falls over."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import broken
import metaharmon as mh
import shipped
import spoiled_files
from metaharmon import interpreter
from metaharmon.checker import check_file
from metaharmon.cli import main
from metaharmon.diagnostics import Diagnostic
from metaharmon.files.jsonplaces import place_of_value
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.needs import needs
from metaharmon.mapping.schema_faults import faults, pattern_fault
from metaharmon.mapping.schemas import MOST_FIELDS, read_schema

WHOLE = """{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "type": "object",
 "properties": {
  "id": {"type": "string"},
  "name": %s
 }%s
}
"""


def schema_findings(folder: Path, name: str, more: str = "") -> list[Diagnostic]:
    """The findings of the sound mapping with this schema of its name, and what else the schema says at its top."""
    broken.write(folder, (broken.DEMO / "demo.yaml").read_text("utf-8"))
    (folder / "demo.schema.json").write_text(WHOLE % (name, more), "utf-8")
    found = check_file(folder / "demo.yaml", shipped.find, interpreter)
    return [d for d in found if d.place.file.endswith(".json")]


MEMBER = {
    # what stands at the field, the column of the fault on line 6, and what is said
    '{"type": null}': (20, "'type' is one of"),
    '{"type": 5}': (20, "'type' is one of"),
    '{"type": "text"}': (20, "not 'text'"),
    '{"type": ["string", 1]}': (31, "'type' is one of"),
    '{"properties": null}': (26, "'properties' is an object, not null"),
    '{"properties": 3}': (26, "'properties' is an object, not a number"),
    '{"properties": {"a": 7}}': (32, "a schema is an object, true or false, not a number"),
    '{"required": null}': (24, "'required' is a list of names, not null"),
    '{"required": "id"}': (24, "'required' is a list of names, not a text"),
    '{"required": [1]}': (25, "here stands a number"),
    '{"allOf": null}': (21, "'allOf' is a list of schemas, not null"),
    '{"allOf": 1}': (21, "'allOf' is a list of schemas, not a number"),
    '{"allOf": []}': (21, "not an empty one"),
    '{"allOf": [null]}': (22, "a schema is an object"),
    '{"anyOf": {}}': (21, "'anyOf' is a list of schemas, not an object"),
    '{"items": [{}]}': (21, "[{}] is not of type 'object', 'boolean'"),
    '{"items": 1}': (21, "a schema is an object"),
    '{"enum": "a"}': (20, "'enum' is a list, not a text"),
    '{"pattern": "["}': (23, "no regular expression"),
    '{"pattern": "a{99999}"}': (23, "a repetition of 10,000"),
    '{"pattern": 1}': (23, "'pattern' is a text"),
    '{"patternProperties": {"(": {}}}': (39, "no regular expression"),
    '{"maxLength": "9"}': (25, "'maxLength' is a whole number, not a text"),
    '{"maxLength": -1}': (25, "not -1"),
    '{"maxProperties": 1e400}': (29, "meta-schema"),
    '{"additionalProperties": "no"}': (36, "a schema is an object"),
    '{"dependentRequired": {"a": "b"}}': (39, "'dependentRequired' is a list of names"),
    '{"if": {"properties": 1}, "then": {}}': (33, "'properties' is an object"),
    '{"$ref": 1}': (20, "'$ref' is a text"),
    '{"$ref": "#/nowhere"}': (20, "there is nothing at '#/nowhere'"),
    '{"$ref": "#/properties/name"}': (20, "run in a circle"),
    '{"multipleOf": 0}': (26, "meta-schema"),
    '{"$comment": 1}': (24, "meta-schema"),
    "7": (11, "a schema is an object"),
}  # fmt: skip


@pytest.mark.parametrize("member", MEMBER)
def test_a_fault_of_a_schema_has_its_line_and_column(member: str, tmp_path: Path) -> None:
    col, says = MEMBER[member]
    found = schema_findings(tmp_path, member)
    assert {d.code for d in found} == {"MH214"}
    here = [d for d in found if (d.place.line, d.place.col) == (6, col)]
    assert here and says in here[0].message, found
    with pytest.raises(mh.MappingError) if "meta-schema" not in says and "[{}]" not in says else nullcontext():
        mh.load(tmp_path / "demo.yaml")


WHOLE_SCHEMAS = {
    "a part that is the whole": (', "allOf": [{"$ref": "#"}]', []),
    "a base that is itself": (', "allOf": [{"$ref": "demo.schema.json"}]', []),
    "a base that is not there": (', "allOf": [{"$ref": "none.json"}]', ["7:24"]),
    "references in a circle": (
        ', "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}', ["7:29", "7:57"]),
    "a draft that no one knows": (', "$defs": {"a": {"$schema": "https://example.org/x"}}', []),
    "a member twice": (', "type": "object"', ["7:9"]),
    "no JSON": (', "allOf": ', ["7:9"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_SCHEMAS)
def test_faults_of_a_whole_schema(name: str, tmp_path: Path) -> None:
    more, places = WHOLE_SCHEMAS[name]
    broken.write(tmp_path, (broken.DEMO / "demo.yaml").read_text("utf-8"))
    (tmp_path / "demo.schema.json").write_text(WHOLE % ('{"type": "string"}', more), "utf-8")
    found = [d for d in check_file(tmp_path / "demo.yaml", shipped.find, interpreter) if d.code == "MH214"]
    assert [f"{d.place.line}:{d.place.col}" for d in found] == places, found


def test_an_unknown_draft_is_told(tmp_path: Path) -> None:
    broken.write(tmp_path, (broken.DEMO / "demo.yaml").read_text("utf-8"))
    schema = tmp_path / "demo.schema.json"
    schema.write_text(schema.read_text("utf-8").replace("draft/2020-12/schema", "draft/2030-01/schema"), "utf-8")
    found = check_file(tmp_path / "demo.yaml", shipped.find, interpreter)
    assert broken.shown(found) == [("MH214", "2:14")] and "2030-01" in found[0].message
    older = "http://json-schema.org/draft-07/schema#"
    schema.write_text(schema.read_text("utf-8").replace("https://json-schema.org/draft/2030-01/schema", older), "utf-8")
    assert check_file(tmp_path / "demo.yaml", shipped.find, interpreter) == []


def test_schemas_that_build_on_each_other_in_a_circle(tmp_path: Path) -> None:
    broken.write(tmp_path, (broken.DEMO / "demo.yaml").read_text("utf-8"))
    (tmp_path / "demo.schema.json").write_text('{"allOf": [{"$ref": "b.json"}]}', "utf-8")
    (tmp_path / "b.json").write_text('{"allOf": [\n {"$ref": "demo.schema.json"}]}', "utf-8")
    found = [d for d in check_file(tmp_path / "demo.yaml", shipped.find, interpreter) if d.code == "MH214"]
    assert [(Path(d.place.file).name, d.place.line, d.place.col) for d in found] == [("b.json", 2, 11)]
    with pytest.raises(mh.MappingError, match="circle"):
        mh.load(tmp_path / "demo.yaml")


# --- schemas that repeat themselves, and large ones -----------------------------------------------------------------


def chain(length: int, width: int = 1) -> dict[str, Any]:
    """A schema of places of which each names the next, so many times."""
    defs = {f"d{i}": {"required": ["m0"], "properties": {f"m{j}": {"$ref": f"#/$defs/d{i + 1}"} for j in range(width)}}
            for i in range(length)}  # fmt: skip
    return {"$ref": "#/$defs/d0", "$defs": {**defs, f"d{length}": {"type": "string"}}}


REPEATING: dict[str, dict[str, Any]] = {
    "a required member of its own kind": {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {
        "x": {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/x"}}}}},
    "parts that are each other": {"allOf": [{"$ref": "#/$defs/x"}], "$defs": {
        "x": {"allOf": [{"$ref": "#/$defs/y"}]}, "y": {"required": ["a"], "allOf": [{"$ref": "#/$defs/x"}]}}},
    "a part again and again": {"allOf": [{"$ref": "#/$defs/p0"}], "$defs": {
        **{f"p{i}": {"allOf": [{"$ref": f"#/$defs/p{i + 1}"}] * 2} for i in range(40)}, "p40": {"required": ["a"]}}},
    "a long chain": chain(5_000),
}  # fmt: skip


@pytest.mark.parametrize("name", REPEATING)
def test_a_schema_may_repeat_itself(name: str) -> None:
    """What it requires is read once for each place; a record that lacks all of it is told so, and it ends."""
    need = needs(REPEATING[name])
    assert need.deep() in (True, False)
    assert len(list(need.firm())) <= 10
    assert list(need.lacking({}))
    assert need.with_base(needs(REPEATING[name])) is need


def test_a_schema_of_very_many_fields_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(chain(12, 10)), "utf-8")
    report = Report()
    assert read_schema("s.json", tmp_path / "m.yaml", [], report).specs == {}
    assert [(d.code, d.place.line) for d in report] == [("MH104", 1)] and f"{MOST_FIELDS:,}" in report[0].message


# --- every value in the place of every other ------------------------------------------------------------------------


SCHEMA_VALUES: tuple[Any, ...] = (
    None, 0, -1, "HUGE", "", [], {}, [None], [{}], {"a": None}, {"type": 5}, True, "x", "[", {"$ref": "#"},
    {"$ref": "#/nowhere"}, ["a", "a"], spoiled_files.LONG, "2026-01-02", [[["a"]]], {"properties": None},
    {"allOf": [{"$ref": "#"}]}, "#/properties", "#",
)  # fmt: skip
NAMES = ("", "a.b", "[", "{x}", "^", "a]b", " ", "\n", '["x"]', "{lang}", "x" * 3000, "a[b=c]", "a[]", ".")


def spoiled_schemas(schema: dict[str, Any], rng: random.Random, count: int) -> Iterator[str]:
    """The texts of a schema in which one value, or one name, was replaced."""
    for _ in range(count):
        made = json.loads(json.dumps(schema))
        node, step = rng.choice([*spoiled_files.places_in(made)])
        if isinstance(node, dict) and not rng.randrange(4):
            members = [(rng.choice(NAMES) if key == step else key, value) for key, value in node.items()]
            node.clear()
            node.update(members)
        else:
            node[step] = rng.choice(SCHEMA_VALUES)
        yield json.dumps(made, ensure_ascii=False, indent=1).replace('"HUGE"', "1e400")


Source = tuple[Path, Path | None, dict[str, Any] | None]
"""A mapping, its schema and a record of it."""


def small() -> list[Source]:
    """The small mappings of the tests, which load at once."""
    paths = [broken.DEMO / "demo.yaml", *sorted((shipped.ROOT / "conformance" / "mappings").glob("*.yaml"))]
    return [(path, _schema_of(path), {"id": "1", "name": "n", "files": [{"id": "f"}]}) for path in paths]


def all_shipped() -> list[Source]:
    """The shipped mappings, the smallest first."""
    paths = sorted(shipped.MAPPINGS.glob("*.yaml"), key=lambda one: (one.stat().st_size, one.name))
    return [(path, _schema_of(path), next(iter(shipped.example_records(path.stem)), None)) for path in paths]


def _schema_of(path: Path) -> Path | None:
    said = next((row for row in path.read_text("utf-8").splitlines() if row.startswith("schema: ")), None)
    return said and path.parent / said.removeprefix("schema: ").strip("'")


def spoil_schemas(folder: Path, sources: list[Source], seed: int, count: int) -> list[str]:
    """What becomes of mappings with spoiled schemas."""
    rng = random.Random(seed)
    out = []
    for path, schema, record in rng.choices([source for source in sources if source[1] is not None], k=count):
        for text in spoiled_schemas(json.loads(schema.read_text("utf-8")), rng, 1):
            (folder / schema.name).write_text(text, "utf-8")
        text = path.read_text("utf-8").replace(f"schema: ../schemas/dialects/{schema.name}", f"schema: {schema.name}")
        (folder / "m.yaml").write_text(_in_a_folder(text), "utf-8")
        out.append(spoiled_files.outcome(folder / "m.yaml", record))
    return out


def spoil_mappings(folder: Path, sources: list[Source], seed: int, count: int) -> list[str]:
    """What becomes of mappings in which one value or name was replaced: of each kind of place the first."""
    rng = random.Random(seed)
    kinds: dict[tuple[str, ...], tuple[Source, spoiled_files.Spot]] = {}
    for source in sources:
        for spot in spoiled_files.spots(source[0].read_text("utf-8")):
            kinds.setdefault(spot.words[-4:], (source, spot))
    out = []
    for (path, schema, record), spot in rng.choices(list(kinds.values()), k=count):
        value = rng.choice(list(spoiled_files.VALUES.values()))
        if schema is not None:
            (folder / schema.name).write_text(schema.read_text("utf-8"), "utf-8")
        (folder / "m.yaml").write_text(_in_a_folder(spot.replaced(path.read_text("utf-8"), value)), "utf-8")
        out.append(spoiled_files.outcome(folder / "m.yaml", record))
    return out


def _in_a_folder(text: str) -> str:
    """A shipped mapping as it stands in another folder: files of the package by their package name."""
    return text.replace("../schemas/", "schemas/")


@pytest.mark.parametrize("seed", range(1))
def test_spoiled_files_load_or_are_refused_with_places(seed: int, tmp_path: Path) -> None:
    assert set(spoil_mappings(tmp_path, small(), seed, 40)) == {"loaded", "refused"}
    assert set(spoil_schemas(tmp_path, small(), seed, 20)) == {"loaded", "refused"}
    assert set(spoil_mappings(tmp_path, all_shipped()[:20], seed, 1)) <= {"loaded", "refused"}


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_spoiled_files(seed: int, tmp_path: Path) -> None:
    assert set(spoil_mappings(tmp_path, all_shipped(), seed, 150)) == {"loaded", "refused"}
    assert set(spoil_schemas(tmp_path, all_shipped(), seed, 100)) == {"loaded", "refused"}


BROKEN = {
    "a word": ("fields: {titel: a}", None),
    "a schema": ("schema: s.json\nfields: {title: a}", '{"properties": null}'),
    "a schema that is none": ("schema: s.json\nfields: {title: a}", "[" * 5_000),
    "YAML": ("fields: {title: *a}", None),
    "a circle": ("extends: m\nfields: {title: a}", None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_verb_refuses_a_broken_mapping(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, schema = BROKEN[name]
    path = tmp_path / "m.yaml"
    path.write_text(f"dialect: m\n{text}\n", "utf-8")
    (tmp_path / "s.json").write_text(schema or "{}", "utf-8")
    (tmp_path / "r.jsonl").write_text('{"a": "1"}\n', "utf-8")
    runs = (
        (["check", str(path)], 1),
        (["translate", "--read", str(path), "--write", "ckan", str(tmp_path / "r.jsonl")], 2),
        (["translate", "--read", "ckan", "--write", "m", "--mappings", str(tmp_path), str(tmp_path / "r.jsonl")], 2),
        (["test", str(path)], 2),
        (["show", str(path)], 2),
        (["losses", "--read", str(path), "--write", "ckan"], 2),
        (["schema", str(path)], 2),
        (["dialects", "--mappings", str(tmp_path)], 0),
    )
    for run, code in runs:
        assert main(run) == code, run
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert code == 0 or "error MH" in said.out + said.err, run


# --- places, and patterns -------------------------------------------------------------------------------------------


def test_places_in_a_json_text() -> None:
    text = '{"a": [1,\n {"b":"x\\"}", "é": [[], {}, -1e400]}],\n"c" : null}'
    for path, place in {
        (): "1:1", ("a",): "1:7", ("a", 0): "1:8", ("a", 1): "2:2", ("a", 1, "b"): "2:7", ("a", 1, "é"): "2:20",
        ("a", 1, "é", 2): "2:29", ("c",): "3:7", ("c", "d"): "3:7", ("x",): "1:1", ("a", 9): "1:7",
    }.items():  # fmt: skip
        found = place_of_value(text, path, "f")
        assert f"{found.line}:{found.col}" == place, path


@pytest.mark.parametrize("text", ["^[a-z]+$", r"^\p{L}+$", r"(?<year>\d{4})", r"\u{1F600}", r"^a\/b\-c$", "[[a]"])
def test_patterns_of_json_schema(text: str) -> None:
    assert pattern_fault(text) is None


@pytest.mark.parametrize("text", ["[", "(", "a{2,1}", "*", "(" * 3000, "a{100000}", "x" * 2001, r"^[z-a]+$"])
def test_what_is_no_pattern(text: str) -> None:
    assert pattern_fault(text)


def test_a_plain_pattern_of_ecma_is_no_fault(tmp_path: Path) -> None:
    assert schema_findings(tmp_path, r'{"type": "string", "pattern": "^[\\p{L}]+$"}') == []
    mh.load(tmp_path / "demo.yaml").read({"id": "1", "name": "n"})


def test_words_of_json_ld_are_looked_at_in_its_schemas_only() -> None:
    schema = {"properties": {"a": {"also": 1, "from": [], "rdf": 2, "within": {}, "shared": {"x": 1}, "bare": "y"}}}
    assert faults(schema) == []
    assert [one.path[-1] for one in faults(schema, linked=True)] == ["also", "from", "rdf", "within", "shared", "bare"]
