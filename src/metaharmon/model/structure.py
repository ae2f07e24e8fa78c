"""Tables, data items and their definitions (canonical schema 3.7)."""

from __future__ import annotations

from metaharmon.model.fields import LangText, Part, Uri, field


class ForeignKey(Part):
    """Columns that refer to columns of another table."""

    columns: list[str] | None = field("本表列", "The columns here.", lists="sequence")
    table: str | None = field("引用表", "The other table.")
    references: list[str] | None = field("引用列", "The columns there.", lists="sequence")


class ItemConstraints(Part):
    """Which values are allowed; bounds are text, since they may be dates."""

    minimum: str | None = field("最小值", "The least value.", term="sh:minInclusive")
    maximum: str | None = field("最大值", "The greatest value.")
    exclusive_minimum: str | None = field("下限(不含)", "Values are greater than this.")
    exclusive_maximum: str | None = field("上限(不含)", "Values are less than this.")
    pattern: str | None = field("格式规则", "A regular expression, as written; it is never run.")
    enum: list[str] | None = field("枚举值", "The allowed values.", lists="sequence")
    min_length: int | None = field("最小长度", "The least number of characters.")
    max_length: int | None = field("最大长度", "The greatest number of characters.")


class Definition(Part):
    """口径: what a number counts."""

    population: LangText | None = field("统计范围", "Which cases are counted.", term="skos:definition")
    measure: LangText | None = field("指标", "What is measured.")
    computation: LangText | None = field("算法", "How it is computed; words, never run.")
    granularity: LangText | None = field("粒度", "What one value stands for.")
    exclusions: LangText | None = field("剔除", "What is left out.")
    uri: Uri | None = field("数据元网址", "The authoritative definition.", term="skos:exactMatch")
    element: str | None = field("数据元", "The name of the element of the structure to which it refers.")


class Item(Part):
    """One data item (信息项): a column, or a member of an object."""

    name: str | None = field("信息项英文名", "The name in the data.", term="csvw:name")
    physical_name: str | None = field("字段名", "The name in the store.", term="csvw:name")
    label: LangText | None = field("信息项名称", "The name for readers.", term="csvw:titles")
    description: LangText | None = field("描述", "What it holds.", term="dct:description")
    type: str | None = field(
        "数据类型", "The logical type.", codelist="item_type", term="csvw:datatype", standards=("指南2017 §8",)
    )
    physical_type: str | None = field("物理类型", "The type in the store, as written.")
    format: str | None = field("格式", "The format of values, as written.")
    length: int | None = field("长度", "The greatest length.", unit="character")
    precision: int | None = field("精度", "Digits in all; `18,2` has 18.", unit="digit")
    scale: int | None = field("小数位", "Digits after the point; `18,2` has 2.", unit="digit")
    unit: str | None = field(
        "计量单位", "The unit of values: UCUM or the word.", term="qudt:unit", standards=("DB33/T 2426",)
    )
    nullable: bool | None = field("允许为空", "Whether it may be empty.", term="csvw:required")
    unique: bool | None = field("唯一", "Whether no value repeats.")
    file_property: str | None = field(
        "文件属性",
        "What of each file it holds, where it is no column.",
        codelist="file_property",
        term="cr:fileProperty",
    )
    sensitivity: str | None = field("敏感级别", "The word as given; levels of schemes stand in compliance.")
    constraints: ItemConstraints | None = field("值域", "Which values are allowed.")
    examples: list[str] | None = field("样例", "Values as examples.", lists="sequence")
    children: list[Item] | None = field(
        "下级信息项",
        "Members of an object, or the element of an array.",
        lists="sequence",
        key="name|physical_name|label",
        term="cr:subField",
    )
    definition: Definition | None = field(
        "口径", "What the number counts.", term="skos:definition", standards=("DB33/T 2426 定义",)
    )


class Table(Part):
    """One table, topic or list of data items; a form with one unnamed list is the first table."""

    name: str | None = field("表名", "The name.", term="csvw:name")
    physical_name: str | None = field("物理表名", "The name in the store.", term="csvw:name")
    label: LangText | None = field("表中文名", "The name for readers.", term="dct:title")
    description: LangText | None = field("说明", "What it holds.", term="dct:description")
    kind: str | None = field("物理类型", "Table, view, topic: as written.")
    distribution: str | None = field("所属分发", "The id of the distribution that holds it.")
    version: str | None = field("结构版本", "The version of the structure, as written.", term="dcat:version")
    schema_url: Uri | None = field("结构文件", "The structure, given by reference.", term="dcat-us:describedBy")
    primary_key: list[str] | None = field(
        "主键", "The columns of the primary key, in order.", lists="sequence", term="csvw:primaryKey"
    )
    foreign_keys: list[ForeignKey] | None = field(
        "外键", "References to other tables.", lists="sequence", term="csvw:foreignKeys"
    )
    missing_values: list[str] | None = field(
        "缺失标记", "Texts that mean no value.", lists="sequence", term="csvw:null"
    )
    granularity: LangText | None = field("粒度", "What one row stands for.")
    items: list[Item] | None = field("信息项", "The data items.", lists="sequence", key="name|physical_name|label")


class Structure(Part):
    """The structure of the data."""

    tables: list[Table] | None = field("数据表", "The tables.", lists="sequence", key="name|physical_name|schema_url")
    elements: list[Item] | None = field(
        "数据元", "Definitions that items of several tables share.", lists="sequence", key="name|physical_name|label"
    )
    spatial_representations: list[str] | None = field(
        "空间表示类型",
        "How places are shown in the data.",
        lists="bag",
        codelist="spatial_representation",
        term="adms:representationTechnique",
        standards=("ISO 19115 MD_SpatialRepresentationTypeCode",),
    )
