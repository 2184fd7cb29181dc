"""An automatic answer that is no pair.

## What it does
Finds `setWebSocketAutoResponse` called with something else than a `WebSocketRequestResponsePair`: a plain
object, texts.

## Why it fails
The call throws a TypeError. In the constructor that fails every request to the object with 500.

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
  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse({ request: "ping", response: "pong" });
  }
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
  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }
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
- The call has no argument: that takes the answer back.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#setwebsocketautoresponse
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ArrayValue, LiteralValue, TableValue
from wslint.worker import Worker

RULE = Rule("WS620", "invalid-auto-response", Severity.ERROR, causes=("S20",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if (
            use.action != "call"
            or use.name != "setWebSocketAutoResponse"
            or use.value is not None
            or use.where.tried
        ):
            continue
        if not use.arguments or len(use.arguments[0]) != 1:
            continue
        value = use.arguments[0][0]
        text = isinstance(value, LiteralValue) and isinstance(value.value, str)
        if text or isinstance(value, (TableValue, ArrayValue)):
            yield RULE.finding(
                use.span,
                "this call throws a TypeError: the automatic answer is a `WebSocketRequestResponsePair`",
                help='write `new WebSocketRequestResponsePair("ping", "pong")`',
            )
