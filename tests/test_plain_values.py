"""Values of subclasses, in records and in products, are the plain values that they are; what is none is refused."""

from __future__ import annotations

import enum
import json
from collections import OrderedDict
from decimal import Decimal
from typing import Any

import pytest

import metaharmon as mh
from metaharmon.diagnostics import RecordError
from metaharmon.files.jsonvalue import is_plain, record_of
from metaharmon.model.normal import CanonicalError


class Format(str, enum.Enum):  # noqa: UP042
    CSV = "csv"


class Kind(enum.Enum):
    PRODUCT = "product"
    OTHER = object()


class Level(enum.IntEnum):
    TWO = 2


class Loud(str):
    def __str__(self) -> str:
        return "LOUD"


class Metres(float):
    def __float__(self) -> float:
        return 0.0


class Price(Decimal):
    def __str__(self) -> str:
        return "free"


EXACT = [
    (Format.CSV, "csv"), (Kind.PRODUCT, "product"), (Level.TWO, 2), (Loud("a"), "a"), (Metres(2.5), 2.5),
    (Price("1.10"), Decimal("1.10")), (Decimal("5"), 5), (Decimal("0"), 0), (Decimal("-0"), Decimal("-0")),
    (Decimal("5.0"), Decimal("5.0")), (True, True), (OrderedDict(a=Format.CSV), {"a": "csv"}), ((Level.TWO,), [2]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "wanted"), EXACT, ids=lambda one: repr(one)[:30])
def test_a_record_is_plain(value: Any, wanted: Any) -> None:
    found = record_of({"x": [value]})["x"][0]
    assert type(found) is type(wanted) and repr(found) == repr(wanted)
    assert is_plain({"x": found})


def test_keys_are_plain() -> None:
    assert [type(key) for key in record_of({Loud("title"): "a", Format.CSV: 1})] == [str, str]
    assert record_of({Format.CSV: {Kind.PRODUCT: 1}}) == {"csv": {"product": 1}}
    with pytest.raises(RecordError, match="Two keys"):
        record_of({"product": 1, Kind.PRODUCT: 2})


NO_JSON = [Kind.OTHER, object(), {1, 2}, b"x", float("nan"), Decimal("Infinity"), Decimal("1E+5000"),
           Decimal("1E-5000"), 10**4301, {7: "a"}, {Kind.OTHER: 1}]  # fmt: skip


@pytest.mark.parametrize("value", NO_JSON, ids=lambda one: type(one).__name__)
def test_what_is_no_json_is_refused_with_its_place(value: Any) -> None:
    record = {"title": "Gauges", "resources": [{"format": value}]}
    found = mh.load("ckan").reading(record)
    assert found.refused and found.problems[0].path == "resources.0.format"
    done = mh.translator(read="ckan", write="dcat-us-1.1")(record)
    assert done.record is None and done.problems[0].path == "resources.0.format"


def test_the_same_is_read_and_written() -> None:
    """By the interpreter and by generated code; as JSON text says it."""
    file = {"url": "http://e.org/a", "format": Format.CSV, "size": Level.TWO}
    record = {"name": Loud("n"), "title": Loud("Gauges"), "resources": [file]}
    plain = json.loads(json.dumps({**record, "name": "n", "title": "Gauges"}))
    d = mh.load("ckan")
    assert d.read(record) == d.read(plain)
    assert d.write(d.read(record)) == plain
    assert d.account([record]).ok
    t = mh.translator(read="ckan", write="dcat-us-1.1")
    assert t(record).record == t(plain).record
    assert [one.code for one in t(record).problems] == [one.code for one in t(plain).problems]
    assert t(record).account() == t(plain).account()
    assert t(plain, onto={"title": Loud("x")}).record == t(plain, onto={"title": "x"}).record


def test_a_product_is_plain() -> None:
    tree = {"title": {"en": Loud("Gauges")}, "kind": Kind.PRODUCT, "formats": [Format.CSV]}
    plain = {"title": {"en": "Gauges"}, "kind": "product", "formats": ["csv"]}
    wanted = mh.DataProduct.model_validate(plain)
    assert mh.DataProduct.model_validate(tree) == wanted
    assert mh.DataProduct(**tree) == wanted
    product = mh.DataProduct.model_validate({"title": {"en": "x"}})
    product.title, product.formats, product.kind = {"en": Loud("Gauges")}, [Format.CSV], Kind.PRODUCT
    assert product == wanted
    assert {type(one) for one in product.canonical()["formats"]} == {str}
    with pytest.raises(CanonicalError, match="kind"):
        mh.DataProduct.model_validate({"kind": Kind.OTHER})


def test_a_supply_is_plain() -> None:
    t = mh.translator(read="ckan", write="dcat-us-1.1")
    record = {"name": "n", "title": "Gauges"}
    assert t(record, supply={"description": Loud("a")}).record == t(record, supply={"description": "a"}).record
