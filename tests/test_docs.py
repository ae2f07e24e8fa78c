"""The pages: what they say to run is run and prints what they say, their links lead somewhere, both READMEs agree.

A fenced block takes part when its first line says so; the other blocks are only shown.

    ```console run      commands after `$ `, each followed by what it prints (output and messages together)
    ```python run       run in one namespace per page; a following ```text output block holds what it prints
    ```yaml file=NAME   written as a file before the next block runs (of any language)

Each page runs in an empty folder of its own, in which the project's folders stand as links. A line `...` of an
expected output stands for any number of lines; the order of the keys of a JSON object is not compared.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
TOP = ("README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "conformance/README.md")
PAGES = [ROOT / name for name in TOP] + sorted((ROOT / "docs").rglob("*.md"))
LINKED = ("examples", "mappings", "schemas", "docs", "conformance", "benchmarks")
TREE = ("src", "tests", "docs", "mappings", "schemas", "examples", "benchmarks", "conformance", ".ci")
PROSE = [page for page in PAGES if "reference" not in page.relative_to(ROOT).parts]


@dataclass
class Block:
    """A fenced block: the words of its first line, its text, the line on which it begins."""

    words: list[str]
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    words: list[str] | None = None
    start, lines = 0, []
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            if words is None:
                words, start, lines = line[3:].split(), number, []
            else:
                yield Block(words, "".join(f"{one}\n" for one in lines), start)
                words = None
        elif words is not None:
            lines.append(line)
    assert words is None, f"{page}:{start}: the block does not end"


def _runs(page: Path) -> bool:
    return any("run" in block.words[1:] for block in blocks(page))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name, target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("page", [p for p in PAGES if _runs(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_does_what_it_says(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    space: dict[str, object] = {"__name__": "page"}
    printed: str | None = None
    for block in blocks(page):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        for word in block.words:
            if word.startswith("file="):
                (folder / word.removeprefix("file=")).parent.mkdir(parents=True, exist_ok=True)
                (folder / word.removeprefix("file=")).write_text(block.text, "utf-8")
        if block.words[:2] == ["python", "run"]:
            printed = _python(block.text, space, where)
        elif block.words[:2] == ["text", "output"]:
            assert printed is not None, f"{where}: no python block stands before this output"
            _compare(printed, block.text, where)
            printed = None
        elif block.words[:2] == ["console", "run"]:
            for command, expected in _commands(block.text, where):
                _compare(_shell(command, folder), expected, f"{where}: {command}")
    assert not printed, f"{page}: a python block prints what the page does not show: {printed}"


def _python(text: str, space: dict[str, object], where: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, where, "exec"), space)
    return out.getvalue()


def _commands(text: str, where: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"{where}: the block begins with output"
    for part in parts[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = f"{command[:-1]}{more.strip()}"
        yield command, expected


def _shell(command: str, folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
    )
    return done.stdout.decode()


def _compare(found: str, expected: str, where: str) -> None:
    plain = found.replace(f"{ROOT}{os.sep}", "").replace(f"{os.getcwd()}{os.sep}", "")
    shown = [r"(?:.*\n)*?" if line == "..." else re.escape(f"{_plain(line)}\n") for line in expected.splitlines()]
    pattern, lines = "".join(shown), "".join(f"{_plain(line)}\n" for line in plain.splitlines())
    assert re.fullmatch(pattern, lines), f"{where}\n--- the page says\n{expected}--- it prints\n{lines}"


def _plain(line: str) -> str:
    """A line without blanks at its end; of a JSON object the order of the keys means nothing."""
    if line.startswith("{"):
        with contextlib.suppress(ValueError):
            return json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True)
    return line.rstrip()


# --- links ---------------------------------------------------------------------------------------------------------

GENERATED = {
    f"docs/reference/{name}.md"
    for name in ("dialects", "figures", "speed", "diagnostics", "mapping-language", "canonical-schema", "plumbing-ckan")
}
"""Pages that the project's own programs write; a link to one may stand before it does."""


