"""Reading files: each at most once a run, bounded in size, never through a device or a pipe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from wslint import system
from wslint.boundary import EVERYWHERE, OUTSIDE, Boundary, is_special
from wslint.text import SourceFile

MAX_BYTES = 8 * 1024 * 1024
"""Larger files are not read: no hand-written source is, and a bundle of that size says nothing."""


def _unknown(path: Path) -> Path | None:
    return None


class Files:
    """The files of one run. Reads are cached, so that Workers that share modules share the work."""

    def __init__(
        self,
        base: Path | None = None,
        overlay: Mapping[Path, bytes] | None = None,
        boundary: Boundary | None = None,
    ) -> None:
        """`base` is the folder that names are relative to; `overlay` holds texts to read in place of
        what the disk has (fixes not written yet, an editor's unsaved buffers). Without a `boundary`
        everything is read, until `discover` sets the one of the paths that it is given."""
        self.base = system.resolved(base or Path(os.getcwd()))
        self.boundary = boundary
        self._overlay = dict(overlay or {})
        self._overlaid = _folders(self._overlay)
        self._read: dict[str, SourceFile | str] = {}
        self._kinds: dict[str, str] = {}
        self._listings: dict[str, frozenset[str]] = {}
        self.cache: dict[tuple[str, str], object] = {}
        """Parsed forms of files, keyed by analyser and path; owned by the analysers."""
        self.built_from: Callable[[Path], Path | None] = _unknown
        """The source of a file that a build writes, as whoever knows builds tells it."""

    def go_on(self) -> None:
        """Asked again and again during a run; whoever wants it to end before its time raises something here."""

    def over(self, texts: Mapping[Path, bytes]) -> Files:
        """The same files with these texts in place of what is there."""
        return Files(self.base, {**self._overlay, **texts}, self.boundary)

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
        """`file`, `dir`, `other`, `missing` or `outside` (of the repository); symbolic links count as what
        they point to."""
        key = os.fspath(path)
        kind = self._kinds.get(key)
        if kind is None and not self.holds(path):
            kind = self._kinds[key] = "outside"
        if kind is None:
            kind = system.kind(key)
            is_everywhere = self.boundary is None or self.boundary.tops is None
            if kind != "missing" and is_everywhere and is_special(path):
                kind = "other"
            if kind == "missing":
                kind = "file" if path in self._overlay else "dir" if path in self._overlaid else kind
            self._kinds[key] = kind
        return kind

    def holds(self, path: Path) -> bool:
        """Whether a path, its links followed, ends inside of what may be read."""
        return (self.boundary or EVERYWHERE).holds(os.fspath(path))

    def bound(self, boundary: Boundary) -> None:
        """Set the boundary where none was given; what was found before it no longer holds."""
        if self.boundary is None:
            self.boundary = boundary
            self._read.clear()
            self._kinds.clear()
            self._listings.clear()

    def is_file(self, path: Path) -> bool:
        return self.kind(path) == "file"

    def is_dir(self, path: Path) -> bool:
        return self.kind(path) == "dir"

    def listing(self, folder: Path) -> frozenset[str]:
        """The names in a folder; empty when it can't be read, or may not be."""
        key = os.fspath(folder)
        names = self._listings.get(key)
        if names is None:
            names = frozenset(system.names(key) if self.kind(folder) == "dir" else ())
            self._listings[key] = names = names | self._overlaid.get(folder, {}).keys()
        return names

    def has(self, folder: Path, name: str) -> bool:
        """Whether a folder holds a name. Asked of folders above a project: what else there is in a home folder or in
        `/tmp` changes all the time, and is none of its business."""
        known = self._listings.get(os.fspath(folder))
        if known is not None:
            return name in known
        return name in self._overlaid.get(folder, {}) or (
            self.is_dir(folder) and system.is_there(folder / name)
        )

    def entries(self, folder: Path) -> list[tuple[str, bool]]:
        """The names in a folder and which of them are folders themselves, links not followed. Whoever walks sorts
        out by itself where it may not go."""
        rows = dict(system.entries(folder) or ())
        return sorted({**self._overlaid.get(folder, {}), **rows}.items())

    def start_of(self, path: Path, most: int) -> bytes:
        """The first bytes of a file; none of one that can't be read."""
        if path in self._overlay:
            return self._overlay[path][:most]
        return system.read_start(path, most) if self.is_file(path) else b""

    def read(self, path: Path) -> SourceFile | None:
        """The file, or None when it can't be read (`problem` says why)."""
        found = self._load(path)
        return None if isinstance(found, str) else found

    def forget(self) -> None:
        """Let go of what was made of files; the files themselves stay what they are."""
        self.cache.clear()

    def read_files(self) -> Iterator[tuple[str, SourceFile]]:
        """The files that were read, by their paths."""
        for name, found in self._read.items():
            if not isinstance(found, str):
                yield name, found

    def known(self, name: str) -> SourceFile | None:
        """The file of this path where it was read already."""
        found = self._read.get(name)
        return None if isinstance(found, str) else found

    def adopt(self, file: SourceFile) -> SourceFile:
        """Take a file that another process of the run has read for the one of its path."""
        if os.fspath(file.path) not in self._read:
            self._read[os.fspath(file.path)] = file
        return file

    def problem(self, path: Path) -> str:
        """Why `read` gave None, in words that follow the path."""
        found = self._load(path)
        return found if isinstance(found, str) else ""

    def _load(self, path: Path) -> SourceFile | str:
        key = os.fspath(path)
        known = self._read.get(key)
        if known is None:
            self.go_on()
            known = self._read[key] = self._open(path)
        return known

    def _open(self, path: Path) -> SourceFile | str:
        if path in self._overlay:
            return self.made(path, self._overlay[path])
        kind = self.kind(path)
        if kind != "file":
            whys = {"missing": "does not exist", "dir": "is a folder", "outside": OUTSIDE}
            return whys.get(kind, "is not a regular file")
        data = system.read(path, MAX_BYTES)
        return data if isinstance(data, str) else self.made(path, data)

    def made(self, path: Path, data: bytes) -> SourceFile:
        """The file of a path that was read just now."""
        return SourceFile(path, self.name(path), data)


def _folders(overlay: Mapping[Path, bytes]) -> dict[Path, dict[str, bool]]:
    """What folders hold by an overlay alone: names, and whether each is a folder itself."""
    found: dict[Path, dict[str, bool]] = {}
    for path in overlay:
        below, is_folder = path, False
        for folder in path.parents:
            found.setdefault(folder, {})[below.name] = is_folder
            below, is_folder = folder, True
    return found
