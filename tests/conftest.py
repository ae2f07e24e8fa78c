"""Long runs (`full`) are left out unless they are asked for: `pytest -m full`.

Generated examples are the same in every run, so that a red run can be run again; `HYPOTHESIS_PROFILE=search`
(`make test-full`) searches for new ones. A test that opens a socket fails.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import sockets
from metaharmon.jsonld.contexts import _pyld

settings.register_profile("same", derandomize=True)
settings.register_profile("search", max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

sockets.watch()
with contextlib.suppress(ImportError):
    _pyld()  # as metaharmon imports it: tests that use pyld themselves open no socket either


@pytest.fixture(autouse=True)
def no_sockets() -> Iterator[None]:
    """Fail where a socket was opened: by the test, or since the one before it."""
    assert sockets.taken() == []
    yield
    assert sockets.taken() == []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is marked `full` when no marker expression names it."""
    if "full" in str(config.getoption("markexpr")):
        return
    long = [item for item in items if item.get_closest_marker("full")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
