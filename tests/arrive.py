"""Law 7, seen from outside: a checker that walks a raw record and looks for every leaf in what a translation says.

It knows nothing of how the account is made: it compares values, and translations of records that differ in one leaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from metaharmon.containers import Adjoined
from metaharmon.files.jsontext import dumps
from metaharmon.lenses.clauses import Silence
from metaharmon.mapping.plan import Plan, Scope
from metaharmon.paths import Key, Languages, Match

Path = tuple[str | int, ...]
ANY = "*"


def leaves(raw: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf of a record, with its path."""
    if isinstance(raw, dict) and raw:
        for key, below in raw.items():
            yield from leaves(below, (*path, key))
    elif isinstance(raw, list) and raw:
        for i, below in enumerate(raw):
            yield from leaves(below, (*path, i))
    else:
        yield path, raw


def without(raw: Any, path: Path) -> Any:
    """The record without one leaf, and without what is left empty by that; None where nothing is left."""
    head, rest = path[0], path[1:]
    below = without(raw[head], rest) if rest else None
    if isinstance(raw, list):
        return [*raw[:head], *([] if below is None else [below]), *raw[head + 1 :]] or None  # type: ignore[operator]
    kept = {key: below if key == head else value for key, value in raw.items() if key != head or below is not None}
    return kept or None


def changed(raw: Any, path: Path) -> Any:
    """The record with another value in one leaf, of the same type."""
    if not path:
        return raw + "x" if isinstance(raw, str) else not raw if isinstance(raw, bool) else raw + 1
    if isinstance(raw, list):
        return [changed(one, path[1:]) if i == path[0] else one for i, one in enumerate(raw)]
    return {key: changed(value, path[1:]) if key == path[0] else value for key, value in raw.items()}


def told(done: Any) -> Any:
    """All that a translation says: the record and the report."""
    return (
        None if done.record is None else dumps(done.record),
        [(loss.path, loss.kind, loss.reason, dumps(loss.value), dumps(loss.becomes)) for loss in done.losses],
        [(left.path, left.outcome, dumps(left.value)) for left in done.left],
        [(problem.code, problem.path, problem.message) for problem in done.problems],
    )


def stands_in(value: Any, whole: Any) -> bool:
    """Whether a value, or its text, stands somewhere in a JSON value, alone or in a longer text."""
    if isinstance(whole, dict):
        return any(stands_in(value, one) for one in (*whole, *whole.values()))
    if isinstance(whole, list):
        return any(stands_in(value, one) for one in whole)
    if isinstance(value, bool) or isinstance(whole, bool) or whole is None:
        return value is whole
    return _text(value) == _text(whole) or (isinstance(whole, str) and len(_text(value)) > 3 and _text(value) in whole)


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def is_told(path: Path, value: Any, done: Any) -> bool:
    """Whether a leaf is in the other's record, or in the report by its value or path."""
    report = [one for loss in done.losses for one in (loss.value, loss.becomes)]
    by_path = any(_names_it(left.path, path) and _same(left.value, value) for left in done.left)
    return by_path or stands_in(value, done.record) or any(stands_in(value, one) for one in report)


def _names_it(shown: str, path: Path) -> bool:
    """Whether a path of a report may be that of a leaf: its names are among those that are shown."""
    return all(str(step) in shown for step in path if isinstance(step, str) and step.isidentifier())


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and a == b


def restating(plan: Plan) -> set[Path]:
    """The fields that the mapping says only restate others, by their names from the record on: computed ones, labels of
    codes, constants by which entries are told apart."""
    found: set[Path] = set()
    waiting: list[tuple[Scope, Path, frozenset[int]]] = [(plan.record, (), frozenset())]
    while waiting:
        scope, at, above = waiting.pop()
        if id(scope) not in above:  # entries may hold entries like themselves
            found |= {(*at, *_names(steps)) for steps in _restating(scope)}
            inside = above | {id(scope)}
            waiting += [(block.scope, (*at, *_names(block.theirs.steps)), inside) for block in scope.blocks]
    return found


def _restating(scope: Scope) -> Iterator[Any]:
    for one in scope.derived:
        yield one.slot.steps
    for cell in scope.cells:
        for line, fields in zip(cell.lines, cell.fields_of, strict=True):
            yield from (cell.theirs[i].steps for n, i in enumerate(fields) if line.clause.restates(n))


def _names(steps: Any) -> Path:
    return tuple(s.name for s in steps if isinstance(s, Key))


def _last(steps: Any) -> str:
    named = [s.name if isinstance(s, Key) else s.key for s in steps if isinstance(s, Key | Match)]
    return named[-1].rpartition(":")[2] if named and not isinstance(steps[-1], Languages) else ANY


