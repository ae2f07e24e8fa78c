"""Offers and delivery (canonical schema 3.13 and 3.14)."""

from __future__ import annotations

from metaharmon.model.fields import Date, Decimal, Duration, LangList, LangText, Part, Ratio, field
from metaharmon.model.parties import Contact
from metaharmon.model.values import Interval, Quantity


class Per(Part):
    """What one amount pays for, of a price by usage."""

    quantity: Decimal | None = field("计价数量", "How many units.")
    unit: str | None = field("计价单位", "The unit.", codelist="price_unit", term="schema:unitCode")


class Quota(Part):
    """What a package holds."""

    quantity: Decimal | None = field("包含用量", "How many units.", term="odps:maxTransactionQuantity")
    unit: str | None = field("用量单位", "The unit.", codelist="price_unit")
    unlimited: bool | None = field("不限用量", "Whether it is unlimited.")


class Tier(Part):
    """One step of a tiered price: from (included) to (excluded)."""

    from_: Decimal | None = field("起", "From this amount of use, included.", alias="from")
    to: Decimal | None = field("止", "To this amount of use, excluded.")
    amount: Decimal | None = field("价格", "The price in this step.", term="schema:price")


class Trial(Part):
    """A trial before buying."""

    allowed: bool | None = field("支持试用", "Whether there is one.")
    count: int | None = field("试用次数", "How many times.")
    period: Duration | None = field("试用期", "For how long.")


class Offer(Part):
    """One price: `basis` is what is paid for, `state` whether the price is stated, free, negotiable or unknown."""

    REQUIRED = ("basis", "state")

    basis: str | None = field(
        "计量方式",
        "What is paid for; `unstated` where the form says none.",
        codelist="price_basis",
        term="schema:priceSpecification",
    )
    state: str | None = field(
        "价格状态", "Whether there is a price; `unknown` where the form says none.", codelist="price_state"
    )
    basis_text: str | None = field("计费方式(原文)", "Words of the basis, only with `unstated`.", term="odps:unit")
    id: str | None = field("套餐标识", "An identifier.")
    name: LangText | None = field("套餐", "The name of the package.", term="schema:Offer")
    description: LangText | None = field("套餐说明", "What it is.")
    amount: Decimal | None = field(
        "价格", "The price, exact, in units of the currency; only of a stated price.", term="schema:price"
    )
    currency: str | None = field(
        "币种", "The currency; it is never converted.", codelist="iso4217", term="schema:priceCurrency"
    )
    amount_upper: Decimal | None = field("最高价", "The upper end of a range of prices.", term="schema:maxPrice")
    per: Per | None = field("计价单位", "What one amount pays for, of a price by usage.", term="schema:unitCode")
    period: Duration | None = field("周期", "The period of a subscription.", term="odps:billingDuration")
    quota: Quota | None = field("包含用量", "What the package holds.", term="odps:maxTransactionQuantity")
    tiers: list[Tier] | None = field("阶梯", "Steps of a tiered price.", lists="sequence", key="from")
    postpaid: bool | None = field("支持后付费", "Whether one pays afterwards.")
    tax_included: bool | None = field("含税", "Whether tax is included.", term="schema:valueAddedTaxIncluded")
    trial: Trial | None = field("试用", "A trial before buying.")
    features: LangList | None = field("权益", "What the package offers.", term="odps:offering")
    share: Ratio | None = field("分成比例", "The share of a revenue_share price, from 0 to 1.", unit="1")
    valid: Interval | None = field("有效期", "From when to when the offer holds.", term="schema:priceValidUntil")


class Sla(Part):
    """What service level is promised."""

    availability: Quantity | None = field(
        "可用性", "The share of time in service; 99.9% is 0.999.", dimension="ratio", term="odps:uptime"
    )
    success_rate: Quantity | None = field("成功率", "The share of calls that succeed.", dimension="ratio")
    hit_rate: Quantity | None = field("查得率", "The share of queries that find something.", dimension="ratio")
    response_time: Quantity | None = field(
        "响应时间", "The usual time to answer.", dimension="time", term="odps:responseTime"
    )
    response_time_max: Quantity | None = field("最长响应时间", "The longest time to answer.", dimension="time")
    timeout: Quantity | None = field("超时", "After what time a call fails.", dimension="time")
    throughput: Quantity | None = field("并发能力 QPS", "How many calls a second.", dimension="rate")
    service_window: str | None = field("服务时间 7×24", "When the service runs, as written.")
    detect: Quantity | None = field("发现时间", "Time to notice a failure.", dimension="time")
    notify: Quantity | None = field("通知时间", "Time to tell of a failure.", dimension="time")
    repair: Quantity | None = field("修复时间", "Time to mend a failure.", dimension="time", term="odps:timeToRepair")
    support_response: Quantity | None = field("支持响应时间", "Time to answer a request for support.", dimension="time")
    retention: Duration | None = field("保留期", "How long data are kept.")
    end_of_support: Date | None = field("停止支持日期", "When support ends.")
    end_of_life: Date | None = field("停用日期", "When the product ends.", term="odps:endOfLife")


class Support(Contact):
    """A channel of support."""

    channel: str | None = field("支持渠道", "The channel, as written.")
    scope: str | None = field("支持范围", "What it is for, as written.")


class Delivery(Part):
    """How a buyer receives the data under contract."""

    methods: list[str] | None = field("交付方式", "The ways of delivery.", lists="bag", codelist="delivery_method")
    transfer_modes: list[str] | None = field(
        "传输模式",
        "Whether the buyer pulls or the seller pushes.",
        lists="bag",
        codelist="transfer_mode",
        term="dct:format",
    )
    sla: Sla | None = field("服务水平", "What service level is promised.")
    support: list[Support] | None = field(
        "支持渠道", "Channels of support.", lists="bag", key="channel+url|channel+email"
    )
