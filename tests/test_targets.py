"""The files that a run writes: all of them, whole, or none; what is read is never written over."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from metaharmon.cli.exits import UsageError
from metaharmon.cli.targets import Target, Targets, identity
from shipped import ROOT

OUTPUTS = ("k.jsonl", "rejects.jsonl", "residue.jsonl", "losses.jsonl")
OPTIONS = ("-o", OUTPUTS[0], "--rejects", OUTPUTS[1], "--residue", OUTPUTS[2], "--losses", OUTPUTS[3])
PAIR = ("translate", "--read", "cn-hangzhou", "--write", "cn-guangzhou")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and links of POSIX")


def _signals() -> None:
    """A child of nohup or cron inherits that signals are ignored; a test does not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def start(folder: Path, *args: str, **more: Any) -> subprocess.Popen[bytes]:
    path = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    return subprocess.Popen(
        [sys.executable, "-m", "metaharmon", *args],
        cwd=folder,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        preexec_fn=_signals,
        **more,
    )


def run(folder: Path, *args: str, **more: Any) -> tuple[int, str]:
    process = start(folder, *args, **more)
    said = process.communicate()[1].decode("utf-8", "replace")
    return process.returncode, said


def line(i: int) -> str:
    industry = "卫生和社会工作" if i % 5 else [1]
    record = {"id": i, "productId": f"HZ-{i}", "productName": f"产品 {i}", "orgName": "某公司", "industry": industry}
    return json.dumps(record, ensure_ascii=False) + "\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "in.jsonl").write_text("".join(map(line, range(3))), "utf-8")
    return tmp_path


def old(folder: Path) -> None:
    for name in OUTPUTS:
        (folder / name).write_text(f"old {name}", "utf-8")


def is_old(folder: Path) -> list[bool]:
    return [(folder / name).read_text("utf-8") == f"old {name}" for name in OUTPUTS]


def hidden(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".")]


# --- what is read is not written over


@posix
@pytest.mark.parametrize("link", ["hard", "symbolic"])
def test_another_name_of_an_input_is_refused(here: Path, link: str) -> None:
    make = os.link if link == "hard" else os.symlink
    make(here / "in.jsonl", here / "ln.jsonl")
    before = (here / "in.jsonl").read_bytes()
    code, said = run(here, *PAIR, "-o", "ln.jsonl", "in.jsonl")
    assert code == 2 and "ln.jsonl would be overwritten while it is in use, as in.jsonl" in said
    assert (here / "in.jsonl").read_bytes() == before


@posix
def test_the_file_behind_standard_input_is_refused(here: Path) -> None:
    before = (here / "in.jsonl").read_bytes()
    with open(here / "in.jsonl", "rb") as stream:
        code, said = run(here, *PAIR, "-o", "in.jsonl", "-", stdin=stream)
    assert code == 2 and "as standard input" in said
    assert (here / "in.jsonl").read_bytes() == before


@posix
def test_the_file_behind_standard_output_is_refused(here: Path) -> None:
    with open(here / "both.jsonl", "wb") as stream:
        code, said = run(here, *PAIR, "--residue", "both.jsonl", "in.jsonl", stdout=stream)
    assert code == 2 and "as standard output" in said


@pytest.mark.parametrize("option", ["--rejects", "--residue", "--losses"])
@pytest.mark.parametrize("file", ["toy-a.yaml", "toy-base.yaml", "toy-a.schema.json"])
def test_a_mapping_and_what_it_names_is_refused(here: Path, option: str, file: str) -> None:
    for source in (ROOT / "tests" / "data" / "door").iterdir():
        (here / source.name).write_bytes(source.read_bytes())
    text = (here / "toy-a.yaml").read_text("utf-8")
    if file == "toy-base.yaml" and "toy-base" not in text:
        file = "toy-a.yaml"
    before = (here / file).read_bytes()
    code, said = run(here, "translate", "--read", "toy-a.yaml", "--write", "ckan", option, file, "in.jsonl")
    assert code == 2 and f"{file} would be overwritten while it is in use" in said
    assert (here / file).read_bytes() == before


@pytest.mark.parametrize(
    "wrong", [("missing.jsonl",), ("in.jsonl", "missing.jsonl"), ("--encoding", "latin-1", "in.jsonl"), ("in.txt",)]
)
def test_older_outputs_stay_where_a_run_cannot_begin(here: Path, wrong: tuple[str, ...]) -> None:
    old(here)
    (here / "in.txt").write_text("x", "utf-8")
    code, _ = run(here, *PAIR, *OPTIONS, *wrong)
    assert code == 2 and all(is_old(here)) and not hidden(here)


def test_older_outputs_stay_where_nothing_can_be_read(here: Path) -> None:
    old(here)
    (here / "in.jsonl").write_bytes(b"\xff\xfe\x00\x00")
    code, _ = run(here, *PAIR, *OPTIONS, "in.jsonl")
    assert code in (1, 2)
    assert all(is_old(here)) or not any(is_old(here))


# --- all or none


@posix
def test_a_full_disk_leaves_everything_as_it_was(here: Path) -> None:
    old(here)
    (here / "full.jsonl").symlink_to("/dev/full")
    (here / "in.jsonl").write_text("".join(map(line, range(300))), "utf-8")
    code, said = run(here, *PAIR, "-o", "k.jsonl", "--residue", "full.jsonl", "in.jsonl")
    assert code == 2 and "full.jsonl: No space left on device" in said
    assert all(is_old(here)) and not hidden(here)


