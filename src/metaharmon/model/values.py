"""The objects that many groups share (canonical schema 2.2 to 2.4)."""

from __future__ import annotations

from typing import ClassVar

from metaharmon.model.fields import Date, Decimal, Duration, LangText, Part, Uri, field


class Identifier(Part):
    """A name in a scheme. The value is always text (`1.10`, `007`) and is never parsed."""

    NATURAL = "value"
    WHOLE = True
    REQUIRED = ("value",)

    value: str | None = field("标识值", "The identifier as written.", term="adms:identifier")
    assigner: str | None = field("赋码机构", "Who assigned it.")


class Reference(Part):
    """Something named elsewhere by an address and a title: a standard or a law."""

    NATURAL = "uri"

    uri: Uri | None = field("网址", "Its address.")
    title: LangText | None = field("名称", "Its title.", term="dct:title")
    version: str | None = field("版本", "Its version as written.", standards=("ISO 19115 metadataStandardVersion",))


class Statement(Part):
    """Something said in words, or at an address where the words are: of rights, of the history of the data."""

    NATURAL = "text"

    text: LangText | None = field("说明", "The words.", term="rdfs:label")
    uri: Uri | None = field("网址", "Where the statement stands, or its identity.")


class Checksum(Part):
    """A checksum of a file; hexadecimal digits keep their case."""

    WHOLE = True

    algorithm: str | None = field("算法", "The algorithm.", codelist="checksum")
    value: str | None = field("校验值", "The value as written.")


class Quantity(Part):
    """An exact amount in the base unit of its dimension; with `between`, `value` and `upper` are the two ends."""

    NATURAL = "value"
    WHOLE = True
    REQUIRED = ("value",)

    value: Decimal | None = field("数值", "The amount, or the lower end.")
    upper: Decimal | None = field("上限", "The upper end; only with the bound between.")
    bound: str | None = field("限定", "How the amount is meant, where it is not exact.", codelist="bound")


class Frequency(Part):
    """How often something happens: a kind, and for periodic ones `count` events in each `period`, reduced."""

    WHOLE = True
    REQUIRED = ("kind",)

    kind: str | None = field("频率类别", "The kind of frequency.", codelist="frequency_kind")
    count: int | None = field("次数", "Updates per period, at least 1; only of a periodic one.")
    period: Duration | None = field("周期", "The period, in one unit; only of a periodic one.")
    text: LangText | None = field("频率原文", "Words that no kind or period holds.")


class Concept(Part):
    """An entry of a classification; label and address are dropped where the code is known here."""

    NAME: ClassVar[str | None] = "concept"
    NATURAL = "code"
    WHOLE = True

    scheme: str | None = field("分类体系", "The classification.", codelist="classification_scheme")
    edition: str | None = field("版本", "The edition of the classification.")
    code: str | None = field("代码", "The code in the classification.")
    label: LangText | None = field("名称", "The label, only where the code is unknown here.", term="skos:prefLabel")
    uri: Uri | None = field("网址", "The address of the concept, only where the code is unknown here.")


class TaskConcept(Concept):
    """A task that a data set serves."""

    scheme: str | None = field("任务体系", "The list of tasks.", codelist="task_scheme")


class PlaceConcept(Concept):
    """An administrative division."""

    scheme: str | None = field("区划体系", "The list of places.", codelist="place_scheme")


class Interval(Part):
    """A span of time; an end that is not said is unknown, one that is open says so."""

    WHOLE = True

    start: Date | None = field("起始", "The first date.", term="dcat:startDate")
    end: Date | None = field("结束", "The last date.", term="dcat:endDate")
    open_start: bool | None = field("起始不限", "It has no start.")
    open_end: bool | None = field("至今", "It goes on (至今).")
    rolling: Duration | None = field("滚动期", "A span that moves with the day (近三年).")
    as_of: Date | None = field("截至", "The day from which a rolling span counts back.")
    text: LangText | None = field("时间原文", "Words that are no dates.")


