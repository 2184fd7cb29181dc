"""A response returned after its socket was accepted.

## What it does
Finds a fetched response whose `webSocket` is accepted and which is returned all the same.

## Why it fails
Accepting takes the socket over, so the runtime can't connect it to the client any more: the handshake answers
101 and the connection breaks with 1006 (`Can't return WebSocket in a Response after calling accept()`).

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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    const upstream = response.webSocket;
    upstream.accept();
    return response;
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
- The response is returned on another path than the one that accepts.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import opened
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS432",
    "accepted-upstream-returned",
    Severity.ERROR,
    causes=("F15",),
    languages=("javascript", "python", "rust"),
    needs=("uses accept",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None or not worker.source:
        return
    for place in opened.cut_upstream(worker):
        yield RULE.finding(
            place.head(),
            "the connection is closed with 1006 right after the handshake: this socket came with an answer, is accepted "
            "here and goes out with a 101 all the same",
            help="return the answer without accepting, or return an end of a pair of your own",
        )
