"""What a mapping file says, word by word: the constructs of the mapping language (version 1).

Frozen, picklable, located; nothing here runs. Section numbers are those of the mapping language specification.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon.diagnostics import Place
from metaharmon.lenses.identity import SCHEMES
from metaharmon.mapping.grammar import (
    ANY,
    FILLED,
    FLAG,
    NULLS,
    PATH,
    PATHS,
    TEXT,
    TEXTS,
    Form,
    Report,
    choice,
    construct,
    kind_of,
    path_key,
    place_of,
    read_words,
    refuse,
    word,
)
from metaharmon.mapping.grammar import many as several
from metaharmon.mapping.grammar import pairs as map_of
from metaharmon.mapping.lens_syntax import Boolean, Form_, Labels, Money, Number, Quantity, Span
from metaharmon.paths import TheirPath
from metaharmon.yamltext import YList, YMap, YText

HELD_KINDS = ("json", "python_literal", "lines", "printed")
KEEP_OR_REFUSE = choice("keep", "refuse")
SCHEME = choice(*SCHEMES)
UNMAPPED = choice("keep", "refuse", "label", "uri", "name", "uri_or_name", "same")


def _lazy(get: Any) -> Form:
    """A form that is defined further down (rules hold rules)."""
    return Form(lambda node, report: get().read(node, report), lambda: get().schema())


@dataclass(frozen=True)
class StandInSource:
    """A path of ours that stands in for another (4.2)."""

    place: Place | None = None
    path: str = word(TEXT, "the path; of several entries, the first that fits", default="")
    bare: str | None = word(SCHEME, "only where it says a name of this scheme, bare or as an address: the bare name")
    address: str | None = word(SCHEME, "only where it says a name of this scheme: its address")
    unless: tuple[str, ...] = word(TEXTS, "paths of ours: not where one of them says something")


def _plain_source(node: Any, report: Report) -> StandInSource:
    text = TEXT.read(node, report)
    return StandInSource(place_of(node), text)


@dataclass(frozen=True)
class CaseRow:
    """One row of cases (4.7)."""

    place: Place | None = None
    theirs: tuple[tuple[TheirPath, Any], ...] = word(
        map_of(ANY, path_key),
        "field: constant, list of constants, {form: …}, {begins: … or list}, {same: field that it repeats} or "
        "{codes: table}",
    )
    ours: tuple[tuple[str, str], ...] = word(map_of(TEXT), "path of ours: constant")
    fields: tuple[tuple[str, Rule], ...] = word(
        _lazy(lambda: RULES), "rules that hold in this case; with `one_way` it is not written", default=()
    )
    otherwise: tuple[tuple[str, Rule], ...] | None = word(
        _lazy(lambda: ELSE), "rules where no other row applies", name="else", default=None
    )


@dataclass(frozen=True)
class Rule:
    """One line of a mapping: our path, their place, a lens (4)."""

    place: Place | None = None
    field: Any = word(
        Form(lambda n, r: _field(n, r), PATH.schema),
        "the field of theirs; a map from language to field for parallel fields",
    )
    also: tuple[TheirPath, ...] = word(PATHS, "further spellings of the field: read the first present, write `field`")
    main: TheirPath | None = word(PATH, "the field that repeats the default language beside field: x.{lang}")
    parts: tuple[tuple[str, TheirPath], ...] = word(
        map_of(PATH),
        "several fields into one lens, by name; with boolean: flags of a list; with many: list: an entry each",
    )
    split: str | None = word(TEXT, "the separator of a list in a text")
    many: str | None = word(
        choice("list", "one_or_list", "list_or_one"),
        "list: the field is a list · one_or_list: or a scalar, and so written, when it has one entry · "
        "list_or_one: a scalar is read, a list is written",
    )
    constant: str | None = word(TEXT, "a constant of ours that every record means")
    codes: str | None = word(TEXT, "a code table (section codes)")
    labels: Labels | None = word(construct(Labels), "the field that shows the code's label")
    boolean: Boolean | None = word(construct(Boolean), "spellings of true and false")
    number: Number | None = word(construct(Number), "an exact number")
    quantity: Quantity | None = word(construct(Quantity), "a number with a unit")
    money: Money | None = word(construct(Money), "an amount of money")
    date: tuple[str, ...] = word(
        TEXTS, "date forms, or names of sets of them (date forms, below); the first that fits is written"
    )
    year: TheirPath | None = word(PATH, "the field that repeats the year of the date, or stands in its place")
    zone: str | None = word(TEXT, "time zone, if it is not the dialect's default")
    pad: str | None = word(choice("start"), "start: a day is written as midnight, and midnight read as a day")
    duration: Span | None = word(construct(Span), "an ISO 8601 duration")
    frequency: Span | None = word(construct(Span), "an update frequency")
    template: tuple[Form_, ...] = word(several(construct(Form_)), "forms of a text with parts")
    types: tuple[tuple[str, Rule], ...] = word(
        _lazy(lambda: PART_RULES),
        "the lens of each part of a template, or text, or media_type, which is a text but no address",
        default=(),
    )
    box: tuple[str, ...] = word(
        TEXTS, "encodings of a box: wkt, geojson, geojson_text, envelope, wsen, array; the first that can is written"
    )
    point: tuple[str, ...] = word(
        TEXTS, "encodings of a point: wkt, geojson, geojson_text, lat_lon, array; the first that can is written"
    )
    geometry: tuple[str, ...] = word(
        TEXTS, "encodings of a place's box, point or other geometry, whichever it is; the first that can is written"
    )
    cases: tuple[CaseRow, ...] = word(several(construct(CaseRow)), "discriminated shapes")
    sentinels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = word(
        map_of(map_of(TEXT)), "raw values that mean something else"
    )
    otherwise: tuple[tuple[str, str], ...] = word(map_of(TEXT), "constants of ours for every plain value")
    lens: str | None = word(TEXT, "a lens registered by the host program")
    shorten: bool = word(FLAG, "true: a text that is too long is cut, and said so", default=False)
    plain: bool = word(
        FLAG, "true: a name of Latin letters, digits, `_`, `-` and `$` only; a template may have several", default=False
    )
    empty: str | None = word(TEXT, "how absence is written: omit, null, '', [] or a text")
    nulls: tuple[Any, ...] = word(
        NULLS, "further readings of absence: texts; {begins: …, ends: …}: whatever stands between"
    )
    instead: tuple[StandInSource, ...] = word(
        several(construct(StandInSource, _plain_source, TEXT.schema())),
        "paths of ours that stand in, in a new record, where this one says nothing; reported as added",
    )
    one_way: tuple[tuple[str, str], ...] = word(map_of(TEXT), "{read: reason}: read only")
    unmapped: str | None = word(UNMAPPED, "what an unknown code does")
    malformed: str | None = word(KEEP_OR_REFUSE, "what a malformed value does")
    note: str | None = word(TEXT, "a remark for people")
    see: str | None = word(TEXT, "clause or page of the source")
    each: TheirPath | None = word(PATH, "a list of theirs: one entry of ours each (5.1)")
    one: TheirPath | None = word(PATH, "an object of theirs: one entry of ours (5.1)")
    again: bool = word(FLAG, "true: its entries are read by the rules of the entry in which it stands", default=False)
    when: tuple[tuple[str, Any], ...] = word(
        map_of(TEXTS), "only in entries of which this member of ours has one of these values"
    )
    of: tuple[tuple[str, str], ...] = word(
        map_of(TEXT), "lists inside entries (list[].list): the member of ours that names each entry above, by its field"
    )
    where: tuple[tuple[TheirPath, Any], ...] = word(map_of(ANY, path_key), "only entries whose field has this value")
    set: tuple[tuple[str, str], ...] = word(map_of(TEXT), "constants of ours of every entry")
    key: str | None = word(TEXT, "the member of ours by which entries are aligned")
    every: tuple[str, ...] = word(
        TEXTS, "members without which an entry is not understood; then the entry around it is not read either"
    )
    language: str | None = word(choice("first"), "first: of lists under a language level, the default language is read")
    fields: tuple[tuple[str, Rule], ...] = word(
        _lazy(lambda: RULES), "rules inside an entry; or a shorthand for several paths", default=()
    )
    derived: tuple[tuple[TheirPath, Derivation], ...] = word(
        _lazy(lambda: DERIVED), "fields that are computed", default=()
    )
    kept: tuple[tuple[TheirPath, Kept], ...] = word(_lazy(lambda: KEPT), "fields without a canonical home", default=())
    holds: tuple[tuple[TheirPath, Any], ...] = word(
        _lazy(lambda: HOLDS), "texts and lists inside an entry that hold a tree", default=()
    )
    branches: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """A field of theirs that is computed from the rest (4.6)."""

    place: Place | None = None
    count: TheirPath | None = word(PATH, "the number of entries of a list")
    copy: TheirPath | None = word(PATH, "the value of another field")
    table: tuple[tuple[str, Any], ...] = word(
        map_of(TEXT), "copy: the value of the other field, and what stands here for it"
    )
    template: tuple[str | TheirPath, ...] = word(FILLED, "a text around other fields of theirs: https://doi.org/{doi}")
    part: str | None = word(TEXT, "the part of this name of another field, `of`, that has a `form`")
    of: TheirPath | None = word(PATH, "part, template: the field that is taken apart")
    form: str | None = word(
        TEXT, "part, template: the form of that field, such as {prefix}/{suffix}; a template names its parts too"
    )
    either: tuple[Derivation, ...] = word(
        several(_lazy(lambda: DERIVATION)), "several ways to compute it: the first that has what it needs"
    )
    members: tuple[tuple[str, str], ...] = word(
        map_of(TEXT),
        "copy: the other field is a list of objects; here its entries have these members, from those there",
    )
    index: str | None = word(TEXT, "the position in the list, from this number on")
    constant: tuple[str, ...] = word(TEXTS, "always this value; of several, the first is written and all are read")
    one_way: tuple[tuple[str, str], ...] = word(
        map_of(TEXT), "{read: reason}: only checked and followed where it stood; a new record has none"
    )


@dataclass(frozen=True)
class Kept:
    """A field of theirs without a canonical home: why, and with which field it goes (4.6)."""

    place: Place | None = None
    why: str | None = word(TEXT, "why it has no canonical home")
    together: tuple[TheirPath, ...] = word(PATHS, "companions: kept only while these stay the same", name="with")
    aside: bool = word(
        FLAG, "true: it changes nothing of what its entry says: one that is read whole or not is read without it",
        default=False,
    )  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A code table (4.5)."""

    place: Place | None = None
    list: str | None = word(TEXT, "the code list of ours")
    unmapped: str | None = word(UNMAPPED, "what an unknown code does")
    rest: str | None = word(
        choice("code", "lower", "upper", "label", "address"),
        "how codes of the list without a pair are written; then all spellings that the list knows are read",
    )
    pairs: tuple[tuple[str, Any], ...] = word(
        map_of(ANY), "code of ours: theirs, or a list of theirs of which the first is written"
    )
    file: str | None = word(TEXT, "a file that holds the table")
    only: tuple[str, ...] = word(TEXTS, "of a shared table: only these codes of ours")
    add: tuple[tuple[str, Any], ...] = word(map_of(ANY), "pairs added to the parent's or the file's table")


