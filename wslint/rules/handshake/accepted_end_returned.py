"""A handshake that returns the end of the pair that was accepted, or the pair itself.

## What it does
Follows both ends of a WebSocketPair: the one that is accepted here must not be the one that the response carries.

## Why it fails
One end stays with the code that accepts it, the other goes to the client. With the accepted end in the response the
client gets a 101 and loses the connection within milliseconds (`Can't return WebSocket in a Response after calling
acceptWebSocket()`); with the pair itself the handshake answers 500.

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
    return new Response(null, { status: 101, webSocket: server });
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
- The names are swapped consistently: what counts is which end was accepted.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End, Pair
from wslint.upgrade import accepted
from wslint.worker import Worker

RULE = Rule(
    "WS409",
    "accepted-end-returned",
    Severity.ERROR,
    causes=("H11",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        sockets = (use.response.socket or ()) if use.response is not None else ()
        for socket in sockets:
            if isinstance(socket, Pair):
                yield RULE.finding(
                    use.span,
                    "the handshake answers 500: `webSocket` takes one end of the pair, not the pair",
                    labels=(Label(socket.span, "the pair is made here"),),
                )
            elif isinstance(socket, End) and len(sockets) == 1:
                taken = [other for other in accepted(worker, socket) if other.certain]
                if taken:
                    yield RULE.finding(
                        use.span,
                        "the client gets a 101 and loses the connection at once: this response carries the end "
                        "that was accepted here",
                        labels=(Label(taken[0].span, "accepted here"),),
                        help="return the other end of the pair",
                    )
