"""A line of a project that stands there thousands of times, each under a name of its own: twice as many take no more
than about twice the time."""

from __future__ import annotations

import random
import re
import tempfile
import time
from pathlib import Path

from tests.fuzz.laws import written
from tests.fuzz.mutate import Project
from tests.pages import TODAY
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files

SIZES = (1000, 2000, 4000)
LEAST = 1.0
"""Seconds: what takes less says nothing about its growth."""
MOST = 3.0
"""How much longer the double may take: two is linear, four is quadratic."""

_NAME = re.compile(
    r"\b((?:class|function|const|let|var|def|fn|struct|import|mod|type|get|async)\s+)([A-Za-z_]\w*)"
)


def grown(project: Project, name: str, line: int, count: int) -> Project:
    rows = project[name].split("\n")
    more = [_NAME.sub(rf"\g<1>\g<2>{number}", rows[line], count=1) for number in range(count)]
    return {**project, name: "\n".join([*rows[:line], *more, *rows[line:]])}


def grow(project: Project, chance: random.Random) -> None:
    """Raises AssertionError where the time grows faster than a project's line."""
    names = [name for name, text in project.items() if text.strip()]
    if not names:
        return
    name = chance.choice(names)
    line = chance.randrange(len(project[name].split("\n")))
    if not project[name].split("\n")[line].strip():
        return
    times = [seconds(grown(project, name, line, size)) for size in SIZES]
    if times[-1] < LEAST or not _too_fast(times):
        return
    times = [
        min(one, seconds(grown(project, name, line, size))) for one, size in zip(times, SIZES, strict=True)
    ]
    assert not _too_fast(times), f"{name}, line {line + 1}, {SIZES} times: {times}"


def _too_fast(times: list[float]) -> bool:
    return times[2] > MOST * times[1] and times[1] > MOST / 2 * times[0]


def seconds(project: Project) -> float:
    with tempfile.TemporaryDirectory() as made:
        folder = written(project, Path(made).resolve() / "project")
        start = time.process_time()
        try:
            run([folder], Options(today=TODAY, pedantic=True), Files(folder))
        except CheckError:
            return 0.0
        return time.process_time() - start
