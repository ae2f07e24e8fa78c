"""Names of columns as people write them: with blanks, a star, `（必填）`, in another width; and what they name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

LONGEST = 200
"""Characters of a cell that may name a column with something around it."""
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")
_MARK = r"[(\[【〔](?:非?必填项?|非?必选项?|非?必输项?|选填项?|可选项?|可填|必须|required|optional)[)\]】〕]"
_ABOUT = re.compile(rf"\A(?:\*|{_MARK}|\s)+|(?:\*|{_MARK}|\s|:)+\Z", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def folded(name: str) -> str:
    """A name without what surrounds it: invisible marks, blanks, stars, a note that it is required, a colon behind it;
    in the usual width, on one line."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name))
    return _BETWEEN.sub("", _BLANKS.sub(" ", _ABOUT.sub("", plain)))


class Known:
    """The columns that the reader of a table knows."""

    def __init__(self, names: frozenset[str]):
        self.names = names
        found = defaultdict(set)
        for name in names:
            found[folded(name)].add(name)
        self.folded = {plain: min(same) for plain, same in found.items() if len(same) == 1 and plain}

    def of(self, cell: str) -> str | None:
        """The known column that a cell of a header names, if it names one and no other."""
        if cell in self.names:
            return cell
        return self.folded.get(folded(cell)) if len(cell) <= LONGEST else None

    def count(self, cells: Sequence[str]) -> int:
        """How many known columns a row names."""
        return len({self.of(cell) for cell in cells} - {None})
