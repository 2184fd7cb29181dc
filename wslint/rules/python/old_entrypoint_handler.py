"""A Python class with handlers under the names of the other side of 2025-08-14.

## What it does
Finds `on_fetch` and `on_alarm` in WorkerEntrypoint and DurableObject classes at compatibility dates from
2025-08-14 on, and `fetch`, `alarm`, `webSocketMessage` and their like in them at earlier dates.

## Why it fails
That date turns on `python_no_global_handlers`: the runtime then calls `fetch`, `webSocketMessage`, `alarm`;
before it `on_fetch` and so on. A class with the wrong name answers every request with 500, `TypeError:
Method fetch does not exist`.

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
    async def on_fetch(self, request):
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
- The class has both names, or a base class that is not in the project.
- The date or the flags are not known.
- A function `on_fetch` at the top level: missing-default-export speaks of it.

## Source
- https://developers.cloudflare.com/workers/languages/python/
- workerd 1.20261117.1, run: each combination of name and date.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow
from wslint.worker import Worker

RULE = Rule(
    "WS911", "old-entrypoint-handler", Severity.ERROR, languages=("python",), fix="safe", needs=("python",)
)

_NAMES = ("fetch", "alarm")
_SOCKET_NAMES = ("webSocketMessage", "webSocketClose", "webSocketError")


def check(worker: Worker) -> Iterator[Outcome]:
    modern = worker.flag_enabled("python_no_global_handlers")
    if not worker.is_python or worker.flow is None or modern is None:
        return
    for cls in worker.flow.classes.values():
        if not cls.base_known or not _is_called(cls):
            continue
        for name in _NAMES if modern else _NAMES + _SOCKET_NAMES:  # the rest is misspelt-handler's
            right, wrong = (name, f"on_{name}") if modern else (f"on_{name}", name)
            member = cls.members.get(wrong)
            if member is None or right in cls.members or member.function is None or wrong in cls.own_reads:
                continue
            symptom = "every request answers 500" if name == "fetch" else "this is never called"
            when = "from" if modern else "before"
            yield RULE.finding(
                member.span,
                f"{symptom}, `TypeError: Method {right} does not exist`: {when} compatibility date 2025-08-14"
                f"{' on' if modern else ''} the runtime calls `{right}`",
                fix=Fix(f"rename to `{right}`", "safe", (Edit(member.span, right),)),
            )


def _is_called(cls: ClassFlow) -> bool:
    """Whether the runtime makes this class: a Durable Object, or the Worker itself."""
    return cls.is_durable == "yes" or (cls.name == "Default" and "workers.WorkerEntrypoint" in cls.bases)
