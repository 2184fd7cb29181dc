"""A socket of one Durable Object that another one uses.

## What it does
Plays a client of a second object of the same class in the same isolate, and finds calls on sockets that belong to
the first one.

## Why it fails
A socket may only be used by the object that it was made in: the call throws as soon as two objects share an isolate.

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

const deliveries = [];

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    deliveries.push((text) => server.send(text));
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    deliveries.forEach((deliver) => deliver(message));
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName(new URL(request.url).pathname).fetch(request);
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
    for (const peer of this.ctx.getWebSockets()) {
      if (peer.readyState === WebSocket.OPEN) peer.send(message);
    }
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName(new URL(request.url).pathname).fetch(request);
  },
};
```

## Not a finding when
- Each object has its own list.

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
    "WS662",
    "socket-of-another-object",
    Severity.WARNING,
    causes=("S08", "F13"),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for failure in laws.foreign(life):
            yield RULE.finding(
                failure.place.head(),
                "with a second object in the isolate this throws `Cannot perform I/O on behalf of a different Durable "
                "Object`: the socket belongs to another one",
                help="use `this.ctx.getWebSockets()`, which has this object's own",
                within=failure.within,
            )
