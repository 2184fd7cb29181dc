"""A client socket used as a server's.

## What it does
Finds `accept()` on a socket of `new WebSocket(…)`, and such a socket as `webSocket` of a response.

## Why it fails
A socket that the constructor made is open or opening already: `accept()` on it throws. And the runtime does
not send it in a 101: the client's connection breaks with 1006 right after the handshake.

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
    const upstream = new WebSocket("wss://feed.example.com/live");
    upstream.accept();
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
    const upstream = new WebSocket("wss://feed.example.com/live");
    upstream.addEventListener("message", (event) => server.send(event.data));
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
- The socket came from a `fetch` with an Upgrade header, which does need `accept()`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ClientSocket
from wslint.worker import Worker

RULE = Rule("WS431", "misused-client-socket", Severity.ERROR, causes=("F16",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if _is_client(use.value) and use.action == "accept" and use.certain and not use.where.tried:
            yield RULE.finding(
                use.span, "this throws: a socket of `new WebSocket` can't be accepted", help="remove the call"
            )
        parts = use.response
        if (
            use.action == "respond"
            and parts is not None
            and parts.socket
            and all(map(_is_client, parts.socket))
        ):
            yield RULE.finding(
                use.span,
                "the connection breaks right after the handshake: a socket of `new WebSocket` "
                "can't be sent in a response",
                help=(
                    "return an end of a `WebSocketPair`, or the response of a `fetch` with `Upgrade: "
                    "websocket`"
                ),
            )


def _is_client(value: object) -> bool:
    return isinstance(value, ClientSocket) and value.made_by == "constructor"
