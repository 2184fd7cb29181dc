"""A close reason in the place of the code.

## What it does
Finds `ws.close("bye", 1000)`, and `ws.close(reason, code)` with what `webSocketClose` gets.

## Why it fails
The code comes first. A text that is no number counts as 0, and the call throws `InvalidAccessError: Invalid WebSocket
close code: 0`: the socket stays open, or the client's close is not answered and it sees 1006.

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
    ws.close(reason, code === 1005 || code === 1006 ? 1000 : code);
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
- The text is a number, or what stands first is not known.
- The call stands in a `try`.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/#close
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ClientSocket, End, HandlerSocket, LiteralValue, Message, Value
from wslint.worker import Worker

RULE = Rule(
    "WS530",
    "swapped-close-arguments",
    Severity.ERROR,
    causes=("L12",),
    languages=("javascript",),
    needs=("javascript",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "close" or use.where.tried or not use.certain or not use.arguments:
            continue
        first = use.arguments[0]
        if (
            isinstance(use.value, (End, HandlerSocket, ClientSocket))
            and len(first) == 1
            and _is_text(first[0])
        ):
            yield RULE.finding(
                use.span,
                "this throws `InvalidAccessError: Invalid WebSocket close code: 0`, so it closes nothing: the code "
                "comes first, then the reason",
                help='write `close(1000, "…")`'
                if isinstance(first[0], LiteralValue)
                else "write `close(code, reason)`",
            )


def _is_text(value: Value) -> bool:
    """Whether a value is a close reason, or a text that is no number."""
    if isinstance(value, Message):
        return value.part == "reason"
    if not isinstance(value, LiteralValue) or not isinstance(value.value, str):
        return False
    return not any(character.isdigit() for character in value.value)
