"""The JSON-LD of a mapping, from its words: prefixes, contexts, the types of its records."""

from __future__ import annotations

import json

from metaharmon import diagnostics as dx
from metaharmon.jsonld.container import JsonLd
from metaharmon.jsonld.terms import Names
from metaharmon.mapping.grammar import Report
from metaharmon.mapping.load import Mapping


def names_of(mapping: Mapping) -> Names:
    """The prefixes of a dialect."""
    return Names(tuple((str(name), tuple(map(str, iris))) for name, iris in mapping.says.prefixes if iris))


def linked_of(mapping: Mapping, language: str, report: Report) -> JsonLd | None:
    """The step between documents and trees; None where the dialect is no JSON-LD."""
    says = mapping.says
    if not says.linked or (says.schema and "schema" not in dict(mapping.texts)):
        return None  # what is wrong with the schema has been said
    texts, names = dict(mapping.texts), names_of(mapping)
    full = lambda one: names.plain(names.full(str(one)))  # noqa: E731
    apart = tuple(full(one) for envelope in says.envelope for one in envelope.apart)
    excerpts = tuple(
        (full(one), tuple(map(full, properties))) for envelope in says.envelope for one, properties in envelope.excerpt
    )
    types = tuple(tuple(map(full, envelope.graph)) for envelope in says.envelope if envelope.graph)
    if "schema" not in texts or not types or not names.prefixes:
        report.add(
            dx.MISSING_WORD, "a JSON-LD dialect says `prefixes:`, `schema:` and an envelope with `graph:`", says.place
        )
        return None
    if says.context and str(says.context) in dict(says.contexts):
        own = json.dumps(str(says.context))
    elif "context" in texts:
        written = json.loads(texts["context"])
        own = json.dumps(written.get("@context", written) if isinstance(written, dict) else written)
    else:
        own = json.dumps({name: first for name, (first, *_) in names.prefixes})
    bundled = tuple((url, text) for url, text in mapping.texts if url not in ("schema", "context"))
    return JsonLd(names, texts["schema"], types, bundled, own, language, apart, excerpts)
