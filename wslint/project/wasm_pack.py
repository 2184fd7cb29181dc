"""wasm-pack and wasm-bindgen: which crate a command builds, for which target, and where its glue goes.

The crate is an argument (the folder the command runs in without one), and `--out-dir` is relative to that crate,
not to the folder that the command runs in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.commands import Command, Commands
from wslint.record import frozen
from wslint.source.rust.cargo import RustCrate, members_above, read_crate

_VALUES = (
    "--target",
    "-t",
    "--out-dir",
    "-d",
    "--out-name",
    "--scope",
    "-s",
    "--mode",
    "-m",
    "--profile",
    "--features",
)
_DEFAULT_TARGET = "bundler"


@frozen
class WasmBuild:
    """One build: the crate, the glue module that it writes, and its target."""

    crate: Path
    glue: Path
    target: str


def wasm_builds(commands: Commands, files: Files) -> list[WasmBuild]:
    """The glue that the project's commands write."""
    return [*_packed(commands, files), *_bound(commands, files)]


def _packed(commands: Commands, files: Files) -> Iterator[WasmBuild]:
    for command in commands.named("wasm-pack"):
        if command.words[1:2] != ("build",):
            continue
        words = list(command.words)
        own = words[: words.index("--")] if "--" in words else words
        cut = Command(tuple(own), command.environment, command.folder, command.text)
        places = [word for word in cut.plain(*_VALUES) if word != "build"]
        crate = command.path(places[0]) if places else command.folder
        folder = Path(os.path.normpath(crate / (cut.option("--out-dir", "-d") or "pkg")))
        name = cut.option("--out-name") or _name_of(crate, files)
        if name is not None:
            yield WasmBuild(crate, folder / f"{name}.js", cut.option("--target", "-t") or _DEFAULT_TARGET)


def _bound(commands: Commands, files: Files) -> Iterator[WasmBuild]:
    """`wasm-bindgen target/wasm32-unknown-unknown/release/lobby.wasm --out-dir pkg --target web`."""
    for command in commands.named("wasm-bindgen"):
        wasm = next((word for word in command.arguments if word.endswith(".wasm")), None)
        folder = command.option("--out-dir")
        if wasm is None or folder is None:
            continue
        stem = Path(wasm).stem
        crate = _crate_called(stem, command.folder, files)
        if crate is not None:
            name = command.option("--out-name") or stem
            yield WasmBuild(
                crate, command.path(folder) / f"{name}.js", command.option("--target") or _DEFAULT_TARGET
            )


def _name_of(folder: Path, files: Files) -> str | None:
    crate = read_crate(folder, files)
    return crate.name.replace("-", "_") if crate is not None else None


def _crate_called(name: str, folder: Path, files: Files) -> Path | None:
    own = read_crate(folder, files)
    crates: list[RustCrate] = [own] if own is not None else []
    crates += members_above(folder, files)
    return next((each.folder for each in crates if each.name.replace("-", "_") == name), None)
