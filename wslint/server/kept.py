"""What is read off a text stays from one run to the next: the files whose texts are the same, and their trees.

Only what depends on nothing but the text is kept, and it is found by the text itself, never by a file's time: what the
last run read, and no more than `MOST_BYTES` of texts.
"""

from __future__ import annotations

import os

from wslint.files import Files
from wslint.text import SourceFile

MOST_BYTES = 8 * 1024 * 1024
"""Of texts: their trees take some twenty times as much."""

_READINGS = (
    "javascript",
    "javascript lowered",
    "python",
    "python lower",
    "rust",
    "written by functions",
)
"""What `Files.cache` has of a file that follows from its text alone."""

_BROKEN = ("javascript", "broken")
"""Where files do not parse, by path."""


class Kept:
    """The texts of one project's last run."""

    def __init__(self) -> None:
        self._files: dict[str, SourceFile] = {}
        self._readings: dict[str, dict[tuple[str, str], object]] = {}

    def same(self, file: SourceFile, files: Files) -> SourceFile:
        """The file as it was read before, if its text is what it was; what was read off it is put to `files`."""
        key = os.fspath(file.path)
        known = self._files.get(key)
        if known is None or known.name != file.name or known.data != file.data:
            return file
        readings = dict(self._readings[key])
        if _BROKEN in readings:
            _places(files)[file.path] = readings.pop(_BROKEN)
        files.cache.update(readings)
        return known

    def take(self, files: Files) -> None:
        """Keep what a run has read so far."""
        places = _places(files)
        size = sum(len(file.data) for file in self._files.values())
        for key, file in files.read_files():
            readings = {
                (kind, key): files.cache[kind, key] for kind in _READINGS if (kind, key) in files.cache
            }
            if file.path in places:
                readings[_BROKEN] = places[file.path]
            before = self._files.get(key)
            more = len(file.data) - (len(before.data) if before is not None else 0)
            if readings and size + more <= MOST_BYTES:
                size += more
                self._files[key], self._readings[key] = file, readings

    def end(self, files: Files) -> None:
        """Keep what a run has read, and nothing that it did not ask for."""
        self.take(files)
        read = {key for key, _ in files.read_files()}
        for key in self._files.keys() - read:
            del self._files[key], self._readings[key]


def _places(files: Files) -> dict[object, object]:
    found = files.cache.setdefault(_BROKEN, {})
    assert isinstance(found, dict)
    return found
