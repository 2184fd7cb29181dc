"""`env`: what the configuration binds under each name."""

from __future__ import annotations

from typing import Any

from wslint.runtime import namespace, promise
from wslint.runtime import request as request_model
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.event import Fetched
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value
from wslint.wrangler.located import Value as Located

ENV = Model("Environment")
ASSETS = Model("Assets")
BINDING = Model("Binding")

_METHODS = frozenset(
    [
        "idFromName",
        "idFromString",
        "newUniqueId",
        "getByName",
        "id_from_name",
        "get_by_name",
        "get",
        "put",
        "delete",
        "list",
        "prepare",
        "batch",
        "exec",
        "send",
        "sendBatch",
        "fetch",
        "run",
        "query",
        "writeDataPoint",
        "limit",
        "connect",
        "create",
    ]
)
"""Methods of bindings that no text has: where they are called, the name is no secret's."""


def made(worker: Any) -> Object:
    return Object("Environment", {}, None, worker)


def read(host: Any, env: Object, name: str, span: Span) -> Value:
    """A binding of the Worker. What is not declared may be a secret: then it is unknown."""
    worker = env.extra
    known = env.slots.get(("p", name))
    if known is not None:
        return known
    if worker is None:
        return Unknown(f"`env.{name}`", span)
    value = _bound(worker, name, span)
    env.slots[("p", name)] = value
    return value


ENV.named = read


def _bound(worker: Any, name: str, span: Span) -> Value:
    for binding in worker.config.bindings:
        if binding.name != name:
            continue
        match binding.kind:
            case "durable_objects":
                return namespace.made(worker, name, span)
            case "services":
                return Object("Fetcher", {}, span, (worker, name))
            case "assets":
                return Object("Assets", {}, span, worker)
            case "vars":
                return plain(binding.value)
            case "secrets":
                return Unknown(f"the secret `{name}`", span)
        return Object("Binding", {}, span, (binding.kind, name))
    if any(use.method in _METHODS for use in worker.uses_of(name)) and worker.document.open_at is None:
        return UNDEFINED
    missing = Unknown(f"`env.{name}`", span)
    if worker.document.open_at is None:
        missing.known["undeclared"] = True
    return missing


def plain(value: Located) -> Value:
    """A variable of the configuration, as the code sees it."""
    if value.is_placeholder:
        return Unknown("a placeholder")
    match value.kind:
        case "string":
            return value.string
        case "integer" | "float":
            return float(value.data) if isinstance(value.data, (int, float)) else Unknown("a number")
        case "boolean":
            return value.data
        case "null":
            return None
        case "array":
            return Object("Array", {"items": tuple(plain(item) for item in value.items)}, value.span)
        case "table":
            return Object(
                "Object", {("p", key): plain(entry.value) for key, entry in value.entries.items()}, value.span
            )
    return Unknown("a variable")


@ASSETS.method("fetch")
def _assets(host: Any, call: Invocation) -> Value:
    from wslint.machine import workers

    def run() -> Value:
        request = request_model.build(host, call)
        return host.each(request, lambda held: workers.assets(host, call.this, held, call.span))

    outcome = promise.caught(host, run)
    host.note(Fetched, call.span, target="assets", request=None, response=outcome)
    return promise.made(outcome, call.span, "the assets' answer")


_QUIET = frozenset(
    {"limit", "writeDataPoint", "get", "put", "list", "delete", "send", "sendBatch", "prepare", "run", "head"}
)


@BINDING.method(
    *_QUIET,
    "query",
    "batch",
    "exec",
    "create",
    "getWithMetadata",
    "connect",
    "input",
    "createBatch",
    "insert",
)
def _binding(host: Any, call: Invocation) -> Value:
    """A call of KV, D1, R2, a queue …: it may fail, and what it gives is not known."""
    kind, name = call.this.extra
    if call.name in ("prepare", "writeDataPoint"):
        return Object("Binding", {}, call.span, (kind, name))
    return outside(
        host,
        f"env.{name}.{call.name}",
        Unknown(f"what `env.{name}.{call.name}` gives", call.span, "world"),
        call.span,
    )


@BINDING.method("bind", "first", "all", "raw")
def _statement(host: Any, call: Invocation) -> Value:
    _kind, name = call.this.extra
    if call.name == "bind":
        return call.this
    return outside(host, f"env.{name}", Unknown(f"what `env.{name}` gives", call.span, "world"), call.span)


def outside(host: Any, name: str, value: Value, span: Span) -> Value:
    """A promise of something outside: it may fail."""
    from wslint.values.value import Choice, one_of

    choice = Choice("world", span, {1: f"`{name}` fails", 2: f"`{name}` succeeds"}, 3)
    choice.matters = False
    choice.fault = 1
    failed = promise.Rejected(Unknown(f"why `{name}` fails", span, "world"), "", span)
    return promise.made(one_of(choice, [(1, failed), (2, value)]), span, name)
