"""A close handler that the runtime throws at for how a client leaves.

## What it does
Plays the close of a client in the four ways that there are (1000, a code of its own, no code, a lost connection)
and finds calls in `webSocketClose` that the runtime then refuses.

## Why it fails
The exception ends the handler: the close is not answered, or those who stay are not told.

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
  webSocketMessage(ws, message) {
    ws.serializeAttachment({ name: message });
    ws.send(message);
  }
  webSocketClose(ws) {
    const { name } = ws.deserializeAttachment();
    ws.close(1000, `bye ${String(name).slice(0, 40)}`);
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
    ws.serializeAttachment({ name: message });
    ws.send(message);
  }
  webSocketClose(ws) {
    const { name } = ws.deserializeAttachment() ?? { name: "guest" };
    ws.close(1000, `bye ${String(name).slice(0, 40)}`);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The close is answered before, and nobody else is to be told.
- A `try` takes it and answers.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS561",
    "throwing-close-handler",
    Severity.WARNING,
    causes=("L10", "L11", "L13"),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4", "WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for failure in laws.throwing(life, laws.CLOSES):
            where = f" where {failure.when}" if failure.when else ""
            message = f"the close handler throws `{failure.text}`{where}: the close is not answered"
            yield RULE.finding(
                failure.place.head(), message, help="see that it can't throw", within=failure.within
            )
