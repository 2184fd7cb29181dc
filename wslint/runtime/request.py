"""Requests: what a browser's handshake is, `new Request`, and what reading one gives."""

from __future__ import annotations

from typing import Any

from wslint.runtime import headers as headers_model
from wslint.runtime import url as url_model
from wslint.runtime import words
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

REQUEST = Model("Request", "Request")
_BODIES = ("text", "json", "arrayBuffer", "formData", "blob", "bytes")


def made(url: Value, method: Value, headers: Object, span: Span | None = None) -> Object:
    """A request; `url` is a URL object or unknown."""
    return Object("Request", {"url": url, "method": method, "headers": headers}, span)


def handshake(url: Object) -> Object:
    """The request that a browser sends. Of headers that are not named nothing is known."""
    known: dict[str, Value] = {
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
        "content-type": None,
        "content-length": None,
    }
    return made(url, "GET", headers_model.made(known, complete=False, immutable=True))


def plain(url: Object) -> Object:
    """A GET that asks for no upgrade. Of headers that are not named nothing is known."""
    known: dict[str, Value] = {
        "upgrade": None,
        "sec-websocket-version": None,
        "sec-websocket-key": None,
        "sec-websocket-protocol": None,
        "sec-websocket-extensions": None,
        "content-type": None,
        "content-length": None,
    }
    return made(url, "GET", headers_model.made(known, complete=False, immutable=True))


def received(host: Any, request: Object) -> Object:
    """A request as whoever it was sent to gets it: its headers can't be changed."""
    headers = headers_model.copied(host, request.slots["headers"])
    headers.slots["immutable"] = True
    return made(request.slots["url"], request.slots["method"], headers, request.place)


def upgrade(host: Any, request: Object) -> Value:
    """The Upgrade header: a text, None when it is not there, or unknown."""
    return headers_model.value(host, request.slots["headers"], headers_model.UPGRADE)


def path(host: Any, request: Object) -> Value:
    url = host.known(request.slots["url"])
    return url.slots["path"] if isinstance(url, Object) else Unknown("the path")


# new Request


@maker("Request")
def construct(host: Any, call: Invocation) -> Value:
    return build(host, call)


def build(host: Any, call: Invocation) -> Value:
    """What `new Request(input, init)` and `fetch(input, init)` make of their arguments."""
    first, init = call.argument(0), call.argument(1)
    if call.keywords:
        init = _keywords(host, call)
    return host.each(first, lambda held: host.each(init, lambda given: _built(host, held, given, call)))


def _keywords(host: Any, call: Invocation) -> Value:
    """Python's keyword arguments as an init."""
    slots: dict[Any, Value] = {("p", name): held for name, held in call.keywords.items()}
    return Object("Object", slots, call.span)


def _built(host: Any, first: Value, init: Value, call: Invocation) -> Value:
    if isinstance(first, Object) and first.kind in ("HonoRequest", "IttyRequest"):
        host.throw(
            words.invalid_url("[object Object]" if first.kind == "HonoRequest" else "[object Request]"),
            call.span,
            first,
        )
    if isinstance(first, Object) and first.kind == "Request":
        request = made(
            first.slots["url"],
            first.slots["method"],
            headers_model.copied(host, first.slots["headers"]),
            call.span,
        )
    else:
        request = made(_address(host, first, call), "GET", headers_model.made({}, call.span), call.span)
    if isinstance(init, Object) and init.kind == "IttyRequest":
        from wslint.runtime.frameworks import itty_request

        itty_request.as_init(host, init, call)
    if isinstance(init, Object) and init.kind == "Request":
        request.slots["method"] = init.slots["method"]
        request.slots["headers"] = headers_model.copied(host, init.slots["headers"])
    elif isinstance(init, Object) and init.kind in ("Object", "Map"):
        _apply(host, request, init, call)
    elif init is not UNDEFINED and init is not None:
        request.slots["method"] = Unknown("a method", call.span)
        request.slots["headers"] = headers_model.made({}, call.span, complete=False)
    return request


def _address(host: Any, value: Value, call: Invocation) -> Value:
    if isinstance(value, Object) and value.kind in ("URL", "Address"):
        return _checked(host, url_model.copy(value), call)
    if isinstance(value, str):
        found = url_model.parse(value)
        if found is None:
            host.throw(words.invalid_url(value), call.span, _asked(call))
        assert found is not None
        return _checked(host, found, call)
    if (
        isinstance(value, Object)
        and value.kind in ("Object", "Instance")
        and not _has_text(host, value, call)
    ):
        host.throw(words.invalid_url("[object Object]"), call.span)
    if value is UNDEFINED or value is None or isinstance(value, (float, bool)):
        host.throw(
            words.wrong_type("fetch", "Fetcher", 1, "Request or string").replace(" on 'Fetcher'", ""),
            call.span,
        )
    if isinstance(value, Unknown) and value.known.get("prefix"):
        prefix = str(value.known["prefix"])
        if prefix.startswith("/"):
            host.throw(words.invalid_url(f"{prefix}…"), call.span, _asked(call))
        return _prefixed(value)
    return Unknown("an address", call.span)


def _asked(call: Invocation) -> Object | None:
    """What is asked: a stub or a service; None for a request that is only made."""
    return call.this if isinstance(call.this, Object) else None


