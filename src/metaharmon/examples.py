"""The examples of a mapping, tried in both directions."""

from __future__ import annotations

from typing import Any, NamedTuple

from metaharmon.account import differs
from metaharmon.diagnostics import Loss
from metaharmon.dialect import Dialect
from metaharmon.mapping.load import example_sides
from metaharmon.model.normal import CanonicalError
from metaharmon.model.product import DataProduct
from metaharmon.model.whole import normal_product


class ExampleFailure(NamedTuple):
    """An example that does not translate as it says: which, where, on which side and what differs."""

    index: int
    place: str
    side: str
    path: str
    message: str


def try_examples(dialect: Dialect) -> tuple[list[ExampleFailure], tuple[Any, ...]]:
    """Every failure of the examples, and the examples."""
    examples = dialect.mapping.says.examples
    failures = []
    for index, example in enumerate(examples):
        theirs, ours, losses = example_sides(example)
        for side, found in _try(dialect, theirs, ours, losses):
            if found is not None:
                failures.append(ExampleFailure(index, str(example.place), side, *found))
    return failures, examples


def _try(dialect: Dialect, theirs: Any, ours: Any, losses: Any) -> list[tuple[str, tuple[str, str] | None]]:
    tries: list[tuple[str, tuple[str, str] | None]] = []
    product = None
    if theirs is not None:
        reading = dialect.reading(theirs)
        product = reading.product
        if product is None:
            return [("theirs is refused", ("", reading.problems[0].message))]
        tries.append(("written back", differs(dialect.write(product), theirs)))
    if ours is not None:
        try:
            wanted = normal_product(ours)
        except CanonicalError as error:
            return [*tries, ("ours is not canonical", (error.diagnostics[0].path or "", error.diagnostics[0].message))]
        if product is not None:
            tries.append(("read", differs(product.tree(), wanted)))
        product = DataProduct.from_normal(wanted)
    if losses is not None and product is not None:
        fresh = DataProduct.from_normal(product.tree())
        tries.append(("losses", _losses_differ(dialect.losses(fresh), losses)))
    return tries


def _losses_differ(found: list[Loss], said: Any) -> tuple[str, str] | None:
    """The losses of writing against those that the example says: paths, or objects with path and kind."""
    told = {loss.path: loss for loss in found}
    wanted = {entry if isinstance(entry, str) else entry.get("path", ""): entry for entry in said}
    for path in sorted(told.keys() | wanted.keys()):
        if path not in wanted:
            return path, f"{told[path].kind}, which the example does not say: {told[path].reason}"
        if path not in told:
            return path, "the example says that it is lost, and it is not"
        entry = wanted[path]
        if not isinstance(entry, str):
            is_ = {key: value for key, value in told[path].as_dict().items() if key in entry}
            if (different := differs(is_, entry)) is not None:
                return path, f"{different[0]}: {different[1]}"
    return None
