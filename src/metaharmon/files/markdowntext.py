"""Markdown by its headings: a sheet or a card as one object, each heading a member and its text the value.

The front matter is the member `---`. A first heading with no text of its own, over headings of a lower level or of the
same, is the title of the document and its member is `#`. Levels are forgotten; a heading that stands several times
holds a list. Lines in code blocks are no headings.
"""

from __future__ import annotations

from typing import Any

FRONT, TITLE = "---", "#"


def split(text: str) -> tuple[str | None, list[tuple[str, str]], str]:
    """The front matter, the (heading, text) pairs in their order, and what stands before the first heading."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    front = None
    if lines and lines[0].rstrip() == FRONT:
        end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FRONT), None)
        if end is not None:
            front, lines = "\n".join(lines[1:end]), lines[end + 1 :]
    found: list[tuple[str, list[str]]] = []
    before: list[str] = []
    fence = ""
    for line in lines:
        mark = line.lstrip(" ")[:3]
        if mark in ("```", "~~~") and fence in ("", mark):
            fence = "" if fence else mark
        name = None if fence else _heading(line)
        if name is not None:
            found.append((name, []))
        else:
            (found[-1][1] if found else before).append(line)
    return front, [(name, "\n".join(body).strip()) for name, body in found], "\n".join(before).strip(" \n\t-")


def _heading(line: str) -> str | None:
    """The text of a heading of one to six signs; None for any other line."""
    signs = len(line) - len(line.lstrip("#"))
    if not 1 <= signs <= 6 or line[signs : signs + 1] not in ("", " ", "\t"):
        return None
    return line[signs:].strip().rstrip("#").strip() or None


def tree_of(front: Any, sections: list[tuple[str, str]], before: str) -> dict[str, Any]:
    """The object of a document, its front matter as it was read."""
    tree: dict[str, Any] = {} if front is None else {FRONT: front}
    if before:
        tree[""] = before
    for i, (name, body) in enumerate(sections):
        if i == 0 and not body and len(sections) > 1:
            tree[TITLE] = name
            continue
        known = tree.get(name)
        tree[name] = body if known is None else [*(known if isinstance(known, list) else [known]), body]
    return tree