def _has_text(host: Any, value: Object, call: Invocation) -> bool:
    """Whether an object of the project's may have a text of its own."""
    from wslint.machine import calls

    if value.slots.get("open") or "escaped" in value.slots:
        return True
    if value.kind == "Object":
        return ("p", "toString") in value.slots
    if value.extra.scope.unit.language.name != "javascript":
        return True
    held = calls.member(host, value, "toString", call.span)
    return held is not UNDEFINED


def _prefixed(value: Unknown) -> Value:
    """A text of which only the beginning is known: its scheme may be."""
    prefix = str(value.known["prefix"])
    found = url_model.parse(prefix if "://" in prefix and not prefix.endswith("//") else prefix + "x")
    if found is None:
        return value
    rest = Unknown("the rest of the address", value.place, value.owner)
    host = found.slots["host"] if "/" in prefix.partition("://")[2] else rest
    return url_model.address((found.slots["scheme"], host, rest, rest, ""))


def _checked(host: Any, url: Object, call: Invocation) -> Value:
    def one(scheme: Value) -> Value:
        if isinstance(scheme, str) and scheme not in ("http", "https"):
            whole = url_model.href(url)
            text = whole if isinstance(whole, str) else f"{scheme}://"
            if host.flag("fetch_refuses_unknown_protocols", call) is not False:
                host.throw(words.cannot_load(text), call.span)
        return url

    checked: Value = host.each(url.slots["scheme"], one)
    return checked


def _property(init: Object, name: str) -> Value:
    if init.kind == "Map":
        from wslint.runtime.collections import key_of

        return init.slots.get(key_of(name), UNDEFINED)
    return init.slots.get(("p", name), UNDEFINED)


def _apply(host: Any, request: Object, init: Object, call: Invocation) -> None:
    is_open = bool(init.slots.get("open")) or "escaped" in init.slots
    method = _property(init, "method")
    if method is not UNDEFINED:
        request.slots["method"] = host.lift(
            lambda held: held.upper() if isinstance(held, str) else held, method
        )
    headers = _property(init, "headers")
    if headers is not UNDEFINED:
        request.slots["headers"] = host.each(
            headers, lambda held: headers_model.of_init(host, held, call.span)
        )
    elif is_open:
        request.slots["headers"] = headers_model.made({}, call.span, complete=False)
    body = host.known(_property(init, "body"))
    if body is not UNDEFINED and body is not None:
        request.slots["sent"] = body
    if host.known(request.slots["method"]) in ("GET", "HEAD") and not (body is UNDEFINED or body is None):
        if isinstance(body, Unknown):
            request.slots["method"] = Unknown("a method", call.span)
            return
        host.throw(words.GET_WITH_BODY, call.span)


# Reading


@REQUEST.getter("url")
def _url(host: Any, request: Object, span: Any) -> Value:
    return host.lift(
        lambda url: url_model.text_of(host, url) if isinstance(url, Object) else url, request.slots["url"]
    )


@REQUEST.getter("method")
def _method(host: Any, request: Object, span: Any) -> Value:
    return request.slots["method"]


@REQUEST.getter("headers")
def _headers(host: Any, request: Object, span: Any) -> Value:
    return request.slots["headers"]


@REQUEST.getter("body")
def _body(host: Any, request: Object, span: Any) -> Value:
    return Unknown("the body", span, "client") if "sent" in request.slots else None


@REQUEST.getter("bodyUsed")
def _used(host: Any, request: Object, span: Any) -> Value:
    return Unknown("whether the body was read", span, "client") if "sent" in request.slots else False


@REQUEST.getter("cf", "signal", "redirect", "fetcher")
def _other(host: Any, request: Object, span: Any) -> Value:
    return Unknown("a property of the request", span, "client")


@REQUEST.getter("js_object")
def _js_object(host: Any, request: Object, span: Any) -> Value:
    return request


@REQUEST.method("clone")
def _clone(host: Any, call: Invocation) -> Value:
    request: Object = call.this
    slots = dict(request.slots)
    return Object("Request", slots, call.span)


@REQUEST.method(*_BODIES)
def _read(host: Any, call: Invocation) -> Value:
    from wslint.runtime import promise
    from wslint.values.value import Choice

    sent = call.this.slots.get("sent", UNDEFINED)
    if call.name == "json" and sent is UNDEFINED and host.known(call.this.slots["method"]) in ("GET", "HEAD"):
        return promise.made(_no_json(call), call.span)  # nothing is no JSON
    if call.name in ("json", "formData"):
        choice = Choice(
            "client",
            call.span,
            {1: f"`{call.name}` of the request fails", 2: f"`{call.name}` of the request works"},
            3,
        )
        from wslint.values.value import one_of

        return promise.made(
            one_of(choice, [(1, _no_json(call)), (2, Unknown("the body", call.span, "client"))]), call.span
        )
    if call.name == "text" and (sent is UNDEFINED or isinstance(sent, str)):
        return promise.made("" if sent is UNDEFINED else sent, call.span)
    return promise.made(Unknown("the body", call.span, "client"), call.span)


def _no_json(call: Invocation) -> Value:
    from wslint.runtime import promise

    return promise.Rejected(
        Object("Error", {"name": "SyntaxError", "message": "Unexpected end of JSON input"}, call.span),
        "SyntaxError: Unexpected end of JSON input",
        call.span,
    )
