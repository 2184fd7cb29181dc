"""Plain and hibernating sockets in one object.

## What it does
Finds a class that accepts some sockets with `acceptWebSocket` and keeps others open in memory: accepted
with `accept()`, or outgoing ones.

## Why it fails
One plain or outgoing socket keeps the whole object in memory, so none of its sockets hibernates while that
one is open.

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
    if (request.url.endsWith("/admin")) {
      server.accept();
      server.addEventListener("message", (event) => server.send(event.data));
    } else {
      this.ctx.acceptWebSocket(server);
    }
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
- All sockets are accepted the same way.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/workerd/issues/4864
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ClientSocket, End
from wslint.upgrade import exclusive
from wslint.worker import Worker

RULE = Rule(
    "WS607",
    "mixed-accepts",
    Severity.INFO,
    causes=("S07",),
    languages=("javascript", "python", "rust"),
    needs=("uses hibernate",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for cls, accept in hibernating(worker):
        for use in cls.uses:
            plain = use.action == "accept" and isinstance(use.value, (End, ClientSocket))
            if plain and any(
                other.action in ("hibernate", "close")
                and other.value is use.value
                and other.where.deferred is None
                for other in cls.uses
                if not exclusive(other, use)
            ):
                continue  # accepted both ways (WS428), or closed at once
            made = use.action == "call" and use.name == "new" and isinstance(use.value, ClientSocket)
            if plain or made:
                yield RULE.finding(
                    use.span,
                    f"while this socket is open `{cls.name}` never hibernates, its other sockets included",
                    labels=(Label(accept.span, "others are accepted for hibernation here"),),
                    help="accept all with `acceptWebSocket`, or give outgoing sockets their own object",
                )
                break
