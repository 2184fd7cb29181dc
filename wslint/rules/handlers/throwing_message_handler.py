"""A message handler that the runtime throws at for what a client may send.

## What it does
Plays the messages that clients may send (JSON, other text, binary) and finds calls in the handler that the runtime
then refuses, with nothing around them that catches it.

## Why it fails
The exception ends the handler and is only logged: the client waits for an answer, and who comes after the failing
call in a loop hears nothing.

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
    if (message === "sit") ws.serializeAttachment({ seat: 1 });
    ws.send(`seat ${ws.deserializeAttachment().seat}`);
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
    if (message === "sit") ws.serializeAttachment({ seat: 1 });
    ws.send(`seat ${ws.deserializeAttachment()?.seat ?? "none"}`);
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
- A `try` or `.catch` takes it.
- Only a message of another kind than the handler expects does it: binary where it takes text, a part left out, an
  unknown entry of a table (then only with `--pedantic`). In Rust that is a panic, and always said.
- It is a last word to the very socket that was closed just before.
- What is thrown rests on storage, time or another server, not on the client.

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
    "WS560",
    "throwing-message-handler",
    Severity.WARNING,
    causes=("L08", "L12", "L13", "L14", "L16", "L18"),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS4", "WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for failure in laws.throwing(life, laws.MESSAGES):
            where = f" where {failure.when}" if failure.when else ""
            message = f"the message handler throws `{failure.text}`{where}: the client gets no answer"
            yield RULE.finding(
                failure.place.head(),
                message,
                help="check it before, or catch it and answer",
                confidence="medium" if failure.odd else None,
                within=failure.within,
            )
