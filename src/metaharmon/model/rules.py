"""What the members of one object must agree on: the normal form of whole objects (canonical schema 2 and 3).

Each function takes an object whose members are normal and gives its normal form, or raises ValueError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon import codelists
from metaharmon.diagnostics import shown
from metaharmon.model.nodes import Group
from metaharmon.model.scalars import normal_frequency, normal_quantity

Tree = dict[str, Any]


def _listed(tree: Tree) -> bool:
    """Whether the list of the scheme ships, in this edition, and writes the code; ValueError if it excludes it."""
    scheme, code = tree.get("scheme"), tree.get("code")
    if scheme is None or code is None or not codelists.exists(scheme):
        return False
    known = codelists.load(scheme)
    if tree.get("edition") not in (None, known.edition):
        return False
    if code not in known:
        raise ValueError(f"{shown(code)} is not a code of the list {scheme}")
    return known.lists(code)


def _without(tree: Tree, *names: str) -> Tree:
    return {name: value for name, value in tree.items() if name not in names}


TELLING = {"concept": ("code", "label", "uri")}
"""By the name of a group: members of which one at least is there, or the object says nothing."""

ENTIRE = frozenset({"policy"})
"""Names of groups of which a part says something else than the whole: they are read and said whole or not at all."""

TOGETHER = (("access", "limits"),)
"""Paths of groups whose members are one policy: a part of them permits more than the whole."""

_LOGIC = ("all_of", "any_of", "one_of")
_COMPARED = ("left", "operator", "right")


def is_constraint(tree: Tree) -> bool:
    """Whether an object compares two sides, or holds other conditions: one of the two, and all of it."""
    logic = [name for name in _LOGIC if name in tree]
    compared = [name for name in (*_COMPARED, "unit") if name in tree]
    return len(logic) == 1 if not compared else not logic and all(name in tree for name in _COMPARED)


COMPLETE: dict[str, Callable[[Tree], bool]] = {"constraint": is_constraint}
"""By the name of a group: whether an object has all that it needs to say anything."""


def _concept(tree: Tree) -> Tree:
    if not tree.keys() & set(TELLING["concept"]):
        raise ValueError("a concept has a code, a label or an address")
    return _without(tree, "label", "uri") if _listed(tree) else tree


def _place(tree: Tree) -> Tree:
    return _without(tree, "label") if _listed(tree) else tree


def _indicator(tree: Tree) -> Tree:
    return _without(tree, "label") if _listed(tree) else tree


def _licence(tree: Tree) -> Tree:
    known = codelists.load("licence").codes.get(tree.get("id", ""))
    return {"id": tree["id"]} if known and not known.generic else tree


_STATED_ONLY = ("amount", "amount_upper", "tiers", "share")


def _offer(tree: Tree) -> Tree:
    stated = [name for name in _STATED_ONLY if name in tree]
    basis = tree.get("basis", "unstated")
    state = tree.get("state", "stated" if stated else "unknown")
    if stated and state != "stated":
        raise ValueError(f"an offer whose state is {state} has no {stated[0]}")
    if "basis_text" in tree and basis != "unstated":
        raise ValueError("words of the basis stand only where the basis is unstated")
    return {**tree, "basis": basis, "state": state}


_ODRL = ("http://www.w3.org/ns/odrl/2/", "odrl:")


def _constraint(tree: Tree) -> Tree:
    if not is_constraint(tree):
        raise ValueError("a constraint has left, operator and right, or one of all_of, any_of and one_of, and no more")
    left = tree.get("left", "")
    word = next((left.removeprefix(start) for start in _ODRL if left.startswith(start)), "")
    return {**tree, "left": word} if word in codelists.load("left_operand").codes else tree


_RULES: dict[str, Callable[[Tree], Tree]] = {
    "concept": _concept,
    "place": _place,
    "indicator": _indicator,
    "licence": _licence,
    "offer": _offer,
    "frequency": normal_frequency,
    "constraint": _constraint,
}


def agree(tree: Tree, group: Group) -> Tree:
    """The object with what its group demands of all members together."""
    rule = _RULES.get(group.name)
    made = rule(tree) if rule else tree
    for name in group.required:
        if name not in made:
            raise ValueError(f"there is no {name}, without which a {group.name} says nothing")
    return normal_quantity(made, group.dimension) if group.name == "quantity" else made
