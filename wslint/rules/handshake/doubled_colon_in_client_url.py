"""A socket's address with a colon too many.

## What it does
Finds `${protocol}://…` where `protocol` is `wss:` or `ws:`, colon included, as `location.protocol` has it.

## Why it fails
`wss:://` begins no address: the constructor throws a `SyntaxError`, and the Worker never hears of it.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
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
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${protocol}://${location.host}/ws`);
</script>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
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
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${protocol}//${location.host}/ws`);
</script>
```

## Not a finding when
- The scheme has no colon of its own, or is not known.

## Source
- https://websockets.spec.whatwg.org/#dom-websocket-websocket
- Node 24 (`new WebSocket("wss:://example.com/ws")`), run: `SyntaxError`, "Invalid URL".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Severity
from wslint.project.handshakes import clients
from wslint.rules import Outcome, Rule
from wslint.source.clients import HOLE
from wslint.worker import Worker

RULE = Rule(
    "WS488",
    "doubled-colon-in-client-url",
    Severity.ERROR,
    languages=("javascript", "python", "rust"),
)

_DOUBLED = re.compile(rf"(?:wss?|{HOLE})::")


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None:
        return
    for client in clients(worker):
        if _DOUBLED.match(client.text):
            yield RULE.finding(
                client.place,
                "the constructor throws a `SyntaxError`: the scheme has its colon already, and `wss:://` is no address",
                help="leave one of the two out: `${protocol}//${location.host}`",
            )
