"""A route to a socket that a broader one before it takes.

## What it does
Plays a handshake for the path that each condition of the Worker and each route of its router is made for. Where that
is surely answered before the condition is asked, plays what would be if it held, and reports those behind which a
handshake opens.

## Why it fails
Routes are tried in the order in which they stand. The broader one answers the handshake with what it has for plain
requests, a page or a 404, and the browser gets `Unexpected response code`, always.

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
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/")) return new Response("no such endpoint", { status: 404 });
    if (pathname === "/api/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("hello");
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
    const { pathname } = new URL(request.url);
    if (pathname === "/api/ws") return env.MATCH.getByName("lobby").fetch(request);
    if (pathname.startsWith("/api/")) return new Response("no such endpoint", { status: 404 });
    return new Response("hello");
  },
};
```

## Not a finding when
- What stands before lets some handshakes through: it calls `next()`, returns nothing, or asks for something else than the path.
- Code that is not read may decide.

## Source
- https://hono.dev/docs/api/routing#routing-priority
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play.shadowed import shadowed
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS486",
    "shadowed-route",
    Severity.ERROR,
    causes=("H08", "H10", "R05"),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS443", "WS711", "WS712", "WS713", "WS715"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None or worker.source is None:
        return
    for found in shadowed(worker):
        ending = found.ending
        labels = (Label(ending.span.head(), "answered here"),) if ending.span is not None else ()
        yield RULE.finding(
            found.place.head(),
            f"no handshake comes here: one for `{found.address}` is answered {ending.status} before",
            labels=labels,
            help="put it before the broader one",
        )
