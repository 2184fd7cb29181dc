"""Routers: hono, itty-router and workers-rs, dispatched for one path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from wslint.patterns import Match, Pattern, TooLong, compile_pattern
from wslint.record import field, record
from wslint.text import Span
from wslint.trace import calls, expressions, operators, responses
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    EnvV,
    GaveUp,
    Global,
    Native,
    Obj,
    Promise,
    Req,
    Resp,
    Scope,
    Text,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_VERBS = frozenset({"get", "post", "put", "delete", "patch", "options", "head"})
_HONO_UPGRADE = "hono/cloudflare-workers"
_QUIET = frozenset({"hono/logger", "hono/request-id", "hono/timing", "hono/etag"})
"""hono's middleware that leaves a 101 alone (hono 4.13, run)."""


@record
class Route:
    verb: str
    pattern: str | None
    handlers: list[Val]
    span: Span
    middleware: bool = False


@record
class App:
    """A router with its routes in the order of their registration."""

    span: Span
    framework: str
    base: str | None = ""
    routes: list[Route] = field(default_factory=list)
    not_found: Val = None
    on_error: Val = None
    proxies: bool = False
    automatic: bool = False
    why: str = ""
    """Why it can't be followed."""


def imported(machine: Machine, target: Global, arguments: list[Val], span: Span, scope: Scope) -> Val | None:
    """A call of a router package's export; None for anything else."""
    package = target.specifier.split("/")[0]
    name = target.name
    if name in ("Hono", "OpenAPIHono") and (package == "hono" or target.specifier == "@hono/zod-openapi"):
        return App(span, "hono", why="" if not arguments else _options(arguments[0]))
    if target.specifier in (_HONO_UPGRADE, "hono/cloudflare-workers") and name == "upgradeWebSocket":
        return Native("upgradeWebSocket()", _upgrade(machine, span))
    if package == "hono" and target.specifier in _QUIET:
        return Native(f"{name}()", lambda given: calls.apply(machine, given[1], [], span, scope))
    if target.specifier == "itty-router":
        return _itty(machine, name, arguments, span)
    return None


def _options(value: Val) -> str:
    return (
        ""
        if isinstance(value, Obj) and not value.fields and not value.open
        else "the router's options are not followed"
    )


def _upgrade(machine: Machine, span: Span) -> Any:
    def handle(given: list[Val]) -> Val:
        request = given[0].fields["req"]
        if request.upgrade is None:
            return calls.apply(machine, given[1], [], span, Scope(span.file, None))  # type: ignore[arg-type]
        machine.hop("accept", span, "hono's `upgradeWebSocket` makes the pair and accepts it")
        return Promise(Resp(101, span, True))

    return handle


def _itty(machine: Machine, name: str, arguments: list[Val], span: Span) -> Val | None:
    first = arguments[0] if arguments else UNDEFINED
    if name in ("Router", "AutoRouter", "IttyRouter"):
        app = App(span, "itty", automatic=name == "AutoRouter", proxies=name == "AutoRouter")
        if isinstance(first, Obj):
            base = first.fields.get("base", "")
            app.base = base if isinstance(base, str) else None
            if first.open or set(first.fields) - {"base"}:
                app.why = "the router's options are not followed"
        elif first is not UNDEFINED:
            app.why = "the router's options are not followed"
        return app
    if name in ("error", "status"):
        status = (
            first
            if isinstance(first, float)
            else first.fields.get("status", 500.0)
            if isinstance(first, Obj)
            else 500.0
        )
        return Resp(operators.status_of(status), span)
    if name in ("json", "text", "html"):
        if isinstance(first, Resp) and name == "json":
            return first
        return Resp(200, span) if len(arguments) < 2 else responses.build("x", arguments[1], span)
    return None


# Registration


