"""The files that a run writes: all of them, whole, or none.

Each is written beside its target, under a name that begins with a dot and ends in `.part`, and moved over the target
when everything is there. The part is locked while it is written, so that a second process which wants the same target
is refused; the lock dies with its process, and what a killed run left behind is written over by the next one.

What is no regular file (`/dev/null`, a FIFO, a terminal) has no part: it is written as it is.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
from collections.abc import Iterable, Iterator
from typing import IO

from metaharmon.cli.exits import UsageError

try:
    import fcntl
except ImportError:  # Windows has no such locks: two processes are not told apart there
    fcntl = None  # type: ignore[assignment]

Identity = tuple[int, int]
"""Device and inode: the same for all names of a file."""


class Target:
    """One file of a run, open for text."""

    def __init__(self, name: str):
        self.name = name
        self.real = os.path.realpath(name)
        folder, base = os.path.split(self.real)
        self.part: str | None = os.path.join(folder, f".{base}.part")
        self.stream: IO[str] | None = None

    def open(self) -> None:
        """Open it for writing. Raises UsageError for a folder, or while another process writes it; OSError."""
        with self._naming():
            before = _stat(self.real)
            if before is not None and stat.S_ISDIR(before.st_mode):
                raise UsageError(f"{self.name} is a folder")
            if before is not None and not stat.S_ISREG(before.st_mode):
                self.part = None
                self.stream = open(self.name, "w", encoding="utf-8", newline="\n")  # noqa: SIM115
                return
            if before is not None and not os.access(self.real, os.W_OK):
                raise PermissionError(13, os.strerror(13), self.name)
            with _undisturbed():  # else a part might be there that no one knows of
                descriptor = self._locked()
                self.stream = open(descriptor, "w", encoding="utf-8", newline="\n")  # noqa: SIM115
                _as_before(descriptor, before)

    def write(self, text: str) -> None:
        """Write a text. Raises OSError with the name of the file."""
        with self._naming():
            assert self.stream is not None
            self.stream.write(text)

    def flush(self) -> None:
        """Put everything on the disk."""
        with self._naming():
            assert self.stream is not None
            self.stream.flush()
            if self.part is not None:
                os.fsync(self.stream.fileno())

    def discard(self) -> None:
        """Close, and leave nothing of what was written."""
        if self.stream is not None:  # else the part is another's
            with contextlib.suppress(OSError):
                if self.part is not None:
                    os.unlink(self.part)
            self.close()

    def close(self) -> None:
        """Close the file, and give up its lock."""
        if self.stream is not None:
            with contextlib.suppress(OSError):
                self.stream.close()

    @contextlib.contextmanager
    def _naming(self) -> Iterator[None]:
        """Give an error of the system the name by which the caller knows the file."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.name) from error

    def _locked(self) -> int:
        """The part, empty and locked. Raises UsageError while another process has it."""
        assert self.part is not None
        while True:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
            descriptor = os.open(self.part, flags, 0o600)
            try:
                if fcntl is not None:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found, here = os.fstat(descriptor), _stat(self.part)
                if here is not None and os.path.samestat(found, here) and stat.S_ISREG(found.st_mode):
                    os.ftruncate(descriptor, 0)
                    return descriptor
                if here is not None and not stat.S_ISREG(here.st_mode):
                    raise UsageError(f"{self.part} is in the way")
            except BlockingIOError:
                os.close(descriptor)
                raise UsageError(f"{self.name} is being written by another process") from None
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # the process that had it has just moved it away


class Targets:
    """The files that one run writes. At the end of the block they are moved into place; after an error none is."""

    def __init__(self, names: Iterable[str | None], read: Iterable[tuple[Identity, str]] = ()):
        self.names = [name for name in names if name]
        self.read = dict(read)
        self.targets: dict[str, Target] = {}
        self.given_up = False

    def __enter__(self) -> Targets:
        self._check()
        try:
            for name in self.names:
                self.targets[name] = Target(name)
                self.targets[name].open()
        except BaseException:
            self._discard()
            raise
        return self

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        if kind is not None or self.given_up:
            self._discard()
            return
        try:
            for target in self.targets.values():
                target.flush()
            with _undisturbed():
                self._move()
        except BaseException:
            self._discard()
            raise
        for target in self.targets.values():
            target.close()

    def get(self, name: str | None) -> Target | None:
        """The target of a name."""
        return self.targets[name] if name else None

    def give_up(self) -> None:
        """Leave all targets as they were: the run has brought nothing."""
        self.given_up = True

    def _check(self) -> None:
        """No file may be written that is read, or twice; nothing is opened for it."""
        taken: dict[Identity | str, str] = dict(self.read)
        for name in self.names:
            real = os.path.realpath(name)
            found = _stat(real)
            if found is not None and not stat.S_ISREG(found.st_mode):
                continue
            for key in (real, *(() if found is None else (identity(found),))):
                if key in taken:
                    other = taken[key]
                    as_what = f", as {other}" if other != name else ""
                    raise UsageError(f"{name} would be overwritten while it is in use{as_what}")
            taken[real] = name
            if found is not None:
                taken[identity(found)] = name

    def _move(self) -> None:
        """Move every part over its target; after an error those that were moved are put back."""
        done: list[tuple[str, str | None]] = []
        try:
            for target in self.targets.values():
                if target.part is not None:
                    with target._naming():
                        kept = _kept(target.real)
                        done.append((target.real, kept))
                        os.replace(target.part, target.real)
        except OSError:
            for real, kept in reversed(done):
                with contextlib.suppress(OSError):
                    os.replace(kept, real) if kept else os.unlink(real)
            raise
        for _, kept in done:
            if kept:
                with contextlib.suppress(OSError):
                    os.unlink(kept)
        for folder in {os.path.dirname(real) for real, _ in done}:
            _sync(folder)

    def _discard(self) -> None:
        with _undisturbed():
            for target in self.targets.values():
                target.discard()


def identity(found: os.stat_result) -> Identity:
    """Device and inode of a file."""
    return found.st_dev, found.st_ino


def in_use(files: Iterable[str]) -> Iterator[tuple[Identity, str]]:
    """The regular files behind the names of inputs, standard input (`-`) among them, and behind standard output."""
    for name in files:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            found = os.fstat(sys.stdin.fileno()) if name == "-" else os.stat(name)
            if stat.S_ISREG(found.st_mode):
                yield identity(found), "standard input" if name == "-" else name
    with contextlib.suppress(OSError, ValueError, AttributeError):
        found = os.fstat(sys.stdout.fileno())
        if stat.S_ISREG(found.st_mode):
            yield identity(found), "standard output"


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def _as_before(descriptor: int, before: os.stat_result | None) -> None:
    """Give a part the mode and the owner that its target has; a new file the mode that new files have."""
    if not hasattr(os, "fchmod"):
        return
    if before is None:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(descriptor, 0o666 & ~mask)
        return
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (before.st_uid, before.st_gid):
        with contextlib.suppress(OSError):  # another's file that may be written: it becomes one's own
            os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))


def _kept(real: str) -> str | None:
    """A second name of a target that is about to be replaced; None where there is none, or the disk has no links."""
    folder, base = os.path.split(real)
    kept = os.path.join(folder, f".{base}.old")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(kept)
    try:
        os.link(real, kept)
    except OSError:
        return None
    return kept


def _sync(folder: str) -> None:
    """Put the new names of a folder on the disk."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait until all files are in their place."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
