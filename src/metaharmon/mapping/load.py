"""From a mapping file to a Mapping: read, inherit, complete with its schema and shared tables.

A Mapping is frozen, picklable and located; it knows no registry. Parents are found by a function that the caller
gives. All findings of a file are collected in a Report.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import MappingError
from metaharmon.lenses.base import FieldSpec
from metaharmon.mapping.grammar import Report, Skip, closest, construct, read_words
from metaharmon.mapping.needs import Need
from metaharmon.mapping.schemas import read_schema
from metaharmon.mapping.syntax import Defaults, Example, File, Rule, Table
from metaharmon.paths import Key, TheirPath
from metaharmon.yamltext import YMap, read_file

MAX_DEPTH = 3
NOT_INHERITED = (
    "dialect",
    "title",
    "version",
    "abstract",
    "extends",
    "rename",
    "remove",
    "examples",
    "evidence",
    "place",
)
MERGED_BY_KEY = ("fields", "derived", "codes", "kept", "absent", "holds", "places", "alone", "prefixes", "contexts")


@dataclass(frozen=True)
class Mapping:
    """One dialect's mapping, resolved: what the file and its parents say, with the fields of its schema."""

    name: str
    file: str
    says: File
    parents: tuple[str, ...]
    specs: tuple[tuple[str, FieldSpec], ...]
    """Every leaf field of the dialect's schema: (path text with [] for list levels, what the schema says of it)."""
    texts: tuple[tuple[str, str], ...] = ()
    """Files that a JSON-LD dialect brings along, with their texts: `schema`, `context`, its contexts by address."""
    needs: Need = field(default_factory=Need, compare=False)
    """What the dialect's schema requires, at every depth."""

    @property
    def illustrative(self) -> bool:
        """True when the form was not published by the exchange that it is named after."""
        return bool(self.says.evidence and self.says.evidence.status == "illustrative")


def read_mapping_file(path: Path, report: Report) -> File | None:
    """The words of one file, without its parents; findings go to the report."""
    try:
        node = read_file(path)
    except MappingError as exc:
        report.extend(exc.diagnostics)
        return None
    if not isinstance(node, YMap):
        report.add(dx.WRONG_FORM, "a mapping file is a map of words such as dialect, fields, kept", node.place)
        return None
    return read_words(File, node, report)


def load_mapping(path: Path, find: Callable[[str], Path | None], report: Report) -> Mapping | None:
    """Read a file, its parents, its shared tables and its schema; None when it cannot be used at all."""
    chain = _chain(path, find, report)
    if not chain:
        return None
    merged = _with_tables(chain[0][1], chain[0][0], report)
    specs, needs = _specs(chain[0][1], chain[0][0], report)
    for file, said in chain[1:]:
        before = {text for text, _ in specs}
        merged, specs = _inherit(merged, specs, said, file, report)
        _follow(needs, said, before - {text for text, _ in specs})
        if said.schema:
            specs, needs = _specs(said, file, report)
    last_file, last = chain[-1]
    if not last.dialect:
        report.add(dx.MISSING_WORD, "a mapping file says 'dialect:', the id of the dialect", last.place)
        return None
    texts: dict[str, str] = {}
    for file, said in chain if merged.linked else ():
        texts.update(_texts(said, file, report))
    parents = tuple(str(said.dialect) for _, said in chain[:-1])
    return Mapping(str(last.dialect), str(last_file), merged, parents, specs, tuple(texts.items()), needs)


def _chain(path: Path, find: Callable[[str], Path | None], report: Report) -> list[tuple[Path, File]]:
    """The file and its parents, oldest first."""
    chain: list[tuple[Path, File]] = []
    seen: set[Path] = set()
    here: Path | None = path
    while here is not None:
        said = read_mapping_file(here, report)
        if said is None:
            return []
        chain.insert(0, (here, said))
        seen.add(here.resolve())
        if not said.extends:
            return chain
        parent = find(str(said.extends)) or _beside(here, str(said.extends))
        if parent is None:
            report.add(
                dx.INHERITANCE, f"there is no dialect '{said.extends}' to extend", getattr(said.extends, "place", None)
            )
            return []
        if parent.resolve() in seen or len(chain) > MAX_DEPTH:
            report.add(
                dx.INHERITANCE,
                f"the parents of this mapping run in a circle or deeper than {MAX_DEPTH}",
                getattr(said.extends, "place", None),
            )
            return []
        here = parent
    return chain


def _beside(path: Path, name: str) -> Path | None:
    other = path.parent / f"{name}.yaml"
    return other if other.is_file() else None


def _specs(said: File, file: Path, report: Report) -> tuple[tuple[tuple[str, FieldSpec], ...], Need]:
    if not said.schema:
        return (), Need()
    specs, needs = read_schema(file.parent / str(said.schema), said.schema, report)
    return tuple(specs.items()), needs


