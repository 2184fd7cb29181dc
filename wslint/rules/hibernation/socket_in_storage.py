"""A socket that is put into storage.

## What it does
Finds `storage.put(key, socket)`.

## Why it fails
Storage takes what can be cloned, and a WebSocket can't: the call throws a DataCloneError.

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
    await this.ctx.storage.put("socket", server);
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
- What is stored is something about the socket: an id, its attachment.

## Source
- https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End, HandlerSocket, Storage, TableValue
from wslint.worker import Worker

RULE = Rule("WS616", "socket-in-storage", Severity.ERROR, causes=("S16",), languages=("javascript", "python"))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or use.name != "put" or not isinstance(use.value, Storage) or use.where.tried:
            continue
        for value in use.arguments[1] if len(use.arguments) > 1 else ():
            held = value.fields.values() if isinstance(value, TableValue) else [(value,)]
            if any(isinstance(item, (End, HandlerSocket)) for items in held for item in items):
                yield RULE.finding(
                    use.span,
                    "this call throws a `DataCloneError`: a WebSocket can't be stored",
                    help="sockets stay connected by themselves: keep what belongs to one in its attachment",
                )
                break
