"""Responses and requests that the code builds, and the fetches that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.scope import Scope
from wslint.source.flow.uses import Forward, ResponseParts
from wslint.source.flow.values import (
    ArrayValue,
    Certainty,
    HeadersValue,
    LiteralValue,
    Member,
    Pending,
    RequestValue,
    ResponseValue,
    Stub,
    TableValue,
    TextValue,
    UrlValue,
    Value,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

SOCKET_KEYS = ("webSocket", "web_socket")
Body = Literal["none", "empty", "some", "unknown"]


def build_response(
    interpreter: Interpreter,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
    *,
    method: str = "",
) -> Values:
    """`new Response(body, init)`, `Response.json(…)`, Python's `Response(body, status=…, web_socket=…)`."""
    keywords = {entry.key: entry for entry in node.keywords if entry.key is not None}
    values = {key: interpreter.evaluate(entry.value, scope) for key, entry in keywords.items()}
    if method in ("redirect", "error"):
        parts = ResponseParts(302 if method == "redirect" else "unknown", None, True, "none")
    elif node.keywords:
        fields = {_camel(key): held for key, held in values.items()}
        for key, held in zip(_PLACES, arguments, strict=False):
            fields.setdefault(key, held)
        parts = _parts(fields, [], True)
        parts.body = _body(arguments)
    else:
        init = arguments[1] if len(arguments) > 1 else ()
        parts = _from_init(init, len(node.arguments) > 1)
        parts.body = "some" if method == "json" else _body(arguments)
    result = ResponseValue(span, built=None)
    use = interpreter.use(
        "respond", node, scope, result, name=method, arguments=arguments, nodes=node.arguments
    )
    use.keywords = node.keywords
    use.response = parts
    for socket in parts.socket or ():
        interpreter.use("call", node, scope, socket, name="respond")
    result.built = Value(span)
    return (result,)


_PLACES = ("body", "status", "statusText", "headers")
"""What the arguments of Python's `Response` are called, in their order."""


def _camel(key: str) -> str:
    return "webSocket" if key == "web_socket" else key


def _body(arguments: list[Values]) -> Body:
    if not arguments:
        return "none"
    first = arguments[0]
    if not first:
        return "unknown"
    value = first[0]
    if isinstance(value, LiteralValue):
        if value.value is None:
            return "none"
        return "empty" if value.value == "" else "some"
    if isinstance(value, (TextValue, TableValue, ArrayValue)):
        return "some"
    return "unknown"


def _from_init(init: Values, given: bool) -> ResponseParts:
    if not given:
        return ResponseParts("absent", None, True, "none")
    value = init[0] if len(init) == 1 else None
    if isinstance(value, ResponseValue):
        return ResponseParts("copied", (), False, "none", "copied", value)
    if isinstance(value, TableValue):
        return _parts(value.fields, list(value.spreads), value.closed)
    if isinstance(value, LiteralValue):
        return ResponseParts("absent", None, True, "none")
    return ResponseParts("unknown", None, False, "none")


def _parts(fields: dict[str, Values], spreads: list[Value], closed: bool) -> ResponseParts:
    parts = ResponseParts("absent", None, closed, "none")
    copied = next((value for value in spreads if isinstance(value, ResponseValue)), None)
    if copied is not None:
        parts.copied_from = copied
    status = fields.get("status")
    if status is not None:
        value = status[0] if len(status) == 1 else None
        if (
            isinstance(value, LiteralValue)
            and isinstance(value.value, (int, float))
            and abs(value.value) < 1e6
        ):
            parts.status = int(value.value)
        elif isinstance(value, Member) and isinstance(value.of, ResponseValue) and value.name == "status":
            parts.status, parts.copied_from = "copied", value.of
        else:
            parts.status = "unknown"
    for key in SOCKET_KEYS:
        if key in fields:
            parts.socket = fields[key]
    headers = fields.get("headers")
    if headers is not None:
        parts.headers = "given"
        for value in headers:
            if isinstance(value, HeadersValue):
                source = value.of or _response_of(value.copied_from)
                if isinstance(source, ResponseValue):
                    parts.headers = "copied"
                    parts.copied_from = parts.copied_from or source
            elif isinstance(value, TableValue):
                parts.header_names = {name.lower(): held for name, held in value.fields.items()}
    return parts


def _response_of(value: Value | None) -> Value | None:
    return value.of if isinstance(value, HeadersValue) else value


# Requests


