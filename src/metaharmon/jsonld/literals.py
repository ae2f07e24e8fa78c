"""Literals as properties take them: which of several is read where there is room for one, and numbers of any form."""

from __future__ import annotations

import re
from typing import Any

from metaharmon.jsonld.contexts import iri
from metaharmon.jsonld.nodes import Item, Path
from metaharmon.jsonld.terms import XSD, Names, Term
from metaharmon.model.scalars import is_uri, normal_decimal

NUMBERS = frozenset(
    f"{XSD}{name}" for name in ("decimal", "double", "float", "integer", "nonNegativeInteger", "positiveInteger")
)
SCIENTIFIC = frozenset(f"{XSD}{name}" for name in ("double", "float", "decimal"))
_SHORT_OR_SCALED = re.compile(r"[+-]?(?:\d+(?:\.\d*)?[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+\.)")
"""Lexical forms of these datatypes that are no plain decimals (XML Schema 1.1 part 2, 3.3.3 and 3.3.5)."""
_BARE_START, _BARE_END = re.compile(r"^([+-]?)\."), re.compile(r"\.(?=[eE]|$)")


def preferred(items: list[Item], term: Term, names: Names) -> list[Item]:
    """The values in the order in which they are asked to fill the one place of a property: those of its datatypes
    first, in whatever order a document lists them; as listed among themselves."""
    if len(items) < 2 or term.many:
        return items
    return sorted(items, key=lambda item: not _fits(item, term, names))


def _fits(item: Item, term: Term, names: Names) -> bool:
    if term.kind == "typed":
        return item.form == "literal" and (item.datatype is None or names.plain(item.datatype) in term.types)
    if term.kind == "node" and term.literal.__class__ is dict:
        return item.form != "literal" or term.named_by(item.datatype, names) is not None
    return True


def plain_number(item: Item, term: Term) -> Any:
    """The value of a literal; a number of a property of numbers without an exponent: `1.0E3` is `1000`."""
    value = item.value
    if value.__class__ is not str or item.datatype not in SCIENTIFIC or NUMBERS.isdisjoint(term.types):
        return value
    if not _SHORT_OR_SCALED.fullmatch(value):
        return value
    try:
        return normal_decimal(_BARE_END.sub("", _BARE_START.sub(r"\g<1>0.", value)))
    except ValueError:
        return value


def literal(value: dict[str, Any], names: dict[Any, str], path: Path, active: Any) -> Item | None:
    """A value object as a value; None where it is none that is read."""
    if set(names) - {"@value", "@language", "@type"} or len(names) != len(value):
        return None
    literal = value[names["@value"]]
    if literal.__class__ in (dict, list) or literal is None:
        return None
    datatype = iri(active, value[names["@type"]], True) if "@type" in names else None
    language = value.get(names["@language"]) if "@language" in names else None
    if language is not None and language.__class__ is not str:
        return None
    return Item(value, "literal", literal, language, datatype, path)


def is_label(term: Term, item: Item) -> bool:
    """Whether a plain text stands in place of a node; a reference that the context makes of it may be one, too."""
    said = term.inside.by_name.get(term.label) if term.inside and term.label else None
    if said is None or item.form == "node" or item.value.__class__ is not str:
        return False
    if item.form != "ref" or item.raw.__class__ is not str or said.kind == "text":
        return False
    return said.kind == "iri" or not is_uri(item.raw)
