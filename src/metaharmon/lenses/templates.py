"""Templates: several values of ours in one text of theirs, by forms with parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import MISSING, CellLens, Draw, Malformed, Said, Unsayable, ValueLens
from metaharmon.lenses.forms import Alphabet, TextForm, overlap, parse_text_form
from metaharmon.lenses.raws import value_key, within
from metaharmon.lenses.text import Text


def alphabet_of(lens: ValueLens) -> Alphabet:
    """The characters that a lens writes and reads, as it says itself; free text if it does not say."""
    return getattr(lens, "alphabet", None)


@dataclass(frozen=True)
class TemplateForm:
    """One form, and what it means beside: constants of ours (`{start} 至今`: open_end is true), and values that are the
    same as a part (`{start}`: the end is the start, a period of one year or day)."""

    form: str
    constants: tuple[tuple[str, Any], ...] = ()
    same: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Template(CellLens):
    """Forms with parts ⇄ the values of the parts. Class E or R, by the lenses of the parts.

    Slots of theirs: (text); of ours: `names`, the parts, what is the same as one, and then the constants, in the order
    in which the forms name them. Read: the one form whose literals fit and whose parts have characters of their
    alphabets only. Write: the first form that says all and only what is there; none: everything is omitted. Forms that
    some text could both have are refused.
    """

    forms: tuple[TemplateForm, ...]
    parts: tuple[tuple[str, ValueLens], ...]
    names: tuple[str, ...] = field(init=False, compare=False)
    _forms: tuple[TextForm, ...] = field(init=False, repr=False, compare=False)
    _lenses: dict[str, ValueLens] = field(init=False, repr=False, compare=False)
    _alphabets: dict[str, Alphabet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.forms:
            raise ValueError("a template needs a form")
        if len(dict(self.parts)) < len(self.parts):
            raise ValueError("a part of a template has two lenses")
        alphabets = {name: alphabet_of(lens) for name, lens in self.parts}
        parsed = tuple(parse_text_form(form.form, alphabets) for form in self.forms)
        for i, form in enumerate(parsed):
            for other in parsed[i + 1 :]:
                if overlap(form, other, alphabets, alphabets):
                    raise ValueError(f"the forms {shown(form.text)} and {shown(other.text)} cannot be told apart")
        used = dict.fromkeys(name for form in parsed for name in form.parts)
        constants = dict.fromkeys(name for form in self.forms for name, _ in form.constants)
        unused = [name for name, _ in self.parts if name not in used]
        if unused or set(used) & set(constants):
            raise ValueError("a part stands in no form, or is a constant too")
        if any(len(dict(form.constants)) < len(form.constants) for form in self.forms):
            raise ValueError("a form sets a constant twice")
        for form, shape in zip(self.forms, parsed, strict=True):
            for name, part in form.same:
                if part not in shape.parts or name in shape.parts or name in constants:
                    raise ValueError(f"the form {shown(form.form)} cannot say that {name} is the same as {part}")
                used[name] = None
        object.__setattr__(self, "names", (*used, *constants))
        object.__setattr__(self, "_forms", parsed)
        object.__setattr__(self, "_lenses", dict(self.parts))
        object.__setattr__(self, "_alphabets", alphabets)

    @property
    def beginning(self) -> str | None:
        """For one form of a literal and then free text: the literal; compiled code cuts it off by itself."""
        if len(self.forms) != 1 or self.forms[0].constants or len(self._forms[0].pieces) != 2:
            return None
        first, last = self._forms[0].pieces
        lens = dict(self.parts).get(last.part)
        plain = isinstance(lens, Text) and type(lens) is Text and lens.kind == "text"
        return first.literal if first.literal and plain else None

    def read(self, raws: tuple[Any, ...]) -> tuple[Any, ...]:
        raw = raws[0]
        if raw is MISSING:
            return (None,) * len(self.names)
        if raw.__class__ is not str:
            raise Malformed(f"{shown(raw)} is not a text of the form {self.forms[0].form}")
        for form, said in zip(self._forms, self.forms, strict=True):
            texts = form.match(raw, self._alphabets)
            if texts is not None:  # no other form can fit: forms whose alphabets meet were refused
                values = {name: self._lenses[name].read(text) for name, text in texts.items()}
                values.update(said.constants)
                values.update((name, values[part]) for name, part in said.same)
                return tuple(values.get(name) for name in self.names)
        raise Malformed(f"{shown(raw)} has none of the forms {', '.join(form.form for form in self.forms)}")

    def write(self, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        present = {name: value for name, value in zip(self.names, values, strict=True) if value is not None}
        if not present:
            return (MISSING,), ()
        for form, said in zip(self._forms, self.forms, strict=True):
            if present.keys() != {*form.parts, *dict(said.constants), *dict(said.same)}:
                continue
            beside = (*said.constants, *((name, present[part]) for name, part in said.same))
            if all(value_key(present[name]) == value_key(value) for name, value in beside):
                return self._show(form, present, said.same)
        raise Unsayable("no form of the field says exactly these values")

    def _show(
        self, form: TextForm, present: dict[str, Any], same: tuple[tuple[str, str], ...]
    ) -> tuple[tuple[Any, ...], tuple[tuple[int, Said], ...]]:
        texts: dict[str, str] = {}
        losses: list[tuple[int, Said]] = []
        for name in form.parts:
            raw, parts = within(self._lenses[name].write(present[name]))
            if raw.__class__ is not str:
                raise Unsayable(f"{shown(raw)} is not a text, as a part of the form must be")
            letters = self._alphabets[name]
            if letters is not None and not letters.issuperset(raw):
                raise Unsayable(f"{shown(raw)} has characters that cannot stand in the form {form.text}")
            texts[name] = raw
            alike = (name, *(other for other, of in same if of == name))
            losses.extend((self.names.index(one), part) for one in alike for part in parts)
        return (form.show(texts),), tuple(losses)

    def raws(self, draw: Draw) -> tuple[Any, ...]:
        """A raw text, mostly of one of the forms."""
        form = draw.choice(self._forms)
        lenses = dict(self.parts)
        texts = {name: _part_text(lenses[name], draw) for name in form.parts}
        try:
            raw: Any = form.show(texts)
        except Unsayable:
            raw = form.text
        return (draws.spoiled(draw, raw) if draws.odd(draw) else raw,)

    def values(self, draw: Draw) -> tuple[Any, ...]:
        """Values of the slots of ours, mostly those of one form."""
        at = draw.integer(0, len(self.forms) - 1)
        lenses = dict(self.parts)
        values = {name: lenses[name].values(draw) for name in self._forms[at].parts}
        values.update(self.forms[at].constants)
        values.update((name, values[part]) for name, part in self.forms[at].same)
        if draws.odd(draw):
            values.pop(draw.choice(tuple(values)))
        return tuple(values.get(name) for name in self.names)


def _part_text(lens: ValueLens, draw: Draw) -> str:
    raw = lens.raws(draw)
    return raw if raw.__class__ is str and raw else "1"


@dataclass(frozen=True)
class KeyPattern:
    """A pattern of keys that carry data: `data-{v}-structure-{s}` ⇄ the values of its parts."""

    form: str
    parts: tuple[tuple[str, ValueLens], ...]
    _form: TextForm = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        alphabets = {name: alphabet_of(lens) for name, lens in self.parts}
        parsed = parse_text_form(self.form, alphabets)
        if set(parsed.parts) != set(alphabets):
            raise ValueError(f"the pattern {shown(self.form)} does not use every part")
        object.__setattr__(self, "_form", parsed)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the pattern."""
        return self._form.parts

    def match(self, key: str) -> dict[str, str] | None:
        """The raw text of each part; None if the key has not this pattern."""
        return self._form.match(key)

    def read(self, key: str) -> dict[str, Any]:
        """The value of each part. Raises Malformed or Unmapped."""
        texts = self._form.match(key)
        if texts is None:
            raise Malformed(f"the key {shown(key)} has not the pattern {self.form}")
        lenses = dict(self.parts)
        return {name: lenses[name].read(text) for name, text in texts.items()}

    def write(self, values: dict[str, Any]) -> tuple[str, tuple[tuple[str, Said], ...]]:
        """The key of the values, and what was lost by part. Raises Unsayable."""
        texts: dict[str, str] = {}
        losses: list[tuple[str, Said]] = []
        for name, lens in self.parts:
            if values.get(name) is None:
                raise Unsayable(f"the pattern {self.form} needs its part {name}")
            raw, parts = within(lens.write(values[name]))
            if raw.__class__ is not str:
                raise Unsayable(f"{shown(raw)} is not a text, as a part of a key must be")
            texts[name] = raw
            losses.extend((name, part) for part in parts)
        return self._form.show(texts), tuple(losses)

    def meets(self, other: KeyPattern) -> bool:
        """Whether some key could have both patterns, as far as alphabets tell."""
        mine = {name: alphabet_of(lens) for name, lens in self.parts}
        theirs = {name: alphabet_of(lens) for name, lens in other.parts}
        return overlap(self._form, other._form, mine, theirs)
