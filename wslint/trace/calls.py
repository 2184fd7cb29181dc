"""Calls: which function it is, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.text import Span
from wslint.trace import bindings, classes, expressions, members, objects, python, routers, runtime, texts
from wslint.trace.machine import snippet
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    AssetsV,
    Cls,
    CtxV,
    EndV,
    EnvV,
    Fn,
    GaveUp,
    Global,
    Hdrs,
    Held,
    IdV,
    Inst,
    Known,
    Namespace,
    Native,
    Obj,
    PairV,
    Promise,
    Query,
    Regex,
    Req,
    Resp,
    Scope,
    ServiceV,
    StubV,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_RUNTIME = (Req, Resp, Hdrs, CtxV, Namespace, IdV, StubV, ServiceV, AssetsV, EndV, Query, EnvV)


def call(machine: Machine, node: tree.Call, scope: Scope, span: Span) -> Val:
    """Evaluate a call."""
    function = node.function
    if isinstance(function, tree.Member):
        receiver = expressions.evaluate(machine, function.object, scope)
        if python.is_python(scope.file):
            if function.name == "map" and function.name_start == node.start:
                empty = isinstance(receiver, Arr) and not receiver.open and not receiver.items
                return Arr([], not empty, "memory" if empty else "")  # a comprehension
            if isinstance(receiver, Obj):
                found = python.dict_method(receiver, function.name, _arguments(machine, node, scope))
                if found is not None or function.name == "get":
                    return found
        if (function.optional or node.optional) and (receiver is None or receiver is UNDEFINED):
            return UNDEFINED
        arguments = _arguments(machine, node, scope)
        if node.optional and _is_absent(machine, receiver, function.name, span, scope):
            return UNDEFINED
        return method(machine, receiver, function.name, arguments, span, scope, node)
    target = expressions.evaluate(machine, function, scope)
    if node.optional and (target is None or target is UNDEFINED):
        return UNDEFINED
    arguments = _arguments(machine, node, scope)
    if python.is_python(scope.file) and isinstance(target, Fn):
        arguments = python.ordered(machine, target, node, arguments, scope)
    return apply(machine, target, arguments, span, scope, node)


def _is_absent(machine: Machine, receiver: Val, name: str, span: Span, scope: Scope) -> bool:
    """Whether `receiver.name?.()` calls nothing: the runtime's object has no such method."""
    if not isinstance(receiver, (CtxV, EndV, Resp, Hdrs, Req, Namespace, Obj, Inst)):
        return False
    if isinstance(receiver, (EndV, Hdrs, Namespace)):
        kind = {EndV: "WebSocket", Hdrs: "Headers", Namespace: "DurableObjectNamespace"}[type(receiver)]
        return members.absent(kind, name, span.file) is UNDEFINED
    found = members.read(machine, receiver, name, span, scope)
    return found is UNDEFINED or found is None


def _arguments(machine: Machine, node: tree.Call, scope: Scope) -> list[Val]:
    return expressions.arguments(machine, node.arguments, scope)


def apply(
    machine: Machine,
    target: Val,
    arguments: list[Val],
    span: Span,
    scope: Scope,
    node: tree.Call | None = None,
    this: Val = None,
) -> Val:
    """`target(…)` or `new target(…)`."""
    match target:
        case Fn():
            return machine.call(target, arguments, this)
        case Native():
            return target.call(arguments)
        case Cls():
            return classes.construct(machine, target, arguments)
        case Global():
            return runtime.call(machine, target, arguments, span, scope, node)
        case None:
            raise Thrown(f"TypeError: {_called(node, scope)} is not a function", span)
        case _ if target is UNDEFINED or isinstance(target, (str, float, bool, Obj, Arr)):
            raise Thrown(f"TypeError: {_called(node, scope)} is not a function", span)
    return machine.unknown_call(_called(node, scope), span, arguments)


def _called(node: tree.Call | None, scope: Scope) -> str:
    if node is None:
        return "it"
    return snippet(Span(scope.file, node.function.start, node.function.end), 40)


