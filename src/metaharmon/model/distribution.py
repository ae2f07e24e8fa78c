"""Files and interfaces (canonical schema 3.8)."""

from __future__ import annotations

from metaharmon.model.fields import Date, LangText, Language, Part, Uri, field
from metaharmon.model.values import Checksum, Licence, Quantity, Reference, Statement


class Distribution(Part):
    """A file or representation of the data."""

    id: str | None = field("分发标识", "An identifier; tables name it.", term="dct:identifier")
    role: str | None = field("角色", "What it is to the product.", codelist="distribution_role")
    title: LangText | None = field("名称", "Its title.", term="dct:title")
    description: LangText | None = field("描述", "What it holds.", term="dct:description")
    access_url: list[Uri] | None = field(
        "访问地址",
        "Where it is found; the first is the primary one.",
        lists="sequence",
        term="dcat:accessURL",
        standards=("GB/T 21063.3 onLineSrc",),
    )
    download_url: list[Uri] | None = field(
        "下载地址",
        "Where the file itself is; the first is the primary one.",
        lists="sequence",
        term="dcat:downloadURL",
        standards=("GB/T 21063.3 onLineSrc",),
    )
    file_name: str | None = field("文件名", "The name of the file.")
    format: list[str] | None = field(
        "格式", "Its formats; the first is the primary one.", lists="sequence", codelist="format", term="dct:format"
    )
    media_type: list[str] | None = field(
        "媒体类型", "Its media types (IANA).", lists="sequence", term="dcat:mediaType", form="media_type"
    )
    compression: str | None = field("压缩", "The media type of its compression.", term="dcat:compressFormat")
    packaging: str | None = field("打包", "The media type of its packaging.", term="dcat:packageFormat")
    encoding: str | None = field("字符编码", "Its character set (IANA).")
    bytes: Quantity | None = field("大小", "Its size.", dimension="data", term="dcat:byteSize")
    records: Quantity | None = field("条数", "How many records it holds.", dimension="count")
    checksum: Checksum | None = field("校验和", "Its checksum.", term="spdx:checksum")
    languages: list[Language] | None = field("语种", "The languages of its content.", lists="bag", term="dct:language")
    licences: list[Licence] | None = field(
        "许可", "Its licences.", lists="sequence", key="id|uri|name", term="dct:license"
    )
    rights: list[Statement] | None = field(
        "权利说明", "What else is said of its rights.", lists="sequence", key="text|uri", term="dct:rights"
    )
    conforms_to: list[Reference] | None = field(
        "遵循标准", "Standards that it follows.", lists="bag", key="uri|title", term="dct:conformsTo"
    )
    dates: dict[str, Date] | None = field("日期", "Dates by event.", codelist="date_event", term="dct:issued")
    schema_version: str | None = field(
        "结构版本", "The version of the structure it follows, as written.", term="dct:conformsTo"
    )
    status: str | None = field("状态", "Its stage.", codelist="product_status", term="adms:status")
    availability: str | None = field(
        "可用性", "How long it is planned to be there.", codelist="availability", term="dcatap:availability"
    )
    service: str | None = field("经由服务", "The id of the service that gives access.", term="dcat:accessService")


class FileSet(Part):
    """Many files of one kind, described once; it has no address of its own."""

    id: str | None = field("文件集标识", "An identifier; tables name it.", term="dct:identifier")
    role: str | None = field("角色", "What its files are to the product.", codelist="distribution_role")
    title: LangText | None = field("名称", "Its title.", term="dct:title")
    description: LangText | None = field("描述", "What its files hold.", term="dct:description")
    format: list[str] | None = field(
        "格式", "The formats of its files.", lists="sequence", codelist="format", term="dct:format"
    )
    media_type: list[str] | None = field(
        "媒体类型", "The media types of its files (IANA).", lists="sequence", term="dcat:mediaType", form="media_type"
    )
    includes: list[str] | None = field(
        "包含", "Patterns of the names of its files.", lists="sequence", term="cr:includes"
    )
    excludes: list[str] | None = field(
        "排除", "Patterns of the names that it leaves out.", lists="sequence", term="cr:excludes"
    )


class Parameter(Part):
    """An input or output of an interface."""

    name: str | None = field("参数名", "The name.")
    label: LangText | None = field("参数名称", "The name for readers.")
    position: str | None = field("位置", "Where an input stands.", codelist="position")
    type: str | None = field("数据类型", "The logical type.", codelist="item_type")
    required: bool | None = field("是否必填", "Whether it must be given.")
    description: LangText | None = field("说明", "What it means.", term="dct:description")


class Service(Part):
    """Something with an endpoint."""

    id: str | None = field("服务标识", "An identifier; distributions name it.", term="dct:identifier")
    title: LangText | None = field("接口名称", "Its title.", term="dct:title")
    description: LangText | None = field("接口说明", "What it does.", term="dct:description")
    kind: str | None = field(
        "服务类型",
        "The kind of service.",
        codelist="service_kind",
        term="dct:type",
        standards=("GB/T 21063.3 servType",),
    )
    endpoint_url: list[Uri] | None = field(
        "接口地址",
        "Its endpoints; the first is the primary one.",
        lists="sequence",
        term="dcat:endpointURL",
        standards=("GB/T 21063.3 servURL",),
    )
    description_url: list[Uri] | None = field(
        "接口描述", "Machine-readable descriptions.", lists="sequence", term="dcat:endpointDescription"
    )
    documentation_url: list[Uri] | None = field("接口文档", "Pages about it.", lists="sequence", term="foaf:page")
    specification: str | None = field(
        "接口规范", "The specification it follows (OAS, MCP), as written.", term="dct:conformsTo"
    )
    method: str | None = field("请求方法", "The request method (GET, POST), as written.", term="hydra:method")
    authentication: str | None = field("认证方式", "How callers prove who they are.", codelist="authentication")
    formats: list[str] | None = field(
        "返回格式", "Formats of its answers.", lists="bag", codelist="format", term="dct:format"
    )
    environment: str | None = field("环境", "Production, staging: as written.")
    inputs: list[Parameter] | None = field("输入参数", "What it takes.", lists="sequence", key="name")
    outputs: list[Parameter] | None = field("输出参数", "What it gives.", lists="sequence", key="name")
