"""Responses: what `new Response` refuses, what reading and changing one does, and how a caller gets it."""

from __future__ import annotations

from typing import Any

from wslint.record import record
from wslint.runtime import headers as headers_model
from wslint.runtime import promise, startup, words
from wslint.runtime import request as request_model
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

RESPONSE = Model("Response", "Response")
SWITCHING = 101
NULL_STATUSES = (101, 204, 205, 304)


def made(
    status: Value, span: Span | None, socket: Value = None, headers: Object | None = None, note: str = ""
) -> Object:
    """A response; `status` is an int or unknown, `note` what a reader of a trace is told of it."""
    slots: dict[Any, Value] = {
        "status": status,
        "socket": socket,
        "headers": headers or headers_model.made({}, span),
    }
    if note:
        slots["note"] = note
    return Object("Response", slots, span)


def given(init: Object | None, name: str) -> Value:
    """What a refused init gives under a key; undefined where a response is refused that stands in its place."""
    return _member(init, name) if init is not None and init.kind in ("Object", "Map") else UNDEFINED


def is_upgrade(host: Any, value: Value) -> bool:
    """Whether a value is surely a 101."""
    return (
        isinstance(value, Object)
        and value.kind == "Response"
        and host.known(value.slots["status"]) == SWITCHING
    )


@maker("Response")
def construct(host: Any, call: Invocation) -> Value:
    init = call.argument(1)
    if not call.open and call.arguments and not startup.is_nothing(call.arguments[0]):
        startup.refuse_body(host, call.arguments[0], call.span)
    return build(host, call.argument(0), init, call.span)


def build(host: Any, body: Value, init: Value, span: Span) -> Value:
    """A response, or the exception that the runtime throws for its parts."""
    return host.each(init, lambda given: host.each(body, lambda held: _built(host, held, given, span)))


def _built(host: Any, body: Value, init: Value, span: Span) -> Value:
    if isinstance(init, Object) and init.kind == "Response":
        return host.each(init.slots["status"], lambda status: _copied(host, init, status, body, span))
    if init is UNDEFINED or init is None:
        return made(200, span)
    if not isinstance(init, Object) or init.kind not in ("Object", "Map"):
        return made(_unknown_status(init, span), span)
    is_open = bool(init.slots.get("open")) or "escaped" in init.slots
    status, socket = _member(init, "status"), _member(init, "webSocket")
    if is_open:
        status = _maybe(host, init, "status", status, span)
        socket = _maybe(host, init, "webSocket", socket, span)
    headers = host.each(_member(init, "headers"), lambda held: headers_model.of_init(host, held, span))
    parts = _Parts(init, body, headers, span)
    return host.each(status, lambda number: host.each(socket, lambda end: _made(host, parts, number, end)))


@record
class _Parts:
    """What a response is made of beside its status and its socket."""

    init: Object
    body: Value
    headers: Object
    span: Span


def _unknown_status(init: Value, span: Span) -> Value:
    return Unknown("a status", span, init.owner if isinstance(init, Unknown) else "unread")


def _maybe(host: Any, init: Object, name: str, held: Value, span: Span) -> Value:
    """A member of an init that may have more than was seen."""
    from wslint.machine.members import unknown_slot

    return unknown_slot(host, init, name, span) if held is UNDEFINED else held


def _member(init: Object, name: str) -> Value:
    if init.kind == "Map":
        from wslint.runtime.collections import key_of

        held = init.slots.get(key_of(name), UNDEFINED)
    else:
        held = init.slots.get(("p", name), UNDEFINED)
    return UNDEFINED if held is ABSENT else held


def _copied(host: Any, init: Object, status: Value, body: Value, span: Span) -> Value:
    socket = host.known(init.slots["socket"])
    if status in NULL_STATUSES and isinstance(body, Object | str) and body != "":
        host.throw(words.NULL_BODY, span, init)
    if status == SWITCHING and socket is None:
        host.throw(words.RANGE, span, init)
    copied = made(status, span, socket, headers_model.copied(host, init.slots["headers"]))
    copied.extra = init
    return copied


def _made(host: Any, parts: _Parts, status: Value, socket: Value) -> Value:
    init, span = parts.init, parts.span
    if isinstance(status, Unknown) or isinstance(socket, Unknown):
        unsure = _unknown_status(status if isinstance(status, Unknown) else socket, span)
        return made(unsure, span, None, parts.headers)
    number = _number(status)
    if number is None:
        return made(Unknown("a status", span), span, None, parts.headers)
    if isinstance(socket, Object) and socket.kind == "WebSocketPair":
        host.throw(words.WRONG_SOCKET, span, socket)
    if socket is UNDEFINED or socket is None:
        if not 200 <= number <= 599:
            host.throw(words.RANGE, span, init)
    elif number != SWITCHING:
        host.throw(words.WITH_SOCKET, span, init)
    if number in NULL_STATUSES and not (parts.body is None or parts.body is UNDEFINED or parts.body == ""):
        if isinstance(parts.body, Unknown):
            return made(Unknown("a status", span), span, None, parts.headers)
        host.throw(words.NULL_BODY, span, init)
    return made(number, span, socket if isinstance(socket, Object) else None, parts.headers)


def _number(status: Value) -> int | None:
    """The number that the runtime takes a status for: 0 for what is none; None where it is not known."""
    from wslint.machine.operators import whole

    if isinstance(status, str):
        return int(status) if status.strip().isdecimal() else None if any(map(str.isdigit, status)) else 0
    if isinstance(status, Object) and status.kind == "Object":
        return None if status.slots.get("open") or ("p", "valueOf") in status.slots else 0
    return 200 if status is UNDEFINED else whole(status)


