"""Exit codes, and the error of a wrong use."""

from __future__ import annotations

CLEAN, FINDINGS, USAGE = 0, 1, 2
INTERRUPTED, PIPE_CLOSED = 130, 141
"""As the shell has it: 128 and the number of the signal (SIGINT, SIGPIPE)."""


class UsageError(Exception):
    """What was asked for cannot be done; one sentence."""
