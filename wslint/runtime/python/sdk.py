"""The Python SDK (`workers`) and Pyodide (`js`, `pyodide.ffi`) over the runtime's objects.

Each fact was run: workerd 1.20261117 with Pyodide 314 and the SDK 1.9.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.runtime import request as request_model
from wslint.runtime import response as response_model
from wslint.runtime.model import GLOBALS, Model
from wslint.runtime.python import containers
from wslint.runtime.python.arguments import placed
from wslint.runtime.python.errors import fail
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Value

if TYPE_CHECKING:
    from wslint.runtime import collections, promise
else:
    collections = Late("wslint.runtime.collections")
    promise = Late("wslint.runtime.promise")

JS_NULL = Model("JsNull")
COROUTINE = Model("Coroutine")

UNEXPECTED_HEADERS = "TypeError: Received unexpected type for headers argument"
HEADERS_OBJECT = "TypeError: Incorrect type: the provided value is not of type 'Sequence'."
NO_FLAG = "the Worker does not start: the python_workers compatibility flag is required to use Python"
_NEW = frozenset(
    {
        "WebSocketPair",
        "Response",
        "Request",
        "Headers",
        "URL",
        "URLSearchParams",
        "Map",
        "Set",
        "WebSocket",
        "Promise",
        "WebSocketRequestResponsePair",
    }
)
_RESPONSE = ("body", "status", "status_text", "headers", "web_socket")
_HEADERS = "sdk"


def needs_new(name: str) -> str:
    return f"TypeError: Failed to construct '{name}': Please use the 'new' operator, this object constructor cannot be called as a function."


# Between the two languages


def to_js(host: Any, value: Value, depth: int = 0) -> Value:
    """A value as JavaScript gets it from the SDK or from `to_js`: lists are arrays, dicts objects."""
    value = host.known(value)
    if not isinstance(value, Object) or depth > 8:
        return value
    if value.kind == "JsNull":
        return None
    if value.kind == "Array" and value.extra is not None:
        return Object("Array", dict(value.slots), value.place)
    if value.kind == "Map" and value.extra == "dict":
        made = Object("Object", {}, value.place)
        for slot, held in value.slots.items():
            if collections.is_key(slot) and isinstance(collections.key_value(slot), str):
                made.slots[("p", collections.key_value(slot))] = to_js(host, held, depth + 1)
            elif slot in ("open", "escaped") or collections.is_key(slot):
                made.slots["open"] = True
        return made
    return value


def from_js(value: Value) -> Value:
    """What comes out of JavaScript: undefined is None."""
    return None if value is UNDEFINED or value is ABSENT else value


def as_javascript(value: Object) -> Object:
    """`.js_object` of what the SDK wraps."""
    made = Object(value.kind, dict(value.slots), value.place, value.extra)
    made.slots["js"] = True
    return made


def is_javascript(value: Value) -> bool:
    return isinstance(value, Object) and bool(value.slots.get("js"))


def sdk_headers(held: Object) -> Object:
    """`request.headers` of the SDK, which is no `Headers` of JavaScript."""
    return Object("Headers", held.slots, held.place, _HEADERS)


def coroutine(host: Any, run: Callable[[], Value], span: Span | None) -> Object:
    """What a call of an async function gives: nothing runs before it is awaited."""
    return Object("Coroutine", {"state": "new"}, span, run)


def settle(host: Any, held: Object) -> Value:
    """`await` of a coroutine or a task."""
    known = held.slots.get("outcome", ABSENT)
    if known is ABSENT:
        known = promise.caught(host, held.extra)
        host.put(held.slots, "outcome", known)
    return host.each(known, lambda one: _outcome(host, one, held))


def _outcome(host: Any, value: Value, held: Object) -> Value:
    if isinstance(value, promise.Rejected):
        host.leave("throw", value.value, value.span or held.place, value.text)
    return value


# workers.Response and workers.Request


def response(host: Any, call: Invocation) -> Value:
    """`Response(body, status=…, headers=…, web_socket=…)`."""
    given = placed(host, call, _RESPONSE, "Response.__init__")
    body = host.known(given.pop("body", None))
    return host.each(body, lambda held: _response(host, held, given, call))


def _response(host: Any, body: Value, given: dict[str, Value], call: Invocation) -> Value:
    if isinstance(body, Object):
        if body.kind == "Response" and is_javascript(body):
            return Object(
                "Response", {key: held for key, held in body.slots.items() if key != "js"}, call.span, body
            )
        if containers.is_own(body) or body.kind in ("Response", "Instance", "Coroutine"):
            name = "Response" if body.kind == "Response" else containers.type_name(body)
            fail(host, f"TypeError: Unsupported type in Response: {name}", call.span)
    if isinstance(body, bool | int | float):
        fail(host, f"TypeError: Unsupported type in Response: {containers.type_name(body)}", call.span)
    return response_model.build(host, body, init(host, given, call), call.span)


def init(host: Any, given: dict[str, Value], call: Invocation) -> Object:
    """The keyword arguments of a response as the init that JavaScript takes."""
    made = Object("Object", {}, call.span)
    for name, key in (("status", "status"), ("web_socket", "webSocket"), ("headers", "headers")):
        value = host.known(given.get(name, UNDEFINED))
        if value is UNDEFINED or (value is None and name != "status"):
            continue
        made.slots[("p", key)] = headers_of(host, value, call) if name == "headers" else value
    if call.open:
        made.slots["open"] = True
    return made


def headers_of(host: Any, value: Value, call: Invocation) -> Value:
    """A `headers` argument of the SDK."""

    def one(held: Value) -> Value:
        if isinstance(held, Object) and held.kind == "Headers" and held.extra == _HEADERS:
            fail(host, UNEXPECTED_HEADERS, call.span)
        return to_js(host, held)

    return host.each(value, one)


def response_json(host: Any, call: Invocation) -> Value:
    given = placed(host, call, ("data", "status", "status_text", "headers"), "Response.json")
    given.pop("data", None)
    return response_model.build(host, "{}", init(host, given, call), call.span)


def request(host: Any, call: Invocation) -> Value:
    """`Request(url, method=…, headers=…, body=…)`."""
    return request_model.build(host, with_init(host, call))


def with_init(host: Any, call: Invocation) -> Invocation:
    """A call whose keyword arguments are an init of JavaScript's."""
    arguments = [to_js(host, value) for value in call.arguments]
    if call.keywords:
        options = Object("Object", {}, call.span)
        for name, value in call.keywords.items():
            options.slots[("p", name)] = (
                headers_of(host, value, call) if name == "headers" else to_js(host, value)
            )
        if call.open:
            options.slots["open"] = True
        arguments = [*arguments[:1], options]
    return Invocation(call.name, call.this, arguments, call.span, {}, call.new, call.open, call.unit)