@dataclass(frozen=True)
class Evidence:
    """Where the facts of a mapping come from."""

    place: Place | None = None
    status: str | None = word(choice("published", "observed", "illustrative"), "published, observed or illustrative")
    date: str | None = word(TEXT, "when it was seen")
    sources: tuple[str, ...] = word(TEXTS, "where")


@dataclass(frozen=True)
class Defaults:
    """What holds for all rules unless they say otherwise."""

    place: Place | None = None
    language: str | None = word(TEXT, "BCP 47 tag of texts without a language mark")
    fallback: tuple[str, ...] = word(TEXTS, "languages that may be written where the default one is lacking")
    timezone: str | None = word(TEXT, "zone of times without an offset")
    currency: str | None = word(TEXT, "ISO 4217 code")
    bytes: str | None = word(choice("1000", "1024"), "what K means")
    empty: str | None = word(TEXT, "how absence is written: omit, null, '', []")
    nulls: tuple[Any, ...] = word(NULLS, "texts that mean nothing; {begins: …, ends: …}: whatever stands between")
    unmapped: str | None = word(KEEP_OR_REFUSE, "what an unknown code does")
    malformed: str | None = word(KEEP_OR_REFUSE, "what a malformed value does")


@dataclass(frozen=True)
class Envelope:
    """Where the records are in a document (6)."""

    place: Place | None = None
    name: str | None = word(TEXT, "a name")
    records: str | None = word(
        TEXT, "path to the records; `list[]` for each entry, `list[].x` for x of each; `.` the document itself"
    )
    around: tuple[tuple[str, Any], ...] = word(map_of(ANY), "constants around the records, written with them")
    beside: tuple[tuple[str, Any], ...] = word(
        map_of(ANY), "constants beside the record in each entry of a list: `list[].record`"
    )
    count: TheirPath | None = word(PATH, "a field that counts the records")
    graph: tuple[str, ...] = word(TEXTS, "JSON-LD: the node types of a record")
    apart: tuple[str, ...] = word(TEXTS, "JSON-LD: types of nodes that are no part of a record that refers to them")
    excerpt: tuple[tuple[str, tuple[str, ...]], ...] = word(
        map_of(TEXTS),
        "JSON-LD: of nodes of a type in `apart`: the properties that are part of such a record all the same",
    )
    rows: str | None = word(TEXT, "tables: one record a row")
    file_name: str | None = word(TEXT, "path of ours that the file's name says")
    more: tuple[str, ...] = word(TEXTS, "further places of records, read with the first; only the first is written")
    nested: str | None = word(TEXT, "where documents of the same form stand inside the document, to any depth")


