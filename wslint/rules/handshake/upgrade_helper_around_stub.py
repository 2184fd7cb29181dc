"""hono's upgrade helper around a forward.

## What it does
Finds a forward of the handshake to a Durable Object inside the function given to hono's `upgradeWebSocket`.

## Why it fails
The helper makes a pair itself and answers with its own 101. The object's answer goes nowhere: the client is
connected to the Worker, and no message of it reaches the object.

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
import { upgradeWebSocket } from "hono/cloudflare-workers";

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

app.get("/ws", upgradeWebSocket(async (c) => {
  await c.env.MATCH.getByName("lobby").fetch(c.req.raw);
  return { onMessage() {} };
}));

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
- The function takes `webSocket` from the object's answer and passes the messages on.
- The call carries no Upgrade header.

## Source
- https://hono.dev/docs/helpers/websocket
- https://github.com/honojs/hono/issues/3206
- workerd 1.20261117.1, run with hono 4.13.19.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Forward
from wslint.source.flow.values import ClientSocket, ResponseValue
from wslint.upgrade import answers_upgrade, forwards
from wslint.worker import Worker

RULE = Rule(
    "WS434", "upgrade-helper-around-stub", Severity.ERROR, causes=("FW01",), languages=("javascript",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use, forward, target in forwards(worker):
        if not (use.where.deferred or "").startswith("upgrade helper") or forward.upgrade != "yes":
            continue
        if (
            target.flow is not None
            and answers_upgrade(target.flow) == "yes"
            and not _is_used(worker, forward)
        ):
            yield RULE.finding(
                use.span,
                "no message reaches the Durable Object: `upgradeWebSocket` answers with a pair "
                "of its own and drops the object's 101",
                help=(
                    'return the stub\'s response from the route itself: `app.get("/ws", (c) => '
                    "stub.fetch(c.req.raw))`"
                ),
            )


def _is_used(worker: Worker, forward: Forward) -> bool:
    """Whether the code takes the socket from the response, or gives the response to code out of sight."""
    for use in worker.flow.uses if worker.flow else ():
        value = use.value.response if isinstance(use.value, ClientSocket) else use.value
        taken = isinstance(use.value, ClientSocket) or use.action in ("escape", "store")
        if taken and isinstance(value, ResponseValue) and value.forward is forward:
            return True
    return False
