"""Generated records and products, by which the laws are tried: seeded, so that the same seed gives the same values.

`records` follows the rules of a plan (good values, odd ones, absence in every form, unknown fields, wrong types);
`products` follows the shape of the canonical schema and, beside that, what the rules of a plan can say.
"""

from __future__ import annotations

from typing import Any

from metaharmon import interpreter
from metaharmon.diagnostics import FOREIGN
from metaharmon.generate.edits import Edit, plan_edit
from metaharmon.generate.products import plan_product
from metaharmon.generate.records import plan_record
from metaharmon.lenses.draws import Seeded
from metaharmon.mapping.plan import Plan

__all__ = ["Edit", "edits", "products", "records"]

TRIES = 20
"""How often another record is drawn for one of which nothing is read."""


def records(plan: Plan, seed: int, n: int) -> list[dict[str, Any]]:
    """`n` records of theirs, as JSON objects; none that is refused as one of another form."""
    return [_record(plan, seed * 1_000_003 + i) for i in range(n)]


def _record(plan: Plan, seed: int) -> dict[str, Any]:
    for again in range(TRIES):
        made = plan_record(plan, Seeded(seed + again * 7_000_003))
        if not any(problem.code == FOREIGN for problem in interpreter.read(plan, made).problems):
            return made
    return {}


def products(plan: Plan, seed: int, n: int) -> list[dict[str, Any]]:
    """`n` canonical trees in normal form, some of which say what the dialect has no field for."""
    return [plan_product(plan, Seeded(seed * 1_000_003 + i)) for i in range(n)]


def edits(plan: Plan, tree: dict[str, Any], seed: int, n: int) -> list[Edit]:
    """At most `n` edits of a tree that was read."""
    made = [plan_edit(plan, tree, Seeded(seed * 1_000_003 + i)) for i in range(n)]
    return [one for one in made if one is not None]
