"""What all generated code starts from."""

from __future__ import annotations

from typing import Any

from metaharmon.mapping.plan import Scope
from metaharmon.residue import Residue

NONE = Residue()
"""The empty residue; nothing is ever put into it."""


class Slow(Exception):
    """This record is left to the interpreter."""


def slow_item(*_: Any) -> Any:
    """An entry that generated code does not read."""
    raise Slow


def scopes_below(scope: Scope) -> list[Scope]:
    """A scope and those of its lists, innermost first."""
    found = [below for block in scope.blocks for below in scopes_below(block.scope)]
    return [*found, scope]
