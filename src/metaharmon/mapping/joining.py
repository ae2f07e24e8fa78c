"""Lines that share a field or a path become one cell; blocks over one list of theirs become one block."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.lenses.clauses import Aliased, Together
from metaharmon.lenses.quantities import QuantityWithUnit
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.levels import PATTERNS
from metaharmon.mapping.ours import OurSlot
from metaharmon.mapping.plan import Block, Cell, Line, Scope, TheirSlot
from metaharmon.model.normal import same


def cells_of(lines: list[Line], report: Report, joined: bool = False) -> list[Cell]:
    """Connected components of lines that share a field of theirs or a path of ours."""
    lines = _shared_units(lines)
    groups: list[list[Line]] = []
    for line in lines:
        keys = _keys_of(line)
        together = [line]
        rest = []
        for group in groups:
            if keys & set().union(*map(_keys_of, group)):
                together = [*group, *together]
            else:
                rest.append(group)
        groups = [*rest, together]
    return [_cell(group, report, joined) for group in groups]


def _cell(lines: list[Line], report: Report, joined: bool) -> Cell:
    theirs: list[TheirSlot] = []
    ours: list[OurSlot] = []
    fields_of, paths_of, made = [], [], []
    for line in lines:
        positions = []
        for slot in line.theirs:
            at = next((i for i, s in enumerate(theirs) if s.text == slot.text), len(theirs))
            if at == len(theirs):
                theirs.append(slot)
            positions.append(at)
        paths = []
        for slot in line.ours:
            at = next((i for i, s in enumerate(ours) if s.steps == slot.steps), len(ours))
            if at == len(ours):
                ours.append(slot)
            elif not isinstance(line.clause, Together):
                report.add(
                    dx.RULE_CONFLICT,
                    f"two rules fill '{slot.text}'; say `also`, `main`, `parts` or `cases`",
                    line.place,
                )
            paths.append(at)
        fields_of.append(tuple(positions))
        paths_of.append(tuple(paths))
    for line, positions in zip(lines, fields_of, strict=True):
        if isinstance(line.clause, Aliased) and len(lines) > 1:
            shared = tuple(sum(p in other for other in fields_of) > 1 for p in positions)
            line = replace(line, clause=replace(line.clause, shared=shared))
        made.append(line)
    if len(lines) > 1 and not joined:
        _check_sharing(made, fields_of, theirs, report)
    return Cell(tuple(theirs), tuple(ours), tuple(made), tuple(fields_of), tuple(paths_of))


def _check_sharing(
    lines: list[Line], fields_of: list[tuple[int, ...]], theirs: list[TheirSlot], report: Report
) -> None:
    """A field shared by two rules must be a unit, a part, an alias or a label."""
    for i, slot in enumerate(theirs):
        whole = [
            line
            for line, fields in zip(lines, fields_of, strict=True)
            if i in fields and (len(fields) == 1 or fields[0] == i) and not isinstance(line.clause, Aliased)
        ]
        if len(whole) > 1:
            report.add(
                dx.RULE_CONFLICT,
                f"two rules read the whole field '{slot.text}'; one of them would overrule the other",
                whole[-1].place,
                "say `cases` or `template`, or make one of them `one_way: {read: reason}`",
            )


def _shared_units(lines: list[Line]) -> list[Line]:
    """Quantities that share one unit field become one line: their unit is chosen for all of them."""
    out: list[Line] = []
    by_unit: dict[str, int] = {}
    for line in lines:
        lens = line.clause.lens if isinstance(line.clause, Together) else None
        if not isinstance(lens, QuantityWithUnit):
            out.append(line)
            continue
        unit = line.theirs[-1].text
        if unit not in by_unit or out[by_unit[unit]].clause.lens.dimension != lens.dimension:  # type: ignore[attr-defined]
            by_unit[unit] = len(out)
            out.append(line)
            continue
        first = out[by_unit[unit]]
        clause: Any = first.clause
        joined = replace(clause.lens, count=clause.lens.count + 1)
        out[by_unit[unit]] = replace(
            first,
            theirs=(*first.theirs[:-1], line.theirs[0], first.theirs[-1]),
            ours=(*first.ours, *line.ours),
            clause=Together(
                joined,
                (*clause.silences[:-1], line.clause.silences[0], clause.silences[-1]),
                len(first.ours) + 1,
                clause.policy,
            ),
        )  # type: ignore[attr-defined]
    return out


def joined_blocks(blocks: list[Block], report: Report) -> list[Block]:
    """Blocks over the same list of theirs become one, so that each of its entries is read and written once."""
    by_list: dict[str, list[Block]] = {}
    for block in blocks:
        by_list.setdefault(f"{block.theirs.text}/{block.level and block.level.form.text}", []).append(block)
    out = []
    for group in by_list.values():
        branches = len({block.ours.steps for block in group}) < len(group) or any(block.again for block in group)
        out.extend(group if len(group) == 1 or branches else [_join(sorted(group, key=_leads), report)])
    return out


def _leads(block: Block) -> tuple[bool, bool, str]:
    """Which list of joined ones leads: one of plain values, which are all that they share; then one that says by what
    its entries are told apart; then by its path."""
    return not block.scalar, block.key is None, block.ours.text


def _exclude(one: Block, other: Block) -> bool:
    """Whether no entry of theirs can be an entry of both blocks."""
    return any(
        slot.text == second.text and not any(same(a, b) for a in mine for b in others)
        for slot, mine in one.where
        for second, others in other.where
    )


def with_taken(blocks: list[Block], cells: list[Cell]) -> list[Block]:
    """Spread blocks with the keys of their map that other rules fill."""
    slots = [slot.steps for cell in cells for slot in cell.ours] + [b.ours.steps for b in blocks if not b.spread]
    out = []
    for block in blocks:
        above = block.ours.steps
        below = {steps[len(above)] for steps in slots if steps[: len(above)] == above and len(steps) > len(above)}
        taken = frozenset(name for name in below if name.__class__ is str)
        out.append(replace(block, taken=taken) if block.spread and taken else block)
    return out


def _join(parts: list[Block], report: Report) -> Block:
    for part in parts[1:]:
        if any(_exclude(part, other) for other in parts[: parts.index(part)]):
            report.add(
                dx.RULE_CONFLICT,
                f"entries of '{part.theirs.text}' that exclude each other fill different lists of ours",
                part.place,
                "make one block of them: spread it over the keys of a map ('{kind}'), with `cases`",
            )
    lines: list[Line] = []
    one_way: list[Line] = []
    for i, part in enumerate(parts):
        lines.extend(_tagged(line, str(i)) for cell in part.scope.cells for line in cell.lines)
        one_way.extend(_tagged(line, str(i)) for line in part.scope.one_way)
    inner = [_tagged_block(b, str(i)) for i, part in enumerate(parts) for b in part.scope.blocks]
    known: dict[str, Any] = {}
    for part in parts:
        _merge_known(known, part.scope.known)
    scope = Scope(
        cells=tuple(cells_of(lines, report, joined=True)),
        blocks=tuple(inner),
        one_way=tuple(one_way),
        derived=tuple(d for part in parts for d in part.scope.derived),
        kept_with=tuple(k for part in parts for k in part.scope.kept_with),
        reasons=tuple(r for part in parts for r in part.scope.reasons),
        holds=tuple({h.keys: h for part in parts for h in part.scope.holds}.values()),
        known=known,
        claims={str(i): part.scope.claims for i, part in enumerate(parts)},
        lists=tuple(_tagged_slot(slot, str(i)) for i, part in enumerate(parts) for slot in part.scope.lists),
        selected=tuple(_tagged_slot(slot, str(i)) for i, part in enumerate(parts) for slot in part.scope.selected),
    )
    return replace(parts[0], scope=scope, parts=tuple(parts))


def _keys_of(line: Line) -> set[Any]:
    return {("theirs", s.text) for s in line.theirs} | {("ours", s.steps) for s in line.ours if s.steps}


def _tagged_slot(slot: OurSlot, tag: str) -> OurSlot:
    return OurSlot(slot.text, (tag, *slot.steps), slot.node)


def _tagged_block(block: Block, tag: str) -> Block:
    tagged = lambda when: tuple((_tagged_slot(slot, tag), values) for slot, values in when)  # noqa: E731
    unless = tuple(map(tagged, block.unless))
    return replace(block, ours=_tagged_slot(block.ours, tag), when=tagged(block.when), unless=unless)


def _tagged(line: Line, tag: str) -> Line:
    return replace(line, ours=tuple(_tagged_slot(slot, tag) for slot in line.ours))


def _merge_known(known: dict[str, Any], more: dict[str, Any]) -> None:
    for name, below in more.items():
        if below is True or name not in known:
            known[name] = below
        elif name is PATTERNS:
            known[name] = [*known[name], *below]
        elif known[name] is not True:
            _merge_known(known[name], below)
