"""The command line: the verbs of the library. Exit 0 clean, 1 findings or rejected records, 2 usage or a bad file."""

from __future__ import annotations


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. `argv` is without the program's name."""
    from metaharmon.cli.main import run

    return run(argv)
