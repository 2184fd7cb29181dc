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

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, ResponseValue
from wslint.worker import Worker

RULE = Rule("WS433", "unaccepted-upstream-socket", Severity.ERROR, causes=("F14",), languages=("javascript",))

_TAKEN_OVER = ("accept", "hibernate", "escape", "store", "return", "write")


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        socket = use.value
        if use.action != "send" or not isinstance(socket, ClientSocket) or socket.response is None:
            continue
        if use.certain and not use.where.tried and not _is_taken_over(worker, socket.response):
            yield RULE.finding(
                use.span,
                "this throws: the socket of a fetched response sends nothing before `accept()` "
                "was called on it",
                help="call `accept()` on the socket first",
            )


def _is_taken_over(worker: Worker, response: ResponseValue) -> bool:
    """Whether any code accepts a socket of this fetch, or may do so out of sight."""
    assert worker.flow is not None
    return any(use.action in _TAKEN_OVER and _is_of(use, response) for use in worker.flow.uses)


def _is_of(use: Use, response: ResponseValue) -> bool:
    value = use.value.response if isinstance(use.value, ClientSocket) else use.value
    if not isinstance(value, ResponseValue) or value.forward is None or response.forward is None:
        return False
    return value.forward.span == response.forward.span
