"""Nothing outside the repository is read, whatever a script names."""

from __future__ import annotations

import os
from pathlib import Path

from wslint.files import Files


def top_of(folder: Path, files: Files) -> Path:
    """The repository that a folder is in; without one, the folder that wslint runs in if it is above, else itself."""
    key = ("repository top", os.fspath(folder))
    known = files.cache.get(key)
    if not isinstance(known, Path):
        above = (each for each in (folder, *folder.parents) if ".git" in files.listing(each))
        known = next(above, files.base if folder.is_relative_to(files.base) else folder)
        files.cache[key] = known
    return known


def is_inside(path: Path, folder: Path, files: Files) -> bool:
    """Whether a path, links resolved, is in the same repository as a folder."""
    top = top_of(folder, files)
    return path.is_relative_to(top) and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))
