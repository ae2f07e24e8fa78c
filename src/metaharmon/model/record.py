"""The members of a data product: the top level of the canonical schema."""

from __future__ import annotations

from typing import ClassVar

from metaharmon.model.about import About
from metaharmon.model.access import Access
from metaharmon.model.commerce import Delivery, Offer
from metaharmon.model.coverage import Coverage, Dynamics, Extent
from metaharmon.model.distribution import Distribution, FileSet, Service
from metaharmon.model.fields import Date, LangList, LangText, Language, Part, Uri, field
from metaharmon.model.governance import Compliance, Provenance, Rights
from metaharmon.model.parties import Party
from metaharmon.model.quality import AiDataset, Compute, Lifecycle, Quality
from metaharmon.model.structure import Structure
from metaharmon.model.values import Concept, Document, Identifier, Link, Reference


class UseCase(Part):
    """Something that is done with the data."""

    title: LangText | None = field("案例名称", "Its title.", term="dct:title")
    description: LangText | None = field("案例说明", "What is done.", term="dct:description")
    uri: Uri | None = field("网址", "A page about it.")


class Members(Part):
    """A data product in canonical form, version 1. Nothing is mandatory."""

    NAME: ClassVar[str | None] = "data_product"

    identifiers: dict[str, list[Identifier]] | None = field(
        "标识符",
        "Names of the product by scheme, with who assigned them.",
        codelist="identifier_scheme",
        lists="sequence",
        key="value+assigner",
        group="identity",
        term="dct:identifier",
        standards=("GB/T 21063.3 resID",),
    )
    title: LangText | None = field(
        "名称",
        "The name of the product.",
        group="identity",
        term="dct:title",
        standards=("GB/T 21063.3 resTitle", "指南2017 §2"),
    )
    alternative_titles: LangList | None = field("别名", "Other titles.", group="identity", term="dct:alternative")
    version: str | None = field("版本", "The version as written.", group="identity", term="dcat:version")
    version_notes: LangText | None = field("变更说明", "What changed last.", group="identity", term="adms:versionNotes")
    kind: str | None = field(
        "对象类别", "What kind of thing is listed.", codelist="kind", group="identity", term="rdf:type"
    )
    product_type: str | None = field(
        "产品类型", "The form of the product.", codelist="product_type", group="identity", term="dct:type"
    )
    product_type_text: LangText | None = field(
        "产品类型(原文)",
        "The form in words, only where no code fits or the words are finer than a kind of work.",
        group="identity",
        term="dct:type",
    )
    resource_type: str | None = field(
        "资源类型",
        "What kind of work it is, where it is no form of a data product: an image, an article, software.",
        codelist="resource_type",
        group="identity",
        term="dct:type",
    )
    links: dict[str, list[Link]] | None = field(
        "关联",
        "Other resources by relation.",
        codelist="link_relation",
        lists="sequence",
        key="uri|identifier",
        group="identity",
        term="dct:relation",
        standards=("指南2017 §13",),
    )
    citation: LangText | None = field("引用格式", "How to cite it.", group="identity", term="dct:bibliographicCitation")
    conforms_to: list[Reference] | None = field(
        "遵循标准",
        "Standards that the data follow.",
        lists="bag",
        key="uri|title",
        group="identity",
        term="dct:conformsTo",
    )
    documents: dict[str, list[Document]] | None = field(
        "文档与附件",
        "Pages, attachments and certificates by kind.",
        codelist="document_kind",
        lists="sequence",
        key="id|uri|key|title",
        group="identity",
        term="foaf:page",
    )

    description: LangText | None = field(
        "摘要",
        "The full description; markup is kept as text.",
        group="description",
        term="dct:description",
        standards=("GB/T 21063.3 abstract",),
    )
    summary: LangText | None = field(
        "一句话简介", "The short form, where a dialect has both.", group="description", term="schema:abstract"
    )
    purpose: LangText | None = field("用途", "What it was made for.", group="description", term="dcat-us:purpose")
    usage_notes: LangText | None = field("使用说明", "How to use it.", group="description", term="vann:usageNote")
    use_cases: list[UseCase] | None = field(
        "使用案例",
        "What is done with it.",
        lists="sequence",
        key="title|uri",
        group="description",
        term="odps:useCases",
    )
    keywords: LangList | None = field("关键词", "Keywords or tags.", group="description", term="dcat:keyword")
    classification: dict[str, list[Concept]] | None = field(
        "分类",
        "Concepts by axis; several schemes may stand in one list.",
        codelist="class_axis",
        lists="discriminated",
        by=("scheme",),
        key="code|uri|label",
        group="description",
        term="dcat:theme",
        standards=("GB/T 21063.3 TpCat",),
    )
    languages: list[Language] | None = field(
        "语种", "The languages of the data.", lists="bag", group="description", term="dct:language"
    )
    record: About | None = field("元数据", "The description itself.", group="description", term="dcat:CatalogRecord")

    parties: dict[str, list[Party]] | None = field(
        "主体",
        "Persons and bodies by role.",
        codelist="party_role",
        lists="sequence",
        key="ids|name",
        term="dcat:qualifiedAttribution",
    )
    coverage: Coverage | None = field("覆盖范围", "What times and places the data are about.")
    dynamics: Dynamics | None = field("更新", "How the data change.")
    dates: dict[str, Date] | None = field("日期", "One date by event.", codelist="date_event")
    extent: Extent | None = field("规模", "How much there is.")
    formats: list[str] | None = field(
        "数据格式",
        "Formats offered, where no file is described.",
        lists="bag",
        codelist="format",
        group="structure",
        term="dct:format",
        standards=("指南2017 §7",),
    )
    structure: Structure | None = field("数据结构", "Tables and data items.")
    distributions: list[Distribution] | None = field(
        "分发",
        "Files and representations.",
        lists="sequence",
        key="id|access_url|download_url",
        term="dcat:distribution",
    )
    file_sets: list[FileSet] | None = field(
        "文件集",
        "Many files of one kind, described once.",
        lists="sequence",
        key="id|title",
        group="structure",
        term="cr:FileSet",
    )
    services: list[Service] | None = field(
        "服务", "Things with an endpoint.", lists="sequence", key="id|endpoint_url", term="dcat:DataService"
    )
    provenance: Provenance | None = field("来源", "Where the data come from.", term="dct:provenance")
    rights: Rights | None = field("权利", "Who may do what, by right and by licence.", term="dct:rights")
    compliance: Compliance | None = field("合规", "What law and regulation say of the data.")
    access: Access | None = field("访问与使用", "Who may use the data, how and for how long.")
    offers: list[Offer] | None = field(
        "报价", "Prices.", lists="discriminated", by=("basis",), key="id|name|period|per"
    )
    delivery: Delivery | None = field("交付", "How a buyer receives the data.")
    quality: Quality | None = field("质量", "How good the data are.")
    ai_dataset: AiDataset | None = field("AI 数据集", "What a data set for AI says of itself.")
    compute: Compute | None = field("算力", "What an offer of computing power holds.")
    lifecycle: Lifecycle | None = field("生命周期", "Statuses, and where the product was first listed.")
