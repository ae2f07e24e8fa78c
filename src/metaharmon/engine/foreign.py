"""Whether a record is one of the dialect at all: a record of which nothing is read is refused (mapping language, 1.5).

Generated code asks `suspect` only, which never misses such a record; the interpreter decides, with every fate known.
"""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic
from metaharmon.engine.outcome import Read
from metaharmon.engine.residue import ListResidue, Residue
from metaharmon.lenses.clauses import Silence
from metaharmon.mapping.plan import Plan
from metaharmon.model.normal import same
from metaharmon.paths import put

HARDLY = 5
"""A record of which less than one part in so many is read is reported."""


def idle(plan: Plan) -> list[dict[str, Any]]:
    """Records, as they are opened, that say nothing: an empty one, and where rules read constants, one of these."""
    derived = {one.slot.steps: one.constant[0] for one in plan.record.derived if one.constant}
    said = [slot.steps for line in plan.record.one_way for slot in line.theirs if slot.steps in derived]
    constants: dict[str, Any] = {}
    for steps in said:
        put(constants, steps, derived[steps])
    return [{}, constants] if constants else [{}]


def suspect(tree: dict[str, Any], residue: Residue, ours: Any, blank: Any) -> bool:
    """Whether next to nothing may have been read of a record, as it was opened: `ours` is what one that says nothing
    gives (`blank`; None: nobody knows what), or most of it is residue."""
    if not (residue.leaves or residue.lists or residue.frames):
        return False
    return blank is None or ours in blank or hardly(tree, residue)


def hardly(tree: dict[str, Any], residue: Residue) -> bool:
    """Whether most of a record, as it was opened, is in its residue. Cheap where that holds little."""
    strays = 0
    for raw in residue.leaves.values():
        kind = raw.__class__
        if kind is list and raw and raw[0].__class__ is str:
            strays += len(raw)
        else:
            strays += _telling(raw) if kind is dict or kind is list else 1
    if residue.lists:
        strays += sum(map(_strays_of, residue.lists.values()))
    if strays < HARDLY or strays * 2 < len(tree):  # one value read and four not are a fifth
        return False
    return strays * HARDLY > (HARDLY - 1) * _telling(tree)


def _strays_of(one: ListResidue) -> int:
    """How many raw leaves the residue of a list holds."""
    count = sum(_telling(slot) for slot in one.slots or () if slot.__class__ is dict)
    for _, _, below in one.items:
        if below:
            count += sum(map(_telling, below.leaves.values())) + sum(map(_strays_of, below.lists.values()))
    return count


def _telling(value: Any) -> int:
    """How many leaves of a value are neither null nor empty."""
    kind = value.__class__
    if kind is dict:
        return sum(map(_telling, value.values()))
    if kind is list:
        return sum(map(_telling, value))
    return 0 if value is None or value == "" else 1


def judge(plan: Plan, record: dict[str, Any], tree: dict[str, Any], blank: list[dict[str, Any]], out: Read) -> None:
    """Refuse a record that was read, with its fates, if nothing of it is; report it if hardly anything is.

    `tree` is the record as it was opened, `blank` what records that say nothing read to.
    """
    fates = out.fates or []
    whole = sum(one.informative for one in fates if one.fate != "derived")
    if not whole:
        return
    read = [one for one in fates if one.informative and one.fate in ("exact", "spelled")]
    mapped = sum(one.informative for one in read)
    if any(same(out.tree, one) for one in blank) and not any(one.ours for one in read):
        out.problems.append(Diagnostic(dx.FOREIGN, f"not a record of {plan.dialect}: {_said(plan, record, tree)}"))
        out.fates = [one._replace(fate="refused") for one in fates]
    elif mapped * HARDLY < whole:
        message = f"of the {whole:,} values that the record says, {mapped:,} can be read ({100 * mapped // whole}%)"
        out.problems.append(Diagnostic(dx.HARDLY_READ, message))


def _said(plan: Plan, record: dict[str, Any], tree: dict[str, Any]) -> str:
    """How many fields a record has, and whether the dialect knows any of them."""
    silence = Silence(plan.silence.markers, between=plan.silence.between)
    telling = [name for name, raw in record.items() if silence.informative(raw)]
    named = [name for name in telling if not name.startswith("@")] or telling
    known = not plan.names.isdisjoint(named) or not plan.names.isdisjoint(tree)
    state = "read" if known else "known"
    return f"its one field is not {state}" if len(named) == 1 else f"none of its {len(named):,} fields is {state}"
