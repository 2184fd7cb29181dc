"""`is` between two sockets.

## What it does
Finds `other is ws` and `other is not ws` in a handler of a Durable Object, where `ws` is the socket that it gets.

## Why it fails
Each time that JavaScript hands over a socket Python makes a new proxy of it: `is` is False for one and the same socket.
The sender is not left out, and the one that is looked for is not found. `==` asks JavaScript.

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
        for other in self.ctx.getWebSockets():
            if other is ws:
                continue
            try:
                other.send(message)
            except Exception:
                pass

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
        for other in self.ctx.getWebSockets():
            if other == ws:
                continue
            try:
                other.send(message)
            except Exception:
                pass

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
```

## Not a finding when
- One side is `None`, or both are the same name.
- The two are compared with `==` or `!=`.

## Source
- https://pyodide.org/en/stable/usage/type-conversions.html
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile, Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS914",
    "socket-compared-by-identity",
    Severity.ERROR,
    languages=("python",),
    fix="safe",
    needs=("python",),
)

_HANDLERS = ("webSocketMessage", "webSocketClose", "webSocketError")
_WORDS = {"is": "==", "is not": "!="}


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.is_python:
        return
    for cls in durable_classes(worker):
        for name in _HANDLERS:
            member = cls.members.get(name)
            socket = member.parameters[-_expected(name) :][:1] if member is not None else ()
            if member is None or member.function is None or not socket or not socket[0]:
                continue
            for node in nodes_in(member.function.body):
                word = _word(node, socket[0], member.span.file)
                if word is not None:
                    yield RULE.finding(
                        word,
                        f"this is always {'False' if word.text == 'is' else 'True'}: each time a socket is handed over "
                        "Python makes a new proxy of it",
                        help=f"compare with `{_WORDS[word.text]}`",
                        fix=Fix(f"write `{_WORDS[word.text]}`", "safe", (Edit(word, _WORDS[word.text]),)),
                    )


def _expected(handler: str) -> int:
    """How many arguments the runtime gives; `self` may stand before them."""
    return {"webSocketMessage": 2, "webSocketClose": 4, "webSocketError": 2}[handler]


def _word(node: tree.Node, socket: str, file: SourceFile) -> Span | None:
    """The `is` between the handler's socket and something else."""
    if not isinstance(node, tree.Operation) or node.operator not in ("===", "!==") or len(node.operands) != 2:
        return None
    left, right = node.operands
    names = [side.name if isinstance(side, tree.Name) else None for side in (left, right)]
    if (
        socket not in names
        or names[0] == names[1]
        or any(isinstance(side, tree.Constant) for side in (left, right))
    ):
        return None
    between = file.slice(left.end, right.start)
    word = " ".join(between.strip("() ").split())
    if word not in _WORDS:
        return None
    start = left.end + len(between.partition("is")[0].encode())
    return Span(file, start, start + len(word)) if file.slice(start, start + len(word)) == word else None
