"""hono-party and hono-agents: the routing to objects as middleware of hono (hono-party 2.1.0, hono-agents 3.0.12, read).

What is no 101 goes on to the next route, or is the answer: that differs between the two, and between versions.
"""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import Global, Native
from wslint.runtime import headers as headers_model
from wslint.runtime import promise, response
from wslint.runtime.frameworks import party_routes
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Value

_MIDDLEWARE = {
    "partyserverMiddleware": Global("partyserver", "routePartykitRequest"),
    "agentsMiddleware": Global("agents", "routeAgentRequest"),
}


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    return None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    router = _MIDDLEWARE.get(target.name)
    if router is None:
        return None
    return Native(f"{target.name}()", lambda host, given: _run(host, given, call, router))


def _run(host: Any, given: Invocation, call: Invocation, router: Global) -> Value:
    return promise.made(promise.caught(host, lambda: _routed(host, given, call, router)), given.span)


def _routed(host: Any, given: Invocation, call: Invocation, router: Global) -> Value:
    context = host.known(given.argument(0))
    if not isinstance(context, Object) or context.kind != "HonoContext":
        host.give_up("what the middleware is given is not known", call.span.head())
    arguments = [context.slots["request"], context.slots["env"], _options(host, call)]
    asked = Invocation(router.name, UNDEFINED, arguments, call.span, unit=call.unit)
    answer = host.awaited(party_routes.route(host, router, asked), call.span)

    def one(held: Value) -> Value:
        if held is None:
            return host.awaited(host.call(given.argument(1), [], given.span), given.span)
        if not isinstance(held, Object) or held.slots["status"] != response.SWITCHING:
            host.give_up("whether this answer is passed on depends on the version", call.span.head())
        assert isinstance(held, Object)
        made = response.made(
            response.SWITCHING, call.span, held.slots["socket"], headers_model.made({}, call.span)
        )
        if "from object" in held.slots:
            made.slots["from object"] = True
        return made

    return host.each(answer, one)


def _options(host: Any, call: Invocation) -> Value:
    """`{ options: { prefix } }`; hooks get the context too, and are not followed."""
    held = host.known(call.argument(0))
    if held is UNDEFINED:
        return UNDEFINED
    if not isinstance(held, Object) or held.slots.get("open"):
        host.give_up("the middleware's options are not known", call.span.head())
    assert isinstance(held, Object)
    inner = host.known(held.slots.get(("p", "options"), UNDEFINED))
    hooks = {("p", "onBeforeConnect"), ("p", "onBeforeRequest")}
    if ("p", "onError") in held.slots or (isinstance(inner, Object) and hooks & set(inner.slots)):
        host.give_up("the middleware's hooks are not followed", call.span.head())
    return inner
