"""What routers have in common: routes, their patterns, and which of them match."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from wslint.patterns import Pattern, TooLong, compile_pattern
from wslint.record import field, record
from wslint.runtime.model import Model
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, Value

APP = Model("App")
APP.own = ("fetch",)

VERBS = frozenset({"get", "post", "put", "delete", "patch", "options", "head"})


@record
class Route:
    verb: str
    pattern: str | None
    handlers: list[Value]
    span: Span
    middleware: bool = False


@record
class Router:
    """A router with its routes in the order of their registration. `why` says why it can't be followed."""

    framework: str
    base: str | None = ""
    routes: list[Route] = field(default_factory=list)
    not_found: Value = None
    on_error: Value = None
    options: dict[str, Value] = field(default_factory=dict)
    why: str = ""


def join(prefix: str | None, path: str | None) -> str | None:
    if prefix is None or path is None:
        return None
    if not prefix.strip("/"):
        return path if path.startswith(("/", "*")) else f"/{path}"
    return prefix.rstrip("/") + (f"/{path.lstrip('/')}" if path.strip("/") else "")


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
            if custom is not None and framework != "hono":
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


def matching(
    host: Any, router: Router, path: str, method: Value
) -> list[tuple[Route, dict[str, str | None]]]:
    """The routes that a request of a path meets, in their order, with what their parameters are."""
    host.looked_at_path = True
    if not isinstance(method, str):
        host.give_up("the method is not known", None)
    assert isinstance(method, str)
    return believed(host, router, path, method) or _matching(host, router, path, method)


def believed(
    host: Any, router: Router, path: str, method: str
) -> list[tuple[Route, dict[str, str | None]]] | None:
    """Note a router of the Worker's own; the route that this play takes for met, with the middleware around it."""
    if host.objects or len(host.workers) > 1:
        return None
    host.dispatched.append((router, path))
    taken = host.believed
    if taken is None or taken.test.kind != "route":
        return None
    found = [
        one
        for one in _matching(host, router, taken.sample, method)
        if one[0].middleware or one[0].span == taken.test.place
    ]
    return found if any(not route.middleware for route, _ in found) else None


def _matching(host: Any, router: Router, path: str, method: str) -> list[tuple[Route, dict[str, str | None]]]:
    found: list[tuple[Route, dict[str, str | None]]] = []
    decoded = unquote(path)
    for route in router.routes:
        pattern = pattern_of(route.pattern, router.framework) if route.pattern is not None else None
        if pattern is None:
            host.give_up(f"the pattern `{route.pattern or '?'}` is not followed", route.span.head())
        assert pattern is not None
        try:
            match = pattern.fullmatch(decoded)
        except TooLong:
            host.give_up(f"the pattern `{route.pattern}` and the path are too long", route.span.head())
        if match is not None and route.verb in ("all", method.lower()):
            found.append((route, match.groupdict()))
    return found


def mislaid(host: Any, router: Router, path: str, method: Value) -> tuple[Span, str] | None:
    """Where a path that no route meets lost the beginning with which one would, and what that was."""
    for prefix, span in host.stripped if isinstance(method, str) else ():
        for route, _ in _matching(host, router, prefix + path, str(method)):
            if not route.middleware and (route.pattern or "").startswith(f"{prefix}/"):
                return span, f"`mount` took `{prefix}` off the path, and `{route.pattern}` begins with it"
    return None


def explained(answer: Value, lost: tuple[Span, str] | None) -> Value:
    """The answer to a path that no route meets, with the place that decided it."""
    if lost is not None and isinstance(answer, Object) and answer.kind == "Response":
        answer.place, answer.slots["note"] = lost
        answer.slots["mislaid"] = True
    return answer


def params(values: dict[str, str | None]) -> Object:
    return Object(
        "Object", {("p", name): UNDEFINED if value is None else value for name, value in values.items()}
    )


def route_hop(host: Any, route: Route) -> None:
    if not route.middleware:
        verb = "any method" if route.verb == "all" else route.verb.upper()
        host.hop("route", route.span.head(), f"{verb} `{route.pattern}`")
