"""The house keeps itself: every word of the mapping language is handled, generated pages are what the code says."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from metaharmon.mapping.grammar import words_of
from metaharmon.mapping.syntax import CONSTRUCTS, File

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "metaharmon"

REMARKS = {"note", "see", "source", "why"}
"""Words for people: no engine has to act on them."""
LATER = {"rows"}
"""Words of tables: their place is fixed, their dialects come later."""


def _read_attributes(folder: Path) -> set[str]:
    """Names that code below a folder reads from objects, and names that it spells out."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        if path.name.endswith("syntax.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                found.add(node.value)
    return found


@pytest.mark.parametrize("construct", (File, *CONSTRUCTS), ids=lambda c: c.__name__)
def test_every_word_of_the_language_is_handled(construct: type) -> None:
    """A word that is declared and never read by what binds or checks mappings does nothing."""
    handled = _read_attributes(SOURCE / "mapping") | _read_attributes(SOURCE / "checker")
    idle = {spec.name for spec in words_of(construct).values()} - handled - REMARKS - LATER
    assert not idle, f"{construct.__name__} declares words that nothing reads: {sorted(idle)}"


def test_no_engine_knows_another() -> None:
    """The interpreter and the compiler never import each other, nor the checker either of them."""
    rooms = {
        "interpreter": [SOURCE / "interpreter.py"],
        "compiler": [*(SOURCE / "compiler").rglob("*.py")],
        "checker": [*(SOURCE / "checker").rglob("*.py")],
    }
    for room, files in rooms.items():
        others = {f"metaharmon.{other}" for other in rooms if other != room}
        for path in files:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                module = node.module if isinstance(node, ast.ImportFrom) else None
                assert not any(module == other or (module or "").startswith(f"{other}.") for other in others), (
                    f"{path}: {module}"
                )


def test_nothing_evaluates_mapping_text() -> None:
    """`exec` stands in one place only, where generated source has names by reference; `eval` nowhere."""
    places = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval"):
                places.append(path.relative_to(SOURCE).as_posix())
    assert places == ["compiler/source.py"]


def test_generated_pages_are_what_the_code_says() -> None:
    """docs/reference pages that come from code are up to date (`make generated`)."""
    for name, page in {**_docs("generate").PAGES, "crosswalks.md": _docs("crosswalks").page}.items():
        assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == page(), f"run `make generated`: {name}"


def test_one_listing_is_up_to_date() -> None:
    """The page and the records of the listing that is translated into every dialect (`make generated`)."""
    listing = _docs("one_listing")
    page, records = listing.page_and_records()
    assert (ROOT / "docs" / "reference" / "one-listing.md").read_text("utf-8") == page, "run `make generated`"
    for name, text in records.items():
        assert (listing.RECORDS / f"{name}.json").read_text("utf-8") == text, f"run `make generated`: {name}"


def _docs(name: str) -> Any:
    """A module of docs/."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
