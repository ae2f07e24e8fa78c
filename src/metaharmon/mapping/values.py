"""The lens of a rule: its lens word and the shape of its path decide; a misfit is a finding with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon import units
from metaharmon.lenses.base import FieldSpec, ValueLens
from metaharmon.lenses.clauses import Silence
from metaharmon.lenses.codes import Codes, InTable
from metaharmon.lenses.dates import Date
from metaharmon.lenses.durations import Counted, Duration
from metaharmon.lenses.entries import Lifted
from metaharmon.lenses.frequencies import Frequency
from metaharmon.lenses.geometry import STARTS as GEOMETRIES
from metaharmon.lenses.geometry import GeometryLike, GeometryText
from metaharmon.lenses.language_maps import LangListMap, LangMap
from metaharmon.lenses.numbers import Boolean, Number
from metaharmon.lenses.quantities import Quantity
from metaharmon.lenses.recognisers import FORMS, Absent, Digest, MediaType
from metaharmon.lenses.text import Beginning, LangText, OneLanguage, PlainName, Shaped, Text
from metaharmon.lenses.wrap import ListOf as ListLens
from metaharmon.mapping.grammar import Report, Skip
from metaharmon.mapping.ours import FIRST, OurSlot, Select
from metaharmon.mapping.raw import their_constants
from metaharmon.mapping.syntax import Defaults, Rule
from metaharmon.mapping.tables import Tables
from metaharmon.model import scalars, shape

LENS_WORDS = (
    "codes",
    "boolean",
    "number",
    "quantity",
    "money",
    "date",
    "duration",
    "frequency",
    "template",
    "box",
    "point",
    "geometry",
    "lens",
)
IDENTIFIERS = ("identifiers", "ids")
"""How members are called that hold identifiers by scheme."""
CODE_TARGETS = ("concept", "licence", "place", "frequency")


def lens_words(rule: Rule) -> list[str]:
    """Which lens words a rule has."""
    return [word for word in LENS_WORDS if getattr(rule, word) not in (None, ())]


@dataclass(frozen=True)
class LensMaker:
    """Makes lenses from words, for one dialect."""

    report: Report
    defaults: Defaults
    tables: Tables
    named: dict[str, Any]

    def misfit(self, message: str, place: Any, hint: str | None = None) -> Skip:
        """Note a lens that does not fit; the result is to be raised."""
        self.report.add(dx.LENS_MISFIT, message, place, hint)
        return Skip()

    def made(self, maker: Callable[[], Any], place: Any) -> Any:
        """A lens, or a finding with the sentence of its refusal."""
        try:
            return maker()
        except ValueError as exc:
            raise self.misfit(str(exc), place) from None

    @property
    def language(self) -> str:
        """The dialect's default language."""
        return str(self.defaults.language or "und")

    # --- where a value goes ------------------------------------------------------------------------------------------

    def to_value(self, slot: OurSlot, rule: Rule) -> OurSlot:
        """The slot that one value fills: the first entry of a list, the natural member of a group."""
        while True:
            node = slot.node
            if isinstance(node, shape.ListOf):
                step: Any = FIRST
                if rule.codes is not None and node.kind == "discriminated" and "scheme" in node.by:
                    step = Select(((("scheme",), self.tables.list_of(rule.codes)),))
                slot = OurSlot(slot.text, (*slot.steps, step), node.item)
            elif isinstance(node, shape.LangList):
                return OurSlot(slot.text, (*slot.steps, self.language, FIRST), shape.Scalar("text"))
            elif isinstance(node, shape.Group) and not self._takes_whole(node, rule):
                if node.natural is None:
                    raise self.misfit(f"'{slot.text}' ends on a whole {node.name}; name the member", rule.place)
                slot = OurSlot(slot.text, (*slot.steps, node.natural), node.members[node.natural])
            else:
                return slot

    @staticmethod
    def _takes_whole(node: shape.Group, rule: Rule) -> bool:
        if rule.codes is not None:
            return node.name in CODE_TARGETS
        if node.name == "frequency":
            return rule.frequency is not None
        return node.name == "quantity"

    @staticmethod
    def to_entry(slot: OurSlot) -> OurSlot:
        """The slot of the first entry, when a path ends on a list."""
        if isinstance(slot.node, shape.ListOf):
            return OurSlot(slot.text, (*slot.steps, FIRST), slot.node.item)
        return slot

    @staticmethod
    def settled(slot: OurSlot, rule: Rule, lens: ValueLens) -> OurSlot:
        """The slot as the lens fills it."""
        return slot

    # --- one value ---------------------------------------------------------------------------------------------------

    def value(self, slot: OurSlot, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        """The value lens of a rule for the slot that it fills."""
        words = lens_words(rule)
        if len(words) > 1:
            raise self.misfit(f"a rule has one lens at most; this one has {' and '.join(words)}", place)
        node, word = slot.node, words[0] if words else None
        if word in ("codes", "lens"):
            return self._by_codes(node, rule, spec, place) if word == "codes" else self._named(rule, place)
        if word in ("boolean", "number", "quantity"):
            return getattr(self, f"_{word}")(node, rule, spec, place)
        if word == "date":
            self._needs(node, ("date",), "date", place)
            return self.made(
                lambda: Date(
                    tuple(map(str, rule.date)), str(rule.zone or self.defaults.timezone or "") or None, rule.pad, spec
                ),
                place,
            )
        if word in ("duration", "frequency"):
            return (
                self._duration(node, rule, spec, place)
                if word == "duration"
                else self._frequency(node, rule, spec, place)
            )
        return self._bare(slot, node, rule, spec, place)

    def _needs(self, node: Any, kinds: tuple[str, ...], word: str, place: Any) -> None:
        if not (isinstance(node, shape.Scalar) and node.kind in kinds):
            raise self.misfit(f"`{word}` fills a {' or '.join(kinds)}, and this path is {_shown(node)}", place)

    def _bare(self, slot: OurSlot, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        """No lens word: text, or what the shape of the path asks for."""
        if isinstance(node, shape.LangText):
            return self.made(
                lambda: LangText(self.language, tuple(map(str, self.defaults.fallback)), spec, rule.shorten), place
            )
        if isinstance(node, shape.Scalar):
            if slot.text.rpartition("@")[1]:
                return self.made(lambda: OneLanguage("text", spec, rule.shorten, slot.text.rpartition("@")[2]), place)
            if node.kind in ("decimal", "ratio", "integer"):
                return self._number(node, rule, spec, place)
            if node.kind == "code":
                raise self.misfit(
                    f"'{slot.text}' holds a code of the list {node.codelist}; the rule needs `codes:`", place
                )
            if node.kind == "date":
                raise self.misfit(f"'{slot.text}' holds a date; the rule needs `date: [forms]`", place)
            if node.form is not None and not rule.shorten and not rule.plain:
                return self.made(lambda: FORMS[node.form](node.kind, spec), place)
            return self.plain("uri" if _is_identity(slot, node) else node.kind, spec, rule)
        if isinstance(node, shape.Group) and node.name == "quantity":
            return self._number(node, rule, spec, place)
        raise self.misfit(f"a text cannot fill {_shown(node)}", place)

    def plain(self, kind: str, spec: FieldSpec, rule: Rule) -> ValueLens:
        """A text lens for a scalar."""
        if rule.plain and kind != "text":
            raise self.misfit("`plain` fills a text", rule.place)
        return self.made(lambda: (PlainName if rule.plain else Text)(kind, spec, rule.shorten), rule.place)

    def language_map(
        self,
        node: Any,
        spec: FieldSpec,
        separator: str | None = None,
        unknown: str = "und",
        many: str | None = None,
    ) -> ValueLens:
        """The lens of a level whose keys are languages; of words, one text may hold several, or (`many`) an only one
        may stand without a list. `unknown` is the key of texts in no known language."""
        length = FieldSpec(max_length=spec.max_length, pattern=spec.pattern)
        if isinstance(node, shape.LangList):
            alone = many == "one_or_list"
            return LangListMap(length, separator=separator, alone=alone, one=alone and spec.types == ("string",))
        return LangMap(length, unknown, self.language if spec.most == 1 else None)

    def _by_codes(self, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        target, check = "code", None
        if isinstance(node, shape.Group) and node.name in CODE_TARGETS:
            target = node.name
        elif isinstance(node, shape.Scalar) and node.kind == "duration":
            target, check = "duration", scalars.normal_duration
        elif isinstance(node, shape.Scalar) and node.kind in ("code", "text", "uri", "language"):
            said = self.tables.list_of(rule.codes)
            if node.codelist and said and said != node.codelist:
                raise self.misfit(
                    f"the path takes codes of {node.codelist}, the table '{rule.codes}' has those of {said}", place
                )
        else:
            raise self.misfit(f"a code cannot fill {_shown(node)}", place)
        table = self.tables.table(rule.codes, spec, str(rule.unmapped or self.defaults.unmapped or "keep"), check)
        if table.unmapped == "same" and isinstance(node, shape.Scalar) and node.kind in ("text", "language"):
            target = node.kind
        return self.made(lambda: Codes(table, target, None, self.language), place)

    def _named(self, rule: Rule, place: Any) -> ValueLens:
        lens = self.named.get(str(rule.lens))
        if lens is None:
            raise self.misfit(
                f"no lens is registered under the name '{rule.lens}'",
                place,
                "metaharmon.register_lens(name, lens) in the host program",
            )
        return lens

    def _boolean(self, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        self._needs(node, ("boolean",), "boolean", place)
        said = rule.boolean
        both = [
            tuple(raw for text in texts for raw in their_constants(str(text), spec))
            for texts in (said.true, said.false)
        ]  # type: ignore[union-attr]
        return self.made(lambda: Boolean(*both), place)

    def _number(self, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        said = rule.number
        target = "quantity" if isinstance(node, shape.Group) and node.name == "quantity" else getattr(node, "kind", "")
        if target not in ("quantity", "decimal", "ratio", "integer"):
            raise self.misfit(f"a number cannot fill {_shown(node)}", place)
        text = bool(said and said.text) or spec.types[:1] == ("string",)
        words = (
            {}
            if said is None
            else {
                "digits": said.digits,
                "group": text_of(said.group),
                "minimum": text_of(said.min),
                "maximum": text_of(said.max),
                "round": said.round,
                "complement": said.complement,
                "decimal": str(said.decimal or "."),
            }
        )
        if words.get("complement") and not _is_ratio(node):
            raise self.misfit("`complement` is for shares: rates and accuracies", place)
        if target == "integer" and words.get("minimum") is None:
            words = {**words, "minimum": "0"}  # what is counted or measured in whole units is not below 0
        return self.made(
            lambda: Number(
                target="decimal" if target == "ratio" else target,
                text=text,
                spec=spec,
                dimension=getattr(node, "dimension", None) if target == "quantity" else None,
                **words,
            ),
            place,
        )

    def _quantity(self, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        said = rule.quantity
        dimension, target = self._dimension(node, place, said.unit_in_text or (said.unit,))  # type: ignore[union-attr]
        text = said.text or (spec.types[:1] == ("string",) and not said.unit_in_text)  # type: ignore[union-attr]
        return self.made(
            lambda: Quantity(
                dimension,
                text_of(said.unit),
                self._bytes(said),
                tuple(map(str, said.unit_in_text)),
                text,
                None,
                target,
                spec,
                said.complement,
                tuple(map(str, said.also)),
                str(said.decimal or "."),
            ),
            place,
        )  # type: ignore[union-attr]

    def _dimension(self, node: Any, place: Any, symbols: Any = ()) -> tuple[str, str]:
        """Dimension and target of a quantity; that of a plain decimal is the one that has its units."""
        if isinstance(node, shape.Group) and node.name == "quantity":
            return str(node.dimension), "quantity"
        if isinstance(node, shape.Scalar) and node.kind in ("decimal", "ratio"):
            if node.kind == "decimal" and node.dimension:
                return str(node.dimension), "decimal"
            names = [str(symbol).strip() for symbol in symbols if symbol is not None]
            fitting = (name for name, known in units.table().items() if names and set(names) <= set(known))
            return "ratio" if node.kind == "ratio" else next(fitting, "count"), "decimal"
        raise self.misfit(f"a quantity cannot fill {_shown(node)}", place)

    def _bytes(self, said: Any) -> int | None:
        """What K means; None where the dialect does not say (then KB is 1000 bytes, and K alone is not read)."""
        declared = said.bytes or self.defaults.bytes
        return int(declared) if declared else None

    def _duration(self, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        self._needs(node, ("duration",), "duration", place)
        said = rule.duration
        if said.codes is not None:  # type: ignore[union-attr]
            return self._by_codes(node, replace(rule, codes=said.codes), spec, place)  # type: ignore[union-attr]
        if said.unit is not None:  # type: ignore[union-attr]
            return self.made(lambda: Counted(str(said.unit), spec), place)  # type: ignore[union-attr]
        return self.made(lambda: Duration(said.form or "iso", self._units(said), spec), place)  # type: ignore[union-attr]

    def _frequency(self, node: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        if not (isinstance(node, shape.Group) and node.name == "frequency"):
            raise self.misfit(f"an update frequency cannot fill {_shown(node)}", place)
        said = rule.frequency
        if said.form is None:  # type: ignore[union-attr]
            if said.codes is None:  # type: ignore[union-attr]
                raise self.misfit("`frequency` needs codes or a form", place)
            return self._by_codes(node, replace(rule, codes=said.codes), spec, place)  # type: ignore[union-attr]
        unmapped = str(rule.unmapped or self.defaults.unmapped or "keep")
        table = self.tables.table(said.codes, spec, unmapped) if said.codes is not None else None  # type: ignore[union-attr]
        prefix = str(said.prefix or "")  # type: ignore[union-attr]
        return self.made(
            lambda: Frequency(said.form, self._units(said), prefix=prefix, table=table, language=self.language), place
        )  # type: ignore[union-attr]

    def _units(self, said: Any) -> tuple[tuple[str, str], ...]:
        """(their word, ISO period) of a table of periods."""
        if said.units is None:
            return ()
        table = self.tables.table(said.units, FieldSpec(), "keep", scalars.normal_duration)
        return tuple((str(raw), pair.ours) for pair in table.pairs for raw, _ in pair.theirs)

    # --- lists -------------------------------------------------------------------------------------------------------

    def listed(self, slot: OurSlot, rule: Rule, spec: FieldSpec, silence: Silence, place: Any) -> tuple[OurSlot, Any]:
        """The slot of a whole list and the lens that fills it from one field."""
        if isinstance(slot.node, shape.LangList):
            slot = OurSlot(slot.text, (*slot.steps, self.language), shape.ListOf(shape.Scalar("text"), "bag"))
        if not isinstance(slot.node, shape.ListOf):
            raise self.misfit(f"`split` and `many` fill a list, and '{slot.text}' is {_shown(slot.node)}", place)
        element = spec
        if rule.split is not None or "array" in spec.types:
            whole = rule.split is not None  # what is said of the field is not said of an entry
            element = FieldSpec() if whole else replace(spec, types=(), required=False, enum=None, most=None)
        inner = self._element(slot.node.item, rule, element, place)
        mode = "split" if rule.split is not None else str(rule.many)
        separator = str(rule.split) if rule.split is not None else None
        nulls, between = tuple(sorted(silence.markers)), silence.between
        return slot, self.made(lambda: ListLens(inner, mode, separator, nulls=nulls, between=between), place)

    def _element(self, item: Any, rule: Rule, spec: FieldSpec, place: Any) -> ValueLens:
        """The lens of one entry by its natural value."""
        slot = OurSlot("", (), item)
        if isinstance(item, shape.Group) and not self._takes_whole(item, rule):
            if item.natural is None:
                raise self.misfit(
                    f"an entry of this list is a whole {item.name}; use `each:` and name its members", place
                )
            return Lifted(self._element(item.members[item.natural], rule, spec, place), item.natural)
        return self.value(slot, rule, spec, place)

    def form(self, said: Any, place: Any, spec: FieldSpec) -> ValueLens:
        """The recogniser of a case that names a form of the raw value: date, repeating, number, uri,
        duration (ISO 8601), boolean (a JSON one); a text that `begins` in a certain way, or a table that has it."""
        if "codes" in said:
            return InTable(self.tables.table(said["codes"], spec, "keep"))
        if set(said) == {"begins"}:
            starts = said["begins"] if isinstance(said["begins"], list) else [said["begins"]]
            if starts and all(str(start) for start in starts):
                return Beginning(tuple(str(start) for start in starts))
        name = str(said.get("form", ""))
        makers: dict[str, Callable[[], ValueLens]] = {
            "date": lambda: Date(("iso8601",)),
            "repeating": lambda: Frequency("repeating"),
            "number": lambda: Number(),
            "uri": lambda: Text("uri"),
            "email": lambda: Shaped("email"),
            "link": lambda: Shaped("link"),
            "null": lambda: Shaped("null"),
            "duration": Duration,
            "boolean": lambda: Boolean((True,), (False,)),
            "text": lambda: Text("text"),
            "media_type": lambda: MediaType(),
            "md5": lambda: Digest(bytes=16),
            "sha256": lambda: Digest(bytes=32),
            "absent": lambda: Absent(),
            "geometry": lambda: GeometryLike(),
            **{name: lambda name=name: GeometryText(encoding=name) for name in GEOMETRIES},
        }
        if name not in makers:
            raise self.misfit(f"a case knows the forms {', '.join(makers)}, not '{name}'", place)
        return makers[name]()


def _is_identity(slot: OurSlot, node: Any) -> bool:
    """Whether a text is an identifier of the scheme `uri`: only an absolute address is one, wherever it is read."""
    keys = [step for step in slot.steps if isinstance(step, str)]
    keys = keys[:-1] if keys[-1:] == ["value"] else keys
    return node.kind == "text" and len(keys) > 1 and keys[-1] == "uri" and keys[-2].endswith(IDENTIFIERS)


def _is_ratio(node: Any) -> bool:
    return getattr(node, "kind", None) == "ratio" or getattr(node, "dimension", None) == "ratio"


def text_of(said: Any) -> str | None:
    """A word as text; None where nothing is said."""
    return None if said is None else str(said)


def _shown(node: Any) -> str:
    if isinstance(node, shape.Scalar):
        return f"a {node.kind}"
    if isinstance(node, shape.Group):
        return f"a whole {node.name}"
    return {
        "ListOf": "a list",
        "Keyed": "a map of kinds",
        "LangText": "a text with languages",
        "LangList": "a list of words with languages",
    }[type(node).__name__]
