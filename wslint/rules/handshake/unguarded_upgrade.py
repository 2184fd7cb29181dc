"""A 101 for whoever asks.

## What it does
Plays a plain GET for each address at which the Worker takes handshakes, and finds the 101 that answers it all the
same: no code on the way looks at the request's `Upgrade` header, or the Worker sets one of its own.

## Why it fails
The runtime sends a 101 to upgrades only. A plain request (a health check, a crawler, the address typed into a
browser) answers 500: `Worker tried to return a WebSocket in a response to a request which did not contain the
header "Upgrade: websocket"`. And the object keeps a socket that nobody is connected to.

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
- The header is checked on the way: in the object, in the Worker, in a helper.
- The way to the 101 hangs on another header, on what is stored or on code that is not read. What the address says
  counts, because it is the same for a plain request.
- Another Worker calls this one.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS415",
    "unguarded-upgrade",
    Severity.WARNING,
    causes=("H17",),
    languages=("javascript", "python", "rust"),
    gives_way_to=("WS450",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None:
        return
    for unasked in handshake_laws.unasked(worker):
        yield RULE.finding(
            unasked.place.head(),
            "a plain request that comes here answers 500: nothing checks that it asks for an upgrade",
            help='answer 426 first when `request.headers.get("Upgrade")` is not `"websocket"`',
        )