def is_restating(plan: Plan, path: Path) -> bool:
    """Whether a leaf is such a field, or lies in one; of linked data, whose keys mean what their context says, by its
    last name, and what says how and not what: a context, a type."""
    names = tuple(step for step in path if isinstance(step, str))
    known = restating(plan)
    if plan.linked is None:
        return any(_is_one(names, one) for one in known)
    plain = {str(name).rpartition(":")[2] for name in names}
    return not plain.isdisjoint(
        {"@context", "@type", "type", *(str(one[-1]).rpartition(":")[2] for one in known if one)}
    )


def _is_one(names: Path, known: Path) -> bool:
    """Whether a leaf is a field, or lies in it; on the way the mapping may name an entry that is found in a list, or
    pass over the name of an only one."""
    if names[: len(known)] == known:
        return True
    longer, shorter = (iter(known), names) if len(known) > len(names) else (iter(names), known)
    return bool(known) and names[-1:] == known[-1:] and all(name in longer for name in shorter)


def markers(plan: Plan) -> list[Silence]:
    """How any field of a dialect says nothing."""
    found, waiting, seen = [plan.silence], [plan.record], set()
    while waiting:
        scope = waiting.pop()
        if id(scope) in seen:
            continue
        seen.add(id(scope))
        waiting.extend(block.scope for block in scope.blocks)
        lines = [line for cell in scope.cells for line in cell.lines]
        found += [s for line in lines for i in range(line.clause.fields) if (s := line.clause.silence_of(i))]
    return list({(one.markers, one.between): one for one in found}.values())


def says_something(value: Any, silences: list[Silence]) -> bool:
    """Whether a leaf is neither null nor empty nor a marker of absence of some field, nor a list in a text of such."""
    inside = value.strip("[]{}'\" ") if isinstance(value, str) else value
    return not any(silence.absent(one) for silence in silences for one in (value, inside))


def aliases(plan: Plan) -> list[set[str]]:
    """The last names of fields that are spellings of one field."""
    found, waiting, seen = [], [plan.record], set()
    while waiting:
        scope = waiting.pop()
        if id(scope) not in seen:
            seen.add(id(scope))
            waiting.extend(block.scope for block in scope.blocks)
            found += [
                {_last(s.steps) for s in line.theirs} for c in scope.cells for line in c.lines if len(line.theirs) > 1
            ]
    beside = [hold.container for hold in plan.record.holds if isinstance(hold.container, Adjoined)]
    for one in beside:  # the fields in the record, of members that the rules see
        names = {one.value: one.into, **{member: field for field, member in one.beside}}
        found += [{names.get(name, name) for name in group} for group in found if group <= names.keys()]
    return found


def comes_back(dialect: Any, record: Any, path: Path, value: Any) -> bool:
    """Whether a leaf follows from the rest: without it, a record written afresh says it at the same place."""
    less = without(record, path)
    product = None if less is None else dialect.reading(less).product
    if product is None:
        return False
    product.residues.clear()
    made = dialect.write(product)
    return any(other == path and _same(one, value) for other, one in leaves(made))


def exempt(dialect: Any, path: Path, value: Any, record: Any) -> bool:
    """Whether a leaf may go unseen: the mapping says that it restates another, it follows from the rest, it says the
    same as another spelling of its field or as another leaf, or it names what says nothing (a key without a value)."""
    if is_restating(dialect.plan, path):
        return True
    if comes_back(dialect, record, path, value):
        return True
    mine = {str(step).rpartition(":")[2] for step in path}
    there = {str(step).rpartition(":")[2] for other, _ in leaves(record) for step in other}
    if any(mine & group and len(there & group) > 1 for group in aliases(dialect.plan)):
        return True
    again = sum(1 for other, one in leaves(record) if _same(one, value))
    return again > 1 or (path[-1] in _naming(dialect.plan) and not _beside(dialect.plan, record, path))


def _naming(plan: Plan) -> set[Any]:
    """The members by which entries of lists are found."""
    found, waiting, seen = set(), [plan.record], set()
    while waiting:
        scope = waiting.pop()
        if id(scope) not in seen:
            seen.add(id(scope))
            waiting.extend(block.scope for block in scope.blocks)
            found |= {key for hold in scope.holds for key in _keys_of(hold.container)}
    return found


def _keys_of(container: Any) -> set[Any]:
    inside = [getattr(container, name) for name in ("outer", "inner") if hasattr(container, name)]
    return {getattr(container, "key", None), *(key for one in inside for key in _keys_of(one))}


def _beside(plan: Plan, record: Any, path: Path) -> bool:
    for step in path[:-1]:
        record = record[step]
    silences = markers(plan)
    return any(
        says_something(one, silences) for name, value in record.items() if name != path[-1] for _, one in leaves(value)
    )
