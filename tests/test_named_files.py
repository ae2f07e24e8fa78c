"""Files that a mapping names: only regular files of its folder, of the caller's folders and of the package are read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zoneinfo
from pathlib import Path

import pytest

import broken
import metaharmon as mh
from metaharmon import interpreter, resources
from metaharmon.checker import check_file
from metaharmon.cli import main
from metaharmon.diagnostics import Diagnostic
from metaharmon.files.regular import NotAllowed, TooLarge, read_regular
from metaharmon.mapping.named import MOST_BYTES

SECRET = "the secret of another folder"
LONG = MOST_BYTES + 1
SHARED = "codes: {fmt: {file: %s}}"
CONTEXT = "container: jsonld\ncontexts: {'https://example.org/c': %s}"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of one's own with a sound mapping, beside a folder with files that are nobody's business."""
    here, out = tmp_path / "own", tmp_path / "out"
    for folder in (here, here / "sub", out):
        folder.mkdir()
    broken.write(here, (broken.DEMO / "demo.yaml").read_text("utf-8"))
    for name in ("demo.schema.json", "t.yaml", "parent.yaml", "c.json"):
        (out / name).write_text(json.dumps({"properties": {SECRET: {}}}), "utf-8")
    (here / "inner.json").symlink_to("demo.schema.json")
    (here / "link.json").symlink_to(out / "demo.schema.json")
    (here / "far").symlink_to(out)
    (here / "null.json").symlink_to("/dev/null")
    os.mkfifo(here / "fifo.json")
    (here / "large.json").write_bytes(b"[" + b" " * LONG + b"]")
    return here


def naming(own: Path, name: str) -> list[Diagnostic]:
    """The findings of the sound mapping, with another name of its schema."""
    text = broken.demo_with(("schema: demo.schema.json", f"schema: {name}"))
    (own / "demo.yaml").write_text(text, "utf-8")
    return check_file(own / "demo.yaml", lambda name: None, interpreter)


