"""Units of measure: exact ratios to the base unit of a dimension, read from `schemas/units.yaml`.

No ratio is a binary float. Currencies, card hours and FLOPS are never converted into anything else: they are
dimensions of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from metaharmon import resources


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its symbol as written, labels, dimension, exact ratio to the base unit, and where that is said.

    `binary` is the symbol meant instead in a dialect whose bytes count by 1024 (`KB` there is `KiB`).
    """

    symbol: str
    dimension: str
    ratio: Fraction
    zh: str
    en: str
    source: str
    binary: str | None = None


def ratio(symbol: str, dimension: str, bytes: int = 1000) -> Fraction:
    """How many base units of `dimension` one `symbol` is, exactly.

    `bytes` is 1000 or 1024, by the word of the dialect: what KB, MB, … are there. Raises ValueError for a unit that
    the dimension does not have and for any other `bytes`.
    """
    if bytes not in (1000, 1024):
        raise ValueError(f"bytes count by 1000 or 1024, not by {bytes}")
    unit = find(symbol, dimension)
    if bytes == 1024 and unit.binary:
        unit = find(unit.binary, dimension)
    return unit.ratio


def find(symbol: str, dimension: str) -> Unit:
    """The unit of that symbol in that dimension. Raises ValueError when there is none."""
    known = table().get(dimension)
    if known is None:
        raise ValueError(f"there is no dimension {dimension}; there are {', '.join(table())}")
    if symbol not in known:
        raise ValueError(f"{dimension} has no unit {symbol}; it has {', '.join(known)}")
    return known[symbol]


@cache
def table() -> dict[str, dict[str, Unit]]:
    """All units, by dimension and symbol, in the order of the file."""
    units = _document()["units"]
    return {
        dimension: {
            symbol: Unit(
                symbol, dimension, Fraction(said["ratio"]), said["zh"], said["en"], said["source"], said.get("binary")
            )
            for symbol, said in members.items()
        }
        for dimension, members in units.items()
    }


@cache
def bases() -> dict[str, str]:
    """The symbol of the base unit of each dimension."""
    return {dimension: said["base"] for dimension, said in _document()["dimensions"].items()}


@cache
def _document() -> dict:
    import yaml

    # BaseLoader: every scalar is text, so that no ratio passes through a float
    text = (resources.root() / "schemas" / "units.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
