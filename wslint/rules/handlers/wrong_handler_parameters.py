"""A socket handler that takes its parameters for something else.

## What it does
Finds `.data` read from the second parameter of `webSocketMessage`, and `send` or `close` called on it.

## Why it fails
`webSocketMessage(ws, message)` gets the socket and then the message itself, not an event. `event.data` is
`undefined`, and `message.send` throws a TypeError for every message.

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
  webSocketMessage(ws, event) {
    ws.send(event.data);
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
- The parameters are used as what they are, whatever they are called.

## Source
- https://developers.cloudflare.com/durable-objects/api/base/#websocketmessage
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import Message
from wslint.worker import Worker

RULE = Rule(
    "WS506", "wrong-handler-parameters", Severity.ERROR, causes=("L08",), languages=("javascript", "python")
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        value = use.value
        if (
            not isinstance(value, Message)
            or value.part != "message"
            or use.where.handler != "webSocketMessage"
        ):
            continue
        if use.action == "read" and use.name == "data" and use.where.deferred is None:
            yield RULE.finding(
                use.span,
                "this is `undefined`: `webSocketMessage(ws, message)` gets the message itself, not an event",
                help="use the second parameter directly",
            )
        elif use.action == "call" and use.name in ("send", "close", "serializeAttachment"):
            yield RULE.finding(
                use.span,
                f"every message ends in `TypeError: {use.name} is not a function`: the second parameter is the message, "
                "the first is the socket",
                help="write `webSocketMessage(ws, message)`",
            )
