"""Run every hostile case in this process and print what it gave: `run.py main|thread c|pure`.

In a thread the stack is 512 KB. One JSON line a case: name, code, line, col, CPU seconds; then the peak memory in KB.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES, Case

from metaharmon.diagnostics import Diagnostic, MappingError
from metaharmon.files.records import read_documents
from metaharmon.yamltext import events, parse


def findings(case: Case) -> list[Diagnostic]:
    if case.kind == "mapping":
        try:
            parse(case.data, case.name)
        except MappingError as error:
            return error.diagnostics
        return []
    documents = read_documents(io.BytesIO(case.data), case.name, case.kind)
    return [problem for document in documents for problem in document.problems]


def run() -> None:
    for case in CASES:
        start = time.process_time()
        first = next(iter(findings(case)), None)
        place = first.place if first else None
        row = [case.name, first and first.code, place and place.line, place and place.col, time.process_time() - start]
        print(json.dumps(row), flush=True)
    print(json.dumps(["peak", peak_memory()]))


def peak_memory() -> int:
    """Peak memory of this process in KB. `ru_maxrss` would be the parent's where that was larger at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(row.split()[1]) for row in status.read_text().splitlines() if row.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(where: str, parser: str) -> None:
    events.PARSER = {"c": events.CParser, "pure": events.PureParser}[parser]
    if where == "main":
        return run()
    threading.stack_size(512 * 1024)
    thread = threading.Thread(target=run)
    thread.start()
    return thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
