"""How routes come into a router of hono or itty-router, and the request that it is given."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from wslint.machine.scope import Native
from wslint.runtime import headers as headers_model
from wslint.runtime import promise
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import routes
from wslint.runtime.frameworks.routes import APP, Route, Router
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value


def app(router: Router, span: Span) -> Object:
    return Object("App", {}, span, router)


def _text(host: Any, call: Invocation, place: int) -> str | None:
    value = host.known(call.argument(place))
    return value if isinstance(value, str) else None


@APP.method("basePath")
def _base(host: Any, call: Invocation) -> Value:
    router: Router = call.this.extra
    made = Router(
        router.framework,
        routes.join(router.base, _text(host, call, 0)),
        router.routes,
        router.not_found,
        router.on_error,
        router.options,
        router.why,
    )
    return app(made, call.span)


@APP.method("route")
def _route(host: Any, call: Invocation) -> Value:
    router: Router = call.this.extra
    path, inner = _text(host, call, 0), host.known(call.argument(1))
    if not isinstance(inner, Object) or inner.kind != "App" or path is None:
        router.why = router.why or "a mounted router is not followed"
        return call.this
    mounted: Router = inner.extra
    router.why = router.why or mounted.why
    prefix = routes.join(router.base, path)
    for route in mounted.routes:
        pattern = routes.join(prefix, route.pattern)
        handlers = [_guarded(mounted.on_error, handler) for handler in route.handlers]
        router.routes.append(Route(route.verb, pattern, handlers, route.span, route.middleware))
    return call.this


def _guarded(on_error: Value, handler: Value) -> Value:
    """A handler of a router that has an `onError` of its own, among the routes of another."""
    if on_error is None or isinstance(handler, Unknown) or type(handler).__name__ == "Global":
        return handler

    def run(host: Any, given: Invocation) -> Value:
        from wslint.machine.statements import mark_caught

        context = host.known(given.argument(0))
        ran = promise.caught(
            host, lambda: host.awaited(host.call(handler, given.arguments, given.span), given.span)
        )

        def end(held: Value) -> Value:
            if not isinstance(held, promise.Rejected):
                return held
            mark_caught(held.value)
            return host.awaited(host.call(on_error, [held.value, context], given.span), given.span)

        return promise.made(promise.caught(host, lambda: host.each(ran, end)), given.span)

    return Native("a handler", run)


@APP.method("mount")
def _mount(host: Any, call: Invocation) -> Value:
    """`mount(prefix, fetch)`: everything below the prefix goes to another handler, without the prefix unless
    `replaceRequest` is false; where it gives nothing, the next route is asked."""
    router: Router = call.this.extra
    path, replaces = _text(host, call, 0), _replaces(host, call)
    prefix = (routes.join(router.base, path) or "").rstrip("/")
    if path is None or router.base is None or replaces is None or (replaces and re.search("[:*]", prefix)):
        router.why = router.why or "`mount` is not followed"
        return call.this
    handler = call.argument(1)

    def run(host: Any, given: Invocation) -> Value:
        context = host.known(given.argument(0))
        request: Object = context.slots["request"]
        if replaces:
            request = _without_prefix(host, request, prefix, call.span)
            host.stripped.append((prefix, call.span))
        try:
            arguments = [request, context.slots["env"], context.slots["execution"]]
            found = host.awaited(host.call(handler, arguments, given.span), given.span)
        finally:
            if replaces:
                host.stripped.pop()
        return host.each(
            found,
            lambda held: host.call(given.argument(1), [], given.span) if held in (None, UNDEFINED) else held,
        )

    pattern = routes.join(routes.join(router.base, path), "*")
    router.routes.append(Route("all", pattern, [Native("mount", run)], call.span))
    return call.this


def _replaces(host: Any, call: Invocation) -> bool | None:
    """Whether `mount` takes the prefix off the path; None where its options are not followed."""
    options = host.known(call.argument(2))
    if options is UNDEFINED:
        return not call.open
    if not isinstance(options, Object) or options.kind != "Object" or options.slots.get("open"):
        return None
    if {key for key in options.slots if isinstance(key, tuple)} != {("p", "replaceRequest")}:
        return None
    return False if host.known(options.slots[("p", "replaceRequest")]) is False else None


def _without_prefix(host: Any, request: Object, prefix: str, span: Span) -> Object:
    url = host.known(request.slots["url"])
    inner = Object("URL", dict(url.slots), span)
    inner.slots["path"] = host.lift(lambda held: held.removeprefix(prefix) or "/", url.slots["path"])
    headers = headers_model.copied(host, request.slots["headers"])
    return request_model.made(inner, request.slots["method"], headers, span)


@APP.method("notFound")
def _not_found(host: Any, call: Invocation) -> Value:
    call.this.extra.not_found = call.argument(0)
    return call.this


@APP.method("onError")
def _on_error(host: Any, call: Invocation) -> Value:
    call.this.extra.on_error = call.argument(0)
    return call.this


@APP.method("use")
def _use(host: Any, call: Invocation) -> Value:
    router: Router = call.this.extra
    first = _text(host, call, 0)
    handlers = call.arguments[1:] if first is not None else call.arguments
    router.routes.append(
        Route("all", routes.join(router.base, first or "*"), list(handlers), call.span, True)
    )
    return call.this


@APP.method("on")
def _on(host: Any, call: Invocation) -> Value:
    from wslint.machine import members

    router: Router = call.this.extra
    if router.framework != "hono":
        return _verb(host, call)
    verbs = host.known(call.argument(0))
    names = [verbs] if isinstance(verbs, str) else members.items(host, verbs) or []
    paths = host.known(call.argument(1))
    patterns = [paths] if isinstance(paths, str) else members.items(host, paths) or [None]
    for name in names:
        for pattern in patterns:
            verb = name.lower() if isinstance(name, str) else "all"
            text = pattern if isinstance(pattern, str) else None
            router.routes.append(Route(verb, routes.join(router.base, text), call.arguments[2:], call.span))
    return call.this


@APP.method(*routes.VERBS, "all", "openapi", "doc")
def _verb(host: Any, call: Invocation) -> Value:
    router: Router = call.this.extra
    if call.name in ("openapi", "doc"):
        router.why = router.why or f"`{call.name}` is not followed"
        return call.this
    pattern = _text(host, call, 0)
    if pattern is None:
        router.why = router.why or "a route's pattern is not known"
    verb = "all" if call.name == "on" else call.name
    whole = routes.join(router.base, pattern)
    if whole is not None and router.framework == "itty":
        whole = re.sub(r"/+(/|$)", r"\1", whole)  # it takes slashes that are too many out
    router.routes.append(Route(verb, whole, call.arguments[1:], call.span))
    return call.this


# Dispatch


@APP.method("fetch", "handle", "run", "request", "()")
def _fetch(host: Any, call: Invocation) -> Value:
    if not isinstance(call.this, Object) or call.this.kind != "App":
        host.give_up("what the router is called on is not known", call.span)
    router: Router = call.this.extra
    if router not in host.routers:
        host.routers.append(router)
    if router.why:
        host.give_up(router.why, (call.this.place or call.span).head())
    if call.name == "request":
        call = _by_hand(host, call)
    request = host.known(call.argument(0))
    if not isinstance(request, Object) or request.kind != "Request":
        host.give_up("what the router is given is not known", call.span.head())
    run: Callable[..., Value] = import_module(f"wslint.runtime.frameworks.{router.framework}").run

    def answer(path: Value) -> Value:
        if not isinstance(path, str):
            host.give_up("the path that the router is given is not known", call.span.head())
        return run(host, call, router, request, path)

    def all_paths() -> Value:
        return host.each(request_model.path(host, request), answer)

    return promise.made(promise.caught(host, all_paths), call.span)


def _by_hand(host: Any, call: Invocation) -> Invocation:
    """hono's `app.request(input, init, env, context)` as a `fetch`: a path is one of `http://localhost`."""
    first, init = host.known(call.argument(0)), call.argument(1)
    if isinstance(first, str) and "://" not in first:
        first = f"http://localhost/{first.lstrip('/')}"
    given = Invocation("Request", UNDEFINED, [first, init], call.span, new=True, unit=call.unit)
    request = host.known(request_model.build(host, given))
    return Invocation("fetch", call.this, [request, *call.arguments[2:]], call.span, unit=call.unit)
