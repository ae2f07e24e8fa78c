"""Names of works and bodies that stand bare in one form and as an address in another: DOI, ORCID, ROR, ISNI."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """How the names of a scheme look, and what stands before them; of several beginnings the first is written."""

    shape: re.Pattern[str]
    beginnings: tuple[str, ...]

    def bare(self, text: str) -> str | None:
        """The name that a text says, bare or as an address; None where it says none of this scheme."""
        said = text.strip()
        low = said.lower()
        for start in self.beginnings:
            if low.startswith(start):
                said = said[len(start) :].lstrip()
                break
        return said if self.shape.fullmatch(said) else None

    def address(self, text: str) -> str | None:
        """The address of a name; None where the text is no name of this scheme."""
        bare = self.bare(text)
        return None if bare is None else f"{self.beginnings[0]}{bare}"


def _web(host: str, *more: str) -> tuple[str, ...]:
    return (*(f"{kind}://{www}{host}/" for kind in ("https", "http") for www in ("", "www.")), *more)


SCHEMES = {
    "doi": Scheme(
        re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)*/[^\s]+"),
        (*_web("doi.org"), *_web("dx.doi.org"), "doi:", "info:doi/", "urn:doi:"),
    ),
    "orcid": Scheme(re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]"), (*_web("orcid.org"), "orcid:")),
    "ror": Scheme(re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}"), (*_web("ror.org"), "ror:")),
    "isni": Scheme(
        re.compile(r"([0-9]{4} ?){3}[0-9]{3}[0-9X]"), (*_web("isni.org/isni"), *_web("isni.org"), "isni:", "isni ")
    ),
}
"""By scheme. Sources: the DOI Handbook, 2.2 and 3.8; ORCID, structure of the identifier; ROR, identifier; ISO 27729."""
