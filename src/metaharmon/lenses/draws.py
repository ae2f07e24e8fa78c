"""Generated values for the laws: where choices come from, and what good and odd raw values look like."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from metaharmon.lenses.base import Draw

WORDS = ("数据产品", "Open data", "气象 观测", " outer blanks ", "a;b,c、d", "línea\nnueva", "x" * 300, "🌧", "0")
ODD_TEXTS = ("", " ", "１２３", "1_000", "nan", "是", "N/A", "2026-13-45", "1e3", "\u00a07", "暂不关联")
ODD_RAWS = (*ODD_TEXTS, True, False, 0, -1, 10**40, 1.5, [], {}, ["a"], {"a": 1})
LANGUAGES = ("zh", "zh-Hans", "zh-Hant", "en", "en-US", "fi", "und")


class Seeded:
    """A `Draw` of a pseudo-random generator: the same seed gives the same values."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def integer(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def choice(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return options[self._random.randrange(len(options))]


def odd(draw: Draw) -> bool:
    """Whether this value is to be an odd one: one in six."""
    return draw.integer(0, 5) == 0


def text(draw: Draw) -> str:
    """A text that is not empty."""
    return draw.choice(WORDS) + (str(draw.integer(0, 99)) if draw.integer(0, 1) else "")


def langtext(draw: Draw, first: str) -> dict[str, str]:
    """A text in one to three languages, mostly with `first` among them."""
    tags = [draw.choice(LANGUAGES) for _ in range(draw.integer(0, 2))]
    if not odd(draw) or not tags:
        tags.append(first)
    return {tag: text(draw) for tag in tags}


def widened(raw: str) -> str:
    """The full-width twin of ASCII letters, digits and signs: `１ＭＢ` of `1MB`."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in raw)


def spoiled(draw: Draw, raw: Any) -> Any:
    """A good raw value made odd: other case, full width, outer blanks, another JSON type, or nothing like it."""
    if raw.__class__ is str and raw:
        return draw.choice((raw.swapcase(), widened(raw), f" {raw}", f"{raw} ", raw[:-1], raw + "x", [raw]))
    return draw.choice((str(raw), *ODD_RAWS))


def decimal(draw: Draw) -> str:
    """A decimal in normal form: small, large, or with a fraction."""
    whole = draw.choice((0, 1, 7, 999, 1000, 18972, 12684500, 10**19 + 1, draw.integer(0, 10**12)))
    if draw.integer(0, 1):
        return str(whole)
    fraction = str(draw.integer(1, 9999)).rjust(draw.integer(1, 6), "0").rstrip("0")
    return f"{whole}.{fraction}"
