"""The shape of canonical JSON as plain frozen objects: what stands at a place of the tree.

The nodes are read off the models by `shape`; nothing of pydantic reaches them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metaharmon import codelists
from metaharmon.model.scalars import LOCAL_SCHEMES


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text, number or truth value; `kind` is text, code, integer, decimal, ratio, boolean, date, duration, uri
    or language, `codelist` the list of a code, `dimension` that of a decimal which has
    one: the ends of a quantity, and numbers in a unit of their own, `form` what a text looks like: email, media_type.
    """

    kind: str
    codelist: str | None = None
    dimension: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class LangText:
    """A map from language tag (BCP 47) to text."""


@dataclass(frozen=True, slots=True)
class LangList:
    """A map from language tag to a list of texts; each list is a bag."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """An object with named members.

    `name` is the type ("party", "quantity"), `natural` the member that a path ending on the object fills, `whole`
    marks a value that is stated as one (against groups that are merged member by member), `dimension` that of a
    quantity, `required` the members that every such object has in normal form. Two groups of one name may differ in
    the codelists of their members.
    """

    name: str
    members: Mapping[str, Node]
    natural: str | None = None
    whole: bool = False
    dimension: str | None = None
    required: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Group({self.name!r})"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A map whose keys are codes of a list."""

    codelist: str
    value: Node

    def accepts(self, key: str) -> bool:
        """Whether the key is a code of the list, or `local:<dialect>` where the list names schemes."""
        return key in codelists.load(self.codelist) or (codelists.is_local(key) and self.codelist in LOCAL_SCHEMES)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list (canonical schema 2.6): `kind` is sequence, bag or discriminated, the latter `by` these members.

    `key` holds the alternatives of the natural key in order, each a tuple of member names; "." is the item itself.
    """

    item: Node
    kind: str
    by: tuple[str, ...] = ()
    key: tuple[tuple[str, ...], ...] = ((".",),)

    def key_of(self, item: Any) -> tuple[str, ...]:
        """The natural key of an item, as canonical JSON texts; n-th among equal keys is the caller's count.

        The first alternative whose members are all present decides, else the first of which one is, else the item.
        A discriminated list puts its discriminators in front.
        """
        head = tuple(_text(item.get(name)) for name in self.by)
        if not isinstance(item, dict):
            return (_text(item),)
        choices = [tuple(_part(item, name) for name in names) for names in self.key]
        for test in (all, any):
            for found in choices:
                if test(value is not None for value in found):
                    return head + tuple(map(_text, found))
        return (*head, _text(item))


Node = Scalar | LangText | LangList | Group | Keyed | ListOf


def _part(item: dict[str, Any], name: str) -> Any:
    """A member of a key; `ids` means the first id present, in the order of the list of schemes."""
    if name == ".":
        return item
    value = item.get(name)
    if name == "ids" and value:
        order = codelists.load("party_id_scheme").order
        scheme = min(value, key=lambda key: (order(key), key))
        return [scheme, value[scheme]]
    return value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
