"""Hibernation asked of a Worker's context.

## What it does
Finds `ctx.acceptWebSocket(…)` on the `ctx` of a Worker.

## Why it fails
Only a Durable Object's context can accept a socket for hibernation. A Worker's `ctx` has no such method: the
call throws `ctx.acceptWebSocket is not a function`, and the handshake answers 500.

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
  async fetch(request, env, ctx) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
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
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The context is a Durable Object's.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/context/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import WorkerContext
from wslint.worker import Worker

RULE = Rule(
    "WS429",
    "hibernation-outside-durable-object",
    Severity.ERROR,
    causes=("A06",),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        wrong = (
            use.action == "call" and use.name == "acceptWebSocket" and isinstance(use.value, WorkerContext)
        )
        if wrong and not use.where.tried:
            yield RULE.finding(
                use.span,
                "the handshake answers 500: a Worker's context has no `acceptWebSocket`, only a "
                "Durable Object's has",
                help=(
                    "forward the request to a Durable Object, or call `accept()` on the socket and "
                    "add listeners"
                ),
            )
