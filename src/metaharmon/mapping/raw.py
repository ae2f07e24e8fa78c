"""Constants of a mapping file as JSON values: all scalars of a file are text until a type is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from metaharmon.lenses.base import MISSING, FieldSpec
from metaharmon.lenses.clauses import Silence
from metaharmon.mapping.syntax import Defaults, Rule
from metaharmon.model import scalars, shape


def their_constants(text: str, spec: FieldSpec) -> tuple[Any, ...]:
    """A constant of theirs in every JSON type that their schema allows; the first is written, all are read."""
    out = []
    for kind in spec.types or ("string",):
        value = _typed(str(text), kind)
        if value is not MISSING:
            out.append(value)
    return tuple(out) or (str(text),)


def _typed(text: str, kind: str) -> Any:
    if kind == "string":
        return text
    if kind == "integer" and text.lstrip("-").isdigit() and text.isascii() and str(int(text)) == text:
        return int(text)
    if kind == "number":
        try:
            scalars.normal_decimal(text)
        except ValueError:
            return MISSING
        return Decimal(text) if "." in text else int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "null" and text == "null":
        return None
    return MISSING


EMPTY_FORMS = {"omit": MISSING, "null": None, "": "", "[]": [], "{}": {}}


def silence(rule: Rule | None, defaults: Defaults, steps: int, spec: FieldSpec) -> Silence:
    """How a field says nothing: the rule's words, else the dialect's.

    The dialect's `empty` is written for fields directly in the record or entry; deeper ones are left out, so that no
    object is made only to hold emptiness.
    """
    text = rule.empty if rule is not None else None
    if text is None and steps <= 1:
        text = defaults.empty
    empty: Any = EMPTY_FORMS.get(str(text), MISSING) if text is not None else MISSING
    said = (*defaults.nulls, *(rule.nulls if rule is not None else ()))
    markers = {str(m) for m in said if not isinstance(m, tuple)}
    if text is not None and str(text) not in EMPTY_FORMS:
        empty = their_constants(str(text), spec)[0]
        markers.add(str(text))
    markers -= {"", "[]"} if "[]" not in markers else {""}
    between = dict.fromkeys((str(one[0]), str(one[1])) for one in said if isinstance(one, tuple))
    return Silence(frozenset(markers), empty, tuple(between))


def our_constant(text: str, node: Any, language: str) -> Any:
    """A constant of ours by the shape of its path. Raises ValueError."""
    if isinstance(node, shape.ListOf):
        return [our_constant(text, node.item, language)]
    if isinstance(node, shape.LangText):
        return {language: str(text)}
    if isinstance(node, shape.LangList):
        return {language: [str(text)]}
    if isinstance(node, shape.Group):
        if node.name == "frequency":
            return scalars.frequency(str(text))
        if node.natural is None:
            raise ValueError(f"a constant cannot stand for a whole {node.name}; name the member")
        return {node.natural: our_constant(text, node.members[node.natural], language)}
    if isinstance(node, shape.Scalar):
        if node.kind == "boolean":
            if text not in ("true", "false"):
                raise ValueError(f"'{text}' is neither true nor false")
            return text == "true"
        if node.kind == "integer":
            return scalars.normal_integer(int(text)) if str(text).lstrip("-").isdigit() else _no_integer(text)
        return scalars.scalar(str(text), node.kind, node.codelist)
    raise ValueError("a constant cannot stand here; name a member")


def _no_integer(text: str) -> Any:
    raise ValueError(f"'{text}' is no whole number")
