"""Canonical trees in normal form: by the shape of the schema, and by what the rules of a plan can say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from metaharmon import codelists
from metaharmon.lenses.base import Draw
from metaharmon.lenses.clauses.drawn import values_of
from metaharmon.mapping.plan import Block, Plan, Scope
from metaharmon.model import shape
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar
from metaharmon.model.normal import CanonicalError, copied, normal
from metaharmon.model.whole import normal_product

POOLS: dict[str, tuple[Any, ...]] = {
    "text": ("示例数据集", "农、林、牧、渔业", "a,b;c", " 两端空格 ", "暂无", "null", "007", "1.10", "=1+1",
             "第一行\n第二行", "ＡＢＣ１２３", "𠮷野家", "--", "x" * 80, "ops@example.org"),
    "decimal": ("0", "1", "0.09", "99.5", "-3.25", "12345678901234567890", "1000000"),
    "ratio": ("0", "1", "0.5", "0.999"),
    "date": ("2026", "2026-H1", "2026-Q4", "2026-04", "2024-02-29", "2016-02-29T00:00", "2026-05-24T07:28:15",
             "2026-05-24T07:28:15Z", "2026-05-24T07:28:15.118205Z", "1899-12-31"),
    "duration": ("P1D", "P1W", "P1M", "P1Y", "P1Y6M", "PT1H", "PT24H", "PT1.5S", "P1W3D"),
    "uri": ("https://example.org/a?b=c", "urn:uuid:1", "http://example.org/数据"),
    "language": ("zh", "en", "und", "zh-Hant", "pt-BR"),
    "boolean": (True, False),
    "integer": (0, 1, 42, 10_000),
}  # fmt: skip
WHOLE = ("0", "1", "42", "1000", "8300000000000")
FREQUENCIES = (
    {"kind": "irregular"}, {"kind": "continuous"}, {"kind": "other", "text": {"zh": "随缘"}},
    {"kind": "periodic", "count": 1, "period": "P1D"}, {"kind": "periodic", "count": 2, "period": "P1D"},
    {"kind": "periodic", "count": 1, "period": "P6M"}, {"kind": "periodic", "count": 5, "period": "P1Y"},
)  # fmt: skip
MAX_DEPTH = 9
MOST_AGAIN = 2
"""How often entries hold entries like themselves."""


def plan_product(plan: Plan, draw: Draw) -> dict[str, Any]:
    """A product: by the shape alone, by the rules alone, or by both."""
    kind = draw.integer(0, 4)
    tree = {} if kind < 2 else shape_tree(draw)
    return tree if kind == 2 else _said_by_rules(plan.record, draw, tree)


def shape_tree(draw: Draw, node: Node | None = None) -> Any:
    """A tree in normal form for a node of the shape: a whole product by default."""
    if node is None:
        return normal_product(_tree(draw, shape.root(), 0))
    return normal(_tree(draw, node, 0), node)


# --- by the rules of a plan ------------------------------------------------------------------------------------------


def _said_by_rules(scope: Scope, draw: Draw, tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with values that the rules say; what would not agree with the rest of it is left out."""
    for put in _puts(scope, draw):
        candidate = copied(tree)
        try:
            put(candidate)
            tree = normal_product(candidate)
        except (CanonicalError, ValueError, TypeError, AttributeError):  # it cannot stand beside what is there
            continue
    return tree


def _puts(scope: Scope, draw: Draw) -> list[Callable[[dict[str, Any]], None]]:
    """One change of a tree for each cell and each block."""
    out: list[Callable[[dict[str, Any]], None]] = []
    for cell in scope.cells:
        for line in cell.lines:
            if draw.integer(0, 3):
                out.append(_put_values(line.ours, values_of(line.clause, draw)))
    for block in own_blocks(scope):
        if draw.integer(0, 3):
            out.append(_put_entries(block, [entry_of(block, draw) for _ in range(draw.integer(1, 3))]))
    return out


def own_blocks(scope: Scope) -> list[Block]:
    """The blocks of a scope, each with one list of ours: those over one list of theirs taken apart."""
    return [part for block in scope.blocks for part in block.parts or (block,)]


def _put_values(slots: Any, values: Any) -> Callable[[dict[str, Any]], None]:
    def put(tree: dict[str, Any]) -> None:
        for slot, value in zip(slots, values, strict=True):
            if value is not None:
                slot.put(tree, copied(value))

    return put


def entry_of(block: Block, draw: Draw, depth: int = 0) -> Any:
    """An entry that the block says."""
    entry = block.select.entry()
    for cell in block.scope.cells:
        for line in cell.lines:
            values = values_of(line.clause, draw)
            if line.ours and not line.ours[0].steps:
                return values[0]
            if draw.integer(0, 3):
                _put_values(line.ours, values)(entry)
    for inner in own_blocks(block.scope):
        if draw.integer(0, 1) and depth < MOST_AGAIN:
            below = [entry_of(inner, draw, depth + inner.again) for _ in range(draw.integer(1, 2))]
            _put_entries(inner, below)(entry)
    return entry


