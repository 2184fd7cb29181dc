"""Following requests, responses, stubs and sockets through a Worker's code.

`analyse` takes lowered modules (`source.tree`) of any language and says what the code does with the
values that a handshake passes through (`uses.Flow`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wslint.source import tree
from wslint.source.depth import room
from wslint.source.flow.classes import SOCKET_HANDLERS, describe, enter_class, is_worker_entrypoint
from wslint.source.flow.interpreter import Interpreter, Modules
from wslint.source.flow.scope import Scope
from wslint.source.flow.uses import Flow, Where
from wslint.source.flow.values import (
    ClassValue,
    Environment,
    FunctionValue,
    Imported,
    RequestValue,
    TableValue,
    Value,
    WorkerContext,
)
from wslint.text import SourceFile

Lowered = Iterable[tuple[SourceFile, tree.Module]]

_HANDLERS = ("fetch", "on_fetch")
_OTHER_HANDLERS = ("scheduled", "queue", "email", "tail", "trace")


def analyse(
    entrypoint: tuple[SourceFile, tree.Module],
    reached: Lowered,
    modules: Modules,
    is_bound: Callable[[str], bool],
) -> Flow:
    """Follow values from the entrypoint's handlers and from every Durable Object class.

    `reached` are all lowered modules of the Worker; `modules` resolves a specifier in one of them;
    `is_bound` says whether the configuration binds a class of this name as a Durable Object.
    """
    with room():
        return _analyse(Interpreter(modules), entrypoint, reached, is_bound)


def _analyse(
    interpreter: Interpreter,
    entrypoint: tuple[SourceFile, tree.Module],
    reached: Lowered,
    is_bound: Callable[[str], bool],
) -> Flow:
    scope = interpreter.module(*entrypoint)
    for file, module in reached:
        interpreter.module(file, module)
    _enter_default(interpreter, scope)
    for name in _HANDLERS:
        for value in scope.names.get(name, ()):
            if isinstance(value, FunctionValue):
                _enter_fetch(interpreter, value)
    for inner in interpreter.scopes():
        _enter_classes(interpreter, inner, is_bound)
    return interpreter.flow


def _enter_default(interpreter: Interpreter, scope: Scope) -> None:
    """The default export: an object of handlers, or a class that extends WorkerEntrypoint."""
    for held in scope.names.get("default", ()):
        values = interpreter.imported(held, scope) if isinstance(held, Imported) else (held,)
        for value in values:
            if isinstance(value, TableValue):
                _enter_table(interpreter, value)


def _enter_table(interpreter: Interpreter, table: TableValue) -> None:
    for name, values in list(table.fields.items()):
        for value in values:
            if not isinstance(value, FunctionValue):
                continue
            if name == "fetch":
                _enter_fetch(interpreter, value, (table,))
            elif name in _OTHER_HANDLERS:
                where = Where(None, name, value.node)
                rest: list[tuple[Value, ...]] = [(), (Environment(value.span),), (WorkerContext(value.span),)]
                interpreter.enter(value, rest, this=(table,), where=where)


def _enter_fetch(interpreter: Interpreter, function: FunctionValue, this: tuple[Value, ...] = ()) -> None:
    span = function.span
    arguments: list[tuple[Value, ...]] = [
        (RequestValue(span, True, "yes"),),
        (Environment(span),),
        (WorkerContext(span),),
    ]
    interpreter.flow.entries.append((span, function.node))
    interpreter.facts = frozenset()
    interpreter.enter(function, arguments, this=this, where=Where(None, "fetch", function.node))


def _enter_classes(interpreter: Interpreter, scope: Scope, is_bound: Callable[[str], bool]) -> None:
    for values in list(scope.names.values()):
        for value in values:
            if not isinstance(value, ClassValue) or value.scope is not scope:
                continue
            flow = describe(interpreter, value)
            bound = is_bound(flow.name)
            if bound or flow.is_durable == "yes" or is_worker_entrypoint(flow) or _has_handler(flow.members):
                enter_class(interpreter, value, durable=bound or flow.is_durable == "yes")


def _has_handler(members: Iterable[str]) -> bool:
    return any(name in SOCKET_HANDLERS for name in members)


__all__ = ["Flow", "analyse"]
