"""An `__init__` of a Python Durable Object that cannot take what it is given.

## What it does
Finds `super().__init__()` without arguments, `__init__` with fewer than two parameters besides `self`, and
`async def __init__` in DurableObject classes.

## Why it fails
The runtime calls the class with its context and environment. Each of these raises (`missing 2 required
positional arguments: 'ctx' and 'env'`, `takes 1 positional argument but 3 were given`) or leaves the object
without `ctx`, so every request answers 500.

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
        super().__init__()
        self.turn = 0

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
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.turn = 0

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
- `*args` takes them.
- A base class of the project stands between.
- There is no `__init__` at all.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run: each form.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.nodes import calls_in
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS909", "wrong-initialiser", Severity.ERROR, causes=("S18",), languages=("python",), needs=("python",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python:
        return
    for cls in durable_classes(worker):
        member = cls.members.get("constructor")
        if member is None or member.function is None or "constructor" in cls.inherited or member.static:
            continue
        if cls.bases != ("workers.DurableObject",) or not cls.base_known:
            continue
        function = member.function
        if function.is_async:
            yield RULE.finding(
                member.span,
                "every request answers 500: nobody awaits `async def __init__`, so the object has no "
                "`ctx`; make it `def`",
            )
            continue
        if len(function.parameters) < 2 and not any(parameter.rest for parameter in function.parameters):
            count = len(function.parameters) + 1
            yield RULE.finding(
                member.span,
                f"every request answers 500, `TypeError: __init__() takes {count} positional "
                f"argument{'s' * (count > 1)} but 3 were "
                "given`: write `def __init__(self, ctx, env)`",
            )
            continue
        for call in calls_in(function):
            plain = isinstance(call.function, tree.Name) and call.function.name == "super"
            if plain and not call.arguments and not call.keywords:
                yield RULE.finding(
                    Span(member.span.file, call.start, call.end),
                    "every request answers 500, `TypeError: … missing 2 required positional "
                    "arguments: 'ctx' and 'env'`: write "
                    "`super().__init__(ctx, env)`",
                )
