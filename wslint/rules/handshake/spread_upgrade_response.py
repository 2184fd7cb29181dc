"""A response that is spread into the init of another.

## What it does
Finds `{ ...response }` of a forwarded handshake's response inside `new Response(…)`.

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
- What is spread is a plain object, or `webSocket` stands beside the spread.
- The response is not one of a handshake: it comes from another server, or from a class that opens no socket.

## Source
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/#use-accessors-on-prototype-for-builtin-api-objects
- workerd 1.20261117.1, run at both dates.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ResponseParts
from wslint.upgrade import forwarded_upgrade, reaches_upgrade
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
    if worker.flow is None or not worker.flag_enabled("workers_api_getters_setters_on_prototype"):
        return
    spreads = {
        id(use.value): use for use in worker.flow.uses if use.action == "spread" and use.value is not None
    }
    for use in worker.flow.uses:
        parts = use.response
        spread = spreads.get(id(parts.copied_from)) if parts is not None else None
        if parts is None or spread is None or parts.copied_from is None or parts.socket is not None:
            continue
        if forwarded_upgrade(worker, spread.value) == "yes" and reaches_upgrade(use, spread.value):
            yield RULE.finding(
                spread.span,
                f"a spread copies nothing of a Response: the handshake answers {_answer(parts)}",
                labels=(Label(parts.copied_from.span, "the Durable Object's 101 comes from here"),),
                help="pass the response itself: `new Response(response.body, response)`",
            )


def _answer(parts: ResponseParts) -> str:
    if parts.status in (101, "copied"):
        return "500, as a 101 needs a `webSocket`"
    return "an empty 200 without a socket" if parts.status == "absent" else "without a socket"
