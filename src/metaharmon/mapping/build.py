"""From a mapping to its plan: scopes, cells, blocks, claims. Findings go to the report; what is broken is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.containers import ByKey, Container, Csv, Json, Pairs, PythonLiteral
from metaharmon.lenses.base import MISSING, FieldSpec
from metaharmon.lenses.clauses import Aliased, Marker, Single, Together
from metaharmon.lenses.forms import parse_text_form
from metaharmon.lenses.quantities import QuantityWithUnit
from metaharmon.lenses.templates import alphabet_of
from metaharmon.mapping.bind import Binder, Surroundings
from metaharmon.mapping.envelope import plan_envelopes
from metaharmon.mapping.grammar import Report, Skip
from metaharmon.mapping.levels import PATTERNS, VALUE, Level
from metaharmon.mapping.load import Mapping, walk_paths
from metaharmon.mapping.ours import FIRST, AnyKey, First, ListClaims, OurSlot, PathMisfit, Select, bind, claim
from metaharmon.mapping.plan import Block, Cell, Derived, Hold, KeptWith, Line, Plan, Scope, TheirSlot
from metaharmon.mapping.raw import EMPTY_FORMS, our_constant, their_constants
from metaharmon.mapping.syntax import Defaults, Derivation, Holds, Rule
from metaharmon.mapping.tables import Tables
from metaharmon.model import shape
from metaharmon.paths import Every, Key, Languages, Match, Pattern, TheirPath, Up


def build_plan(mapping: Mapping, report: Report, named_lenses: dict[str, Any] | None = None) -> Plan:
    """The plan of a mapping; what has findings is left out of it."""
    builder = _Builder(mapping, report, named_lenses or {})
    says = mapping.says
    record = builder.scope(says.fields, says.derived, says.kept, shape.root(), "", {}, says.holds)
    builder.unused_tables()
    required = tuple(
        (text, tuple(map(Key, text.split(".")))) for text, spec in mapping.specs if spec.required and "[" not in text
    )
    carry = None if says.carry is None else TheirSlot(str(says.carry.text), says.carry.steps)
    return Plan(
        mapping.name,
        str(says.version or "0"),
        record,
        builder.language,
        required,
        plan_envelopes(says.envelope, report),
        str(says.container or "json"),
        carry,
        tuple(map(str, builder.defaults.fallback)),
        _langlists(record),
    )


@dataclass
class _Rules:
    """The rules of one scope, sorted into what they are."""

    lines: list[Line]
    blocks: list[Block]
    lists: dict[tuple[Any, ...], OurSlot]
    beside: list[KeptWith]
    """Lists in other languages than the one that is read."""


class _Builder:
    """Builds the scopes of one mapping."""

    def __init__(self, mapping: Mapping, report: Report, named: dict[str, Any]):
        self.mapping, self.report, self.named = mapping, report, named
        self.defaults = mapping.says.defaults or Defaults()
        self.tables = Tables(mapping.says.codes, report)
        self.specs = dict(mapping.specs)
        self.language = str(self.defaults.language or "und")

    def scope(
        self,
        fields: Any,
        derived: Any,
        kept: Any,
        node: Any,
        prefix: str,
        pseudo: dict[str, Any],
        holds: Any = (),
        where: Any = (),
    ) -> Scope:
        """The scope of a record or of a list entry."""
        opened, matches = self._holds(holds, fields, derived, kept)
        fields, derived, kept = (
            (_without_matches(part) for part in (fields, derived, kept)) if matches else (fields, derived, kept)
        )
        spec_of = lambda path: self._spec(prefix, path)  # noqa: E731
        binder = Binder(Surroundings(self.report, self.defaults, self.tables, spec_of, node, pseudo, self.named))
        rules = _Rules([], [], {}, [])
        for path, rule in fields:
            self._rule(binder, path, rule, rules, prefix, None)
        two_way = [line for line in rules.lines if line.one_way is None]
        one_way = tuple(line for line in rules.lines if line.one_way is not None)
        read = {slot.text for line in two_way for slot in line.theirs}
        two_way += [Line(None, (slot,), (), Marker(constants)) for slot, constants in where if slot.text not in read]
        cells = self._cells(two_way)
        rules.blocks = self._joined(rules.blocks)
        done = tuple(self._derived(d, binder) for d in derived)
        known = _known(cells, one_way, rules.blocks, done)
        return Scope(
            cells=tuple(cells),
            blocks=tuple(rules.blocks),
            one_way=one_way,
            derived=tuple(d for d in done if d),
            kept_with=(*self._kept_with(kept), *rules.beside),
            holds=opened,
            known=known,
            claims=_claims(cells, one_way, rules.blocks),
            lists=tuple(rules.lists.values()),
            selected=_selected(cells, rules.blocks),
            whole_item=any(not slot.steps for cell in cells for slot in cell.theirs),
        )

    def _spec(self, prefix: str, path: TheirPath) -> FieldSpec:
        text = ".".join(s.name if isinstance(s, Key) else "[]" for s in path.steps)
        return self.specs.get(f"{prefix}.{text}" if prefix else text, FieldSpec())

    # --- rules -----------------------------------------------------------------------------------------------------

    def _rule(self, binder: Binder, path: Any, rule: Rule, rules: _Rules, prefix: str, base: OurSlot | None) -> None:
        try:
            if rule.branches:
                for branch in rule.branches:
                    self._rule(binder, path, branch, rules, prefix, base)
            elif rule.each is not None:
                rules.blocks.append(self._block(binder, path, rule, rules, prefix, base))
            elif rule.one is not None:
                self._one(binder, path, rule, rules, prefix, base)
            elif rule.fields and not rule.cases:
                binder.has_fields_only(path, rule)
                inner = binder.ours(path, getattr(path, "place", rule.place), base)
                for name, below in rule.fields:
                    self._rule(binder, name, below, rules, prefix, inner)
            else:
                line = binder.line(path, rule, base)
                rules.lines.append(line)
                self._note_lists(line, rules, binder.around.node)
        except Skip:
            return

    @staticmethod
    def _note_lists(line: Line, rules: _Rules, node: Any) -> None:
        """Lists that are entered by selection must be brought into order after reading."""
        for slot in line.ours:
            for i, step in enumerate(slot.steps):
                if isinstance(step, Select):
                    steps = slot.steps[:i]
                    rules.lists.setdefault(steps, OurSlot(slot.text, steps, _node_of(node, steps)))

    def _one(self, binder: Binder, path: Any, rule: Rule, rules: _Rules, prefix: str, base: OurSlot | None) -> None:
        """One entry of ours made of an object of theirs: rules below a selected entry."""
        place = getattr(path, "place", rule.place)
        slot = binder.ours(path, place, base)
        if not isinstance(slot.node, shape.ListOf):
            raise binder.around.misfit(dx.LENS_MISFIT, f"`one` makes an entry of a list, and '{path}' is none", place)
        select = self._select(rule, slot.node, place)
        entry = OurSlot(slot.text, (*slot.steps, select if select.constants else FIRST), slot.node.item)
        if select.constants:
            rules.lists.setdefault(slot.steps, slot)
        inside: TheirPath = rule.one  # type: ignore[assignment]
        for name, below in rule.fields:
            moved = walk_paths(below, lambda p, pre: p if pre else p.under(inside), ())
            self._rule(binder, name, moved, rules, prefix, entry)

    def _select(self, rule: Rule, node: Any, place: Any) -> Select:
        """The constants of every entry (`set`)."""
        constants = []
        for name, text in rule.set:
            try:
                slot = bind(str(name), node.item, self.language)
                constants.append((tuple(str(s) for s in slot.steps), our_constant(str(text), slot.node, self.language)))
            except (PathMisfit, ValueError) as exc:
                self.report.add(dx.LENS_MISFIT, str(exc), getattr(name, "place", place))
                raise Skip from None
        return Select(tuple(constants))

    def _block(self, binder: Binder, path: Any, rule: Rule, rules: _Rules, prefix: str, base: OurSlot | None) -> Block:
        place = getattr(path, "place", rule.place)
        slot, item, spread, pseudo = self._list_slot(binder, path, place, base)
        if spread and any(str(name) == spread and below.many for name, below in rule.fields):
            pseudo = {spread: shape.ListOf(pseudo[spread], "bag")}
        theirs = TheirPath(str(rule.each.text), rule.each.steps)  # type: ignore[union-attr]
        theirs, beside = self._first_language(theirs, rule, binder)
        theirs, pattern = self._pattern(theirs)
        inner_prefix = f"{prefix}.{theirs.text}[]" if prefix else f"{theirs.text}[]"
        where = tuple(self._where(p, constant, inner_prefix) for p, constant in rule.where)
        scope = self.scope(rule.fields, rule.derived, rule.kept, item, inner_prefix, pseudo, where=where)
        if not spread:
            rules.lists.setdefault(slot.steps, slot)
        select = self._select(rule, slot.node, place) if not spread else Select(())
        _claim_constants(scope.claims, select)
        empty = str(rule.empty) if rule.empty is not None else str(self.defaults.empty or "omit")
        key = None if rule.key is None else tuple(str(rule.key).split("+"))
        level = None if pattern is None else self._level(pattern, scope, place)
        if beside is not None:
            rules.beside.append(beside)
        return Block(
            place,
            slot,
            theirs,
            scope,
            select,
            where,
            key,
            level,
            spread,
            bool(spread) and isinstance(pseudo[spread], shape.ListOf),
            scalar=isinstance(item, shape.Scalar),
            empty=EMPTY_FORMS[empty] if empty in ("null", "[]", "{}") else MISSING,
        )

    def _list_slot(
        self, binder: Binder, path: Any, place: Any, base: OurSlot | None
    ) -> tuple[OurSlot, Any, str | None, dict[str, Any]]:
        text = str(path)
        head, _, last = text.rpartition(".")
        if last.startswith("{") and last.endswith("}"):
            slot = binder.ours(head, place, base)
            if not (isinstance(slot.node, shape.Keyed) and isinstance(slot.node.value, shape.ListOf)):
                raise binder.around.misfit(dx.LENS_MISFIT, f"'{head}' is no map of lists by kind", place)
            return slot, slot.node.value.item, last, {last: shape.Scalar("code", slot.node.codelist)}
        slot = binder.ours(path, place, base)
        if isinstance(slot.node, shape.LangList):
            slot = OurSlot(slot.text, (*slot.steps, self.language), shape.ListOf(shape.Scalar("text"), "bag"))
        if not isinstance(slot.node, shape.ListOf):
            raise binder.around.misfit(dx.LENS_MISFIT, f"`each` fills a list, and '{text}' is none", place)
        return slot, slot.node.item, None, {}

    def _first_language(self, theirs: TheirPath, rule: Rule, binder: Binder) -> tuple[TheirPath, KeptWith | None]:
        """Lists under a language level: the default language is read, the others stay while it is unchanged (9)."""
        at = next((i for i, step in enumerate(theirs.steps) if isinstance(step, Languages)), None)
        if at is None:
            return theirs, None
        if rule.language != "first":
            raise binder.around.misfit(
                dx.LENS_MISFIT, "nothing ties lists in several languages together; say `language: first`", rule.place
            )
        steps = (*theirs.steps[:at], Key(self.language), *theirs.steps[at + 1 :])
        above = tuple(s.name for s in theirs.steps[:at] if isinstance(s, Key))
        return TheirPath(theirs.text, steps), KeptWith(above, (steps,))

    @staticmethod
    def _pattern(theirs: TheirPath) -> tuple[TheirPath, str | None]:
        """A last step with braces is a level whose keys carry data."""
        last = theirs.steps[-1] if theirs.steps else None
        if isinstance(last, Pattern) or (isinstance(last, Key) and last.name.startswith("{")):
            text = last.text if isinstance(last, Pattern) else last.name
            return TheirPath(theirs.text, theirs.steps[:-1]), text
        return theirs, None

    def _level(self, pattern: str, scope: Scope, place: Any) -> Level:
        """A level of keys; the alphabets of its parts are those of the lenses that read them."""
        lenses = {
            slot.text: line.clause.lens
            for cell in scope.cells
            for line in cell.lines
            for slot in line.theirs
            if isinstance(line.clause, Single)
        }
        alphabets = {
            name: alphabet_of(lenses[f"{{{name}}}"]) if f"{{{name}}}" in lenses else None
            for name in re.findall(r"\{([^{}]*)\}", pattern)
        }
        try:
            form = parse_text_form(pattern, alphabets)
        except ValueError as exc:
            self.report.add(dx.BAD_FORM, str(exc), place)
            raise Skip from None
        return Level(form, VALUE in lenses)

    def _where(self, path: TheirPath, constant: Any, prefix: str) -> tuple[TheirSlot, tuple[Any, ...]]:
        spec = self._spec(prefix, path)
        slot = TheirSlot(str(path.text), path.steps, spec)
        if isinstance(constant, dict) and "codes" in constant:
            table = self.tables.table(constant["codes"], spec, "keep")
            return slot, tuple(raw for pair in table.pairs for raw, _ in pair.theirs)
        texts = constant if isinstance(constant, list) else [constant]
        return slot, tuple(raw for text in texts for raw in their_constants(str(text), spec))

    # --- the rest of a scope -----------------------------------------------------------------------------------------

    def _derived(self, entry: tuple[TheirPath, Derivation], binder: Binder) -> Derived:
        path, said = entry
        slot = binder.theirs(path)
        constant = () if said.constant is None else their_constants(str(said.constant), slot.spec)
        index = int(said.index) if said.index is not None and str(said.index).isdigit() else None
        return Derived(said.place, slot, said.count, said.copy, index, constant)

    @staticmethod
    def _kept_with(kept: Any) -> list[KeptWith]:
        return [
            KeptWith(path.keys, tuple(c.steps for c in said.together))
            for path, said in kept
            if said.together and path.keys
        ]

    def _holds(self, holds: Any, fields: Any, derived: Any, kept: Any) -> tuple[tuple[Hold, ...], bool]:
        """What is opened before the rules; lists that `[key=value]` paths address are opened by that key."""
        out = []
        for path, said in holds:
            container = self._container(said, path, fields, kept)
            if container is not None and path.keys:
                out.append(Hold(said.place, path.keys, container))
        matched = _match_levels((fields, derived, kept))
        for keys, (key, values) in matched.items():
            out.append(Hold(None, keys, ByKey(key, tuple(sorted(values)))))
        return tuple(sorted(out, key=lambda hold: len(hold.keys))), bool(matched)

    def _container(self, said: Holds, path: TheirPath, fields: Any, kept: Any) -> Container | None:
        if said.pairs:
            words = {str(k): str(v) for k, v in said.pairs}
            known = tuple(sorted(_names_below(path, (fields, kept))))
            return Pairs(
                words.get("key", "key"), words.get("value", "value"), words.get("match", "exact") == "loose", known
            )
        if said.csv:
            words = {str(k): str(v) for k, v in said.csv}
            if words.get("rows") not in ("records", "properties") or set(words) - {"rows", "property", "value"}:
                self.report.add(
                    dx.WRONG_FORM, "`csv` says rows: records, or rows: properties with property and value", said.place
                )
                return None
            return Csv(words["rows"], words.get("property", "property"), words.get("value", "value"))
        if said.kind == "json":
            return Json()
        if said.kind == "python_literal":
            return PythonLiteral()
        self.report.add(dx.WRONG_FORM, "a held value is json, python_literal, csv or pairs", said.place)
        return None

    # --- cells -----------------------------------------------------------------------------------------------------

    def _cells(self, lines: list[Line], joined: bool = False) -> list[Cell]:
        """Connected components of lines that share a field of theirs or a path of ours."""
        lines = self._shared_units(lines)
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
        return [self._cell(group, joined) for group in groups]

    def _cell(self, lines: list[Line], joined: bool = False) -> Cell:
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
                    self.report.add(
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
            self._check_sharing(made, fields_of, theirs)
        return Cell(tuple(theirs), tuple(ours), tuple(made), tuple(fields_of), tuple(paths_of))

    def _check_sharing(self, lines: list[Line], fields_of: list[tuple[int, ...]], theirs: list[TheirSlot]) -> None:
        """A field shared by two rules must be a unit, a part, an alias or a label."""
        for i, slot in enumerate(theirs):
            whole = [
                line
                for line, fields in zip(lines, fields_of, strict=True)
                if i in fields and (len(fields) == 1 or fields[0] == i) and not isinstance(line.clause, Aliased)
            ]
            if len(whole) > 1:
                self.report.add(
                    dx.RULE_CONFLICT,
                    f"two rules read the whole field '{slot.text}'; one of them would overrule the other",
                    whole[-1].place,
                    "say `cases` or `template`, or make one of them `one_way: {read: reason}`",
                )

    @staticmethod
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

    def _joined(self, blocks: list[Block]) -> list[Block]:
        """Blocks over the same list of theirs become one, so that each of its entries is read and written once."""
        by_list: dict[str, list[Block]] = {}
        for block in blocks:
            by_list.setdefault(f"{block.theirs.text}/{block.level and block.level.form.text}", []).append(block)
        out = []
        for group in by_list.values():
            branches = len({block.ours.steps for block in group}) < len(group)
            out.extend(group if len(group) == 1 or branches else [self._join(sorted(group, key=lambda b: b.ours.text))])
        return out

    def _join(self, parts: list[Block]) -> Block:
        lines: list[Line] = []
        one_way: list[Line] = []
        for i, part in enumerate(parts):
            lines.extend(_tagged(line, str(i)) for cell in part.scope.cells for line in cell.lines)
            one_way.extend(_tagged(line, str(i)) for line in part.scope.one_way)
        inner = [
            replace(b, ours=_tagged_slot(b.ours, str(i))) for i, part in enumerate(parts) for b in part.scope.blocks
        ]
        known: dict[str, Any] = {}
        for part in parts:
            _merge_known(known, part.scope.known)
        scope = Scope(
            cells=tuple(self._cells(lines, joined=True)),
            blocks=tuple(inner),
            one_way=tuple(one_way),
            derived=tuple(d for part in parts for d in part.scope.derived),
            kept_with=tuple(k for part in parts for k in part.scope.kept_with),
            holds=tuple({h.keys: h for part in parts for h in part.scope.holds}.values()),
            known=known,
            claims={str(i): part.scope.claims for i, part in enumerate(parts)},
            lists=tuple(_tagged_slot(slot, str(i)) for i, part in enumerate(parts) for slot in part.scope.lists),
            selected=tuple(_tagged_slot(slot, str(i)) for i, part in enumerate(parts) for slot in part.scope.selected),
        )
        return replace(parts[0], scope=scope, parts=tuple(parts))

    def unused_tables(self) -> None:
        """Tables that no rule uses are noted; a base may hold tables for its children."""
        if self.mapping.says.abstract:
            return
        for name, table in self.mapping.says.codes:
            if str(name) not in self.tables.used and not self.mapping.parents:
                self.report.add(dx.UNKNOWN_WORD, f"no rule uses the code table '{name}'", table.place)


def _node_of(root: Any, steps: tuple[Any, ...]) -> Any:
    node = root
    for step in steps:
        node = shape.at((step,), node) if isinstance(step, str) else node.item
    return node


def _keys_of(line: Line) -> set[Any]:
    return {("theirs", s.text) for s in line.theirs} | {("ours", s.steps) for s in line.ours if s.steps}


def _langlists(record: Scope) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The lists of words of a record, with the one language that rules give them."""
    steps = [slot.steps for cell in record.cells for slot in cell.ours] + [block.ours.steps for block in record.blocks]
    paths = [
        path
        for path, node in shape.walk()
        if isinstance(node, shape.LangList) and all(name.isidentifier() for name in path)
    ]
    found = {
        (path, one[len(path)]) for path in paths for one in steps if one[: len(path)] == path and len(one) > len(path)
    }
    return tuple(sorted((path, str(language)) for path, language in found))


