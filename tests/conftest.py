"""Long runs (`full`) are left out unless they are asked for: `pytest -m full`."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is marked `full` when no marker expression names it."""
    if "full" in str(config.getoption("markexpr")):
        return
    long = [item for item in items if item.get_closest_marker("full")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
