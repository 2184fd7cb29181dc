"""The worker crate's bindings, sockets, and a Durable Object's state and storage over the runtime's."""

from __future__ import annotations

from typing import Any

from wslint.runtime import env as env_model
from wslint.runtime.arrays import array
from wslint.runtime.names import HIBERNATING
from wslint.runtime.rust.iterators import iterator
from wslint.runtime.rust.lists import option
from wslint.runtime.rust.names import on, runtime, tried
from wslint.runtime.rust.results import attempt, bare, err, future, ok, panic, some
from wslint.runtime.rust.worker import optional
from wslint.runtime.storage import SQL
from wslint.runtime.text import json_of
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Choice, OneOf, Unknown, Value

# Bindings

_KINDS = {"durable_object": "DurableObjectNamespace", "service": "Fetcher", "assets": "Assets"}
_STORES = ("kv", "d1", "bucket", "queue", "ai", "get_binding", "hyperdrive", "analytics_engine", "rate_limiter", "vectorize",
           "send_email", "workflow", "dynamic_dispatcher", "secret_store", "object_var")  # fmt: skip


@on("Environment", "durable_object", "service", "assets", "var", "secret", *_STORES)
def _binding(host: Any, call: Invocation) -> Value:
    """A binding as a Result: `Err` where the configuration has none of the name and the kind."""

    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return Unknown("a binding", call.span)
        held = host.known(env_model.read(host, call.this, name, call.span))
        undeclared = held is UNDEFINED or (isinstance(held, Unknown) and held.known.get("undeclared"))
        if call.name in ("var", "secret", "object_var"):
            if held is UNDEFINED:
                return _no_binding(name, call)
            return held if undeclared else ok(host, held)
        if undeclared:
            return _no_binding(name, call)
        kind = _KINDS.get(call.name)
        if (
            kind is not None
            and not isinstance(held, Unknown)
            and (not isinstance(held, Object) or held.kind != kind)
        ):
            return _no_binding(name, call, "cannot be cast to the type")
        return ok(host, held)

    return host.each(bare(host, call.argument(0)), one)


def _no_binding(name: str, call: Invocation, why: str = "is undefined.") -> Object:
    text = f"Binding `{name}` {why}"
    return err(text, call.span, f"Error: {text}")


@on("DurableObjectNamespace", "id_from_name", "id_from_string", "unique_id", "get_by_name", "unique_id_with_jurisdiction",
    "get_by_name_with_location_hint")  # fmt: skip
def _namespace(host: Any, call: Invocation) -> Value:
    names = {"id_from_name": "idFromName", "id_from_string": "idFromString"}
    if call.name.startswith("unique_id"):
        return tried(host, call, "newUniqueId")
    name = names.get(call.name, "getByName")
    return tried(host, call, name, call.argument(0))


@on("DurableObjectId", "get_stub", "get_stub_with_location_hint", "name", "to_string")
def _identity(host: Any, call: Invocation) -> Value:
    identity: Object = call.this
    if call.name == "name":
        return option(host, identity.slots["name"], call)
    if call.name == "to_string":
        return runtime(host, call, "toString")
    if not isinstance(identity.extra, Object):
        return err(
            "Cannot get stub from within a Durable Object",
            call.span,
            "Error: Cannot get stub from within a Durable Object",
        )
    from wslint.runtime.namespace import NAMESPACE

    return attempt(
        host, lambda: NAMESPACE.methods["get"](host, Invocation("get", identity.extra, [identity], call.span))
    )


@on("DurableObject", "fetch_with_request", "fetch_with_str", "fetch")
@on("Fetcher", "fetch", "fetch_request")
@on("Assets", "fetch", "fetch_request")
def _fetch(host: Any, call: Invocation) -> Value:
    given = [_init(host, bare(host, value)) for value in call.arguments]

    def run(machine: Any, at: Any) -> Value:
        held = attempt(machine, lambda: machine.awaited(runtime(machine, call, "fetch", *given), at))
        return machine.each(held, lambda one: _arrived(machine, one, call))

    return future(call.span, run)


_LOSES, _KEEPS = (0, 0, 14), (0, 0, 18)


