"""itty-router: `Router`, `AutoRouter`, `IttyRouter` with their options, and its helpers (5.0.18 and 6.0.0, run)."""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import Native
from wslint.runtime import promise, response
from wslint.runtime.frameworks import routes
from wslint.runtime.frameworks.routes import Route, Router
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

REQUEST = Model("IttyRequest")
"""AutoRouter's proxy around the request: no `Request` of the runtime's."""

_ROUTERS = frozenset({"Router", "AutoRouter", "IttyRouter"})
_OPTIONS = frozenset({"base", "before", "catch", "finally", "routes", "missing", "format", "port"})
_QUIET = frozenset({"withParams", "withContent", "withCookies"})


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    if value.name in _QUIET:
        return Native(value.name, lambda host, given: UNDEFINED)
    if value.name in ("json", "text", "html", "error", "status"):
        return Native(value.name, lambda host, given: _helper(host, value.name, given))
    return None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    if target.name in _ROUTERS:
        return _router(host, target.name, call)
    if target.name == "cors":
        preflight = Native("preflight", lambda host, given: UNDEFINED)
        return Object(
            "Object",
            {("p", "preflight"): preflight, ("p", "corsify"): Native("corsify", _corsify)},
            call.span,
        )
    if target.name == "StatusError":
        made = Object("Error", {"name": "Error", "message": call.argument(1)}, call.span)
        made.slots["http"] = call.argument(0)
        return made
    return None


def _router(host: Any, name: str, call: Invocation) -> Value:
    router = Router("itty", options={"automatic": name == "AutoRouter", "bare": name == "IttyRouter"})
    first = host.known(call.argument(0))
    if isinstance(first, Object) and first.kind == "Object":
        base = host.known(first.slots.get(("p", "base"), ""))
        router.base = base if isinstance(base, str) else None
        names = {key[1] for key in first.slots if isinstance(key, tuple) and key[0] == "p"}
        if first.slots.get("open") or names - _OPTIONS or "routes" in names:
            router.why = "the router's options are not followed"
        for option in names & {"before", "catch", "finally", "missing", "format"}:
            router.options[option] = first.slots[("p", option)]
    elif first is not UNDEFINED:
        router.why = "the router's options are not followed"
    return routes.app(router, call.span)


def _helper(host: Any, name: str, call: Invocation) -> Value:
    """`json(x)`, `error(404)`, `status(…)`: answers; `json` leaves a Response alone."""
    from wslint.machine.operators import whole

    first = host.known(call.argument(0))
    if name in ("error", "status"):
        status: Value = first
        if isinstance(first, Object):
            status = host.known(first.slots.get("http", first.slots.get(("p", "status"), 500.0)))
        number = whole(status)
        return response.made(
            number if number is not None else 500 if name == "error" else Unknown("a status"), call.span
        )
    if isinstance(first, Object) and first.kind == "Response":
        return first
    if first is UNDEFINED:
        return UNDEFINED
    init = call.argument(1) if len(call.arguments) > 1 else UNDEFINED
    if isinstance(init, Object) and init.kind in ("Request", "IttyRequest"):
        init = UNDEFINED
    return response.build(host, "x", init, call.span)


def _corsify(host: Any, given: Invocation) -> Value:
    """itty 6 builds the answer again with its headers: a 101 loses its socket and becomes 200 (run); 5 leaves it."""
    held = host.known(given.argument(0))
    versions = given.unit.worker.package_versions("itty-router") if given.unit is not None else None
    if response.is_upgrade(host, held):
        if versions is not None and versions.all_before((6, 0, 0)):
            return held
        if versions is None:
            host.give_up("which itty-router this is decides what `corsify` does to a 101", given.span)
        return response.made(200, given.span, note="`corsify` builds it again without its socket")
    return held


