"""RPC before its compatibility date.

## What it does
Finds a method call on a Durable Object's stub at a compatibility date before 2024-04-03.

## Why it fails
Stubs have the object's methods since that date (flag `rpc`). Before it the call fails with `is not a
function`, and the request answers 500.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2024-03-01"
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
- The flag `rpc` is set.
- Only `fetch` is called.

## Source
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/#durable-object-stubs-and-service-bindings-support-rpc
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Stub
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule("WS437", "rpc-before-its-date", Severity.ERROR, causes=("C14",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.is_python or worker.flag_enabled("rpc") is not False:
        return
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or not isinstance(use.value, Stub) or use.name in _NATIVE or use.where.tried:
            continue
        target = target_of(worker, use.value)
        member = target.flow.members.get(use.name) if target is not None and target.flow is not None else None
        if member is not None:
            yield RULE.finding(
                use.span,
                f"`{use.name}` is not a function here: stubs have the object's methods from "
                "compatibility date 2024-04-03 on",
                help="raise `compatibility_date`, or set the flag `rpc`",
            )


_NATIVE = frozenset({"fetch", "connect", "get", "put", "delete", "queue", "scheduled", "dup", "then"})