def method(machine: Machine, app: App, name: str, arguments: list[Val], span: Span, scope: Scope) -> Val:
    """`app.get(…)` and its kin, and what starts the router."""
    if name in ("fetch", "handle", "run", "request"):
        return dispatch(machine, app, arguments[0] if arguments else UNDEFINED, arguments[1:])
    verb = name.removesuffix("_async") if app.framework == "workers-rs" else name
    if name == "basePath":
        return App(
            span, app.framework, _join(app.base, _text(arguments, 0)), app.routes, app.not_found, app.on_error
        )
    if name == "route" and len(arguments) > 1:
        _mount(app, arguments[0], arguments[1])
    elif name == "notFound":
        app.not_found = arguments[0] if arguments else None
    elif name == "onError":
        app.on_error = arguments[0] if arguments else None
    elif name == "use":
        first = _text(arguments, 0)
        handlers = arguments[1:] if first is not None else arguments
        app.routes.append(Route("all", _join(app.base, first or "*"), list(handlers), span, True))
    elif verb == "on" and app.framework == "hono":
        verbs = arguments[0] if arguments else UNDEFINED
        names = [verbs] if isinstance(verbs, str) else verbs.items if isinstance(verbs, Arr) else []
        app.routes += [
            Route(
                each.lower() if isinstance(each, str) else "all",
                _join(app.base, _text(arguments, 1)),
                arguments[2:],
                span,
            )
            for each in names
        ]
    elif verb in _VERBS or verb in ("all", "on", "on_async", "or_else_any_method"):
        pattern = _text(arguments, 0)
        if app.framework == "hono" and pattern is None:
            app.why = app.why or "a route's pattern is not known"
        app.routes.append(
            Route(
                "all" if verb.startswith(("on", "or")) else verb,
                _join(app.base, pattern),
                arguments[1:],
                span,
            )
        )
    elif name in ("with_data", "mount", "openapi", "doc"):
        if name != "with_data":
            app.why = app.why or f"`{name}` is not followed"
    else:
        app.why = app.why or f"`{name}` is not followed"
    return app


def _text(arguments: list[Val], place: int) -> str | None:
    value = arguments[place] if len(arguments) > place else None
    return value if isinstance(value, str) else None


def _mount(app: App, path: Val, inner: Val) -> None:
    if not isinstance(inner, App) or not isinstance(path, str):
        app.why = app.why or "a mounted router is not followed"
        return
    app.why = app.why or inner.why
    prefix = _join(app.base, path)
    for route in inner.routes:
        app.routes.append(
            Route(route.verb, _join(prefix, route.pattern), route.handlers, route.span, route.middleware)
        )


def _join(prefix: str | None, path: str | None) -> str | None:
    if prefix is None or path is None:
        return None
    if not prefix.strip("/"):
        return path if path.startswith(("/", "*")) else f"/{path}"
    return prefix.rstrip("/") + (f"/{path.lstrip('/')}" if path.strip("/") else "")


# Dispatch


def pattern_of(text: str, framework: str) -> Pattern | None:
    """A route's pattern as a regular expression; None where it says more than is followed."""
    pieces = [""]
    segments = text.split("/")
    for index, segment in enumerate(segments):
        if index == 0 and segment == "":
            continue
        last = index == len(segments) - 1
        parameter = re.fullmatch(r":(\w+)(\{(.+)\})?(\?)?(\+)?", segment)
        if segment == "*" or (segment == "" and not last):
            if segment == "*" and last:
                pieces.append("(?:/.*)?" if index else ".*")
            elif segment == "*":
                pieces.append("/[^/]+")
            else:
                return None
        elif parameter is not None:
            name, _, custom, optional, plus = parameter.groups()
            if custom is not None and (framework != "hono" or "(" in custom):
                return None
            inner = custom or (".+" if plus else "[^/]+")
            pieces.append(f"(?:/(?<{name}>{inner}))?" if optional else f"/(?<{name}>{inner})")
        elif re.fullmatch(r"\{\w+\}", segment) and framework == "workers-rs":
            pieces.append(f"/(?<{segment[1:-1]}>[^/]+)")
        elif segment.startswith("*") and framework == "workers-rs":
            pieces.append(f"/(?<{segment[1:] or 'rest'}>.+)")
        elif re.search(r"[:*{}()+?\[\]\\]", segment):
            return None
        else:
            pieces.append("/" + re.escape(segment))
    end = "/?" if framework == "itty" else ""
    return compile_pattern("".join(pieces) + end, "javascript", "s")


def _matched(pattern: Pattern, path: str, route: Route) -> Match | None:
    try:
        return pattern.fullmatch(path)
    except TooLong:
        raise GaveUp(f"the pattern `{route.pattern}` and the path are too long", route.span.head()) from None


