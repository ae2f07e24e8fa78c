"""What a mapping file says of single values: the words of the lenses (mapping language, 4.4 and 4.5)."""

from __future__ import annotations

from dataclasses import dataclass

from metaharmon.diagnostics import Place
from metaharmon.mapping.grammar import FLAG, PATH, TEXT, TEXTS, WHOLE, choice, word
from metaharmon.mapping.grammar import pairs as map_of
from metaharmon.paths import TheirPath


@dataclass(frozen=True)
class Labels:
    """The field that shows the labels of a code (4.5)."""

    place: Place | None = None
    field: TheirPath | None = word(PATH, "the field that holds the label text")
    split: str | None = word(TEXT, "the separator between several labels")


@dataclass(frozen=True)
class Boolean:
    """Spellings of true and false (4.4)."""

    place: Place | None = None
    true: tuple[str, ...] = word(TEXTS, "spellings of true; the first is written")
    false: tuple[str, ...] = word(TEXTS, "spellings of false; the first is written")


@dataclass(frozen=True)
class Number:
    """An exact number (4.4)."""

    place: Place | None = None
    digits: int | None = word(WHOLE, "digits after the point that are always written")
    group: str | None = word(TEXT, "the separator between thousands")
    text: bool = word(FLAG, "true: the number is a text there", default=False)
    min: str | None = word(TEXT, "least value")
    max: str | None = word(TEXT, "greatest value")
    upper: str | None = word(TEXT, "the field is a list of two numbers; the second fills this member of ours")
    round: str | None = word(
        choice("half_up"), "rounding, where digits are too few; without it such a value is omitted"
    )
    complement: bool = word(
        FLAG, "true: theirs is the rest to one, such as an error rate where ours is an accuracy", default=False
    )
    decimal: str | None = word(choice(".", ","), "the sign before the fraction of a text; a point if nothing is said")


@dataclass(frozen=True)
class Quantity:
    """A number with a unit (4.4)."""

    place: Place | None = None
    unit: str | None = word(TEXT, "the unit of the field, or of a number without one (schemas/units.yaml)")
    unit_field: TheirPath | None = word(PATH, "the field that holds the unit")
    units: str | None = word(TEXT, "the code table of the unit field: unit symbols of ours ⇄ theirs")
    unit_in_text: tuple[str, ...] = word(TEXTS, "units written behind the number, largest first")
    also: tuple[str, ...] = word(TEXTS, "units that may stand behind the number, too, and are never written")
    bytes: str | None = word(choice("1000", "1024"), "what K means; K, M, G, T alone are read only where it is said")
    text: bool = word(FLAG, "true: the number is a text there", default=False)
    complement: bool = word(
        FLAG, "true: theirs is the rest to one, such as an error rate where ours is an accuracy", default=False
    )
    decimal: str | None = word(choice(".", ","), "the sign before the fraction of a text; a point if nothing is said")


@dataclass(frozen=True)
class Money:
    """An amount and its currency (4.4)."""

    place: Place | None = None
    unit: str | None = word(TEXT, "元, 角, 分, 万元, 亿元; other currencies: the currency itself")
    currency: str | None = word(TEXT, "ISO 4217 code, if it is not the dialect's default")
    currency_field: TheirPath | None = word(PATH, "the field that holds the currency code")
    digits: int | None = word(WHOLE, "digits after the point that are always written")
    text: bool = word(FLAG, "true: the amount is a text there", default=False)
    states: str | None = word(TEXT, "the code table of the words for the state of the price that stand there instead")
    decimal: str | None = word(choice(".", ","), "the sign before the fraction of a text; a point if nothing is said")


@dataclass(frozen=True)
class Span:
    """How a duration or a frequency is written (4.4)."""

    place: Place | None = None
    form: str | None = word(
        choice("iso", "count_unit", "rate", "repeating", "words"), "P1D · count and unit · 2次/天 · R/P1D · 每三年"
    )
    unit: str | None = word(TEXT, "instead of a form: the period that a bare count of a duration counts, P1D")
    codes: str | None = word(TEXT, "a code table instead of a form")
    units: str | None = word(TEXT, "code table of the unit part: ISO periods of ours ⇄ theirs")
    prefix: str | None = word(TEXT, "what stands before count and unit of a frequency: 每 in 每2周")


@dataclass(frozen=True)
class Form_:
    """One form of a template (4.4)."""

    place: Place | None = None
    form: str | None = word(TEXT, "literals and {parts}")
    set: tuple[tuple[str, str], ...] = word(map_of(TEXT), "constants of ours that this form means")
    same: tuple[tuple[str, str], ...] = word(map_of(TEXT), "values of ours that are the same as a part of this form")
