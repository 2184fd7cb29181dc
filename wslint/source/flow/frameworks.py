"""Routers: hono and itty-router, as far as the handshake passes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.uses import Fact, Where
from wslint.source.flow.values import (
    Application,
    Environment,
    FunctionValue,
    Imported,
    Literal_,
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
                value.mounts.append((receiver, _text_of(first)))
    if name in VERBS:
        pattern = _pattern(receiver, name, arguments)
        for values in arguments:
            for value in values:
                if isinstance(value, FunctionValue):
                    _enter_handler(interpreter, receiver, value, name, pattern)
    return (receiver,)


def _text_of(values: Values) -> str | None:
    value = values[0] if len(values) == 1 else None
    return value.value if isinstance(value, Literal_) and isinstance(value.value, str) else None


def node_span(receiver: Application, node: tree.Call) -> Span:
    return Span(receiver.span.file, node.start, node.end)


def base_of(arguments: list[Values]) -> str | None:
    """`Router({ base: "/api" })`: what stands before every pattern."""
    for values in arguments[:1]:
        for value in values:
            if isinstance(value, TableValue):
                return _text_of(value.fields["base"]) if "base" in value.fields else "" if value.closed else None
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
    return PathTest(values[0].span, "pattern", text, None, receiver) if text is not None else None


def _enter_handler(
    interpreter: Interpreter, receiver: Application, function: FunctionValue, verb: str, pattern: PathTest | None
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
    request = RequestValue(span, True, "yes")
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