@posix
def test_a_file_that_grows_too_large_leaves_everything_as_it_was(here: Path) -> None:
    import resource

    old(here)
    (here / "in.jsonl").write_text("".join(map(line, range(400))), "utf-8")
    path = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))

    def limited() -> None:
        _signals()
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-B", "-m", "metaharmon", *PAIR, *OPTIONS, "in.jsonl"],
        cwd=here, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, preexec_fn=limited, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and b"File too large" in done.stderr
    assert all(is_old(here)) and not hidden(here)


@posix
def test_a_failing_move_puts_back_what_was_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("old a", "utf-8")
    moved, replace = [], os.replace

    def fails_later(source: str, target: str) -> None:
        if target == str(second):
            raise OSError(28, "No space left on device")
        moved.append(target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails_later)
    with pytest.raises(OSError, match="No space left"), Targets([str(first), str(second)]) as targets:
        targets.targets[str(first)].write("new a")
        targets.targets[str(second)].write("new b")
    assert moved and first.read_text("utf-8") == "old a" and not second.exists() and not hidden(tmp_path)


@posix
def test_a_second_process_is_refused(tmp_path: Path) -> None:
    name = str(tmp_path / "out.jsonl")
    with Targets([name]):
        code, said = run(tmp_path, *PAIR, "-o", name, os.devnull, stdin=subprocess.DEVNULL)
        assert code == 2
        with pytest.raises(UsageError, match="is being written by another process"):
            Target(name).open()
    assert said


@posix
def test_mode_and_link_of_a_target_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.write_text("old", "utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    with Targets([str(link)]) as targets:
        targets.targets[str(link)].write("new")
    assert link.is_symlink() and real.read_text("utf-8") == "new" and real.stat().st_mode & 0o777 == 0o640


@posix
def test_what_a_killed_run_left_bars_nothing(tmp_path: Path) -> None:
    (tmp_path / ".out.jsonl.part").write_text("half a li", "utf-8")
    with Targets([str(tmp_path / "out.jsonl")]) as targets:
        targets.targets[str(tmp_path / "out.jsonl")].write("whole")
    assert (tmp_path / "out.jsonl").read_text("utf-8") == "whole" and not hidden(tmp_path)


@posix
def test_a_part_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine", "utf-8")
    (tmp_path / ".out.jsonl.part").symlink_to(precious)
    with pytest.raises(OSError), Targets([str(tmp_path / "out.jsonl")]):
        pass
    assert precious.read_text("utf-8") == "mine"


def test_two_outputs_are_not_one_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", "utf-8")
    os.link(tmp_path / "a", tmp_path / "b")
    for names in (("a", "b"), ("c", "./c")):
        paths = [str(tmp_path) + os.sep + name for name in names]
        with pytest.raises(UsageError, match="while it is in use"), Targets(paths):
            pass
    found = os.stat(tmp_path / "a")
    with (
        pytest.raises(UsageError, match="as the table"),
        Targets([str(tmp_path / "b")], [(identity(found), "the table")]),
    ):
        pass


# --- signals


def _killed(folder: Path, seed: int) -> None:
    """Send a signal at a random moment, and look at what is there."""
    draw = random.Random(seed)
    old(folder)
    what = draw.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    process = start(folder, *PAIR, *OPTIONS, "in.jsonl")
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(draw.uniform(0.1, 4))
    process.send_signal(what)
    said = process.communicate()[1].decode("utf-8", "replace")
    stayed = is_old(folder)
    assert all(stayed) or not any(stayed), (seed, what, stayed)
    if not any(stayed):
        for name in OUTPUTS:
            for one in (folder / name).read_text("utf-8").splitlines():
                json.loads(one)
    if what != signal.SIGKILL and process.returncode > 100:
        assert process.returncode == 128 + what and said.endswith("metaharmon: stopped\n")
        assert not hidden(folder)
    for name in hidden(folder):
        (folder / name).unlink()


@posix
@pytest.mark.parametrize("seed", range(6))
def test_a_signal_at_any_moment_harms_nothing(here: Path, seed: int) -> None:
    (here / "in.jsonl").write_text("".join(map(line, range(2000))), "utf-8")
    _killed(here, seed)


@posix
@pytest.mark.full
def test_fifty_signals_harm_nothing(here: Path) -> None:
    (here / "in.jsonl").write_text("".join(map(line, range(3000))), "utf-8")
    for seed in range(100, 150):
        _killed(here, seed)


@posix
@pytest.mark.parametrize(("what", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_both_signals_end_a_run_alike(here: Path, what: int, code: int) -> None:
    old(here)
    process = start(here, *PAIR, *OPTIONS, "-", stdin=subprocess.PIPE)
    while not hidden(here) and process.poll() is None:  # it has begun
        time.sleep(0.01)
    process.send_signal(what)
    said = process.communicate()[1].decode("utf-8")
    assert (process.returncode, said) == (code, "metaharmon: stopped\n")
    assert all(is_old(here)) and not hidden(here)


@posix
@pytest.mark.parametrize(("closed", "code"), [(0, 2), (1, 2), (2, 0)])
def test_closed_streams_are_no_fault(here: Path, closed: int, code: int) -> None:
    def close() -> None:
        _signals()
        os.close(closed)

    path = os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    given = "-" if closed == 0 else "in.jsonl"
    out = None if closed == 1 else subprocess.DEVNULL
    done = subprocess.run(
        [sys.executable, "-m", "metaharmon", *PAIR, given], cwd=here, stdout=out,
        stderr=None if closed == 2 else subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, preexec_fn=close,
        check=False,
    )  # fmt: skip
    assert done.returncode in (code, 1) and b"internal-fault" not in (done.stderr or b"")
    if code:
        assert done.returncode == code
