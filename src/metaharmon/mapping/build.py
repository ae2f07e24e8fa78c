"""From a mapping to its plan: scopes, cells, blocks, claims. Findings go to the report; what is broken is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.containers import (
    ByLanguage,
)
from metaharmon.lenses.base import MISSING, FieldSpec
from metaharmon.lenses.clauses import Marker, Single
from metaharmon.lenses.forms import parse_text_form
from metaharmon.lenses.templates import alphabet_of
from metaharmon.mapping.again import again_block, closed, condition, shared_out, with_levels
from metaharmon.mapping.bind import Binder
from metaharmon.mapping.claims import (
    claim_constants,
    claims_of,
    known_fields,
    langlists,
    names_known,
    reasons_of,
    selected,
    tongues,
)
from metaharmon.mapping.computing import beside, derived_of
from metaharmon.mapping.envelope import file_name_of, plan_envelopes
from metaharmon.mapping.grammar import Report, Skip
from metaharmon.mapping.joining import cells_of, joined_blocks, with_taken
from metaharmon.mapping.levels import VALUE, Level, is_pseudo_key
from metaharmon.mapping.linked import linked_of, names_of
from metaharmon.mapping.load import Mapping, walk_paths
from metaharmon.mapping.matches import match_levels, spec_text, without_matches
from metaharmon.mapping.opening import (
    adjoined_to,
    document_container,
    held_in,
    holds_said,
    places_said,
    seen_alone,
    with_places,
)
from metaharmon.mapping.ours import FIRST, OurSlot, PathMisfit, Select, bind, with_tongues
from metaharmon.mapping.plan import Block, Derived, KeptWith, Line, Plan, Scope, Source, StandIn, TheirSlot
from metaharmon.mapping.raising import holds_of, raised, raised_apart
from metaharmon.mapping.raw import EMPTY_FORMS, our_constant, silence, their_constants
from metaharmon.mapping.slots import Surroundings
from metaharmon.mapping.syntax import Defaults, Rule
from metaharmon.mapping.tables import Tables
from metaharmon.mapping.writable import beside_no_whole, check_list
from metaharmon.model import shape
from metaharmon.paths import Key, Languages, Pattern, TheirPath, leaf_text


def _with_constants(line: Line, derived: tuple[Derived, ...]) -> Line:
    """A read-only rule with the constants that are written into its fields after all rules."""
    constants = {one.slot.steps: one.constant[0] for one in derived if one.constant and not one.one_way}
    found = ((i, constants.get(slot.steps)) for i, slot in enumerate(line.theirs) if len(slot.steps) == 1)
    return replace(line, always=tuple((i, value) for i, value in found if value is not None))


def _valued(slot: OurSlot) -> OurSlot:
    """The natural value of the first entry, where a path ends on a list of entries."""
    if not isinstance(slot.node, shape.ListOf):
        return slot
    item = slot.node.item
    if not isinstance(item, shape.Group):
        return OurSlot(slot.text, (*slot.steps, FIRST), item)
    if item.natural is None:
        return slot
    return OurSlot(f"{slot.text}.{item.natural}", (*slot.steps, FIRST, item.natural), item.members[item.natural])


def build_plan(mapping: Mapping, report: Report, named_lenses: dict[str, Any] | None = None) -> Plan:
    """The plan of a mapping; what has findings is left out of it."""
    builder = _Builder(mapping, report, named_lenses or {})
    says = mapping.says
    record = builder.scope(says.fields, says.derived, says.kept, shape.root(), "", {}, (), says.places, says.alone)
    builder.unused_tables()
    linked = linked_of(mapping, builder.language, report)
    required = tuple((leaf_text(keys), tuple(map(Key, keys))) for keys in mapping.needs.firm())
    carry = None if says.carry is None else TheirSlot(str(says.carry.text), says.carry.steps)
    return Plan(
        mapping.name,
        str(says.version or "0"),
        record,
        builder.language,
        required,
        mapping.needs if mapping.needs.deep() else None,
        plan_envelopes(says.envelope, report, linked),
        document_container(says.container, report),
        linked,
        carry,
        tuple(map(str, builder.defaults.fallback)),
        langlists(record),
        silence(None, builder.defaults, 2, FieldSpec()),
        file_name_of(says.envelope, report),
        names_known(mapping.specs, record),
    )


@dataclass
class _Rules:
    """The rules of one scope, sorted into what they are."""

    lines: list[Line]
    blocks: list[Block]
    lists: dict[tuple[Any, ...], OurSlot]
    beside: list[KeptWith]
    """Lists in other languages than the one that is read."""
    inside: bool
    """Whether they are those of an entry of a list."""
    patterns: dict[int, str]
    """Of blocks that repeat the scope: the level of keys over which they go."""
    instead: list[StandIn]


class _Builder:
    """Builds the scopes of one mapping."""

    def __init__(self, mapping: Mapping, report: Report, named: dict[str, Any]):
        self.mapping, self.report, self.named = mapping, report, named
        self.defaults = mapping.says.defaults or Defaults()
        self.tables = Tables(mapping.says.codes, report, names_of(mapping).full)
        self.specs = dict(mapping.specs)
        self.language = str(self.defaults.language or "und")
        held = [(path.text, said.first) for path, said in mapping.says.holds if said.first]
        unfolded = [(path.text, said) for path, said in mapping.says.holds if said.unfold]
        self.leading = [(f"{text}.{first}", f"{text}[]") for text, first in held] + [
            (f"{text}[].{said.into}.", f"{text}[].{said.unfold[0]}[].") for text, said in unfolded
        ]
        named = [path.text for path, said in mapping.says.holds if said.many == "single" and said.name is not None]
        self.leading += [(f"{text}.", f"{text}.{{}}.") for text in named]
        """Places that the rules name as the schema does not: the entry that is read of several."""

    def scope(
        self,
        fields: Any,
        derived: Any,
        kept: Any,
        node: Any,
        prefix: str,
        pseudo: dict[str, Any],
        holds: Any = (),
        places: Any = (),
        alone: Any = (),
        where: Any = (),
    ) -> Scope:
        """The scope of a record or of a list entry."""
        matches = match_levels((fields, tuple(path for path, _ in derived), kept))
        opened = holds_said(
            [*held_in(self.mapping.says.holds, prefix), *holds],
            fields,
            (kept, alone),
            matches,
            self.language,
            self.report,
        )
        open_ = {hold.keys for hold in opened if seen_alone(hold.container)}
        if places or alone:
            opened = with_places(places_said(places, alone, self.report), opened)
        fields, derived, kept = (
            (without_matches(part, matches) for part in (fields, derived, kept)) if matches else (fields, derived, kept)
        )
        spec_of = lambda path: FieldSpec() if path.keys in open_ else self._spec(prefix, path, matches)  # noqa: E731
        plain = {name for hold in opened if isinstance(hold.container, ByLanguage) for name in hold.container.names}
        linked = self.mapping.says.linked
        untagged = lambda path: linked or not plain.isdisjoint(_names_in(path))  # noqa: E731
        binder = Binder(
            Surroundings(self.report, self.defaults, self.tables, spec_of, node, pseudo, self.named, untagged)
        )
        rules = _Rules([], [], {}, [], bool(prefix), {}, [])
        for path, rule in fields:
            self._rule(binder, path, rule, rules, prefix, None)
        two_way = beside_no_whole([line for line in rules.lines if line.one_way is None], bool(prefix), self.report)
        one_way = tuple(line for line in rules.lines if line.one_way is not None)
        read = {slot.text for line in two_way for slot in line.theirs}
        two_way += [Line(None, (slot,), (), Marker(constants)) for slot, constants in where if slot.text not in read]
        cells = cells_of(two_way, self.report)
        level = lambda pattern, place: self._level(pattern, cells, place)  # noqa: E731
        joined = joined_blocks(with_levels(rules.blocks, rules.patterns, level), self.report)
        rules.blocks = raised_apart(with_taken(shared_out(joined), cells))
        at = next((i for i, hold in enumerate(opened) if hold.keys), len(opened))
        opened = (*opened[:at], *holds_of(rules.blocks), *opened[at:])
        done = beside([derived_of(said, binder.theirs(path), self.report) for path, said in derived])
        one_way = tuple(_with_constants(line, done) for line in one_way)
        known = known_fields(cells, one_way, rules.blocks, done)
        made = Scope(
            cells=tuple(cells),
            blocks=tuple(rules.blocks),
            one_way=one_way,
            derived=done,
            kept_with=(*self._kept_with(kept), *rules.beside),
            reasons=reasons_of(kept),
            aside=tuple(path.keys for path, said in kept if said.aside and path.keys),
            holds=opened,
            known=known,
            claims=with_tongues(claims_of(cells, one_way, rules.blocks), node),
            lists=tuple(rules.lists.values()),
            selected=selected(cells, rules.blocks),
            instead=tuple(rules.instead),
            tongues=() if prefix else tongues(cells, self.language, self.mapping.needs),
            whole_item=any(not slot.steps for cell in cells for slot in cell.theirs),
        )
        return closed(made)

    def _spec(self, prefix: str, path: TheirPath, matches: Any = None) -> FieldSpec:
        text = spec_text(path, matches or {})
        whole = f"{prefix}.{text}" if prefix else text
        for opened, listed in self.leading:
            whole = whole.replace(opened, listed) if whole.startswith(opened) else whole
        spec = self.specs.get(whole, FieldSpec())
        if path.steps and isinstance(path.steps[-1], Languages):  # of the map: how many texts it may hold
            around = self.specs.get(whole.rpartition(".")[0])
            return spec if around is None else replace(spec, most=around.most)
        if spec.prefixes is not None:
            return replace(spec, prefixes=frozenset(str(name) for name, _ in self.mapping.says.prefixes))
        return spec

    # --- rules -----------------------------------------------------------------------------------------------------

    def _rule(self, binder: Binder, path: Any, rule: Rule, rules: _Rules, prefix: str, base: OurSlot | None) -> None:
        try:
            if rule.instead:
                rules.instead.append(self._stand_in(binder, path, rule, base))
                if _says_nothing_else(rule):
                    return
            if rule.branches:
                for branch in rule.branches:
                    self._rule(binder, path, branch, rules, prefix, base)
            elif rule.again:
                self._again(binder, path, rule, rules, base)
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
    def _stand_in(binder: Binder, path: Any, rule: Rule, base: OurSlot | None) -> StandIn:
        """What stands in for a path; names are relative to the record or entry, and of the same shape."""
        place = getattr(path, "place", rule.place)
        slot = binder.ours(path, place, base)
        named = any(said.bare or said.address for said in rule.instead)
        slot = _valued(slot) if named else slot
        others = []
        for said in rule.instead:
            other = binder.ours(said.path, said.place or place, None)
            other = _valued(other) if named else other
            texts = isinstance(slot.node, shape.Scalar) and isinstance(other.node, shape.Scalar)
            if not (texts if said.bare or said.address else other.node == slot.node):
                raise binder.around.misfit(dx.LENS_MISFIT, f"'{other.text}' is no value for '{slot.text}'", place)
            unless = tuple(binder.ours(one, said.place or place, None) for one in said.unless)
            others.append(Source(other, said.bare, said.address, unless))
        return StandIn(rule.place, slot, tuple(others))

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
            moved = walk_paths(below, lambda p, _: p.under(inside), (), into=False)
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

    def _again(self, binder: Binder, path: Any, rule: Rule, rules: _Rules, base: OurSlot | None) -> None:
        """A list or an object whose entries are like the one in which it stands."""
        place = getattr(path, "place", rule.place)
        slot = binder.ours(path, place, base)
        if not isinstance(slot.node, shape.ListOf):
            raise binder.around.misfit(dx.LENS_MISFIT, f"`again` fills a list, and '{path}' is none", place)
        said = rule.each or rule.one
        if said is None:
            raise binder.around.misfit(dx.MISSING_WORD, "`again` goes with `each` or `one`", place)
        theirs, pattern = self._pattern(TheirPath(str(said.text), said.steps))
        empty = str(rule.empty) if rule.empty is not None else str(self.defaults.empty or "omit")
        block = again_block(binder, slot, rule, theirs, place, rules.inside, empty)
        block = replace(block, when=condition(binder, rule, rules.inside, place))
        rules.lists.setdefault(slot.steps, slot)
        rules.blocks.append(block)
        if pattern is not None:
            rules.patterns[id(block)] = pattern

    def _block(self, binder: Binder, path: Any, rule: Rule, rules: _Rules, prefix: str, base: OurSlot | None) -> Block:
        place = getattr(path, "place", rule.place)
        if rule.one_way:
            message = "a list is read and written; say `one_way` at the fields of its entries"
            self.report.add(dx.WRONG_FORM, message, place)
        slot, item, spread, pseudo = self._list_slot(binder, path, place, base)
        raising = None
        inner_prefix = spec_text(self._pattern(rule.each)[0], {})  # type: ignore[arg-type]
        if rule.of:
            levels = tuple(Languages() if is_pseudo_key(s) else s for s in rule.each.steps)  # type: ignore[union-attr]
            inner_prefix = spec_text(TheirPath("", levels), {})
            rule, raising = raised(binder, rule, rules.inside, place)
        if spread and any(str(name) == spread and below.many for name, below in rule.fields):
            pseudo = {spread: shape.ListOf(pseudo[spread], "bag")}
        theirs = TheirPath(str(rule.each.text), rule.each.steps)  # type: ignore[union-attr]
        theirs, beside = self._first_language(theirs, rule, binder)
        theirs, pattern = self._pattern(theirs)
        check_list(theirs, pattern is not None, place, self.report)
        inner_prefix += "[]" if pattern is None or rule.many is not None else ".{}"
        inner_prefix = f"{prefix}.{inner_prefix}" if prefix else inner_prefix
        where = tuple(self._where(p, constant, inner_prefix) for p, constant in rule.where)
        scope = self.scope(rule.fields, rule.derived, rule.kept, item, inner_prefix, pseudo, rule.holds, where=where)
        if not spread:
            rules.lists.setdefault(slot.steps, slot)
        select = self._select(rule, slot.node, place) if not spread else Select(())
        claim_constants(scope.claims, select)
        empty = str(rule.empty) if rule.empty is not None else str(self.defaults.empty or "omit")
        key = None if rule.key is None else tuple(str(rule.key).split("+"))
        level = None if pattern is None else self._level(pattern, scope.cells, place, rule.many is not None)
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
            when=condition(binder, rule, rules.inside, place),
            raised=raising,
            unique=self.mapping.needs.is_unique(inner_prefix.removesuffix("[]")),
            every=tuple(map(str, rule.every)),
            adjoined=None if prefix else adjoined_to(theirs, self.mapping.says.holds),
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

    def _level(self, pattern: str, cells: Any, place: Any, listed: bool = False) -> Level:
        """A level of keys; the alphabets of its parts are those of the lenses that read them."""
        lenses = {
            slot.text: line.clause.lens
            for cell in cells
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
        return Level(form, VALUE in lenses, listed)

    def _where(self, path: TheirPath, constant: Any, prefix: str) -> tuple[TheirSlot, tuple[Any, ...]]:
        spec = self._spec(prefix, path)
        slot = TheirSlot(str(path.text), path.steps, spec)
        if isinstance(constant, dict) and "codes" in constant:
            table = self.tables.table(constant["codes"], spec, "keep")
            return slot, tuple(raw for pair in table.pairs for raw, _ in pair.theirs)
        texts = constant if isinstance(constant, list) else [constant]
        return slot, tuple(raw for text in texts for raw in their_constants(str(text), spec))

    # --- the rest of a scope -----------------------------------------------------------------------------------------

    @staticmethod
    def _kept_with(kept: Any) -> list[KeptWith]:
        return [
            KeptWith(path.keys, tuple(c.steps for c in said.together))
            for path, said in kept
            if said.together and path.keys
        ]

    def unused_tables(self) -> None:
        """Tables that no rule uses are noted; a base may hold tables for its children."""
        if self.mapping.says.abstract:
            return
        for name, table in self.mapping.says.codes:
            if str(name) not in self.tables.used and not self.mapping.parents:
                self.report.add(dx.UNKNOWN_WORD, f"no rule uses the code table '{name}'", table.place)


def _names_in(path: TheirPath) -> list[str]:
    """The names of members on the way of a path."""
    return [step.name for step in path.steps if isinstance(step, Key)]


def _says_nothing_else(rule: Rule) -> bool:
    """Whether a rule only names stand-ins, for a path that another rule writes (in cases, say)."""
    sources = (rule.field, rule.constant, rule.each, rule.one)
    groups = (rule.parts, rule.cases, rule.fields, rule.branches)
    return all(one is None for one in sources) and not any(groups)


def _node_of(root: Any, steps: tuple[Any, ...]) -> Any:
    node = root
    for step in steps:
        node = shape.at((step,), node) if isinstance(step, str) else node.item
    return node
