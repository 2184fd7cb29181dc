"""A hibernating socket whose class has no `webSocketMessage`.

## What it does
Finds classes that call `acceptWebSocket`, never only send, and have no `webSocketMessage` of their own or inherited.

## Why it fails
The runtime delivers a message to the class's `webSocketMessage`. Without one the message is dropped: no error, no
log, and the client waits.

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
- A base class comes from a package and may bring the handler.
- The class only pushes: it sends to its sockets elsewhere than in a handler, and no message is expected; such a class
  may silence the rule with a comment.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/#websocketmessage
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating, lacks, leaves_to_trait, misspelt_handlers, pushes
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS501",
    "missing-message-handler",
    Severity.ERROR,
    causes=("L01", "W02"),
    languages=("javascript", "python"),
    needs=("uses hibernate",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if leaves_to_trait(worker):
        return
    for cls, use in hibernating(worker):
        if not lacks(worker, cls, "webSocketMessage") or misspelt_handlers(cls) or pushes(cls):
            continue
        yield RULE.finding(
            cls.span,
            f"messages to `{cls.name}` vanish without a trace: it accepts sockets for hibernation and has no `webSocketMessage`",
            labels=(Label(use.span, "accepted here"),),
            help="add `async webSocketMessage(ws, message) { … }`",
        )
