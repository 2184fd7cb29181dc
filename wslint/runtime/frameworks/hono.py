"""hono: its routes, `compose`, the context that handlers get, and its own middleware (hono 4.13, run)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wslint.machine.scope import Native
from wslint.record import record
from wslint.runtime import headers as headers_model
from wslint.runtime import promise, response, words
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import routes
from wslint.runtime.frameworks.routes import APP, Route, Router
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Choice, Unknown, Value

CONTEXT = Model("HonoContext")
REQUEST = Model("HonoRequest")

_CLASSES = frozenset({"Hono", "OpenAPIHono"})
_PASS = frozenset(
    [
        "logger",
        "requestId",
        "timeout",
        "prettyJSON",
        "bodyLimit",
        "contextStorage",
        "trimTrailingSlash",
        "appendTrailingSlash",
        "languageDetector",
        "compress",
        "csrf",
        "methodOverride",
    ]
)
"""Middleware that lets a handshake through and leaves its 101 alone."""
_TOUCHING = frozenset({"secureHeaders", "poweredBy", "timing"})
"""Middleware that sets headers of the answer after `next()`."""
_ASKING = {"jwt": 401, "bearerAuth": 401, "basicAuth": 401, "jwk": 401, "ipRestriction": 403}
"""Middleware that refuses who does not show what it asks for, with its status."""
_ETAG_MENDED = (4, 13, 0)


@record
class _Run:
    """One request's way through the handlers that match it."""

    router: Router
    request: Object
    env: Value
    execution: Value
    steps: list[tuple[Route, dict[str, str | None], Value]]
    context: Object


# What the package exports


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    """Middleware is called where it is registered: what it is, is then asked."""
    return None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    name = target.name
    if name in _CLASSES:
        router = Router("hono")
        versions = call.unit.worker.package_versions("hono") if call.unit is not None else None
        router.options["plain request"] = versions is not None and versions.all_before((3, 0, 0))
        options = host.known(call.argument(0))
        if options is not UNDEFINED:
            router.why = _options(host, options, router)
        return routes.app(router, call.span)
    if name == "upgradeWebSocket":
        return Native("upgradeWebSocket()", lambda host, given: _upgrade(host, given, call))
    if name in ("createMiddleware", "createHandlers"):
        return call.argument(0)
    if name == "HTTPException":
        made = Object("Error", {"name": "Error", "message": "", ("p", "status"): call.argument(0)}, call.span)
        made.slots["http"] = call.argument(0)
        return made
    return _middleware(host, name, call)


def _options(host: Any, options: Value, router: Router) -> str:
    if isinstance(options, Object) and options.kind == "Object" and not options.slots.get("open"):
        unknown = {key[1] for key in options.slots if isinstance(key, tuple)} - {
            "strict",
            "router",
            "getPath",
        }
        if not unknown and ("p", "getPath") not in options.slots:
            return ""
    return "the router's options are not followed"


def _middleware(host: Any, name: str, call: Invocation) -> Value | None:
    if name in _PASS:
        return Native(f"{name}()", lambda host, given: _next(host, given))
    if name == "cors":
        return Native("cors()", _cors)
    if name in _TOUCHING:
        return Native(f"{name}()", lambda host, given: _touching(host, given, call, name))
    if name == "etag":
        versions = call.unit.worker.package_versions("hono") if call.unit is not None else None
        if versions is not None and versions.all_before(_ETAG_MENDED):
            return Native("etag()", lambda host, given: _cloning(host, given, call, name))
        return Native("etag()", lambda host, given: _next(host, given))
    if name == "cache":
        return Native("cache()", lambda host, given: _cloning(host, given, call, name))
    if name in _ASKING:
        return Native(f"{name}()", lambda host, given: _asking(host, given, call, name))
    return None


def _next(host: Any, given: Invocation) -> Value:
    return host.call(given.argument(1), [], given.span)


