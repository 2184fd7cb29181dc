"""hono/combine: `every`, `some` and `except` of other middleware (hono 4.13, run)."""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import Native
from wslint.runtime import promise
from wslint.runtime import request as request_model
from wslint.runtime.frameworks import routes
from wslint.runtime.frameworks.hono_context import set_res
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value


def combined(host: Any, name: str, call: Invocation) -> Value:
    """The middleware that a call of `every`, `some` or `except` makes."""
    if name == "except":
        condition = host.known(call.argument(0))
        return Native("except", lambda host, given: _except(host, given, condition, call.arguments[1:]))
    step = _every if name == "every" else _some
    return Native(
        name, lambda host, given: _promised(host, given, lambda: step(host, given, call.arguments, 0))
    )


def _promised(host: Any, given: Invocation, run: Any) -> Value:
    return promise.made(promise.caught(host, run), given.span)


def _known(host: Any, handler: Value, given: Invocation) -> Value:
    if isinstance(handler, Unknown) or type(handler).__name__ == "Global":
        host.give_up(
            f"the middleware `{getattr(handler, 'name', '') or 'of combine'}` is not read", given.span.head()
        )
    return handler


def _go_on(host: Any, given: Invocation) -> Value:
    return host.awaited(host.call(given.argument(1), [], given.span), given.span)


def _every(host: Any, given: Invocation, handlers: list[Value], index: int) -> Value:
    """Each after the other, the last one before what follows; one that gives false refuses."""
    context = host.known(given.argument(0))
    if index >= len(handlers):
        _go_on(host, given)
        return UNDEFINED
    following = Native(
        "next", lambda host, inner: _promised(host, inner, lambda: _every(host, given, handlers, index + 1))
    )
    handler = _known(host, handlers[index], given)
    result = host.awaited(host.call(handler, [context, following], given.span), given.span)

    def one(held: Value) -> Value:
        if held is False:
            host.throw("Error: Unmet condition", given.span)
        if held is True:
            return _every(host, given, handlers, index + 1)
        if isinstance(held, Unknown):
            host.give_up("what a middleware of `every` gives is not known", given.span.head())
        if isinstance(held, Object):
            host.each(
                context.slots["finalized"],
                lambda done: UNDEFINED if done is True else set_res(host, context, held, given.span),
            )
        return UNDEFINED

    return host.each(result, one)


def _some(host: Any, given: Invocation, handlers: list[Value], index: int) -> Value:
    """The first that neither throws nor gives false."""
    if index >= len(handlers):
        host.throw("Error: No successful middleware found", given.span)
    handler = _known(host, handlers[index], given)
    passed = Object("the call of next", {"done": False})

    def go_on(host: Any, inner: Invocation) -> Value:
        host.put(passed.slots, "done", True)
        return host.call(given.argument(1), [], inner.span)

    arguments = [host.known(given.argument(0)), Native("next", go_on)]
    ran = promise.caught(host, lambda: host.awaited(host.call(handler, arguments, given.span), given.span))

    def one(held: Value) -> Value:
        if isinstance(held, promise.Rejected):
            if host.known(passed.slots["done"]) is not False or index + 1 >= len(handlers):
                host.leave("throw", held.value, held.span, held.text)
            return _some(host, given, handlers, index + 1)
        if held is False:
            return _some(host, given, handlers, index + 1)
        if held is True:
            return _go_on(host, given)
        if isinstance(held, Unknown):
            host.give_up("what a middleware of `some` gives is not known", given.span.head())
        return held

    return host.each(ran, one)


def _except(host: Any, given: Invocation, condition: Value, handlers: list[Value]) -> Value:
    """Every of the handlers, but where the path meets the condition."""
    pattern = routes.pattern_of(condition, "hono") if isinstance(condition, str) else None
    if pattern is None:
        host.give_up("the condition of `except` is not followed", given.span.head())
    assert pattern is not None
    context = host.known(given.argument(0))

    def on_path(path: Value) -> Value:
        if not isinstance(path, str):
            host.give_up("the path is not known", given.span.head())
        if pattern.fullmatch(path) is not None:
            return _go_on(host, given)
        return _every(host, given, handlers, 0)

    return _promised(
        host, given, lambda: host.each(request_model.path(host, context.slots["request"]), on_path)
    )
