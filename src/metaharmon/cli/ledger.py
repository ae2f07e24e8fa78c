"""The ledger of a run as JSON lines: everything that was lost or left, record by record."""

from __future__ import annotations

from typing import Any

from metaharmon.cli.output import short
from metaharmon.diagnostics import Left, Loss, Place
from metaharmon.dialect.reach import ANY_KEY, general, names, names_of, spots
from metaharmon.dialect.translation import Translation, Translator


class Ledger:
    """Lines of a translation: `record`, `outcome`, `theirs` (a path in the record read; of a loss, the fields that fill
    the path of ours), `ours` (a path in the product), `value` (cut to 200 characters), `becomes`, `reason`, `rule`."""

    def __init__(self, translator: Translator):
        self.fields: dict[str, list[str]] = {}
        self.spots = [(names_of(spot.ours), spot.theirs) for spot in spots(translator.read.plan)]

    def lines(self, name: str, done: Translation) -> list[dict[str, Any]]:
        """The lines of one record."""
        if done.record is None:
            return []
        return [*(self._lost(name, loss) for loss in done.losses), *(_left(name, left) for left in done.left)]

    def _lost(self, name: str, loss: Loss) -> dict[str, Any]:
        line: dict[str, Any] = {
            "record": name,
            "outcome": loss.kind,
            "theirs": self._theirs(loss.path),
            "ours": loss.path,
        }
        if loss.value is not None:
            line["value"] = short(loss.value)
        if loss.becomes is not None:
            line["becomes"] = short(loss.becomes)
        return {**line, "reason": loss.reason, "rule": _place(loss.rule)}

    def _theirs(self, path: str) -> list[str]:
        """The fields of the record read that fill a path of ours."""
        found = self.fields.get(general(path))
        if found is None:
            mine = names(path)
            here = (theirs for ours, theirs in self.spots if _meets(ours, mine))
            found = self.fields[general(path)] = list(dict.fromkeys(one for theirs in here for one in theirs))
        return found


def _meets(ours: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return bool(ours) and all(a in (ANY_KEY, b) for a, b in zip(ours, path, strict=False))


def _left(name: str, left: Left) -> dict[str, Any]:
    line = {"record": name, "outcome": left.outcome, "theirs": left.path, "ours": None, "value": short(left.value)}
    return {**line, "reason": left.reason, "rule": _place(left.rule)}


def _place(rule: Place | None) -> str | None:
    return None if rule is None else str(rule)
