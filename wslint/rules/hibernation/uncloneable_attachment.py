"""An attachment that can't be copied.

## What it does
Finds functions, sockets, requests, responses and contexts given to `serializeAttachment`.

## Why it fails
An attachment is copied by structured clone. A function or an object of the runtime in it throws a
`DataCloneError`: in `fetch` the handshake answers 500.

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
    server.serializeAttachment({ name: "guest", leave: () => server.close() });
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
    server.serializeAttachment({ name: "guest" });
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
- It holds texts, numbers, dates, arrays and plain objects.
- The call stands in a `try`.

## Source
- https://developers.cloudflare.com/durable-objects/api/websockets/#serializeattachment
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import (
    ArrayValue,
    ClientSocket,
    DurableContext,
    End,
    FunctionValue,
    Pair,
    ResponseValue,
    TableValue,
    Value,
)
from wslint.worker import Worker

RULE = Rule(
    "WS605",
    "uncloneable-attachment",
    Severity.ERROR,
    causes=("S05",),
    languages=("javascript",),
    needs=("uses attach",),
)

_KINDS: dict[type[Value], str] = {
    FunctionValue: "a function",
    End: "a socket",
    ClientSocket: "a socket",
    Pair: "a socket pair",
    ResponseValue: "a response",
    DurableContext: "the object's context",
}


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action == "attach" and use.arguments and not use.where.tried and use.certain:
            kind = _uncloneable(use.arguments[0], 0)
            if kind is not None:
                yield RULE.finding(
                    use.span,
                    f"this call throws a `DataCloneError`: the attachment holds {kind}, which can't "
                    "be copied",
                    help="keep plain data in it: an id, a name",
                )


def _uncloneable(values: tuple[Value, ...], depth: int) -> str | None:
    """What in a certain value can't be cloned."""
    if len(values) != 1 or depth > 4:
        return None
    value = values[0]
    inside: list[tuple[Value, ...]] = []
    if isinstance(value, TableValue):
        inside = list(value.fields.values())
    elif isinstance(value, ArrayValue):
        inside = value.items
    for held in inside:
        found = _uncloneable(held, depth + 1)
        if found is not None:
            return found
    return _KINDS.get(type(value))
