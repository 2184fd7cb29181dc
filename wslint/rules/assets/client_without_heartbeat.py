"""A client that never says that it is still there.

## What it does
Finds sockets that the project's own pages open to their own host, where neither the client has a timer nor the
Worker one, an alarm or an automatic answer.

## Why it fails
A connection on which nothing is sent for some minutes is dropped on its way, often without a word to either end: the
page believes that it is connected, and gets nothing. Browsers can't send the protocol's own ping.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
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
```html public/index.html
<!doctype html>
<title>match</title>
<script>
const socket = new WebSocket(`wss://${location.host}/ws`);
socket.addEventListener("message", (event) => {
  document.title = event.data;
});
socket.addEventListener("close", () => location.reload());
</script>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }
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
```html public/index.html
<!doctype html>
<title>match</title>
<script>
const socket = new WebSocket(`wss://${location.host}/ws`);
socket.addEventListener("message", (event) => {
  document.title = event.data;
});
setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("ping"), 30000);
socket.addEventListener("close", () => location.reload());
</script>
```

## Not a finding when
- The client's file has a timer, or speaks of pings or heartbeats; it uses a library for its sockets.
- The Worker has a timer, an alarm, or `setWebSocketAutoResponse`.
- The socket is handed to other code, or leads to another host.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/agents/issues/2242
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.assets._pages import mentions, own_sockets
from wslint.worker import Worker

RULE = Rule(
    "WS719",
    "client-without-heartbeat",
    Severity.INFO,
    causes=("S21",),
    languages=("javascript", "python", "rust"),
)

_TIMER = regex(rb"setInterval|setTimeout|requestAnimationFrame|heart_?beat|keep_?-?alive|\bping\b", re.I)
_SENDS_BY_ITSELF = regex(
    rb"setInterval|setTimeout|set_?alarm|WebSocketAutoResponse|websocket_auto_response|asyncio\.sleep|Delay::|heart_?beat",
    re.I,
)


def check(worker: Worker) -> Iterator[Outcome]:
    silent = [client for client, code in own_sockets(worker) if not mentions(_TIMER, code)]
    if (
        not silent
        or worker.source is None
        or any(_SENDS_BY_ITSELF.search(file.data) for file in worker.source.files)
    ):
        return
    for client in silent:
        yield RULE.finding(
            client.place,
            "after some minutes without a message this socket dies without a word to the page: nothing here or in "
            "the Worker sends by itself",
            help="send a short text every 30 seconds or so, and let `ctx.setWebSocketAutoResponse` answer it: "
            "that wakes no object",
        )
