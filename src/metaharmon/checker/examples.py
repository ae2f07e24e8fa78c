"""Examples in both directions: theirs reads to ours, ours writes to theirs, losing what the example says."""

from __future__ import annotations

from typing import Any, Protocol

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Diagnostic, Loss, MappingError, Place, shown
from metaharmon.engine.residue import Residue
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import example_sides
from metaharmon.mapping.plan import Plan
from metaharmon.mapping.syntax import Example
from metaharmon.model.normal import CanonicalError, same
from metaharmon.model.whole import normal_product
from metaharmon.yamltext import YList, YMap

MOST = 3
"""Differences shown of one side; the rest is counted."""


class WasRead(Protocol):
    """What reading gives."""

    tree: dict[str, Any]
    residue: Residue
    problems: list[Diagnostic]

    @property
    def refused(self) -> bool: ...


class WasWritten(Protocol):
    """What writing gives."""

    record: dict[str, Any]
    losses: list[Loss]


class Engine(Protocol):
    """What runs a plan: the interpreter, or compiled code."""

    def read(self, plan: Plan, record: dict[str, Any]) -> WasRead: ...

    def write(self, plan: Plan, tree: dict[str, Any], residue: Residue | None = None) -> WasWritten: ...


def check_examples(plan: Plan, examples: tuple[Example, ...], engine: Engine, report: Report) -> None:
    """Try every example; each finding stands at the value that differs."""
    for example in examples:
        try:
            theirs, ours, losses = example_sides(example)
        except MappingError as exc:
            report.extend(exc.diagnostics)
            continue
        if not isinstance(ours, dict) or not (theirs is None or isinstance(theirs, dict)):
            _wrong(report, "an example has `theirs`, a record, and `ours`, a product", example.place)
            continue
        try:
            product = normal_product(ours)
        except CanonicalError as exc:
            for problem in exc.diagnostics:
                place = _place(example.ours, (problem.path or "").split("."), example.place)
                _wrong(report, f"ours is not canonical: {problem.message}", place)
            continue
        if theirs is None or _returns(plan, example, theirs, product, engine, report):
            _loses(plan, example, losses, product, engine, report)


def _wrong(report: Report, message: str, place: Place | None) -> None:
    report.add(dx.WRONG_EXAMPLE, message, place)


def _returns(plan: Plan, example: Example, theirs: Any, product: Any, engine: Engine, report: Report) -> bool:
    """Whether theirs reads to ours, and ours is written as theirs; the first direction that fails is the finding."""
    read = engine.read(plan, theirs)
    refused = [problem for problem in read.problems if problem.severity == dx.ERROR]
    for problem in refused:
        place = _place(example.theirs, (problem.path or "").split("."), example.place)
        _wrong(report, f"theirs is refused: {problem.message}", place)
    if refused:
        return False
    if not _compare(report, "theirs reads to another product", example.ours, read.tree, product, example.place):
        return False
    written = engine.write(plan, product, read.residue or None).record
    return _compare(report, "ours is written as another record", example.theirs, written, theirs, example.place)


def _loses(plan: Plan, example: Example, said: Any, product: Any, engine: Engine, report: Report) -> None:
    """The losses of writing the product without residue are those that the example names: paths, or path and kind."""
    found = [loss for loss in engine.write(plan, product).losses if loss.kind != "imprecise"]
    wanted = [one if isinstance(one, dict) else {"path": one} for one in said or ()]
    for one in wanted:
        if not any(_is_said(loss, one) for loss in found):
            _wrong(report, f"the loss of '{one.get('path')}' does not happen as the example says", example.place)
    for loss in found:
        if not any(_is_said(loss, one) for one in wanted):
            message = f"writing ours loses {loss.path} ({loss.kind}: {loss.reason}), which the example does not say"
            _wrong(report, message, _place(example.ours, loss.path.split("."), example.place))


def _is_said(loss: Loss, said: dict[str, Any]) -> bool:
    if said.get("path") != loss.path or said.get("kind", loss.kind) != loss.kind:
        return False
    return "becomes" not in said or same(said["becomes"], loss.becomes)


# --- differences -----------------------------------------------------------------------------------------------------


def _compare(report: Report, what: str, node: Any, found: Any, wanted: Any, place: Place | None) -> bool:
    """Whether a side is as wanted; one finding for all its differences, at the first of them."""
    lines = list(_differences(found, wanted, ()))
    if not lines:
        return True
    more = f"; and {len(lines) - MOST} more" if len(lines) > MOST else ""
    _wrong(report, f"{what}: {'; '.join(text for _, text in lines[:MOST])}{more}", _place(node, lines[0][0], place))
    return False


def _differences(found: Any, wanted: Any, path: tuple[str, ...]) -> Any:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in dict.fromkeys([*wanted, *found]):
            if key in found and key in wanted:
                yield from _differences(found[key], wanted[key], (*path, key))
            else:
                value = found.get(key, wanted.get(key))
                yield (*path, key), f"{'.'.join((*path, key))} is {'not there' if key in wanted else shown(value)}"
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for i, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from _differences(one, other, (*path, str(i)))
    elif not same(found, wanted):
        yield path, f"{'.'.join(path)} is {shown(found)}, not {shown(wanted)}"


def _place(node: Any, path: Any, otherwise: Place | None) -> Place | None:
    """The place of the value at a path of an example; of the nearest one above where there is none."""
    here = getattr(node, "place", None) or otherwise
    for step in path:
        if isinstance(node, YMap) and step in node:
            here = node.key(step).place
            node = node[step]
        elif isinstance(node, YList) and str(step).isdigit() and int(step) < len(node):
            node = node[int(step)]
            here = getattr(node, "place", here)
        else:
            return here
    return here