def method(
    machine: Machine,
    receiver: Val,
    name: str,
    arguments: list[Val],
    span: Span,
    scope: Scope,
    node: tree.Call | None = None,
) -> Val:
    """`receiver.name(…)`."""
    if receiver is None or receiver is UNDEFINED:
        return members.read(machine, receiver, name, span, scope)
    if isinstance(receiver, Unknown):
        if receiver.why.startswith("`env.") and name in bindings.METHODS:
            raise GaveUp(f"{receiver.why} is not declared", span)
        result = machine.unknown_call(_called(node, scope), span, arguments)
        result.why = f"`{_called(node, scope)}()`"
        return result
    if isinstance(receiver, (str, Regex)):
        return texts.method(machine, receiver, name, arguments, span, scope)
    if isinstance(receiver, Url):
        return texts.of_address(receiver, name, arguments)
    if isinstance(receiver, (Arr, Held)):
        return texts.of_items(machine, receiver, name, arguments, span, scope)
    if isinstance(receiver, routers.App):
        return routers.method(machine, receiver, name, arguments, span, scope)
    if isinstance(receiver, Promise):
        return _promise(machine, receiver, name, arguments, span, scope)
    if isinstance(receiver, PairV) and name in ("object_values", "values"):
        return Arr(list(receiver.ends))
    if isinstance(receiver, _RUNTIME):
        found = objects.method(machine, receiver, name, arguments, span, scope, node)
        if found is not None:
            return found.value
    if isinstance(receiver, Known):
        return _harmless(machine, receiver, name, arguments, span, scope)
    if isinstance(receiver, Global):
        whole = f"{receiver.name}.{name}" if receiver.name != "*" else name
        return runtime.call(machine, Global(receiver.specifier, whole), arguments, span, scope, node)
    if isinstance(receiver, Fn) and name in ("call", "apply", "bind"):
        return _rebound(machine, receiver, name, arguments)
    if isinstance(receiver, Cls) and name == "new":
        return classes.construct(machine, receiver, arguments)
    target = members.read(machine, receiver, name, span, scope)
    if isinstance(target, Fn) and python.is_python(scope.file):
        arguments = python.ordered(machine, target, node, arguments, scope)
    if target is UNDEFINED:
        raise Thrown(f"TypeError: {_called(node, scope)} is not a function", span)
    if isinstance(target, Unknown):
        return machine.unknown_call(_called(node, scope), span, [receiver, *arguments])
    return apply(machine, target, arguments, span, scope, node, receiver)


def _rebound(machine: Machine, function: Fn, name: str, arguments: list[Val]) -> Val:
    this = arguments[0] if arguments else UNDEFINED
    if name == "bind":
        bound = arguments[1:]
        return Native("bound", lambda given: machine.call(function, [*bound, *given], this))
    given = (
        arguments[1:] if name == "call" else (members.items_of(arguments[1]) or []) if arguments[1:] else []
    )
    return machine.call(function, given, this)


def _promise(
    machine: Machine, receiver: Promise, name: str, arguments: list[Val], span: Span, scope: Scope
) -> Val:
    """`then`, `catch`, `finally`: what they give is a promise again."""
    if name not in ("then", "catch", "finally"):
        raise Thrown(f"TypeError: {snippet(span, 40)} is not a function", span)
    handler = UNDEFINED
    given: list[Val] = []
    if name == "finally":
        handler = arguments[0] if arguments else UNDEFINED
    elif receiver.thrown is not None:
        place = 0 if name == "catch" else 1
        handler = arguments[place] if len(arguments) > place else UNDEFINED
        given = [receiver.thrown.value or Obj({"message": Unknown("the message")}, True)]
    elif name == "then":
        handler = arguments[0] if arguments else UNDEFINED
        given = [machine.awaited(receiver)]
    if handler is UNDEFINED or handler is None:
        return receiver
    try:
        result = apply(machine, handler, given, span, scope)
    except Thrown as thrown:
        return Promise(UNDEFINED, thrown)
    if name == "finally":
        return receiver
    return result if isinstance(result, Promise) else Promise(result)


def _stored(machine: Machine, receiver: Known, name: str, arguments: list[Val]) -> Val:
    """What storage holds is not known, but the same key gives the same until it is written."""
    key = arguments[0] if arguments and isinstance(arguments[0], str) else None
    if key is None or name not in ("get", "put", "delete"):
        if name not in ("get", "list", "getAlarm", "setAlarm", "deleteAlarm"):
            machine.stored.clear()
        result: Val = Unknown("what is stored")
    elif name == "get":
        result = machine.stored.setdefault(str(key), Unknown(f"the stored `{key}`"))
    else:
        machine.stored[str(key)] = arguments[1] if name == "put" and len(arguments) > 1 else UNDEFINED
        result = UNDEFINED if name == "put" else Unknown("whether it was there")
    return Promise(result) if receiver.name == "storage" else result


_CALLED_BACK = frozenset({"blockConcurrencyWhile", "transaction", "transactionSync"})


def _harmless(
    machine: Machine, receiver: Known, name: str, arguments: list[Val], span: Span, scope: Scope
) -> Val:
    """A method of an object of the runtime that is followed no further."""
    root = receiver.name.split(".")[0]
    if root == "console":
        return UNDEFINED
    if receiver.name == "storage" and name in _CALLED_BACK:
        return machine.unknown_call(f"storage.{name}", span, arguments)
    if root == "storage" and receiver.name in ("storage", "storage.kv"):
        return _stored(machine, receiver, name, arguments)
    if root == "storage":
        return Promise(Unknown("what is stored")) if receiver.name == "storage" else Unknown("what is stored")
    return machine.unknown_call(f"{receiver.name}.{name}", span, arguments)
