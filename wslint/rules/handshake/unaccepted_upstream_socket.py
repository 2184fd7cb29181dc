"""A fetched socket used without accepting it.

## What it does
Finds `send` on the `webSocket` of a fetched response that nothing accepts.

## Why it fails
A socket that a `fetch` returned belongs to the response until `accept()` takes it over. Sending before that
throws `You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages`.

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
    if (request.headers.get("Upgrade") === "websocket") return env.MATCH.getByName("lobby").fetch(request);
    const response = await fetch("https://feed.example.com/live", { headers: { Upgrade: "websocket" } });
    const upstream = response.webSocket;
    upstream.send("hello");
    return new Response("sent");
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
    if (request.headers.get("Upgrade") === "websocket") return env.MATCH.getByName("lobby").fetch(request);
    const response = await fetch("https://feed.example.com/live", { headers: { Upgrade: "websocket" } });
    const upstream = response.webSocket;
    upstream.accept();
    upstream.send("hello");
    return new Response("sent");
  },
};
```

## Not a finding when
- The socket or the response is given to other code, kept or returned.

## Source
- https://developers.cloudflare.com/workers/examples/websockets/#write-a-websocket-client
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.runtime.socket import is_upstream
from wslint.worker import Worker

RULE = Rule(
    "WS433",
    "unaccepted-upstream-socket",
    Severity.ERROR,
    causes=("F14",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.NOT_ACCEPTED):
        if thrown.receiver is None or not is_upstream(thrown.receiver):
            continue
        made = thrown.receiver.place
        yield RULE.finding(
            thrown.place,
            f"the {thrown.request} answers 500: the socket of an answer is used before `accept()` was called on it",
            labels=(Label(made, "it comes with what this answers"),) if made is not None else (),
            help="call `accept()` on the socket first",
        )