def _prose(page: Path) -> str:
    """The text of a page without code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE))


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", _prose_with_spans(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in titles}


def _prose_with_spans(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        if str(file.relative_to(ROOT)) in GENERATED and not file.exists():
            continue
        assert file.exists(), f"{page.name}: {target} does not exist"
        assert not anchor or anchor in _anchors(file), f"{page.name}: {target} has no such section"


@pytest.mark.parametrize("page", PROSE, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_of_the_pages_exist(page: Path) -> None:
    from metaharmon.cli.main import build_parser

    verbs = {verb for action in build_parser()._actions for verb in action.choices or ()}
    for block in blocks(page):
        if block.words[:1] == ["console"]:
            for verb in re.findall(r"(?:^\$ |\| )metaharmon ([a-z]\w*)", block.text, flags=re.MULTILINE):
                assert verb in verbs, f"{page.name}:{block.line}: metaharmon has no verb {verb}"


def test_every_page_is_listed() -> None:
    listed = re.findall(r"\]\(([^)\s]+)\)", (ROOT / "docs" / "README.md").read_text("utf-8"))
    found = {(ROOT / "docs" / target).resolve() for target in listed}
    left = {page for page in (ROOT / "docs").rglob("*.md") if page.parent != ROOT / "docs"} - found
    assert not left, sorted(str(page.relative_to(ROOT)) for page in left)


# --- the READMEs ---------------------------------------------------------------------------------------------------


def _outline(page: Path) -> list[tuple[int, int, int]]:
    """Per section: its level, how many fenced blocks and how many table rows it has."""
    out: list[list[int]] = []
    fenced = False
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
            out[-1][1] += 1
        elif not fenced and re.match(r"#+ ", line):
            out.append([len(line) - len(line.lstrip("#")), 0, 0])
        elif not fenced and line.startswith("|"):
            out[-1][2] += 1
    return [(level, fences, rows) for level, fences, rows in out]


@pytest.mark.parametrize(
    ("en", "zh"), [(p, p.with_suffix(".zh.md")) for p in PAGES if p.with_suffix(".zh.md") in PAGES]
)
def test_both_languages_say_the_same(en: Path, zh: Path) -> None:
    assert _outline(en) == _outline(zh)
    code = lambda page: [(b.words, b.text) for b in blocks(page) if "run" in b.words or "output" in b.words]  # noqa: E731
    assert code(en) == code(zh)


def test_the_readme_is_there_in_both_languages() -> None:
    assert "README.zh.md" in (ROOT / "README.md").read_text("utf-8")
    assert "README.md" in (ROOT / "README.zh.md").read_text("utf-8")
    assert len(_outline(ROOT / "README.zh.md")) >= 8


# --- what must not stand anywhere ------------------------------------------------------------------------------------

REGISTRIES = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "com"), ("npmjs", "org"), ("crates", "io"),
                  ("conda", "anaconda", "org"), ("rubygems", "org"), ("proxy", "golang", "org"))
)  # fmt: skip


def test_no_package_registry_is_named() -> None:
    files = [p for name in TREE for p in (ROOT / name).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    files += [p for p in ROOT.iterdir() if p.is_file()]
    for file in files:
        text = file.read_bytes().decode("utf-8", "replace").lower()
        named = [host for host in REGISTRIES if host in text]
        assert not named, f"{file.relative_to(ROOT)} names {named}"


def test_every_decision_has_a_number_and_its_sections() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Choice", "Rejected"], page.name


# --- figures and counts that the READMEs repeat ---------------------------------------------------------------------

READMES = [ROOT / "README.md", ROOT / "README.zh.md"]


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_the_table_of_dialects_is_complete(page: Path) -> None:
    import fnmatch

    import metaharmon as mh

    left = {listed.name for listed in mh.dialects() if listed.path.is_relative_to(ROOT / "mappings")}
    for family, patterns, count in re.findall(r"^\| ([^|]+) \| (`[^|]+`) \| (\d+) \|$", page.read_text("utf-8"), re.M):
        found = {name for pattern in re.findall(r"`([^`]+)`", patterns) for name in fnmatch.filter(left, pattern)}
        assert len(found) == int(count), f"{page.name}: '{family}' counts {count}, there are {sorted(found)}"
        left -= found
    assert not left, f"{page.name} counts no {sorted(left)}"


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_the_figures_are_those_that_were_measured(page: Path) -> None:
    measured = (ROOT / "docs" / "reference" / "figures.md").read_text("utf-8")
    line = next(line for line in measured.splitlines() if re.match(r"\d+ records of", line))
    assert "0 leaves unaccounted, 0 laws broken" in line
    said = {number.replace(",", "") for number in re.findall(r"\d{1,3}(?:,\d{3})+", page.read_text("utf-8"))}
    total, returned, read, portals = (
        re.search(pattern, line)[1]  # type: ignore[index]
        for pattern in (r"^(\d+) records", r"(\d+) returned", r"of (\d+) read", r"these, (\d+) records")
    )
    assert returned == read
    assert said == {total, read, portals}
