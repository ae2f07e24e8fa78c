"""The description itself (canonical schema 3.2)."""

from __future__ import annotations

from metaharmon.model.fields import Date, Decimal, Language, Part, field
from metaharmon.model.values import Reference


class Count(Part):
    """A count that one catalogue keeps; it says nothing of what others counted."""

    REQUIRED = ("measure",)

    measure: str | None = field(
        "计数指标", "What was counted.", codelist="count_measure", term="schema:interactionType"
    )
    observer: str | None = field(
        "计数方",
        "Who counted, by host name; none: the catalogue that gives the record.",
        term="schema:interactionService",
    )
    scope: str | None = field("计数范围", "Over which versions.", codelist="count_scope")
    span: str | None = field("计数时段", "Over which span of time.", codelist="count_span")
    period: Date | None = field("时段", "The year, month or day, where the span is one.", term="schema:startTime")
    value: Decimal | None = field("计数", "The count.", term="schema:userInteractionCount")


class About(Part):
    """What is said of the description, not of the data."""

    languages: list[Language] | None = field(
        "元数据语种", "The languages of the description.", lists="bag", term="dct:language", standards=("ISO 19115",)
    )
    encoding: str | None = field("元数据字符集", "Its character set (IANA).", standards=("ISO 19115",))
    conforms_to: list[Reference] | None = field(
        "元数据标准",
        "Standards and profiles that the description follows.",
        lists="bag",
        key="uri|title",
        term="dct:conformsTo",
        standards=("ISO 19115",),
    )
    counts: list[Count] | None = field(
        "使用计数",
        "How often it was seen, fetched or cited, each as one catalogue counted.",
        lists="discriminated",
        by=("measure", "observer", "scope", "span"),
        key="period",
        term="schema:interactionStatistic",
    )
