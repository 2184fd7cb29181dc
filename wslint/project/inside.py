"""Nothing outside the repository is read, whatever a script names."""

from __future__ import annotations

import os
from pathlib import Path

from wslint import system
from wslint.files import Files

_MANIFESTS = ("package.json", "pnpm-workspace.yaml", "Cargo.toml")


def top_of(folder: Path, files: Files) -> Path:
    """The repository that a folder is in; without one, the folder that wslint runs in if it is above, else the
    highest one above with a manifest, else itself."""
    key = ("repository top", os.fspath(folder))
    known = files.cache.get(key)
    if not isinstance(known, Path):
        above = (each for each in (folder, *folder.parents) if files.has(each, ".git"))
        found = next(above, None)
        if found is None and folder.is_relative_to(files.base):
            found = files.base
        manifests = (
            each for each in reversed(folder.parents) if any(files.has(each, name) for name in _MANIFESTS)
        )
        known = files.cache[key] = found or next(manifests, folder)
    return known


def is_inside(path: Path, folder: Path, files: Files) -> bool:
    """Whether a path, links resolved, is in the same repository as a folder."""
    top = top_of(folder, files)
    return path.is_relative_to(top) and Path(system.real(path)).is_relative_to(system.real(top))
