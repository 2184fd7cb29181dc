"""worker-build: the crate behind `build/worker/shim.mjs` and `build/index.js`, and a shim of the project's own.

worker-build runs in the crate's folder or is given it as an argument; a wrapper (`cargo run` with a tool of the
project, `make`, a script) hides the name, and then an argument that is a worker crate's folder tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.commands import Command, Commands, commands_of
from wslint.project.inside import is_inside
from wslint.source.rust.cargo import RustCrate, find_worker_crate, members_above, read_crate
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig

_FOLDER = "build"
_SUFFIXES = (".mjs", ".js")
_MOST_PARENTS = 8


def _crate(config: WorkerConfig, main: Path | None, commands: Commands, files: Files) -> RustCrate | None:
    """The worker crate that `main` is built from."""
    for folder in _folders(config, main, commands, files):
        crate = find_worker_crate(folder, files)
        if crate is not None and (crate.depends_on_worker or crate.problem):
            return crate
    return None


def _is_output(main: Path, config: WorkerConfig, commands: Commands, files: Files) -> bool:
    """Whether `main` is what worker-build writes: a script in a `build` folder, or one that is not there yet
    although a crate that is a Worker is what the project builds."""
    if main.suffix not in _SUFFIXES or _crate(config, main, commands, files) is None:
        return False
    if packs_only(commands):
        return False
    if files.is_file(main):
        return main.parent.name == _FOLDER or main.parent.parent.name == _FOLDER
    return True


def packs_only(commands: Commands) -> bool:
    """Whether the project makes its wasm with wasm-pack or wasm-bindgen and writes the JavaScript itself."""
    packs = any(commands.named("wasm-pack", "wasm-bindgen"))
    return packs and not commands.mention("worker-build")


def _folders(config: WorkerConfig, main: Path | None, commands: Commands, files: Files) -> Iterator[Path]:
    """Where the crate may be, the surest first."""
    for command in commands.found:
        yield from _given(command, files)
    for parent in list(main.parents)[:_MOST_PARENTS] if main is not None else ():
        if files.is_file(parent / "Cargo.toml"):
            yield parent
        if parent == config.document.folder:
            break
    build = config.value("build")
    cwd = build.get("cwd") if build is not None and build.kind == "table" else None
    if cwd is not None and cwd.string:
        yield Path(os.path.normpath(config.document.folder / cwd.string))
    yield config.document.folder


def _given(command: Command, files: Files) -> Iterator[Path]:
    """The crates that a command names: as a folder, or a package of the workspace."""
    if command.name == "worker-build" or (command.name == "cargo" and "run" in command.words):
        tool = command.option("--manifest-path")
        for word in command.arguments:
            bases = [command.folder, command.path(tool).parent] if tool is not None else [command.folder]
            for base in bases if not word.startswith("-") and word != tool else ():
                place = Path(os.path.normpath(base / word))
                crate = read_crate(place, files)
                if crate is not None and crate.is_worker:
                    yield place
        package = command.option("-p", "--package")
        for member in members_above(command.folder, files) if package is not None else ():
            if member.name == package and member.is_worker:
                yield member.folder
    if command.name == "worker-build" and files.is_file(command.folder / "Cargo.toml"):
        yield command.folder


def custom_shim(commands: Commands, crate: RustCrate, files: Files) -> Path | None:
    """The module that worker-build is told to use as entrypoint in place of its own (`CUSTOM_SHIM`)."""
    for command in commands.found:
        for name, value in command.environment:
            if name == "CUSTOM_SHIM" and "$" not in value:
                for base in (crate.folder, command.folder):
                    path = Path(os.path.normpath(base / value))
                    if files.is_file(path) and is_inside(path, crate.folder, files):
                        return path
    return None


def reexported(shim: Path, files: Files) -> frozenset[str] | None:
    """The names of the Rust that a shim hands on; None where it hands on all, or may."""
    from wslint.source.javascript.module import read_module

    file = files.read(shim)
    if file is None:
        return None
    module = read_module(files, file)
    if module.stars or module.hidden or module.commonjs is not None:
        return None
    return frozenset(module.exports)


def entrypoint_of(config: WorkerConfig, path: Path, files: Files) -> Entrypoint | None:
    """What `main` is, where worker-build writes it."""
    from wslint.project.forms import led_back

    commands = commands_of(config, files)
    if not _is_output(path, config, commands, files) or led_back(path, commands, files):
        return None
    crate = _crate(config, path, commands, files)
    shim = custom_shim(commands, crate, files) if crate is not None else None
    names = reexported(shim, files) if shim is not None else None
    if shim is None or names is None:
        return Entrypoint("rust", config.main, path)
    why = f"`{files.name(shim)}` is the entrypoint (`CUSTOM_SHIM`), and hands on {_listed(names)} only"
    mend = f'write `export * from "./index_bg.js"` in `{files.name(shim)}`'
    return Entrypoint("rust", config.main, path, why, names=names, mend=mend)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names)) or "nothing"


def crate_of(config: WorkerConfig, files: Files) -> RustCrate | None:
    """The worker crate that the build starts from."""
    main = config.main
    path = config.document.folder / main.string if main is not None and main.string else None
    return _crate(config, path, commands_of(config, files), files)
