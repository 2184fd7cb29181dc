"""A coroutine that `waitUntil` of a Durable Object never runs.

## What it does
Finds `self.ctx.waitUntil(self.work())` in a Durable Object, where `work` is an `async def`.

## Why it fails
What JavaScript gets is a proxy of the coroutine, and in a Durable Object it is destroyed when the call returns: the
work is never done, and the log says `This borrowed proxy was automatically destroyed`.

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
            return Response(None, status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        self.ctx.waitUntil(self.save(message))
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)

    async def save(self, message):
        await self.ctx.storage.put("last", message)


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
import asyncio

from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class MatchDO(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response(None, status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        asyncio.create_task(self.save(message))
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)

    async def save(self, message):
        await self.ctx.storage.put("last", message)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- The coroutine is awaited, made a task, or given to `create_proxy`.
- It stands in a `WorkerEntrypoint`, where it runs.

## Source
- https://developers.cloudflare.com/workers/languages/python/ffi/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Pending
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS913", "coroutine-in-wait-until", Severity.ERROR, languages=("python",), needs=("python", "uses wait")
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python:
        return
    for cls in durable_classes(worker):
        for use in cls.uses:
            if use.action == "wait" and _is_coroutine(use):
                yield RULE.finding(
                    use.span,
                    "this work is never done: in a Durable Object `waitUntil` gets a proxy of the coroutine that is "
                    "destroyed at once",
                    help="write `asyncio.create_task(…)`, or await it",
                )


def _is_coroutine(use: Use) -> bool:
    """Whether a call of one of the project's `async def`s is given as it is."""
    value = use.value
    made_here = (
        isinstance(value, Pending)
        and value.span.file.data[value.span.start : value.span.start + 5] == b"async"
    )
    return made_here and "create_proxy" not in use.span.text and "create_task" not in use.span.text
