"""Two small dialects of `data/door`, and a record of the first."""

from __future__ import annotations

from pathlib import Path

import metaharmon as mh

TOYS = Path(__file__).parent / "data" / "door"
RECORD = {
    "id": "a1", "name": "甲", "words": "x,y", "status": "ALL", "size": 7, "colour": "red",
    "owner": {"name": "某公司", "phone": "0451"}, "files": [{"url": "https://example.org/1", "hash": "h1"}],
}  # fmt: skip


def translator() -> mh.Translator:
    """From the first into the second."""
    known = mh.Registry([TOYS])
    return mh.Translator(known.load("toy-a"), known.load("toy-b"))
