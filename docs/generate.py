"""Write the reference pages that come from code: docs/reference/diagnostics.md and docs/reference/mapping-language.md.

Run with `make generated`; a test fails when a page and the code differ.
"""

from __future__ import annotations

from pathlib import Path

from metaharmon.diagnostics import KINDS
from metaharmon.lenses.date_forms import TOKENS
from metaharmon.lenses.date_sets import MEANINGS, SETS
from metaharmon.mapping.grammar import words_of
from metaharmon.mapping.syntax import CONSTRUCTS, File

REFERENCE = Path(__file__).resolve().parent / "reference"

FAMILIES = {
    "1": "The text of a file",
    "2": "The mapping language",
    "3": "The account of a mapping",
    "4": "Reading a record",
    "5": "Writing a record",
    "9": "metaharmon itself",
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
    return "\n".join([*lines, *date_forms(), ""])


def date_forms() -> list[str]:
    """What date forms are made of, and the named sets of them."""
    tokens = [f"| `{token}` | {means} |" for token, means in TOKENS]
    sets = [f"| `{name}` | {MEANINGS[name]} |" for name in SETS]
    return [
        "",
        "## date forms",
        "",
        "A form such as `YYYY-MM-DD HH:mm:ss`. Other ASCII letters are refused: `dd` is no day. A value is never written in",
        "a form that is finer than what is known; a moment is cut as its source states it, and never moved to another zone",
        "before (decision 0040).",
        "",
        "| token | is |",
        "|---|---|",
        *tokens,
        "",
        "Sets have names, so that a rule says `date: xsd`. `xsd`, `iso8601`, `rfc3339` and `isoformat` read the same: all",
        "forms of ISO 8601 and of the standards upon it (fractions of any length, no seconds, no zone, `+0800`, `+08`, a",
        "zone behind a day, days of weeks and of years, 24:00). They differ in what they write.",
        "",
        "| set | writes |",
        "|---|---|",
        *sets,
    ]


PAGES = {"diagnostics.md": diagnostics_page, "mapping-language.md": language_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
