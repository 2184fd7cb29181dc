"""A stub, an answer or a socket kept between requests.

## What it does
Plays a second client's handshake in the same isolate, and finds where it meets a stub of a Durable Object, an answer
or a socket that the first one's request got and a variable outside the handlers has kept.

## Why it fails
Each belongs to the request that got it. The first client is served; a later one in the same isolate fails with
`Cannot perform I/O on behalf of a different request`: a stub answers 500, an answer's socket never opens.

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

let stub;

export default {
  async fetch(request, env) {
    if (!stub) {
      stub = env.MATCH.getByName("lobby");
    }
    return stub.fetch(request);
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
- The variable is set anew for every request.
- The stub is a field of a Durable Object.

## Source
- https://developers.cloudflare.com/workers/observability/errors/#cannot-perform-io-on-behalf-of-a-different-request
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.worker import Worker

RULE = Rule(
    "WS414",
    "kept-between-requests",
    Severity.WARNING,
    causes=("H16", "F13"),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.CROSS_REQUEST):
        kept = thrown.receiver
        if kept is None:
            continue
        made = kept.place if kept.kind == "DurableObject" else None
        what = _KINDS.get(kept.kind, "what an earlier request got")
        yield RULE.finding(
            thrown.place.head(),
            f"a later client's handshake fails with `Cannot perform I/O on behalf of a different request`, because {what} is kept",
            labels=(Label(made.head(), "got here by the first request"),)
            if made and made != thrown.place
            else (),
            help="get it anew for each request",
        )


_KINDS = {"DurableObject": "the stub", "Response": "the answer", "WebSocket": "the socket"}
