"""A dict, text or nothing where the runtime wants a response.

## What it does
Finds `Response({…})` of the SDK, and handlers `fetch` of a Python Worker or Durable Object that return a
text, a dict or `None`.

## Why it fails
The SDK's `Response` takes texts, bytes and streams: `TypeError: Unsupported type in Response: dict`. What
is no response at all ends in `Incorrect type for Promise: the Promise did not resolve to 'Response'`. Both
answer 500.

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
            return Response({"error": "no WebSocket"}, status=426)
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
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response.json({"error": "no WebSocket"}, status=426)
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
- `Response.json({…})`, `Response(json.dumps(…))`.
- JavaScript's `Response.new`, a `Response` of another package, a value that was not followed.
- The handler is decorated.

## Source
- https://developers.cloudflare.com/workers/languages/python/examples/
- workerd 1.20261117.1, run: str, dict, None, bytes, `Response({…})`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import LiteralValue, ResponseValue, TableValue
from wslint.text import line_start
from wslint.worker import Worker

RULE = Rule("WS910", "unusable-return-value", Severity.ERROR, languages=("python",), needs=("python",))


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        if use.where.tried or use.where.deferred is not None:
            continue
        if use.action == "respond" and use.name == "" and use.nodes and isinstance(use.nodes[0], tree.Table):
            if not use.span.text.partition("(")[0].rstrip().endswith(".new"):
                yield RULE.finding(
                    use.span,
                    "the request answers 500, `TypeError: Unsupported type in Response: dict`: write "
                    "`Response.json(…)`",
                )
        elif _wraps_response(use):
            yield RULE.finding(
                use.span,
                "the request answers 500, `TypeError: Unsupported type in Response: Response`: return the response itself",
            )
        elif use.action == "return" and use.certain and _is_handler(use):
            kind = _kind(use)
            if kind is not None:
                yield RULE.finding(
                    use.span,
                    "the request answers 500, `Incorrect type for Promise: the Promise did not "
                    "resolve to 'Response'`: `fetch` "
                    f"returns {kind}",
                    help="wrap it: `Response(…)`, `Response.json(…)`",
                )


def _wraps_response(use: Use) -> bool:
    """Whether a fetched response is given to `Response(…)` alone; `js.Response.new` is another matter."""
    given = use.arguments[0] if use.action == "respond" and use.name == "" and use.arguments else ()
    fetched = len(given) == 1 and isinstance(given[0], ResponseValue) and given[0].forward is not None
    called, _, rest = use.span.text.partition("(")
    return fetched and not called.rstrip().endswith(".new") and ".js_object" not in rest


def _is_handler(use: Use) -> bool:
    """Whether this is a `return` of `fetch` itself, as it was written."""
    function = use.where.function
    if function is None or function.name != "fetch" or use.where.handler != "fetch" or use.where.cls is None:
        return False
    above = use.span.file.data[: function.start].rstrip()
    before = above[line_start(above, len(above)) :]
    return not before.lstrip().startswith(b"@")


def _kind(use: Use) -> str | None:
    if isinstance(use.value, TableValue):
        return "a dict"
    if isinstance(use.value, LiteralValue):
        return "`None`" if use.value.value is None else "a text" if isinstance(use.value.value, str) else None
    return None
