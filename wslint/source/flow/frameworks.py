"""Routers: hono and itty-router, as far as the handshake passes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wslint.source import tree
from wslint.source.flow.uses import Where
from wslint.source.flow.values import (
    Application,
    Environment,
    FunctionValue,
    Imported,
    RequestValue,
    TableValue,
    Value,
    WorkerContext,
)

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
    if name in VERBS:
        for values in arguments:
            for value in values:
                if isinstance(value, FunctionValue):
                    _enter_handler(interpreter, receiver, value, name)
    return (receiver,)


def _enter_handler(interpreter: Interpreter, receiver: Application, function: FunctionValue, verb: str) -> None:
    span = function.span
    handler = "middleware" if verb == "use" else "fetch"
    where = Where(None, handler, function.node)
    if receiver.framework == "hono":
        context: tuple[Value, ...] = (hono_context(span),)
        outer, interpreter.facts = interpreter.facts, frozenset()
        interpreter.enter(function, [context], where=where)
        interpreter.facts = outer
        return
    request = RequestValue(span, True, "yes")
    outer, interpreter.facts = interpreter.facts, frozenset()
    # workers-rs passes a RouteContext second: it answers for `env` too, so it stands as `env` here.
    interpreter.enter(function, [(request,), (Environment(span),), (WorkerContext(span),)], where=where)
    interpreter.facts = outer


def hono_context(span: object) -> TableValue:
    """hono's `c`: `c.req` wraps the request (`c.req.raw` is it), `c.env`, `c.executionCtx`."""
    from wslint.text import Span

    assert isinstance(span, Span)
    request = RequestValue(span, True, "yes", wrapper="hono")
    fields: dict[str, tuple[Value, ...]] = {
        "req": (request,),
        "env": (Environment(span),),
        "executionCtx": (WorkerContext(span),),
    }
    return TableValue(span, None, fields, closed=False)
