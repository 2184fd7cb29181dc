"""A list of subprotocols sent back.

## What it does
Finds a 101 whose `Sec-WebSocket-Protocol` is the request's header as it came.

## Why it fails
A client may offer several protocols in that header, or none. The answer names exactly one of those offered,
and is left out when none was. Browsers close a connection that answers a list, or `null`.

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
    const headers = { "Sec-WebSocket-Protocol": request.headers.get("Sec-WebSocket-Protocol") };
    return new Response(null, { status: 101, webSocket: client, headers });
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
    const offered = request.headers.get("Sec-WebSocket-Protocol");
    const headers = offered ? { "Sec-WebSocket-Protocol": offered.split(",")[0].trim() } : {};
    return new Response(null, { status: 101, webSocket: client, headers });
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
- The header is split, or looked up in a list of known protocols.

## Source
- https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import handshake_laws
from wslint.project.handshakes import clients
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS436",
    "echoed-subprotocol-list",
    Severity.WARNING,
    confidence="medium",
    causes=("P02",),
    languages=("javascript", "rust", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None:
        return
    asked = [one for one in clients(worker) if len(one.protocols or ()) > 1 and one.own_host]
    where = "" if asked else "when it offers several protocols, or none"
    for place in handshake_laws.echoed(worker):
        yield RULE.finding(
            place.head(),
            " ".join(f"the client closes the connection {where}".split()) + ": the whole list is sent back",
            labels=tuple(Label(client.place, "several are offered here") for client in asked[:2]),
            help='answer one of them: `offered.split(",")[0].trim()`, and only if there is one',
            confidence="high" if asked else None,
        )
