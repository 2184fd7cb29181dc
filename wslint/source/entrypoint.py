"""From a configuration's `main` to source facts: which file, which language, or why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.boundary import OUTSIDE
from wslint.files import Files
from wslint.source.facts import SourceFacts
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

if TYPE_CHECKING:
    from wslint.source.rust.cargo import RustCrate

SCRIPT_SUFFIXES = frozenset({".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"})
GUESSED_SUFFIXES = (".ts", ".tsx", ".js", ".jsx")
"""What wrangler tries after a `main` without a suffix, in its order."""

OUTPUT_FOLDERS = frozenset(
    {
        "dist",
        "build",
        "out",
        "output",
        "target",
        "pkg",
        "lib",
        "public",
        "node_modules",
        "_worker.js",
        "worker",
    }
    | {".open-next", ".svelte-kit", ".output", ".next", ".vercel", ".wrangler", ".astro", ".nuxt", ".solid"}
)
"""Folders that builds write to: what is missing there is not a mistake, what is there may be stale."""


def find_entrypoint(config: WorkerConfig, files: Files) -> Entrypoint:
    """What `main` leads to; see `EntrypointKind`."""
    main = config.main
    if main is None:
        return Entrypoint("none", why="the configuration names no `main`")
    if main.is_placeholder:
        return Entrypoint("unknown", main, why="`main` is a placeholder")
    if not main.string:
        return Entrypoint("unknown", main, why="`main` is no path")
    text = main.string
    folder = config.document.folder
    try:
        path = Path(folder, text).resolve()
    except (OSError, ValueError, RuntimeError):
        return Entrypoint("unknown", main, why="`main` is no path")
    parts = set(Path(text).parts[:-1])
    built = bool(parts & OUTPUT_FOLDERS)
    kind = files.kind(path)
    if built and _crate_folder(config, files) is not None and path.suffix in (".mjs", ".js"):
        return Entrypoint("rust", main, path)
    if kind == "outside":
        return Entrypoint("unknown", main, path, f"`{text}` {OUTSIDE}")
    if kind == "dir":
        return Entrypoint("folder", main, path)
    if kind == "missing" and not path.suffix:
        for suffix in GUESSED_SUFFIXES:
            if files.is_file(path.with_name(path.name + suffix)):
                path, kind = path.with_name(path.name + suffix), "file"
                break
    if kind == "file":
        if built and config.build_command:
            return Entrypoint("generated", main, path, "`main` is what `build.command` writes")
        if path.suffix in SCRIPT_SUFFIXES or path.suffix == ".py":
            return Entrypoint("source", main, path)
        return Entrypoint("unknown", main, path, f"wslint does not read `{path.suffix or path.name}` files")
    if config.build_command:
        return Entrypoint(
            "generated", main, path, "`main` is what `build.command` writes, and it is not built"
        )
    if built:
        return Entrypoint(
            "generated", main, path, "`main` lies in a folder that builds write to, and is not there"
        )
    if _names_a_module(text, folder, files):
        return Entrypoint("generated", main, path, "`main` names a package or a virtual module")
    return Entrypoint("missing", main, path)


def _names_a_module(text: str, folder: Path, files: Files) -> bool:
    """Whether a `main` that is no file may be a module that a bundler plugin resolves."""
    if text.startswith((".", "/")):
        return False
    if ":" in text or text.startswith("@"):
        return True
    first = text.split("/")[0]
    has_suffix = Path(text).suffix in SCRIPT_SUFFIXES or text.endswith(".py")
    return not has_suffix and not files.is_dir(folder / first)


def _crate_folder(config: WorkerConfig, files: Files) -> Path | None:
    """The folder of the Cargo manifest that the build starts from, if there is one."""
    folders = [config.document.folder]
    build = config.value("build")
    cwd = build.get("cwd") if build is not None else None
    if cwd is not None and cwd.string:
        folders.insert(0, config.document.folder / cwd.string)
    return next((folder for folder in folders if files.is_file(folder / "Cargo.toml")), None)


def crate_of(config: WorkerConfig, files: Files) -> RustCrate | None:
    """The worker crate that the build starts from."""
    from wslint.source.rust.cargo import find_worker_crate

    return find_worker_crate(_crate_folder(config, files) or config.document.folder, files)


def read_source(
    entrypoint: Entrypoint, config: WorkerConfig, files: Files
) -> tuple[Entrypoint, SourceFacts | None]:
    """The facts of what the entrypoint reaches, with the entrypoint (its `why` set where there are none)."""
    path, main = entrypoint.path, entrypoint.value
    if path is None or entrypoint.kind not in ("source", "rust"):
        return entrypoint, None
    project = config.document.folder
    if entrypoint.kind == "rust":
        from wslint.source import rust

        crate = _crate_folder(config, files)
        facts = rust.analyse(files.read(path) if files.is_file(path) else None, files, project, crate)
        if facts is None:
            return Entrypoint("unknown", main, path, "no single worker crate was found"), None
        return entrypoint, facts
    file = files.read(path)
    if file is None:
        return Entrypoint("unknown", main, path, f"`{files.name(path)}` {files.problem(path)}"), None
    if path.suffix == ".py":
        from wslint.source import python

        return entrypoint, python.analyse(file, files, project)
    from wslint.source import javascript

    return entrypoint, javascript.analyse(file, files, project)
