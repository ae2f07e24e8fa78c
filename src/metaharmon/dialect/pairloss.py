"""What is lost between two dialects, before any data runs: class by class, and what must be supplied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from metaharmon import generate
from metaharmon.diagnostics import Loss, Place
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.reach import (
    ANY_KEY,
    Spot,
    constants_of,
    general,
    kept_fields,
    meet,
    names,
    names_of,
    shown,
    spots,
)
from metaharmon.mapping.load import example_sides

ALWAYS, SOMETIMES, MUST_SUPPLY, KEPT = "always", "sometimes", "must_supply", "kept"
SAMPLES = 120
"""Generated records by which the lossy lenses of a pair are found."""
NO_RULE = "the other dialect has no rule for it"


@dataclass(frozen=True)
class StaticLoss:
    """A loss known from two mappings.

    `when` is always (no rule of B reaches this path of ours), sometimes (a lossy lens; `kind` and `reason` of the loss,
    `records` of how many samples had it), must_supply (`field` is required by B, and A cannot say it) or kept (A's
    mapping keeps the field at this path of theirs raw, and says why: it reaches no other dialect).
    """

    when: str
    path: str
    reason: str
    kind: str = "omitted"
    rule: Place | None = None
    field: str | None = None
    records: tuple[int, int] | None = None

    def as_dict(self) -> dict[str, Any]:
        """A JSON object of the loss; members without a value are left out."""
        out: dict[str, Any] = {"when": self.when, "path": self.path, "kind": self.kind, "reason": self.reason}
        if self.when == MUST_SUPPLY:
            del out["kind"]
        if self.field is not None:
            out["field"] = self.field
        if self.records is not None:
            out["records"] = {"with": self.records[0], "of": self.records[1]}
        if self.rule is not None:
            out["rule"] = str(self.rule)
        return out

    def __str__(self) -> str:
        rule = f" (rule {self.rule})" if self.rule else ""
        return f"{self.when} {self.path}: {self.reason}{rule}"


def static_losses(read: Dialect, write: Dialect) -> tuple[StaticLoss, ...]:
    """All of them: always, then sometimes, then what must be supplied, then what is kept."""
    ours, theirs = spots(read.plan), spots(write.plan)
    always, gone = _always(ours, [*theirs, *constants_of(theirs)])
    kept = [StaticLoss(KEPT, path, reason.why, KEPT, reason.place) for path, reason in kept_fields(read.plan)]
    return (*always, *_sometimes(read, write, gone), *_must_supply(write, ours, theirs), *kept)


def _always(ours: list[Spot], theirs: list[Spot]) -> tuple[list[StaticLoss], list[tuple[str, ...]]]:
    """Paths that no rule of the other dialect reaches, each as high as it is wholly out of reach; and their names."""
    found: dict[str, StaticLoss] = {}
    gone: list[tuple[str, ...]] = []
    for spot in ours:
        if any(meet(spot.ours, other.ours) for other in theirs):
            continue
        top = next(
            spot.ours[:n]
            for n in range(1, len(spot.ours) + 1)
            if not any(meet(spot.ours[:n], other.ours) for other in theirs)
        )
        found.setdefault(shown(top), StaticLoss(ALWAYS, shown(top), NO_RULE, rule=spot.place))
        gone.append(names_of(top))
    return [found[path] for path in sorted(found)], gone


def _sometimes(read: Dialect, write: Dialect, gone: list[tuple[str, ...]]) -> list[StaticLoss]:
    """Losses of lossy lenses, found by writing what the examples and generated records of A read to."""
    reasons: dict[tuple[str, str], Counter[str]] = {}
    having: Counter[tuple[str, str]] = Counter()
    rules: dict[tuple[str, str], Place | None] = {}
    tried = 0
    for record in _samples(read):
        product = read.reading(record).product
        if product is None:
            continue
        product.residues.clear()
        tried += 1
        losses = [loss for loss in write.losses(product) if not _is_gone(loss, gone)]
        having.update({(general(loss.path), loss.kind) for loss in losses})
        for loss in losses:
            key = general(loss.path), loss.kind
            reasons.setdefault(key, Counter())[loss.reason] += 1
            rules.setdefault(key, loss.rule)
    return [
        StaticLoss(SOMETIMES, key[0], _told(reasons[key]), key[1], rules[key], records=(having[key], tried))
        for key in sorted(reasons)
    ]


def _samples(read: Dialect) -> list[Any]:
    examples = [example_sides(example)[0] for example in read.mapping.says.examples]
    return [*(record for record in examples if record is not None), *generate.records(read.plan, 0, SAMPLES)]


def _is_gone(loss: Loss, gone: list[tuple[str, ...]]) -> bool:
    """Whether the loss is one of those that always are."""
    path = names(loss.path)
    return any(_starts(path, other) for other in gone)


def _starts(path: tuple[str, ...], start: tuple[str, ...]) -> bool:
    return len(path) >= len(start) and all(b in (ANY_KEY, a) for a, b in zip(path, start, strict=False))


def _told(reasons: Counter[str]) -> str:
    """The commonest reason, and how many others there are."""
    first = reasons.most_common(1)[0][0]
    more = len(reasons) - 1
    return first if not more else f"{first} (and {more} more such {'reason' if more == 1 else 'reasons'})"


def _must_supply(write: Dialect, ours: list[Spot], theirs: list[Spot]) -> list[StaticLoss]:
    """Fields that B requires and of which A can say no path."""
    out = []
    derived = {one.slot.text for one in write.plan.record.derived}
    for text, _ in write.plan.required:
        makers = [spot for spot in theirs if spot.writes and any(_within(text, f) for f in spot.theirs)]
        if text in derived or any(meet(maker.ours, spot.ours) for maker in makers for spot in ours):
            continue
        paths = dict.fromkeys(shown(maker.ours) for maker in makers if names_of(maker.ours))
        path = next(iter(paths), "")
        reason = f"'{text}' is required, and the record read cannot say it"
        if not path:
            reason = f"'{text}' is required, and no path of ours says it"
        out.append(StaticLoss(MUST_SUPPLY, path, reason, field=text, rule=makers[0].place if makers else None))
    return out


def _within(text: str, field: str) -> bool:
    """Whether a field is the required one or stands in it."""
    return field == text or field.startswith((f"{text}.", f"{text}["))
