"""package.json files: which packages live in this repository, and which file a subpath means."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from wslint import system
from wslint.files import Files
from wslint.globs import matches_name, matches_path
from wslint.record import frozen
from wslint.regex import regex
from wslint.text import lines

CONDITIONS = frozenset({"workerd", "worker", "browser", "import", "module", "default"})
"""What wrangler's bundler asks for (esbuild with wrangler's conditions)."""

NEVER = frozenset({"types", "require", "node"})
MOST_FOLDERS = 20_000
"""A `**` in a workspace glob looks into so many folders at most."""

_NAME = regex(r"(@[^/]+/[^/]+|[^/@][^/]*)(?:/(.*))?\Z")
_YAML_ITEM = regex(r"\s*+-\s*+(['\"]?)([^'\"#]{0,500}?)\1\s{0,200}(?:#.*)?\Z")


@frozen
class Package:
    """One package.json: its folder and what it says."""

    folder: Path
    data: dict[str, object]

    @property
    def name(self) -> str:
        name = self.data.get("name")
        return name if isinstance(name, str) else ""


def split(specifier: str) -> tuple[str, str] | None:
    """`@scope/pkg/sub/path` as package name and subpath; None for what is no package name."""
    found = _NAME.match(specifier)
    return (found[1], found[2] or "") if found else None


def read_json(files: Files, path: Path) -> object:
    """A JSON or JSONC file's value; None when it is missing or broken."""
    file = files.read(path)
    if file is None:
        return None
    try:
        # the standard reader first: it is fast, and comments are rare
        value: object = json.loads(file.data)
        return value
    except (ValueError, RecursionError):
        pass
    from wslint.wrangler.jsonc import load_json

    try:
        return load_json(file.data)
    except (ValueError, RecursionError):
        return None


def package_at(files: Files, folder: Path) -> Package | None:
    """The package whose package.json stands in this folder."""
    key = ("javascript package", os.fspath(folder))
    if key not in files.cache:
        path = folder / "package.json"
        data = read_json(files, path) if files.is_file(path) else None
        files.cache[key] = Package(folder, data) if isinstance(data, dict) else None
    found = files.cache[key]
    return found if isinstance(found, Package) else None


def package_of(files: Files, folder: Path) -> Package | None:
    """The nearest package upwards from a folder."""
    key = ("javascript own package", os.fspath(folder))
    if key not in files.cache:
        above = (package_at(files, each) for each in (folder, *folder.parents))
        files.cache[key] = next((each for each in above if each is not None), None)
    found = files.cache[key]
    return found if isinstance(found, Package) else None


def find(files: Files, name: str, folder: Path) -> tuple[Path | None, bool]:
    """A package by name, as seen from a folder: `(its folder inside the tree or None, installed)`.

    A symbolic link in node_modules that leads out of node_modules is a workspace package. Without
    an install, the workspace globs of the repository tell.
    """
    for place in _installs(files, folder):
        if files.is_dir(place / name):
            real = Path(system.real(place / name))
            return (None, True) if "node_modules" in real.parts else (real, True)
    return workspace_packages(files, folder).get(name), False


def _installs(files: Files, folder: Path) -> list[Path]:
    """The node_modules folders that hold for files in a folder, nearest first."""
    key = ("javascript node_modules", os.fspath(folder))
    if key not in files.cache:
        places = [each / "node_modules" for each in (folder, *folder.parents) if each.name != "node_modules"]
        files.cache[key] = [place for place in places if files.is_dir(place)]
    found = files.cache[key]
    assert isinstance(found, list)
    return found


def workspace_packages(files: Files, folder: Path) -> dict[str, Path]:
    """The packages of the nearest workspace upwards, by name."""
    key = ("javascript packages", os.fspath(folder))
    if key not in files.cache:
        files.cache[key] = _nearest_workspace(files, folder)
    found = files.cache[key]
    assert isinstance(found, dict)
    return found


def _nearest_workspace(files: Files, folder: Path) -> dict[str, Path]:
    for each in (folder, *folder.parents):
        key = ("javascript workspace", os.fspath(each))
        if key not in files.cache:
            globs = _workspace_globs(files, each)
            files.cache[key] = _expand(files, each, globs) if globs else None
        found = files.cache[key]
        if isinstance(found, dict):
            return found
    return {}


