"""What reading and writing give: the outcome of a record, whichever engine ran."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, NamedTuple

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Left, Loss, Place
from metaharmon.engine.residue import Residue
from metaharmon.lenses.clauses import Silence
from metaharmon.lenses.reasons import nothing_said
from metaharmon.paths import MISSING, record_path


class Fate(NamedTuple):
    """What became of a field of theirs: how many leaves, how many of them carry information, and which rules; `raw` is
    what stands there."""

    path: str
    fate: str  # exact, spelled, derived, kept, unread, refused
    count: int
    informative: int
    ours: tuple[str, ...] = ()
    rule: Place | None = None
    raw: Any = MISSING


class Heard(NamedTuple):
    """Leaves of theirs that reached the product: how many, and where in it: paths of ours in an entry (or the record),
    or a plain value that is an entry itself."""

    count: int
    entry: Any
    slots: tuple[Any, ...] = ()
    value: Any = None


@dataclass(slots=True)
class Read:
    """A record, read: the canonical tree in normal form, residue, findings, and on demand every field's fate and what
    is left of them (while a record is read, with paths as keys)."""

    tree: dict[str, Any]
    residue: Residue
    problems: list[Diagnostic] = field(default_factory=list)
    fates: list[Fate] | None = None
    silence: Silence = field(default_factory=Silence)
    """What says nothing anywhere in the dialect, also where no rule reads."""
    left: list[Left] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether the mapping refuses the record."""
        return any(p.severity == dx.ERROR for p in self.problems)


@dataclass(slots=True)
class Written:
    """A product, written: their record, what was lost, and what was worth noting."""

    record: dict[str, Any]
    losses: list[Loss]
    problems: list[Diagnostic] = field(default_factory=list)
    raised: list[Any] = field(default_factory=list)
    """Of lists that stand inside entries of others: the block, and its items with their entries and places."""


def under(where: str, text: str) -> str:
    """The path of a field below another."""
    return f"{where}.{text}" if where else text


Path = tuple[str | int, ...]
At = Any
"""Where an entry of ours stands: a record path, one per part of a joined block, or a list of copies."""


def record_paths(at: At, path: Path) -> list[Path]:
    """The record paths of a place in an entry."""
    if isinstance(at, list):
        return [one for each in at for one in record_paths(each, path)]
    if isinstance(at, dict):
        return record_paths(at[path[0]], path[1:])  # type: ignore[index]
    return [(*at, *path)]


def lose(at: At, path: Path, kind: str, reason: str, becomes: Any = None, place: Place | None = None) -> list[Loss]:
    """The losses of a value: one per copy of the entry in which it stands."""
    return [Loss(record_path(*one), kind, reason, becomes, place) for one in record_paths(at, path)]


def lose_entry(out: Written, at: At, path: Path) -> None:
    """An entry of which only its constants are left is not read back: it is lost as a whole."""
    for gone in record_paths(at, path):
        text = record_path(*gone)
        mine = [one for one in out.losses if one.path == text or one.path.startswith(f"{text}.")]
        out.losses[:] = [one for one in out.losses if one not in mine]
        reason = nothing_said([one.reason for one in sorted(mine, key=loss_order)])
        out.losses.append(Loss(text, "omitted", reason))


def valued(losses: list[Loss], tree: Any) -> list[Loss]:
    """The losses with what the product says at their paths."""
    return [loss if loss.kind == "added" else replace(loss, value=_value(tree, loss.path)) for loss in losses]


def _value(tree: Any, path: str) -> Any:
    """What stands at a record path; None where nothing does."""
    for step in path.split("."):
        if tree.__class__ is list:
            tree = tree[int(step)] if step.isascii() and step.isdigit() and int(step) < len(tree) else None
        else:
            tree = tree.get(step) if tree.__class__ is dict else None
    return tree


loss_order = attrgetter("path", "kind")
"""The order in which losses are listed."""
