"""The canonical record of a data product."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Any, Self

from pydantic import PrivateAttr, model_serializer

from metaharmon.diagnostics import Loss
from metaharmon.model import rulepath
from metaharmon.model.apply import apply_losses
from metaharmon.model.fields import TRUSTED, plain
from metaharmon.model.normal import canonical_json, copied, same
from metaharmon.model.record import Members
from metaharmon.model.whole import normal_product


class DataProduct(Members):
    """A data product in canonical form, version 1. Nothing is mandatory; `complete` says whether it can be named.

    It is built from a canonical tree (`DataProduct.model_validate(tree)`, or members by name), which is brought into
    normal form; CanonicalError names every problem. Members may be read and set as attributes. Two products are equal
    when their canonical JSON is; cleared paths and residues take no part.
    """

    _tree: dict[str, Any] | None = PrivateAttr(default=None)  # normal form, until a member is looked at
    _cleared: frozenset[str] = PrivateAttr(default=frozenset())
    _residues: dict[str, Any] = PrivateAttr(default_factory=dict)

    def __init__(self, /, **members: Any) -> None:
        self._hold(normal_product(plain(members)))

    @classmethod
    def from_normal(cls, tree: dict[str, Any]) -> Self:
        """A product of a tree that is known to be in normal form; it is trusted, kept and not to be changed."""
        self = cls.__new__(cls)
        self._hold(tree)
        return self

    @classmethod
    def model_validate(cls, obj: Any, **_options: Any) -> Self:
        """A product of a canonical tree. Raises CanonicalError with every problem."""
        if isinstance(obj, DataProduct):
            return cls.from_normal(obj.canonical())
        return cls.from_normal(normal_product(plain(obj)))

    def _hold(self, tree: dict[str, Any]) -> None:
        put = object.__setattr__
        put(self, "__dict__", {})
        put(self, "__pydantic_fields_set__", set())
        put(self, "__pydantic_extra__", None)
        put(self, "__pydantic_private__", {"_tree": tree, "_cleared": frozenset(), "_residues": {}})

    # --- members as attributes: the models are made from the tree when one is first asked for

    def _materialise(self) -> None:
        tree = self._tree
        if tree is not None:
            private = self.__pydantic_private__  # validation starts it anew
            self.__pydantic_validator__.validate_python(tree, self_instance=self, context=TRUSTED)
            object.__setattr__(self, "__pydantic_private__", {**private, "_tree": None})

    def __getattr__(self, name: str) -> Any:
        if name in type(self).__pydantic_fields__ and self._tree is not None:
            self._materialise()
            return self.__dict__[name]
        return super().__getattr__(name)  # type: ignore[misc]

    def __setattr__(self, name: str, value: Any) -> None:
        if name in type(self).__pydantic_fields__:
            self._materialise()
            super().__setattr__(name, value)
            self._forget_cleared()
        else:
            super().__setattr__(name, value)

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        self._materialise()
        yield from super().__iter__()

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the members that have been given."""
        self._materialise()
        return super().model_fields_set

    def __copy__(self) -> Self:
        made = super().__copy__()
        made._residues = dict(self._residues)
        return made

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, with the members of `update` set and checked; cleared paths and residues are copied too."""
        made = self.__deepcopy__() if deep else self.__copy__()
        for name, value in (update or {}).items():
            setattr(made, name, value)
        return made

    # --- canonical JSON

    def tree(self) -> dict[str, Any]:
        """The canonical tree for reading only; it may be the product's own. See `canonical` for one to change."""
        tree = self._tree
        return normal_product(plain(self)) if tree is None else tree

    def canonical(self) -> dict[str, Any]:
        """A fresh canonical tree in normal form. Raises CanonicalError when members were edited into nonsense."""
        tree = self._tree
        return normal_product(plain(self)) if tree is None else copied(tree)

    def canonical_json(self) -> str:
        """Canonical JSON text: two products are equal exactly when theirs is."""
        return canonical_json(self.tree())

    @model_serializer(mode="plain")
    def _dump(self) -> dict[str, Any]:
        return self.canonical()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataProduct):
            return NotImplemented
        return same(self.tree(), other.tree())

    __hash__ = None  # type: ignore[assignment]

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        tree = self._tree
        return list((plain(self) if tree is None else tree).items())

    @property
    def complete(self) -> bool:
        """Whether the product has an identifier and a title."""
        tree = self.tree()
        return "identifiers" in tree and "title" in tree

    # --- state beside canonical JSON

    @property
    def residues(self) -> dict[str, Any]:
        """The residue of each dialect from which the product was read, by dialect name."""
        return self._residues

    @residues.setter
    def residues(self, residues: dict[str, Any]) -> None:
        self._residues = residues

    @property
    def cleared(self) -> frozenset[str]:
        """The rule paths that were cleared and at or under which no value stands since."""
        self._forget_cleared()
        return self._cleared

    def clear(self, path: str) -> None:
        """Say that the product has nothing at this rule path (`offers`, `parties.provider.name`): what stands there
        is removed, and `onto` will erase it at the other exchange. Raises KeyError for an unknown path."""
        tree = self.canonical()
        rulepath.remove(tree, path)
        cleared, residues = self.cleared | {path}, self._residues
        self._hold(normal_product(tree))
        self._cleared, self._residues = cleared, residues

    def _forget_cleared(self) -> None:
        if self._cleared:
            tree = self._tree if self._tree is not None else plain(self)
            self._cleared = frozenset(path for path in self._cleared if not rulepath.stands(tree, path))

    def apply(self, losses: Iterable[Loss]) -> DataProduct:
        """What a reader finds after these losses (law 2): `d.read(d.write(p)) == p.apply(d.losses(p))`."""
        return DataProduct.from_normal(apply_losses(self.tree(), losses))