@dataclass(frozen=True)
class Holds:
    """How a text or list inside a record becomes a tree (6)."""

    place: Place | None = None
    pairs: tuple[tuple[str, str], ...] = word(
        map_of(TEXT), "key, value, match: a list of key/value objects as one object"
    )
    csv: tuple[tuple[str, str], ...] = word(map_of(TEXT), "rows: records or properties")
    row: tuple[str, ...] = word(TEXTS, "names of the places of a list, as an object: one text per length of list")
    rows: tuple[str, ...] = word(TEXTS, "the same for each list in a list")
    bare: str | None = word(TEXT, "the member for which a bare value stands, where an object may stand")
    short: bool = word(
        FLAG,
        "true: the bare value is a text, and is written where the object has no other member",
        default=False,
    )
    list: str | None = word(TEXT, "the member for which a list stands, where an object may stand")
    values: str | None = word(TEXT, "the member as which each entry of a list of bare values is seen")
    first: str | None = word(TEXT, "a list whose first entry, or an object whose entry of this name, is read")
    member: str | None = word(TEXT, "with first: a list of other entries is this member of the first")
    by: str | None = word(
        TEXT,
        "adjoin: the entry of which they tell · member: what every one of those entries has; unfold: the member that "
        "names the list of an entry",
    )
    many: str | None = word(
        choice("one_or_list", "list_or_one", "single", "merged"),
        "one_or_list: an only entry may stand without its list, and is written so · list_or_one: it is written in a "
        "list · single: a list of one entry is read as that entry · "
        "merged: a list of objects is read as one object with the members of all",
    )
    languages: tuple[str, ...] = word(
        TEXTS, "fields of the object that stand as `name: text`, `name: {en: text}` or `name_en: text`"
    )
    flags: tuple[str, ...] = word(TEXTS, "spellings of a flag that members carry; their names are seen as a list")
    within: str | None = word(TEXT, "the object, or the list, whose members carry the flag")
    name: str | None = word(
        TEXT,
        "the member by which those of a list are named · with single: an object of one entry, and a new entry's name",
    )
    position: str | None = word(TEXT, "the member that says the order of those that carry the flag")
    only: bool = word(FLAG, "true: theirs has the flags only, and no such list", default=False)
    zip: tuple[str, ...] = word(TEXTS, "lists of equal length beside each other, as one list of objects")
    adjoin: tuple[tuple[str, str], ...] = word(
        map_of(TEXT), "fields beside a list of texts that tell more of the entry that is `by`: field: its member there"
    )
    unfold: tuple[str, ...] = word(
        TEXTS, "lists in each object of a list: one entry for each object of these lists, with the members around it"
    )
    order: str | None = word(
        TEXT, "unfold: what is equal under this member keeps its order; there is none between others"
    )
    into: str | None = word(TEXT, "zip, adjoin: the name of that list; unfold: the member that is the inner object")
    split: str | None = word(
        TEXT, "the separator, where these lists stand as texts · with row: of numbers in a text, or an object of them"
    )
    inside: bool = word(FLAG, "true: languages are meant of each member of the object", default=False)
    kind: str | None = None


