"""`routePartykitRequest` and `routeAgentRequest`: from `/parties/<binding>/<name>` to an object (partyserver 0.5.10, run;
agents 0.32.0, read)."""

from __future__ import annotations

import re
from typing import Any

from wslint.machine.scope import ClassValue
from wslint.record import record
from wslint.runtime import env as env_model
from wslint.runtime import headers as headers_model
from wslint.runtime import imports, namespace, promise, response
from wslint.runtime import request as request_model
from wslint.runtime.frameworks.routes import Route, Router
from wslint.runtime.model import MODELS
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

ROUTERS = {"routePartykitRequest": "parties", "routeAgentRequest": "agents"}
"""The functions, and the beginning of the paths that each takes by itself."""

_ANSWERS_400 = {"routePartykitRequest": (0, 1, 0), "routeAgentRequest": (0, 5, 0)}
"""Earlier versions throw where no binding has the name."""
_OWN_ENV = (0, 1, 0)
_OPTIONS = frozenset(
    {
        "prefix",
        "onBeforeConnect",
        "onBeforeRequest",
        "jurisdiction",
        "locationHint",
        "props",
        "cors",
        "routingRetry",
    }
)


def route(host: Any, target: Any, call: Invocation) -> Value:
    """A promise of the object's answer, or of null where the path is none of its own."""
    return promise.made(promise.caught(host, lambda: _routed(host, target, call)), call.span)


def _routed(host: Any, target: Any, call: Invocation) -> Value:
    request, env = host.known(call.argument(0)), _env(host, target, call)
    if not isinstance(request, Object) or request.kind != "Request":
        host.give_up("what is routed is not known", call.span.head())
    if not isinstance(env, Object) or env.kind != "Environment" or env.extra is None:
        host.give_up("the bindings that are routed to are not known", call.span.head())
    options = _options(host, call)
    prefix = host.known(options.slots.get(("p", "prefix"), UNDEFINED))
    if prefix in (UNDEFINED, None, ""):
        prefix = ROUTERS[target.name]
    if not isinstance(prefix, str):
        host.give_up("the prefix is not known", call.span.head())
    bindings = {
        kebab(binding.name.string): binding.name.string
        for binding in env.extra.config.durable_objects
        if binding.name is not None and binding.name.string
    }
    _note(host, prefix, env.extra, call)
    asked = _Asked(target, call, env, options)

    def on_path(path: Value) -> Value:
        if not isinstance(path, str):
            host.give_up("the path is not known", call.span.head())
        parts, first = [part for part in path.split("/") if part], prefix.split("/")
        if parts[: len(first)] != first or len(parts) < len(first) + 2:
            return None
        return _entered(host, asked, bindings.get(parts[len(first)]), parts[len(first) + 1], request)

    return host.each(request_model.path(host, request), on_path)


@record
class _Asked:
    """One call of a router."""

    target: Any
    call: Invocation
    env: Object
    options: Object


def _options(host: Any, call: Invocation) -> Object:
    held = host.known(call.argument(2))
    if held is UNDEFINED or held is None:
        return Object("Object", {})
    names = {key[1] for key in held.slots if isinstance(key, tuple)} if isinstance(held, Object) else {"?"}
    if not isinstance(held, Object) or held.slots.get("open") or "escaped" in held.slots or names - _OPTIONS:
        host.give_up("the options of the routing are not known", call.span.head())
    assert isinstance(held, Object)
    return held


def _env(host: Any, target: Any, call: Invocation) -> Value:
    """The bindings: later versions of partyserver's take those of the module's `env` where they get none."""
    given = host.known(call.argument(1))
    if given is not UNDEFINED or target.name != "routePartykitRequest" or call.unit is None:
        return given
    versions = imports.versions(target.specifier, call.unit)
    if versions is None or not versions.all_from(_OWN_ENV):
        return given
    return env_model.made(call.unit.worker)


def _note(host: Any, prefix: str, worker: Any, call: Invocation) -> None:
    """The paths that lead to objects with hooks of sockets, for whoever looks for addresses."""
    if any(router.routes and router.routes[0].span == call.span for router in host.routers):
        return
    found = [
        Route("get", f"/{prefix.strip('/')}/{kebab(binding.name.string)}/:name", [], call.span)
        for binding in worker.config.local_durable_objects
        if binding.name is not None and binding.name.string and _has_hooks(host, worker, binding)
    ]
    host.routers.append(Router("partyserver", routes=found))


def _has_hooks(host: Any, worker: Any, binding: Any) -> bool:
    from wslint.machine import calls, objects

    name = binding.class_name.string if binding.class_name is not None else None
    if not name or worker.source is None or worker.source.language == "rust":
        return False
    cls = objects.exported(host, worker, name)
    if not isinstance(cls, ClassValue) or calls.framework_base(host, cls) is None:
        return False
    return any(calls.find(host, cls, hook) is not None for hook in ("onConnect", "onMessage"))


def kebab(name: str) -> str:
    """The name of a binding as it stands in a path."""
    if name == name.upper() and name != name.lower():
        return name.lower().replace("_", "-")
    text = re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", name).removeprefix("-")
    return re.sub("-$", "", text.replace("_", "-"))


def _entered(host: Any, asked: _Asked, binding: str | None, name: str, request: Object) -> Value:
    call = asked.call
    if binding is None:
        versions = imports.versions(asked.target.specifier, call.unit)
        if versions is None or not versions.all_from(_ANSWERS_400[asked.target.name]):
            host.give_up(
                "what this version does where no binding has the name is not known", call.span.head()
            )
        return response.made(400, call.span, note="no binding has the name in the path")
    headers = headers_model.copied(host, request.slots["headers"])
    given = request_model.made(request.slots["url"], request.slots["method"], headers, call.span)

    def one(header: Value) -> Value:
        if isinstance(header, Unknown):
            host.give_up("whether the request asks for a socket is not known", call.span.head())
        is_socket = isinstance(header, str) and header.lower() == "websocket"
        hook = asked.options.slots.get(
            ("p", "onBeforeConnect" if is_socket else "onBeforeRequest"), UNDEFINED
        )
        return host.each(hook, lambda held: _hooked(host, asked, held, (binding, name), given))

    return host.each(request_model.upgrade(host, request), one)


def _hooked(host: Any, asked: _Asked, hook: Value, to: tuple[str, str], request: Object) -> Value:
    """`onBeforeConnect` may answer itself, or change the request."""
    call = asked.call
    if hook is UNDEFINED or hook is None:
        return _forwarded(host, asked, to, request)
    lobby = {"party": kebab(to[0]), "className": to[0], "name": to[1]}
    made = Object("Object", {("p", key): text for key, text in lobby.items()}, call.span)
    answer = host.awaited(host.call(hook, [request, made], call.span), call.span)

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            host.give_up(
                f"what the hook of the routing gives is not known: {held.why}", held.place or call.span
            )
        if isinstance(held, Object) and held.kind == "Response":
            return held
        return _forwarded(
            host, asked, to, held if isinstance(held, Object) and held.kind == "Request" else request
        )

    return host.each(answer, one)


def _forwarded(host: Any, asked: _Asked, to: tuple[str, str], request: Object) -> Value:
    call = asked.call
    bound = namespace.made(asked.env.extra, to[0], call.span)
    stub = Object("DurableObject", {"name": to[1]}, call.span, bound)
    given = Invocation("fetch", stub, [request], call.span, unit=call.unit)
    return host.awaited(MODELS["DurableObject"].methods["fetch"](host, given), call.span)
