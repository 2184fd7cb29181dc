"""A response with a WebSocket and another status than 101.

## What it does
Finds `new Response(…)` with a `webSocket` whose `status` is missing or is not 101.

## Why it fails
The status defaults to 200, and the constructor throws `RangeError: Responses with a WebSocket must have status
code 101`: the handshake answers 500. Older advice to leave the status out no longer works.

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
    return new Response(null, { webSocket: client });
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
- The status is a variable, or comes with a spread.

## Source
- https://github.com/honojs/hono/issues/2883
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import ResponseParts, Use
from wslint.source.flow.values import End, Pair
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS405",
    "socket-without-status-101",
    Severity.ERROR,
    causes=("H06", "FW03"),
    languages=("javascript", "python"),
    fix="safe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        parts = use.response
        if (
            parts is None
            or not parts.socket
            or not parts.closed
            or parts.status in (101, "copied", "unknown")
        ):
            continue
        if not any(isinstance(socket, (End, Pair)) for socket in parts.socket):
            continue  # `webSocket: response.webSocket` may be null
        yield RULE.finding(
            parts.status_span or use.span,
            "the handshake answers 500: `RangeError: Responses with a WebSocket must have status code 101`",
            help="add `status: 101`",
            fix=_fix(use, parts),
        )


def _fix(use: Use, parts: ResponseParts) -> Fix | None:
    """Write 101 for another number, or a status where there is none."""
    file = use.span.file
    if parts.status_span is not None:
        in_place = parts.status_span.file is file and parts.status_span.text.isdigit()
        return Fix("write 101", "safe", (Edit(parts.status_span, "101"),)) if in_place else None
    if use.keywords:
        spot = Span(file, use.keywords[0].key_start, use.keywords[0].key_start)
        return Fix("add `status=101`", "safe", (Edit(spot, "status=101, "),))
    table = use.nodes[1] if len(use.nodes) > 1 else None
    if not isinstance(table, tree.Table) or file.path.suffix == ".py":
        return None
    spot = Span(file, table.start + 1, table.start + 1)
    return Fix("add `status: 101`", "safe", (Edit(spot, " status: 101,"),))
