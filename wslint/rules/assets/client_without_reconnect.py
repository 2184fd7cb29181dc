"""A client that never connects again.

## What it does
Finds sockets that the project's own pages open to their own host, in files that look neither for their close nor for
an error.

## Why it fails
Each deploy of the Worker, and each move of an object to another machine, ends all its sockets: the client gets 1006
and the page shows old news until somebody reloads it.

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
setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("ping"), 30000);
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
socket.addEventListener("close", () => setTimeout(() => location.reload(), 1000 + Math.random() * 4000));
</script>
```

## Not a finding when
- The file mentions the close or an error of the socket, or a reconnect; it uses a library for its sockets.
- The socket is handed to other code, or leads to another host.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- https://github.com/cloudflare/cloudflare-docs/pull/32975
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
    "WS720",
    "client-without-reconnect",
    Severity.INFO,
    causes=("S22",),
    languages=("javascript", "python", "rust"),
)

_LOOKS = regex(
    rb"""on_?(?:close|error)\b|["'`](?:close|error)["'`]|re-?connect|retry|backoff|wasClean""", re.I
)


def check(worker: Worker) -> Iterator[Outcome]:
    for client, code in own_sockets(worker):
        if not mentions(_LOOKS, code):
            yield RULE.finding(
                client.place,
                "at the next deploy this socket closes with 1006 and stays closed: nothing here connects again",
                help="listen for `close`, connect again after a growing, random delay, and ask for the state anew",
            )
