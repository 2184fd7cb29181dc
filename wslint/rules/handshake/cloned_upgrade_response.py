"""A clone of a 101 response.

## What it does
Finds `.clone()` on the response of a Durable Object that answers handshakes.

## Why it fails
A response that carries a socket can't be cloned: the call throws `TypeError: Cannot clone a response to a WebSocket
handshake`, and the handshake answers 500.

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
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const response = await env.MATCH.getByName("lobby").fetch(request);
    console.log(await response.clone().text());
    return response;
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
- A condition keeps responses with a socket, or requests with an Upgrade header, away from it.

## Source
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.worker import Worker

RULE = Rule("WS410", "cloned-upgrade-response", Severity.ERROR, causes=("H12",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.CLONE):
        yield RULE.finding(
            thrown.place,
            f"the {thrown.request} answers 500: `TypeError: Cannot clone a response to a WebSocket handshake`",
            help="return first: `if (response.webSocket) return response;`",
        )
