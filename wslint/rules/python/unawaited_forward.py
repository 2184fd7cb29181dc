"""A coroutine returned from an `async def` handler.

## What it does
Finds `return stub.fetch(request)` without `await` in `async def fetch` of a Python Worker, and the same
with a coroutine function of the project that makes the response.

## Why it fails
An `async def` returns what stands there as it is. The runtime gets a coroutine instead of a response: 500,
`TypeError: Awaitable <class 'coroutine'> cannot be sent over RPC`. In JavaScript the same line is right.

## Example
```toml wrangler.toml
name = "match"
main = "entry.py"
compatibility_date = "2026-07-01"
compatibility_flags = ["python_workers"]
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```python entry.py
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class MatchDO(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return self.env.MATCH.getByName("lobby").fetch(request)
```

## Use instead
```toml wrangler.toml
name = "match"
main = "entry.py"
compatibility_date = "2026-07-01"
compatibility_flags = ["python_workers"]
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```python entry.py
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class MatchDO(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- The handler is a plain `def`: then the runtime awaits what it returns.
- The call is awaited, or what it returns is not known.

## Source
- https://developers.cloudflare.com/workers/languages/python/
- workerd 1.20261117.1, run: `async def` and `def`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Forward, Use
from wslint.source.flow.values import Pending, ResponseValue
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS905", "unawaited-forward", Severity.ERROR, languages=("python",), fix="safe", needs=("python",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    seen: set[int] = set()
    for use in worker.flow.uses:
        function = use.where.function
        if (
            use.action != "return"
            or not use.certain
            or use.where.deferred is not None
            or use.span.start in seen
        ):
            continue
        if function is None or not function.is_async or function.name not in ("fetch", "on_fetch"):
            continue
        if function.name != use.where.handler or not _is_coroutine(use):
            continue
        seen.add(use.span.start)
        start = use.span.start + len("return ")
        spot = Span(use.span.file, start, start)
        yield RULE.finding(
            use.span,
            "every such request answers 500, `TypeError: Awaitable <class 'coroutine'> cannot be "
            "sent over RPC`: `async def` "
            "returns the call un-awaited, write `return await …`",
            fix=Fix("insert `await`", "safe", (Edit(spot, "await "),))
            if use.span.text.startswith("return ")
            else None,
        )


def _is_coroutine(use: Use) -> bool:
    """Whether the value is the coroutine of a stub's fetch, or of a function of the project that answers."""
    if not isinstance(use.value, Pending) or not use.value.inner:
        return False
    return all(
        isinstance(inner, ResponseValue)
        and (not isinstance(inner.forward, Forward) or inner.forward.target is not None)
        for inner in use.value.inner
    )