def _arrived(host: Any, held: Value, call: Invocation) -> Value:
    """An answer of another handler: versions 0.0.14 to 0.0.17 of the crate panic on a socket (0.0.17, run)."""
    worker = call.unit.worker if call.unit is not None else None
    crate = worker.rust_crate if worker is not None else None
    if crate is not None and crate.worker_version is not None and _LOSES <= crate.worker_version < _KEEPS:
        if isinstance(held, Object) and held.kind == "Response" and host.known(held.slots["status"]) == 101:
            panic(host, "the worker crate loses the socket", call.span)
    return held


def _init(host: Any, value: Value) -> Value:
    """A `RequestInit` of the worker crate, or none."""
    return host.lift(lambda held: UNDEFINED if held is None else held, value)


@on(
    "Binding",
    "get",
    "put",
    "delete",
    "list",
    "prepare",
    "batch",
    "exec",
    "send",
    "head",
    "create",
    "run",
    "limit",
    "bind",
    "first",
    "all",
)
def _store(host: Any, call: Invocation) -> Value:
    if call.name in ("prepare", "bind", "get", "put", "list", "delete", "head") and call.name not in (
        "delete",
        "head",
    ):
        return (
            Object("Binding", {}, call.span, call.this.extra) if call.name != "bind" else ok(host, call.this)
        )
    return future(call.span, lambda machine, at: Unknown(f"what `{call.name}` gives", call.span, "world"))


@on("Binding", "execute", "text", "json", "bytes")
def _executed(host: Any, call: Invocation) -> Value:
    return future(call.span, lambda machine, at: Unknown(f"what `{call.name}` gives", call.span, "world"))


# Sockets


@on("WebSocket", "accept", "send_with_str", "send_with_bytes")
def _socket(host: Any, call: Invocation) -> Value:
    return tried(host, call, "accept" if call.name == "accept" else "send", *call.arguments)


@on("WebSocket", "send")
def _send(host: Any, call: Invocation) -> Value:
    """`send` writes JSON."""
    return tried(host, call, "send", json_of(host, call.argument(0), call.span))


@on("WebSocket", "close")
def _close(host: Any, call: Invocation) -> Value:
    given = [
        host.lift(lambda held: UNDEFINED if held is None else held, bare(host, value))
        for value in call.arguments
    ]
    return tried(host, call, "close", *given)


@on("WebSocket", "serialize_attachment", "deserialize_attachment")
def _attachment(host: Any, call: Invocation) -> Value:
    if call.name.startswith("serialize"):
        return tried(host, call, "serializeAttachment", *call.arguments)
    held = host.known(runtime(host, call, "deserializeAttachment"))
    return held if isinstance(held, Unknown) else ok(host, held)


@on("WebSocket", "events")
def _events(host: Any, call: Invocation) -> Value:
    return ok(host, Object("EventStream", {}, call.span))


@on("EventStream", "next")
def _next(host: Any, call: Invocation) -> Value:
    """The next event of a socket; that the stream itself fails is left out: the client has gone then."""
    words = {1: "one more event comes", 2: "the socket has no more events"}

    def run(machine: Any, at: Any) -> Value:
        event = some(machine, ok(machine, Unknown("the event", call.span, "client")))
        return OneOf(Choice("client", call.span, words, 3), ((1, event), (2, None)))

    return future(call.span, run)


# A Durable Object's state


@on("DurableObjectState", "storage", "id")
def _state(host: Any, call: Invocation) -> Value:
    return call.this.slots[call.name]


@on("DurableObjectState", *sorted(HIBERNATING - {"acceptWebSocket"}))
def _accept(host: Any, call: Invocation) -> Value:
    """What the runtime throws, the crate unwraps: it panics."""
    return runtime(host, call, "acceptWebSocket", *call.arguments)


@on("DurableObjectState", "get_websockets", "get_websockets_with_tag", "get_tags")
def _sockets(host: Any, call: Invocation) -> Value:
    return runtime(host, call, "getTags" if call.name == "get_tags" else "getWebSockets", *call.arguments)


