"""Update frequencies that are written by a form, with a code table before it or alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws, frequency_words
from metaharmon.lenses.base import MISSING, CellLens, Draw, FieldSpec, Malformed, Said, Unmapped, Unsayable, ValueLens
from metaharmon.lenses.codes import Codes, CodeTable
from metaharmon.lenses.durations import (
    Duration,
    Units,
    amount_of,
    checked_units,
    count_in,
    counted,
    draw_count_and_unit,
    largest_unit,
    read_count_and_unit,
)
from metaharmon.lenses.grammar import NumberForm, exact_text
from metaharmon.lenses.raws import ANY_FIELD, said
from metaharmon.model import scalars
from metaharmon.model.durations import normal_period

RATE_UNITS: Units = (
    ("小时", "PT1H"),
    ("日", "P1D"),
    ("天", "P1D"),
    ("周", "P1W"),
    ("月", "P1M"),
    ("季度", "P3M"),
    ("年", "P1Y"),
)
"""The periods of rates such as 2次/天, as forms and listings have them (次/小时, 次/日(天), 次/周, …)."""


@dataclass(frozen=True)
class FrequencyParts(CellLens):
    """A count and a unit in two fields ⇄ an update frequency. Class R.

    `form` says what the count counts, which no value shows: rate (so often per unit) or count_unit (once in so many
    units). Slots of theirs: (count, unit); of ours: (frequency). `units` maps raw unit codes to durations.
    """

    form: str
    units: CodeTable
    text: bool = False
    spec: FieldSpec = ANY_FIELD
    _units: tuple[tuple[str, str, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.form not in ("rate", "count_unit"):
            raise ValueError(f"{shown(self.form)} is no form of a count beside a unit; it is rate or count_unit")
        object.__setattr__(self, "_units", checked_units(tuple((code, code) for code in self.units.codes)))

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        found = read_count_and_unit(raws, NumberForm(self.text, spec=self.spec), self.units)
        if found is None:
            return (None,)
        count, period = found
        if self.form == "rate":
            return (scalars.frequency(f"{count}/{period}"),)
        family, size = amount_of(scalars.normal_duration(period)) or ("days", 1)
        return (scalars.frequency(f"1/{normal_period(family, count * size)}"),)

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if values[0] is None:
            return (MISSING, MISSING), ()
        periodic = periodic_of(values[0])
        count, code = rate_of(periodic, self._units) if self.form == "rate" else interval_of(periodic, self._units)
        raws = (counted(count) if self.text else int(counted(count)), self.units.write(code))
        return raws, tuple((0, lost) for lost in words_lost(values[0]))

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the slots of theirs."""
        return draw_count_and_unit(draw, self.text, self.units)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """A frequency of ours."""
        return (None if draws.odd(draw) else draw_frequency(draw),)


Periodic = tuple[int, tuple[str, int]]  # count, (family, amount of the period)


def periodic_of(value: dict[str, Any]) -> Periodic:
    """Count and period of a periodic frequency. Raises Unsayable for the other kinds."""
    amount = amount_of(value["period"]) if value["kind"] == "periodic" else None
    if amount is None:
        raise Unsayable(f"the form says periods only, not {scalars.short(value)}")
    return value["count"], amount