def _cors(host: Any, given: Invocation) -> Value:
    """It reads `c.res` before `next()`, so that what comes after is built anew, with headers of its own."""
    context = host.known(given.argument(0))
    if isinstance(context, Object) and context.kind == "HonoContext":
        _res(host, context, given.span)
    return _next(host, given)


def _touching(host: Any, given: Invocation, call: Invocation, name: str) -> Value:
    def run() -> Value:
        host.awaited(_next(host, given), call.span)
        context = host.known(given.argument(0))
        answer = host.known(_res(host, context, call.span))
        if isinstance(answer, Object) and answer.kind == "Response":
            headers = host.known(answer.slots["headers"])
            host.each(
                headers.slots["immutable"],
                lambda fixed: host.throw(words.IMMUTABLE, call.span, answer) if fixed is True else UNDEFINED,
            )
        return UNDEFINED

    return promise.made(promise.caught(host, run), call.span)


def _cloning(host: Any, given: Invocation, call: Invocation, name: str) -> Value:
    def run() -> Value:
        host.awaited(_next(host, given), call.span)
        context = host.known(given.argument(0))
        answer = host.known(_res(host, context, call.span))
        if isinstance(answer, Object) and answer.kind == "Response":
            host.each(
                answer.slots["status"],
                lambda status: (
                    host.throw(words.CLONE, call.span, answer) if status == response.SWITCHING else UNDEFINED
                ),
            )
        return UNDEFINED

    return promise.made(promise.caught(host, run), call.span)


def _asking(host: Any, given: Invocation, call: Invocation, name: str) -> Value:
    choice = Choice(
        "client", call.span, {1: f"`{name}()` refuses the request", 2: f"`{name}()` lets it through"}, 3
    )
    return host.fork(
        choice,
        [
            (
                1,
                lambda: promise.made(
                    response.made(_ASKING[name], call.span, note=f"`{name}()` refuses"), call.span
                ),
            ),
            (2, lambda: _next(host, given)),
        ],
    )


def _upgrade(host: Any, given: Invocation, call: Invocation) -> Value:
    """hono's `upgradeWebSocket`: a pair of its own, accepted with `accept()`."""
    context = host.known(given.argument(0))
    request = context.slots["request"]

    def one(header: Value) -> Value:
        if isinstance(header, str) and header.lower() == "websocket":
            from wslint.runtime import socket

            pair = socket.pair(host, Invocation("WebSocketPair", UNDEFINED, [], call.span, new=True))
            client, server = pair.extra
            socket.accept(host, server, "accept", call.span)
            events = host.awaited(host.call(call.argument(0), [context], call.span), call.span)
            _listen(host, server, events, call)
            return promise.made(response.made(response.SWITCHING, call.span, client), call.span)
        return _next(host, given)

    return host.each(request_model.upgrade(host, request), one)


def _listen(host: Any, server: Object, events: Value, call: Invocation) -> None:
    from wslint.runtime import socket

    held = host.known(events)
    if isinstance(held, Object) and held.kind == "Object":
        for key, event in (("onMessage", "message"), ("onClose", "close"), ("onError", "error")):
            listener = host.known(held.slots.get(("p", key), ABSENT))
            if listener is not ABSENT and listener is not UNDEFINED:
                socket.listen(host, server, event, listener, call.span)


# Registration


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
    )
    return routes.app(made, call.span)


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
        router.routes.append(
            Route(
                route.verb, routes.join(prefix, route.pattern), route.handlers, route.span, route.middleware
            )
        )
    return call.this


