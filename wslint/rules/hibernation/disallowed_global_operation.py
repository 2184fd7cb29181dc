"""Work that a module starts while it loads.

## What it does
Finds timers, `await fetch(…)` and `new WebSocketPair()` at the top level of a module.

## Why it fails
While a Worker's modules load there is no request yet, and the runtime refuses such work: `Disallowed
operation called within global scope`. The deploy fails, or the Worker does not start.

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

setInterval(() => console.log("still here"), 1000);

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
- The call stands in a function, a handler or a class.
- It stands in a `try`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.worker import Worker

RULE = Rule(
    "WS622", "disallowed-global-operation", Severity.ERROR, causes=("C16",), languages=("javascript",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        where = use.where
        if (
            where.handler is not None
            or where.function is not None
            or where.cls is not None
            or where.deferred is not None
        ):
            continue
        what = _what(use)
        if what is not None and not where.tried and not where.branches and not where.in_loop:
            yield RULE.finding(
                use.span,
                f"the Worker does not start: `Disallowed operation called within global scope` ({what})",
                help="do it in a handler, on the first request if once is enough",
            )


def _what(use: Use) -> str | None:
    if use.action == "timer":
        return f"`{use.name}`"
    if use.action == "pair":
        return "`new WebSocketPair()`"
    before = use.span.file.data[max(0, use.span.start - 6) : use.span.start]
    if use.action == "fetch" and use.value is None and before == b"await ":
        return "`fetch`"
    return None
