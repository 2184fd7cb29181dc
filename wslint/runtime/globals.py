"""The runtime's globals: what `name(…)` and `new name(…)` give that no module declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.runtime import (
    arrays,
    collections,
    context,
    env,
    fresh,
    headers,
    lists,
    namespace,
    object_statics,
    outside,
    promise,
    request,
    response,
    socket,
    startup,
    storage,
    text,
    url,
    url_pattern,
)
from wslint.runtime.model import GLOBALS, Model, maker
from wslint.values.event import Cleared, Timer
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value, leaves

if TYPE_CHECKING:
    from wslint.machine.scope import Global
    from wslint.runtime import python, rust
else:
    python = Late("wslint.runtime.python")
    rust = Late("wslint.runtime.rust")

REGISTERED = (
    arrays,
    collections,
    context,
    env,
    headers,
    lists,
    namespace,
    object_statics,
    promise,
    request,
    response,
    socket,
    storage,
    text,
    url,
    url_pattern,
)
"""The modules whose members and makers are there as soon as this one is."""

DATE = Model("Date")
PLAIN = Model("Plain")
"""An object of the runtime that has nothing to do with sockets: its methods are harmless."""

CONSTANTS: dict[str, Value] = {
    "WebSocket.OPEN": 1.0,
    "WebSocket.CONNECTING": 0.0,
    "WebSocket.CLOSING": 2.0,
    "WebSocket.CLOSED": 3.0,
    "WebSocket.READY_STATE_OPEN": 1.0,
    "WebSocket.READY_STATE_CONNECTING": 0.0,
    "WebSocket.READY_STATE_CLOSING": 2.0,
    "WebSocket.READY_STATE_CLOSED": 3.0,
    "Number.MAX_SAFE_INTEGER": float(2**53 - 1),
}

_HARMLESS = frozenset(
    [
        "console",
        "crypto",
        "performance",
        "Math",
        "Symbol",
        "Intl",
        "Reflect",
        "navigator",
        "Number",
        "Atomics",
        "Date",
    ]
)
"""Names whose members neither throw nor change what they are given."""

_OBJECTS = frozenset(
    [
        "TextEncoder",
        "TextDecoder",
        "AbortController",
        "Uint8Array",
        "ArrayBuffer",
        "WeakRef",
        "FormData",
        "Blob",
        "Int32Array",
        "DataView",
        "ReadableStream",
        "TransformStream",
        "IdentityTransformStream",
        "FixedLengthStream",
        "WritableStream",
        "Event",
        "CustomEvent",
        "EventTarget",
        "MessageEvent",
        "CloseEvent",
        "CompressionStream",
        "DecompressionStream",
        "TextDecoderStream",
        "TextEncoderStream",
        "File",
        "Uint16Array",
        "Uint32Array",
        "Float32Array",
        "Float64Array",
        "Int8Array",
        "Int16Array",
        "AsyncLocalStorage",
        "FinalizationRegistry",
        "MessageChannel",
        "Date",
        "Uint8ClampedArray",
        "BigInt64Array",
        "BigUint64Array",
        "HTMLRewriter",
        "Intl.DateTimeFormat",
        "Intl.NumberFormat",
    ]
)
_FUNCTIONS = frozenset(
    [
        "structuredClone",
        "atob",
        "btoa",
        "BigInt",
        "encodeURI",
        "decodeURI",
        "caches",
        "reportError",
        "escape",
        "unescape",
        "require",
        "eval",
        "Function",
        "Buffer",
        "process",
        "WebAssembly",
        "scheduler",
        "Proxy",
        "EventSource",
        "CryptoKey",
        "AbortSignal",
        "import",
        "Error",
        "DOMException",
        "clearTimeout",
        "clearInterval",
        "setTimeout",
        "setInterval",
        "queueMicrotask",
        "setImmediate",
        "addEventListener",
        "fetch",
        "Object",
        "Array",
        "String",
        "Boolean",
        "JSON",
        "globalThis",
        "self",
        "Iterator",
        "SuppressedError",
        "DisposableStack",
    ]
)
_LATER = ("setTimeout", "setInterval", "queueMicrotask", "setImmediate")
_DRAWN = ("crypto.randomUUID", "crypto.getRandomValues")
_AT_WORK = ("AbortSignal.timeout", "CompressionStream", "DecompressionStream")
"""What takes a request's time or work."""