def dispatch(machine: Machine, app: App, request: Val, rest: list[Val]) -> Val:
    """The response of a router to a request, as a promise."""
    if app.why:
        raise GaveUp(app.why, app.span.head())
    if not isinstance(request, Req) or not isinstance(request.url, Url):
        raise GaveUp("what the router is given is not known", app.span.head())
    try:
        if app.framework == "hono":
            from wslint.trace import hono

            result = hono.run(machine, app, request, rest)
        elif app.framework == "itty":
            result = _itty_run(machine, app, request, rest)
        else:
            result = _rust_run(machine, app, request, rest)
    except Thrown as thrown:
        return Promise(UNDEFINED, thrown)
    return Promise(result)


def matching(app: App, request: Req) -> list[tuple[Route, dict[str, str | None]]]:
    found: list[tuple[Route, dict[str, str | None]]] = []
    path = unquote(request.url.path)
    for route in app.routes:
        pattern = pattern_of(route.pattern, app.framework) if route.pattern is not None else None
        if pattern is None:
            raise GaveUp(f"the pattern `{route.pattern or '?'}` is not followed", route.span.head())
        if not isinstance(request.method, str):
            raise GaveUp("the method is not known", route.span.head())
        match = _matched(pattern, path, route)
        if match is not None and route.verb in ("all", request.method.lower()):
            found.append((route, match.groupdict()))
    return found


def params_of(values: dict[str, str | None]) -> Obj:
    return Obj({name: UNDEFINED if value is None else Text(value, "path") for name, value in values.items()})


def route_hop(machine: Machine, route: Route) -> None:
    if not route.middleware:
        verb = "any method" if route.verb == "all" else route.verb.upper()
        machine.hop(
            "route",
            Span(route.span.file, route.span.start, route.span.end).head(),
            f"{verb} `{route.pattern}`",
        )


def _itty_run(machine: Machine, app: App, request: Req, rest: list[Val]) -> Val:
    scope = Scope(app.span.file, None)  # type: ignore[arg-type]
    try:
        for route, params in matching(app, request):
            route_hop(machine, route)
            extra = {**request.extra, "params": params_of(params)}
            wrapper = "itty" if app.proxies else ""
            given = Req(request.url, request.method, request.headers, wrapper, extra)
            for handler in route.handlers:
                if isinstance(handler, Global) and handler.name in (
                    "withParams",
                    "withContent",
                    "withCookies",
                ):
                    continue
                if isinstance(handler, Unknown | Global):
                    raise GaveUp("a handler of the route is not read", route.span.head())
                found = machine.awaited(calls.apply(machine, handler, [given, *rest], route.span, scope))
                if isinstance(found, Unknown):
                    raise GaveUp("what a handler returns is not known", route.span.head())
                if not (found is None or found is UNDEFINED):
                    return (
                        found
                        if isinstance(found, Resp) or not app.automatic
                        else Resp(200, route.span, note="JSON")
                    )
    except Thrown as thrown:
        if not app.automatic:
            raise
        return Resp(500, thrown.span, note=thrown.text)
    return Resp(404, None, note="itty's own 404: no route matches") if app.automatic else UNDEFINED


def _rust_run(machine: Machine, app: App, request: Req, rest: list[Val]) -> Val:
    path = request.url.path
    scope = Scope(app.span.file, None)  # type: ignore[arg-type]
    other_method = False
    for route in app.routes:
        if route.pattern is None:
            raise GaveUp("a route's pattern is not known", route.span.head())
        pattern = pattern_of(route.pattern, "workers-rs")
        if pattern is None:
            raise GaveUp(f"the pattern `{route.pattern}` is not followed", route.span.head())
        match = _matched(pattern, path, route)
        if match is None:
            continue
        if route.verb not in ("all", str(request.method).lower()):
            other_method = True
            continue
        route_hop(machine, route)
        env = next((item for item in rest if isinstance(item, EnvV)), None)
        context = RouteContext(env, dict(match.groupdict()))
        handler = route.handlers[0] if route.handlers else UNDEFINED
        return machine.awaited(calls.apply(machine, handler, [request, context], route.span, scope))
    if other_method:
        return Resp(405, None, note="the route takes another method")
    return Resp(404, None, note="no route of the Router matches")


class RouteContext(EnvV):
    """workers-rs's RouteContext: `env`, and the pattern's parameters."""

    def __init__(self, env: EnvV | None, params: dict[str, str | None]) -> None:
        super().__init__(env.worker if env is not None else None)  # type: ignore[arg-type]
        self.params = params


__all__ = ["App", "dispatch", "expressions", "imported", "method"]
