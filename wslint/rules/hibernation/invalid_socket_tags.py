"""Tags that the runtime refuses.

## What it does
Finds a text instead of an array, more than ten different tags, and tags of more than 256 bytes, as the
second argument of `acceptWebSocket`.

## Why it fails
The call throws and the handshake answers 500. The limits hold for distinct tags, and for bytes rather than
characters.

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
    this.ctx.acceptWebSocket(server, "guest");
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
    this.ctx.acceptWebSocket(server, ["guest"]);
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
- The tags are not written out.
- The call stands in a `try`.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#acceptwebsocket
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ArrayValue, LiteralValue, TextValue, Value
from wslint.worker import Worker

RULE = Rule(
    "WS615",
    "invalid-socket-tags",
    Severity.ERROR,
    causes=("S15",),
    languages=("javascript", "rust"),
    needs=("uses hibernate",),
)

_MOST_TAGS, _MOST_BYTES = 10, 256


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[int] = set()
    for use in worker.flow.uses if worker.flow else ():
        if (
            use.action != "hibernate"
            or use.where.tried
            or len(use.arguments) < 2
            or len(use.arguments[1]) != 1
        ):
            continue
        problem = _problem(use.arguments[1][0])
        if problem is not None and id(use.nodes) not in seen:
            seen.add(id(use.nodes))
            yield RULE.finding(
                use.span,
                f"the handshake answers 500: {problem}",
                help="give an array of at most ten short texts",
            )


def _problem(value: Value) -> str | None:
    if isinstance(value, TextValue) or (isinstance(value, LiteralValue) and isinstance(value.value, str)):
        return "the tags of a socket are an array, not a text"
    if not isinstance(value, ArrayValue):
        return None
    tags = [item[0].value for item in value.items if len(item) == 1 and isinstance(item[0], LiteralValue)]
    texts: set[str] = set()
    for tag in tags:
        if len(texts) == _MOST_TAGS:
            return f"a socket has at most {_MOST_TAGS} different tags, and an eleventh is refused even if it is one of them"
        if isinstance(tag, str):
            texts.add(tag)
    if any(len(text.encode()) > _MOST_BYTES for text in texts):
        return f"a tag has at most {_MOST_BYTES} bytes"
    return None
