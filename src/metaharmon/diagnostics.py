"""What metaharmon says when something is wrong, lost or worth knowing.

A diagnostic is a code, a severity, one sentence and a place. Every code is defined here once, with its meaning;
`docs/reference/diagnostics.md` is generated from this table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

ERROR, WARNING, INFO = "error", "warning", "info"
MOST = 60
"""Characters of a value that a sentence shows."""


def shown(value: Any) -> str:
    """A value in a sentence: a text in quotes, anything else as compact JSON; cut where it is long."""
    if isinstance(value, str):
        head = _visible(value[: MOST + 1])
        return f"'{head}'" if len(value) <= MOST and len(head) <= MOST else f"'{head[: MOST - 3]}...'"
    text = ""
    for piece in _json(value):
        text += piece
        if len(text) > MOST:
            return f"{text[: MOST - 3]}..."
    return text


def jsonable(value: Any) -> Any:
    """A JSON value that `json.dumps` takes: a decimal as a number where that is exact, else as its text."""
    if isinstance(value, dict):
        return {key: jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    if not isinstance(value, Decimal):
        return value
    number = float(value) if value.is_finite() else None
    exact = number is not None and number - number == 0 and Decimal(repr(number)) == value
    return number if exact else str(value)


def _json(value: Any) -> Iterator[str]:
    """JSON of a value, piece by piece, so that what is cut is never made."""
    if value is None or value is True or value is False:
        yield "null" if value is None else "true" if value else "false"
    elif isinstance(value, str):
        yield f'"{_visible(value[: MOST + 1])}"'
    elif isinstance(value, (dict, list, tuple)):
        begin, end = "{}" if isinstance(value, dict) else "[]"
        members = value.items() if isinstance(value, dict) else ((None, entry) for entry in value)
        for i, (key, member) in enumerate(members):
            named = key if isinstance(key, str) else "" if key is None else _number(key)
            yield ("," if i else begin) + ("" if key is None else f'"{_visible(named[: MOST + 1])}":')
            yield from _json(member)
        yield end if value else begin + end
    else:
        yield _number(value)


def _number(value: Any) -> str:
    if isinstance(value, int):
        return "an integer of more than 60 digits" if int.bit_length(value) > 200 else int.__repr__(value)
    if isinstance(value, Decimal):
        short = value.is_finite() and abs(value.adjusted()) < MOST
        return Decimal.__format__(value, "f") if short else Decimal.__str__(value)
    if isinstance(value, float):
        return float.__repr__(value)
    ours = type(value).__module__.startswith("metaharmon.")  # what stands for nothing says so
    return str(value) if ours else f"a Python {type(value).__name__}"


def _visible(text: str) -> str:
    """A text of one line, in which every character can be seen."""
    return text if text.isprintable() else "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(one: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(one)
    return named or (f"\\u{ord(one):04x}" if ord(one) < 0x10000 else f"\\u{{{ord(one):x}}}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file. Lines and columns count from 1; the end is exclusive."""

    file: str
    line: int
    col: int
    end_line: int = 0
    end_col: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One documented diagnostic: its code, short name, severity and what it means."""

    code: str
    name: str
    severity: str
    meaning: str


KINDS: dict[str, Kind] = {}


def _define(code: str, name: str, severity: str, meaning: str) -> str:
    if code in KINDS:
        raise ValueError(f"diagnostic {code} is defined twice")
    KINDS[code] = Kind(code, name, severity, meaning)
    return code


# 1xx: the text of a mapping file or of a file of records
UNREADABLE = _define("MH101", "unreadable-file", ERROR, "The file is missing, cannot be opened or is a directory.")
ENCODING = _define("MH102", "encoding", ERROR, "The bytes are not text in the declared encoding (UTF-8 by default).")
SYNTAX = _define("MH103", "syntax", ERROR, "The text is not well-formed YAML, JSON or CSV.")
LIMIT = _define("MH104", "limit", ERROR, "A limit of size, depth, number of nodes or length of a scalar is exceeded.")
FORBIDDEN_YAML = _define(
    "MH105",
    "forbidden-yaml",
    ERROR,
    "Aliases, anchors, merge keys, tags, directives and several documents are not allowed in a mapping file;"
    " merge keys, tags and directives not in a file of records, nor aliases of no value.",
)
DUPLICATE_KEY = _define(
    "MH106", "duplicate-key", ERROR, "A key stands twice in one object; a parser would silently keep one of them."
)
BAD_CHARACTER = _define(
    "MH107", "bad-character", ERROR, "A lone surrogate or control character that text may not hold."
)
BAD_NUMBER = _define("MH108", "bad-number", ERROR, "NaN, Infinity or a number of more digits than can be read.")
NOT_A_RECORD = _define("MH109", "not-a-record", ERROR, "A record is an object; this value is something else.")
EMPTY_FILE = _define("MH110", "empty-file", ERROR, "The file holds no document.")
WIDE_TEXT = _define(
    "MH111", "byte-order-mark", INFO, "The file says by its byte order mark that it is UTF-16, and is read so."
)
SEPARATOR = _define(
    "MH112", "separator", INFO, "The cells of a table are not separated by commas; what separates them was found."
)
COLUMN_RENAMED = _define(
    "MH113",
    "column-renamed",
    WARNING,
    "The header names a column of the dialect with something around it (blanks, marks, another width); the column is"
    " read under the name that the dialect has.",
)
ROWS_ABOVE = _define(
    "MH114", "rows-above-header", WARNING, "A title or notes stand above the header of a table; they are not read."
)
UNNAMED_COLUMNS = _define(
    "MH115",
    "unnamed-columns",
    INFO,
    "The last columns of a table have no name; they are left out, and a row with something in them is not read.",
)
AMBIGUOUS_TABLE = _define(
    "MH116", "ambiguous-table", ERROR, "A table can be read in two ways that fit; nothing is guessed between them."
)
NO_KNOWN_COLUMN = _define(
    "MH117", "no-known-column", ERROR, "No column of a table is a field of the dialect, whatever separates the cells."
)

# 2xx: the mapping language
UNKNOWN_WORD = _define("MH201", "unknown-word", ERROR, "The mapping language has no such word here.")
MISSING_WORD = _define("MH202", "missing-word", ERROR, "A word that is needed here is missing.")
WRONG_FORM = _define("MH203", "wrong-form", ERROR, "A text, list or map stands where another form is needed.")
UNKNOWN_PATH = _define("MH204", "unknown-path", ERROR, "The canonical schema has no such path.")
UNKNOWN_FIELD = _define("MH205", "unknown-field", ERROR, "The schema of the dialect has no such field.")
UNKNOWN_CODE = _define("MH206", "unknown-code", ERROR, "The canonical code list has no such code.")
TABLE_CONFLICT = _define(
    "MH207",
    "table-conflict",
    ERROR,
    "A code table cannot be inverted: one code of theirs twice, or two codes of ours for one of theirs.",
)
RULE_CONFLICT = _define(
    "MH208", "rule-conflict", ERROR, "Two rules claim the same path of ours or the same field of theirs."
)
LENS_MISFIT = _define(
    "MH209", "lens-misfit", ERROR, "The lens cannot fill this path, or its parameters contradict each other."
)
BAD_FORM = _define("MH210", "ambiguous-form", ERROR, "Forms, patterns or cases that cannot be told apart.")
INHERITANCE = _define(
    "MH211", "inheritance", ERROR, "The parent is missing, circular, too deep, or lacks what is removed or renamed."
)
UNKNOWN_DIALECT = _define("MH212", "unknown-dialect", ERROR, "No dialect of that name is known.")
WRONG_EXAMPLE = _define("MH213", "wrong-example", ERROR, "An example of the mapping does not translate as it says.")
BAD_SCHEMA = _define("MH214", "bad-schema", ERROR, "The dialect's schema is missing or is not a usable JSON Schema.")
BAD_EVIDENCE = _define("MH215", "bad-evidence", ERROR, "A mapping says its evidence: status, date and sources.")
DEAD_RULE = _define(
    "MH216",
    "dead-rule",
    ERROR,
    "A rule that can never read anything: neither what its own lens writes nor what the schema of the dialect allows.",
)
FILE_NOT_ALLOWED = _define(
    "MH217",
    "file-not-allowed",
    ERROR,
    "A mapping names a file that it may not read: one outside of its own folder, the folders given by `--mappings` and"
    " the package, or one that is no regular file.",
)
SHADOWS = _define(
    "MH218",
    "shadows-a-dialect",
    INFO,
    "A mapping of one's own has the name of one that is shipped, or that another package brings, and is used in its"
    " place.",
)

# 3xx: the account
FIELD_UNACCOUNTED = _define(
    "MH301", "field-unaccounted", ERROR, "A field of the dialect's schema is neither mapped, derived nor kept."
)
GROUP_UNACCOUNTED = _define(
    "MH302", "group-unaccounted", ERROR, "A group of the canonical schema is neither mapped nor declared absent."
)
MAPPED_AND_KEPT = _define("MH303", "mapped-and-kept", ERROR, "A field is kept or derived and mapped at once.")
MUST_SUPPLY = _define(
    "MH304",
    "must-supply",
    INFO,
    "The dialect requires a field that the other side cannot say; the caller must supply it.",
)
ABSENT_BUT_MAPPED = _define("MH305", "absent-but-mapped", ERROR, "A path is declared absent and mapped at once.")

# 4xx: reading a record
MALFORMED = _define(
    "MH401",
    "malformed-value",
    WARNING,
    "A value has none of the forms that the mapping declares; its raw form is kept.",
)
UNKNOWN_VALUE = _define(
    "MH402", "unknown-value", WARNING, "A code that is not in the code table; its raw form is kept."
)
REFUSED = _define("MH403", "refused-value", ERROR, "A value that the mapping refuses; the record is not read.")
DISAGREE = _define(
    "MH404",
    "disagreement",
    WARNING,
    "Two fields of theirs that say the same thing differ; the first is read, both are kept.",
)
IMPRECISE_READ = _define(
    "MH405", "imprecise-read", INFO, "A code that matches one of ours only broadly, narrowly or closely."
)
NOT_COMPLETE = _define("MH406", "not-complete", WARNING, "The product has no identifier or no title.")
BAD_CHECK_DIGIT = _define(
    "MH407",
    "check-digit",
    WARNING,
    "A unified social credit code whose check character is wrong (GB 32100-2015); the value is kept.",
)
SUPPLIED = _define("MH408", "supplied", INFO, "A value that the caller supplied, not the record.")
NOT_DERIVED = _define(
    "MH409",
    "not-as-derived",
    WARNING,
    "A constant field holds another value than the mapping says; its raw form is kept.",
)
ITEM_NOT_READ = _define(
    "MH410", "item-not-read", WARNING, "A list holds an entry that is not an object; its raw form is kept."
)
FOREIGN = _define(
    "MH411",
    "foreign-record",
    ERROR,
    "Nothing of the record is read, though it says something: it is a record of another dialect, or a wrapper around"
    " records. It is refused.",
)
HARDLY_READ = _define(
    "MH412",
    "hardly-read",
    WARNING,
    "Less than a fifth of what the record says is read: it may be a record of another dialect.",
)
FOUND_AT = _define(
    "MH413",
    "records-found",
    WARNING,
    "No envelope of the dialect fits the document; its records were found at another place, by their fields.",
)
NO_RECORDS = _define(
    "MH414", "no-records", ERROR, "The document or file holds no record, or none at the place that was named."
)
UNCLEAR_PLACE = _define(
    "MH415",
    "unclear-place",
    ERROR,
    "Several places of the document may be the records; nothing is guessed, and `--records-at` names one.",
)

# 5xx: writing a record
OMITTED = _define("MH501", "omitted", WARNING, "The dialect cannot say this; it is left out.")
CHANGED = _define("MH502", "changed", WARNING, "The dialect can say this only in another form.")
ADDED = _define("MH503", "added", WARNING, "The dialect always says this; the product did not.")
IMPRECISE = _define(
    "MH504", "imprecise", INFO, "The dialect's nearest code is only broader, narrower or close; the value comes back."
)
RESIDUE_DROPPED = _define(
    "MH505", "residue-dropped", INFO, "Raw values that no longer agree with the product were not used again."
)
REQUIRED_MISSING = _define(
    "MH506", "required-missing", WARNING, "A field that the dialect requires is missing, or written empty."
)
LAW_BROKEN = _define("MH507", "law-broken", ERROR, "A law does not hold for this record.")
CARRIED = _define(
    "MH508", "carried-residue", INFO, "The record carries residue of other dialects, which is passed on unread."
)

# 9xx: metaharmon itself
FAULT = _define(
    "MH901",
    "internal-fault",
    ERROR,
    "metaharmon failed, or a lens of the host program, where the record or file may be right. It is not read or not"
    " written; the others go on.",
)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `place` is in a mapping or record file, `path` is a path in the record (ours or theirs)."""

    code: str
    message: str
    place: Place | None = None
    path: str | None = None
    hint: str | None = None
    rule: Place | None = None
    record: str | None = None  # which record: file:line or file#index

    @property
    def severity(self) -> str:
        """`error`, `warning` or `info`."""
        return KINDS[self.code].severity

    @property
    def name(self) -> str:
        """The short name of the code, such as `unknown-value`."""
        return KINDS[self.code].name

    def at(self, **where: Any) -> Diagnostic:
        """The same finding with another place, path, rule or record."""
        return replace(self, **where)

    def __str__(self) -> str:
        head = str(self.place) if self.place else (self.record or "")
        path = f" at {self.path}" if self.path else ""
        text = f"{head}: " if head else ""
        text += f"{self.severity} {self.code} {self.name}{path}: {self.message}"
        if self.rule:
            text += f" (rule {self.rule})"
        return f"{text}\n  hint: {self.hint}" if self.hint else text

    def as_dict(self) -> dict[str, Any]:
        """A JSON object of the finding; members without a value are left out."""
        out: dict[str, Any] = {"code": self.code, "name": self.name, "severity": self.severity, "message": self.message}
        for key in ("path", "hint", "record"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key)
        if self.place:
            out["place"] = str(self.place)
        if self.rule:
            out["rule"] = str(self.rule)
        return out