_CACHED = ("caches.default.match", "caches.default.put", "caches.default.delete")
_RANDOM = ("crypto.randomUUID", "Math.random", "crypto.getRandomValues", "Date.now", "performance.now")


def is_global(name: str) -> bool:
    """Whether the runtime has a global of this name."""
    return (
        name in GLOBALS
        or name in _HARMLESS
        or name in _OBJECTS
        or name in _FUNCTIONS
        or any(known.startswith(name + ".") for known in GLOBALS)
    )


def call(host: Any, target: Global, call: Invocation) -> Value:
    """`name(…)` or `new name(…)` of a name from outside the project."""
    name = target.name.removeprefix("js.").removeprefix("globalThis.").removeprefix("self.")
    given = Invocation(
        name, call.this, call.arguments, call.span, call.keywords, call.new, call.open, call.unit
    )
    if call.unit is not None and call.unit.language.name == "python":
        made = python.call(host, target, call)
        if made is not NotImplemented:
            return made
    if target.specifier and target.specifier not in ("js", "workers", "cloudflare:workers"):
        from wslint.runtime import imports

        return imports.called(host, target, given)
    from wslint.machine.language import language_of

    language = (call.unit.language if call.unit is not None else language_of(call.span.file.path)).name
    if language == "rust":
        made = rust.builtin(host, name, given)
        if made is not None:
            return made
    found = GLOBALS.get(name) or GLOBALS.get(name.removesuffix(".new"))
    if found is not None:
        return found(host, given)
    return _other(host, name, given, language)


def _other(host: Any, name: str, call: Invocation, language: str) -> Value:
    root = name.split(".")[0]
    if (name.endswith("Error") and "." not in name) or name in ("DOMException", "Exception"):
        return _error(host, name, call)
    if name in _AT_WORK and startup.is_loading(host, call.span):
        startup.refuse(host, call.span)
    if name in _OBJECTS or root in ("Intl",):
        for value in call.arguments:
            if name in ("Proxy", "WeakRef"):
                host.escape(value, name)
        kind = name if name in ("Blob", "ArrayBuffer", "Uint8Array", "Date") else "Plain"
        return Object("Plain" if kind != "Date" else "Date", {}, call.span, name)
    if name in _DRAWN:
        startup.refuse(host, call.span)
    if name in _RANDOM:
        return fresh.marked(Unknown(f"`{name}()`", call.span, "world"), name)
    if name in ("Symbol", "Symbol.for"):
        return Object("Symbol", {}, call.span)
    if root in _HARMLESS:
        if root == "console":
            return UNDEFINED
        if root == "crypto" and name.startswith("crypto.subtle"):
            drawn = startup.rejected(host, call) if name == "crypto.subtle.generateKey" else None
            if drawn is not None:
                return drawn
            return promise.made(Unknown(f"`{name}()`", call.span, "world"), call.span)
        return Unknown(f"`{name}()`", call.span, "world")
    if language == "javascript" and not is_global(root) and not host.loading:
        host.give_up(f"`{root}` is declared nowhere that wslint reads", call.span.head())
    if name == "scheduler.wait":
        waited = startup.rejected(host, call)
        if waited is not None:
            return waited
        host.note(Timer, call.span, name="setTimeout", delay=host.known(call.argument(0)), owner=host.object)
    if name in (
        "AbortSignal.timeout",
        "atob",
        "btoa",
        "AbortSignal.any",
        "scheduler.wait",
        "BigInt",
    ):
        made_value = Unknown(f"`{name}`", call.span, "world")
        return promise.made(made_value, call.span, "a timer") if name == "scheduler.wait" else made_value
    if root == "caches":
        if name == "caches.open":
            return promise.made(Object("Plain", {}, call.span, "Cache"), call.span)
        asked = startup.rejected(host, call) if name in _CACHED else None
        return asked if asked is not None else _cache(host, call)
    return host.unread_call(name, call.span, call.arguments)


def _error(host: Any, name: str, call: Invocation) -> Value:
    """`new Error(message, { cause })` and its kin."""
    at = 1 if name == "AggregateError" else 0
    message = host.known(call.argument(at))
    if isinstance(message, (bool, float)) or message is None:
        from wslint.machine.operators import text_of

        message = text_of(message)
    made = Object("Error", {"name": name, "message": "" if message is UNDEFINED else message}, call.span)
    options = host.known(call.argument(at + 1))
    if isinstance(options, Object) and ("p", "cause") in options.slots:
        made.slots[("p", "cause")] = options.slots[("p", "cause")]
    if at:
        made.slots[("p", "errors")] = call.argument(0)
    return made


