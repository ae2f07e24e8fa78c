"""Boxes and points in the encodings in which they stand: well-known text, GeoJSON, envelopes, bare numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from metaharmon.diagnostics import RecordError, shown
from metaharmon.files.jsontext import dumps, loads
from metaharmon.lenses.base import Malformed, Unsayable
from metaharmon.lenses.grammar import json_decimal, plain_decimal

BOX, POINT = ("west", "south", "east", "north"), ("lon", "lat")
LONGEST = 500
"""Characters of the text of a box or a point."""
Numbers = tuple[str, ...]
"""Of a box: west, south, east, north; of a point: longitude, latitude."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Encoding:
    """How geometries stand. Each function gives None for what is none of its kind."""

    code: str | None
    """The encoding of our geometries; None: it has boxes and points only."""
    box: Callable[[Any], Numbers | None]
    point: Callable[[Any], Numbers | None]
    said_box: Callable[[Numbers], Any]
    said_point: Callable[[Numbers], Any]
    other: Callable[[Any], str | None] = lambda raw: None
    """A geometry that is neither, as text."""
    given: Callable[[str], Any] = lambda text: None
    """Such a text of ours as it stands there."""


def in_range(values: Numbers, raw: Any) -> Numbers:
    """The numbers, if they are degrees on earth. Raises Malformed."""
    lons, lats = [Decimal(one) for one in values[::2]], [Decimal(one) for one in values[1::2]]
    if any(abs(lat) > 90 for lat in lats):
        raise Malformed(f"{shown(raw)} has a latitude beyond 90 degrees")
    if any(abs(lon) > 180 for lon in lons):
        raise Malformed(f"{shown(raw)} has a longitude beyond 180 degrees")
    if len(lats) == 2 and lats[0] > lats[1]:
        raise Malformed(f"{shown(raw)} has its southern edge north of the northern one")
    return values


# --- rings of corners ------------------------------------------------------------------------------------------------


def _corners(points: list[Pair]) -> Numbers | None:
    """The numbers of a ring of four corners along the axes; None where it is another polygon."""
    xs, ys = ({Decimal(point[i]): point[i] for point in points} for i in (0, 1))
    steps = [(a[0] != b[0]) + (a[1] != b[1]) for a, b in itertools.pairwise(points)]
    if len(points) != 5 or points[0] != points[4] or len(xs) != 2 or len(ys) != 2 or steps != [1, 1, 1, 1]:
        return None
    if len(set(points)) != 4:
        return None
    return xs[min(xs)], ys[min(ys)], xs[max(xs)], ys[max(ys)]


def _ring(values: Numbers) -> list[Pair]:
    """The corners, from the south-western one against the clock (RFC 7946, 3.1.6)."""
    west, south, east, north = values
    if Decimal(west) >= Decimal(east) or Decimal(south) >= Decimal(north):
        raise Unsayable("a ring of corners would say another box")
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


# --- well-known text -------------------------------------------------------------------------------------------------

_HEAD = re.compile(r"\s*(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>|SRID=(?:4326|84) *;)?\s*", re.IGNORECASE)
_POLYGON = re.compile(r"POLYGON\s*\(\s*\(([-+0-9.,\s]+)\)\s*\)\s*", re.IGNORECASE)
_POINT = re.compile(r"POINT\s*\(([-+0-9.\s]+)\)\s*", re.IGNORECASE)
_ENVELOPE = re.compile(r"\s*ENVELOPE\s*\(([-+0-9.,\s]+)\)\s*", re.IGNORECASE)
_WKT = re.compile(
    r"\s*(?:<http[^>]*>\s*|SRID=[0-9]+ *;\s*)?"
    r"(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\s*(?:ZM?|M)?\s*\(.*",
    re.IGNORECASE | re.DOTALL,
)


def _wkt_points(raw: Any, form: re.Pattern[str]) -> list[Pair] | None:
    if raw.__class__ is not str or len(raw) > LONGEST:
        return None
    found = form.fullmatch(raw, _HEAD.match(raw).end())  # type: ignore[union-attr]
    points = [point.split() for point in found[1].split(",")] if found else []
    if not points or any(len(point) != 2 for point in points):
        return None
    return [(plain_decimal(x), plain_decimal(y)) for x, y in points]


def _wkt_box(raw: Any) -> Numbers | None:
    points = _wkt_points(raw, _POLYGON)
    return None if points is None else _corners(points)


def _wkt_point(raw: Any) -> Numbers | None:
    points = _wkt_points(raw, _POINT)
    return points[0] if points and len(points) == 1 else None


