"""Generated code behind the door: compiled at the first use, and left for the interpreter when it cannot go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from metaharmon.diagnostics import MissingExtra
from metaharmon.faults import log

NEW, MADE, BROKEN = "new", "made", "broken"


class Generated:
    """The generated code of a dialect or a pair. Whatever it does not foresee, the interpreter explains.

    What it is made to leave to the interpreter (`Slow`) is no fault. Anything else is: the result is right all the
    same, since the interpreter gives it, but slow. The logger `metaharmon` is told, once for each place, at level
    DEBUG; code that cannot be made at all is told at level WARNING, once, and not tried again.
    """

    def __init__(self, name: str, make: Callable[[], Any]):
        self.name, self._make = name, make
        self._lock = threading.Lock()
        self._code: Any = None
        self._state = NEW
        self._told: set[tuple[str, int]] = set()

    def code(self) -> Any:
        """What was compiled; once, whichever thread comes first. Raises what the compiler raises."""
        with self._lock:
            if self._state != MADE:
                self._code = self._make()
                self._state = MADE
        return self._code

    def run(self, call: Callable[[Any], Any]) -> Any:
        """What generated code makes of it; None when the interpreter must explain it."""
        if self._state != MADE and not self._ready():
            return None
        try:
            return call(self._code)
        except Exception as error:  # by contract: whatever generated code did not foresee, the interpreter explains
            self._note(error)
            return None

    def _ready(self) -> bool:
        """Whether there is code now; it is made here."""
        if self._state == BROKEN:
            return False
        try:
            self.code()
        except (MissingExtra, MemoryError, RecursionError):  # none of these is there to stay, nor the compiler's fault
            raise
        except Exception as error:  # the interpreter does without; but it is not to be hidden
            self._state = BROKEN
            log(f"no code can be generated for {self.name}; it is interpreted, which is slow", error, "warning")
            return False
        return True

    def _note(self, error: Exception) -> None:
        from metaharmon.compiler.base import Slow

        if isinstance(error, Slow):
            return
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = ("", 0) if trace is None else (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        if place not in self._told:
            self._told.add(place)
            log(f"generated code of {self.name} failed; the interpreter went on", error)
