"""A socket as the key of a dict or in a set.

## What it does
Finds `self.names[ws] = …` and `self.sockets.add(ws)` in Python.

## Why it fails
The socket is a JavaScript object behind a proxy, and proxies have no hash: `TypeError: unhashable type:
'pyodide.ffi.JsProxy'`. In a handler the client notices nothing but silence; in `fetch` the handshake
answers 500.

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
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.names = {}

    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        self.names[ws] = message
        ws.send("noted")

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
        ws.serializeAttachment(message)
        ws.send("noted")

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- The key is an id that the socket's attachment or tag holds.
- The socket is the value, or in a list.
- The line stands in a `try`.

## Source
- https://pyodide.org/en/stable/usage/api/python-api/ffi.html
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End, HandlerSocket
from wslint.worker import Worker

RULE = Rule("WS912", "unhashable-socket", Severity.ERROR, languages=("python",), needs=("python",))


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        socket = isinstance(use.value, (End, HandlerSocket, ClientSocket))
        if socket and use.action == "store" and use.certain and not use.where.tried and _is_hashed(use):
            yield RULE.finding(
                use.span,
                "this raises `TypeError: unhashable type: 'pyodide.ffi.JsProxy'`: a socket cannot be "
                "a key of a dict or in a set",
                help="use an id of your own as the key, kept in `ws.serializeAttachment(…)`",
            )


def _is_hashed(use: Use) -> bool:
    """Whether the socket is what is looked up: `d[ws] = …`, `s.add(ws)`."""
    before = use.span.file.data[max(use.span.start - 32, 0) : use.span.start].rstrip()
    return use.name.startswith("key of ") or before.endswith(b".add(")
