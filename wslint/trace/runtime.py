"""The runtime's globals: what `new Response(…)`, `Object.values(…)` and their kin give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.text import Span
from wslint.trace import (
    forwards,
    makers,
    python,
    routers,
)
from wslint.trace.values import (
    UNDEFINED,
    GaveUp,
    Global,
    Known,
    Obj,
    Scope,
    Unknown,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_HARMLESS = frozenset(
    {"console", "crypto", "Date", "performance", "Math", "Number", "Symbol", "Intl", "Reflect"}
)
_OBJECTS = frozenset({"Date", "TextEncoder", "TextDecoder", "AbortController", "Uint8Array", "ArrayBuffer",
                      "WeakRef", "URLSearchParams", "FormData", "Blob", "Proxy", "Int32Array", "DataView",
                      "ReadableStream", "TransformStream", "AsyncLocalStorage"})  # fmt: skip
_GLOBALS = (
    _HARMLESS
    | _OBJECTS
    | frozenset(
        {
            "JSON",
            "Object",
            "Array",
            "String",
            "Boolean",
            "Promise",
            "Map",
            "Set",
            "RegExp",
            "URL",
            "URLPattern",
            "Response",
        }
        | {
            "Request",
            "Headers",
            "WebSocket",
            "WebSocketPair",
            "AbortSignal",
            "structuredClone",
            "atob",
            "btoa",
            "BigInt",
        }
        | {
            "super",
            "self",
            "globalThis",
            "parseInt",
            "parseFloat",
            "isNaN",
            "isFinite",
            "encodeURI",
            "decodeURI",
            "caches",
        }
        | {
            "Error",
            "Event",
            "EventTarget",
            "MessageEvent",
            "CloseEvent",
            "CustomEvent",
            "scheduler",
            "navigator",
            "require",
        }
        | {
            "clearTimeout",
            "clearInterval",
            "HTMLRewriter",
            "CryptoKey",
            "File",
            "Buffer",
            "process",
            "WebAssembly",
            "Atomics",
        }
        | {
            "CompressionStream",
            "DecompressionStream",
            "TextDecoderStream",
            "TextEncoderStream",
            "EventSource",
            "eval",
        }
        | {
            "Function",
            "Uint16Array",
            "Uint32Array",
            "Float32Array",
            "Float64Array",
            "Int8Array",
            "Int16Array",
            "import",
        }
        | {
            "MessageChannel",
            "reportError",
            "WritableStream",
            "FinalizationRegistry",
            "WeakMap",
            "WeakSet",
            "escape",
        }
        | {
            "encodeURIComponent",
            "decodeURIComponent",
            "addEventListener",
            "fetch",
            "WebSocketRequestResponsePair",
        }
    )
)
"""What the runtime has; of an undeclared name that is none of these, nothing is known."""

_LATER = frozenset({"setTimeout", "setInterval", "queueMicrotask", "setImmediate"})


def call(
    machine: Machine, target: Global, arguments: list[Val], span: Span, scope: Scope, node: tree.Call | None
) -> Val:
    """`name(…)` or `new name(…)` of a name from outside the project."""
    name = target.name.removeprefix("js.").removeprefix("globalThis.").removeprefix("self.")
    if target.specifier and target.specifier not in ("js", "workers", "cloudflare:workers"):
        made = routers.imported(machine, target, arguments, span, scope)
        if made is None and python.is_python(scope.file):
            made = python.imported(machine, target, arguments, span)
        if made is not None:
            return made
        return machine.unknown_call(name, span, arguments)
    if python.is_python(scope.file):
        made = python.builtin(machine, name, arguments, span)
        if made is not None:
            return made
    if node is not None and node.keywords:
        made = python.call(machine, name, node, arguments, span, scope)
        if made is not None:
            return made
    maker = makers.MAKERS.get(name.removesuffix(".new"))
    if maker is not None:
        return maker(machine, arguments, span, scope)
    root = name.split(".")[0]
    if name == "workers-rs Router":
        return routers.App(span, "workers-rs")
    if name == "fetch":
        return forwards.outside(machine, arguments, span)
    if name in _LATER:
        return Unknown("a timer")
    if (name.endswith("Error") and "." not in name) or name == "DOMException":
        return Obj({"name": name, "message": arguments[0] if arguments else ""})
    if name in _OBJECTS:
        return Known(name)
    if root in _HARMLESS:
        return UNDEFINED if root == "console" else Unknown(f"`{name}()`")
    if name.startswith("super."):
        if target.specifier == "" and name == "super.__init__":
            return UNDEFINED
        return machine.unknown_call(name, span, arguments)
    if root not in _GLOBALS and scope.file.path.suffix not in (".py", ".rs"):
        raise GaveUp(f"`{root}` is declared nowhere that wslint reads", span.head())
    if name in ("AbortSignal.timeout", "structuredClone", "atob", "btoa"):
        return Unknown(f"`{name}`")
    return machine.unknown_call(name, span, arguments)