@maker(*_LATER)
def _timer(host: Any, call: Invocation) -> Value:
    """The function runs later: what it does then is not this scene's."""
    if call.name != "queueMicrotask":
        startup.refuse(host, call.span)
    made = Object("Plain", {}, call.span, "Timer")
    delay = host.known(call.argument(1))
    host.note(Timer, call.span, name=call.name, delay=delay, owner=host.object, timer=made)
    host.run_later(call.argument(0), call.arguments[2:], call.span)
    return made


@maker("clearTimeout", "clearInterval")
def _clear(host: Any, call: Invocation) -> Value:
    if isinstance(host.known(call.argument(0)), float):
        startup.refuse(host, call.span)
    for held in leaves(host.known(call.argument(0))):
        if isinstance(held, Object):
            host.note(Cleared, call.span, timer=held)
    return UNDEFINED


@maker("addEventListener")
def _listener(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@maker("Event", "CustomEvent")
def _event(host: Any, call: Invocation) -> Value:
    return Object("Plain", {}, call.span, "Event")


@maker("fetch")
def fetch(host: Any, call: Invocation) -> Value:
    """The global `fetch`: what comes back is not known, and it may fail."""
    early = startup.rejected(host, call)
    return early if early is not None else outside.asked(host, call)


# Harmless objects


@PLAIN.method("()")
def _called(host: Any, call: Invocation) -> Value:
    return Unknown("what it gives", call.span)


def _quiet(host: Any, call: Invocation) -> Value:
    from wslint.machine.scope import Closure

    for value in call.arguments:
        if isinstance(value, Closure):
            host.run_later(value, [], call.span)
    first = host.known(call.argument(0)) if call.arguments else UNDEFINED
    owner = first.owner if isinstance(first, Unknown) else "world"
    made = Unknown(f"`{call.name}()`", call.span, owner)
    kind = call.this.extra if isinstance(call.this, Object) else ""
    if kind == "HTMLRewriter":
        return call.argument(0) if call.name == "transform" else call.this
    if kind == "TextDecoder" and call.name == "decode":
        made.known["type"] = "string"
    if kind in ("Blob", "Cache") and call.name in ("text", "arrayBuffer", "match", "put", "delete"):
        return promise.made(made, call.span)
    return made


class _Any(dict[str, Any]):
    """Whatever method is asked for is a harmless one."""

    def get(self, key: str, default: Any = None) -> Any:
        return dict.get(self, key) or (default if key.startswith("__") else _quiet)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key != "()"

    def __getitem__(self, key: str) -> Any:
        return dict.get(self, key) or _quiet


def _part(host: Any, plain: Object, name: str, span: Any) -> Value:
    """A property of a harmless object: one more of them, or, of what holds data, something that is not known."""
    held = plain.slots.get(("part", name))
    if held is None:
        kind = str(plain.extra)
        made: Value = Object("Plain", {}, span, f"{kind}.{name}")
        if kind in _DATA or "." in kind:
            made = Unknown(f"`{name}` of {kind}", span, "world")
        held = plain.slots[("part", name)] = made
    return held


_DATA = frozenset(
    [
        "ArrayBuffer",
        "Blob",
        "DataView",
        "Date",
        "File",
        "FormData",
        "TextDecoder",
        "TextEncoder",
        "BigInt64Array",
        "BigUint64Array",
        "Float32Array",
        "Float64Array",
        "Int8Array",
        "Int16Array",
        "Int32Array",
        "Uint8Array",
        "Uint8ClampedArray",
        "Uint16Array",
        "Uint32Array",
    ]
)


PLAIN.named = _part
PLAIN.methods = _Any()
DATE.methods = _Any()


def _cache(host: Any, call: Invocation) -> Value:
    if call.name.endswith(".put"):
        held = host.known(call.argument(1))
        if response.is_upgrade(host, held):
            return promise.made(
                promise.Rejected(
                    Object("Error", {"name": "TypeError"}),
                    "TypeError: Cannot cache a response to a WebSocket handshake.",
                    call.span,
                ),
                call.span,
            )
    return env.outside(host, call.name, Unknown("what the cache has", call.span, "world"), call.span)
