"""Dates of theirs, by declared forms ⇄ dates of ours, whose length is their precision (canonical schema 2.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import date_direct, draws
from metaharmon.lenses.base import Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.date_forms import (
    DAY,
    DIGITS,
    HALF,
    MINUTE,
    MONTH,
    QUARTER,
    SECOND,
    YEAR,
    Form,
    Moment,
    check_disjoint,
    match,
    parse_form,
    show,
)
from metaharmon.lenses.date_sets import SETS, FormSet, check_beside
from metaharmon.lenses.date_zones import from_seconds, in_zone, local_of, moved, seconds_of, stated_in
from metaharmon.lenses.forms import Letters
from metaharmon.lenses.raws import ANY_FIELD, first_type, too_long
from metaharmon.model import scalars

Candidate = tuple[tuple[str, str], str, int]
"""Of one form: its name and the raw text, the value that is read from it, its precision."""

_EPOCHS = {"epoch_s": SECOND, "epoch_ms": SECOND + 3}
_MAX_EPOCH_DIGITS = 18


@dataclass(frozen=True)
class Date(ValueLens):
    """Date forms of theirs ⇄ a date of ours. Class R; L for values finer than the forms, or of another zone.

    `forms`: see `date_forms`, and names of `date_sets`; the first that can say a value exactly is written. `zone` (IANA
    name) is where times without a mark are; None: they have no zone. A moment keeps the offset that its text states or
    its zone had then. A value finer than every form is cut as it stands, never moved to another zone first, and becomes
    the cut value; a coarser one is refused, unless `pad="start"`: midnight is a day there, both ways. `epoch_s` and
    `epoch_ms` are JSON integers (texts, if `spec` says string first); milliseconds that are 0 show no fraction.
    """

    forms: tuple[str, ...]
    zone: str | None = None
    pad: str | None = None
    spec: FieldSpec = ANY_FIELD
    _forms: tuple[Form, ...] = field(init=False, repr=False, compare=False)
    _sets: tuple[FormSet, ...] = field(init=False, repr=False, compare=False)
    _epoch: str | None = field(init=False, repr=False, compare=False)
    _readers: tuple[date_direct.Reader, ...] = field(init=False, repr=False, compare=False)
    _writers: dict[int, date_direct.Writer] = field(init=False, repr=False, compare=False)
    _quick: tuple[FormSet, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.forms:
            raise ValueError("a date needs a form")
        if self.pad not in (None, "start"):
            raise ValueError(f"pad is start or nothing, not {shown(self.pad)}")
        epochs = [form for form in self.forms if form in _EPOCHS]
        if len(epochs) > 1:
            raise ValueError("epoch_s and epoch_ms cannot be told apart")
        if self.zone is not None:
            in_zone(self.zone)
        forms = tuple(parse_form(form) for form in self.forms if form not in _EPOCHS and form not in SETS)
        sets = tuple(SETS[form] for form in self.forms if form in SETS)
        check_disjoint(forms)
        check_beside(forms, sets)
        epoch = epochs[0] if epochs else None
        self._check_epoch(epoch, (*(form.text for form in forms if form.alphabet <= DIGITS), *(s.text for s in sets)))
        if sets and any(self._raw_type(one.text) != "string" for one in sets):
            raise ValueError(f"{sets[0].text} are forms of texts, and the field takes none")
        object.__setattr__(self, "_forms", forms)
        object.__setattr__(self, "_sets", sets)
        object.__setattr__(self, "_epoch", epoch)
        object.__setattr__(self, "_readers", tuple(date_direct.reader_of(form) for form in forms if not form.roc))
        as_text = all(self._raw_type(form) == "string" for form in self.forms if form not in _EPOCHS)
        writers = date_direct.writers_of(self.forms, self.zone, bool(self.pad)) if as_text and not sets else {}
        object.__setattr__(self, "_writers", writers)
        alone = len(sets) == len(self.forms) == 1 and not self.pad
        object.__setattr__(self, "_quick", sets if alone and self.spec.max_length is None else ())

    def _check_epoch(self, epoch: str | None, digits: tuple[str, ...]) -> None:
        """Raise ValueError where a number of seconds and a date of digits could be the same JSON value."""
        beside = [form for form in digits if epoch and self._raw_type(form) == self._raw_type(epoch)]
        if beside:
            what = "an integer" if self._raw_type(beside[0]) == "integer" else "text"
            raise ValueError(f"{epoch} as {what} and the form {beside[0]}, which has digits only, cannot be told apart")

    def _raw_type(self, form: str) -> str:
        if form in SETS:
            return "string" if not self.spec.types or "string" in self.spec.types else "integer"
        if form not in _EPOCHS and "string" in self.spec.types and not parse_form(form).alphabet <= DIGITS:
            return "string"  # no JSON integer has this form
        return first_type(self.spec, ("string", "integer"), "integer" if form in _EPOCHS else "string")

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """With one form that shows a moment in one way only, and cannot be a JSON integer."""
        if len(self.forms) > 1 or self._epoch or self._sets:
            return False
        return self._forms[0].fixed and not self._forms[0].alphabet <= DIGITS

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of the forms."""
        forms = (*self._forms, *self._sets)
        letters = frozenset().union(*(form.alphabet for form in forms), "-0123456789" if self._epoch else "")
        if self._epoch or any(form.text == "R" for form in forms):
            return letters
        return Letters.beginning(frozenset().union(*(form.first for form in forms)), letters)

    def read(self, raw: Any) -> str:
        if raw.__class__ is str and len(raw) <= 40:
            for one in self._quick:
                said = one.says(raw, self.zone)
                if said is not None:
                    return said
            found = date_direct.read(self._readers, raw, self.zone, bool(self.pad))
            if found is not None:
                return found
        text = raw
        if raw.__class__ is int and abs(raw) < 10**_MAX_EPOCH_DIGITS:
            if self._epoch:
                return self._of_epoch(raw)
            text = str(raw)
        elif raw.__class__ is not str or len(raw) > 100:
            raise Malformed(f"{shown(raw)} is not a date")
        problem = f"{shown(raw)} has none of the forms {', '.join(self.forms)}"
        for form in (*self._forms, *self._sets):
            moment = match(form, text) if isinstance(form, Form) else form.match(text)
            if moment is not None:
                try:
                    return self._ours(moment)
                except ValueError as exc:
                    problem = str(exc)
        if self._epoch and self._raw_type(self._epoch) == "string" and _is_epoch_text(text):
            return self._of_epoch(int(text))
        raise Malformed(problem)

    def _of_epoch(self, count: int) -> str:
        per_second = 1000 if self._epoch == "epoch_ms" else 1
        seconds, rest = divmod(count, per_second)
        try:
            moment = from_seconds(seconds)
            if self.zone is not None:
                moment = moved(moment, self.zone)
            fraction = f"{rest:03}" if rest else ""
            return self._ours(moment._replace(fraction=fraction, precision=SECOND + len(fraction)))
        except ValueError as exc:
            raise Malformed(str(exc)) from None

    def _ours(self, moment: Moment) -> str:
        """The canonical text. Raises ValueError for impossible dates."""
        _text_checked(moment._replace(zone=None))
        if moment.precision <= DAY:
            return _text(moment)
        if self.pad:
            if not moment.fraction.strip("0"):
                moment = moment._replace(fraction="", precision=min(moment.precision, SECOND))
            local = self._as_local(moment)
            if not (local.fraction or local.hour or local.minute or local.second):
                return _text(local._replace(precision=DAY, zone=None))
        if moment.zone is None and self.zone is not None:
            moment = stated_in(moment, self.zone)
        return _text_checked(moment)

    def _as_local(self, moment: Moment) -> Moment:
        if moment.zone is None or self.zone is None:
            return moment
        return local_of(moment, self.zone)

    def write(self, value: str) -> Any:
        for one in self._quick:
            plain = one.writes(value, self.zone)
            if plain is not None:
                return plain
        text = date_direct.write(self._writers, value, self.zone, bool(self.pad))
        if text is not None and not too_long(text, self.spec):
            return text
        moment = parsed(value)
        candidates = [written for form in self.forms if (written := self._in_form(form, moment)) is not None]
        exact = [raw for raw, becomes, _ in candidates if becomes == value]
        if exact:
            return self._typed(exact[0], value)
        if not candidates:
            raise Unsayable(f"no form of the field can say {value}: {', '.join(self.forms)}")
        raw, becomes, _ = max(candidates, key=lambda entry: entry[2])  # of equal precision the first declared
        return Said(self._typed(raw, value), "changed", f"the finest form of the field says {becomes}", becomes)

    def _typed(self, raw: tuple[str, str], value: str) -> Any:
        form, text = raw
        if self._raw_type(form) == "integer":
            if not text.removeprefix("-").isdigit() or str(int(text)) != text:
                raise Unsayable(f"the field takes a JSON integer, and {text} is none")
            return int(text)
        if too_long(text, self.spec):
            raise Unsayable(f"the field takes {self.spec.max_length} characters, too few for {value}")
        return text

    def _in_form(self, name: str, moment: Moment) -> Candidate | None:
        """The raw text in one form, the value that is read from it, its precision; None if the form cannot say it."""
        try:
            if name in _EPOCHS:
                return self._in_epoch(name, moment)
            if name in SETS:
                return self._in_set(SETS[name], moment)
            return self._in_one(parse_form(name), moment)
        except (ValueError, Malformed):  # a time that the zone skipped or could not show
            return None

    def _in_epoch(self, name: str, moment: Moment) -> Candidate | None:
        if moment.precision == DAY and self.pad:
            moment = stated_in(moment._replace(precision=SECOND), self.zone or "UTC")
        if moment.precision < SECOND or moment.zone is None:
            return None  # it would say more than the value does
        count = seconds_of(moment)
        if name == "epoch_ms":
            count = count * 1000 + int(moment.fraction[:3].ljust(3, "0"))
        return (name, str(count)), self._of_epoch(count), _EPOCHS[name]

    def _in_set(self, one: FormSet, moment: Moment) -> Candidate | None:
        if moment.precision == DAY and self.pad and DAY not in one.precisions:
            moment = self._midnight(moment, one.zones != "never")
        precision = one.precision_for(moment)
        if precision is None:
            return None
        if precision > DAY and one.zones == "never":
            moment = self._as_local(moment)._replace(zone=None)
        return self._candidate(one, one.show(moment, precision), moment, precision)

    def _in_one(self, form: Form, moment: Moment) -> Candidate | None:
        precision = form.precision
        if moment.precision == DAY < precision and self.pad:
            moment = self._midnight(moment, form.zoned)
        elif moment.precision < precision and not self._padded(moment):
            return None  # the form would say more than is known
        if precision > DAY and form.zoned and moment.zone is None:
            return None  # it would say a zone that the value does not have
        if precision > DAY and not form.zoned:
            moment = self._as_local(moment)._replace(zone=None)
        return self._candidate(form, show(form, moment), moment, precision)

    def _candidate(self, form: Form | FormSet, text: str, moment: Moment, precision: int) -> Candidate | None:
        if not form.takes(moment):
            return None
        digits = max(0, precision - SECOND)
        cut = _cut(moment._replace(precision=precision, fraction=moment.fraction[:digits].ljust(digits, "0")))
        return (form.text, text), self._ours(cut), precision

    def _midnight(self, day: Moment, zoned: bool) -> Moment:
        """The start of a day, with its offset where that is written."""
        start = day._replace(precision=SECOND)
        return stated_in(start, self.zone or "UTC") if zoned else start

    def _padded(self, moment: Moment) -> bool:
        """Whether a time may be shown with fraction digits that it does not have: where they are not read."""
        return bool(self.pad) and moment.precision >= SECOND and not moment.fraction.strip("0")

    def raws(self, draw: Draw) -> Any:
        good = _sayable(self)
        raw = self.write(draw.choice(good)) if good else draw.choice(draws.ODD_RAWS)
        raw = raw.raw if isinstance(raw, Said) else raw
        return draws.spoiled(draw, raw) if draws.odd(draw) else raw

    def values(self, draw: Draw) -> str:
        text = draw.choice(_SAMPLES if draws.odd(draw) else _sayable(self) or _SAMPLES)
        return f"{draw.integer(1000, 9998)}{text[4:]}" if draws.odd(draw) and text[5:10] != "02-29" else text