@APP.method("mount")
def _mount(host: Any, call: Invocation) -> Value:
    """`mount(prefix, fetch)`: everything below the prefix, without it, goes to another handler."""
    router: Router = call.this.extra
    path = _text(host, call, 0)
    if path is None or len(call.arguments) > 2:
        router.why = router.why or "`mount` is not followed"
        return call.this
    handler = call.argument(1)

    def run(host: Any, given: Invocation) -> Value:
        context = host.known(given.argument(0))
        request: Object = context.slots["request"]
        url = host.known(request.slots["url"])
        prefix = (routes.join(router.base, path) or "").rstrip("/")
        inner = Object("URL", dict(url.slots), call.span)
        inner.slots["path"] = host.lift(lambda held: held.removeprefix(prefix) or "/", url.slots["path"])
        made = request_model.made(
            inner, request.slots["method"], headers_model.copied(host, request.slots["headers"]), call.span
        )
        return host.call(handler, [made, context.slots["env"], context.slots["execution"]], given.span)

    pattern = routes.join(routes.join(router.base, path), "*")
    router.routes.append(Route("all", pattern, [Native("mount", run)], call.span))
    return call.this


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
    router.routes.append(Route(verb, routes.join(router.base, pattern), call.arguments[1:], call.span))
    return call.this


# Dispatch


@APP.method("fetch", "handle", "run", "request", "()")
def _fetch(host: Any, call: Invocation) -> Value:
    if not isinstance(call.this, Object) or call.this.kind != "App":
        host.give_up("what the router is called on is not known", call.span)
    router: Router = call.this.extra
    if router.why:
        host.give_up(router.why, (call.this.place or call.span).head())
    request = host.known(call.argument(0))
    if not isinstance(request, Object) or request.kind != "Request":
        host.give_up("what the router is given is not known", call.span.head())
    run = _RUNNERS.get(router.framework)
    if run is None:
        from wslint.runtime.frameworks import itty

        run = itty.run

    def answer(path: Value) -> Value:
        if not isinstance(path, str):
            host.give_up("the path that the router is given is not known", call.span.head())
        return run(host, call, router, request, path)

    def all_paths() -> Value:
        return host.each(request_model.path(host, request), answer)

    return promise.made(promise.caught(host, all_paths), call.span)


