"""Bytes to text: reading a file, its encoding, and where in the text something stands.

YAML, JSON and CSV files all come in by this door, so that a missing file, a wrong encoding or an invisible
character gives the same finding everywhere.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from metaharmon.diagnostics import (
    BAD_CHARACTER,
    ENCODING,
    FILE_NOT_ALLOWED,
    LIMIT,
    UNREADABLE,
    Diagnostic,
    MetaharmonError,
    Place,
    shown,
)
from metaharmon.files.regular import NotAllowed, TooLarge, read_regular

BOM = "\ufeff"
WIDE = ("utf-16", "utf-16-le", "utf-16-be")
"""Encodings in which a line feed is two bytes (`streams.AsUtf8`)."""
ENCODINGS = ("utf-8", "ascii", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", *WIDE)
"""Encodings that a file of records may declare. In all others a line feed byte is a line feed (no trail byte is)."""

UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = re.compile(b"\xed[\xa0-\xbf][\x80-\xbf]")
"""Half of a surrogate pair, in the form of UTF-8."""


def refuse(error: type[MetaharmonError], code: str, message: str, place: Place, hint: str | None = None) -> NoReturn:
    """Raise `error` with one finding."""
    raise error([Diagnostic(code, message, place=place, hint=hint)])


def place_at(text: str, index: int, file: str, line: int = 1, length: int = 0) -> Place:
    """Line and column (from 1, in characters) of `index` in `text`; `line` is the number of its first line."""
    number = line + text.count("\n", 0, index)
    col = index - (text.rfind("\n", 0, index) + 1) + 1
    return Place(file, number, col, number, col + length)


def read_bytes(
    path: str | os.PathLike[str], limit: int, error: type[MetaharmonError], inside: Sequence[Path] = ()
) -> bytes:
    """The bytes of a regular file, at most `limit`; `inside`: folders of which it has to stand in one.

    Raises `error` with UNREADABLE, LIMIT, or FILE_NOT_ALLOWED where it leads out.
    """
    name = os.fspath(path)
    start = Place(name, 1, 1)
    try:
        return read_regular(name, limit, inside)
    except TooLarge as trouble:
        refuse(error, LIMIT, str(trouble), start)
    except NotAllowed as trouble:
        refuse(error, FILE_NOT_ALLOWED if inside else UNREADABLE, str(trouble), start)
    except (OSError, ValueError) as trouble:
        refuse(error, UNREADABLE, why_unreadable(trouble), start)


def why_unreadable(trouble: Exception) -> str:
    """One sentence for an error of the operating system."""
    if isinstance(trouble, FileNotFoundError):
        return "The file does not exist."
    if isinstance(trouble, IsADirectoryError):
        return "This is a directory, not a file."
    if isinstance(trouble, PermissionError):
        return "The file may not be read (permission denied)."
    reason = getattr(trouble, "strerror", None) or str(trouble)
    return f"The file cannot be read: {reason}."


def known_encoding(encoding: str) -> str | None:
    """The plain name of an encoding that records may be in, or None."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None
    name = "utf-8" if name == "utf-8-sig" else name
    return name if name in ENCODINGS else None


def decode(data: bytes, file: str, error: type[MetaharmonError], encoding: str = "utf-8", line: int = 1) -> str:
    """The text of `data`, without a byte order mark on line 1; `line` is the number of its first line.

    Raises `error` with ENCODING at the first byte that is not text in this encoding.
    """
    name = known_encoding(encoding)
    if name is None:
        hint = "Use one of: " + ", ".join(ENCODINGS) + "."
        refuse(error, ENCODING, f"The encoding {shown(encoding)} cannot be read.", Place(file, line, 1), hint)
    try:
        text = data.decode(name)
    except UnicodeDecodeError as trouble:
        before = data[: trouble.start].decode(name, errors="replace")
        message, hint = _no_text(data, name, trouble.start)
        refuse(error, ENCODING, message, place_at(before, len(before), file, line), hint)
    if line == 1 and "\0" in text and name not in WIDE and (wide := _wide(data)):
        refuse(error, ENCODING, f"The bytes look like {wide}, not {name.upper()}.", Place(file, line, 1), _save(wide))
    return text.removeprefix(BOM) if line == 1 else text


def no_surrogates(text: str, file: str, error: type[MetaharmonError]) -> None:
    """Raise `error` with BAD_CHARACTER when a text in memory holds half of a surrogate pair."""
    if not text.isascii() and (found := _SURROGATE.search(text)):
        message = f"A lone surrogate (U+{ord(found[0]):04X}) is not a character."
        refuse(error, BAD_CHARACTER, message, place_at(text, found.start(), file, length=1))


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by byte order mark, or by the NUL bytes that they put beside ASCII letters."""
    if data.startswith(UTF32_MARKS):
        return "UTF-32"
    if data.startswith(_UTF16_MARKS):
        return "UTF-16"
    head = data[:64]
    pairs = len(head) // 2
    if pairs > 1 and max(head[0::2].count(0), head[1::2].count(0)) * 2 > pairs:
        return "UTF-16"
    return None


def _save(looks_like: str | None) -> str:
    """What to do with bytes that look like another encoding."""
    option = {"UTF-16": "utf-16", "GB18030": "gb18030"}.get(looks_like or "")
    if option is None:
        return "Save the file as UTF-8, or declare its encoding where that is possible."
    return f"Save the file as UTF-8; a file of records is read with --encoding {option}."


def _no_text(data: bytes, name: str, at: int) -> tuple[str, str]:
    """The message and hint for bytes that are not text in an encoding, from `at` on."""
    if _HALF.match(data, at) and name == "utf-8":
        return "Half a character stands here: the bytes are cut or damaged.", "Save the file again."
    if wide := _wide(data):
        return f"The bytes are not {name.upper()} text; they look like {wide}.", _save(wide)
    if name == "utf-8" and _begins(data, "gb18030"):
        return "The bytes are not UTF-8 text; they could be GB18030 or GBK.", _save("GB18030")
    return f"The bytes are not {name.upper()} text.", _save(None)


def _begins(data: bytes, encoding: str) -> bool:
    """Whether the first megabyte is text in an encoding."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data[: 1 << 20], len(data) <= 1 << 20)
    except UnicodeDecodeError:
        return False
    return True
