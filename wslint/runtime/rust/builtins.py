"""Functions of the worker crate and the standard library, by the last two parts of their paths."""

from __future__ import annotations

from typing import Any

from wslint.runtime import fresh
from wslint.runtime import headers as headers_model
from wslint.runtime import request as request_model
from wslint.runtime import socket as socket_model
from wslint.runtime import url as url_model
from wslint.runtime.context import _auto_response
from wslint.runtime.frameworks import routes
from wslint.runtime.rust import standard
from wslint.runtime.rust.names import BUILTINS, builtin, on
from wslint.runtime.rust.results import attempt, bare, future
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

_QUIET = frozenset(
    [
        "std",
        "core",
        "alloc",
        "serde_json",
        "serde",
        "chrono",
        "uuid",
        "rand",
        "getrandom",
        "base64",
        "hex",
        "futures",
        "futures_util",
        "console_error_panic_hook",
        "log",
        "tracing",
        "Date",
        "Duration",
        "Instant",
        "SystemTime",
        "Ordering",
        "Uuid",
        "Regex",
        "Value",
        "Map",
        "Number",
        "Utc",
        "DateTime",
        "Delay",
        "Context",
        "Cors",
        "Method",
        "Array",
        "JsValue",
        "Uint8Array",
        "String",
        "Vec",
        "mem",
        "fmt",
        "iter",
        "cmp",
        "str",
        "char",
        "u8",
        "u16",
        "u32",
        "u64",
        "usize",
        "i32",
        "i64",
        "f64",
        "bool",
        "i8",
        "i16",
        "u128",
        "f32",
        "isize",
        "thread_rng",
        "ScheduledTime",
        "Arc",
        "Rc",
        "Box",
        "RefCell",
        "Cell",
        "Mutex",
        "Default",
        "From",
        "Into",
        "Error",
        "D1Database",
        "Utf8Error",
        "Cow",
        "Iterator",
        "Option",
        "Result",
        "Ok",
        "Some",
        "Err",
        "Math",
        "js_sys",
        "web_sys",
        "once",
        "tracing_subscriber",
        "set_once",
        "engine",
        "STANDARD",
        "URL_SAFE_NO_PAD",
        "CorsOptions",
        "TryFrom",
        "PathBuf",
        "Path",
    ]
)
"""Types and crates whose functions neither panic on what is ordinary nor change what they are given."""

_OWN_TYPES = frozenset(
    [
        "str",
        "String",
        "char",
        "u8",
        "u16",
        "u32",
        "u64",
        "usize",
        "i32",
        "i64",
        "Option",
        "Result",
        "Vec",
        "ToString",
        "ToOwned",
        "Clone",
        "Iterator",
        "Url",
        "Value",
    ]
)
"""Types whose methods are called as functions too (`str::to_string`)."""


def called(host: Any, name: str, call: Invocation) -> Value | None:
    """A call of a name from outside the project; None where nothing is known of it."""
    found = BUILTINS.get(name)
    if found is not None:
        return found(host, call)
    root, _, last = name.rpartition(".")
    if last in ("default", "new", "with_capacity") and root in standard.EMPTY:
        return standard.empty(host, Invocation(name, call.this, [], call.span))
    if root in _OWN_TYPES and call.arguments:
        from wslint.runtime.rust import methods

        given = Invocation(
            last, call.arguments[0], call.arguments[1:], call.span, call.keywords, unit=call.unit
        )
        return host.each(call.arguments[0], lambda held: methods.of_value(host, held, given))
    if any(part in _QUIET for part in name.split(".")):
        made = fresh.marked(Unknown(f"`{name.replace('.', '::')}`", call.span, "unread"), name)
        made.known["quiet"] = True
        return made
    if last in ("with", "with_borrow", "with_borrow_mut") and call.arguments:  # `thread_local!`
        return host.call(call.argument(0), [Unknown(f"what `{root}` holds", call.span)], call.span)
    return None


# The worker crate


@builtin("WebSocketPair.new")
def _pair(host: Any, call: Invocation) -> Value:
    return socket_model.pair(host, call)


@builtin("WebSocket.connect", "WebSocket.connect_with_protocols")
def _connect(host: Any, call: Invocation) -> Value:
    return future(call.span, lambda machine, at: Unknown("a socket to another server", call.span, "world"))


@builtin("WebSocketRequestResponsePair.new")
def _auto(host: Any, call: Invocation) -> Value:
    given = Invocation(call.name, UNDEFINED, [bare(host, value) for value in call.arguments], call.span)
    return attempt(host, lambda: _auto_response(host, given))


@builtin("Url.parse", "Url.parse_with_params")
def _parse(host: Any, call: Invocation) -> Value:
    given = Invocation("URL", UNDEFINED, [bare(host, call.argument(0))], call.span)
    return attempt(host, lambda: url_model.construct(host, given))


@builtin("Headers.new", "Headers.default", "Headers.from_iter")
def _headers(host: Any, call: Invocation) -> Value:
    return headers_model.made({}, call.span, complete=call.name != "Headers.from_iter")


@builtin("RequestInit.new", "RequestInit.default")
def _init(host: Any, call: Invocation) -> Value:
    return Object("Object", {"rust": True}, call.span)


@on("Object", "with_method", "with_headers", "with_body", "with_redirect", "with_cf_properties")
def _init_with(host: Any, call: Invocation) -> Value:
    name = call.name.removeprefix("with_")
    if name in ("method", "headers", "body"):
        host.put(call.this.slots, ("p", name), bare(host, call.argument(0)))
    return call.this


@builtin("Request.new", "Request.new_with_init")
def _request(host: Any, call: Invocation) -> Value:
    init = bare(host, call.argument(1))
    if call.name == "Request.new":
        init = Object("Object", {("p", "method"): init}, call.span)
    given = Invocation("Request", UNDEFINED, [bare(host, call.argument(0)), init], call.span, unit=call.unit)
    return attempt(host, lambda: request_model.build(host, given))


@builtin("Fetch.Request", "Fetch.Url")
def _fetch(host: Any, call: Invocation) -> Value:
    return Object("Fetch", {"request": call.argument(0)}, call.span)


@on("Fetch", "send", "send_with_signal")
def _sent(host: Any, call: Invocation) -> Value:
    from wslint.runtime.globals import fetch
    from wslint.runtime.rust.results import ready

    given = Invocation(
        "fetch", UNDEFINED, [bare(host, call.this.slots["request"])], call.span, unit=call.unit
    )
    return ready(host, call.span, lambda: fetch(host, given))


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE")
CONSTANTS: dict[str, Value] = {f"Method.{name.capitalize()}": name for name in METHODS}
CONSTANTS |= {f"Method.{name}": name for name in METHODS}
CONSTANTS |= {"f64.NAN": float("nan"), "f64.INFINITY": float("inf"), "f32.NAN": float("nan")}
CONSTANTS |= {f"{kind}.MAX": 2.0**bits - 1 for kind, bits in (("u8", 8), ("u16", 16), ("u32", 32))}


# The router


@builtin("Router.new", "Router.with_data")
def _router(host: Any, call: Invocation) -> Value:
    made = routes.Router("workers-rs")
    made.options["data"] = call.argument(0)
    return Object("App", {}, call.span, made)
