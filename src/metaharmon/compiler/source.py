"""Generated source: lines, and constants by reference.

No text of a mapping or of a record ever enters the source: it holds only names that are invented here. The source is
registered in `linecache`, so that a traceback shows the generated line.
"""

from __future__ import annotations

import linecache
from itertools import count
from typing import Any

_serial = count(1)


class Source:
    """A module of generated functions, written line by line."""

    def __init__(self, title: str):
        self.title = title
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._depth = 0
        self._count = 0

    def add(self, line: str) -> None:
        """A line at the present depth."""
        self.lines.append("    " * self._depth + line)

    def indent(self, by: int = 1) -> None:
        """Go one block in, or with -1 out."""
        self._depth += by

    def name(self, prefix: str) -> str:
        """A fresh name."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: Any, prefix: str = "C") -> str:
        """The name under which the source refers to a value; the same object has one name."""
        known = self._names.get(id(value))
        if known is None:
            known = self.name(prefix)
            self._names[id(value)] = known
            self.constants[known] = value
        return known

    def text(self) -> str:
        """The whole source."""
        return "\n".join(self.lines) + "\n"

    def functions(self) -> dict[str, Any]:
        """Compile and run the source; the functions by name."""
        file = f"<metaharmon {next(_serial)} {self.title}>"
        text = self.text()
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        space: dict[str, Any] = dict(self.constants)
        exec(compile(text, file, "exec"), space)  # names and constants by reference only, see above
        return space
