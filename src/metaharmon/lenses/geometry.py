"""Geometries: which encoding a text has, and boxes and points that stand as geometries."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, Malformed, Said, Unsayable
from metaharmon.lenses.grammar import json_decimal, plain_decimal
from metaharmon.lenses.text import Text

STARTS = {
    "wkt": ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"),
    "geojson": ("{",),
    "gml": ("<",),
}
"""What the text of a geometry begins with; well-known text may name a reference system before it."""


@dataclass(frozen=True)
class GeometryText(Text):
    """The text of a geometry in one encoding; read, never changed."""

    encoding: str = "wkt"

    def read(self, raw: Any) -> Any:
        text = super().read(raw)
        begin = text.lstrip()
        if self.encoding == "wkt":
            begin = begin.rpartition(">")[2].lstrip() if begin.startswith("<http") else begin
            begin = begin.partition(";")[2] if begin.upper().startswith("SRID=") else begin
            begin = begin.upper()
        elif self.encoding == "gml" and begin.startswith("<http"):
            begin = ""
        if not begin.startswith(STARTS[self.encoding]):
            raise Malformed(f"{shown(raw)} is no geometry in {self.encoding}")
        return text


ENCODINGS = ("wkt", "geojson")
"""How a box or a point may stand: well-known text, or GeoJSON as an object."""
BOX, POINT = ("west", "south", "east", "north"), ("lon", "lat")
_WKT = {
    BOX: re.compile(r"POLYGON ?\(\(([-+0-9., ]{1,400})\)\)", re.IGNORECASE),
    POINT: re.compile(r"POINT ?\(([-+0-9. ]{1,100})\)", re.IGNORECASE),
}

Pair = tuple[str, str]


@dataclass(frozen=True)
class Shape(CellLens):
    """A box (a rectangle along the axes) or a point, as a geometry ⇄ its numbers. Class R.

    Slots of theirs: (geometry); of ours: `names`. The first of `encodings` is written. Any ring of the four corners is
    read; a polygon that is no such rectangle is malformed. A box across the date line, or without area, cannot be
    written: a ring of corners would say another one.
    """

    names: tuple[str, ...]
    encodings: tuple[str, ...] = ENCODINGS

    def __post_init__(self) -> None:
        if not self.encodings or set(self.encodings) - set(ENCODINGS):
            raise ValueError(f"a box or a point stands as {' or '.join(ENCODINGS)}")

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        raw = raws[0]
        if raw is MISSING:
            return (None,) * len(self.names)
        pairs = self._wkt(raw) if raw.__class__ is str else self._geojson(raw) if raw.__class__ is dict else None
        if pairs is None:
            raise Malformed(f"{shown(raw)} is no {'box' if self.names == BOX else 'point'} of these encodings")
        return pairs[0] if self.names == POINT else _box(pairs, raw)

    def _wkt(self, raw: str) -> list[Pair] | None:
        found = _WKT[self.names].fullmatch(raw.strip()) if "wkt" in self.encodings and len(raw) < 500 else None
        if found is None:
            return None
        points = [point.split() for point in found[1].split(",")]
        if any(len(point) != 2 for point in points):
            return None
        return [(plain_decimal(x), plain_decimal(y)) for x, y in points]

    def _geojson(self, raw: dict[str, Any]) -> list[Pair] | None:
        kind = "Polygon" if self.names == BOX else "Point"
        if "geojson" not in self.encodings or set(raw) != {"type", "coordinates"} or raw["type"] != kind:
            return None
        points = raw["coordinates"]
        if self.names == POINT:
            points = [points]
        elif points.__class__ is not list or len(points) != 1:
            return None
        else:
            points = points[0]
        if points.__class__ is not list or any(p.__class__ is not list or len(p) != 2 for p in points):
            return None
        return [(json_decimal(x), json_decimal(y)) for x, y in points]

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if all(value is None for value in values):
            return (MISSING,), ()
        if any(value is None for value in values):
            raise Unsayable(f"only {' and '.join(self.names)} together are said there")
        if self.names == POINT:
            corners = [tuple(values)]
        else:
            west, south, east, north = values
            if Decimal(west) >= Decimal(east) or Decimal(south) >= Decimal(north):
                raise Unsayable("a ring of corners would say another box")
            corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return (self._shown(corners),), ()

    def _shown(self, corners: list[Any]) -> Any:
        if self.encodings[0] == "wkt":
            points = ", ".join(f"{x} {y}" for x, y in corners)
            return f"POLYGON(({points}))" if self.names == BOX else f"POINT({points})"
        numbers = [[_number(x), _number(y)] for x, y in corners]
        if self.names == POINT:
            return {"type": "Point", "coordinates": numbers[0]}
        return {"type": "Polygon", "coordinates": [numbers]}

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """A geometry, mostly one that is read."""
        try:
            (raw,), _ = self.write(self.values(draw))
        except Unsayable:
            raw = draw.choice(draws.ODD_RAWS)
        return (draws.spoiled(draw, raw) if draws.odd(draw) else raw,)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Numbers, mostly all of them and in order."""
        return tuple(None if draws.odd(draw) else draws.decimal(draw) for _ in self.names)


def _number(text: str) -> Any:
    return Decimal(text) if "." in text else int(text)


def _box(points: list[Pair], raw: Any) -> tuple[str, str, str, str]:
    """The numbers of a ring of four corners. Raises Malformed when it is none."""
    xs, ys = ({Decimal(point[i]): point[i] for point in points} for i in (0, 1))
    steps = [(a[0] != b[0]) + (a[1] != b[1]) for a, b in itertools.pairwise(points)]
    if len(points) != 5 or points[0] != points[4] or len(xs) != 2 or len(ys) != 2 or steps != [1, 1, 1, 1]:
        raise Malformed(f"{shown(raw)} is no rectangle along the axes")
    if len(set(points)) != 4:
        raise Malformed(f"{shown(raw)} is no rectangle along the axes")
    return xs[min(xs)], ys[min(ys)], xs[max(xs)], ys[max(ys)]
