"""A field that nobody sets.

## What it does
Finds `this.sockets.add(…)` and the like in Durable Object classes where no code ever gives `this.sockets` a value, and
calls of methods that the class does not have.

## Why it fails
The field is `undefined`: `TypeError: Cannot read properties of undefined`. In the constructor or in `fetch` every
handshake answers 500; in a socket's handler every message is lost.

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
    this.names.set(server, "ada");
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
    server.serializeAttachment({ name: "ada" });
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
- Any code of the project assigns a field of this name, of whatever object, or sets fields by computed names,
  `Object.assign` or decorators.
- The class asks first whether the field is there, or a base class from a package may set it.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.rules.hibernation._fields import is_never_set, is_only_used
from wslint.runtime_members import OF_EVERY_OBJECT
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS630",
    "unset-field",
    Severity.ERROR,
    causes=("S19",),
    languages=("javascript",),
    needs=("javascript", "uses unset"),
)

_SET = frozenset({"ctx", "state", "controller", "env", "__proto__"}) | OF_EVERY_OBJECT
"""Fields that other rules speak of, that the runtime's base class sets, or that every object has."""


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.flow is None or worker.source is None or not worker.flow.complete:
        return
    if worker.source.language not in ("javascript", "typescript"):
        return
    for cls in durable_classes(worker):
        seen: set[str] = set()
        for use in cls.uses:
            name = use.name
            if use.action != "unset" or name in seen or name in _SET or use.where.tried:
                continue
            seen.add(name)
            if is_never_set(worker, cls, name) and is_only_used(cls, name):
                yield RULE.finding(
                    use.span,
                    f"`this.{name}` is not a function, so this throws a TypeError: the class has no such method"
                    if use.arguments
                    else f"`this.{name}` is `undefined`, so this throws a TypeError: nothing gives it a value",
                )
