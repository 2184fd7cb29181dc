"""partyserver's `Server` and the agents SDK's `Agent`: what their `fetch` does with a handshake (partyserver 0.5.10,
run; agents 0.32.0, read)."""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import ClassValue, Closure, Native
from wslint.runtime import promise, response, socket
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import party_routes
from wslint.runtime.model import MODELS, Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

SERVER = Model("PartyServer")
AGENT = Model("Agent")
CONNECTION = Model("PartyConnection")
"""What hooks get for a socket."""

_BASES = {
    ("partyserver", "Server"): "PartyServer",
    ("y-partyserver", "YServer"): "PartyServer",
    ("agents", "Agent"): "Agent",
}


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    kind = _BASES.get((value.specifier, value.name))
    return Object(kind) if kind is not None else None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    if target.name in party_routes.ROUTERS:
        return party_routes.route(host, target, call)
    if target.name in ("getServerByName", "getAgentByName"):
        return _by_name(host, call)
    return None


def _by_name(host: Any, call: Invocation) -> Value | None:
    """A stub, once its object has started."""
    namespace = host.known(call.argument(0))
    if not isinstance(namespace, Object) or namespace.kind != "DurableObjectNamespace":
        return None
    given = Invocation("getByName", namespace, [call.argument(1)], call.span, unit=call.unit)
    return promise.made(
        MODELS[namespace.kind].methods["getByName"](host, given), call.span, "an object's answer"
    )


# The base class


@SERVER.method("constructor")
@AGENT.method("constructor")
def _construct(host: Any, call: Invocation) -> Value:
    host.put(call.this.slots, ("p", "ctx"), call.argument(0))
    host.put(call.this.slots, ("p", "env"), call.argument(1))
    return UNDEFINED


@SERVER.method("fetch")
def _fetch(host: Any, call: Invocation) -> Value:
    return promise.made(promise.caught(host, lambda: _asked(host, call, False)), call.span)


@AGENT.method("fetch")
def _fetch_of_agent(host: Any, call: Invocation) -> Value:
    return promise.made(promise.caught(host, lambda: _asked(host, call, True)), call.span)


@SERVER.method("broadcast")
@AGENT.method("broadcast")
def _broadcast(host: Any, call: Invocation) -> Value:
    return UNDEFINED


def _asked(host: Any, call: Invocation, is_agent: bool) -> Value:
    instance: Object = call.this
    request = host.known(call.argument(0))
    if not isinstance(request, Object) or request.kind != "Request":
        host.give_up("what the base class is given is not known", call.span)
    if is_agent:
        host.each(request_model.path(host, request), lambda path: _no_agent_inside(host, path, call))

    def one(header: Value) -> Value:
        if isinstance(header, Unknown):
            host.give_up("whether the request asks for a socket is not known", call.span)
        if isinstance(header, str) and header.lower() == "websocket":
            held = promise.caught(host, lambda: _connected(host, instance, request, call))
            return host.each(held, lambda done: _answered(host, done, is_agent, call))
        return _plain(host, instance, request, is_agent, call)

    return host.each(request_model.upgrade(host, request), one)


def _no_agent_inside(host: Any, path: Value, call: Invocation) -> Value:
    if not isinstance(path, str) or "/sub/" in path:
        host.give_up("an agent inside an agent is not followed", call.span)
    return UNDEFINED


