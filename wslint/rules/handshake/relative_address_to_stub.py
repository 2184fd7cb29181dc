"""A relative address in a stub's fetch.

## What it does
Finds `stub.fetch("/path")` and `stub.fetch(url.pathname)`.

## Why it fails
Since 2021-11-10 a stub takes whole addresses only: the call throws `TypeError: Invalid URL`, and the request answers
500. The host may be any name: nobody looks it up.

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
    return env.MATCH.getByName("lobby").fetch("/ws", request);
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
    return env.MATCH.getByName("lobby").fetch("https://match/ws", request);
  },
};
```

## Not a finding when
- The compatibility date is before 2021-11-10.

## Source
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/#durable-object-stubfetch-requires-a-full-url
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import handshake_laws
from wslint.rules import Outcome, Rule
from wslint.runtime import words
from wslint.worker import Worker

RULE = Rule(
    "WS418",
    "relative-address-to-stub",
    Severity.ERROR,
    causes=("F05",),
    languages=("javascript", "python"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not worker.flag_enabled("durable_object_fetch_requires_full_url"):
        return
    for thrown in handshake_laws.thrown(worker, words.invalid_url("/")):
        if thrown.receiver is None or thrown.receiver.kind != "DurableObject":
            continue
        yield RULE.finding(
            thrown.place,
            f"the {thrown.request} answers 500: `TypeError: Invalid URL`, because a stub takes whole addresses only",
            help='write a host, any host: `"https://match/ws"`',
        )