@cache
def _sayable(lens: Date) -> tuple[str, ...]:
    """The samples that a lens can say."""
    found = []
    for text in _SAMPLES:
        try:
            lens.write(text)
        except Unsayable:
            continue
        found.append(text)
    return tuple(found)


_SAMPLES = (
    "2026",
    "2026-H1",
    "2026-Q3",
    "2026-04",
    "2026-04-01",
    "2024-02-29",
    "2016-02-29T00:00",
    "2016-02-29T00:00Z",
    "2026-05-24T07:28:15Z",
    "2026-05-24T16:00:00Z",
    "2026-05-24T00:00:00Z",
    "2026-05-24T00:00:00",
    "2026-05-24T07:28:15",
    "2026-05-24T07:28:15.118205Z",
    "2026-05-24T07:28:15.118205",
    "2026-05-24T07:28:15.000Z",
    "2026-05-24T07:28:15.5Z",
    "2026-05-24T07:28:15+08:00",
    "2026-01-01T00:00:00+08:00",
    "2026-05-24T07:28:15.5-03:30",
    "2016-02-29T00:00+08:00",
    "1986-09-13T15:30:00Z",
    "1986-09-13T16:30:00Z",
    "1970-01-01T00:00:00Z",
)


def _is_epoch_text(text: str) -> bool:
    digits = text.removeprefix("-")
    return 0 < len(digits) <= _MAX_EPOCH_DIGITS and DIGITS.issuperset(digits) and str(int(text)) == text