def run(host: Any, call: Invocation, router: Router, request: Object, path: str) -> Value:
    """One request's way: `before`, the routes, `missing`, `catch`, `finally`."""
    rest = call.arguments[1:]
    given = _given(router, request, call.span)
    caught = promise.caught(host, lambda: _routed(host, router, given, rest, path, call.span))

    def end(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            handler = router.options.get("catch")
            if handler is not None:
                return _finally(
                    host,
                    router,
                    _call(host, handler, [held.value, given, *rest], call.span),
                    given,
                    rest,
                    call.span,
                )
            if not router.options["automatic"]:
                host.leave("throw", held.value, held.span, held.text)
            error = host.known(held.value)
            status = error.slots.get("http", 500.0) if isinstance(error, Object) else 500.0
            from wslint.machine.operators import whole

            number = whole(host.known(status))
            made = response.made(number or 500, held.span, note=held.text or "an exception")
            made.extra = error
            return made
        return _finally(host, router, held, given, rest, call.span)

    return host.each(caught, end)


def _given(router: Router, request: Object, span: Span) -> Object:
    if router.options["automatic"]:
        return Object("IttyRequest", {}, span, request)
    return request


def _call(host: Any, function: Value, given: list[Value], span: Span) -> Value:
    return host.awaited(host.call(function, given, span), span)


def _list(host: Any, router: Router, option: str) -> list[Value]:
    from wslint.machine import members

    held = router.options.get(option)
    return members.items(host, held) or [] if held is not None else []


def _finally(host: Any, router: Router, value: Value, given: Object, rest: list[Value], span: Span) -> Value:
    for function in _list(host, router, "finally"):
        changed = _call(host, function, [value, given, *rest], span)
        value = host.each(
            changed, lambda held, before=value: before if held is UNDEFINED or held is None else held
        )
    return value


def _routed(host: Any, router: Router, given: Object, rest: list[Value], path: str, span: Span) -> Value:
    request = given.extra if given.kind == "IttyRequest" else given
    steps: list[tuple[Route | None, dict[str, str | None], Value]] = [
        (None, {}, function) for function in _list(host, router, "before")
    ]
    if router.options["automatic"]:
        steps.insert(0, (None, {}, Native("withParams", lambda host, call: UNDEFINED)))
    for route, params in routes.matching(host, router, path, host.known(request.slots["method"])):
        steps += [(route, params, handler) for handler in route.handlers]
    return _step(host, router, (given, rest, span), steps, 0)


def _step(
    host: Any,
    router: Router,
    asked: tuple[Object, list[Value], Span],
    steps: list[tuple[Route | None, dict[str, str | None], Value]],
    index: int,
) -> Value:
    given, rest, span = asked
    if index >= len(steps):
        missing = router.options.get("missing")
        if missing is not None:
            return _call(host, missing, [given, *rest], span)
        if router.options["automatic"]:
            return response.made(404, None, note="itty's own 404: no route matches")
        return UNDEFINED
    route, params, handler = steps[index]
    if route is not None:
        routes.route_hop(host, route)
        host.put(given.slots, ("p", "params"), routes.params(params))
        host.put(given.slots, ("p", "route"), route.pattern)
        for name, value in params.items():
            if given.kind == "IttyRequest" or ("p", name) not in given.slots:
                host.put(
                    given.slots,
                    ("p", name) if given.kind == "IttyRequest" else ("p", f"params.{name}"),
                    UNDEFINED if value is None else value,
                )
    if isinstance(handler, Unknown) or type(handler).__name__ == "Global":
        name = getattr(handler, "name", "") or "a handler of the route"
        host.give_up(f"`{name}` of the route is not read", route.span.head() if route is not None else span)
    found = _call(host, handler, [given, *rest], route.span if route is not None else span)

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            host.give_up(f"what a handler returns is not known: {held.why}", held.place or span)
        if held is UNDEFINED or held is None:
            return _step(host, router, asked, steps, index + 1)
        if router.options["automatic"] and not (isinstance(held, Object) and held.kind == "Response"):
            return response.made(200, route.span if route is not None else span, note="JSON")
        return held

    return host.each(found, one)


# AutoRouter's request


def _through(name: str) -> Any:
    from wslint.runtime.request import REQUEST as PLAIN

    return lambda host, request, span: PLAIN.getters[name](host, request.extra, span)


for _name in ("url", "method", "headers", "body", "cf"):
    REQUEST.getters[_name] = _through(_name)


@REQUEST.getter("query")
def _query(host: Any, request: Object, span: Any) -> Value:
    return Object("Object", {"open": "client"}, span)


@REQUEST.method("clone", "text", "json", "arrayBuffer", "formData", "blob")
def _method(host: Any, call: Invocation) -> Value:
    from wslint.runtime.request import REQUEST as PLAIN

    return PLAIN.methods[call.name](
        host, Invocation(call.name, call.this.extra, call.arguments, call.span, unit=call.unit)
    )
