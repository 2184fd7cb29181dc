"""A WebSocketPair made without `.new`, or indexed.

## What it does
Finds `WebSocketPair()` and `pair[0]` in Python.

## Why it fails
The class comes from JavaScript: Pyodide makes an object of it with `.new()` only, and a plain call raises
`TypeError: Failed to construct 'WebSocketPair': Please use the 'new' operator`. The pair has the keys `0`
and `1` as attributes and cannot be indexed: `'pyodide.ffi.JsProxy' object is not subscriptable`. Either way
the handshake answers 500.

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
        client, server = WebSocketPair().object_values()
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
- `WebSocketPair.new().object_values()`, unpacking the pair itself, `Object.values(pair)`, `getattr(pair,
  "0")`.
- The line stands in a `try`.

## Source
- https://developers.cloudflare.com/workers/languages/python/ffi/
- workerd 1.20261117.1, run: all forms named here.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Pair
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS904", "unconstructed-pair", Severity.ERROR, languages=("python",), fix="safe", needs=("python",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        if not isinstance(use.value, Pair) or use.where.tried:
            continue
        text = use.span.text
        if use.action == "pair" and text.rstrip(") \t\n").endswith("WebSocketPair("):
            place = use.span.start + len(text[: text.rindex("(")].encode())
            edit = Edit(Span(use.span.file, place, place), ".new")
            yield RULE.finding(
                use.span,
                "the handshake answers 500: `WebSocketPair` is a JavaScript class, which Python "
                "makes objects of with `.new()`",
                fix=Fix("insert `.new`", "safe", (edit,)),
            )
        elif use.action == "read" and use.name == "[]":
            yield RULE.finding(
                use.span,
                "the handshake answers 500: `'pyodide.ffi.JsProxy' object is not subscriptable`, the "
                "ends come from "
                "`pair.object_values()`",
            )