_LOSS_CODES = {"omitted": OMITTED, "changed": CHANGED, "added": ADDED, "imprecise": IMPRECISE}


@dataclass(frozen=True, slots=True)
class Loss:
    """What a dialect cannot say of a product.

    `path` is a record path of ours (list entries by index), `kind` is omitted, changed, added or imprecise,
    `becomes` the canonical value that a reader of the dialect's record will find there instead, `value` what the
    product says there (nothing, where it is added).
    """

    path: str
    kind: str
    reason: str
    becomes: Any = None
    rule: Place | None = field(default=None, compare=False)
    value: Any = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """The diagnostic code of this kind of loss."""
        return _LOSS_CODES[self.kind]

    @property
    def severity(self) -> str:
        """`warning`, or `info` for an imprecise code."""
        return KINDS[self.code].severity

    def __str__(self) -> str:
        rule = f" (rule {self.rule})" if self.rule else ""
        return f"{self.severity} {self.code} {self.kind} {self.path}: {self.reason}{rule}"

    def as_dict(self) -> dict[str, Any]:
        """A JSON object of the loss."""
        out: dict[str, Any] = {"path": self.path, "kind": self.kind, "reason": self.reason}
        for name in ("value", "becomes"):
            if getattr(self, name) is not None:
                out[name] = jsonable(getattr(self, name))
        if self.rule:
            out["rule"] = str(self.rule)
        return out


