"""Values that the caller supplies where a record says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from metaharmon.diagnostics import UNKNOWN_PATH, Diagnostic
from metaharmon.mapping.grammar import closest
from metaharmon.mapping.ours import OurSlot, PathMisfit, bind
from metaharmon.model import shape
from metaharmon.model.fields import plain
from metaharmon.model.normal import CanonicalError, copied, normal
from metaharmon.model.whole import normal_product


@dataclass(frozen=True)
class Supply:
    """Values in normal form by their place."""

    values: tuple[tuple[OurSlot, Any], ...]

    def into(self, tree: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The tree with every value set whose place is empty, and the paths that were. The tree is changed."""
        used = []
        for slot, value in self.values:
            if slot.get(tree) is None:
                slot.put(tree, value)
                used.append(slot.text)
        return tree, used


def bind_supply(supply: Mapping[str, Any], language: str) -> Supply:
    """A supply by rule paths, checked. A plain text fills the natural value: of a text in `language`, of a list its
    one entry, of an object its natural member. Raises CanonicalError with every problem."""
    values: list[tuple[OurSlot, Any]] = []
    problems: list[Diagnostic] = []
    for path, value in supply.items():
        try:
            slot = bind(path, shape.root(), language)
            made = normal(_natural(plain(value), slot.node, language), slot.node)
        except PathMisfit as error:
            problems.append(Diagnostic(UNKNOWN_PATH, str(error), path=path, hint=closest(error.word, error.known)))
        except CanonicalError as error:
            problems.extend(d.at(path=f"{path}.{d.path}" if d.path else path) for d in error.diagnostics)
        else:
            if made is not None:
                values.append((slot, made))
    if problems:
        raise CanonicalError(problems)
    return Supply(tuple(values))


def named_by_file(tree: dict[str, Any], path: str, file: str) -> dict[str, Any]:
    """The tree with what the name of its file says at `path`, where the record says nothing there."""
    name = PurePath(file).name.partition(".")[0]
    try:
        supply = bind_supply({path: name}, "und")
    except CanonicalError:  # a name that is no value there says nothing
        return tree
    made, _ = supply.into(copied(tree))
    return normal_product(made)


def _natural(value: Any, node: Any, language: str) -> Any:
    if isinstance(value, Mapping | list):
        return value
    if isinstance(node, shape.LangText):
        return {language: value}
    if isinstance(node, shape.LangList):
        return {language: [value]}
    if isinstance(node, shape.ListOf):
        return [_natural(value, node.item, language)]
    if isinstance(node, shape.Group) and node.natural:
        return {node.natural: _natural(value, node.members[node.natural], language)}
    return value
