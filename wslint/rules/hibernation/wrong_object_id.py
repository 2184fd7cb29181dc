"""An id that is no Durable Object id.

## What it does
Finds `get("name")`, `get(id.toString())` and `idFromString("name")` on a Durable Object namespace.

## Why it fails
`get` takes an id object and `idFromString` 64 hexadecimal digits: anything else throws, and the request answers 500.

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
    return env.MATCH.get("lobby").fetch(request);
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
- The text comes from `id.toString()` and goes to `idFromString`.
- The binding is no Durable Object: `env.KV.get("key")`.

## Source
- https://developers.cloudflare.com/durable-objects/api/namespace/
- workerd 1.20261117.1, run: `parameter 1 is not of type 'DurableObjectId'`, `Invalid Durable Object ID: must be 64 hex digits`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import LiteralValue, TextValue
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule(
    "WS613", "wrong-object-id", Severity.ERROR, causes=("S13",), languages=("javascript", "python", "rust")
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "identify" or len(use.arguments) < 1 or len(use.arguments[0]) != 1:
            continue
        if target_of(worker, use.value) is None or use.where.tried:
            continue
        value = use.arguments[0][0]
        text = value.value if isinstance(value, LiteralValue) and isinstance(value.value, str) else None
        if use.name == "get" and (text is not None or isinstance(value, TextValue)):
            yield RULE.finding(
                use.span,
                "the request answers 500: `get` takes an id object, not a name",
                help="write `getByName(…)`, or `get(idFromName(…))`",
            )
        elif use.name == "idFromString" and text is not None and not _is_hex(text):
            yield RULE.finding(
                use.span,
                "the request answers 500: `Invalid Durable Object ID: must be 64 hex digits`",
                help="write `idFromName(…)` for a name",
            )


def _is_hex(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdefABCDEF" for character in text)
