"""A handler under a name that the runtime never calls.

## What it does
Finds `onMessage`, `websocketMessage`, `websocket_message`, `webSocketOpen` and their like in classes that accept
sockets for hibernation.

## Why it fails
The runtime calls `webSocketMessage`, `webSocketClose`, `webSocketError` and `alarm`, in Python too, and nothing else.
There is no handler for an opened socket in any language: `fetch` is the place, after `acceptWebSocket`.

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
  websocketMessage(ws, message) {
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
- The code calls the method itself.
- A base class from a package may call it: `onMessage` is right for partyserver and agents.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.handlers import hibernating, lacks, misspelt_handlers
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS502",
    "misspelt-handler",
    Severity.ERROR,
    causes=("L02", "L03", "PY04", "RS18"),
    languages=("javascript", "python"),
    fix="safe",
    needs=("uses hibernate",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    prefixed = worker.is_python and worker.flag_enabled("python_no_global_handlers") is not True
    for cls, _ in hibernating(worker):
        if not cls.base_known:
            continue
        for member, wanted in misspelt_handlers(cls):
            if prefixed and wanted is not None and member.name == f"on_{wanted}":
                continue  # what the runtime calls at these dates
            if wanted is None:
                yield RULE.finding(
                    member.span,
                    f"the runtime never calls `{member.name}`: no handler exists for an opened socket",
                    help="do that in `fetch`, after `acceptWebSocket`; sending works there",
                )
            elif wanted in cls.members or lacks(worker, cls, wanted):
                fix = Fix(f"rename to `{wanted}`", "safe", (Edit(member.span, wanted),))
                yield RULE.finding(
                    member.span,
                    f"the runtime never calls `{member.name}`: the handler is called `{wanted}`",
                    fix=fix if wanted not in cls.members else None,
                )
