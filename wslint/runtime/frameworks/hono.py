"""hono: its routes, and `compose` (hono 4.13, run)."""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import Closure, Native
from wslint.record import record
from wslint.runtime import imports, promise, response
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import hono_context, registration, routes
from wslint.runtime.frameworks.hono_context import missing, set_res
from wslint.runtime.frameworks.hono_middleware import following, middleware
from wslint.runtime.frameworks.routes import Route, Router
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Unknown, Value

_CLASSES = frozenset({"Hono", "OpenAPIHono"})


@record
class _Run:
    """One request's way through the handlers that match it."""

    router: Router
    request: Object
    env: Value
    execution: Value
    steps: list[tuple[Route, dict[str, str | None], Value]]
    context: Object
    lost: tuple[Span, str] | None = None
    """Where the path lost the beginning with which a route would meet it."""
    dropped: Span | None = None
    """The middleware that does not wait for what follows."""


# What the package exports


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    """Middleware is called where it is registered: what it is, is then asked."""
    return None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    name = target.name
    if name in _CLASSES:
        return _new(host, target, call, call.argument(0))
    if name == "upgradeWebSocket":
        return Native("upgradeWebSocket()", lambda host, given: _upgrade(host, given, call))
    if name == "createMiddleware":
        return call.argument(0)
    if name == "env" and target.specifier.endswith("/adapter"):
        return host.each(call.argument(0), lambda held: _env_of(held, call))
    if name == "createFactory":
        return _factory(target, call)
    if name == "HTTPException":
        made = Object("Error", {"name": "Error", "message": "", ("p", "status"): call.argument(0)}, call.span)
        made.slots["http"] = call.argument(0)
        return made
    return middleware(host, target, call)


def _env_of(context: Value, call: Invocation) -> Value:
    """`env(c)` of hono/adapter: on workerd the context's own."""
    if isinstance(context, Object) and context.kind == "HonoContext":
        held: Value = context.slots["env"]
        return held
    return Unknown("`env()`", call.span)


def _new(host: Any, target: Any, call: Invocation, options: Value) -> Value:
    router = Router("hono")
    versions = imports.versions(target.specifier, call.unit)
    router.options["plain request"] = versions is not None and versions.all_before((3, 0, 0))
    router.options["second answer"] = hono_context.ways(versions)
    known = host.known(options)
    if known is not UNDEFINED:
        router.why = _options(host, known, router)
    return registration.app(router, call.span)


def _factory(target: Any, call: Invocation) -> Value:
    """`createFactory()`: what it makes are routers, middleware and lists of handlers as they are."""

    def app(host: Any, given: Invocation) -> Value:
        made = _new(host, target, call, given.argument(0))
        if call.argument(0) is not UNDEFINED:
            made.extra.why = "what `createFactory` was given is not followed"
        return made

    makes: dict[str, Any] = {
        "createApp": app,
        "createMiddleware": lambda host, given: given.argument(0),
        "createHandlers": lambda host, given: Object("Array", {"items": tuple(given.arguments)}, given.span),
    }
    return Object("Object", {("p", name): Native(name, make) for name, make in makes.items()}, call.span)


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
        return following(host, given)

    return host.each(request_model.upgrade(host, request), one)


def _listen(host: Any, server: Object, events: Value, call: Invocation) -> None:
    from wslint.runtime import socket

    held = host.known(events)
    if isinstance(held, Object) and held.kind == "Object":
        for key, event in (("onMessage", "message"), ("onClose", "close"), ("onError", "error")):
            listener = host.known(held.slots.get(("p", key), ABSENT))
            if listener is not ABSENT and listener is not UNDEFINED:
                socket.listen(host, server, event, listener, call.span)


# Dispatch


