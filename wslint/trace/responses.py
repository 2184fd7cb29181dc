"""`new Request`, `new Response`, `new Headers`: what they are, and what the runtime refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.text import Span
from wslint.trace import addresses, members, operators
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    EndV,
    Hdrs,
    Obj,
    PairV,
    Req,
    Resp,
    Scope,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

RANGE = "RangeError: Responses may only be constructed with status codes in the range 200 to 599, inclusive."
WITH_SOCKET = "RangeError: Responses with a WebSocket must have status code 101."
NULL_BODY = "TypeError: Response with null body status (101, 204, 205, or 304) cannot have a body."
WRONG_SOCKET = "TypeError: Incorrect type for the 'webSocket' field on 'InitializerDict'."
IMMUTABLE = "TypeError: Can't modify immutable headers."
NO_UPGRADE = (
    "TypeError: Worker tried to return a WebSocket in a response to a request which did not contain the "
    'header "Upgrade: websocket".'
)


def headers(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Hdrs:
    """`new Headers(init)`."""
    return headers_of(arguments[0] if arguments else UNDEFINED)


def headers_of(value: Val) -> Hdrs:
    """The headers that an init stands for."""
    if isinstance(value, Hdrs):
        return value.copy()
    if value is UNDEFINED or value is None:
        return Hdrs()
    if isinstance(value, Obj):
        return Hdrs({name.lower(): held for name, held in value.fields.items()}, not value.open)
    if isinstance(value, Arr) and not value.open:
        pairs = [members.items_of(item) for item in value.items]
        if all(pair is not None and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
            return Hdrs({pair[0].lower(): pair[1] for pair in pairs if pair})
    return Hdrs({}, False)


# Responses


def response(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    """`new Response(body, init)`."""
    body = arguments[0] if arguments else UNDEFINED
    return build(body, arguments[1] if len(arguments) > 1 else UNDEFINED, span)


def json(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    """`Response.json(value, init)`: always with a body."""
    return build("{}", arguments[1] if len(arguments) > 1 else UNDEFINED, span)


def redirect(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    status = arguments[1] if len(arguments) > 1 else 302.0
    if isinstance(arguments[0] if arguments else UNDEFINED, str):
        text = arguments[0]
        if addresses.parse(text) is None:
            raise Thrown(f"TypeError: Unable to parse URL: {text}", span)
    return Resp(operators.status_of(status), span)


def rust_ok(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    return Resp(200, span)


def rust_error(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    """workers-rs's `Response::error(text, status)`; JavaScript's `Response.error()`."""
    if len(arguments) > 1 and isinstance(arguments[1], float):
        return Resp(operators.status_of(arguments[1]), span)
    return Resp(Unknown("a status"), span)


def build(body: Val, init: Val, span: Span) -> Resp:
    """A response, or the exception that the runtime throws for its parts. Runs of workerd 1.20261117."""
    if isinstance(init, Resp):
        if init.altered or not isinstance(init.status, int):
            return Resp(Unknown("a status"), span, altered=init.altered or "its status is not known")
        copied = Resp(init.status, span, init.socket, init.headers.copy(), init.note)
        if init.status == 101 and init.socket is None:
            raise Thrown(RANGE, span)
        return copied
    if init is UNDEFINED or init is None:
        return Resp(200, span)
    if not isinstance(init, Obj):
        return Resp(Unknown("a status"), span, altered="what it is built with is not known")
    status = init.fields.get("status", UNDEFINED)
    socket = init.fields.get("webSocket", UNDEFINED)
    made = Resp(200, span, None, headers_of(init.fields.get("headers", UNDEFINED)))
    if init.open and (status is UNDEFINED or socket is UNDEFINED):
        made.altered = "what it is built with is not all known"
        made.status = status if status is not UNDEFINED else Unknown("a status")
        made.status = operators.status_of(made.status)
        return made
    if isinstance(status, Unknown) or isinstance(socket, Unknown):
        made.status = Unknown("a status")
        return made
    number = 200 if status is UNDEFINED else operators.whole(status)
    if number is None:
        made.status = Unknown("a status")
        return made
    if isinstance(socket, PairV):
        raise Thrown(WRONG_SOCKET, span)
    if socket is UNDEFINED or socket is None:
        if not 200 <= number <= 599:
            raise Thrown(RANGE, span)
    elif number != 101:
        raise Thrown(WITH_SOCKET, span)
    if number in (101, 204, 205, 304) and not (body is None or body is UNDEFINED or body == ""):
        if isinstance(body, Unknown):
            made.status = Unknown("a status")
            return made
        raise Thrown(NULL_BODY, span)
    made.status = number
    made.socket = socket if isinstance(socket, EndV) else True if number == 101 else None
    return made


# Requests


def request(machine: Machine, arguments: list[Val], span: Span, scope: Scope) -> Val:
    """`new Request(input, init)`."""
    first = arguments[0] if arguments else UNDEFINED
    return build_request(first, arguments[1] if len(arguments) > 1 else UNDEFINED, span)


def build_request(first: Val, init: Val, span: Span) -> Val:
    """What `new Request` and `fetch` make of their arguments."""
    if isinstance(first, Req):
        if first.wrapper == "hono":
            raise Thrown("TypeError: Invalid URL: [object Object]", span)
        if first.wrapper == "itty":
            raise Thrown("TypeError: Invalid URL: [object Request]", span)
        made = Req(first.url, first.method, first.headers.copy())
    else:
        made = Req(_address(first, span), "GET", Hdrs())
    if isinstance(init, Req):
        made.method, made.headers = init.method, init.headers.copy()
    elif isinstance(init, Obj):
        _apply(made, init, span)
    elif init is not UNDEFINED and init is not None:
        made.method, made.headers = Unknown("a method"), Hdrs({}, False)
    return made


def _address(value: Val, span: Span) -> Val:
    if isinstance(value, Url):
        found: Val = Url(value.scheme, value.host, value.path, value.query)
    elif isinstance(value, str):
        found = addresses.parse(value)
        if found is None:
            raise Thrown(f"TypeError: Invalid URL: {value}", span)
    elif isinstance(value, Obj):
        raise Thrown("TypeError: Invalid URL: [object Object]", span)
    elif value is UNDEFINED or value is None or isinstance(value, (float, bool)):
        raise Thrown(
            "TypeError: Failed to execute 'fetch': parameter 1 is not of type 'Request or string'.", span
        )
    else:
        return Unknown("an address")
    if isinstance(found.scheme, str) and found.scheme not in ("http", "https"):
        raise Thrown(f"TypeError: Fetch API cannot load: {operators.href(found) or found.path}", span)
    return found


def _apply(made: Req, init: Obj, span: Span) -> None:
    if "method" in init.fields:
        method = init.fields["method"]
        made.method = method.upper() if isinstance(method, str) else method
    if "headers" in init.fields:
        made.headers = headers_of(init.fields["headers"])
    elif init.open:
        made.headers = Hdrs(made.headers.values, False)
    body = init.fields.get("body", UNDEFINED)
    if made.method in ("GET", "HEAD") and not (body is UNDEFINED or body is None):
        if isinstance(body, Unknown):
            made.method = Unknown("a method")
            return
        raise Thrown("TypeError: Request with a GET or HEAD method cannot have a body.", span)
