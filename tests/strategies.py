"""Generated canonical trees in normal form, by the shape of the schema.

`tree(draw, node)` works with any source of choices that has `integer(low, high)` and `choice(options)`;
`products()` is the same as a hypothesis strategy.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from metaharmon import codelists
from metaharmon.model import shape
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Node, Scalar
from metaharmon.model.normal import normal

TEXTS = (
    "示例数据集", "空气质量监测", "农、林、牧、渔业", "Air quality", "a,b;c", " 两端空格 ", "暂无", "null", "007",
    "1.10",
    "第一行\n第二行", '他说"好"', "𠮷野家", "=1+1", "NO", "ＡＢＣ１２３", "北京市", "x" * 80, "-", "é",
)  # fmt: skip
DATES = (
    "2026", "2026-H1", "2026-Q4", "2026-04", "2024-02-29", "2016-02-29T00:00", "2026-05-24T07:28:15",
    "2026-05-24T07:28:15Z", "2026-05-24T07:28:15.118205Z", "1899-12-31",
)  # fmt: skip
DURATIONS = ("P1D", "P1W", "P1M", "P3M", "P1Y", "P1Y6M", "PT1H", "PT24H", "PT1.5S", "PT0S", "P1W3D")
DECIMALS = ("0", "1", "10", "0.09", "99.5", "-3.25", "12345678901234567890", "0.1", "1000000")
RATIOS = ("0", "1", "0.5", "0.999", "0.01")
WHOLE = ("0", "1", "42", "1000", "8300000000000")
URIS = ("https://example.org/a?b=c", "urn:uuid:1", "http://example.org/数据")
LANGUAGES = ("zh", "en", "und", "zh-Hant", "pt-BR")
FREQUENCIES = (
    {"kind": "irregular"}, {"kind": "continuous"}, {"kind": "other", "text": {"zh": "随缘"}},
    {"kind": "periodic", "count": 1, "period": "P1D"}, {"kind": "periodic", "count": 2, "period": "P1D"},
    {"kind": "periodic", "count": 1, "period": "P6M"}, {"kind": "periodic", "count": 5, "period": "P1Y"},
)  # fmt: skip
MAX_DEPTH = 9


class Seeded:
    """A source of choices from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def choice(self, options: Any) -> Any:
        return options[self.integer(0, len(options) - 1)]


class Drawn:
    """A source of choices from hypothesis, which can shrink them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def choice(self, options: Any) -> Any:
        return self._draw(st.sampled_from(options))


def _code(draw: Any, name: str) -> str:
    known = codelists.load(name)
    return draw.choice(tuple(known.codes)) if known.codes else draw.choice(TEXTS)


def _scalar(draw: Any, node: Scalar) -> Any:
    if node.kind == "code":
        return _code(draw, str(node.codelist))
    if node.kind == "integer":
        return draw.integer(0, 10_000)
    if node.kind == "boolean":
        return draw.choice((True, False))
    pools = {
        "text": TEXTS, "decimal": DECIMALS, "ratio": RATIOS, "date": DATES, "duration": DURATIONS, "uri": URIS,
        "language": LANGUAGES,
    }  # fmt: skip
    return draw.choice(pools[node.kind])


def _some(draw: Any, names: Sequence[str], most: int) -> list[str]:
    """A few of the names, in their order."""
    wanted = {draw.choice(names) for _ in range(draw.integer(1, most))}
    return [name for name in names if name in wanted]


def _langtext(draw: Any) -> dict[str, str]:
    return {tag: draw.choice(TEXTS) for tag in _some(draw, LANGUAGES, 2)}


def _quantity(draw: Any, group: Group, depth: int) -> dict[str, Any]:
    pool = {"ratio": RATIOS, "data": WHOLE}.get(str(group.dimension), DECIMALS)
    made = {"value": draw.choice(pool)}
    bound = draw.choice((None, None, "about", "at_least", "between"))
    if bound:
        made["bound"] = bound
    if bound == "between":
        made["upper"] = draw.choice(pool)
    return made


def _coded(draw: Any, group: Group, depth: int) -> dict[str, Any]:
    """A concept or a place: a listed code, a code of a dialect's own list, or words."""
    scheme = draw.choice((*codelists.load(str(group.members["scheme"].codelist)).codes, "local:cn-test"))
    form = draw.integer(0, 2)
    if form == 0:
        return {"scheme": scheme, "label": _langtext(draw)}
    if form == 1:
        return {"uri": draw.choice(URIS), "label": _langtext(draw)}
    return {"scheme": scheme, "code": _code(draw, scheme) if codelists.exists(scheme) else draw.choice(TEXTS)}


def _indicator(draw: Any, group: Group, depth: int) -> dict[str, Any]:
    scheme = draw.choice(("tc609-5-2025-04", "dimension", "metric", "local:x"))
    made = _members(draw, group, depth)
    code = _code(draw, scheme) if codelists.exists(scheme) else draw.choice(TEXTS)
    return {**made, "scheme": scheme, "code": code}


def _offer(draw: Any, group: Group, depth: int) -> dict[str, Any]:
    made = _members(draw, group, depth)
    if made.keys() & {"amount", "amount_upper", "tiers", "share"}:
        made["state"] = "stated"
    if "basis_text" in made:
        made["basis"] = "unstated"
    return made


def _licence(draw: Any, group: Group, depth: int) -> dict[str, Any]:
    if draw.integer(0, 1):
        return {"id": _code(draw, "licence")}
    return draw.choice(({"uri": URIS[0]}, {"name": {"zh": "自定许可"}}, {"id": "other", "name": {"en": "Own"}}))


_SPECIAL: dict[str, Callable[[Any, Group, int], dict[str, Any]]] = {
    "quantity": _quantity,
    "concept": _coded,
    "place": _coded,
    "indicator": _indicator,
    "offer": _offer,
    "licence": _licence,
    "frequency": lambda draw, group, depth: dict(draw.choice(FREQUENCIES)),
}


def _members(draw: Any, group: Group, depth: int) -> dict[str, Any]:
    names = sorted(set(_some(draw, list(group.members), 6 if depth == 0 else 4)) | set(group.required))
    return {name: made for name in names if (made := _tree(draw, group.members[name], depth + 1)) is not None}


def _tree(draw: Any, node: Node, depth: int) -> Any:
    if isinstance(node, Scalar):
        return _scalar(draw, node)
    if depth > MAX_DEPTH:
        return None
    if isinstance(node, LangText):
        return _langtext(draw)
    if isinstance(node, LangList):
        return {tag: [draw.choice(TEXTS) for _ in range(draw.integer(1, 3))] for tag in _some(draw, LANGUAGES, 2)}
    if isinstance(node, ListOf):
        return [_tree(draw, node.item, depth + 1) for _ in range(draw.integer(1, 3))]
    if isinstance(node, Keyed):
        keys = _some(draw, tuple(codelists.load(node.codelist).codes), 2)
        return {key: _tree(draw, node.value, depth + 1) for key in keys}
    return _SPECIAL.get(node.name, _members)(draw, node, depth)


def tree(draw: Any, node: Node | None = None) -> Any:
    """A tree in normal form for a node (a whole product by default)."""
    node = node or shape.root()
    return normal(_tree(draw, node, 0), node)


def products(node: Node | None = None) -> st.SearchStrategy[Any]:
    """Trees in normal form as a hypothesis strategy: of a whole product, or of one node of the shape."""
    return st.composite(lambda draw: tree(Drawn(draw), node))()


def product_tree(seed: int) -> dict[str, Any]:
    """The tree of a product from a seed: always the same."""
    return tree(Seeded(seed))
