"""Geometries: which encoding a text has, and boxes, points and other shapes that stand as geometries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, Malformed, Said, Unsayable
from metaharmon.lenses.positions import BOX, ENCODINGS, POINT, Encoding, in_range
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


_NUMBERS = re.compile(r"[-+0-9.,;\s]*[0-9][-+0-9.]*[\s,;]+[-+0-9.,;\s]*[0-9][-+0-9.,;\s]*")
_WORDS = re.compile(r"\s*(?:<http[^>]*>\s*)?(?:SRID=|(?:POINT|(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION"
                    r"|ENVELOPE|BBOX|BOX(?:2D|3D)?)\s*(?:Z|M|ZM)?\s*\()", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class GeometryLike(Text):
    """Tells, in cases, whether something is meant as coordinates, good or bad: so it is no name of a place."""

    def read(self, raw: Any) -> Any:
        if raw.__class__ is dict or raw.__class__ is list:
            return raw
        text = super().read(raw)
        if text.lstrip()[:1] in ("{", "<", "[") or _WORDS.match(text) or _NUMBERS.fullmatch(text):
            return text
        raise Malformed(f"{shown(raw)} is no geometry")

    def raws(self, draw: Draw) -> Any:
        return draw.choice(("1,2,3,4", "POINT(1 2)", '{"type": "Point", "coordinates": [1, 2]}'))


@dataclass(frozen=True)
class _Shapes(CellLens):
    """Numbers that stand together in one geometry. Class R. Slots of theirs: (geometry)."""

    encodings: tuple[str, ...] = ("wkt", "geojson")

    def __post_init__(self) -> None:
        if not self.encodings or set(self.encodings) - set(ENCODINGS):
            raise ValueError(f"a geometry stands as {' or '.join(ENCODINGS)}")

    def _known(self) -> list[Encoding]:
        return [ENCODINGS[name] for name in self.encodings]

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """A geometry, mostly one that is read."""
        try:
            (raw,), _ = self.write(self.values(draw))
        except Unsayable:
            raw = draw.choice(draws.ODD_RAWS)
        return (draws.spoiled(draw, raw) if draws.odd(draw) else raw,)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Ours, mostly whole and in order."""
        raise NotImplementedError


@dataclass(frozen=True)
class Shape(_Shapes):
    """A box (a rectangle along the axes) or a point, as a geometry ⇄ its numbers. Slots of ours: `names`.

    The first of `encodings` is written that has it. Any ring of the four corners is read; a polygon that is no such
    rectangle is malformed, and so is a latitude beyond 90 degrees. A box across the date line, or without area, cannot
    be written as a ring of corners, which would say another one.
    """

    names: tuple[str, ...] = BOX

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        raw = raws[0]
        if raw is MISSING:
            return (None,) * len(self.names)
        for encoding in self._known():
            found = encoding.box(raw) if self.names == BOX else encoding.point(raw)
            if found is not None:
                return in_range(found, raw)
        raise Malformed(f"{shown(raw)} is no {'box' if self.names == BOX else 'point'} of these encodings")

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if all(value is None for value in values):
            return (MISSING,), ()
        if any(value is None for value in values):
            raise Unsayable(f"only {' and '.join(self.names)} together are said there")
        return (written(self._known(), tuple(values)),), ()

    def values(self, draw: Draw) -> tuple[Any, ...]:
        return tuple(None if draws.odd(draw) else one for one in numbers(draw, self.names))


@dataclass(frozen=True)
class AnyShape(_Shapes):
    """A geometry of any kind ⇄ a box, a point, or the geometry itself with its encoding: one of the three.

    Slots of ours: west, south, east, north, lon, lat, encoding, value. A box or a point is never said as a geometry,
    too. Of several that a product has, the first is written.
    """

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        raw, none = raws[0], (None,) * 8
        if raw is MISSING:
            return none
        for encoding in self._known():
            box = encoding.box(raw)
            if box is not None:
                return (*in_range(box, raw), *none[:4])
            point = encoding.point(raw)
            if point is not None:
                return (*none[:4], *in_range(point, raw), None, None)
            text = encoding.other(raw)
            if text is not None:
                return (*none[:6], encoding.code, text)
        raise Malformed(f"{shown(raw)} is no geometry of these encodings")

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if all(value is None for value in values):
            return (MISSING,), ()
        why: Unsayable | None = None
        for start, end in ((0, 4), (4, 6), (6, 8)):
            own = values[start:end]
            if any(value is None for value in own):
                continue
            try:
                raw = written(self._known(), own) if start < 6 else self._other(*own)
            except Unsayable as exc:
                why = why or exc
                continue
            others = [i for i, value in enumerate(values) if value is not None and not start <= i < end]
            reason = "one geometry is said there, and the place has another"
            return (raw,), tuple((i, Said(None, "omitted", reason)) for i in others)
        raise why or Unsayable("only all numbers of a box or of a point together are said there")

    def _other(self, code: str, text: str) -> Any:
        for encoding in self._known():
            raw = encoding.given(text) if encoding.code == code else None
            if raw is not None:
                return raw
        raise Unsayable(f"a geometry in {code} is not said there, or it is a box or a point")

    def values(self, draw: Draw) -> tuple[Any, ...]:
        kind = draw.integer(0, 3)
        box = numbers(draw, BOX) if kind in (0, 3) else (None,) * 4
        point = numbers(draw, POINT) if kind in (1, 3) else (None,) * 2
        odd = draws.odd(draw)
        other = (None, None) if kind in (0, 1) else draw.choice(_OTHERS)
        return (*(None if odd and i == 2 else one for i, one in enumerate(box)), *point, *other)


PARTS = (
    *(f"bbox.{name}" for name in BOX),
    *(f"centroid.{name}" for name in POINT),
    "geometry.encoding",
    "geometry.value",
)
"""Of a place: what a geometry of any kind may fill."""
_OTHERS = (
    ("wkt", "LINESTRING(1 2, 3 4)"),
    ("wkt", "POINT(1 2)"),
    ("geojson", '{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}'),
    ("geojson", '{"type":"Point","coordinates":[1,2]}'),
    ("geojson", "no JSON"),
    ("gml", "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"),
)


def written(encodings: list[Encoding], values: tuple[str, ...]) -> Any:
    """A box or a point in the first of these encodings that can say it. Raises Unsayable with the first reason."""
    why: Unsayable | None = None
    try:
        in_range(values, "it")
    except Malformed as exc:
        raise Unsayable(str(exc)) from None
    for encoding in encodings:
        try:
            raw = encoding.said_box(values) if len(values) == 4 else encoding.said_point(values)
        except Unsayable as exc:
            why = why or exc
            continue
        if raw is not None:
            return raw
    raise why or Unsayable(f"no encoding of a {'box' if len(values) == 4 else 'point'} is known there")


def numbers(draw: Draw, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Degrees, mostly in range and in order."""
    if draws.odd(draw):
        return tuple(draws.decimal(draw) for _ in names)
    lon, lat = (draw.integer(-1800000, 1790000), draw.integer(-900000, 890000))
    if names == POINT:
        return shortest(lon), shortest(lat)
    return shortest(lon), shortest(lat), shortest(lon + draw.integer(0, 9999)), shortest(lat + draw.integer(0, 9999))


def shortest(tenthousandths: int) -> str:
    """A number of ten-thousandths of a degree in normal form."""
    sign, whole, fraction = "-" * (tenthousandths < 0), *divmod(abs(tenthousandths), 10000)
    return f"{sign}{whole}" + (f".{fraction:04}".rstrip("0") if fraction else "")
