"""Modules: their top level, and what an imported name is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wslint.late import Late
from wslint.machine import established, statements
from wslint.machine.language import language_of
from wslint.machine.machine import Machine
from wslint.machine.scope import Global, Scope, Unit
from wslint.runtime import words
from wslint.source import tree
from wslint.text import SourceFile
from wslint.values.event import Raised
from wslint.values.heap import Exit, Log, Object
from wslint.values.heap import Path as Conditions
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.runtime import imports
    from wslint.source import handshake
    from wslint.worker import Worker
else:
    handshake = Late("wslint.source.handshake")
    imports = Late("wslint.runtime.imports")

MOST_HOPS = 16
"""Modules that hand a name on."""

_LEFT = frozenset({"throw", "hang", "unknown", "return"})


def load(machine: Machine, worker: Worker, file: SourceFile, key: tuple[int, str]) -> Unit:
    """Read a module's top level; what it throws there is kept as the unit's own name."""
    unit = machine.units[key] = Unit(file, worker, language_of(file.path))
    module = lowered(worker, file)
    if module is None:
        return unit
    for item in module.imports:
        dotted = item.imported == "*" and item.specifier.startswith(f"{item.local}.")
        unit.names[item.local] = Global(item.local if dotted else item.specifier, item.imported)
        if item.local.startswith(tree.STAR):
            unit.stars[item.local] = None
    scope = Scope(unit)
    machine.loading += 1
    # What a module keeps, the isolate keeps: it is loaded before the scene, whatever asks for it first.
    outer = (
        machine.log,
        machine.path,
        machine.assumed,
        machine.collectors,
        machine.chain,
        machine.budget,
        machine.scene,
    )
    machine.log, machine.path, machine.assumed, machine.collectors = (
        Log(),
        Conditions(None, None, -1, machine.tick()),
        {},
        [],
    )
    machine.chain, machine.budget, machine.scene = (), machine.steps + 20_000, "load"
    try:
        statements.hoist(machine, module.body, scope)
        for statement in module.body:
            if statements.is_hoisted(statement, scope):
                machine.steps += 1
                continue
            collector, done = machine.collect(_LEFT, partial(_run, machine, statement, scope))
            if done is not None:
                machine.meet(collector, [done])
                continue
            machine.log.rollback(collector.mark)
            machine.path = collector.root
            _forget(statement, scope)
            _note_refusal(unit, collector.exits)
            left = collector.exits[0] if collector.exits else None
            if left and left.kind == "throw" and left.text and "the failure" not in unit.names:
                unit.names["the failure"] = (left.text, left.span)
    finally:
        machine.loading -= 1
        (
            machine.log,
            machine.path,
            machine.assumed,
            machine.collectors,
            machine.chain,
            budget,
            machine.scene,
        ) = outer
        machine.budget = budget + 20_000
    _glue(machine, unit)
    if machine.established:
        established.module(machine, unit, module)
    return unit


def _note_refusal(unit: Unit, exits: Sequence[Exit]) -> None:
    """Where every way through a top-level statement ends in the runtime's own refusal."""
    events = [leaf.extra for item in exits for leaf in leaves(item.value) if isinstance(leaf, Object)]
    if (
        events
        and len(events) == len(exits)
        and all(
            isinstance(event, Raised) and event.by_runtime and event.text.startswith(words.AT_STARTUP)
            for event in events
        )
    ):
        first = exits[0]
        if first.span is not None:
            unit.refusals.append((first.text, first.span))


def _run(machine: Machine, statement: tree.Statement, scope: Scope) -> Value:
    statements.run(machine, [statement], scope)
    return UNDEFINED


def _glue(machine: Machine, unit: Unit) -> None:
    from wslint.project.glue import is_glue

    if unit.language.name == "javascript" and is_glue(unit.file):
        from wslint.machine import glue

        glue.stand_in(machine, unit)


def _forget(statement: tree.Statement, scope: Scope) -> None:
    """A top-level statement that could not be read: what it declares is unknown."""
    if isinstance(statement, tree.Declare):
        for name in names_of(statement.pattern):
            scope.names[name] = Unknown(f"`{name}`", scope.unit.span(statement).head())


def names_of(pattern: tree.Pattern) -> list[str]:
    """The names that a pattern declares."""
    match pattern:
        case tree.Name():
            return [pattern.name]
        case tree.ArrayPattern():
            return [name for item in pattern.items if item is not None for name in names_of(item)]
        case tree.TablePattern():
            inner = [name for _, item in pattern.entries for name in names_of(item)]
            return inner + ([pattern.rest] if pattern.rest else [])
    return []


