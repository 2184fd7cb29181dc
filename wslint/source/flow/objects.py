"""Methods of the runtime's objects: sockets, contexts, namespaces, storage, headers, requests, promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow import members
from wslint.source.flow.escapes import unfollowed
from wslint.source.flow.responses import fetch
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.values import (
    FunctionValue,
    HeadersValue,
    LiteralValue,
    Member,
    ObjectId,
    Pending,
    RequestValue,
    ResponseValue,
    SocketList,
    Storage,
    Stub,
    TableValue,
    Value,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

IDENTIFIERS = frozenset({"idFromName", "idFromString", "newUniqueId"})


def socket(
    interpreter: Interpreter,
    receiver: Value,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
) -> Values:
    if name in ("addEventListener", "add_event_listener") and arguments:
        event = next((str(value.value) for value in arguments[0] if isinstance(value, LiteralValue)), "")
        listeners = arguments[1] if len(arguments) > 1 else ()
        use = interpreter.use(
            "listen", node, scope, receiver, name=event, arguments=[listeners], nodes=node.arguments
        )
        use.arguments = [listeners]
        members.listen(interpreter, event, listeners, receiver)
        return ()
    action = {
        "accept": "accept",
        "send": "send",
        "close": "close",
        "serializeAttachment": "attach",
    }.get(name, "call")
    interpreter.use(
        action,  # type: ignore[arg-type]
        node,
        scope,
        receiver,
        name=name,
        arguments=arguments,
        nodes=node.arguments,
    )
    return (Member(Span(scope.file, node.start, node.end), receiver, name),)


def durable_context(
    interpreter: Interpreter, name: str, node: tree.Call, arguments: list[Values], scope: Scope, span: Span
) -> Values:
    first = arguments[0] if arguments else ()
    match name:
        case "acceptWebSocket":
            for value in first:
                interpreter.use(
                    "hibernate",
                    node,
                    scope,
                    value,
                    name=name,
                    arguments=arguments,
                    nodes=node.arguments,
                    certain=len(first) == 1,
                )
            if not first:
                interpreter.use(
                    "hibernate", node, scope, None, name=name, arguments=arguments, nodes=node.arguments
                )
            return ()
        case "getWebSockets":
            interpreter.use("call", node, scope, None, name=name, arguments=arguments, nodes=node.arguments)
            return (SocketList(span),)
        case "blockConcurrencyWhile":
            interpreter.use("call", node, scope, None, name=name, arguments=arguments, nodes=node.arguments)
            results = [
                interpreter.enter_later(value, [], "constructor-gate")
                for value in first
                if isinstance(value, FunctionValue)
            ]
            return joined(*results)
        case "waitUntil":
            for value in first:
                interpreter.use("wait", node, scope, value)
            return ()
    if "_" in name:  # no name of the runtime: what becomes of the arguments is anybody's guess
        unfollowed(interpreter, node, arguments, scope)
    interpreter.use("call", node, scope, None, name=name, arguments=arguments, nodes=node.arguments)
    return ()


def worker_context(
    interpreter: Interpreter,
    receiver: Value,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    if name == "waitUntil":
        for value in arguments[0] if arguments else ():
            interpreter.use("wait", node, scope, value)
        return ()
    interpreter.use("call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments)
    unfollowed(interpreter, node, arguments, scope)
    return ()


def namespace(
    interpreter: Interpreter,
    receiver: Value,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    first = arguments[0] if arguments else ()
    if name in IDENTIFIERS:
        interpreter.use(
            "identify", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments
        )
        return (ObjectId(span, receiver, name, first),)
    if name in ("getByName", "get"):
        interpreter.use(
            "identify", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments
        )
        return (Stub(span, receiver, first),)
    if name == "jurisdiction":
        return (receiver,)
    if name == "fetch":
        return fetch(interpreter, Stub(span, receiver), node, arguments, scope, span)
    interpreter.use("call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments)
    return (Pending(span, ()),)


def storage(
    interpreter: Interpreter,
    receiver: Storage,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    interpreter.use("call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments)
    for values in arguments:
        for value in values:
            if isinstance(value, FunctionValue):
                interpreter.enter_later(value, [(receiver,)], "callback")
    if receiver.part:
        return ()
    if name in ("get", "list", "getAlarm"):
        return (Pending(span, (Member(span, receiver, name),)),)
    return (Pending(span, ()),)


def headers(
    interpreter: Interpreter,
    receiver: HeadersValue,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    header = (
        next((str(value.value).lower() for value in arguments[0] if isinstance(value, LiteralValue)), "")
        if arguments
        else ""
    )
    if name in ("get", "has"):
        interpreter.use("call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments)
        return (Member(span, receiver, header),)
    if name in ("set", "append", "delete"):
        if name == "delete":
            receiver.removed.add(header)
        interpreter.use("call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments)
    return ()


def request(
    interpreter: Interpreter,
    receiver: RequestValue,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    if name == "clone":
        return (RequestValue(span, False, receiver.upgrade, receiver),)
    if receiver.wrapper == "hono" and name == "header":
        header = (
            next((str(value.value).lower() for value in arguments[0] if isinstance(value, LiteralValue)), "")
            if arguments
            else ""
        )
        return (Member(span, HeadersValue(span, receiver), header),)
    if name == "headers":  # Rust's method
        return (HeadersValue(span, receiver),)
    interpreter.use("call", node, scope, receiver, name=name, arguments=arguments)
    return (Member(span, receiver, name),)


def response(
    interpreter: Interpreter,
    receiver: ResponseValue,
    name: str,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    interpreter.use("call", node, scope, receiver, name=name, arguments=arguments, nodes=node.arguments)
    if name == "clone":
        return (ResponseValue(span, receiver.forward, receiver.built),)
    if name == "headers":
        return (HeadersValue(span, receiver),)
    return (Pending(span, ()),)


def promise(
    interpreter: Interpreter, receiver: Pending, name: str, arguments: list[Values], scope: Scope, span: Span
) -> Values:
    """`promise.then(f)`: the function gets what the promise holds."""
    if name == "then":
        results = [
            interpreter.enter_later(value, [receiver.inner], "promise")
            for values in arguments[:1]
            for value in values
            if isinstance(value, FunctionValue)
        ]
        inner = interpreter.awaited(joined(*results))
        return (Pending(receiver.span, inner),)
    for values in arguments:
        for value in values:
            if isinstance(value, FunctionValue):
                interpreter.enter_later(value, [], "promise")
    if name not in ("catch", "finally"):
        interpreter.use("read", span, scope, receiver, name=name)
        return ()
    return (receiver,)


def assigned(arguments: list[Values]) -> Values:
    """What `Object.assign(target, …)` gives: the target, with the members of tables that are known."""
    sources = [value for values in arguments[1:] for value in values]
    known = all(isinstance(value, TableValue) and value.closed for value in sources)
    for target in arguments[0]:
        if not isinstance(target, TableValue):
            continue
        if not known or not all(arguments[1:]):
            target.closed = False
        for value in sources:
            if isinstance(value, TableValue):
                target.fields.update(value.fields)
    return arguments[0]
