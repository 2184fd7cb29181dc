"""Functions of the worker crate and the standard library, by the last two parts of their paths."""

from __future__ import annotations

from typing import Any

from wslint.runtime import headers as headers_model
from wslint.runtime import request as request_model
from wslint.runtime import response as response_model
from wslint.runtime import socket as socket_model
from wslint.runtime import url as url_model
from wslint.runtime.collections import array
from wslint.runtime.context import _auto_response
from wslint.runtime.frameworks import routes
from wslint.runtime.model import Model
from wslint.runtime.rust.iterators import iterator
from wslint.runtime.rust.names import BUILTINS, builtin, on
from wslint.runtime.rust.results import attempt, bare, err, future, is_err, ok, panic, some
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

RANGE = Model("Range")
BUILDER = Model("ResponseBuilder")

_QUIET = frozenset(
    "std core alloc serde_json serde chrono uuid rand getrandom base64 hex futures futures_util console_error_panic_hook log tracing "
    "Date Duration Instant SystemTime Ordering Uuid Regex Value Map Number Utc DateTime Delay Context Cors Method Array JsValue "
    "Uint8Array String Vec mem fmt iter cmp str char u8 u16 u32 u64 usize i32 i64 f64 bool i8 i16 u128 f32 isize thread_rng ScheduledTime "
    "Arc Rc Box RefCell Cell Mutex Default From Into Error D1Database Utf8Error Cow Iterator Option Result Ok Some Err Math js_sys "
    "web_sys once tracing_subscriber set_once engine STANDARD URL_SAFE_NO_PAD CorsOptions TryFrom PathBuf Path".split()
)
"""Types and crates whose functions neither panic on what is ordinary nor change what they are given."""

_OWN_TYPES = frozenset("str String char u8 u16 u32 u64 usize i32 i64 Option Result Vec ToString ToOwned Clone Iterator Url Value".split())
"""Types whose methods are called as functions too (`str::to_string`)."""


def called(host: Any, name: str, call: Invocation) -> Value | None:
    """A call of a name from outside the project; None where nothing is known of it."""
    found = BUILTINS.get(name)
    if found is not None:
        return found(host, call)
    root, _, last = name.rpartition(".")
    if last in ("default", "new", "with_capacity") and root in _EMPTY:
        return _empty(host, Invocation(name, call.this, [], call.span))
    if root in _OWN_TYPES and call.arguments:
        from wslint.runtime.rust import methods

        given = Invocation(last, call.arguments[0], call.arguments[1:], call.span, call.keywords, unit=call.unit)
        return host.each(call.arguments[0], lambda held: methods.of_value(host, held, given))
    if any(part in _QUIET for part in name.split(".")):
        return Unknown(f"`{name.replace('.', '::')}`", call.span, "unread")
    return None


# The standard library


@builtin("Some")
def _some(host: Any, call: Invocation) -> Value:
    return some(host, call.argument(0))


@builtin("Ok")
def _ok(host: Any, call: Invocation) -> Value:
    return ok(host, call.argument(0))


@builtin("Err")
def _err(host: Any, call: Invocation) -> Value:
    value = host.known(call.argument(0))
    return err(value, call.span, value if isinstance(value, str) else host.words_of(value))


@builtin("Box.new", "Rc.new", "Arc.new", "Rc.clone", "Arc.clone", "Box.pin", "String.from", "Cow.from", "Some.from", "Pin.new",
         "Cow.Borrowed", "Cow.Owned", "Wrapping", "AssertSend.new", "String.from_iter", "SendWrapper.new", "Var.from", "Into.into")  # fmt: skip
def _same(host: Any, call: Invocation) -> Value:
    return call.argument(0)


@builtin("RefCell.new", "Cell.new", "Mutex.new", "RwLock.new", "AtomicUsize.new", "AtomicU32.new", "AtomicU64.new", "AtomicBool.new",
         "OnceCell.from")  # fmt: skip
def _cell(host: Any, call: Invocation) -> Value:
    return Object("Cell", {"value": call.argument(0)}, call.span)


