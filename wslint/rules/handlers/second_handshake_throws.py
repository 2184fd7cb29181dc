"""A handshake that fails while another client is connected.

## What it does
Plays a second client that comes with the address of the first one, which is still connected, and finds what the runtime
then throws at the code of its handshake and nobody catches.

## Why it fails
The client who comes back, after a reload or on a second device, gets 500, and gets it again for as long as the first
socket is listed. Closed sockets stay in `getWebSockets()` until their close was answered: a `send` to one of them throws.

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
    const name = new URL(request.url).searchParams.get("name")?.slice(0, 40) ?? "somebody";
    for (const old of this.ctx.getWebSockets(name)) old.close(4001, "opened elsewhere");
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [name]);
    await Promise.all(this.ctx.getWebSockets().map(async (ws) => ws.send(`${name} is here`)));
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
    const name = new URL(request.url).searchParams.get("name")?.slice(0, 40) ?? "somebody";
    for (const old of this.ctx.getWebSockets(name)) old.close(4001, "opened elsewhere");
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [name]);
    const open = this.ctx.getWebSockets().filter((ws) => ws.readyState === WebSocket.OPEN);
    await Promise.all(open.map(async (ws) => ws.send(`${name} is here`)));
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
- The first client's handshake fails there too: other rules speak of that.
- The code itself refuses the second client.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#getwebsockets
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import laws
from wslint.play.life import Life
from wslint.rules import Outcome, Rule
from wslint.runtime import response
from wslint.worker import Worker

RULE = Rule(
    "WS578",
    "second-handshake-throws",
    Severity.WARNING,
    causes=("L13",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4", "WS51", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        if not _opens(life):
            continue
        for failure in laws.throwing(life, (laws.SECOND,)):
            where = f" where {failure.when}" if failure.when else ""
            yield RULE.finding(
                failure.place.head(),
                f"a client that comes with the address of one who is connected gets 500{where}: `{failure.text}`",
                help="look at `readyState` before, or catch it",
                within=failure.within,
            )


def _opens(life: Life) -> bool:
    """Whether the first client surely comes in."""
    first = life.scene("handshake")
    return first is not None and all(
        ending.status == response.SWITCHING or ending.kind == "answer" for ending in first.endings
    )
