"""Reading files: each at most once a run, bounded in size, never through a device or a pipe."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from wslint.text import SourceFile

MAX_BYTES = 8 * 1024 * 1024
"""Larger files are not read: no hand-written source is, and a bundle of that size says nothing."""


def _unknown(path: Path) -> Path | None:
    return None


class Files:
    """The files of one run. Reads are cached, so that Workers that share modules share the work."""

    def __init__(self, base: Path | None = None, overlay: Mapping[Path, bytes] | None = None) -> None:
        """`base` is the folder that names are relative to; `overlay` holds texts to read in place of
        what the disk has (fixes not written yet, an editor's unsaved buffers)."""
        self.base = (base or Path.cwd()).resolve()
        self._overlay = dict(overlay or {})
        self._read: dict[str, SourceFile | str] = {}
        self._kinds: dict[str, str] = {}
        self._listings: dict[str, frozenset[str]] = {}
        self.cache: dict[tuple[str, str], object] = {}
        """Parsed forms of files, keyed by analyser and path; owned by the analysers."""
        self.built_from: Callable[[Path], Path | None] = _unknown
        """The source of a file that a build writes, as whoever knows builds tells it."""

    def over(self, texts: Mapping[Path, bytes]) -> Files:
        """The same files with these texts in place of what is there."""
        return Files(self.base, {**self._overlay, **texts})

    def name(self, path: Path) -> str:
        """How reports print a path: relative to the current folder, with `/`."""
        try:
            return path.relative_to(self.base).as_posix()
        except ValueError:
            try:
                return Path(os.path.relpath(path, self.base)).as_posix()
            except ValueError:  # another drive
                return path.as_posix()

    def kind(self, path: Path) -> str:
        """`file`, `dir`, `other` or `missing`; symbolic links count as what they point to."""
        key = os.fspath(path)
        kind = self._kinds.get(key)
        if kind is None:
            try:
                mode = os.stat(key).st_mode
            except (OSError, ValueError):
                kind = "missing"
            else:
                kind = "file" if stat.S_ISREG(mode) else "dir" if stat.S_ISDIR(mode) else "other"
            self._kinds[key] = kind
        return kind

    def is_file(self, path: Path) -> bool:
        return self.kind(path) == "file"

    def is_dir(self, path: Path) -> bool:
        return self.kind(path) == "dir"

    def listing(self, folder: Path) -> frozenset[str]:
        """The names in a folder; empty when it can't be read."""
        key = os.fspath(folder)
        names = self._listings.get(key)
        if names is None:
            try:
                names = frozenset(os.listdir(key))
            except (OSError, ValueError):
                names = frozenset()
            self._listings[key] = names
        return names

    def read(self, path: Path) -> SourceFile | None:
        """The file, or None when it can't be read (`problem` says why)."""
        found = self._load(path)
        return None if isinstance(found, str) else found

    def problem(self, path: Path) -> str:
        """Why `read` gave None, in words that follow the path."""
        found = self._load(path)
        return found if isinstance(found, str) else ""

    def _load(self, path: Path) -> SourceFile | str:
        key = os.fspath(path)
        known = self._read.get(key)
        if known is None:
            known = self._read[key] = self._open(path)
        return known

    def _open(self, path: Path) -> SourceFile | str:
        if path in self._overlay:
            return SourceFile(path, self.name(path), self._overlay[path])
        kind = self.kind(path)
        if kind != "file":
            return {"missing": "does not exist", "dir": "is a folder"}.get(kind, "is not a regular file")
        try:
            with open(path, "rb") as handle:
                data = handle.read(MAX_BYTES + 1)
        except OSError as error:
            return f"can't be read: {error.strerror or error}"
        if len(data) > MAX_BYTES:
            return f"is larger than {MAX_BYTES // (1024 * 1024)} MiB"
        return SourceFile(path, self.name(path), data)
