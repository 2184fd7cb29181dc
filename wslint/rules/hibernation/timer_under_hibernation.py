"""An interval in an object that is meant to hibernate.

## What it does
Finds `setInterval` in a class that accepts its sockets for hibernation.

## Why it fails
A pending timer keeps the object in memory, so it never hibernates and its whole duration is billed. A timer
that starts with each connection also starts once more for each client.

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
    setInterval(() => ws.send("tick"), 5000);
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
  async webSocketMessage(ws, message) {
    await this.ctx.storage.setAlarm(Date.now() + 5000);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
  alarm() {
    for (const ws of this.ctx.getWebSockets()) {
      try {
        ws.send("tick");
      } catch {}
    }
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The timer is a `setTimeout`: a short one delays hibernation only a little.
- The class accepts with `accept()` and never hibernates anyway.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/cloudflare-docs/pull/22023
- workerd 1.20261117.1, run with 14 idle seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS606",
    "timer-under-hibernation",
    Severity.INFO,
    causes=("S06",),
    languages=("javascript",),
    needs=("uses hibernate", "uses timer"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for cls, accept in hibernating(worker):
        for use in cls.uses:
            if use.action == "timer" and use.name == "setInterval":
                yield RULE.finding(
                    use.span,
                    f"while this interval runs `{cls.name}` never hibernates, and is billed all the time",
                    labels=(Label(accept.span, "accepted for hibernation here"),),
                    help="use an alarm; for heartbeats `ctx.setWebSocketAutoResponse`",
                )
