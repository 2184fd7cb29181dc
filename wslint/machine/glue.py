"""From wasm-bindgen glue to the Rust that it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Closure, Native, Unit
from wslint.runtime import promise
from wslint.source.rust.lower import EVENT
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import Value

if TYPE_CHECKING:
    from wslint.worker import Worker

_STARTERS = ("default", "initSync", "__wbg_init")
MOST_FILES = 20


def stand_in(machine: Machine, unit: Unit) -> None:
    """Put the crate's own classes and functions in the place of the glue's, where the crate is there:
    wasm-pack writes `pkg/` into the crate's folder."""
    for path in _sources(unit.worker, unit.file.path.parent.parent):
        file = unit.worker.workspace.files.read(path)
        inner = machine.unit(unit.worker, file) if file is not None else None
        for name, value in inner.names.items() if inner is not None else ():
            if name in unit.names and isinstance(value, (ClassValue, Closure)):
                unit.names[name] = value
    if b"WebAssembly" in unit.file.data:
        for name in _STARTERS:
            if name in unit.names:
                unit.names[name] = Native(name, lambda host, given: _started(machine, unit, given))


def _started(machine: Machine, unit: Unit, given: Invocation) -> Value:
    """The glue's own start: from then on its module has what the classes call."""
    exports = Object("Plain", {}, given.span, "wasm")
    machine.put(unit.names, "wasm", exports)
    return promise.made(exports, given.span) if given.name != "initSync" else exports


def _sources(worker: Worker, folder: Path) -> list[Path]:
    files = worker.workspace.files
    if not files.is_file(folder / "Cargo.toml"):
        return []
    source = folder / "src"
    names = sorted(name for name in files.listing(source) if name.endswith(".rs"))
    return [source / name for name in sorted(names, key=lambda name: name != "lib.rs")][:MOST_FILES]


def _units(machine: Machine, worker: Worker) -> list[Unit]:
    files = worker.source.files if worker.source is not None else []
    return [machine.unit(worker, file) for file in files if file.path.suffix == ".rs"]


def class_of_crate(machine: Machine, worker: Worker, name: str) -> ClassValue | None:
    """A struct of the crates that a Worker is built from."""
    for unit in _units(machine, worker):
        value = unit.names.get(name)
        if isinstance(value, ClassValue):
            return value
    return None


def fetch_of_crate(machine: Machine, worker: Worker) -> Closure | None:
    """The function with `#[event(fetch)]`."""
    for unit in _units(machine, worker):
        value = unit.names.get(EVENT)
        if isinstance(value, Closure):
            return value
    return None
