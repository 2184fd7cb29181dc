"""A method that only Node sockets have.

## What it does
Finds `on`, `once`, `ping`, `terminate` and their kin called on a socket of the Workers runtime.

## Why it fails
Workers sockets are those of the Web: `server.on is not a function`. In `fetch` the handshake answers 500,
in a handler the rest does not run.

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
    server.accept();
    server.on("message", (text) => server.send(text));
    return new Response(null, { status: 101, webSocket: client });
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
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The socket comes from the `ws` package.
- The call is optional: `ws.ping?.()`, or stands in a `try`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ClientSocket, End, HandlerSocket
from wslint.worker import Worker

RULE = Rule("WS514", "node-websocket-api", Severity.ERROR, causes=("L18",), languages=("javascript",))

_INSTEAD = {
    "on": "addEventListener",
    "once": "addEventListener",
    "addListener": "addEventListener",
    "off": "removeEventListener",
    "removeListener": "removeEventListener",
    "removeAllListeners": "removeEventListener",
    "terminate": "close",
    "ping": "a message of your own, or `setWebSocketAutoResponse`",
    "pong": "a message of your own, or `setWebSocketAutoResponse`",
}


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "call" or use.name not in _INSTEAD or use.where.tried or not use.certain:
            continue
        known = isinstance(use.value, (End, ClientSocket)) or (
            isinstance(use.value, HandlerSocket) and use.value.origin == "parameter"
        )
        if not known or "?." in use.span.text or use.where.holds("checked", use.value):
            continue
        socket = use.span.text.split(".")[0].strip()
        shown = f"{socket}.{use.name}" if socket.isidentifier() else use.name
        instead = _INSTEAD[use.name]
        yield RULE.finding(
            use.span,
            f"this throws `{shown} is not a function`: sockets of the Workers runtime have no `{use.name}`",
            help=f"use {instead}" if "`" in instead else f"use `{instead}`",
        )
