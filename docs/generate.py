"""Write the reference pages that come from code: docs/reference/diagnostics.md and docs/reference/mapping-language.md.

Run with `make generated`; a test fails when a page and the code differ.
"""

from __future__ import annotations

from pathlib import Path

from metaharmon.diagnostics import KINDS
from metaharmon.mapping.grammar import words_of
from metaharmon.mapping.syntax import CONSTRUCTS, File

REFERENCE = Path(__file__).resolve().parent / "reference"

FAMILIES = {
    "1": "The text of a file",
    "2": "The mapping language",
    "3": "The account of a mapping",
    "4": "Reading a record",
    "5": "Writing a record",
}
NAMES = {
    "Span": "duration, frequency",
    "Form_": "template",
    "CaseRow": "cases",
    "Table": "codes",
    "File": "a mapping file",
}


def diagnostics_page() -> str:
    """Every code with its meaning, by family."""
    lines = [
        "# Diagnostics",
        "",
        "Written by `make generated` from `src/metaharmon/diagnostics.py`. Every finding has a code, a severity, one sentence and a place;",
        "often a hint. `error` findings refuse the file or the record, `warning` and `info` do not.",
    ]
    family = ""
    for code, kind in KINDS.items():
        if code[2] != family:
            family = code[2]
            lines += [
                "",
                f"## {code[:3]}xx: {FAMILIES[family]}",
                "",
                "| code | name | severity | meaning |",
                "|---|---|---|---|",
            ]
        lines.append(f"| {code} | {kind.name} | {kind.severity} | {kind.meaning} |")
    return "\n".join([*lines, ""])


def language_page() -> str:
    """Every word of the mapping language, by construct."""
    lines = [
        "# The words of the mapping language",
        "",
        "Written by `make generated` from `src/metaharmon/mapping/syntax.py`. How the words work together is told in the",
        "[tutorial](../tutorial/first-mapping.md) and the how-to pages; editors complete them by `schemas/mapping-1.schema.json`.",
    ]
    for construct in (File, *CONSTRUCTS):
        name = NAMES.get(construct.__name__, construct.__name__.lower())
        lines += ["", f"## {name}", "", (construct.__doc__ or "").strip(), "", "| word | meaning |", "|---|---|"]
        lines += [f"| `{word}` | {spec.metadata['doc']} |" for word, spec in words_of(construct).items()]
    return "\n".join([*lines, ""])


PAGES = {"diagnostics.md": diagnostics_page, "mapping-language.md": language_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
