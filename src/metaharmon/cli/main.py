"""Arguments, dispatch and the last line of defence: no traceback for bad input, Ctrl-C or a closed pipe."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import Any

from metaharmon.cli.exits import FAULT, INTERRUPTED, PIPE_CLOSED, USAGE, UsageError
from metaharmon.diagnostics import MetaharmonError, MissingExtra

Add = Callable[..., Any]


def run(argv: list[str] | None = None) -> int:
    """Parse the arguments, run the verb, and give the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        args = build_parser().parse_args(argv)
    except SystemExit as stop:  # argparse: --help, --version or a usage error, which it has explained
        return stop.code if isinstance(stop.code, int) else USAGE
    with _tracebacks() if args.debug else nullcontext():
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    try:
        code = int(getattr(import_module(f"metaharmon.cli.{args.room}"), args.run)(args))
        sys.stdout.flush()
        return code
    except UsageError as error:
        print(f"metaharmon: {error}", file=sys.stderr)
        return USAGE
    except MetaharmonError as error:
        from metaharmon.cli.output import print_findings

        print_findings(error.diagnostics, sys.stderr)
        return USAGE
    except MissingExtra as error:
        print(f"metaharmon: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("metaharmon: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has seen enough; what Python would still flush at exit goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        print(f"metaharmon: {error.filename or 'the output'}: {error.strerror or error}", file=sys.stderr)
        return USAGE
    except Exception as error:  # the last line of defence: whatever was asked for, this is no answer
        from metaharmon.faults import finding

        print(finding(error, what="input"), file=sys.stderr)
        return FAULT


@contextmanager
def _tracebacks() -> Iterator[None]:
    """The logger of metaharmon says on standard error what it is told: every fault, with its traceback."""
    import logging

    logger, handler = logging.getLogger("metaharmon"), logging.StreamHandler()
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def build_parser() -> argparse.ArgumentParser:
    """The arguments of all verbs."""
    from metaharmon import __version__

    parser = argparse.ArgumentParser(
        prog="metaharmon",
        description="Translate descriptions of data products between dialects, exactly, both ways.",
        epilog="`metaharmon VERB --help` shows an example of each verb.",
    )
    parser.add_argument("--version", action="version", version=f"metaharmon {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for add in (_translate, _test, _check, _show, _dialects, _losses, _schema):
        add(verbs)
    return parser


def _verb(verbs: Any, name: str, room: str, run: str, what: str, example: str) -> Add:
    verb = verbs.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(room=room, run=run)
    verb.add_argument("--debug", action="store_true", help="show the traceback of a fault of metaharmon (exit 3)")
    verb.add_argument(
        "--mappings",
        metavar="DIR",
        action="append",
        default=[],
        help="a folder of your own mappings; may be repeated",
    )
    return verb.add_argument


def _pair(add: Add) -> None:
    add("--read", metavar="A", required=True, help="dialect of the records: a name, or a YAML file")
    add("--write", metavar="B", required=True, help="dialect to write: a name, or a YAML file")


def _reading(add: Add) -> None:
    add(
        "--records-at",
        metavar="PATH",
        type=_record_path,
        help="where the records are in a document: data.rows, pages[].rows, results.0, [] (a list of lists), or '.'",
    )
    add("--encoding", metavar="E", default="utf-8", help="encoding of the records (utf-8), such as gb18030")
    add(
        "--input-format",
        metavar="F",
        choices=("json", "jsonl", "yaml", "csv", "tsv", "markdown", "headings", "turtle", "rdfxml"),
        help="where the name of the file does not tell; markdown: header and body, headings: Markdown by its headings",
    )
    add(
        "--separator",
        metavar="S",
        type=_separator,
        help="what separates the cells of a table (it is found): comma, semicolon, tab, fullwidth-comma or bar",
    )


def _separator(said: str) -> str:
    """The character for a word such as `semicolon`; the character itself is taken, too."""
    from metaharmon.files.tablehead import SEPARATORS

    found = next((sign for sign, word in SEPARATORS.items() if said in (sign, word)), None)
    if found is None:
        raise argparse.ArgumentTypeError(f"{said!r} is none of {', '.join(SEPARATORS.values())}")
    return found


def _record_path(text: str) -> str:
    from metaharmon.dialect.record_paths import parse

    try:
        parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _format(add: Add) -> None:
    add("--format", choices=("text", "json"), default="text", help="how findings are printed (text)")


def _translate(verbs: Any) -> None:
    add = _verb(
        verbs,
        "translate",
        "translate",
        "translate",
        "translate records from one dialect into another",
        "metaharmon translate --read cn-guizhou-guiyang --write ckan -o out.jsonl --rejects bad.jsonl in.jsonl",
    )
    _pair(add)
    add("files", metavar="FILE", nargs="+", help=".json, .jsonl, .yaml, .csv, .tsv or .md; `-` is standard input")
    add(
        "-o",
        "--out",
        metavar="OUT",
        help=".json or .jsonl (.csv for a dialect of tables); without it JSON lines go to standard output",
    )
    add("--rejects", metavar="F", help="file for records that cannot be translated, as JSON lines with their problems")
    add("--residue", metavar="F", help="file for what the records say that ours cannot hold, as JSON lines")
    add(
        "--on-loss",
        choices=("report", "error", "error-but-kept", "ignore"),
        default="report",
        help="report what is lost or not carried over (default), exit with 1 on any of it, exit with 1 on all but what"
        " the mapping keeps on purpose, or say nothing of it",
    )
    add("--losses", metavar="F", help="file for everything that is lost or not carried over, as JSON lines")
    add("--format", choices=("text", "json"), default="text", help="how the summary is printed, on standard error")
    add(
        "--supply",
        metavar="PATH=VALUE",
        action="append",
        default=[],
        help="a value where the record says nothing, by path of ours; may be repeated",
    )
    add("--onto", metavar="FILE", help="the record that stands at the other side now: keep what only it says")
    _reading(add)


def _test(verbs: Any) -> None:
    add = _verb(
        verbs,
        "test",
        "proof",
        "test",
        "try the examples and the laws of a dialect and print the account",
        "metaharmon test cn-guizhou-guiyang --records mine.jsonl",
    )
    add("dialect", metavar="DIALECT|PATH", help="a name, or a YAML file")
    add("--records", metavar="FILE", nargs="+", default=[], help="records of your own, in place of generated ones")
    add("--generate", metavar="N", type=int, help="how many records to generate (100; 0 with --records)")
    add("--seed", metavar="N", type=int, default=0, help="another seed gives other generated records")
    _format(add)
    _reading(add)


def _check(verbs: Any) -> None:
    add = _verb(
        verbs,
        "check",
        "proof",
        "check",
        "prove mapping files before any data runs",
        "metaharmon check mappings/",
    )
    add("paths", metavar="PATH", nargs="*", help="mapping files or folders (default: the shipped mappings)")
    _format(add)


def _show(verbs: Any) -> None:
    add = _verb(
        verbs,
        "show",
        "show",
        "show",
        "show a dialect: its evidence and its rules",
        "metaharmon show cn-hangzhou --resolved",
    )
    add("dialect", metavar="DIALECT|PATH", help="a name, or a YAML file")
    add(
        "--resolved", action="store_true", help="as a mapping file with everything inherited, each line with its origin"
    )


def _dialects(verbs: Any) -> None:
    add = _verb(
        verbs,
        "dialects",
        "show",
        "dialects",
        "list the dialects that are known",
        "metaharmon dialects --mappings my-mappings/",
    )
    _format(add)


def _losses(verbs: Any) -> None:
    add = _verb(
        verbs,
        "losses",
        "show",
        "losses",
        "what is lost between two dialects, before any data runs",
        "metaharmon losses --read cn-guizhou-guiyang --write dcat-us-1.1",
    )
    _pair(add)
    _format(add)


def _schema(verbs: Any) -> None:
    add = _verb(
        verbs,
        "schema",
        "show",
        "schema",
        "print a JSON Schema",
        "metaharmon schema canonical > canonical-1.schema.json",
    )
    add(
        "name",
        metavar="canonical|mapping|DIALECT",
        help="the canonical record, the mapping language, or the fields of a dialect",
    )
