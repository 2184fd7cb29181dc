"""The server's log, where the reason stands that the answer hides: what is added while the probe runs."""

from __future__ import annotations

import time
from pathlib import Path

from wslint.errors import CheckError
from wslint.regex import regex
from wslint.report.visible import visible

COLOURS = regex(r"\x1b\[[0-9;]*m")

MOST = 256 * 1024
"""Bytes that are read of what was added."""

PATIENCE = 1.0
"""Seconds to wait for more, as a log is written after the answer."""


class Log:
    """A file that something else writes: `wrangler dev 2>&1 | tee dev.log`, `wrangler tail > tail.log`."""

    def __init__(self, path: Path) -> None:
        """Note where it ends now. Raises CheckError when it can't be read."""
        self._path = path
        try:
            with path.open("rb") as file:
                self._start = file.seek(0, 2)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise CheckError(f"--log {visible(str(path))} can't be read: {reason}") from None

    def added(self) -> str:
        """What was added since; waits a moment for it. Empty when the file is gone."""
        end = time.monotonic() + PATIENCE
        text = b""
        while True:
            try:
                with self._path.open("rb") as file:
                    file.seek(self._start)
                    now = file.read(MOST)
            except OSError:
                return COLOURS.sub("", text.decode("utf-8", "replace"))
            if (now and now == text) or time.monotonic() > end:
                return COLOURS.sub("", now.decode("utf-8", "replace"))
            text = now
            time.sleep(0.1)
