"""Swapped parameters of fetch.

## What it does
Finds a Worker's `fetch(env, request)`.

## Why it fails
The runtime calls `fetch` with the request first and `env` second, whatever the parameters are called. Under
swapped names `env.MATCH` is undefined: `Cannot read properties of undefined`, and every request answers 500.

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
  async fetch(env, request) {
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
- A function of the project's own that the handler calls; its order is its own business.

## Source
- https://developers.cloudflare.com/workers/runtime-apis/handlers/fetch/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.upgrade import swapped_entries
from wslint.worker import Worker

RULE = Rule("WS423", "swapped-handler-parameters", Severity.ERROR, causes=("F12",), languages=("javascript",))


def check(worker: Worker) -> Iterator[Outcome]:
    seen: set[tuple[object, int]] = set()
    for place, _, name in swapped_entries(worker):
        if (place.file.path, place.start) not in seen:
            seen.add((place.file.path, place.start))
            yield RULE.finding(
                place,
                "every request answers 500: the runtime passes the request first, so `env` is "
                f"the request and `{name}` is `env`",
                help=f"write `fetch({name}, env, ctx)`",
            )
