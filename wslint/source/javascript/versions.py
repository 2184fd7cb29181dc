"""Which version of an npm package a project has: what is installed, locked, or asked for."""

from __future__ import annotations

import re
from pathlib import Path

from wslint.files import Files
from wslint.record import frozen
from wslint.regex import regex
from wslint.source.javascript.packages import package_at, read_json

Version = tuple[int, int, int]

_ANY: Version = (1_000_000, 0, 0)
_RANGE = regex(
    r"(?P<sign>[\^~]|>=|=|v)?\s*(?P<major>\d+)(?:\.(?P<minor>\d+))?(?:\.(?P<patch>\d+))?(?![\w.*])"
)
_TABLES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


@frozen
class Versions:
    """The versions that a package may have here: from `lowest`, below `end`."""

    lowest: Version
    end: Version

    def all_from(self, version: Version) -> bool:
        """Whether the package surely has this version or a later one."""
        return self.lowest >= version

    def all_before(self, version: Version) -> bool:
        """Whether the package surely has an earlier version."""
        return self.end <= version


def versions_of(name: str, folder: Path, files: Files) -> Versions | None:
    """The versions that `name` may have as seen from `folder`; None when nothing tells.

    What is installed goes before a lock file, a lock file before the range in package.json. A range
    that is no plain version with `^`, `~` or `=` (a git address, `latest`, `workspace:*`) tells nothing.
    """
    top = _folders(folder, files)
    for each in top:
        installed = package_at(files, each / "node_modules" / name)
        version = _parsed(installed.data.get("version")) if installed is not None else None
        if version is not None:
            return _exactly([version])
    for each in top:
        locked = _locked(name, each, files)
        if locked:
            return _exactly(locked)
    for each in top:
        asked = _asked(name, each, files)
        if asked is not None:
            return _of_range(asked.rpartition("@")[2] if asked.startswith("npm:") else asked)
    return None


def aliased(name: str, folder: Path, files: Files) -> str:
    """The package that `"name": "npm:package@…"` means; the name itself where it is no alias."""
    for each in _folders(folder, files):
        asked = _asked(name, each, files)
        if asked is not None:
            real = asked.removeprefix("npm:")
            return name if real == asked else real[: real.find("@", 1)] if "@" in real[1:] else real
    return name


def _folders(folder: Path, files: Files) -> list[Path]:
    """The folders in which a package may be asked for, nearest first."""
    found = [
        each for each in (folder, *folder.parents) if each == files.base or each.is_relative_to(files.base)
    ]
    return found or [folder]


def _asked(name: str, folder: Path, files: Files) -> str | None:
    """What the package.json of a folder asks for under a name."""
    package = package_at(files, folder)
    for table in (package.data.get(key) for key in _TABLES) if package is not None else ():
        if isinstance(table, dict) and isinstance(table.get(name), str):
            found: str = table[name]
            return found
    return None


def _exactly(found: list[Version]) -> Versions:
    last = max(found)
    return Versions(min(found), (last[0], last[1], last[2] + 1))


def _parsed(text: object) -> Version | None:
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", text) if isinstance(text, str) else None
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _of_range(text: str) -> Versions | None:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return None
    major, minor, patch = (int(match[key] or 0) for key in ("major", "minor", "patch"))
    lowest = (major, minor, patch)
    if match["sign"] == ">=":
        return Versions(lowest, _ANY)
    if match["minor"] is None or (match["sign"] == "^" and major > 0):
        return Versions(lowest, (major + 1, 0, 0))
    if match["patch"] is None or match["sign"] == "~" or (match["sign"] == "^" and minor > 0):
        return Versions(lowest, (major, minor + 1, 0))
    return Versions(lowest, (major, minor, patch + 1))


def _locked(name: str, folder: Path, files: Files) -> list[Version]:
    """The versions of a package in the lock file of a folder, whichever package manager wrote it."""
    npm = folder / "package-lock.json"
    if files.is_file(npm):
        data = read_json(files, npm)
        entries = data.get("packages") if isinstance(data, dict) else None
        found = entries.get(f"node_modules/{name}") if isinstance(entries, dict) else None
        version = _parsed(found.get("version")) if isinstance(found, dict) else None
        return [version] if version is not None else []
    quoted = re.escape(name)
    for lock, pattern in (
        ("pnpm-lock.yaml", rf"^\s*['\"]?/?{quoted}[@/](\d+\.\d+\.\d+)"),
        ("yarn.lock", rf"^\"?{quoted}@[^\n]*:\n\s+version:? \"?(\d+\.\d+\.\d+)"),
        ("bun.lock", rf"\"{quoted}@(\d+\.\d+\.\d+)"),
    ):
        file = files.read(folder / lock) if files.is_file(folder / lock) else None
        if file is not None:
            texts = re.findall(pattern.encode(), file.data, re.M)
            return [found for text in texts if (found := _parsed(text.decode())) is not None]
    return []
