"""The SDK's headers object given on as it is.

## What it does
Finds `Request(url, headers=request.headers)` and `stub.fetch(url, headers=request.headers)` in Python.

## Why it fails
`request.headers` is the SDK's own mapping, which its `Request` refuses: 500, `TypeError: Received
unexpected type for headers argument`. Given to a stub's `fetch` it reached the runtime as it is, which
ended the whole process in the run.

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
        return await self.env.MATCH.getByName("lobby").fetch(request.url, headers=request.headers)
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
        stub = self.env.MATCH.getByName("lobby")
        return await stub.fetch(request.url, headers=dict(request.headers.items()))
```

## Not a finding when
- `dict(request.headers.items())`, `request.js_object.headers`, or the request itself.
- The request is not the one that the handler was given.

## Source
- https://developers.cloudflare.com/workers/languages/python/
- workerd 1.20261117.1, run: each form.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import RequestValue
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS906", "headers-object-forwarded", Severity.ERROR, languages=("python",), fix="safe", needs=("python",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        entry = next((entry for entry in use.keywords if entry.key == "headers"), None)
        if entry is None or use.where.tried or use.where.deferred is not None or not _sends(use):
            continue
        value = entry.value
        if (
            not isinstance(value, tree.Member)
            or value.name != "headers"
            or not isinstance(value.object, tree.Name)
        ):
            continue
        name = value.object.name
        if not _is_the_request(use, name):
            continue
        place = Span(use.span.file, value.start, value.end)
        right = f"dict({name}.headers.items())"
        yield RULE.finding(
            place,
            f"the request answers 500: the SDK's headers object cannot be given on, write `{right}` "
            "or pass the request itself",
            fix=Fix(f"write `{right}`", "safe", (Edit(place, right),)),
        )


def _sends(use: Use) -> bool:
    """Whether this is a stub's fetch, or the SDK's own `Request`."""
    if use.action == "fetch":
        return use.value is not None
    is_request = isinstance(use.value, RequestValue) and use.name == "new Request"
    return is_request and not use.span.text.partition("(")[0].rstrip().endswith(".new")


def _is_the_request(use: Use, name: str) -> bool:
    """Whether a name is the handler's first parameter, and nothing else is assigned to it."""
    function = use.where.function
    if (
        function is None
        or function.name != use.where.handler
        or function.name != "fetch"
        or not function.parameters
    ):
        return False
    pattern = function.parameters[0].pattern
    assigned = any(
        isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name) and node.pattern.name == name
        for node in nodes_in(function.body)
    )
    return isinstance(pattern, tree.Name) and pattern.name == name and not assigned
