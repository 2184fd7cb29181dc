"""A close handler that leaves some closes unanswered.

## What it does
Finds ways through `webSocketClose` on which the socket is not closed.

## Why it fails
The runtime answers no close of a hibernatable socket by itself: the client hangs in CLOSING and gets 1006 when the
object is evicted.

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
  webSocketClose(ws, code, reason, wasClean) {
    if (!wasClean) ws.close(1011, "lost");
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
  webSocketClose(ws, code, reason, wasClean) {
    ws.close(wasClean ? 1000 : 1011, "bye");
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- Every way closes the socket.
- The socket is closed by code that is not read.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS562",
    "close-left-unanswered",
    Severity.WARNING,
    causes=("L09",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4", "WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for gap in laws.unanswered(life):
            where = f" where {gap.when}" if gap.when else ""
            yield RULE.finding(
                gap.place,
                f"the close is not answered{where}: the client hangs, and gets 1006 after some time",
                help=f"call `ws.close(1000)` on every way through the close handler of `{life.name}`",
                within=gap.within,
            )
