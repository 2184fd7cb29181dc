"""A context field that nobody sets.

## What it does
Finds `this.state` in classes that extend DurableObject and never assign it, and `this.ctx` or `this.state` in classes
without a base that only declare it, or not even that.

## Why it fails
DurableObject sets `this.ctx` and `this.env` and nothing else; a class without a base gets nothing. The field is
`undefined`: `TypeError: Cannot read properties of undefined (reading 'acceptWebSocket')`, and the handshake answers
500.

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
    this.state.acceptWebSocket(server);
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
- The field is assigned or has a value where it is declared, or a base class from a package may set it.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.hibernation._fields import is_never_set, is_of_subclass
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS619",
    "unset-context-field",
    Severity.ERROR,
    causes=("S19",),
    languages=("javascript",),
    needs=("uses unset",),
)

_FIELDS = ("ctx", "state", "controller")


def check(worker: Worker) -> Iterator[Outcome]:
    for cls in durable_classes(worker):
        if not cls.base_known:
            continue
        seen: set[str] = set()
        for use in cls.uses:
            if use.action != "unset" or use.name in seen or use.name not in _FIELDS:
                continue
            if use.name in cls.members and not is_never_set(worker, cls, use.name):
                continue
            if is_of_subclass(worker, cls, use.name):
                continue
            seen.add(use.name)
            right = "ctx" if cls.bases else None
            yield RULE.finding(
                use.span,
                f"`this.{use.name}` is `undefined`, so this throws a TypeError and the request answers 500",
                help=f"write `this.{right}`: DurableObject sets it"
                if right
                else f"assign `this.{use.name}` in the constructor",
            )
