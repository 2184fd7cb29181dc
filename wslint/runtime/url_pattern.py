"""`URLPattern`, where only the path is looked at and it is made of names and stars."""

from __future__ import annotations

import re
from typing import Any

from wslint.runtime import text, url
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value

PATTERN = Model("URLPattern")
_ODD = re.compile(r"[{}()?+\\]|\*\*")
_OPEN = re.compile(r":([A-Za-z_]\w*)|\*")
_MADE = re.compile(r"(?P<special>[.^$|\[\]])")


@maker("URLPattern")
def construct(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda held: _made(held, call))


def _made(given: Value, call: Invocation) -> Value:
    path: Value = UNDEFINED
    if isinstance(given, str) and given.startswith("/") and len(call.arguments) > 1:
        path = given
    elif isinstance(given, Object) and given.kind == "Object" and not given.slots.get("open"):
        others = [key for key in given.slots if isinstance(key, tuple) and key != ("p", "pathname")]
        if not others and len(call.arguments) == 1:
            path = given.slots.get(("p", "pathname"), UNDEFINED)
    if not isinstance(path, str) or _ODD.search(path):
        return Object("URLPattern", {}, call.span, None)
    names: list[str] = []

    def opened(found: re.Match[str]) -> str:
        names.append(found[1] or str(sum(name.isdigit() for name in names)))
        return "([^/]+?)" if found[1] else "(.*)"

    source = _OPEN.sub(opened, _MADE.sub(r"\\\g<special>", path))
    regex = Object("RegExp", {}, call.span, (f"^{source}$", ""))
    return Object("URLPattern", {}, call.span, (regex, tuple(names)))


@PATTERN.method("test", "exec")
def _asked(host: Any, call: Invocation) -> Value:
    """Whether an address is met, and what stands in its open parts."""
    return host.each(
        call.argument(0), lambda held: host.each(_path(host, held, call), lambda path: _met(host, path, call))
    )


def _path(host: Any, held: Value, call: Invocation) -> Value:
    if isinstance(held, str):
        held = url.parse(held)
    if isinstance(held, Object) and held.kind in ("URL", "Address") and len(call.arguments) == 1:
        return host.lift(lambda one: _routed(host, one), held.slots["path"])
    if isinstance(held, Object) and held.kind == "Object" and len(call.arguments) == 1:
        return held.slots.get(("p", "pathname"), UNDEFINED)
    return UNDEFINED


def _routed(host: Any, path: Value) -> Value:
    """The path of the request itself is one that routes look at."""
    return text.PathText(path) if isinstance(path, str) and path == host.path_asked else path


def _met(host: Any, path: Value, call: Invocation) -> Value:
    known = call.this.extra
    if known is None or not isinstance(path, str):
        unknown = Unknown("whether an address meets a `URLPattern`", call.span)
        return (
            path.derived(("meets", id(call.this)), unknown.why, call.span)
            if isinstance(path, Unknown)
            else unknown
        )
    regex, names = known
    found = text.matched(host, regex, path, call)
    if call.name == "test":
        return found if isinstance(found, Unknown) else found is not None
    if not isinstance(found, Object):
        return found
    groups = found.slots["items"][1:]
    return _result(path, dict(zip(names, groups, strict=True)), call.span)


def _result(path: str, groups: dict[str, Value], span: Span) -> Object:
    held = Object("Object", {("p", name): value for name, value in groups.items()}, span)
    part = Object("Object", {("p", "input"): path, ("p", "groups"): held}, span)
    return Object("Object", {("p", "pathname"): part, "open": True}, span)
