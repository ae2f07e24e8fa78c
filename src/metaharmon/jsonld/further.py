"""Values beside those of a property (`@more`), where the property says something else or nothing now."""

from __future__ import annotations

from typing import Any

from metaharmon.jsonld.nodes import MORE
from metaharmon.model.normal import same
from metaharmon.paths import MISSING, leaf_text


def holds_more(tree: Any) -> bool:
    """Whether any node of a tree has such values."""
    if tree.__class__ is dict:
        return any(name.endswith(MORE) or holds_more(value) for name, value in tree.items())
    return tree.__class__ is list and any(map(holds_more, tree))


def without_read(wanted: Any, found: Any, path: tuple[str, ...], gone: list[str]) -> Any:
    """A tree without those values by which a property was found to say something else than it should; `gone` gets
    their paths."""
    if wanted.__class__ is list and found.__class__ is list and len(wanted) == len(found):
        return [
            without_read(one, other, (*path, str(i)), gone)
            for i, (one, other) in enumerate(zip(wanted, found, strict=True))
        ]
    if wanted.__class__ is not dict or found.__class__ is not dict:
        return wanted
    out = {}
    for name, value in wanted.items():
        of = name.removesuffix(MORE)
        if of != name and not same(wanted.get(of, MISSING), found.get(of, MISSING)):
            gone.append(leaf_text((*path, name)))
        else:
            out[name] = without_read(value, found.get(name), (*path, name), gone)
    return out
