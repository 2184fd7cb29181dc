"""From wasm-bindgen glue to the Rust that it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.machine.machine import Machine
from wslint.machine.scope import ClassValue, Closure, Native, Unit
from wslint.runtime import promise
from wslint.source.rust.lower import EVENT
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Value

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
        if inner is None:
            continue
        for name, value in inner.names.items():
            place = "fetch" if name == EVENT else name
            if place not in unit.names or not isinstance(value, (ClassValue, Closure)):
                continue
            if name == EVENT or isinstance(value, ClassValue):
                unit.names[place] = value if isinstance(value, ClassValue) else _exported(place, value, unit)
                machine.glued[id(value.node)] = unit
            elif EVENT not in inner.names or name != "fetch":
                unit.names[place] = _exported(place, value, unit)
    if b"WebAssembly" in unit.file.data:
        for name in _STARTERS:
            if name in unit.names:
                unit.names[name] = Native(name, lambda host, given: _started(machine, unit, given))


def check_started(machine: Machine, unit: Unit | None, member: str, span: Span) -> None:
    """What the glue calls is there once its own start was awaited, not before."""
    if unit is not None and machine.known(unit.names.get("wasm")) is UNDEFINED:
        machine.throw(f"TypeError: Cannot read properties of undefined (reading '{member}')", span)


def _exported(name: str, function: Closure, unit: Unit) -> Native:
    """A function of the crate as JavaScript calls it: a promise, which an `Err` rejects."""
    from wslint.machine import rust

    def call(host: Machine, given: Invocation) -> Value:
        check_started(host, unit, name, given.span)
        return rust.for_javascript(host, function, given)

    return Native(name, call)


def _started(machine: Machine, unit: Unit, given: Invocation) -> Value:
    """The glue's own start: from then on its module has what the classes call."""
    exports = Object("Plain", {}, given.span, "wasm")
    if machine.loading:
        machine.started.add(id(unit))
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
