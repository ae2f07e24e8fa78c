"""What rules need of each other: discriminators, keys, and separators that no label holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.checker.places import within
from metaharmon.diagnostics import shown
from metaharmon.mapping.grammar import Report, place_of
from metaharmon.mapping.load import Mapping
from metaharmon.mapping.ours import First, OurSlot, Select
from metaharmon.mapping.plan import Block, Plan, Scope
from metaharmon.mapping.syntax import Rule, Table
from metaharmon.model import shape


def check_rules(mapping: Mapping, plan: Plan, report: Report) -> None:
    """The rules of a whole mapping against each other."""
    _scope(plan.record, shape.root(), mapping.file, report)
    tables = {str(name): table for name, table in mapping.says.codes}
    for rule in _all_rules(mapping.says.fields):
        _separators(rule, tables, mapping.file, report)


def _scope(scope: Scope, node: Any, file: str, report: Report) -> None:
    _first_entries(scope, node, file, report)
    for block in scope.blocks:
        for part in block.parts or (block,):
            _block(part, file, report)


def _block(block: Block, file: str, report: Report) -> None:
    node = block.ours.node.value if block.spread else block.ours.node
    said = _said(block.scope)
    said |= {".".join(path) for path, _ in block.select.constants}
    lacking = _lacking(node, said)
    if lacking:
        named = f"entries of '{block.ours.text}' differ by {' and '.join(lacking)}"
        message = f"{named}, which no rule, `set` or table gives"
        report.add(dx.LENS_MISFIT, message, within(file, block.place), f"set: {{{lacking[0]}: …}}")
    for name in block.key or ():
        if not any(name == path or path.startswith(f"{name}.") or path == "." for path in said):
            message = f"the key '{name}' of '{block.ours.text}' is not mapped"
            report.add(dx.MISSING_WORD, message, within(file, block.place))
    if block.again:
        return
    _scope(block.scope, getattr(node, "item", None), file, report)


def _said(scope: Scope) -> set[str]:
    """The members of an entry that its rules fill, as paths; `.` is the whole entry."""
    out = {"."} if any(not slot.steps for cell in scope.cells for slot in cell.ours) else set()
    slots = [slot for cell in scope.cells for slot in cell.ours] + [s for line in scope.one_way for s in line.ours]
    blocks = [part.ours for block in scope.blocks for part in block.parts or (block,)]
    for slot in (*slots, *blocks):
        names = [step for step in slot.steps if isinstance(step, str)]
        out |= {".".join(names[: i + 1]) for i in range(len(names))}
        out |= {f"{'.'.join(names)}.{'.'.join(path)}" for step in slot.steps if isinstance(step, Select)
                for path, _ in step.constants}  # fmt: skip
    return out


def _lacking(node: Any, said: set[str]) -> list[str]:
    """The members that tell the entries of a list apart, and that nothing gives."""
    if not isinstance(node, shape.ListOf) or node.kind != "discriminated" or "." in said:
        return []
    return [name for name in node.by if name not in said]


def _first_entries(scope: Scope, root: Any, file: str, report: Report) -> None:
    """Rules that go on past a discriminated list without a selector: another rule must give the discriminator."""
    noted: set[tuple[Any, ...]] = set()
    lines = [line for cell in scope.cells for line in cell.lines] + list(scope.one_way)
    slots = [slot for line in lines for slot in line.ours]
    for line in lines:
        for slot in line.ours:
            for prefix, node in _past_first(slot, root):
                lacking = _lacking(node, _said_below(prefix, slots))
                if lacking and prefix not in noted:
                    noted.add(prefix)
                    message = f"'{slot.text}' goes into a list whose entries differ by {' and '.join(lacking)}"
                    hint = f"write [{lacking[0]}=…] behind the list"
                    report.add(dx.LENS_MISFIT, message, within(file, line.place), hint)


def _said_below(prefix: tuple[Any, ...], slots: list[OurSlot]) -> set[str]:
    """The members that rules fill of the entry at some steps; `.` is the whole entry."""
    below = [slot.steps[len(prefix) :] for slot in slots if slot.steps[: len(prefix)] == prefix]
    return {str(steps[0]) if steps else "." for steps in below}


def _past_first(slot: OurSlot, root: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Where a slot enters the first entry of a list: the steps so far, and the list."""
    node = root
    for i, step in enumerate(slot.steps):
        if isinstance(step, str):
            if node is None or step == "." or step.startswith("{"):
                return
            node = shape.at((step,), node)
            continue
        if isinstance(step, First):
            yield slot.steps[: i + 1], node
        node = node.item


def _all_rules(fields: Any) -> Iterator[Rule]:
    for _, rule in fields:
        yield from _with_inner(rule)


def _with_inner(rule: Rule) -> Iterator[Rule]:
    yield rule
    for branch in rule.branches:
        yield from _with_inner(branch)
    yield from _all_rules(rule.fields)
    for row in rule.cases:
        yield from _all_rules((*row.fields, *(row.otherwise or ())))


def _separators(rule: Rule, tables: dict[str, Table], file: str, report: Report) -> None:
    """A separator inside a code or a label would cut it in two."""
    table = tables.get(str(rule.codes)) if rule.codes is not None else None
    if table is None:
        return
    for separator, labels in ((rule.split, False), (rule.labels and rule.labels.split, True)):
        if not separator:
            continue
        for node in _spellings(table, labels):
            if str(separator) in str(node):
                message = f"'{node}' in the table '{rule.codes}' holds the separator {shown(str(separator))}"
                report.add(dx.BAD_FORM, message, within(file, place_of(node), place_of(separator), rule.place))


def _spellings(table: Table, labels: bool) -> Iterator[Any]:
    """The codes of theirs in a table, or their labels."""
    for _, value in table.pairs:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                found = one.get("label") if labels else one.get("code", one.get("value"))
                if found is not None:
                    yield found
            elif not labels:
                yield one
