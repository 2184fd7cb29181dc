"""itty-router: `Router`, `AutoRouter`, `IttyRouter` with their options, and its helpers (4, 5 and 6, read and run)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wslint.machine.scope import Native
from wslint.record import record
from wslint.runtime import imports, promise, response
from wslint.runtime.frameworks import registration, routes
from wslint.runtime.frameworks.itty_request import proxied, through_proxy
from wslint.runtime.frameworks.routes import Route, Router
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

if TYPE_CHECKING:
    from wslint.source.javascript.versions import Versions

_ROUTERS = frozenset({"Router", "AutoRouter", "IttyRouter"})
_OPTIONS = frozenset({"base", "before", "catch", "finally", "routes", "missing", "format", "port"})
_QUIET = frozenset({"withContent", "withCookies"})
_ANSWERS = frozenset({"json", "text", "html", "error", "status", "jpeg", "png", "webp"})
_WITH_OPTIONS = (5, 0, 0)
"""`before`, `catch` and `finally` came with it; a `Router` of an earlier one passes over them."""
_LATEST = (6, 0, 0)
"""It was built from a state before some mends of 5."""
_CORS_MENDED = (5, 0, 9)
"""From here to 6 `corsify` leaves a 101 alone."""
_MISSING_ALONE = (5, 0, 18)
"""From here to 6 `missing` gets the request first."""


def imported(host: Any, value: Any, unit: Any) -> Value | None:
    if value.name == "withParams":
        versions = imports.versions(value.specifier, unit)
        return Native(value.name, lambda host, given: through_proxy(host, given, versions))
    if value.name in _QUIET:
        return Native(value.name, lambda host, given: UNDEFINED)
    if value.name in _ANSWERS:
        return Native(value.name, lambda host, given: _helper(host, value.name, given))
    return None


def called(host: Any, target: Any, call: Invocation) -> Value | None:
    if target.name in _ROUTERS:
        return _router(host, target, call)
    if target.name in ("cors", "createCors"):
        versions = imports.versions(target.specifier, call.unit) if target.name == "cors" else None
        preflight = Native("preflight", lambda host, given: UNDEFINED)
        corsify = Native("corsify", lambda host, given: _corsify(host, given, target.name, versions))
        return Object("Object", {("p", "preflight"): preflight, ("p", "corsify"): corsify}, call.span)
    if target.name == "websocket":
        made = Object("Object", {("p", "status"): 101.0, ("p", "webSocket"): call.argument(0)}, call.span)
        return response.build(host, None, made, call.span) if len(call.arguments) == 1 else None
    if target.name == "StatusError":
        made = Object("Error", {"name": "Error", "message": call.argument(1)}, call.span)
        made.slots["http"] = call.argument(0)
        return made
    return None


def _router(host: Any, target: Any, call: Invocation) -> Value:
    versions = imports.versions(target.specifier, call.unit)
    bare = target.name == "IttyRouter" or (versions is not None and versions.all_before(_WITH_OPTIONS))
    router = Router("itty", options={"automatic": target.name == "AutoRouter", "bare": bare})
    router.options["withParams"] = Native(
        "withParams", lambda host, given: through_proxy(host, given, versions)
    )
    router.options["missing gets the answer"] = _missing_gets_the_answer(versions)
    first = host.known(call.argument(0))
    if isinstance(first, Object) and first.kind == "Object":
        base = host.known(first.slots.get(("p", "base"), ""))
        router.base = base if isinstance(base, str) else None
        names = {key[1] for key in first.slots if isinstance(key, tuple) and key[0] == "p"}
        if first.slots.get("open") or "escaped" in first.slots or names - _OPTIONS or "routes" in names:
            router.why = "the router's options are not followed"
        for option in () if bare else names & {"before", "catch", "finally", "missing", "format"}:
            router.options[option] = first.slots[("p", option)]
    elif first is not UNDEFINED:
        router.why = "the router's options are not followed"
    return registration.app(router, call.span)


def _missing_gets_the_answer(versions: Versions | None) -> bool | None:
    """Whether `missing` gets an `undefined` before the request; None where that is not known."""
    if versions is None:
        return None
    if versions.all_from(_MISSING_ALONE) and versions.all_before(_LATEST):
        return False
    return True if versions.all_from(_LATEST) or versions.all_before(_MISSING_ALONE) else None


def _helper(host: Any, name: str, call: Invocation) -> Value:
    """`json(x)`, `error(404)`, `status(…)`: answers; `json` leaves a Response alone."""
    from wslint.machine.operators import whole

    first = host.known(call.argument(0))
    if name in ("error", "status"):
        number = whole(_status_of(host, first))
        made = response.made(
            number if number is not None else 500 if name == "error" else Unknown("a status"), call.span
        )
        if isinstance(first, Object) and first.kind == "Error":
            made.extra = first
        return made
    if isinstance(first, Object) and first.kind == "Response":
        return first
    if first is UNDEFINED:
        return UNDEFINED
    init = call.argument(1) if len(call.arguments) > 1 else UNDEFINED
    if isinstance(init, Object) and init.kind in ("Request", "IttyRequest"):
        init = UNDEFINED
    return response.build(host, "x", init, call.span)


def _status_of(host: Any, error: Value) -> Value:
    """The status that `error(…)` gives for what it gets: an error's own, or 500."""
    if not isinstance(error, Object):
        return error
    return host.known(error.slots.get("http", error.slots.get(("p", "status"), 500.0)))