def _put_entries(block: Block, entries: list[Any]) -> Callable[[dict[str, Any]], None]:
    def put(tree: dict[str, Any]) -> None:
        made = [entry for entry in copied(entries) if entry not in (None, {})]
        if block.spread is None:
            block.ours.put(tree, [*(block.ours.get(tree) or ()), *made])
            return
        keyed = dict(block.ours.get(tree) or {})
        for entry in made:
            keys = entry.pop(block.spread, None)
            for key in keys if keys.__class__ is list else [keys]:
                if key is not None and entry:
                    keyed[key] = [*keyed.get(key, ()), entry]
        if keyed:
            block.ours.put(tree, keyed)

    return put


# --- by the shape of the schema --------------------------------------------------------------------------------------


def _code(draw: Draw, name: str) -> str:
    known = codelists.load(name)
    return draw.choice(tuple(known.codes)) if known.codes else draw.choice(POOLS["text"])


def _some(draw: Draw, names: Sequence[str], most: int) -> list[str]:
    """A few of the names, in their order."""
    wanted = {draw.choice(names) for _ in range(draw.integer(1, most))}
    return [name for name in names if name in wanted]


def _langtext(draw: Draw) -> dict[str, str]:
    return {tag: draw.choice(POOLS["text"]) for tag in _some(draw, POOLS["language"], 2)}


def _quantity(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    pool = {"ratio": POOLS["ratio"], "data": WHOLE, "count": WHOLE}.get(str(group.dimension), POOLS["decimal"])
    made = {"value": draw.choice(pool)}
    bound = draw.choice((None, None, None, "about", "at_least", "between"))
    if bound:
        made["bound"] = bound
    if bound == "between":
        made["upper"] = draw.choice(pool)
    return made


def _coded(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    """A concept or a place: a listed code, a code of a dialect's own list, or words."""
    schemes: Any = group.members["scheme"]
    scheme = draw.choice((*codelists.load(str(schemes.codelist)).codes, "local:cn-test"))
    form = draw.integer(0, 2)
    if form == 0:
        return {"scheme": scheme, "label": _langtext(draw)}
    if form == 1:
        return {"uri": draw.choice(POOLS["uri"]), "label": _langtext(draw)}
    code = _code(draw, scheme) if codelists.exists(scheme) else draw.choice(POOLS["text"])
    return {"scheme": scheme, "code": code}


def _indicator(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    scheme = draw.choice(("tc609-5-2025-04", "dimension", "metric", "local:x"))
    code = _code(draw, scheme) if codelists.exists(scheme) else draw.choice(POOLS["text"])
    return {**_members(draw, group, depth), "scheme": scheme, "code": code}


def _offer(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    made = _members(draw, group, depth)
    if made.keys() & {"amount", "amount_upper", "tiers", "share"}:
        made["state"] = "stated"
    if "basis_text" in made:
        made["basis"] = "unstated"
    return made


def _licence(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    if draw.integer(0, 1):
        return {"id": _code(draw, "licence")}
    return draw.choice(({"uri": POOLS["uri"][0]}, {"name": {"zh": "自定许可"}}, {"id": "other", "name": {"en": "Own"}}))


def _constraint(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    """A comparison, or others held together."""
    if depth < MAX_DEPTH - 1 and not draw.integer(0, 2):
        name = draw.choice(("all_of", "any_of", "one_of"))
        return {name: _tree(draw, group.members[name], depth + 1)}
    names = ("left", "operator", "right", *draw.choice(((), (), ("unit",))))
    return {name: _tree(draw, group.members[name], 0) for name in names}


SPECIAL: dict[str, Callable[[Draw, Group, int], dict[str, Any]]] = {
    "quantity": _quantity,
    "concept": _coded,
    "place": _coded,
    "indicator": _indicator,
    "offer": _offer,
    "licence": _licence,
    "constraint": _constraint,
    "frequency": lambda draw, group, depth: dict(draw.choice(FREQUENCIES)),
}
"""Groups whose members depend on one another."""


def _members(draw: Draw, group: Group, depth: int) -> dict[str, Any]:
    names = sorted(set(_some(draw, list(group.members), 6 if depth == 0 else 4)) | set(group.required))
    return {name: made for name in names if (made := _tree(draw, group.members[name], depth + 1)) is not None}


def _tree(draw: Draw, node: Node, depth: int) -> Any:
    if isinstance(node, Scalar):
        return _code(draw, str(node.codelist)) if node.kind == "code" else draw.choice(POOLS[node.kind])
    if depth > MAX_DEPTH:
        return None
    if isinstance(node, LangText):
        return _langtext(draw)
    if isinstance(node, LangList):
        texts = POOLS["text"]
        return {tag: [draw.choice(texts) for _ in range(draw.integer(1, 3))]
                for tag in _some(draw, POOLS["language"], 2)}  # fmt: skip
    if isinstance(node, ListOf):
        return [_tree(draw, node.item, depth + 1) for _ in range(draw.integer(1, 3))]
    if isinstance(node, Keyed):
        keys = _some(draw, tuple(codelists.load(node.codelist).codes), 2)
        return {key: _tree(draw, node.value, depth + 1) for key in keys}
    return SPECIAL.get(node.name, _members)(draw, node, depth)
