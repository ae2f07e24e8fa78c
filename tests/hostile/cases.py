"""Hostile inputs: how to make them, and the finding that each must give (code, line, column of the first)."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Case:
    """`kind` is mapping (a mapping file) or the format of a file of records; `code` None: it is read."""

    name: str
    kind: str
    data: bytes
    code: str | None
    line: int = 0
    col: int = 0


def laughs(levels: int, width: int = 9) -> bytes:
    """Billion laughs: each level is a list of aliases to the one before."""
    rows = ["a0: &a0 lol"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels + 1)]
    return "\n".join(rows).encode()


def _mapping() -> list[tuple[str, bytes, str | None, int, int]]:
    return [
        ("1 MiB of [", b"[" * MIB, "MH104", 1, 33),
        ("1 MiB of {", b"{" * MIB, "MH104", 1, 2 + 31),
        ("25,093 of [", b"[" * 25_093, "MH104", 1, 33),
        ("1,564 of [", b"[" * 1_564, "MH104", 1, 33),
        ("[{a: x 800", b"[{a: " * 800, "MH104", 1, 81),
        ("1 MiB of '- '", b"- " * (MIB // 2), "MH104", 1, 65),
        ("1 MiB of '? '", b"? " * (MIB // 2), "MH104", 1, 65),
        ("1 MiB of blanks", b" " * MIB, "MH110", 1, 1),
        ("1 MiB of line breaks", b"\n" * MIB, "MH110", 1, 1),
        ("1 MiB of comment", b"#" * MIB, "MH110", 1, 1),
        ("more than 1 MiB", b"#" * (MIB + 1), "MH104", 1, 1),
        ("1 MiB scalar", b"a" * MIB, "MH104", 1, 1),
        ("1 MiB of quotes", b"'" * MIB, "MH104", 1, 1),
        ("1 MiB of open quotes", b'"' + b"a" * (MIB - 1), "MH103", 1, 1),
        ("1 MiB of backslashes", b'"' + b"\\" * (MIB - 2) + b'"', "MH104", 1, 1),
        ("1 MiB of :", b":" * MIB, "MH104", 1, 1),
        ("1 MiB of ': '", b": " * (MIB // 2), "MH103", 1, 1),
        ("1 MiB of '&a '", b"&a " * (MIB // 3), "MH105", 1, 1),
        ("1 MiB of !", b"!" * MIB, "MH105", 1, 1),
        ("1 MiB of %", b"%" * MIB, "MH105", 1, 1),
        ("1 MiB of ---", b"---\n" * (MIB // 4), "MH105", 2, 1),
        ("200,000 list entries", b"- \n" * 200_000, "MH104", 100_000, 2),
        ("400,000 flow entries", b"[" + b"a," * 400_000 + b"]", "MH104", 1, 2 + 2 * 99_999),
        ("60,000 keys", b"".join(b"k%d: \n" % n for n in range(60_000)), "MH104", 50_000, 8),
        ("60,000 of one key", b"k: v\n" * 60_000, "MH106", 2, 1),
        ("billion laughs", laughs(9), "MH105", 1, 5),
        ("cyclic alias", b"a: &a [*a]", "MH105", 1, 4),
        ("undefined alias", b"a: *b", "MH105", 1, 4),
        ("anchor", b"a: &x 1", "MH105", 1, 4),
        ("merge key", b"a: 1\n<<: {b: 2}", "MH105", 2, 1),
        ("tag !!binary", b"a: !!binary aGk=", "MH105", 1, 4),
        ("tag python", b"a: !!python/object/apply:os.system [echo]", "MH105", 1, 4),
        ("tag !", b"a: ! x", "MH105", 1, 4),
        ("directive %YAML", b"%YAML 1.1\n---\na: 1", "MH105", 1, 1),
        ("directive %TAG", b"%TAG ! tag:x,2000:\n---\na: 1", "MH105", 1, 1),
        ("directive unknown", b"%X y\n---\na: 1", "MH105", 1, 1),
        ("two documents", b"a: 1\n---\nb: 2", "MH105", 2, 1),
        ("list as key", b"[a, b]: 1", "MH105", 1, 1),
        ("map as key", b"? {a: 1}\n: 1", "MH105", 1, 3),
        ("duplicate key", b"a: 1\nb:\n  c: 1\n  c: 2", "MH106", 4, 3),
        ("duplicate key, quoted", b"{a: 1, 'a': 2}", "MH106", 1, 8),
        ("NUL", b"a: \0", "MH107", 1, 4),
        ("escape character", b"a: \x1b[31m", "MH107", 1, 4),
        ("U+0085", "a: b\u0085c".encode(), "MH107", 1, 5),
        ("U+2028", "a: b\u2028c".encode(), "MH107", 1, 5),
        ("escaped NUL", b'a: "\\0"', "MH107", 1, 4),
        ("lone surrogate", b'a: "\\ud800"', "MH107", 1, 4),
        ("escaped surrogate pair", b'a: "\\ud83d\\ude00"', "MH107", 1, 4),
        ("escape beyond Unicode", b'a: "\\UFFFFFFFF"', "MH107", 1, 4),
        ("surrogate in UTF-8", b"a: \xed\xa0\x80", "MH102", 1, 4),
        ("not UTF-8", b"a: 1\nb: \xff\xff", "MH102", 2, 4),
        ("overlong UTF-8", b"a: \xc0\xaf", "MH102", 1, 4),
        ("UTF-16 with mark", "a: 1".encode("utf-16"), "MH102", 1, 1),
        ("UTF-16 without mark", "a: 1".encode("utf-16-be"), "MH102", 1, 1),
        ("UTF-32", "a: 1".encode("utf-32"), "MH102", 1, 1),
        ("GB18030", "a: 广州".encode("gb18030"), "MH102", 1, 4),
        ("tab indentation", b"a:\n\tb: 1", "MH103", 2, 1),
        ("full-width colon", "a: 1\n名称：值\n".encode(), "MH103", 2, 1),
        ("open list", b"a: [1, 2", "MH103", 1, 9),
        ("open map", b"a: {b: 1", "MH103", 1, 9),
        ("open quotes", b"a: 'x", "MH103", 1, 4),
        ("a: b: c", b"a: b: c", "MH103", 1, 5),
        ("bad escape", b'a: "\\q"', "MH103", 1, 4),
        ("reserved @", b"a: @b", "MH103", 1, 4),
        ("lone bracket", b"]", "MH103", 1, 1),
        ("text after block mark", b"a: |#x\n  b", "MH103", 1, 5),
        ("empty", b"", "MH110", 1, 1),
        ("only a mark", b"\xef\xbb\xbf", "MH110", 1, 1),
        ("impossible date", b"2026-13-45", None, 0, 0),
        ("5,000 digits", b"a: " + b"9" * 5_000, None, 0, 0),
        ("op: =", b"op: =", None, 0, 0),
    ]


def _records() -> list[tuple[str, str, bytes, str | None, int, int]]:
    open_json = b'[{"a": ' * 800
    return [
        ("json 1 MiB of [", "json", b"[" * MIB, "MH104", 1, 74),
        ("json [{a: x 800", "json", open_json, "MH104", 1, 7 * 36 + 2),
        ("json depth 100,000, closed", "json", b"[" * 100_000 + b"]" * 100_000, "MH104", 1, 74),
        ("json 1 MiB of quotes", "json", b'"' * MIB, "MH103", 1, 3),
        ("json 1 MiB of escaped quotes", "json", b'"' + b'\\"' * (MIB // 2), "MH103", 1, 1),
        ("json NaN", "json", b'{"a": NaN}', "MH108", 1, 7),
        ("json -Infinity", "json", b'{"a":\n -Infinity}', "MH108", 2, 2),
        ("json 10,000 digits", "json", b'{"a": ' + b"9" * 10_000 + b"}", "MH108", 1, 7),
        ("json 10,000 decimals", "json", b'{"a": 0.' + b"9" * 10_000 + b"}", "MH108", 1, 7),
        ("json 1e10000000", "json", b"[1e10000000]", "MH108", 1, 2),
        ("json 1e(20 digits)", "json", b"[1e99999999999999999999]", "MH108", 1, 2),
        ("json 1 MiB of digits", "json", b"[" + b"9" * (MIB - 2) + b"]", "MH108", 1, 2),
        ("json lone surrogate", "json", b'{"a": "\\ud800"}', "MH107", 1, 7),
        ("json lone surrogate key", "json", b'{"\\udc00": 1}', "MH107", 1, 2),
        ("json control character", "json", b'{"a": "\x01"}', "MH107", 1, 8),
        ("json duplicate key", "json", b'{"a": 1,\n "a": 2}', "MH106", 2, 2),
        (
            "json 10,001 keys",
            "json",
            b"{" + b",".join(b'"%05d":0' % n for n in range(10_001)) + b"}",
            "MH104",
            1,
            10_000 * 10 + 2,
        ),
        ("json 2 MiB text", "json", b'["' + b"a" * (2 * MIB) + b'"]', "MH104", 1, 2),
        ("json not UTF-8", "json", b'{"a": "\xff"}', "MH102", 1, 8),
        ("json UTF-16 not declared", "json", '{"a": 1}'.encode("utf-16-le"), "MH102", 1, 1),
        ("json GB18030 not declared", "json", '{"a": "广"}'.encode("gb18030"), "MH102", 1, 8),
        ("json bare text", "json", b'"a"', "MH109", 1, 1),
        ("json two values", "json", b"{} {}", "MH103", 1, 4),
        ("json trailing comma", "json", b"[1,]", "MH103", 1, 4),
        ("json empty", "json", b"", "MH110", 1, 1),
        ("jsonl torn line", "jsonl", b'{"a": 1}\n{"a": \n{"a": 2}', "MH103", 2, 7),
        ("jsonl deep line", "jsonl", b"{}\n" + b"[" * 50_000, "MH104", 2, 74),
        ("csv open quote", "csv", b'a,b\n1,"x\n' + b"2,3\n" * 10_000, "MH103", 2, 3),
        ("csv 1 MiB of quotes", "csv", b'a\n"' + b'"' * MIB, "MH103", 2, 1),
        ("csv 300,000 lines in one cell", "csv", b'a\n"' + b"\n" * 300_000 + b'"x', "MH103", 300_002, 2),
        ("csv uneven row", "csv", b"a,b\n1,2,3\n", "MH103", 2, 1),
        ("csv duplicate column", "csv", b"a,b,a\n", "MH106", 1, 1),
        ("csv NUL", "csv", b"a\n\0\n", "MH107", 2, 1),
        ("csv long cell", "csv", b"a\n" + b"x" * (MIB + 1), "MH104", 2, 1),
        ("yaml records 1 MiB of [", "yaml", b"[" * MIB, "MH104", 1, 74),
        ("yaml records billion laughs", "yaml", laughs(9), "MH104", 8, 10),
        ("yaml records 5,000 digits", "yaml", b"a: " + b"9" * 5_000, "MH108", 1, 4),
        ("yaml records 1e10000000", "yaml", b"a: 1e10000000", "MH108", 1, 4),
        ("yaml records tag", "yaml", b"a: !!timestamp 2026-13-45", "MH105", 1, 4),
        ("yaml records number", "yaml", b"7", "MH109", 1, 1),
        ("yaml records impossible date", "yaml", b"a: 2026-13-45", None, 0, 0),
    ]


CASES = [Case(name, "mapping", *rest) for name, *rest in _mapping()] + [Case(*row) for row in _records()]
