"""A forwarded handshake whose response is dropped.

## What it does
Finds `stub.fetch(request)`, or the call of a function that returns it, as a statement of its own where the Durable
Object answers handshakes and nothing else in that function answers the request by a Durable Object.

## Why it fails
The object accepts its socket and hands the other end back, but the handler returns something else: the client
gets that answer (a 404, or a 500 when nothing is returned), and the object sees the socket close with 1006.

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
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws") {
      env.MATCH.getByName("lobby").fetch(request);
    }
    return new Response("no such page", { status: 404 });
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
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws") {
      return env.MATCH.getByName("lobby").fetch(request);
    }
    return new Response("no such page", { status: 404 });
  },
};
```

## Not a finding when
- The call is a side call (`ctx.waitUntil`), or another forward of the function is returned.
- The request that is sent has no Upgrade header.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.mends import returned
from wslint.source import tree
from wslint.source.flow.uses import Forward, Use
from wslint.source.flow.values import Pending, ResponseValue, Value
from wslint.upgrade import answers_upgrade, exclusive, is_returned, reaches_upgrade, upgrade_target
from wslint.worker import Worker

RULE = Rule(
    "WS408",
    "discarded-upgrade-response",
    Severity.ERROR,
    causes=("H09", "H10"),
    languages=("javascript", "python", "rust"),
    fix="unsafe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        forward = _forward(worker, use)
        if forward is None or forward.upgrade != "yes" or use.where.deferred or use.where.handler != "fetch":
            continue
        target = upgrade_target(worker, forward)
        if (
            target is None
            or target.flow is None
            or answers_upgrade(target.flow) != "yes"
            or not reaches_upgrade(use)
        ):
            continue
        if not is_returned(worker, forward, use.where.function) and not _answered_otherwise(
            worker, use, forward
        ):
            yield RULE.finding(
                use.span,
                "the client never gets its socket: the Durable Object's 101 is dropped here",
                help="`return` the response of the stub",
                fix=returned(use.span) if use.span.file.path.suffix != ".rs" else None,
            )


def _forward(worker: Worker, use: Use) -> Forward | None:
    """The forward whose response is thrown away, where refusals of the function's own are all else it gives."""
    if use.action != "discard":
        return None
    values = use.value.inner if isinstance(use.value, Pending) else (use.value,)
    if not all(isinstance(value, ResponseValue) for value in values):
        return None
    node = use.nodes[0].value if use.nodes and isinstance(use.nodes[0], tree.Await) else use.nodes[0]
    if not isinstance(node, tree.Call) and any(_is_used(worker, value) for value in values):
        return None
    found = [value.forward for value in values if isinstance(value, ResponseValue) and value.forward]
    return found[0] if len(found) == 1 and isinstance(found[0], Forward) else None


def _is_used(worker: Worker, response: Value | None) -> bool:
    """Whether a response in a variable goes anywhere: is given to something, or copied."""
    return any(
        (use.value is response and use.action not in ("discard", "drop", "read", "condition"))
        or any(value is response for values in use.arguments for value in values if use.action != "drop")
        for use in (worker.flow.uses if worker.flow else ())
    )


def _answered_otherwise(worker: Worker, use: Use, dropped: Forward) -> bool:
    """Whether the function, having made this call, may still return another fetch's response."""
    for other in worker.flow.uses if worker.flow else ():
        if other.action != "return" or other.where.handler != "fetch" or other.where.cls != use.where.cls:
            continue
        values = other.value.inner if isinstance(other.value, Pending) else (other.value,)
        fetched = any(
            isinstance(value, ResponseValue) and value.forward not in (None, dropped) for value in values
        )
        if fetched and not exclusive(use, other):
            return True
    return False