@builtin("RefCell.default", "Mutex.default", "OnceCell.new", "Default.default", "Cell.default")
def _default(host: Any, call: Invocation) -> Value:
    held: Value = Unknown("the type's default", call.span)
    if call.name == "OnceCell.new":
        return Object("Cell", {"value": None}, call.span)
    return held if call.name == "Default.default" else Object("Cell", {"value": held}, call.span)


_EMPTY = {
    **dict.fromkeys(("HashMap", "BTreeMap"), "Map"),
    **dict.fromkeys(("HashSet", "BTreeSet"), "Set"),
    **dict.fromkeys(("Vec", "VecDeque"), "Array"),
    "String": "text",
}


def _empty(host: Any, call: Invocation) -> Value:
    kind = _EMPTY[call.name.partition(".")[0]]
    return "" if kind == "text" else array((), call.span) if kind == "Array" else Object(kind, {}, call.span)


@builtin("HashMap.from", "BTreeMap.from", "HashSet.from", "Vec.from", "VecDeque.from", "HashMap.from_iter", "Vec.from_iter")
def _from(host: Any, call: Invocation) -> Value:
    from wslint.runtime.rust.iterators import _into, over

    kind = call.name.partition(".")[0]
    source = host.known(call.argument(0))
    if isinstance(source, str):
        return array([float(byte) for byte in source.encode()], call.span)
    held = over(host, source, call.span)
    if not isinstance(held, Object) or held.kind != "Iterator":
        return Unknown("a collection", call.span)
    items = host.known(held.slots["items"])
    given = Invocation("collect", held, [], call.span, unit=call.unit)
    return _into(host, given, list(items) if isinstance(items, tuple) else [], held.slots.get("open", False), kind)


@builtin("range", "inclusive range")
def _range(host: Any, call: Invocation) -> Value:
    low, high = bare(host, call.argument(0)), bare(host, call.argument(1))
    inclusive = call.name == "inclusive range"
    if isinstance(low, float) and isinstance(high, float) and high - low <= 64:
        numbers = range(int(low), int(high) + (1 if inclusive else 0))
        made = Object("Range", {"low": low, "high": high, "inclusive": inclusive}, call.span)
        made.slots["numbers"] = tuple(float(one) for one in numbers)
        return made
    return Object("Range", {"low": low, "high": high, "inclusive": inclusive}, call.span)


@on("Range", "contains", "iter", "into_iter", "rev", "map", "filter", "find", "any", "all", "collect", "step_by", "take", "skip", "enumerate",
    "for_each", "next", "len", "filter_map", "fold", "zip", "flat_map")  # fmt: skip
def _of_range(host: Any, call: Invocation) -> Value:
    held = call.this
    if call.name != "contains":
        numbers = held.slots.get("numbers")
        made = iterator(numbers or (), call.span, False if numbers is not None else "unread")
        if call.name in ("iter", "into_iter"):
            return made
        from wslint.runtime.rust.names import NAMES

        return NAMES["Iterator"][call.name](host, Invocation(call.name, made, call.arguments, call.span, call.keywords, unit=call.unit))

    def one(value: Value, low: Value, high: Value) -> Value:
        if isinstance(value, Unknown):
            return value.derived(("within", call.span.start), "whether it is within the range", call.span)
        for side, sign in ((low, 1), (high, -1)):
            if side is None:
                continue
            if type(side) is not type(value) or not isinstance(value, (float, str)):
                return Unknown("whether it is within the range", call.span)
            if (value < side if sign > 0 else value > side) or (sign < 0 and value == side and not held.slots["inclusive"]):
                return False
        return True

    return host.lift(one, bare(host, call.argument(0)), held.slots["low"], held.slots["high"])


@builtin("panic!")
def _panic(host: Any, call: Invocation) -> Value:
    first = host.known(call.argument(0))
    return panic(host, first if isinstance(first, str) else "", call.span)


@builtin("json!", "write!", "repeated")
def _made(host: Any, call: Invocation) -> Value:
    if call.name == "json!":
        return Object("Object", {"open": True}, call.span)
    return UNDEFINED if call.name == "write!" else array((), call.span, True)


