"""Which npm packages a project says that it uses."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from wslint.files import Files
from wslint.source.javascript.packages import package_of

_TABLES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def depends_on(names: Set[str], folder: Path, files: Files) -> bool:
    """Whether the nearest package.json asks for one of these packages."""
    package = package_of(files, folder)
    tables = [package.data.get(key) for key in _TABLES] if package is not None else []
    return any(isinstance(table, dict) and not names.isdisjoint(table) for table in tables)
