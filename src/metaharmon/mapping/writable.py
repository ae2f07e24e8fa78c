"""What of theirs a rule may write: fields of objects, and lists at places of objects."""

from __future__ import annotations

from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.mapping.grammar import Report, Skip
from metaharmon.mapping.plan import Line, TheirSlot
from metaharmon.paths import Every, Key, Languages, TheirPath, Up


def is_field(slot: TheirSlot, read_only: bool) -> bool:
    """Whether a rule can read and write a field: it is no level of keys, and no list, which may be read only."""
    inner = slot.steps[1:] if slot.steps[:1] == (Up(),) else slot.steps
    known = all(isinstance(step, Key | Languages) or (read_only and step == Every()) for step in inner)
    return known and bool(inner or not slot.steps)


def check_list(theirs: TheirPath, level: bool, place: Any, report: Report) -> None:
    """Skip a list at a place that cannot be written: the record itself, or one that no container opens."""
    if not (theirs.steps or level) or not all(isinstance(step, Key | Languages) for step in theirs.steps):
        report.add(dx.WRONG_FORM, f"'{theirs.text}' is no place where a list can be written", place)
        raise Skip


def beside_no_whole(lines: list[Line], entry: bool, report: Report) -> list[Line]:
    """The rules without those that write a whole record, or a whole entry of which others write the fields."""
    fields = any(slot.steps for line in lines for slot in line.theirs)
    wrong = [line for line in lines if (fields or not entry) and any(not slot.steps for slot in line.theirs)]
    for line in wrong:
        message = "'.' is the whole entry of a list; a rule that writes it stands alone there"
        report.add(dx.RULE_CONFLICT, message, line.place)
    return [line for line in lines if line not in wrong] if wrong else lines
