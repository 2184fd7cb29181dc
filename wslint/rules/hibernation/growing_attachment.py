"""An attachment that grows with every message.

## What it does
Plays the same message again and again, and finds attachments that get longer each time with nothing that keeps
them short.

## Why it fails
An attachment holds 16,384 bytes. Beyond that `serializeAttachment` throws, and messages are answered no more.

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
    server.serializeAttachment({ lines: [] });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const held = ws.deserializeAttachment();
    held.lines.push(message);
    ws.serializeAttachment(held);
    ws.send(`${held.lines.length} lines`);
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
    server.serializeAttachment({ lines: [] });
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    const held = ws.deserializeAttachment();
    held.lines = [...held.lines, String(message).slice(0, 40)].slice(-20);
    ws.serializeAttachment(held);
    ws.send(`${held.lines.length} lines`);
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
- What is kept has a bound (`slice(-20)`, `shift()`, `deque(maxlen=20)`).
- What it throws is caught, and something else is attached then.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import laws
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS663",
    "growing-attachment",
    Severity.WARNING,
    causes=("S05",),
    languages=("javascript", "rust", "python"),
    gives_way_to=("WS5", "WS6", "WS8", "WS9"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for life in worker.lives:
        for growth in laws.growing(life):
            if _is_tried(worker, growth.place):
                continue
            yield RULE.finding(
                growth.place.head(),
                "the attachment grows with every message: beyond 16384 bytes this throws, and messages are answered no "
                "more",
                help="keep the last few, or put it into storage",
                within=growth.within,
            )


def _is_tried(worker: Worker, place: Span) -> bool:
    """Whether what it throws is caught, and something else is attached instead."""
    uses = [use for use in worker.flow.uses if use.action == "attach"] if worker.flow is not None else []
    return any(
        use.where.tried
        and use.span.file is place.file
        and use.span.start <= place.end
        and place.start <= use.span.end
        and any(
            other.where.function is use.where.function and other.span.start > use.span.end for other in uses
        )
        for use in uses
    )
