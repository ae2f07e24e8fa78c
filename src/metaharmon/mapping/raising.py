"""Lists inside the entries of other lists, that fill one list of ours (`each: list[].list`, `of`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.containers import Outer, Raised
from metaharmon.mapping.bind import Binder
from metaharmon.mapping.ours import Belongs
from metaharmon.mapping.plan import Block, Hold
from metaharmon.mapping.syntax import Rule
from metaharmon.paths import Every, Key, PathError, TheirPath, parse_their_path
from metaharmon.yamltext import YText


def raised(binder: Binder, rule: Rule, inside: bool, place: Any) -> tuple[Rule, Raised]:
    """The rule as one over a list of the record, with the rules for the names; and the container that raises it."""
    steps, levels, keys = list(rule.each.steps), [], []  # type: ignore[union-attr]
    names = [(str(ours), str(theirs)) for ours, theirs in rule.of]
    for step in steps[:-1]:
        keyed = isinstance(step, Key) and step.name.startswith("{")
        if not keyed and isinstance(step, Key):
            keys.append(step.name)
            continue
        if not (keyed or isinstance(step, Every)) or not keys or len(levels) == len(names):
            break
        ours, theirs = names[len(levels)]
        levels.append(Outer(tuple(keys), None if keyed else theirs, f"{{{ours}}}"))
        keys = []
    if inside or not levels or len(levels) < len(names) or keys or not isinstance(steps[-1], Key):
        message = "`of` goes with lists inside entries of other lists of the record, a name for each level"
        raise binder.around.misfit(dx.RULE_CONFLICT, message, place)
    text = str(rule.each.text)  # type: ignore[union-attr]
    try:
        named = [(name, parse_their_path(f"{{{name}}}")) for name, _ in names]
    except PathError as exc:
        raise binder.around.misfit(dx.WRONG_FORM, str(exc), place) from None
    own = tuple(
        (YText(name, getattr(name, "place", place)), Rule(field=path, place=rule.place)) for name, path in named
    )
    moved = replace(rule, each=TheirPath(text, (Key(text),)), fields=(*own, *rule.fields), of=())
    return moved, Raised(tuple(levels), steps[-1].name, text)


def raised_apart(blocks: list[Block]) -> list[Block]:
    """Raised lists last; of those that fill one list of ours each takes the entries that name its levels only, and
    a block beside them those that name none."""
    out = []
    for block in blocks:
        same = [one for one in blocks if one.raised is not None and one.ours.steps == block.ours.steps]
        has = tuple(sorted(block.raised.names)) if block.raised is not None else ()
        lacks = tuple(sorted({name for one in same for name in one.raised.names} - set(has)))  # type: ignore[union-attr]
        out.append(replace(block, select=Belongs(block.select.constants, has, lacks)) if same else block)
    return sorted(out, key=lambda block: block.raised is not None)


def holds_of(blocks: list[Block]) -> tuple[Hold, ...]:
    """What must be opened for raised lists."""
    return tuple(Hold(block.place, (), block.raised) for block in blocks if block.raised is not None)