def _follow(needs: Need, child: File, gone: set[str]) -> None:
    """What is required, after a child has renamed and removed fields of its parent."""
    for old, new in child.rename:
        if old.keys and new.keys:
            needs.moved(old.keys, new.keys)
    for text in gone:
        if "[" not in text and "{" not in text:
            needs.freed(tuple(text.split(".")))


def _texts(said: File, file: Path, report: Report) -> dict[str, str]:
    """The texts of the files that a JSON-LD dialect needs: its schema and contexts."""
    named = {"schema": said.schema, "context": said.context, **{str(url): name for url, name in said.contexts}}
    out = {}
    for key, name in named.items():
        if not name or (key == "context" and str(name) in dict(said.contexts)):
            continue
        try:
            out[key] = (file.parent / str(name)).read_text("utf-8")
            json.loads(out[key])
        except (OSError, ValueError):
            report.add(dx.BAD_SCHEMA, f"the file '{name}' cannot be read as JSON", getattr(name, "place", said.place))
    return out


# --- inheritance (8): parent, rename, remove, then the child's keys ------------------------------------------------


def _inherit(parent: File, specs: Any, child: File, file: Path, report: Report) -> tuple[File, Any]:
    base, specs = _renamed(parent, specs, child, report)
    base, specs = _removed(base, specs, child, report)
    child = _with_tables(child, file, report, dict(base.codes))
    changes: dict[str, Any] = {}
    for spec in dataclasses.fields(File):
        name = spec.name
        mine, theirs = getattr(child, name), getattr(base, name)
        if name in MERGED_BY_KEY:
            changes[name] = _merged(theirs, mine)
        elif name == "defaults":
            changes[name] = _merged_defaults(theirs, mine)
        elif name in NOT_INHERITED or mine not in (None, (), False):
            changes[name] = mine
        else:
            changes[name] = theirs
    # a path that the child maps is absent no longer; a field that it maps is kept no longer
    mapped = {str(k) for k, _ in child.fields}
    changes["absent"] = tuple((k, v) for k, v in changes["absent"] if str(k) not in mapped or (k, v) in child.absent)
    return File(**changes), specs


def _merged(theirs: tuple[Any, ...], mine: tuple[Any, ...]) -> tuple[Any, ...]:
    """Child entries replace the parent's of the same key, whole."""
    own = {str(k) for k, _ in mine}
    return (*((k, v) for k, v in theirs if str(k) not in own), *mine)


def _merged_defaults(theirs: Defaults | None, mine: Defaults | None) -> Defaults | None:
    if theirs is None or mine is None:
        return mine or theirs
    return replace(
        theirs,
        **{f.name: getattr(mine, f.name) for f in dataclasses.fields(mine) if getattr(mine, f.name) not in (None, ())},
    )


def _renamed(parent: File, specs: Any, child: File, report: Report) -> tuple[File, Any]:
    if not child.rename:
        return parent, specs
    table = [(old.steps, new.steps, old) for old, new in child.rename]
    used: set[str] = set()

    def moved(path: TheirPath, prefix: tuple[Any, ...]) -> TheirPath:
        whole = prefix + path.steps
        for old, new, said in table:
            if whole[: len(old)] == old and len(prefix) < len(old):
                used.add(said.text)
                steps = new[len(prefix) :] + whole[len(old) :]
                return TheirPath(".".join(s.name if isinstance(s, Key) else path.text for s in steps), steps)
        return path

    out = walk_paths(parent, moved, ())
    renames = {old.text: new.text for old, new in child.rename}
    specs = tuple((renames.get(text, text), spec) for text, spec in specs)
    known = {text for text, _ in specs}
    for old, new in child.rename:
        if old.text not in used and new.text not in known:
            report.add(
                dx.INHERITANCE,
                f"the parent has no field '{old.text}' to rename",
                getattr(old.text, "place", child.place),
            )
    return out, specs


_INSIDE = ("fields", "derived", "kept", "where", "holds")
"""Words of a rule whose paths are relative to its list or object."""


def walk_paths(
    node: Any, moved: Callable[[TheirPath, tuple[Any, ...]], TheirPath], prefix: tuple[Any, ...], into: bool = True
) -> Any:
    """The same construct with every path of theirs moved; inside `each` paths are relative to the list.

    Without `into`, what is relative to a list or an object of its own stays as it is.
    """
    if isinstance(node, TheirPath):
        return moved(node, prefix)
    if isinstance(node, tuple):
        return tuple(walk_paths(item, moved, prefix, into) for item in node)
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    inner, whole = prefix, ("place", "rename")
    if isinstance(node, Rule) and (node.each or node.one):
        inner = prefix + (node.each or node.one).steps  # type: ignore[union-attr]
        whole = whole if into else (*whole, *_INSIDE)
    changes = {}
    for spec in dataclasses.fields(node):
        value = getattr(node, spec.name)
        here = inner if spec.name in _INSIDE else prefix
        changes[spec.name] = value if spec.name in whole else walk_paths(value, moved, here, into)
    return type(node)(**changes)