def run(host: Any, call: Invocation, router: Router, request: Object, path: str) -> Value:
    found = routes.matching(host, router, path, host.known(request.slots["method"]))
    steps = [(route, params, handler) for route, params in found for handler in route.handlers]
    env, execution = call.argument(1), call.argument(2)
    context = hono_context.made(request, env, execution)
    run = _Run(router, request, env, execution, steps, context)
    context.extra = run
    if all(route.middleware for route, *_ in steps):
        run.lost = routes.mislaid(host, router, path, host.known(request.slots["method"]))
    if len(steps) == 1:
        return _alone(host, run, call.span)
    caught = promise.caught(host, lambda: _dispatch(host, run, 0, call.span))

    def end(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            return _failed(host, run, held, call.span)
        return host.each(context.slots["finalized"], lambda done: _final(host, run, done, call.span))

    return host.each(caught, end)


def _drops_next(handler: Value) -> bool:
    """Whether `next()` stands alone as a statement, and nothing takes its promise."""
    if not isinstance(handler, Closure) or len(handler.node.parameters) < 2:
        return False
    name = handler.node.parameters[1].pattern
    below = list(nodes_in(handler.node.body))
    inner = [node for node in below if isinstance(node, tree.Function)]
    for node in below:
        if not isinstance(node, tree.Do) or any(one.start <= node.start < one.end for one in inner):
            continue
        expression: object = node.value
        if isinstance(expression, tree.Operation) and expression.operator == "void":
            expression = expression.operands[0]
        while isinstance(expression, tree.Call):
            called = expression.function
            expression = (
                called.object if isinstance(called, tree.Member) and called.name == "catch" else called
            )
        if isinstance(expression, tree.Name) and isinstance(name, tree.Name) and expression.name == name.name:
            return True
    return False


def _left_behind(host: Any, run: _Run, route: Route, awaited: Value) -> Value:
    """`next()` without `await` or `return`: what an object answers comes when hono no longer waits for it."""
    if awaited is not False:
        return UNDEFINED
    answer = host.known(run.context.slots.get("res", ABSENT))
    if not isinstance(answer, Object) or "from object" not in answer.slots:
        host.give_up("whether the answer comes before hono asks for it is not known", route.span.head())
    run.dropped = route.span.head()
    host.put(run.context.slots, "finalized", False)
    host.put(run.context.slots, "res", ABSENT)
    return UNDEFINED


def _final(host: Any, run: _Run, done: Value, span: Span) -> Value:
    if done is not True:
        place = run.dropped or (run.steps[-1][0].span.head() if run.steps else span)

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

    def after(host: Any, given: Invocation) -> Value:
        set_res(host, run.context, host.awaited(missing(host, run, span), span), span)
        return promise.made(UNDEFINED, span)

    def one() -> Value:
        return _returned(
            host, run, host.awaited(_apply(host, run, route, handler, Native("next", after)), route.span)
        )

    caught = promise.caught(host, one)

    def end(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            return _failed(host, run, held, span)
        if held is UNDEFINED or held is None:
            return host.each(
                run.context.slots["finalized"],
                lambda done: (
                    run.context.slots["res"] if done is True else host.awaited(missing(host, run, span), span)
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

        def none_left(done: Value) -> Value:
            if done is not True:
                set_res(host, context, host.awaited(missing(host, run, span), span), span)
            return UNDEFINED

        return host.each(context.slots["finalized"], none_left)
    route, params, handler = run.steps[index]
    routes.route_hop(host, route)
    _enter(run, params)
    begun: list[Object] = []

    def after(host: Any, given: Invocation) -> Value:
        begun.append(promise.made(promise.caught(host, lambda: _dispatch(host, run, index + 1, span)), span))
        host.put(begun[-1].slots, "awaited", False)
        return begun[-1]

    def one() -> Value:
        held = host.awaited(_apply(host, run, route, handler, Native("next", after)), route.span)
        for waiting in begun if _drops_next(handler) else ():
            host.each(waiting.slots.get("awaited", ABSENT), lambda done: _left_behind(host, run, route, done))
        return _returned(host, run, held)

    caught = promise.caught(host, one)

    def end(held: Value) -> Value:
        failed = isinstance(held, promise.Rejected)
        result = host.known(_failed(host, run, held, span)) if failed else held

        def settle(done: Value) -> Value:
            if not (result is UNDEFINED or result is None or result is False) and (
                done is not True or failed
            ):
                set_res(host, context, result, route.span)
            return UNDEFINED

        return host.each(context.slots["finalized"], settle)

    return host.each(caught, end)


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
