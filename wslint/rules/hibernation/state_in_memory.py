"""A counter or switch that hibernation resets.

## What it does
Finds number and boolean fields that a handler changes, in a class that accepts sockets for hibernation and
writes neither storage nor attachments.

## Why it fails
After some idle seconds the object leaves memory while its sockets stay connected. The next message runs the
constructor again, and the field starts from its first value.

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
  turns = 0;
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    this.turns += 1;
    ws.send(`turn ${this.turns}`);
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
  async webSocketMessage(ws, message) {
    const turns = ((await this.ctx.storage.get("turns")) ?? 0) + 1;
    await this.ctx.storage.put("turns", turns);
    ws.send(`turn ${turns}`);
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
- The class writes to storage, or keeps attachments.
- The field is a cache or a measurement: then losing it does no harm, which is
  why this is only reported with `--pedantic`.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run with eleven idle seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Instance, LiteralValue, Storage
from wslint.worker import Worker

RULE = Rule(
    "WS603",
    "state-in-memory",
    Severity.WARNING,
    "medium",
    causes=("S03",),
    languages=("javascript", "python"),
    needs=("uses hibernate",),
)

_EVENTS = frozenset({"fetch", "webSocketMessage", "webSocketClose"})


def check(worker: Worker) -> Iterator[Outcome]:
    for cls, accept in hibernating(worker):
        if not cls.base_known or any(
            use.action == "attach" or isinstance(use.value, Storage) for use in cls.uses
        ):
            continue
        seen: set[str] = set()
        for use in cls.uses:
            if (
                use.action != "write"
                or not isinstance(use.value, Instance)
                or use.where.handler not in _EVENTS
            ):
                continue
            first = cls.fields.get(use.name, ())
            scalar = any(
                isinstance(value, LiteralValue) and isinstance(value.value, (bool, float, int))
                for value in first
            )
            if scalar and use.name in cls.own_reads and use.name not in seen:
                seen.add(use.name)
                yield RULE.finding(
                    use.span,
                    f"after hibernation `{use.name}` starts again from its first value, while the "
                    "sockets are still connected",
                    labels=(Label(accept.span, "accepted for hibernation here"),),
                    help="keep it in `ctx.storage`, or in the sockets' attachments",
                )