@dataclass(frozen=True)
class Example:
    """A record of theirs, the product it reads to, and what writing the product back loses."""

    place: Place | None = None
    theirs: Any = word(ANY, "a record")
    ours: Any = word(ANY, "the canonical record")
    losses: Any = word(ANY, "the losses of writing it: paths, or {path, kind, becomes}")
    source: str | None = word(TEXT, "where it comes from; without it the example is synthetic")


@dataclass(frozen=True)
class File:
    """A mapping file (2)."""

    place: Place | None = None
    dialect: str | None = word(TEXT, "id of the dialect: lower case letters, digits, hyphens and dots")
    title: tuple[tuple[str, str], ...] = word(map_of(TEXT), "title by language")
    version: str | None = word(TEXT, "version of this file")
    canonical: str | None = word(TEXT, "major version of the canonical schema: 1")
    evidence: Evidence | None = word(construct(Evidence), "where the facts come from")
    abstract: bool = word(FLAG, "true: a base that cannot be loaded alone", default=False)
    extends: str | None = word(TEXT, "the parent dialect")
    rename: tuple[tuple[TheirPath, TheirPath], ...] = word(map_of(PATH, path_key), "their old path: their new path")
    remove: tuple[tuple[str, tuple[str, ...]], ...] = word(map_of(TEXTS), "what of the parent does not hold here")
    defaults: Defaults | None = word(construct(Defaults), "what holds for all rules")
    schema: str | None = word(TEXT, "JSON Schema of every field they send and take")
    envelope: tuple[Envelope, ...] = word(several(construct(Envelope)), "where the records are in a document")
    container: Any = word(
        ANY, "how the document becomes a tree: json, yaml, jsonld, headings (Markdown), or csv with its rows"
    )
    holds: tuple[tuple[TheirPath, Any], ...] = word(
        _lazy(lambda: HOLDS), "texts and lists inside a record that hold a tree", default=()
    )
    alone: tuple[tuple[TheirPath, Any], ...] = word(
        map_of(several(map_of(PATH)), path_key),
        "list of theirs: fields in which the members of an only entry may stand, and are written; of several "
        "sets of fields the fullest is read, and the first is written",
    )
    places: tuple[tuple[TheirPath, tuple[TheirPath, ...]], ...] = word(
        map_of(PATHS, path_key), "object or list of theirs: where else it may stand"
    )
    prefixes: tuple[tuple[str, tuple[str, ...]], ...] = word(
        map_of(TEXTS), "JSON-LD prefixes; of several IRIs the first is written and all are read"
    )
    contexts: tuple[tuple[str, str], ...] = word(map_of(TEXT), "JSON-LD contexts: URL: file")
    context: str | None = word(
        TEXT, "JSON-LD: the context of a new record, a URL of `contexts` or a file; else the prefixes"
    )
    fields: tuple[tuple[str, Rule], ...] = word(_lazy(lambda: RULES), "path of ours: rule", default=())
    derived: tuple[tuple[TheirPath, Derivation], ...] = word(
        _lazy(lambda: DERIVED), "field of theirs: how it is computed", default=()
    )
    codes: tuple[tuple[str, Table], ...] = word(map_of(construct(Table)), "code tables by name")
    kept: tuple[tuple[TheirPath, Kept], ...] = word(
        _lazy(lambda: KEPT), "field of theirs: why it has no canonical home", default=()
    )
    absent: tuple[tuple[str, str], ...] = word(map_of(TEXT), "group or path of ours: why it is absent")
    carry: TheirPath | None = word(PATH, "the field that may carry residue of other dialects")
    examples: tuple[Example, ...] = word(several(construct(Example)), "examples, checked in both directions")

    @property
    def linked(self) -> bool:
        """Whether the documents of the dialect are JSON-LD."""
        return str(self.container) == "jsonld"


