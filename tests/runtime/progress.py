"""Set-ups that take minutes tell that they live, on the standard error that the run was started with.

pytest captures what a test writes, so `remember` keeps that stream before a test runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

EVERY_SECONDS = 20.0

_kept: list[int] = []


def remember() -> None:
    """Keep the standard error of this moment for `say`."""
    _kept.append(os.dup(2))


def say(line: str) -> None:
    os.write(_kept[-1] if _kept else sys.__stderr__.fileno() if sys.__stderr__ else 2, f"{line}\n".encode())


def run(what: str, command: Sequence[str | Path], log: Path, **options: Any) -> int:
    """Run a command, whose output goes into `log`, and say now and then what it has come to; its exit code."""
    began = time.monotonic()
    say(f"{what}: takes minutes, once ({log})")
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options
        )
        try:
            while True:
                try:
                    code = process.wait(EVERY_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
                    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
                    say(f"{what}: {time.monotonic() - began:.0f} s, {last[:100]}")
        finally:
            process.kill()
            process.wait()
    say(f"{what}: {'done' if code == 0 else 'failed'} after {time.monotonic() - began:.0f} s")
    return code
