"""A socket that is kept after its client has gone.

## What it does
Plays a client's close and another one's message, with sockets that were accepted with `accept()`, and finds sends to
the closed socket that throw and are caught, again with each message.

## Why it fails
The runtime closes the socket when its client does; what keeps it in a list of its own must take it out. It is tried
with every message, and is held as long as the object lives.

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
  sockets = new Set();
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    this.sockets.add(server);
    server.addEventListener("message", (event) => {
      for (const socket of this.sockets) {
        try {
          socket.send(event.data);
        } catch {
          console.log("one has gone");
        }
      }
    });
    return new Response(null, { status: 101, webSocket: client });
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
  sockets = new Set();
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    this.sockets.add(server);
    server.addEventListener("close", () => this.sockets.delete(server));
    server.addEventListener("message", (event) => {
      for (const socket of this.sockets) {
        try {
          socket.send(event.data);
        } catch {
          console.log("one has gone");
        }
      }
    });
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The close listener, or the `catch`, takes the socket out.
- Sockets whose `readyState` is not open are left out.
- The compatibility date is before 2026-04-07: the runtime does not close the socket then.

## Source
- https://developers.cloudflare.com/changelog/post/2026-04-07-websocket-auto-reply-to-close/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS565",
    "closed-socket-kept",
    Severity.INFO,
    causes=("L13",),
    languages=("javascript", "python"),
    gives_way_to=("WS511",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for talk in worker.conversations:
        for found in listener_laws.kept_closed(talk):
            yield RULE.finding(
                found.place.head(),
                "sockets of clients that have gone are kept, and this throws for each of them with every message",
                help="take the socket out in a `close` listener, or where the throw is caught",
                within=found.within,
            )
