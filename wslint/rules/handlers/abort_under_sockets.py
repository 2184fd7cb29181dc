"""An abort of the object while clients are connected.

## What it does
Plays the messages that clients may send and finds handlers in which `ctx.abort()` is called for one of them.

## Why it fails
`abort` resets the object at once: every socket of it ends without a Close frame, which clients see as 1006, and what
was sent in the same event may be lost.

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
    if (message === "reset") this.ctx.abort("reset");
    else ws.send(message);
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
    if (message === "reset") for (const each of this.ctx.getWebSockets()) each.close(1012, "reset");
    else ws.send(message);
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
- The handler closes sockets itself before it aborts.
- No message of a client leads there.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#abort
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play.listener_laws import aborts
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS576",
    "abort-under-sockets",
    Severity.WARNING,
    causes=("L16",),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for found in aborts(life):
            where = f" where {found.when}" if found.when else ""
            yield RULE.finding(
                found.place.head(),
                f"every socket of the object ends with 1006{where}: `abort` sends none of them a Close frame",
                help="close the sockets first, or instead",
                within=found.within,
            )