def rate_of(periodic: Periodic, units: tuple[tuple[str, str, int], ...]) -> tuple[int, str]:
    """Count and word of the smallest unit in which the rate is whole: half-yearly is 2 in a year. Raises Unsayable."""
    count, (family, amount) = periodic
    fitting = [
        (size, count * size // amount, word) for word, of, size in units if of == family and count * size % amount == 0
    ]
    if not fitting:
        raise Unsayable("no unit of the field makes the rate a whole number")
    _, times, word = min(fitting, key=lambda entry: entry[0])  # of equal units the first declared
    return times, word


def interval_of(periodic: Periodic, units: tuple[tuple[str, str, int], ...]) -> tuple[int, str]:
    """Count and word of the largest unit that divides the interval. Raises Unsayable for rates above one."""
    count, amount = periodic
    if count != 1:
        raise Unsayable("the form says intervals, not how often in one")
    return largest_unit(amount, units)


def words_lost(value: dict[str, Any]) -> tuple[Said, ...]:
    """The loss of the words beside a frequency."""
    return (Said(None, "omitted", "the form has no place for words", None, ("text",)),) if "text" in value else ()


@dataclass(frozen=True)
class Frequency(ValueLens):
    """An update frequency of theirs, by a form and, before it, a table ⇄ that of ours. Class R.

    `form`: iso (P1D: once in that time), repeating (R/P1D), rate (2次/天, with `between` and `units`), count_unit
    (`prefix`, a count and a word of `units`, as 每2周: once in so many) or words (only `table` is written). What
    `table` holds is read and written by it, and never by the form (R/PT1S is continuous). Beside a table, other words
    are read by what they say (`frequency_words`). Frequencies by code alone are `Codes(table, "frequency")`.
    """

    form: str
    units: Units = ()
    between: str = "次/"
    prefix: str = ""
    table: CodeTable | None = None
    language: str = "und"
    _units: tuple[tuple[str, str, int], ...] = field(init=False, repr=False, compare=False)
    _codes: Codes | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.form not in ("iso", "repeating", "rate", "count_unit", "words"):
            raise ValueError(
                f"{shown(self.form)} is no form of a frequency; it is iso, repeating, rate, count_unit or words"
            )
        if self.form in ("iso", "repeating") and self.units:
            raise ValueError("ISO 8601 brings its own units")
        if self.form == "words" and (self.table is None or self.units):
            raise ValueError("words are written by a table of codes, and bring their own units")
        if self.form == "rate" and (not self.between or self.between[0].isdigit()):
            raise ValueError("between the count and the unit of a rate stands a text that begins with no digit")
        wants_units = self.form in ("rate", "count_unit")
        pairs = self.units or (RATE_UNITS if self.form == "rate" else ())
        object.__setattr__(self, "_units", checked_units(pairs) if wants_units else ())
        object.__setattr__(self, "_codes", Codes(self.table, "frequency", None, self.language) if self.table else None)

    @property
    def alphabet(self) -> frozenset[str] | None:
        """In a template: free text where a table takes part, else the characters of the form."""
        if self._codes is not None:
            return None
        words = "".join(word for word, _, _ in self._units) or "RP/YMWDTHS"
        return frozenset(f"0123456789 {words}{self.between}{self.prefix}")

    def read(self, raw: Any) -> dict[str, Any]:
        if self._codes is not None and self._codes.table.pair_of(raw) is not None:
            return self._codes.read(raw)
        said = self._said_by(raw)
        if said is not None:
            return said
        if self._codes is not None:
            try:
                return self._codes.read(raw)  # an unknown word that the table takes as it is
            except Unmapped:
                pass
        return self._by_form(raw)

    def _said_by(self, raw: Any) -> dict[str, Any] | None:
        """What a text says by the form, or beside a table by its words; None where it says nothing."""
        try:
            return self._by_form(raw)
        except Malformed:
            if self._codes is None or raw.__class__ is not str or len(raw) > 100:
                return None
            short = frequency_words.short_of(raw)
            return None if short is None else scalars.frequency(short)

    def _by_form(self, raw: Any) -> dict[str, Any]:
        if raw.__class__ is not str or len(raw) > 100 or self.form == "words":
            raise Malformed(f"{shown(raw)} is not an update frequency")
        try:
            if self.form == "rate":
                count, found, word = raw.partition(self.between)
                period = next((w for w in self._units if found and w[0] == word), None)
                if period is None:
                    raise Malformed(f"{shown(raw)} is not a rate such as 2{self.between}{self._units[0][0]}")
                return scalars.frequency(f"{count_in(count)}/{normal_period(period[1], period[2])}")
            return scalars.frequency(f"1/{self._interval(raw)}")
        except ValueError as exc:
            raise Malformed(str(exc)) from None

    def _interval(self, raw: str) -> str:
        if self.form == "count_unit":
            if not raw.startswith(self.prefix):
                raise Malformed(f"{shown(raw)} does not begin with {self.prefix}")
            return Duration("count_unit", self.units).read(raw[len(self.prefix) :])
        if self.form == "repeating" and not raw.startswith("R/"):
            raise Malformed(f"{shown(raw)} is not a repeating interval such as R/P1D")
        period = scalars.normal_duration(raw.removeprefix("R/") if self.form == "repeating" else raw)
        amount = amount_of(period)
        if amount is None or amount[1] == 0:
            raise Malformed(f"{shown(raw)} is not a period of one family")
        return normal_period(*amount)

    def write(self, value: dict[str, Any]) -> Any:
        if self._codes is not None:
            try:
                written = self._codes.write(value)
            except Unsayable:
                if value["kind"] != "periodic" or self.form == "words":
                    raise
            else:
                return self._as_word(written)
        periodic = periodic_of(value)
        raw = self._shown(value, periodic)
        if self._codes is not None and self._codes.table.pair_of(raw) is not None:
            return Said(raw, "changed", f"{raw} has a meaning of its own there", self._codes.read(raw))
        return said(raw, words_lost(value))

    def _as_word(self, written: Any) -> Any:
        """What the table writes; a text that stands for no code, but says something by itself, is read as that."""
        raw = written.raw if isinstance(written, Said) else written
        if self.table is None or self.table.pair_of(raw) is not None:
            return written
        means = self._said_by(raw)
        return written if means is None else Said(raw, "changed", f"{raw} has a meaning of its own there", means)

    def _shown(self, value: dict[str, Any], periodic: Periodic) -> str:
        if self.form == "rate":
            count, word = rate_of(periodic, self._units)
            return f"{counted(count)}{self.between}{word}"
        if self.form == "count_unit":
            count, word = interval_of(periodic, self._units)
            return f"{self.prefix}{counted(count)}{word}"
        if periodic[0] != 1 and self.form == "repeating" and self._codes is not None:
            part = _part_of_period(value)
            if part is not None:
                return part
        if periodic[0] != 1:
            raise Unsayable(f"{scalars.short(value)} is more than once in its period, which the form does not say")
        return f"{'R/' if self.form == 'repeating' else ''}{value['period']}"

    def stretched(self, raw: Any) -> str | None:
        if self._codes is None:
            return None
        if self._codes.table.pair_of(raw) is None and raw.__class__ is str and frequency_words.near(raw):
            return f"{shown(raw)} is only close to what it is read as"
        return self._codes.stretched(raw)

    def raws(self, draw: Draw) -> Any:
        if self._codes is not None and draw.integer(0, 1):
            return self._codes.raws(draw)
        if self.form == "words":
            return draw.choice(_WORDS)
        try:
            raw = self._shown(value := draw.choice(_PERIODIC), periodic_of(value))
        except Unsayable:
            raw = "2次/天"
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> dict[str, Any]:
        if self._codes is not None and draw.integer(0, 1):
            return self._codes.values(draw)
        return draw_frequency(draw)


def _part_of_period(value: dict[str, Any]) -> str | None:
    """A repeating interval with a fraction: R/P1.5M, twice in three months; None where it would be read otherwise."""
    head, unit = value["period"][:-1], value["period"][-1]
    amount = Fraction(int(head.lstrip("PT")), value["count"])
    text = exact_text(amount)
    if text is None or len(text.partition(".")[2]) > 3:
        return None
    interval = f"R/{'PT' if head.startswith('PT') else 'P'}{text}{unit}"
    said = frequency_words.interval(interval)
    read = scalars.frequency(said) if said is not None else {}
    return interval if read == {"kind": "periodic", "count": value["count"], "period": value["period"]} else None


_WORDS = (
    "每三年",
    "一次/天",
    "1次/半年",
    "每周更新两次",
    "月度",
    "准实时",
    "按需",
    "T+1",
    "every 5 minutes",
    "R/P1.5M",
    "biweekly",
)

_PERIODIC = tuple(
    {"kind": "periodic", "count": count, "period": period}
    for count, period in (
        (1, "P1D"), (2, "P1D"), (1, "P1W"), (2, "P1W"), (1, "P1M"), (2, "P1M"), (1, "P3M"), (1, "P6M"), (1, "P1Y"),
        (1, "P2Y"), (1, "P18M"), (1, "PT1H"), (1, "PT1S"), (5, "PT2H"), (3, "P10D"),
    )
)  # fmt: skip


def draw_frequency(draw: Draw) -> dict[str, Any]:
    """A frequency of ours: mostly periodic."""
    if draws.odd(draw):
        return draw.choice(({"kind": "irregular"}, {"kind": "continuous"}, {"kind": "other", "text": {"zh": "随时"}}))
    value = dict(draw.choice(_PERIODIC))
    return {**value, "text": {"zh": "说明"}} if draws.odd(draw) else value
