"""A pair whose kept end is never accepted.

## What it does
Finds a WebSocketPair of which one end goes into a 101 response and the other is neither accepted nor given to other
code, nor kept in a field or a collection of a project that accepts what it keeps.

## Why it fails
The handshake succeeds, then nothing happens: no message arrives, none is sent, and no log says why.

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
- The end is handed to a function or library that may accept it, or kept where other code accepts sockets.
- `accept()` comes later: messages wait for it.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/websocket-template/issues/6
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.upgrade import accepted, never_accepted, pairs
from wslint.worker import Worker

RULE = Rule(
    "WS425",
    "unaccepted-socket",
    Severity.ERROR,
    causes=("A01", "RS05"),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    if flow is None or not flow.complete:
        return
    for use, pair in pairs(worker):
        returned = [
            end
            for end in pair.ends
            if flow.of(end, "call") and any(seen.name == "respond" for seen in flow.of(end, "call"))
        ]
        if len(returned) != 1:
            continue
        kept = pair.ends[1 - returned[0].index]
        if accepted(worker, returned[0]) or not never_accepted(worker, kept):
            continue
        if any(not sent.where.deferred and not sent.where.tried for sent in flow.of(kept, "send", "close")):
            continue  # throws before the 101 is sent: `send-before-accept`
        yield RULE.finding(
            use.span,
            "the handshake answers 101 and then no message ever arrives: the end that stays here is never accepted",
            help="call `this.ctx.acceptWebSocket(server)` (or `server.accept()` outside a Durable Object) before returning",
        )
