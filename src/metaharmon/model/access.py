"""Access and its policies (canonical schema 3.12)."""

from __future__ import annotations

from metaharmon.model.fields import Duration, LangText, Part, field
from metaharmon.model.values import Interval, Place, Quantity


class Sharing(Part):
    """Sharing between public bodies."""

    type: str | None = field("共享类型", "Whether it is shared.", codelist="sharing", standards=("指南2017 §9",))
    condition: LangText | None = field("共享条件", "On what condition.", standards=("指南2017 §9",))
    modes: list[str] | None = field(
        "共享方式", "By what way.", lists="bag", codelist="sharing_mode", standards=("指南2017 §9",)
    )


class Opening(Part):
    """Opening to society."""

    type: str | None = field("开放类型", "Whether it is open.", codelist="opening", standards=("指南2017 §10",))
    condition: LangText | None = field("开放条件", "On what condition.", standards=("指南2017 §10",))


class UseTerm(Part):
    """For how long a buyer may use the data."""

    kind: str | None = field("期限类型", "The kind of term.", codelist="use_term")
    period: Duration | None = field("使用期限", "The length, of a term of the kind period.", term="odrl:elapsedTime")


class Limits(Part):
    """How often, how fast, when and from where."""

    count: int | None = field("使用次数", "How many times.", term="odrl:count")
    unlimited: bool | None = field("不限次数", "Whether the number of times is unlimited.")
    per: Duration | None = field("限频周期", "The period in which the times count.")
    rate: Quantity | None = field("使用频次", "How many times a second.", dimension="rate")
    concurrency: int | None = field("并发", "How many at once.")
    period: Interval | None = field("时间范围", "From when to when.", term="odrl:dateTime")
    windows: list[str] | None = field("时间窗口", "Times of day, `HH:mm-HH:mm`.", lists="bag")
    networks: list[str] | None = field("网络地址", "Networks (CIDR).", lists="bag")


class Operand(Part):
    """A value with which a constraint compares: its text as written, and what it is."""

    NATURAL = "value"
    WHOLE = True
    REQUIRED = ("value",)

    value: str | None = field("值", "The value as written.")
    type: str | None = field("值类型", "What the value is; absent is a text.", codelist="operand_type")


class Constraint(Part):
    """One condition of a policy: it compares (left, operator, right), or holds others by all_of, any_of or one_of."""

    left: str | None = field(
        "约束项", "What is compared: a word of ODRL (dateTime), or another name or address as written."
    )
    operator: str | None = field("运算符", "How.", codelist="operator")
    right: list[Operand] | None = field("约束值", "With what.", lists="bag", key="value")
    unit: str | None = field("单位", "The unit of the right side, as written.")
    all_of: list[Constraint] | None = field(
        "全部满足", "Conditions, all of which hold.", lists="bag", key="left+operator", term="odrl:and"
    )
    any_of: list[Constraint] | None = field(
        "任一满足", "Conditions, of which one at least holds.", lists="bag", key="left+operator", term="odrl:or"
    )
    one_of: list[Constraint] | None = field(
        "仅一满足", "Conditions, of which exactly one holds.", lists="bag", key="left+operator", term="odrl:xone"
    )


class Policy(Part):
    """One permission, prohibition or obligation, read and said whole or not at all; all its constraints hold."""

    REQUIRED = ("kind", "action")

    id: str | None = field("策略标识", "An identifier.")
    kind: str | None = field("策略类型", "Permission, prohibition or obligation.", codelist="policy_kind")
    action: str | None = field("行为", "The action.", codelist="action")
    target: str | None = field("对象", "What it is about.")
    assignee: str | None = field("被授权方", "To whom it is given.", term="odrl:assignee")
    constraints: list[Constraint] | None = field(
        "约束", "Conditions, all of which hold.", lists="bag", key="left+operator"
    )


class Access(Part):
    """Who may use the data, how and for how long."""

    sharing: Sharing | None = field("共享属性", "Sharing between public bodies.", standards=("指南2017 §9",))
    opening: Opening | None = field("开放属性", "Opening to society.", standards=("指南2017 §10",))
    circulation: str | None = field("流通类型", "The way of circulation.", codelist="circulation")
    development_terms: LangText | None = field("开发利用条件", "Terms of development and use.")
    rights_level: str | None = field(
        "访问权限", "Public, restricted or not public.", codelist="access_rights", term="dct:accessRights"
    )
    visibility: str | None = field("可见范围", "Who sees the listing.", codelist="visibility")
    usage_restrictions: LangText | None = field("使用限制", "Restrictions in words.", term="dct:rights")
    eligibility: list[str] | None = field(
        "使用者资质", "Who may use it: codes or words as given.", lists="bag", term="odrl:assignee"
    )
    territory: list[Place] | None = field(
        "使用地域", "Where it may be used.", lists="sequence", key="scheme+code|uri|label", term="odrl:spatial"
    )
    term: UseTerm | None = field("使用期限", "For how long it may be used.", term="odrl:elapsedTime")
    transfer_rules: list[str] | None = field("转让规则", "Rules of passing it on, as given.", lists="bag")
    limits: Limits | None = field("使用限额", "How often, how fast, when and from where.", term="odrl:count")
    policies: list[Policy] | None = field(
        "控制策略",
        "Policies of a digital contract (数字合约).",
        lists="discriminated",
        by=("kind", "action"),
        key="id|target",
        term="odrl:Offer",
    )
    notice_period: Duration | None = field("通知期", "The notice that ends the use.")
    storage: str | None = field("存储限制", "How it may be stored.", codelist="storage")
    contract_required: bool | None = field("数字合约", "Whether a digital contract is needed.")
