"""Properties: what reading, writing and indexing followed values gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.scope import Scope, joined
from wslint.source.flow.values import (
    ArrayValue,
    BindingValue,
    ClassValue,
    ClientSocket,
    Collection,
    ContextExport,
    DurableContext,
    End,
    Environment,
    FunctionValue,
    HandlerSocket,
    HeadersValue,
    Imported,
    Instance,
    LiteralValue,
    Member,
    Message,
    Pair,
    Pending,
    RequestValue,
    ResponseValue,
    SocketList,
    Storage,
    TableValue,
    UrlValue,
    Value,
    WorkerContext,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

SOCKET_MEMBERS = frozenset(
    {"readyState", "ready_state", "url", "protocol", "extensions", "binaryType", "bufferedAmount"}
)
_EVENTS = ("message", "close", "error", "open")


MOST_MEMBERS = 6
"""Properties of properties; deeper ones are unknown."""


def read(
    interpreter: Interpreter,
    receivers: Values,
    name: str,
    span: Span,
    scope: Scope,
    node: tree.Member | None = None,
) -> Values:
    """`receiver.name` for each possible receiver."""
    seen = len(interpreter.flow.uses)
    results = [_read(interpreter, receiver, name, span, scope, node) for receiver in receivers]
    if sum(not isinstance(receiver, Member) for receiver in receivers) > 1:
        for use in interpreter.flow.uses[seen:]:
            use.certain = False
    return joined(*results)


def _read(
    interpreter: Interpreter, receiver: Value, name: str, span: Span, scope: Scope, node: tree.Member | None
) -> Values:
    match receiver:
        case Environment():
            return (receiver,) if name == "env" else (BindingValue(span, name),)
        case Pair():
            return _end(receiver, {"0": 0, "1": 1, "client": 0, "server": 1}.get(name))
        case TableValue():
            return receiver.fields.get(name, ())
        case Instance():
            return _instance_member(interpreter, receiver, name, span, scope, node)
        case DurableContext():
            if name == "storage":
                return (interpreter.made(Storage, span, lambda: Storage(span)),)
            if name == "exports":
                return (TableMarker(span),)
            return (Member(span, receiver, name),)
        case WorkerContext():
            return (TableMarker(span),) if name == "exports" else (Member(span, receiver, name),)
        case TableMarker():
            return (ContextExport(span, name),)
        case Storage():
            if name in ("sql", "kv"):
                return (interpreter.made(Storage, span, lambda: Storage(span, name)),)
            return (Member(span, receiver, name),)
        case RequestValue():
            return _request_member(receiver, name, span)
        case ResponseValue():
            return _response_member(interpreter, receiver, name, span, scope)
        case HeadersValue():
            return (Member(span, receiver, name.lower()),)
        case UrlValue():
            return (Member(span, receiver, name),)
        case Imported():
            if receiver.specifier == "cloudflare:workers" and receiver.name == "env":
                return (BindingValue(span, name),)
            if receiver.specifier == "workers" and receiver.name == "env":
                return (BindingValue(span, name),)
            if receiver.name == "*" and receiver.specifier:
                return interpreter.imported(Imported(span, receiver.specifier, name), scope)
            return (Imported(span, receiver.specifier, f"{receiver.name}.{name}"),)
        case End() | HandlerSocket() | ClientSocket():
            if name not in SOCKET_MEMBERS:
                interpreter.use("read", span, scope, receiver, name=name)
            return (Member(span, receiver, name),)
        case Pending():
            interpreter.use("read", span, scope, receiver, name=name)
            return ()
        case Message():
            if receiver.part == "event" and name in ("data", "code", "reason", "wasClean"):
                part = {"data": "message", "wasClean": "clean"}.get(name, name)
                made = receiver.parts.setdefault(part, Message(span, part, receiver.socket))  # type: ignore[arg-type]
                return (made,)
            interpreter.use("read", span, scope, receiver, name=name)
            return (Member(span, receiver, name),)
        case Member():
            if node is None or not node.optional:
                report_unset(interpreter, receiver, span, scope)
            if _depth(receiver) >= MOST_MEMBERS:
                return ()
            return (
                (Member(span, receiver.of, name),) if name in ("length",) else (Member(span, receiver, name),)
            )
        case ClassValue() | FunctionValue() | ArrayValue() | SocketList() | LiteralValue():
            return (Member(span, receiver, name),)
    return (Member(span, receiver, name),)


def _depth(member: Member) -> int:
    depth, value = 1, member.of
    while isinstance(value, Member):
        depth, value = depth + 1, value.of
    return depth


def recased(receiver: Member, method: str, span: Span) -> Member:
    """A text after `toLowerCase()` or its like; only the Upgrade header's case matters to anyone."""
    if receiver.name != "upgrade" or method not in _CASES:
        return receiver
    return Member(span, receiver.of, receiver.name, _CASES[method])


_CASES: dict[str, Literal["upper", "lower"]] = {
    "toLowerCase": "lower",
    "lower": "lower",
    "toUpperCase": "upper",
    "upper": "upper",
}


class TableMarker(Value):
    """`ctx.exports`."""


def _end(pair: Pair, index: int | None) -> Values:
    return (pair.ends[index],) if index is not None and index < len(pair.ends) else ()


def _instance_member(
    interpreter: Interpreter,
    receiver: Instance,
    name: str,
    span: Span,
    scope: Scope,
    node: tree.Member | None,
) -> Values:
    """`this.name`: a field's values, a method, or what the runtime's base class supplies."""
    from wslint.source.flow.classes import member_of

    return member_of(interpreter, receiver, name, span, scope)


