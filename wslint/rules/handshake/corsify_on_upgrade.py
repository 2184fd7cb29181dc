"""itty-router's `corsify` over a 101.

## What it does
Finds routers of itty-router 6 and later that hand every response to `corsify`, with a route that returns a Durable
Object's 101.

## Why it fails
From version 6 on `corsify` builds a new Response out of the old one's body and headers. The status and the socket
stay behind: the handshake answers 200. Version 5 leaves a 101 alone.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```json package.json
{ "dependencies": { "itty-router": "^6.0.0" } }
```
```js index.js
import { DurableObject } from "cloudflare:workers";
import { AutoRouter, cors } from "itty-router";

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

const { preflight, corsify } = cors();
const router = AutoRouter({ before: [preflight], finally: [corsify] });

router.get("/ws", (request, env) => env.MATCH.getByName("lobby").fetch(request.clone()));

export default router;
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```json package.json
{ "dependencies": { "itty-router": "^6.0.0" } }
```
```js index.js
import { DurableObject } from "cloudflare:workers";
import { AutoRouter, cors } from "itty-router";

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

const { preflight, corsify } = cors();
const router = AutoRouter({ before: [preflight], finally: [(response) => (response.webSocket ? response : corsify(response))] });

router.get("/ws", (request, env) => env.MATCH.getByName("lobby").fetch(request.clone()));

export default router;
```

## Not a finding when
- itty-router is older than 6, or its version is not known: neither installed, nor locked, nor a plain range.
- `corsify` is called by a function that looks at the response first.
- The handshakes go through another router.

## Source
- https://github.com/kwhitley/itty-cors/pull/4
- workerd 1.20261117.1, run with itty-router 6.0.0; by hand with 5.0.18.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Application, PathTest
from wslint.upgrade import answers_upgrade, forwards, is_returned, reaches_upgrade
from wslint.worker import Worker

RULE = Rule("WS441", "corsify-on-upgrade", Severity.ERROR, causes=("FW04",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    corsified = worker.flow.corsified if worker.flow else []
    versions = worker.package_versions("itty-router") if corsified else None
    if versions is None or not versions.all_from((6, 0, 0)):
        return
    for span, application in corsified:
        route = _upgrade_route(worker, application)
        if route is not None:
            yield RULE.finding(
                span,
                "the handshake answers 200 without a socket: this router hands the Durable Object's 101 to "
                "`corsify`, which builds a new response",
                labels=(Label(route.span, "the 101 comes from here"),),
                help="leave handshakes out: `(response) => (response.webSocket ? response : corsify(response))`",
            )


def _upgrade_route(worker: Worker, application: Application) -> Use | None:
    """A forward in a route of this router whose 101 is returned."""
    for use, forward, target in forwards(worker):
        if forward.upgrade != "yes" or target.flow is None or answers_upgrade(target.flow) != "yes":
            continue
        mine = any(
            isinstance(test, PathTest) and test.application is application for _, test in use.where.facts
        )
        if mine and reaches_upgrade(use) and not use.where.deferred and is_returned(worker, forward):
            return use
    return None
