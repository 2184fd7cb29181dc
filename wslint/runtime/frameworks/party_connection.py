"""What the hooks of partyserver's `Server` get for a socket: the socket itself, with an id and a state of its own, which
the socket's attachment keeps over an eviction (0.5.10, run)."""

from __future__ import annotations

from typing import Any

from wslint.runtime.model import MODELS, Model
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

CONNECTION = Model("PartyConnection")
_KEPT = "party connection"


def of(host: Any, end: Object) -> Object:
    """The connection of a socket, which is one as long as the socket is."""
    held = end.slots.get(_KEPT)
    if not isinstance(held, Object):
        held = end.slots[_KEPT] = Object("PartyConnection", {}, end.place, end)
    return held


def identity(host: Any, end: Object) -> Value:
    """The id of a socket's connection."""
    return _named(host, of(host, end), "id", end.place)


def has(instance: Object, name: str, host: Any) -> bool:
    """Whether the project's class has a hook."""
    from wslint.machine import calls

    return calls.find(host, instance.extra, name) is not None


@CONNECTION.method("send", "close")
def _of_socket(host: Any, call: Invocation) -> Value:
    given = Invocation(call.name, call.this.extra, call.arguments, call.span, unit=call.unit)
    return MODELS["WebSocket"].methods[call.name](host, given)


@CONNECTION.method("addEventListener", "removeEventListener", "serializeAttachment")
def _quiet(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@CONNECTION.method("setState")
def _set_state(host: Any, call: Invocation) -> Value:
    made = Unknown("the connection's state", call.span, "client")
    host.put(call.this.slots, ("p", "state"), made)
    return made


def _named(host: Any, connection: Object, name: str, span: Any) -> Value:
    held = connection.slots.get(("p", name), ABSENT)
    if held is ABSENT:
        held = connection.slots[("p", name)] = Unknown(f"`{name}` of the connection", span, "client")
    return held


CONNECTION.named = _named
