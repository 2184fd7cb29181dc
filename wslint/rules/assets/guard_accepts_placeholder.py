"""A check of a code's length that its placeholder passes.

## What it does
Finds a route with a parameter, `/ws/:code`, whose handler checks nothing of the value but its length, where
the placeholder's own text has just that length.

## Why it fails
When a client sends the pattern as it stands, `/ws/:code`, the check lets the five characters of `:code`
through: the handshake goes on to an object of that name, and the error shows up somewhere else.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { Hono } from "hono";
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

const app = new Hono();
app.get("/ws/:code", (c) => {
  const code = c.req.param("code");
  if (code.length !== 5) return c.text("bad code", 400);
  return c.env.MATCH.getByName(code).fetch(c.req.raw);
});

export default app;
```
```json package.json
{ "dependencies": { "hono": "4.13.19" } }
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
import { Hono } from "hono";
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

const app = new Hono();
app.get("/ws/:code", (c) => {
  const code = c.req.param("code");
  if (!/^[A-Z0-9]{5}$/.test(code)) return c.text("bad code", 400);
  return c.env.MATCH.getByName(code).fetch(c.req.raw);
});

export default app;
```
```json package.json
{ "dependencies": { "hono": "4.13.19" } }
```

## Not a finding when
- The value is checked in another way too, or given to a function.
- The placeholder is longer or shorter than what the check takes.
- A client of the project sends it: `literal-placeholder-in-client-url` then says so, and shows the check.

## Source
- https://hono.dev/docs/api/routing#path-parameter
- https://docs.rs/worker/latest/worker/struct.Router.html
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.handshakes import clients
from wslint.rules import Outcome, Rule
from wslint.rules.assets._guards import passed_placeholders
from wslint.rules.assets.literal_placeholder_in_client_url import placeholders
from wslint.worker import Worker

RULE = Rule("WS717", "guard-accepts-placeholder", Severity.WARNING, languages=("javascript", "rust"))


def check(worker: Worker) -> Iterator[Outcome]:
    passed = passed_placeholders(worker)
    sent = (
        {match["name"] for client in clients(worker) for match in placeholders(client)} if passed else set()
    )
    for one in passed:
        if one.parameter not in sent:
            yield RULE.finding(
                one.comparison,
                f"a client that sends the pattern itself passes: `:{one.parameter}` has {one.length} "
                "characters too, and its handshake goes on to the object of that name",
                labels=(Label(one.test.span, "the route's pattern"),),
                help="check which characters the value has, or that it does not start with `:`",
            )