def parsed(value: str) -> Moment:
    """The numbers of a canonical date."""
    bare, zone = value, None
    if value[-1] == "Z":
        bare, zone = value[:-1], "Z"
    elif len(value) > 16 and value[-3] == ":" and value[-6] in "+-":
        bare, zone = value[:-6], value[-6:]
    year = int(bare[:4])
    if len(bare) == 7 and bare[5] in "HQ":
        part, months = int(bare[6]), 6 if bare[5] == "H" else 3
        return Moment(year, months * (part - 1) + 1, precision=HALF if months == 6 else QUARTER)
    numbers = [int(bare[a:b]) for a, b in ((5, 7), (8, 10), (11, 13), (14, 16), (17, 19)) if len(bare) >= b]
    fraction = bare[20:]
    precision = (YEAR, MONTH, DAY, DAY, MINUTE, SECOND)[len(numbers)] + len(fraction)
    defaults = (1, 1, 0, 0, 0)
    return Moment(year, *numbers, *defaults[len(numbers) :], fraction, precision, zone)


def _cut(moment: Moment) -> Moment:
    """The moment with the parts below its precision at their start."""
    keep = {YEAR: 1, HALF: 2, QUARTER: 2, MONTH: 2, DAY: 3, MINUTE: 5}.get(moment.precision, 6)
    starts = (1, 1, 1, 0, 0, 0)
    zone = moment.zone if moment.precision > DAY else None
    return Moment(*moment[:keep], *starts[keep:], moment.fraction, moment.precision, zone)


def _text(m: Moment) -> str:
    """The canonical text of a moment, its zone as written."""
    if m.precision < MONTH:
        part = {HALF: f"-H{1 + (m.month > 6)}", QUARTER: f"-Q{(m.month + 2) // 3}"}.get(m.precision, "")
        return f"{m.year:04}{part}"
    if m.precision == MONTH:
        return f"{m.year:04}-{m.month:02}"
    day = f"{m.year:04}-{m.month:02}-{m.day:02}"
    if m.precision == DAY:
        return day
    time = f"{m.hour:02}:{m.minute:02}"
    if m.precision >= SECOND:
        time += f":{m.second:02}" + (f".{m.fraction}" if m.fraction else "")
    return f"{day}T{time}{m.zone or ''}"


def _text_checked(moment: Moment) -> str:
    """The normal form. Raises ValueError for impossible dates."""
    return scalars.normal_date(_text(moment))
