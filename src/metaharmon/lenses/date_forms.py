"""Date forms such as `YYYY-MM-DD HH:mm:ss`: parsed once, matched and printed without any date library.

Tokens: YYYY MM DD HH mm ss, M D H (one digit or two), S… (that many fraction digits), Z (`Z` or an offset `+08:00`, as
stated), R and RRR (a year of the Republic of China, 1 to 3 digits or three). Everything else stands for itself, letters
other than T between apostrophes. `epoch_s` and `epoch_ms` are numbers; sets of forms have names (`date_sets`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

from metaharmon.diagnostics import shown

DIGITS = frozenset("0123456789")
_TOKENS = ("YYYY", "RRR", "MM", "DD", "HH", "mm", "ss", "M", "D", "H", "R", "Z")
TOKENS = (
    ("YYYY", "a year of four digits"),
    ("MM, DD, HH, mm, ss", "month, day, hour, minute, second, of two digits"),
    ("M, D, H", "month, day, hour, of one digit or two; a literal follows, but at the end"),
    ("S, SS, …", "so many digits of a fraction of a second"),
    ("Z", "`Z` or an offset such as `+08:00`, written as the moment states it"),
    ("R, RRR", "a year of the Republic of China, of one digit to three, or of three: 113 is 2024"),
    ("epoch_s, epoch_ms", "instead of a form: seconds or milliseconds since 1970, in the zone of the rule"),
    ("T, signs, 年 月 日 and other letters that are not ASCII", "stand for themselves"),
    ("'…'", "letters that stand for themselves: `YYYY'W'`"),
)
"""What date forms are made of, for people."""

_FIELD = {"YYYY": 0, "RRR": 0, "R": 0, "MM": 1, "M": 1, "DD": 2, "D": 2, "HH": 3, "H": 3, "mm": 4, "ss": 5}
_RANGES = {"MM": (1, 12), "DD": (1, 31), "HH": (0, 23), "mm": (0, 59), "ss": (0, 59)}

ROC = 1911
"""The year before the first of the Republic of China (GB/T 7408 has no such years; Taiwan's registers do)."""

YEAR, HALF, QUARTER, MONTH, DAY, MINUTE, SECOND = range(7)
"""Precisions in their order; a fraction of n digits has SECOND + n."""


class Moment(NamedTuple):
    """The numbers of a date as written. `precision` says how many of them count; `zone` is None, `Z` or an offset.

    Of a half and a quarter of a year, `month` is its first.
    """

    year: int
    month: int = 1
    day: int = 1
    hour: int = 0
    minute: int = 0
    second: int = 0
    fraction: str = ""
    precision: int = DAY
    zone: str | None = None


class Token(NamedTuple):
    """One piece of a form: a token, or `literal` text. `width` 0 is one digit or two."""

    name: str
    width: int
    literal: str = ""


@dataclass(frozen=True)
class Form:
    """One parsed date form."""

    text: str
    tokens: tuple[Token, ...]
    precision: int
    zoned: bool

    @property
    def fixed(self) -> bool:
        """Whether every text of the form has the same length and there is one text for a moment."""
        return not self.zoned and all(t.width or t.literal for t in self.tokens)

    @property
    def first(self) -> frozenset[str]:
        """The characters that texts of the form may begin with."""
        return frozenset(self.tokens[0].literal) or DIGITS

    @property
    def roc(self) -> bool:
        """Whether the year is one of the Republic of China."""
        return any(t.name in ("R", "RRR") for t in self.tokens)

    def takes(self, moment: Moment) -> bool:
        """Whether the form has the year of the moment."""
        return not self.roc or 1 <= moment.year - ROC <= 999

    @property
    def alphabet(self) -> frozenset[str]:
        """The characters that texts of the form may have."""
        letters = frozenset("".join(t.literal for t in self.tokens)) | DIGITS
        return letters | frozenset("Z+-:") if self.zoned else letters


@cache
def parse_form(text: str) -> Form:
    """The form of a pattern. Raises ValueError with one sentence."""
    tokens = tuple(_tokens(text))
    fields = [_FIELD[t.name] for t in tokens if t.name in _FIELD]
    fraction = [t.width for t in tokens if t.name == "S"]
    if len(set(fields)) < len(fields) or len(fraction) > 1 or sum(t.name == "Z" for t in tokens) > 1:
        raise ValueError(f"the date form {shown(text)} has a part twice")
    if sorted(fields) != list(range(len(fields))) or not fields or len(fields) == 4:
        raise ValueError(f"the date form {shown(text)} lacks a part above its finest, or does not begin with YYYY")
    zoned = any(t.name == "Z" for t in tokens)
    if (fraction and len(fields) != 6) or (zoned and len(fields) < 5):
        raise ValueError(f"the date form {shown(text)} has a fraction without seconds, or a zone without a time")
    _check_neighbours(text, tokens)
    precision = (YEAR, MONTH, DAY, DAY, MINUTE, SECOND)[len(fields) - 1] + (fraction[0] if fraction else 0)
    return Form(text, tokens, precision, zoned)


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        name = next((name for name in _TOKENS if text.startswith(name, at)), None)
        if name:
            yield Token(name, len(name) if len(name) > 1 else 0)
            at += len(name)
        elif text[at] == "'":
            end = text.find("'", at + 1)
            if end < at + 2:
                raise ValueError(f"the date form {shown(text)} has an apostrophe without a second, or nothing between")
            yield from (Token("", 0, character) for character in text[at + 1 : end])
            at = end + 1
        elif text[at] == "S":
            count = len(text) - at - len(text[at:].lstrip("S"))
            yield Token("S", count)
            at += count
        elif text[at] in DIGITS:
            raise ValueError(f"the date form {shown(text)} has a digit as a literal")
        elif text[at].isalpha() and text[at].isascii() and text[at] != "T":
            raise ValueError(
                f"the date form {shown(text)} has the letter {text[at]}, which is no part of a date; "
                "letters that stand for themselves are written between apostrophes"
            )
        else:
            yield Token("", 0, text[at])
            at += 1


def _check_neighbours(text: str, tokens: tuple[Token, ...]) -> None:
    """A part of one digit or two ends where a literal follows, which therefore must be no digit."""
    for token, following in pairwise(tokens):
        if token.name in ("M", "D", "H", "R") and not following.literal:
            raise ValueError(f"the date form {shown(text)} needs a literal after {token.name}")


def match(form: Form, text: str) -> Moment | None:
    """The moment that a text shows in this form; None if it has another shape. The calendar is not checked."""
    numbers = [0, 1, 1, 0, 0, 0]
    fraction, zone, at = "", None, 0
    for name, width, literal in form.tokens:
        if literal:
            if text[at : at + 1] != literal:
                return None
            at += 1
            continue
        if name == "Z":
            zone = _zone_at(text, at)
            if zone is None:
                return None
            at += len(zone)
            continue
        taken = width or _digits_at(text, at, 3 if name == "R" else 2)
        digits = text[at : at + taken]
        if len(digits) != taken or not DIGITS.issuperset(digits):
            return None
        at += taken
        if name == "S":
            fraction = digits
        else:
            numbers[_FIELD[name]] = int(digits) + (ROC if name[0] == "R" else 0)
    if at != len(text) or (form.roc and numbers[0] == ROC):
        return None
    return Moment(*numbers, fraction, form.precision, zone)


def _digits_at(text: str, at: int, most: int) -> int:
    """How many digits stand there, at most so many, and at least one is asked for."""
    count = 1
    while count < most and text[at + count : at + count + 1] in DIGITS:
        count += 1
    return count


def _zone_at(text: str, at: int) -> str | None:
    if text[at : at + 1] == "Z":
        return "Z"
    offset = text[at : at + 6]
    if len(offset) == 6 and offset[0] in "+-" and offset[3] == ":" and DIGITS.issuperset(offset[1:3] + offset[4:]):
        return offset if int(offset[1:3]) < 24 and int(offset[4:]) < 60 else None
    return None


def show(form: Form, moment: Moment) -> str:
    """The text of a moment in this form; parts finer than the form are left out."""
    out = []
    for name, width, literal in form.tokens:
        if literal:
            out.append(literal)
        elif name == "Z":
            out.append(moment.zone or "Z")
        elif name == "S":
            out.append(moment.fraction[:width].ljust(width, "0"))
        else:
            number = moment[_FIELD[name]] - (ROC if name[0] == "R" else 0)
            out.append(str(number).rjust(width, "0"))
    return "".join(out)


def check_disjoint(forms: tuple[Form, ...]) -> None:
    """Raise ValueError when a text could have two of the forms and mean two dates (for years 1900 to 2099).

    Forms that are the same but for padding (`YYYY-M-D`, `YYYY-MM-DD`) read a common text to the same date.
    """
    for i, form in enumerate(forms):
        for other in forms[i + 1 :]:
            if form.text == other.text:
                raise ValueError(f"the date form {form.text} stands twice")
            if _unpadded(form) == _unpadded(other):
                continue
            if any(_meet(a, b) for a, b in product(_shapes(form), _shapes(other)) if len(a) == len(b)):
                raise ValueError(f"the date forms {form.text} and {other.text} cannot be told apart")


def _unpadded(form: Form) -> list[tuple[str, int, str]]:
    """The tokens without the difference between one digit or two and two."""
    loose = ("MM", "DD", "HH", "M", "D", "H", "R", "RRR")
    return [(t.name[:1], 2, "") if t.name in loose else tuple(t) for t in form.tokens]


Cell = tuple[str, int]  # token or literal character, position in it


def _shapes(form: Form) -> list[list[Cell]]:
    """The form as cells of one character, for every width that its parts may have."""
    choices: list[list[list[Cell]]] = []
    for name, width, literal in form.tokens:
        if literal:
            choices.append([[(literal, -1)]])
        elif name == "Z":
            choices.append([[("Z", -1)], [("+-", -1), *(("S", 0),) * 2, (":", -1), *(("S", 0),) * 2]])
        elif width:
            choices.append([[(name, i) for i in range(width)]])
        elif name == "R":
            choices.append([[("R", i) for i in range(count)] for count in (1, 2, 3)])
        else:
            choices.append([[("one", 0)], [(name * 2, 0), (name * 2, 1)]])
    return [[cell for part in parts for cell in part] for parts in product(*choices)]


def _meet(a: list[Cell], b: list[Cell]) -> bool:
    """Whether some text has both shapes. Where parts of two digits lie over each other, their ranges are compared."""
    at = 0
    while at < len(a):
        pair = _pairs(a, at), _pairs(b, at)
        if pair[0] is not None and pair[1] is not None:
            if not pair[0] & pair[1]:
                return False
            at += 2
            continue
        if not _characters(a[at]) & _characters(b[at]):
            return False
        at += 1
    return True


def _pairs(shape: list[Cell], at: int) -> frozenset[str] | None:
    """The two-digit texts that may stand here, when a part of two digits (or half of a year) begins here."""
    name, offset = shape[at]
    if name == "YYYY" and offset in (0, 2):
        return frozenset({"19", "20"}) if offset == 0 else frozenset(f"{n:02}" for n in range(100))
    if name in _RANGES and offset == 0:
        low, high = _RANGES[name]
        return frozenset(f"{n:02}" for n in range(low, high + 1))
    return None


def _characters(cell: Cell) -> frozenset[str]:
    name, offset = cell
    if offset < 0:
        return frozenset(name)
    if name == "YYYY" and offset == 0:
        return frozenset("12")
    if name in _RANGES and offset == 0:
        return frozenset("0123456789"[: _RANGES[name][1] // 10 + 1])
    return DIGITS
