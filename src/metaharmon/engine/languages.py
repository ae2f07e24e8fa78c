"""Lists of words in a language (keywords) for dialects that hold one language only.

A text in another language than the dialect's is still said, and the loss says so; words likewise: those of all
languages are written in one list, each once, and become words in the dialect's language when it is read.
"""

from __future__ import annotations

from typing import Any

from metaharmon.diagnostics import Loss
from metaharmon.engine.residue import Residue
from metaharmon.lenses.reasons import read_as
from metaharmon.lenses.text import chosen_language
from metaharmon.mapping.plan import Plan, Tongues
from metaharmon.model import shape
from metaharmon.model.normal import same, sort_list
from metaharmon.paths import Key, get, leaf_text

WORDS = shape.ListOf(shape.Scalar("text"), "bag")
Spoken = tuple[tuple[str, ...], str, tuple[str, ...]]
"""A path, the dialect's language, and the other languages whose words stand with its own."""


def speak(tree: dict[str, Any], plan: Plan) -> tuple[dict[str, Any], list[Spoken]]:
    """The tree with such lists under the dialect's language, and which lists hold words of others."""
    spoken: list[Spoken] = []
    for path, language in plan.langlists:
        found: Any = tree
        for name in path:
            found = found.get(name) if found.__class__ is dict else None
        others = tuple(tag for tag in found or () if tag != language)
        if not others:
            continue
        words = list(found.get(language, ()))
        for tag in others:
            known = set(words)
            words += [word for word in found[tag] if word not in known]
        tree = _with(tree, path, {language: sort_list(words, WORDS)})
        spoken.append((path, language, others))
    return tree, spoken


def _with(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A tree with another value at a path; what is not on the way is shared."""
    head, rest = path[0], path[1:]
    return {**tree, head: _with(tree[head], rest, value) if rest else value}


def settle(losses: list[Loss], tree: dict[str, Any], spoken: list[Spoken]) -> None:
    """Report each such list as changed as a whole, in place of what was found inside it."""
    for path, language, others in spoken:
        whole = ".".join(path)
        inside = f"{whole}.{language}"
        mine = [loss for loss in losses if loss.path in (whole, inside) or loss.path.startswith(f"{inside}.")]
        losses[:] = [loss for loss in losses if loss not in mine]
        words: Any = tree
        for name in (*path, language):
            words = words[name]
        gone = {loss.path for loss in mine if loss.kind == "omitted"}
        left = [] if gone & {whole, inside} else [word for i, word in enumerate(words) if f"{inside}.{i}" not in gone]
        added = [loss.becomes for loss in mine if loss.kind == "added"]  # what another list says is one of them there
        left = sort_list([*left, *added], WORDS) if added else left
        place = next((loss.rule for loss in mine), None)
        if left:
            tags = "' and '".join(sorted(others))
            losses.append(Loss(whole, "changed", read_as(language, tags, "words"), {language: left}, place))
        else:
            losses.append(Loss(whole, "omitted", next(loss.reason for loss in mine), rule=place))


def gather(record: dict[str, Any], tongues: tuple[Tongues, ...]) -> None:
    """What has no language joins the texts, where these are in another language than the dialect's default; what is
    required of every language stands in all.

    Of a record written afresh: `{zh: {name}, en: {id}}` becomes `{zh: {name, id}}`, which reads the same.
    """
    for one in tongues:
        level = get(record, tuple(map(Key, one.keys)))
        if level.__class__ is dict and len(level) > 1:
            made = _gathered(level, one)
            level.clear()
            level.update(made)


def note_apart(record: Any, tongues: tuple[Tongues, ...], residue: Residue) -> None:
    """Of a record that was read: that what has no language stands otherwise than it would be written."""
    for one in tongues:
        level = get(record, tuple(map(Key, one.keys)))
        if level.__class__ is dict and len(level) > 1 and not same(_gathered(level, one), level):
            residue.frames[leaf_text(one.keys)] = "apart"


def _gathered(level: dict[str, Any], one: Tongues) -> dict[str, Any]:
    """A level of languages as it is written afresh."""
    said = {tag: below for tag, below in level.items() if below.__class__ is dict and below}
    mine, others = said.get(one.language), {tag: below for tag, below in said.items() if tag != one.language}
    out = dict(level)
    if mine and others and one.names.issuperset(mine):
        tag = chosen_language(others, one.language)
        if not one.names & set(others[tag]):
            out[tag] = {**others[tag], **out.pop(one.language)}
    for name in sorted(one.needed):
        found = [out[tag][name] for tag in sorted(said, key=lambda tag: (tag != one.language, tag))
                 if tag in out and name in out[tag]]  # fmt: skip
        for tag in said if found else ():
            if tag in out and name not in out[tag]:
                out[tag] = {**out[tag], name: found[0]}
    return out
