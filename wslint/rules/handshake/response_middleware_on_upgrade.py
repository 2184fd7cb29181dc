"""Header middleware over a 101.

## What it does
Finds hono's `poweredBy()` or `secureHeaders()`, and the `cors()` of hono 4.5.2 and older, on a route that returns a
Durable Object's 101.

## Why it fails
They set headers on the response that came back. The headers of a fetched response can't be changed, so the
middleware throws `Can't modify immutable headers` and the handshake answers 500.

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
import { poweredBy } from "hono/powered-by";

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
app.use("*", poweredBy());
app.get("/ws", (c) => c.env.MATCH.getByName("lobby").fetch(c.req.raw));

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
import { poweredBy } from "hono/powered-by";

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
app.use("/api/*", poweredBy());
app.get("/ws", (c) => c.env.MATCH.getByName("lobby").fetch(c.req.raw));

export default app;
```

## Not a finding when
- The route is registered before the middleware, or under another path.
- The middleware is only called for plain requests.
- `cors()` on the same route makes hono copy the answer, and its headers can then be changed.
- `cors()`, where hono is newer or its version is not known: neither installed, nor locked, nor a plain range.

## Source
- https://github.com/honojs/hono/issues/1572
- workerd 1.20261117.1, run with hono 4.13.19.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play.addresses import addresses
from wslint.rules import Outcome, Rule
from wslint.runtime import response
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Application, PathTest
from wslint.text import Span
from wslint.upgrade import answers_upgrade, forwards, is_returned, reaches_upgrade
from wslint.worker import Worker

RULE = Rule(
    "WS435", "response-middleware-on-upgrade", Severity.ERROR, causes=("FW02",), languages=("javascript",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    for span, application, pattern, name in worker.flow.header_middleware if worker.flow else ():
        if name.startswith("cors(") and not _is_old_cors(worker):
            continue
        route = _upgrade_route(worker, span, application, pattern)
        if route is not None and not _opens(worker):
            yield RULE.finding(
                span,
                f"the handshake answers 500: `Can't modify immutable headers`, because `{name}` "
                "sets headers on the Durable Object's 101",
                labels=(Label(route.span, "the 101 comes from here"),),
                help="register the WebSocket route before this middleware",
            )


def _opens(worker: Worker) -> bool:
    """Whether every handshake that the project names surely opens: other middleware has made the headers mutable."""
    played = [worker.handshake(asked.text, False).endings for asked in addresses(worker)]
    return all(ending.status == response.SWITCHING for endings in played for ending in endings)


def _is_old_cors(worker: Worker) -> bool:
    """Whether hono's `cors` surely is one that sets headers in place: 4.13.19 copies the response first."""
    versions = worker.package_versions("hono")
    return versions is not None and versions.all_before((4, 5, 3))


def _upgrade_route(worker: Worker, span: Span, application: Application, pattern: str | None) -> Use | None:
    """A forward in a later route of the same router whose 101 passes through the middleware."""
    for use, forward, target in forwards(worker):
        if forward.upgrade != "yes" or target.flow is None or answers_upgrade(target.flow) != "yes":
            continue
        if (
            reaches_upgrade(use) and not use.where.deferred and _passes(use, span, application, pattern)
        ) and is_returned(worker, forward):
            return use
    return None


def _passes(use: Use, span: Span, application: Application, pattern: str | None) -> bool:
    for _, test in use.where.facts:
        if isinstance(test, PathTest) and test.application is application and test.span.file == span.file:
            return test.span.start > span.start and (pattern is None or pattern == test.text)
    return False
