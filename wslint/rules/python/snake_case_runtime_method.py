"""A method of the runtime under a snake_case name.

## What it does
Finds `ctx.accept_web_socket`, `namespace.id_from_name`, `ws.serialize_attachment` and their like in Python.

## Why it fails
These objects come from JavaScript and keep its names. The line raises `AttributeError: accept_web_socket.
Did you mean: 'acceptWebSocket'?`, and the request it belongs to answers 500.

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
        self.ctx.accept_web_socket(server)
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
- The object is not one of the runtime's, or was not followed.
- The line stands in a `try`.
- A name that the SDK gives in Python's style: `web_socket=` of `Response`, `request.js_object`.

## Source
- https://developers.cloudflare.com/workers/languages/python/ffi/
- workerd 1.20261117.1, run: `accept_web_socket` and `id_from_name`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import BindingValue, ContextExport, End, HandlerSocket
from wslint.text import Span
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule(
    "WS903",
    "snake-case-runtime-method",
    Severity.ERROR,
    causes=("PY04",),
    languages=("python",),
    fix="safe",
    needs=("python",),
)

_CONTEXT = {
    "accept_web_socket": "acceptWebSocket",
    "accept_websocket": "acceptWebSocket",
    "get_web_sockets": "getWebSockets",
    "get_websockets": "getWebSockets",
    "get_tags": "getTags",
    "set_web_socket_auto_response": "setWebSocketAutoResponse",
    "set_websocket_auto_response": "setWebSocketAutoResponse",
    "block_concurrency_while": "blockConcurrencyWhile",
    "wait_until": "waitUntil",
}
_NAMESPACE = {
    "id_from_name": "idFromName",
    "id_from_string": "idFromString",
    "new_unique_id": "newUniqueId",
    "get_by_name": "getByName",
}
_SOCKET = {
    "serialize_attachment": "serializeAttachment",
    "deserialize_attachment": "deserializeAttachment",
    "add_event_listener": "addEventListener",
}


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        right = _right_name(worker, use)
        if right is None or use.where.tried:
            continue
        wrong = next(
            name
            for name in use.span.text.replace("(", ".").split(".")
            if _camel(name) == right or name in _CONTEXT
        )
        place = _name_span(use, wrong)
        yield RULE.finding(
            place or use.span,
            f"this raises `AttributeError: {wrong}`: objects of the runtime keep their JavaScript "
            f"names, `{right}`",
            fix=Fix(f"write `{right}`", "safe", (Edit(place, right),)) if place is not None else None,
        )


def _right_name(worker: Worker, use: Use) -> str | None:
    """The method that was meant, when this is a call of one under a wrong name."""
    if isinstance(use.value, (End, HandlerSocket)) and use.action in ("call", "listen"):
        text = use.span.text
        return next((right for wrong, right in _SOCKET.items() if f".{wrong}(" in text), None)
    if use.action != "call":
        return None
    if use.value is None and use.where.cls is not None:
        return _CONTEXT.get(use.name)
    if isinstance(use.value, (BindingValue, ContextExport)) and target_of(worker, use.value) is not None:
        return _NAMESPACE.get(use.name)
    return None


def _camel(name: str) -> str:
    first, *rest = name.strip().split("_")
    return first + "".join(part.capitalize() for part in rest)


def _name_span(use: Use, name: str) -> Span | None:
    """Where the name stands in the call; None where it stands there twice."""
    data, wanted = use.span.file.data, f".{name}".encode()
    if data.count(wanted, use.span.start, use.span.end) != 1:
        return None
    start = data.index(wanted, use.span.start, use.span.end) + 1
    return Span(use.span.file, start, start + len(name))
