"""Quality, AI data sets, compute and life cycle (canonical schema 3.15 to 3.18)."""

from __future__ import annotations

from metaharmon.model.fields import Date, Decimal, LangText, Part, Uri, field
from metaharmon.model.values import Place, Quantity, TaskConcept


class Indicator(Part):
    """One measured, promised or ruled property of the data."""

    scheme: str | None = field(
        "指标体系",
        "The list of indicators.",
        codelist="quality_scheme",
        term="dqv:isMeasurementOf",
        standards=("TC609-5-2025-04",),
    )
    code: str | None = field("质量指标", "The indicator in that list.", term="dqv:isMeasurementOf")
    label: LangText | None = field("指标名称", "Its name, only where the code is unknown here.")
    title: LangText | None = field("指标标题", "The title under which it is shown; not the name of its code.")
    description: LangText | None = field("指标说明", "What is measured.")
    kind: str | None = field(
        "性质", "Whether it is measured, a target or a rule.", codelist="indicator_kind", term="dqv:QualityMeasurement"
    )
    operator: str | None = field("比较", "How the value is compared.", codelist="operator")
    value: Decimal | None = field("值", "The value; a share is a ratio.", term="dqv:value")
    upper: Decimal | None = field("上限", "The upper value of a range.")
    unit: str | None = field("单位", "The unit of the value, as written.")
    table: str | None = field("作用表", "The table it is about.", term="dqv:computedOn")
    item: str | None = field("作用信息项", "The data item it is about.", term="dqv:computedOn")
    method: str | None = field("方法", "How it is measured, as written.")
    query: str | None = field("表达式", "An expression, as written; it is never run.")
    severity: str | None = field("级别", "How grave a failure is, as written.")
    measured: Date | None = field("评测日期", "When it was measured.", term="prov:generatedAtTime")


class Valuation(Part):
    """What the data were found to be worth."""

    amount: Decimal | None = field("评估值", "The amount.")
    currency: str | None = field("币种", "The currency.", codelist="iso4217")
    method: str | None = field("评估方法", "The method, as written.")
    date: Date | None = field("评估日期", "When.")
    valuer: LangText | None = field("评估机构", "By whom.")


class Quality(Part):
    """How good the data are; reports are documents."""

    indicators: list[Indicator] | None = field(
        "质量指标",
        "Indicators.",
        lists="discriminated",
        by=("scheme", "code"),
        key="table+item+kind",
    )
    valuation: Valuation | None = field("价值评估", "What the data were found to be worth.")


class Annotation(Part):
    """How the data were annotated."""

    methods: list[str] | None = field(
        "标注方法", "By what method.", lists="bag", codelist="annotation_method", term="rai:dataAnnotationPlatform"
    )
    annotators: list[str] | None = field("标注人员", "By whom.", lists="bag", codelist="annotator")
    accuracy: Quantity | None = field("标注准确率", "The share of right annotations.", dimension="ratio")
    accuracy_of: str | None = field("准确率对象", "What is counted: sentence, word, item; as written.")


class Speech(Part):
    """Properties of speech data; their length is extent.duration."""

    speakers: int | None = field("说话人数", "How many speakers.")
    speakers_male: int | None = field("男性说话人数", "How many male speakers.")
    speakers_female: int | None = field("女性说话人数", "How many female speakers.")
    utterances: int | None = field("句数", "How many utterances.")
    sampling_rate: Quantity | None = field("采样率", "The sampling rate.", dimension="sampling")
    bit_depth: int | None = field("位深", "Bits of a sample.", unit="bit")
    channels: int | None = field("声道", "How many channels.")
    device: LangText | None = field("录音设备", "With what it was recorded.")
    environment: LangText | None = field("录音环境", "Where it was recorded.")


class Vision(Part):
    """Properties of images and video."""

    width: int | None = field("宽度", "The width.", unit="pixel", term="schema:width")
    height: int | None = field("高度", "The height.", unit="pixel")
    frame_rate: Quantity | None = field("帧率", "Frames a second.", dimension="sampling")


