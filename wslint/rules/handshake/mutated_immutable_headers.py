"""Headers that can't be changed, changed.

## What it does
Finds `set`, `append` and `delete` on the headers of a response that came from a stub, or of the incoming request.

## Why it fails
Those headers are immutable: the call throws `TypeError: Can't modify immutable headers`, and the request answers 500.

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
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const response = await env.MATCH.getByName("lobby").fetch(request);
    response.headers.set("X-Served-By", "lobby");
    return response;
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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    const copy = new Response(response.body, response);
    copy.headers.set("X-Served-By", "lobby");
    return copy;
  },
};
```

## Not a finding when
- The request or response was made here with `new`: its headers are its own.
- The call stands in a `try`.

## Source
- https://github.com/honojs/hono/issues/1572
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.worker import Worker

RULE = Rule(
    "WS411",
    "mutated-immutable-headers",
    Severity.ERROR,
    causes=("H13", "F10", "FW02"),
    languages=("javascript",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.IMMUTABLE):
        headers = thrown.receiver
        if headers is None or headers.kind != "Headers":
            continue  # a framework's own code changes them
        whose = "of the incoming request" if headers.place is None else "of the answer"
        yield RULE.finding(
            thrown.place,
            f"the {thrown.request} answers 500: `TypeError: Can't modify immutable headers`, because the headers {whose} are",
            help="copy first: `new Response(response.body, response)`, `new Request(request)`",
        )
