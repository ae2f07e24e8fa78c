"""The normal form of a whole product."""

from __future__ import annotations

from typing import Any

from metaharmon.model.normal import normal
from metaharmon.model.shape import root


def normal_product(tree: Any) -> dict[str, Any]:
    """The normal form of a whole canonical tree, `{}` of an empty one. Raises CanonicalError with every problem."""
    return normal(tree, root()) or {}
