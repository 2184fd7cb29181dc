"""What the runtime refuses while modules load: there is no request yet that the work could belong to.

Seen on workerd 1.20261117.1 (tests/runtime, WS622); `Math.random()`, the clock, `new Headers`, `new Request` without
a body, `new Response(null)`, `crypto.subtle.digest` and `queueMicrotask` are not refused.
"""

from __future__ import annotations

from typing import Any

from wslint.runtime import promise, words
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Value, leaves

_OTHERS = frozenset({".py", ".rs"})
"""Rust's statics are made when they are first asked for; of Python only its own modules were run."""

NODE_RANDOM = frozenset(
    [
        "randomUUID",
        "randomBytes",
        "randomInt",
        "getRandomValues",
        "randomFillSync",
        "webcrypto.randomUUID",
        "webcrypto.getRandomValues",
    ]
)
"""What `node:crypto` draws at once."""

PYTHON_RANDOM = frozenset({"os.urandom", "uuid.uuid4"})
"""What asks for bytes by chance at once; so does everything of `secrets` but its comparison."""

_PREDICTABLE = frozenset({"secrets.compare_digest", "secrets.SystemRandom"})
_DATA = frozenset({"Blob", "FormData", "Uint8Array", "ArrayBuffer"})
AT_WORK = frozenset(
    {("cloudflare:sockets", "connect"), ("node:timers", "setTimeout"), ("node:timers", "setInterval")}
)


def is_loading(host: Any, span: Span | None) -> bool:
    """Whether a module's top level is running, and not a handler that a module is loaded for."""
    if not host.loading or host.scene != "load":
        return False
    return span is None or span.file.path.suffix not in _OTHERS


def refuse(host: Any, span: Span) -> None:
    """Throw where there is no request yet."""
    if is_loading(host, span):
        host.throw(words.GLOBAL_SCOPE, span)


def rejected(host: Any, call: Invocation) -> Value:
    """The promise that is rejected where there is no request yet; None elsewhere. Before 2022-10-31 the call itself
    throws."""
    if not is_loading(host, call.span):
        return None
    if host.flag("capture_async_api_throws", call) is False:
        host.throw(words.GLOBAL_SCOPE, call.span)
    return promise.made(promise.caught(host, lambda: host.throw(words.GLOBAL_SCOPE, call.span)), call.span)


def refuse_body(host: Any, body: Value, span: Span) -> None:
    """A body needs a request, unless there is none or it is a stream of the code's own."""
    if not is_loading(host, span):
        return
    if all(isinstance(one, str) or _is_data(one) for one in leaves(host.known(body))):
        host.throw(words.GLOBAL_SCOPE, span)


def _is_data(value: Value) -> bool:
    return isinstance(value, Object) and value.kind in ("Plain", "URLSearchParams") and value.extra in _DATA


def is_python_random(host: Any, path: str) -> bool:
    """Whether Python refuses this call because modules still load."""
    if not host.loading or host.scene != "load":
        return False
    return path in PYTHON_RANDOM or (path.startswith("secrets.") and path not in _PREDICTABLE)


def is_node_random(name: str) -> bool:
    """Whether a function of `node:crypto` draws by chance, by whatever import it is reached."""
    return name.removeprefix("*.").removeprefix("default.") in NODE_RANDOM


def is_nothing(value: Value) -> bool:
    return value is UNDEFINED or value is None
