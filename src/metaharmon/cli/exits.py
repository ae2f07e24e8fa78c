"""Exit codes, and the error of a wrong use."""

from __future__ import annotations

CLEAN, FINDINGS, USAGE, FAULT = 0, 1, 2, 3
"""All is well; findings or rejected records; a wrong use or a file that cannot be read; a fault of metaharmon."""
INTERRUPTED, PIPE_CLOSED = 130, 141
"""As the shell has it: 128 and the number of the signal (SIGINT, SIGPIPE)."""


class UsageError(Exception):
    """What was asked for cannot be done; one sentence."""