def build_request(
    interpreter: Interpreter, node: tree.Call, arguments: list[Values], scope: Scope, span: Span
) -> Values:
    """`new Request(input, init)`: whether it carries the incoming request's Upgrade header."""
    upgrade = _carried(interpreter, node, arguments, scope)
    source = next(
        (value for values in arguments for value in values if isinstance(value, RequestValue)), None
    )
    result = RequestValue(span, False, upgrade, source)
    use = interpreter.use(
        "call", node, scope, result, name="new Request", arguments=arguments, nodes=node.arguments
    )
    use.keywords = node.keywords
    return (result,)


def _carried(interpreter: Interpreter, node: tree.Call, arguments: list[Values], scope: Scope) -> Certainty:
    """Whether `fetch(input, init)` or `new Request(input, init)` sends the Upgrade header."""
    init = arguments[1] if len(arguments) > 1 else None
    keyword = next((entry for entry in node.keywords if entry.key == "headers"), None)
    if keyword is not None:
        return _headers_carry(interpreter.evaluate(keyword.value, scope))
    first = arguments[0] if arguments else ()
    from_input: Certainty = "unknown"
    for value in first:
        if isinstance(value, RequestValue):
            from_input = value.upgrade
        elif isinstance(value, (LiteralValue, TextValue, UrlValue)) or _is_address(value):
            from_input = "no"
    if init is None or (len(init) == 1 and isinstance(init[0], LiteralValue)):
        return from_input
    if len(init) != 1:
        return "unknown"
    value = init[0]
    if isinstance(value, RequestValue):
        return value.upgrade
    if isinstance(value, TableValue):
        if "headers" in value.fields:
            return _headers_carry(value.fields["headers"])
        if any(isinstance(spread, RequestValue) for spread in value.spreads):
            return "unknown"  # a spread of a Request copies nothing at newer dates: WS404 asks the date
        return from_input if value.closed else "unknown"
    return "unknown"


def _is_address(value: Value) -> bool:
    """Whether it is a request's address, or a part of one; other members may be the request once more (`clone_mut`)."""
    if not isinstance(value, Member):
        return False
    return isinstance(value.of, UrlValue) or (isinstance(value.of, RequestValue) and value.name in _ADDRESSES)


_ADDRESSES = frozenset({"url", "path", "nextUrl"})


def _headers_carry(values: Values) -> Certainty:
    if len(values) != 1:
        return "unknown"
    value = values[0]
    if isinstance(value, HeadersValue):
        if "upgrade" in value.removed:
            return "no"
        source = value.of or value.copied_from
        while isinstance(source, HeadersValue):
            if "upgrade" in source.removed:
                return "no"
            source = source.of or source.copied_from
        if isinstance(source, RequestValue):
            return source.upgrade
        if isinstance(source, TableValue):
            return _table_carries(source)
        return "unknown"
    if isinstance(value, TableValue):
        return _table_carries(value)
    return "unknown"


def _table_carries(value: TableValue) -> Certainty:
    if any(name.lower() == "upgrade" for name in value.fields):
        return "yes"
    return "no" if value.closed and not value.spreads else "unknown"


# Fetches


def fetch(
    interpreter: Interpreter,
    target: Stub | None,
    node: tree.Call,
    arguments: list[Values],
    scope: Scope,
    span: Span,
) -> Values:
    """`stub.fetch(…)` or the global `fetch(…)`."""
    forward = Forward(span, target, arguments=arguments)
    first = arguments[0] if arguments else ()
    forward.upgrade = _carried(interpreter, node, arguments, scope)
    if node.arguments:
        argument = node.arguments[0]
        forward.argument_span = Span(scope.file, argument.start, argument.end)
    if len(first) == 1:
        value = first[0]
        if isinstance(value, RequestValue):
            forward.argument = "wrapper" if value.wrapper else "request" if value.incoming else "new-request"
        elif isinstance(value, LiteralValue) and isinstance(value.value, str):
            forward.argument, forward.text = "text", value.value
        elif isinstance(value, TextValue):
            forward.argument = "text"
            forward.text = value.parts[0] if value.parts and isinstance(value.parts[0], str) else None
        elif isinstance(value, UrlValue) or _is_address(value):
            forward.argument = "url"
    use = interpreter.use("fetch", node, scope, target, arguments=arguments, nodes=node.arguments)
    use.forward = forward
    use.keywords = node.keywords
    return (Pending(span, (ResponseValue(span, forward),)),)