@on("DurableObjectState", "set_websocket_auto_response", "get_websocket_auto_response")
def _auto(host: Any, call: Invocation) -> Value:
    if call.name.startswith("set"):
        return runtime(host, call, "setWebSocketAutoResponse", *call.arguments)
    return optional(Unknown("the auto-response", call.span, "world"))


@on("DurableObjectState", "wait_until")
@on("ExecutionContext", "wait_until", "pass_through_on_exception")
def _wait(host: Any, call: Invocation) -> Value:
    from wslint.machine import rust

    if call.name == "wait_until":
        runtime(host, call, "waitUntil", call.argument(0))
        rust.later(host, bare(host, call.argument(0)), call.span)
    return UNDEFINED


@on("DurableObjectState", "block_concurrency_while")
def _gate(host: Any, call: Invocation) -> Value:
    """The crate hands the future over at once."""
    from wslint.machine.scope import Native

    inner = bare(host, call.argument(0))
    function = Native("gate", lambda machine, given: machine.awaited(inner, call.span))
    held = runtime(host, call, "blockConcurrencyWhile", function)
    return future(call.span, lambda machine, at: attempt(machine, lambda: machine.awaited(held, at)))


# Storage

_STORAGE = {
    "put": "put", "delete": "delete", "list": "list", "list_with_options": "list", "get_multiple": "list", "delete_all": "deleteAll",
    "set_alarm": "setAlarm", "get_alarm": "getAlarm", "delete_alarm": "deleteAlarm", "put_multiple": "put", "put_raw": "put",
    "put_multiple_raw": "put", "delete_multiple": "delete", "sync": "sync",
}  # fmt: skip


@on("DurableObjectStorage", *_STORAGE)
def _storage(host: Any, call: Invocation) -> Value:
    name = _STORAGE[call.name]

    def run(machine: Any, at: Any) -> Value:
        given = [] if name in ("list", "deleteAll", "getAlarm", "deleteAlarm", "sync") else call.arguments
        return attempt(machine, lambda: machine.awaited(runtime(machine, call, name, *given), at))

    return future(call.span, run)


@on("DurableObjectStorage", "get", "get_raw")
def _stored(host: Any, call: Invocation) -> Value:
    """What is there: what is not is an `Err` in older versions of the crate and `None` in newer ones."""

    def run(machine: Any, at: Any) -> Value:
        held = machine.awaited(runtime(machine, call, "get", call.argument(0)), at)
        return machine.lift(lambda one: _lacked(machine, call) if one is UNDEFINED else one, held)

    return future(call.span, run)


_OPTION_BEFORE, _OPTION_FROM = (0, 7, 0), (0, 7, 4)


def _lacked(host: Any, call: Invocation) -> Value:
    """What `get` gives where nothing is stored."""
    worker = call.unit.worker if call.unit is not None else None
    crate = worker.rust_crate if worker is not None else None
    version = crate.worker_version if crate is not None else None
    if version is not None and version >= _OPTION_FROM:
        return ok(host, None)
    if version is not None and version < _OPTION_BEFORE:
        return err(Unknown("the error", call.span), call.span, "Error: No such value in storage.")
    return Unknown("what storage lacks", call.span, "world")


@on("DurableObjectStorage", "sql", "kv")
def _sql(host: Any, call: Invocation) -> Value:
    return call.this.slots[call.name]


@on("SqlStorage", "exec", "exec_raw")
def _exec(host: Any, call: Invocation) -> Value:
    """The values stand in one list: how many they are is not looked at."""
    query = [bare(host, value) for value in call.arguments[:1]]
    given = Invocation("exec", call.this, query, call.span, open=True, unit=call.unit)
    return attempt(host, lambda: SQL.methods["exec"](host, given))


@on("SqlStorage", "database_size")
def _size(host: Any, call: Invocation) -> Value:
    return Unknown("the database's size", call.span, "world")


@on("SqlStorageCursor", "to_array", "one", "next", "raw", "column_names", "rows_read", "rows_written")
def _cursor(host: Any, call: Invocation) -> Value:
    if call.name == "one":
        return tried(host, call, "one")
    rows = array((), call.span, "world")
    return (
        ok(host, rows)
        if call.name == "to_array"
        else iterator((), call.span, "world")
        if call.name == "next"
        else Unknown("the rows", call.span, "world")
    )
