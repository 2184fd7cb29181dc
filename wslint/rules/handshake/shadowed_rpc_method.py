"""A method hidden by the stub's own.

## What it does
Finds a call of `connect()` on a stub whose class has a method of that name.

## Why it fails
Stubs have a `connect` of their own, which opens a TCP connection and wants an address. The object's method is
never reached: the call throws `Failed to execute 'connect' on 'Fetcher'`.

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
  connect() {
    return "connected";
  }
}

export default {
  async fetch(request, env) {
    if (request.method === "POST") return new Response(await env.MATCH.getByName("lobby").connect());
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
  join() {
    return "connected";
  }
}

export default {
  async fetch(request, env) {
    if (request.method === "POST") return new Response(await env.MATCH.getByName("lobby").join());
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The call passes an address: that is the stub's own `connect`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Stub
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule("WS422", "shadowed-rpc-method", Severity.ERROR, causes=("F09",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or use.name != "connect" or use.nodes or not isinstance(use.value, Stub):
            continue
        target = target_of(worker, use.value)
        member = (
            target.flow.members.get("connect") if target is not None and target.flow is not None else None
        )
        if member is not None and not use.where.tried and not worker.is_python:
            yield RULE.finding(
                use.span,
                "this throws: `connect` of a stub opens a TCP connection, the object's method of "
                "that name is never reached",
                labels=(Label(member.span, "the method"),),
                help="give the method another name",
            )
