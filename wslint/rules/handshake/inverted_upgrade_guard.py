"""A guard that refuses the handshakes.

## What it does
Finds a 101 that is only reached when the request has no `Upgrade: websocket` header.

## Why it fails
The guard asks the opposite of what was meant. A browser's handshake takes the other side and is refused, and
a plain request that gets here answers 500, because the runtime sends a 101 to upgrades only.

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
    if (request.headers.get("Upgrade") === "websocket") return new Response(null, { status: 426 });
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
- The guard lets upgrades through, in whatever form.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End
from wslint.worker import Worker

RULE = Rule(
    "WS416",
    "inverted-upgrade-guard",
    Severity.ERROR,
    causes=("H18",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if (
            use.action != "respond"
            or parts is None
            or use.where.deferred
            or use.where.handler not in ("fetch", "on_fetch")
        ):
            continue
        sends = any(isinstance(socket, End) for socket in parts.socket or ())
        if sends and use.where.holds("is-plain") and not use.where.holds("is-upgrade"):
            yield RULE.finding(
                use.span,
                "no handshake gets this 101: the condition lets only requests without `Upgrade: "
                "websocket` come here",
                help='turn the comparison round: refuse the request when `Upgrade` is not `"websocket"`',
            )
