"""Random ODRL offers, and what they say by an independent reading: no code of the library looks at them here."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

ODRL = "http://www.w3.org/ns/odrl/2/"
XSD = "http://www.w3.org/2001/XMLSchema#"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "odrl": ODRL,
    "xsd": XSD,
    "edc": "https://w3id.org/edc/v0.0.1/ns/",
}
LISTS = ("odrl:permission", "odrl:prohibition", "odrl:obligation")
LOGIC = ("odrl:and", "odrl:or", "odrl:xone")
ASIDE = {"@id", "@type"}
"""Members of a rule or a constraint that say nothing of its meaning."""


class Offers:
    """Draws offers; `odd` is how often a member is one that no mapping has a home for."""

    def __init__(self, seed: int, odd: float = 0.15):
        self.draw, self.odd = random.Random(seed), odd

    def dataset(self) -> dict[str, Any]:
        return {
            "@context": CONTEXT,
            "@id": "urn:uuid:00000000-0000-4000-8000-000000000001",
            "@type": "dcat:Dataset",
            "dct:title": "Example",
            "dcat:keyword": [f"word {n:02}" for n in range(90)],  # so that enough of the record is read
            "odrl:hasPolicy": self._one_or_list([self.offer(n) for n in range(self.draw.randint(1, 3))]),
        }

    def offer(self, n: int) -> dict[str, Any]:
        made: dict[str, Any] = {"@id": f"urn:offer:{n}", "@type": "odrl:Offer"}
        for name in LISTS:
            if self.draw.random() < 0.6:
                made[name] = self._one_or_list([self.rule() for _ in range(self.draw.randint(1, 3))])
        if self.draw.random() < self.odd:
            name, value = self.draw.choice((("odrl:inheritFrom", "urn:offer:9"), ("odrl:conflict", "odrl:perm")))
            made[name] = {"@id": value}
        if self.draw.random() < 0.2:
            made["odrl:target"] = {"@id": "urn:asset:0"}
        return made

    def rule(self) -> dict[str, Any]:
        action = self.draw.choice(("use", "sell", "delete", "display"))
        made: dict[str, Any] = {"odrl:action": {"@id": f"odrl:{action}"}}
        if self.draw.random() < 0.7:
            made["odrl:constraint"] = self._one_or_list([self.constraint(0) for _ in range(self.draw.randint(1, 3))])
        if self.draw.random() < 0.2:
            made["odrl:assignee"] = {"@id": f"urn:party:{self.draw.randint(0, 2)}"}
        if self.draw.random() < self.odd / 2:
            made["odrl:assignee"] = [{"@id": "urn:party:1"}, {"@id": "urn:party:2"}]
        if self.draw.random() < self.odd / 2:
            made["odrl:action"] = self.draw.choice(
                (
                    {"@id": "odrl:anonymize"},
                    [{"@id": "odrl:use"}, {"@id": "odrl:sell"}],
                    {"@id": "odrl:use", "odrl:refinement": self.comparison()},
                )
            )
        if self.draw.random() < self.odd:
            made[self.draw.choice(("odrl:duty", "odrl:remedy", "edc:note", "odrl:failure"))] = {
                "odrl:action": {"@id": "odrl:delete"}
            }
        return made

    def constraint(self, depth: int) -> dict[str, Any]:
        if depth < 3 and self.draw.random() < 0.35:
            name = self.draw.choice(LOGIC)
            made = {name: self._one_or_list([self.constraint(depth + 1) for _ in range(self.draw.randint(1, 3))])}
            if self.draw.random() < self.odd / 2:
                made = {"odrl:andSequence": {"@list": made[name]}} if isinstance(made[name], list) else made
            return made
        return self.comparison()

    def comparison(self) -> dict[str, Any]:
        draw = self.draw
        left = draw.choice(("odrl:dateTime", "odrl:spatial", "odrl:count", "edc:inForceDate", "urn:own:operand"))
        operator = f"odrl:{draw.choice(('eq', 'lteq', 'isAnyOf', 'isNoneOf', 'isPartOf', 'isAllOf'))}"
        made: dict[str, Any] = {
            "odrl:leftOperand": {"@id": left},
            "odrl:operator": {"@id": operator},
            "odrl:rightOperand": self._one_or_list([self.value() for _ in range(draw.choice((1, 1, 2, 3)))]),
        }
        if draw.random() < 0.15:
            made["odrl:unit"] = {"@id": "urn:unit:day"}
        if draw.random() < 0.3:
            made["@type"] = "odrl:Constraint"
        if draw.random() < self.odd:
            made.update(
                draw.choice(
                    (
                        {"odrl:dataType": {"@id": "xsd:date"}},
                        {"odrl:operator": {"@id": "urn:own:near"}},
                        {"edc:why": "because"},
                        {"odrl:rightOperandReference": {"@id": "urn:values"}},
                        {"odrl:rightOperand": {"@value": "x", "@type": "urn:own:type"}},
                        {"odrl:rightOperand": [{"@value": "ja", "@language": "de"}, "x"]},
                        {"odrl:rightOperand": [{"@id": "urn:x", "edc:label": "x"}]},
                    )
                )
            )
            if draw.random() < 0.3:
                made.pop(draw.choice(("odrl:leftOperand", "odrl:operator", "odrl:rightOperand")))
        return made

    def value(self) -> Any:
        return self.draw.choice(
            (
                "DE", "FR", "BPNL0000000000AB", 5, 0, True, {"@id": "https://places.example/north"}, {"@id": "urn:p:1"},
                {"@value": "2026-01-01T00:00:00Z", "@type": "xsd:dateTime"}, {"@value": "P7D", "@type": "xsd:duration"},
                {"@value": "2026-01-01", "@type": "xsd:date"}, {"@value": "1.50", "@type": "xsd:decimal"},
            )
        )  # fmt: skip

    def _one_or_list(self, values: list[Any]) -> Any:
        return values[0] if len(values) == 1 and self.draw.random() < 0.5 else values


# --- what an offer says ----------------------------------------------------------------------------------------------


def rules_of(expanded: list[Any]) -> Counter[Any]:
    """Every rule of every offer of a document in expanded form (JSON-LD 1.1), with all that is said of it."""
    out: Counter[Any] = Counter()
    for offer in (offer for node in expanded for offer in node.get(f"{ODRL}hasPolicy", ())):
        around = {name: value for name, value in offer.items() if name not in (*map(full, LISTS), "@type")}
        for name in map(full, LISTS):
            for rule in offer.get(name, ()):
                own = {member: value for member, value in rule.items() if member not in ASIDE}
                shared = {member: value for member, value in around.items() if member not in own}
                out[name, frozen({**shared, **own})] += 1
    return out


def leaves_by_rule(record: dict[str, Any]) -> list[tuple[dict[str, Any], list[str]]]:
    """Of a dataset as drawn here: a dataset with that rule alone, and the paths of the leaves of the rule."""
    out = []
    for offer, at in _each(record["odrl:hasPolicy"], "odrl:hasPolicy"):
        for name in (name for name in LISTS if name in offer):
            for rule, where in _each(offer[name], f"{at}.{name}"):
                rest = {member: value for member, value in offer.items() if member not in LISTS}
                out.append(({**record, "odrl:hasPolicy": {**rest, name: rule}}, list(_leaves(rule, where))))
    return out


def _each(value: Any, path: str) -> list[tuple[Any, str]]:
    return [(one, f"{path}.{i}") for i, one in enumerate(value)] if isinstance(value, list) else [(value, path)]


def _leaves(value: Any, path: str) -> Iterator[str]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if below is None:
        yield path
        return
    for name, one in below:
        yield from _leaves(one, f"{path}.{name}")


def frozen(value: Any) -> Any:
    """A value that can be compared: the order of a set, classes and the spelling of numbers aside."""
    if isinstance(value, list):
        return frozenset(Counter(map(frozen, value)).items())
    if not isinstance(value, dict):
        return _native(value)
    if "@value" in value:
        text, datatype = _native(value["@value"])
        return text, value.get("@type", datatype), value.get("@language")
    return frozenset((name, frozen(one)) for name, one in value.items() if name != "@type")


def _native(value: Any) -> tuple[str, str | None]:
    if isinstance(value, bool):
        return str(value).lower(), f"{XSD}boolean"
    return str(value), f"{XSD}integer" if isinstance(value, int) else None


def full(name: str) -> str:
    """The IRI of a prefixed name."""
    prefix, _, rest = name.partition(":")
    return CONTEXT[prefix] + rest
