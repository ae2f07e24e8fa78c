"""Residues of other dialects in a `carry` field: canonical JSON text, used only when the caller says so (1.6).

The text is a list of residues, each with `of: dialect@version`. It comes from outside and could plant fields in a
third system, so it is checked before use, and a residue that is broken is reported, never half used.
"""

from __future__ import annotations

from typing import Any

from metaharmon.diagnostics import CARRIED, MALFORMED, Diagnostic, RecordError, shown
from metaharmon.engine.residue import Residue
from metaharmon.files.jsontext import dumps, loads
from metaharmon.mapping.plan import Plan
from metaharmon.paths import leaf_keys


def carried_text(plan: Plan, residue: Residue) -> Any:
    """What stands in the carry field of a record that was read; None when there is nothing."""
    return residue.leaves.get(plan.carry.text) if plan.carry else None


def carried(plan: Plan, residue: Residue) -> tuple[dict[str, Residue], list[Diagnostic]]:
    """The residues that a record carries, by `dialect@version`, and what is wrong with them."""
    text = carried_text(plan, residue)
    found: dict[str, Residue] = {}
    if text is None:
        return found, []
    path = plan.carry.text  # type: ignore[union-attr]
    try:
        entries = loads(text, path) if isinstance(text, str) else None
        for entry in entries if isinstance(entries, list) else _broken("a list of residues is needed"):
            name = entry.get("of") if isinstance(entry, dict) else None
            if not isinstance(name, str):
                _broken("a carried residue says 'of: dialect@version'")
            found[name] = _checked(Residue.from_data(entry))
    except (ValueError, RecordError) as error:
        sentence = error.diagnostics[0].message if isinstance(error, RecordError) else str(error)
        return {}, [Diagnostic(MALFORMED, f"the carried residue cannot be used: {sentence}", path=path)]
    return found, []


def dialect_of(name: str) -> str:
    """The dialect of a `dialect@version`."""
    return name.partition("@")[0]


def carrying(plan: Plan, residue: Residue, into: Plan, present: Residue | None) -> Residue:
    """The residue with which a record of `into` is written so that it carries this one, and what this one carries of
    further dialects. `present` is what it is written with otherwise."""
    others, _ = carried(plan, residue)
    own = Residue(dict(residue.leaves), residue.gone, residue.digests, residue.lists, residue.frames)
    if others:
        del own.leaves[plan.carry.text]  # type: ignore[union-attr]
    mine = (plan.dialect, into.dialect)
    passed = [other.as_data(name) for name, other in sorted(others.items()) if dialect_of(name) not in mine]
    text = dumps([own.as_data(plan.named), *passed])
    base = present or Residue()
    return Residue({**base.leaves, into.carry.text: text}, base.gone, base.digests, base.lists, base.frames)  # type: ignore[union-attr]


def passed_on(plan: Plan) -> Diagnostic:
    """The note that a carry field was left unread."""
    return Diagnostic(CARRIED, "it holds residue of other dialects, which was not used", path=plan.carry.text)  # type: ignore[union-attr]


def _broken(sentence: str) -> Any:
    raise ValueError(sentence)


def _checked(residue: Residue) -> Residue:
    """The residue. Raises ValueError when its paths or keys have not the form that the writer relies on."""
    for text in (*residue.leaves, *residue.gone):
        try:
            keys = leaf_keys(text) if isinstance(text, str) else ()
        except ValueError:
            keys = ()
        if not keys or not all(isinstance(key, str) for key in keys):
            raise ValueError(f"{shown(text)} is no path of a residue")
    for one in residue.lists.values():
        for key, _, below in one.items:
            if not isinstance(key, str):
                raise ValueError(f"{shown(key)} is no key of an entry")
            if below:
                _checked(below)
    return residue
