"""Loading that the constructor does not wait for.

## What it does
Finds a constructor that starts asynchronous work with a request or a timer in it, drops the promise, and
keeps the result in a field that other code reads.

## Why it fails
A constructor can't await. The first event after each start runs before the field is set: a TypeError and a
500 for the first request, or a handler that ends, and no error after that.

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
    this.load();
  }
  async load() {
    const response = await fetch("https://example.com/settings.json");
    this.settings = await response.json();
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(this.settings.greeting);
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
    ctx.blockConcurrencyWhile(() => this.load());
  }
  async load() {
    const response = await fetch("https://example.com/settings.json");
    this.settings = await response.json();
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(this.settings.greeting);
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
- The work runs in `ctx.blockConcurrencyWhile`.
- The promise is kept in a field, so handlers can await it.
- Only storage is read: events wait for that.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/rules-of-durable-objects/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow, Use
from wslint.source.flow.values import Instance, Pending
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule("WS617", "ungated-constructor-work", Severity.WARNING, causes=("S17",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for cls in durable_classes(worker):
        for use in cls.uses:
            promise = use.value
            if (
                use.action != "discard"
                or use.where.handler != "constructor"
                or use.where.deferred is not None
            ):
                continue
            name = _late_field(cls, promise) if isinstance(promise, Pending) else None
            if name is not None:
                yield RULE.finding(
                    use.span,
                    f"the first event after each start finds `{name}` unset: nothing waits for this promise",
                    help="run it in `ctx.blockConcurrencyWhile(async () => { … })`",
                )


def _late_field(cls: ClassFlow, promise: Pending) -> str | None:
    """A field that the promise's function sets after it waited for something other than storage."""
    inside = [use for use in cls.uses if use.where.handler == "constructor" and _within(use, promise)]
    waits = [use for use in inside if use.action == "fetch"]
    for use in inside:
        late = any(wait.span.start < use.span.end for wait in waits)
        if use.where.deferred == "constructor-gate" or not late or use.name not in cls.own_reads:
            continue
        if use.action == "write" and isinstance(use.value, Instance):
            declared = cls.fields.get(use.name, ())
            initial = any(
                value.span.file is not use.span.file or not _inside(value.span.start, promise)
                for value in declared
            )
            if not initial:
                return use.name
    return None


def _within(use: Use, promise: Pending) -> bool:
    return use.span.file is promise.span.file and _inside(use.span.start, promise)


def _inside(place: int, promise: Pending) -> bool:
    return promise.span.start <= place < promise.span.end