def _connected(host: Any, instance: Object, request: Object, call: Invocation) -> Value:
    """Start once, accept the socket, and call `onConnect`."""
    place = instance.extra.place
    if host.known(instance.slots.get("started", ABSENT)) is ABSENT:
        _hook(host, instance, "onStart", [UNDEFINED], call.span)
        host.put(instance.slots, "started", True)
    pair = socket.pair(host, Invocation("WebSocketPair", UNDEFINED, [], place, new=True))
    client, server = pair.extra
    connection = Object("PartyConnection", {}, place, server)
    context = Object("Object", {("p", "request"): request}, place)
    _hook(host, instance, "getConnectionTags", [connection, context], call.span)
    if hibernates(host, instance.extra):
        state = host.known(instance.slots[("p", "ctx")])
        if not isinstance(state, Object) or state.kind != "DurableObjectState":
            host.give_up("the object's context is not known", place)
        given = Invocation("acceptWebSocket", state, [server], place, unit=call.unit)
        MODELS["DurableObjectState"].methods["acceptWebSocket"](host, given)
    else:
        socket.accept(host, server, "accept", place)
        for event in ("message", "close", "error"):
            socket.listen(host, server, event, Native(f"the base class's `{event}`", _of_base), place)
    _hook(host, instance, "onConnect", [connection, context], call.span)
    return response.made(response.SWITCHING, place, client)


def _of_base(host: Any, given: Invocation) -> Value:
    host.give_up("the base class's own listener is not followed", given.span)
    return UNDEFINED


def _hook(host: Any, instance: Object, name: str, given: list[Value], span: Span) -> Value:
    """A method of the class, if it has one: the base class's own does nothing."""
    from wslint.machine import calls

    found = calls.find(host, instance.extra, name)
    if found is None:
        return UNDEFINED
    function = host.known(calls.member(host, instance, name, span))
    if not isinstance(function, Closure):
        host.give_up(f"`{name}` of the class is not known", span)
    return host.awaited(host.call(function, given, span, instance), span)


def _answered(host: Any, held: Value, is_agent: bool, call: Invocation) -> Value:
    """What a hook throws is told to the client over a socket that is closed at once."""
    if not isinstance(held, promise.Rejected):
        return held
    if is_agent:
        host.give_up("a hook of the agent throws", held.span)
    if not isinstance(host.known(held.value), Object | Unknown):
        host.leave("throw", held.value, held.span, held.text)
    pair = socket.pair(host, Invocation("WebSocketPair", UNDEFINED, [], held.span or call.span, new=True))
    client, server = pair.extra
    socket.accept(host, server, "accept", held.span or call.span)
    made = response.made(response.SWITCHING, held.span, client)
    made.slots["note"] = f"then closed with 1011: {held.text or 'an exception'}"
    return made


def _plain(host: Any, instance: Object, request: Object, is_agent: bool, call: Invocation) -> Value:
    from wslint.machine import calls

    if calls.find(host, instance.extra, "onRequest") is None:
        return response.made(404, call.span, note="the base class's own `onRequest`")
    held = promise.caught(host, lambda: _hook(host, instance, "onRequest", [request], call.span))

    def one(done: Value) -> Value:
        if isinstance(done, promise.Rejected) and is_agent:
            host.give_up("`onRequest` of the agent throws", done.span)
        return response.made(500, done.span) if isinstance(done, promise.Rejected) else done

    return host.each(held, one)


def hibernates(host: Any, cls: ClassValue) -> bool:
    """Whether `static options` ask for hibernation: the nearest class that says so decides."""
    from wslint.machine import calls

    agent = calls.framework_base(host, cls)
    for each in calls.line(host, cls):
        options = host.known(each.statics.get("options", ABSENT))
        if isinstance(options, Unknown) or (isinstance(options, Object) and options.slots.get("open")):
            host.give_up("the class's `options` are not known", each.place)
        if isinstance(options, Object):
            held = host.known(options.slots.get(("p", "hibernate"), UNDEFINED))
            if held is not UNDEFINED:
                return held is True
    return agent is not None and agent.kind == "Agent"


# What hooks get


@CONNECTION.method("send", "close", "addEventListener", "removeEventListener", "serializeAttachment")
def _quiet(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@CONNECTION.method("setState")
def _set_state(host: Any, call: Invocation) -> Value:
    return Unknown("the connection's state", call.span)


def _named(host: Any, connection: Object, name: str, span: Any) -> Value:
    return Unknown(f"`{name}` of the connection", span, "client")


CONNECTION.named = _named
