"""What another address answers: its status is not known, and a socket comes with a 101 only.

Run on workerd 1.20261117.1: without `Upgrade` in the request, `webSocket` is null; with it, the status is 101 and
`webSocket` is an end that must be accepted before it is used, can't hibernate, and is lost to a client once it was.
"""

from __future__ import annotations

from typing import Any

from wslint.runtime import env, headers, promise, request, response, socket
from wslint.text import Span
from wslint.values.event import Fetched
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import Choice, OneOf, Unknown, Value


def asked(host: Any, call: Invocation, whom: str = "") -> Value:
    """A promise of what `whom` answers to a request, else the host that the request names; it may fail."""
    built = promise.caught(host, lambda: request.build(host, call))

    def one(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            return promise.made(held, call.span)
        host.note(Fetched, call.span, target="outside", request=held if isinstance(held, Object) else None)
        name = whom or _host_of(host, held)
        return env.outside(host, "fetch", _answer(host, held, name, call.span), call.span)

    return host.each(built, one)


def _host_of(host: Any, asked: Value) -> str:
    if isinstance(asked, Object) and isinstance(asked.slots.get("url"), Object):
        name = host.known(asked.slots["url"].slots["host"])
        if isinstance(name, str):
            return name
    return "another address"


def _answer(host: Any, asked: Value, name: str, span: Span) -> Value:
    status = Unknown(f"what {name} answers", span, "world")
    upgrade = host.known(request.upgrade(host, asked)) if isinstance(asked, Object) else Unknown("a request")
    if isinstance(upgrade, Unknown | OneOf):
        return _made(status, span, None)
    status.known["never"] = (float(response.SWITCHING),)
    refused = _made(status, span, None)
    refused.slots["has no socket"] = True
    if not isinstance(upgrade, str) or upgrade.lower() != "websocket":
        return refused
    choice = Choice(
        "world", span, {1: f"{name} accepts the handshake", 2: f"{name} refuses the handshake"}, 3
    )
    choice.fault = 2
    opened = _made(response.SWITCHING, span, socket.end(host, span, socket.FETCHED))
    return OneOf(choice, ((1, opened), (2, refused)))


def _made(status: Value, span: Span, end: Object | None) -> Object:
    fields = headers.made({}, span, complete=False, immutable=True)
    return response.made(status, span, end, fields)