def lowered(worker: Worker, file: SourceFile) -> tree.Module | None:
    """The lowered module; None for a file that is too large."""
    from wslint.source.handshake import MAX_BYTES

    if len(file.data) > MAX_BYTES:
        return None
    files = worker.workspace.files
    language = language_of(file.path).name
    if language == "python":
        from wslint.source.python.lower import lower as lower_python

        return lower_python(file, files)
    if language == "rust":
        from wslint.source.rust.lower import lower as lower_rust

        return lower_rust(file, files)
    from wslint.source.javascript.lower import lower as lower_javascript

    return lower_javascript(file, files)


def find(worker: Worker, importer: SourceFile, specifier: str) -> SourceFile | None:
    """The project's file that a specifier means; None for what is outside, missing, or no code."""
    files = worker.workspace.files
    language = language_of(importer.path).name
    if language == "python":
        _, resolve_python = handshake.python_modules(files, _root(worker, importer))
        return resolve_python(importer, specifier)
    if language == "rust":
        from wslint.source.rust.modules import module_file

        return module_file(importer, specifier, files)
    from wslint.source.javascript.resolve import resolve as resolve_javascript

    target = resolve_javascript(files, specifier, importer.path, worker.document.folder)
    if target.kind != "module" or target.path is None:
        return None
    file = files.read(target.path)
    return file if file is not None and len(file.data) <= handshake.MAX_BYTES else None


def _root(worker: Worker, importer: SourceFile) -> Path:
    source = worker.source
    return source.entrypoint.path.parent if source is not None else importer.path.parent


def resolve(machine: Machine, value: Global, unit: Unit) -> Value:
    """What an imported name is: the project's own value, a framework's model, or a name from outside."""
    hops = 0
    current: Value = value
    while isinstance(current, Global) and current.specifier and hops < MOST_HOPS:
        target = find(unit.worker, unit.file, current.specifier)
        if unit.language.name == "python" and current.name != "*":
            inner = _submodule(machine, unit, current, target)
            if inner is not None:
                return inner
        if target is None:
            return imports.outside(machine, current, unit)
        unit = machine.unit(unit.worker, target)
        if current.name == "*":
            return namespace(machine, unit)
        if current.name not in unit.names:
            found = star(machine, unit, current.name)
            return Unknown(f"`{current.name}` of {unit.file.name}") if found is ABSENT else found
        current = machine.known(unit.names[current.name])
        hops += 1
    return current


def _submodule(machine: Machine, unit: Unit, value: Global, target: SourceFile | None) -> Value:
    """`from package import module` of Python's; None where the package itself has the name."""
    if target is not None and value.name in machine.unit(unit.worker, target).names:
        return None
    dot = "" if value.specifier.endswith(".") else "."
    file = find(unit.worker, unit.file, f"{value.specifier}{dot}{value.name}")
    return namespace(machine, machine.unit(unit.worker, file)) if file is not None else None


def star(machine: Machine, unit: Unit, name: str) -> Value:
    """A name that a module does not declare: one of `export * from` may have it; ABSENT where none does."""
    for local in list(unit.stars):
        held = unit.names.get(local)
        if not isinstance(held, Global):
            continue
        target = find(unit.worker, unit.file, held.specifier)
        if target is None and unit.language.name == "python" and held.specifier in ("js", "workers"):
            from wslint.runtime.globals import is_global

            if is_global(name) or name in ("DurableObject", "WorkerEntrypoint"):
                return Global(held.specifier, name)
        if target is not None and target.path != unit.file.path:
            inner = machine.unit(unit.worker, target)
            if name in inner.names:
                found = machine.known(inner.names[name])
                return resolve(machine, found, inner) if isinstance(found, Global) else found
    return ABSENT


def namespace(machine: Machine, unit: Unit) -> Value:
    """`import * as name`: what a module exports, as an object."""
    if unit.language.name == "python":
        from wslint.runtime.python import stdlib

        return stdlib.module(machine, unit)
    known = machine.namespaces.get(id(unit))
    if known is not None:
        return known  # modules that import one another
    made = machine.namespaces[id(unit)] = Object("Object", {"open": True})
    for name, held in unit.names.items():
        if name != "the failure" and not name.startswith(tree.STAR):
            made.slots[("p", name)] = resolve(machine, held, unit) if isinstance(held, Global) else held
    made.slots["open"] = False
    del machine.namespaces[id(unit)]
    return made