def _field(node: Any, report: Report) -> Any:
    if isinstance(node, YMap):
        return map_of(PATH).read(node, report)
    return PATH.read(node, report)


def _rule(node: Any, report: Report) -> Rule:
    if isinstance(node, YMap):
        return read_words(Rule, node, report)
    if isinstance(node, YList) and node and all(isinstance(item, YMap) for item in node):
        return Rule(place=node.place, branches=tuple(_rule(item, report) for item in node))
    return Rule(place=node.place, field=PATH.read(node, report))


def _derivation(node: Any, report: Report) -> Derivation:
    if isinstance(node, YMap):
        before = len(report)
        said: Derivation = read_words(Derivation, node, report)
        ways = (said.count, said.copy, said.template or None, said.part, said.either or None)
        ways = (*ways, said.index, said.constant or None)
        if sum(way is not None for way in ways) != 1 and len(report) == before:
            message = "one of count, copy, template, part, either, index and constant says how a field is computed"
            report.add(dx.LENS_MISFIT, message, node.place)
        return said
    return refuse(node, report, "a map with count, copy, template, part, either, index or constant")  # type: ignore[return-value]


def _kept(node: Any, report: Report) -> Kept:
    if isinstance(node, YMap):
        return read_words(Kept, node, report)
    if isinstance(node, YText):
        return Kept(place=node.place, why=node)
    return refuse(node, report, f"a reason, not {kind_of(node)}")  # type: ignore[return-value]