def _corsify(host: Any, given: Invocation, name: str, versions: Versions | None) -> Value:
    """`cors().corsify` of most versions builds the answer again with its headers: a 101 loses its socket and becomes
    200 (run); those of 5.0.9 and later of 5, and `createCors` of 4, leave it."""
    held = host.known(given.argument(0))
    if not response.is_upgrade(host, held) or name == "createCors":
        return held
    if versions is not None and versions.all_from(_CORS_MENDED) and versions.all_before(_LATEST):
        return held
    if versions is None or not (versions.all_from(_LATEST) or versions.all_before(_CORS_MENDED)):
        host.give_up("which itty-router this is decides what `corsify` does to a 101", given.span)
    return response.made(200, given.span, note="`corsify` builds it again without its socket")


# Dispatch


@record
class _Asked:
    """One request on its way through a router: what its handlers get."""

    router: Router
    request: Object
    rest: list[Value]
    span: Span
    lost: tuple[Span, str] | None = None
    """Where the path lost the beginning with which a route would meet it."""

    def call(self, host: Any, function: Value, span: Span, *first: Value) -> Value:
        """A handler, with the proxy of the request once `withParams` has made one."""
        if isinstance(function, Unknown) or type(function).__name__ == "Global":
            name = getattr(function, "name", "") or "a handler of the router"
            host.give_up(f"`{name}` of the router is not read", span.head())
        given = [*first, proxied(host, self.request), *self.rest]
        return host.awaited(host.call(function, given, span), span)


def run(host: Any, call: Invocation, router: Router, request: Object, path: str) -> Value:
    """One request's way: `before`, the routes, `catch`, `missing`, `finally`, and `catch` for what these throw."""
    asked = _Asked(router, request, call.arguments[1:], call.span)
    value = _guarded(host, asked, lambda: _routed(host, asked, path))
    return _guarded(host, asked, lambda: _finally(host, asked, value))


def _guarded(host: Any, asked: _Asked, do: Any) -> Value:
    """What `do` gives; what it throws goes to `catch`, AutoRouter's own where the project has none."""
    handler = asked.router.options.get("catch")
    if handler is None and asked.router.options["automatic"]:
        handler = Native("error", lambda host, given: _helper(host, "error", given))
    if handler is None:
        return do()

    def end(held: Value) -> Value:
        if not isinstance(held, promise.Rejected):
            return held
        answer = asked.call(host, handler, held.span or asked.span, held.value)
        return host.each(answer, lambda made: _explained(made, held))

    return host.each(promise.caught(host, do), end)