class Licence(Part):
    """A licence; a known one keeps only its id."""

    NATURAL = "id"
    WHOLE = True

    id: str | None = field("许可代码", "The licence, in the spelling of SPDX or of our list.", codelist="licence")
    uri: Uri | None = field("许可网址", "Its address, where the id is unknown.")
    name: LangText | None = field("许可名称", "Its name, where the id is unknown.")
    text: LangText | None = field("许可文本", "Its text, where the id is unknown.")


class Document(Part):
    """A page, attachment, certificate, sample or logo."""

    NATURAL = "uri"

    id: str | None = field("文档标识", "An identifier of the document.", term="dct:identifier")
    title: LangText | None = field("文档名称", "Its title.", term="dct:title")
    uri: Uri | None = field("网址", "Its address.")
    key: str | None = field("文件名", "A storage key or a file name.")
    version: str | None = field("版本", "Its version as written.", term="dcat:version")
    format: str | None = field("格式", "Its format.", codelist="format", term="dct:format")
    media_type: str | None = field("媒体类型", "Its media type (IANA).", term="dcat:mediaType", form="media_type")
    size: Quantity | None = field("大小", "Its size.", dimension="data", term="dcat:byteSize")
    checksum: Checksum | None = field("校验和", "Its checksum.", term="spdx:checksum")
    issued: Date | None = field("签发日期", "When it was issued.", term="dct:issued")
    remark: LangText | None = field("备注", "A remark on it.")
    conforms_to: list[Reference] | None = field(
        "遵循标准", "Standards that it follows.", lists="bag", key="uri|title", term="dct:conformsTo"
    )


class Link(Part):
    """Another resource to which the product relates."""

    NATURAL = "uri"
    WHOLE = True

    identifier: Identifier | None = field("标识符", "The identifier of the other resource.", term="dct:identifier")
    scheme: str | None = field("标识体系", "The scheme of that identifier.", codelist="identifier_scheme")
    uri: Uri | None = field("网址", "The address of the other resource.")
    title: LangText | None = field("名称", "Its title.", term="dct:title")
    type: str | None = field("资源类型", "What kind of work it is.", codelist="resource_type", term="dct:type")


class Bbox(Part):
    """A bounding box in degrees; four names, so that no order of axes can be mistaken."""

    west: Decimal | None = field("西", "The western longitude.", unit="degree")
    south: Decimal | None = field("南", "The southern latitude.", unit="degree")
    east: Decimal | None = field("东", "The eastern longitude.", unit="degree")
    north: Decimal | None = field("北", "The northern latitude.", unit="degree")


class Centroid(Part):
    """A point in degrees."""

    lon: Decimal | None = field("经度", "The longitude.", unit="degree")
    lat: Decimal | None = field("纬度", "The latitude.", unit="degree")


class Geometry(Part):
    """A geometry as text in a stated encoding."""

    encoding: str | None = field("编码", "The encoding of the text.", codelist="geometry")
    value: str | None = field("几何值", "The geometry as written.")


class Place(Part):
    """A place by code, name, address or coordinates."""

    NAME: ClassVar[str | None] = "place"
    NATURAL = "code"
    WHOLE = True

    scheme: str | None = field(
        "区划体系", "The list of places.", codelist="place_scheme", term="dct:spatial", standards=("GB/T 2260",)
    )
    edition: str | None = field("版本", "The edition of that list.")
    code: str | None = field("区划代码", "The code of the place.", term="dct:spatial", standards=("GB/T 2260",))
    label: LangText | None = field("地域名称", "Its name, only where the code is unknown here.", term="skos:prefLabel")
    level: str | None = field("层级", "Its level.", codelist="place_level")
    uri: Uri | None = field("地点网址", "The address (IRI) of the place.", term="dct:Location")
    bbox: Bbox | None = field("边界", "Its bounding box.", unit="degree", term="dcat:bbox")
    centroid: Centroid | None = field("中心点", "Its central point.", unit="degree", term="dcat:centroid")
    geometry: Geometry | None = field("几何", "Its geometry, as written.", term="locn:geometry")
    crs: str | None = field(
        "坐标系", "The coordinate system; absent is WGS 84, longitude and latitude.", term="dct:conformsTo"
    )
