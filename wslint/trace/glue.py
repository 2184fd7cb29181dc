"""From wasm-bindgen glue to the Rust that it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.text import SourceFile
from wslint.trace.values import UNDEFINED, Cls, Fn, Native, Promise, Scope, Val

if TYPE_CHECKING:
    from wslint.trace.machine import Machine
    from wslint.worker import Worker

_MARK = b"__wbg_"


def is_glue(file: SourceFile) -> bool:
    return file.path.suffix in (".js", ".mjs") and _MARK in file.data


def stand_in(machine: Machine, worker: Worker, file: SourceFile, scope: Scope) -> None:
    """Put the crate's own classes and functions in the place of the glue's, where the crate is there:
    wasm-pack writes `pkg/` into the crate's folder."""
    rust = _sources(worker, file.path.parent.parent)
    if not rust:
        return
    for path in rust:
        inner = _module(machine, worker, path)
        for name, value in inner.names.items() if inner is not None else ():
            if name in scope.names and isinstance(value, (Cls, Fn)):
                scope.names[name] = value
    for name in ("default", "initSync", "__wbg_init"):
        scope.names[name] = Native(name, lambda given: Promise(UNDEFINED))


def _sources(worker: Worker, folder: Path) -> list[Path]:
    files = worker.workspace.files
    if not files.is_file(folder / "Cargo.toml"):
        return []
    source = folder / "src"
    names = sorted(name for name in files.listing(source) if name.endswith(".rs"))
    return [source / name for name in sorted(names, key=lambda name: name != "lib.rs")][:20]


def _module(machine: Machine, worker: Worker, path: Path) -> Scope | None:
    file = worker.workspace.files.read(path)
    return machine.module(worker, file) if file is not None else None


def _scopes(machine: Machine, worker: Worker) -> list[Scope]:
    files = worker.source.files if worker.source is not None else []
    return [machine.module(worker, file) for file in files if file.path.suffix == ".rs"]


def class_of_crate(machine: Machine, worker: Worker, name: str) -> Cls | None:
    """A struct of the crates that a Worker is built from."""
    for scope in _scopes(machine, worker):
        value = scope.names.get(name)
        if isinstance(value, Cls):
            return value
    return None


def fetch_of_crate(machine: Machine, worker: Worker) -> Fn | None:
    """The function with `#[event(fetch)]`."""
    for scope in _scopes(machine, worker):
        value: Val = scope.names.get("fetch")
        if isinstance(value, Fn):
            return value
    return None
