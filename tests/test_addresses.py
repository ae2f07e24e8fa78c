"""Linked data: what is written as a reference is read as the same address; what is none is never made into one."""

from __future__ import annotations

from typing import Any

import pytest

import metaharmon as mh

UUID = "c041c635-054f-4431-b647-f9186926d021"


def told(written: Any) -> dict[str, str]:
    """The reason of each loss, by path."""
    return {loss.path: loss.reason for loss in written.losses}


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (dialect, name)
        for dialect in ("dcat-ap-3", "dprod")
        for name in (UUID, "r1", "a/b", "dct:title", "数据一", "a b:c")
    ]
    + [("dcat-us-3", UUID), ("dcat-us-3", "a/b")],
)
def test_a_number_is_no_identity(dialect: str, name: str) -> None:
    """Neither a relative IRI nor a name that a prefix would stretch is written as `@id`; it is told."""
    product = mh.DataProduct(title={"en": "T"}, distributions=[{"id": name, "title": {"en": "file"}}])
    d = mh.load(dialect)
    written = d.writing(product)
    assert name not in str(written.record).replace("'dct:title'", "")
    assert "absolute address" in told(written)["distributions.0.id"]
    assert d.read(written.record) == product.apply(written.losses)


@pytest.mark.parametrize("name", ["https://e.example/1", "urn:uuid:" + UUID, "tag:e.example,2026:1"])
def test_an_address_is_one(name: str) -> None:
    d = mh.load("dcat-ap-3")
    written = d.writing(mh.DataProduct(title={"en": "T"}, distributions=[{"id": name}]))
    assert written.record["dcat:distribution"][0]["@id"] == name and not told(written)


def test_relative_identities_of_their_own_return() -> None:
    record = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@type": "dcat:Dataset",
        "dct:title": "T",
        "dcat:distribution": [{"@id": "files/1", "dct:title": "F"}],
    }
    d = mh.load("dcat-ap-3")
    assert d.write(d.read(record)) == record


@pytest.mark.parametrize("address", ["vcard:Contact", "dct:title", "foaf:Person"])
def test_an_address_that_looks_like_a_prefixed_name_stays_itself(address: str) -> None:
    """It is written as a text, since as a reference the context would stretch it."""
    done = mh.translator("dcat-us-1.1", "dcat-ap-3")({"title": "T", "distribution": [{"accessURL": address}]})
    assert done.record["dcat:distribution"][0]["dcat:accessURL"] == address
    assert mh.load("dcat-ap-3").read(done.record).tree()["distributions"][0]["access_url"] == [address]


def test_a_telephone_that_is_no_address_is_a_text() -> None:
    contact = [{"name": {"en": "K"}, "contacts": [{"telephone": ["+7 2 (3)", "110"]}]}]
    d = mh.load("dcat-ap-3")
    record = d.write(mh.DataProduct(title={"en": "T"}, parties={"contact": contact}))
    assert record["dcat:contactPoint"][0]["vcard:hasTelephone"] == ["+7 2 (3)", {"@id": "tel:110"}]
    assert d.read(record).tree()["parties"]["contact"] == contact


def test_a_field_of_a_file_has_no_column() -> None:
    """Croissant, source: a field that holds what each file is (`fileProperty`) is filled from no column."""
    record = {
        "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
        "@type": "Dataset",
        "name": "pictures",
        "distribution": [{"@type": "cr:FileSet", "@id": "files", "encodingFormat": "image/jpeg"}],
        "cr:recordSet": [{"@type": "cr:RecordSet", "@id": "pictures", "cr:field": [
            {"@type": "cr:Field", "@id": f"pictures/{word}",
             "cr:source": {"cr:fileSet": {"@id": "files"}, "cr:extract": {"cr:fileProperty": word}}}
            for word in ("content", "filename", "lineNumbers")
        ]}],
    }  # fmt: skip
    done = mh.translator("croissant-1.0", "croissant-1.1")(record)
    (table,) = done.record["recordSet"]
    assert [one["source"]["extract"] for one in table["field"]] == [
        {"fileProperty": word} for word in ("content", "filename", "lineNumbers")
    ]
    assert [one["source"]["fileSet"] for one in table["field"]] == [{"@id": "files"}] * 3
    assert not [loss for loss in done.losses if loss.path.endswith("physical_name")]


def test_a_column_stands_where_a_table_has_columns() -> None:
    product = mh.DataProduct(title={"en": "T"}, structure={"tables": [{"name": "t", "items": [
        {"name": "a"}, {"name": "b", "children": [{"name": "c", "physical_name": "C"}]}]}]})  # fmt: skip
    (table,) = mh.load("croissant-1.1").write(product)["recordSet"]
    assert [one.get("source") for one in table["field"]] == [{"extract": {"column": "a"}}, None]


def test_a_policy_whose_name_cannot_be_said_is_said_without_it() -> None:
    """A name is no part of what a policy says."""
    offer = {"id": "offer-1", "kind": "permission", "action": "use"}
    written = mh.load("dcat-ap-3").writing(mh.DataProduct(title={"en": "T"}, access={"policies": [offer]}))
    assert list(told(written)) == ["access.policies.0.id"]
    (policy,) = written.record["odrl:hasPolicy"]
    assert "@id" not in policy and policy["odrl:permission"]
