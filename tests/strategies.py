"""Generated canonical trees as hypothesis strategies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from metaharmon.generate.products import shape_tree
from metaharmon.model.nodes import Node


class Drawn:
    """A source of choices from hypothesis, which can shrink them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def choice(self, options: Any) -> Any:
        return self._draw(st.sampled_from(options))


def products(node: Node | None = None) -> st.SearchStrategy[Any]:
    """Trees in normal form: of a whole product, or of one node of the shape."""
    return st.composite(lambda draw: shape_tree(Drawn(draw), node))()
