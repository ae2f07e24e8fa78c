"""The canonical record of a data product."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Any, Self

from pydantic import PrivateAttr, model_serializer

from metaharmon.diagnostics import Loss
from metaharmon.model import rulepath
from metaharmon.model.access import Access
from metaharmon.model.apply import apply_losses
from metaharmon.model.commerce import Delivery, Offer
from metaharmon.model.coverage import Coverage, Dynamics, Extent
from metaharmon.model.distribution import Distribution, Service
from metaharmon.model.fields import TRUSTED, Date, LangList, LangText, Language, Part, Uri, field, plain
from metaharmon.model.governance import Compliance, Provenance, Rights
from metaharmon.model.normal import canonical_json, copied, normal, same
from metaharmon.model.parties import Party
from metaharmon.model.quality import AiDataset, Compute, Lifecycle, Quality
from metaharmon.model.structure import Structure
from metaharmon.model.values import Concept, Document, Identifier, Link, Reference


class UseCase(Part):
    """Something that is done with the data."""

    title: LangText | None = field("案例名称", "Its title.", term="dct:title")
    description: LangText | None = field("案例说明", "What is done.", term="dct:description")
    uri: Uri | None = field("网址", "A page about it.")


class DataProduct(Part):
    """A data product in canonical form, version 1. Nothing is mandatory; `complete` says whether it can be named.

    It is built from a canonical tree (`DataProduct.model_validate(tree)`, or members by name), which is brought into
    normal form; CanonicalError names every problem. Members may be read and set as attributes. Two products are equal
    when their canonical JSON is; cleared paths and residues take no part.
    """

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
        "产品类型(原文)", "The form in words, only where no code fits.", group="identity", term="dct:type"
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
    services: list[Service] | None = field(
        "服务", "Things with an endpoint.", lists="sequence", key="id|endpoint_url", term="dcat:DataService"
    )
    provenance: Provenance | None = field("来源", "Where the data come from.", term="dct:provenance")
    rights: Rights | None = field("权利", "Who may do what, by right and by licence.", term="dct:rights")
    compliance: Compliance | None = field("合规", "What law and regulation say of the data.")
    access: Access | None = field("访问与使用", "Who may use the data, how and for how long.")
    offers: list[Offer] | None = field(
        "报价", "Prices.", lists="discriminated", by=("basis",), key="id|name|period|per", term="schema:offers"
    )
    delivery: Delivery | None = field("交付", "How a buyer receives the data.")
    quality: Quality | None = field("质量", "How good the data are.")
    ai_dataset: AiDataset | None = field("AI 数据集", "What a data set for AI says of itself.")
    compute: Compute | None = field("算力", "What an offer of computing power holds.")
    lifecycle: Lifecycle | None = field("生命周期", "Statuses, and where the product was first listed.")

    _tree: dict[str, Any] | None = PrivateAttr(default=None)  # normal form, until a member is looked at
    _cleared: frozenset[str] = PrivateAttr(default=frozenset())
    _residues: dict[str, Any] = PrivateAttr(default_factory=dict)

    def __init__(self, /, **members: Any) -> None:
        self._hold(normal(plain(members)))

    @classmethod
    def from_normal(cls, tree: dict[str, Any]) -> Self:
        """A product of a tree that is known to be in normal form; it is trusted, kept and not to be changed."""
        self = cls.__new__(cls)
        self._hold(tree)
        return self

    @classmethod
    def model_validate(cls, obj: Any, **_options: Any) -> Self:
        """A product of a canonical tree. Raises CanonicalError with every problem."""
        if isinstance(obj, DataProduct):
            return cls.from_normal(obj.canonical())
        return cls.from_normal(normal(plain(obj)))

    def _hold(self, tree: dict[str, Any]) -> None:
        put = object.__setattr__
        put(self, "__dict__", {})
        put(self, "__pydantic_fields_set__", set())
        put(self, "__pydantic_extra__", None)
        put(self, "__pydantic_private__", {"_tree": tree, "_cleared": frozenset(), "_residues": {}})

    # --- members as attributes: the models are made from the tree when one is first asked for

    def _materialise(self) -> None:
        tree = self._tree
        if tree is not None:
            self.__pydantic_validator__.validate_python(tree, self_instance=self, context=TRUSTED)
            self._tree = None

    def __getattr__(self, name: str) -> Any:
        if name in type(self).__pydantic_fields__ and self._tree is not None:
            self._materialise()
            return self.__dict__[name]
        return super().__getattr__(name)  # type: ignore[misc]

    def __setattr__(self, name: str, value: Any) -> None:
        if name in type(self).__pydantic_fields__:
            self._materialise()
            super().__setattr__(name, value)
            self._forget_cleared()
        else:
            super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if name in type(self).__pydantic_fields__:
            setattr(self, name, None)
        else:
            super().__delattr__(name)

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        self._materialise()
        yield from super().__iter__()

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the members that have been given."""
        self._materialise()
        return super().model_fields_set

    def __copy__(self) -> Self:
        made = super().__copy__()
        made._residues = dict(self._residues)
        return made

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, with the members of `update` set and checked; cleared paths and residues are copied too."""
        made = self.__deepcopy__() if deep else self.__copy__()
        for name, value in (update or {}).items():
            setattr(made, name, value)
        return made

    # --- canonical JSON

    def tree(self) -> dict[str, Any]:
        """The canonical tree for reading only; it may be the product's own. See `canonical` for one to change."""
        tree = self._tree
        return normal(plain(self)) if tree is None else tree

    def canonical(self) -> dict[str, Any]:
        """A fresh canonical tree in normal form. Raises CanonicalError when members were edited into nonsense."""
        tree = self._tree
        return normal(plain(self)) if tree is None else copied(tree)

    def canonical_json(self) -> str:
        """Canonical JSON text: two products are equal exactly when theirs is."""
        return canonical_json(self.tree())

    @model_serializer(mode="plain")
    def _dump(self) -> dict[str, Any]:
        return self.canonical()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataProduct):
            return NotImplemented
        return same(self.tree(), other.tree())

    __hash__ = None  # type: ignore[assignment]

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        tree = self._tree
        return list((plain(self) if tree is None else tree).items())

    @property
    def complete(self) -> bool:
        """Whether the product has an identifier and a title."""
        tree = self.tree()
        return "identifiers" in tree and "title" in tree

    # --- state beside canonical JSON

    @property
    def residues(self) -> dict[str, Any]:
        """The residue of each dialect from which the product was read, by dialect name."""
        return self._residues

    @property
    def cleared(self) -> frozenset[str]:
        """The rule paths that were cleared and at or under which no value stands since."""
        self._forget_cleared()
        return self._cleared

    def clear(self, path: str) -> None:
        """Say that the product has nothing at this rule path (`offers`, `parties.provider.name`): what stands there
        is removed, and `onto` will erase it at the other exchange. Raises KeyError for an unknown path."""
        tree = self.canonical()
        rulepath.remove(tree, path)
        cleared, residues = self.cleared | {path}, self._residues
        self._hold(normal(tree))
        self._cleared, self._residues = cleared, residues

    def _forget_cleared(self) -> None:
        if self._cleared:
            tree = self._tree if self._tree is not None else plain(self)
            self._cleared = frozenset(path for path in self._cleared if not rulepath.stands(tree, path))

    def apply(self, losses: Iterable[Loss]) -> DataProduct:
        """What a reader finds after these losses (law 2): `d.read(d.write(p)) == p.apply(d.losses(p))`."""
        return DataProduct.from_normal(apply_losses(self.tree(), losses))
