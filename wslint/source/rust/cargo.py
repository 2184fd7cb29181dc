"""Cargo manifests: which crate is the Worker, what it links, which `worker` version it builds with."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from wslint import system
from wslint.files import Files
from wslint.globs import matches_name
from wslint.record import field, frozen
from wslint.text import SourceFile

Version = tuple[int, int, int]

PARENTS = 32
_MOST_FOLDERS = 20_000
"""How far up a workspace root is looked for."""


@frozen
class PathDependency:
    """A dependency on a crate of the project: the name it has in source, and its folder."""

    name: str
    folder: Path


@frozen
class RustCrate:
    """One package of the project, as its Cargo.toml tells it.

    `worker_version` is the version of the `worker` crate that Cargo.lock pins; without a lock file,
    the version that the requirement starts from (then `worker_version_locked` is False), or None.
    `problem` says why the manifest could not be read; the other members then hold Cargo's defaults.
    """

    manifest: SourceFile
    name: str
    library: Path
    crate_types: tuple[str, ...] = ()
    proc_macro: bool = False
    worker_version: Version | None = None
    worker_version_locked: bool = False
    depends_on_worker: bool = False
    dependencies: frozenset[str] = frozenset()  # names as source writes them
    path_dependencies: tuple[PathDependency, ...] = ()
    problem: str = ""

    @property
    def folder(self) -> Path:
        return self.manifest.path.parent

    @property
    def is_worker(self) -> bool:
        return self.depends_on_worker and "cdylib" in self.crate_types


@frozen
class _Manifest:
    file: SourceFile
    data: dict[str, Any] = field(default_factory=dict)
    problem: str = ""

    def table(self, *keys: str) -> dict[str, Any]:
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}


def read_crate(folder: Path, files: Files) -> RustCrate | None:
    """The package in `folder`; None when there is no readable Cargo.toml, or it is only a workspace."""
    manifest = _read_manifest(folder, files)
    if manifest is None or (not manifest.problem and not manifest.table("package")):
        return None
    key = ("rust crate", os.fspath(folder))
    known = files.cache.get(key)
    if not isinstance(known, RustCrate):
        known = _build(manifest, files)
        files.cache[key] = known
    return known


def find_worker_crate(folder: Path, files: Files) -> RustCrate | None:
    """The crate that is built from `folder`: its own package, else the one member that is a Worker.

    None when there is no Cargo.toml, or when no member or more than one depends on `worker` and is
    a `cdylib`.
    """
    crate = read_crate(folder, files)
    if crate is not None and (crate.depends_on_worker or crate.problem):
        return crate
    manifest = _read_manifest(folder, files)
    if manifest is None:
        return None
    members = [read_crate(path, files) for path in _members(manifest, folder, files)]
    workers = [member for member in members if member is not None and member.is_worker]
    if len(workers) == 1:
        return workers[0]
    return None if workers else crate


def members_above(folder: Path, files: Files) -> list[RustCrate]:
    """The packages of the workspace whose root is in `folder`; empty when there is no workspace."""
    manifest = _read_manifest(folder, files)
    if manifest is None or manifest.problem:
        return []
    found = (read_crate(path, files) for path in _members(manifest, folder, files))
    return [crate for crate in found if crate is not None]


def _read_manifest(folder: Path, files: Files) -> _Manifest | None:
    path = folder / "Cargo.toml"
    key = ("cargo", os.fspath(path))
    known = files.cache.get(key)
    if isinstance(known, _Manifest):
        return known
    file = files.read(path) if files.is_file(path) else None
    if file is None:
        return None
    import tomli

    try:
        manifest = _Manifest(file, tomli.loads(file.data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:  # ValueError: bad TOML and bad UTF-8 alike
        manifest = _Manifest(file, problem=f"does not parse: {error}")
    files.cache[key] = manifest
    return manifest


def _build(manifest: _Manifest, files: Files) -> RustCrate:
    folder = manifest.file.path.parent
    if manifest.problem:
        return RustCrate(
            manifest.file, folder.name, folder / "src" / "lib.rs", ("cdylib",), problem=manifest.problem
        )
    name = manifest.table("package").get("name")
    library = manifest.table("lib")
    path = library.get("path")
    types = library.get("crate-type", library.get("crate_type", ()))
    root = _workspace_root(manifest, files)
    dependencies = _dependencies(manifest)
    worker = next((one for one in dependencies.items() if _package(*one) == "worker"), None)
    crate_name = name if isinstance(name, str) else folder.name
    version: Version | None = None
    locked = False
    if worker is not None:
        version = _locked_version(crate_name, folder, root, files)
        locked = version is not None
        if version is None:
            version = _required_version(_inherited(*worker, root))
    return RustCrate(
        manifest.file,
        crate_name,
        _join(folder, path) if isinstance(path, str) else folder / "src" / "lib.rs",
        tuple(str(one) for one in types) if isinstance(types, list) else (),
        library.get("proc-macro") is True or library.get("proc_macro") is True,
        version,
        locked,
        worker is not None,
        frozenset(dependency.replace("-", "_") for dependency in dependencies),
        tuple(_path_dependencies(dependencies, folder, root)),
    )


def _dependencies(manifest: _Manifest) -> dict[str, Any]:
    """What is linked into the crate, for any target; development and build dependencies are not."""
    found = dict(manifest.table("dependencies"))
    for target in manifest.table("target").values():
        if isinstance(target, dict) and isinstance(target.get("dependencies"), dict):
            found.update(target["dependencies"])
    return found


def _package(name: str, value: Any) -> str:
    package = value.get("package") if isinstance(value, dict) else None
    return package if isinstance(package, str) else name


def _inherited(name: str, value: Any, root: _Manifest | None) -> Any:
    """The dependency as the workspace declares it, for `name.workspace = true`."""
    if root is not None and isinstance(value, dict) and value.get("workspace") is True:
        return root.table("workspace", "dependencies").get(name)
    return value


def _path_dependencies(
    dependencies: dict[str, Any], folder: Path, root: _Manifest | None
) -> list[PathDependency]:
    found = []
    for name, value in dependencies.items():
        inherits = isinstance(value, dict) and value.get("workspace") is True
        declared = _inherited(name, value, root)
        path = declared.get("path") if isinstance(declared, dict) else None
        if isinstance(path, str):
            base = root.file.path.parent if inherits and root is not None else folder
            found.append(PathDependency(name.replace("-", "_"), _join(base, path)))
    return found


def _workspace_root(manifest: _Manifest, files: Files) -> _Manifest | None:
    """The manifest with the `[workspace]` that a package belongs to."""
    if "workspace" in manifest.data:
        return manifest
    folder = manifest.file.path.parent
    named = manifest.table("package").get("workspace")
    if isinstance(named, str):
        return _read_manifest(_join(folder, named), files)
    for parent in list(folder.parents)[:PARENTS]:
        if files.is_file(parent / "Cargo.toml"):
            found = _read_manifest(parent, files)
            if found is not None and "workspace" in found.data:
                return found
    return None


def _members(manifest: _Manifest, folder: Path, files: Files) -> list[Path]:
    workspace = manifest.table("workspace")
    patterns = workspace.get("members")
    excluded = workspace.get("exclude")
    outside = (
        {os.fspath(_join(folder, one)) for one in excluded if isinstance(one, str)}
        if isinstance(excluded, list)
        else set()
    )
    found: dict[str, Path] = {}
    for pattern in patterns if isinstance(patterns, list) else []:
        if isinstance(pattern, str):
            for path in _expand(folder, pattern, files):
                key = os.fspath(path)
                if key not in outside and files.is_file(path / "Cargo.toml"):
                    found.setdefault(key, path)
    return list(found.values())


def _expand(folder: Path, pattern: str, files: Files) -> list[Path]:
    """The folders that a member pattern names; `*` and `?` stand for parts of one folder name."""
    found = [folder]
    for part in pattern.replace("\\", "/").split("/"):
        if "*" in part or "?" in part:
            found = [
                base / name
                for base in found
                for name in sorted(files.listing(base))
                if matches_name(part, name) and not name.startswith(".") and not system.is_link(base / name)
            ][:_MOST_FOLDERS]
        elif part not in ("", "."):
            found = [_join(base, part) for base in found]
    return found


def _locked_version(name: str, folder: Path, root: _Manifest | None, files: Files) -> Version | None:
    """The `worker` version in Cargo.lock: that of this package where the lock file has several."""
    lock = files.read((root.file.path.parent if root is not None else folder) / "Cargo.lock")
    if lock is None:
        return None
    # The file is written by Cargo in one fixed form; a TOML parser takes a hundred times as long.
    versions = re.findall(rb'\[\[package\]\]\s+name = "worker"\s+version = "([^"]+)"', lock.data)
    if len(versions) == 1:
        return _version(versions[0].decode("ascii", "replace"))
    quoted = re.escape(name.encode())
    own = re.search(
        rb'\[\[package\]\]\s+name = "' + quoted + rb'"(?:(?!\[\[package\]\]).)*?"worker ([\d.]+)',
        lock.data,
        re.S,
    )
    return _version(own[1].decode("ascii")) if own is not None else None


def _required_version(value: Any) -> Version | None:
    requirement = value.get("version") if isinstance(value, dict) else value
    return _version(requirement) if isinstance(requirement, str) else None


def _version(text: str) -> Version | None:
    """The first version in a version or a requirement: `0.6` in `^0.6` is (0, 6, 0)."""
    found = re.match(r"[\s=^~>v]*(\d+)(?:\.(\d+))?(?:\.(\d+))?", text)
    if found is None:
        return None
    return int(found[1]), int(found[2] or 0), int(found[3] or 0)


def _join(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(folder / path))