def _tagged_slot(slot: OurSlot, tag: str) -> OurSlot:
    return OurSlot(slot.text, (tag, *slot.steps), slot.node)


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


def _selected(cells: list[Cell], blocks: list[Block]) -> tuple[OurSlot, ...]:
    """The entries of ours that rules find by constants."""
    found: dict[Any, OurSlot] = {}
    for slot in [s for cell in cells for s in cell.ours] + [block.ours for block in blocks]:
        for i, step in enumerate(slot.steps):
            if isinstance(step, Select) and len(slot.steps) > i + 1:  # a whole entry is lost by its own rule
                found.setdefault(slot.steps[: i + 1], OurSlot(slot.text, slot.steps[: i + 1], None))
    return tuple(found.values())


def _known(cells: list[Cell], one_way: tuple[Line, ...], blocks: list[Block], derived: Any) -> dict[str, Any]:
    """Their fields that some rule reads, as a tree of names."""
    known: dict[Any, Any] = {}
    slots = [s.steps for cell in cells for s in cell.theirs]
    slots += [b.theirs.steps for b in blocks if b.level is None] + [d.slot.steps for d in derived if d]
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
            for step in block.theirs.steps:
                here = here.setdefault(step.name, {}) if here is not True else here  # type: ignore[union-attr]
            if here is not True:
                here.setdefault(PATTERNS, []).append(block.level)
    return known


