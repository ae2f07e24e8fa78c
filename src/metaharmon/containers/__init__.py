"""Containers: what of theirs holds a tree, or holds it in another shape or place than the rules look at.

`close(open(x)) == x` with the frame, which is what the tree forgets (spelling, quoting, order, repeated keys); it is
kept only when the plain form differs.
"""

from metaharmon.containers.adjoined import Adjoined
from metaharmon.containers.lists import Bare, ByKey, Chained, First, Row, Rows, Values
from metaharmon.containers.objects import Flagged, Leading, Places
from metaharmon.containers.raised import Outer, Raised
from metaharmon.containers.shapes import (
    Alone,
    ByLanguage,
    Lines,
    Merged,
    Named,
    OneOrList,
    Printed,
    Short,
    Sole,
    Zipped,
)
from metaharmon.containers.texts import Container, Csv, Json, Numbers, Pairs, PythonLiteral
from metaharmon.containers.unfolded import Unfolded

__all__ = [
    "Adjoined",
    "Alone",
    "Bare",
    "ByKey",
    "ByLanguage",
    "Chained",
    "Container",
    "Csv",
    "First",
    "Flagged",
    "Json",
    "Leading",
    "Lines",
    "Merged",
    "Named",
    "Numbers",
    "OneOrList",
    "Outer",
    "Pairs",
    "Places",
    "Printed",
    "PythonLiteral",
    "Raised",
    "Row",
    "Rows",
    "Short",
    "Sole",
    "Unfolded",
    "Values",
    "Zipped",
]
