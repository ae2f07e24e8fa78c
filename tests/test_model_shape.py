"""The shape holds every path, list kind and natural key of the specification, and the JSON Schema is read off it."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from metaharmon.generate.products import shape_tree
from metaharmon.lenses.draws import Seeded
from metaharmon.model import reference, schema, shape
from metaharmon.model.nodes import Group, Keyed, LangList, LangText, ListOf, Scalar
from metaharmon.model.reading import model_of
from metaharmon.model.terms import PREFIXES, WITHOUT_IRI, iri
from metaharmon.resources import root

# every path of the tables in section 3 of the canonical schema, written by hand; {a b} stands for alternatives
PATHS = """
identifiers.ndi.{value assigner} title.zh alternative_titles.en version version_notes.zh kind product_type
product_type_text.zh resource_type links.same_as.{identifier.value identifier.assigner scheme uri title.zh} citation.en
conforms_to.{uri title.zh} documents.sample.{id title.zh uri key version format media_type size.value
checksum.algorithm checksum.value issued remark.zh}
description.zh summary.zh purpose.zh usage_notes.zh use_cases.{title.zh description.zh uri} keywords.zh
classification.industry.{scheme edition code label.zh uri} classification.{industry_provider industry_content
industry_use theme domain scenario audience subject_area hvd local} languages
parties.provider.{name.zh type ids.uscc ids.lei given_name family_name affiliation.name.zh affiliation.ids.ror
parents.name.zh parents.ids.local description.zh website address.text.zh address.country address.region
address.locality address.street address.postal_code
contacts.name.zh contacts.position.zh contacts.telephone contacts.email contacts.url contacts.hours contacts.personal}
coverage.temporal.{start end open_start open_end rolling as_of text.zh} coverage.temporal_resolution
coverage.spatial.{scheme edition code label.zh level uri bbox.west bbox.south bbox.east bbox.north centroid.lon
centroid.lat geometry.encoding geometry.value crs} coverage.spatial_resolution.value coverage.spatial_granularity.zh
dynamics.update_frequency.{kind count period text.zh} dynamics.latency.{period text.zh} dynamics.sync_mode
dates.{created collected original published available data_modified listed delisted registered accepted
metadata_created metadata_modified valid_from valid_until withdrawn}
extent.{bytes records cells columns files interfaces duration tokens increment.bytes increment.records}.{value upper
bound} extent.increment.period extent.text
formats structure.tables.{name physical_name label.zh description.zh kind distribution version schema_url primary_key
foreign_keys.columns foreign_keys.table foreign_keys.references missing_values granularity.zh}
structure.tables.items.{name physical_name label.zh description.zh type physical_type format length precision scale
unit nullable unique file_property sensitivity examples children.children.name}
structure.tables.items.constraints.{minimum maximum exclusive_minimum exclusive_maximum pattern enum min_length
max_length} structure.tables.items.definition.{population.zh measure.zh computation.zh granularity.zh exclusions.zh uri}
distributions.{id role title.zh description.zh access_url download_url file_name format media_type compression packaging
encoding bytes.value records.value checksum.value languages licences.id rights.text.zh conforms_to.uri dates.created
schema_version status availability service}
services.{id title.zh description.zh kind endpoint_url description_url documentation_url specification method
authentication formats environment} services.{inputs outputs}.{name label.zh position type required description.zh}
provenance.{acquisition origin origin_detail.zh sources.title.zh sources.uri sources.ids.doi statement.text.zh generated
steps.text.zh steps.date steps.tool traces.kind traces.system traces.value traces.date}
rights.held.{right holder.zh holder_ids.uscc term.start basis.zh} rights.licences.{id uri name.zh text.zh}
rights.{statement.text.zh statement.uri authorised_use subject_authorised authorisation_kind}
rights.revenue_sharing.{party.zh party_ids.uscc side place.code basis ratio amount currency remark.zh}
compliance.{personal_information data_subjects data_category legislation.uri legislation.title.zh}
compliance.security.{gbt43697 gbt43697_general enterprise_level enterprise_class environment delivery_grade
classification} compliance.registrations.{kind authority.zh number registered valid_from valid_until certificate}
compliance.cross_border.{allowed assessment number remark.zh}
access.sharing.{type condition.zh modes} access.opening.{type condition.zh} access.{circulation development_terms.zh
rights_level visibility usage_restrictions.zh eligibility territory.code term.kind term.period transfer_rules storage
contract_required} access.limits.{count unlimited per rate.value concurrency period.start windows networks}
access.policies.{id kind action target assignee constraints.left constraints.operator constraints.right.value
constraints.right.type constraints.unit constraints.all_of.left constraints.any_of.left constraints.one_of.left}
offers.{basis state basis_text id name.zh description.zh amount currency amount_upper per.quantity per.unit period
quota.quantity quota.unit quota.unlimited tiers.from tiers.to tiers.amount postpaid tax_included trial.allowed
trial.count trial.period features.zh share valid.end}
delivery.{methods transfer_modes} delivery.sla.{availability success_rate hit_rate response_time response_time_max
timeout throughput detect notify repair support_response}.value delivery.sla.{service_window retention end_of_support
end_of_life} delivery.support.{name.zh position.zh telephone email url hours personal channel scope}
quality.indicators.{scheme code label.zh description.zh kind operator value upper unit table item method query severity
measured} quality.valuation.{amount currency method date valuer.zh}
ai_dataset.{dataset_class modalities tasks.code annotation.methods annotation.annotators annotation.accuracy.value
annotation.accuracy_of} ai_dataset.speech.{speakers speakers_male speakers_female utterances sampling_rate.value
bit_depth channels device.zh environment.zh} ai_dataset.vision.{width height frame_rate.value}
ai_dataset.splits.{name records.value bytes.value}
compute.capacity.{value unit precision} compute.accelerators.{model vendor count memory.value}
compute.card_hours.{value model} compute.{core_hours green_power_share.value pue site.code site.name.zh}
lifecycle.{registration_status listing_status review_status product_status processing_stage origin_platform.name.zh
origin_platform.uri origin_platform.own}
"""

# what decisions 0029 and 0032 added to version 1
ADDED = """
links.same_as.type links.{version_of current_version has_version}.uri access.notice_period
structure.spatial_representations parties.provider.contacts.fax delivery.support.fax dates.{submitted copyrighted}
record.{languages encoding conforms_to.uri conforms_to.title.zh}
structure.tables.items.definition.element structure.elements.{name type children.name}
file_sets.{id role title.zh description.zh format media_type includes excludes}
quality.indicators.title.zh documents.contract.conforms_to.{uri title.zh version} parties.provider.logo
record.counts.{measure observer scope span period value}
"""


def spelled_out(text):
    """Each path of the table above, alternatives written out."""
    paths, depth, word = [], 0, ""
    for character in " ".join(text.split()) + " ":
        depth += (character == "{") - (character == "}")
        if character == " " and depth == 0:
            paths.extend(alternatives(word))
            word = ""
        else:
            word += character
    return paths


def alternatives(word):
    if "{" not in word:
        return [word] if word else []
    head, _, rest = word.partition("{")
    inside, _, tail = rest.partition("}")
    return [path for choice in inside.split() for path in alternatives(head + choice + tail)]


ALL = spelled_out(PATHS + ADDED)


def test_the_table_is_whole():
    assert len(ALL) > 330 and len(ALL) == len(set(ALL))


@pytest.mark.parametrize("path", ALL)
def test_path_exists(path):
    assert isinstance(shape.at(tuple(path.split("."))), (Scalar, LangText, LangList, ListOf, Group, Keyed))


@pytest.mark.parametrize(
    "path", ["nothing", "title_", "parties.seller", "offers.price", "dates.today", "extent.rows", "kind.x"]
)
def test_no_such_path(path):
    with pytest.raises(KeyError):
        shape.at(tuple(path.split(".")))


def test_the_shape_has_no_other_paths():
    """Every member in the shape is on the hand-written list: nothing was added in silence."""
    named = {step for path in ALL for step in path.split(".")}
    members = {step for path, _ in shape.walk() for step in path if not step.startswith(("<", "["))}
    assert members - named == set()


def test_positions_may_stand_in_a_path():
    assert shape.at(("offers", "0", "amount")) is shape.at(("offers", "amount"))
    assert shape.at(("parties", "provider", "0")) is shape.at(("parties", "provider")).item


@pytest.mark.parametrize(
    ("path", "kind", "key"),
    [
        ("identifiers.local", "sequence", (("value", "assigner"),)),
        ("parties.provider", "sequence", (("ids",), ("name",))),
        ("parties.provider.parents", "sequence", (("name",),)),
        ("parties.provider.contacts", "sequence", (("name",), ("email",), ("telephone",))),
        ("parties.provider.contacts.email", "sequence", ((".",),)),
        ("links.same_as", "sequence", (("uri",), ("identifier",))),
        ("documents.sample", "sequence", (("id",), ("uri",), ("key",), ("title",))),
        ("use_cases", "sequence", (("title",), ("uri",))),
        ("coverage.temporal", "sequence", ((".",),)),
        ("coverage.spatial", "sequence", (("scheme", "code"), ("uri",), ("label",))),
        ("access.territory", "sequence", (("scheme", "code"), ("uri",), ("label",))),
        ("structure.tables", "sequence", (("name",), ("physical_name",), ("schema_url",))),
        ("structure.tables.items.children", "sequence", (("name",), ("physical_name",), ("label",))),
        ("structure.tables.foreign_keys.columns", "sequence", ((".",),)),
        ("distributions", "sequence", (("id",), ("access_url",), ("download_url",))),
        ("services", "sequence", (("id",), ("endpoint_url",))),
        ("rights.licences", "sequence", (("id",), ("uri",), ("name",))),
        ("services.inputs", "sequence", (("name",),)),
        ("ai_dataset.splits", "sequence", (("name",),)),
        ("offers.tiers", "sequence", (("from",),)),
        ("provenance.steps", "sequence", ((".",),)),
        ("extent.text", "sequence", ((".",),)),
        ("keywords.zh", "bag", ((".",),)),
        ("formats", "bag", ((".",),)),
        ("languages", "bag", ((".",),)),
        ("delivery.methods", "bag", ((".",),)),
        ("conforms_to", "bag", (("uri",), ("title",))),
        ("provenance.sources", "bag", (("uri",), ("title",))),
        ("provenance.traces", "bag", (("kind", "value"),)),
        ("compliance.registrations", "bag", (("kind", "number"),)),
        ("rights.revenue_sharing", "bag", (("side", "party"),)),
        ("access.policies.constraints", "bag", (("left", "operator"),)),
        ("delivery.support", "bag", (("channel", "url"), ("channel", "email"))),
        ("compute.capacity", "bag", (("precision",),)),
        ("compute.accelerators", "bag", (("model",),)),
        ("offers", "discriminated", (("id",), ("name",), ("period",), ("per",))),
        ("rights.held", "discriminated", (("holder",),)),
        ("quality.indicators", "discriminated", (("table", "item", "kind"),)),
        ("access.policies", "discriminated", (("id",), ("target",))),
        ("classification.theme", "discriminated", (("code",), ("uri",), ("label",))),
        ("ai_dataset.tasks", "discriminated", (("code",), ("uri",), ("label",))),
    ],
)
def test_list(path, kind, key):
    node = shape.at(tuple(path.split(".")))
    assert isinstance(node, ListOf) and (node.kind, node.key) == (kind, key)


def test_discriminators():
    by = {path: node.by for path, node in shape.walk() if isinstance(node, ListOf) and node.kind == "discriminated"}
    assert by == {
        ("classification", "<class_axis>"): ("scheme",),
        ("rights", "held"): ("right",),
        ("access", "policies"): ("kind", "action"),
        ("offers",): ("basis",),
        ("quality", "indicators"): ("scheme", "code"),
        ("record", "counts"): ("measure", "observer", "scope", "span"),
        ("ai_dataset", "tasks"): ("scheme",),
    }


def test_natural_values():
    natural = {node.name: node.natural for _, node in shape.walk() if isinstance(node, Group) and node.natural}
    assert natural == {
        "identifier": "value", "link": "uri", "reference": "uri", "document": "uri", "quantity": "value",
        "concept": "code", "party": "name", "place": "code", "source": "uri", "licence": "id",
        "operand": "value", "parent": "name", "statement": "text",
    }  # fmt: skip


def test_values_that_are_stated_as_one():
    whole = {node.name for _, node in shape.walk() if isinstance(node, Group) and node.whole}
    assert whole == {
        "quantity", "frequency", "concept", "licence", "checksum", "interval", "identifier", "link", "place",
        "operand",
    }  # fmt: skip


def test_dimensions():
    found = {node.dimension for _, node in shape.walk() if isinstance(node, Group) and node.name == "quantity"}
    assert found == {"data", "count", "time", "rate", "sampling", "length", "ratio"}
    assert shape.at(("delivery", "sla", "availability")).dimension == "ratio"
    assert shape.at(("extent", "bytes")).dimension == "data"


def test_groups():
    assert list(shape.groups()) == [
        "identity", "description", "parties", "coverage", "dynamics", "dates", "extent", "structure", "distributions",
        "services", "provenance", "rights", "compliance", "access", "offers", "delivery", "quality", "ai_dataset",
        "compute", "lifecycle",
    ]  # fmt: skip
    assert shape.groups()["identity"] == (
        "identifiers", "title", "alternative_titles", "version", "version_notes", "kind", "product_type",
        "product_type_text", "resource_type", "links", "citation", "conforms_to", "documents",
    )  # fmt: skip
    assert shape.groups()["description"] == (
        "description", "summary", "purpose", "usage_notes", "use_cases", "keywords", "classification", "languages",
        "record",
    )  # fmt: skip
    assert set(shape.groups()["structure"]) == {"formats", "structure", "file_sets"}
    assert {member for group in shape.groups().values() for member in group} == set(shape.root().members)


def test_every_field_is_described():
    for path, node in shape.walk():
        if isinstance(node, Group):
            for name, info in model_of(node).model_fields.items():
                assert info.description and info.description.endswith("."), (path, name)
                assert info.json_schema_extra["zh"], (path, name)


def test_keys_of_items():
    parties = shape.at(("parties", "provider"))
    named = {"name": {"zh": "某"}, "ids": {"lei": "1", "uscc": "2"}}
    assert parties.key_of(named) == ('["uscc","2"]',)
    assert parties.key_of({"name": {"zh": "某"}}) == ('{"zh":"某"}',)
    assert parties.key_of({"type": "legal"}) == ('{"type":"legal"}',)
    assert shape.at(("identifiers", "doi")).key_of({"value": "7"}) == ('"7"', "null")
    spatial = shape.at(("coverage", "spatial"))
    assert spatial.key_of({"scheme": "nuts", "label": {"en": "X"}}) == ('{"en":"X"}',)
    offers = shape.at(("offers",))
    assert offers.key_of({"basis": "one_off", "state": "free", "id": "1"}) == ('"one_off"', '"1"')


def test_a_keyed_map_accepts_codes_of_its_list():
    parties = shape.root().members["parties"]
    assert parties.accepts("provider") and not parties.accepts("seller") and not parties.accepts("local:x")


def test_nodes_travel_between_processes():
    copy = pickle.loads(pickle.dumps(shape.root()))
    assert list(copy.members) == list(shape.root().members)


def test_the_schema_file_is_the_generated_one():
    assert (root() / schema.PATH).read_text(encoding="utf-8") == schema.text()


def test_the_schema_takes_generated_trees_and_refuses_others():
    document = json.loads(schema.text())
    jsonschema.Draft202012Validator.check_schema(document)
    validator = jsonschema.Draft202012Validator(document)
    for seed in range(150):
        made = shape_tree(Seeded(seed))
        assert [error.json_path for error in validator.iter_errors(made)] == []
    for wrong in (
        {"x": 1}, {"title": "a"}, {"title": {}}, {"offers": [{"basis": "one_off"}]}, {"version": ""},
        {"dates": {"listed": "1/2"}},
        {"kind": "thing"}, {"offers": []}, {"extent": {"bytes": {"value": 5}}},
        {"parties": {"seller": [{"type": "legal"}]}},
    ):  # fmt: skip
        assert not validator.is_valid(wrong), wrong


def test_codelists_and_scalars_come_without_pydantic():
    """The floors below the models stay light."""
    modules = "metaharmon.codelists, metaharmon.model.normal, metaharmon.model.uscc"
    code = f"import sys, {modules}; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, check=False).returncode == 0


def test_the_reference_page_is_the_generated_one():
    page = root() / reference.PATH
    assert page.read_text(encoding="utf-8") == reference.text()


def test_every_term_has_a_namespace_or_is_known_to_have_none():
    terms = [
        info.json_schema_extra["term"]
        for _, node in shape.walk()
        if isinstance(node, Group)
        for info in model_of(node).model_fields.values()
        if "term" in info.json_schema_extra
    ]
    assert len(terms) > 150
    prefixes = {term.partition(":")[0] for term in terms}
    assert prefixes <= PREFIXES.keys() | WITHOUT_IRI and prefixes >= WITHOUT_IRI
    assert iri("dct:title") == "http://purl.org/dc/terms/title" and iri("odps:unit") is None
