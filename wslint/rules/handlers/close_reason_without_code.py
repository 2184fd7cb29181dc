"""A close reason that the runtime refuses.

## What it does
Finds `close` with a reason and `undefined` as its code, and, at a compatibility date from 2026-03-03,
reasons of more than 123 bytes: long texts and `error.stack`.

## Why it fails
The call throws, so the socket stays open: `If you specify a WebSocket close reason, you must also specify a
code`, or a SyntaxError for the length.

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
    ws.close(undefined, "bye");
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
    ws.close(1000, "bye");
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
- The reason's length is not known.
- The call stands in a `try`.
- `no_websocket_close_reason_byte_limit` is listed (for long reasons).

## Source
- https://developers.cloudflare.com/workers/runtime-apis/websockets/#close
- https://www.rfc-editor.org/rfc/rfc6455#section-5.5
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import ClientSocket, End, HandlerSocket, LiteralValue
from wslint.worker import Worker

RULE = Rule("WS510", "close-reason-without-code", Severity.ERROR, causes=("L12",), languages=("javascript",))

_MOST_BYTES = 123


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "close" or use.where.tried or len(use.arguments) < 2 or len(use.nodes) < 2:
            continue
        if not isinstance(use.value, (End, HandlerSocket, ClientSocket)):
            continue
        code = use.arguments[0]
        if len(code) == 1 and isinstance(code[0], LiteralValue) and code[0].is_undefined and _text(use):
            yield RULE.finding(
                use.span,
                "this call throws `If you specify a WebSocket close reason, you must also specify a "
                "code`, so the socket stays open",
                help='give a code: `close(1000, "…")`',
            )
        elif _is_long(use) and worker.flag_enabled("websocket_close_reason_byte_limit") is True:
            yield RULE.finding(
                use.span,
                "this call throws a SyntaxError, so the socket stays open: a close reason has at "
                f"most {_MOST_BYTES} bytes",
                help="shorten the reason, and log the rest",
            )


def _text(use: Use) -> str:
    """The reason, where it is written out."""
    reason = use.arguments[1]
    value = reason[0].value if len(reason) == 1 and isinstance(reason[0], LiteralValue) else ""
    return value if isinstance(value, str) else ""


def _is_long(use: Use) -> bool:
    """A long text, or the stack of an error, which is longer than that whenever it is one."""
    node = use.nodes[1]
    return len(_text(use).encode()) > _MOST_BYTES or (isinstance(node, tree.Member) and node.name == "stack")
