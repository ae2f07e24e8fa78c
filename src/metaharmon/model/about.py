"""The description itself (canonical schema 3.2)."""

from __future__ import annotations

from metaharmon.model.fields import Language, Part, field
from metaharmon.model.values import Reference


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
