"""`wslint check --watch`: the same check again, whenever something that it rests on changes.

What a run asked of the disk and the environment is noted, as for `cache.py`; here the questions are asked again and
again until one is answered otherwise. So a file counts that was looked for and not there, and saving a file without a
change does not. Asking takes no more than a sixth of the time, however large the project is.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable

from wslint import cache, system
from wslint.cache_write import needed
from wslint.errors import EXIT_CLEAN, CheckError
from wslint.output import clear, say, say_line

SHORTEST, SHARE = 0.3, 5
"""Seconds between two rounds of questions, and how many times as long as a round they are at least."""

FRESH = 2_000_000_000
"""Nanoseconds within which a file's time may stay the same although it was written again."""


class Answers:
    """What a run rests on."""

    def __init__(self, record: system.Record) -> None:
        self._answers = needed(record)
        self._trusted: dict[str, str] = {}
        """What files looked like when their contents were last seen to be the same."""

    def changed(self) -> str | None:
        """What is not as it was, if anything."""
        ask = system.asker()
        for question, known in self._answers.items():
            way, _, what = question.partition(" ")
            path = what.partition(" ")[2] if way in ("read", "start") else ""
            if path and self._looks_the_same(path):
                continue
            if ask(question) != known:
                return _named(way, path or what)
            if path:
                self._trust(path)
        return None

    def _looks_the_same(self, path: str) -> bool:
        try:
            return path in self._trusted and cache.signature(path) == self._trusted[path]
        except (OSError, ValueError):
            return False

    def _trust(self, path: str) -> None:
        try:
            if time.time_ns() - os.stat(path).st_mtime_ns > FRESH:
                self._trusted[path] = cache.signature(path)
        except (OSError, ValueError):
            self._trusted.pop(path, None)


def _named(way: str, what: str) -> str:
    """What a question asks about, for people."""
    path = os.path.relpath(what) if os.path.isabs(what) else what
    return f"the names in {path}" if way in ("names", "entries") else path or way


def watch(once: Callable[[], int], pause: Callable[[float], object] = time.sleep) -> int:
    """Check, wait for a change, check again, until the person ends it."""
    changed: str | None = None
    try:
        while True:
            record = system.record()
            clear()
            if changed is not None:
                say_line(f"changed: {changed}")
            try:
                once()
            except CheckError as error:
                say_line(f"wslint: {error}")
            finally:
                system.recorded()
            say("watching for changes; Ctrl-C ends it")
            gc.enable()
            gc.collect()
            changed = _wait(Answers(record), pause)
    except KeyboardInterrupt:
        say("")
        return EXIT_CLEAN


def _wait(answers: Answers, pause: Callable[[float], object]) -> str:
    """The first change."""
    while True:
        started = time.monotonic()
        changed = answers.changed()
        if changed is not None:
            return changed
        pause(max(SHORTEST, SHARE * (time.monotonic() - started)))
