"""A key of a 101 response that is nearly `webSocket`.

## What it does
Finds `websocket`, `socket`, `ws` and their like in the init of a response with status 101.

## Why it fails
The runtime ignores keys that it does not know, so the response has no socket: the handshake answers 500 with
`RangeError: Responses may only be constructed with status codes in the range 200 to 599`, and nothing names the
key. Python's SDK refuses a wrong keyword with a TypeError.

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
    return new Response(null, { status: 101, websocket: client });
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
- `webSocket` (Python's SDK: `web_socket`) stands there too.
- The status is not 101.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- https://github.com/cloudflare/workerd/pull/5524
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.play import handshake_laws
from wslint.play.handshake_laws import Thrown
from wslint.rules import Outcome, Rule
from wslint.rules.mends import node_at
from wslint.runtime import response, words
from wslint.source import tree
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS404",
    "misspelt-socket-key",
    Severity.ERROR,
    causes=("H05", "PY01"),
    languages=("javascript", "python"),
    fix="safe",
)


_MEANT = frozenset(
    {"websocket", "web_socket", "WebSocket", "websockets", "webSockets", "web_sockets", "socket", "ws"}
)


def check(worker: Worker) -> Iterator[Outcome]:
    for thrown in handshake_laws.thrown(worker, words.RANGE):
        key = misspelt(worker, thrown) if thrown.request == "handshake" else None
        if key is not None:
            yield RULE.finding(
                key,
                f"the handshake answers 500: a response knows no `{key.text}`, the key is `webSocket`",
                fix=Fix("write `webSocket`", "safe", (Edit(key, "webSocket"),))
                if key.text.isidentifier()
                else None,
            )


def misspelt(worker: Worker, thrown: Thrown) -> Span | None:
    """The key of a refused init that was meant for the socket."""
    init = thrown.receiver
    if init is None or init.place is None or response.given(init, "status") != response.SWITCHING:
        return None
    table = node_at(worker, init.place, tree.Table)
    for entry in table.entries if table is not None else ():
        if entry.key in _MEANT:
            return Span(init.place.file, entry.key_start, entry.key_end)
    return None
