"""A handshake that is forwarded without its Upgrade header.

## What it does
Finds a request to a Durable Object that answers handshakes, built without the incoming headers, whose response is
returned to the client; no other forward to that class carries the header.

## Why it fails
A new request has no headers but those it is given. Without `Upgrade: websocket` the object's own guard answers 426,
or the runtime refuses its 101 with a 500: `Worker tried to return a WebSocket in a response to a request which did
not contain the header "Upgrade: websocket"`.

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
    return env.MATCH.getByName("lobby").fetch(request.url);
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
- The request, or its headers, are passed on: `fetch(request)`, `fetch(url, request)`, `new Request(url, request)`,
  `{ headers: request.headers }`, or `Upgrade` is set by hand.
- Another forward to the same class carries the header: then this one is a plain call.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.upgrade import answers_upgrade, carriers, forwards, in_worker, is_returned
from wslint.worker import Worker

RULE = Rule(
    "WS417",
    "forward-without-upgrade-header",
    Severity.ERROR,
    causes=("F01", "F02", "F03", "F04", "RS12"),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    carried = {forward_class for forward_class, carries in carriers(worker) if carries != "no"}
    for use, forward, target in forwards(worker):
        if forward.upgrade != "no" or target.flow is None or answers_upgrade(target.flow) != "yes":
            continue
        if (
            use.where.handler not in ("fetch", "on_fetch")
            or not in_worker(worker, use)
            or not is_returned(worker, forward)
        ):
            continue
        if use.where.holds("is-plain") or use.where.holds("method-post"):
            continue
        if not use.where.holds("is-upgrade") and target.class_name in carried:
            continue
        yield RULE.finding(
            forward.argument_span or use.span,
            f"`{target.class_name}` gets the handshake without its `Upgrade` header, so the client gets 426 or 500",
            labels=(Label(target.flow.span, "this class answers handshakes"),),
            help="forward the request as it came: `fetch(request)`; with another address `fetch(new Request(url, request))`",
        )
