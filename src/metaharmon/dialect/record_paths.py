"""Paths to the records of a document, as `--records-at` takes them.

`data.rows`: members, joined by dots; the last one holds one record or a list of records. `[]` stands for every entry of
a list: `pages[].rows`, or `[]` for a list of lists. A number is one entry: `results.0`. `.` is the document itself.
Where a name has a dot or a bracket, the path is a JSON list: `["a.b", "rows"]`.
"""

from __future__ import annotations

import json
from typing import Any

from metaharmon.diagnostics import NO_RECORDS, Diagnostic, RecordError

EVERY = "[]"
Steps = tuple[str, ...]
"""Names, numbers of entries as text, and `[]`."""


def parse(text: str) -> Steps:
    """The steps of a path. Raises ValueError with one sentence."""
    if text.startswith('["'):
        try:
            steps = json.loads(text)
        except ValueError:
            steps = None
        if not isinstance(steps, list) or not all(isinstance(step, str | int) for step in steps):
            raise ValueError(f"'{text}' begins like a JSON list of names, and is none")
        return tuple(map(str, steps))
    if text == ".":
        return ()
    steps = []
    for segment in text.split("."):
        name = segment
        while name.endswith(EVERY):
            name = name.removesuffix(EVERY)
        if "[" in name or "]" in name or (not name and (not segment or steps)):
            raise ValueError(f"'{text}' is no path such as data.rows, pages[].rows, results.0 or '.'")
        steps += [name] * bool(name) + [EVERY] * ((len(segment) - len(name)) // len(EVERY))
    return tuple(steps)


def shown(steps: Steps) -> str:
    """The text of a path; that its last place is a list need not be said."""
    if steps[-1:] == (EVERY,):
        steps = steps[:-1]
    if not steps:
        return "."
    if any(step != EVERY and (not step or set(".[]") & set(step) or step != step.strip()) for step in steps):
        return json.dumps(list(steps), ensure_ascii=False)
    text = ""
    for step in steps:
        text += step if step == EVERY or not text else f".{step}"
    return text


def values_at(document: Any, steps: Steps) -> tuple[list[Any], bool]:
    """The values at a path, and whether they stand in a list. Raises RecordError where there is none."""
    here, listed = [document], False
    for i, step in enumerate(steps):
        below: list[Any] = []
        for one in here:
            below.extend(_below(one, step))
        if not below and not (step == EVERY and any(one.__class__ is list for one in here)):
            _nothing(steps, i, here)
        here, listed = below, listed or step == EVERY
    out: list[Any] = []
    for one in here:
        if one.__class__ not in (dict, list):
            raise RecordError([Diagnostic(NO_RECORDS, f"at '{shown(steps)}' stands neither an object nor a list")])
        listed = listed or one.__class__ is list
        out.extend(one if one.__class__ is list else [one])
    return out, listed


def _below(one: Any, step: str) -> list[Any]:
    if step == EVERY:
        return list(one) if one.__class__ is list else []
    if one.__class__ is dict:
        return [one[step]] if step in one else []
    if one.__class__ is list and step.isascii() and step.isdigit() and len(step) < 10 and int(step) < len(one):
        return [one[int(step)]]
    return []


def _nothing(steps: Steps, i: int, here: list[Any]) -> None:
    """There is no such place: say what there is."""
    above = shown((*steps[:i], "")[:-1]) if i else "the document"
    names = list(dict.fromkeys(name for one in here if one.__class__ is dict for name in one))
    if names:
        hint = f"{above} has: {', '.join(map(str, names[:8]))}" + (" and more" if len(names) > 8 else "")
    else:
        is_list = any(one.__class__ is list for one in here)
        hint = f"{above} is {'a list: [] stands for each of its entries' if is_list else 'no object'}"
    raise RecordError([Diagnostic(NO_RECORDS, f"the document has nothing at '{shown(steps)}'", hint=hint)])
