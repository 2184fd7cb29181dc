"""partyserver's `Server` and the agents SDK's `Agent`: what their `fetch` does with a handshake (partyserver 0.5.10,
run; agents 0.32.0, read)."""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import ClassValue, Closure, Native
from wslint.runtime import promise, response, socket
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import party_connection, party_routes
from wslint.runtime.model import MODELS, Model
from wslint.text import Span
from wslint.values.event import Sent
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

SERVER = Model("PartyServer")
AGENT = Model("Agent")

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


@AGENT.method("broadcast")
def _quiet_broadcast(host: Any, call: Invocation) -> Value:
    return UNDEFINED


@SERVER.method("broadcast")
def _broadcast(host: Any, call: Invocation) -> Value:
    """To every open connection but those whose ids are listed; who can't be sent to is closed."""
    from wslint.machine import members

    state = host.known(call.this.slots.get(("p", "ctx")))
    if not isinstance(state, Object) or state.kind != "DurableObjectState":
        return UNDEFINED
    without = members.items(host, call.argument(1)) if len(call.arguments) > 1 else []
    listed = MODELS["DurableObjectState"].methods["getWebSockets"](
        host, Invocation("getWebSockets", state, [], call.span)
    )

    def tell(sockets: Value) -> Value:
        for end in members.items(host, sockets) or []:
            if isinstance(end, Object) and party_connection.identity(host, end) not in (without or []):
                host.note(Sent, call.span, socket=end, value=call.argument(0), state="accepted")
        return UNDEFINED

    return host.each(listed, tell)


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
    _started(host, instance, call.span)
    pair = socket.pair(host, Invocation("WebSocketPair", UNDEFINED, [], place, new=True))
    client, server = pair.extra
    connection = party_connection.of(host, server)
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


def _started(host: Any, instance: Object, span: Span) -> None:
    """`onStart`, once in the life of an instance."""
    if host.known(instance.slots.get("started", ABSENT)) is ABSENT:
        _hook(host, instance, "onStart", [UNDEFINED], span)
        host.put(instance.slots, "started", True)


@SERVER.method("webSocketMessage")
def _message(host: Any, call: Invocation) -> Value:
    """What the base class does with a message to a hibernating socket; an exception is only logged."""
    instance: Object = call.this
    end = host.known(call.argument(0))
    if not isinstance(end, Object) or not party_connection.has(instance, "onMessage", host):
        return host.give_up("the base class's own `onMessage` is not followed", call.span)

    def run() -> Value:
        _started(host, instance, call.span)
        connection = party_connection.of(host, end)
        return _hook(host, instance, "onMessage", [connection, call.argument(1)], call.span)

    return promise.made(promise.caught(host, run), call.span)


@SERVER.method("webSocketClose")
def _close(host: Any, call: Invocation) -> Value:
    """`onClose`, whose exceptions are logged; then the close is answered. That of 0.5.10 leaves out those without a code,
    which is not the project's to mend."""
    instance: Object = call.this
    end = host.known(call.argument(0))
    if not isinstance(end, Object):
        return host.give_up("which socket was closed is not known", call.span)

    def run() -> Value:
        _started(host, instance, call.span)
        given = [party_connection.of(host, end), *call.arguments[1:]]
        promise.caught(host, lambda: _hook(host, instance, "onClose", given, call.span))
        MODELS["WebSocket"].methods["close"](host, Invocation("close", end, [1000.0], call.span))
        return UNDEFINED

    return promise.made(promise.caught(host, run), call.span)


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
