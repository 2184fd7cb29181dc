"""A Python function as a listener or for a timer without `create_proxy`.

## What it does
Finds `socket.addEventListener("message", function)`, `setTimeout(function, ms)` and `setInterval(function, ms)` where
the function is a plain Python function, a bound method or a lambda.

## Why it fails
Pyodide lends such a function to JavaScript for the length of the call only. The handshake answers 101, and
the first event drops the connection: `This borrowed proxy was automatically destroyed at the end of a
function call. Try using create_proxy`. A timer's function is never called, and the same is logged.

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

        def on_message(event):
            server.send(event.data)

        server.accept()
        server.addEventListener("message", on_message)
        return Response(None, status=101, web_socket=client)


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
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint


class MatchDO(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()

        def on_message(event):
            server.send(event.data)

        server.accept()
        server.addEventListener("message", create_proxy(on_message))
        return Response(None, status=101, web_socket=client)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- The function is wrapped in `create_proxy`, where it is given, where it is made or by a decorator.
- What is given was not followed.

## Source
- https://pyodide.org/en/stable/usage/api/python-api/ffi.html#pyodide.ffi.create_proxy
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End, FunctionValue
from wslint.text import line_start
from wslint.worker import Worker

RULE = Rule(
    "WS902",
    "listener-without-proxy",
    Severity.ERROR,
    causes=("PY02",),
    languages=("python",),
    needs=("python",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python or worker.flow is None:
        return
    for use in worker.flow.uses:
        if use.action == "timer" and use.certain and use.nodes and _is_plain(use, 0):
            yield RULE.finding(
                use.span,
                f"nothing happens when the time of `{use.name}` is up but `This borrowed proxy was automatically "
                f"destroyed`: give the function as `{_WRAPPERS.get(use.name, 'create_proxy')}(…)`",
                help=f"`from pyodide.ffi import {_WRAPPERS.get(use.name, 'create_proxy')}`",
            )
        if use.action != "listen" or not isinstance(use.value, (End, ClientSocket)) or len(use.nodes) < 2:
            continue
        if use.certain and not use.where.tried and _is_plain(use, 1):
            yield RULE.finding(
                use.span,
                f"the first `{use.name}` event drops the connection, `This borrowed proxy was "
                "automatically destroyed`: give the "
                "listener as `create_proxy(…)`",
                help="`from pyodide.ffi import create_proxy`; or accept with "
                "`self.ctx.acceptWebSocket` and write `webSocketMessage`",
            )


_WRAPPERS = {"setTimeout": "create_once_callable"}
"""What a function is given as that JavaScript calls later; where it does so more than once, as a proxy."""


def _is_plain(use: Use, place: int) -> bool:
    """Whether the argument is a function as it was written, under its own name."""
    node = use.nodes[place]
    if isinstance(node, tree.Function):
        return True
    values = use.arguments[0] if use.arguments else ()
    if (
        not isinstance(node, (tree.Name, tree.Member))
        or len(values) != 1
        or not isinstance(values[0], FunctionValue)
    ):
        return False
    function = values[0].node
    return function.name == node.name and not _is_decorated(use, function)


def _is_decorated(use: Use, function: tree.Function) -> bool:
    """Whether the line before a function begins with `@` (in any file: a wrong yes only silences)."""
    above = use.span.file.data[: function.start].rstrip()
    before = above[line_start(above, len(above)) :]
    return before.lstrip().startswith(b"@")
