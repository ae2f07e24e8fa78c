"""Streams of bytes as the readers of records want them: the beginning looked at, UTF-16 given as UTF-8.

UTF-16 is told by its byte order mark, or by the look of the first bytes. Without a mark it is read on request only.
"""

from __future__ import annotations

import codecs
import io
from typing import Any

from metaharmon.diagnostics import ENCODING, WIDE_TEXT, Diagnostic, Place
from metaharmon.files.textfile import UTF32_MARKS, WIDE

HEAD = 4096
"""Bytes at the beginning of a file by which UTF-16 without a byte order mark is recognised."""
CHUNK = 1 << 16
HALF = "\ud800"
"""Stands for half a character at the end of a file: it is no text, and `textfile.decode` says so."""
_ORDERS = ("utf-16-le", "utf-16-be")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ASCII = ((0x20, 0x7E),)
_USUAL = (
    *((0x20, 0x24F), (0x370, 0x4FF), (0x2000, 0x206F)),
    *((0x3000, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF)),
)
"""Latin, Greek, Cyrillic, punctuation, Chinese, Japanese and Korean: what the text of a record is made of."""


class Again:
    """A stream of which the beginning was read, from its beginning."""

    def __init__(self, first: bytes, rest: Any):
        self.first, self.rest = first, rest

    def read(self, size: int) -> bytes:
        """At most `size` bytes."""
        first, self.first = self.first[:size], self.first[size:]
        return first + self.rest.read(size - len(first)) if size > len(first) else first

    def readline(self, size: int) -> bytes:
        """The bytes up to the next line feed, at most `size`."""
        if not self.first:
            return self.rest.readline(size)
        end = self.first.find(b"\n") + 1 or len(self.first)
        first, self.first = self.first[: min(end, size)], self.first[min(end, size) :]
        whole = first.endswith(b"\n") or len(first) == size
        return first if whole else first + self.rest.readline(size - len(first))


class AsUtf8:
    """A stream of UTF-16, read as UTF-8: its lines end where its line feeds are. What is no character stays none."""

    def __init__(self, stream: Any, encoding: str):
        self.stream, self.ready, self.ended = stream, io.BytesIO(), False
        self.decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")

    def _fill(self) -> bool:
        """Get more ready; False at the end of the stream."""
        if self.ended:
            return False
        data = self.stream.read(CHUNK)
        text = self.decoder.decode(data)
        if not data:
            self.ended = True
            text += HALF if self.decoder.getstate()[0] else ""
        self.ready = io.BytesIO(text.encode("utf-8", "surrogatepass"))
        return True

    def read(self, size: int) -> bytes:
        """At most `size` bytes."""
        parts = [self.ready.read(size)]
        while (left := size - sum(map(len, parts))) and self._fill():
            parts.append(self.ready.read(left))
        return b"".join(parts)

    def readline(self, size: int) -> bytes:
        """The bytes up to the next line feed, at most `size`."""
        parts = [self.ready.readline(size)]
        while not parts[-1].endswith(b"\n") and (left := size - sum(map(len, parts))) and self._fill():
            parts.append(self.ready.readline(left))
        return b"".join(parts)


def narrow(stream: Any, name: str, encoding: str) -> tuple[Any, str, tuple[Diagnostic, ...], Diagnostic | None]:
    """A stream from its beginning, where UTF-16 is UTF-8 now: (stream, its encoding, notes, why it is not read).

    `encoding` is the declared one. Bytes that are UTF-16 by their mark need no declaration.
    """
    head = _beginning(stream)
    stream, marked = Again(head, stream), _marked(head)
    if not head or head.startswith(UTF32_MARKS):  # `decode` says what is wrong
        return stream, "utf-8" if encoding in WIDE else encoding, (), None
    if head.startswith(codecs.BOM_UTF8) and encoding != "utf-8":
        return stream, encoding, (), _other(f"The byte order mark says UTF-8, not {encoding.upper()}.", name, "utf-8")
    if encoding not in WIDE:
        if marked and encoding == "utf-8":
            message = f"The byte order mark of the file says {marked.upper()}; it is read so."
            note = Diagnostic(WIDE_TEXT, message, place=Place(name, 1, 1))
            return AsUtf8(stream, marked), "utf-8", (note,), None
        wide = wide_order(head)
        message = f"The bytes look like UTF-16, not {encoding.upper()}."
        return stream, encoding, (), _other(message, name, "utf-16") if wide else None
    order = encoding if encoding in _ORDERS else marked or wide_order(head)
    if order is None or (marked or order) != order:
        what = f"the byte order mark says {marked.upper()}" if marked else "they do not show which byte comes first"
        message = f"The bytes cannot be read as {encoding.upper()}: {what}."
        return stream, encoding, (), _other(message, name, marked or "utf-16-le or --encoding utf-16-be")
    return AsUtf8(stream, order), "utf-8", (), None


def _beginning(stream: Any) -> bytes:
    """The first line, at most HEAD bytes; with one byte more where the line feed is half of one."""
    head = stream.readline(HEAD)
    return head + stream.readline(1) if head.endswith(b"\n") and not _is_utf8(head) else head


def _other(message: str, name: str, encoding: str) -> Diagnostic:
    """A finding that the bytes are in another encoding."""
    hint = f"Read it with --encoding {encoding}, or save the file as UTF-8."
    return Diagnostic(ENCODING, message, place=Place(name, 1, 1), hint=hint)


def _marked(head: bytes) -> str | None:
    return None if head.startswith(UTF32_MARKS) else next((order for mark, order in _MARKS if head[:2] == mark), None)


def wide_order(head: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` where the first bytes of a file are that, else None.

    Other encodings have no NUL bytes. UTF-16 has one in every ASCII character; read in the wrong order, few of its
    characters are usual ones.
    """
    if order := _marked(head):
        return order
    if b"\0" not in head:
        return None
    plain = _is_utf8(head)
    found = []
    for order in _ORDERS:
        text = head[: len(head) // 2 * 2].decode(order, "replace")
        ascii_share, usual_share = _share(text, _ASCII), _share(text, _USUAL)
        if usual_share >= 0.9 and ascii_share >= (0.5 if plain else 0.01):
            found.append(order)
    return found[0] if len(found) == 1 else None


def _share(text: str, ranges: tuple[tuple[int, int], ...]) -> float:
    """The share of the characters of a text that are in some ranges; white space always is."""
    usual = sum(c in "\t\r\n" or any(low <= ord(c) <= high for low, high in ranges) for c in text)
    return usual / len(text) if text else 0.0


def _is_utf8(head: bytes) -> bool:
    """Whether bytes are the beginning of UTF-8 text."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
