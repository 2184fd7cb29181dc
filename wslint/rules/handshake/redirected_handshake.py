"""A handshake that is redirected.

## What it does
Plays a handshake for the addresses that clients of the project open, for those that the Worker tests, and for those
that it takes with a slash at their end, without it. It reports the ones that are always answered with a redirect to
an address of the same Worker at which handshakes open.

## Why it fails
A client of WebSockets follows no redirect. The browser says "Unexpected response code: 308" and reports 1006; only a
client that has the last address from the start comes through.

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
    const url = new URL(request.url);
    if (url.pathname === "/ws/") return env.MATCH.getByName("lobby").fetch(request);
    return Response.redirect(`${url.origin}/ws/`, 308);
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
    const url = new URL(request.url);
    if (url.pathname === "/ws/" || url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return Response.redirect(`${url.origin}/ws/`, 308);
  },
};
```

## Not a finding when
- The redirect hangs on a condition, or leads to another host.
- A plain request for the address that it leads to gets a page: the redirect may be meant for that, unless a client of
  the project opens its socket there.
- It takes a slash off the end, and no client of the project has the slash.

## Source
- https://websockets.spec.whatwg.org/#establish-a-websocket-connection: anything but a 101 fails the connection.
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play.redirects import redirected
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS480",
    "redirected-handshake",
    Severity.WARNING,
    causes=("R05",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None:
        return
    for found in redirected(worker):
        yield RULE.finding(
            found.place.head(),
            f"a handshake for `{found.path}` answers {found.status}, and clients of WebSockets follow no redirect to "
            f"`{found.target}`",
            help=f"take the handshake at `{found.path}` too, or let clients open `{found.target}`",
        )
