"""Routers: hono and itty-router, as far as the handshake passes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.uses import Fact, Where
from wslint.source.flow.values import (
    Application,
    ArrayValue,
    Environment,
    FunctionValue,
    Imported,
    LiteralValue,
    PathTest,
    RequestValue,
    TableValue,
    Value,
    WorkerContext,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values

VERBS = frozenset({"get", "all", "use", "on", "post", "put", "delete", "patch", "options", "notFound"})
UPGRADE_HELPERS = ("hono/cloudflare-workers",)
"""hono's modules that export `upgradeWebSocket`."""
HEADER_MIDDLEWARE = {
    "hono/powered-by": "poweredBy",
    "hono/secure-headers": "secureHeaders",
    "hono/cors": "cors",
}
"""hono's middleware that sets headers on whatever response came back, a 101 included (`cors` in old versions)."""
_ITTY = frozenset({"Router", "AutoRouter", "IttyRouter"})


def framework_of(value: Imported) -> Literal["hono", "itty", "workers-rs"] | None:
    """Which router `new X()` or `X()` of this import makes."""
    if value.specifier.split("/")[0] == "hono" and value.name in ("Hono", "OpenAPIHono"):
        return "hono"
    if value.specifier == "@hono/zod-openapi" and value.name == "OpenAPIHono":
        return "hono"
    if value.specifier == "itty-router" and value.name in _ITTY:
        return "itty"
    if value.name == "workers-rs Router":
        return "workers-rs"
    return None


def application_call(
    interpreter: Interpreter, receiver: Application, name: str, node: tree.Call, arguments: list[Values]
) -> Values:
    """`app.get("/ws", handler)`: enter the handlers with what the framework passes."""
    first = arguments[0] if arguments else ()
    if name == "basePath":
        text = _text_of(first)
        prefix = joined_path(receiver.prefix, text) if text is not None else None
        return (Application(node_span(receiver, node), receiver.framework, prefix, receiver.mounts),)
    if name == "route" and len(arguments) > 1:
        for value in arguments[1]:
            if isinstance(value, Application):
                mount = (receiver, _text_of(first))
                if mount not in value.mounts and value is not receiver:
                    value.mounts.append(mount)
    if name == "use" and receiver.framework == "hono":
        for values in arguments:
            for value in values:
                if (
                    isinstance(value, Imported)
                    and value.specifier in HEADER_MIDDLEWARE
                    and value.name.endswith("()")
                ):
                    pattern_text = _text_of(first)
                    everywhere = len(arguments) == 1 or pattern_text in ("*", "/*")
                    covered = None if everywhere else pattern_text or "?"
                    interpreter.flow.header_middleware.append((value.span, receiver, covered, value.name))
    if name == "then" and receiver.framework == "itty":
        _note_corsify(interpreter, receiver, first)
    if name in VERBS:
        pattern = _pattern(receiver, name, arguments)
        for values in arguments:
            for value in values:
                if isinstance(value, FunctionValue):
                    _enter_handler(interpreter, receiver, value, name, pattern)
    return (receiver,)


def is_proxying(name: str, arguments: list[Values]) -> bool:
    """Whether a router of itty gives its handlers a Proxy: AutoRouter, or `before: [withParams]`."""
    if name == "AutoRouter":
        return True
    for value in arguments[0] if arguments else ():
        for held in value.fields.get("before", ()) if isinstance(value, TableValue) else ():
            for item in held.items if isinstance(held, ArrayValue) else ():
                if any(isinstance(one, Imported) and one.name == "withParams" for one in item):
                    return True
    return False


def note_finally(interpreter: Interpreter, application: Application, arguments: list[Values]) -> None:
    """`Router({ finally: [corsify] })`."""
    for value in arguments[0] if arguments else ():
        for held in value.fields.get("finally", ()) if isinstance(value, TableValue) else ():
            for item in held.items if isinstance(held, ArrayValue) else ():
                _note_corsify(interpreter, application, item)


def _note_corsify(interpreter: Interpreter, application: Application, values: Values) -> None:
    for value in values:
        if isinstance(value, Imported) and value.specifier == "itty-router" and value.name == "corsify":
            interpreter.flow.corsified.append((value.span, application))


