"""Money: an amount in a declared unit, with the currency declared or in a field of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from metaharmon import units
from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, FieldSpec, Malformed, Said, Unsayable
from metaharmon.lenses.codes import CodeTable
from metaharmon.lenses.grammar import NumberForm, exact_text
from metaharmon.lenses.raws import ANY_FIELD

YUAN = "CNY"
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def is_currency(text: Any) -> bool:
    """Whether the text has the form of an ISO 4217 alphabetic code: three capitals."""
    return text.__class__ is str and len(text) == 3 and _LETTERS.issuperset(text)


@dataclass(frozen=True)
class Money(CellLens):
    """An amount of theirs ⇄ amount (decimal text, main unit of the currency) and currency (ISO 4217). Class R.

    Slots of theirs: (amount), or (amount, currency) with `currency_field`; of ours: (amount, currency). `unit` is a
    unit of the yuan (元, 角, 分, 万元, 亿元); None means the main unit of whatever currency it is. `currency` is what
    an amount without a currency field is in; beside one, what an empty currency field means. `currencies` maps raw
    codes to ISO codes, else the field holds ISO codes. Another currency is never converted: it is omitted.
    """

    unit: str | None = None
    currency: str | None = YUAN
    digits: int | None = None
    text: bool = False
    group: str | None = None
    currency_field: bool = False
    currencies: CodeTable | None = None
    spec: FieldSpec = ANY_FIELD
    _form: NumberForm = field(init=False, repr=False, compare=False)
    _ratio: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.currency is not None and not is_currency(self.currency):
            raise ValueError(f"{shown(self.currency)} is no currency code of ISO 4217")
        if self.currency is None and not self.currency_field:
            raise ValueError("an amount needs a currency, or a field that says it")
        if self.currencies is not None and not self.currency_field:
            raise ValueError("a table of currencies goes with a currency field")
        for code in self.currencies.codes if self.currencies else ():
            if not is_currency(code):
                raise ValueError(f"{shown(code)} is no currency code of ISO 4217")
        if self.unit is not None and (self.currency_field or self.currency != YUAN):
            raise ValueError(f"{self.unit} is a unit of the yuan; it goes with the currency CNY and no currency field")
        object.__setattr__(self, "_ratio", units.ratio(self.unit, "money") if self.unit else Fraction(1))
        object.__setattr__(self, "_form", NumberForm(self.text, self.digits, self.group, self.spec))

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        amount = None
        if raws[0] is not MISSING:
            amount = exact_text(Fraction(self._form.read(raws[0])) * self._ratio)
            if amount is None:
                raise Malformed(f"{shown(raws[0])} is no amount of at most 38 digits")
        if not self.currency_field:
            return (amount, self.currency if amount is not None else None)
        if raws[1] is MISSING:
            return (amount, self.currency if amount is not None else None)
        return (amount, self._currency_of(raws[1]))

    def _currency_of(self, raw: Any) -> str:
        if self.currencies is not None:
            return self.currencies.read(raw)
        if not is_currency(raw):
            raise Malformed(f"{shown(raw)} is no currency code of ISO 4217")
        return raw

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        amount, currency = values
        try:
            raw = MISSING if amount is None else self._amount(amount)
            if self.currency_field:
                return self._with_field(raw, currency)
            if currency not in (None, self.currency):
                raise Unsayable(f"the field holds {self.currency} only, and {currency} is never converted")
        except Unsayable as exc:
            return self._nothing(values, str(exc))
        if amount is None:
            return self._nothing(values, "a currency is not said without an amount")
        return (raw,), () if currency else ((1, self._added(raw)),)

    def _amount(self, amount: str) -> Any:
        text = exact_text(Fraction(amount) / self._ratio)
        if text is None:
            raise Unsayable(f"{amount} is no exact decimal in {self.unit}")
        return self._form.write(text)

    def _with_field(self, raw: Any, currency: str | None) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        if currency is None:
            implied = raw is not MISSING and self.currency is not None
            return (raw, MISSING), ((1, self._added(raw)),) if implied else ()
        return (raw, self.currencies.write(currency) if self.currencies else currency), ()

    def _added(self, raw: Any) -> Said:
        return Said(raw, "added", f"an amount of this field is read in {self.currency}", self.currency)

    def _nothing(self, values: tuple[Any, ...], reason: str) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        raws = (MISSING, MISSING) if self.currency_field else (MISSING,)
        lost = Said(MISSING, "omitted", reason)
        return raws, tuple((slot, lost) for slot, value in enumerate(values) if value is not None)

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the slots of theirs."""
        number = draw.choice(("100", "0.09", "1280000", "0", "9999", "12.50"))
        amount: Any = number if self.text else NumberForm().write(number)
        codes = self.currencies.spellings if self.currencies else ("CNY", "USD", "EUR")
        cell = [amount, draw.choice(codes)] if self.currency_field else [amount]
        if draws.odd(draw):
            slot = draw.integer(0, len(cell) - 1)
            cell[slot] = draw.choice((MISSING, draws.spoiled(draw, cell[slot])))
        return tuple(cell)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Amount and currency of ours."""
        amount = None if draws.odd(draw) else draws.decimal(draw)
        currency = draw.choice((None, "USD", "EUR")) if draws.odd(draw) else self.currency or "CNY"
        return amount, currency
