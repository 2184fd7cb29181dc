"""wasm-bindgen's `--target web` glue: its classes work only after its init has run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.record import fields
from wslint.source import tree
from wslint.source.facts import SourceFacts
from wslint.text import SourceFile

_INIT_MARKS = (b"__wbg_init", b"initSync")


def needs_init(glue: SourceFile) -> bool:
    """Whether the glue leaves its wasm unset until somebody calls its init.

    `--target bundler` and worker-build instantiate at import and have neither function.
    """
    return any(mark in glue.data for mark in _INIT_MARKS)


def is_initialised_at_load(facts: SourceFacts, glue: Path, files: Files, project: Path) -> bool:
    """Whether some module of the Worker initialises the glue at its top level: `initSync(…)`, or
    `await init(…)`. Inside a function it comes too late for the runtime's own constructor call.

    The glue itself need not be there yet."""
    from wslint.source.javascript.lower import lower
    from wslint.source.javascript.resolve import resolve

    def means_glue(file: SourceFile, specifier: str) -> bool:
        if resolve(files, specifier, file.path, project).path == glue:
            return True
        return specifier.startswith(".") and Path(os.path.normpath(file.path.parent / specifier)) == glue

    for file in facts.files:
        if file.path == glue or b"import" not in file.data:
            continue
        module = lower(file, files)
        names = {item.local: item.imported for item in module.imports if means_glue(file, item.specifier)}
        if names and any(_initialises(node, names) for node in _top_level(module)):
            return True
    return False


def _initialises(node: tree.Node, names: dict[str, str]) -> bool:
    if isinstance(node, tree.Await) and isinstance(node.value, tree.Call):
        function = node.value.function
        return isinstance(function, tree.Name) and names.get(function.name) == "default"
    if isinstance(node, tree.Call):
        function = node.function
        if isinstance(function, tree.Name):
            return names.get(function.name) == "initSync"
        return isinstance(function, tree.Member) and function.name == "initSync"
    return False


def _top_level(module: tree.Module) -> Iterator[tree.Node]:
    """The nodes that run when the module loads: outside every function and class."""
    waiting: list[object] = list(module.body)
    while waiting:
        item = waiting.pop()
        if isinstance(item, (tree.Function, tree.Class)):
            continue
        if isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif isinstance(item, tree.Node):
            yield item
            waiting.extend(getattr(item, name) for name in fields(item))
