"""A router's wrapper sent as the request.

## What it does
Finds `stub.fetch(c.req)` of hono, and `stub.fetch(request)` in a handler of itty's `AutoRouter` or of a
router with `withParams`.

## Why it fails
What these routers hand out wraps the Request. The runtime takes the wrapper for an address, so the call
throws `TypeError: Invalid URL: [object Object]` and the handshake answers 500.

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
import { Hono } from "hono";

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

const app = new Hono();
app.get("/ws", (c) => c.env.MATCH.getByName("lobby").fetch(c.req));

export default app;
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
import { Hono } from "hono";

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

const app = new Hono();
app.get("/ws", (c) => c.env.MATCH.getByName("lobby").fetch(c.req.raw));

export default app;
```

## Not a finding when
- itty's plain `Router()` without `withParams`, which hands out the Request itself.
- hono 2 and older, where `c.req` is the Request.
- The wrapper's own copy is sent: `c.req.raw`, `request.clone()`.

## Source
- https://hono.dev/docs/api/request#raw
- https://github.com/kwhitley/itty-router/issues/267
- workerd 1.20261117.1, run with hono 4.13.19; by hand with itty-router 6.0.0.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.worker import Worker

RULE = Rule("WS420", "wrapped-request-forwarded", Severity.ERROR, causes=("F07",), languages=("javascript",))


_ROUTERS = {"HonoRequest": ("hono", "c.req.raw"), "IttyRequest": ("itty-router", "request.clone()")}


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.invalid_url("[object")):
        kind = thrown.receiver.kind if thrown.receiver is not None else ""
        if kind in _ROUTERS:
            router, remedy = _ROUTERS[kind]
            yield RULE.finding(
                thrown.place,
                f"the {thrown.request} answers 500: `Invalid URL`, because this is {router}'s wrapper and "
                f"no Request; send `{remedy}`",
            )
