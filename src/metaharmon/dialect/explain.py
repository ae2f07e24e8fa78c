"""What became of every field of one record on its way from one dialect to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon.diagnostics import Loss, Place, RecordError
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.reach import Spot, general, meet, names, names_of, shown, spots
from metaharmon.engine.outcome import Fate


@dataclass(frozen=True)
class Explained:
    """One field of the record read.

    `path` and `fate` are those of the reading (exact, spelled, derived, kept, unread, refused) by the rule at `rule`;
    `ours` are the paths of ours that the field fills, `written` the fields of the other record that say them, and
    `losses` what the other dialect could not say of them. A kept or unread field stands in the residue.
    """

    path: str
    fate: str
    rule: Place | None
    ours: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """A JSON object."""
        rule = str(self.rule) if self.rule else None
        losses = [loss.as_dict() for loss in self.losses]
        return {
            "path": self.path,
            "fate": self.fate,
            "rule": rule,
            "ours": list(self.ours),
            "written": list(self.written),
            "losses": losses,
        }

    def __str__(self) -> str:
        to = f" -> {', '.join(self.ours)}" if self.ours else ""
        then = f" -> {', '.join(self.written)}" if self.written else ""
        lost = "".join(f"; {loss.kind}: {loss.reason}" for loss in self.losses)
        rule = f" (rule {self.rule})" if self.rule else ""
        return f"{self.path}: {self.fate}{to}{then}{lost}{rule}"


def explain(read: Dialect, write: Dialect, record: Any) -> list[Explained]:
    """Every field of a record. Raises RecordError when the record is none."""
    found = read.reading(record, explain=True)
    if found.fates is None:
        raise RecordError(found.problems)
    losses: list[Loss] = []
    if found.product is not None:
        found.product.residues.pop(write.name, None)
        losses = write.losses(found.product)
    mine: dict[str, list[Spot]] = {}
    for spot in spots(read.plan):
        for field in spot.theirs:
            mine.setdefault(field, []).append(spot)
    other = [spot for spot in spots(write.plan) if spot.writes]
    return [_explained(fate, mine.get(general(fate.path), []), other, losses) for fate in found.fates]


def _explained(fate: Fate, mine: list[Spot], other: list[Spot], losses: list[Loss]) -> Explained:
    if fate.fate not in ("exact", "spelled"):
        return Explained(fate.path, fate.fate, fate.rule)
    written = dict.fromkeys(field for spot in mine for to in other if meet(spot.ours, to.ours) for field in to.theirs)
    lost = [loss for loss in losses if any(_touches(spot, loss) for spot in mine)]
    gone = any(_covers(spot, loss) for spot in mine for loss in lost if loss.kind == "omitted" and _of_all(loss, fate))
    return Explained(
        fate.path,
        fate.fate,
        fate.rule,
        tuple(dict.fromkeys(shown(spot.ours) for spot in mine)),
        () if gone else tuple(written),
        tuple(lost),
    )


def _touches(spot: Spot, loss: Loss) -> bool:
    """Whether the loss is of the value that stands at the spot, of a part of it, or of what holds it."""
    return all(a in ("*", b) for a, b in zip(names_of(spot.ours), names(loss.path), strict=False))


def _of_all(loss: Loss, fate: Fate) -> bool:
    """Whether the loss is surely of this field: which entry of ours an entry of theirs became is not known here."""
    return general(loss.path) == loss.path or general(fate.path) == fate.path


def _covers(spot: Spot, loss: Loss) -> bool:
    return _touches(spot, loss) and len(names(loss.path)) <= len(names_of(spot.ours))