def _removed(parent: File, specs: Any, child: File, report: Report) -> tuple[File, Any]:
    changes: dict[str, Any] = {}
    gone: set[str] = set()
    for section, names in child.remove:
        if section not in ("fields", "codes", "kept", "absent", "derived"):
            report.add(
                dx.UNKNOWN_WORD,
                f"'remove' has no section '{section}'",
                getattr(section, "place", None),
                closest(section, ("fields", "codes", "kept", "absent", "derived")),
            )
            continue
        entries = changes.get(section, getattr(parent, section))
        if section == "fields":
            entries, names = _without_inner(entries, names)
        known = {str(k) for k, _ in entries}
        for name in names:
            if str(name) not in known:
                report.add(
                    dx.INHERITANCE,
                    f"the parent has no '{name}' in {section} to remove",
                    getattr(name, "place", None),
                    closest(name, known),
                )
        cut = [(k, v) for k, v in entries if str(k) in set(map(str, names))]
        changes[section] = tuple(e for e in entries if e not in cut)
        for key, value in cut:
            gone |= {key.text} if isinstance(key, TheirPath) else field_texts(value)
    if not changes:
        return parent, specs
    left = replace(parent, **changes)
    still = set()
    for _, rule in (*left.fields, *child.fields):
        still |= field_texts(rule)
    still |= {k.text for k, _ in (*left.kept, *left.derived, *child.kept, *child.derived)}
    return left, tuple((t, s) for t, s in specs if t not in gone - still)


def _without_inner(entries: Any, names: Any) -> tuple[Any, list[Any]]:
    """Rules without rules inside their entries, named by both paths (`structure.tables.foreign_keys`); other names."""
    left = []
    for name in names:
        found = next(
            ((k, rule, inner) for k, rule in entries for inner, _ in rule.fields if str(name) == f"{k}.{inner}"), None
        )
        if found is None or any(str(k) == str(name) for k, _ in entries):
            left.append(name)
            continue
        key, rule, inner = found
        rest = replace(rule, fields=tuple((n, r) for n, r in rule.fields if n != inner))
        entries = tuple((k, rest if k == key else r) for k, r in entries)
    return entries, left


def field_texts(rule: Any) -> set[str]:
    """The texts of the fields of theirs that a rule names, as seen from the record."""
    out: set[str] = set()

    def note(path: TheirPath, prefix: tuple[Any, ...]) -> TheirPath:
        out.add(path.text)
        return path

    if isinstance(rule, Rule):
        walk_paths(rule, note, ())
    return out


# --- code tables ---------------------------------------------------------------------------------------------------


def _with_tables(said: File, file: Path, report: Report, parents: dict[str, Table] | None = None) -> File:
    """The file with its shared tables read in and `only`, `add` applied."""
    tables = []
    for name, table in said.codes:
        base = (parents or {}).get(name) if not (table.pairs or table.file) and table.add else None
        if table.file:
            base = _table_file(file.parent / str(table.file), table, report)
        if base is not None:
            kept = [(k, v) for k, v in base.pairs if not table.only or str(k) in set(map(str, table.only))]
            table = replace(
                base,
                place=table.place,
                pairs=_merged(tuple(kept), table.pairs),
                file=None,
                only=(),
                add=table.add,
                unmapped=table.unmapped or base.unmapped,
                rest=table.rest or base.rest,
                list=table.list or base.list,
            )
        if table.add:
            table = replace(table, pairs=_added(table.pairs, table.add), add=())
        tables.append((name, table))
    return replace(said, codes=tuple(tables))


def _added(pairs: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    """Pairs with further spellings behind those that are there."""
    out = {str(k): (k, v) for k, v in pairs}
    for key, value in more:
        if str(key) in out:
            old = out[str(key)][1]
            both = [*(old if isinstance(old, list) else [old]), *(value if isinstance(value, list) else [value])]
            out[str(key)] = (key, both)
        else:
            out[str(key)] = (key, value)
    return tuple(out.values())


def _table_file(path: Path, table: Table, report: Report) -> Table | None:
    try:
        node = read_file(path)
        if not isinstance(node, YMap):
            report.add(dx.WRONG_FORM, "a table file is a map with list and pairs", node.place)
            return None
        return construct(Table).read(node, report)
    except MappingError:
        report.add(
            dx.UNREADABLE, f"the code table '{table.file}' cannot be read", getattr(table.file, "place", table.place)
        )
    except Skip:
        return None
    return None


def example_sides(example: Example) -> tuple[Any, Any, Any]:
    """The three sides of an example as JSON values."""
    from metaharmon.yamltext import to_json

    return tuple(None if side is None else to_json(side) for side in (example.theirs, example.ours, example.losses))  # type: ignore[return-value]