def report_unset(
    interpreter: Interpreter, receiver: Member, span: Span, scope: Scope, *, called: bool = False
) -> None:
    """Something is read from `this.state` or another field although nothing that was followed sets it, or from a
    property of a runtime object; or (`called`) an own method is called that the class does not have."""
    from wslint.source.flow.classes import describe

    if isinstance(receiver.of, Instance):
        flow = describe(interpreter, receiver.of.cls)
        declared = flow.members.get(receiver.name)
        bare = declared is None or (declared.kind == "field" and declared.function is None)
        if flow.name == interpreter.where.cls and receiver.name not in flow.assigned and bare:
            interpreter.use(
                "unset",
                receiver.span,
                scope,
                receiver,
                name=receiver.name,
                arguments=[(receiver,)] if called else (),
            )
    elif isinstance(receiver.of, (RequestValue, ResponseValue, DurableContext, WorkerContext, Storage)):
        interpreter.use("beyond", receiver.span, scope, receiver.of, name=receiver.name)


def _request_member(receiver: RequestValue, name: str, span: Span) -> Values:
    if receiver.wrapper == "hono":
        if name == "raw":
            return (RequestValue(span, True, receiver.upgrade, receiver),)
        return (Member(span, receiver, name),)
    if name == "headers":
        return (HeadersValue(span, receiver),)
    if name == "js_object":
        return (receiver,)
    return (Member(span, receiver, name),)


def _response_member(
    interpreter: Interpreter, receiver: ResponseValue, name: str, span: Span, scope: Scope
) -> Values:
    if name == "headers":
        return (HeadersValue(span, receiver),)
    if name in ("webSocket", "web_socket", "websocket") and receiver.forward is not None:
        return (ClientSocket(span, "fetch", receiver), Member(span, receiver, "webSocket"))
    if name == "js_object":
        return (receiver,)
    return (Member(span, receiver, name),)


def write(interpreter: Interpreter, target: tree.Member, values: Values, scope: Scope) -> None:
    """`receiver.name = values`."""
    receivers = interpreter.evaluate(target.object, scope)
    span = Span(scope.file, target.start, target.end)
    for receiver in receivers:
        match receiver:
            case TableValue():
                receiver.fields[target.name] = values
                if not values:
                    receiver.closed = False
            case Instance():
                from wslint.source.flow.classes import set_field

                set_field(interpreter, receiver, target, values, scope)
            case End() | HandlerSocket() | ClientSocket():
                _write_socket(interpreter, receiver, target, values, span, scope)
            case _:
                interpreter.use("write", span, scope, receiver, name=target.name, arguments=[values])


def _write_socket(
    interpreter: Interpreter, receiver: Value, target: tree.Member, values: Values, span: Span, scope: Scope
) -> None:
    """`socket.onmessage = …` listens; another property is the code's own."""
    event = target.name.removeprefix("on")
    if target.name.startswith("on") and event in _EVENTS:
        interpreter.use("listen", span, scope, receiver, name=event, arguments=[values])
        listen(interpreter, event, values, receiver)
    else:
        interpreter.use("write", span, scope, receiver, name=target.name, arguments=[values])


def listen(interpreter: Interpreter, event: str, values: Values, socket: Value) -> None:
    """Enter the listeners of a socket's event."""
    for value in values:
        if isinstance(value, FunctionValue):
            argument = Message(value.span, "event", socket)
            interpreter.enter_later(value, [(argument,)], f"listener {event}")


def element(interpreter: Interpreter, values: Values, index: int) -> Values:
    """The item at a position: an end of a pair's values, an item of a literal."""
    results: list[Values] = []
    for value in values:
        match value:
            case Pair():
                results.append(_end(value, index))
            case ArrayValue():
                results.append(value.items[index] if -len(value.items) <= index < len(value.items) else ())
            case SocketList():
                results.append(items_of((value,)))
    return joined(*results)


def items_of(values: Values) -> Values:
    """What looping over values gives."""
    results: list[Values] = []
    for value in values:
        match value:
            case SocketList():
                results.append((HandlerSocket(value.span, "list", value.open_only),))
            case ArrayValue():
                results.extend(value.items)
            case Pair():
                results.append(tuple(value.ends))
            case Collection() if "item" in value.sockets_at:
                results.append((HandlerSocket(value.span, "list"),))
            case Collection() if value.sockets_at & {"key", "value"}:
                results.append((ArrayValue(value.span, [part_of(value, "key"), part_of(value, "value")]),))
    return joined(*results)


def part_of(value: Collection, part: str) -> Values:
    """One of a map's keys or values, where those are sockets; one of a set's items."""
    known = part in value.sockets_at or "item" in value.sockets_at
    return (HandlerSocket(value.span, "list"),) if known else ()


def module_collections(interpreter: Interpreter, values: Values, name: str) -> Values:
    """Values of a module's variable: an empty array is a collection in the making, which is then kept."""
    return tuple(_module_collection(interpreter, value, name) for value in values)


def _module_collection(interpreter: Interpreter, value: Value, name: str) -> Value:
    if isinstance(value, ArrayValue) and not value.items:
        span = value.span
        value = interpreter.made(Collection, span, lambda: Collection(span, "module", name))
    if isinstance(value, Collection):
        value.place, value.name = "module", name
    return value


_ASKING = frozenset({"!", "&&", "||", "parenthesis", "===", "!==", "==", "!=", "<", ">", "<=", ">="})


def asked_in(test: tree.Expression) -> list[tree.Expression]:
    """The parts of a condition that are themselves asked for truth or compared."""
    if isinstance(test, tree.Operation) and test.operator in _ASKING:
        return [part for operand in test.operands for part in asked_in(operand)]
    return [test]


def place_of(values: Values) -> str:
    """Where a collection is kept, in words."""
    for value in values:
        if isinstance(value, Collection):
            return f"{value.place} {value.name}"
    return ""