@builtin("unread macro")
def _macro(host: Any, call: Invocation) -> Value:
    host.doubt("a macro of the project or of a crate is not read", call.span)
    return Unknown("what a macro gives", call.span)


@builtin("getrandom.fill", "getrandom.getrandom", "getrandom")
def _random(host: Any, call: Invocation) -> Value:
    """On Workers the runtime's own generator fills it."""
    host.escape(call.argument(0), call.name)
    return UNDEFINED


@builtin("mem.take", "mem.replace", "mem.swap", "take", "replace", "swap")
def _taken(host: Any, call: Invocation) -> Value:
    return call.argument(0) if not call.name.endswith("swap") else UNDEFINED


@builtin("drop", "set_once", "set_panic_hook", "console_error_panic_hook.set_once", "set_hook", "panic.set_hook")
def _nothing(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@builtin("spawn_local", "wasm_bindgen_futures.spawn_local")
def _spawn(host: Any, call: Invocation) -> Value:
    from wslint.machine import rust

    rust.later(host, bare(host, call.argument(0)), call.span)
    return UNDEFINED


@builtin("Delay.from", "Delay.new", "future.ready", "ready")
def _wait(host: Any, call: Invocation) -> Value:
    from wslint.values.event import Gap

    given = call.argument(0)
    if call.name.startswith("Delay"):
        def run(machine: Any, at: Any) -> Value:
            machine.note(Gap, at, why="a timer")
            return UNDEFINED

        return future(call.span, run)
    return future(call.span, lambda machine, at: given)


@builtin("serde_json.to_string", "serde_json.to_vec", "serde_json.to_value", "serde_json.to_string_pretty", "to_value")
def _json(host: Any, call: Invocation) -> Value:
    text = Unknown("a JSON text", call.span)
    text.known["json"] = call.argument(0)
    return ok(host, text)


@builtin("serde_json.from_str", "serde_json.from_slice", "serde_json.from_value", "from_str", "from_value")
def _parsed(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    if isinstance(held, Unknown):
        return held.derived(("parsed", call.span.start), "what is parsed", call.span)
    return Unknown("what is parsed", call.span)


@builtin("Error.RustError", "Error.from", "Error.JsError", "Error.Internal", "Error.BadEncoding", "Error.new", "worker.Error.from", "Error.Json")
def _error(host: Any, call: Invocation) -> Value:
    first = host.known(call.argument(0))
    if isinstance(first, Object) and first.kind == "Error":
        return first
    return Object("Error", {"name": "Error", "message": first if isinstance(first, str) else ""}, call.span)


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

    given = Invocation("fetch", UNDEFINED, [bare(host, call.this.slots["request"])], call.span, unit=call.unit)
    return ready(host, call.span, lambda: fetch(host, given))


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE")
CONSTANTS: dict[str, Value] = {f"Method.{name.capitalize()}": name for name in METHODS}
CONSTANTS |= {f"Method.{name}": name for name in METHODS}
CONSTANTS |= {f"{kind}.MAX": 2.0**bits - 1 for kind, bits in (("u8", 8), ("u16", 16), ("u32", 32))}


# Responses


@builtin("Response.ok", "Response.from_html", "Response.from_json", "Response.from_bytes", "Response.from_body", "Response.from_stream",
         "Response.empty")  # fmt: skip
def _response(host: Any, call: Invocation) -> Value:
    return response_model.made(200, call.span)


@builtin("Response.error")
def _refused(host: Any, call: Invocation) -> Value:
    def one(status: Value) -> Value:
        if not isinstance(status, float):
            return response_model.made(Unknown("a status", call.span, getattr(status, "owner", "unread")), call.span)
        if not 400 <= status <= 599:
            text = "error status codes must be in the 400-599 range!"
            return err(text, call.span, f"Error: {text}")
        return response_model.made(int(status), call.span)

    return host.lift(one, bare(host, call.argument(1)))


@builtin("Response.redirect", "Response.redirect_with_status")
def _redirect(host: Any, call: Invocation) -> Value:
    status = bare(host, call.argument(1)) if call.name.endswith("status") else 302.0
    if isinstance(status, float) and not 300 <= status <= 399:
        text = "redirect status codes must be in the 300-399 range!"
        return err(text, call.span, f"Error: {text}")
    if isinstance(status, float) and status not in (301, 302, 303, 307, 308):
        return err("Invalid status code", call.span, "RangeError: Invalid status code")
    number = int(status) if isinstance(status, float) else Unknown("a status", call.span)
    return response_model.made(number, call.span, None, headers_model.made({}, call.span, complete=False, immutable=True))


@builtin("Response.from_websocket")
def _upgrade(host: Any, call: Invocation) -> Value:
    def one(end: Value) -> Value:
        return ok(host, response_model.made(101, call.span, end if isinstance(end, Object) else None))

    return host.each(bare(host, call.argument(0)), one)


@on("Response", "with_status", "with_headers", "with_cors", "with_websocket", "with_body", "with_encode_body", "with_cors_unsafe", "with_cf",
    "with_header")  # fmt: skip
def _with(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    value = bare(host, call.argument(0))
    made = Object("Response", dict(held.slots), call.span, held.extra)
    if call.name == "with_status":
        return host.each(value, lambda status: _status(host, made, status, call))
    if call.name == "with_headers" and isinstance(value, Object) and value.kind == "Headers":
        made.slots["headers"] = value
    if call.name == "with_websocket":
        made.slots["socket"] = value if isinstance(value, Object) else None
        if isinstance(value, Object) and host.known(made.slots["status"]) != 101:
            made.slots["status"] = Unknown("the status of a response that is given a socket", call.span)
    return ok(host, made) if call.name in ("with_cors", "with_header") else made


def _status(host: Any, made: Object, status: Value, call: Invocation) -> Value:
    """The status counts when the response goes out: one that no response may have fails there."""
    from wslint.runtime import words

    has_socket = isinstance(host.known(made.slots["socket"]), Object)
    copy = Object("Response", dict(made.slots), call.span, made.extra)
    if isinstance(status, float):
        copy.slots["status"] = int(status)
        if not 200 <= status <= 599 and not (has_socket and status == 101):
            panic(host, words.RANGE, call.span)
        if has_socket and status != 101:
            panic(host, words.WITH_SOCKET, call.span)
    else:
        copy.slots["status"] = Unknown("a status", call.span, getattr(status, "owner", "unread"))
    return copy


@on("Response", "status_code", "websocket", "cloned", "body")
def _read(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    match call.name:
        case "status_code":
            return host.lift(lambda status: float(status) if isinstance(status, int) else status, held.slots["status"])
        case "websocket":
            return host.lift(lambda end: end, held.slots["socket"])
        case "cloned":
            from wslint.runtime.rust.names import tried

            return tried(host, call, "clone")
    return Unknown("the body", call.span, "world")


@builtin("Response.builder", "ResponseBuilder.new")
def _builder(host: Any, call: Invocation) -> Value:
    return Object("ResponseBuilder", {"status": 200.0}, call.span)


@on("ResponseBuilder", "with_status", "with_header", "with_headers", "with_cors", "ok", "empty", "error", "from_json", "from_html", "fixed",
    "body", "stream", "websocket", "with_cf", "from_bytes")  # fmt: skip
def _built(host: Any, call: Invocation) -> Value:
    held: Object = call.this
    if call.name.startswith("with_"):
        made = Object("ResponseBuilder", dict(held.slots), call.span)
        if call.name == "with_status":
            made.slots["status"] = bare(host, call.argument(0))
        return ok(host, made) if call.name == "with_header" else made
    if call.name == "error":
        return _refused(host, call)
    if call.name == "websocket":
        return response_model.made(Unknown("the status of a response that is given a socket", call.span), call.span)
    blank = response_model.made(200, call.span)
    return host.each(held.slots["status"], lambda status: _status(host, blank, status, call))


# The router


@builtin("Router.new", "Router.with_data")
def _router(host: Any, call: Invocation) -> Value:
    made = routes.Router("workers-rs")
    made.options["data"] = call.argument(0)
    return routes.app(made, call.span)


__all__ = ["METHODS", "called", "is_err"]
