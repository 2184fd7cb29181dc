"""One object under two spellings.

## What it does
Finds names of one namespace that differ only in upper case, spaces or punctuation: `getByName("Lobby")`
here, `getByName("lobby")` there.

## Why it fails
Names are compared byte by byte, so these are two objects: what one route sends does not reach the sockets
that another route connected, and nothing fails.

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
    if (request.method === "POST") return new Response(`${this.ctx.getWebSockets().length} players`);
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
    if (request.method === "POST") return env.MATCH.getByName("Lobby").fetch(request);
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
    if (request.method === "POST") return new Response(`${this.ctx.getWebSockets().length} players`);
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
    if (request.method === "POST") return env.MATCH.getByName("lobby").fetch(request);
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- The names differ in their letters or digits.
- They belong to different namespaces.

## Source
- https://developers.cloudflare.com/durable-objects/api/namespace/#idfromname
- https://github.com/cloudflare/agents/issues/69
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import LiteralValue
from wslint.upgrade import target_of
from wslint.worker import Worker

RULE = Rule(
    "WS611",
    "differing-object-names",
    Severity.WARNING,
    causes=("S11",),
    languages=("javascript", "python", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    first: dict[tuple[str, str], tuple[str, Use]] = {}
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "identify" or use.name not in ("idFromName", "getByName") or not use.arguments:
            continue
        target = target_of(worker, use.value)
        given = use.arguments[0]
        if (
            target is None
            or len(given) != 1
            or not isinstance(given[0], LiteralValue)
            or not isinstance(given[0].value, str)
        ):
            continue
        name = given[0].value
        plain = "-".join(re.findall(r"[^\W_]+", name.lower()))
        known, other = first.setdefault((target.class_name, plain), (name, use))
        if known != name and plain:
            yield RULE.finding(
                use.span,
                f"`{name}` is another object than `{known}`: what one sends does not reach the "
                "other's sockets",
                labels=(Label(other.span, f"`{known}` is named here"),),
                help="use one spelling, from one constant",
            )
