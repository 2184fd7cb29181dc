"""A stub kept between requests.

## What it does
Finds a variable outside the handlers that gets a stub of a Durable Object once and keeps it for later
requests.

## Why it fails
A stub belongs to the request that made it. The first request works; a later one in the same isolate fails
with `Cannot perform I/O on behalf of a different request` and answers 500.

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

let stub;

export default {
  async fetch(request, env) {
    if (!stub) {
      stub = env.MATCH.getByName("lobby");
    }
    return stub.fetch(request);
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
- The variable is set anew for every request.
- The stub is a field of a Durable Object.

## Source
- https://developers.cloudflare.com/workers/observability/errors/#cannot-perform-io-on-behalf-of-a-different-request
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import Stub
from wslint.upgrade import in_worker, target_of
from wslint.worker import Worker

RULE = Rule(
    "WS414",
    "kept-between-requests",
    Severity.WARNING,
    causes=("H16", "F13"),
    languages=("javascript",),
    needs=("uses store",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "store" or not use.name.startswith("module ") or not isinstance(use.value, Stub):
            continue
        if (
            use.where.handler == "fetch"
            and in_worker(worker, use)
            and target_of(worker, use.value) is not None
        ) and _is_set_once(worker, use):
            yield RULE.finding(
                use.span,
                "a later request answers 500: `Cannot perform I/O on behalf of a different "
                "request`, because the stub is kept",
                help="get the stub anew in each handler call; that costs nothing",
            )


def _is_set_once(worker: Worker, stored: Use) -> bool:
    """Whether the variable is set under a condition (`??=` included) and read where "
    "that may not have held."""
    assert worker.flow is not None
    written = stored.span.file.data[stored.span.end : stored.span.end + 8].lstrip()
    if written.startswith((b"??=", b"||=")):
        return True
    others = [use for use in worker.flow.uses if use.action == "store" and use.name == stored.name]
    if any(other.span != stored.span for other in others) or not stored.where.branches:
        return False
    return any(
        use.where.branches == stored.where.branches[: len(use.where.branches)]
        and len(use.where.branches) < len(stored.where.branches)
        and use.where.function is stored.where.function
        and use.span.start > stored.span.start
        for use in worker.flow.uses
        if use.value is stored.value and use.action in ("fetch", "call")
    )
