"""Broken mapping files for tests: `⟦` marks in the text where the finding has to stand."""

from __future__ import annotations

from pathlib import Path

from metaharmon.diagnostics import Diagnostic

MARK = "⟦"
DEMO = Path(__file__).parent / "fixtures" / "demo"


def marked(text: str) -> tuple[str, str | None]:
    """The text without its mark, and the mark's line:col, counted from 1."""
    if MARK not in text:
        return text, None
    before = text[: text.index(MARK)]
    line = before.count("\n") + 1
    col = len(before) - (before.rfind("\n") + 1) + 1
    rest = text.replace(MARK, "", 1)
    assert MARK not in rest, "one finding, one mark"
    return rest, f"{line}:{col}"


def demo_with(*changes: tuple[str, str]) -> str:
    """The sound mapping of the fixtures with some places of it changed: (what stands there, what is to stand there)."""
    text = (DEMO / "demo.yaml").read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the fixture"
        text = text.replace(old, new)
    return text


def write(folder: Path, text: str, name: str = "demo.yaml") -> Path:
    """The mapping in a folder of its own, beside its schema."""
    (folder / "demo.schema.json").write_text((DEMO / "demo.schema.json").read_text("utf-8"), "utf-8")
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def shown(found: list[Diagnostic]) -> list[tuple[str, str]]:
    """Code and line:col of findings."""
    return [(d.code, f"{d.place.line}:{d.place.col}" if d.place else "nowhere") for d in found]
