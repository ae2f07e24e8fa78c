"""Money: an amount in a declared unit, with the currency declared or in a field of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from metaharmon import units
from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, FieldSpec, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.codes import CodeTable
from metaharmon.lenses.grammar import NumberForm, exact_text
from metaharmon.lenses.numerals import Numeral, Numerals
from metaharmon.lenses.raws import ANY_FIELD

Losses = tuple[tuple[int, Said], ...]
YUAN = "CNY"
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def is_currency(text: Any) -> bool:
    """Whether the text has the form of an ISO 4217 alphabetic code: three capitals."""
    return text.__class__ is str and len(text) == 3 and _LETTERS.issuperset(text)


SIGNS = {
    "CNY": ("人民币", "¥", "￥", "RMB", "CNY"),
    "USD": ("US$", "$", "USD"),
    "EUR": ("€", "EUR"),
    "GBP": ("£", "GBP"),
}
"""What may stand before or behind an amount of a currency; elsewhere `$` and `¥` mean others, too."""
UNITS = ("亿元", "万元", "元", "角", "分")
STATED = "stated"


@dataclass(frozen=True)
class Money(CellLens):
    """An amount of theirs ⇄ amount (decimal text, main unit of the currency) and currency (ISO 4217). Class R.

    Slots of theirs: (amount), or (amount, currency) with `currency_field`; of ours: (amount, currency), and the state
    of the price with `states`, the table of the words that stand there instead of an amount (免费, 面议): an amount
    that is read is a stated price. `unit` is a unit of the yuan (元, 角, 分, 万元, 亿元); None means the main unit of
    whatever currency it is. `currency` is what an amount without a currency field is in; beside one, what an empty
    currency field means. `currencies` maps raw codes to ISO codes, else the field holds ISO codes. Another currency
    is never converted: it is omitted. A text is read as people write it (`numerals`), with a unit of the yuan or the
    sign of the declared currency if there is one. A price is not below 0: -1 is none.
    """

    unit: str | None = None
    currency: str | None = YUAN
    digits: int | None = None
    text: bool = False
    group: str | None = None
    currency_field: bool = False
    currencies: CodeTable | None = None
    spec: FieldSpec = ANY_FIELD
    states: CodeTable | None = None
    decimal: str = "."
    _form: NumberForm = field(init=False, repr=False, compare=False)
    _ratio: Fraction = field(init=False, repr=False, compare=False)
    _numerals: Numerals = field(init=False, repr=False, compare=False)

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
        yuan = self.currency == YUAN and not self.currency_field
        ratio = units.ratio(self.unit, "money") if self.unit else Fraction(1)
        read = tuple((name, units.ratio(name, "money")) for name in UNITS) if yuan else ()
        numerals = Numerals(read, ratio, self.decimal, self.unit in (None, "元"), False)
        object.__setattr__(self, "_ratio", ratio)
        object.__setattr__(self, "_numerals", numerals)
        form = NumberForm(self.text, self.digits, self.group, self.spec, self.decimal)
        object.__setattr__(self, "_form", form)

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of an amount in its unit, grouped or not, and those of 万 and 亿 before 元."""
        return self._form.alphabet | frozenset(",万亿" if self._numerals.multiples else ",")

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        amount, state = None, None
        if raws[0] is not MISSING:
            pair = self.states.pair_of(raws[0]) if self.states is not None else None
            amount, state = (self._amount_of(raws[0]), STATED) if pair is None else (None, pair.ours)
        if self.currency_field and raws[1] is not MISSING:
            currency = self._currency_of(raws[1])
        else:
            currency = self.currency if amount is not None else None
        return (amount, currency) if self.states is None else (amount, currency, state)

    def _amount_of(self, raw: Any) -> str:
        if raw.__class__ is str and (self.text or "string" in self.spec.types):
            said = self._numerals.read(self._without_sign(raw))
        else:
            said = Numeral(self._form.read(raw), self._ratio)
        if said.number[0] == "-":
            raise Malformed(f"{shown(raw)} is below 0, and no price is")
        amount = exact_text(Fraction(said.number) * said.factor)
        if amount is None:
            raise Malformed(f"{shown(raw)} is no amount of at most 38 digits")
        return amount

    def _without_sign(self, raw: str) -> str:
        if self.currency_field or self.currency is None:
            return raw
        text = raw.strip()
        for sign in SIGNS.get(self.currency, (self.currency,)):
            if text.startswith(sign):
                return text[len(sign) :]
            if text.endswith(sign):
                return text[: -len(sign)]
        return raw

    def _currency_of(self, raw: Any) -> str:
        if self.currencies is not None:
            return self.currencies.read(raw)
        if not is_currency(raw):
            raise Malformed(f"{shown(raw)} is no currency code of ISO 4217")
        return raw

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], Losses]:
        if self.states is not None:
            return self._with_state(*values)
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

    def _with_state(self, amount: Any, currency: Any, state: Any) -> tuple[tuple[Any, ...], Losses]:
        """The state as its word, where there is one; a stated price by its amount."""
        plain = replace(self, states=None)
        worded = state not in (None, STATED) and (self.text or {"string"} >= {*self.spec.types[:1]})
        pair = self.states.pair_for(state) if worded and self.states is not None else None
        if pair is None:
            raws, losses = plain.write((amount, currency))
            if raws[0] is not MISSING:
                if state != STATED:
                    reason = "an amount there is a stated price"
                    kind = "added" if state is None else "changed"
                    losses = (*losses, (2, Said(raws[0], kind, reason, STATED)))
            elif state is not None:
                without = "the amount" if state == STATED else f"a word for '{state}'"
                losses = (*losses, (2, Said(MISSING, "omitted", f"it is not said without {without}")))
            return raws, losses
        raws = (pair.theirs[0][0],)
        reason = f"the field says '{pair.theirs[0][0]}', and no amount beside it"
        lost = Said(raws[0], "omitted", reason)
        if not self.currency_field:
            return raws, tuple((slot, lost) for slot, value in enumerate((amount, currency)) if value is not None)
        (_, code), losses = plain.write((None, currency))
        return (*raws, code), (*(((0, lost),) if amount is not None else ()), *losses)

    def _amount(self, amount: str) -> Any:
        if amount[0] == "-":
            raise Unsayable(f"{amount} is below 0, and no price is")
        text = exact_text(Fraction(amount) / self._ratio)
        if text is None:
            raise Unsayable(f"{amount} is no exact decimal in {self.unit}")
        return self._form.write(text)

    def _with_field(self, raw: Any, currency: str | None) -> tuple[tuple[Any, ...], Losses]:
        if currency is None:
            implied = raw is not MISSING and self.currency is not None
            return (raw, MISSING), ((1, self._added(raw)),) if implied else ()
        return (raw, self.currencies.write(currency) if self.currencies else currency), ()

    def _added(self, raw: Any) -> Said:
        return Said(raw, "added", f"an amount of this field is read in {self.currency}", self.currency)

    def _nothing(self, values: tuple[Any, ...], reason: str) -> tuple[tuple[Any, ...], Losses]:
        raws = (MISSING, MISSING) if self.currency_field else (MISSING,)
        lost = Said(MISSING, "omitted", reason)
        return raws, tuple((slot, lost) for slot, value in enumerate(values) if value is not None)

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """Raw values of the slots of theirs."""
        number = draw.choice(("100", "0.09", "1280000", "0", "9999", "12.50"))
        amount: Any = number if self.text else NumberForm().write(number)
        if self.states is not None and not draw.integer(0, 3):
            amount = draw.choice(self.states.spellings)
        codes = self.currencies.spellings if self.currencies else ("CNY", "USD", "EUR")
        cell = [amount, draw.choice(codes)] if self.currency_field else [amount]
        if draws.odd(draw):
            slot = draw.integer(0, len(cell) - 1)
            cell[slot] = draw.choice((MISSING, draws.spoiled(draw, cell[slot])))
        return tuple(cell)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Amount and currency of ours, and the state with `states`."""
        amount = None if draws.odd(draw) else draws.decimal(draw)
        currency = draw.choice((None, "USD", "EUR")) if draws.odd(draw) else self.currency or "CNY"
        if self.states is None:
            return amount, currency
        state = draw.choice((None, "free", "negotiable", "unknown", STATED)) if draws.odd(draw) else STATED
        return amount, currency, state


@dataclass(frozen=True)
class Amount(ValueLens):
    """An amount of money as a part of a text ⇄ its decimal text; the currency is said by the form around it."""

    money: Money

    @property
    def alphabet(self) -> frozenset[str]:
        """In a template: the characters of an amount."""
        return self.money.alphabet

    def read(self, raw: Any) -> str:
        return str(self.money.read((raw,))[0])

    def write(self, value: Any) -> Any:
        (raw,), losses = self.money.write((value, self.money.currency))
        if raw is MISSING:
            raise Unsayable(losses[0][1].reason)
        return raw

    def raws(self, draw: Draw) -> Any:
        raw = self.money.raws(draw)[0]
        return "1" if raw is MISSING else raw

    def values(self, draw: Draw) -> Any:
        return draws.decimal(draw)