LEFT = ("kept", "unknown", "unread", "surplus")
"""What may become of a field of theirs that does not reach the product."""


class Left(NamedTuple):
    """A value of their record that did not reach the product: it is in no translation.

    `path` is a path in their record (`resources.0.hash`), `outcome` is kept (the mapping keeps it raw, and says why),
    unknown (the mapping does not know the field), unread (malformed, or an unknown code) or surplus (it stands beside
    the one value that is read). `rule` is the place in the mapping that says so. The value may hold Decimal, which
    `metaharmon.dumps` writes exactly; `as_dict` has it as `json.dumps` takes it.
    """

    path: str
    outcome: str
    reason: str
    value: Any = None
    rule: Place | None = None

    def __str__(self) -> str:
        rule = f" (rule {self.rule})" if self.rule else ""
        return f"{self.outcome} {self.path}: {self.reason}{rule}"

    def as_dict(self) -> dict[str, Any]:
        """A JSON object of it."""
        out = {"path": self.path, "outcome": self.outcome, "reason": self.reason, "value": jsonable(self.value)}
        return {**out, "rule": str(self.rule)} if self.rule else out


class MetaharmonError(Exception):
    """The family of errors that metaharmon raises; `diagnostics` holds every finding, not the first."""

    def __init__(self, diagnostics: list[Diagnostic]):
        self.diagnostics = diagnostics
        super().__init__("\n".join(map(str, diagnostics)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.diagnostics,)


class MissingExtra(ModuleNotFoundError):
    """A dependency that only some uses need is not installed; the message names the command that installs it."""


class MappingError(MetaharmonError):
    """A mapping file cannot be used."""


class RecordError(MetaharmonError):
    """A record, or a file of records, cannot be read or written."""