def _holds(node: Any, report: Report) -> Holds:
    if isinstance(node, YMap):
        return read_words(Holds, node, report)
    kind = choice(*HELD_KINDS).read(node, report)
    return Holds(place=node.place, kind=kind)


RULE = Form(_rule, lambda: {"anyOf": [{"$ref": "#/definitions/Rule"}, {"type": ["string", "number", "array"]}]})
RULES = map_of(RULE)
PART_KIND = choice("text", "media_type")
PART_RULES = map_of(
    Form(
        lambda n, r: Rule(place=n.place, note=PART_KIND.read(n, r)) if isinstance(n, YText) else _rule(n, r),
        RULE.schema,
    )
)
DERIVATION = Form(_derivation, lambda: {"$ref": "#/definitions/Derivation"})
DERIVED = map_of(DERIVATION, path_key)
KEPT = map_of(Form(_kept, lambda: {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/Kept"}]}), path_key)
HOLDS = map_of(Form(_holds, lambda: {"anyOf": [{"enum": list(HELD_KINDS)}, {"$ref": "#/definitions/Holds"}]}), path_key)


def _else(node: Any, report: Report) -> Any:
    """`else: {OURS: RULE}`, or a rule for the path itself."""
    words = {"field", "parts", "number", "date"}
    if isinstance(node, YText) or (isinstance(node, YMap) and words & set(node)):
        return ((YText(".", place_of(node)), _rule(node, report)),)
    return RULES.read(node, report)


ELSE = Form(_else, lambda: {"type": ["object", "string"]})

CONSTRUCTS = (
    Rule,
    StandInSource,
    Labels,
    Boolean,
    Number,
    Quantity,
    Money,
    Span,
    Form_,
    CaseRow,
    Derivation,
    Kept,
    Table,
    Evidence,
    Defaults,
    Envelope,
    Holds,
    Example,
)
