"""Durable Object namespaces, ids and stubs; service bindings; what their fetch and their methods do."""

from __future__ import annotations

from typing import Any

from wslint.runtime import promise, startup, words
from wslint.runtime import request as request_model
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.event import Fetched, Named
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

NAMESPACE = Model("DurableObjectNamespace", "DurableObjectNamespace")
STUB = Model("DurableObject", None)
SERVICE = Model("Fetcher", None)

_HEX = set("0123456789abcdefABCDEF")


def made(worker: Any, name: str, span: Span | None, exported: bool = False) -> Object:
    """A namespace: of a binding, or of `ctx.exports` where `exported` is set."""
    return Object("DurableObjectNamespace", {}, span, (worker, name, exported))


@NAMESPACE.method("idFromName", "newUniqueId", "idFromString")
def _id(host: Any, call: Invocation) -> Value:
    if call.name == "idFromName" and call.arguments:
        host.note(Named, call.span, name=call.argument(0))
    return host.each(call.argument(0), lambda held: _id_of(host, held, call))


def _id_of(host: Any, first: Value, call: Invocation) -> Value:
    if call.name == "idFromName":
        if not call.arguments and not call.open:
            host.throw(
                words.wrong_type("idFromName", "DurableObjectNamespace", 1, "string"), call.span, call.this
            )
        return Object("DurableObjectId", {"name": _as_text(first)}, call.span, call.this)
    if call.name == "newUniqueId":
        if isinstance(first, (str, float, bool)) or (
            isinstance(first, Object) and first.kind == "DurableObjectId"
        ):
            host.throw(
                words.wrong_type("newUniqueId", "DurableObjectNamespace", 1, "NewUniqueIdOptions"),
                call.span,
                call.this,
            )
        return Object("DurableObjectId", {"name": ABSENT}, call.span, call.this)
    if isinstance(first, str) and (len(first) != 64 or not set(first) <= _HEX):
        host.throw(words.BAD_ID, call.span, call.this)
    if isinstance(first, Unknown) and isinstance(first.known.get("id"), Object):
        return first.known["id"]
    choice = host.either(
        "client", ("the id is not one of 64 hex digits", "the id is one of this namespace"), call.span
    )
    host.throws_where(choice, 1, words.BAD_ID, call.span)
    return Object("DurableObjectId", {"name": Unknown("the object's name", call.span)}, call.span, call.this)


def _as_text(value: Value) -> Value:
    from wslint.machine.operators import text_of

    text = text_of(value)
    return value if text is None else text


@NAMESPACE.method("get", "getExisting")
def _get(host: Any, call: Invocation) -> Value:
    startup.refuse(host, call.span)
    return host.each(call.argument(0), lambda held: _stub(host, held, call))


def _stub(host: Any, identity: Value, call: Invocation) -> Value:
    if isinstance(identity, Unknown):
        return _stub_of(host, {"name": Unknown("the object's name", call.span)}, call)
    if not isinstance(identity, Object) or identity.kind != "DurableObjectId":
        host.throw(
            words.wrong_type("get", "DurableObjectNamespace", 1, "DurableObjectId"), call.span, call.this
        )
    name = identity.slots["name"]
    return _stub_of(host, {"name": identity if name is ABSENT else name, "id": identity}, call)


def _stub_of(host: Any, slots: dict[Any, Value], call: Invocation) -> Object:
    """A stub belongs to the request that asked for it."""
    return Object("DurableObject", {**slots, "request": host.request}, call.span, call.this)


@NAMESPACE.method("getByName")
def _by_name(host: Any, call: Invocation) -> Value:
    startup.refuse(host, call.span)
    if not call.arguments and not call.open:
        host.throw(words.wrong_type("getByName", "DurableObjectNamespace", 1, "string"), call.span, call.this)
    if call.arguments:
        host.note(Named, call.span, name=call.argument(0))
    return _stub_of(host, {"name": host.lift(_as_text, call.argument(0))}, call)


@NAMESPACE.method("jurisdiction")
def _jurisdiction(host: Any, call: Invocation) -> Value:
    # Only Cloudflare has them: the local workerd throws here.
    return call.this


@STUB.getter("id")
def _stub_id(host: Any, stub: Object, span: Any) -> Value:
    held = stub.slots.get("id")
    if held is None:
        held = stub.slots["id"] = Object("DurableObjectId", {"name": stub.slots["name"]}, span, stub.extra)
    return held


@STUB.getter("name")
def _stub_name(host: Any, stub: Object, span: Any) -> Value:
    held = stub.slots["name"]
    return Unknown("the object's name", span) if isinstance(held, Object) else held


@STUB.method("fetch")
def _fetch(host: Any, call: Invocation) -> Value:
    from wslint.machine import objects

    stub: Object = call.this
    host.at_home(stub, call.span)

    sent: list[Value] = []

    def run() -> Value:
        request = request_model.build(host, call)
        sent.append(request)
        return host.each(request, lambda held: objects.fetch(host, stub, held, call.span))

    outcome = promise.settled_by(host, run) if host.gated else promise.caught(host, run)
    host.note(Fetched, call.span, target="object", request=sent[0] if sent else None, response=outcome)
    return promise.made(outcome, call.span, "an object's answer")


@STUB.method("connect")
def _connect(host: Any, call: Invocation) -> Value:
    """A TCP socket, never a method of the class: what is no address is refused before anything is asked (run)."""
    address = host.known(call.argument(0))
    if not call.open and (
        address is UNDEFINED or address is None or (isinstance(address, Object) and address.kind == "Request")
    ):
        host.throw(words.wrong_type("connect", "Fetcher", 1, "SocketAddress or string"), call.span, call.this)
    if not call.open and isinstance(address, Object) and address.kind == "Object" and _has_no_port(address):
        host.throw(words.NO_INTEGER, call.span, call.this)
    return host.unread_call("stub.connect", call.span, call.arguments)


def _has_no_port(address: Object) -> bool:
    """Whether a plain object surely lacks the `port` that a socket address has."""
    slots = address.slots
    return not slots.get("open") and "escaped" not in slots and ("p", "port") not in slots


def rpc(host: Any, stub: Object, call: Invocation, called: str) -> Value:
    """`stub.name(…)`: a method of the class, called with copies of the arguments."""
    from wslint.machine import objects

    given = Object("Array", {"items": tuple(call.arguments)}, call.span)
    host.note(Fetched, call.span, target="method", request=given)

    def run() -> Value:
        return objects.rpc(host, stub, call, called)

    outcome = promise.settled_by(host, run) if host.gated else promise.caught(host, run)
    return promise.made(outcome, call.span, "an object's answer")


@SERVICE.method("fetch")
def _service(host: Any, call: Invocation) -> Value:
    from wslint.machine import workers

    service: Object = call.this

    def run() -> Value:
        request = request_model.build(host, call)
        return host.each(request, lambda held: workers.forward(host, service, held, call.span))

    return promise.made(promise.caught(host, run), call.span, "another Worker's answer")
