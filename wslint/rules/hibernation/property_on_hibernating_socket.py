"""A property of one's own on a socket that may hibernate.

## What it does
Finds assignments such as `ws.userName = …` to sockets that were accepted for hibernation.

## Why it fails
Every wake makes new WebSocket objects: the property is `undefined` after the first idle spell.

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
    server.playerName = "guest";
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(`${ws.playerName}: ${message}`);
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
    server.serializeAttachment({ playerName: "guest" });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(`${ws.deserializeAttachment().playerName}: ${message}`);
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
- The property is one of the runtime's (`binaryType`, `onmessage`).
- A handler sets the property on the socket that it gets, at each event.
- The socket was accepted with `accept()`.

## Source
- https://developers.cloudflare.com/durable-objects/api/websockets/#serializeattachment
- https://github.com/partykit/partykit/pull/458
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End
from wslint.upgrade import accepted
from wslint.worker import Worker

RULE = Rule(
    "WS602",
    "property-on-hibernating-socket",
    Severity.WARNING,
    causes=("S02",),
    languages=("javascript",),
    needs=("uses write",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    classes = {cls.name for cls, _ in hibernating(worker)}
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "write" or use.where.cls not in classes or use.name in ("binaryType",):
            continue
        # A handler may set a property anew at each event; what `fetch` sets is what gets lost.
        if isinstance(use.value, End) and any(
            other.action == "hibernate" for other in accepted(worker, use.value)
        ):
            yield RULE.finding(
                use.span,
                f"after hibernation `{use.name}` is `undefined`: every wake makes a new socket object",
                help="keep it in the attachment: `ws.serializeAttachment({ … })`",
            )