class Split(Part):
    """One part of a data set, for training or test."""

    name: str | None = field("划分名称", "The name.", term="cr:Split")
    records: Quantity | None = field("条数", "How many records it holds.", dimension="count")
    bytes: Quantity | None = field("大小", "Its size.", dimension="data")


class AiDataset(Part):
    """What a data set for AI says of itself."""

    dataset_class: str | None = field(
        "数据集类别", "General, of an industry, or expert.", codelist="dataset_class", standards=("TC609-5-2025-03",)
    )
    modalities: list[str] | None = field(
        "模态", "The modalities.", lists="bag", codelist="modality", term="schema:encodingFormat"
    )
    tasks: list[TaskConcept] | None = field(
        "任务", "Tasks that it serves.", lists="discriminated", by=("scheme",), key="code|uri|label"
    )
    annotation: Annotation | None = field("标注", "How it was annotated.")
    speech: Speech | None = field("语音", "Properties of speech data.")
    vision: Vision | None = field("图像与视频", "Properties of images and video.")
    splits: list[Split] | None = field("划分", "Its parts.", lists="sequence", key="name", term="cr:Split")


class Capacity(Part):
    """Computing capacity at one precision; it is never converted to another."""

    REQUIRED = ("precision",)

    value: Decimal | None = field("算力规模", "The capacity.", unit="FLOPS")
    unit: str | None = field("单位", "The unit.", codelist="capacity_unit")
    precision: str | None = field("精度", "The precision at which it is stated.", codelist="compute_precision")


class Accelerator(Part):
    """A kind of accelerator card."""

    model: str | None = field("型号", "The model.")
    vendor: str | None = field("厂商", "The vendor.")
    count: int | None = field("数量", "How many.")
    memory: Quantity | None = field("显存", "The memory of one.", dimension="data")


class CardHours(Part):
    """Hours of a card; they are never converted."""

    value: Decimal | None = field("卡时", "How many.", unit="card·h")
    model: str | None = field("型号", "The model of the card.")


class Site(Place):
    """Where the compute stands."""

    name: LangText | None = field("名称", "The name of the site.")


class Compute(Part):
    """What an offer of computing power holds."""

    capacity: list[Capacity] | None = field(
        "算力规模", "The capacity, one entry for each precision.", lists="bag", key="precision", unit="FLOPS"
    )
    accelerators: list[Accelerator] | None = field("加速卡", "Accelerator cards.", lists="bag", key="model")
    card_hours: list[CardHours] | None = field("卡时", "Hours of cards.", lists="bag", key="model", unit="card·h")
    core_hours: Decimal | None = field("核时", "Hours of cores.", unit="core·h")
    green_power_share: Quantity | None = field("绿电占比", "The share of green power.", dimension="ratio")
    pue: Decimal | None = field("PUE", "Power usage effectiveness.", unit="1")
    site: Site | None = field("算力所在地", "Where it stands.")


class OriginPlatform(Part):
    """Where the product was first listed (跨平台互认)."""

    name: LangText | None = field("首发平台", "The name of the platform.")
    uri: Uri | None = field("平台网址", "Its address.")
    own: bool | None = field("本平台首发", "Whether it is the platform that says so.")


class Lifecycle(Part):
    """Four statuses, each its own axis, and where the product was first listed."""

    registration_status: str | None = field(
        "登记状态", "Where its registration stands.", codelist="registration_status", term="adms:status"
    )
    listing_status: str | None = field("上架状态", "Where its listing stands.", codelist="listing_status")
    review_status: str | None = field("审核状态", "Where its review stands.", codelist="review_status")
    product_status: str | None = field(
        "产品阶段", "The stage of its life.", codelist="product_status", term="adms:status"
    )
    processing_stage: str | None = field(
        "基础 / 再开发产品", "Whether it is basic or made from other products.", codelist="processing_stage"
    )
    origin_platform: OriginPlatform | None = field("首发平台", "Where it was first listed.", term="dct:isReferencedBy")
