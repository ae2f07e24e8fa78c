"""Regular files and nothing else: opened without waiting, and looked at by their descriptor, not by their name.

A name can change its meaning between two looks; what is open cannot. So a file is opened first and then asked what it
is, where it is, and how large; a FIFO, a device or a folder is closed again unread.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO that no one writes to would wait for ever
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_DESCRIPTORS = Path("/proc/self/fd")


_SEEN: ContextVar[dict[tuple[int, int], str] | None] = ContextVar("seen", default=None)


@contextmanager
def witnessed() -> Iterator[dict[tuple[int, int], str]]:
    """Note every file that is read in the block: its device and inode, and the name by which it was read."""
    seen: dict[tuple[int, int], str] = {}
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)


class NotAllowed(ValueError):
    """A file that may not be read; the sentence says why."""


class TooLarge(ValueError):
    """A file of more bytes than may be read."""


def read_regular(path: str | os.PathLike[str], limit: int, inside: Sequence[Path] = ()) -> bytes:
    """The bytes of a regular file, at most `limit`.

    `inside` are folders of which the file has to stand in one, links followed; none: it may stand anywhere. Raises
    NotAllowed where it does not, or where it is no regular file; TooLarge; OSError where the system cannot open it.
    """
    name = os.fspath(path)
    extra = 0
    if inside:
        name, extra = _real(name, inside), _NO_LINK
    descriptor = os.open(name, _FLAGS | extra)
    try:
        _check(descriptor, name, inside)
        with open(descriptor, "rb", closefd=False) as stream:
            data = stream.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise TooLarge(f"The file is larger than {limit:,} bytes.")
    return data


def lies_in(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> bool:
    """Whether a path is a folder or stands below it, as they are written; `..` is worked out first."""
    below, above = os.path.abspath(path), os.path.abspath(folder)
    return below == above or below.startswith(above.rstrip(os.sep) + os.sep)


def _is_inside(real: str, folders: Sequence[Path]) -> bool:
    return any(lies_in(real, os.path.realpath(folder)) for folder in folders)


def _real(name: str, inside: Sequence[Path]) -> str:
    """Where the links of a name lead. Raises NotAllowed when that is outside, before anything is opened."""
    real = os.path.realpath(name)
    if not _is_inside(real, inside):
        raise NotAllowed("It leads out of the folder.")
    if not stat.S_ISREG(os.stat(real).st_mode):  # opening a device may do something
        raise NotAllowed(_what(os.stat(real).st_mode))
    return real


def _check(descriptor: int, name: str, inside: Sequence[Path]) -> None:
    """Raise NotAllowed unless what is open is a regular file, and inside. A device that the caller names is read up to
    the limit."""
    opened = os.fstat(descriptor)
    if (seen := _SEEN.get()) is not None:
        seen[opened.st_dev, opened.st_ino] = name
    if not stat.S_ISREG(opened.st_mode) and (inside or not stat.S_ISCHR(opened.st_mode)):
        raise NotAllowed(_what(opened.st_mode))
    if inside and not _is_inside(_place(descriptor, name, opened), inside):
        raise NotAllowed("It leads out of the folder.")


def _place(descriptor: int, name: str, opened: os.stat_result) -> str:
    """Where the file that is open stands, as the system says it; else where its name leads now, if that is the file."""
    try:
        return os.readlink(_DESCRIPTORS / str(descriptor)).removesuffix(" (deleted)")
    except OSError:  # no Linux
        real = os.path.realpath(name)
        return real if os.path.samestat(os.stat(real), opened) else os.sep


def _what(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "This is a directory, not a file."),
        (stat.S_ISFIFO, "This is a FIFO, not a regular file."),
        (stat.S_ISSOCK, "This is a socket, not a regular file."),
    )
    return next((text for test, text in kinds if test(mode)), "This is a device, not a regular file.")
