"""Files that a mapping names (`schema`, `context`, `contexts`, `file` of a code table): where they are looked for, and
that no other is read.

A name is a path with `/`. It is looked for in the folder of the mapping file, in the folders that the caller gives
(`--mappings`), and in the package, where `codes/cn-formats.yaml` is a shared table and
`schemas/dialects/ckan.schema.json` a shipped schema; the first folder that has it decides.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metaharmon import diagnostics as dx
from metaharmon import resources
from metaharmon.diagnostics import Diagnostic, MappingError, Place
from metaharmon.files.regular import NotAllowed, TooLarge, lies_in, read_regular
from metaharmon.files.textfile import why_unreadable
from metaharmon.mapping.grammar import place_of

MOST_BYTES = 4 << 20
"""Bytes of a schema or a context; a code table may have as many as a mapping file."""
OUTSIDE = (
    "a mapping reads files of its own folder, of the folders given by --mappings (`Registry(paths=...)`), and of the"
    " package"
)


@dataclass(frozen=True)
class NamedFile:
    """A file that a word of a mapping names, read."""

    path: Path
    data: bytes


def read_named(
    said: Any, here: Path, folders: Sequence[Path] = (), code: str = dx.UNREADABLE, what: str = "file"
) -> NamedFile:
    """The file that a word names in a mapping file `here`; `folders` are those of the caller.

    Raises MappingError with one finding at the word: FILE_NOT_ALLOWED, LIMIT, or `code` where there is no such file.
    """
    roots = (here.parent, *folders, *package_folders())
    name = f"the {what} {dx.shown(str(said))}"
    path = _found(str(said), name, said, roots, code)
    try:
        return NamedFile(path, read_regular(path, MOST_BYTES, roots))
    except TooLarge as trouble:
        raise _refused(dx.LIMIT, f"{name} cannot be read: {_lower(trouble)}", said) from None
    except NotAllowed as trouble:
        raise _refused(dx.FILE_NOT_ALLOWED, f"{name} is not read: {_lower(trouble)}", said, OUTSIDE) from None
    except (OSError, ValueError) as trouble:
        raise _refused(code, f"{name} cannot be read: {_lower(why_unreadable(trouble))}", said) from None


def package_folders() -> tuple[Path, ...]:
    """The folders of the package that mappings may name files of."""
    return resources.root() / "mappings", resources.root() / "schemas"


def shadows(path: Path, other: Path) -> Diagnostic:
    """The note about a mapping file that is used in the place of another of the same name."""
    message = f"'{path.stem}' is also the name of the dialect of {other}; this file is used in its place"
    return Diagnostic(
        dx.SHADOWS, message, Place(str(path), 1, 1), hint="give it a name of its own if that is not meant"
    )


def _found(text: str, name: str, said: Any, roots: Sequence[Path], code: str) -> Path:
    """Where the file of a name stands. Raises MappingError where there is none, or where it would lead out."""
    if os.path.isabs(text) or text[:1] in ("/", "\\") or text[1:2] == ":":
        hint = "name it from the folder of the mapping file, without '/' at its start"
        raise _refused(dx.FILE_NOT_ALLOWED, f"{name} is not read: the path is absolute", said, hint)
    climbs = ".." in text.replace("\\", "/").split("/")
    # the package's own names have no `..`: what stands beside a folder of the caller is never guessed to be there
    places = [roots[0] / text] if climbs else [*(root / text for root in roots[:-1]), resources.root() / text]
    inside = [place for place in places if any(lies_in(place, root) for root in roots)]
    for place in inside:
        if os.path.lexists(place):
            return Path(os.path.normpath(place))  # what was looked at is what is opened
    if climbs and not inside:
        shipped = text.rpartition("../")[2]
        hint = f"a file of the package is named '{shipped}'" if (resources.root() / shipped).is_file() else OUTSIDE
        raise _refused(dx.FILE_NOT_ALLOWED, f"{name} is not read: it leads out of the folder", said, hint)
    raise _refused(code, f"{name} cannot be read: the file does not exist", said)


def _refused(code: str, message: str, said: Any, hint: str | None = None) -> MappingError:
    return MappingError([Diagnostic(code, message, place=place_of(said), hint=hint)])


def _lower(trouble: object) -> str:
    text = str(trouble).rstrip(".")
    return text[:1].lower() + text[1:]
