"""Something that a client sees otherwise after hibernation.

## What it does
Plays the same message, request and handshake twice: with the object as it is, and after it was evicted and woken.
Finds what goes out otherwise, and the field that it rests on. Outputs are compared, not memory.

## Why it fails
After ten quiet seconds the object leaves memory; its sockets, attachments and storage stay, its fields are what the
constructor makes of them.

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
  deliveries = [];
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    this.deliveries.push((text) => server.send(text));
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    this.deliveries.forEach((deliver) => deliver(message));
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
    for (const peer of this.ctx.getWebSockets()) {
      if (peer.readyState === WebSocket.OPEN) peer.send(message);
    }
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
- The constructor, or who reads the field, brings it back from storage, attachments or tags.
- Nothing that goes out rests on it: a cache, a counter that is only logged.
- Something keeps the object in memory.

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
    "WS660",
    "forgotten-after-wake",
    Severity.WARNING,
    causes=("S01", "S02", "S03"),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for lost in laws.forgotten(life):
            what = (
                f"`{lost.field}` is as the constructor leaves it"
                if lost.field
                else "what was here in memory is gone"
            )
            thrown = (
                f", and this throws `{lost.text}`"
                if lost.text
                else ", and clients see something else than before"
            )
            labels = (Label(lost.written.head(), "it is set here"),) if lost.written is not None else ()
            yield RULE.finding(
                lost.place.head(),
                f"after hibernation of `{life.name}` {what}{thrown}",
                labels=labels,
                help="keep it in storage or in the socket's attachment, or read it from `getWebSockets()`",
                within=lost.within,
            )
