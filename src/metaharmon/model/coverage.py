"""Coverage, dynamics and extent (canonical schema 3.4 to 3.6)."""

from __future__ import annotations

from metaharmon.model.fields import Duration, LangText, Part, field
from metaharmon.model.values import Frequency, Interval, Place, Quantity


class Coverage(Part):
    """What times and places the data are about."""

    temporal: list[Interval] | None = field("覆盖时间范围", "The spans of time.", lists="sequence", term="dct:temporal")
    temporal_resolution: Duration | None = field(
        "时间粒度", "The smallest step of time.", term="dcat:temporalResolution"
    )
    spatial: list[Place] | None = field(
        "覆盖地域",
        "The places.",
        lists="sequence",
        key="scheme+code|uri|label",
        term="dct:spatial",
        standards=("GB/T 2260",),
    )
    spatial_resolution: Quantity | None = field(
        "空间分辨率", "The smallest distance.", dimension="length", term="dcat:spatialResolutionInMeters"
    )
    spatial_granularity: LangText | None = field("最小分级单元", "The smallest unit of division (县, Municipal).")


class Latency(Part):
    """The age of data on arrival; T+1 is a latency, never a frequency."""

    period: Duration | None = field("时效", "The latency.")
    text: LangText | None = field("时效原文", "Words that are no duration.")


class Dynamics(Part):
    """How the data change."""

    update_frequency: Frequency | None = field(
        "更新频率", "How often the data are updated.", term="dct:accrualPeriodicity", standards=("指南2017 §11",)
    )
    latency: Latency | None = field("时效 (T+1)", "The age of data on arrival.")
    sync_mode: str | None = field(
        "同步方式", "Whether an update brings all data or the change.", codelist="sync_mode", term="dct:accrualMethod"
    )


class Increment(Part):
    """What one update adds, or what is added per period."""

    bytes: Quantity | None = field("增量大小", "Bytes added.", dimension="data")
    records: Quantity | None = field("增量条数", "Records added.", dimension="count")
    period: Duration | None = field("增量周期", "The period; absent is per update.")


class Extent(Part):
    """How much there is: counters of different things, which are never merged."""

    bytes: Quantity | None = field("存储大小", "The size in bytes.", dimension="data", term="dcat:byteSize")
    records: Quantity | None = field(
        "数据条数", "The number of records (条, 户, 笔).", dimension="count", term="void:entities"
    )
    cells: Quantity | None = field("单元格数", "Rows times columns.", dimension="count")
    columns: Quantity | None = field("数据项数", "The number of data items.", dimension="count")
    files: Quantity | None = field("文件数", "The number of files.", dimension="count")
    interfaces: Quantity | None = field("接口量", "The number of interfaces.", dimension="count")
    duration: Quantity | None = field(
        "时长", "The length of speech or video.", dimension="time", term="schema:duration"
    )
    tokens: Quantity | None = field("词元数", "The number of tokens.", dimension="count")
    increment: Increment | None = field("增量", "What an update or a period adds.")
    text: list[str] | None = field(
        "规模(原文)", "Sizes of another nature, such as `90 pages`.", lists="sequence", term="dct:extent"
    )
