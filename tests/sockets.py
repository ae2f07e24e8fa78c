"""Sockets that the tests open: none, not even a local one. Python tells its audit hooks of every one."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EVENTS = frozenset(
    {"socket.__new__", "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname",
     "socket.gethostbyaddr", "socket.getnameinfo", "socket.sendmsg", "socket.sendto", "http.client.connect",
     "ftplib.connect", "smtplib.connect", "urllib.Request"}
)  # fmt: skip
OPENED: list[str] = []
"""What was opened and not allowed since it was asked last: the event, and from where."""
_allowing = 0


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event in EVENTS and not _allowing:
        frames = [f"{f.filename}:{f.lineno}" for f in traceback.extract_stack() if "importlib" not in f.filename]
        OPENED.append(f"{event} {args[1:]!r} at " + " < ".join(reversed(frames[-12:-1])))


def watch() -> None:
    """Note every socket from now on; an audit hook cannot be taken away again."""
    sys.addaudithook(_hook)


@contextmanager
def allowed() -> Iterator[None]:
    """Sockets are allowed inside: for a validator of others that opens one when it is imported."""
    global _allowing
    _allowing += 1
    try:
        yield
    finally:
        _allowing -= 1


def taken() -> list[str]:
    """What was opened since it was asked last."""
    found = OPENED[:]
    OPENED.clear()
    return found
