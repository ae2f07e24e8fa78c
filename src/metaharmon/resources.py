"""Where the data files of metaharmon (`schemas/`, `mappings/`) stand, in a checkout and in an installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """The folder that holds `schemas/` and `mappings/`: package data if it is there, else the checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "_data"
    return packaged if packaged.is_dir() else here.parents[1]