def _hono(host: Any, call: Invocation, router: Router, request: Object, path: str) -> Value:
    found = routes.matching(host, router, path, host.known(request.slots["method"]))
    steps = [(route, params, handler) for route, params in found for handler in route.handlers]
    env, execution = call.argument(1), call.argument(2)
    context = _context(request, env, execution)
    run = _Run(router, request, env, execution, steps, context)
    context.extra = run
    if len(steps) == 1:
        return _alone(host, run, call.span)
    caught = promise.caught(host, lambda: _dispatch(host, run, 0, call.span))

    def end(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            return _failed(host, run, held, call.span)
        return host.each(context.slots["finalized"], lambda done: _final(host, run, done, call.span))

    return host.each(caught, end)


def _final(host: Any, run: _Run, done: Value, span: Span) -> Value:
    if done is not True:
        place = run.steps[-1][0].span.head() if run.steps else span

        def fails() -> Value:
            host.throw(
                "Error: Context is not finalized. Did you forget to return a Response object or `await next()`?",
                place,
            )

        held = promise.caught(host, fails)
        return host.each(held, lambda rejected: _failed(host, run, rejected, span))
    return run.context.slots["res"]


def _alone(host: Any, run: _Run, span: Span) -> Value:
    """One handler: `compose` is left out, and a handler that returns nothing is hono's 404."""
    route, params, handler = run.steps[0]
    routes.route_hop(host, route)
    _enter(run, params)

    def following(host: Any, given: Invocation) -> Value:
        _set_res(host, run.context, host.awaited(_missing(host, run, span), span), span)
        return promise.made(UNDEFINED, span)

    def one() -> Value:
        return _returned(
            host, run, host.awaited(_apply(host, run, route, handler, Native("next", following)), route.span)
        )

    caught = promise.caught(host, one)

    def end(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            return _failed(host, run, held, span)
        if held is UNDEFINED or held is None:
            return host.each(
                run.context.slots["finalized"],
                lambda done: (
                    run.context.slots["res"]
                    if done is True
                    else host.awaited(_missing(host, run, span), span)
                ),
            )
        return held

    return host.each(caught, end)


def _enter(run: _Run, params: dict[str, str | None]) -> None:
    run.context.slots["params"] = routes.params(params)


def _apply(host: Any, run: _Run, route: Route, handler: Value, following: Native) -> Value:
    if isinstance(handler, Unknown) or type(handler).__name__ == "Global":
        name = getattr(handler, "name", "") or "a handler of the route"
        return promise.made(_unread(host, run, route, handler, name, following), route.span)
    return host.call(handler, [run.context, following], route.span)


def _unread(host: Any, run: _Run, route: Route, handler: Value, name: str, following: Native) -> Value:
    """A handler that is not read: it may answer, or go on."""
    if not route.middleware:
        host.give_up(f"a handler of the route is not read: `{name}`", route.span.head())
    host.give_up(f"the middleware `{name}` is not read", route.span.head())


def _returned(host: Any, run: _Run, value: Value) -> Value:
    if isinstance(value, Unknown):
        host.give_up(f"what a handler returns is not known: {value.why}", value.place)
    return value


def _dispatch(host: Any, run: _Run, index: int, span: Span) -> Value:
    """`dispatch(i)` of hono's compose."""
    context = run.context
    if index >= len(run.steps):

        def missing(done: Value) -> Value:
            if done is not True:
                _set_res(host, context, host.awaited(_missing(host, run, span), span), span)
            return UNDEFINED

        return host.each(context.slots["finalized"], missing)
    route, params, handler = run.steps[index]
    routes.route_hop(host, route)
    _enter(run, params)
    following = Native(
        "next",
        lambda host, given: promise.made(
            promise.caught(host, lambda: _dispatch(host, run, index + 1, span)), span
        ),
    )

    def one() -> Value:
        return _returned(host, run, host.awaited(_apply(host, run, route, handler, following), route.span))

    caught = promise.caught(host, one)

    def end(held: Value) -> Value:
        failed = isinstance(held, promise.Rejected)
        result = host.known(_failed(host, run, held, span)) if failed else held

        def settle(done: Value) -> Value:
            if not (result is UNDEFINED or result is None or result is False) and (
                done is not True or failed
            ):
                _set_res(host, context, result, route.span)
            return UNDEFINED

        return host.each(context.slots["finalized"], settle)

    return host.each(caught, end)


def _missing(host: Any, run: _Run, span: Span) -> Value:
    if run.router.not_found is not None:
        return host.call(run.router.not_found, [run.context], span)
    return response.made(404, None, note="hono's own 404: no route matches")


def _failed(host: Any, run: _Run, rejected: Any, span: Span) -> Value:
    """`onError`, or hono's own: 500 with "Internal Server Error"."""
    from wslint.machine.statements import mark_caught

    if run.router.on_error is not None:
        mark_caught(rejected.value)
        return host.awaited(host.call(run.router.on_error, [rejected.value, run.context], span), span)
    error = host.known(rejected.value)
    if isinstance(error, Object) and "http" in error.slots:
        mark_caught(error)
        return host.lift(lambda status: _status_answer(status, rejected.span or span), error.slots["http"])
    if not isinstance(error, Object | Unknown):
        host.leave("throw", error, rejected.span, rejected.text)
    note = rejected.text or "an exception"
    made = response.made(500, rejected.span or span, note=note)
    made.extra = error
    return made


def _status_answer(status: Value, span: Span) -> Value:
    from wslint.machine.operators import whole

    number = whole(status)
    return response.made(number if number is not None else Unknown("a status", span), span)


_RUNNERS: dict[str, Callable[..., Value]] = {"hono": _hono}


# The context


def _context(request: Object, env: Value, execution: Value) -> Object:
    slots: dict[Any, Value] = {
        "request": request,
        "env": env,
        "execution": execution,
        "finalized": False,
        "prepared": ABSENT,
        "status": 200,
    }
    return Object("HonoContext", slots)


@CONTEXT.getter("req")
def _req(host: Any, context: Object, span: Any) -> Value:
    made = context.slots.get("req")
    if made is None and context.extra.router.options.get("plain request"):
        return context.slots["request"]
    if made is None:
        made = context.slots["req"] = Object("HonoRequest", {}, span, context)
    return made


@CONTEXT.getter("env")
def _env(host: Any, context: Object, span: Any) -> Value:
    held = context.slots["env"]
    return Object("Object", {}, span) if held is UNDEFINED else held


@CONTEXT.getter("executionCtx")
def _execution(host: Any, context: Object, span: Any) -> Value:
    held = context.slots["execution"]
    if held is UNDEFINED:
        host.throw("Error: This context has no ExecutionContext", span)
    return held


@CONTEXT.getter("var")
def _var(host: Any, context: Object, span: Any) -> Value:
    slots = {
        ("p", key[1]): held
        for key, held in context.slots.items()
        if isinstance(key, tuple) and key[0] == "var"
    }
    return Object("Object", dict(slots), span)


@CONTEXT.getter("error")
def _error(host: Any, context: Object, span: Any) -> Value:
    return Unknown("`c.error`", span)


@CONTEXT.getter("res")
def _res_getter(host: Any, context: Object, span: Any) -> Value:
    return _res(host, context, span)


@CONTEXT.getter("finalized")
def _finalized(host: Any, context: Object, span: Any) -> Value:
    return context.slots["finalized"]


def _res(host: Any, context: Object, span: Span) -> Value:
    """`c.res`: reading it before there is one makes one."""

    def one(held: Value) -> Value:
        if held is not ABSENT:
            return held
        made = response.made(200, span, None, headers_model.made({}, span))
        host.put(context.slots, "res", made)
        return made

    return host.each(context.slots.get("res", ABSENT), one)


@CONTEXT.setter("res")
def _res_setter(host: Any, context: Object, value: Value, span: Any) -> None:
    _set_res(host, context, value, span)


def _set_res(host: Any, context: Object, value: Value, span: Span) -> None:
    """Where there is one already the new one is built again, and its headers can then be changed."""

    def one(before: Value) -> Value:
        def other(held: Value) -> Value:
            if before is ABSENT or not isinstance(held, Object) or held.kind != "Response":
                return held
            body = (
                Unknown("the body", span) if host.known(held.slots["status"]) != response.SWITCHING else None
            )
            return response.build(host, body if body is None else "x", held, held.place or span)

        return host.each(value, other)

    host.put(context.slots, "res", host.each(context.slots.get("res", ABSENT), one))
    host.put(context.slots, "finalized", True)


@CONTEXT.method("header")
def _header(host: Any, call: Invocation) -> Value:
    """A header of the answer: one that was made already is built again first."""
    context: Object = call.this

    def one(done: Value) -> Value:
        if done is True:
            held = host.known(context.slots["res"])
            if isinstance(held, Object) and held.kind == "Response":
                body = None if host.known(held.slots["status"]) == response.SWITCHING else "x"
                host.put(context.slots, "res", response.build(host, body, held, call.span))
        return UNDEFINED

    return host.each(context.slots["finalized"], one)


@CONTEXT.method("status")
def _status(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    number = whole(host.known(call.argument(0)))
    host.put(call.this.slots, "status", number if number is not None else Unknown("a status", call.span))
    return UNDEFINED


@CONTEXT.method("json", "text", "html", "body", "newResponse")
def _answer(host: Any, call: Invocation) -> Value:
    """An answer of its own: only `status` and `headers` of the init are taken."""
    context: Object = call.this
    body = "x" if call.name in ("json", "text", "html") else call.argument(0)

    def one(second: Value) -> Value:
        status: Value = second
        if isinstance(second, Object):
            status = second.slots.get(("p", "status"), UNDEFINED)
            if second.slots.get("open"):
                status = Unknown("a status", call.span)
        if status is UNDEFINED or status is None:
            status = context.slots["status"]
        init = Object("Object", {("p", "status"): status}, call.span)
        return response.build(host, body, init, call.span)

    return host.each(call.argument(1), one)


@CONTEXT.method("redirect")
def _redirect(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import whole

    status = whole(host.known(call.argument(1))) if len(call.arguments) > 1 else 302
    headers = headers_model.made({"location": call.argument(0)}, call.span)
    number = status if status is not None else Unknown("a status", call.span)
    return response.made(number, call.span, None, headers)


@CONTEXT.method("notFound")
def _not_found_answer(host: Any, call: Invocation) -> Value:
    return _missing(host, call.this.extra, call.span)


@CONTEXT.method("set")
def _set(host: Any, call: Invocation) -> Value:
    name = host.known(call.argument(0))
    if isinstance(name, str):
        host.put(call.this.slots, ("var", name), call.argument(1))
    return UNDEFINED


@CONTEXT.method("get")
def _get(host: Any, call: Invocation) -> Value:
    name = host.known(call.argument(0))
    if not isinstance(name, str):
        return Unknown("a variable", call.span)
    held = call.this.slots.get(("var", name), ABSENT)
    return host.lift(lambda one: UNDEFINED if one is ABSENT else one, held)


@CONTEXT.method("render", "setRenderer", "setLayout")
def _render(host: Any, call: Invocation) -> Value:
    return response.made(200, call.span) if call.name == "render" else UNDEFINED


# The request that handlers get


def _inner(request: Object) -> Object:
    held: Object = request.extra.slots["request"]
    return held


@REQUEST.getter("raw")
def _raw(host: Any, request: Object, span: Any) -> Value:
    return _inner(request)


@REQUEST.getter("path")
def _path(host: Any, request: Object, span: Any) -> Value:
    from urllib.parse import unquote

    return host.lift(
        lambda held: unquote(held) if isinstance(held, str) else held,
        request_model.path(host, _inner(request)),
    )


REQUEST.getters["url"] = lambda host, request, span: request_model.REQUEST.getters["url"](
    host, _inner(request), span
)
REQUEST.getters["method"] = lambda host, request, span: _inner(request).slots["method"]
REQUEST.getters["headers"] = lambda host, request, span: UNDEFINED
REQUEST.getters["routeIndex"] = lambda host, request, span: Unknown("`routeIndex`", span)


@REQUEST.method("header")
def _request_header(host: Any, call: Invocation) -> Value:
    name = host.known(call.argument(0))
    if not isinstance(name, str):
        copied = headers_model.copied(host, _inner(call.this).slots["headers"])
        from wslint.runtime.collections import _from_entries

        return _from_entries(host, Invocation("Object.fromEntries", UNDEFINED, [copied], call.span))
    held = headers_model.value(host, _inner(call.this).slots["headers"], name.lower(), call.span)
    return host.lift(lambda one: UNDEFINED if one is None else one, held)


@REQUEST.method("param")
def _param(host: Any, call: Invocation) -> Value:
    params: Object = call.this.extra.slots["params"]
    name = host.known(call.argument(0))
    if name is UNDEFINED:
        return params
    return params.slots.get(("p", name), UNDEFINED)


@REQUEST.method("query", "queries")
def _query(host: Any, call: Invocation) -> Value:
    from wslint.runtime import url

    name = host.known(call.argument(0))
    held = host.known(_inner(call.this).slots["url"])
    if not isinstance(name, str) or not isinstance(held, Object):
        return Unknown("the query", call.span, "client")
    params = Object("URLSearchParams", {}, call.span, held)
    value = url.QUERY.methods["get"](host, Invocation("get", params, [name], call.span))
    return host.lift(lambda one: UNDEFINED if one is None else one, value)


@REQUEST.method("json", "text", "arrayBuffer", "blob", "formData", "parseBody")
def _request_body(host: Any, call: Invocation) -> Value:
    if call.name == "parseBody":
        return promise.made(Unknown("the body", call.span, "client"), call.span)
    return request_model.REQUEST.methods[call.name](
        host, Invocation(call.name, _inner(call.this), [], call.span, unit=call.unit)
    )


@REQUEST.method("valid")
def _valid(host: Any, call: Invocation) -> Value:
    return Unknown("what was validated", call.span, "client")
