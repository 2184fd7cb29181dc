"""An attachment that loses what is read from it.

## What it does
Finds a second `serializeAttachment` on a socket that leaves out a key which the first one had and which is read.

## Why it fails
`serializeAttachment` replaces the whole attachment: the key is undefined from then on.

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
    server.serializeAttachment({ name: "guest", role: "speaker" });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.serializeAttachment({ name: message });
    ws.send(`${message} is a ${ws.deserializeAttachment().role}`);
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
    server.serializeAttachment({ name: "guest", role: "speaker" });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.serializeAttachment({ ...ws.deserializeAttachment(), name: message });
    ws.send(`${message} is a ${ws.deserializeAttachment().role}`);
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
- What was attached is spread into the new one.
- Nothing reads the key.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS666",
    "overwritten-attachment",
    Severity.WARNING,
    causes=("S04",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for lost in laws.overwritten(life):
            keys = ", ".join(f"`{key}`" for key in lost.keys)
            labels = (
                (Label(lost.first.head(), f"{keys} was attached here"),) if lost.first is not None else ()
            )
            yield RULE.finding(
                lost.place.head(),
                f"this attachment replaces the one before: {keys} is undefined from here on, and it is read",
                labels=labels,
                help="spread what was attached: `{ ...ws.deserializeAttachment(), … }`",
                within=lost.within,
            )