def _claims(cells: list[Cell], one_way: tuple[Line, ...], blocks: list[Block]) -> Any:
    """Paths of ours that some rule writes."""
    claims: dict[str, Any] = {}
    for slot in [s for cell in cells for s in cell.ours] + [s for line in one_way for s in line.ours]:
        if not slot.steps:
            return True
        claim(claims, slot.steps)
    for block in blocks:
        if block.parts:
            for part in block.parts:
                here = _list_claims(claims, part.ours.steps)
                here.branches.append((part.select, True))
            continue
        if block.spread:
            inner = ListClaims()
            inner.branches.append((Select(()), True))
            claim(claims, block.ours.steps, AnyKey(inner))
            continue
        here = _list_claims(claims, block.ours.steps)
        here.branches.append((block.select, True))  # what an entry cannot say is found when the entry is written
    return claims


def _claim_constants(claims: Any, select: Select) -> None:
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


# --- lists addressed by [key=value] ----------------------------------------------------------------------------------


def _match_levels(parts: Any) -> dict[tuple[str, ...], tuple[str, set[str]]]:
    """The lists that paths address by key, with the values that they name."""
    found: dict[tuple[str, ...], tuple[str, set[str]]] = {}

    def note(path: TheirPath, prefix: Any) -> TheirPath:
        keys: list[str] = []
        for step in path.steps:
            if isinstance(step, Match):
                if not prefix:
                    found.setdefault(tuple(keys), (step.key, set()))[1].add(step.value)
                keys.append(step.value)
            elif isinstance(step, Key):
                keys.append(step.name)
        return path

    walk_paths(tuple(parts), note, ())
    return found


def _without_matches(part: Any) -> Any:
    """The same rules with `[key=value]` steps as plain members of the opened object."""

    def plain(path: TheirPath, prefix: Any) -> TheirPath:
        if any(isinstance(step, Match) for step in path.steps):
            return TheirPath(path.text, tuple(Key(s.value) if isinstance(s, Match) else s for s in path.steps))
        return path

    return walk_paths(part, plain, ())


def _names_below(path: TheirPath, parts: Any) -> set[str]:
    """The member names that rules use below a held list."""
    found: set[str] = set()

    def note(other: TheirPath, prefix: Any) -> TheirPath:
        n = len(path.steps)
        if not prefix and other.steps[:n] == path.steps and len(other.steps) > n and isinstance(other.steps[n], Key):
            found.add(other.steps[n].name)
        return other

    walk_paths(tuple(parts), note, ())
    return found
