"""Asynchronous work that nobody awaits, and that therefore never begins.

## What it does
Plays the handlers of Python and Rust and finds calls of the project's own `async` functions whose coroutine or future is
dropped where it is made: a statement of its own, or `let _ =`.

## Why it fails
In JavaScript a call of an async function begins at once. In Python and Rust it only makes a coroutine or a future:
without `await` not one line of the function runs. Nothing is thrown; Python logs a `RuntimeWarning`, and the compiler of
Rust warns unless the result is given to `_`.

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
        self.answer(ws, message)

    async def answer(self, ws, message):
        await self.ctx.storage.put("last", message)
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
            return Response(None, status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        await self.answer(ws, message)

    async def answer(self, ws, message):
        await self.ctx.storage.put("last", message)
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- It is awaited later, made a task, spawned, given to `wait_until`, or to code that is not read.
- The function is not the project's own: some of the runtime's begin at once.

## Source
- https://docs.python.org/3/library/asyncio-task.html#coroutines
- https://doc.rust-lang.org/std/future/trait.Future.html
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play.unstarted import unstarted
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS646",
    "work-never-started",
    Severity.ERROR,
    causes=("S17",),
    languages=("rust", "python"),
    gives_way_to=("WS905", "WS913"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("python", "rust"):
        return
    for found in unstarted(worker):
        yield RULE.finding(
            found.place.head(),
            f"not one line of `{found.name}` runs: what it gives is dropped before anybody awaits it",
            help="await it, or hand it to something that runs it",
        )
