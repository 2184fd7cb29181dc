"""A close handler that still counts the one who leaves.

## What it does
Plays the close of a client as the runtime has it, with its socket still in `getWebSockets()`, and as if it were
not, and finds what comes out otherwise.

## Why it fails
In `webSocketClose` the list still has the socket that closes: rooms never count as empty, and rosters name who
is gone.

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
  async webSocketMessage(ws, message) {
    ws.send(`before you: ${(await this.ctx.storage.get("last")) ?? "nobody"}`);
    await this.ctx.storage.put("last", message);
  }
  async webSocketClose(ws) {
    ws.close(1000);
    if (this.ctx.getWebSockets().length === 0) await this.ctx.storage.deleteAll();
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
  async webSocketMessage(ws, message) {
    ws.send(`before you: ${(await this.ctx.storage.get("last")) ?? "nobody"}`);
    await this.ctx.storage.put("last", message);
  }
  async webSocketClose(ws) {
    ws.close(1000);
    if (this.ctx.getWebSockets().every((other) => other === ws)) await this.ctx.storage.deleteAll();
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The one who leaves is filtered out, by identity or by `readyState`.
- Only the one who leaves would hear it.

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
    "WS563",
    "leaver-still-listed",
    Severity.WARNING,
    causes=("L13",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for ghost in laws.ghosts(life):
            yield RULE.finding(
                ghost.place.head(),
                f"{ghost.what}: in `webSocketClose`, `getWebSockets()` still has the socket that closes",
                help="leave it out: `.filter((other) => other !== ws)`",
                within=ghost.within,
            )