def cors_helpers(span: Span) -> TableValue:
    """What itty's `cors()` gives."""
    names = ("preflight", "corsify")
    fields: dict[str, tuple[Value, ...]] = {name: (Imported(span, "itty-router", name),) for name in names}
    return TableValue(span, None, fields)


def enter_upgrade_helper(interpreter: Interpreter, functions: Values) -> None:
    """`upgradeWebSocket((c) => ({ onMessage … }))`: hono makes the pair itself and returns its own 101,
    whatever the function does; the listeners that it returns run later."""
    for function in functions:
        if not isinstance(function, FunctionValue):
            continue
        context = hono_context(function.span)
        outer, interpreter.facts = interpreter.facts, frozenset()
        returned = interpreter.enter_later(function, [(context,)], "upgrade helper")
        for value in interpreter.awaited(returned):
            for held in value.fields.values() if isinstance(value, TableValue) else ():
                for listener in held:
                    if isinstance(listener, FunctionValue):
                        interpreter.enter_later(listener, [], "upgrade helper's listener")
        interpreter.facts = outer


def _text_of(values: Values) -> str | None:
    value = values[0] if len(values) == 1 else None
    return value.value if isinstance(value, LiteralValue) and isinstance(value.value, str) else None


def node_span(receiver: Application, node: tree.Call) -> Span:
    return Span(receiver.span.file, node.start, node.end)


def base_of(arguments: list[Values]) -> str | None:
    """`Router({ base: "/api" })`: what stands before every pattern."""
    for values in arguments[:1]:
        for value in values:
            if isinstance(value, TableValue):
                return (
                    _text_of(value.fields["base"]) if "base" in value.fields else "" if value.closed else None
                )
        return "" if values else None
    return ""


def joined_path(prefix: str | None, path: str | None) -> str | None:
    """Two parts of a pattern with one `/` between them, as hono and itty join them."""
    if prefix is None or path is None:
        return None
    if not prefix.strip("/"):
        return path if path.startswith("/") else f"/{path}"
    return prefix.rstrip("/") + (f"/{path.lstrip('/')}" if path.strip("/") else "")


def _pattern(receiver: Application, name: str, arguments: list[Values]) -> PathTest | None:
    """The pattern that a route is registered for; None without one, or with one that is not written out."""
    place = 1 if name == "on" and receiver.framework == "hono" else 0
    values = arguments[place] if len(arguments) > place + 1 else ()
    text = _text_of(values)
    if text is None:
        return None
    return PathTest(values[0].span, "pattern", text, None, receiver, verb=name)


def _enter_handler(
    interpreter: Interpreter,
    receiver: Application,
    function: FunctionValue,
    verb: str,
    pattern: PathTest | None,
) -> None:
    span = function.span
    on_path: frozenset[tuple[Fact, int | PathTest]] = frozenset({("on-path", pattern)} if pattern else ())
    handler = "middleware" if verb == "use" else "fetch"
    where = Where(None, handler, function.node)
    if receiver.framework == "hono":
        context: tuple[Value, ...] = (hono_context(span),)
        outer, interpreter.facts = interpreter.facts, on_path
        interpreter.enter(function, [context], where=where)
        interpreter.facts = outer
        return
    request = RequestValue(span, True, "yes", wrapper="itty" if receiver.proxies else None)
    outer, interpreter.facts = interpreter.facts, on_path
    # workers-rs passes a RouteContext second: it answers for `env` too, so it stands as `env` here.
    interpreter.enter(function, [(request,), (Environment(span),), (WorkerContext(span),)], where=where)
    interpreter.facts = outer


def hono_context(span: object) -> TableValue:
    """hono's `c`: `c.req` wraps the request (`c.req.raw` is it), `c.env`, `c.executionCtx`."""
    assert isinstance(span, Span)
    request = RequestValue(span, True, "yes", wrapper="hono")
    fields: dict[str, tuple[Value, ...]] = {
        "req": (request,),
        "env": (Environment(span),),
        "executionCtx": (WorkerContext(span),),
    }
    return TableValue(span, None, fields, closed=False)


HONO_ANSWERS = frozenset({"text", "json", "html", "body", "redirect", "newResponse"})
"""The methods of hono's `c` that make a response."""


def is_hono_context(value: Value) -> bool:
    """Whether a value is hono's `c`, and not an object with such fields of the project's own."""
    return isinstance(value, TableValue) and value.node is None and "executionCtx" in value.fields
