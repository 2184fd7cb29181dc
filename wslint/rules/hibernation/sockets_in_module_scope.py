"""Sockets of a Durable Object in a module variable.

## What it does
Finds a Durable Object that puts its sockets into a Set, Map or array of the module and sends to what is in
there.

## Why it fails
A module is shared by all objects that run in one isolate, and a socket belongs to one object: sending to
another one's throws `Cannot perform I/O on behalf of a different Durable Object`. Objects in other
isolates do not see the collection at all, and after hibernation it holds sockets of the object's former
life, which reach nobody. With one object that never sleeps everything works.

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

const sockets = new Set();

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    sockets.add(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    for (const other of sockets) {
      try {
        other.send(message);
      } catch {}
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
    for (const other of this.ctx.getWebSockets()) {
      try {
        other.send(message);
      } catch {}
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
- The collection is a field of the class (after hibernation that is WS601's business).
- What is kept in the module is no socket.
- Nothing is sent to what is in there.

## Source
- https://github.com/cloudflare/websocket-template/issues/6
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.upgrade import in_worker, module_broadcasts
from wslint.worker import Worker

RULE = Rule(
    "WS608", "sockets-in-module-scope", Severity.WARNING, causes=("S08",), languages=("javascript", "python")
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use, name in module_broadcasts(worker):
        if not in_worker(worker, use):
            yield RULE.finding(
                use.span,
                f"`{name}` is shared by every object of the isolate: as soon as there are two, a send to the "
                "other one's socket throws `Cannot perform I/O on behalf of a different Durable Object`; after "
                "hibernation the sockets in it reach nobody",
                help="iterate `this.ctx.getWebSockets()`, or keep the sockets in a field",
            )
