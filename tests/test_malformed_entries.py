"""Entries that are none, null keys, repeated keys, and values of another kind: the laws hold for them all the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import laws
import metaharmon as mh
import shipped
from metaharmon import interpreter
from metaharmon.files.jsonvalue import record_of
from metaharmon.generate.records import plan_record
from metaharmon.mapping.plan import Plan
from metaharmon.model.normal import same
from spoiled import VALUES, spoiled
from strategies import Drawn

KEYED = ["ckan", "ckan-br", "datacite-4", "odps-4", "odps-3", "stac-collection", "frictionless-1", "odcs-3.1", "zenodo",
         "invenio-rdm", "socrata-views", "dcat-us-1.1", "dcat-us-3", "schema-org", "croissant-1.1",
         "openmetadata-data-product", "hf-dataset-card", "dataspace-protocol"]  # fmt: skip
SEARCH = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
                  phases=(Phase.explicit, Phase.generate))  # fmt: skip  # `smallest` makes examples small itself
NUMBERS = (1e300, 1e-300, 5e-324, -0.0, 1e16, 1e-7, 0.1, 10**50, Decimal("1E+4000"), Decimal("1E-50"), Decimal("-0"),
           Decimal("1.10"), Decimal("5"), Decimal("0"))  # fmt: skip


def check(plan: Plan, record: dict[str, Any]) -> None:
    """Fail with a smallest record for which a law does not hold; a record that is refused is told of, and no more."""
    for law in laws.RECORD_LAWS:
        broken = lambda one, law=law: _reads(plan, one) and laws.attempt(law, plan, one) is not None  # noqa: E731
        if broken(record):
            small = laws.smallest(record, broken)
            pytest.fail(f"{plan.dialect}: {laws.attempt(law, plan, small)}\n{laws.shown(small)}", pytrace=False)


def _reads(plan: Plan, record: dict[str, Any]) -> bool:
    return not interpreter.read(plan, record).refused


@SEARCH
@given(st.data())
def test_any_list_may_have_entries_that_are_none(data: st.DataObject) -> None:
    plan = shipped.plans()[data.draw(st.sampled_from(KEYED))]
    draw = Drawn(data.draw)
    check(plan, record_of(spoiled(plan_record(plan, draw), draw)))


@SEARCH
@given(st.data())
def test_numbers_of_any_size_survive_in_a_stored_residue(data: st.DataObject) -> None:
    """What `Residue.as_data` says, as JSON text and back, writes the same record."""
    plan = shipped.plans()[data.draw(st.sampled_from(KEYED))]
    draw = Drawn(data.draw)
    record = record_of(spoiled(plan_record(plan, draw), draw, 3, NUMBERS, NUMBERS))
    if _reads(plan, record):
        assert laws.attempt(laws.returns, plan, record) is None
        assert laws.attempt(laws.travels, plan, record) is None


@pytest.mark.parametrize("odd", [one for one in VALUES if one is not None], ids=repr)
@pytest.mark.parametrize("key", ["theme", "language", "spatial", "uri", "unheard of"])
def test_extras_return(key: str, odd: Any) -> None:
    """An extra whose value is no text, beside empty ones, ones without a key, and one of the same key."""
    d = mh.load("ckan")
    for others in ([], [{}], [{"key": None, "value": "x"}], [{"key": key, "value": "x"}], [None, "x", {"key": "b"}]):
        for extras in ([{"key": key, "value": odd}, *others], [*others, {"key": key, "value": odd}]):
            record = {"name": "n", "title": "Gauges", "extras": extras}
            found = d.reading(record)
            assert found.product is not None
            written = d.writing(found.product)
            assert same(written.record, record)
            assert "MH505" not in [one.code for one in written.problems]
            account = d.account([record])
            assert account.ok, account.failures


@pytest.mark.parametrize("access", [[{}], [{}, {}], {}, [{"name": {}}], [{"name": {}}, {}], {"x": {}}, {"x": []}, [[]]])
def test_an_empty_entry_of_named_ones_has_a_fate(access: Any) -> None:
    """Of a list whose entries may also stand under their names."""
    for name, product in (("odps-4", {"product": {"dataAccess": access}}), ("odps-3", {"dataAccess": access})):
        account = mh.load(name).account([{**product, "schema": "https://opendataproducts.org/v4.0/schema/odps.yaml"}])
        assert account.unaccounted == 0 and not account.failed["account"], account.failures


def test_a_language_that_is_no_text_stops_nothing() -> None:
    record = {"@context": "https://schema.org/", "@type": "Dataset", "name": "Gauges",
              "usageInfo": [{"name": [{"@value": "terms", "@language": 7}], "identifier": {}}]}  # fmt: skip
    d = mh.load("schema-org")
    assert same(d.write(d.read(record)), record)


def test_a_column_may_be_called_as_a_mark_of_the_residue() -> None:
    fields = [{"name": "hidden", "type": "string", "constraints": {"primaryKey": True}}, {"name": "b"}]
    for name in ("hidden", "(hidden)", "bare"):
        fields[0]["name"] = name
        for record in (
            {
                "name": "n",
                "title": "Gauges",
                "resources": [{"name": "r", "path": "r.csv", "schema": {"fields": fields}}],
            },
            {"title": "Gauges", "schema": [{"name": "t", "properties": [{"name": name, "primaryKey": True}]}]},
        ):
            for dialect in ("frictionless-1", "odcs-3.1"):
                account = mh.load(dialect).account([record])
                assert not account.failed["return"] and account.unaccounted == 0, account.failures