SOUND = ("demo.schema.json", "./demo.schema.json", "inner.json", "sub/../demo.schema.json")
REFUSED = {
    "../out/demo.schema.json": ("MH217", "leads out"),
    "sub/../../out/demo.schema.json": ("MH217", "leads out"),
    "link.json": ("MH217", "leads out"),
    "far/demo.schema.json": ("MH217", "leads out"),
    "null.json": ("MH217", "leads out"),
    "/etc/passwd": ("MH217", "absolute"),
    "/dev/zero": ("MH217", "absolute"),
    "fifo.json": ("MH217", "FIFO"),
    "sub": ("MH217", "directory"),
    ".": ("MH217", "directory"),
    "..": ("MH217", "leads out"),
    "large.json": ("MH104", "larger than 4,194,304 bytes"),
    "none.json": ("MH214", "does not exist"),
    "https://example.org/demo.schema.json": ("MH214", "does not exist"),
    "'C:\\demo.json'": ("MH217", "absolute"),
    "'\\\\host\\demo.json'": ("MH217", "absolute"),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_stands_inside_is_read(own: Path, name: str) -> None:
    assert naming(own, name) == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_leads_out_is_refused_where_it_is_named(own: Path, name: str) -> None:
    found = naming(own, name)[0]
    assert (found.code, f"{found.place.line}:{found.place.col}") == (REFUSED[name][0], "7:9")
    assert REFUSED[name][1] in found.message and SECRET not in str(found)
    with pytest.raises(mh.MappingError) as caught:
        mh.load(own / "demo.yaml")
    assert found in caught.value.diagnostics


@pytest.mark.parametrize("name", ["../out/t.yaml", "far/t.yaml", "fifo.json", "/dev/zero", "sub"])
def test_code_tables_and_contexts_are_as_schemas(own: Path, name: str) -> None:
    for words in (SHARED, CONTEXT):
        path = own / "m.yaml"
        path.write_text(f"dialect: m\n{words % name}\nfields: {{title: a}}\n", "utf-8")
        found = [d for d in check_file(path, lambda name: None, interpreter) if d.code == "MH217"]
        assert len(found) == 1 and found[0].place.line in (2, 3)


@pytest.mark.parametrize("name", ["../out/parent", "far/parent", ".hidden", "..", "a\\b", "x" * 101])
def test_a_parent_is_a_name(own: Path, name: str) -> None:
    (own / "m.yaml").write_text(f"dialect: m\nextends: {name}\n", "utf-8")
    found = check_file(own / "m.yaml", lambda name: None, interpreter)
    assert broken.shown(found) == [("MH211", "2:10")]


def test_a_parent_that_leads_out_is_refused(own: Path) -> None:
    (own / "linked.yaml").symlink_to(own.parent / "out" / "parent.yaml")
    (own / "m.yaml").write_text("dialect: m\nextends: linked\n", "utf-8")
    found = check_file(own / "m.yaml", lambda name: None, interpreter)
    assert [d.code for d in found] == ["MH217"]
    registry = mh.Registry([own])
    with pytest.raises(mh.MappingError, match="MH217"):
        registry.load("linked")
    assert "MH217" in [d.code for d in mh.check(own)]
    assert all(head.name != "linked" for head in registry.listed())
    assert any(problem.code == "MH217" for problem in registry.problems)


def test_a_pipe_among_mappings_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    registry = mh.Registry([tmp_path])
    assert "pipe" not in [head.name for head in registry.listed()]
    assert [d.code for d in registry.problems] == ["MH217"] == [d.code for d in mh.check(tmp_path)]
    assert [d.code for d in mh.check(tmp_path / "pipe.yaml")] == ["MH101"]
    for name in ("pipe", tmp_path / "pipe.yaml"):
        with pytest.raises(mh.MappingError):
            registry.load(name)


def test_a_folder_of_the_caller_is_read(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is refused of a mapping alone is read where the caller names the folder around it."""
    naming(own, "../out/demo.schema.json")
    (tmp_path / "out" / "demo.schema.json").write_text((broken.DEMO / "demo.schema.json").read_text("utf-8"), "utf-8")
    with pytest.raises(mh.MappingError):
        mh.load(own / "demo.yaml")
    assert mh.Registry([tmp_path]).load(own / "demo.yaml").name == "demo"
    assert main(["check", str(own / "demo.yaml")]) == 1
    assert main(["check", "--mappings", str(tmp_path), str(own / "demo.yaml")]) == 0
    capsys.readouterr()


def test_a_table_of_a_folder_of_the_caller_is_named_by_its_path_there(own: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "codes").mkdir()
    (tmp_path / "out" / "codes" / "f.yaml").write_text("list: format\npairs: {csv: Tabelle}\n", "utf-8")
    text = "dialect: m\nfields: {formats: {field: a, many: list, codes: f}}\ncodes: {f: {file: codes/f.yaml}}\n"
    (own / "m.yaml").write_text(text, "utf-8")
    assert mh.Registry([own, tmp_path / "out"]).load("m").read({"a": ["Tabelle"]}).formats == ["csv"]


def test_shared_tables_and_schemas_are_named_by_their_package_name(own: Path) -> None:
    text = (
        "dialect: m\nschema: schemas/dialects/ckan.schema.json\n"
        "fields: {title: title, formats: {field: a, many: list, codes: f}}\n"
        "codes: {f: {file: codes/cn-formats.yaml}}\n"
    )
    (own / "m.yaml").write_text(text, "utf-8")
    dialect = mh.load(own / "m.yaml")
    assert dialect.mapping.specs and dialect.plan.record.cells
    # a file of one's own comes before one of the package
    (own / "codes").mkdir()
    (own / "codes" / "cn-formats.yaml").write_text("list: format\npairs: {csv: 表}\n", "utf-8")
    os.utime(own / "m.yaml", (1, 1))
    assert mh.Registry().load(own / "m.yaml").read({"a": ["表"]}).formats == ["csv"]


def test_a_shipped_mapping_that_was_copied_is_told_the_name_of_its_schema(own: Path) -> None:
    found = naming(own, "../schemas/dialects/ckan.schema.json")[0]
    assert found.code == "MH217" and "'schemas/dialects/ckan.schema.json'" in str(found.hint)


def test_a_schema_builds_only_on_what_stands_beside_it(own: Path) -> None:
    for named, why in (("link.json", "MH217"), ("fifo.json", "MH217"), ("none.json", "MH214"), ("a.json", "MH214")):
        (own / "a.json").write_text('{\n "allOf": [{"$ref": "b.json"}]}', "utf-8")
        (own / "b.json").write_text(f'{{\n "allOf": [{{"$ref": "{named}"}}]}}', "utf-8")
        found = naming(own, "a.json")[0]
        assert (found.code, Path(found.place.file).name, found.place.line) == (why, "b.json", 2)


def test_what_is_open_is_looked_at_and_not_its_name(tmp_path: Path) -> None:
    """The folder of a file is swapped for a link after its name was looked at, before it is opened."""
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "a" / "f").write_text("inside")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "f").write_text(SECRET)
    swapped = []

    def swap(event: str, args: tuple[object, ...]) -> None:
        if event == "open" and not swapped and str(args[0]) == str(tmp_path / "in" / "a" / "f"):
            swapped.append(args[0])
            (tmp_path / "in" / "a").rename(tmp_path / "in" / "b")
            (tmp_path / "in" / "a").symlink_to(tmp_path / "out")

    sys.addaudithook(swap)
    with pytest.raises(NotAllowed):
        read_regular(tmp_path / "in" / "a" / "f", 100, [tmp_path / "in"])
    assert swapped


def test_a_file_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    assert read_regular(tmp_path / "f", 3, [tmp_path]) == b"abc"
    with pytest.raises(TooLarge):
        read_regular(tmp_path / "f", 2, [tmp_path])


WATCH = """
import os, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" and isinstance(args[0], str) else None)
import metaharmon as mh
for path in sys.argv[1:]:
    try:
        d = mh.load(path)
        print("loaded", d.name)
        t = mh.translator(d, "ckan")
        t({"id": "1", "name": "n"})
        t.explain({"id": "1", "name": "n"})
    except mh.MappingError as error:
        print("refused")
    mh.check(path)
print(*{os.path.realpath(path) for path in opened}, sep="\\n")
"""


def test_only_what_may_be_read_is_opened(own: Path) -> None:
    """A stranger's mappings are loaded, translated with and checked; every file that is opened meanwhile is seen."""
    paths = []
    for i, name in enumerate([*SOUND, *REFUSED]):
        text = broken.demo_with(
            ("schema: demo.schema.json", f"schema: {name}"), ("dialect: demo\n", f"dialect: m{i}\n")
        )
        (own / f"m{i}.yaml").write_text(text, "utf-8")
        paths.append(str(own / f"m{i}.yaml"))
    for words in (SHARED % "../out/t.yaml", CONTEXT % "far/c.json", "extends: ../out/parent"):
        (own / f"m{len(paths)}.yaml").write_text(f"dialect: m\n{words}\n", "utf-8")
        paths.append(str(own / f"m{len(paths)}.yaml"))
    done = subprocess.run([sys.executable, "-c", WATCH, *paths], capture_output=True, text=True, check=True)
    said, opened = done.stdout.splitlines()[: len(paths)], done.stdout.splitlines()[len(paths) :]
    assert said.count("refused") == len(REFUSED) + 3 and len(said) == len(paths)
    package = [resources.root() / name for name in ("mappings", "schemas", "src")]
    python = [sys.prefix, sys.base_prefix, *zoneinfo.TZPATH, *filter(None, sys.path)]
    allowed = tuple(os.path.realpath(folder) for folder in (own, *package, *python))
    assert [path for path in opened if not path.startswith(allowed)] == []
    assert str(own / "demo.schema.json") in opened


# --- a name that is taken ---------------------------------------------------------------------------------------------


def shadowing(folder: Path) -> Path:
    text = broken.demo_with(("dialect: demo\n", "dialect: ckan\n"))
    return broken.write(folder, text, "ckan.yaml")


def test_a_mapping_in_the_place_of_a_shipped_one_says_so_once(tmp_path: Path) -> None:
    shadowing(tmp_path)
    registry = mh.Registry([tmp_path])
    first, again = registry.load("ckan"), registry.load("ckan")
    assert first is again and first.mapping.file == str(tmp_path / "ckan.yaml")
    registry.listed()
    assert [d.code for d in first.problems] == ["MH218"]
    assert [(d.code, d.severity) for d in registry.problems] == [("MH218", "info")]
    assert str(resources.root() / "mappings" / "ckan.yaml") in registry.problems[0].message
    assert mh.load("ckan").problems == () and mh.Registry([resources.root() / "mappings"]).load("ckan").problems == ()


def test_every_verb_says_what_is_shadowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shadowing(tmp_path)
    records = tmp_path / "r.jsonl"
    records.write_text('{"id": "1", "name": "n"}\n', "utf-8")
    own = ["--mappings", str(tmp_path)]
    runs = (
        ["check", str(path)],
        ["translate", "--read", "ckan", "--write", "ckan", *own, str(records)],
        ["translate", "--read", "dcat-us-1.1", "--write", "ckan", "--format", "json", *own, str(records)],
        ["test", "ckan", "--generate", "1", *own],
        ["show", "ckan", *own],
        ["dialects", *own],
        ["losses", "--read", "ckan", "--write", "cn-hangzhou", *own],
        ["schema", "ckan", *own],
    )
    for run in runs:
        main(run)
        said = capsys.readouterr()
        assert (said.out + said.err).count("MH218") == 1, run
    main(["show", "ckan"])
    assert "MH218" not in "".join(capsys.readouterr())
