"""Hibernation of an outgoing socket.

## What it does
Finds `ctx.acceptWebSocket(…)` on a socket that the code opened itself: `new WebSocket(…)`, or `webSocket` of
a response.

## Why it fails
Only an end of a pair made in the object can hibernate. For an outgoing socket the call throws `Cannot call
acceptWebSocket() on this WebSocket because its pair has already been accepted or used in a Response`.

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
    const upstream = await fetch("https://feed.example.com/live", { headers: { Upgrade: "websocket" } });
    this.ctx.acceptWebSocket(upstream.webSocket);
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
    const upstream = await fetch("https://feed.example.com/live", { headers: { Upgrade: "websocket" } });
    upstream.webSocket.accept();
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
- The socket is an end of a `WebSocketPair`.

## Source
- https://github.com/cloudflare/workerd/issues/4864
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ClientSocket, Member
from wslint.worker import Worker

RULE = Rule(
    "WS430",
    "hibernated-outgoing-socket",
    Severity.ERROR,
    causes=("F17",),
    languages=("javascript",),
    needs=("uses hibernate",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "hibernate" or not isinstance(use.value, ClientSocket) or use.where.tried:
            continue
        given = use.arguments[0] if use.arguments else ()
        if all(isinstance(value, (ClientSocket, Member)) for value in given):
            yield RULE.finding(
                use.span,
                "this throws: an outgoing socket can't hibernate, `acceptWebSocket` takes an end "
                "of a pair made here only",
                help=(
                    "call `accept()` on it (not on one of `new WebSocket`) and add listeners; the "
                    "object stays awake meanwhile"
                ),
            )