def _wkt_other(raw: Any) -> str | None:
    return raw if raw.__class__ is str and _WKT.fullmatch(raw) and _flat(raw) else None


_TRIPLE = re.compile(r"(?:^|[(,])\s*[-+0-9.eE]+(?:\s+[-+0-9.eE]+){2,}\s*(?=[,)])")


def _flat(text: str) -> bool:
    """Whether a geometry has no heights, and no point off the earth where it is a plain one."""
    if _TRIPLE.search(text):
        raise Malformed(f"{shown(text)} has heights; places of ours are flat")
    if not text.lstrip().startswith("<") and "SRID" not in text.upper():
        for x, y in re.findall(r"([-+]?[0-9.]+)\s+([-+]?[0-9.]+)", text):
            in_range((plain_decimal(x), plain_decimal(y)), text)
    return True


def _wkt_given(text: str) -> Any:
    found = _wkt_box(text) is None and _wkt_point(text) is None and _WKT.fullmatch(text) is not None
    return text if found and _sound(text, _flat) else None


def _sound(value: Any, check: Callable[[Any], Any]) -> bool:
    try:
        return bool(check(value))
    except Malformed:
        return False


_wkt = Encoding(
    "wkt",
    _wkt_box,
    _wkt_point,
    lambda values: f"POLYGON(({', '.join(f'{x} {y}' for x, y in _ring(values))}))",
    lambda values: f"POINT({values[0]} {values[1]})",
    _wkt_other,
    _wkt_given,
)

# --- GeoJSON ---------------------------------------------------------------------------------------------------------

_KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")


def _json_pairs(points: Any) -> list[Pair] | None:
    if points.__class__ is not list or any(p.__class__ is not list or len(p) != 2 for p in points):
        return None
    return [(json_decimal(x), json_decimal(y)) for x, y in points]


def _json_box(raw: Any) -> Numbers | None:
    if raw.__class__ is not dict or raw.keys() != {"type", "coordinates"} or raw["type"] != "Polygon":
        return None
    rings = raw["coordinates"]
    points = _json_pairs(rings[0]) if rings.__class__ is list and len(rings) == 1 else None
    return None if points is None else _corners(points)


def _json_point(raw: Any) -> Numbers | None:
    if raw.__class__ is not dict or raw.keys() != {"type", "coordinates"} or raw["type"] != "Point":
        return None
    points = _json_pairs([raw["coordinates"]])
    return None if points is None else points[0]


def _json_other(raw: Any) -> str | None:
    """The text of a GeoJSON geometry that has no heights."""
    if raw.__class__ is not dict or raw.get("type") not in _KINDS:
        return None
    inside = raw.get("geometries" if raw["type"] == "GeometryCollection" else "coordinates")
    if inside.__class__ is not list or not inside:
        return None
    try:
        text = dumps(raw)
    except (RecordError, TypeError):
        return None
    return text if raw["type"] == "GeometryCollection" or _json_flat(inside, text) else None


def _json_flat(points: list[Any], text: str) -> bool:
    if any(one.__class__ is list for one in points):
        return all(one.__class__ is list and _json_flat(one, text) for one in points)
    if len(points) > 2:
        raise Malformed(f"{shown(text)} has heights; places of ours are flat")
    if len(points) != 2 or any(one.__class__ is bool or not isinstance(one, int | float | Decimal) for one in points):
        return False
    in_range(tuple(map(json_decimal, points)), text)
    return True


def _parsed(raw: Any) -> Any:
    if raw.__class__ is not str or raw.lstrip()[:1] != "{":
        return None
    try:
        return loads(raw, "geometry")
    except RecordError:
        return None


def _json_given(text: str) -> Any:
    raw = _parsed(text)
    if raw is None or _json_box(raw) is not None or _json_point(raw) is not None:
        return None
    try:
        return raw if _json_other(raw) == text else None
    except Malformed:
        return None


def _said_json_box(values: Numbers) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[_number(x), _number(y)] for x, y in _ring(values)]]}


def _said_json_point(values: Numbers) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [_number(one) for one in values]}


def _number(text: str) -> Any:
    return Decimal(text) if "." in text else int(text)


_geojson = Encoding("geojson", _json_box, _json_point, _said_json_box, _said_json_point, _json_other, _json_given)
_geojson_text = Encoding(
    "geojson",
    lambda raw: _json_box(_parsed(raw)),
    lambda raw: _json_point(_parsed(raw)),
    lambda values: dumps(_said_json_box(values)),
    lambda values: dumps(_said_json_point(values)),
    lambda raw: raw if _json_other(_parsed(raw)) is not None else None,
    lambda text: text if _parsed(text) is not None and _sound(_parsed(text), _json_whole) else None,
)


