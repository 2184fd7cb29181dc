"""Where the runtime hands `env` and `ctx` to a Worker."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wslint.source.javascript import hono, packages
from wslint.source.javascript.flow import Flow
from wslint.source.javascript.graph import WORKERS
from wslint.source.javascript.model import Class, Module
from wslint.source.javascript.names import names_of
from wslint.source.javascript.reached import Reached
from wslint.source.javascript.syntax import Syntax, arguments, unwrap
from wslint.source.javascript.values import CONTEXT, ENV, EXPORTS, RUNTIME, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_HANDLERS = frozenset({"fetch", "scheduled", "queue", "email", "tail", "trace", "tailStream", "test"})
_OBJECT_HANDLERS = frozenset({"fetch", "alarm", "webSocketMessage", "webSocketClose", "webSocketError"})
_RUNTIME_CLASSES = frozenset({"DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint"})
_FRAMEWORKS = frozenset(
    {
        "agents",
        "partyserver",
        "y-partyserver",
        "@cloudflare/actors",
        "@cloudflare/agents",
        "@cloudflare/ai-chat",
        "@cloudflare/containers",
        "@cloudflare/sandbox",
    }
)
"""Packages whose classes extend DurableObject, so that `this.env` and `this.ctx` hold."""

_IMPORTED: dict[str, Value] = {"env": ENV, "exports": EXPORTS, "*": RUNTIME}


def plant(flow: Flow) -> None:
    """Put every place where a value first arrives on the work list."""
    reached = Reached(flow)
    for module in flow.graph.modules.values():
        _imports(flow, module)
        for cls in module.classes:
            if _runs_in_runtime(flow, module, cls) and reached.runs(module, cls):
                _instance(flow, module, cls)
    _default_export(flow)
    _exported_classes(flow)


def _imports(flow: Flow, module: Module) -> None:
    for local, (imported, other) in module.imported.items():
        if imported.type_only:
            continue
        if imported.specifier in hono.PACKAGES:
            hono.plant(flow, module, local, other)
        value = _IMPORTED.get(other) if imported.specifier == WORKERS else None
        syntax = flow.syntax(module) if value is not None else None
        binder = names_of(syntax).top_level(local) if syntax is not None else None
        if value is not None and binder is not None:
            flow.variable(module, binder.start, binder.start + len(binder.name), value)


def _runs_in_runtime(flow: Flow, module: Module, cls: Class) -> bool:
    """Whether the class comes down from one that keeps `this.ctx` and `this.env`."""
    outside = flow.graph.bases(module, cls)[1]
    specifier, _, name = outside.rpartition(".")
    if specifier == WORKERS:
        return name in _RUNTIME_CLASSES
    parts = packages.split(specifier)
    return parts is not None and parts[0] in _FRAMEWORKS


@lru_cache(maxsize=32)
def _speaks_of_env(data: bytes) -> bool:
    return b"env" in data or b"exports" in data


def _instance(flow: Flow, module: Module, cls: Class) -> None:
    if _speaks_of_env(module.file.data):
        flow.this_property(module, cls.start, cls.end, "env", ENV)
        flow.this_property(module, cls.start, cls.end, "ctx", CONTEXT)
    _constructed(flow, module, cls)


def _constructed(flow: Flow, module: Module, cls: Class) -> None:
    """The runtime calls the constructor with the context and `env`."""
    constructor = flow.functions.constructor(module, cls)
    if constructor is not None:
        flow.parameter(constructor, 0, CONTEXT)
        flow.parameter(constructor, 1, ENV)


def _exported_classes(flow: Flow) -> None:
    """Plain classes that the runtime constructs: exported ones with a Durable Object's handlers.

    Other exported classes may be anything, an error class with two parameters for instance.
    """
    graph = flow.graph
    for module in graph.star_closure(graph.entry):
        for export in module.exports.values():
            meaning = graph.export_meaning(module, export)
            declared = meaning.declaration
            if meaning.module is None or declared is None or declared.cls is None or meaning.member:
                continue
            chain, outside, known = graph.bases(meaning.module, declared.cls)
            if outside or not known:
                continue
            family = [(meaning.module, declared.cls), *chain]
            if any(_has_handler(flow, there, cls) for there, cls in family):
                _constructed(flow, meaning.module, declared.cls)


def _has_handler(flow: Flow, module: Module, cls: Class) -> bool:
    return not _OBJECT_HANDLERS.isdisjoint(flow.functions.members(module, cls.start, cls.end))


def _default_export(flow: Flow) -> None:
    graph = flow.graph
    export = graph.entry.exports.get("default")
    meaning = graph.export_meaning(graph.entry, export) if export is not None else None
    declared = meaning.declaration if meaning is not None else None
    module = meaning.module if meaning is not None else None
    if declared is None or module is None or declared.kind not in ("object", "unknown"):
        return
    syntax = flow.syntax(module)
    path = syntax.path_of(declared.start, declared.end, _HOLDERS) if syntax is not None else None
    if syntax is None or not path:
        return
    node = path[-1]
    if node.type == "object":
        _handlers(flow, module, node)
        return
    for given in arguments(node):  # withSentry(options, { fetch(request, env, ctx) { … } })
        _wrapped(flow, module, syntax, unwrap(given))


_HOLDERS = frozenset({"object", "call_expression", "new_expression"})


def _wrapped(flow: Flow, module: Module, syntax: Syntax, node: Node | None) -> None:
    if node is None:
        return
    if node.type == "object":
        _handlers(flow, module, node)
    elif node.type == "identifier":
        meaning = flow.graph.meaning(module, (syntax.text(node),))
        declared, there = meaning.declaration, meaning.module
        if declared is None or there is None or declared.kind != "object" or meaning.member:
            return
        other = flow.syntax(there)
        path = other.path_of(declared.start, declared.end, _HOLDERS) if other is not None else None
        if other is not None and path:
            _handlers(flow, there, path[-1])


def _handlers(flow: Flow, module: Module, node: Node) -> None:
    start, end = node.start_byte, node.end_byte
    for name in sorted(_HANDLERS & flow.functions.members(module, start, end).keys()):
        function = flow.functions.member_function(module, start, end, name)
        if function is not None:
            flow.parameter(function, 1, ENV)
            flow.parameter(function, 2, CONTEXT)
