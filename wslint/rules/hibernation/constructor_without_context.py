"""A constructor that does not give the base class its context.

## What it does
Finds constructors of classes that extend DurableObject whose `super(…)` is missing or has no arguments.

## Why it fails
Every request of the object ends in a 500: the base class needs both arguments, and without `super` no `this` exists.

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
    super();
    this.startedAt = 0;
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
    this.startedAt = 0;
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
- There is no constructor, or the arguments are passed on as `...args`.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run: `Failed to construct 'DurableObjectBase'`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.walk import calls_in
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS618", "constructor-without-context", Severity.ERROR, causes=("S18",), languages=("javascript",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    for cls in durable_classes(worker):
        member = cls.members.get("constructor")
        if (
            member is None
            or member.function is None
            or "constructor" in cls.inherited
            or not cls.bases
            or cls.bases[0] != "cloudflare:workers.DurableObject"
        ):
            continue
        call = next((found for found in calls_in(member.function) if _is_super(found)), None)
        if call is None:
            yield RULE.finding(
                member.span,
                "every request answers 500: this constructor never calls `super(ctx, env)`",
                help="make it the first statement",
            )
        elif not call.arguments and not call.keywords:
            yield RULE.finding(
                Span(member.span.file, call.start, call.end),
                "every request answers 500: the base class needs its context, `super(ctx, env)`",
            )


def _is_super(call: tree.Call) -> bool:
    return isinstance(call.function, tree.Name) and call.function.name == "super"