def _explained(made: Value, failed: Any) -> Value:
    """The answer that itty's own `error` makes of an exception, with the exception's words."""
    if isinstance(made, Object) and made.kind == "Response" and made.extra is failed.value:
        made.slots["note"] = failed.text or "an exception"
    return made


def _list(host: Any, asked: _Asked, option: str) -> list[Value]:
    from wslint.machine import members

    held = asked.router.options.get(option)
    if held is None or held is UNDEFINED:
        return []
    found = members.items(host, held)
    if found is None:
        host.give_up(f"the router's `{option}` is not known", asked.span)
    assert found is not None
    return found


def _finally(host: Any, asked: _Asked, value: Value) -> Value:
    if asked.router.options["automatic"]:
        value = host.each(value, lambda held: _given(host, asked, held))
        value = host.each(value, lambda held: _formatted(host, asked, held))
    for function in _list(host, asked, "finally"):
        changed = asked.call(host, function, asked.span, value)
        value = host.each(
            changed, lambda held, before=value: before if held is UNDEFINED or held is None else held
        )
    return value


def _given(host: Any, asked: _Asked, held: Value) -> Value:
    """`missing`, where nothing has answered."""
    if held is not UNDEFINED and held is not None:
        return held
    missing = asked.router.options.get("missing")
    if missing is None:
        made = response.made(404, None, note="itty's own 404: no route matches")
        return routes.explained(made, asked.lost)
    first = asked.router.options["missing gets the answer"]
    if first is None:
        return host.call(missing, [Unknown("an argument"), *asked.rest], asked.span)
    return asked.call(host, missing, asked.span, *([UNDEFINED] if first else []))


def _formatted(host: Any, asked: _Asked, held: Value) -> Value:
    """`format`, or the JSON that AutoRouter makes of what is no Response."""
    if isinstance(held, Unknown):
        host.give_up(f"what a handler returns is not known: {held.why}", held.place or asked.span)
    custom = asked.router.options.get("format")
    if custom is not None:
        changed = asked.call(host, custom, asked.span, held)
        return host.each(changed, lambda one: held if one is UNDEFINED or one is None else one)
    if isinstance(held, Object) and held.kind == "Response":
        return held
    return response.made(200, asked.span, note="JSON")


def _routed(host: Any, asked: _Asked, path: str) -> Value:
    router = asked.router
    steps: list[tuple[Route | None, dict[str, str | None], Value]] = []
    host.put(asked.request.slots, ("p", "query"), Object("Object", {"open": "client"}, asked.span))
    if router.options["automatic"]:
        steps.append((None, {}, router.options["withParams"]))
    steps += [(None, {}, function) for function in _list(host, asked, "before")]
    method = host.known(asked.request.slots["method"])
    found = routes.matching(host, router, path, method)
    asked.lost = None if found else routes.mislaid(host, router, path, method)
    for route, params in found:
        steps += [(route, params, handler) for handler in route.handlers]
    return _step(host, asked, steps, 0)


def _step(
    host: Any, asked: _Asked, steps: list[tuple[Route | None, dict[str, str | None], Value]], index: int
) -> Value:
    if index >= len(steps):
        return UNDEFINED
    route, params, handler = steps[index]
    place = route.span if route is not None else asked.span
    if route is not None:
        routes.route_hop(host, route)
        host.put(asked.request.slots, ("p", "params"), routes.params(params))
        host.put(asked.request.slots, ("p", "route"), route.pattern)
    found = asked.call(host, handler, place)

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            host.give_up(f"what a handler returns is not known: {held.why}", held.place or asked.span)
        if held is UNDEFINED or held is None:
            return _step(host, asked, steps, index + 1)
        return held

    return host.each(found, one)
