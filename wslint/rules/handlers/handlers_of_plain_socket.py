"""Class handlers for sockets that were accepted with `accept()`.

## What it does
Finds classes whose only way to accept is `server.accept()`, that add no `message` listener, and that have
`webSocketMessage`.

## Why it fails
`accept()` delivers to listeners; the class's handlers are called only for `acceptWebSocket`. The handshake succeeds and
every message is lost.

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
    server.accept();
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
- A listener is there, or the socket is closed at once or handed to other code.
- Another place in the class calls `acceptWebSocket`.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS504",
    "handlers-of-plain-socket",
    Severity.ERROR,
    causes=("L05",),
    languages=("javascript", "python", "rust"),
    needs=("uses accept",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    for cls in durable_classes(worker):
        if "webSocketMessage" not in cls.members or any(use.action == "hibernate" for use in cls.uses):
            continue
        for use in cls.uses:
            if use.action != "accept" or not isinstance(use.value, End) or flow is None:
                continue
            if flow.of(use.value, "listen", "escape", "store", "close") or flow.of(
                use.value.pair, "escape", "store"
            ):
                continue
            if any(call.name == "events" for call in flow.of(use.value, "call")):
                continue  # Rust's stream of events
            yield RULE.finding(
                use.span,
                "messages vanish: a socket accepted with `accept()` delivers to listeners, not to `webSocketMessage`",
                labels=(Label(cls.members["webSocketMessage"].span, "never called for this socket"),),
                help="write `this.ctx.acceptWebSocket(server)`",
            )
