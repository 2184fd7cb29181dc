"""A handshake's route that is registered for another method.

## What it does
Finds Durable Objects that answer handshakes, where every route that forwards to them is registered for POST, PUT,
PATCH, DELETE or OPTIONS.

## Why it fails
A handshake is a GET. The router has no route for it and answers what it answers for unknown paths: 404, or 405 in
workers-rs.

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
app.post("/ws", (c) => c.env.MATCH.getByName("lobby").fetch(c.req.raw));

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
- Some other forward reaches the object: a GET route, `all`, code outside the router, another Worker.
- The code was too large to be followed to its end.

## Source
- https://github.com/cloudflare/workers-rs/issues/613
- workerd 1.20261117.1, run with hono 4.13.19.
- https://datatracker.ietf.org/doc/html/rfc6455#section-4.1
- workerd 1.20261117.1, run with hono 4.13.19.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import PathTest
from wslint.upgrade import Target, answers_upgrade, forwards
from wslint.worker import Worker

RULE = Rule(
    "WS443", "upgrade-behind-other-verb", Severity.ERROR, causes=("RS11",), languages=("javascript", "rust")
)

_OTHERS = {
    f"{verb}{suffix}": verb.upper()
    for verb in ("post", "put", "patch", "delete", "options")
    for suffix in ("", "_async")
}


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.flow is None or not worker.flow.complete or _is_asked_elsewhere(worker):
        return
    reached: dict[str, list[tuple[Use, Target]]] = {}
    for use, forward, target in forwards(worker):
        if forward.upgrade != "no":
            reached.setdefault(target.class_name, []).append((use, target))
    for name, uses in reached.items():
        flow = uses[0][1].flow
        tests = [_other_verb(use) for use, _ in uses]
        if flow is None or answers_upgrade(flow) != "yes" or not all(tests):
            continue
        for test in tests:
            if test is not None:
                yield RULE.finding(
                    test.span,
                    f"no handshake reaches `{name}`: this route takes {_OTHERS[test.verb]} only, and each "
                    "handshake is a GET",
                    labels=(Label(flow.span, "answers handshakes"),),
                    help="register the route with `get`",
                )


def _other_verb(use: Use) -> PathTest | None:
    """The route for another method than GET that a use stands in."""
    tests = [test for fact, test in use.where.facts if fact == "on-path" and isinstance(test, PathTest)]
    return next((test for test in tests if test.kind == "pattern" and test.verb in _OTHERS), None)


def _is_asked_elsewhere(worker: Worker) -> bool:
    """Whether another Worker of the project may forward to this one or its objects."""
    return len(worker.workspace.documents) > 1
