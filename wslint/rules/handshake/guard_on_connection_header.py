"""A handshake is told by a header that may be missing.

## What it does
Finds conditions on the request's `Connection` or `Sec-WebSocket-…` headers.

## Why it fails
`Connection` and `Sec-WebSocket-Key` describe one hop, from one machine to the next. A handshake that comes through
a stub or a service binding needs only `Upgrade`, and may have neither of the others: such a guard then refuses it.

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
    if (request.headers.get("Connection") !== "Upgrade") return new Response(null, { status: 426 });
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
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The header is only read, logged or passed on.
- `Sec-WebSocket-Protocol` is compared: it is the client's own, and travels on.

## Source
- https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Connection
- workerd 1.20261117.1, run: a stub's `fetch` with `Upgrade` alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import HeadersValue, Member, RequestValue
from wslint.worker import Worker

RULE = Rule(
    "WS440",
    "guard-on-connection-header",
    Severity.INFO,
    causes=("P10",),
    languages=("javascript", "python"),
)

_HOP_BY_HOP = {
    "connection": "Connection",
    "sec-websocket-key": "Sec-WebSocket-Key",
    "sec-websocket-version": "Sec-WebSocket-Version",
    "sec-websocket-extensions": "Sec-WebSocket-Extensions",
}


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[tuple[str, int]] = set()
    for use in worker.flow.uses if worker.flow else ():
        value = use.value
        if use.action != "condition" or not isinstance(value, Member) or value.name not in _HOP_BY_HOP:
            continue
        of = value.of.of if isinstance(value.of, HeadersValue) else None
        place = (use.span.file.name, use.span.start)
        if isinstance(of, RequestValue) and of.incoming and place not in seen:
            seen.add(place)
            yield RULE.finding(
                use.span,
                f"a handshake that comes through a stub or a service binding may have no "
                f"`{_HOP_BY_HOP[value.name]}`, and this condition then takes it for something else",
                help='test `request.headers.get("Upgrade") === "websocket"` alone',
            )
