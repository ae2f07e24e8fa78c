"""What a mapping file says of itself: title, version, evidence."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Place
from metaharmon.mapping.grammar import Report, place_of
from metaharmon.mapping.load import Mapping
from metaharmon.mapping.syntax import File

ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?")
CANONICAL = "1"
ILLUSTRATIVE = {"zh": ("示例", "示意"), "en": ("illustrative",)}
"""Words of which a title has one, where the form was not published or observed."""


def check_head(mapping: Mapping, report: Report) -> None:
    """The words by which a file is known: of every file, and of those that can be loaded by themselves."""
    says = mapping.says
    start = place_of(says.dialect) or Place(mapping.file, 1, 1)
    if not ID.fullmatch(str(says.dialect)):
        report.add(dx.WRONG_FORM, f"'{says.dialect}' is no id: lower case letters, digits, hyphens and dots", start)
    _version(says, start, report)
    _title(says, start, report)
    if says.abstract:
        return
    _evidence(says, start, report)
    if not says.examples:
        report.add(dx.MISSING_WORD, "a mapping has at least one example, checked in both directions", start)


def _version(says: File, start: Place, report: Report) -> None:
    if says.version is None:
        report.add(dx.MISSING_WORD, "a mapping file says its version, such as 1.0.0", start)
    elif not VERSION.fullmatch(str(says.version)):
        message = f"'{says.version}' is no version of the form 1.0.0 (Semantic Versioning 2.0.0)"
        report.add(dx.WRONG_FORM, message, place_of(says.version) or start)
    if says.canonical is None:
        report.add(dx.MISSING_WORD, f"a mapping file says `canonical: {CANONICAL}`, the version of our schema", start)
    elif says.canonical != CANONICAL:
        message = f"this release knows version {CANONICAL} of the canonical schema, not '{says.canonical}'"
        report.add(dx.WRONG_FORM, message, place_of(says.canonical) or start)


def _title(says: File, start: Place, report: Report) -> None:
    titles: dict[str, Any] = {str(tag): text for tag, text in says.title}
    lacking = [tag for tag in ("zh", "en") if not titles.get(tag)]
    if lacking:
        report.add(dx.MISSING_WORD, f"a mapping has a title in zh and en; missing: {', '.join(lacking)}", start)
    if says.evidence is None or says.evidence.status != "illustrative":
        return
    for tag, words in ILLUSTRATIVE.items():
        text = titles.get(tag)
        if text and not any(word in str(text).lower() for word in words):
            message = f"an illustrative mapping says so in its title: {' or '.join(words)}"
            report.add(dx.BAD_EVIDENCE, message, place_of(text) or start)


def _evidence(says: File, start: Place, report: Report) -> None:
    evidence = says.evidence
    if evidence is None:
        report.add(dx.BAD_EVIDENCE, "a mapping says its evidence: status, date and sources", start)
        return
    lacking = [name for name in ("status", "date", "sources") if not getattr(evidence, name)]
    if lacking:
        report.add(dx.BAD_EVIDENCE, f"the evidence lacks {', '.join(lacking)}", evidence.place)
    if evidence.date:
        try:
            date.fromisoformat(str(evidence.date))
        except ValueError:
            message = f"'{evidence.date}' is no date of the form 2026-01-31 (ISO 8601-1, 5.2.2)"
            report.add(dx.BAD_EVIDENCE, message, place_of(evidence.date) or evidence.place)
