"""Text forms such as `{start} 至 {end}` or `data-{v}-structure-{s}`: parsed once, matched left to right.

There is no backtracking: a part reaches to the first place where the literal behind it stands. That is unambiguous
because the literal holds a character that the part cannot have; free text may stand once in a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from metaharmon.diagnostics import shown
from metaharmon.lenses.base import Unsayable

Alphabet = frozenset[str] | None
"""The characters that a part may have; None is free text."""


class Letters(frozenset[str]):
    """The characters of a part that has two at least and begins with one of `first`."""

    first: frozenset[str] = frozenset()

    @classmethod
    def beginning(cls, first: frozenset[str], letters: frozenset[str]) -> Letters:
        """Letters with their first."""
        made = cls(letters)
        made.first = first
        return made


class Piece(NamedTuple):
    """A literal text, or a part by its name."""

    literal: str = ""
    part: str = ""


@dataclass(frozen=True)
class TextForm:
    """A parsed form: literals and parts by turns."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts, in their order."""
        return tuple(piece.part for piece in self.pieces if piece.part)

    def match(self, text: str, alphabets: Mapping[str, Alphabet] | None = None) -> dict[str, str] | None:
        """The text of each part; None if the text has not this form, or a part has a character it cannot have."""
        found: dict[str, str] = {}
        at = 0
        for i, piece in enumerate(self.pieces):
            if piece.literal:
                if not text.startswith(piece.literal, at):
                    return None
                at += len(piece.literal)
                continue
            end = text.find(self.pieces[i + 1].literal, at) if i + 1 < len(self.pieces) else len(text)
            letters = alphabets.get(piece.part) if alphabets else None
            if end <= at or (letters is not None and not letters.issuperset(text[at:end])):
                return None
            if isinstance(letters, Letters) and text[at] not in letters.first:
                return None
            found[piece.part] = text[at:end]
            at = end
        return found if at == len(text) else None

    def show(self, parts: Mapping[str, str]) -> str:
        """The text of the parts. Raises Unsayable where they would be read back otherwise."""
        out = []
        for i, piece in enumerate(self.pieces):
            if piece.literal:
                out.append(piece.literal)
                continue
            text = parts[piece.part]
            following = self.pieces[i + 1].literal if i + 1 < len(self.pieces) else ""
            if not text or (following and (text + following).find(following) != len(text)):
                raise Unsayable(f"{shown(text)} cannot stand before {shown(following)} in the form {self.text}")
            out.append(text)
        return "".join(out)


def parse_text_form(text: str, alphabets: Mapping[str, Alphabet]) -> TextForm:
    """The form of a pattern whose parts have these alphabets. Raises ValueError with one sentence."""
    pieces = tuple(pieces_of(text))
    form = TextForm(text, pieces)
    unknown = [name for name in form.parts if name not in alphabets]
    if unknown:
        raise ValueError(f"the form {shown(text)} has a part {shown(unknown[0])} that no lens reads")
    if not form.parts or len(set(form.parts)) < len(form.parts):
        raise ValueError(f"the form {shown(text)} has no part, or one twice")
    if sum(alphabets[name] is None for name in form.parts) > 1:
        raise ValueError(f"the form {shown(text)} has free text more than once")
    for i, piece in enumerate(pieces[:-1]):
        if piece.part:
            _check_end(text, piece, pieces[i + 1], alphabets)
    return form


def _check_end(text: str, piece: Piece, following: Piece, alphabets: Mapping[str, Alphabet]) -> None:
    if following.part:
        raise ValueError(f"the form {shown(text)} needs a literal between {{{piece.part}}} and {{{following.part}}}")
    letters = alphabets[piece.part]
    if letters is not None and letters.issuperset(following.literal):
        raise ValueError(f"in the form {shown(text)}, {shown(following.literal)} could be a piece of {{{piece.part}}}")


def pieces_of(text: str) -> list[Piece]:
    """The literals and parts of a form. Raises ValueError with one sentence."""
    pieces: list[Piece] = []
    rest = text
    while rest:
        literal, opened, after = rest.partition("{")
        if "}" in literal:
            raise ValueError(f"the form {shown(text)} has a }} without its {{")
        if literal:
            pieces.append(Piece(literal=literal))
        if not opened:
            break
        name, closed, rest = after.partition("}")
        if not closed or not name or "{" in name:
            raise ValueError(f"the form {shown(text)} has a part without a name or without its }}")
        pieces.append(Piece(part=name))
    return pieces


def overlap(one: TextForm, other: TextForm, alphabets: Mapping[str, Alphabet], others: Mapping[str, Alphabet]) -> bool:
    """Whether some text could have both forms, as far as alphabets tell.

    Both forms are walked at once; a part is one or more characters of its alphabet.
    """
    a, b = _cells(one, alphabets), _cells(other, others)
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        i, j = waiting.pop()
        if (i, j) in seen:
            continue
        seen.add((i, j))
        if i == len(a) and j == len(b):
            return True
        if i == len(a) or j == len(b) or not _meet(a[i].letters, b[j].letters):
            continue
        # after one common character each side stays in its part or goes on
        first, second = (i if a[i].many else i + 1), (j if b[j].many else j + 1)
        waiting += [(x, y) for x in range(first, i + 2) for y in range(second, j + 2)]
    return False


class _Cell(NamedTuple):
    letters: Alphabet
    many: bool


def _cells(form: TextForm, alphabets: Mapping[str, Alphabet]) -> list[_Cell]:
    cells: list[_Cell] = []
    for piece in form.pieces:
        if piece.part:
            letters = alphabets[piece.part]
            cells += [_Cell(letters.first, False)] if isinstance(letters, Letters) else []
            cells.append(_Cell(letters, True))
        else:
            cells += [_Cell(frozenset(character), False) for character in piece.literal]
    return cells


def _meet(a: Alphabet, b: Alphabet) -> bool:
    if a is None or b is None:
        return (a is None or bool(a)) and (b is None or bool(b))
    return bool(a & b)
