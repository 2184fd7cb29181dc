"""RPC on a class without the runtime's base.

## What it does
Finds a method call on the stub of a Durable Object class that extends nothing.

## Why it fails
Methods of a Durable Object can be called only if its class extends the runtime's `DurableObject`. For another
class the call fails with `The receiving Durable Object does not support RPC`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
export class MatchDO {
  constructor(ctx) {
    this.ctx = ctx;
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
  count() {
    return this.ctx.getWebSockets().length;
  }
}

export default {
  async fetch(request, env) {
    if (request.method === "POST") return Response.json(await env.MATCH.getByName("lobby").count());
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
  count() {
    return this.ctx.getWebSockets().length;
  }
}

export default {
  async fetch(request, env) {
    if (request.method === "POST") return Response.json(await env.MATCH.getByName("lobby").count());
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- Only `fetch` is called: that works for any class.
- The class has a base that was not read.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/create-durable-object-stubs-and-send-requests/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Stub
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule("WS438", "rpc-on-plain-class", Severity.ERROR, causes=("C13",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or not isinstance(use.value, Stub) or use.name in _NATIVE or use.where.tried:
            continue
        target = target_of(worker, use.value)
        if target is None or target.worker is None or target.flow is None:
            continue
        cls = target.flow
        if (
            cls.base_known
            and not cls.bases
            and not worker.is_python
            and target.worker.flag_enabled("js_rpc") is False
        ):
            yield RULE.finding(
                use.span,
                f"`{use.name}` can't be called: `{cls.name}` does not extend the runtime's "
                "`DurableObject`, so the object does not support RPC",
                labels=(Label(cls.span, "the class"),),
                help='import `DurableObject` from `"cloudflare:workers"` and extend it',
            )


_NATIVE = frozenset({"fetch", "connect", "get", "put", "delete", "queue", "scheduled", "dup", "then"})
