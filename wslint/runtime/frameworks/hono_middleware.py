"""hono's own middleware: what each does with a handshake and with its 101 (hono 3.12, 4.5, 4.7 and 4.13, run)."""

from __future__ import annotations

from typing import Any

from wslint.machine.scope import Native
from wslint.runtime import imports, promise, response, words
from wslint.runtime.frameworks.hono_context import res
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Choice, Value

_PASS = frozenset(
    [
        "logger",
        "requestId",
        "timeout",
        "prettyJSON",
        "bodyLimit",
        "contextStorage",
        "trimTrailingSlash",
        "appendTrailingSlash",
        "languageDetector",
        "compress",
        "csrf",
        "methodOverride",
        "methodNotAllowed",
        "jsxRenderer",
    ]
)
"""Middleware that lets a handshake through and leaves its 101 alone."""
_TOUCHING = frozenset({"secureHeaders", "poweredBy", "timing"})
"""Middleware that sets headers of the answer after `next()`."""
_ASKING = {"jwt": 401, "bearerAuth": 401, "basicAuth": 401, "jwk": 401, "ipRestriction": 403}
"""Middleware that refuses who does not show what it asks for, with its status."""
_ETAG_MENDED = (4, 13, 0)


def middleware(host: Any, target: Any, call: Invocation) -> Value | None:
    name = target.name
    if name in _PASS:
        return Native(f"{name}()", lambda host, given: following(host, given))
    if name == "cors":
        return Native("cors()", _cors)
    if name in _TOUCHING:
        return Native(f"{name}()", lambda host, given: _touching(host, given, call, name))
    if name == "etag":
        versions = imports.versions(target.specifier, call.unit)
        if versions is not None and versions.all_before(_ETAG_MENDED):
            return Native("etag()", lambda host, given: _cloning(host, given, call, name))
        return Native("etag()", lambda host, given: following(host, given))
    if name == "cache":
        return Native("cache()", lambda host, given: _cloning(host, given, call, name))
    if name in _ASKING:
        return Native(f"{name}()", lambda host, given: _asking(host, given, call, name))
    if name in ("every", "except", "some") and target.specifier.endswith("/combine") and not call.open:
        from wslint.runtime.frameworks import hono_combine

        return hono_combine.combined(host, name, call)
    return None


def following(host: Any, given: Invocation) -> Value:
    return host.call(given.argument(1), [], given.span)


def _cors(host: Any, given: Invocation) -> Value:
    """It sets headers of `c.res` before `next()`, so that what comes after has to take these too."""
    context = host.known(given.argument(0))
    if isinstance(context, Object) and context.kind == "HonoContext":
        answer = host.known(res(host, context, given.span))
        if isinstance(answer, Object) and answer.kind == "Response":
            host.put(host.known(answer.slots["headers"]).slots, ("h", "access-control-allow-origin"), "*")
    return following(host, given)


def _touching(host: Any, given: Invocation, call: Invocation, name: str) -> Value:
    def run() -> Value:
        host.awaited(following(host, given), call.span)
        context = host.known(given.argument(0))
        answer = host.known(res(host, context, call.span))
        if isinstance(answer, Object) and answer.kind == "Response":
            headers = host.known(answer.slots["headers"])
            host.each(
                headers.slots["immutable"],
                lambda fixed: host.throw(words.IMMUTABLE, call.span, answer) if fixed is True else UNDEFINED,
            )
        return UNDEFINED

    return promise.made(promise.caught(host, run), call.span)


def _cloning(host: Any, given: Invocation, call: Invocation, name: str) -> Value:
    def run() -> Value:
        host.awaited(following(host, given), call.span)
        context = host.known(given.argument(0))
        answer = host.known(res(host, context, call.span))
        if isinstance(answer, Object) and answer.kind == "Response":
            host.each(
                answer.slots["status"],
                lambda status: (
                    host.throw(words.CLONE, call.span, answer) if status == response.SWITCHING else UNDEFINED
                ),
            )
        return UNDEFINED

    return promise.made(promise.caught(host, run), call.span)


def _asking(host: Any, given: Invocation, call: Invocation, name: str) -> Value:
    choice = Choice(
        "client", call.span, {1: f"`{name}()` refuses the request", 2: f"`{name}()` lets it through"}, 3
    )
    return host.fork(
        choice,
        [
            (
                1,
                lambda: promise.made(
                    response.made(_ASKING[name], call.span, note=f"`{name}()` refuses"), call.span
                ),
            ),
            (2, lambda: following(host, given)),
        ],
    )
