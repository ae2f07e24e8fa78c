"""Clauses: a lens bound to its fields, which also knows how the dialect says nothing.

A clause reads a tuple of raw values (one per field of theirs) into a tuple of values (one per path of ours) and
writes them back. It never raises on data: what cannot be read is a problem, what cannot be said is a loss. Fields
and paths are known to a clause only by their position; the plan knows where they are.
"""

from metaharmon.lenses.clauses.base import Clause, LostPart, Policy, Problem, Reading, Silence, Writing, lost, omitted
from metaharmon.lenses.clauses.cases import Absent, Cases, Row
from metaharmon.lenses.clauses.several import Aliased, Labelled, Parallel, Together, WithMain, WithYear
from metaharmon.lenses.clauses.single import Fixed, Listed, Marker, Single
from metaharmon.lenses.clauses.tongues import FirstTongue

__all__ = [
    "Absent",
    "Aliased",
    "Cases",
    "Clause",
    "FirstTongue",
    "Fixed",
    "Labelled",
    "Listed",
    "LostPart",
    "Marker",
    "Parallel",
    "Policy",
    "Problem",
    "Reading",
    "Row",
    "Silence",
    "Single",
    "Together",
    "WithMain",
    "WithYear",
    "Writing",
    "lost",
    "omitted",
]