def _json_whole(raw: Any) -> bool:
    """Whether it is a geometry that is read as one: neither a box nor a point."""
    return _json_box(raw) is None and _json_point(raw) is None and _json_other(raw) is not None


# --- numbers ---------------------------------------------------------------------------------------------------------


def _split(raw: Any, count: int) -> Numbers | None:
    """So many numbers with commas between them."""
    parts = raw.split(",") if raw.__class__ is str and len(raw) <= LONGEST else ()
    if len(parts) != count:
        return None
    try:
        return tuple(plain_decimal(part.strip()) for part in parts)
    except Malformed:
        return None


def _none(_: Any) -> None:
    return None


def _envelope_box(raw: Any) -> Numbers | None:
    found = _ENVELOPE.fullmatch(raw) if raw.__class__ is str and len(raw) <= LONGEST else None
    numbers = _split(found[1], 4) if found else None
    return None if numbers is None else (numbers[0], numbers[3], numbers[1], numbers[2])


_envelope = Encoding(None, _envelope_box, _none, lambda v: f"ENVELOPE({v[0]},{v[2]},{v[3]},{v[1]})", _none)
_wsen = Encoding(None, lambda raw: _split(raw, 4), _none, ",".join, _none)


def _lat_lon_point(raw: Any) -> Numbers | None:
    numbers = _split(raw, 2)
    return None if numbers is None else numbers[::-1]


_lat_lon = Encoding(None, _none, _lat_lon_point, _none, lambda v: f"{v[1]},{v[0]}")


def _listed(raw: Any, count: int) -> Numbers | None:
    if raw.__class__ is not list or len(raw) != count:
        return None
    try:
        return tuple(map(json_decimal, raw))
    except Malformed:
        return None


_array = Encoding(
    None,
    lambda raw: _listed(raw, 4),
    lambda raw: _listed(raw, 2),
    lambda values: [_number(one) for one in values],
    lambda values: [_number(one) for one in values],
)

# --- schema.org: texts with latitude first ---------------------------------------------------------------------------


def _degrees(raw: Any) -> Numbers:
    """The numbers of a text, with blanks or commas between them; none where it holds anything else."""
    if raw.__class__ is not str or len(raw) > 100 * LONGEST:
        return ()
    try:
        return tuple(plain_decimal(part) for part in re.split(r"\s*[\s,]\s*", raw.strip()))
    except Malformed:
        return ()


def _swne_box(raw: Any) -> Numbers | None:
    numbers = _degrees(raw)
    return (numbers[1], numbers[0], numbers[3], numbers[2]) if len(numbers) == 4 else None


_swne = Encoding(None, _swne_box, _none, lambda v: f"{v[1]} {v[0]} {v[3]} {v[2]}", _none)


def _lat_lon_ring(raw: Any) -> list[Pair] | None:
    """The points of a ring, longitude first."""
    numbers = _degrees(raw)
    points = list(zip(numbers[1::2], numbers[::2], strict=False))
    if len(numbers) % 2 or len(points) < 4 or points[0] != points[-1]:
        return None
    for point in points:
        in_range(point, raw)
    return points


def _ring_other(raw: Any) -> str | None:
    points = _lat_lon_ring(raw)
    return None if points is None else f"POLYGON(({', '.join(map(' '.join, points))}))"


def _ring_given(text: str) -> str | None:
    points = _wkt_points(text, _POLYGON)
    shown_there = None if points is None else " ".join(f"{y} {x}" for x, y in points)
    try:
        return (
            shown_there if shown_there and _ring_other(shown_there) == text and _corners(points or []) is None else None
        )
    except Malformed:
        return None


_lat_lon_polygon = Encoding(
    "wkt",
    lambda raw: _corners(_lat_lon_ring(raw) or []) if _lat_lon_ring(raw) else None,
    _none,
    lambda values: " ".join(f"{y} {x}" for x, y in _ring(values)),
    _none,
    _ring_other,
    _ring_given,
)

ENCODINGS = {
    "wkt": _wkt,
    "geojson": _geojson,
    "geojson_text": _geojson_text,
    "envelope": _envelope,
    "wsen": _wsen,
    "lat_lon": _lat_lon,
    "array": _array,
    "swne": _swne,
    "lat_lon_ring": _lat_lon_polygon,
}
"""By name: well-known text, GeoJSON as an object or as a text, ENVELOPE(w,e,n,s), `w,s,e,n`, `lat,lon`, a JSON list
of numbers (a box: w, s, e, n; a point: lon, lat); of schema.org `s w n e`, and a ring of points, latitude first."""
