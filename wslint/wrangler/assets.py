"""The folder of static assets: is it there, and if not, may a build make it?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal

from wslint import system
from wslint.boundary import OUTSIDE
from wslint.files import Files
from wslint.globs import Ignore
from wslint.record import frozen
from wslint.wrangler.config import WorkerConfig
from wslint.wrangler.located import Value

_MOST_IGNORED = 512 * 1024

_OUTPUT = frozenset(
    {
        "dist",
        "build",
        "out",
        "output",
        "target",
        "pkg",
        "lib",
        "node_modules",
        "_site",
        "site",
        "www",
        "client",
    }
    | {".open-next", ".svelte-kit", ".output", ".next", ".vercel", ".wrangler", ".astro", ".nuxt", ".solid"}
)
"""Folders that builds write to."""

_BUILD_FILES = frozenset(
    {
        "Makefile",
        "makefile",
        "justfile",
        "Justfile",
        "Taskfile.yml",
        "Rakefile",
        "build.sh",
        "build.zig",
        "mix.exs",
    }
    | {
        "hugo.toml",
        "hugo.yaml",
        "hugo.json",
        "config.toml",
        "config.yaml",
        "_config.yml",
        "mkdocs.yml",
        "book.toml",
    }
    | {"Cargo.toml", "Gemfile", "pom.xml", "build.gradle", "deno.json", "deno.jsonc", "turbo.json", "nx.json"}
    | {
        "moon.yml",
        "BUILD",
        "BUILD.bazel",
        "flake.nix",
        "Dockerfile",
        "pyproject.toml",
        "go.mod",
        "Trunk.toml",
    }
)
"""Files whose tools may make the folder; which one they make, only running them tells."""

_BUILD_WORDS = ("build", "generate", "export", "bundle", "compile", "copy", "mkdir", "cp ")
_SUPPLIERS = (
    "vite",
    "--assets",
    "astro",
    "nitro",
    "nuxt",
    "opennext",
    "react-router",
    "remix",
    "waku",
    "rwsdk",
    "vike",
)
"""Words in a package.json that tell of a tool, or an option, that names the folder itself."""


@frozen
class AssetsDirectory:
    """What `assets.directory` leads to. `value` is None where the configuration names none."""

    kind: Literal["folder", "file", "missing", "unnamed", "unknown"]
    value: Value | None = None
    path: Path | None = None
    why: str = ""


def find_assets_directory(config: WorkerConfig, files: Files) -> AssetsDirectory | None:
    """The folder that `assets` names here; None where there is no `assets` table."""
    assets = config.value("assets")
    if assets is None or assets.kind != "table":
        return None
    value = assets.get("directory")
    if value is None or value.string == "":
        packages = _packages(config, files)
        if not packages or any(word in text for text in packages for word in _SUPPLIERS):
            return AssetsDirectory("unknown", value, why="a build tool may name the folder")
        return AssetsDirectory("unnamed", value)
    if value.string is None or value.is_placeholder:
        return AssetsDirectory("unknown", value, why="`assets.directory` is no path")
    path = Path(os.path.normpath(config.document.folder / value.string))
    kind = files.kind(path)
    if kind == "dir":
        return AssetsDirectory("folder", value, path)
    if kind == "outside":
        return AssetsDirectory("unknown", value, path, f"the folder {OUTSIDE}")
    if kind != "missing":
        return AssetsDirectory("file", value, path)
    why = _maker(config, files, value.string, path)
    return AssetsDirectory("unknown" if why else "missing", value, path, why)


def _maker(config: WorkerConfig, files: Files, text: str, path: Path) -> str:
    """What may make the folder; empty where nothing does."""
    if config.build_command:
        return "`build.command` may make the folder"
    packages = _packages(config, files)
    output = _OUTPUT if packages else _OUTPUT | {"public"}
    if not output.isdisjoint(Path(text).parts):
        return "builds write to folders of that name"
    folders = _folders(config, files)
    if any(not _BUILD_FILES.isdisjoint(files.listing(folder)) for folder in folders):
        return "a build may make the folder"
    if any(
        word in script
        for text in packages
        for script in _scripts(text)
        for word in (*_BUILD_WORDS, path.name)
    ):
        return "a script of package.json may make the folder"
    if _ignored(path, folders, files):
        return "git ignores the folder: something makes it"
    return ""


def _folders(config: WorkerConfig, files: Files) -> list[Path]:
    """The configuration's folder and those above it, up to the top of its repository."""
    folders = [config.document.folder, *config.document.folder.parents]
    top = next((index for index, folder in enumerate(folders) if system.is_there(folder / ".git")), 0)
    return folders[: top + 1]


def _packages(config: WorkerConfig, files: Files) -> list[str]:
    """The texts of the package.json files that may say how the project is built."""
    found = (files.read(folder / "package.json") for folder in _folders(config, files))
    return [file.data.decode("utf-8", "replace") for file in found if file is not None]


def _scripts(text: str) -> list[str]:
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        return [text]  # what can't be read may say anything
    scripts = package.get("scripts") if isinstance(package, dict) else None
    return [f"{name} {command}" for name, command in scripts.items()] if isinstance(scripts, dict) else []


def _ignored(path: Path, folders: list[Path], files: Files) -> bool:
    for folder in folders:
        file = files.read(folder / ".gitignore")
        if file is None or not path.is_relative_to(folder):
            continue
        lines = file.data.decode("utf-8", "replace").split("\n") if len(file.data) < _MOST_IGNORED else []
        if Ignore(lines).verdict(path.relative_to(folder).as_posix(), True):
            return True
    return False
