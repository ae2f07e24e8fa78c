"""Texts of geometries, known by how they begin: a case asks which encoding stands in a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.lenses.base import Malformed
from metaharmon.lenses.raws import shown
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
