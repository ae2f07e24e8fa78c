"""Where mapping files stand beside those of the user: the shipped ones, and those of other packages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from metaharmon import resources
from metaharmon.diagnostics import UNREADABLE, Diagnostic

ENTRY_POINTS = "metaharmon.mappings"
"""The entry point group by which another package names a folder of mappings: a package, or a path."""


def default_folders(problems: list[Diagnostic]) -> Iterator[Path]:
    """The shipped folder, and those of other packages; what cannot be found is added to `problems`."""
    from importlib.metadata import entry_points

    yield resources.root() / "mappings"
    for point in entry_points(group=ENTRY_POINTS):
        try:
            found = point.load()
            yield from map(Path, getattr(found, "__path__", None) or [found])
        except Exception as error:  # another package is broken: the dialects of all others are not
            text = f"the mappings of the package entry '{point.name}' cannot be found: {error}"
            problems.append(Diagnostic(UNREADABLE, text))
