"""From a mapping file to a Mapping: read, inherit, complete with its schema and shared tables.

A Mapping is frozen, picklable and located; it knows no registry. Parents are found by a function that the caller
gives. All findings of a file are collected in a Report.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import MappingError, MetaharmonError
from metaharmon.files.jsontext import loads
from metaharmon.files.textfile import decode
from metaharmon.lenses.base import FieldSpec
from metaharmon.mapping.grammar import Report, Skip, closest, construct, read_words
from metaharmon.mapping.named import package_folders, read_named
from metaharmon.mapping.needs import Need
from metaharmon.mapping.schemas import Schema, read_schema
from metaharmon.mapping.syntax import Defaults, Example, File, Rule, Table
from metaharmon.paths import Key, TheirPath
from metaharmon.yamltext import YMap, parse, read_file

MAX_DEPTH = 3
LONGEST_NAME = 100
"""Characters of a dialect's name; file systems refuse names that are much longer."""
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
    schemas: tuple[str, ...] = field(default=(), compare=False)
    """The files of that schema: its own, and those on which it builds."""

    @property
    def illustrative(self) -> bool:
        """True when the form was not published by the exchange that it is named after."""
        return bool(self.says.evidence and self.says.evidence.status == "illustrative")


@dataclass(frozen=True)
class Sources:
    """Where a mapping is read from: how a parent is found by its name, and the folders of the caller."""

    find: Callable[[str], Path | None]
    folders: tuple[Path, ...] = ()
    told: Callable[[str, str], None] | None = None
    """Called with the file and the text of every schema that is a JSON object."""

    def roots(self, file: Path) -> tuple[Path, ...]:
        """The folders in which what a mapping file names may stand."""
        return (file.parent, *self.folders, *package_folders())


def read_mapping_file(path: Path, report: Report, inside: Sequence[Path] = ()) -> File | None:
    """The words of one file, without its parents; findings go to the report. `inside`: folders of which it has to stand
    in one."""
    try:
        node = read_file(path, inside=inside)
    except MappingError as exc:
        report.extend(exc.diagnostics)
        return None
    if not isinstance(node, YMap):
        report.add(dx.WRONG_FORM, "a mapping file is a map of words such as dialect, fields, kept", node.place)
        return None
    return read_words(File, node, report)


def load_mapping(
    path: Path,
    find: Callable[[str], Path | None],
    report: Report,
    folders: Sequence[Path] = (),
    inside: Sequence[Path] = (),
    told: Callable[[str, str], None] | None = None,
) -> Mapping | None:
    """Read a file, its parents, its shared tables and its schema; None when it cannot be used at all.

    `folders` are those of the caller, in which what the file names may stand, too; `inside` are folders of which the
    file itself has to stand in one, where it was not named by the caller; `told` is called with the file and the text
    of every schema.
    """
    sources = Sources(find, tuple(folders), told)
    chain = _chain(path, sources, report, inside)
    if not chain:
        return None
    merged = _with_tables(chain[0][1], chain[0][0], sources, report)
    linked = any(said.linked for _, said in chain)
    found = _schema(chain[0][1], chain[0][0], sources, report, linked)
    specs, needs = tuple(found.specs.items()), found.need
    for file, said in chain[1:]:
        before = {text for text, _ in specs}
        merged, specs = _inherit(merged, specs, said, file, sources, report)
        _follow(needs, said, before - {text for text, _ in specs})
        if said.schema:
            found = _schema(said, file, sources, report, linked)
            specs, needs = tuple(found.specs.items()), found.need
    last_file, last = chain[-1]
    if not last.dialect:
        report.add(dx.MISSING_WORD, "a mapping file says 'dialect:', the id of the dialect", last.place)
        return None
    texts: dict[str, str] = {"schema": found.text} if merged.linked and found.text else {}
    for file, said in chain if merged.linked else ():
        texts.update(_contexts(said, file, sources, report))
    parents = tuple(str(said.dialect) for _, said in chain[:-1])
    return Mapping(str(last.dialect), str(last_file), merged, parents, specs, tuple(texts.items()), needs, found.files)


