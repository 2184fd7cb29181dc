"""The worker crate's `Router`: the most exact pattern of the request's method wins, in whatever order they were added."""

from __future__ import annotations

import re
from typing import Any

from wslint.runtime import request as request_model
from wslint.runtime import response
from wslint.runtime.frameworks import routes
from wslint.runtime.model import Model
from wslint.runtime.rust.names import NAMES, on
from wslint.runtime.rust.results import bare, future, panic, some
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

CONTEXT = Model("RouteContext")

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options", "on", "or_else_any_method")
_SILENT = ("head", "options", "trace")
"""Methods whose routes make no 405 of others."""


@on("App", *_VERBS, *(f"{verb}_async" for verb in _VERBS))
def _add(host: Any, call: Invocation) -> Value:
    router: routes.Router = call.this.extra
    pattern = bare(host, call.argument(0))
    verb = call.name.removesuffix("_async")
    verb = {"on": "all", "or_else_any_method": "else"}.get(verb, verb)
    route = routes.Route(verb, pattern if isinstance(pattern, str) else None, [call.argument(1)], call.span)
    made = routes.Router("workers-rs", routes=[*router.routes, route], options=router.options, why=router.why)
    return Object("App", {}, call.span, made)


@on("App", "run")
def _run(host: Any, call: Invocation) -> Value:
    router: routes.Router = call.this.extra
    request, env = bare(host, call.argument(0)), bare(host, call.argument(1))
    return future(
        call.span, lambda machine, at: machine.awaited(_dispatched(machine, router, request, env, call), at)
    )


def _dispatched(host: Any, router: routes.Router, request: Value, env: Value, call: Invocation) -> Value:
    if not isinstance(request, Object) or request.kind != "Request":
        host.give_up("what the router is given is not known", call.span.head())
    return host.each(
        request_model.path(host, request), lambda path: _on_path(host, router, request, env, path, call)
    )


def _on_path(
    host: Any, router: routes.Router, request: Object, env: Value, path: Value, call: Invocation
) -> Value:
    method = host.known(request.slots["method"])
    if not isinstance(path, str) or not isinstance(method, str):
        host.give_up("the path or the method that the router gets is not known", call.span.head())
    seen = _seen(host, router, path)
    found = [(route, match) for route in router.routes if (match := _match(host, route, seen)) is not None]
    of_method = [one for one in found if one[0].verb in ("all", method.lower())]
    if of_method:
        return _taken(host, of_method, router, request, env, call)
    if any(route.verb not in ("else", *_SILENT) for route, _ in found):
        return response.made(405, call.span, note="the route takes another method")
    others = [one for one in found if one[0].verb == "else"]
    if others:
        return _taken(host, others, router, request, env, call)
    return response.made(404, call.span, note="no route of the Router matches")


def _seen(host: Any, router: routes.Router, path: str) -> str:
    """The path that a router gets; where a play takes one of its routes for met, one that meets it."""
    if host.objects or len(host.workers) > 1:
        return path
    host.dispatched.append((router, path))
    taken = host.believed
    is_own = taken is not None and any(route.span == taken.test.place for route in router.routes)
    return str(taken.sample) if is_own else path


def _taken(
    host: Any,
    found: list[tuple[routes.Route, dict[str, str]]],
    router: routes.Router,
    request: Object,
    env: Value,
    call: Invocation,
) -> Value:
    route, params = min(found, key=lambda one: _rank(one[0].pattern or ""))
    routes.route_hop(host, route)
    context = Object("RouteContext", {"data": router.options.get("data", UNDEFINED), "env": env}, call.span)
    context.extra = params
    handler = route.handlers[0] if route.handlers else UNDEFINED
    return host.awaited(host.call(handler, [request, context], route.span), route.span)


def _rank(pattern: str) -> list[int]:
    """Fixed segments before parameters before the rest of a path, from the left."""
    return [
        2 if part.startswith(("*", "{*")) else 1 if part.startswith((":", "{")) else 0
        for part in pattern.split("/")
    ]


def _match(host: Any, route: routes.Route, path: str) -> dict[str, str] | None:
    """The parameters of a pattern (`:name` and `*rest`; newer versions of the crate write `{name}` and `{*rest}`)."""
    if route.pattern is None:
        return host.give_up("a route's pattern is not known", route.span.head())  # type: ignore[no-any-return]
    if not route.pattern.startswith("/"):
        panic(host, f"failed to register a route for {route.pattern}", route.span)
    pieces = []
    for part in route.pattern.split("/")[1:]:
        named = re.fullmatch(r"(?::|\{)(\w+)\}?", part)
        rest = re.fullmatch(r"\{?\*(\w+)\}?", part)
        if named is not None:
            pieces.append(f"(?P<{named[1]}>[^/]+)")
        elif rest is not None:
            pieces.append(f"(?P<{rest[1]}>.+)")
        elif re.search(r"[:*{}]", part):
            host.give_up(f"the pattern `{route.pattern}` is not followed", route.span.head())
        else:
            pieces.append(re.escape(part))
    try:
        match = re.fullmatch("/" + "/".join(pieces), path, re.S)
    except re.error:
        host.give_up(f"the pattern `{route.pattern}` is not followed", route.span.head())
    return match.groupdict() if match is not None else None


@on("RouteContext", "param", "data", "get_env")
def _context(host: Any, call: Invocation) -> Value:
    context: Object = call.this
    if call.name == "get_env":
        return context.slots["env"]
    if call.name == "data":
        return some(host, context.slots["data"])
    name = bare(host, call.argument(0))
    if not isinstance(name, str):
        return Unknown("a parameter", call.span, "client")
    return context.extra.get(name)


@CONTEXT.getter("env")
def _env(host: Any, context: Object, span: Any) -> Value:
    return context.slots["env"]


@CONTEXT.getter("data")
def _data(host: Any, context: Object, span: Any) -> Value:
    return context.slots["data"]


@on("RouteContext", *(name for name in NAMES.get("Environment", {})))
def _binding(host: Any, call: Invocation) -> Value:
    env = bare(host, call.this.slots["env"])
    if not isinstance(env, Object):
        return Unknown("a binding", call.span)
    return NAMES["Environment"][call.name](
        host, Invocation(call.name, env, call.arguments, call.span, unit=call.unit)
    )
