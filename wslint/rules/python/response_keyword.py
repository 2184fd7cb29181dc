"""The socket of a response under the other constructor's keyword.

## What it does
Finds `webSocket=` given to the SDK's `Response`, and `web_socket=` given to `js.Response.new`.

## Why it fails
The SDK's class is Python and refuses an unknown keyword: `TypeError: unexpected keyword argument
'webSocket'. Did you mean 'web_socket'?`. JavaScript's class ignores one, so the response has no socket and
its status 101 is out of range. The handshake answers 500 in both cases.

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
        return Response(None, status=101, webSocket=client)

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
- `Response(None, status=101, web_socket=client)` or `js.Response.new(None, status=101, webSocket=client)`.
- A `Response` of another package.
- Other near misses (`websocket=`, `socket=`): misspelt-socket-key speaks of them.

## Source
- https://github.com/cloudflare/workerd/pull/5524
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS901",
    "response-keyword",
    Severity.ERROR,
    causes=("PY01",),
    languages=("python",),
    fix="safe",
    needs=("python",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        if use.action != "respond" or use.where.tried:
            continue
        javascript = use.span.text.partition("(")[0].rstrip().endswith(".new")
        right, wrong = ("webSocket", "web_socket") if javascript else ("web_socket", "webSocket")
        given = {entry.key: entry for entry in use.keywords}
        entry = given.get(wrong)
        if entry is None or right in given:
            continue
        place = Span(use.span.file, entry.key_start, entry.key_end)
        why = (
            "JavaScript's `Response` ignores `web_socket`, so its status 101 is refused"
            if javascript
            else ("`TypeError`, the SDK's `Response` knows no `webSocket`")
        )
        yield RULE.finding(
            place,
            f"the handshake answers 500: {why}; the keyword is `{right}`",
            fix=Fix(f"write `{right}`", "safe", (Edit(place, right),)),
        )