def _chain(path: Path, sources: Sources, report: Report, inside: Sequence[Path]) -> list[tuple[Path, File]]:
    """The file and its parents, oldest first."""
    chain: list[tuple[Path, File]] = []
    seen: set[Path] = set()
    here: Path | None = path
    while here is not None:
        said = read_mapping_file(here, report, inside)
        if said is None:
            return []
        chain.insert(0, (here, said))
        seen.add(here.resolve())
        if not said.extends:
            return chain
        place = getattr(said.extends, "place", None)
        parent = _parent(str(said.extends), here, sources)
        if parent is None:
            report.add(dx.INHERITANCE, f"there is no dialect {dx.shown(str(said.extends))} to extend", place)
            return []
        if parent.resolve() in seen or len(chain) > MAX_DEPTH:
            report.add(dx.INHERITANCE, f"the parents of this mapping run in a circle or deeper than {MAX_DEPTH}", place)
            return []
        inside = (parent.parent, *sources.roots(here))
        here = parent
    return chain


def _parent(name: str, here: Path, sources: Sources) -> Path | None:
    """The file of a parent: found by name, or beside the mapping. A parent is named, never a path."""
    if not is_name(name):
        return None
    beside = here.parent / f"{name}.yaml"
    return sources.find(name) or (beside if beside.is_file() else None)


def is_name(text: str) -> bool:
    """Whether a text may be the name of a dialect, and is no path."""
    return 0 < len(text) <= LONGEST_NAME and not set("/\\") & set(text) and not text.startswith(".")


def _schema(said: File, file: Path, sources: Sources, report: Report, linked: bool) -> Schema:
    return read_schema(said.schema, file, sources.folders, report, linked, sources.told) if said.schema else Schema()


def _follow(needs: Need, child: File, gone: set[str]) -> None:
    """What is required, after a child has renamed and removed fields of its parent."""
    for old, new in child.rename:
        if old.keys and new.keys:
            needs.moved(old.keys, new.keys)
    for text in gone:
        if "[" not in text and "{" not in text:
            needs.freed(tuple(text.split(".")))


def _contexts(said: File, file: Path, sources: Sources, report: Report) -> dict[str, str]:
    """The texts of the contexts that a JSON-LD dialect brings along, by their address; `context`: its own."""
    named = {**{str(url): name for url, name in said.contexts if url != "schema"}, "context": said.context}
    out = {}
    for key, name in named.items():
        if not name or (key == "context" and str(name) in dict(said.contexts)):
            continue
        try:
            found = read_named(name, file, sources.folders, dx.BAD_SCHEMA, "context")
            text = decode(found.data, str(found.path), MappingError)
            loads(text, str(found.path))
            out[key] = text
        except MetaharmonError as exc:
            report.extend(exc.diagnostics)
    return out


# --- inheritance (8): parent, rename, remove, then the child's keys ------------------------------------------------


def _inherit(parent: File, specs: Any, child: File, file: Path, sources: Sources, report: Report) -> tuple[File, Any]:
    base, specs = _renamed(parent, specs, child, report)
    base, specs = _removed(base, specs, child, report)
    child = _with_tables(child, file, sources, report, dict(base.codes))
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


def _with_tables(
    said: File, file: Path, sources: Sources, report: Report, parents: dict[str, Table] | None = None
) -> File:
    """The file with its shared tables read in and `only`, `add` applied."""
    tables = []
    for name, table in said.codes:
        base = (parents or {}).get(name) if not (table.pairs or table.file) and table.add else None
        if table.file:
            base = _table_file(table, file, sources, report)
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


def _table_file(table: Table, file: Path, sources: Sources, report: Report) -> Table | None:
    try:
        found = read_named(table.file, file, sources.folders, what="code table")
        node = parse(found.data, str(found.path))
    except MappingError as exc:
        report.extend(exc.diagnostics)
        return None
    if not isinstance(node, YMap):
        report.add(dx.WRONG_FORM, "a table file is a map with list and pairs", node.place)
        return None
    with suppress(Skip):
        said: Table = construct(Table).read(node, report)
        return said
    return None


def example_sides(example: Example) -> tuple[Any, Any, Any]:
    """The three sides of an example as JSON values."""
    from metaharmon.yamltext import to_json

    return tuple(None if side is None else to_json(side) for side in (example.theirs, example.ours, example.losses))  # type: ignore[return-value]
