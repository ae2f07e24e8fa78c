"""Provenance, rights and compliance (canonical schema 3.9 to 3.11)."""

from __future__ import annotations

from metaharmon.model.fields import Date, Decimal, LangText, Part, Ratio, Uri, field
from metaharmon.model.values import Interval, Licence, PlaceConcept, Reference, Statement


class Source(Part):
    """A resource from which the data come."""

    NATURAL = "uri"

    title: LangText | None = field("来源名称", "Its title.", term="dct:title")
    uri: Uri | None = field("来源网址", "Its address.", term="dct:source")
    ids: dict[str, str] | None = field("来源标识", "Its identifiers by scheme.", codelist="identifier_scheme")


class Step(Part):
    """One step of processing."""

    text: LangText | None = field("处理说明", "What was done.", term="prov:Activity")
    date: Date | None = field("处理日期", "When.")
    tool: str | None = field("处理工具", "With what.")


class Trace(Part):
    """A proof of existence: an entry of a ledger, a hash, a certificate."""

    kind: str | None = field("存证类型", "The kind of proof.", codelist="trace")
    system: str | None = field("存证系统", "Where it is kept.")
    value: str | None = field("存证值", "Its number or hash, as written.")
    date: Date | None = field("存证日期", "When it was made.")


class Provenance(Part):
    """Where the data come from."""

    acquisition: list[str] | None = field(
        "数据来源(取得方式)", "How the data were obtained.", lists="bag", codelist="acquisition"
    )
    origin: list[str] | None = field("来源主体类别", "From whom they come.", lists="bag", codelist="origin")
    origin_detail: LangText | None = field("来源说明", "More on the origin.", term="dct:source")
    sources: list[Source] | None = field(
        "来源资源", "Resources from which they come.", lists="bag", key="uri|title", term="prov:wasDerivedFrom"
    )
    statement: list[Statement] | None = field(
        "沿革", "What is said of the history.", lists="sequence", key="text|uri", term="dct:provenance"
    )
    generated: bool | None = field("是否生成数据", "Whether the data are synthetic or made by a model.")
    steps: list[Step] | None = field(
        "处理过程", "The steps of processing, in order.", lists="sequence", term="prov:Activity"
    )
    traces: list[Trace] | None = field(
        "存证", "Proofs of existence.", lists="bag", key="kind+value", term="prov:Entity"
    )


class HeldRight(Part):
    """One of the three data rights (数据三权) and who holds it."""

    right: str | None = field("权利", "The right.", codelist="right")
    holder: LangText | None = field("权利人", "Who holds it.", term="odrl:assigner")
    holder_ids: dict[str, str] | None = field("权利人标识", "Identifiers of the holder.", codelist="party_id_scheme")
    term: Interval | None = field("权利期限", "For how long.")
    basis: LangText | None = field("权利依据", "On what ground.")


class RevenueShare(Part):
    """Who gets what part of the revenue."""

    party: LangText | None = field("分成方", "Who gets it.")
    party_ids: dict[str, str] | None = field("分成方标识", "Identifiers of the party.", codelist="party_id_scheme")
    side: str | None = field("分成角色", "What the party brings.", codelist="share_side")
    place: PlaceConcept | None = field("所在地", "Where the party is.")
    basis: str | None = field("分成基础", "Of what the share is counted.", codelist="share_basis")
    ratio: Ratio | None = field("分成比例", "The share, from 0 to 1.", unit="1", term="odrl:Compensate")
    amount: Decimal | None = field("金额", "A fixed amount.")
    currency: str | None = field("币种", "The currency of the amount.", codelist="iso4217")
    remark: LangText | None = field("备注", "A remark.")


class Rights(Part):
    """Who may do what, by right and by licence."""

    held: list[HeldRight] | None = field(
        "数据三权", "Rights that are held.", lists="discriminated", by=("right",), key="holder", term="odrl:assigner"
    )
    licences: list[Licence] | None = field(
        "许可", "Licences, in the order given.", lists="sequence", key="id|uri|name", term="dct:license"
    )
    statement: list[Statement] | None = field(
        "权利说明", "What is said of the rights.", lists="sequence", key="text|uri", term="dct:rights"
    )
    authorised_use: bool | None = field("授权使用", "Whether the use is authorised.")
    subject_authorised: bool | None = field("个人或企业授权使用", "Whether the persons or enterprises agreed.")
    authorisation_kind: str | None = field(
        "授权运营类型", "The kind of authorised operation.", codelist="authorisation"
    )
    revenue_sharing: list[RevenueShare] | None = field(
        "收益分成", "Who gets what of the revenue.", lists="bag", key="side+party", term="odrl:Compensate"
    )


class Security(Part):
    """Security levels by scheme; schemes are never converted into each other."""

    gbt43697: str | None = field(
        "数据分级", "Core, important or general data.", codelist="security.gbt43697", standards=("GB/T 43697-2024",)
    )
    gbt43697_general: str | None = field(
        "一般数据分级",
        "The level of general data.",
        codelist="security.gbt43697_general",
        standards=("GB/T 43697-2024",),
    )
    enterprise_level: str | None = field(
        "企业数据级别", "A level of an enterprise.", codelist="security.enterprise_level"
    )
    enterprise_class: str | None = field(
        "企业数据密级", "A class of an enterprise.", codelist="security.enterprise_class"
    )
    environment: str | None = field(
        "环境要求", "The level of the environment that the data need.", codelist="security.environment"
    )
    delivery_grade: str | None = field("交付交易等级", "The grade of delivery.", codelist="security.delivery_grade")
    classification: str | None = field("敏感分类", "A word as written.", codelist="security.classification")


class Registration(Part):
    """A registration with an authority."""

    kind: str | None = field("登记类型", "The kind of registration.", codelist="registration_kind")
    authority: LangText | None = field("登记机构", "The authority.")
    number: str | None = field("登记编号", "The number given.", term="adms:identifier")
    registered: Date | None = field("登记日期", "When it was registered.")
    valid_from: Date | None = field("生效日期", "From when it holds.")
    valid_until: Date | None = field("有效期至", "Until when it holds.")
    certificate: Uri | None = field("登记证书", "The certificate.")


class CrossBorder(Part):
    """Whether and how the data may leave the country."""

    allowed: bool | None = field("是否允许出境", "Whether they may.")
    assessment: str | None = field("出境方式", "On what ground.", codelist="cross_border")
    number: str | None = field("评估编号", "The number of the assessment.")
    remark: LangText | None = field("备注", "A remark.")


class Compliance(Part):
    """What law and regulation say of the data; declarations are documents."""

    personal_information: bool | None = field(
        "是否涉及个人信息", "Whether there is personal information.", term="gx:containsPII"
    )
    data_subjects: list[str] | None = field(
        "数据主体", "Whom the data are about.", lists="bag", codelist="data_subject", term="dpv:hasDataSubject"
    )
    data_category: str | None = field("数据类别", "Public, enterprise or personal data.", codelist="data_category")
    security: Security | None = field(
        "安全分级", "Levels by scheme; each scheme is its own axis.", standards=("GB/T 43697",)
    )
    registrations: list[Registration] | None = field(
        "登记", "Registrations.", lists="bag", key="kind+number", term="adms:identifier"
    )
    legislation: list[Reference] | None = field(
        "适用法规", "Laws that apply.", lists="bag", key="uri|title", term="dcatap:applicableLegislation"
    )
    cross_border: CrossBorder | None = field("数据出境", "Whether the data may leave the country.")
