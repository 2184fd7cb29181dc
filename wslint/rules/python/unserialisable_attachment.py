"""A Python dict or list as a socket's attachment.

## What it does
Finds `ws.serializeAttachment({…})` and `ws.serializeAttachment([…])` in Python.

## Why it fails
The method copies JavaScript values, and a dict reaches it as a proxy of a Python object: `DataCloneError`.
In `fetch` the handshake answers 500; in a handler the rest of it does not run.

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
        ws.serializeAttachment({"name": message})
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
import json

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
        ws.serializeAttachment(json.dumps({"name": message}))
        ws.send("noted")

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- A text, a number, `json.dumps(…)`, or `to_js(value, dict_converter=Object.fromEntries)`.
- The line stands in a `try`.

## Source
- https://pyodide.org/en/stable/usage/api/python-api/ffi.html#pyodide.ffi.to_js
- workerd 1.20261117.1, run: dict, list, text, number, to_js.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.worker import Worker

RULE = Rule(
    "WS907",
    "unserialisable-attachment",
    Severity.ERROR,
    languages=("python",),
    needs=("python", "uses attach"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        if use.action != "attach" or not use.nodes or use.where.tried:
            continue
        if isinstance(use.nodes[0], (tree.Table, tree.Array)):
            kind = "dict" if isinstance(use.nodes[0], tree.Table) else "list"
            yield RULE.finding(
                use.span,
                f"this raises `DataCloneError`: an attachment is a JavaScript value, a Python {kind} "
                "cannot be copied",
                help="give `json.dumps(…)`, or `to_js(…, dict_converter=Object.fromEntries)`",
            )
