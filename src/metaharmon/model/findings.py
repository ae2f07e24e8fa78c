"""What is worth saying of any product, whatever dialect it came from."""

from __future__ import annotations

from typing import Any

from metaharmon.diagnostics import BAD_CHECK_DIGIT, NOT_COMPLETE, Diagnostic
from metaharmon.model.uscc import uscc_problem

OF_PRODUCTS = frozenset({NOT_COMPLETE, BAD_CHECK_DIGIT})
"""The codes of these findings."""


def findings(tree: dict[str, Any]) -> list[Diagnostic]:
    """The warnings of a canonical tree: no identifier or title, wrong unified social credit codes (GB 32100-2015)."""
    out = []
    missing = [word for name, word in (("identifiers", "identifier"), ("title", "title")) if name not in tree]
    if missing:
        out.append(Diagnostic(NOT_COMPLETE, f"the product has no {' and no '.join(missing)}"))
    for role, parties in tree.get("parties", {}).items():
        for i, party in enumerate(parties):
            code = party.get("ids", {}).get("uscc")
            problem = uscc_problem(code) if code else None
            if problem:
                out.append(Diagnostic(BAD_CHECK_DIGIT, problem, path=f"parties.{role}.{i}.ids.uscc"))
    return out
