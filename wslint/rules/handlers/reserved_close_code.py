"""A close code that is sent back as it came.

## What it does
Finds `ws.close(code, …)` in `webSocketClose` with the handler's own code, unchecked and outside a `try`.

## Why it fails
A browser's `close()` without arguments arrives as 1005, a lost connection as 1006. Neither may be sent:
`InvalidAccessError: Invalid WebSocket close code: 1005`. The handler ends there, the close is not answered, and the
client reports 1006 seconds later.

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
    ws.close(code, reason);
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
- The code is compared with something first, or `wasClean` is tested.
- The call stands in a `try`.

## Source
- https://github.com/cloudflare/partykit/pull/393
- https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
- workerd 1.20261117.1, run; the example in Cloudflare's documentation has this form.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.mends import sendable_code
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import HandlerSocket, Message, Value
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS508",
    "reserved-close-code",
    Severity.WARNING,
    causes=("L10", "RS17"),
    languages=("javascript", "python", "rust"),
    fix="safe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "close" or use.where.tried or use.where.holds("code-checked") or not use.arguments:
            continue
        if (
            isinstance(use.value, HandlerSocket)
            and [value for value in use.arguments[0] if _is_code(value)] == [*use.arguments[0]] != []
        ):
            yield RULE.finding(
                use.span,
                "when a client closes without a code, or is lost, this throws `InvalidAccessError: Invalid WebSocket close code: "
                "1005` (or 1006) and the close is never answered",
                help="send 1000 in place of 1005, 1006 and 1015",
                fix=_fix(use),
            )


def _fix(use: Use) -> Fix | None:
    code = use.nodes[0] if use.nodes else None
    if not isinstance(code, tree.Name):
        return None
    text = sendable_code(code.name, use.span.file.path.suffix)
    return (
        Fix("send 1000 in their place", "safe", (Edit(Span(use.span.file, code.start, code.end), text),))
        if text
        else None
    )


def _is_code(value: Value) -> bool:
    return isinstance(value, Message) and value.part == "code"
