"""The public functions, over one registry of the process."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from metaharmon.diagnostics import Diagnostic, Loss
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.pairloss import StaticLoss
from metaharmon.dialect.registry import Listed, Registry
from metaharmon.dialect.translation import Translator
from metaharmon.model.product import DataProduct

Name = str | os.PathLike[str] | Dialect
_DEFAULT = Registry()


def load(name: Name) -> Dialect:
    """The dialect of a name or of a YAML file. Raises MappingError with every finding."""
    return name if isinstance(name, Dialect) else _DEFAULT.load(name)


def dialects() -> list[Listed]:
    """The dialects that can be loaded by name, with title, version and kind of evidence."""
    return [head for head in _DEFAULT.listed() if not head.abstract]


def read(name: Name, record: Any) -> DataProduct:
    """The product that a record of a dialect means. Raises RecordError with every problem when it is refused."""
    return load(name).read(record)


def write(name: Name, product: Any, onto: Any = None) -> dict[str, Any]:
    """The record of a product in a dialect; `onto` is the record that stands there now. It may hold Decimal: `dumps`
    writes it exactly."""
    return load(name).write(product, onto)


def translator(read: Name, write: Name) -> Translator:
    """A translator from one dialect into another."""
    return Translator(load(read), load(write))


def losses(
    read: Name | None = None, write: Name | None = None, product: Any = None
) -> tuple[StaticLoss, ...] | list[Loss]:
    """What is lost between two dialects before any data runs; or, with `product`, what `write` cannot say of it."""
    if write is None or (read is None) == (product is None):
        raise TypeError("losses takes read= and write=, or write= and product=")
    return load(write).losses(product) if read is None else translator(read, write).losses


def check(*paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Diagnostic]:
    """Every finding of mapping files or of folders of them. Never raises for a bad file."""
    from metaharmon import interpreter
    from metaharmon.checker import check_paths

    flat = [one for path in paths for one in ([path] if isinstance(path, str | os.PathLike) else path)]
    return check_paths(flat, _DEFAULT.find, interpreter)