# workers and js


def called(host: Any, specifier: str, name: str, call: Invocation) -> Value:
    """A name of `workers` or of `js` that is called; NotImplemented for one that is JavaScript's own."""
    if specifier == "workers":
        if name == "Response":
            return response(host, call)
        if name in ("Response.json", "Response.from_json"):
            return response_json(host, call)
        if name == "Request":
            return request(host, call)
        if name == "fetch":
            given = with_init(host, call)
            return coroutine(host, lambda: host.awaited(GLOBALS["fetch"](host, given), call.span), call.span)
        if name in ("Response.redirect", "Response.error"):
            return GLOBALS[name](host, with_init(host, call))
        if name == "python_from_rpc" or name == "python_to_rpc":
            return call.argument(0)
        return NotImplemented
    if name in _NEW and not call.new:
        host.throw(needs_new(name), call.span)
    if name in GLOBALS or name == "console.log":
        return _javascript(host, name, call)
    return NotImplemented


def _javascript(host: Any, name: str, call: Invocation) -> Value:
    arguments = [to_js(host, value) for value in call.arguments]
    if call.keywords:  # Pyodide hands them over as one object at the end
        options = Object("Object", {}, call.span)
        for key, value in call.keywords.items():
            options.slots[("p", key)] = to_js(host, value)
        arguments.append(options)
    given = Invocation(name, call.this, arguments, call.span, {}, call.new, call.open, call.unit)
    if name == "console.log":
        return None
    made = GLOBALS[name](host, given)
    if name in ("Response", "Request", "Response.json", "Response.redirect") and isinstance(made, Object):
        made.slots["js"] = True
    return made


# pyodide.ffi


def proxy(host: Any, call: Invocation) -> Value:
    """`create_proxy(value)`, `create_once_callable(value)`."""
    return call.argument(0)


def converted(host: Any, call: Invocation) -> Value:
    """`to_js(value, …)`."""
    return host.lift(lambda held: _converted(host, held, call), call.argument(0))


def _converted(host: Any, value: Value, call: Invocation) -> Value:
    made = to_js(host, value)
    if isinstance(made, Object) and made.kind == "Set" and made.extra == "set":
        return Object("Set", dict(made.slots), made.place)
    return made


def back(host: Any, value: Value) -> Value:
    """`.to_py()`."""
    from wslint.runtime.collections import key_of

    if not isinstance(value, Object):
        return value
    if value.kind == "Array":
        return Object("Array", dict(value.slots), value.place, "list")
    if value.kind == "Object":
        slots = {
            key_of(slot[1]): held
            for slot, held in value.slots.items()
            if isinstance(slot, tuple) and slot[0] == "p"
        }
        if value.slots.get("open") or "escaped" in value.slots:
            slots["open"] = value.slots.get("open") or True
        return Object("Map", slots, value.place, "dict")
    if value.kind in ("Map", "Set"):
        return Object(value.kind, dict(value.slots), value.place, "dict" if value.kind == "Map" else "set")
    return value
