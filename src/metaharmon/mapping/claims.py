"""What the rules of a scope reach: fields of theirs that are read, paths of ours that are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from metaharmon.lenses.clauses import FirstTongue
from metaharmon.mapping.levels import PATTERNS, Listed
from metaharmon.mapping.needs import Need
from metaharmon.mapping.ours import AnyKey, First, ListClaims, OurSlot, Select, claim, dig
from metaharmon.mapping.plan import Block, Cell, Line, Reason, Scope, Tongues
from metaharmon.mapping.schemas import spec_steps
from metaharmon.model import shape
from metaharmon.paths import Every, Key, Languages, Match, Up


def selected(cells: list[Cell], blocks: list[Block]) -> tuple[OurSlot, ...]:
    """The entries of ours that rules find by constants."""
    found: dict[Any, OurSlot] = {}
    for slot in [s for cell in cells for s in cell.ours] + [block.ours for block in blocks]:
        for i, step in enumerate(slot.steps):
            if isinstance(step, Select) and len(slot.steps) > i + 1:  # a whole entry is lost by its own rule
                found.setdefault(slot.steps[: i + 1], OurSlot(slot.text, slot.steps[: i + 1], None))
    return tuple(found.values())


def reasons_of(kept: Any) -> tuple[Reason, ...]:
    """Why fields of theirs are kept, by their keys."""
    found = []
    for path, said in kept:
        keys: list[str | None] = []
        for step in path.steps:
            if isinstance(step, Match):
                keys.append(step.value)  # such a list is opened by these values
            else:
                plain = isinstance(step, Key) and not step.name.startswith("{")
                keys.append(step.name if plain else None)  # type: ignore[union-attr]
        if not any(isinstance(step, Up) for step in path.steps):
            found.append(Reason(tuple(keys), str(said.why or "the mapping keeps it as it is"), said.place))
    return tuple(found)


def known_fields(cells: list[Cell], one_way: tuple[Line, ...], blocks: list[Block], derived: Any) -> dict[str, Any]:
    """Their fields that some rule reads, as a tree of names."""
    known: dict[Any, Any] = {}
    slots = [s.steps for cell in cells for s in cell.theirs]
    slots += [b.theirs.steps for b in blocks if b.level is None] + [d.slot.steps for d in derived]
    for steps in slots:
        if not steps or isinstance(steps[0], Up):
            continue
        here = known
        for i, step in enumerate(steps):
            name = None if isinstance(step, Languages) else step.name if isinstance(step, Key) else None
            if isinstance(step, Every) or i + 1 == len(steps):
                here[name] = True
                break
            below = here.get(name)
            if below is True:
                break
            if below is None:
                below = here[name] = {}
            here = below
    for block in blocks:
        if block.level is not None:
            here = known
            for i, step in enumerate(block.theirs.steps):
                made = Listed() if block.level.listed and i + 1 == len(block.theirs.steps) else {}
                here = here.setdefault(step.name, made) if here is not True else here  # type: ignore[union-attr]
            if here is not True:
                here.setdefault(PATTERNS, []).append(block.level)
    _spread_languages(known)
    return known


def _spread_languages(known: dict[Any, Any]) -> None:
    """What is read in every language is read in one that a rule names, too."""
    every = known.get(None)
    for name, below in known.items():
        if below.__class__ is not dict or name is PATTERNS:
            continue
        if isinstance(name, str) and every.__class__ is dict:
            _merge_known(below, every)  # type: ignore[arg-type]
        _spread_languages(below)


def _merge_known(known: dict[Any, Any], more: dict[Any, Any]) -> None:
    for name, below in more.items():
        if below is True or name not in known:
            known[name] = below
        elif known[name] is not True and name is not PATTERNS:
            _merge_known(known[name], below)


def names_known(specs: Iterable[tuple[str, Any]], record: Scope) -> frozenset[str]:
    """The members of a record that the schema has or some rule reads; without constants and keywords of JSON-LD."""
    names = {step for path, _ in specs for step in spec_steps(path)[:1] if step not in ("[]", "{}")}
    names |= {name for name in record.known if isinstance(name, str)}
    names -= {getattr(d.slot.steps[0], "name", "") for d in record.derived if len(d.slot.steps) == 1}
    return frozenset(name for name in names if name and not name.startswith("@"))


def claims_of(cells: list[Cell], one_way: tuple[Line, ...], blocks: list[Block]) -> Any:
    """Paths of ours that some rule writes."""
    claims: dict[str, Any] = {}
    for slot in [s for cell in cells for s in cell.ours] + [s for line in one_way for s in line.ours]:
        if not slot.steps:
            return True
        claim(claims, slot.steps)
    for block in sorted(blocks, key=lambda block: bool(block.spread)):  # keys with rules of their own come first
        if block.parts:
            for part in block.parts:
                here = _list_claims(claims, part.ours.steps)
                here.branches.append((part.select, True))
            continue
        if block.spread:
            inner = ListClaims()
            inner.branches.append((Select(()), True))
            own = dig(claims, block.ours.steps)
            claim(claims, block.ours.steps, AnyKey(inner, own if isinstance(own, dict) else None))
            continue
        here = _list_claims(claims, block.ours.steps)
        here.branches.append((block.select, True))  # what an entry cannot say is found when the entry is written
    return claims


def claim_constants(claims: Any, select: Select) -> None:
    """The constants of every entry are said by its being there."""
    if claims is not True:
        for path, _ in select.constants:
            claim(claims, path)


def _list_claims(claims: dict[str, Any], steps: tuple[Any, ...]) -> ListClaims:
    """The claims on a list, made where there are none yet."""
    here: Any = claims
    for i, step in enumerate(steps):
        if isinstance(step, (First, Select)):
            if isinstance(step, Select):
                here = here.selected(step)
            else:
                here.first = here.first if isinstance(here.first, dict) else {}
                here = here.first
            continue
        last = i + 1 == len(steps)
        below = here.get(step)
        if below is None or below is True:
            below = here[step] = ListClaims() if last or not isinstance(steps[i + 1], str) else {}
        here = below
    return here


def langlists(record: Scope) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The lists of words of a record to which rules give one language, with that language."""
    steps = [slot.steps for cell in record.cells for slot in cell.ours] + [block.ours.steps for block in record.blocks]
    paths = [
        path
        for path, node in shape.walk()
        if isinstance(node, shape.LangList) and all(name.isidentifier() for name in path)
    ]
    found = {
        (path, one[len(path)]) for path in paths for one in steps if one[: len(path)] == path and len(one) > len(path)
    }
    alone = [(path, language) for path, language in found if sum(path == other for other, _ in found) == 1]
    return tuple(sorted((path, str(language)) for path, language in alone))


def tongues(cells: list[Cell], language: str, needs: Need) -> tuple[Tongues, ...]:
    """The levels of languages of a record, with those members below whose rules say that they have no language."""
    found: dict[tuple[str, ...], set[str]] = {}
    for line in (line for cell in cells for line in cell.lines if isinstance(line.clause, FirstTongue)):
        for steps in (slot.steps for slot in line.theirs):
            at = next((i for i, step in enumerate(steps) if isinstance(step, Languages)), None)
            if at is not None and at + 1 < len(steps) and all(isinstance(step, Key) for step in steps[:at]):
                keys = tuple(step.name for step in steps[:at])  # type: ignore[union-attr]
                found.setdefault(keys, set()).add(steps[at + 1].name)  # type: ignore[union-attr]
    return tuple(
        Tongues(keys, frozenset(names), language, needs.at_level(keys) & names) for keys, names in sorted(found.items())
    )