def _workspace_globs(files: Files, folder: Path) -> list[str]:
    pnpm = folder / "pnpm-workspace.yaml"
    if files.is_file(pnpm):
        file = files.read(pnpm)
        return yaml_packages(file.data.decode("utf-8", "replace")) if file else []
    package = package_at(files, folder)
    listed = package.data.get("workspaces") if package else None
    if isinstance(listed, dict):
        listed = listed.get("packages")
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def yaml_packages(text: str) -> list[str]:
    """The list below `packages:`; the one thing wanted of that file isn't worth a YAML parser."""
    found: list[str] = []
    inside = False
    for line in lines(text):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = _YAML_ITEM.match(line)
        if inside and item:
            found.append(item[2].strip())
        else:
            inside = line.split("#")[0].strip() == "packages:"
            flow = re.match(r"packages:\s*+\[(.*)\]", line)
            if flow:
                found += [each.strip(" '\"") for each in flow[1].split(",")]
    return [each for each in found if each]


def _expand(files: Files, root: Path, globs: list[str]) -> dict[str, Path]:
    """The packages in the folders that the globs mean. `!pattern` takes folders out again."""
    excluded = [_plain(each[1:]) for each in globs if each.startswith("!")]
    found: dict[str, Path] = {}
    for glob in globs:
        if glob.startswith("!"):
            continue
        for folder in _folders(files, root, _plain(glob).split("/")):
            name = os.path.relpath(folder, root).replace(os.sep, "/")
            if any(matches_path(pattern, name) for pattern in excluded):
                continue
            package = package_at(files, folder)
            if package is not None and package.name:
                found.setdefault(package.name, folder)
    return found


def _plain(glob: str) -> str:
    return glob.strip("/").removeprefix("./")


def _folders(files: Files, root: Path, parts: list[str]) -> Iterator[Path]:
    stack = [(root, 0)]
    looked = 0
    while stack and looked < MOST_FOLDERS:
        folder, index = stack.pop()
        looked += 1
        if index == len(parts):
            if files.is_file(folder / "package.json"):
                yield folder
            continue
        part = parts[index]
        if "*" not in part:
            if files.is_dir(folder / part):
                stack.append((folder / part, index + 1))
            continue
        if part == "**":
            stack.append((folder, index + 1))
        for name in sorted(files.listing(folder), reverse=True):
            if name == "node_modules" or name.startswith(".") or not matches_name(part, name):
                continue
            below = folder / name
            if not system.is_link(below) and files.is_dir(below):
                stack.append((below, index if part == "**" else index + 1))


def targets(package: Package, subpath: str) -> list[str]:
    """The relative files that a subpath of a package may mean, best first.

    What the bundler's conditions pick comes first; other conditions (`source`, `development`)
    follow, because a built file is often absent where the source stands.
    """
    exports = package.data.get("exports")
    if exports is not None:
        key = f"./{subpath}" if subpath else "."
        return match(exports, key)
    if subpath:
        return [f"./{subpath}"]
    listed = [package.data.get(key) for key in ("module", "main", "source")]
    return [*(each for each in listed if isinstance(each, str)), "./index", "./src/index"]


def match(exports: object, key: str) -> list[str]:
    """What `exports` or `imports` of a package.json says of a key, patterns with `*` included."""
    if isinstance(exports, dict) and any(each.startswith((".", "#")) for each in exports):
        table: dict[str, object] = exports
    elif key == ".":
        return _conditions(exports, "")
    else:
        return []
    if key in table and "*" not in key:
        return _conditions(table[key], "")
    best: tuple[int, str, str] | None = None
    for pattern in table:
        before, star, after = pattern.partition("*")
        if not star or not key.startswith(before) or not key.endswith(after):
            continue
        if len(key) < len(before) + len(after):
            continue
        if best is None or len(before) > best[0]:
            best = (len(before), pattern, key[len(before) : len(key) - len(after)])
    return _conditions(table[best[1]], best[2]) if best else []


def _conditions(target: object, star: str) -> list[str]:
    """All files a target names: those of the active conditions first, in their order."""
    active: list[str] = []
    other: list[str] = []
    stack: list[tuple[object, bool]] = [(target, True)]
    while stack:
        value, is_active = stack.pop()
        if isinstance(value, str):
            (active if is_active else other).append(value.replace("*", star))
        elif isinstance(value, list):
            stack += [(each, is_active) for each in reversed(value)]
        elif isinstance(value, dict):
            stack += [
                (each, is_active and condition in CONDITIONS)
                for condition, each in reversed(value.items())
                if condition not in NEVER
            ]
    return active + other
