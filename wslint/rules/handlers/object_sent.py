"""An object that is sent as it is.

## What it does
Finds `ws.send({…})`, `ws.send([…])`, and `ws.send(ws)`: a socket given to `send`.

## Why it fails
A socket sends texts and buffers. Anything else is turned into a text without an error: the client receives
`[object Object]`, an array becomes `1,2`. Python writes a dict as `{'a': 1}`, which `JSON.parse` refuses, and bytes as
the text `b'ab'`.

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
    ws.send({ type: "echo", message });
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
    ws.send(JSON.stringify({ type: "echo" }));
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
- The value is a text, a buffer, or unknown.
- Python: the value is a list or goes through `to_js`.

## Source
- https://developer.mozilla.org/docs/Web/API/WebSocket/send
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import message_laws
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS516",
    "object-sent",
    Severity.ERROR,
    causes=("P06",),
    languages=("javascript", "python"),
    gives_way_to=("WS506", "WS621"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for found in message_laws.unreadable(worker):
        yield RULE.finding(
            found.place,
            f"the client receives {found.got}: a socket sends texts and buffers only",
            help="send `json.dumps(…)`" if found.python else "send `JSON.stringify(…)`",
        )
