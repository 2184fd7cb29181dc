"""A broadcast that one closed socket ends.

## What it does
Finds `send` in a loop over sockets, without a `try` or a look at `readyState`, where closed sockets may be
among them.

## Why it fails
A socket that was closed stays in the list for a while. Sending to it throws `TypeError: Can't call
WebSocket send() after close()`, the loop ends there, and the sockets after it get nothing.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    if (message === "leave") ws.close(4000, "left");
    for (const other of this.ctx.getWebSockets()) other.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    if (message === "leave") ws.close(4000, "left");
    for (const other of this.ctx.getWebSockets()) {
      if (other.readyState === WebSocket.OPEN) other.send(message);
    }
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- A `try` stands around the `send`, here or in the helper that sends.
- `readyState` is tested first.
- A condition leaves out the socket that is closed (`other !== ws`).
- The class closes no socket but the one that `webSocketClose` answers (then only with `--pedantic`).

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/meet/pull/134
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End, HandlerSocket
from wslint.source.nodes import nodes_in
from wslint.upgrade import accepted, exclusive
from wslint.worker import Worker

RULE = Rule(
    "WS511",
    "unguarded-broadcast",
    Severity.WARNING,
    causes=("L13",),
    languages=("javascript", "python", "rust"),
    local=True,
)

_ENDING = ("webSocketClose", "webSocketError")


def check(worker: Worker) -> Iterator[Outcome]:
    hibernate = {cls.name for cls, _ in hibernating(worker)}
    flow = worker.flow
    for use in flow.uses if flow else ():
        if (
            use.action != "send"
            or not use.where.in_loop
            or use.where.tried
            or not isinstance(use.value, HandlerSocket)
        ):
            continue
        if (
            use.value.origin != "list"
            or use.value.is_open
            or use.where.holds("is-open", use.value)
            or use.where.holds("checked", use.value)
        ):
            continue
        if use.where.cls is None or _rejects_alone(use):
            continue  # a Worker's own sockets: WS608 and WS609
        closing = _closed_before(worker, use) if use.where.cls in hibernate else None
        yield RULE.finding(
            use.span,
            f"the rest of the room gets nothing where one socket of `{use.where.cls}` is closed: `Can't call WebSocket "
            "send() after close()` ends this loop",
            labels=(Label(closing.span, "a socket is closed here and stays in the list for a while"),)
            if closing
            else (),
            help=_help(worker, use),
            confidence=None if closing else "medium",
        )


def _help(worker: Worker, send: Use) -> str:
    name = _receiver(send)
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return "catch what the send throws, and go on with the next socket"
    if not name.isidentifier():
        return "put the `send` into a `try`, or send only where `readyState` is `WebSocket.OPEN`"
    return f"write `if ({name}.readyState === WebSocket.OPEN) {name}.send(…)`, or put the `send` into a `try`"


def _rejects_alone(send: Use) -> bool:
    """Whether the send stands in an asynchronous function for one socket: its error does not end the loop."""
    function = send.where.function
    return send.where.is_async and not any(
        isinstance(node, tree.Loop) and node.start <= send.span.start < node.end
        for node in nodes_in(function.body if function else [])
    )


def _closed_before(worker: Worker, send: Use) -> Use | None:
    """A place in the class that closes a socket which a later broadcast still finds in the list."""
    assert worker.flow is not None
    before = True
    for use in worker.flow.uses:
        before = before and use is not send
        if use.action != "close" or use.where.cls != send.where.cls or isinstance(use.value, ClientSocket):
            continue
        if isinstance(use.value, End) and all(
            way.action != "hibernate" or exclusive(way, use) for way in accepted(worker, use.value)
        ):
            continue  # a plain socket is not in the list
        if use.where.handler not in _ENDING and isinstance(use.value, (End, HandlerSocket)):
            return use
        if before and use.where.handler == send.where.handler and not exclusive(use, send):
            if not _spares(send, use):
                return use  # `webSocketClose` answers first, then tells the room
    return None


def _spares(send: Use, closing: Use) -> bool:
    """Whether a condition around or before the send leaves out the very socket that is closed."""
    function = send.where.function
    names = {_receiver(send), _receiver(closing)}
    sides = dict((*send.where.branches, *send.where.passed))
    for node in nodes_in(function.body if function is not None else []):
        if (
            not isinstance(node, tree.If)
            or node.start not in sides
            or not isinstance(node.test, tree.Operation)
        ):
            continue
        operands = {one.name for one in node.test.operands if isinstance(one, tree.Name)}
        differs = node.test.operator in ("!==", "!=")
        if (
            operands == names
            and (differs or node.test.operator in ("===", "=="))
            and sides[node.start] == differs
        ):
            return True
    return False


def _receiver(use: Use) -> str:
    return use.span.text.partition(".")[0].strip()
