"""Is what we write fresh valid there? Products of all dialects, written for one and judged by its official validators.

A product that lacks what the dialect demands is told so by the translation; it is then completed, with what the
dialect's own example says at least, so that all else of it is judged, too.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import official
import shipped
from metaharmon import interpreter
from metaharmon.diagnostics import REQUIRED_MISSING
from metaharmon.engine.outcome import Written
from metaharmon.model import shape

GOAL = 0.95
Product = dict[str, Any]


class Tally:
    """The records written for one dialect: those of products that say all, and those of completed ones."""

    def __init__(self) -> None:
        self.written = self.complete = self.valid = self.completed = self.valid_completed = 0
        self.missing: Counter[str] = Counter()
        self.complaints: Counter[str] = Counter()

    @property
    def share(self) -> float:
        """The valid ones among those of products that say all that the dialect demands."""
        return self.valid / self.complete if self.complete else 1.0

    @property
    def share_of_all(self) -> float:
        """The valid ones among all that were judged."""
        judged = self.complete + self.completed
        return (self.valid + self.valid_completed) / judged if judged else 1.0


@cache
def material(per_source: int) -> tuple[tuple[str, tuple[Product, ...]], ...]:
    """Products to write: of each dialect the examples and a sample of the corpus, always the same."""
    found = []
    for name, plan in sorted(shipped.plans().items()):
        records = [*shipped.example_records(name), *shipped.corpus_records(plan, per_source)]
        random.Random(name).shuffle(records)
        reads = (interpreter.read(plan, record) for record in records[:per_source])
        found.append((name, tuple(read.tree for read in reads if not read.refused)))
    return tuple(found)


def judge(name: str, per_source: int) -> Tally:
    """The products of all other dialects, written for a dialect, and what its validators say."""
    tally = Tally()
    for tree in (tree for source, trees in material(per_source) if source != name for tree in trees):
        written, missing = fresh(name, tree)
        tally.written += 1
        tally.missing.update({_numberless(path) for path in missing})
        if not missing:
            against = official.complaints(name, written.record)
            tally.complete += 1
            tally.valid += not against
        else:
            full = next(_completions(name, tree), None)
            if full is None:
                continue
            against = official.complaints(name, full.record)
            tally.completed += 1
            tally.valid_completed += not against
        tally.complaints.update(against[:1])
    return tally


def fresh(name: str, tree: Product) -> tuple[Written, list[str]]:
    """A product written for a dialect, and the paths of what it lacks there."""
    written = interpreter.write(shipped.plans()[name], tree)
    return written, [str(problem.path) for problem in written.problems if problem.code == REQUIRED_MISSING]


def _numberless(path: str) -> str:
    return ".".join("*" if part.isdigit() else part for part in path.split("."))


# --- completing


def _completions(name: str, tree: Product) -> Iterator[Written]:
    """The product with what it lacks; languages are added to texts only where nothing else helps."""
    for languages in (False, True):
        written, missing = fresh(name, _filled(tree, smallest(name), (), languages))
        if not missing:
            yield written


def _filled(here: Any, more: Any, path: tuple[str, ...], languages: bool) -> Any:
    if not (isinstance(here, dict) and isinstance(more, dict)):
        return here
    if not languages and path and isinstance(shape.at(path), shape.LangText | shape.LangList):
        return here
    added = {key: value for key, value in more.items() if key not in here}
    return {**{key: _filled(value, more.get(key), (*path, key), languages) for key, value in here.items()}, **added}


@cache
def smallest(name: str) -> Product:
    """A product of the dialect itself that says hardly more than the dialect demands, and is valid when written."""
    plan = shipped.plans()[name]
    for record in (*shipped.example_records(name), *shipped.corpus_records(plan, 12)):
        tree = interpreter.read(plan, record).tree
        if not _is_valid(name, tree):
            continue
        for key in list(tree):
            tree = _without(name, tree, (key,))
        for key, value in list(tree.items()):
            for inner in list(value) if isinstance(value, dict) else ():
                tree = _without(name, tree, (key, inner))
        return tree
    raise AssertionError(f"no example of {name} is valid there when written fresh")


def _is_valid(name: str, tree: Product) -> bool:
    written, missing = fresh(name, tree)
    return not missing and not official.complaints(name, written.record)


def _without(name: str, tree: Product, path: tuple[str, ...]) -> Product:
    """The product without a member, if it is valid without it."""
    key, *inner = path
    less = {k: v for k, v in tree.items() if k != key}
    if inner:
        rest = {k: v for k, v in tree[key].items() if k != inner[0]}
        less = {**less, key: rest} if rest else tree
    return less if _is_valid(name, less) else tree
