"""A socket handler where the runtime does not look.

## What it does
Finds `webSocketMessage` and its kin that are static, `#private`, or on the Worker's default export.

## Why it fails
The runtime reads the handler from the Durable Object's instance. Anywhere else it is never called, and messages vanish.

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
  static webSocketMessage(ws, message) {
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
- TypeScript's `private`: it is erased, and the handler is called.

## Source
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.handlers import hibernating
from wslint.rules import Outcome, Rule
from wslint.source.flow.classes import SOCKET_HANDLERS
from wslint.worker import Worker

RULE = Rule(
    "WS505",
    "unreachable-handler",
    Severity.ERROR,
    causes=("L06",),
    languages=("javascript",),
    needs=("uses hibernate",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for cls, _ in hibernating(worker):
        for member in cls.members.values():
            name = member.name.removeprefix("#")
            public = cls.members.get(name)
            if public is not None and public is not member and not public.static:
                continue  # a helper beside the real handler
            if name in SOCKET_HANDLERS and (member.static or member.private):
                how = "static" if member.static else "private"
                yield RULE.finding(
                    member.span,
                    f"the runtime never calls this `{name}`: it is {how}, and handlers are public members of the instance",
                )