@maker("Response.json")
def _json(host: Any, call: Invocation) -> Value:
    startup.refuse(host, call.span)
    built = build(host, "{}", call.argument(1), call.span)

    def typed(held: Value) -> Value:
        headers = held.slots["headers"] if isinstance(held, Object) else None
        if isinstance(headers, Object) and ("h", "content-type") not in headers.slots:
            if host.known(headers.slots["complete"]) is True:
                headers.slots[("h", "content-type")] = "application/json"
        return held

    return host.each(built, typed)


@maker("Response.redirect")
def _redirect(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole
    from wslint.runtime import url as url_model

    startup.refuse(host, call.span)
    target = host.known(call.argument(0))
    if isinstance(target, str) and url_model.parse(target) is None:
        host.throw(f"TypeError: Unable to parse URL: {target}", call.span)
    status = host.known(call.argument(1))
    number = 302 if status is UNDEFINED else whole(status)
    headers = headers_model.made({"location": target}, call.span, immutable=True)
    return made(number if number is not None else Unknown("a status", call.span), call.span, None, headers)


@maker("Response.error")
def _error(host: Any, call: Invocation) -> Value:
    return made(Unknown("a status", call.span), call.span)


# Reading


@RESPONSE.getter("status")
def _status(host: Any, response: Object, span: Any) -> Value:
    return host.lift(lambda held: float(held) if isinstance(held, int) else held, response.slots["status"])


@RESPONSE.getter("ok")
def _ok(host: Any, response: Object, span: Any) -> Value:
    def one(held: Value) -> Value:
        if isinstance(held, int):
            return 200 <= held < 300
        return held.derived("ok", f"whether {held.why} is ok", span) if isinstance(held, Unknown) else held

    return host.lift(one, response.slots["status"])


@RESPONSE.getter("webSocket", "web_socket")
def _socket(host: Any, response: Object, span: Any) -> Value:
    status = response.slots["status"]
    if "has no socket" in response.slots:
        return None
    if isinstance(status, Unknown):
        found = status.derived("webSocket", "the socket of an answer that is not known", span)
        found.known["of a response"] = True
        return found
    end = response.slots["socket"]
    if isinstance(response.extra, Object) and isinstance(end, Object):
        host.put(end.slots, "from response", True)
    return end


@RESPONSE.getter("headers")
def _headers(host: Any, response: Object, span: Any) -> Value:
    return response.slots["headers"]


@RESPONSE.getter("body")
def _body(host: Any, response: Object, span: Any) -> Value:
    return host.lift(
        lambda held: None if held == SWITCHING else Unknown("the body", span, "world"),
        response.slots["status"],
    )


@RESPONSE.getter("bodyUsed")
def _used(host: Any, response: Object, span: Any) -> Value:
    return Unknown("whether the body was read", span)


@RESPONSE.getter("redirected")
def _no(host: Any, response: Object, span: Any) -> Value:
    return False


@RESPONSE.getter("statusText", "url", "cf", "type")
def _other(host: Any, response: Object, span: Any) -> Value:
    return Unknown("a property of the response", span, "world")


@RESPONSE.getter("js_object")
def _js_object(host: Any, response: Object, span: Any) -> Value:
    return response


@RESPONSE.method("clone")
def _clone(host: Any, call: Invocation) -> Value:
    response: Object = call.this

    def one(status: Value) -> Value:
        if status == SWITCHING:
            host.throw(words.CLONE, call.span, response)
        return made(status, response.place, None, headers_model.copied(host, response.slots["headers"]))

    return host.each(response.slots["status"], one)


@RESPONSE.method("text", "json", "arrayBuffer", "blob", "formData", "bytes")
def _read(host: Any, call: Invocation) -> Value:
    def one(status: Value) -> Value:
        empty = status == SWITCHING and call.unit is not None and call.unit.language.name == "javascript"
        if empty and call.name in ("json", "text"):
            return "" if call.name == "text" else promise.Rejected(_ended(call), words.NO_JSON, call.span)
        return Unknown("the body of a response", call.span, "world")

    return promise.made(host.lift(one, call.this.slots["status"]), call.span, "a body")


def _ended(call: Invocation) -> Object:
    name, _, message = words.NO_JSON.partition(": ")
    return Object("Error", {"name": name, "message": message}, call.span)


# Between handlers


def received(host: Any, response: Value, request: Object, span: Span | None) -> Value:
    """What a fetch handler returned, as its caller gets it: its headers can't be changed any more."""

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            host.give_up(f"what comes back is not known: {held.why}", span or held.place)
        if isinstance(held, Object) and held.kind == "Coroutine":
            host.throw(words.AWAITABLE, span)
        if not isinstance(held, Object) or held.kind != "Response":
            host.throw(words.NOT_A_RESPONSE, span)
        return host.each(held.slots["status"], lambda status: _arrived(host, held, status, request, span))

    return host.each(response, one)


def _arrived(host: Any, response: Object, status: Value, request: Object, span: Span | None) -> Value:

    def kept(headers: Value) -> Value:
        made = headers_model.copied(host, headers)
        made.slots["immutable"] = True
        return made

    headers = host.each(response.slots["headers"], kept)
    if status == SWITCHING:

        def asked(header: Value) -> Value:
            if isinstance(header, Unknown):
                host.give_up("whether the request carries `Upgrade` is not known", span)
            if not isinstance(header, str) or header.lower() != "websocket":
                host.throw(words.NO_UPGRADE, response.place or span, response)
            from wslint.runtime import socket

            socket.returned(host, response, span)
            return UNDEFINED

        host.each(request_model.upgrade(host, request), asked)
    arrived = made(status, response.place, response.slots["socket"], headers, response.slots.get("note", ""))
    arrived.extra = response
    if "from object" in response.slots:
        arrived.slots["from object"] = True
    return arrived
