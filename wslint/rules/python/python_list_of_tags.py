"""A Python list of tags for `acceptWebSocket`.

## What it does
Finds `self.ctx.acceptWebSocket(server, ["a"])` in Python.

## Why it fails
The runtime wants a JavaScript array: `TypeError: parameter 2 is not of type 'Array'`. The handshake answers
500.

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
        self.ctx.acceptWebSocket(server, ["lobby"])
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
from pyodide.ffi import to_js
from workers import DurableObject, Response, WorkerEntrypoint


class MatchDO(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server, to_js(["lobby"]))
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
- `to_js([…])`, or a value that was not followed.
- The line stands in a `try`.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#acceptwebsocket
- workerd 1.20261117.1, run: list and to_js.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS908", "python-list-of-tags", Severity.ERROR, languages=("python",), needs=("python", "uses hibernate")
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        if use.action == "hibernate" and len(use.nodes) > 1 and not use.where.tried:
            tags = use.nodes[1]
            if isinstance(tags, tree.Array):
                yield RULE.finding(
                    Span(use.span.file, tags.start, tags.end),
                    "the handshake answers 500, `TypeError: parameter 2 is not of type 'Array'`: "
                    "give the tags as `to_js([…])`",
                    help="`from pyodide.ffi import to_js`",
                )
