"""A response that is spread into the init of another.

## What it does
Finds `{ ...response }` of a fetched response inside `new Response(…)`.

## Why it fails
Since 2022-01-31 `status`, `headers` and `webSocket` are getters of the prototype: a spread copies nothing.
The handshake is answered with an empty 200, and no log says so.

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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    return new Response(response.body, { ...response });
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
    const response = await env.MATCH.getByName("lobby").fetch(request);
    return new Response(response.body, response);
  },
};
```

## Not a finding when
- The compatibility date is before 2022-01-31, or `workers_api_getters_setters_on_instance` is set.
- What is spread is a plain object.

## Source
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/#use-accessors-on-prototype-for-builtin-api-objects
- workerd 1.20261117.1, run at both dates.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import ResponseValue
from wslint.worker import Worker

RULE = Rule(
    "WS402",
    "spread-upgrade-response",
    Severity.ERROR,
    causes=("H02",),
    languages=("javascript",),
    needs=("uses spread",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for use in worker.flow.uses if worker.flow else ():
        if use.action != "spread" or not isinstance(use.value, ResponseValue) or use.value.forward is None:
            continue
        if worker.flag_enabled("workers_api_getters_setters_on_prototype"):
            yield RULE.finding(
                use.span,
                "a spread copies nothing of a Response: the handshake answers an empty 200 without a socket",
                labels=(Label(use.value.span, "the response comes from here"),),
                help="pass the response itself: `new Response(response.body, response)`",
            )
