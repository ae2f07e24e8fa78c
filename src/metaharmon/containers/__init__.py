"""Containers: what of theirs holds a tree, or holds it in another shape or place than the rules look at.

`close(open(x)) == x` with the frame, which is what the tree forgets (spelling, quoting, order, repeated keys); it is
kept only when the plain form differs.
"""

from metaharmon.containers.objects import Leading, Places
from metaharmon.containers.raised import Outer, Raised
from metaharmon.containers.texts import ByKey, Container, Csv, Json, Pairs, PythonLiteral

__all__ = ["ByKey", "Container", "Csv", "Json", "Leading", "Outer", "Pairs", "Places", "PythonLiteral", "Raised"]
