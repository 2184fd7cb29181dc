"""A room that a Worker keeps in its module.

## What it does
Finds a Worker (no Durable Object) that puts sockets into a Set, Map or array of the module and sends to
what is in there. A second client is played too, for sockets that a module keeps in another way.

## Why it fails
Requests of one Worker run in many isolates, which share nothing. Where two clients do meet, sending to a
socket of another request throws `Cannot perform I/O on behalf of a different request`. Alone everything
works.

## Example
```toml wrangler.toml
name = "chat"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
const sockets = new Set();

export default {
  fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    sockets.add(server);
    server.addEventListener("message", (event) => {
      for (const other of sockets) other.send(event.data);
    });
    return new Response(null, { status: 101, webSocket: client });
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
- Each connection only talks to its own socket: an echo, a proxy.
- The collection belongs to a Durable Object.

## Source
- https://github.com/nitrojs/nitro/issues/2171
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import strangers
from wslint.rules import Outcome, Rule
from wslint.upgrade import in_worker, module_broadcasts
from wslint.worker import Worker

RULE = Rule(
    "WS609", "broadcast-without-durable-object", Severity.ERROR, causes=("S09",), languages=("javascript",)
)


_HELP = "keep the room in a Durable Object, one for each room, and forward the handshake to it"


def check(worker: Worker) -> Iterator[Outcome]:
    kept = [(use.span, name) for use, name in module_broadcasts(worker) if in_worker(worker, use)]
    for span, name in kept:
        yield RULE.finding(
            span,
            f"each client alone hears its messages: a send to another request's socket in `{name}` throws `Cannot perform "
            "I/O on behalf of a different request`",
            help=_HELP,
        )
    for stranger in () if kept else strangers.strangers(worker):
        yield RULE.finding(
            stranger.place.head(),
            "each client alone hears its messages: for the socket of another request this throws `Cannot perform I/O on "
            "behalf of a different request`",
            help=_HELP,
        )
