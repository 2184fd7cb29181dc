"""No process outlives the run that started it: not after Ctrl-C, and not when the run is killed.

`watch` marks this process's environment, which all that it starts inherit (workerd, wrangler and its workerd, Node, a
browser), and starts this file as a program of its own. That one waits until this process is gone, however it
ended, and kills what still bears the mark, in whichever session or process group. It needs Linux's /proc;
elsewhere only a run that ends by itself cleans up.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

MARK = "WSLINT_TEST_RUN"
PROCESSES = Path("/proc")
GIVE_UP_SECONDS = 20.0


@cache
def watch() -> None:
    """From here on, what this process starts ends with it."""
    if not (PROCESSES / "self/environ").exists():
        return
    own = f"{os.getpid()}-{os.urandom(8).hex()}"
    reads, writes = os.pipe()  # the writing end closes with this process; nothing that it starts inherits it
    subprocess.Popen(
        [os.readlink(PROCESSES / "self/exe"), "-I", "-S", __file__, own],
        stdin=reads,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the terminal's Ctrl-C is not for it
        cwd="/",
        env={},
    )
    os.close(reads)
    _open.append(writes)
    # A run within a run bears both marks: it ends with either.
    os.environ[MARK] = f"{os.environ.get(MARK, '')} {own}".strip()


_open: list[int] = []


def mark() -> dict[str, str]:
    """What an environment that is made from nothing must have."""
    return {MARK: os.environ[MARK]} if MARK in os.environ else {}


def _marked(own: str) -> list[int]:
    """The processes that bear a run's mark. Those that have ended, and wait for their parent to notice, bear none."""
    needle, found = own.encode(), []
    for folder in PROCESSES.iterdir():
        if folder.name.isdigit():
            try:
                environment = (folder / "environ").read_bytes()
            except OSError:  # gone meanwhile, or another user's
                continue
            if any(
                one.startswith(MARK.encode() + b"=") and needle in one for one in environment.split(b"\0")
            ):
                found.append(int(folder.name))
    return found


def _kill(own: str) -> None:
    until = time.monotonic() + GIVE_UP_SECONDS
    while (left := _marked(own)) and time.monotonic() < until:
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:  # it was faster
                continue
        time.sleep(0.05)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    _kill(sys.argv[1])
