"""How the models of the canonical schema state a field: types, labels, code lists, list kinds.

Every fact of a field is said once, in its annotation and its `field(...)`; the shape, the JSON Schema and the
reference pages are read off them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_serializer

from metaharmon.files.jsonvalue import plain_scalar
from metaharmon.model.normal import MAX_DEPTH, normal
from metaharmon.model.reading import Kind, of

Decimal = Annotated[str, Kind("decimal")]
Ratio = Annotated[str, Kind("ratio")]
Date = Annotated[str, Kind("date")]
Duration = Annotated[str, Kind("duration")]
Uri = Annotated[str, Kind("uri")]
Language = Annotated[str, Kind("language")]
LangText = Annotated[dict[str, str], Kind("langtext")]
LangList = Annotated[dict[str, list[str]], Kind("langlist")]

BASE_UNITS = {
    "data": "byte",
    "count": "1",
    "time": "s",
    "rate": "1/s",
    "sampling": "Hz",
    "length": "m",
    "ratio": "1",
}
"""The base unit of each dimension of a quantity (canonical schema 2.1)."""

TRUSTED = {"normal": True}
"""The validation context of a tree that is already in normal form."""


def field(
    zh: str,
    meaning: str,
    *,
    term: str | None = None,
    standards: tuple[str, ...] = (),
    unit: str | None = None,
    dimension: str | None = None,
    codelist: str | None = None,
    lists: str | None = None,
    by: tuple[str, ...] = (),
    key: str | None = None,
    group: str | None = None,
    form: str | None = None,
    alias: str | None = None,
) -> Any:
    """One field: Chinese label, English meaning, and what applies of the rest.

    `term` is the nearest standard term, `codelist` the list of the code or of the keys of a keyed map, `lists` the
    kind of the list, `by` its discriminators, `key` its natural key: alternatives by `|`, members of one by `+`.
    `group` is the group of the schema where the top-level member is not a group of its own, `form` what a text looks
    like in the records that say it: email or media_type.
    """
    said = {
        "zh": zh,
        "unit": BASE_UNITS[dimension] if dimension else unit,
        "dimension": dimension,
        "codelist": codelist,
        "term": term,
        "standards": list(standards),
        "list": lists,
        "by": list(by),
        "key": key or ("." if lists else None),
        "group": group,
        "form": form,
    }
    extra = {name: value for name, value in said.items() if value}
    return Field(default=None, description=meaning, json_schema_extra=extra, alias=alias)


class Part(BaseModel):
    """An object of the canonical schema. Unknown members are an error; assignments are checked and normalised."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True, defer_build=True, populate_by_name=True)

    # the type name in the shape, the natural member, whether it is stated as one value, members it never lacks
    NAME: ClassVar[str | None] = None
    NATURAL: ClassVar[str | None] = None
    WHOLE: ClassVar[bool] = False
    REQUIRED: ClassVar[tuple[str, ...]] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _normalise(cls, value: Any, info: ValidationInfo) -> Any:
        if info.context is TRUSTED or value is None:
            return value
        name = cls.model_fields[str(info.field_name)].alias or str(info.field_name)
        return normal(plain(value), of(cls, None).members[name])

    @model_serializer(mode="plain")
    def _dump(self) -> dict[str, Any]:
        return plain(self)

    def __delattr__(self, name: str) -> None:
        setattr(self, name, None)  # a member that is not there is None

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return [(name, value) for name, value in super().__repr_args__() if value is not None]


def plain(value: Any, depth: int = 0) -> Any:
    """The JSON tree of models and containers of models: unset members left out, exact decimals as text, and members of
    enumerations and values of other subclasses as the plain values that they are. What nests too deeply, or holds
    itself, stays as it is: it has no normal form."""
    if depth > 2 * MAX_DEPTH:
        return value
    if isinstance(value, Part):
        fields = type(value).model_fields
        return {
            info.alias or name: plain(member, depth + 1)
            for name, info in fields.items()
            if (member := getattr(value, name)) is not None
        }
    if isinstance(value, dict):
        return {plain_scalar(key): plain(member, depth + 1) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member, depth + 1) for member in value]
    found = plain_scalar(value)
    return found if found is value or found.__class__ is not list else plain(found, depth + 1)
