"""Exceptions that nobody foresaw, as findings: the record at hand is refused, and the others go on.

A fault of metaharmon is told apart from a record that is too large for the memory or too deep for the stack. The
traceback goes to the logger `metaharmon` at level DEBUG, which the command line shows with `--debug`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from metaharmon.diagnostics import FAULT, LIMIT, Diagnostic, MetaharmonError, MissingExtra, RecordError, shown

LOGGER = "metaharmon"
"""The logger that is told of every fault."""
DEEP = 16
"""Levels of a record from which on a stack that is too small is the record's."""
FREE = 600
"""Calls that reading and writing may need, one inside the other."""
REPORT = "report it with the record and what `--debug` shows (in Python, what the logger 'metaharmon' is told)"
_HERE = str(Path(__file__).resolve().parent)
_LIBRARIES = ("site-packages", "dist-packages")


class Guard:
    """Around what is done with one record: an exception that is not a finding becomes one, as a RecordError.

    Findings (`MetaharmonError`) and a missing extra pass, and so do KeyboardInterrupt and SystemExit.
    """

    __slots__ = ("record",)

    def __init__(self, record: Any = None):
        self.record = record

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, MetaharmonError | MissingExtra):
            raise RecordError([finding(error, self.record)]) from error


def finding(error: Exception, record: Any = None, what: str = "record") -> Diagnostic:
    """What an exception means for the record (or `what`) that was at hand; the logger is told of it."""
    log(f"an exception became a finding: {type(error).__name__}", error)
    if isinstance(error, MemoryError):
        message = f"There is not enough memory for this {what}; it is too large."
        return Diagnostic(LIMIT, message, hint="give the process more memory, or cut the record into parts")
    if isinstance(error, RecursionError) and (_depth(record) > DEEP or _free() < FREE):
        message = f"The {what} nests too deeply for the stack, which has {max(0, _free()):,} calls left."
        return Diagnostic(LIMIT, message, hint="call from a shallower place, or raise sys.setrecursionlimit")
    return _fault(error, what)


def _fault(error: Exception, what: str) -> Diagnostic:
    """An exception as a fault of metaharmon, or of a lens of the host program; what was at hand may be right."""
    said = f"{type(error).__name__}: {_text(error)}" if _text(error) else type(error).__name__
    foreign, place = _origin(error)
    if foreign:
        message = f"A lens of the host program failed, and the {what} may be right: {said} ({place})."
        return Diagnostic(FAULT, message, hint="a lens may raise Malformed, Unmapped and Unsayable, nothing else")
    return Diagnostic(FAULT, f"metaharmon failed, and the {what} may be right: {said} ({place}).", hint=REPORT)


def log(message: str, error: BaseException, level: str = "debug") -> None:
    """Tell the logger of an exception, with its traceback."""
    import logging  # only when something went wrong

    getattr(logging.getLogger(LOGGER), level)(message, exc_info=error)


def _text(error: Exception) -> str:
    """The message of an exception on one line, not too long; an exception may fail to say its own."""
    try:
        return shown(str(error))[1:-1]
    except Exception:  # whatever it is, it says nothing more
        return ""


def _origin(error: Exception) -> tuple[bool, str]:
    """Whether a lens of the host program raised an exception, and the innermost place of metaharmon or of that lens."""
    place, foreign = "no place known", False
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith((_HERE, "<metaharmon")):
            place, foreign = f"{_short(file)}:{trace.tb_lineno}", False
        elif place != "no place known" and not foreign and _is_host(trace, file):
            place, foreign = f"{_short(file)}:{trace.tb_lineno}", True
        trace = trace.tb_next
    return foreign, place


def _is_host(trace: TracebackType, file: str) -> bool:
    """Whether code is neither of the standard library nor of an installed one."""
    module = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
    return module not in sys.stdlib_module_names and not any(part in file for part in _LIBRARIES) and file[:1] != "<"


def _short(file: str) -> str:
    return Path(file).relative_to(_HERE).as_posix() if file.startswith(_HERE) else Path(file).name


_NESTS = (Mapping, list, tuple)


def _depth(value: Any) -> int:
    """How deep lists and objects nest, as far as it matters here."""
    level, depth = [value], 0
    while level and depth <= DEEP:
        inner = (one.values() if isinstance(one, Mapping) else one for one in level if isinstance(one, _NESTS))
        level = [below for one in inner for below in one if isinstance(below, _NESTS)][:1000]
        depth += 1
    return depth


def _free() -> int:
    """How many calls the stack has room for here."""
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back  # type: ignore[assignment]
    return sys.getrecursionlimit() - depth
